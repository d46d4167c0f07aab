// The Lessons target.
