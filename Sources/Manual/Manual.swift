// The Manual target.
