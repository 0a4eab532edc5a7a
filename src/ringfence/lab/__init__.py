"""A small country on loopback: DNS, TLS, HTTP and interference, for the demo and the tests."""
