"""Figures for the documentation: measured here, printed as Markdown, never asserted in a timed test."""
