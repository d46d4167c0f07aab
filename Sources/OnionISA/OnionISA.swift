// The OnionISA target.
