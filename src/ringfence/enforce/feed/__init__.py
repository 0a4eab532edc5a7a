"""The signed feed: block lists as JSON lines under a signed head, with deltas (decision record 0011)."""
