// Tests of OnionAssembler.
