"""A halt from end to end, by the command line alone: payments, a case, an order of three people, a notice, a
signed list, the firm's own accounts, an appeal, and nobody's name where it does not belong."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest

from interfaces.command import Ran, people, run
from ringfence.desks.payments.pseudonym import account
from ringfence.desks.payments.vault import Vault

MEASURE = "limit_receiving"


class Firm:
    """A payment firm's machine: a world of payments monitored once, its store and its vault."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.world, self.store, self.vault = folder / "world", folder / "store", folder / "vault.sqlite"
        self.payments = self.world / "transactions.csv"
        self.said: list[str] = []

    def run(self, *arguments: object) -> Ran:
        ran = run(*arguments)
        self.said.append(ran.err)
        return ran

    def ours(self, *arguments: object) -> Ran:
        return self.run(*arguments, "--store", self.store)

    def publish(self) -> None:
        ran = self.ours("publish", "--target", "payments", "--key", self.folder / "k", "--out", self.web)
        assert ran.code == 0, ran.err
        ran = self.run("feed", "apply", self.web, "--to", self.state, "--key", self.folder / "k.pub")
        assert ran.code == 0, ran.err

    @property
    def web(self) -> Path:
        return self.folder / "web"

    @property
    def state(self) -> Path:
        return self.folder / "state"

    def resolved(self, *more: object) -> list[Any]:
        ran = self.run(
            "payments", "resolve", self.state, "--vault", self.vault, "--by", "core-system", "--reasons",
            "the list of today", *more,
        )  # fmt: skip
        assert ran.code == 0, ran.err
        return ran.lines

    def reversals(self) -> list[dict[str, Any]]:
        with Vault(self.vault) as kept:
            return kept.reversals()

    def labels(self) -> dict[str, dict[str, str]]:
        with (self.world / "labels.csv").open() as file:
            return {row["account"]: row for row in csv.DictReader(file)}

    def transactions(self) -> dict[str, dict[str, str]]:
        with self.payments.open() as file:
            return {row["tx_id"]: row for row in csv.DictReader(file)}

    def cases(self) -> list[Any]:
        return self.ours("cases", "list", "--json").lines


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Firm:
    made = Firm(tmp_path_factory.mktemp("firm"))
    people(made.store)
    for person, role in (("sun", "appeals_officer"), ("ada", "administrator")):
        assert made.ours("orders", "people", "add", person, person, role).code == 0
    simulated = run(
        "payments", "simulate", "--out", made.world, "--seed", 3, "--accounts", 900, "--days", 3, "--guilty",
        40, "--format", "csv",
    )  # fmt: skip
    assert simulated.code == 0, simulated.err
    lists = [f"--{name}" for name in ("prices", "exchange-accounts", "contacts")]
    files = [made.world / f"{name}.csv" for name in ("prices", "exchange_accounts", "contacts")]
    ran = made.ours(
        "payments", "monitor", made.payments,
        *(part for pair in zip(lists, files, strict=True) for part in pair),
        "--vault", made.vault, "--as-of", "2026-04-01", "--out", made.folder / "alerts",
        "--accounts", made.folder / "accounts",
    )  # fmt: skip
    assert ran.code == 0, ran.err
    assert run("feed", "keygen", "payments.example/cn", "--out", made.folder / "k").code == 0
    return made


def refused_list(firm: Firm, data: bytes) -> Ran:
    file = firm.folder / "altered.feed"
    file.write_bytes(data)
    return run(
        "payments", "resolve", file, "--vault", firm.vault, "--key", firm.folder / "k.pub", "--by", "x",
        "--reasons", "the list of today",
    )  # fmt: skip


