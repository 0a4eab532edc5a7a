"""Captures: one WARC file (ISO 28500, WARC/1.1) per observation, gzip by record.

An HTTP exchange is a request and a response record with the bytes as they crossed the wire; one
over HTTP/2 is kept in the form of HTTP/1.1, as other archivers do, and its records say so in
``WARC-Protocol`` (a proposed field of the format; readers that do not know it pass over it).
DNS answers and certificate chains are resource records. warcio writes SHA-1 digests; we add
SHA-256 of the record block and, for responses, of the decoded body, which is what findings
name as evidence.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from datetime import datetime

import msgspec
from warcio.archiveiterator import ArchiveIterator
from warcio.recordloader import ArcWarcRecord
from warcio.warcwriter import WARCWriter

from ringfence.core.canonical import digest
from ringfence.core.errors import StoreError
from ringfence.core.time import stamp
from ringfence.evidence.message import Message, parse_response

BLOCK_HEADER = "Ringfence-Block-SHA256"
BODY_HEADER = "Ringfence-Body-SHA256"
DNS_TYPE = "application/dns-message"
CHAIN_TYPE = "application/pem-certificate-chain"


class Capture:
    """Writes the WARC file of one observation in memory."""

    def __init__(self, description: dict[str, str]) -> None:
        self._buffer = io.BytesIO()
        self._writer = WARCWriter(self._buffer, gzip=True, warc_version="WARC/1.1")
        self._writer.write_record(
            self._writer.create_warcinfo_record(
                "capture.warc.gz", {"format": "WARC File Format 1.1", **description}
            )
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
        headers = {**place, BODY_HEADER: body_digest}
        if cut:
            headers["WARC-Truncated"] = cut
        answer = self._record(url, "response", response, "application/http; msgtype=response", headers)
        asked = self._record(
            url,
            "request",
            request,
            "application/http; msgtype=request",
            {**place, "WARC-Concurrent-To": answer.rec_headers.get_header("WARC-Record-ID")},
        )
        self._write(answer)
        self._write(asked)
        return body_digest

    def resource(self, uri: str, content_type: str, data: bytes, at: datetime) -> str:
        """Add a DNS answer or a certificate chain; returns its digest."""
        self._write(self._record(uri, "resource", data, content_type, {"WARC-Date": stamp(at)}))
        return digest(data)

    def to_bytes(self) -> bytes:
        """The file."""
        return self._buffer.getvalue()

    def _write(self, record: ArcWarcRecord) -> None:
        self._writer.write_record(record)
        # warcio keeps each payload in a temporary file of its own and leaves closing it to us.
        record.raw_stream.close()

    def _record(
        self, uri: str, kind: str, block: bytes, content_type: str, headers: dict[str, str]
    ) -> ArcWarcRecord:
        # warcio percent-encodes nothing itself and refuses spaces in a target URI.
        return self._writer.create_warc_record(
            uri.replace(" ", "%20"),
            kind,
            payload=io.BytesIO(block),
            warc_content_type=content_type,
            warc_headers_dict={BLOCK_HEADER: "sha256:" + hashlib.sha256(block).hexdigest(), **headers},
        )


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
    for record in ArchiveIterator(io.BytesIO(capture), no_record_parse=True):
        url = record.rec_headers.get_header("WARC-Target-URI") or ""
        if record.rec_type == "response":
            message = parse_response(_block(record))
            yield Kept(url, "response", message.content_type, digest(message.body), message.body, message)
        elif record.rec_type == "resource":
            data = _block(record)
            yield Kept(url, "resource", record.rec_headers.get_header("Content-Type"), digest(data), data)


def _block(record: ArcWarcRecord) -> bytes:
    block: bytes = record.raw_stream.read()
    sealed = record.rec_headers.get_header(BLOCK_HEADER)
    if sealed is not None and sealed != digest(block):
        raise StoreError(
            f"a record of the capture was changed: {record.rec_headers.get_header('WARC-Target-URI')}",
            hint="restore the capture from a backup",
        )
    return block
