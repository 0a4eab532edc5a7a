"""Forgetting: a pseudonym of which nothing came leads to nobody after its time; what a case, an order or a
legal hold needs can still be turned back."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from desks.payments.results import result
from interfaces.command import people, run
from ringfence.cases.keeping import Keeping
from ringfence.core.canonical import digest
from ringfence.core.errors import InputError, StoreError
from ringfence.desks.payments.online.identities import Identities
from ringfence.desks.payments.vault import Vault
from ringfence.interfaces.cli.common import opened, today
from ringfence.pipeline.forget import due
from ringfence.rulebook.retention import Retention

WHO = {"who": "ada", "why": "thirteen months are over"}
OLD = date(2024, 5, 10)
ACCOUNTS = {
    name: f"account:{number:032x}" for number, name in enumerate("needed held closed gone new".split(), 1)
}
UNCLEAR = ("exchange_match",)  # one indicator: no case


def mac(name: str) -> bytes:
    return bytes.fromhex(ACCOUNTS[name].removeprefix("account:"))


@pytest.fixture
def places(tmp_path: Path) -> tuple[Path, Path]:
    """A store with a case that is open, one that is closed and a legal hold; and the vault behind it."""
    store, vault = tmp_path / "s", tmp_path / "v.sqlite"
    people(store)
    assert run("orders", "people", "add", "ada", "Ada", "administrator", "--store", store).code == 0
    results = [
        result(account=ACCOUNTS["needed"]), result(account=ACCOUNTS["closed"]),
        result(account=ACCOUNTS["held"], typologies=UNCLEAR),
        result(account=ACCOUNTS["gone"], typologies=UNCLEAR),
    ]  # fmt: skip
    (tmp_path / "results").write_bytes(b"\n".join(one.record for one in results))
    told = run("payments", "assess", tmp_path / "results", "--as-of", "2026-03-20", "--store", store).lines
    assert [bool(one["case"]) for one in told] == [True, True, False, False]
    closing = ("--by", "wang", "--reasons", "a tea shop", "--store", store)
    assert run("cases", "close", told[1]["case"], *closing).code == 0
    held = ("--by", "ada", "--reasons", "a court asks", "--basis", "letter of 2 May", "--store", store)
    ran = run("evidence", "hold", digest(results[2].record), *held)
    assert ran.code == 0, ran.err
    with Vault(vault) as kept:
        for name in ACCOUNTS:
            kept.keep("accounts", mac(name), pa.array([f"raw {name}"]), today() if name == "new" else OLD)
        kept.keep("names", b"n" * 16, pa.array(["raw person"]), OLD)
    return store, vault


def left(vault: Path) -> set[str]:
    with Vault(vault) as kept:
        found = kept.reverse([*map(mac, ACCOUNTS), b"n" * 16], who="test", why="what is left here")
    return {name for name in found if name}


def test_only_what_nothing_needs_goes_and_the_vault_says_who_ordered_it(places: tuple[Path, Path]) -> None:
    store, vault = places
    whole = left(vault)
    asked = (
        "payments",
        "forget",
        "--vault",
        vault,
        "--reasons",
        "the yearly run",
        "--store",
        store,
        "--json",
    )
    for person in ("li", "nobody"):
        assert run(*asked, "--by", person).code == 2 and left(vault) == whole
    told = run(*asked, "--by", "ada", "--dry-run").json
    assert told["forgotten"] == {"accounts": 1, "names": 1, "contacts": 0} and left(vault) == whole
    assert (told["needed"], told["held"], told["later"]) == (1, 1, 1)
    assert run(*asked, "--by", "ada").json == told | {"dry_run": False}
    assert whole - left(vault) == {"raw gone", "raw person"}
    assert b"raw gone" not in vault.read_bytes() and b"raw needed" in vault.read_bytes()
    with Vault(vault) as kept:
        ((who, why, count),) = [(one["who"], one["why"], one["count"]) for one in kept.forgettings()]
    assert (who, why, count) == ("ada", "the yearly run (cn-mapping-seen)", 2)
    assert run(*asked, "--by", "ada").json["forgotten"]["accounts"] == 0


def test_a_closed_case_keeps_it_for_its_own_period_and_then_no_longer(places: tuple[Path, Path]) -> None:
    store, vault = places
    closed = today()
    two_years = closed.replace(year=closed.year + 2, day=min(closed.day, 28))
    with opened(store) as house, Vault(vault) as kept:
        before = due(house, kept, "cn", two_years - timedelta(days=1))
        after = due(house, kept, "cn", two_years + timedelta(days=5))
    assert mac("closed") not in before.macs and before.later == 1
    assert mac("closed") in after.macs and after.later == 0
    assert mac("new") in after.macs, "not seen for thirteen months by then"
    assert mac("needed") not in after.macs and mac("held") not in after.macs


def test_thirteen_months_are_over_and_not_before(places: tuple[Path, Path]) -> None:
    """The month in which it was seen counts whole: nothing goes early."""
    store, vault = places
    with opened(store) as house, Vault(vault) as kept:
        assert due(house, kept, "cn", date(2025, 6, 30)).macs == ()
        assert mac("gone") in due(house, kept, "cn", date(2025, 7, 1)).macs


def test_a_pack_without_a_period_forgets_nothing(places: tuple[Path, Path]) -> None:
    store, vault = places
    with opened(store) as house, Vault(vault) as kept, pytest.raises(InputError, match="when it is to go"):
        due(house, kept, "cn", today(), lambda name: Retention(name, ()))


def test_what_was_seen_of_accounts_is_under_the_periods_of_captures(places: tuple[Path, Path]) -> None:
    store, _ = places
    later = today() + timedelta(days=400)
    with opened(store) as house:
        found = {one.subjects[0]: one for one in Keeping(house).due("cn", later)}
    states = {name: found[subject].state for name, subject in ACCOUNTS.items() if subject in found}
    assert states == {"needed": "needed", "held": "held", "gone": "unordered"}
    assert {one.period for one in found.values()} == {"cn-capture-seen"}


def test_an_account_that_a_stream_still_needs_is_not_forgotten(places: tuple[Path, Path]) -> None:
    """What it sees, what it still says of an open alert, and what it meets while somebody forgets."""
    store, vault = places
    with opened(store) as house, Vault(vault) as kept:
        stream = Identities(frozenset(), {}, kept)
        stream.turn(OLD)
        numbers = {name: stream.number(name) for name in ("shop", "silent", "alerted")}
        stream.keep()
        stream.turn(date(2026, 3, 1))
        stream.number("shop")
        stream.keep([numbers["alerted"]])
        macs = {name: kept.mac_of("accounts", name) for name in numbers}
        found = due(house, kept, "cn", date(2026, 3, 20))
        assert macs["silent"] in found.macs
        assert macs["shop"] not in found.macs and macs["alerted"] not in found.macs
        assert stream.number("silent") == numbers["silent"]
        stream.keep()
        kept.forget(found.macs, until=found.until, **WHO)
        assert kept.reverse(list(macs.values()), **WHO) == list(macs)
        # Forgotten first, it is known again when it pays again.
        kept.forget([macs["shop"]], **WHO)
        stream.turn(date(2026, 4, 1))
        stream.number("shop")
        stream.keep()
        assert kept.reverse([macs["shop"]], **WHO) == ["shop"]


def test_a_legal_hold_keeps_what_a_stream_knew(places: tuple[Path, Path]) -> None:
    store, vault = places
    day = date(2026, 3, 20)
    with opened(store) as house, Vault(vault) as kept:
        before = due(house, kept, "cn", day)
        assert mac("held") not in before.macs and before.held == 1
        # After a restart the stream tells the vault of an open alert by the MAC alone.
        stream = Identities(frozenset(), {}, kept, mac("gone") + mac("held"))
        stream.turn(day)
        stream.keep([0])
        assert mac("gone") in before.macs and mac("gone") not in due(house, kept, "cn", day).macs
        assert stream.name(0) == "raw gone"


def test_the_vault_is_told_once_an_account_and_month(tmp_path: Path) -> None:
    class Counted(Vault):
        told = 0

        def keep(self, group: Any, macs: bytes, identifiers: pa.Array, on: date | None = None) -> int:
            self.told += len(identifiers)
            return super().keep(group, macs, identifiers, on)

    with Counted(tmp_path / "v.sqlite") as kept:
        stream = Identities(frozenset(), {}, kept)
        for month in (1, 1, 2, 2, 3):
            stream.turn(date(2026, month, 5))
            for name in ("a", "b", "a", "c")[: 4 if month < 3 else 1]:
                stream.number(name)
            stream.keep()
        assert kept.told == 3 + 3 + 1 and kept.count == 3
        assert kept.months() == [date(2026, 2, 28), date(2026, 3, 31)]
        # A restart tells it once more, and what is forgotten meanwhile ends the stream with its reason.
        again = Identities(frozenset(), {}, kept, stream.keep())
        again.turn(date(2026, 3, 6))
        assert [again.number(name) for name in ("c", "a", "d")] == [2, 0, 3]
        again.keep()
        assert kept.months() == [date(2026, 2, 28), date(2026, 3, 31)] and kept.told == 7 + 3
        kept.forget([kept.mac_of("accounts", "b")], **WHO)
        with pytest.raises(StoreError) as error:
            again.name(1)
        assert "forgotten" in (error.value.hint or "")
