"""Address: the e-mail address in what somebody wrote as a recipient, where there is one. Pure."""

from __future__ import annotations

import re

# What a mail server takes without extensions (RFC 5321, 4.1.2), quoted local parts apart: nothing in it
# can break out of a header or of a command.
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = rf"(?P<address>(?P<local>{_ATOM}(?:\.{_ATOM})*)@{_LABEL}(?:\.{_LABEL})+)"
_ALONE = re.compile(_ADDRESS)
_NAMED = re.compile(rf"(?P<name>[^<>]*?)\s*<{_ADDRESS}>")
_LOCAL, _WHOLE = 64, 254  # octets, RFC 5321, 4.5.3.1


def mail_address(recipient: str) -> str | None:
    """The address of ``Name <mail@host>`` or ``mail@host``; None where it is written in no such way."""
    found = _NAMED.fullmatch(recipient.strip()) or _ALONE.fullmatch(recipient.strip())
    if found is None or len(found["local"]) > _LOCAL or len(found["address"]) > _WHOLE:
        return None
    return found["address"]


def display_name(recipient: str) -> str:
    """The name before the address, without signs that steer a reader's screen; empty where none."""
    found = _NAMED.fullmatch(recipient.strip())
    return "".join(sign for sign in found["name"] if sign.isprintable()).strip(' "') if found else ""
