"""A constant-product market of our own, for trials in a private machine."""
