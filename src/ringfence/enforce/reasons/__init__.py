"""Reasons: which order stands behind a blocked name, from the store or from a verified feed."""
