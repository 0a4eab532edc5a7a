"""Statements of reasons: for an authority's order, for a platform's own decision, and in plain language."""
