# SPDX-License-Identifier: Apache-2.0
"""Labelled payment worlds: honest payment life with unlicensed coin trade settled inside it.

    python worlds.py --out DIR --seed N [--accounts 5000] [--days 14] [--guilty 0.02] [--currency CNY]

One event queue runs every payment in order of time. A payment that the payer cannot cover waits, shrinks,
is preceded by a top-up from savings at the bank, or does not happen, so no account except a bank's or an
exchange's spends what it does not have. Internally money is in units of about one yuan, scaled on output.

Worlds differ by seed: which guilty designs are present, ring sizes, the share of mobile payments, whether
memos and channels exist in the data, whether exchanges exist and are known, a festival, the account format.

Hard to tell even with the full history (a fair analyst errs now and then): a `moonlighter` with a handful
of trades against an active honest `coin_trader` or `card_trader`; a `runner` on one short shift; the early
layer of `straw_chain` with a few payments. In worlds without memos: a `mirror_remit` account against
`factoring`, a `guarantor` against `escrow_app`, a small `two_way_desk` against `used_goods`, a
`shop_front` outlet with a small coin share against `small_shop`.
"""
from __future__ import annotations

import argparse
import csv
import datetime as dt
import heapq
import math
import random
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

MIN, H, D = 60_000, 3_600_000, 86_400_000
Amount = float | Callable[[], float]
# currency: (scale against one yuan in round figures, decimals, hours from UTC, units per US dollar)
CURRENCIES = {"CNY": (1, 2, 8, 7.1), "USD": (.2, 2, -5, 1.0), "EUR": (.2, 2, 1, .92), "INR": (10, 2, 5.5,
        86.0),
              "NGN": (200, 2, 1, 1550.0), "TRY": (5, 2, 3, 38.0), "VND": (2000, 0, 7, 25500.0),
              "RUB": (10, 2, 3, 88.0), "BRL": (.5, 2, -3, 5.6), "KRW": (200, 0, 9, 1380.0)}
# rhythms: (centre hour, spread, weight)
RHYTHM = {"shop": ((7.7, .6, .22), (12.2, .7, .33), (18.6, 1, .3), (21, .9, .15)),
          "office": ((10.3, .9, .5), (15.4, 1.2, .5)), "eve": ((20.5, 1.4, 1),), "night": ((23.9, 1.6, 1),),
          "day": ((10.5, 1.9, .4), (15, 2.2, .35), (20, 1.7, .25)), "dawn": ((5.8, .9, 1),),
          "flat": ((3, 3, .2), (10, 3, .25), (16, 3, .25), (21, 3, .3))}
MEMO = {  # kind: (Chinese, English)
    "food": (("早餐", "午饭", "奶茶", "抹茶拿铁", "外卖", ""),
              ("lunch", "coffee", "matcha latte", "snacks", "")),
    "goods": (("货款", "付款", "尾款", "定金", "商品"),
               ("goods", "balance due", "deposit", "invoice", "stock")),
    "rent": (("房租", "本月房租", "租金"), ("rent", "rent this month", "flat")),
    "salary": (("工资", "薪资", "代发工资"), ("salary", "payroll", "wages")),
    "loan": (("借款", "还款", "还你钱", "周转"), ("loan", "paying back", "thanks for the loan", "float")),
    "friend": (("谢谢", "AA", "饭钱", "转账", "给你", ""), ("thanks", "my share", "dinner", "for you", "")),
    "family": (("生活费", "家用", "妈", "给孩子"), ("allowance", "household", "mum", "for the kids")),
    "refund": (("退款", "退货", "多付退回"), ("refund", "returned", "overpaid")),
    "bill": (("电费", "水费", "话费", "燃气"), ("power", "water", "phone", "gas")),
    "gift": (("恭喜", "新婚快乐", "礼金", "随礼"), ("congratulations", "gift", "best wishes")),
    "pious": (("香火", "功德", "随喜"), ("offering", "merit", "candles")),
    "give": (("爱心捐款", "加油", "早日康复"), ("donation", "get well", "stay strong")),
    "game": (("点券", "金币", "游戏币充值", "皮肤"), ("game coins", "top-up", "skin", "gems")),
    "collect": (("纪念币", "邮票", "银元", "球星卡"),
                 ("commemorative coin", "stamps", "silver dollar", "card")),
    "disk": (("U盘", "内存卡", "手机", "尾货"), ("usb stick", "memory card", "phone", "laptop")),
    "trip": (("团费", "机票", "酒店", "换汇"), ("tour fee", "ticket", "hotel", "travel money")),
    "dues": (("班费", "物业费", "会费", "报名费"), ("class fund", "dues", "membership", "entry fee")),
    "crop": (("玉米款", "粮款", "收购款"), ("maize", "grain", "harvest")),
    "expense": (("报销", "差旅"), ("expenses", "travel claim")),
    "slang": (("U", "u款", "出U", "买u", "泰达"), ("usdt", "tether", "u", "coins", "p2p order")),
    "fund": (("认购", "投资款", "算力", "会员升级"), ("subscription", "membership upgrade", "node", "plan"))}


