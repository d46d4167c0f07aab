// The reference interpreter.
