// The Onion target.