class World:
    """Accounts, balances and the queue of events."""

    def __init__(self, seed: int, accounts: int, days: int, guilty: float, currency: str) -> None:
        self.r = random.Random(f"worlds-east-{seed}-{currency}")
        self.g = np.random.default_rng([seed, accounts, 77])
        self.n, self.days, self.share, self.currency = accounts, days, guilty, currency
        self.scale, self.dec, self.tz, self.fx = CURRENCIES.get(currency, (1, 2, 0, 7.0))
        self.k = self.scale * 10 ** self.dec
        self.end = days * D
        self.role: list[str] = []
        self.guilty: list[int] = []
        self.group: list[str] = []
        self.bal: list[int] = []
        self.open: list[int] = []
        self.savings: dict[int, float] = {}
        self.mobile_habit: dict[int, float] = {}
        self.lifers: list[tuple[int, float]] = []
        self.rows: list[tuple[int, int, int, int, str, str]] = []
        self.heap: list[tuple[int, int, Callable[..., None], tuple]] = []
        self.count = 0
        self.dealers: list[int] = []
        self.shops: list[tuple[int, list[float]]] = []
        self.drivers: list[int] = []
        self.landlords: list[int] = []
        self.wholesalers: list[int] = []
        self.scenes: dict[str, list[int]] = {}
        r = self.r
        self.mobile = r.choice((r.uniform(.05, .35), r.uniform(.4, .7), r.uniform(.7, .97)))
        self.memo_mode = r.choices(("none", "sparse", "usual", "full"), (.22, .28, .35, .15))[0]
        self.channel_mode = r.choices(("full", "coarse", "partial", "none"), (.45, .2, .15, .2))[0]
        self.exchanges_exist = r.random() < .72
        self.known = r.choice((0.0, .25, .5, .8)) if self.exchanges_exist else 0.0
        self.coin_share = r.uniform(.05, .12)
        self.fest = r.randrange(days) if r.random() < .4 else -1
        self.date = dt.date(2026, 3, 1) + dt.timedelta(days=r.randrange(0, 90))
        self.make_prices()

    # -- draws -------------------------------------------------------------------------------------------
    def u(self, a: float, b: float) -> float:
        return self.r.uniform(a, b)

    def ln(self, median: float, sigma: float) -> float:
        return median * math.exp(self.r.gauss(0, sigma))

    def p(self, q: float) -> bool:
        return self.r.random() < q

    def pois(self, lam: float) -> int:
        return int(self.g.poisson(max(lam, 0)))

    def some(self, n: int, pool: list[int] | None = None) -> list[int]:
        pool = self.people if pool is None else pool
        return self.r.sample(pool, min(n, len(pool)))

    def one(self) -> int:
        return self.r.choice(self.people)

    def fan(self, scene: str) -> int:
        """Mostly one of the same few per cent of people: hobbies, too, have customers in common."""
        if scene not in self.scenes:
            self.scenes[scene] = self.some(int(len(self.people) * self.u(.02, .1)) + 5)
        return self.r.choice(self.scenes[scene]) if self.p(.75) else self.one()

    def when(self, d: int, rhythm: str = "day") -> int:
        c, s, _ = self.r.choices(RHYTHM[rhythm], [x[2] for x in RHYTHM[rhythm]])[0]
        t = d * D + int(self.r.gauss(c, s) * H) + self.r.randrange(1000)
        return -t if t < 0 <= d else t

    def nice(self, x: float) -> float:
        """A figure a person would name: one or two leading digits."""
        step = 10 ** math.floor(math.log10(max(x, 1))) / self.r.choice((1, 2, 2, 5, 10))
        return max(round(x / step) * step, 1.0)

    # -- accounts ----------------------------------------------------------------------------------------
    def org(self, role: str, opening: float = 60_000, guilty: int = 0, group: str = "") -> int:
        a = len(self.role)
        self.role.append(role)
        self.guilty.append(guilty)
        self.group.append(group)
        self.bal.append(int(opening * self.k))
        self.open.append(self.bal[-1])
        self.mobile_habit[a] = min(1, max(0, self.r.gauss(self.mobile, .25)))
        return a

    def person(self, role: str, opening: float | None = None, life: float = 1.0, guilty: int = 0,
               group: str = "") -> int:
        a = self.org(role, self.ln(4500, .9) if opening is None else opening, guilty, group)
        self.savings[a] = self.ln(15_000, 1.0)
        self.lifers.append((a, life))
        return a

    def crook(self, role: str, group: str, opening: float | None = None, straw: bool = False,
              dealer: bool = False) -> int:
        """A guilty account: with its holder's own life, or bought (a straw account), perhaps with decoys."""
        if straw:
            a = self.org(role, self.ln(120, 1) if opening is None else opening, 1, group)
            if self.p(.5):
                for d in range(self.days):
                    if self.p(.35):
                        self.at(self.when(d, "shop"), self.small_purchase, a)
        else:
            a = self.person(role, opening, self.u(.5, 1.2), 1, group)
        if dealer:
            self.dealers.append(a)
        return a

    def have(self, a: int) -> float:
        return self.bal[a] / self.k

    def p2p(self, a: int) -> str:
        return "transfer" if self.p(self.mobile_habit[a]) else "bank"

    def retail(self) -> str:
        return "scan" if self.p(self.mobile) else "card"

    def m(self, kind: str) -> str:
        if kind == "order":
            return str(self.r.randrange(10 ** 7, 10 ** 10))
        return self.r.choice(MEMO[kind][0 if self.currency == "CNY" else 1]) if kind else ""

    # -- queue -------------------------------------------------------------------------------------------
    def at(self, t: float, fn: Callable[..., None], *args: object) -> None:
        if 0 <= t < self.end:
            self.count += 1
            heapq.heappush(self.heap, (int(t), self.count, fn, args))

    def pay(self, t: float, a: int, b: int, amount: Amount, channel: str, memo: str = "", how: str = "drop",
            then: Callable[[int, float], None] | None = None, tries: int = 3) -> None:
        """Plan a payment. how: what happens without cover (drop, wait, shrink, topup)."""
        self.at(t, self._pay, a, b, amount, channel, memo, how, then, tries)

    def _pay(self, t: int, a: int, b: int, amount: Amount, channel: str, memo: str, how: str,
             then: Callable[[int, float], None] | None, tries: int) -> None:
        x = amount() if callable(amount) else amount
        m = round(x * self.k)
        if m <= 0 or a == b:
            return
        if self.bal[a] < m:
            lack = m / self.k - self.have(a)
            if how == "topup" and tries and self.savings.get(a, 0) > lack:
                top = min(self.savings[a], math.ceil(lack * self.u(1, 2.5) / 100) * 100)
                self.savings[a] -= top
                self.pay(t, self.r.choice(self.banks), a, top, "topup", "")
                self.pay(t + self.u(6_000, 150_000), a, b, x, channel, memo, "shrink", then, 0)
            elif how == "wait" and tries:
                self.pay(t + self.u(.3, 5) * H, a, b, amount, channel, memo, how, then, tries - 1)
            elif how in ("shrink", "topup") and self.have(a) > 60 and x > 60:
                self._pay(t, a, b, self.nice(self.have(a) * self.u(.3, .8)), channel, memo, "drop", then, 0)
            return
        self.bal[a] -= m
        self.bal[b] += m
        self.rows.append((t, a, b, m, channel, memo))
        if then:
            then(t, m / self.k)

    def run(self) -> None:
        while self.heap:
            t, _, fn, args = heapq.heappop(self.heap)
            fn(t, *args)

    # -- common pieces -----------------------------------------------------------------------------------
    def small_purchase(self, t: int, a: int) -> None:
        s, menu = self.r.choice(self.shops)
        if self.p(.4):
            self.pay(t, a, self.r.choice(self.supers), round(self.ln(25, .7), 2), self.retail(), "")
        else:
            self.pay(t, a, s, self.r.choice(menu), self.retail(), self.m("food"))

    def sweep(self, a: int, b: int, hour: float, memo: str, low: float = .8, high: float = 1.0,
              every: int = 1, keep: float = 0, floor: float = 50) -> None:
        """The evening habit of handing the till to somebody."""
        ch = self.p2p(a)
        for d in range(self.r.randrange(every), self.days, every):
            def left(q: float = self.u(low, high)) -> float:
                x = (self.have(a) - keep) * q
                return 0 if x < floor else x
            self.pay(d * D + self.r.gauss(hour, .25) * H, a, b, left, ch, memo)

    def pieces(self, t: float, a: int, b: int, total: float, limit: float, channel: str, memo: str,
               how: str = "wait") -> None:
        """A large sum cut at a transfer limit."""
        while total > 1:
            x = min(total, limit)
            self.pay(t, a, b, x, channel, memo, how)
            total -= x
            t += self.u(20_000, 400_000)

    def make_prices(self) -> None:
        hours = self.days * 24 + 25
        base = {"USDT": 1.0 + self.g.normal(0, .004), "BTC": self.g.uniform(55e3, 115e3),
                "ETH": self.g.uniform(1.6e3, 4.2e3)}
        vol = {"USDT": .0006, "BTC": .0045, "ETH": .006}
        self.prices: dict[str, np.ndarray] = {}
        for asset, p0 in base.items():
            walk = np.zeros(hours)
            noise = self.g.normal(0, vol[asset], hours)
            for i in range(1, hours):
                walk[i] = walk[i - 1] * (.97 if asset == "USDT" else 1) + noise[i]
            self.prices[asset] = p0 * self.fx * np.exp(walk)

    def px(self, t: float, asset: str = "USDT") -> float:
        return float(self.prices[asset][min(int(t // H), len(self.prices[asset]) - 1)]) / self.scale


def community(w: World) -> None:
    """Banks, exchanges, billers, employers, shops, marketplace and the ordinary people."""
    r = w.r
    w.banks = [w.org("bank", 5e9) for _ in range(max(2, w.n // 1200))]
    w.ex: list[tuple[str, list[int], list[int]]] = []
    w.ex_known: list[tuple[int, str]] = []
    if w.exchanges_exist:
        for i in range(r.randint(1, 4)):
            name = "exchange-" + "abcd"[i]
            ins = [w.org("exchange", 2e7) for _ in range(r.randint(1, 3))]
            outs = ins if w.p(.4) else [w.org("exchange", 2e7) for _ in range(r.randint(1, 2))]
            w.ex.append((name, ins, outs))
            w.ex_known += [(a, name) for a in {*ins, *outs} if w.p(w.known)]
        if len(w.ex_known) == len({a for _, i, o in w.ex for a in i + o}):
            w.ex_known = w.ex_known[1:]
    w.billers = [w.org("biller", 3e5) for _ in range(max(3, w.n // 700))]
    w.carriers = [w.org("carrier", 3e5) for _ in range(max(2, w.n // 1500))]
    w.suppliers = [w.org("supplier", w.ln(150_000, .6)) for _ in range(max(6, w.n // 90))]
    w.firms = [w.org("employer", w.ln(2_000_000, .7)) for _ in range(max(6, w.n // 70))]
    w.hotels = [w.org("venue", w.ln(80_000, .5)) for _ in range(max(3, w.n // 800))]
    w.market = w.org("marketplace", 400_000)
    w.supers = [w.org("supermarket", 80_000) for _ in range(max(3, w.n // 300))]
    w.people = [w.person("person", None, w.ln(1, .35)) for _ in range(int(w.n * .62))]
    pool = r.sample(w.people, int(len(w.people) * (w.coin_share + .06)))
    cut = int(len(w.people) * w.coin_share)
    half = int(cut * w.u(.4, .75))
    w.coin_d, w.coin_x, rest = pool[:half], pool[half:cut], pool[cut:]
    w.bettors, w.victims = rest[:len(rest) * 2 // 3], rest[len(rest) * 2 // 3:]
    for group, role, money in ((w.coin_d, "coin_customer", 9000), (w.bettors, "bettor", 6000), (w.victims,
            "victim", 40_000),
                               (w.coin_x, "coin_trader" if w.ex else "coin_p2p_person", 9000)):
        for a in group:
            w.role[a] = role
            w.bal[a] = w.open[a] = int(w.ln(money, .8) * w.k)
            w.savings[a] = w.ln(money * 3, .9)
    for _ in range(int(w.n * w.u(.016, .026))):
        small_shop(w)


# ---- honest designs -------------------------------------------------------------------------------------

def small_shop(w: World, role: str = "small_shop", guilty: int = 0, group: str = "") -> tuple[int, int]:
    """A counter with a few prices; the till goes to the owner at night, suppliers are paid every few days."""
    s = w.org(role, w.u(100, 3000), guilty, group)
    o = w.person(role if guilty else "shop_owner", w.ln(9000, .6), w.u(.5, 1), guilty, group)
    w.shops.append((s, [w.r.choice((3, 5, 6, 8, 10, 12, 15, 18, 22, 25, 28, 35,
            48)) for _ in range(w.r.randint(2, 7))]))
    w.sweep(s, o, w.u(20, 23.6), "", .7, 1)
    notes = w.r.choice((0, 0, .2, .5))
    for d in range(w.days):
        if w.p(notes):
            w.pay(w.when(d, "office"), w.r.choice(w.banks), o, w.nice(w.ln(900, .6)), "cash", "")
    for d in range(w.r.randrange(4), w.days, w.r.randint(2, 5)):
        w.pay(w.when(d, "office"), o, w.r.choice(w.suppliers), lambda q=w.u(.2, .5): w.have(o) * q,
                w.p2p(o), w.m("goods"))
    return s, o


def chain_outlets(w: World) -> None:
    """Outlets hand their takings to head office several times a day; head office pays suppliers weekly."""
    hq = w.org("chain_head", w.ln(90_000, .5))
    menu = [round(w.u(9, 60)) - .1 * w.r.randrange(2) for _ in range(5)]
    for _ in range(w.r.randint(3, 7)):
        s = w.org("chain_outlet", 800)
        w.shops.append((s, menu))
        for h in w.r.sample(range(11, 24), w.r.randint(1, 4)):
            w.sweep(s, hq, h, "", .95, 1)
    for d in range(w.r.randrange(6), w.days, 6):
        w.pay(w.when(d, "office"), hq, w.r.choice(w.suppliers), lambda: w.have(hq) * .5, "bank", w.m("goods"))


def online_seller(w: World) -> None:
    """Sells over the marketplace, which pays out the day after less its fee; pays suppliers and refunds."""
    a = w.person("online_seller", None, .8)
    w.sellers.append(a)
    for d in range(w.r.randrange(3), w.days, 3):
        w.pay(w.when(d), a, w.r.choice(w.suppliers), lambda: w.have(a) * .35, w.p2p(a), w.m("goods"))


def payroll_agent(w: World) -> None:
    """Takes lump sums from firms and pays the workers the same day: pass-through with a fee."""
    a = w.org("payroll_agent", w.u(2000, 40_000))
    for firm in w.r.sample(w.firms, min(len(w.firms), w.r.randint(1, 4))):
        staff = [(x, w.ln(4800, .3)) for x in w.some(w.r.randint(8, 35))]
        d, t = w.r.randrange(w.days), 0.0
        t = w.when(d, "office")
        w.pay(t, firm, a, sum(s for _, s in staff) * w.u(1.01, 1.04), "bank", w.m("salary"))
        t += w.u(.1, 20) * H
        for i, (x, s) in enumerate(staff):
            w.pay(t + i * w.u(300, 4000), a, x, s, "bank", w.m("salary"), "wait")


def rent_collector(w: World) -> None:
    """A second landlord: many tenants in, a few owners out around the same days of the month."""
    a = w.person("rent_collector", w.ln(15_000, .5))
    due, total = w.r.randrange(w.days), 0.0
    for x in w.some(w.r.randint(8, 30)):
        rent = round(w.ln(1700, .4), -2)
        total += rent
        t = w.when(max(0, due + w.r.randint(-2, 3)), "day")
        w.pay(t, x, a, rent, w.p2p(x), w.m("rent"), "topup")
        if w.p(.1):
            w.pay(t + w.u(1, 4) * D, a, x, w.nice(w.u(50, 400)), w.p2p(a), w.m("refund"))
    for x in w.some(w.r.randint(2, 6)):
        w.pay(w.when(due + w.r.randint(1, 5), "eve"), a, x, round(total * w.u(.1, .22), -2), w.p2p(a),
                w.m("rent"), "wait")


def daigou(w: World) -> None:
    """Purchasing agent: odd sums (foreign price times rate times a constant margin), paid on to shops
    abroad."""
    a = w.person("daigou", w.ln(9000, .6))
    rate, fee, due = w.u(6.5, 9.5), w.u(1.04, 1.15), [0.0]
    fans, shop = [w.fan("fashion") for _ in range(w.r.randint(20, 70))], w.r.choice(w.suppliers)
    for d in range(w.days):
        for _ in range(w.pois(w.u(1, 6))):
            x, t = w.r.choice(fans), w.when(d, "eve")
            price = w.r.choice((19, 29, 45, 59, 89, 120, 199, 320, 480)) * rate * fee
            w.pay(t, x, a, price, w.p2p(x), w.m(w.r.choice(("goods", "friend", ""))), "topup",
                  lambda _t, s: due.__setitem__(0, due[0] + s / fee))
            if w.p(.05):
                w.pay(t + w.u(.1, 3) * D, a, x, price, w.p2p(a), w.m("refund"))
        if w.p(.4):
            def total() -> float:
                v, due[0] = due[0], 0.0
                return min(v, w.have(a))
            w.pay(w.when(d, "night"), a, shop, total, "card", w.m("order"))


def group_buy(w: World) -> None:
    """A neighbourhood leader: one or two prices, a crowd within hours, the supplier paid next morning."""
    a = w.person("group_buy", None)
    club = w.some(w.r.randint(18, 60))
    for _ in range(w.r.randint(2, 5)):
        d, prices, cut = w.r.randrange(w.days), [w.r.choice((19.9, 29.9, 39, 58, 88,
                128)) for _ in range(2)], w.u(.85, .93)
        got = [0.0]
        for x in w.some(w.r.randint(10, 40), club):
            w.pay(w.when(d, "eve"), x, a, w.r.choice(prices) * w.r.choice((1, 1, 1, 2)),
                    w.r.choice(("scan", "transfer")),
                  w.m("goods") if w.p(.4) else "", "topup", lambda _t, s, got=got: got.__setitem__(0,
                          got[0] + s))
            if w.p(.04):
                w.pay(w.when(d + 1), a, x, prices[0], "transfer", w.m("refund"))
        w.pay((d + 1) * D + w.u(6, 11) * H, a, w.r.choice(w.suppliers), lambda got=got, c=cut: got[0] * c,
                w.p2p(a), w.m("goods"))


def dues_collector(w: World) -> None:
    """Class parent, club or owners' committee: one amount from everybody, vendors paid over the next days."""
    a = w.person("dues_collector", None)
    fee, d, n = w.r.choice((50, 100, 200, 360, 500, 880)), w.r.randrange(max(1,
            w.days - 3)), w.r.randint(20, 55)
    for x in w.some(n):
        w.pay(w.when(d, "eve") + (w.u(0, 2) * D if w.p(.3) else 0), x, a, fee,
                w.r.choice(("scan", "transfer")), w.m("dues"), "topup")
    for _ in range(w.r.randint(1, 4)):
        w.pay(w.when(d + w.r.randint(1, 5)), a, w.r.choice(w.hotels + w.suppliers), fee * n * w.u(.1, .3),
                w.p2p(a), w.m("dues"), "wait")


def game_reseller(w: World) -> None:
    """Game top-ups at a few prices, day and night, each paid on to the publisher at once or at a
    threshold."""
    a = w.person("game_reseller", w.ln(5000, .5))
    pub, disc, due, limit = w.r.choice(w.billers), w.u(.93, .985), [0.0], w.r.choice((0, 0, 1000, 4000))
    def bought(t: int, s: float) -> None:
        due[0] += s * disc
        if due[0] > limit:
            w.pay(t + w.u(10_000, 900_000), a, pub, due[0], "bill", w.m("game"))
            due[0] = 0.0
    for d in range(w.days):
        for _ in range(w.pois(w.u(3, 12))):
            x = w.fan("games")
            w.pay(w.when(d, w.r.choice(("eve", "night", "day"))), x, a, w.r.choice((6, 30, 68, 98, 198, 328,
                    648)) * w.r.choice((1, 1, .95)),
                  w.r.choice(("scan", "transfer")), w.m("game") if w.p(.5) else "", "topup", bought)


def used_goods(w: World) -> None:
    """Phones and laptops, bought from and sold to strangers all day: two-way trade with haggled prices."""
    a = w.person("used_goods", w.ln(30_000, .5))
    mate, rate = w.one(), w.u(1.5, 8)
    for d in range(w.days):
        for _ in range(w.pois(rate)):
            x, part = w.fan("gadgets"), w.r.choice((1, 1, .5))
            price = part * (round(w.ln(1500, .6) / 50) * 50 - w.r.choice((0, 0, 1, 20)))
            if w.p(.5):
                w.pay(w.when(d), x, a, price * 1.12 // 1, w.p2p(x), w.m("disk") if w.p(.5) else "", "topup")
            else:
                w.pay(w.when(d), a, x, max(price, 60), w.p2p(a), w.m("disk") if w.p(.4) else "")
        if w.p(.25):
            w.pay(w.when(d, "eve"), *((a, mate) if w.p(.5) else (mate, a)), w.nice(w.ln(2500, .5)),
                    "transfer", w.m("goods"))
        if w.p(.2):
            w.pay(w.when(d, "office"), a, w.r.choice(w.suppliers), w.nice(w.ln(400, .7)), "transfer",
                    w.m("goods"))


def gold_dealer(w: World) -> None:
    """Buys back and sells gold by the gram at the day's price: sums are weight times price times a margin."""
    a = w.person("gold_dealer", w.ln(90_000, .5))
    refiner, price = w.r.choice(w.suppliers), w.u(480, 800)
    for d in range(w.days):
        price *= math.exp(w.r.gauss(0, .008))
        for _ in range(w.pois(w.u(1, 4))):
            g, x = round(w.ln(7, .6), 2), w.one()
            if w.p(.6):
                w.pay(w.when(d, "office"), a, x, g * price * .975, w.p2p(a), "", "wait")
            else:
                w.pay(w.when(d, "office"), x, a, g * price * 1.06, w.p2p(x), "", "shrink")
        if w.p(.4):
            w.pay(w.when(d, "eve"), refiner, a, round(w.u(10, 80), 1) * price * .992, "bank", w.m("goods"))


def tour_leader(w: World) -> None:
    """Deposits and balances of a travel group, travel money bought at the bank, hotels paid, change handed
    back."""
    a = w.person("tour_leader", w.ln(9000, .5))
    crowd, fee, d = w.some(w.r.randint(10, 32)), w.r.choice((1280, 2680, 3980, 5680)), w.r.randrange(max(1,
            w.days - 6))
    for x in crowd:
        w.pay(w.when(d, "eve"), x, a, w.r.choice((300, 500)), "transfer", w.m("trip"), "topup")
        w.pay(w.when(d + w.r.randint(1, 3)), x, a, fee - 500, w.p2p(x), w.m("trip"), "topup")
        if w.p(.3):
            w.pay(w.when(d + 5, "eve"), a, x, w.u(12, 180), "transfer", w.m("refund"))
    w.pay(w.when(d + 4, "office"), a, w.r.choice(w.banks), lambda: w.have(a) * .3, "bank", w.m("trip"))
    for _ in range(3):
        w.pay(w.when(d + w.r.randint(3, 5)), a, w.r.choice(w.hotels + w.carriers), lambda: w.have(a) * .35,
                w.p2p(a), w.m("trip"))


def ticket_agent(w: World) -> None:
    """A fare comes in and goes to the carrier within minutes less a small fee; refunds turn round days
    later."""
    a = w.person("ticket_agent", w.ln(12_000, .5))
    fee, lag = w.u(.96, .99), w.r.choice((3, 15, 60, 300)) * MIN
    for d in range(w.days):
        for _ in range(w.pois(w.u(2, 9))):
            x, c = w.one(), w.r.choice(w.carriers)
            def book(t: int, s: float, x: int = x, c: int = c) -> None:
                w.pay(t + w.u(.2, 1.5) * lag, a, c, round(s * fee, 1), "card", w.m("trip"))
                if w.p(.07):
                    t2 = t + w.u(.5, 4) * D
                    w.pay(t2, c, a, s * .85, "bank", w.m("refund"))
                    w.pay(t2 + w.u(.1, 9) * H, a, x, s * .83, "transfer", w.m("refund"))
            w.pay(w.when(d), x, a, round(w.ln(480, .6)), w.p2p(x), w.m("trip"), "topup", book)


def charity(w: World) -> None:
    """A sick neighbour or a flood: a crowd of small gifts in a day or two, then the hospital is paid."""
    a = w.person("charity", None) if w.p(.5) else w.org("charity", 9000)
    d = w.r.randrange(max(1, w.days - 2))
    for x in w.some(w.r.randint(30, 160)):
        w.pay(w.when(d, "flat") + w.r.expovariate(1 / 30) * H, x, a, w.r.choice((5, 10, 20, 50, 100, 100,
                200, 500, 1000)),
              w.r.choice(("scan", "transfer", "red_packet")), w.m("give"), "topup")
    for _ in range(w.r.randint(1, 5)):
        w.pay(w.when(d + w.r.randint(0, 5), "office"), a, w.r.choice(w.billers + w.people),
                lambda: w.have(a) * w.u(.3, .9), w.p2p(a), w.m("give"))


def temple(w: World) -> None:
    """Lucky sums from many strangers, at dawn and on feast days; taken to the bank every few days."""
    a = w.org("temple", 6000)
    for d in range(w.days):
        for _ in range(w.pois(w.u(4, 15) * (5 if d in (w.fest, w.days // 2) else 1))):
            x = w.one()
            w.pay(w.when(d, w.r.choice(("dawn", "day"))), x, a, w.r.choice((6.6, 8.8, 18, 20, 66, 88, 99,
                    168, 200)), "scan", w.m("pious"), "topup")
    w.sweep(a, w.r.choice(w.banks), 16, "", .6, .95, every=4)


def streamer(w: World) -> None:
    """Fans' gifts at night, many payers and round sums, and the platform's weekly settlement."""
    a, boss = w.person("streamer", None), w.r.choice(w.firms)
    fans = list({w.fan("live") for _ in range(w.r.randint(15, 80))})
    for d in range(w.days):
        if w.p(.65):
            for x in w.some(w.pois(w.u(2, 14)), fans):
                w.pay(w.when(d, "night"), x, a, w.r.choice((5.2, 6.66, 10, 20, 52, 66, 99, 131.4, 200, 520)),
                      w.r.choice(("red_packet", "transfer")), w.m("friend") if w.p(.4) else "", "topup")
    for d in range(w.r.randrange(7), w.days, 7):
        w.pay(w.when(d, "office"), boss, a, w.ln(2500, .8), "bank", w.m("salary"))
        w.pay(w.when(d, "eve"), a, w.one(), lambda: w.have(a) * .25, "transfer", "")


def driver(w: World) -> None:
    """Rides paid by code by people never seen again, round the clock; the car's rent every night or week."""
    a = w.person("driver", None, .7)
    w.drivers.append(a)
    fleet, every = w.r.choice(w.firms), w.r.choice((1, 7))
    for d in range(w.r.randrange(every), w.days, every):
        w.pay(w.when(d, "night"), a, fleet, every * w.r.choice((120, 160, 200)), w.p2p(a), w.m("rent"),
                "wait")


def freelancer(w: World) -> None:
    """Nothing for a week and then several invoices at once, part of them passed to helpers the same night."""
    a = w.person("freelancer", w.ln(4000, .6))
    for d in w.r.sample(range(w.days), min(w.days, w.r.randint(1, 3))):
        for _ in range(w.r.randint(1, 6)):
            w.pay(w.when(d, "office"), w.r.choice(w.firms), a, round(w.ln(2800, .8)), "bank", w.m("goods"))
        for x in w.some(w.r.randint(0, 3)):
            w.pay(w.when(d, "eve"), a, x, lambda: w.have(a) * w.u(.1, .4), w.p2p(a), w.m("friend"))


def savings_circle(w: World) -> None:
    """A village circle: everybody pays the organiser the round's sum, one member takes the pot the same
    day."""
    a = w.person("savings_circle", w.ln(12_000, .5))
    club, base, gap = w.some(w.r.randint(8, 22)), w.r.choice((200, 500, 1000, 2000)), w.r.randint(3, 7)
    for i, d in enumerate(range(w.r.randrange(gap), w.days, gap)):
        winner, bid, pot = club[i % len(club)], w.r.choice((0, 20, 55, 80)), [0.0]
        for x in club:
            if x != winner:
                w.pay(w.when(d, "eve") - 2 * H, x, a, base - bid, "transfer", w.m("friend"), "topup",
                        lambda _t, s, pot=pot: pot.__setitem__(0, pot[0] + s))
        w.pay(d * D + w.u(22.6, 23.9) * H, a, winner, lambda pot=pot: pot[0], w.p2p(a), w.m("family"), "wait")


def wedding(w: World) -> None:
    """A quiet account, then dozens of gifts in two days and the venue's bill."""
    a = w.person("wedding_host", None)
    d = w.r.randrange(max(1, w.days - 1))
    for x in w.some(w.r.randint(25, 90)):
        w.pay(w.when(d, "flat"), x, a, w.r.choice((200, 300, 500, 600, 666, 800, 888, 1000, 1200, 2000)),
                w.r.choice(("transfer", "red_packet", "scan")), w.m("gift"), "topup")
    w.pay(w.when(d + 1), a, w.r.choice(w.hotels), lambda: w.have(a) * w.u(.4, .8), w.p2p(a), w.m("goods"))


def property_chain(w: World) -> None:
    """Down payments cut at the transfer limit run from buyer to seller to the seller's next house."""
    chain = [w.person("property_chain", w.ln(500_000, .4)) for _ in range(w.r.randint(2, 4))]
    t, price = w.when(w.r.randrange(max(1, w.days - 3)), "office"), w.ln(260_000, .3)
    for x, y in zip(chain, chain[1:]):
        w.pieces(t, x, y, round(price, -3), w.r.choice((50_000, 49_999, 100_000)), "bank",
                w.m(w.r.choice(("goods", "loan", ""))))
        w.pay(t + 2 * H, x, w.r.choice(w.firms), round(price * .01), "bank", w.m("goods"), "wait")
        t, price = t + w.u(.05, 1.5) * D, price * w.u(.9, 1.15)


def factoring(w: World) -> None:
    """Buys invoices: suppliers get 80 to 95 % at once, the debtors pay the whole days later."""
    a = w.org("factoring", w.ln(600_000, .4))
    for d in range(w.days):
        for _ in range(w.pois(w.u(.5, 2.5))):
            x, y, face, t = w.r.choice(w.suppliers), w.r.choice(w.firms), round(w.ln(28_000, .7),
                    2), w.when(d, "office")
            w.pay(t, a, x, face * w.u(.8, .95), "bank", w.m("goods"), "wait")
            w.pay(t + w.u(-6, 7) * D, y, a, face, "bank", w.m("order"))


def farm_buyer(w: World) -> None:
    """Harvest: money from the mill at dawn, dozens of farmers paid by weight until night, the rest sent
    back."""
    a, mill = w.person("farm_buyer", w.ln(8000, .5)), w.r.choice(w.firms)
    price, crop = w.u(1.8, 3.2), w.r.randrange(max(1, w.days // 2))
    farmers = w.some(w.r.randint(30, 90))
    for d in range(crop, min(w.days, crop + w.r.randint(3, 9))):
        w.pay(d * D + w.u(5, 8) * H, mill, a, w.r.choice((30, 50, 80)) * 1000, "bank", w.m("crop"))
        for x in w.some(w.pois(w.u(6, 22)), farmers):
            w.pay(w.when(d, "day"), a, x, round(w.ln(900, .6)) * price, w.p2p(a),
                    w.m("crop") if w.p(.4) else "")
        if w.p(.6):
            w.pay(d * D + w.u(21.5, 23.5) * H, a, mill, lambda: w.have(a) * .9, "bank", w.m("crop"))


def station_agent(w: World) -> None:
    """Lottery, parcel or telecom counter: small sums all day, 90 to 97 % settled upward within the hour."""
    a, up, rate = w.person("station_agent", None), w.r.choice(w.billers), w.u(.9, .97)
    due, lam = [0.0], w.u(5, 18)
    for d in range(w.days):
        for _ in range(w.pois(lam)):
            x = w.one()
            w.pay(w.when(d), x, a, w.r.choice((2, 10, 20, 30, 50, 99, 100)), "scan", "", "topup", lambda _t,
                    s: due.__setitem__(0, due[0] + s * rate))
        for h in range(9, 23, w.r.choice((1, 2, 4))):
            def settle() -> float:
                v, due[0] = due[0], 0.0
                return v
            w.pay(d * D + h * H + w.u(0, 8) * MIN, a, up, settle, "bill", "")


def family_hub(w: World) -> None:
    """Mother of a large family: salaries come in and leave within hours as rent, allowances and savings."""
    a, kin = w.person("family_hub", None), w.some(w.r.randint(2, 5))
    for x in kin:
        t = w.when(w.r.randrange(w.days), "eve")
        w.pay(t, x, a, lambda x=x: w.nice(w.have(x) * w.u(.3, .8) + 1), w.p2p(x), w.m("family"))
        for y in w.some(w.r.randint(1, 3)):
            w.pay(t + w.u(.05, 20) * H, a, y, lambda: w.nice(w.have(a) * w.u(.2, .5) + 1), w.p2p(a),
                    w.m("family"))
    kid = w.person("child", 60, .25)
    for d in range(w.days):
        if w.p(.4) or d == w.fest:
            for x in [a] if d != w.fest else [a, *w.some(w.r.randint(4, 12))]:
                w.pay(w.when(d, "shop"), x, kid, w.r.choice((5, 10, 20, 50, 66, 100, 200)), "red_packet",
                        w.m("family"), "topup")


def expense_traveller(w: World) -> None:
    """A salesman who pays hotels and tickets himself and is paid back to the cent."""
    a, firm, due = w.person("expense_traveller", w.ln(12_000, .5)), w.r.choice(w.firms), [0.0]
    for d in range(w.days):
        if w.p(.5):
            w.pay(w.when(d), a, w.r.choice(w.hotels + w.carriers), round(w.ln(380, .6), 2), "card", "",
                    "topup", lambda _t, s: due.__setitem__(0, due[0] + s))
        if w.p(.15):
            def back() -> float:
                v, due[0] = due[0], 0.0
                return v
            w.pay(w.when(d, "office"), firm, a, back, "bank", w.m("expense"))


def lender(w: World) -> None:
    """Lends to neighbours and collects daily or weekly instalments with interest: many round legs both
    ways."""
    a = w.person("lender", w.ln(60_000, .5))
    for x in w.some(w.r.randint(10, 40)):
        loan, d, every = w.r.choice((500, 1000, 2000, 3000, 5000, 10_000)), w.r.randint(-10,
                w.days - 1), w.r.choice((1, 2, 7))
        if d >= 0:
            w.pay(w.when(d), a, x, loan, w.p2p(a), w.m("loan") if w.p(.5) else "")
        for i in range(1, w.r.randint(3, 12)):
            w.pay(w.when(d + i * every, "eve"), x, a, round(loan * w.u(1.05, 1.06) / 10), w.p2p(x),
                    w.m("loan") if w.p(.3) else "", "topup")


def landlord(w: World) -> None:
    """Owns a few flats."""
    a = w.person("landlord", w.ln(30_000, .6))
    w.landlords.append(a)
    for x in w.some(w.r.randint(2, 9)):
        w.pay(w.when(w.r.randrange(w.days)), x, a, round(w.ln(1800, .4), -2), w.p2p(x), w.m("rent"), "topup")


def cod_courier(w: World) -> None:
    """Cash on delivery: strangers' payments at the door, remitted to merchants the same evening to the
    cent."""
    a, owed = w.person("cod_courier", None, .7), defaultdict(float)
    shops = w.some(w.r.randint(1, 4), w.suppliers)
    for d in range(w.days):
        for _ in range(w.pois(w.u(4, 14))):
            x, s = w.one(), w.r.choice(shops)
            w.pay(w.when(d, "day"), x, a, round(w.ln(110, .8), 1), "scan", "", "topup", lambda _t, v,
                    s=s: owed.__setitem__(s, owed[s] + v))
        for s in shops:
            w.pay(d * D + w.u(20, 22.8) * H, a, s, lambda s=s: owed.pop(s, 0.0), w.p2p(a), w.m("order"),
                    "wait")


def card_trader(w: World) -> None:
    """Collectors' coins, cards and stamps between strangers and fellow dealers, prices quoted by the
    market."""
    a = w.person("card_trader", w.ln(25_000, .6))
    fellows, rate = [w.fan("cards") for _ in range(w.r.randint(3, 10))], w.u(.8, 5)
    for d in range(w.days):
        for _ in range(w.pois(rate)):
            x = w.r.choice(fellows) if w.p(.35) else w.fan("cards")
            v = w.nice(w.ln(700, 1.1)) + w.r.choice((0, 0, 10, 12, 15))
            side = (x, a) if w.p(.55) else (a, x)
            w.pay(w.when(d, w.r.choice(("eve", "night", "day"))), *side, v, w.p2p(a),
                    w.m("collect") if w.p(.5) else "", "topup" if side[0] == x else "drop")


def remit_agent(w: World) -> None:
    """A licensed transfer counter: strangers' sums in, the licensed house (a bank) paid within the hour,
    and back."""
    a, house = w.person("remit_agent", w.ln(70_000, .4)), w.r.choice(w.banks)
    for d in range(w.days):
        for _ in range(w.pois(w.u(2, 7))):
            x = w.fan("migrants")
            if w.p(.65):
                w.pay(w.when(d, "office"), x, a, w.nice(w.ln(1600, .7)) + w.r.choice((15, 20, 25)),
                        w.p2p(x), w.m("family"), "topup",
                      lambda t, s: w.pay(t + w.u(.02, 1) * H, a, house, s - 12, "bank", w.m("order")))
            else:
                t, s = w.when(d, "office"), w.ln(1600, .6)
                w.pay(t, house, a, s, "bank", w.m("order"))
                w.pay(t + w.u(.1, 6) * H, a, x, s - 3, w.p2p(a), w.m("order"))


def escrow_app(w: World) -> None:
    """Second-hand app: the buyer's money is held until the parcel arrives and then released less a fee."""
    a, fee = w.org("escrow_app", 20_000), w.u(.94, .99)
    for d in range(w.days):
        for _ in range(w.pois(w.u(5, 25))):
            x, y = w.fan("gadgets"), w.fan("gadgets")
            w.pay(w.when(d), x, a, round(w.ln(260, 1.1)), w.retail(), w.m("order"), "topup", lambda t, s,
                    x=x, y=y: w.pay(
                t + w.u(1, 7) * D, a, *((y, s * fee) if w.p(.93) else (x, s)), "payout", w.m("order")))


def phone_reseller(w: World) -> None:
    """Discounted phone credit: pays the telecom itself, minutes later, more than the customer paid now and
    then."""
    a, tel = w.person("phone_reseller", w.ln(9000, .5)), w.r.choice(w.billers)
    for d in range(w.days):
        for _ in range(w.pois(w.u(3, 11))):
            x, face = w.fan("bargains"), w.r.choice((30, 50, 100, 100, 200, 300, 500))
            w.pay(w.when(d), x, a, face * w.r.choice((.97, .98, .985)), "scan",
                    w.m("bill") if w.p(.4) else "", "topup",
                  lambda t, _s, f=face: w.pay(t + w.u(.01, 9) * H, a, tel, f * .96, "bill", w.m("bill")))


def miner(w: World) -> None:
    """Runs machines on his own account: a few large sales of his own coins, and large power bills."""
    a = w.person("miner", w.ln(30_000, .5))
    w.coin_d.append(a)
    for d in range(w.r.randrange(5), w.days, w.r.randint(3, 6)):
        if w.ex and w.p(.6):
            w.pay(w.when(d), w.r.choice(w.r.choice(w.ex)[2]), a, w.ln(14_000, .5), "bank", "")
        w.pay(w.when(d, "office"), a, w.r.choice(w.billers), w.ln(4500, .3), "bill", w.m("bill"), "wait")


def labour_boss(w: World) -> None:
    """Building-site gang: an advance from the contractor, day wages by wallet every evening."""
    a, firm = w.person("labour_boss", w.ln(12_000, .5)), w.r.choice(w.firms)
    gang, wage = w.some(w.r.randint(6, 25)), w.r.choice((160, 200, 240, 300))
    for d in range(w.days):
        if d % 3 == 0:
            w.pay(w.when(d, "office"), firm, a, len(gang) * wage * 3.3 // 100 * 100, "bank", w.m("salary"))
        for x in w.some(int(len(gang) * w.u(.5, 1)), gang):
            w.pay(d * D + w.u(18, 20) * H, a, x, wage, "transfer", w.m("salary") if w.p(.3) else "", "wait")


def cash_vendor(w: World) -> None:
    """Wholesale market stall: cash paid in at the bank in the morning, suppliers paid by transfer after."""
    a = w.person("cash_vendor", w.ln(10_000, .6))
    firms = w.some(w.r.randint(2, 7), w.suppliers)
    for d in range(w.days):
        if w.p(.75):
            t, v = d * D + w.u(7, 12) * H, round(w.ln(5200, .5), -2)
            w.pay(t, w.r.choice(w.banks), a, v, "cash", "")
            w.pay(t + w.u(.2, 8) * H, a, w.r.choice(firms), v * w.u(.7, 1), w.p2p(a), w.m("goods"), "wait")
        for x in w.some(w.pois(2)):
            w.pay(w.when(d, "dawn"), x, a, round(w.ln(130, .6)), w.retail(), "", "topup")


def own_accounts(w: World) -> None:
    """One person moving money round several accounts of her own: salary card, wallet, loan and savings."""
    acc = [w.person("own_accounts", w.ln(9000, .7), .8)] + [w.org("own_accounts", w.ln(2000,
            .9)) for _ in range(w.r.randint(1, 3))]
    for d in range(w.days):
        if w.p(.1):
            w.pay(w.when(d), w.r.choice(w.banks), acc[1], w.nice(w.ln(2500, .7)), "bank", "")
        for _ in range(w.pois(w.u(.3, 1.6))):
            x, y = w.r.sample(acc, 2)
            w.pay(w.when(d), x, y, lambda x=x, q=w.u(.3, 1): w.nice(w.have(x) * q + 1), w.p2p(x), "")
    for x in acc[1:]:
        for d in range(w.days):
            if w.p(.4):
                w.at(w.when(d, "shop"), w.small_purchase, x)


HONEST: tuple[tuple[Callable[[World], object], float], ...] = (
    (small_shop, 1), (chain_outlets, .6), (online_seller, 6), (payroll_agent, 1), (rent_collector,
            2), (daigou, 3),
    (group_buy, 3), (dues_collector, 3), (game_reseller, 2), (used_goods, 3), (gold_dealer,
            1), (tour_leader, 1.5),
    (ticket_agent, 1.5), (charity, 1), (temple, .5), (streamer, 3), (driver, 7), (freelancer,
            6), (savings_circle, 2),
    (wedding, 2), (property_chain, 1), (factoring, .5), (farm_buyer, 1.5), (station_agent,
            2.5), (family_hub, 5),
    (expense_traveller, 4), (lender, 1.5), (landlord, 4), (cod_courier, 2), (card_trader,
            2.5), (remit_agent, 1),
    (escrow_app, .4), (phone_reseller, 1.5), (miner, .8), (labour_boss, 1.5), (cash_vendor,
            2), (own_accounts, 2.5))


# ---- pieces of unlicensed trade -------------------------------------------------------------------------

class Ring:
    """Habits drawn once for a ring: spread, memos, ticket size, clientele, hours and where coins come
    from."""

    def __init__(self, w: World) -> None:
        self.w, r = w, w.r
        self.spread = w.u(.002, .03)
        self.habit = r.choices(("blank", "decoy", "order", "slang", "customer"), (.3, .25, .15, .08, .22))[0]
        self.ticket = math.exp(w.u(math.log(500), math.log(5000)))
        self.round_fiat = w.u(.2, .9)
        self.hours = r.choice(("day", "day", "eve", "flat", "night", "office"))
        self.asset = r.choices(("USDT", "BTC", "ETH"), (.86, .08, .06))[0]
        self.regulars = w.some(r.randint(4, 30), w.coin_d)
        self.loyal = w.u(.1, .75)
        self.quiet = w.u(0, .35)  # share of days off
        self.limit = r.choice((2000, 5000, 9900, 20_000, 50_000))
        ways = ["cash"] + ["exchange"] * 3 * bool(w.ex) + ["wholesale"] * 2 * bool(w.wholesalers)
        self.ways = [r.choice(ways)] if w.p(.6) else r.sample(ways, min(2, len(ways)))

    def customer(self) -> int:
        return self.w.r.choice(self.regulars if self.w.p(self.loyal) else self.w.coin_d)

    def memo(self) -> str:
        if self.habit == "customer":  # customers write what they like
            return self.w.m(self.w.r.choice(("", "", "", "friend", "loan", "goods", "slang")))
        kind = {"blank": "", "decoy": self.w.r.choice(("goods", "loan", "friend")), "order": "order",
                "slang": "slang"}
        return self.w.m(kind[self.habit]) if self.w.p(.8) else ""

    def size(self, t: float, side: int, factor: float = 1.0) -> float:
        """What one order costs: side 1 = the customer buys (above the market), -1 = sells."""
        w, rate = self.w, self.w.px(t, self.asset) * (1 + side * self.spread)
        v = min(w.ln(self.ticket * factor, .8), 120_000)
        if w.p(self.round_fiat):
            return max(w.nice(v), 50)
        coins = w.nice(v / rate) if self.asset == "USDT" else round(v / rate, 4)
        return max(round(coins * rate, 2), 50)

    def flow(self, t: float, a: int, x: Amount, out: bool) -> None:
        """Refill coins (out) or turn coins into money (in), the way this ring does it."""
        self.w.at(t, self._flow, a, x, out)

    def _flow(self, t: int, a: int, x: Amount, out: bool) -> None:
        w, total = self.w, x() if callable(x) else x
        way = w.r.choice(self.ways)
        if way == "wholesale" and a in w.wholesalers:
            way = "cash"
        if way == "exchange":
            _, ins, outs = w.r.choice(w.ex[:2])
            b, ch, memo = w.r.choice(ins if out else outs), "bank", w.m("order") if w.p(.2) else ""
        elif way == "wholesale":
            b, ch, memo = w.r.choice(w.wholesalers), w.p2p(a), self.memo()
        else:
            b, ch, memo = w.r.choice(w.banks), "cash", ""
        if way == "cash" or total > self.limit * 8:
            total = min(w.nice(total + 1), self.limit * 8)
        k = 1 if w.p(.6) else w.r.randint(2, 4)
        for _ in range(k):
            w.pieces(t, *((a, b) if out else (b, a)), round(total / k, w.r.choice((2, 0, -1))),
                    max(self.limit, total / 6), ch, memo, "drop")
            t += int(w.u(1, 90) * MIN)

    def level(self, a: int, low: float, high: float, hour: float, chance: float = .8) -> None:
        """At some hour of most days bring the float back between two levels."""
        w = self.w
        for d in range(w.days):
            if w.p(chance):
                def check(t: int, low: float = low, high: float = high) -> None:
                    if w.have(a) > high:
                        self.flow(t, a, (w.have(a) - high) * w.u(.7, 1) + high * w.u(0, .5), True)
                    elif w.have(a) < low:
                        self.flow(t, a, (low - w.have(a)) * w.u(1, 2.5) + 500, False)
                w.at(d * D + w.r.gauss(hour, 1.5) * H, check)

    def working(self) -> list[int]:
        return [d for d in range(self.w.days) if not self.w.p(self.quiet)]


# ---- guilty designs: f(world, group, accounts) ------------------------------------------------------------

def wholesale_desk(w: World, g: str, n: int) -> None:
    """Sells coins to other desks and buys their surplus: few counterparties, large two-way sums, cash at
    the bank."""
    k = Ring(w)
    k.ways = ["cash"] + ["exchange"] * bool(w.ex)
    for _ in range(n):
        a = w.crook("wholesale_desk", g, w.ln(350_000, .5), straw=w.p(.3))
        w.wholesalers.append(a)
        k.level(a, 60_000, 420_000, w.u(10, 22))
        for d in k.working():
            for _ in range(w.pois(.8)):
                x = k.customer()
                w.pay(w.when(d, k.hours), a, x, k.size(d * D, -1, 2), w.p2p(a), k.memo(), "wait")


def two_way_desk(w: World, g: str, n: int) -> None:
    """Makes a market in coins: customers' purchases pay for customers' sales, so it may need no exchange
    at all."""
    k = Ring(w)
    acc = [w.crook("two_way_desk", g, w.ln(40_000, .6), straw=i > 0 and w.p(.5),
            dealer=True) for i in range(n)]
    lam, buys, rot, apart = w.u(1.5, 7) * n ** .7, w.u(.35, .7), w.r.randint(1, 5), w.p(.4)
    for d in k.working():
        inn, out = acc[d // rot % n], acc[(d // rot + apart) % n]
        for _ in range(w.pois(lam)):
            t, x = w.when(d, k.hours), k.customer()
            if w.p(buys):
                w.pay(t, x, inn, k.size(t, 1), w.p2p(x), k.memo(), "topup")
            else:
                w.pay(t, out, x, k.size(t, -1), w.p2p(out), k.memo(), "wait")
        if n > 1 and w.p(.6):
            w.pay(w.when(d, "night"), inn, out, lambda a=inn: w.have(a) * w.u(.2, .7), w.p2p(inn), k.memo())
    for a in acc:
        k.level(a, 4000, w.u(40_000, 120_000), w.u(9, 23), .4)


def refill_desk(w: World, g: str, n: int) -> None:
    """Only sells; buys the coins back at a threshold or in the evening, less its margin, hours after the
    sales."""
    k = Ring(w)
    acc = [w.crook("refill_desk", g, w.ln(9000, .7), straw=i > 0 and w.p(.6), dealer=True) for i in range(n)]
    lam, level, slow = w.u(1.5, 8), w.ln(12_000, .7), w.r.choice((.1, 1, 6, 20))
    due: defaultdict[int, float] = defaultdict(float)
    def sold(t: int, s: float, a: int) -> None:
        due[a] += s * (1 - k.spread)
        if due[a] > level:
            k.flow(t + w.u(.1, 1) * slow * H, a, due[a], True)
            due[a] = 0.0
    for d in k.working():
        for _ in range(w.pois(lam)):
            x, t, a = k.customer(), w.when(d, k.hours), w.r.choice(acc)
            w.pay(t, x, a, k.size(t, 1), w.r.choice(("scan", w.p2p(x))), k.memo(), "topup", lambda t, s,
                    a=a: sold(t, s, a))


def buying_float(w: World, g: str, n: int) -> None:
    """Buys coins from the public: a financier funds the paying accounts in the morning, what is left goes
    back."""
    k = Ring(w)
    boss = w.crook("buying_float_funder", g, w.ln(300_000, .4))
    payers = [w.crook("buying_float", g, None, straw=w.p(.5), dealer=True) for _ in range(n - 1)]
    lam, back = w.u(2, 9), w.u(0, .9)
    k.level(boss, 120_000, 350_000, 14, .7)
    for d in k.working():
        for a in payers if w.p(.5) else w.some(max(1, n // 2), payers):
            w.pay(d * D + w.u(8, 11) * H, boss, a, w.nice(k.ticket * lam * w.u(.7, 1.3)), w.p2p(boss),
                    w.m("loan") if w.p(.3) else "", "wait")
            for _ in range(w.pois(lam)):
                x, t = k.customer(), w.when(d, "day")
                w.pay(t, a, x, k.size(t, -1), w.p2p(a), k.memo(), "wait", tries=1)
            if w.p(back):
                w.pay(d * D + w.u(22, 23.9) * H, a, boss, lambda a=a: w.have(a) * .9, w.p2p(a), "")


def runner_pool(w: World, g: str, n: int) -> None:
    """Runners lend their own codes to a betting site: paid up front (quota first, receipts after) or
    afterwards (receipts first, passed on by threshold or at the end of a shift); collectors buy coins."""
    k = Ring(w)
    nc, k.limit = max(1, n // 7), max(k.limit, 9900)
    cols = [w.crook("pool_collector", g, w.ln(3000, .8), straw=w.p(.7)) for _ in range(nc)]
    runners = [w.crook("runner", g, w.ln(5000, .5)) for _ in range(n - nc)]
    prepaid, cut, hours = w.p(.45), w.u(.004, .025), w.r.choice(("eve", "night", "flat", "day"))
    bets = [w.r.choice((50, 100, 200, 300, 500, 800, 1000, 2000)) for _ in range(6)]
    cents, share = w.p(.4), w.u(.3, .9)
    for a in runners:
        for d in range(w.days):
            if not w.p(share):
                continue
            col, t0, orders = w.r.choice(cols), w.when(d, hours), w.r.randint(2, 14)
            ask = [w.r.choice(bets) + (w.r.randrange(-99, 100) / 100 if cents else 0) for _ in range(orders)]
            if prepaid:
                def begin(t: int, s: float, a: int = a, ask: list[float] = ask) -> None:
                    left = s * (1 + cut)
                    for v in ask:
                        if left > 0:
                            t += int(w.r.expovariate(1 / 15) * MIN)
                            x, v = w.r.choice(w.bettors), min(v, math.ceil(left))
                            w.pay(t, x, a, v, "scan", k.memo(), "topup")
                            left -= v
                w.pay(t0, a, col, w.nice(sum(ask)), w.p2p(a), "", "shrink", begin)
            else:
                due, level = [0.0], w.r.choice((0, 500, 2000, 5000, 1e9))
                def push(t: int, end: bool, a: int = a, col: int = col, due: list[float] = due) -> None:
                    v, due[0] = due[0], 0.0
                    w.pay(t, a, col, round(v * (1 - cut), 0 if end else 2), w.p2p(a), k.memo())
                def got(t: int, s: float, due: list[float] = due, level: float = level,
                        push: Callable = push) -> None:
                    due[0] += s
                    if due[0] > level:
                        w.at(t + w.u(1, 40) * MIN, push, False)
                t = float(t0)
                for v in ask:
                    x = w.r.choice(w.bettors)
                    w.pay(t, x, a, v, "scan", k.memo(), "topup", got)
                    t += w.r.expovariate(1 / 18) * MIN
                w.at(t + w.u(.2, 3) * H, push, True)
    for c in cols:
        for d in range(w.days):  # winners are paid from the collectors too
            for x in w.some(w.pois(1.5), w.bettors):
                w.pay(w.when(d, hours), c, x, w.nice(w.ln(500, .9)), w.p2p(c), k.memo())
        for h in (w.u(0, 12), w.u(12, 24)):
            k.level(c, 0, w.ln(9000, .6), h, .9)


def straw_chain(w: World, g: str, n: int) -> None:
    """Bought accounts in layers: a test payment, victims' sums split and merged within minutes to hours,
    then coins."""
    k = Ring(w)
    layers = [n - n // 2 - max(1, n // 5), n // 2, max(1, n // 5)]
    acc = [[w.crook("straw_chain", g, None, straw=True) for _ in range(max(1, c))] for c in layers]
    lag, keep = w.ln(12, 1.2) * MIN, w.u(0, .03)
    def forward(t: int, s: float, a: int, level: int) -> None:
        if level == 2:
            k.flow(t + w.u(.3, 3) * lag, a, s * (1 - keep), True)
            return
        t2, rest = t + w.u(.2, 1.5) * lag, s * (1 - keep)
        for b in w.some(w.r.randint(1, 3), acc[level + 1]):
            v = rest if w.p(.25) else round(rest * w.u(.3, .8), w.r.choice((2, 0, -2)))
            if v > 1:
                w.pay(t2, a, b, v, "bank" if w.p(.7) else "transfer", k.memo(), "drop", lambda t, s,
                        b=b: forward(t, s, b, level + 1))
            rest -= v
            t2 += w.u(.3, 8) * MIN
            if rest < 1:
                return
    for a in acc[0]:
        d0 = w.r.randrange(w.days)
        w.pay(w.when(max(0, d0 - 1)), a, w.r.choice(acc[1]), w.r.choice((1, 5, 10, .1)), "transfer", "")
        for d in range(d0, min(w.days, d0 + w.r.randint(1, 4))):
            for x in w.some(w.r.randint(1, 6), w.victims):
                w.pay(w.when(d, k.hours), x, a, w.nice(w.ln(7000, .9)), w.p2p(x),
                        w.m(w.r.choice(("fund", "goods", "loan", ""))),
                      "topup", lambda t, s, a=a: forward(t, s, a, 0))


def token_sale(w: World, g: str, n: int) -> None:
    """A token presale: promoters collect fixed packages from members, keep a referral cut, small
    'dividends' flow back."""
    k = Ring(w)
    top = w.crook("token_treasury", g, w.ln(20_000, .6), straw=w.p(.5))
    tiers = w.r.choice(((1000, 3000, 10_000), (500, 2000, 5000), (680, 1980, 6800), (3650, 7300, 36_500)))
    lag, start, length = w.r.choice((.3, 3, 12, 40)), w.r.randrange(max(1, w.days // 2)), w.r.randint(4,
            w.days)
    marks = w.coin_d + w.victims
    for _ in range(n - 1):
        a, cut = w.crook("token_promoter", g), w.u(.04, .2)
        for x in w.some(w.r.randint(4, 20), marks):
            d = min(start + int(w.r.expovariate(2.2 / length)), w.days - 1)
            def joined(t: int, s: float, x: int = x, a: int = a, cut: float = cut) -> None:
                w.pay(t + w.u(.1, 1.5) * lag * H, a, top, s * (1 - cut), w.p2p(a),
                        w.m("fund") if w.p(.4) else "", "wait")
                for i in range(1, 8):
                    if w.p(.5):
                        w.pay(t + i * D + w.u(-2, 2) * H, top, x, round(s * .012, 2), "transfer", "")
            w.pay(w.when(d, "eve"), x, a, w.r.choice(tiers), w.p2p(x), w.m("fund") if w.p(.5) else k.memo(),
                    "topup", joined)
    k.level(top, 0, w.ln(40_000, .5), w.u(9, 22), .6)


def shadow_platform(w: World, g: str, n: int) -> None:
    """Treasury of an unlicensed platform: deposits to the card of the day, cents telling orders apart,
    payouts from others."""
    k = Ring(w)
    half = max(1, n // 2)
    ins = [w.crook("platform_in", g, None, straw=w.p(.8)) for _ in range(half)]
    outs = [w.crook("platform_out", g, w.ln(50_000, .5), straw=w.p(.8)) for _ in range(n - half)]
    lam, cents, span = w.u(3, 14) * n ** .5, w.p(.6), w.r.choice((6, 12, 24, 72))
    for d in range(w.days):
        for _ in range(w.pois(lam)):
            t, x = w.when(d, k.hours), k.customer()
            a = ins[int(t / H / span) % len(ins)]
            w.pay(t, x, a, w.nice(w.ln(k.ticket * .6, .8)) + (w.r.randrange(1, 100) / 100 if cents else 0),
                    w.p2p(x), k.memo(), "topup")
        for _ in range(w.pois(lam * .6)):
            x = k.customer()
            o, v = w.r.choice(outs), w.ln(k.ticket * .7, .8)
            amount = w.nice(v) if w.p(k.round_fiat * .8) else round(v, 2)
            w.pay(w.when(d, k.hours), o, x, amount, w.p2p(o), k.memo(), "wait")
        for a in ins:
            for h in w.r.sample(range(24), w.r.randint(1, 3)):
                def excess(a: int = a, q: float = w.u(.6, .99)) -> float:
                    return w.have(a) * q if w.have(a) > 2000 else 0
                w.pay(d * D + h * H + w.u(0, 50) * MIN, a, w.r.choice(outs), excess, w.p2p(a), "")
    for o in outs:
        k.level(o, 3000, w.ln(60_000, .4), w.u(8, 23), .6)


def shop_front(w: World, g: str, n: int) -> None:
    """A real shop whose codes also take coin money, priced like goods or cut into scans; the owner buys
    the coins."""
    k = Ring(w)
    cut = w.u(1, 4)
    for _ in range(n // 2):
        s, o = small_shop(w, "shop_front", 1, g)
        goods = [w.r.choice((188, 299, 388, 499, 699, 888, 999, 1288, 1680, 1999)) for _ in range(5)]
        for d in k.working():
            for _ in range(w.pois(w.u(.7, 5))):
                x, t = k.customer(), w.when(d, k.hours)
                v = w.r.choice(goods) if w.p(.6) else k.size(t, 1, .5)
                for i in range(1 if w.p(.6) else w.r.randint(2, 4)):
                    w.pay(t + i * cut * MIN, x, s, v, w.retail(), w.m("goods") if w.p(.3) else "", "topup")
        k.level(o, 0, w.ln(8000, .4), w.u(9, 23), .8)


def agent_tree(w: World, g: str, n: int) -> None:
    """Agents trade with acquaintances both ways; in the evening only the net goes to or comes from the
    master."""
    k = Ring(w)
    top = w.crook("agent_master", g, w.ln(80_000, .5), dealer=True)
    hour, lam = w.u(19, 24), w.u(.6, 3.5)
    for _ in range(n - 1):
        a, known, net = w.crook("coin_agent", g, w.ln(12_000, .5)), w.some(w.r.randint(3, 14),
                w.coin_d), [0.0]
        for d in k.working():
            for _ in range(w.pois(lam)):
                x, t = w.r.choice(known), w.when(d, "day")
                if w.p(.65):
                    w.pay(t, x, a, k.size(t, 1), w.p2p(x), k.memo(), "topup", lambda _t, s,
                            net=net: net.__setitem__(0, net[0] + s))
                else:
                    w.pay(t, a, x, k.size(t, -1), w.p2p(a), k.memo(), "drop", lambda _t, s,
                            net=net: net.__setitem__(0, net[0] - s))
            def reckon(t: int, a: int = a, net: list[float] = net) -> None:
                v, net[0] = net[0], 0.0
                if abs(v) > 100:
                    fee = w.u(.985, .997)
                    w.pay(t, *((a, top, v * fee) if v > 0 else (top, a, -v / fee)), w.p2p(a), "", "wait")
            if w.p(.8):
                w.at(d * D + w.r.gauss(hour, .6) * H, reckon)
    k.level(top, 10_000, 110_000, w.u(9, 23))


def mirror_remit(w: World, g: str, n: int) -> None:
    """Money abroad by coin: importers and parents pay in here, other people are paid here, sums match only
    over days."""
    acc = [w.crook("mirror_remit", g, w.ln(120_000, .5), straw=w.p(.5)) for _ in range(n)]
    k, lam = Ring(w), w.u(.6, 2.2) * n
    own = w.some(w.r.randint(3, 10), w.firms + w.suppliers)
    far = w.some(w.r.randint(10, 40), w.people + w.suppliers)
    for d in k.working():
        for _ in range(w.pois(lam)):
            a, x, y = w.r.choice(acc), w.r.choice(own) if w.p(.6) else k.customer(), w.r.choice(far)
            w.pieces(w.when(d, "office"), x, a, w.nice(w.ln(16_000, .7)), w.r.choice((50_000, 20_000)),
                    "bank", w.m(w.r.choice(("goods", "goods", "family", ""))), "topup")
            w.pieces(w.when(d + w.r.randint(0, 2), "office"), w.r.choice(acc), y, round(w.ln(13_000, .8)),
                    49_000, "bank", w.m(w.r.choice(("goods", "family", "", ""))))
        if n > 1 and w.p(.4):
            x, y = w.r.sample(acc, 2)
            w.pay(w.when(d, "eve"), x, y, lambda x=x: w.have(x) * w.u(.1, .5), "bank", "")
    for a in acc:
        k.level(a, 0, 220_000, 15, .3)


def slow_topup(w: World, g: str, n: int) -> None:
    """Cheap phone credit paid with dirty money: customers pay the seller, straw accounts pay the telecom,
    seller buys coins."""
    k = Ring(w)
    a = w.crook("slow_topup_seller", g, w.ln(3000, .5))
    mules = [w.crook("slow_topup_mule", g, w.ln(1500, .5), straw=True) for _ in range(n - 1)]
    disc, tel, lag = w.u(.78, .92), w.r.choice(w.billers), w.u(.5, 40)
    for d in k.working():
        for _ in range(w.pois(w.u(5, 16))):
            x, face, b = w.fan("bargains"), w.r.choice((50, 100, 100, 200, 300, 500)), w.r.choice(mules)
            w.pay(w.when(d), x, a, round(face * disc, 1), "scan", w.m("bill") if w.p(.4) else "", "topup",
                  lambda t, _s, f=face, b=b: w.pay(t + w.u(.2, 1) * lag * H, b, tel, f, "bill", w.m("bill"),
                          "wait"))
        for b in mules:
            for x in w.some(w.pois(.5), w.victims + w.bettors):
                w.pay(w.when(d, "flat"), x, b, w.nice(w.ln(1500, .8)), w.p2p(x), k.memo(), "topup")
    k.level(a, 0, w.ln(4000, .4), w.u(10, 24))


def guarantor(w: World, g: str, n: int) -> None:
    """Holds the money of a chat group's coin trades and releases it to the seller for a fee; desks leave
    deposits."""
    k = Ring(w)
    acc = [w.crook("guarantor", g, w.ln(30_000, .5), straw=w.p(.3), dealer=w.p(.5)) for _ in range(n)]
    fee, lag, lam = w.u(.97, .995), w.ln(60, 1) * MIN, w.u(2, 8)
    for a in acc:
        for x in w.some(w.r.randint(2, 6), w.dealers + w.coin_d):
            w.pay(w.when(w.r.randrange(w.days)), x, a, w.r.choice((3000, 5000, 10_000)), w.p2p(x), "", "drop")
        for d in k.working():
            for _ in range(w.pois(lam)):
                x, y, t = k.customer(), k.customer(), w.when(d, k.hours)
                w.pay(t, x, a, k.size(t, 1), w.p2p(x), k.memo(), "topup", lambda t, s, x=x, y=y, a=a: w.pay(
                    t + w.u(.1, 3) * lag, a, *((y, round(s * fee, 1)) if w.p(.94) else (x,
                            s)), w.p2p(a), k.memo(), "wait"))


def moonlighter(w: World, g: str, n: int) -> None:
    """One person with a job who advertises coins at night: a few trades on most days, both ways, profit
    spent on life."""
    for i in range(n):
        k = Ring(w)
        a = w.crook("moonlighter", g if n > 1 else "", w.ln(25_000, .5), dealer=True)
        lam = w.u(.9, 4)
        for d in k.working():
            for _ in range(w.pois(lam)):
                x, t = k.customer(), w.when(d, w.r.choice(("eve", "night", k.hours)))
                if w.p(.6):
                    w.pay(t, x, a, k.size(t, 1), w.p2p(x), k.memo(), "topup")
                else:
                    w.pay(t, a, x, k.size(t, -1), w.p2p(a), k.memo())
        k.level(a, 3000, w.u(15_000, 50_000), w.u(18, 25), .5)


def cash_desk(w: World, g: str, n: int) -> None:
    """Coins for notes: buyers hand over cash that is paid in at machines in pieces, sellers are paid from
    it by transfer."""
    k = Ring(w)
    for _ in range(n):
        a = w.crook("cash_desk", g, w.ln(12_000, .6), straw=w.p(.3), dealer=w.p(.7))
        for d in k.working():
            t, paid_in = w.when(d, w.r.choice(("day", "eve", "flat"))), 0.0
            for _ in range(w.r.randint(1, 5)):
                v = w.r.choice((1, 1, .5)) * w.r.choice((2000, 5000, 9900, 10_000))
                w.pay(t, w.r.choice(w.banks), a, v, "cash", "")
                paid_in += v
                t += int(w.u(1, 6) * MIN)
            for _ in range(min(9, 1 + w.pois(paid_in / k.ticket / 2.2))):
                x, t2 = k.customer(), t + w.u(.05, 14) * H
                w.pay(t2, a, x, lambda t2=t2: k.size(t2, -1, 1.5), w.p2p(a), k.memo(), "shrink")
        k.level(a, 0, w.ln(25_000, .4), 21, .6)


GUILTY: tuple[tuple[Callable[[World, str, int], None], int, int], ...] = (
    (two_way_desk, 1, 5), (refill_desk, 1, 4), (buying_float, 2, 7), (runner_pool, 4, 22), (straw_chain, 5,
            18),
    (token_sale, 3, 14), (shadow_platform, 3, 12), (shop_front, 2, 8), (agent_tree, 3, 11), (mirror_remit,
            1, 5),
    (slow_topup, 2, 7), (guarantor, 1, 3), (moonlighter, 1, 1), (cash_desk, 1, 3))


def underworld(w: World) -> None:
    """Fill the guilty share with rings of the designs present in this world."""
    start, budget = len(w.role), round(w.share * w.n)
    left = lambda: budget - (len(w.role) - start)  # noqa: E731
    if left() > 8 and (not w.ex or w.p(.4)):
        wholesale_desk(w, "g0", 1 + w.p(.3))
    present = w.r.sample(GUILTY, w.r.randint(7, len(GUILTY)))
    w.present = [f.__name__ for f, _, _ in present]
    i = 0
    while left() > 0:
        fits = [p for p in present if p[1] <= left()] or [x for x in GUILTY if x[0] is moonlighter]
        f, low, high = fits[i % len(fits)]
        n = w.r.randint(low, min(high, left()))
        n -= n % 2 if f is shop_front else 0
        i += 1
        f(w, f"g{i}", n)


# ---- ordinary life --------------------------------------------------------------------------------------

def coin_life(w: World) -> None:
    """Honest coin owners: via exchanges with their own money, or (no exchange) now and then with one
    another."""
    for a in w.coin_x:
        for _ in range(1 + w.pois(w.ln(14, .5) if w.p(.1) else 1.4)):
            t, v = w.when(w.r.randrange(w.days), w.r.choice(("eve", "day", "night"))), w.nice(w.ln(1800, 1))
            if w.ex:
                _, ins, outs = w.ex[a % len(w.ex)]
                if w.p(.62):
                    w.pay(t, a, w.r.choice(ins), v, w.p2p(a), "", "topup")
                else:
                    w.pay(t, w.r.choice(outs), a, round(v * w.u(.7, 1.3), 2), "bank", "")
            elif w.p(.5):
                x = w.r.choice(w.coin_x)
                w.pay(t, a, x, v, w.p2p(a), w.m(w.r.choice(("", "", "friend", "slang"))), "topup")


def life(w: World, a: int, rate: float) -> None:
    """Rhythm of an ordinary person: wage or support, food, errands, friends, family, bills, rides."""
    r = w.r
    shops, supers = r.sample(w.shops, min(6, len(w.shops))), w.some(2, w.supers)
    friends, kin = w.some(r.randint(3, 9), w.everyone), w.some(r.randint(1, 3), w.everyone)
    rides = w.some(3, w.drivers) if w.drivers else w.carriers
    shift, lam, cash = r.gauss(0, .5) * H, w.ln(2.3, .3) * rate, r.choice((0, 0, .03, .1, .2))
    kinds = r.choices(("food", "super", "ride", "online", "friend", "bill", "family", "packet"),
                      (52, 14, 8, 9, 9, 3, 2.5, 2.5), k=400)
    i = r.randrange(400)
    for d in range(w.days):
        for _ in range(w.pois(lam * (1.2 if (w.date.weekday() + d) % 7 > 4 else 1))):
            i = (i + 1) % 400
            kind = kinds[i]
            t = w.when(d, "shop") + shift
            if kind == "food":
                s, menu = r.choice(shops)
                w.pay(t, a, s, r.choice(menu) * r.choice((1, 1, 1, 2)), w.retail(),
                        w.m("food") if w.p(.1) else "", "topup")
            elif kind == "super":
                w.pay(t, a, r.choice(supers), round(w.ln(48, .7), 2), w.retail(), "", "topup")
            elif kind == "ride":
                b = r.choice(w.drivers or rides) if w.p(.6) else r.choice(w.carriers)
                w.pay(t + w.u(-2, 5) * H, a, b, round(w.ln(17, .6), 1), "scan", "", "topup")
            elif kind == "online":
                s = r.choice(w.sellers) if w.sellers else -1
                w.pay(t + w.u(0, 3) * H, a, w.market, round(w.ln(70, .9), 2), w.retail(), w.m("order"),
                        "topup",
                      lambda _t, v, s=s: w.owed.__setitem__(s, w.owed[s] + v * .94))
            elif kind == "friend":
                w.pay(t, a, r.choice(friends), w.nice(w.ln(70, 1)) if w.p(.7) else round(w.ln(60, .7), 2),
                        w.p2p(a), w.m("friend"), "topup")
            elif kind == "bill":
                w.pay(t, a, r.choice(w.billers), round(w.ln(90, .6), 2), "bill", w.m("bill"), "topup")
            elif kind == "family":
                w.pay(t, a, r.choice(kin), w.nice(w.ln(600, .9)), w.p2p(a), w.m("family"), "topup")
            else:
                w.pay(t, a, r.choice(friends), round(w.u(1, 60), 2), "red_packet", "", "topup")
        if w.p(cash):  # to and from the holder's bank, by machine or from the wallet
            bank, v = r.choice(w.banks), w.nice(w.ln(900, .8))
            t = w.when(d, "day")
            if w.p(.7):
                w.pay(t, a, bank, v, r.choice(("cash", "withdraw")), "")
            else:
                w.pay(t, bank, a, v, r.choice(("cash", "topup")), "")
        if d == w.fest:
            for x in w.some(r.randint(0, 4), friends):
                w.pay(w.when(d, "eve"), a, x, r.choice((6.6, 8.88, 18, 52, 66, 88, 200)), "red_packet",
                        w.m("gift"), "topup")


def incomes(w: World) -> None:
    """Wages by firm and pay day, pensions from a bank, allowances from kin, rent to landlords, market
    payouts."""
    r = w.r
    every = {f: (r.choice((7, 15, 30, 30, 30)), r.randrange(30)) for f in w.firms}
    slot: Counter[int] = Counter()
    for a, rate in w.lifers:
        kind = r.choices(("wage", "pension", "kin", "none"), (.6, .1, .14, .16))[0] if rate > .3 else "none"
        if kind == "wage":
            f = r.choice(w.firms)
            gap, first = every[f]
            pay = w.ln(6200, .4) * gap / 30
            for d in range(first % gap, w.days, gap):
                slot[f] += 1
                w.pay(d * D + (10 + f % 7) * H + slot[f] * 700 + r.randrange(700), f, a,
                        round(pay * w.u(.98, 1.02), 2), "bank", w.m("salary"), "wait")
        elif kind == "pension":
            w.pay(w.when(r.randrange(30), "office"), r.choice(w.banks), a, round(w.ln(2900, .3), 2), "bank",
                    "")
        elif kind == "kin":
            x = w.one()
            for _ in range(r.randint(1, 3)):
                w.pay(w.when(r.randrange(w.days)), x, a, w.nice(w.ln(700, .6)), w.p2p(x), w.m("family"),
                        "topup")
    for d in range(1, w.days):  # the marketplace pays out every morning
        def payout(t: int) -> None:
            for i, (s, v) in enumerate(sorted(w.owed.items())):
                if s >= 0:
                    w.pay(t + i * 400, w.market, s, round(v, 2), "payout", w.m("order"))
            w.owed.clear()
        w.at(d * D + 9.5 * H, payout)
    for d in range(w.days):
        for s in w.suppliers + w.supers + w.billers + w.hotels + w.carriers:
            if w.p(.3):  # businesses pay their own costs
                w.pay(w.when(d, "office"), s, r.choice(w.suppliers + w.firms),
                        lambda s=s: w.have(s) * w.u(.05, .3), "bank", w.m("goods"))


def build(w: World) -> None:
    """Put the whole world together and run it."""
    w.sellers: list[int] = []
    w.owed: defaultdict[int, float] = defaultdict(float)
    community(w)
    room = w.n - round(w.share * w.n) - len(w.role)
    room = int(room * w.u(.6, .95))
    start, kinds = len(w.role), [(f, v * w.ln(1, .5)) for f, v in HONEST if w.p(.9) or f is online_seller]
    queue = [f for f, _ in kinds]
    w.r.shuffle(queue)
    while len(w.role) - start < room - 8:
        (queue.pop() if queue else w.r.choices([f for f, _ in kinds], [v for _, v in kinds])[0])(w)
    underworld(w)
    while len(w.role) < w.n:
        w.people.append(w.person("person", None, w.ln(1, .35)))
    coin_life(w)
    incomes(w)
    w.everyone = [a for a, _ in w.lifers]
    for a, rate in w.lifers:
        life(w, a, rate)
    w.run()


# ---- writing --------------------------------------------------------------------------------------------

def write(w: World, out: Path) -> None:
    """Write the five files; account names are shuffled, so that order tells nothing."""
    out.mkdir(parents=True)
    r, n = w.r, len(w.role)
    style = r.randrange(3)
    pool = r.sample(range(10 ** 11, 10 ** 12), n)
    name = [f"{x:012d}" if style == 0 else f"{x:x}".rjust(10,
            "0") if style == 1 else f"6{x % 10}{x:014d}" for x in pool]
    zero = int(dt.datetime(w.date.year, w.date.month, w.date.day,
            tzinfo=dt.timezone.utc).timestamp() * 1000) - int(w.tz * H)
    coarse = {"scan": "mobile", "transfer": "mobile", "red_packet": "mobile", "topup": "mobile"}
    def channel(c: str) -> str | None:
        if w.channel_mode == "none" or (w.channel_mode == "partial" and w.p(.4)):
            return None
        return coarse.get(c, "card" if c == "card" else "bank") if w.channel_mode == "coarse" else c
    keep = {"none": 0.0, "sparse": .25, "usual": .75, "full": 1.0}[w.memo_mode]
    rows = w.rows
    table = pa.table({
        "tx_id": pa.array([f"{x:016x}" for x in w.g.integers(0, 2 ** 62, len(rows))], pa.string()),
        "ts": pa.array([(zero + x[0]) * 1000 for x in rows], pa.int64()).cast(pa.timestamp("us", "UTC")),
        "seq": pa.array(range(len(rows)), pa.int64()),
        "payer": pa.array([name[x[1]] for x in rows], pa.string()),
        "payee": pa.array([name[x[2]] for x in rows], pa.string()),
        "amount_minor": pa.array([x[3] for x in rows], pa.int64()),
        "currency": pa.array([w.currency] * len(rows), pa.string()),
        "channel": pa.array([channel(x[4]) for x in rows], pa.string()),
        "memo": pa.array([x[5] if x[5] and w.p(keep) else None for x in rows], pa.string())})
    pq.write_table(table, out / "transactions.parquet", compression="zstd")

    def sheet(file: str, head: list[str], lines: list[list[object]]) -> None:
        with open(out / file, "w", newline="", encoding="utf-8") as f:
            csv.writer(f, lineterminator="\n").writerows([head, *lines])
    first = -(-zero // H) * H
    stamp = [dt.datetime.fromtimestamp((first + i * H) / 1000,
            dt.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ") for i in range(w.days * 24 + 1)]
    sheet("prices.csv", ["ts", "asset", "quote", "price"],
          [[t, a, w.currency, f"{w.prices[a][i]:.2f}" if a != "USDT" else f"{w.prices[a][i]:.4f}"] for i,
                  t in enumerate(stamp) for a in w.prices])
    sheet("exchange_accounts.csv", ["account", "name"], [[name[a], x] for a, x in w.ex_known])
    sure = w.some(int(len(w.dealers) * w.u(0, .6)), w.dealers)
    traps = [a for a, x in enumerate(w.role) if x in ("used_goods", "card_trader", "game_reseller",
            "coin_customer", "gold_dealer")]
    seen = sure + w.some(w.r.randint(0, max(1, n // 700)), traps) + w.some(w.r.randint(0, 2))
    ads = [[name[a], w.r.choice(("ad-board", "chat-group", "forum")),
            str(w.date + dt.timedelta(days=w.r.randint(-60, w.days - 1)))]
           for a in sorted(set(seen), key=lambda a: name[a])]
    sheet("contacts.csv", ["account", "source", "first_seen"], ads)
    sheet("labels.csv", ["account", "role", "guilty", "group"],
          sorted([[name[a], w.role[a], w.guilty[a], w.group[a]] for a in range(n)], key=lambda x: str(x[0])))


def summary(w: World) -> None:
    """Print counts and flows by role, to check the world by eye."""
    n, inn, out = Counter(w.role), Counter(), Counter()
    legs: Counter[str] = Counter()
    for _, a, b, m, _, _ in w.rows:
        out[w.role[a]] += m
        inn[w.role[b]] += m
        legs[w.role[a]] += 1
        legs[w.role[b]] += 1
    print(f"{len(w.role)} accounts, {len(w.rows)} payments, {sum(w.guilty)} guilty; mobile {w.mobile:.2f},"
          f" memos {w.memo_mode}, channels {w.channel_mode}, exchanges {len(w.ex)} ({len(w.ex_known)} known),"
          f" lowest balance {min(w.bal)}")
    print("designs:", " ".join(sorted(w.present)))
    bad = {x for x, g in zip(w.role, w.guilty) if g}
    for x in sorted(n, key=lambda x: (x in bad, x)):
        last = sorted(w.bal[a] / w.k for a in range(len(w.role)) if w.role[a] == x)
        print(f"{'*' if x in bad else ' '}{x:20s} n {n[x]:5d}  legs/acct {legs[x] / n[x]:7.1f}"
              f"  in {inn[x] / w.k / n[x]:12.0f}  out {out[x] / w.k / n[x]:12.0f}"
              f"  balance median {last[len(last) // 2]:10.0f} max {last[-1]:11.0f}")


def main() -> None:
    p = argparse.ArgumentParser(description="labelled payment worlds")
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--seed", type=int, required=True)
    p.add_argument("--accounts", type=int, default=5000)
    p.add_argument("--days", type=int, default=14)
    p.add_argument("--guilty", type=float, default=.02)
    p.add_argument("--currency", default="CNY")
    a = p.parse_args()
    w = World(a.seed, a.accounts, a.days, a.guilty, a.currency)
    build(w)
    summary(w)
    write(w, a.out)


if __name__ == "__main__":
    main()
