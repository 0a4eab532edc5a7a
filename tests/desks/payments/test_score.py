"""Accounts, built by hand: honest trade that looks like dealing must stay silent, dealing must not."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from ringfence.core.errors import InputError
from ringfence.desks.payments.counterparties import counterparties, share
from ringfence.desks.payments.indicators import COMPANY, LISTS, OWN, History, company, own
from ringfence.desks.payments.lists import read_exchange_accounts, read_prices
from ringfence.desks.payments.monitor import monitor
from ringfence.desks.payments.read import open_ledger
from ringfence.desks.payments.recommend import HALTS, is_customer, recommend
from ringfence.desks.payments.rules import load_rules
from ringfence.desks.payments.score import _words, history_of
from ringfence.desks.payments.scored import scored
from ringfence.desks.payments.signed import outside_of, sign
from ringfence.desks.payments.trees import LEAF
from ringfence.desks.payments.weights import Layer, bundled, load_weights, score

BEGIN = datetime(2026, 3, 2, tzinfo=UTC)
DAYS = 10
RULES = load_rules()
HONEST = ("tea", "biller", "employer", "market", "group", "bazaar", "owner", "buyer", "user")


class Town:
    """Payments as somebody would write them down; ``rate`` is the price of a coin in CNY."""

    def __init__(self) -> None:
        self.random = np.random.default_rng(5)
        self.rows: list[tuple[datetime, str, str, float, str, str]] = []
        self.rate = 7.2

    def pay(self, day: int, hour: float, payer: str, payee: str, amount: float, channel="transfer", memo=""):
        at = BEGIN + timedelta(days=int(day), hours=float(hour))
        self.rows.append((at, payer, payee, round(amount, 2), channel, memo))

    def anyone(self, among: int = 400, of: str = "p") -> str:
        return f"{of}{self.random.integers(among)}"

    def hour(self, low: float = 1, high: float = 13) -> float:
        return float(self.random.uniform(low, high))


def honest(town: Town) -> None:
    r = town.random
    for number in range(400):  # daily life
        for _ in range(8):
            town.pay(r.integers(DAYS), town.hour(), f"p{number}", town.anyone(), r.uniform(5, 300))
    for day in range(DAYS):
        for _ in range(200):  # hundreds of one price, swept to the owner
            town.pay(day, town.hour(4, 13), town.anyone(), "tea", r.choice([15.0, 18.0]), "scan", "milk tea")
        town.pay(day, 14, "tea", "owner", 3200)
        for _ in range(30):
            town.pay(day, town.hour(), town.anyone(), "biller", r.lognormal(4.4, 0.6), memo="electricity")
        town.pay(day, 15, "biller", "bank", 2500)
        taken = 0.0
        for _ in range(80):  # sellers are paid within the hour
            amount = float(r.lognormal(4, 0.8))
            taken += amount
            town.pay(day, town.hour(2, 6), town.anyone(), "market", amount, memo="order")
        for at in range(12):
            town.pay(day, 6.5 + at / 100, "market", f"seller{r.integers(30)}", taken * 0.96 / 12)
        if day % 3 == 0:
            for at in range(40):  # one rush for one thing
                town.pay(day, 10 + at / 50, f"p{at}", "group", 49.0, "scan", "fruit")
            town.pay(day, 12, "group", "supplier", 40 * 45.0, memo="fruit")
    town.pay(4, 1, "client", "employer", 410_000)
    for at in range(60):
        town.pay(4, 3, "employer", f"p{at}", 6500 + 10 * at, memo="salary")
    for at in range(3):  # somebody's own money
        town.pay(5 + at, 4, "p1", "user", 3000)
        town.pay(5 + at, 12, "user", "exchange", 800)
        town.pay(2 + at, 4, f"p{at}", "buyer", 900)
        town.pay(2 + at, 9, "buyer", "dealer", round(100 * town.rate))
    for at in range(60):
        town.pay(at % DAYS, town.hour(), town.anyone(), "bazaar", r.uniform(20, 90), "scan")


def guilty(town: Town) -> None:
    r = town.random
    for day in range(DAYS):
        taken = 0.0
        for _ in range(18):  # sells coins to many at one spread, then buys as many
            coins = int(r.choice([100, 200, 300, 500, 700, 800, 1000]))
            amount = coins * town.rate * 1.01 * (1 + 0.0004 * day)
            taken += amount
            town.pay(day, town.hour(2, 8), f"c{r.integers(120)}", "dealer", amount)
        town.pay(day, 8.5, "dealer", "exchange", taken * 0.985)
        pooled = 0.0
        for collector in range(5):  # codes that are shown in turn, and what they got goes up at once
            got = 0.0
            for at in range(14):
                amount = float(r.choice([500, 800, 1000]))
                got += amount
                town.pay(day, 3 + collector / 10 + at / 60, f"g{r.integers(200)}", f"code{collector}", amount,
                         "scan")  # fmt: skip
            town.pay(day, 3.4 + collector / 10, f"code{collector}", "hop", got * 0.98)
            pooled += got * 0.98
        town.pay(day, 4.2, "hop", "apex", pooled * 0.99)
        town.pay(day, 5, "apex", "exchange", pooled * 0.98)


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    town = Town()
    honest(town)
    guilty(town)
    folder = tmp_path_factory.mktemp("town")
    with (folder / "payments.csv").open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(("tx_id", "ts", "payer", "payee", "amount_minor", "currency", "channel", "memo"))
        for number, (at, payer, payee, amount, channel, memo) in enumerate(sorted(town.rows)):
            out.writerow((number, at.isoformat(), payer, payee, round(amount * 100), "CNY", channel, memo))
    (folder / "exchanges.csv").write_text("account,name\nexchange,Example\n")
    prices = [
        f"{BEGIN + timedelta(hours=hour):%Y-%m-%dT%H:%M:%SZ},USDT,CNY,{7.2 * (1 + 0.0004 * (hour // 24)):.4f}"
        for hour in range(24 * DAYS)
    ]
    (folder / "prices.csv").write_text("ts,asset,quote,price\n" + "\n".join(prices) + "\n")
    with open_ledger([folder / "payments.csv"]) as ledger:

        def by(outside):
            (place := folder / str(len(list(folder.iterdir())))).mkdir()
            signed = sign(ledger, RULES, outside, place)
            whole = scored(ledger, signed, monitor(signed, RULES), outside, RULES, "duckdb")
            return {ledger.name_of(one.account): one for one in whole}

        listed = read_exchange_accounts(folder / "exchanges.csv", ledger)
        known = outside_of(listed, None, read_prices(folder / "prices.csv"))
        yield {"all": by(known), "nothing": by(outside_of()), "accounts": ledger.accounts}


@pytest.mark.parametrize("name", HONEST)
@pytest.mark.parametrize("lists", ["all", "nothing"])
def test_honest_trade_is_left_alone(judged, name, lists):
    one = judged[lists][name]
    assert one.recommend == "none", (one.score, [reason.words for reason in one.reasons[:6]])


def test_a_dealer_and_a_pool_are_found(judged):
    found = judged["all"]
    assert found["dealer"].recommend in HALTS
    assert found["hop"].recommend in HALTS
    assert found["apex"].recommend != "none"
    assert all(found[f"code{at}"].recommend != "none" for at in range(5))
    assert {"exchange_match", "pass_through"} & set(found["dealer"].typologies)


def test_nobody_else_is_halted(judged):
    named = {"dealer", "hop", "apex", *(f"code{at}" for at in range(5))}
    assert {name for name, one in judged["all"].items() if one.recommend in HALTS} <= named


def test_customers_are_no_dealers(judged):
    customers = [one for name, one in judged["all"].items() if name[0] in "cg" and name[1:].isdigit()]
    assert len(customers) > 200
    assert {one.recommend for one in customers} == {"none"}


def test_every_account_once_and_a_listed_exchange_is_not_judged(judged):
    found = judged["all"]
    assert len(found) == judged["accounts"]
    assert found["exchange"].recommend == "none"
    assert "register" in found["exchange"].note
    assert all(0 <= one.score <= 1000 for one in found.values())


def test_reasons_are_told_in_words_and_add_up(judged):
    dealer = judged["all"]["dealer"]
    assert len({reason.kind for reason in dealer.reasons}) >= 2
    assert all(reason.points > 0 for reason in dealer.reasons)
    assert all(reason.points < 0 for reason in dealer.against)
    assert list(dealer.rows) == sorted(set(dealer.rows.tolist())) != []
    assert not any("{" in reason.words for reason in dealer.reasons)


def test_what_is_not_known_is_told_as_such(tmp_path):
    """Six receipts and one payment a few minutes later: nothing is said of a whole day, or of no size."""
    file = tmp_path / "few.csv"
    rows = [f"r{n},2026-03-02T10:0{n}:00Z,p{n},dealer,{300_000 + n},CNY" for n in range(6)]
    rows.append("x,2026-03-02T10:20:00Z,dealer,e,1800000,CNY")
    file.write_text("tx_id,ts,payer,payee,amount_minor,currency\n" + "\n".join(rows) + "\n")
    with open_ledger([file]) as ledger:
        signed = sign(ledger, RULES, outside_of(None, None, None), tmp_path)
        values = own(history_of(signed, RULES, ledger.accounts), [])
        dealer = ledger.number_of("dealer")
    mine = {one.name: int(values[one.name][dealer]) for one in OWN}
    said = {one.name: _words(one, mine[one.name]) for one in OWN}
    for name in ("stays", "lots", "busiest", "top_hour"):
        assert said[name].startswith("too few "), name
    assert said["mean"] == f"a receipt is of {mine['mean']} CNY on average" and mine["mean"] == 3000
    assert said["different"] == "100 % of its receipts are of different sums"


def test_one_kind_of_evidence_never_suffices():
    values = {one.name: 0 for one in (*OWN, *COMPANY)} | {"payers": 50}
    cuts = bundled().cuts
    assert recommend(1000, {"signs": 9000}, {"memo", "night"}, values, cuts) == "none"
    assert recommend(1000, {"signs": 9000, "sums": 9000}, {"memo", "night"}, values, cuts) == "review"
    strong = {"flow": 3000, "payers": 3000, "settlement": 3000}
    assert recommend(1000, strong, {"pass_through"}, values, cuts) == "refuse"
    assert recommend(1000, strong, {"pass_through", "exchange_match"}, values, cuts) == "exit"
    assert recommend(1000, strong, {"pass_through"}, values | {"payers": 1}, cuts) == "review"


def test_of_a_few_payments_nothing_is_recommended(tmp_path):
    """Two accounts that pay each other look like a ring."""
    for times in (1, 2, 3):
        rows = [(at, *pair) for at in range(times) for pair in (("a", "b"), ("b", "a"))]
        path = tmp_path / f"{times}.csv"
        path.write_text(
            "tx_id,ts,payer,payee,amount_minor,currency\n"
            + "".join(f"{n},{BEGIN + timedelta(hours=at):%Y-%m-%dT%H:%M:%SZ},{payer},{payee},90000,CNY\n"
                      for n, (at, payer, payee) in enumerate(rows))
        )  # fmt: skip
        with open_ledger([path]) as ledger:
            (place := tmp_path / str(times)).mkdir()
            outside = outside_of()
            signed = sign(ledger, RULES, outside, place)
            found = scored(ledger, signed, monitor(signed, RULES), outside, RULES, "online")
        if times < 3:
            assert {one.recommend for one in found} == {"none"}
        assert max(one.score for one in found) >= bundled().cuts["review"]


def test_who_handles_nobody_elses_money_and_pays_where_suspects_pay_is_a_customer():
    values = {one.name: 0 for one in (*OWN, *COMPANY)} | {"payers": 1, "siblings": 400}
    assert is_customer(values)
    assert is_customer(values | {"siblings": 0, "to_suspects": 600, "seen_night": 1000})
    assert not is_customer(values | {"seen_night": 1000})
    assert not is_customer(values | {"payers": 5})


def test_company_leaves_an_account_itself_out():
    pairs = {
        "payer": np.array([0, 1, 2, 2]),
        "payee": np.array([3, 3, 3, 4]),
        "times": np.array([1, 1, 1, 1]),
        "value": np.array([100, 100, 200, 50]),
    }
    profile = {name: np.zeros(5, np.int64) for name in ("gave", "got", "payers")} | {"account": np.arange(5)}
    profile["gave"][:3] = (100, 100, 250)
    profile["got"][3:] = (400, 50)
    profile["payers"][3:] = (6, 1)
    suspects = np.array([False, False, False, True, False])
    found = company(History(5, profile, pairs), suspects, set())
    assert found["to_suspects"].tolist() == [1000, 1000, 800, 0, 0]
    assert found["shared"][3] == 0  # that they pay it is not held against it
    assert found["siblings"].tolist() == [0, 0, 0, 0, 0]


def test_money_that_comes_back_and_rings():
    pairs = {
        "payer": np.array([0, 1, 2, 3, 4]),
        "payee": np.array([1, 0, 3, 4, 2]),
        "times": np.array([5, 3, 1, 1, 1]),
        "value": np.array([1000, 900, 70, 80, 90]),
    }
    zeros = (
        "receipts payments got payers payees once top_payee amounts top_amount from_exchange to_exchange "
        "scans nights words neutral written days worth same_day both once_got hundreds coin_in coin_out "
        "sums_out held held_of hours top_hour busiest"
    ).split()
    profile = {name: np.zeros(5, np.int64) for name in zeros} | {"account": np.arange(5)}
    profile["gave"] = np.array([1000, 900, 100, 80, 90])
    found = own(History(5, profile, pairs), [])
    assert found["returned"].tolist() == [900, 1000, 0, 0, 0]
    assert found["turns"].tolist() == [3, 3, 0, 0, 0]
    assert found["ring"].tolist() == [1000, 1000, 700, 700, 700]


def test_what_is_paid_here_is_held_against_what_is_paid_elsewhere():
    """0 pays 3 ten times what it pays others; 1 pays everybody alike; of 2 too little is known."""
    pairs = {
        "payer": np.array([0, 0, 1, 1, 2, 0]),
        "payee": np.array([3, 4, 3, 4, 3, 1]),
        "times": np.array([2, 3, 3, 3, 1, 1]),
        "value": np.array([2000, 300, 300, 300, 500, 100]),
    }
    names = ("receipts", "payments", "got", "gave", "payers", "payees")
    profile = {name: np.zeros(5, np.int64) for name in names}
    profile["payments"][:3] = (6, 6, 1)
    profile["gave"][:3] = (2400, 600, 500)
    profile["receipts"][[1, 3, 4]] = (1, 6, 6)
    profile["got"][[1, 3, 4]] = (100, 2800, 600)
    found = counterparties(5, profile, pairs, np.full(5, 1440))
    assert found["unusual_in"].tolist() == [0, 0, 0, 0, 0]  # two payers are too few
    assert found["top_payer"].tolist() == [0, 0, 0, 714, 500]
    more = {name: np.append(values, values[:1]) for name, values in pairs.items()}
    more["payer"][-1] = 5
    profile = {name: np.append(values, values[0]) for name, values in profile.items()}
    found = counterparties(6, profile, more, np.full(6, 1440))
    assert found["unusual_in"][3] == 571  # four of the seven receipts whose payers are known
    assert found["unusual_out"].tolist() == [0] * 6


def test_money_that_goes_on_at_once_stays_briefly(tmp_path):
    rows = [("a", 0, "p1", "hold", 1000), ("b", 60, "hold", "x", 1000), ("c", 120, "p2", "hold", 1000),
            ("d", 150, "hold", "x", 1000), ("e", 180, "p3", "hold", 1000), ("f", 210, "hold", "x", 1000),
            ("g", 0, "p1", "keep", 500), ("h", 600, "p2", "keep", 500), ("i", 660, "p3", "keep", 500),
            ("j", 720, "keep", "x", 100), ("k", 730, "keep", "x", 100),
            ("l", 740, "keep", "x", 100)]  # fmt: skip
    lines = ["tx_id,ts,payer,payee,amount_minor,currency"] + [
        f"{name},{BEGIN + timedelta(minutes=at):%Y-%m-%dT%H:%M:%SZ},{payer},{payee},{amount * 100},CNY"
        for name, at, payer, payee, amount in rows
    ]
    (tmp_path / "few.csv").write_text("\n".join(lines) + "\n")
    with open_ledger([tmp_path / "few.csv"]) as ledger:
        signed = sign(ledger, RULES, outside_of(), tmp_path)
        found = own(history_of(signed, RULES, ledger.accounts), [])
        stays = {ledger.name_of(at): int(value) for at, value in enumerate(found["stays"])}
    assert stays["hold"] == (60 + 30 + 30) // 3
    # 500 from the first minute on, 500 and 500 later, less what was paid, until the day ends.
    area = 500 * 600 + 1000 * 60 + 1500 * 60 + 1400 * 10 + 1300 * 10 + 1200 * (1440 - 740)
    # A place within the millisecond can take a minute off.
    assert area // 1500 - 1 <= stays["keep"] <= area // 1500


LAYER = Layer(("missing:prices", "payers", "stays"), (
    ((1, LEAF, 2, LEAF, LEAF), (3, 0, 60, 0, 0), (2, 0, 4, 0, 0), (-100, -300, 50, 400, -50)),
    ((0, LEAF, LEAF), (1, 0, 0), (2, 0, 0), (7, 5, 10)),
))  # fmt: skip


def test_trees_ask_and_what_they_say_adds_up():
    values = {"payers": np.array([2, 3, 9]), "stays": np.array([10, 59, 60])}
    points, logits = LAYER.points(values, frozenset(LISTS))
    assert logits.tolist() == [-300 + 5, 400 + 5, -50 + 5]
    assert points["payers"].tolist() == [-200, 150, 150]
    assert points["stays"].tolist() == [0, 350, -100]
    assert (sum(points.values()) - 100 + 7).tolist() == logits.tolist()
    assert LAYER.logits(values, frozenset()).tolist() == [-290, 410, -40]


@pytest.mark.parametrize("asked", [(1, LEAF), (9, LEAF, LEAF), (1, 1, LEAF), (1, LEAF, 1)])
def test_trees_that_would_never_end_are_refused(asked):
    rows = (asked, (0,) * len(asked), (2,) * len(asked), (0,) * len(asked))
    with pytest.raises(ValueError, match="tree 0"):
        Layer(LAYER.names, (rows,)).check()
    LAYER.check()


def test_shares_do_not_overflow():
    big = np.array([10**18, 5 * 10**17, 0])
    assert share(big, np.array([10**18, 10**18, 0])).tolist() == [1000, 500, 0]


def test_scores_are_probabilities_in_thousandths():
    assert score(np.array([0, 10**6, -(10**6), 1000, -1000])) == [500, 1000, 0, 731, 269]


def test_weights_have_a_digest_and_bad_ones_are_refused(tmp_path):
    assert bundled().digest.startswith("sha256:")
    for text in ("{", "[]", '{"version": "1"}'):
        (path := tmp_path / "weights.json").write_text(text)
        with pytest.raises(InputError):
            load_weights(path)
    with pytest.raises(InputError):
        load_weights(tmp_path / "none.json")
