"""Captures: one WARC file (ISO 28500, WARC/1.1) per observation, gzip by record.

An HTTP exchange is a request and a response record with the bytes as they crossed the wire; one
over HTTP/2 is kept in the form of HTTP/1.1, as other archivers do, and its records say so in
``WARC-Protocol`` (a proposed field of the format; readers that do not know it pass over it).
DNS answers and certificate chains are resource records. Beside the format's SHA-1 digests stand
SHA-256 of the record block and, for responses, of the decoded body, which is what findings
name as evidence.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime

import msgspec
from warcio.archiveiterator import ArchiveIterator
from warcio.recordloader import ArcWarcRecord

from ringfence.core.canonical import digest
from ringfence.core.errors import StoreError
from ringfence.core.time import stamp
from ringfence.evidence.message import Message, parse_response
from ringfence.evidence.record import new_id, record

BLOCK_HEADER = "Ringfence-Block-SHA256"
BODY_HEADER = "Ringfence-Body-SHA256"
DNS_TYPE = "application/dns-message"
CHAIN_TYPE = "application/pem-certificate-chain"


class Capture:
    """Writes the WARC file of one observation in memory."""

    def __init__(self, description: dict[str, str]) -> None:
        self._records: list[bytes] = []
        about = {"format": "WARC File Format 1.1", **description}
        self._add(
            "warcinfo",
            "",
            "application/warc-fields",
            "".join(f"{name}: {value}\r\n" for name, value in about.items()).encode(),
            {"WARC-Date": stamp(), "WARC-Filename": "capture.warc.gz"},
        )

    def http(
        self,
        url: str,
        request: bytes,
        response: bytes,
        body: bytes,
        *,
        at: datetime,
        address: str,
        cut: str,
        protocol: str = "",
    ) -> str:
        """Add a request and its response as sent; returns the digest of the decoded body. ``protocol`` is
        named in the records unless it is HTTP/1.1."""
        body_digest = digest(body)
        place = {"WARC-Date": stamp(at), "WARC-IP-Address": address}
        if protocol not in ("", "http/1.1"):
            place["WARC-Protocol"] = protocol
        said = {**place, BODY_HEADER: body_digest}
        if cut:
            said["WARC-Truncated"] = cut
        answer = self._add("response", url, "application/http; msgtype=response", response, said)
        asked = {**place, "WARC-Concurrent-To": answer}
        self._add("request", url, "application/http; msgtype=request", request, asked)
        return body_digest

    def resource(self, uri: str, content_type: str, data: bytes, at: datetime) -> str:
        """Add a DNS answer or a certificate chain; returns its digest."""
        self._add("resource", uri, content_type, data, {"WARC-Date": stamp(at)})
        return digest(data)

    def to_bytes(self) -> bytes:
        """The file."""
        return b"".join(self._records)

    def _add(self, kind: str, uri: str, content_type: str, block: bytes, headers: dict[str, str]) -> str:
        name = new_id()
        sealed = {"WARC-Record-ID": name, BLOCK_HEADER: digest(block), **headers}
        self._records.append(record(kind, uri, content_type, block, sealed))
        return name


class Kept(msgspec.Struct, frozen=True):
    """A record read back: ``message`` is set for responses, ``data`` is the decoded body or the resource."""

    url: str
    kind: str
    content_type: str
    digest: str
    data: bytes
    message: Message | None = None


def read(capture: bytes) -> Iterator[Kept]:
    """The responses and resources of a capture, in order, bodies decoded under the same limits as
    when they were captured. Raises `StoreError` for a record whose block is not what it was sealed as."""
    for one in ArchiveIterator(io.BytesIO(capture), no_record_parse=True):
        url = one.rec_headers.get_header("WARC-Target-URI") or ""
        if one.rec_type == "response":
            message = parse_response(_block(one))
            yield Kept(url, "response", message.content_type, digest(message.body), message.body, message)
        elif one.rec_type == "resource":
            data = _block(one)
            yield Kept(url, "resource", one.rec_headers.get_header("Content-Type"), digest(data), data)


def _block(kept: ArcWarcRecord) -> bytes:
    block: bytes = kept.raw_stream.read()
    sealed = kept.rec_headers.get_header(BLOCK_HEADER)
    if sealed is not None and sealed != digest(block):
        raise StoreError(
            f"a record of the capture was changed: {kept.rec_headers.get_header('WARC-Target-URI')}",
            hint="restore the capture from a backup",
        )
    return block
