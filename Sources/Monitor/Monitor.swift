// The Monitor target.
