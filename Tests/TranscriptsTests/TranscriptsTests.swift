// Tests of Transcripts.
