"""A real primary name server, fed by signed updates (RFC 2136, 8945); what it confirms is recorded."""
