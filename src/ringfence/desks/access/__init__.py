"""Reachability: DNS, TCP, TLS and HTTP as separate steps, from a named vantage."""
