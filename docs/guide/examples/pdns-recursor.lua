-- Zones are tried in this order and the first match wins: put exemptions of your own first.
rpzPrimary("192.0.2.53:53", "rpz.ringfence", {
    -- The Recursor takes no NOTIFY for policy zones: it asks for the serial every second instead.
    refresh = 1,
    tsigname = "resolver",
    tsigalgo = "hmac-sha256",
    tsigsecret = "cmVzb2x2ZXItZXhhbXBsZS1yZXBsYWNlLW1lLTAwMDE=",
    -- RFC 8914: 16 is Censored, by order of somebody else; 15 would say that the operator wished it.
    extendedErrorCode = 16,
    extendedErrorExtra = "Blocked by order. Ask for this name's TXT record to see the reference.",
    -- Room for this many names from the beginning.
    zoneSizeHint = 1000000,
    -- A copy for a restart while the primary is away.
    seedFile = "/var/lib/pdns-recursor/rpz.zone",
    dumpFile = "/var/lib/pdns-recursor/rpz.zone"
})
