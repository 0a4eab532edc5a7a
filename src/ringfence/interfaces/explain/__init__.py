"""Explain: why a name is blocked, as a resolver shows it and as the orders have it."""
