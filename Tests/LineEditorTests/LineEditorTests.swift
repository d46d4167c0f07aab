// Tests of LineEditor.
