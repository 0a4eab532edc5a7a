"""One record of a WARC file (ISO 28500, WARC/1.1), to the byte.

warcio, which reads our captures, would also write them; but it parses the head of a response and
writes it anew, so that ``Server:nginx``, a status without a reason or a bare line feed come out
otherwise than they came in. What is sealed has to be what was sent.
"""

from __future__ import annotations

import base64
import hashlib
import re
import uuid
import zlib
from collections.abc import Mapping
from typing import Final

_HEAD_END: Final = re.compile(rb"\r?\n\r?\n")
_UNSAFE: Final = re.compile(r"[\x00-\x20\x7f]")  # what would end a line of the record's head, or a URI
_LEVEL: Final = 6
_GZIP: Final = zlib.MAX_WBITS | 16


def new_id() -> str:
    """A record's id."""
    return f"<urn:uuid:{uuid.uuid4()}>"


def record(kind: str, uri: str, content_type: str, block: bytes, headers: Mapping[str, str]) -> bytes:
    """The record as a gzip member of its own. ``headers`` are further named fields, the record's id and
    date among them; digests and lengths are made here."""
    fields = {"WARC-Type": kind, **headers}
    if uri:
        fields["WARC-Target-URI"] = _UNSAFE.sub(lambda match: f"%{ord(match[0]):02X}", uri)
    if kind in ("request", "response"):
        fields["WARC-Payload-Digest"] = _sha1(_payload(block))
    elif kind == "resource":
        fields["WARC-Payload-Digest"] = _sha1(block)
    fields["WARC-Block-Digest"] = _sha1(block)
    fields["Content-Type"] = content_type
    fields["Content-Length"] = str(len(block))
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    member = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
    pieces = (f"WARC/1.1\r\n{head}\r\n".encode(), block, b"\r\n\r\n")
    return b"".join(map(member.compress, pieces)) + member.flush()


def _payload(block: bytes) -> bytes:
    end = _HEAD_END.search(block)
    return block[end.end() :] if end else b""


def _sha1(data: bytes) -> str:
    # SHA-1 in base 32 is what other tools write and check; our own digests stand beside it.
    return "sha1:" + base64.b32encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode("ascii")
