"""The block page: what a visitor of a blocked name is told (RFC 7725), by a server that learns nothing."""
