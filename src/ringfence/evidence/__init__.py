"""What was seen, provably: observations, blobs, captures and the log."""
