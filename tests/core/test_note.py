"""Signed notes: known vectors, one spelling, and no way round a bad signature."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringfence.core.errors import RingfenceError
from ringfence.core.note import Note, NoteError, PublicKey, SecretKey, sign

# The example of Go's golang.org/x/mod/sumdb/note, package documentation.
GO_SECRET = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
GO_PUBLIC = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_TEXT = (
    b"If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
)
GO_NOTE = (
    GO_TEXT
    + (
        "\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZIn"
        "NIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
    ).encode()
)
KEY = SecretKey("feed.example/cn", bytes(range(32)))


def test_go_reads_and_writes_the_same() -> None:
    secret, public = SecretKey.from_text(GO_SECRET), PublicKey.from_text(GO_PUBLIC)
    assert secret.public == public and secret.to_text() == GO_SECRET
    assert sign(GO_TEXT, [secret]).to_bytes() == GO_NOTE
    assert Note.from_bytes(GO_NOTE).signed_by(public)


@pytest.mark.parametrize("at", range(0, len(GO_NOTE), 3))
def test_a_changed_byte_is_seen(at: int) -> None:
    changed = bytearray(GO_NOTE)
    changed[at] ^= 1
    try:
        note = Note.from_bytes(bytes(changed))
    except NoteError:
        return
    assert not note.signed_by(PublicKey.from_text(GO_PUBLIC))


def test_one_wrong_signature_of_a_key_spoils_a_right_one() -> None:
    good = sign(b"text\n", [KEY])
    name, id_, _ = good.signatures[0]
    both = Note(good.text, (good.signatures[0], (name, id_, bytes(64))))
    assert not both.signed_by(KEY.public) and good.signed_by(KEY.public)


def test_a_signature_by_somebody_unknown_is_passed_over() -> None:
    other = SecretKey.generate("witness.example")
    assert sign(b"text\n", [other, KEY]).signed_by(KEY.public)


def test_other_padding_bits_are_another_spelling() -> None:
    head, _, last = GO_NOTE.rpartition(b"M=\n")
    assert last == b"" and base64.b64decode(GO_NOTE.split()[-1]) == base64.b64decode(head.split()[-1] + b"N=")
    with pytest.raises(NoteError):
        Note.from_bytes(head + b"N=\n")


@pytest.mark.parametrize(
    "text", ["", "x", "a+b+c", GO_PUBLIC[:-1], GO_PUBLIC.replace("c74f", "c74e"), GO_PUBLIC + "\nmore"]
)
def test_what_is_no_key(text: str) -> None:
    with pytest.raises(NoteError):
        PublicKey.from_text(text)
    with pytest.raises(NoteError) as refused:
        SecretKey.from_text("PRIVATE+KEY+" + text)
    assert "AYEK" not in str(refused.value)


def test_a_secret_is_not_shown() -> None:
    assert repr(KEY) == "SecretKey('feed.example/cn')"


@pytest.mark.parametrize("name", ["", "two words", "a+b", "line\nbreak", "-dash", "a" * 200])
def test_names_that_no_key_may_have(name: str) -> None:
    with pytest.raises(NoteError):
        SecretKey.generate(name)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for whole in (data, GO_TEXT + b"\n" + data, data + GO_NOTE):
        try:
            note = Note.from_bytes(whole)
        except RingfenceError:
            continue
        assert note.to_bytes() == whole
