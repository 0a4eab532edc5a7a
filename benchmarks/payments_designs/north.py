# SPDX-License-Identifier: Apache-2.0
"""Labelled payment worlds: mobile-wallet China, 2018-2024, small towns, many small payers.

An event-driven economy. Every account has a balance that cannot go below zero (banks excepted); payments
wait, shrink or fall away when there is no money. Honest and guilty designs share the same machinery for
passing money upward (`pass_up`), with overlapping ranges, so that no rhythm by itself tells guilt; what does
tell is where the money comes from, where it ends, and what is missing (suppliers, goods, an own life).

Guilty: see `@guilty` functions. Honest: see `@honest` functions and `live` (ordinary people).

Hard or impossible to tell from payments alone (stated so that nobody expects perfection):
  * `brick_mover` with few trades against an ordinary coin customer with many;
  * a `shop_codes` shop whose rented traffic is far smaller than its own, and late joiners of any ring;
  * `lottery_shop` (licensed) against `coin_agent_tree`: the same rhythm; only the upper end differs;
  * `slow_topup` against `topup_reseller`: the same customers and prices; only the supplier differs;
  * a straw account sold in the last two days of the window;
  * a `card_farmer` used once (a handful of receipts) against a victim or a person repaid by friends.
"""
from __future__ import annotations

import argparse
import csv
import datetime as dt
import heapq
import math
import random
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

MIN, HOUR, DAY = 60_000, 3_600_000, 86_400_000  # milliseconds
SCALE = {"CNY": 1.0, "USD": 0.15, "EUR": 0.14, "INR": 12.0, "RUB": 12.0, "NGN": 200.0, "VND": 3500.0,
        "TRY": 5.0}
NO_CENTS = {"VND", "KRW", "JPY"}
HOURS: dict[str, list[tuple[float, float, float]]] = {  # weight, mean hour, spread: local time
    "meal": [(3, 7.6, 0.6), (4, 12.1, 0.7), (4, 18.6, 1.0), (1, 21.0, 1.2)],
    "dawn": [(3, 6.6, 0.7), (1, 8.6, 0.5)],
    "day": [(1, 10.5, 1.5), (1, 15.5, 2.0), (0.6, 19.5, 1.5)],
    "office": [(1, 10.2, 1.0), (1, 15.3, 1.3)],
    "commute": [(1, 7.9, 0.6), (1, 18.3, 0.9), (0.4, 21.5, 1.2)],
    "evening": [(1, 20.3, 1.6)],
    "late": [(1, 22.3, 1.8), (0.6, 25.3, 1.5)],
    "any": [(1, 11, 3.0), (1, 17, 3.0), (1, 22, 2.0), (0.3, 26, 2.0)],
}
WORDS: dict[str, tuple[list[str], list[str]]] = {  # (Chinese, English)
    "plain": (["转账", "收款", "付款", "二维码收款"], ["transfer", "payment", "pay", "qr payment"]),
    "goods": (["货款", "进货", "货款尾款", "材料款", "装修", "茶叶"],
              ["goods", "stock", "balance of goods", "materials", "decorating", "tea"]),
    "food": (["早餐", "牛肉面", "抹茶拿铁", "奶茶", "盒饭"],
             ["breakfast", "noodles", "matcha latte", "tea", "lunch"]),
    "rent": (["房租", "3月房租", "押金", "水电房租"],
             ["rent", "rent march", "deposit", "rent, water"]),
    "wage": (["工资", "劳务费", "代发工资", "奖金"], ["salary", "labour", "payroll", "bonus"]),
    "family": (["生活费", "给妈", "家用", "零花钱", "爱你"],
               ["allowance", "for mum", "housekeeping", "pocket money", "love"]),
    "friend": (["饭钱", "AA", "还你", "昨晚的", "电影票"],
               ["dinner", "split", "paying back", "last night", "cinema"]),
    "gift": (["恭喜发财", "新婚快乐", "百年好合", "生日快乐"],
             ["good luck", "happy wedding", "all the best", "birthday"]),
    "dues": (["班费", "校服费", "资料费", "物业费"], ["class fee", "uniform", "printing", "management fee"]),
    "game": (["游戏币", "点券", "月卡", "代充", "648"],
             ["game coins", "points", "month card", "top-up", "648"]),
    "topup": (["话费", "充值", "话费100", "慢充"],
              ["phone credit", "recharge", "phone 100", "slow recharge"]),
    "ticket": (["车票", "机票", "演唱会", "代抢"], ["train", "flight", "concert", "ticket help"]),
    "gold": (["金条", "旧金", "纪念币", "足金"], ["gold bar", "old gold", "commemorative coin", "fine gold"]),
    "phone": (["手机", "U盘", "显卡", "二手"], ["phone", "USB stick", "graphics card", "second hand"]),
    "travel": (["团费", "换汇", "签证费", "小费"], ["tour", "currency", "visa", "tips"]),
    "give": (["随喜", "功德", "加油", "爱心捐款"], ["offering", "merit", "stay strong", "donation"]),
    "loan": (["借款", "还款", "利息", "周转"], ["loan", "repayment", "interest", "bridge"]),
    "farm": (["玉米款", "苹果", "收粮", "定金"], ["maize", "apples", "grain", "deposit"]),
    "lottery": (["大乐透", "竞彩", "刮刮乐", "合买"],
                ["lotto", "football lottery", "scratch card", "syndicate"]),
    "claim": (["报销", "差旅", "垫付", "发票"], ["expenses", "travel claim", "advance", "invoice"]),
    "coin": (["U", "usdt", "币款", "收U", "买币"], ["U", "usdt", "coins", "buying U", "coin order"]),
    "order": (["8842", "订单3391", "A17", "706253"], ["8842", "order 3391", "A17", "706253"]),
    "cover": (["货款", "借款", "还款", "装修", "茶叶"], ["goods", "loan", "repayment", "decorating", "tea"]),
    "bail": (["押金", "保证金", "续押"], ["deposit", "bond", "renew deposit"]),
    "bill": (["电费", "水费", "燃气", "宽带"], ["electricity", "water", "gas", "broadband"]),
}
PRIVATE = {"ordinary", "visitor", "coin_customer", "gambler", "victim"}
HONEST: list[tuple[str, float, Callable[["World", int], None]]] = []
GUILTY: list[tuple[str, int, int, Callable[["World", int, str], None]]] = []


def honest(weight: float) -> Callable:
    """Register an honest design; weight = its share among honest special accounts."""
    def keep(f: Callable[["World", int], None]) -> Callable:
        HONEST.append((f.__name__, weight, f))
        return f
    return keep


def guilty(lo: int, hi: int) -> Callable:
    """Register a guilty design with its smallest and largest ring."""
    def keep(f: Callable[["World", int, str], None]) -> Callable:
        GUILTY.append((f.__name__, lo, hi, f))
        return f
    return keep


@dataclass
class Rhythm:
    """How an account passes collected money on; drawn from the same ranges for honest and guilty."""
    kind: str            # once, lots, limit, random, nightly, hours, next_day
    cut: float           # share kept
    lot: int             # receipts per lot
    limit: float         # yuan that trigger "limit"
    hours: tuple[float, ...]
    delay: tuple[float, float]  # minutes
    cap: float           # largest single payment, yuan (0: none)
    step: float          # round down to this many yuan (0: cents kept)
    chan: str
    memo: tuple[str, float]


