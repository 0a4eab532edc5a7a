"""The way through, as one readable module."""
