"""Enforcement targets: each one file with `render` and `parse`."""
