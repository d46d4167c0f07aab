// The LineEditor target.
