"""Reading a candidate rule: a name, a wildcard, an address, or something that is none of them."""

from __future__ import annotations

import ipaddress
import re
import unicodedata

import idna
import msgspec

Address = ipaddress.IPv4Network | ipaddress.IPv6Network

_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)", re.ASCII)
# A last label of digits (also 0x…) is read as an IPv4 address by browsers (WHATWG URL §4.3).
_NUMERIC = re.compile(r"(0x[0-9a-f]*|[0-9]+)", re.ASCII)
MAX_OCTETS = 255  # RFC 1035 §3.1, on the wire


class Rule(msgspec.Struct, frozen=True):
    """``name`` in A-labels if the text is a name; ``network`` if it is an address; else ``problem``."""

    name: str = ""
    wildcard: bool = False
    network: Address | None = None
    problem: str = ""


def read_rule(text: str) -> Rule:
    """Read one rule as it stands in a list. Never raises: what cannot be read has a ``problem``."""
    rule = text.strip()
    network = _network(rule)
    if network is not None:
        return Rule(network=network)
    if any(sign in rule for sign in "/:?#@[]") or rule.startswith("|"):
        return Rule(problem="syntax.url")
    wildcard = rule.startswith("*.")
    name = rule[2:] if wildcard else rule
    if name.endswith(".") and len(name) > 1:
        name = name[:-1]
    if "*" in name or rule == "*.":
        return Rule(problem="syntax.wildcard")
    name = _a_labels(name)
    labels = name.split(".")
    if not name or not all(_LABEL.fullmatch(label) for label in labels):
        return Rule(problem="syntax.name")
    if _NUMERIC.fullmatch(labels[-1]):
        return Rule(problem="syntax.numeric")
    # Service labels (_dmarc, _acme-challenge) carry no pages; blocking them breaks mail and certificates.
    if any(label.startswith("_") for label in labels) or "_" in labels[-1]:
        return Rule(problem="syntax.service_label")
    if not all(_decodes(label) for label in labels):
        return Rule(problem="syntax.punycode")
    if wire_octets(name) > MAX_OCTETS:
        return Rule(problem="syntax.too_long")
    return Rule(name=name, wildcard=wildcard)


def wire_octets(name: str) -> int:
    """The length of an absolute name on the wire: a length octet a label and the root."""
    return len(name) + 2


def parents(name: str) -> list[str]:
    """The name and all names above it, longest first."""
    labels = name.split(".")
    return [".".join(labels[at:]) for at in range(len(labels))]


def _network(rule: str) -> Address | None:
    try:
        return ipaddress.ip_network(rule.strip("[]"), strict=False)
    except ValueError:
        return None


def _a_labels(name: str) -> str:
    if name.isascii():
        return name.lower()
    try:
        return idna.encode(name, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return ""


def _decodes(label: str) -> bool:
    if not label.startswith("xn--"):
        return True
    try:
        decoded = label[4:].encode("ascii").decode("punycode")
        # A label that is plain ASCII after all, decodes to another spelling, or hides a control
        # character or a space is a disguise.
        hidden = any(unicodedata.category(sign)[0] in "CZ" for sign in decoded)
        same = "xn--" + decoded.encode("punycode").decode("ascii") == label
        return same and not hidden and not decoded.isascii()
    except (UnicodeError, ValueError, OverflowError):
        return False
