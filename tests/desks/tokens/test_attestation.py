"""Attestations: what was signed is read, what was not is refused, and each ends in its time or before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from interfaces.command import run
from ringfence.core.canonical import digest
from ringfence.core.errors import InputError
from ringfence.core.note import SecretKey
from ringfence.desks.tokens import attestation
from ringfence.desks.tokens.screen import screen

from .solidity import tricks

KEY = SecretKey("desk.example/tokens", bytes(range(32)))
OTHER = SecretKey("desk.example/tokens", bytes(range(1, 33)))
AT = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture(scope="module")
def screening() -> dict[str, object]:
    return screen(tricks()["PowerMint"].runtime).to_dict()


def test_a_statement_says_what_the_screening_found(screening: dict[str, object]) -> None:
    note = attestation.attest(screening, KEY, AT)
    nothing = attestation.revoke(None, [], "to begin with", KEY, AT)
    found = attestation.verify(note, KEY.public, AT + timedelta(days=1), nothing)
    assert found.state == "good" and found.attestation == digest(note)
    said = found.statement
    assert said.capabilities["mint"] is True and said.capabilities["seize"] is False
    assert (said.code_hash, said.sellable) == (screening["code_hash"], True)
    assert said.evidence.startswith("sha256:")
    assert attestation.attest(screening, KEY, AT) == note, "the same again"


def test_it_ends_in_time_or_is_revoked(screening: dict[str, object]) -> None:
    note = attestation.attest(screening, KEY, AT, days=2)
    later = AT + timedelta(days=2)
    fresh = attestation.revoke(None, [], "none", KEY, later)
    assert attestation.verify(note, KEY.public, later, fresh).state == "expired"
    assert attestation.verify(note, KEY.public, AT).state == "unchecked"
    stale = attestation.revoke(None, [], "none", KEY, AT - timedelta(days=40))
    assert attestation.verify(note, KEY.public, AT, stale).state == "unchecked"
    listed = attestation.revoke(None, [digest(note)], "the rules were wrong", KEY, AT)
    more = attestation.revoke(
        attestation.read_revocations(listed, KEY.public), ["sha256:" + "0" * 64], "another", KEY, AT
    )
    for one in (listed, more):
        found = attestation.verify(note, KEY.public, AT + timedelta(hours=1), one)
        assert found.state == "revoked" and "rules were wrong" in found.why


def test_nothing_else_is_taken(screening: dict[str, object]) -> None:
    note = attestation.attest(screening, KEY, AT)
    for at in range(0, len(note), 7):
        bad = bytes((*note[:at], note[at] ^ 1, *note[at + 1 :]))
        with pytest.raises(InputError):
            attestation.verify(bad, KEY.public, AT)
    with pytest.raises(InputError, match="not signed by"):
        attestation.verify(note, OTHER.public, AT)
    with pytest.raises(InputError):
        attestation.verify(attestation.revoke(None, [], "a list", KEY, AT), KEY.public, AT)
    for wrong in ({}, {**screening, "capabilities": [{"id": "mint"}]}, {**screening, "resolved": "yes"}):
        with pytest.raises(InputError, match="not a screening"):
            attestation.attest(wrong, KEY, AT)
    with pytest.raises(InputError, match="days"):
        attestation.attest(screening, KEY, AT, days=0)
    with pytest.raises(InputError, match="reason"):
        attestation.revoke(None, [], " ", KEY, AT)


def test_the_commands_from_a_key_to_a_revocation(tmp_path: Path) -> None:
    (tmp_path / "t.hex").write_text(tricks()["PowerFee"].runtime.hex())
    screened = run("tokens", "screen", "--runtime", tmp_path / "t.hex")
    (tmp_path / "s.json").write_text(screened.out)
    key, note, listed = tmp_path / "desk.key", tmp_path / "t.attestation", tmp_path / "revoked"
    assert run("feed", "keygen", "desk.example/tokens", "--out", key).code == 0
    signed = run("tokens", "attest", "sign", tmp_path / "s.json", "--key", key, "--out", note, "--json")
    assert signed.code == 0 and signed.json["attestation"] == digest(note.read_bytes())
    check = ("tokens", "attest", "verify", note, "--key", tmp_path / "desk.key.pub")
    alone = run(*check, "--json")
    assert alone.code == 1 and alone.json["state"] == "unchecked"
    (tmp_path / "o.hex").write_text(tricks()["PowerMint"].runtime.hex())
    (tmp_path / "o.json").write_text(run("tokens", "screen", "--runtime", tmp_path / "o.hex").out)
    other = tmp_path / "o.attestation"
    assert run("tokens", "attest", "sign", tmp_path / "o.json", "--key", key, "--out", other).code == 0
    gone = run(
        "tokens", "attest", "revoke", other, "--key", key, "--reason", "wrong", "--list", listed, "--json"
    )
    assert gone.code == 0 and gone.json["entries"] == 1
    assert run(*check, "--revocations", listed, "--json").json["state"] == "good"
    assert run(*check, "--revocations", listed).code == 0
    assert run("tokens", "attest", "revoke", note, "--key", key, "--reason", "x", "--list", listed).code == 0
    assert run(*check, "--revocations", listed, "--json").json["state"] == "revoked"
