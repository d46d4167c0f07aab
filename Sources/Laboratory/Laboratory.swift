// The Laboratory target.
