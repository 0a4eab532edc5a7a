"""Transfer: everything that stands in a zone at a primary, by a signed AXFR (RFC 5936)."""

from __future__ import annotations

import dns.exception
import dns.name
import dns.query
import dns.rdatatype
import dns.tsig

from ringfence.core.errors import OutsideError
from ringfence.enforce.primary.held import Held, held
from ringfence.enforce.primary.key import Key
from ringfence.enforce.primary.place import Place

IDLE = 30.0  # seconds between two messages of a transfer
MAX_UNSIGNED = 99  # messages between two signatures (RFC 8945 §5.3.1)
_HINT = "allow this key to transfer the zone, and look into the server's log"


def transfer(place: Place, key: Key) -> dict[str, Held]:
    """What stands at each rule of the zone (``name`` or ``*.name``), its apex left out.

    Raises `OutsideError` where the transfer is refused, unsigned or cut short.
    """
    apex = dns.name.from_text(place.zone)
    cut = len(apex.labels)
    found: dict[str, list[str]] = {}
    unsigned = MAX_UNSIGNED  # the first message must be signed
    try:
        for message in dns.query.xfr(
            place.address, apex, port=place.port, keyring={key.name: key.tsig}, keyname=key.name,
            keyalgorithm=key.tsig.algorithm, relativize=False, timeout=IDLE,
        ):  # fmt: skip
            # dnspython checks those that are there and asks for one at the end, but for none between.
            unsigned = 0 if message.had_tsig else unsigned + 1
            if unsigned > MAX_UNSIGNED:
                raise OutsideError(f"the primary of {place} sends a transfer without signatures", hint=_HINT)
            for rrset in message.answer:
                labels = rrset.name.labels
                if len(labels) > cut:
                    rule = b".".join(labels[:-cut]).decode("ascii", "backslashreplace").lower()
                    found.setdefault(rule, []).extend(held([rrset]))
    except (dns.query.TransferError, dns.tsig.PeerError, dns.tsig.BadSignature) as error:
        raise OutsideError(f"the primary of {place} refuses a transfer: {error}", hint=_HINT) from error
    except (dns.exception.DNSException, EOFError, OSError, ValueError) as error:
        what = str(error) or type(error).__name__
        raise OutsideError(f"a transfer of {place} broke off: {what}", hint=_HINT) from error
    return {rule: tuple(sorted(texts)) for rule, texts in found.items()}
