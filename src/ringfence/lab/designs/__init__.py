"""Designs of invented sites, in two folders that were written separately: development and reporting."""