class World:
    """Accounts, balances, queue of intended payments, and the record of those made."""

    def __init__(self, seed: int, n: int, days: int, share: float, currency: str) -> None:
        self.r = random.Random(f"north-{seed}")
        self.g = np.random.default_rng([seed, 77])
        self.days, self.cur, self.n = days, currency, n
        self.scale = SCALE.get(currency, 1.0)
        self.minor = 1 if currency in NO_CENTS else 100
        self.lang = 0 if currency == "CNY" else 1
        start = dt.date(2018, 6, 1) + dt.timedelta(days=self.r.randrange(2300))
        self.date0 = start
        self.t0 = int(dt.datetime(start.year, start.month, start.day,
                tzinfo=dt.timezone.utc).timestamp() * 1000)
        self.t0 -= 8 * HOUR
        self.end = self.t0 + days * DAY
        self.role: list[str] = []
        self.bad: list[int] = []
        self.group: list[str] = []
        self.bal: list[int] = []
        self.open: list[int] = []
        self.savings: list[int] = []
        self.town: list[int] = []
        self.heap: list[tuple] = []
        self.k = 0
        self.rows: list[tuple] = []
        self.hooks: dict[int, list[Callable[[int, int, int, str], None]]] = defaultdict(list)
        self.lives: dict[int, tuple[float, int, int]] = {}
        self.contacts: list[tuple[int, str, int]] = []
        self.waits: Counter = Counter()
        self.default_memo = self.r.choice([None, None, "plain"])
        self.share = share
        self.prices()

    # -- prices, time, amounts, words
    def prices(self) -> None:
        """Hourly random walks; levels follow the year."""
        year = self.date0.year
        btc = {2018: 6500, 2019: 8500, 2020: 11000, 2021: 46000, 2022: 27000, 2023: 28000,
                2024: 63000}[year]
        level = {"USDT": self.r.uniform(6.3, 7.3), "BTC": btc * 6.9 * self.r.uniform(.8, 1.2)}
        level["ETH"] = level["BTC"] * self.r.uniform(.025, .07)
        self.px: dict[str, list[float]] = {}
        hours = self.days * 24 + 25
        for asset, vol in (("USDT", .0007), ("BTC", .006), ("ETH", .008)):
            steps = self.g.normal(0, vol, hours)
            path = np.exp(np.cumsum(steps) - (0.02 * np.arange(hours) * steps.mean()))
            self.px[asset] = [float(x * level[asset]) for x in path]

    def usdt(self, t: int) -> float:
        return self.px["USDT"][max(0, min((t - self.t0) // HOUR, len(self.px["USDT"]) - 1))]

    def at(self, day: float, prof: str) -> int:
        """A moment on a local day, after an hour profile."""
        parts = HOURS[prof]
        x = self.r.random() * sum(p[0] for p in parts)
        for wgt, mean, sd in parts:
            x -= wgt
            if x <= 0:
                break
        return self.t0 + int((int(day) * 24 + self.r.gauss(mean, sd)) * HOUR) + self.r.randrange(1000)

    def clock(self, day: int, hour: float, jitter: float = 10) -> int:
        """A fixed local hour with jitter in minutes."""
        return self.t0 + day * DAY + int(hour * HOUR + self.r.gauss(0, jitter) * MIN)

    def m(self, yuan: float) -> int:
        return max(1, round(yuan * self.scale * self.minor))

    def say(self, memo: tuple[str, float]) -> str | None:
        key, p = memo
        if self.r.random() < p:
            return self.r.choice(WORDS[key][self.lang])
        if self.default_memo and self.r.random() < .5:
            return WORDS["plain"][self.lang][3 if self.r.random() < .6 else 0]
        return None

    def pois(self, lam: float) -> int:
        return int(self.g.poisson(max(lam, 0)))

    def logn(self, med: float, s: float) -> float:
        return med * math.exp(self.r.gauss(0, s))

    # -- accounts
    def new(self, role: str, money: float = 500, savings: float = 0, bad: int = 0, group: str = "",
            town: int | None = None) -> int:
        a = len(self.role)
        self.role.append(role)
        self.bad.append(bad)
        self.group.append(group)
        self.bal.append(self.m(max(money, .01)))
        self.open.append(self.bal[-1])
        self.savings.append(self.m(savings) if savings else 0)
        self.town.append(self.r.randrange(self.towns) if town is None else town)
        return a

    def person(self, role: str, level: float = 1.0, bad: int = 0, group: str = "", town: int | None = None,
               rich: float = 1.0, until: int | None = None) -> int:
        """An account with a private life (drawn after all designs are placed)."""
        a = self.new(role, self.logn(1800 * rich, .9), self.logn(16000 * rich, 1.0), bad, group, town)
        self.lives[a] = (level * self.r.uniform(.6, 1.4), 0, self.days if until is None else until)
        return a

    def crowd(self, town: int, k: int, away: float = .15) -> list[int]:
        """k likely payers of a town, a share of them strangers."""
        home = self.by_town[town]
        out = self.visitors if self.visitors and self.r.random() < .7 else self.folk
        pick = [self.r.choice(out if self.r.random() < away else home) for _ in range(k * 2)]
        return list(dict.fromkeys(pick))[:k]

    # -- paying
    def pay(self, t: int, a: int, b: int, minor: int, chan: str | None, memo: str | None = None,
            tag: str = "",
            mode: str = "drop") -> None:
        """Intend a payment; mode: drop, shrink or wait when money is short."""
        if a != b and minor > 0 and t < self.end:
            self.k += 1
            heapq.heappush(self.heap, (max(t, self.t0 + 1), self.k, (a, b, minor, chan, memo, tag, mode)))

    def call(self, t: int, f: Callable[[int], None]) -> None:
        if t < self.end:
            self.k += 1
            heapq.heappush(self.heap, (max(t, self.t0 + 1), self.k, f))

    def run(self) -> None:
        while self.heap:
            t, _, item = heapq.heappop(self.heap)
            if callable(item):
                item(t)
            else:
                self.execute(t, *item)

    def execute(self, t: int, a: int, b: int, amt: int, chan: str | None, memo: str | None, tag: str,
                mode: str) -> None:
        short = amt - self.bal[a]
        if short > 0 and self.role[a] != "bank":
            if self.savings[a] >= short:  # card behind the wallet: fill up first, then pay
                unit = self.m(100)
                fill = min(-(-short // unit) * unit + self.r.choice([0, 0, 2, 5, 10]) * unit,
                        self.savings[a])
                self.savings[a] -= fill
                self.settle(t, self.home_bank[a % len(self.home_bank)], a, fill, "card", None, "")
                self.pay(t + self.r.randrange(3000, 40000), a, b, amt, chan, memo, tag, mode)
                return
            if mode == "shrink" and self.bal[a] > self.m(5):
                amt = int(self.bal[a] * self.r.uniform(.9, 1))
                amt -= amt % self.m(1) if amt > self.m(20) else 0
            elif mode == "wait" and self.waits[(a, b, amt)] < 4:
                self.waits[(a, b, amt)] += 1
                self.pay(t + self.r.randrange(2 * HOUR, 12 * HOUR), a, b, amt, chan, memo, tag, mode)
                return
            else:
                return
        self.settle(t, a, b, amt, chan, memo, tag)

    def settle(self, t: int, a: int, b: int, amt: int, chan: str | None, memo: str | None,
            tag: str) -> None:
        self.bal[a] -= amt
        self.bal[b] += amt
        self.rows.append((t, a, b, amt, chan, memo))
        if self.role[b] == "bank" and chan == "withdraw":
            self.savings[a] += amt
        for h in self.hooks.get(b, ()):
            h(t, a, amt, tag)

    def to_bank(self, t: int, a: int, minor: int) -> None:
        self.pay(t, a, self.home_bank[a % len(self.home_bank)], minor, "withdraw", None, "", "shrink")

    # -- building blocks used by both sides
    def rhythm(self, kinds: Sequence[str], cut: tuple[float, float] = (0, 0), chan: str = "transfer",
               memo: tuple[str, float] = ("plain", .2), cap: Sequence[float] = (0,),
               limit: tuple[float, float] = (800, 8000)) -> Rhythm:
        r = self.r
        kind = r.choice(list(kinds))
        hrs = (r.uniform(20.5, 24.5),) if kind == "nightly" else \
            (r.uniform(9, 13),) if kind == "next_day" else tuple(sorted(r.uniform(8,
                    23) for _ in range(r.randint(2, 4))))
        lo = r.uniform(.3, 12)
        return Rhythm(kind, r.uniform(*cut), r.randint(3, 14), r.uniform(*limit), hrs,
                (lo, lo * r.uniform(1.5, 6)),
                      r.choice(list(cap)), r.choice([0, 0, 1, 10, 100]), chan, memo)

    def pass_up(self, a: int, up: Callable[[], int], tag: str, rh: Rhythm) -> None:
        """Pass what came in under a tag upward in the given rhythm; private money is left alone."""
        due = [0.0, 0, 0.0]  # owed, receipts since last, snapshot of yesterday
        pending = [False]

        def flush(t: int, only: float | None = None) -> None:
            pending[0] = False
            amt = min(due[0] if only is None else min(only, due[0]), self.bal[a])
            step = self.m(rh.step) if rh.step else 1
            amt = int(amt // step * step)
            if amt <= self.m(1):
                return
            due[0] -= amt
            due[1] = 0
            cap = self.m(rh.cap) if rh.cap else amt
            to, when = up(), t
            while amt > 0:
                top = min(cap, self.m(8000)) if self.role[to] == "coin_customer" else cap
                part = amt if amt <= top else int(top * self.r.uniform(.82, 1) // step * step) or amt
                self.pay(when, a, to, part, rh.chan, self.say(rh.memo), tag, "shrink")
                amt -= part
                when += self.r.randrange(20_000, 400_000)
                to = up() if self.r.random() < .3 or self.role[to] == "coin_customer" else to

        def soon(t: int) -> None:
            if not pending[0]:
                pending[0] = True
                self.call(t + int(self.r.uniform(*rh.delay) * MIN), flush)

        def got(t: int, payer: int, amt: int, tg: str) -> None:
            if tg != tag:
                return
            due[0] += amt * (1 - rh.cut)
            due[1] += 1
            if rh.kind == "once" or (rh.kind == "lots" and due[1] >= rh.lot) or \
                    (rh.kind == "limit" and due[0] >= self.m(rh.limit)):
                soon(t)

        self.hooks[a].append(got)
        for d in range(self.days):
            if rh.kind in ("nightly", "hours"):
                for h in rh.hours:
                    self.call(self.clock(d, h, 12), flush)
            elif rh.kind == "random":
                for _ in range(self.pois(len(rh.hours))):
                    self.call(self.at(d, "any"), flush)
            elif rh.kind == "next_day":
                self.call(self.t0 + d * DAY + 4 * HOUR, lambda t: due.__setitem__(2, due[0]))
                self.call(self.clock(d, rh.hours[0], 40), lambda t: flush(t, due[2]))

    def collect(self, a: int, payers: Sequence[int], per_day: float, amount: Callable[[], float], prof: str,
                chan: str | None = "scan", memo: tuple[str, float] = ("plain",
                        .05), tag: str = "", d0: int = 0,
                d1: int | None = None, loyal: float = 1.0) -> None:
        """Many pay one. loyal > 1 concentrates on the first payers (regulars)."""
        if not payers:
            return
        for d in range(d0, min(self.days, self.days if d1 is None else d1)):
            lam = per_day * (1.25 if (self.date0 + dt.timedelta(days=d)).weekday() >= 5 else .95)
            for _ in range(self.pois(lam)):
                p = payers[int(len(payers) * self.r.random() ** loyal)]
                self.pay(self.at(d, prof), p, a, self.m(amount()), chan, self.say(memo), tag)

    def spend(self, a: int, to: Sequence[int], per_day: float, amount: Callable[[], float], prof: str,
              memo: tuple[str, float] = ("goods", .3), chan: str = "transfer", mode: str = "shrink") -> None:
        """An account's own purchases."""
        for d in range(self.days):
            for _ in range(self.pois(per_day)):
                self.pay(self.at(d, prof), a, self.r.choice(list(to)), self.m(amount()), chan,
                        self.say(memo), "", mode)

    def menu(self, prices: Sequence[float], many: float = .15) -> Callable[[], float]:
        """Few prices, sometimes several pieces."""
        ps = list(prices)
        return lambda: self.r.choice(ps) * (self.r.randint(2, 3) if self.r.random() < many else 1)

    def shop(self, a: int, price: Callable[[], float], weight: float, memo: tuple[str, float]) -> None:
        """Put a shop on the map of its town: ordinary people will find it."""
        self.shops[self.town[a]].append((a, price, weight, memo))


# ---------------------------------------------------------------- infrastructure and ordinary people
def infrastructure(w: World) -> None:
    """Banks, exchanges, companies. Banks may be overdrawn in this ledger, all others may not."""
    n, r = w.n, w.r
    w.towns = max(3, n // 350)
    w.shops = defaultdict(list)
    w.home_bank = [w.new("bank", 5e8) for _ in range(r.randint(3, 6))]
    w.exchanges = [w.new("exchange", 3e7) for _ in range(r.randint(3, 8))]
    def firms(role: str, k: int, money: float) -> list[int]:
        return [w.new(role, money * r.uniform(.5, 2), money * 20) for _ in range(max(1, k))]
    w.employers = firms("employer", n // 70, 150_000)
    w.suppliers = firms("supplier", n // 130, 80_000)
    w.telecom = firms("telecom", 2, 100_000)
    w.utility = firms("utility", w.towns // 3, 100_000)
    w.transit = firms("transit", w.towns // 3, 50_000)
    w.publisher = firms("game_publisher", 2, 100_000)
    w.carrier = firms("rail_air", 2, 200_000)
    w.agency = firms("travel_company", 1, 200_000)
    w.hospital = firms("hospital", 1, 200_000)
    w.refinery = firms("refinery", 1, 900_000)
    w.insurer = firms("insurer", 1, 300_000)
    w.lotto = firms("lottery_centre", 1, 300_000)
    w.platform = firms("group_buy_platform", 2, 200_000)
    w.school = firms("school", w.towns // 5, 60_000)
    w.mill = firms("food_mill", 2, 900_000)
    for a in w.employers + w.suppliers + w.telecom + w.utility + w.carrier + w.platform:
        for d in range(w.days):
            if r.random() < .5:
                w.call(w.clock(d, r.uniform(15, 19), 20),
                       lambda t, a=a: w.to_bank(t, a, int(w.bal[a] * r.uniform(.2, .7))))
    for a in w.suppliers:
        w.spend(a, w.suppliers + w.employers, .4, lambda: w.logn(3000, .8), "office")


def people(w: World, k: int) -> None:
    """Ordinary people: the bulk. Visitors are accounts of which this ledger sees little."""
    r = w.r
    w.by_town, w.visitors, w.coiners, w.gamblers = defaultdict(list), [], [], []
    coin, bet = r.uniform(.055, .115), r.uniform(.03, .09)
    for _ in range(k):
        x = r.random()
        if x < .14:
            a = w.person("visitor", .12, rich=1.2)
            w.visitors.append(a)
        else:
            a = w.person("ordinary")
            w.by_town[w.town[a]].append(a)
        y = r.random()
        if y < coin:
            w.role[a] = "coin_customer"
            w.savings[a] *= 2
            w.coiners.append(a)
        elif y < coin + bet or (x < .14 and y < coin + bet + .3):
            w.role[a] = "gambler" if x >= .14 else "visitor"
            w.gamblers.append(a)
    for t in range(w.towns):
        if len(w.by_town[t]) < 12:
            w.by_town[t] += r.sample([a for v in w.by_town.values() for a in v] or w.visitors, 12)
    w.folk = [a for v in w.by_town.values() for a in v]
    w.victims = r.sample(w.folk, min(len(w.folk), max(10, k // 120)))
    for a in w.victims:
        w.savings[a] += w.m(w.logn(30000, .7))
        w.role[a] = "victim"
    for a in w.coiners:  # own money to and from exchanges; others wait for a dealer to pick them
        if r.random() < .45:
            ex, size = r.choice(w.exchanges), w.logn(1500, 1.0)
            for _ in range(r.randint(1, 7)):
                t = w.at(r.randrange(w.days), "any")
                amt = round(size * r.choice([.2, .5, 1, 1, 2]), r.choice([-2, -2, 0, 2])) or size
                if r.random() < .68:
                    w.pay(t, a, ex, w.m(amt), "transfer", w.say(("order", .3)), "", "drop")
                else:
                    w.pay(t, ex, a, w.m(amt), "transfer", w.say(("order", .2)))


def live(w: World, a: int, level: float, d0: int, d1: int) -> None:
    """A private life: income by station, food, transport, bills, friends, family, bank."""
    r, town = w.r, w.town[a]
    home = w.by_town[town]
    near = w.shops[town] or w.shops[r.choice(list(w.shops))]
    fav = r.choices(near, [s[2] for s in near], k=6)
    far = w.shops[r.randrange(w.towns)]
    fav += [r.choice(far)] if far else []
    pals, kin = r.sample(home, min(5, len(home))), r.choice(home)
    food, ride = level * r.uniform(.5, 2.1), level * r.choice([0, .2, .6, 1.2])
    market = r.choice(w.markets) if w.markets else None
    hour_shift = r.choice([0, 0, 0, 0, int(1.5 * HOUR), int(5 * HOUR)])  # some live late (night shift)
    share = (d1 - d0) / 30
    for d in range(d0, d1):
        for _ in range(w.pois(food)):
            s, price, _, memo = fav[int(len(fav) * r.random() ** 1.5)]
            w.pay(w.at(d, "meal") + hour_shift, a, s, w.m(price()), "scan" if r.random() < .95 else None,
                    w.say(memo))
        for _ in range(w.pois(ride * .6)):
            to = r.choice(w.drivers) if w.drivers and r.random() < .35 else w.transit[town % len(w.transit)]
            fare = r.choice([1, 2, 2, 3]) if to in w.transit else r.randint(50, 420) / 10
            w.pay(w.at(d, "commute") + hour_shift, a, to, w.m(fare), "scan")
        if market and r.random() < .22 * level:
            w.pay(w.at(d, "evening"), a, market, w.m(w.logn(55, .9) // 1 + r.choice([.9, .8, 0, .99])),
                    "bill",
                  None, "mk")
        if r.random() < .16 * level:
            x = r.random()
            if x < .35:
                w.pay(w.at(d, "evening"), a, r.choice(pals),
                        w.m(r.choice([5, 6.66, 8.88, 10, 20, 50, 66, 100, 200])),
                      "red_packet", w.say(("gift", .4)))
            else:
                w.pay(w.at(d, "any"), a, r.choice(pals), w.m(w.logn(70, .9) // 1 + 1), "transfer",
                        w.say(("friend", .35)))
    for key, to, med in (("topup", r.choice(w.telecom), 50),
            ("bill", w.utility[town % len(w.utility)], 110)):
        if r.random() < share * level:
            w.pay(w.at(r.randrange(d0, max(d1, d0 + 1)), "day"), a, to,
                    w.m(round(w.logn(med, .4), -1) + 10), "bill",
                  w.say((key, .5)))
    if level < .3:
        return
    station, pay = r.random(), w.logn(5200, .4)
    if w.role[a] not in PRIVATE and r.random() < .6:
        station = .95  # lives off the design's own trade
    days = range(d0, d1)
    if station < .62:
        boss = r.choice(w.employers)
        pd = boss * 7 % 30  # one pay day for a firm
        if pd in days:
            w.pay(w.clock(pd, 10 + boss % 7, 15), boss, a, w.m(round(pay, 2)), "transfer",
                    w.say(("wage", .7)))
    elif station < .72:
        boss = r.choice(w.employers)
        for d in days:
            if d % 7 == boss % 7:
                w.pay(w.clock(d, 18, 50), boss, a, w.m(round(pay / 4.3, -1)), "transfer",
                        w.say(("wage", .5)), "", "wait")
    elif station < .82:  # odd jobs for neighbours
        w.collect(a, r.sample(home, min(len(home), 14)), .7, lambda: round(w.logn(130, .8), -1) + 10, "day",
                  r.choice(["scan", "transfer"]), ("plain", .1), d1=d1)
    elif station < .92:  # student or dependant
        for d in days:
            if (d + a) % 7 == 0:
                w.pay(w.at(d, "evening"), kin, a, w.m(r.choice([200, 300, 300, 500])), "transfer",
                        w.say(("family", .5)))
    elif r.random() < share * 2:
        w.pay(w.clock(r.choice(list(days) or [0]), 7, 20), r.choice(w.home_bank), a,
                w.m(round(w.logn(3000, .3))), "transfer")
    if r.random() < .3 and days:
        w.pay(w.at(r.choice(days), "evening"), a, kin, w.m(round(w.logn(700, .7), -2) + 100), "transfer",
              w.say(("family", .4)))
    if r.random() < share * .35 and days and w.landlords:
        w.pay(w.at(r.choice(days), "day"), a, r.choice(w.landlords), w.m(round(w.logn(1100, .4), -1)),
                "transfer",
              w.say(("rent", .6)), "", "wait")
    if r.random() < .25 and days:
        d = r.choice(days)
        w.call(w.at(d, "day"), lambda t: w.to_bank(t, a, int(w.bal[a] * r.uniform(.3, .8)))
                if w.bal[a] > w.m(300) else None)


# ---------------------------------------------------------------- honest designs
def own_shop(w: World, role: str, prices: Callable[[], float], weight: float, memo: tuple[str, float],
             stock: float, level: float = .6) -> int:
    """A shop: receipts from the town, suppliers, and a sweep to the owner's other account."""
    r = w.r
    a = w.person(role, level)
    w.shop(a, prices, weight, memo)
    if r.random() < .15:  # a new code is tried out with a yuan by honest people too
        w.pay(w.at(r.randrange(w.days), "day"), r.choice(w.folk), a, w.m(r.choice([.01, .1, 1])), "scan")
    w.spend(a, r.sample(w.suppliers, min(3, len(w.suppliers))), r.uniform(.15, 1.0),
            lambda: w.logn(stock, .6), "dawn")
    if r.random() < .7:
        owner = r.choice(w.by_town[w.town[a]])
        hour = r.uniform(20, 23.9)
        for d in range(w.days):
            if r.random() < .9:
                w.call(w.clock(d, hour, 15), lambda t: w.pay(t, a, owner,
                        int(w.bal[a] * r.uniform(.5, .97)), "transfer",
                                                             w.say(("plain",
                                                                     .1))) if w.bal[a] > w.m(200) else None)
    else:
        for d in range(w.days):
            if r.random() < .4:
                w.call(w.at(d, "late"), lambda t: w.to_bank(t, a, int(w.bal[a] * r.uniform(.6, 1))))
    return a


@honest(9)
def stall(w: World, _: int) -> None:
    """Breakfast stall: three to six prices, dawn, nightly sweep to the spouse (same amounts, many
    payers)."""
    ps = [w.r.choice([2, 3, 4, 5, 6, 7, 8, 9, 10, 12]) for _ in range(w.r.randint(3, 6))]
    own_shop(w, "stall", w.menu(ps), w.r.uniform(.5, 2.5), ("food", .04), 250)


@honest(9)
def corner_shop(w: World, _: int) -> None:
    """Grocery: any amount, stock bought weekly."""
    own_shop(w, "corner_shop", lambda: round(w.logn(18, .8), 1) + .1, w.r.uniform(.5, 3), ("plain", .02),
            600)


@honest(2.5)
def night_eatery(w: World, _: int) -> None:
    """Barbecue and net cafe: works at night, tables pay hundreds, so `night` alone says nothing."""
    a = own_shop(w, "night_eatery", lambda: round(w.logn(60, .6)) + 1, .4, ("food", .03), 500)
    w.collect(a, w.crowd(w.town[a], 90), w.r.uniform(6, 30), lambda: round(w.logn(85, .7)) + 3, "late")


@honest(1.3)
def chain(w: World, _: int) -> None:
    """Tea chain: branches without a life of their own pass everything to the head office (as a pool
    does)."""
    r = w.r
    head = w.new("chain_head", 20000, 200000)
    menu = [9, 12, 15, 18, 19.9, 22][: r.randint(3, 6)]
    for _ in range(r.randint(2, 5)):
        b = w.new("chain_branch", 300)
        w.collect(b, w.crowd(w.town[b], 120), r.uniform(15, 70), w.menu(menu), "day", "scan",
                ("food", .05), f"h{head}")
        w.pass_up(b, lambda: head, f"h{head}", w.rhythm(["once", "lots", "limit", "hours", "nightly",
                "random"]))
    w.spend(head, w.suppliers, .6, lambda: w.logn(4000, .5), "office")
    staff = r.sample(w.folk, 6)
    for s in staff:
        w.pay(w.clock(r.randrange(w.days), 15, 60), head, s, w.m(round(w.logn(3800, .2))), "transfer",
                w.say(("wage", .8)))


@honest(.3)
def market(w: World, _: int) -> None:
    """Marketplace: collects all over the country, pays sellers after some days less commission, refunds."""
    r = w.r
    a = w.new("marketplace", 50000, 500000)
    sellers = [w.person("online_seller", .6) for _ in range(r.randint(8, 20))]
    owed: Counter = Counter()
    hold = r.choice([1, 2, 7])

    def got(t: int, p: int, amt: int, tag: str) -> None:
        if tag != "mk":
            return
        if r.random() < .04:
            w.pay(t + r.randrange(2 * HOUR, 72 * HOUR), a, p, amt, "transfer", None)
            return
        s = sellers[int(len(sellers) * r.random() ** 1.7)]
        w.call(t + hold * DAY, lambda t2: owed.__setitem__(s, owed[s] + int(amt * .95)))

    def pay_out(t: int) -> None:
        for s, x in list(owed.items()):
            w.pay(t + r.randrange(900_000), a, s, x, "transfer", w.say(("goods", .3)))
            owed[s] = 0
    w.hooks[a].append(got)
    for d in range(w.days):
        w.call(w.clock(d, 10, 5), pay_out)
    for s in sellers:
        w.spend(s, w.suppliers, .35, lambda: w.logn(260, .7), "day")
    w.markets.append(a)


@honest(1)
def payroll_agent(w: World, _: int) -> None:
    """Labour agent: a lump from the works, within the hour 20 to 60 wages less one to six per cent."""
    r = w.r
    a = w.person("payroll_agent", .8)
    men = w.crowd(w.town[a], r.randint(20, 60), .1)
    cut, freq = r.uniform(.01, .06), r.choice([1, 7, 14])
    boss = r.choice(w.employers)
    for d in range(r.randrange(min(freq, w.days)), w.days, freq):
        t = w.clock(d, r.uniform(15, 20), 20)
        day = [round(w.logn(190 * min(freq, 7), .2), -1) for _ in men]
        w.pay(t, boss, a, w.m(sum(day)), "transfer", w.say(("wage", .5)))
        for p, x in zip(men, day):
            w.pay(t + r.randrange(4 * MIN, 70 * MIN), a, p, w.m(x * (1 - cut)),
                    r.choice(["transfer", "red_packet"])
                  if x < 200 else "transfer", w.say(("wage", .5)))


@honest(1.5)
def rent_collector(w: World, _: int) -> None:
    """Second landlord: rents of 10 to 40 tenants come in, owners get theirs in a lump the same day."""
    r = w.r
    a = w.person("rent_collector", .9)
    due, owners = r.randrange(w.days), w.crowd(w.town[a], r.randint(1, 4), 0)
    tag = f"h{a}"
    for p in w.crowd(w.town[a], r.randint(10, 40)):
        w.pay(w.at(due + r.choice([-1, 0, 0, 0, 1, 2]), "day"), p, a,
                w.m(r.choice([500, 550, 600, 650, 800, 1000, 1200])),
              r.choice(["transfer", "scan"]), w.say(("rent", .5)), tag)
    w.pass_up(a, lambda: r.choice(owners), tag, w.rhythm(["nightly", "lots", "limit", "next_day"],
            (.08, .25), memo=("rent", .4)))


@honest(2.2)
def landlord(w: World, _: int) -> None:
    """A few flats, rents kept or lent on, cash taken to the bank."""
    a = w.person("landlord", 1, rich=2.5)
    w.landlords.append(a)


@honest(2)
def purchasing_agent(w: World, _: int) -> None:
    """Daigou: buyers pay at odd hours in bursts after a post, the goods are paid abroad or to a shop at
    once."""
    r = w.r
    a = w.person("purchasing_agent", .9)
    tag, circle = f"h{a}", w.crowd(r.randrange(w.towns), r.randint(25, 120), .4)
    for d in sorted(r.sample(range(w.days), min(w.days, r.randint(2, 7)))):
        w.collect(a, circle, r.randint(6, 25), lambda: round(w.logn(420, .8), r.choice([-1, 0])) + 9,
                r.choice(["evening", "late", "any"]),
                  r.choice(["transfer", "scan"]), ("goods", .15), tag, d, d + 1, 1.4)
    w.pass_up(a, lambda: r.choice(w.suppliers[:3]), tag, w.rhythm(["once", "lots", "limit", "random",
            "next_day"], (.04, .14)))


@honest(1.5)
def group_leader(w: World, _: int) -> None:
    """Community group buying: one price in a chat, 30 to 80 payers in two hours, the platform paid that
    night."""
    r = w.r
    a = w.person("group_leader", .8)
    tag, members, plat = f"h{a}", w.crowd(w.town[a], r.randint(40, 120), .02), r.choice(w.platform)
    for d in range(w.days):
        if r.random() < .6:
            price, t = r.choice([9.9, 12.8, 15, 19.9, 29.9, 39, 49.9]), w.at(d, "evening")
            for p in r.sample(members, min(len(members), r.randint(10, 50))):
                w.pay(t + int(r.expovariate(1 / 40) * MIN), p, a, w.m(price),
                        r.choice(["scan", "red_packet", "transfer"]), w.say(("order", .2)), tag)
    w.pass_up(a, lambda: plat, tag, w.rhythm(["nightly", "hours", "next_day", "limit"], (.08, .12)))


@honest(1.2)
def dues_collector(w: World, _: int) -> None:
    """Parents' committee: 30 to 55 payers, one amount, two evenings, then a printer or tailor is paid."""
    r = w.r
    a = w.person("dues_collector", 1)
    fee, t = r.choice([50, 100, 138, 200, 260, 300]), w.at(r.randrange(w.days), "evening")
    for p in w.crowd(w.town[a], r.randint(30, 55), 0):
        w.pay(t + int(r.expovariate(1 / 150) * MIN), p, a, w.m(fee),
                r.choice(["transfer", "red_packet", "scan"]), w.say(("dues", .4)), "", "wait")
    for _ in range(r.randint(1, 3)):
        w.pay(t + r.randrange(5 * HOUR, 60 * HOUR), a, r.choice(w.suppliers + w.school),
                w.m(fee * r.randint(9, 16)), "transfer", w.say(("dues", .4)), "", "wait")


@honest(2)
def game_reseller(w: World, _: int) -> None:
    """Sells 6/30/98/328/648 packs to youngsters day and night; the publisher is paid at once less three to
    ten per cent: the flow of a coin dealer, but the money ends at a publisher."""
    r = w.r
    a = w.person("game_reseller", .8)
    tag, kids, pub = f"h{a}", w.crowd(w.town[a], r.randint(40, 160), .5), r.choice(w.publisher)
    disc = r.uniform(.88, 1)
    price = [round(x * disc, 1) for x in (6, 30, 68, 98, 198, 328, 648)]
    w.collect(a, kids, r.uniform(4, 30), w.menu(price, .05), r.choice(["late", "any", "evening"]), "scan",
            ("game", r.choice([0, .1, .5])), tag, loyal=1.6)
    w.pass_up(a, lambda: pub, tag, w.rhythm(["once", "lots", "limit", "random", "nightly"], (.03, .1),
            memo=("order", .3)))


@honest(1.2)
def item_trader(w: World, _: int) -> None:
    """Buys game items from players and sells them to others: two-way with a spread, like a dealer; small
    tickets, regular sellers (gold farmers), no exchange."""
    r = w.r
    a = w.person("item_trader", .9)
    farmers, buyers = w.crowd(w.town[a], r.randint(4, 12), .3), w.crowd(r.randrange(w.towns),
            r.randint(30, 120), .5)
    size = w.logn(90, .6)
    w.collect(a, buyers, r.uniform(3, 18), lambda: round(w.logn(size, .8)) + 1, "late", "transfer",
            ("game", .3), loyal=1.3)
    w.spend(a, farmers, r.uniform(1, 6), lambda: round(w.logn(size * 2.2, .7)) + 1, "late", ("game", .25))


@honest(1.6)
def electronics(w: World, _: int) -> None:
    """Second-hand phones: buys from walk-ins at once, sells to others and to a wholesaler; large tickets,
    both ways."""
    r = w.r
    a = w.person("electronics", .8, rich=8)
    size, ppl = w.logn(900, .5), w.crowd(w.town[a], 150, .4)
    w.spend(a, ppl, r.uniform(1, 6), lambda: round(w.logn(size, .7), -1) + 10, "day", ("phone", .3))
    w.collect(a, ppl[::-1], r.uniform(1, 6), lambda: round(w.logn(size * 1.12, .7), -1) + 9, "day", "scan",
            ("phone", .3))
    w.spend(a, w.suppliers, .3, lambda: w.logn(size * 4, .5), "office", ("phone", .3))
    for d in range(1, w.days, 2):
        w.pay(w.clock(d, 17, 60), r.choice(w.suppliers), a, w.m(round(w.logn(size * 3, .6), -1)),
                "transfer", w.say(("phone", .3)))


@honest(.9)
def gold_recycler(w: World, _: int) -> None:
    """Buys old gold at grams x the day's price (a moving price times a quantity, as coins have), sells to
    the refinery."""
    r = w.r
    a = w.person("gold_recycler", .8, rich=12)
    base = r.uniform(280, 560)
    for d in range(w.days):
        base *= 1 + r.gauss(0, .006)
        tot = 0.0
        for p in w.crowd(w.town[a], w.pois(r.uniform(1, 5)), .3):
            x = round(base * .96 * r.randint(15, 260) / 10, r.choice([0, 0, -1]))
            tot += x
            w.pay(w.at(d, "day"), a, p, w.m(x), "transfer", w.say(("gold", .3)), "", "shrink")
        if tot:
            w.pay(w.clock(d, 20, 60), w.refinery[0], a, w.m(tot * 1.025), "transfer", w.say(("gold", .3)))


@honest(.6)
def tour_leader(w: World, _: int) -> None:
    """Travel group: fares and pocket foreign exchange collected, the agency paid, odd money handed back."""
    r = w.r
    a = w.person("tour_leader", .9, rich=3)
    rate, t = r.choice([.21, 4.9, 6.9, .052, 7.8]), w.at(r.randrange(max(1, w.days - 4)), "day")
    fare, party = r.choice([1280, 1980, 2680, 3580]), w.crowd(w.town[a], r.randint(12, 35), .1)
    for p in party:
        w.pay(t + int(r.expovariate(1 / 400) * MIN), p, a, w.m(fare), "transfer", w.say(("travel", .5)),
                "", "wait")
        if r.random() < .6:
            w.pay(t + r.randrange(20 * HOUR, 70 * HOUR), p, a,
                    w.m(rate * r.choice([100, 200, 300, 500, 1000,
                    5000]) + 1), "transfer", w.say(("travel", .4)))
        if r.random() < .15:
            w.pay(t + r.randrange(70 * HOUR, 100 * HOUR), a, p, w.m(r.randint(20, 300)), "transfer", None)
    for i in range(3):
        w.pay(t + (12 + 24 * i) * HOUR, a, w.agency[0], w.m(fare * .3 * len(party)), "transfer",
                w.say(("travel", .4)), "", "shrink")


@honest(1.2)
def ticket_agent(w: World, _: int) -> None:
    """Buys train and show tickets for others: each receipt leaves for the carrier within minutes less 5 to
    40 yuan, and failed ones are paid back in full."""
    r = w.r
    a = w.person("ticket_agent", .9, rich=2)
    seat = r.choice(w.carrier)
    ppl = w.crowd(w.town[a], 110, .4)

    def got(t: int, p: int, amt: int, tag: str) -> None:
        if tag == f"h{a}":
            ok, gap = r.random() < .85, int(r.uniform(1, 25) * MIN)
            w.pay(t + gap, a, seat if ok else p, amt - (w.m(r.choice([5, 10, 20, 40])) if ok else 0),
                    "bill" if ok else "transfer", w.say(("ticket", .3)))
    w.hooks[a].append(got)
    w.collect(a, ppl, r.uniform(2, 14), lambda: round(w.logn(330, .7)) + 45.5, "any", "transfer",
            ("ticket", .3), f"h{a}")


@honest(.5)
def campaign(w: World, _: int) -> None:
    """Illness appeal: hundreds of strangers in three days, any hour, round sums, then the hospital in
    lots; the account slept before (dormant, then burst)."""
    r = w.r
    a = w.new("campaign", 30, 500)
    w.pay(w.clock(0, 9, 99), r.choice(w.folk), a, w.m(1), "transfer")
    d = r.randrange(max(1, w.days - 4))
    tag = f"h{a}"
    for i, f in enumerate((1, 2.2, 1.3, .6, .3)):
        w.collect(a, w.crowd(w.town[a], 260, .55), f * r.uniform(20, 60),
                lambda: r.choice([5, 10, 10, 20, 50, 50, 100, 200, 500]), "any", "scan", ("give",
                .3), tag, d + i, d + i + 1)
    w.pass_up(a, lambda: w.hospital[0], tag, w.rhythm(["limit", "next_day", "lots", "random"],
            limit=(2000, 9000), memo=("give", .3)))


@honest(.6)
def temple(w: World, _: int) -> None:
    """Temple code: lucky sums, full on the 1st and 15th of the moon, emptied weekly to the keeper and the
    builder."""
    r = w.r
    a = w.new("temple", 800)
    keep, feast = r.choice(w.folk), r.randrange(w.days)
    for d in range(w.days):
        w.collect(a, w.crowd(w.town[a], 200, .4), 60 if d == feast else 4,
                lambda: r.choice([1, 2, 6, 6.6, 8.8, 9.9, 10, 18, 66, 88, 100, 168,
                200]), "dawn" if d == feast else "day", "scan", ("give", .1), "", d, d + 1)
        if d % 7 == feast % 7:
            w.call(w.clock(d, 19, 60), lambda t: w.pay(t, a, r.choice([keep, w.suppliers[0]]),
                    int(w.bal[a] * .9), "transfer", None))


@honest(1.4)
def streamer(w: World, _: int) -> None:
    """Tips at night from strangers, uneven; the guild's half leaves weekly or nightly."""
    r = w.r
    a = w.person("streamer", 1)
    tag, guild = f"h{a}", r.choice(w.employers)
    w.collect(a, w.crowd(w.town[a], r.randint(60, 200), .7), r.uniform(4, 28),
            lambda: r.choice([1, 5.2, 6, 9.9, 13.14, 20, 52, 66, 99, 131.4,
            520]), "late", r.choice(["red_packet", "scan"]), ("gift", .1), tag, loyal=2.5)
    w.pass_up(a, lambda: guild, tag, w.rhythm(["nightly", "limit", "next_day"], (.4, .7)))


@honest(6)
def driver(w: World, _: int) -> None:
    """Three-wheeler, taxi, hailed car: dozens of one-time payers a day; most of it to the spouse at
    night."""
    r = w.r
    a = w.person("driver", .8)
    w.drivers.append(a)
    w.collect(a, w.crowd(w.town[a], 140, .35), r.uniform(4, 22), lambda: r.randint(50, 480) / 10,
            r.choice(["any", "commute", "late"]), "scan", ("plain", 0), f"h{a}")
    wife = r.choice(w.by_town[w.town[a]])
    w.pass_up(a, lambda: wife, f"h{a}", w.rhythm(["nightly", "limit", "random"], (.05, .5),
            limit=(200, 1500), memo=("family", .1)))


@honest(2)
def freelancer(w: World, _: int) -> None:
    """Designers, tutors, make-up: paid in bursts by strangers, deposit and balance, some pass work on."""
    r = w.r
    a, help_ = w.person("freelancer", 1), r.choice(w.folk)
    for _ in range(r.randint(3, 12)):
        p, x, t = r.choice(w.folk + w.employers), round(w.logn(900, .8),
                -2) + 100, w.at(r.randrange(w.days), "any")
        w.pay(t, p, a, w.m(x * .3), "transfer", None)
        t2 = t + r.randrange(10 * HOUR, 5 * DAY)
        w.pay(t2, p, a, w.m(x * .7), "transfer", None)
        if r.random() < .4:
            w.pay(t2 + r.randrange(10 * MIN, 5 * HOUR), a, help_, w.m(x * .5), "transfer",
                    w.say(("wage", .3)), "", "wait")


@honest(.6)
def savings_circle(w: World, _: int) -> None:
    """Village hui: equal shares to the head in one evening, the pot to one member within the hour (fan-in,
    out, no rest)."""
    r = w.r
    a = w.person("savings_circle", 1, rich=1.5)
    ring, stake = w.crowd(w.town[a], r.randint(10, 30), 0), r.choice([200, 300, 500, 1000])
    for d in range(r.randrange(min(7, w.days)), w.days, r.choice([7, 10])):
        t, pot = w.clock(d, r.uniform(18, 21), 20), r.choice(ring)
        for p in ring:
            if p != pot:
                w.pay(t + int(r.uniform(-50, 50) * MIN), p, a, w.m(stake), "transfer", None, "", "wait")
        w.pay(t + r.randrange(70 * MIN, 180 * MIN), a, pot, w.m(stake * (len(ring) - 1)), "transfer",
                w.say(("plain", .4)), "", "shrink")


@honest(1)
def wedding(w: World, _: int) -> None:
    """Wedding or funeral: 40 to 150 gifts in one day by scan and packet, on to the parents, then the
    hall."""
    r = w.r
    a = w.person("wedding", 1)
    d, hall, parents = r.randrange(w.days), r.choice(w.suppliers), r.choice(w.by_town[w.town[a]])
    for p in w.crowd(w.town[a], r.randint(40, 150), .3):
        w.pay(w.at(d, "office"), p, a, w.m(r.choice([66, 100, 100, 200, 200, 300, 500, 600, 666, 800,
                1000])), r.choice(["scan", "red_packet", "transfer"]), w.say(("gift", .4)))
    w.call(w.clock(d, 21, 60), lambda t: (w.pay(t, a, hall, int(w.bal[a] * .5), "transfer"),
            w.pay(t + HOUR, a, parents, int(w.bal[a] * .35), "transfer")))


@honest(.5)
def house_buyer(w: World, _: int) -> None:
    """House purchase in a chain: relatives lend, the sum leaves in pieces just under the transfer limit,
    and the seller does the same."""
    r = w.r
    a, b = w.person("house_buyer", 1, rich=6), w.person("house_seller", 1, rich=3)
    d, cap, tot = r.randrange(1, max(2, w.days - 1)), r.choice([49_999, 50_000, 20_000]), w.logn(160_000,
            .4)
    w.savings[a] += w.m(tot * .8)
    for p in w.crowd(w.town[a], r.randint(3, 9), .1):
        w.savings[p] += w.m(30000)
        w.pay(w.at(d - 1, "evening"), p, a, w.m(r.choice([5000, 10000, 20000, 30000])), "transfer",
                w.say(("loan", .3)))
    t = w.clock(d, r.uniform(9.5, 16), 30)
    while tot > 0:
        w.pay(t, a, b, w.m(min(cap, tot)), "transfer", w.say(("plain", .3)), "", "shrink")
        tot -= cap
        t += r.randrange(1, 9) * MIN
    w.call(t + r.randrange(3 * HOUR, 30 * HOUR), lambda t2: w.pay(t2, b, r.choice(w.home_bank),
            int(w.bal[b] * .9), "bill", w.say(("loan", .6))))


@honest(.4)
def factor(w: World, _: int) -> None:
    """Invoice factor: advances 80 to 90 % to traders, is paid by their debtors later: in and out nearly
    equal."""
    r = w.r
    a = w.new("factor", 300_000, 3e6)
    for _ in range(r.randint(10, 40)):
        x, t, p = w.logn(6000, .7), w.at(r.randrange(-3, w.days),
                "office"), r.choice(w.suppliers + w.folk[:40])
        w.pay(t, a, p, w.m(x * r.uniform(.8, .9)), "transfer", w.say(("goods", .5)))
        w.pay(t + r.randrange(1, 9) * DAY, r.choice(w.employers), a, w.m(x), "transfer",
                w.say(("goods", .5)))


@honest(1.2)
def crop_buyer(w: World, _: int) -> None:
    """Harvest: the mill's money comes at dawn, forty farmers are paid by noon, four days on end; idle
    otherwise."""
    r = w.r
    a = w.person("crop_buyer", .9, rich=4)
    mill, d0 = r.choice(w.mill), r.randrange(max(1, w.days - 4))
    for d in range(d0, min(w.days, d0 + r.randint(3, 8))):
        ppl = w.crowd(w.town[a], r.randint(5, 30), .15)
        due = [round(w.logn(900, .6) * r.uniform(.9, 1.1)) + 2 for _ in ppl]
        w.pay(w.clock(d, r.uniform(5, 21), 30), mill, a, w.m(round(sum(due) * 1.04, -2)), "transfer",
                w.say(("farm", .5)))
        for p, x in zip(ppl, due):
            w.pay(w.at(d, "day"), a, p, w.m(x), "transfer", w.say(("farm", .3)), "", "wait")


@honest(1.2)
def parcel_station(w: World, _: int) -> None:
    """Sub-agent of a courier: cash on delivery and postage by scan, settled upward within the hour, one to
    three per cent kept: on ratio and speed the same as a pool's collector."""
    r = w.r
    a = w.person("parcel_station", .8)
    hub = r.choice(w.platform + w.suppliers)
    w.collect(a, w.crowd(w.town[a], 130, .1), r.uniform(5, 30),
            lambda: r.choice([6, 8, 10, 12]) if r.random() < .5 else round(w.logn(120, .8),
            1) + 3, "day", "scan", ("order", .1), f"h{a}")
    w.pass_up(a, lambda: hub, f"h{a}", w.rhythm(["once", "lots", "limit", "hours"], (.01, .03),
            memo=("order", .2), limit=(300, 3000)))


@honest(2)
def family_passer(w: World, _: int) -> None:
    """Migrant or child: everything received leaves for the family within minutes, no cut at all."""
    r = w.r
    a = w.person("family_passer", .6)
    kin = w.crowd(r.randrange(w.towns), 2, 0)
    for _ in range(r.randint(2, 6)):
        w.pay(w.at(r.randrange(w.days), "any"), r.choice(w.employers + w.folk), a,
                w.m(round(w.logn(1300, .8), -1) + 10), "transfer", w.say(("wage", .4)), f"h{a}")
    w.pass_up(a, lambda: kin[0] if r.random() < .8 else kin[-1], f"h{a}",
            w.rhythm(["once"], (0, .15), memo=("family", .4)))


@honest(1.5)
def kid(w: World, _: int) -> None:
    """A pupil's wallet: packets from aunts and games, dormant for days, then a festival."""
    r = w.r
    a = w.person("kid", .35, rich=.1)
    d = r.randrange(w.days)
    for p in w.crowd(w.town[a], r.randint(4, 16), .1):
        w.pay(w.at(d, "any"), p, a, w.m(r.choice([20, 50, 66, 88, 100, 200])), "red_packet",
                w.say(("gift", .5)))
    w.spend(a, w.publisher, .5, w.menu([6, 12, 30, 68]), "late", ("game", .2), "bill", "drop")


@honest(1.5)
def claimant(w: World, _: int) -> None:
    """Buyer or salesman: pays first for the firm, gets it back in lumps to the cent."""
    r = w.r
    a = w.person("claimant", 1, rich=2)
    boss, debt = r.choice(w.employers), 0.0
    for d in range(w.days):
        for _ in range(w.pois(1.5)):
            x = round(w.logn(260, .9), 2)
            debt += x
            w.pay(w.at(d, "day"), a, r.choice(w.suppliers + w.carrier), w.m(x), "scan", None)
        if debt and r.random() < .25:
            w.pay(w.clock(d, 16, 90), boss, a, w.m(round(debt, 2)), "transfer", w.say(("claim", .6)))
            debt = 0


@honest(1.2)
def small_lender(w: World, _: int) -> None:
    """Lends to neighbours, is repaid in equal instalments; some loans roll within a day (u-turns)."""
    r = w.r
    a = w.person("small_lender", 1, rich=10)
    for p in w.crowd(w.town[a], r.randint(8, 30), .1):
        x, d = r.choice([500, 1000, 2000, 3000, 5000]), r.randrange(w.days)
        w.pay(w.at(d, "any"), a, p, w.m(x), "transfer", w.say(("loan", .5)))
        gap, k = r.choice([1, 2, 7]), r.choice([1, 4, 10])
        for i in range(1, k + 1):
            w.pay(w.at(d + i * gap, "any"), p, a, w.m(x * 1.05 / k), "transfer", w.say(("loan", .3)), "",
                    "wait")


@honest(.8)
def canteen(w: World, _: int) -> None:
    """School canteen or shuttle: two prices, noon rush, to the school at fixed hours; a bought-looking
    account."""
    r = w.r
    a, sch = w.new("canteen", 200), r.choice(w.school)
    w.collect(a, w.crowd(w.town[a], 150, .05), r.uniform(25, 80),
            w.menu([r.choice([6, 8, 10]), r.choice([12, 15])], .02), "meal", "scan", ("food",
            .02), f"h{a}", loyal=1.2)
    w.pass_up(a, lambda: sch, f"h{a}", w.rhythm(["hours", "nightly", "limit", "lots"]))


@honest(1)
def lottery_shop(w: World, _: int) -> None:
    """Licensed lottery: many small bets, evening and match nights, winnings paid out, net to the centre."""
    r = w.r
    a = w.person("lottery_shop", .8, rich=3)
    tag = f"h{a}"
    ppl = w.crowd(w.town[a], 90, .1)
    w.collect(a, ppl, r.uniform(10, 40), lambda: r.choice([2, 4, 10, 10, 20, 20, 50, 100, 200, 500]),
            r.choice(["evening", "late", "day"]), "scan", ("lottery", .1), tag, loyal=1.9)
    w.spend(a, ppl[:40], r.uniform(2, 8), lambda: round(w.logn(40, 1)) + 2, "any", ("lottery", .1))
    w.pass_up(a, lambda: w.lotto[0], tag, w.rhythm(["nightly", "next_day", "limit", "hours"], (.3, .6),
            memo=("lottery", .2)))


@honest(1)
def card_room(w: World, _: int) -> None:
    """Mahjong among friends: sums go back and forth at night, the room takes tea money."""
    r = w.r
    a = w.person("card_room", .8)
    ppl = w.crowd(w.town[a], 16, 0)
    for d in range(w.days):
        for _ in range(w.pois(2)):
            four = r.sample(ppl, min(4, len(ppl)))
            t = w.at(d, "late")
            for p in four:
                w.pay(t, p, a, w.m(r.choice([15, 20, 25])), "scan")
                w.pay(t + r.randrange(3 * HOUR), p, r.choice(four),
                        w.m(r.choice([8, 20, 35, 50, 100, 120])), r.choice(["scan", "transfer"]), None)


@honest(.9)
def village_bills(w: World, _: int) -> None:
    """Village electrician: collects power and water for the old, hands over when a few thousand are
    together."""
    r = w.r
    a = w.person("village_bills", .8)
    w.collect(a, w.crowd(w.town[a], 120, .02), r.uniform(3, 20), lambda: round(w.logn(75, .5), 2), "day",
            "scan", ("bill", .2), f"h{a}", d0=r.randrange(5))
    u = w.utility[w.town[a] % len(w.utility)]
    w.pass_up(a, lambda: u, f"h{a}", w.rhythm(["limit", "lots", "random"], (0, .01), chan="bill",
            memo=("bill", .3)))


@honest(.9)
def insurance_agent(w: World, _: int) -> None:
    """Car and farm cover: the client pays the agent, who pays the insurer within minutes; rebates come
    back to the client."""
    r = w.r
    a = w.person("insurance_agent", 1, rich=2)
    w.collect(a, w.crowd(w.town[a], 90, .2), r.uniform(1, 5), lambda: round(w.logn(700, .6), 2), "office",
            "transfer", ("plain", .2), f"h{a}")
    w.hooks[a].append(lambda t, p, amt, tag: w.pay(t + 3 * HOUR, a, p, int(amt * .05), "red_packet")
            if tag == f"h{a}" and r.random() < .5 else None)
    w.pass_up(a, lambda: w.insurer[0], f"h{a}", w.rhythm(["once", "lots"], (0, .06), chan="bill"))


@honest(1.2)
def topup_reseller(w: World, _: int) -> None:
    """Phone credit at 94 to 99 per cent: 30/50/100/200 from strangers, the telecom paid at once or from a
    prepaid quota bought in lumps *before* the sales (pays first, collects after, as deposit-run pools
    do)."""
    r = w.r
    a, tel, disc = w.person("topup_reseller", .8, rich=3), r.choice(w.telecom), r.uniform(.94, .995)
    price = [round(x * disc, 1) for x in (30, 50, 100, 200, 300)]
    w.collect(a, w.crowd(w.town[a], 160, .6), r.uniform(5, 30), w.menu(price, 0), "any", "scan",
            ("topup", .2), f"h{a}")
    if r.random() < .5:
        w.pass_up(a, lambda: tel, f"h{a}", w.rhythm(["once", "lots", "limit"], (.01, .04), chan="bill",
                memo=("topup", .3)))
    else:
        quota, used = w.m(r.choice([1000, 2000, 3000, 5000])), [0]
        w.pay(w.clock(0, 8, 60), a, tel, quota, "bill", w.say(("topup", .4)))

        def got(t: int, p: int, amt: int, tag: str) -> None:
            used[0] += amt if tag == f"h{a}" else 0
            if used[0] > quota * .9:
                used[0] = 0
                w.pay(t + r.randrange(MIN, 2 * HOUR), a, tel, quota, "bill", w.say(("topup", .4)), "",
                        "shrink")
        w.hooks[a].append(got)


@honest(1.2)
def scrap_buyer(w: World, _: int) -> None:
    """Pays many small sums for scrap, gets one lump from the yard each evening."""
    r = w.r
    a, yard = w.person("scrap_buyer", .7), r.choice(w.suppliers)
    for d in range(w.days):
        tot = 0.0
        for p in w.crowd(w.town[a], w.pois(r.uniform(3, 14)), .1):
            x = round(w.logn(35, .8), 1) + 1
            tot += x
            w.pay(w.at(d, "day"), a, p, w.m(x), "scan")
        w.pay(w.clock(d, 18.5, 50), yard, a, w.m(tot * 1.3 + .01), "transfer", w.say(("goods", .2)))


@honest(1.4)
def errand_runner(w: World, _: int) -> None:
    """Runs errands: pays the shop first, is paid back plus a fee by a stranger minutes later, all day."""
    r = w.r
    a = w.person("errand_runner", .7)
    for d in range(w.days):
        for p in w.crowd(w.town[a], w.pois(r.uniform(2, 10)), .3):
            s = r.choice(w.shops[w.town[a]])[0] if w.shops[w.town[a]] else r.choice(w.suppliers)
            x, t = round(w.logn(45, .7), 1) + 2, w.at(d, "any")
            w.pay(t, a, s, w.m(x), "scan")
            w.pay(t + r.randrange(10 * MIN, 60 * MIN), p, a, w.m(x + r.choice([3, 5, 8, 10])), "transfer")


# ---------------------------------------------------------------- guilty designs
def bets(w: World) -> Callable[[], float]:
    """A ring's order amounts: round, a menu, with identifying cents, just under, or odd."""
    r, style, size = w.r, w.r.choice(["round", "menu", "cents", "under", "odd"]), w.logn(1, .5)
    ladder = [50, 100, 100, 200, 200, 300, 500, 500, 1000, 2000, 3000]
    pack = r.sample([58, 98, 128, 188, 199, 288, 299, 388, 499, 598, 888, 999, 1288], r.randint(3, 6))
    if style == "round":
        return lambda: r.choice(ladder)
    if style == "menu":
        return lambda: r.choice(pack)
    if style == "cents":
        return lambda: r.choice(ladder) - r.randint(1, 99) / 100
    if style == "under":
        return lambda: r.choice(ladder) - r.randint(1, 9)
    return lambda: round(w.logn(260 * size, .9)) + 11


def gang(w: World, k: int = 200) -> list[int]:
    """Payers of a pool: gamblers, and now and then victims of a sham investment."""
    pool = w.gamblers + w.r.sample(w.victims, min(len(w.victims), 4))
    return w.r.sample(pool, min(k, len(pool)))


def way_out(w: World, ring: str) -> Callable[[], int]:
    """Where a treasury's money ends: exchange accounts, coin sellers, dealers, gold, or the bank (cash)."""
    r = w.r
    ex = r.sample(w.exchanges, min(len(w.exchanges), r.randint(1, 3)))
    sellers = r.sample(w.coiners, min(len(w.coiners), r.randint(15, 60)))
    dealers = [d for d in w.dealers if w.group[d] != ring]
    kinds = r.choices(["ex", "sell", "deal", "gold", "bank"], [3, 3, 3 if dealers else 0, .7, 1],
            k=r.randint(1, 3))
    lists = {"ex": ex, "sell": sellers, "deal": dealers or sellers, "gold": w.refinery + w.suppliers[:2],
            "bank": w.home_bank}
    return lambda: r.choice(lists[r.choice(kinds)])


ALL_KINDS = ["once", "lots", "limit", "random", "nightly", "hours", "next_day"]


@guilty(5, 14)
def paofen_quota(w: World, k: int, ring: str) -> None:
    """Deposit-run pool, as the courts describe it: housewives and students *pay first* (a bond to the
    leader, which buys a quota), then strangers' scans arrive until the quota is used, then the bond is
    paid again less the commission. Money goes out before it comes in; runners keep an ordinary life and
    rest for days."""
    r = w.r
    boss = w.new("paofen_treasury", 3000, 0, 1, ring)
    lead = [w.person("paofen_leader", .6, 1, ring) for _ in range(1 if k < 8 else 2)]
    pay, payers, prof = bets(w), gang(w), r.choice(["evening", "late", "any"])
    cut, quota, memo = r.uniform(.008, .025), r.choice([1000, 2000, 3000, 5000, 10000]), ("bail",
            r.choice([0, 0, .1, .4]))
    for x in lead:
        w.pass_up(x, lambda: boss, ring, w.rhythm(ALL_KINDS, (.002, .01), limit=(1500, 15000),
                cap=(0, 0, 20000)))
    w.pass_up(boss, way_out(w, ring), ring, w.rhythm(ALL_KINDS, (0, .02), limit=(4000, 40000),
            cap=(0, 49000)))
    for i in range(k - 1 - len(lead)):
        a = w.person("paofen_runner", .9, 1, ring)
        q = quota * r.choice([.5, 1, 1, 2])
        w.bal[a] += w.m(q)
        w.open[a] = w.bal[a]
        mine, busy = lead[i % len(lead)], r.uniform(.5, 1)

        def shift(t: int, a: int = a, q: float = q, mine: int = mine, busy: float = busy) -> None:
            """One bond and the orders it buys."""
            w.pay(t, a, mine, w.m(q * (1 - cut)), "transfer", w.say(memo), ring, "drop")
            got, when = 0.0, t + r.randrange(3 * MIN, 40 * MIN)
            while True:
                x = min(pay(), q)
                if got + x > q * 1.001:
                    break
                got += x
                w.pay(when, r.choice(payers), a, w.m(x), "scan", w.say(("plain", .1)))
                when += int(r.expovariate(1 / 17) * MIN) + 20_000
                if when > w.end:
                    return
            if r.random() < busy and r.random() < .6:
                w.call(when + r.randrange(5 * MIN, 90 * MIN), shift)
        for d in range(r.randrange(3), w.days):
            if r.random() < busy:
                w.call(w.at(d, prof), shift)


@guilty(6, 16)
def straw_pool(w: World, k: int, ring: str) -> None:
    """Accounts bought from students: an ordinary wallet until the day of sale, emptied by the seller, a
    one-yuan test, two to five days of strangers' scans, then dead. Each level has its own rhythm (at once,
    lots, random hours, at a limit, nightly, next day)."""
    r = w.r
    top = w.new("straw_treasury", 2000, 0, 1, ring)
    mids = [w.new("straw_relay", 50, 0, 1, ring) for _ in range(max(1, k // 6))]
    pay, payers, prof = bets(w), gang(w, 400), r.choice(["evening", "late", "any", "day"])
    kinds = ALL_KINDS if r.random() < .4 else [r.choice(ALL_KINDS)]
    w.pass_up(top, way_out(w, ring), ring, w.rhythm(ALL_KINDS, (0, .03), limit=(10000, 60000),
            cap=(0, 49900, 20000)))
    for m_ in mids:
        w.pass_up(m_, lambda: top, ring, w.rhythm(ALL_KINDS, (0, .004), limit=(4000, 20000),
                cap=(0, 10000)))
    load = r.uniform(6, 30)
    for i in range(k - 1 - len(mids)):
        d0 = r.randrange(max(1, w.days - 2)) if i else r.randrange(3)
        d1 = d0 + r.randint(2, 6)
        if r.random() < .6 and d0 > 2:
            a = w.person("straw_collector", .8, 1, ring, until=d0)
            w.call(w.clock(d0, 1, 20), lambda t, a=a: (w.to_bank(t, a, w.bal[a]),
                    w.savings.__setitem__(a, 0)))
            w.call(w.clock(d0, 3, 1), lambda t, a=a: w.savings.__setitem__(a, 0))
        else:
            a = w.new("straw_collector", r.uniform(0, 30), 0, 1, ring)
        w.pay(w.clock(d0, 9, 40), mids[0], a, w.m(r.choice([.01, .1, 1, 1, 10])), "transfer", None)
        w.collect(a, payers, load * r.uniform(.5, 1.5), pay, prof, r.choice(["scan", "scan", "transfer"]),
                ("order", r.choice([0, .05])), ring, d0 + (prof != "day"), d1)
        w.pass_up(a, lambda: r.choice(mids), ring, w.rhythm(kinds, (0, .002), cap=(0, 0, 4999),
                memo=("cover", r.choice([0, .3]))))


@guilty(4, 10)
def shop_codes(w: World, k: int, ring: str) -> None:
    """Rented collection codes: a real stall or grocery with its own town custom, suppliers and life;
    bettors' scans are mixed in, and the pool's part less rent leaves for a collector. The shop's tickets
    and the pool's differ, its hours may not."""
    r = w.r
    top = w.person("code_collector", .5, 1, ring)
    pay, payers, prof = bets(w), gang(w), r.choice(["meal", "day", "evening", "late"])
    w.pass_up(top, way_out(w, ring), ring, w.rhythm(ALL_KINDS, (.01, .05), limit=(5000, 40000),
            cap=(0, 20000)))
    kinds = r.sample(ALL_KINDS, 3)
    for _ in range(k - 1):
        few = r.random() < .5
        price = w.menu([r.choice([3, 5, 6, 8, 10, 12, 15]) for _ in range(4)])
        if not few:
            price = lambda: round(w.logn(20, .8), 1) + .1  # noqa: E731
        a = own_shop(w, "rented_code_shop", price, r.uniform(.4, 2), ("food" if few else "plain", .02), 350)
        w.bad[a], w.group[a] = 1, ring
        d0 = r.randrange(max(1, w.days // 2))
        w.collect(a, payers, r.uniform(3, 18), pay, prof, "scan", ("plain", 0), ring, d0,
                w.days if r.random() < .6 else d0 + r.randint(3, 7))
        w.pass_up(a, lambda: top, ring, w.rhythm(kinds, (.01, .06), memo=("goods", .3)))


@guilty(3, 8)
def usdt_grab(w: World, k: int, ring: str) -> None:
    """The later pool: the bond is in coins, off this ledger. Runners collect strangers' scans and never
    pay a leader; when a lot is together they buy coins from whoever sells (private sellers, dealers, an
    exchange), nearly always a different payee. No upward account exists at all."""
    r = w.r
    pay, prof, payers = bets(w), r.choice(["evening", "late", "any"]), gang(w, 300)
    for _ in range(k):
        a = w.person("usdt_runner", .9, 1, ring)
        w.collect(a, r.sample(payers, min(len(payers), 120)), r.uniform(3, 16), pay, prof, "scan",
                ("plain", .05), ring, r.randrange(4))
        sell = w.coiners if r.random() < .6 else (w.dealers or w.coiners)
        out = way_out(w, ring) if r.random() < .3 else (lambda sell=sell: r.choice(sell))
        w.pass_up(a, out, ring, w.rhythm(["lots", "limit", "random", "next_day", "nightly"], (.005, .03),
                limit=(1000, 9000), memo=("cover", .1)))


@guilty(1, 4)
def board_dealer(w: World, k: int, ring: str) -> None:
    """Board dealer with his family's wallets in rotation: buys and sells all day, regulars and strangers,
    sums in round yuan or whole coins x price, some refunds, surplus to a wholesaler or exchange when the
    float is off."""
    r = w.r
    acc = [w.person("board_dealer", r.uniform(.4, 1), 1, ring, rich=r.uniform(5, 15)) for _ in range(k)]
    w.dealers += acc
    for a in acc:
        if r.random() < .7:
            w.contacts.append((a, r.choice(["p2p_board", "qq_group", "telegram", "forum"]),
                    r.randrange(-200, w.days)))
    clients = r.sample(w.coiners, min(len(w.coiners), r.randint(15, 90))) + r.sample(w.visitors,
            min(len(w.visitors), r.randint(0, 30)))
    rate, sells, size = r.uniform(3, 22), r.uniform(.3, .75), w.logn(900, .7)
    spread, whole, prof = r.uniform(.003, .025), r.random() < .4, r.choice(["day", "any", "late",
            "evening"])
    memo, turn = (("coin", .15) if r.random() < .2 else ("cover", r.choice([0, 0, .15]))), r.choice([1, 1,
            3])
    for d in range(w.days):
        if r.random() < .08:
            continue  # day off, or the card is frozen
        for _ in range(w.pois(rate)):
            a, t = acc[(d // turn + (r.random() < .15)) % k], w.at(d, prof)
            p = clients[int(len(clients) * r.random() ** 1.7)]
            sale = r.random() < sells
            x = w.logn(size, .9)
            px = w.usdt(t) * (1 + spread * (1 if sale else -1))
            y = max(5, round(x / px, -1)) * px if whole else max(100, round(x, -2))
            y = round(y, 2)
            if sale:
                w.pay(t, p, a, w.m(y), r.choice(["transfer", "scan", "transfer"]), w.say(memo), "", "drop")
                if r.random() < .03:
                    w.pay(t + r.randrange(3 * MIN, 3 * HOUR), a, p, w.m(y), "transfer", None)
            else:
                w.pay(t, a, p, w.m(y), "transfer", w.say(memo), "", "drop")
    hub, low = r.choice(w.exchanges + w.dealers), w.m(size * rate * .3)
    for a in acc:
        for d in range(w.days):
            def even(t: int, a: int = a) -> None:
                if w.bal[a] > 2.5 * low:
                    w.pay(t, a, hub, int(w.bal[a] * r.uniform(.3, .7)), "transfer", w.say(memo))
                elif w.bal[a] < low and w.role[hub] == "exchange":
                    w.pay(t, hub, a, int(low * r.uniform(1, 3)), "transfer", None)
            w.call(w.at(d, "day"), even)
            w.call(w.at(d, "late"), even)


@guilty(3, 7)
def counter_team(w: World, k: int, ring: str) -> None:
    """A small-town counter (a phone shop's back room) with divided work: collecting hands only receive,
    paying hands only pay, the boss hands out a float in the morning and takes the takings at night or
    through the day."""
    r = w.r
    boss = w.person("counter_boss", 1, 1, ring, rich=20)
    w.dealers.append(boss)
    n_in = max(1, (k - 1) // 2)
    take = [w.person("counter_taker", .6, 1, ring) for _ in range(n_in)]
    give = [w.person("counter_payer", .6, 1, ring) for _ in range(k - 1 - n_in)]
    clients = r.sample(w.coiners, min(len(w.coiners), 80)) + gang(w, 60)
    size, prof = w.logn(700, .5), r.choice(["day", "evening", "any"])
    for a in take:
        w.collect(a, clients, r.uniform(4, 18), lambda: max(50,
                round(w.logn(size, .8), r.choice([-2, -1, 0]))), prof, r.choice(["scan",
                "transfer"]), ("cover", .05), ring, loyal=1.5)
        w.pass_up(a, lambda: boss, ring, w.rhythm(ALL_KINDS, (0, .01)))
    flow = way_out(w, ring)
    for d in range(w.days):
        for a in give:
            w.pay(w.clock(d, 8.5, 30), boss, a, w.m(round(size * r.uniform(4, 10), -3) + 1000), "transfer",
                    w.say(("goods", .2)), "", "shrink")
            for _ in range(w.pois(r.uniform(2, 9))):
                w.pay(w.at(d, prof), a, r.choice(clients), w.m(max(50, round(w.logn(size, .8), -1))),
                        "transfer", None, "", "drop")
        w.call(w.clock(d, r.uniform(14, 23), 60), lambda t: w.pay(t, boss, flow(), int(w.bal[boss] * .25),
                "transfer", None) if w.bal[boss] > w.m(size * 40) else None)
    if r.random() < .4:
        w.contacts.append((r.choice(take), "forum", r.randrange(-90, w.days)))


@guilty(4, 10)
def coin_agent_tree(w: World, k: int, ring: str) -> None:
    """Town agents of an offshore betting site that runs on coins: they sell chips (coins) to neighbours
    and buy winnings back, so money goes both ways with the same people; only the *net* goes up, at a
    limit, at random hours or after the week's matches, and down when the town wins."""
    r = w.r
    top = w.person("agent_upline", .8, 1, ring, rich=10)
    w.pass_up(top, way_out(w, ring), ring, w.rhythm(["limit", "random", "next_day", "nightly"], (.02, .2),
            limit=(8000, 50000)))
    for _ in range(k - 1):
        a = w.person("town_agent", 1, 1, ring, rich=2)
        circle = r.sample(w.gamblers, min(len(w.gamblers), r.randint(10, 45)))
        net, rate, pay = [0.0], r.uniform(3, 16), bets(w)
        back, share, lim = r.uniform(.15, .6), r.uniform(.6, .95), w.m(r.uniform(500, 6000))
        when, prof = r.choice(["limit", "random", "weekly", "nightly"]), r.choice(["evening", "late"])

        def settle(t: int, a: int = a, net: list = net, share: float = share) -> None:
            x = int(net[0] * share)
            net[0] = 0
            if x > w.m(50):
                w.pay(t, a, top, x, "transfer", w.say(("cover", .1)), ring, "shrink")
            elif x < -w.m(50):
                w.pay(t, top, a, -x, "transfer", w.say(("cover", .1)))

        def got(t: int, p: int, amt: int, tag: str, a: int = a, net: list = net, back: float = back,
                lim: int = lim, when: str = when) -> None:
            if tag != ring:
                return
            net[0] += amt
            if r.random() < back:
                win = int(amt * r.choice([.5, .9, 1.2, 1.9, 2.5])) // w.m(1) * w.m(1)
                net[0] -= win
                w.pay(t + r.randrange(30 * MIN, 20 * HOUR), a, p, win,
                        r.choice(["transfer", "red_packet"]), None)
            if when == "limit" and abs(net[0]) > lim:
                w.call(t + r.randrange(2 * MIN, 2 * HOUR), settle)
        w.hooks[a].append(got)
        w.collect(a, circle, rate, pay, prof, r.choice(["scan", "transfer"]), ("plain", .05), ring,
                loyal=1.6)
        for d in range(w.days):
            if when == "nightly" or (when == "weekly" and d % 7 == 6) or \
                    (when == "random" and r.random() < .6):
                w.call(w.at(d, "late" if when == "nightly" else "any"), settle)


@guilty(1, 4)
def red_packet_room(w: World, k: int, ring: str) -> None:
    """Chat-room banker: bets come as red packets of at most 200, wins go out as packets, in rounds of
    minutes at night; the house's take is turned into coins in a few large transfers to sellers."""
    r = w.r
    acc = [w.person("room_banker", .8, 1, ring, rich=2) for _ in range(k)]
    room, out = gang(w, r.randint(25, 80)), way_out(w, ring)
    edge, days = r.uniform(.05, .3), r.uniform(.4, 1)
    for i, a in enumerate(acc):
        w.pass_up(a, out if i == 0 else (lambda: acc[0]), ring,
                w.rhythm(["limit", "nightly", "next_day", "random"], (1 - edge * .95, 1 - edge * .4),
                limit=(400, 4000)))
        for d in range(w.days):
            if r.random() > days:
                continue
            t = w.at(d, "late")
            for _ in range(r.randint(3, 15)):
                stake = r.choice([10, 20, 50, 88, 100, 200])
                players = r.sample(room, min(len(room), r.randint(3, 9)))
                pot = 0.0
                for p in players:
                    pot += stake
                    w.pay(t + r.randrange(90_000), p, a, w.m(stake), "red_packet", w.say(("gift", .2)),
                            ring)
                rest = pot * (1 - edge)
                for p in r.sample(players, min(2, len(players))):
                    w.pay(t + r.randrange(100_000, 300_000), a, p, w.m(min(200, round(rest / 2, 2))),
                            "red_packet", w.say(("gift", .2)))
                t += r.randrange(4 * MIN, 25 * MIN)


@guilty(2, 5)
def matcher_float(w: World, k: int, ring: str) -> None:
    """Matching desk: depositors are sent straight to players who are being paid out, so the desk's own few
    wallets only see the rest: odd halves in from strangers, odd halves out to strangers, in no order, near
    zero net, topped up from a coin seller. The matched players themselves are customers, not guilty."""
    r = w.r
    acc = [w.new("matcher_wallet", r.uniform(5000, 30000), 0, 1, ring) for _ in range(k)]
    pool, prof, pay = gang(w, 300), r.choice(["any", "late", "evening"]), bets(w)
    rest = r.uniform(.3, .7)
    for d in range(w.days):
        for _ in range(w.pois(r.uniform(8, 30) * k / 2)):
            t, x = w.at(d, prof), pay()
            p, q = r.sample(pool, 2)
            if r.random() > rest:
                w.pay(t, p, q, w.m(x), "transfer", w.say(("plain", .1)))  # matched: the desk sees nothing
            elif r.random() < .52:
                w.pay(t, p, r.choice(acc), w.m(x), r.choice(["transfer", "scan"]))
            else:
                w.pay(t, r.choice(acc), q, w.m(x * r.choice([.5, 1, 1, 1.7]) // 1 + 1), "transfer", None,
                        "", "wait")
        for a in acc:
            w.call(w.at(d, "any"), lambda t, a=a: w.pay(t, a, r.choice(w.coiners),
                    int(w.bal[a] * r.uniform(.3, .8)), "transfer") if w.bal[a] > w.m(20000)
                   else w.pay(t, r.choice(w.dealers or w.coiners), a, w.m(r.randint(2, 9) * 1000),
                           "transfer") if w.bal[a] < w.m(1500) else None)


@guilty(1, 4)
def slow_topup(w: World, k: int, ring: str) -> None:
    """Slow recharge: sells phone credit at 85 to 95 per cent to innocent buyers, but buys none: bettors
    have paid the telecom for those numbers themselves; the buyers' money goes to the pool in coins.
    Identical to an honest reseller save that no telecom, publisher or supplier is ever paid."""
    r = w.r
    disc, prof, out = r.uniform(.85, .97), r.choice(["day", "any", "evening"]), way_out(w, ring)
    price = [round(x * disc, 1) for x in r.choice([(50, 100, 200), (100, 200, 300, 500), (30, 50, 100)])]
    bettors = gang(w, 80)
    for i in range(k):
        a = w.person("slow_topup", .8, 1, ring)
        ppl = w.crowd(w.town[a], 160, .6)
        w.collect(a, ppl, r.uniform(5, 25), w.menu(price, 0), prof, "scan",
                ("topup", r.choice([0, .2, .4])), ring)
        w.pass_up(a, out, ring, w.rhythm(ALL_KINDS, (.02, .08), memo=("goods", .2), limit=(600, 6000)))
        for d in range(w.days):
            for _ in range(w.pois(4)):
                w.pay(w.at(d, prof), r.choice(bettors), r.choice(w.telecom), w.m(r.choice([50, 100, 200])),
                        "bill", w.say(("topup", .5)))


@guilty(2, 6)
def sham_shop(w: World, k: int, ring: str) -> None:
    """Sham merchants registered with borrowed papers: a shop-like menu, daytime hours, a few refunds,
    nightly sweep to 'the owner', even some token purchases; but payers from all towns who never return, no
    rent, no staff."""
    r = w.r
    own = w.new("sham_owner", 2000, 0, 1, ring)
    w.pass_up(own, way_out(w, ring), ring, w.rhythm(ALL_KINDS, (0, .03), cap=(0, 20000)))
    payers = gang(w, 500) + r.sample(w.visitors, min(len(w.visitors), 60))
    for _ in range(k - 1):
        a = w.new("sham_shop", r.uniform(50, 800), 0, 1, ring)
        pack = r.sample([38, 58, 68, 98, 128, 168, 198, 298, 398, 598], r.randint(3, 6))
        w.collect(a, payers, r.uniform(8, 35), w.menu(pack, .25), r.choice(["day", "meal", "evening"]),
                "scan", (r.choice(["food", "goods", "plain"]), .05), ring, r.randrange(4))
        w.pass_up(a, lambda: own, ring, w.rhythm(["nightly", "nightly", "hours", "next_day", "random",
                "limit"], (0, .05), memo=("goods", .2)))
        w.hooks[a].append(lambda t, p, amt, tag, a=a: w.pay(t + r.randrange(HOUR, 20 * HOUR), a, p, amt,
                "transfer") if tag == ring and r.random() < .02 else None)
        w.spend(a, w.suppliers, r.choice([0, 0, .15]), lambda: w.logn(120, .5), "day")


@guilty(2, 4)
def mirror_bank(w: World, k: int, ring: str) -> None:
    """Mirror desk for workers abroad: their coins are taken over there, their families are paid here out
    of what coin buyers pay here. In from a few larger buyers, out to many families in round sums, same
    day, through two or more hands."""
    r = w.r
    acc = [w.person("mirror_desk", .8, 1, ring, rich=6) for _ in range(k)]
    kin = w.crowd(r.randrange(w.towns), r.randint(20, 60), .1)
    buyers = r.sample(w.coiners, min(len(w.coiners), r.randint(8, 30)))
    for a in buyers:
        w.savings[a] += w.m(15000)
    rate, prof = r.uniform(2, 9), r.choice(["evening", "day", "any"])

    def got(t: int, p: int, amt: int, tag: str) -> None:
        if tag != ring:
            return
        left = int(amt * r.uniform(.96, .995))
        while left > w.m(150):
            x = min(left, w.m(r.choice([300, 500, 800, 1000, 1500, 2000, 3000])))
            left -= x
            w.pay(t + int(r.expovariate(1 / 150) * MIN) + 2 * MIN, r.choice(acc), r.choice(kin), x,
                    "transfer", w.say(("family", .2)), "", "wait")
    for a in acc:
        w.hooks[a].append(got)
        w.collect(a, buyers, rate / k * 1.5, lambda: round(w.logn(2600, .6), -2) + 100, prof, "transfer",
                ("cover", .15), ring)
        b = r.choice(acc)
        for d in range(1, w.days, 2):
            w.call(w.at(d, "day"), lambda t, a=a, b=b: w.pay(t, a, b, int(w.bal[a] * .4), "transfer")
                    if w.bal[a] > w.m(5000) else None)


@guilty(3, 8)
def card_farm(w: World, k: int, ring: str) -> None:
    """Card farmers: people lend their own, living account for an afternoon: a victim's money comes in one
    to four pieces, and leaves within the hour to several coin sellers or a minder standing by; each
    account works once or twice."""
    r = w.r
    direct = r.random() < .5  # half the farms have no minder: each farmer buys the coins himself
    minder = r.choice(w.folk)
    if not direct:
        minder = w.person("farm_minder", .8, 1, ring, rich=2)
        w.pass_up(minder, way_out(w, ring), ring, w.rhythm(ALL_KINDS, (.02, .1), cap=(0, 20000)))
    for _ in range(k - (not direct)):
        a = w.person("card_farmer", 1, 1, ring)
        sell = r.sample(w.coiners, min(5, len(w.coiners)))
        for _ in range(r.randint(1, 3)):
            t = w.at(r.randrange(w.days), r.choice(["day", "evening"]))
            for p in r.sample(w.victims, min(len(w.victims), r.randint(1, 3))):
                for _ in range(r.randint(1, 3)):
                    x = r.choice([1000, 2000, 3000, 5000, 8000, 10000]) + r.choice([0, 0, 18, .37])
                    w.pay(t + r.randrange(40 * MIN), p, a, w.m(x), "transfer", w.say(("loan", .1)), ring)
        up = (lambda sell=sell: r.choice(sell)) if direct else (lambda: minder)
        w.pass_up(a, up, ring, w.rhythm(["once", "lots", "once"], (.01, .08), cap=(0, 5000, 9900)))
        if not direct:
            w.pay(w.at(r.randrange(w.days), "late"), minder, a, w.m(r.choice([200, 300, 500])),
                    "red_packet")


@guilty(1, 1)
def brick_mover(w: World, k: int, ring: str) -> None:
    """Side-line arbitrage: a student buys from the exchange or cheap sellers and sells to acquaintances
    dearer, three to eight small trades a day amid an ordinary life. At the low end not to be told from a
    busy customer."""
    r = w.r
    a = w.person("brick_mover", 1.1, 1, ring, rich=4)
    ex, mates = r.choice(w.exchanges), r.sample(w.coiners, min(len(w.coiners), r.randint(8, 30)))
    if r.random() < .3:
        w.contacts.append((a, "qq_group", r.randrange(-60, w.days)))
    size, rate = w.logn(350, .5), r.uniform(1.5, 7)
    w.collect(a, mates, rate, lambda: max(50, round(w.logn(size, .7), r.choice([-1, -2]))), "late",
            "transfer", ("coin", r.choice([0, 0, .1])), ring, loyal=1.3)
    w.pass_up(a, lambda: ex if r.random() < .7 else r.choice(w.coiners), ring,
            w.rhythm(["lots", "limit", "random", "nightly"], (.01, .06), limit=(600, 5000)))


# ---------------------------------------------------------------- assembly
def build(seed: int, n: int, days: int, share: float, currency: str) -> World:
    """Place everybody, let them live, run the clock."""
    w = World(seed, n, days, share, currency)
    w.drivers, w.markets, w.landlords, w.dealers = [], [], [], []
    infrastructure(w)
    n_bad, n_fair = round(n * share), round(n * w.r.uniform(.22, .27))
    people(w, n - n_bad - n_fair - len(w.role))
    base = len(w.role)
    first = [h for h in HONEST]
    w.r.shuffle(first)
    first.sort(key=lambda h: h[0] not in ("market", "landlord"))
    i = 0
    while len(w.role) - base < n_fair:
        if i < len(first):
            h = first[i]
        else:
            left = n_fair - (len(w.role) - base)
            h = w.r.choices(HONEST, [x[1] if left > 25 or x[0] not in ("market", "chain",
                    "house_buyer") else 0 for x in HONEST])[0]
        h[2](w, 0)
        i += 1
    order = list(GUILTY)
    w.r.shuffle(order)
    order.sort(key=lambda x: x[0] not in ("board_dealer", "counter_team"))
    first_bad, i = len(w.role), 0
    spare = 1.0 if n_bad >= 90 else .6
    while (left := n_bad - (len(w.role) - first_bad)) > 0:
        name, lo, hi, f = order[i] if i < len(order) else w.r.choice(order)
        i += 1
        if i <= len(order):  # leave room for the designs still to come
            rest = sum(x[1] for x in order[i:])
            hi = max(lo, min(hi, int((left - rest) * spare)))
        if lo > left:
            if i > len(order) and left < 3:
                name, lo, hi, f = next(x for x in order if x[0] == "brick_mover")
            else:
                continue
        f(w, w.r.randint(lo, min(hi, max(lo, left))), f"R{i:02d}")
    for a in w.r.sample(w.folk + w.coiners, min(len(w.folk), w.r.randint(1, 4))):
        w.contacts.append((a, w.r.choice(["p2p_board", "forum"]), w.r.randrange(-200, days)))
    for a, (_, _, d1) in w.lives.items():  # everybody has friends: people of all designs enter the circles
        if w.role[a] not in PRIVATE and d1 >= days:
            w.by_town[w.town[a]].append(a)
    for a, (level, d0, d1) in w.lives.items():
        live(w, a, level, d0, d1)
    w.run()
    return w


def write(w: World, out: Path, seed: int) -> None:
    """The five files."""
    out.mkdir(parents=True)
    n = len(w.role)
    style = w.r.choice(["hex", "digits", "mixed"])
    names: list[str] = []
    seen: set[str] = set()
    while len(names) < n:
        x = {"hex": f"{w.r.getrandbits(40):010x}", "digits": f"62{w.r.randrange(10**12):012d}",
             "mixed": f"W{w.r.randrange(36**5):08d}"}[style]
        if x not in seen:
            seen.add(x)
            names.append(x)
    rows = sorted(w.rows, key=lambda x: x[0])
    zone = pa.timestamp("us", "UTC")
    tab = pa.table({
        "tx_id": pa.array([f"t{seed}-{i:08d}" for i in range(len(rows))]),
        "ts": pa.array([x[0] * 1000 for x in rows], pa.int64()).cast(zone),
        "seq": pa.array(range(len(rows)), pa.int64()),
        "payer": pa.array([names[x[1]] for x in rows]), "payee": pa.array([names[x[2]] for x in rows]),
        "amount_minor": pa.array([x[3] for x in rows], pa.int64()),
        "currency": pa.array([w.cur] * len(rows)),
        "channel": pa.array([x[4] for x in rows], pa.string()), "memo": pa.array([x[5] for x in rows],
        pa.string())})
    pq.write_table(tab, out / "transactions.parquet")

    def table(name: str, head: list[str], data: list) -> None:
        with open(out / name, "w", newline="", encoding="utf-8") as f:
            c = csv.writer(f)
            c.writerow(head)
            c.writerows(data)
    def stamp(i: int) -> str:
        at = dt.datetime.fromtimestamp((w.t0 + i * HOUR) / 1000, dt.timezone.utc)
        return at.strftime("%Y-%m-%dT%H:%M:%SZ")
    table("prices.csv", ["ts", "asset", "quote", "price"], [
        (stamp(i), a, w.cur, f"{p * w.scale:.4f}") for i in range(w.days * 24 + 1)
        for a in w.px for p in [w.px[a][i]]])
    known = w.r.choice([0, .3, .5, .7])
    table("exchange_accounts.csv", ["account", "name"], [
        (names[a], f"Exchange {chr(65 + i)}") for i, a in enumerate(w.exchanges[:-1])
        if w.r.random() < known])
    first: dict[int, tuple[int, str, int]] = {}
    for c in w.contacts:
        first.setdefault(c[0], c)
    table("contacts.csv", ["account", "source", "first_seen"], sorted(
        (names[a], s, str(w.date0 + dt.timedelta(days=d))) for a, s, d in first.values()))
    table("labels.csv", ["account", "role", "guilty", "group"], sorted(
        (names[a], w.role[a], w.bad[a], w.group[a]) for a in range(n)))


def summary(w: World) -> None:
    """Counts and flows by role, to look at."""
    inn, outg, cin, cout = Counter(), Counter(), Counter(), Counter()
    fan: dict[int, set[int]] = defaultdict(set)
    for _, a, b, x, _, _ in w.rows:
        outg[a] += x
        inn[b] += x
        cout[a] += 1
        cin[b] += 1
        fan[b].add(a)
    one = w.scale * w.minor
    by: dict[tuple[int, str], list[int]] = defaultdict(list)
    for a, role in enumerate(w.role):
        by[(w.bad[a], role)].append(a)
    print(f"start {w.date0} accounts {len(w.role)} guilty {sum(w.bad)} payments {len(w.rows)} "
          f"({2 * len(w.rows) / len(w.role):.0f} legs an account)")
    print("g role                    n    in#  out#  payers  in-yuan out-yuan  max-bal")
    for (g, role), xs in sorted(by.items()):
        cols = [[c[a] for a in xs] for c in (cin, cout, inn, outg)] + [[len(fan[a]) for a in xs]]
        n_in, n_out, y_in, y_out, payers = (sorted(c)[len(xs) // 2] for c in cols)
        print(f"{g} {role:20s} {len(xs):5d} {n_in:6d} {n_out:5d} {payers:6d} {y_in / one:9.0f}"
              f" {y_out / one:8.0f} {max(w.bal[a] for a in xs) / one:9.0f}")
    assert all(w.bal[a] >= 0 for a in range(len(w.role)) if w.role[a] != "bank"), "an account went below zero"
    assert sum(w.bal) == sum(w.open), "money was not conserved"


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--seed", type=int, required=True)
    p.add_argument("--accounts", type=int, default=5000)
    p.add_argument("--days", type=int, default=14)
    p.add_argument("--guilty", type=float, default=.02)
    p.add_argument("--currency", default="CNY")
    a = p.parse_args()
    w = build(a.seed, a.accounts, a.days, a.guilty, a.currency)
    write(w, a.out, a.seed)
    summary(w)


if __name__ == "__main__":
    main()
