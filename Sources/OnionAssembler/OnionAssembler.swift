// The OnionAssembler target.
