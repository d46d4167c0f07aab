// Tests of OnionISA.