def test_a_halt_from_the_payments_to_an_appeal(firm: Firm) -> None:
    labels = firm.labels()
    with Vault(firm.vault) as kept:
        guilty = {
            account(kept.mac_of("accounts", name)) for name, row in labels.items() if row["guilty"] == "1"
        }
    case = next(one for one in firm.cases() if one["subject"] in guilty)
    pseudonym, number = case["subject"], case["id"]
    assert pseudonym.startswith("account:")

    # Proposed with every milder rung answered, approved by two others, told to the holder.
    order = firm.ours(
        "orders", "propose", number, "--measure", MEASURE, "--by", "li", "--reasons", "passed on",
        "--expires", "2027-03-01", "--why-not-smaller", "warn_payers=warned twice", "--json",
    )  # fmt: skip
    assert order.code == 0, order.err
    order = order.json["id"]
    assert firm.ours("orders", "approve", order, "--by", "li").code != 0, "nobody approves their own"
    firm.publish()
    assert firm.resolved() == [], "what is only proposed is on no list"
    for person in ("wang", "chen"):
        assert firm.ours("orders", "approve", order, "--by", person).code == 0
    notice = firm.ours("orders", "notice", "give", order, "--by", "wang", "--to", "the holder", "--json").json
    sent = ("--by", "wang", "--fate", "delivered", "--channel", "letter")
    assert firm.ours("orders", "notice", "deliver", notice["id"], *sent).code == 0

    # The list has the pseudonym; the firm's own vault turns it back, and writes that down.
    firm.publish()
    listed = (firm.state / "state.feed").read_text()
    assert pseudonym in listed and MEASURE in listed
    (halted,) = firm.resolved()
    assert (halted["measure"], halted["order"]) == (MEASURE, order) and halted["until"] > halted["since"]
    name = halted["account"]
    assert name in labels and labels[name]["guilty"] == "1"
    assert [(one["who"], one["why"], one["mac"]) for one in firm.reversals()] == [
        ("core-system", "the list of today", pseudonym.removeprefix("account:"))
    ]

    # A draft report: pseudonyms, and names only by a recorded act.
    out = firm.folder / "draft.xml"
    drafted = (
        "payments", "report", number, "--out", out, "--vault", firm.vault, "--transactions", firm.payments,
        "--json",
    )  # fmt: skip
    plain = firm.ours(*drafted)
    assert plain.code == 0 and plain.json["account"] == pseudonym
    assert not [one for one in labels if one in out.read_text()]
    amounts = [node.text for node in fromstring(out.read_text()).iter("amount_local")]
    assert len(amounts) == plain.json["transactions"] and not any("TO BE" in (one or "") for one in amounts)
    assert firm.ours(*drafted, "--identifiers", "--by", "nobody", "--reasons", "report to the unit").code != 0
    assert len(firm.reversals()) == 1
    named = firm.ours(*drafted, "--identifiers", "--by", "li", "--reasons", "report to the unit")
    assert named.code == 0 and named.json["unknown"] == 0, named.err
    report, paid = fromstring(out.read_text()), firm.transactions()
    assert name in (report.findtext("reason") or "")
    for node in report.findall("transaction"):
        row = paid[node.findtext("transactionnumber") or ""]
        accounts = [one.findtext("account") for one in node.iter() if one.tag.endswith("_account")]
        assert accounts == [row["payer"], row["payee"]] and name in accounts
        assert node.findtext("amount_local") == f"{int(row['amount_minor']) / 100:.2f}"
    turned = [one for one in firm.reversals() if one["who"] == "li"]
    assert len(turned) == len({who for node in report.iter("account") if (who := node.text)})

    # Another vault has other keys: it knows nobody here, and says so.
    other = firm.folder / "other.sqlite"
    Vault(other).close()
    (unknown,) = firm.run(
        "payments", "resolve", firm.state, "--vault", other, "--by", "x", "--reasons", "the list of today"
    ).lines
    assert unknown["account"] is None and unknown["pseudonym"] == pseudonym and "vault" in unknown["why"]
    drawn = ("--vault", other, "--identifiers", "--by", "li", "--reasons", "report to the unit", "--json")
    blind = firm.ours("payments", "report", number, "--out", firm.folder / "blind.xml", *drawn)
    assert blind.json["unknown"] == 1 and pseudonym in (firm.folder / "blind.xml").read_text()

    # A list that was touched turns nothing back.
    before = len(firm.reversals())
    whole = (firm.state / "state.feed").read_bytes()
    touched = refused_list(firm, whole.replace(MEASURE.encode(), b"exit_relationshp"))
    assert touched.code == 1 and len(firm.reversals()) == before and touched.out == ""

    # An appeal is upheld: the account leaves the list.
    appeal = firm.ours(
        "orders", "appeal", "file", order, "--by", "li", "--appellant", "the holder", "--grounds",
        "a tea shop", "--json",
    ).json["id"]  # fmt: skip
    ruled = firm.ours(
        "orders", "appeal", "rule", appeal, "--by", "sun", "--outcome", "upheld", "--reasons", "it is a shop"
    )
    assert ruled.code == 0, ruled.err
    firm.publish()
    assert firm.resolved() == [] and pseudonym not in (firm.state / "state.feed").read_text()


def test_the_file_for_the_payment_system_is_its_owners_alone(firm: Firm) -> None:
    out = firm.folder / "halts.jsonl"
    firm.resolved("--out", out)
    assert out.stat().st_mode & 0o077 == 0


def test_a_hit_of_the_stream_is_told_in_the_pseudonyms_of_the_store(
    firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same account and payment under the same keys: what a hold needs."""
    accounts = [json.loads(line) for line in (firm.folder / "accounts").read_text().splitlines()]
    one = next(one for one in accounts if one["recommend"] == "exit")
    hit = {"event": "hit", "n": 1, "typology": "memo", "tx_id": one["transactions"][0], "legs": [["x"]]}
    lines = [hit | {"account": one["account"]}, {"account": 3}, [], hit]
    data = b"\n".join(json.dumps(line).encode() for line in lines)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
    ran = firm.run("payments", "pseudonym", "--vault", firm.vault)
    assert ran.code == 0 and "3 lines could not be read" in ran.err
    (told,) = ran.lines
    case = next(case for case in firm.cases() if case["subject"] == told["account"])
    shown = firm.ours("payments", "report", case["id"], "--out", firm.folder / "plain.xml", "--json")
    assert shown.json["account"] == told["account"]
    assert told["payment"] in (firm.folder / "plain.xml").read_text()
    assert not {"tx_id", "legs"} & told.keys()


def test_no_name_is_in_the_store_the_log_the_list_or_the_messages(firm: Firm) -> None:
    """Comes last: over all that was done above."""
    assert firm.ours("log", "checkpoint").code == 0
    assert firm.ours("log", "export", "--out", firm.folder / "export").code == 0
    places = [firm.store, firm.folder / "export", firm.web, firm.state]
    data = b"".join(path.read_bytes() for place in places for path in place.rglob("*") if path.is_file())
    data += "".join(firm.said).encode()
    assert b"account:" in data
    names = {one.encode() for one in (*firm.labels(), *firm.transactions())}
    words = set(re.findall(rb"[AT]\d{8,}", data))  # as the world writes accounts and transactions
    assert all(re.fullmatch(rb"[AT]\d{8,}", one) for one in names)
    assert not [one for one in names if any(one in word for word in words)][:3]
    assert firm.ours("log", "fsck", "--json").json["problems"] == []
