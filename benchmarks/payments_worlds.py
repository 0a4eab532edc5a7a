"""Generated worlds of payments, watched and ready to be judged; kept so that they are watched once."""

from __future__ import annotations

import csv
import pickle
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from ringfence.desks.payments.alert import Seen
from ringfence.desks.payments.indicators import LISTS, History
from ringfence.desks.payments.lists import read_contacts, read_exchange_accounts, read_prices
from ringfence.desks.payments.monitor import monitor
from ringfence.desks.payments.read import open_ledger
from ringfence.desks.payments.rules import load_rules
from ringfence.desks.payments.score import history_of
from ringfence.desks.payments.signed import Signed, outside_of, sign

_DESIGNS: Final = Path(__file__).with_name("payments_designs")
_SIGNS = {
    "prices": ("coin",), "exchanges": ("payer_exchange", "payee_exchange"), "contacts": ("advertised",),
    "memo": ("memo",), "channel": ("scan",),
}  # fmt: skip


@dataclass(frozen=True)
class World:
    """A ledger as it is judged, and what is true of it: role, guilt and group by account number."""

    name: str
    history: History
    seen: Sequence[Seen]
    exchanges: frozenset[int]
    given: frozenset[str]
    roles: tuple[str, ...]
    guilty: tuple[bool, ...]
    groups: tuple[str, ...]


class Asked(NamedTuple):
    """A world to be made. ``author`` is ours (`payments simulate`) or a file of `payments_designs`, whose
    worlds have no evasion to choose; ``without`` names some of `LISTS`, joined by ``+``."""

    author: str
    seed: int
    evasion: str = "some"
    days: int = 14
    accounts: int = 5000
    guilty: float = 0.02
    currency: str = "CNY"
    without: str = ""

    @property
    def name(self) -> str:
        return f"{self.author}-{self.seed}-{self.evasion}-{self.days}"


def simulate(asked: Asked, folder: Path) -> None:
    """Write a world where there is none yet."""
    if (folder / "labels.csv").exists():
        return
    command = [sys.executable, "-m", "ringfence.interfaces.cli.main", "payments", "simulate", "--json"]
    options = {"out": folder, "seed": asked.seed, "days": asked.days, "accounts": asked.accounts,
               "guilty": asked.guilty, "currency": asked.currency}  # fmt: skip
    if asked.author == "ours":
        options["evasion"] = asked.evasion
    else:
        command = [sys.executable, str(_DESIGNS / f"{asked.author}.py")]
    texts = [text for name, value in options.items() for text in (f"--{name}", str(value))]
    subprocess.run([*command, *texts], check=True, stdout=subprocess.DEVNULL)


def made(asked: Asked, worlds: Path, kept: Path) -> World:
    """A world, simulated and watched where that was not done before."""
    folder = worlds / asked.name
    simulate(asked, folder)
    return watched(folder, asked.without.split("+") if asked.without else [], kept)


def watched(folder: Path, without: Sequence[str], kept: Path) -> World:
    """A generated world, watched by the online engine, ``without`` some of `LISTS`."""
    path = kept / f"{folder.name}_{'+'.join(without)}.pickle"
    if path.exists():
        made: World = pickle.loads(path.read_bytes())
        return made
    place = Path(tempfile.mkdtemp(prefix="ringfence-world-"))
    try:
        rules = load_rules()
        ledger = open_ledger([folder / "transactions.parquet"])
        exchanges = read_exchange_accounts(folder / "exchange_accounts.csv", ledger)
        contacts = read_contacts(folder / "contacts.csv", ledger)
        signed = sign(
            ledger, rules, outside_of(exchanges, contacts, read_prices(folder / "prices.csv")), place
        )
        blind(signed, without)
        with (folder / "labels.csv").open(encoding="utf-8") as file:
            truth = {row["account"]: row for row in csv.DictReader(file)}
        told = [truth[ledger.name_of(number)] for number in range(ledger.accounts)]
        made = World(
            path.stem, history_of(signed, rules, ledger.accounts), monitor(signed, rules, "online"),
            frozenset(() if "exchanges" in without else exchanges), frozenset(LISTS) - frozenset(without),
            tuple(row["role"] for row in told), tuple(row["guilty"] == "1" for row in told),
            tuple(row["group"] for row in told),
        )  # fmt: skip
    finally:
        shutil.rmtree(place)
    kept.mkdir(parents=True, exist_ok=True)
    path.write_bytes(pickle.dumps(made))
    return made


def blind(signed: Signed, without: Sequence[str]) -> None:
    """Take away what some lists or columns would have shown."""
    if not without:
        return
    table = pq.read_table(signed.path)
    for name in (column for one in without for column in _SIGNS[one]):
        at = table.schema.get_field_index(name)
        nothing = np.zeros(table.num_rows, table[name].to_numpy().dtype)
        table = table.set_column(at, table.schema.field(at), pa.array(nothing))
    pq.write_table(table, signed.path)
