// Tests of Onion.
