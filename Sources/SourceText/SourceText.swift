// The SourceText target.
