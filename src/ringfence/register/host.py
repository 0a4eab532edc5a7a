"""Host names as people write them, and the one form in which Ringfence compares them.

The canonical form is the A-label host: lower case, IDNA 2008 after the UTS 46 mapping, no
trailing dot, no port, path or userinfo. Everything that could be read as an address, or that
no public resolver answers, is refused: a block list must never hold it.
"""

from __future__ import annotations

import ipaddress
import re

import idna

from ringfence.core.errors import InputError

MAX_TEXT = 8192  # a URL longer than this is no longer "as people write it"
MAX_HOST = 253  # octets, RFC 1035 §2.3.4 without the root
MAX_LABEL = 63

# Names that public DNS never answers for a site (RFC 6761, 6762, 7686, 8375, 9476; ICANN's
# `internal`). `test` and `example` are reserved too, but invented sites are documented and
# laboratories are run under them, and nobody outside can be hit by a rule on them.
SPECIAL_USE = frozenset({"localhost", "local", "onion", "invalid", "internal", "alt", "arpa"})

_SCHEMES = frozenset({"http", "https", "ws", "wss", "hxxp", "hxxps"})
_LDH = re.compile(r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):[/\\]{2}")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")


def canonical_host(text: str) -> str:
    """The canonical host of a host name or URL, such as ``xn--bcher-kva.example``.

    Surrounding white space, scheme, userinfo, port, path and a trailing dot are removed;
    ``[.]`` and ``hxxp`` (defanged forms) are read as meant. Raises `InputError` with a hint for
    addresses in any notation, e-mail addresses, single labels, special-use names, names over
    253 octets, labels over 63, invalid A-labels and characters that no host name may hold.
    The work is bounded: nothing longer than a host name may be is ever decoded.
    """
    written = text.strip(" \t\r\n")
    if not written:
        raise InputError("an empty host name", hint="write a host such as exchange.example")
    if len(written) > MAX_TEXT:
        raise InputError(f"a host or URL of {len(written)} characters", hint="no URL is that long")
    host = _authority(written)
    if len(host) > MAX_HOST + 1:
        raise _bad(host, f"a host name of {len(host)} characters", "a host name has at most 253")
    # A soft hyphen or a joiner is not printable either, but UTS 46 has a rule for each.
    if any(letter.isspace() or ord(letter) < 0x20 or 0x7F <= ord(letter) < 0xA0 for letter in host):
        raise _bad(host, "a host name with a space or control character", "write one host per cell")
    try:
        mapped = idna.uts46_remap(host, std3_rules=False, transitional=False)
    except idna.IDNAError as error:
        raise _bad(host, f"not a host name: {error}", "check for stray or invisible characters") from error
    mapped = mapped.removesuffix(".")
    labels = mapped.split(".")
    if _NUMBER.fullmatch(labels[-1]) or _is_address(mapped):
        raise _bad(
            host, "an IP address, not a host name", "register the name; addresses are shared by many sites"
        )
    name = ".".join(_label(label, host) for label in labels)
    if len(name) > MAX_HOST:
        raise _bad(host, f"a host name of {len(name)} octets", "a host name has at most 253 octets")
    if len(labels) < 2:
        raise _bad(host, "a single label, not a public host name", "write the whole name")
    special = special_use(name)
    if special:
        raise _bad(host, f"a special-use name (.{special})", "no public resolver answers for it (RFC 6761)")
    return name


def site_host(host: str) -> str:
    """A canonical host without one leading ``www.``: the name by which a site is one subject."""
    rest = host.removeprefix("www.")
    return rest if "." in rest else host


def special_use(host: str) -> str | None:
    """The special-use top label of a canonical host, or None."""
    top = host.rpartition(".")[2]
    return top if top in SPECIAL_USE else None


def to_unicode(host: str) -> str:
    """A canonical host for a reader's eye (U-labels); the A-label stays where it cannot be decoded."""
    return ".".join(_unicode_label(label) for label in host.split("."))


def _authority(text: str) -> str:
    scheme = _SCHEME.match(text)
    rest = text
    if scheme:
        if scheme[1].lower() not in _SCHEMES:
            raise InputError(
                f"not a web address: {_shown(text)}", hint="write http:// or https://, or the host alone"
            )
        rest = text[scheme.end() :]
    elif text.startswith("//"):
        rest = text[2:]
    # Browsers end the authority at a backslash as well (WHATWG URL), so that
    # https://good.example\@bad.example names good.example.
    rest = re.split(r"[/\\?#]", rest, maxsplit=1)[0].replace("[.]", ".")
    userinfo, at, host = rest.rpartition("@")
    if at and not scheme and userinfo.partition(":")[0].lower() in {userinfo.lower(), "mailto"}:
        raise InputError(
            f"an e-mail address, not a host: {_shown(text)}",
            hint="its mail provider is not the site: write the site's own host",
        )
    if host.startswith("[") or host.count(":") > 1:
        raise _bad(
            host, "an IP address, not a host name", "register the name; addresses are shared by many sites"
        )
    host, colon, port = host.partition(":")
    if colon and port and not (port.isascii() and port.isdigit() and int(port[:6]) <= 65535):
        raise _bad(text, f"a port that is not a number: {port[:20]!r}", "write host:443 or the host alone")
    if not host:
        raise InputError(f"no host in {_shown(text)}", hint="write a host such as exchange.example")
    return host


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _label(label: str, host: str) -> str:
    """One label in its A-form; checked by IDNA only where it is internationalised."""
    if not label:
        raise _bad(host, "an empty label", "two dots in a row, or a dot at the beginning")
    if label.isascii():
        if len(label) > MAX_LABEL:
            raise _bad(host, f"a label of {len(label)} octets", "a label has at most 63")
        if not _LDH.fullmatch(label):
            raise _bad(
                host, f"a label with characters no host has: {label!r}", "letters, digits and hyphens only"
            )
        if not label.startswith("xn--"):
            return label
    try:
        # For an A-label: decoded, validated, and encoded again, which must give the same.
        return idna.alabel(idna.ulabel(label) if label.isascii() else label).decode("ascii")
    except (idna.IDNAError, UnicodeError) as error:
        kind = "writes in two directions" if isinstance(error, idna.IDNABidiError) else "is not valid IDNA"
        raise _bad(
            host, f"a label that {kind}: {error}", "compare it with a browser's address bar"
        ) from error


def _unicode_label(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return idna.ulabel(label)
    except (idna.IDNAError, UnicodeError):
        return label


def _bad(host: str, problem: str, hint: str) -> InputError:
    return InputError(f"{problem}: {_shown(host)}", hint=hint)


def _shown(text: str) -> str:
    return repr(text if len(text) <= 80 else text[:77] + "…")
