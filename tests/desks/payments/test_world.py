"""Worlds: the same seed the same bytes, money conserved, every account labelled, every design there."""

from __future__ import annotations

import csv
import hashlib
import json
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from ringfence.core.errors import InputError
from ringfence.desks.payments.world.amounts import parts
from ringfence.desks.payments.world.draw import Draw, family_of
from ringfence.desks.payments.world.flows import CHANNELS, HOUR
from ringfence.desks.payments.world.memos import TEXTS
from ringfence.desks.payments.world.simulate import Asked, Made, simulate
from ringfence.desks.payments.world.truth import DEALERS
from ringfence.interfaces.cli.payments import command

GUILTY = {
    *DEALERS, "pool_collector", "pool_hop", "pool_apex", "structurer", "wash_trader", "dealer_relative",
}  # fmt: skip
HONEST = {
    "arcade", "bank", "biller", "chain_office", "chain_till", "charity", "coin_buyer", "dues_collector",
    "employer", "exchange_user", "gig_platform", "gig_worker", "grocer", "group_buyer", "lender",
    "marketplace", "night_kitchen", "night_stall", "online_seller", "person", "property_buyer",
    "property_seller", "purchasing_agent", "red_packet_player", "rent_collector", "restaurant",
    "salary_passer", "school", "seasonal_trader", "second_hand_seller", "shop_owner", "student", "tea_shop",
    "ticket_agent", "topup_reseller", "trade_firm", "wholesaler",
}  # fmt: skip
SMALL = Asked(3, accounts=800, days=3, guilty=0.03)


@dataclass
class Read:
    """A world as read back."""

    folder: Path
    made: Made
    columns: dict[str, Any]
    labels: dict[str, dict[str, str]]

    def role(self, *wanted: str) -> set[str]:
        return {name for name, label in self.labels.items() if label["role"] in wanted}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read(folder: Path, made: Made) -> Read:
    table = pq.read_table(folder / "transactions.parquet")
    columns = {name: table[name].to_pylist() for name in table.column_names if name != "ts"}
    columns["ts"] = table["ts"].cast("int64").to_numpy().tolist()
    labels = {row["account"]: row for row in rows(folder / "labels.csv")}
    return Read(folder, made, columns, labels)


@pytest.fixture(scope="module", params=[(5, "some"), (1005, "hard")], ids=["development", "reporting"])
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Read:
    seed, evasion = request.param
    folder = tmp_path_factory.mktemp("world") / "made"
    return read(folder, simulate(Asked(seed, accounts=3000, days=8, guilty=60, evasion=evasion), folder))


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_the_same_seed_gives_the_same_bytes_and_another_does_not(kind: Any, tmp_path: Path) -> None:
    asked = replace(SMALL, format=kind)
    for name, seed in (("a", 3), ("b", 3), ("c", 4)):
        simulate(replace(asked, seed=seed), tmp_path / name)
    first, second, other = (digests(tmp_path / name) for name in "abc")
    assert first == second
    assert set(first) == {
        f"transactions.{kind}", "labels.csv", "balances.csv", "prices.csv", "exchange_accounts.csv",
        "contacts.csv", "README.md",
    }  # fmt: skip
    assert all(first[name] != other[name] for name in first)


def test_both_formats_hold_the_same_payments(tmp_path: Path) -> None:
    made = simulate(SMALL, tmp_path / "p")
    simulate(replace(SMALL, format="csv"), tmp_path / "c")
    kept = read(tmp_path / "p", made).columns
    text = rows(tmp_path / "c" / "transactions.csv")
    assert len(text) == made.transactions == len(kept["seq"])
    for name in ("tx_id", "payer", "payee", "currency", "channel", "memo"):
        assert [row[name] for row in text] == kept[name]
    assert [int(row["amount_minor"]) for row in text] == kept["amount_minor"]
    stamps = [datetime.fromisoformat(row["ts"]) for row in text]
    assert [round(stamp.timestamp() * 1000) for stamp in stamps] == kept["ts"]
    assert all(row["ts"].endswith("Z") for row in text)


def test_every_column_is_valid_and_ordered(world: Read) -> None:
    c = world.columns
    n = len(c["seq"])
    assert n == world.made.transactions > 30_000
    assert c["seq"] == list(range(n)) and len(set(c["tx_id"])) == n
    ts = np.asarray(c["ts"])
    assert (np.diff(ts) >= 0).all()
    first = datetime(2026, 3, 2, tzinfo=ZoneInfo("Asia/Shanghai")).timestamp() * 1000
    assert first <= ts[0] and ts[-1] < first + 8 * 24 * HOUR
    assert min(c["amount_minor"]) > 0 and max(c["amount_minor"]) <= 10**15
    assert all(payer != payee for payer, payee in zip(c["payer"], c["payee"], strict=True))
    assert set(c["currency"]) == {"CNY"}
    assert {"scan_code", "transfer"} <= set(c["channel"]) <= set(CHANNELS)
    assert set(c["memo"]) <= set(TEXTS) and {"", "USDT", "抹茶拿铁", "游戏币", "货款"} <= set(c["memo"])


