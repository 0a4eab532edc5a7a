"""Forgetting: a pseudonym of which nothing came leads to nobody after its time; what a case, an order or a
legal hold needs can still be turned back."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from desks.payments.results import result
from interfaces.command import people, run
from ringfence.cases.keeping import Keeping
from ringfence.core.canonical import digest
from ringfence.core.errors import InputError
from ringfence.desks.payments.vault import Vault
from ringfence.interfaces.cli.common import opened, today
from ringfence.pipeline.forget import due
from ringfence.rulebook.retention import Retention

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
