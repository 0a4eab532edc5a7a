"""Time stamps of checkpoints (RFC 3161): a stamped checkpoint dates every leaf below it.

What is stamped is the checkpoint's text, the three lines that the log signs. Asking the authority is
left to the person (one POST); the reply is kept raw.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import rfc3161_client
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID
from sqlalchemy import select

from ringfence.core.canonical import digest
from ringfence.core.errors import InputError
from ringfence.evidence.publish import published
from ringfence.evidence.store import Store
from ringfence.evidence.tables import add, timestamps


class TimestampError(InputError):
    """A reply that does not stamp this checkpoint under these certificates."""


def request(text: bytes) -> bytes:
    """The DER query for a checkpoint's text: SHA-512, with nonce, asking for the signer's certificate only
    as the authority sends it."""
    return rfc3161_client.TimestampRequestBuilder().data(text).build().as_bytes()


def verify(reply: bytes, text: bytes, certificates: bytes) -> datetime:
    """When the authority stamped the text, UTC. ``certificates`` (PEM) holds at least its root; also those
    that the reply does not carry. Raises `TimestampError`."""
    try:
        response = rfc3161_client.decode_timestamp_response(reply)
        _builder(x509.load_pem_x509_certificates(certificates)).build().verify_message(response, text)
        return response.tst_info.gen_time.astimezone(UTC)
    except (ValueError, rfc3161_client.VerificationError) as error:
        raise TimestampError(
            f"not a time stamp of this checkpoint: {error}",
            hint="the file of --ca holds the authority's root certificate, as PEM; where several "
            "certificates stand unsorted in the reply, ask for one without, and add the signer's to the file",
        ) from error


def sealed_digest(reply: bytes, certificates: bytes) -> str:
    """The digest that a row carries: parts of a reply are outside its signature."""
    return digest(len(reply).to_bytes(8, "big") + reply + certificates)


def accept(house: Store, number: int, reply: bytes, certificates: bytes) -> tuple[int, datetime]:
    """Keep a reply for a checkpoint; returns its number and its time. Raises `TimestampError`. The same
    reply again is left."""
    at = verify(reply, text_of(house, number), certificates)
    sealed = sealed_digest(reply, certificates)
    with house.database.begin() as connection:
        there = connection.execute(
            select(timestamps.c.number).where(
                timestamps.c.checkpoint == number, timestamps.c.digest == sealed
            )
        ).scalar()
        if there is None:
            there = add(
                connection, timestamps, checkpoint=number, reply=reply, roots=certificates, digest=sealed
            )
    return there, at


def text_of(house: Store, number: int) -> bytes:
    """The text of a checkpoint. Raises `InputError` if there is none of this number."""
    with house.database.read() as connection:
        for one in published(connection):
            if one.number == number:
                return one.checkpoint.to_text()
    raise InputError(f"no checkpoint {number}", hint="see ringfence log checkpoint")


def write(house: Store, folder: Path) -> int:
    """Write every reply and its certificates to ``folder`` as ``NNN-K.tsr`` and ``NNN-K.pem``; how many."""
    with house.database.read() as connection:
        rows = connection.execute(select(timestamps).order_by(timestamps.c.number)).all()
    for row in rows:
        folder.mkdir(exist_ok=True)
        name = f"{row.checkpoint:03d}-{row.number}"
        (folder / f"{name}.tsr").write_bytes(row.reply)
        (folder / f"{name}.pem").write_bytes(row.roots)
    return len(rows)


def _builder(certificates: list[x509.Certificate]) -> rfc3161_client.VerifierBuilder:
    roots = [one for one in certificates if one.issuer == one.subject]
    others = [one for one in certificates if one.issuer != one.subject]
    signers = [one for one in others if _stamps(one)]
    return rfc3161_client.VerifierBuilder(
        roots=roots,
        intermediates=[one for one in others if one not in signers],
        tsa_certificate=signers[0] if len(signers) == 1 else None,
    )


def _stamps(certificate: x509.Certificate) -> bool:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return False
    return ExtendedKeyUsageOID.TIME_STAMPING in usage
