"""How questions reach a resolver: datagrams, streams (TCP, DoT), HTTPS (DoH)."""
