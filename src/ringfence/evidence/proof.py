"""Proof: that an entry stands in a log, in one file that needs nothing else (https://c2sp.org/tlog-proof).

The ``extra`` line carries the entry itself. It is not authenticated by being there: hashed, it must lead
along the path to the root of the checkpoint.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable

import msgspec

from ringfence.core.errors import InputError
from ringfence.core.note import NoteError, PublicKey
from ringfence.evidence.checkpoint import Checkpoint, opened
from ringfence.evidence.cosigner import Cosigner
from ringfence.evidence.tree import leaf_hash, root_of_path

HEAD = "c2sp.org/tlog-proof@v1"
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,18})")
_MOST = 63  # hashes of a path: a log has fewer than 2^63 entries


class Proof(msgspec.Struct, frozen=True):
    """``path`` runs from the leaf's sibling upwards; ``checkpoint`` is the signed note as published."""

    entry: bytes
    index: int
    path: tuple[bytes, ...]
    checkpoint: bytes

    def to_bytes(self) -> bytes:
        """The file."""
        lines = [HEAD, f"extra {_base64(self.entry)}", f"index {self.index}", *map(_base64, self.path), ""]
        return "".join(f"{line}\n" for line in lines).encode("ascii") + self.checkpoint

    @classmethod
    def from_bytes(cls, data: bytes) -> Proof:
        """Reads `to_bytes`. Raises `InputError` for anything that it would not have written."""
        head, parted, checkpoint = data.partition(b"\n\n")
        try:
            first, extra, index, *path = head.decode("ascii").split("\n")
            number = _INDEX.fullmatch(index)
            if first != HEAD or not parted or number is None or len(path) > _MOST:
                raise ValueError
            hashes = tuple(base64.b64decode(line, validate=True) for line in path)
            entry = base64.b64decode(extra.removeprefix("extra "), validate=True)
            proof = cls(entry, int(number[1]), hashes, checkpoint)
        except (ValueError, binascii.Error) as error:
            raise InputError("not a proof with its entry", hint=f"it begins with {HEAD}") from error
        if proof.to_bytes() != data or any(len(one) != 32 for one in hashes):
            raise InputError("not a proof: not in its one spelling")
        return proof

    def verified(self, key: PublicKey, witnesses: Iterable[Cosigner] = ()) -> Checkpoint:
        """The checkpoint under which the entry stands. Raises `NoteError` unless the log has signed it,
        each of the witnesses has cosigned it, and the path leads from the entry to its root."""
        checkpoint, note = opened(self.checkpoint, key)
        for witness in witnesses:
            if witness.time(note) is None:
                raise NoteError(f"the checkpoint is not cosigned by {witness.name}")
        if root_of_path(leaf_hash(self.entry), self.index, checkpoint.size, self.path) != checkpoint.root:
            raise NoteError("the entry does not lead to the root of the checkpoint")
        return checkpoint


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