def test_ties_in_time_occur_in_batches(world: Read) -> None:
    wages = Counter()
    for ts, payer in zip(world.columns["ts"], world.columns["payer"], strict=True):
        if world.labels[payer]["role"] in ("employer", "marketplace", "gig_platform"):
            wages[ts, payer] += 1
    assert max(wages.values()) >= 20


def test_nobody_pays_what_it_has_not_and_nobody_needs_a_fortune(world: Read) -> None:
    balance = {row["account"]: int(row["opening_minor"]) for row in rows(world.folder / "balances.csv")}
    assert set(balance) == set(world.labels) and min(balance.values()) >= 0
    opening = dict(balance)
    c = world.columns
    for payer, payee, amount in zip(c["payer"], c["payee"], c["amount_minor"], strict=True):
        balance[payer] -= amount
        balance[payee] += amount
        assert balance[payer] >= 0, world.labels[payer]
    rich = world.role("bank", "exchange")
    assert sum(opening.values()) == sum(balance.values())
    assert max(value for name, value in opening.items() if name not in rich) < 3_000_000_00 * 10
    people = sorted(opening[name] for name in world.role("person", "student", "coin_buyer"))
    assert people[len(people) // 2] < 30_000_00 and people[int(len(people) * 0.99)] < 500_000_00


def test_labels_are_complete(world: Read) -> None:
    c = world.columns
    assert len(world.labels) == 3000 == len(rows(world.folder / "labels.csv"))
    assert set(c["payer"]) | set(c["payee"]) <= set(world.labels)
    for label in world.labels.values():
        assert (label["guilty"] == "1") == (label["role"] in GUILTY), label
        assert bool(label["since"]) == (label["guilty"] == "1")
    guilty = sum(label["guilty"] == "1" for label in world.labels.values())
    assert guilty == world.made.guilty
    asleep = len(world.role("sleeper"))
    assert guilty + asleep == 60 and asleep < 12
    assert all(world.labels[name]["group"] for name in world.role("pool_collector", "pool_hop", "pool_apex"))


def test_the_guilty_are_few_unless_asked_otherwise() -> None:
    asked = Asked(1)
    assert asked.quota <= 0.02 * asked.accounts


def test_each_design_occurs_and_trades(world: Read) -> None:
    busy = set(world.columns["payer"]) | set(world.columns["payee"])
    there = Counter(world.labels[name]["role"] for name in busy)
    assert set(there) >= GUILTY | HONEST
    assert set(there) - GUILTY - HONEST == {"exchange"} | (set(there) & {"sleeper"})


def test_a_pool_forwards_what_it_is_paid_over_hops_to_its_apex(world: Read) -> None:
    pool, hop = world.role("pool_collector"), world.role("pool_hop", "pool_apex")
    paid, passed, onward = Counter(), Counter(), Counter()
    c = world.columns
    for payer, payee, amount in zip(c["payer"], c["payee"], c["amount_minor"], strict=True):
        if payee in pool:
            paid[payee] += amount
        if payer in pool and payee in hop:
            passed[payer] += amount
            assert world.labels[payer]["group"] == world.labels[payee]["group"]
        if payer in hop and world.labels[payee]["role"] in ("pool_hop", "pool_apex", "exchange"):
            onward[payer] += amount
    assert sum(passed.values()) > 0.4 * sum(paid.values())
    assert set(onward) >= world.role("pool_apex")


def test_customers_of_dealers_are_honest_people(world: Read) -> None:
    dealer, customers = world.role(*DEALERS), set()
    for payer, payee in zip(world.columns["payer"], world.columns["payee"], strict=True):
        if payee in dealer and world.labels[payer]["guilty"] == "0":
            customers.add(payer)
    assert len(customers) > 100 and len(world.role("coin_buyer") & customers) > 50


def test_hard_negatives_look_like_what_they_are_not(world: Read) -> None:
    same, night, value = defaultdict(Counter), Counter(), Counter()
    c = world.columns
    tea, kitchen = world.role("tea_shop"), world.role("night_kitchen")
    for ts, payee, amount, channel in zip(c["ts"], c["payee"], c["amount_minor"], c["channel"], strict=True):
        if payee in tea and channel == "scan_code":
            same[payee][amount, ts // (24 * HOUR)] += 1
        if payee in kitchen:
            value[payee] += amount
            if (ts // HOUR + 8) % 24 < 5:
                night[payee] += amount
    assert sum(max(found.values()) >= 50 for found in same.values()) >= len(tea) / 3
    assert any(night[name] > 0.5 * value[name] for name in kitchen)


def test_lists_are_never_complete_and_one_is_wrong_here_and_there(world: Read) -> None:
    listed = {row["account"] for row in rows(world.folder / "exchange_accounts.csv")}
    assert listed and listed < world.role("exchange")
    contacts = {row["account"] for row in rows(world.folder / "contacts.csv")}
    dealer = world.role(*DEALERS)
    assert contacts & dealer and dealer - contacts
    assert {world.labels[name]["guilty"] for name in contacts - dealer - world.role("sleeper")} == {"0"}


def test_prices_are_hourly_and_cover_the_world(world: Read) -> None:
    found = defaultdict(list)
    for row in rows(world.folder / "prices.csv"):
        found[row["asset"]].append((datetime.fromisoformat(row["ts"]), float(row["price"])))
    assert set(found) == {"USDT", "BTC"}
    for series in found.values():
        assert series[0][0].timestamp() * 1000 <= world.columns["ts"][0]
        assert series[-1][0].timestamp() * 1000 + HOUR > world.columns["ts"][-1]
        assert {(b[0] - a[0]).seconds for a, b in pairwise(series)} == {3600}
    assert all(6.5 < price < 8 for _, price in found["USDT"])


def test_reporting_seeds_draw_from_other_ranges() -> None:
    def ranges(seed: int) -> tuple[float, float]:
        draw = Draw(seed, family_of(seed)).about("otc_dealer_small")
        draw.share("fee", 0.0, 0.03, 5)
        draw.scale("trades_a_day", 5, 15, 5)
        return draw.kept[1].low, draw.kept[1].high

    assert ranges(1) == ranges(99) == pytest.approx((5, 15))
    many = [ranges(seed) for seed in range(1001, 1021)]
    assert len(set(many)) == 20
    assert all(low < 5 or high > 15 for low, high in many)
    assert {family_of(1), family_of(99)} == {"development"} and family_of(1001) == "reporting"


def test_evasion_mixes_in_daily_life(tmp_path: Path) -> None:
    spend = {}
    for level in ("none", "hard"):
        asked = replace(SMALL, guilty=0.05, evasion=level)  # type: ignore[arg-type]
        found = read(tmp_path / level, simulate(asked, tmp_path / level))
        guilty = {name for name, label in found.labels.items() if label["guilty"] == "1"}
        shops = found.role("grocer", "restaurant", "tea_shop", "arcade", "night_stall")
        pairs = zip(found.columns["payer"], found.columns["payee"], strict=True)
        spend[level] = len({payer for payer, payee in pairs if payer in guilty and payee in shops})
    assert spend["none"] == 0 < spend["hard"]


def test_long_worlds_have_accounts_that_wake_up(tmp_path: Path) -> None:
    found = read(tmp_path / "w", simulate(Asked(7, accounts=800, days=48, guilty=0.05), tmp_path / "w"))
    seen = defaultdict(set)
    for ts, payer, payee in zip(*(found.columns[name] for name in ("ts", "payer", "payee")), strict=True):
        seen[payer].add(ts // (24 * HOUR))
        seen[payee].add(ts // (24 * HOUR))
    quiet = {
        found.labels[name]["role"] for name, days in seen.items()
        if len(days) > 1 and max(np.diff(sorted(days))) > 30
    }  # fmt: skip
    assert {"pool_collector", "seasonal_trader"} <= quiet


def test_a_world_without_guilt(tmp_path: Path) -> None:
    found = read(tmp_path / "w", simulate(replace(SMALL, guilty=0), tmp_path / "w"))
    assert {label["guilty"] for label in found.labels.values()} == {"0"}
    assert any(label["role"] == "exchange" for label in found.labels.values())


def test_parts_sum_to_the_whole() -> None:
    total = np.asarray([1, 99, 100_00, 123_456_789])
    of, sums = parts(np.random.default_rng(1), total, np.asarray([1, 1, 3, 7]))
    assert np.bincount(of, sums).tolist() == total.tolist() and (sums >= 0).all()


@pytest.mark.parametrize(
    "change",
    [
        {"seed": 0}, {"seed": 500}, {"accounts": 10}, {"days": 0}, {"guilty": 0.5}, {"guilty": 1.5},
        {"guilty": -1}, {"guilty": float("nan")}, {"tz": "Mars/Base"}, {"start": date(9999, 12, 31)},
        {"currency": "XXX"},
    ],
)  # fmt: skip
def test_bad_wishes_are_refused_before_anything_is_written(change: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(InputError) as raised:
        simulate(replace(SMALL, **change), tmp_path / "w")
    assert raised.value.hint and not (tmp_path / "w").exists()


def test_the_command(tmp_path: Path) -> None:
    words = ["simulate", "--out", str(tmp_path / "w"), "--seed", "9", "--accounts", "800", "--days", "2",
             "--format", "csv", "--start", "2025-01-01", "--tz", "UTC", "--json"]  # fmt: skip
    ended = CliRunner().invoke(command, words, standalone_mode=False)
    assert ended.exit_code == 0, ended.output
    said = json.loads(ended.stdout)
    text = rows(tmp_path / "w" / "transactions.csv")
    assert said["transactions"] == len(text) and said["accounts"] == 800
    days = {datetime.fromisoformat(row["ts"]).astimezone(UTC).date() for row in text}
    assert days == {date(2025, 1, 1), date(2025, 1, 2)}
    again = CliRunner().invoke(command, words, standalone_mode=False)
    assert isinstance(again.exception, InputError) and "not empty" in again.exception.message
