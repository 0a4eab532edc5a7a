# SPDX-License-Identifier: Apache-2.0
"""Labelled payment worlds, slant "south": bank transfers, larger sums, two-sided books.

One discrete-event simulation: every payment runs through a ledger, so nobody pays what they do not have
(it waits, shrinks or is dropped). Guilty desks keep a *book*: buyers and sellers of coins arrive on their
own, so inflow and outflow match only over days, not deal by deal; exchanges are touched rarely or never.

Hard to tell even with full history (a few per cent of the guilty): straw accounts of a ring seen for a day or
two; a `fee_broker`, who never touches principal (his clients' pairings with strangers give him away); the
grandparent account of a `family_front` (only linked flows tell); treasury accounts fed by one collector only.
Honest but hard: `coin_seller_once`, `day_trader`, `coin_mine_owner` (own coins), `money_changer` (licensed:
it
settles with a bank), `stock_broker` (licensed platform), `sourcing_agent` against the guilty
`supplier_payer` (who funds it: firms, or people buying coins?), `payroll_agent` against `coin_payroll`.
Amounts are thought in CNY and scaled to the local level; coin deals follow the price series.
"""
from __future__ import annotations

import argparse
import csv
import heapq
import math
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

MIN, HOUR, DAY = 60_000, 3_600_000, 86_400_000
# currency: (minor digits, local level per CNY, price of a USDT, hours east of UTC)
CURRENCIES: dict[str, tuple[int, float, float, float]] = {
    "CNY": (2, 1, 7.15, 8), "HKD": (2, 1.8, 7.82, 8), "USD": (2, .3, 1.0, -5), "EUR": (2, .27, .91, 1),
    "AED": (2, 1, 3.68, 4), "NGN": (2, 110, 1560, 1), "INR": (2, 7, 86, 5.5), "TRY": (2, 6, 40, 3),
    "RUB": (2, 11, 91, 3), "VND": (0, 2500, 25600, 7), "KRW": (0, 260, 1400, 9), "JPY": (0, 35, 151, 9),
    "THB": (2, 4.5, 34, 7), "PHP": (2, 5.5, 57, 8), "IDR": (2, 2200, 16400, 7), "BRL": (2, .9, 5.6, -3),
    "SGD": (2, .4, 1.33, 8), "TWD": (2, 4.5, 32, 8), "KZT": (2, 60, 510, 5), "GBP": (2, .25, .78, 0)}
PROFILES = {  # weights of the 24 local hours
    "day": "0 0 0 0 0 0 1 3 5 7 8 8 8 7 7 7 7 7 7 7 6 5 3 1",
        "meal": "0 0 0 0 0 0 2 7 5 2 2 12 14 6 2 2 3 8 13 9 4 3 2 1",
    "office": "0 0 0 0 0 0 0 0 2 9 12 10 4 5 10 11 10 8 3 1 0 0 0 0",
        "evening": "1 0 0 0 0 0 0 0 1 1 1 1 2 2 1 1 2 4 7 10 12 11 8 4",
    "late": "9 8 6 4 2 1 0 0 0 1 1 1 1 2 2 2 2 2 3 4 6 8 10 11",
        "dawn": "0 0 0 1 4 8 11 10 8 6 4 3 2 1 1 1 0 0 0 0 0 0 0 0",
    "long": "3 1 1 0 0 0 1 2 4 6 7 7 6 6 7 7 7 6 6 7 7 7 6 5"}
CUM = {k: list(np.cumsum([int(x) for x in v.split()])) for k, v in PROFILES.items()}
TALK: dict[str, tuple[str, str]] = {  # topic: Chinese, other; {n} digits, {d} date, {m} month
    "food": ("午饭|外卖|奶茶|抹茶拿铁|一份套餐", "lunch|takeaway|matcha latte|set menu|coffee"),
    "shop": ("日用品|买菜|衣服|U盘两个|订单{n}", "groceries|order {n}|USB stick|clothes"),
    "goods": ("货款|货款{d}|材料款|合同{n}|尾款|定金|采购款", "goods|invoice {n}|inv{n}|balance due|materials|PO {n}"),
    "rent": ("房租|{m}月房租|租金+押金", "rent|rent {m}|rent flat {n}"),
    "wage": ("工资|{m}月工资|劳务费|奖金", "salary|wages {m}|payroll {d}|bonus"),
    "tuition": ("学费|培训费|课程费", "tuition|course fee|school fees {n}"),
        "gift": ("恭喜|新婚快乐|生日快乐|心意", "congrats|gift|for you|cheers"),
    "family": ("生活费|给妈妈|家用|零花钱|转爸", "family|for mum|household|pocket money"),
    "loan": ("借款|还款|还钱|周转", "loan|repayment|paying back|advance"),
        "fee": ("手续费|服务费|佣金|介绍费", "fee|service|commission|consulting"),
    "bill": ("电费|话费|水费|物业费|账单{n}", "electricity|phone|account {n}|bill {m}"),
        "hold": ("押金|保证金|定金|意向金", "deposit|bond|holding deposit"),
    "back": ("退款|退押金|退{n}", "refund|deposit return|refund {n}"),
        "ticket": ("门票|演唱会票|车票", "tickets|concert|seats {n}"),
    "alms": ("随喜|捐款|爱心|功德", "donation|for the appeal|blessings"),
        "coin": ("u|买U|usdt|币", "usdt|crypto|p2p {n}|coins"),
    "tour": ("团费|旅游款|换汇", "tour|trip deposit|travel money"), "gold": ("黄金|金条|首饰", "gold|bar 10g|necklace"),
    "game": ("充值|游戏币|皮肤|点卡", "game coins|top-up|skin|gift card"),
        "freight": ("运费|代垫关税|报关费", "freight|duty {n}|customs"),
    "crop": ("粮款|果款|收购款", "harvest|grain|crop {n}"), "dues": ("会费|物业费|班费", "dues|membership|class fund"),
    "house": ("购房款|首付款|过户款", "purchase flat|completion|down payment"),
        "invest": ("投资款|认购|份额", "investment|subscription|units {n}"),
    "car": ("车款|定金 车|二手车", "car|vehicle {n}|car deposit"),
        "relic": ("纪念币|钱币收藏|银币", "commemorative coin|silver coin|coin set"),
    "group": ("拼团|接龙{n}|团购", "group order|share of order|group buy {n}"),
        "net": ("清算{d}|结算{d}|归集", "settlement {d}|sweep|pooling")}


class World:
    """Ledger, clock, people and helpers; all amounts in minor units, all times in ms since local midnight."""

    def __init__(self, seed: int, n: int, days: int, guilty: float, cur: str) -> None:
        self.r = random.Random(f"south/{seed}/{cur}")
        self.n, self.days, self.share, self.cur = n, days, guilty, cur
        self.digits, self.scale, self.usdt, self.tz = CURRENCIES.get(cur, (2, 1.0, 1.0, 0.0))
        self.day0 = date(2025, 1, 1) + timedelta(days=self.r.randrange(620))
        self.t0 = datetime(self.day0.year, self.day0.month, self.day0.day,
            tzinfo=timezone.utc) - timedelta(hours=self.tz)
        self.name: list[str] = []
        self.used: set[str] = set()
        self.bal: list[int] = []
        self.role: list[str] = []
        self.guilty: list[int] = []
        self.group: list[str] = []
        self.on: dict[int, Callable[[int, int], None]] = {}
        self.heap: list[tuple] = []
        self.k, self.now = 0, 0
        self.log: list[tuple] = []
        self.zh = cur in ("CNY", "HKD", "TWD")
        self.no_channel = self.r.choice((0, 0, .01, .05, .12))
        scan = "scan" if cur in ("CNY", "INR", "THB", "VND", "BRL",
            "PHP") else self.r.choice(("card", "card", "scan"))
        self.chan = {"scan": scan, "wire": self.r.choice(("transfer", "transfer", "wire")),
                     "red_packet": "red_packet" if self.zh else "transfer"}
        self.talk = self.u(.5, 1.3)  # how much this payment network's users write
        self.people: dict[int, dict] = {}
        self.free: list[int] = []
        self.pool: dict[str, list] = defaultdict(list)  # kinds of accounts others deal with
        self.agent: dict[int, int] = {}  # firm -> payroll agent
        self.ads: list[tuple[int, float]] = []
        self.use: Counter = Counter()  # coin clients: number of rings dealt with
        self.side: dict[int, str] = {}
        self.rings = 0
        h = days * 24 + 26
        g = np.random.default_rng(abs(hash((seed * 7919 + 13, n))) % 2**32)
        self.px: dict[str, np.ndarray] = {}
        for asset, usd, vol in (("USDT", 1.0, .0006), ("BTC", g.uniform(55e3, 115e3), .005),
                ("ETH", g.uniform(1800, 4500), .007)):
            walk = np.zeros(h)
            for i in range(1, h):
                walk[i] = walk[i - 1] * (.97 if asset == "USDT" else 1.0) + g.normal(0, vol)
            self.px[asset] = usd * self.usdt * np.exp(walk + (g.uniform(-.005,
                .01) if asset == "USDT" else 0))

    # -- draws -------------------------------------------------------------------------------------
    def u(self, a: float, b: float) -> float:
        return self.r.uniform(a, b)

    def ln(self, median: float, sigma: float) -> float:
        return median * math.exp(self.r.gauss(0, sigma))

    def pois(self, lam: float) -> int:
        if lam > 25:
            return max(0, round(self.r.gauss(lam, math.sqrt(lam))))
        k, p, stop = 0, self.r.random(), math.exp(-lam)
        while p > stop:
            k, p = k + 1, p * self.r.random()
        return k

    def some(self, pool: Sequence[int], k: int) -> list[int]:
        return self.r.sample(list(pool), min(k, len(pool)))

    def when(self, day: int, prof: str = "day") -> int:
        h = self.r.choices(range(24), cum_weights=CUM[prof])[0]
        return day * DAY + h * HOUR + self.r.randrange(HOUR)

    def date(self, day: int) -> date:
        return self.day0 + timedelta(days=day)

    def workdays(self) -> list[int]:
        return [d for d in range(self.days) if self.date(d).weekday() < 5]

    def paydays(self, dom: int) -> list[int]:
        """Days on which a monthly duty of day-of-month `dom` falls (moved to Friday from a weekend)."""
        out = []
        for d in range(self.days + 2):
            if self.date(d).day == dom:
                out.append(d - max(0, self.date(d).weekday() - 4))
        return [d for d in out if 0 <= d < self.days]

    # -- money -------------------------------------------------------------------------------------
    def m(self, cny: float) -> int:
        """An odd amount (down to the cent)."""
        g = 1000 if self.cur in ("VND", "IDR") else 1
        return max(1, round(cny * self.scale * 10 ** self.digits / g) * g)

    def nice(self, cny: float, sig: int = 2) -> int:
        """A round amount: `sig` significant digits in local money."""
        x = max(cny * self.scale, .5)
        q = 10.0 ** (math.floor(math.log10(x)) - sig + 1)
        return max(1, round(round(x / q) * q * 10 ** self.digits))

    def tag(self, cny: float) -> int:
        """A price as on a price tag."""
        x = self.nice(cny, 2 if cny > 10 else 1)
        return max(1, x - round(x * self.r.choice((0, 0, 0, .01, .005, .002))))

    def price(self, asset: str = "USDT") -> float:
        p = self.px[asset]
        return float(p[min(len(p) - 1, max(0, self.now // HOUR))])

    def deal(self, cny: float, style: str, spread: float, asset: str = "USDT") -> int:
        """The sum of a coin deal: round in coins, round in money, odd, or a whole number as on an invoice."""
        if style == "coin":
            p = self.price(asset)
            q = cny * self.scale / p
            e = 10.0 ** (math.floor(math.log10(q)) - self.r.choice((0, 1, 1)))
            return max(1, round(max(e, round(q / e) * e) * p * (1 + spread) * 10 ** self.digits))
        if style == "fiat":
            return self.nice(cny, self.r.choice((1, 2, 2)))
        return self.m(cny) if style == "odd" else max(1, self.nice(cny, 4))

    # -- accounts ----------------------------------------------------------------------------------
    def open(self, role: str, cny: float = 1000.0, guilty: int = 0, group: str = "") -> int:
        r = self.r
        while True:
            s = r.choice((lambda: "62" + "".join(r.choices("0123456789", k=14)),
                lambda: "".join(r.choices("0123456789", k=11)),
                          lambda: "".join(r.choices("abcdefghjkmnpqrstuvwxyz23456789", k=12))))()
            if s not in self.used:
                break
        self.used.add(s)
        self.name.append(s)
        self.bal.append(self.m(cny))
        self.role.append(role)
        self.guilty.append(guilty)
        self.group.append(group)
        return len(self.name) - 1

    def take(self, role: str, guilty: int = 0, group: str = "", kind: str = "") -> int:
        """Turn an ordinary person into `role`; their own life goes on."""
        for i in range(len(self.free) - 1, -1, -1):
            if not kind or self.people[self.free[i]]["kind"] == kind:
                a = self.free.pop(i)
                break
        else:
            a = self.free.pop() if self.free else person(self, "worker", [])
            if a in self.free:
                self.free.remove(a)
        self.role[a], self.guilty[a], self.group[a] = role, guilty, group
        return a

    def folk(self, k: int) -> list[int]:
        return self.some(self.pool["folk"], k)

    def one(self, pool: str = "folk") -> int:
        return self.r.choice(self.pool[pool])

    # -- events ------------------------------------------------------------------------------------
    def at(self, t: float, fn: Callable, *args: object) -> None:
        self.k += 1
        heapq.heappush(self.heap, (int(t), self.k, fn, args))

    def memo(self, topic: str | None, p: float = 1.0) -> str | None:
        if not topic or self.r.random() > p * self.talk:
            return None
        zh = self.zh and self.r.random() < .97
        s = self.r.choice(TALK[topic][0 if zh else 1].split("|"))
        d = self.date(int(self.now // DAY))
        return s.replace("{n}", str(self.r.randrange(100, 99999))).replace("{d}", f"{d:%m%d}").replace("{m}",
            str(d.month))

    def plan(self, t: float, a: int, b: int, amt: int | Callable[[], int], ch: str, topic: str | None = None,
             p: float = .3, mode: str = "drop") -> None:
        self.at(t, self.pay, a, b, amt, ch, topic, p, mode)

    def pay(self, a: int, b: int, amt: int | Callable[[], int], ch: str, topic: str | None = None,
            p: float = .3,
            mode: str = "drop", tries: int = 4) -> int:
        """Pay now; returns what was paid. mode: drop, shrink (pay what there is), wait (try again later)."""
        x = amt if isinstance(amt, int) else amt()
        if a == b or x <= 0:
            return 0
        if self.bal[a] < x:
            if mode == "shrink" and self.bal[a] > .25 * x and self.bal[a] > self.m(50):
                x = self.nice(self.bal[a] * .8 / self.scale / 10 ** self.digits, 1)
                if x > self.bal[a]:
                    return 0
            else:
                if mode == "wait" and tries:
                    self.at(self.now + self.u(2, 30) * HOUR, self.pay, a, b, x, ch, topic, p, mode, tries - 1)
                return 0
        self.bal[a] -= x
        self.bal[b] += x
        c = None if self.r.random() < self.no_channel else self.chan.get(ch, ch)
        self.log.append((self.now, a, b, x, c, self.memo(topic, p)))
        if b in self.on:
            self.on[b](a, x)
        return x

    def run(self) -> None:
        while self.heap and self.heap[0][0] < self.days * DAY:
            t, _, fn, args = heapq.heappop(self.heap)
            self.now = t
            fn(*args)


# -- ordinary life ---------------------------------------------------------------------------------
def person(w: World, kind: str, home: list[int]) -> int:
    """One ordinary person with savings, income, habits; `home` is the shared list of the household."""
    inc = {"worker": w.ln(6500, .5), "migrant": w.ln(5200, .3), "student": w.ln(1500, .4),
        "retiree": w.ln(3200, .4)}[kind]
    a = w.open("person_" + kind, inc * w.ln(1.3, .8))
    w.people[a] = {"kind": kind, "inc": inc, "act": w.ln(1, .45), "memo": w.r.betavariate(.7, 2.5),
        "home": home,
                   "prof": w.r.choice(("day", "day", "long", "evening")), "boss": None}
    home.append(a)
    w.free.append(a)
    w.pool["folk"].append(a)
    return a


def settle_people(w: World, k: int) -> None:
    """Households of one to five."""
    made = 0
    while made < k:
        home: list[int] = []
        shape = w.r.choice(("w", "w", "ww", "ww", "wws", "wwsr", "wwr", "rr", "m", "s", "wwrrs", "wm", "mr"))
        for c in shape[:k - made]:
            person(w, {"w": "worker", "m": "migrant", "s": "student", "r": "retiree"}[c], home)
            made += 1


def life(w: World, a: int, p: dict) -> None:
    """Food, shops, transport, bills, rent, friends, family, savings: the rhythm of one person."""
    r, act, mm = w.r, p["act"], p["memo"]
    k = (p["inc"] / 6000) ** .4
    fav = {x: w.some(w.pool[x], r.randint(2, 7)) for x in ("food", "grocery")}
    friends = w.folk(r.randint(2, 8)) + [b for b in p["home"] if b != a]
    for d in range(w.days):
        for kind, lam, med, prof in (("food", 1.25, 19, "meal"), ("grocery", .4, 55, "day")):
            for _ in range(w.pois(lam * act)):
                b = r.choice(fav[kind]) if fav[kind] and r.random() < .85 else w.one(kind)
                w.plan(w.when(d, prof), a, b, w.tag(med * k * w.ln(1, .6)), "scan",
                    "food" if kind == "food" else "shop", mm * .3)
        for _ in range(w.pois(.5 * act)):
            w.plan(w.when(d, "meal"), a, w.one("transit"), w.tag(w.ln(5, .8)), "scan")
        for _ in range(w.pois(.22 * act)):
            w.plan(w.when(d, "evening"), a, w.one("market"), w.m(w.ln(70, .9) * k), "card", "shop", mm * .5)
        if friends and r.random() < .16 * act:
            w.plan(w.when(d, p["prof"]), a, r.choice(friends),
                w.nice(w.ln(110, 1.1) * k, r.choice((1, 2, 3))),
                   r.choice(("transfer", "transfer", "scan")), r.choice(("food", "family", "loan", "shop")),
                   mm)
        if friends and r.random() < .05 * act:
            w.plan(w.when(d, "evening"), a, r.choice(friends),
                w.nice(r.choice((6.6, 8.8, 20, 50, 88, 200, 520))), "red_packet", "gift", .3)
        if r.random() < .03 * act:
            w.plan(w.when(d), a, w.one("bank"), w.nice(r.choice((300, 500, 1000, 2000)), 1), "cash")
        if r.random() < .012:
            w.plan(w.when(d), w.one("bank"), a, w.nice(w.ln(1500, .8), 1), "cash")
        if r.random() < .04:
            w.plan(w.when(d, "evening"), a, w.one("biller"), w.m(w.ln(110, .7)), "bill", "bill", .5)
        if r.random() < .012:  # something dear: phone, furniture, hospital, travel
            w.plan(w.when(d), a, w.one(r.choice(("market", "biller", "grocery"))),
                w.nice(w.ln(1800, .8) * k, 3), "card", "shop", .2)
    if p["kind"] == "retiree":
        for d in w.paydays(r.choice((10, 15, 20))):
            w.plan(d * DAY + 9 * HOUR + r.randrange(2 * HOUR), w.pool["pension"][0], a, w.m(p["inc"]),
                "transfer", "wage", .7)
    elif p["kind"] == "student":
        parents = [b for b in p["home"] if w.people[b]["kind"] == "worker"] or w.folk(1)
        for d in range(r.randrange(7), w.days, r.choice((7, 10, 30))):
            w.plan(w.when(d, "evening"), r.choice(parents), a, w.nice(w.ln(500, .5), 1), "transfer", "family",
                mm + .2)
    else:
        if r.random() < .35 and w.pool["landlord"]:
            b = w.one("landlord")
            for d in w.paydays(r.choice((1, 1, 5, 10, 15, 20))):
                w.plan(w.when(d, "day"), a, b, w.nice(p["inc"] * w.u(.2, .4)), "transfer", "rent", mm + .3,
                    "wait")
        elif r.random() < .25:
            for d in w.paydays(r.choice((5, 10, 15, 20, 25))):
                w.plan(d * DAY + w.u(1, 6) * HOUR, a, w.one("bank"), w.m(p["inc"] * w.u(.2, .45)), "bill",
                    "loan", .2, "wait")
        if p["kind"] == "migrant" or r.random() < .15:  # money home
            b = r.choice(w.folk(1) if p["kind"] == "migrant" else p["home"])
            w.plan(w.when(r.randrange(w.days), "evening"), a, b, w.nice(p["inc"] * w.u(.2, .6), 1),
                "transfer", "family", mm + .2, "wait")
        if r.random() < .12:  # savings to a deposit or fund
            w.plan(w.when(r.randrange(w.days), "evening"), a, w.one("bank"), w.nice(w.ln(5000, .9), 1),
                "transfer", "invest", .1)


def staff_all(w: World) -> None:
    """Give every worker an employer; firms pay on their day, some through a payroll agent."""
    firms = w.pool["firm"]
    weight = [w.ln(1, .8) for _ in firms]
    staff: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for a, p in w.people.items():
        if p["kind"] in ("worker", "migrant") and p["boss"] is None:
            p["boss"] = w.r.choices(firms, weights=weight)[0]
            staff[p["boss"]].append((a, p["inc"]))
    for f, people in staff.items():
        w.bal[f] += w.m(sum(x for _, x in people) * w.u(2, 5))
        how = "month" if w.cur == "CNY" else w.r.choice(("month", "month", "two", "week"))
        dom = w.r.choice((1, 5, 8, 10, 10, 15, 15, 20, 25, 28))
        fri = [d for d in range(w.days) if w.date(d).weekday() == 4]
        days = w.paydays(dom) if how == "month" else fri if how == "week" else fri[w.r.randrange(2)::2]
        part = {"month": 1.0, "two": .46, "week": .23}[how]
        for d in days:
            t, src = d * DAY + w.u(9, 17) * HOUR, f
            net = [(a, w.m(x * part * w.u(.97, 1.06))) for a, x in people]
            if f in w.agent:
                src = w.agent[f]
                w.plan(t, f, src, sum(x for _, x in net) + w.m(len(net) * 35), "wire", "wage", .8, "wait")
                t += w.u(.3, 5) * HOUR
            for a, x in net:
                t += w.r.randrange(60, 4000)
                w.plan(t, src, a, x, "transfer", "wage", .8, "wait")


# -- honest designs --------------------------------------------------------------------------------
HONEST: list[tuple[Callable[[World], None], float]] = []


def honest(weight: float = 1.0) -> Callable:
    def put(fn: Callable[[World], None]) -> Callable[[World], None]:
        HONEST.append((fn, weight))
        return fn
    return put


def sell(w: World, a: int, custs: Sequence[int], per_day: float, price: Callable[[], int], prof: str = "day",
        ch: str = "scan",
         topic: str | None = None, p: float = .15, days: Sequence[int] | None = None,
         mode: str = "drop") -> None:
    """Customers of `custs` (some far more often than others) pay `a`."""
    if not custs:
        return
    cw = [w.ln(1, 1) for _ in custs]
    for d in range(w.days) if days is None else days:
        for _ in range(w.pois(per_day)):
            w.plan(w.when(d, prof), w.r.choices(custs, weights=cw)[0], a, price(), ch, topic, p, mode)


def sweep(w: World, a: int, b: int, hour: float, every: int = 1, keep: float = 100.0, share: float = 1.0,
          topic: str | None = "net", p: float = .2, ch: str = "transfer", rounded: bool = False) -> None:
    """Now and then all but `keep` goes to `b`."""
    def go() -> None:
        x = int((w.bal[a] - w.m(keep)) * share)
        if x > w.m(30):
            q = w.m(100) if rounded else 1
            w.pay(a, b, max(q, x // q * q) if x >= q else x, ch, topic, p)
    for d in range(w.r.randrange(every), w.days, every):
        w.at(d * DAY + (hour + w.u(0, .6)) * HOUR, go)


def supply(w: World, a: int, to: Sequence[int], per_week: float, size: Callable[[], float],
        topic: str = "goods", p: float = .5,
           ch: str = "transfer") -> None:
    """Firm `a` pays suppliers in office hours."""
    for d in w.workdays():
        for _ in range(w.pois(per_week / 5) if to else 0):
            w.plan(w.when(d, "office"), a, w.r.choice(to), w.nice(size(), w.r.choice((2, 3, 5))), ch, topic,
                p)


def factory(w: World) -> None:
    """Makes things: paid by trade firms and wholesalers; employs many; buys material from its like."""
    a = w.open("factory", w.ln(900_000, .8))
    supply(w, a, w.some(w.pool["factory"], 4), w.u(1, 5), lambda: w.ln(30_000, .9), ch="wire")
    supply(w, a, w.pool["biller"], .6, lambda: w.ln(20_000, .6), "bill", ch="bill")
    w.pool["factory"].append(a)
    w.pool["firm"].append(a)


def wholesaler(w: World) -> None:
    """Sells to shops and eateries, pays factories within days: both sides repeat, sums odd."""
    a = w.open("wholesaler", w.ln(250_000, .7))
    supply(w, a, w.some(w.pool["factory"], w.r.randint(2, 8)), w.u(2, 10), lambda: w.ln(15_000, .8))
    w.pool["wholesale"].append(a)
    w.pool["firm"].append(a)


def employer(w: World) -> None:
    """Office, school, hospital: pays staff and suppliers."""
    a = w.open("employer", w.ln(2_000_000, .9))
    supply(w, a, w.some(w.pool["wholesale"] + w.pool["factory"], 6), w.u(1, 6), lambda: w.ln(12_000, 1))
    supply(w, w.one("bank"), [a], w.u(.5, 2), lambda: w.ln(300_000, .6), "net", .3)
    w.pool["firm"].append(a)


def trade_firm(w: World) -> None:
    """True import/export: money from abroad arrives over the bank, factories and freight are paid. Some of
    these
    firms are later also clients of guilty desks (label 0: own money)."""
    a = w.open("trade_firm", w.ln(1_800_000, .9))
    fac = w.some(w.pool["factory"], w.r.randint(2, 9))
    supply(w, w.one("bank"), [a], w.u(1, 5), lambda: w.ln(180_000, .9), "goods", .5, "wire")
    supply(w, a, fac, w.u(2, 9), lambda: w.ln(70_000, .9), ch="wire")
    supply(w, a, [w.one("bank")], w.u(0, 3), lambda: w.ln(90_000, .9), "goods", .5, "wire")
    supply(w, a, w.pool["biller"], .7, lambda: w.ln(6000, .7), "freight", ch="bill")
    w.pool["trade"].append(a)
    w.pool["firm"].append(a)


def landlord(w: World) -> None:
    """A person with a few flats; rents cluster in the first days of a month."""
    a = w.take("landlord")
    w.pool["landlord"].append(a)
    for _ in range(w.r.randint(1, 9)):  # tenants from outside pay over the bank
        for d in w.paydays(w.r.choice((1, 1, 2, 5, 8, 15))):
            w.plan(w.when(d, "evening"), w.r.choice(w.pool["folk"]), a, w.nice(w.ln(2300, .4)), "transfer",
                "rent", .6, "wait")
    w.plan(w.when(w.r.randrange(w.days)), a, w.one("bank"), w.nice(8000, 1), "bill", "loan", .3)


def eatery(w: World) -> None:
    """Food stall or café: many small scans, daily or weekly sweep to the owner, morning market."""
    a, own = w.open("eatery", w.ln(1500, .6)), w.one()
    w.pool["food"].append(a)
    sweep(w, a, own, w.u(20, 23.3), w.r.choice((1, 1, 2, 3, 7)), w.u(100, 1500), w.u(.5, .95),
        rounded=w.r.random() < .4)
    supply(w, a, w.some(w.pool["wholesale"] or w.pool["grocery"], 3), w.u(2, 6), lambda: w.ln(350, .6), p=.15)


def grocer(w: World) -> None:
    """Grocer or chain shop: scans all day, pays wholesalers, branch sweeps to head office at night."""
    a = w.open("grocer", w.ln(20_000, .8))
    w.pool["grocery"].append(a)
    if w.r.random() < .4:
        if not w.pool["hq"]:
            w.pool["hq"] = [w.open("chain_head", 400_000)]
            supply(w, w.pool["hq"][0], w.some(w.pool["wholesale"] + w.pool["factory"], 12), 20,
                lambda: w.ln(22_000, .6))
        sweep(w, a, w.r.choice(w.pool["hq"]), 22.5, 1, 2000, 1.0, p=.8)
    supply(w, a, w.some(w.pool["wholesale"], 4), w.u(2, 6), lambda: w.ln(1800, .7))


def online_seller(w: World) -> None:
    """Paid out by a marketplace in lumps (daily or on order day), pays factories at once: pass-through by
    nature."""
    a, mk = w.open("online_seller", w.ln(8000, .8)), w.one("market")
    take, fac = w.ln(1800, .8), w.some(w.pool["factory"] + w.pool["wholesale"], w.r.randint(1, 4))
    for d in range(w.r.randrange(3), w.days, w.r.choice((1, 1, 2, 3, 7))):
        w.plan(d * DAY + w.u(1, 10) * HOUR, mk, a, w.m(take * w.u(.4, 1.8)), "transfer", "net", .8)
        if fac and w.r.random() < .8:
            w.plan(d * DAY + w.u(10.2, 16) * HOUR, a, w.r.choice(fac), w.m(take * w.u(.4, 1.2)), "transfer",
                "goods", .3)
    sweep(w, a, w.one(), 21, 7, 3000, .6)


@honest(3)
def shop_few_price(w: World) -> None:
    """Two to six prices, many strangers by scan, nightly sweep of everything to the owner."""
    a, own = w.open("shop_few_price", w.ln(400, .6)), w.one()
    prices = [w.tag(w.ln(w.r.choice((12, 30, 90)), .5)) for _ in range(w.r.randint(2, 6))]
    sell(w, a, w.folk(w.r.randint(50, 200)), w.u(6, 30), lambda: w.r.choice(prices),
        w.r.choice(("meal", "day", "evening", "late")),
         topic="food", p=.05)
    sweep(w, a, own, w.u(21, 23.8), 1, w.r.choice((0, 0, 200)), 1.0, None)


@honest()
def payroll_agent(w: World) -> None:
    """Firms pay a lump, staff are paid the same day: 99 % pass-through, one lump to many."""
    a = w.open("payroll_agent", w.ln(80_000, .5))
    for f in w.some([f for f in w.pool["firm"] if f not in w.agent], w.r.randint(1, 4)):
        w.agent[f] = a
    gig = w.folk(w.r.randint(15, 60))  # gig workers by the week
    firm = w.one("firm")
    for d in w.workdays()[w.r.randrange(3)::w.r.choice((2, 5))]:
        pays = [(b, w.m(w.ln(900, .5))) for b in w.some(gig, 12)]
        w.plan(d * DAY + 10 * HOUR + w.r.randrange(HOUR), firm, a, int(sum(x for _, x in pays) * 1.03),
            "wire", "wage", .6, "wait")
        for b, x in pays:
            w.plan(d * DAY + 12 * HOUR + w.r.randrange(3 * HOUR), a, b, x, "transfer", "wage", .8)


@honest(1.5)
def rent_agent(w: World) -> None:
    """Collects rents for owners and passes them on less 5 to 10 % within days."""
    a = w.open("rent_agent", w.ln(30_000, .5))
    own, cut = w.folk(w.r.randint(4, 12)), w.u(.05, .1)
    w.pool["landlord"].append(a)

    def got(src: int, x: int) -> None:
        if w.people.get(src):
            w.at(w.now + w.u(1, 80) * HOUR, w.pay, a, own[src % len(own)], int(x * (1 - cut)), "transfer",
                "rent", .5)
    w.on[a] = got
    for _ in range(w.r.randint(8, 25)):
        for d in w.paydays(w.r.choice((1, 1, 5, 10, 15, 20))):
            w.plan(w.when(d, "evening"), w.one(), a, w.nice(w.ln(2600, .4)), "transfer", "rent", .5, "wait")


@honest(1.2)
def sourcing_agent(w: World) -> None:
    """Purchasing agent for trade firms and bank-settled foreign orders: in, then factories the same day, 2
    to 6 %."""
    a = w.open("sourcing_agent", w.ln(40_000, .8)) if w.r.random() < .6 else w.take("sourcing_agent")
    cl, fac, cut = w.some(w.pool["trade"], w.r.randint(3, 8)) + [w.one("bank")], w.some(w.pool["factory"],
        w.r.randint(4, 15)), w.u(.02, .06)

    def got(src: int, x: int) -> None:
        if src not in cl or x < w.m(2000):
            return
        k = w.r.choice((1, 1, 2, 3))
        for i in range(k):
            w.at(w.now + w.u(.2, 30) * HOUR, w.pay, a, w.r.choice(fac), int(x * (1 - cut) / k), "transfer",
                "goods", .4)
    w.on[a] = got
    supply(w, w.one("bank"), [a], w.u(.2, 2), lambda: w.ln(60_000, .6), p=.3)
    for d in w.workdays():
        for _ in range(w.pois(w.u(.4, 2))):
            w.plan(w.when(d, "office"), w.r.choice(cl), a, w.m(w.ln(35_000, .9)), "transfer", "goods", .4)


@honest()
def customs_broker(w: World) -> None:
    """Importers pay duty plus fee, the customs account is paid within the hour to the cent: perfect
    pass-through."""
    a = w.open("customs_broker", w.ln(60_000, .6))
    cl, fee = w.some(w.pool["trade"], w.r.randint(4, 15)), w.m(w.u(200, 600))

    def got(src: int, x: int) -> None:
        if x > 2 * fee:
            w.at(w.now + w.u(.05, 4) * HOUR, w.pay, a, w.pool["biller"][0], x - fee, "bill", "freight", .8)
    w.on[a] = got
    for d in w.workdays():
        for _ in range(w.pois(w.u(1, 4)) if cl else 0):
            w.plan(w.when(d, "office"), w.r.choice(cl), a, w.m(w.ln(9000, .9)), "transfer", "freight", .6)


@honest(.7)
def factoring(w: World) -> None:
    """Advances 80 to 90 % of an invoice; the debtor pays the whole; the rest less a fee goes back."""
    a = w.open("factoring", 6_000_000)
    for _ in range(w.r.randint(8, 30)):
        if len(w.pool["factory"]) < 2 or not w.pool["trade"]:
            return
        s, debtor, x, adv = w.one("factory"), w.one("trade"), w.m(w.ln(80_000, .8)), w.u(.8, .9)
        t = w.when(w.r.choice(w.workdays()), "office")
        w.plan(t, a, s, int(x * adv), "wire", "goods", .6)
        w.plan(t + w.u(1, 12) * DAY, debtor, a, x, "wire", "goods", .7, "wait")
        w.plan(t + w.u(12, 14) * DAY, a, s, int(x * (1 - adv - .015)), "wire", "back", .4)


@honest(.8)
def property_chain(w: World) -> None:
    """Flats sold in a chain: a bank loan and savings go buyer to seller to next seller within days, cut at
    the
    transfer limit into equal parts; nothing before, nothing after."""
    g = [w.take("property_chain") for _ in range(w.r.randint(2, 4))]
    x, cap = w.u(350_000, 1_800_000), w.r.choice((50_000, 100_000, 200_000, 500_000))
    t = w.when(w.r.randrange(max(1, w.days - 6)), "office")
    w.bal[g[0]] += w.m(x * .4)
    w.plan(t, w.one("bank"), g[0], w.nice(x * .7), "wire", "loan", .8)
    for i in range(len(g) - 1):
        t += w.u(2, 40) * HOUR
        left = x * (1 - .08 * i)
        while left > cap * .3:
            y = min(cap, left)
            w.plan(t, g[i], g[i + 1], w.nice(y, 3), "transfer", "house", .6, "wait")
            left -= y
            t += w.u(1, 12) * MIN if w.r.random() < .8 else w.u(15, 26) * HOUR
    w.plan(t + w.u(5, 60) * HOUR, g[-1], w.one("bank"), w.nice(x * .5), "wire", "loan", .5)


@honest(.8)
def law_trust(w: World) -> None:
    """Lawyer's client account: settlements and estates in, out to a different party less costs."""
    a = w.open("law_trust", w.ln(300_000, .6))
    for _ in range(w.r.randint(4, 22)):
        x, t = w.nice(w.ln(60_000, 1.1), 3), w.when(w.r.choice(w.workdays()), "office")
        src = w.r.choice((w.one("firm"), w.one("bank"), w.one()))
        w.plan(t, src, a, x, "wire", w.r.choice(("back", "house", "fee", "loan")), .6)
        w.plan(t + w.u(2, 90) * HOUR, a, w.one(), int(x * w.u(.88, .98)), "wire", "back", .6)


@honest()
def tour_leader(w: World) -> None:
    """Collects equal shares of a trip, buys foreign money at the bank and pays hotel and agency: same-amount
    burst."""
    a = w.take("tour_leader")
    x, d = w.nice(w.ln(3200, .5)), w.r.randrange(max(1, w.days - 3))
    g = w.folk(w.r.randint(8, 35))
    for b in g:
        w.plan(w.when(min(w.days - 1, d + w.r.choice((0, 0, 0, 1, 2))), "evening"), b, a, x, "transfer",
            "tour", .4, "shrink")
    sweep_t = (d + 3) * DAY + 10 * HOUR
    w.at(sweep_t, lambda: w.pay(a, w.one("bank"), int(x * len(g) * .3), "wire", "tour", .8))
    w.at(sweep_t + 5 * HOUR, lambda: w.pay(a, w.one("market"), int(x * len(g) * .45), "card", "tour", .8,
        "shrink"))


@honest(.8)
def money_changer(w: World) -> None:
    """Licensed changer or remittance counter: the public on both sides, rates near the market, but it
    settles with a
    bank every evening and never with exchanges: nearly a coin store otherwise."""
    a, bk = w.open("money_changer", w.ln(250_000, .5)), w.one("bank")
    folk, trim = w.folk(w.r.randint(60, 200)), w.u(.003, .02)
    for d in range(w.days):
        for _ in range(w.pois(w.u(5, 16))):
            b, c = w.r.choice(folk), w.ln(2500, .9)
            pair = (b, a) if w.r.random() < .55 else (a, b)
            w.plan(w.when(d), *pair, w.nice(c, 1) if w.r.random() < .5 else (lambda c=c: w.deal(c, "coin",
                trim)), w.r.choice(("card", "transfer")),
                   "tour", .15)
    sweep(w, a, bk, 18, 1, 220_000, .9, p=.7)
    supply(w, bk, [a], 1.5, lambda: w.ln(60_000, .5), "net", .7)


@honest()
def ticket_agent(w: World) -> None:
    """Ticket tout with a licence: on sale days dozens pay one of three prices in an hour; venue paid at
    night."""
    a = w.open("ticket_agent", w.ln(15_000, .6))
    pr = [w.nice(x) for x in (280, 480, 680, 1280)]
    days = w.r.sample(range(w.days), min(w.days, w.r.randint(2, 6)))
    sell(w, a, w.folk(300), w.u(15, 60), lambda: w.r.choice(pr), "evening", w.r.choice(("scan", "transfer")),
        "ticket", .3, days)
    for d in days:
        w.at(d * DAY + 23.6 * HOUR, lambda: w.pay(a, w.one("biller"), int(w.bal[a] * .85), "transfer",
            "ticket", .5))


@honest(1.5)
def gadget_dealer(w: World) -> None:
    """Second-hand phones: buys from strangers, sells to strangers, thin margin, personal account; both sides
    people."""
    a = w.take("gadget_dealer")
    w.bal[a] += w.m(w.ln(40_000, .6))
    c, n = w.folk(w.r.randint(60, 200)), w.u(1, 7)
    rate = w.r.choice((50, 100))
    for d in range(w.days):
        for _ in range(w.pois(n)):
            x = max(rate, round(w.ln(1900, .6) / rate) * rate)
            w.plan(w.when(d, "long"), w.r.choice(c), a, w.nice(x * 1.08, 3), w.r.choice(("scan", "transfer")),
                "shop", .2)
            w.plan(w.when(d, "long"), a, w.r.choice(c), w.nice(x, 3), "transfer", "shop", .2)
    if w.r.random() < .15:
        w.ads.append((a, .15))


@honest()
def gold_dealer(w: World) -> None:
    """Buys and sells gold by the gram at a moving price with a constant spread, large sums, both sides
    people."""
    a, p0 = w.open("gold_dealer", w.ln(700_000, .6)), w.u(550, 900)
    walk = [p0]
    for _ in range(w.days):
        walk.append(walk[-1] * (1 + w.r.gauss(0, .009)))
    c = w.folk(150)
    for d in range(w.days):
        for _ in range(w.pois(w.u(2, 9))):
            g = w.r.choice((2, 5, 10, 10, 20, 50, 100, round(w.ln(14, .7), 2)))
            if w.r.random() < .55:
                w.plan(w.when(d), w.r.choice(c), a, w.m(g * walk[d] * 1.02), w.r.choice(("card", "transfer")),
                    "gold", .3)
            else:
                w.plan(w.when(d), a, w.r.choice(c), w.m(g * walk[d] * .98), "transfer", "gold", .3)
    supply(w, a, [w.one("wholesale")], 2, lambda: w.ln(90_000, .6), "gold")


@honest(1.2)
def game_reseller(w: World) -> None:
    """Sells game coins and top-ups at list prices, half at night, and pays the publisher many times a day."""
    a, pub = w.take("game_reseller"), w.one("market")
    pr, acc = [w.nice(x) for x in (30, 68, 98, 198, 328, 648)], [0]

    def got(src: int, x: int) -> None:
        acc[0] += x if x in pr else 0
        if acc[0] > w.m(1500):
            y, acc[0] = int(acc[0] * .94), 0
            w.at(w.now + w.u(1, 90) * MIN, w.pay, a, pub, y, "card", "game", .5)
    w.on[a] = got
    sell(w, a, w.folk(w.r.randint(80, 250)), w.u(5, 30), lambda: w.r.choice(pr), "late",
        w.r.choice(("scan", "transfer")), "game", .15)


@honest(.7)
def topup_net(w: World) -> None:
    """Phone credit and lottery sub-agents settle upward within the hour less 2 to 5 %; the master pays the
    operator."""
    m, op = w.open("topup_master", w.ln(50_000, .5)), w.one("biller")
    sweep(w, m, op, 23, 1, 40_000, 1.0, p=.8)
    for _ in range(w.r.randint(3, 7)):
        a, cut = w.take("topup_sub"), w.u(.02, .05)
        vals = {w.nice(x) for x in (30, 50, 100, 200)}

        def got(src: int, x: int, a: int = a, cut: float = cut, vals: set = vals) -> None:
            if x in vals:
                w.at(w.now + w.u(1, 55) * MIN, w.pay, a, m, int(x * (1 - cut)), "transfer", "net", .1)
        w.on[a] = got
        sell(w, a, w.folk(80), w.u(2, 9), lambda vals=sorted(vals): w.r.choice(vals), "day", "scan", "game",
            .1)


@honest(1.2)
def group_buy(w: World) -> None:
    """Neighbourhood buyer: every few days thirty people pay one price within two hours; the supplier gets 90
    %."""
    a, sup = w.take("group_buy"), w.one("wholesale")
    g = w.folk(w.r.randint(20, 90))
    for d in range(w.r.randrange(3), w.days, w.r.randint(1, 5)):
        x, k = w.tag(w.ln(45, .5)), w.r.randint(8, min(50, max(9, len(g))))
        t = w.when(d, "evening")
        for b in w.some(g, k):
            w.plan(t + w.ln(25, 1) * MIN, b, a, x, "scan", "group", .35)
        w.plan(t + w.u(4, 14) * HOUR, a, sup, int(x * k * .88), "transfer", "goods", .5, "shrink")


@honest()
def dues(w: World) -> None:
    """Owners' committee, class fund: equal dues in a few days, then one large bill."""
    a, x = w.take("dues"), w.nice(w.ln(260, .6))
    d = w.r.randrange(max(1, w.days - 4))
    g = w.folk(w.r.randint(15, 80))
    for b in g:
        w.plan(w.when(min(w.days - 1, d + w.r.choice((0, 0, 1, 1, 2, 4)))), b, a, x,
            w.r.choice(("scan", "transfer")), "dues", .4)
    w.at((d + 3) * DAY + 15 * HOUR, lambda: w.pay(a, w.one("biller"), int(x * len(g) * .8), "bill", "dues",
        .7, "shrink"))


@honest(.6)
def charity(w: World) -> None:
    """A campaign: round gifts from hundreds of strangers for days, swept to the fund, paid to patients and
    suppliers."""
    a, fund = w.open("charity_campaign", 500), w.open("charity_fund", 200_000)
    d = w.r.randrange(max(1, w.days - 4))
    sell(w, a, w.folk(500), w.u(25, 90), lambda: w.nice(w.r.choice((10, 20, 50, 50, 100, 100, 200, 500,
        1000))), "long", "scan", "alms", .3,
         range(d, min(w.days, d + 6)))
    sweep(w, a, fund, 23.3, 1, 0, 1.0, "alms")
    supply(w, fund, w.folk(8) + [w.one("biller")], 4, lambda: w.ln(9000, .7), "alms", .7)


@honest(.7)
def temple(w: World) -> None:
    """Temple or church: lucky amounts, festival peaks at dawn, monthly works paid."""
    a = w.open("temple", w.ln(60_000, .7))
    lucky = [w.nice(x) for x in (6.6, 8.8, 18, 66, 88, 108, 200, 666, 888)]
    fest = w.r.randrange(w.days)
    for d in range(w.days):
        sell(w, a, w.folk(150), 50 if d == fest else w.u(2, 10), lambda: w.r.choice(lucky), "dawn", "scan",
            "alms", .1, [d])
    supply(w, a, w.some(w.pool["firm"], 2), .7, lambda: w.ln(20_000, .5), "goods")


@honest()
def streamer(w: World) -> None:
    """Livestreamer: direct tips at night in fixed steps, platform payout, manager paid a share at once."""
    a, boss = w.take("streamer"), w.one()
    tip = [w.nice(x) for x in (5.2, 13.14, 52, 66, 99, 520, 1314)]
    sell(w, a, w.folk(120), w.u(2, 14), lambda: w.r.choices(tip, weights=(9, 8, 7, 5, 4, 2, 1))[0], "late",
        w.r.choice(("red_packet", "transfer")),
         "gift", .2)
    for d in range(w.r.randrange(7), w.days, 7):
        x = w.m(w.ln(5000, .8))
        w.plan(d * DAY + w.u(9, 12) * HOUR, w.one("market"), a, x, "transfer", "wage", .5)
        w.plan(d * DAY + w.u(12.1, 18) * HOUR, a, boss, int(x * .3), "transfer", "fee", .3)


@honest(2)
def driver(w: World) -> None:
    """Ride-hailing or delivery: small direct fares, weekly platform payout, fuel."""
    a = w.take("driver")
    sell(w, a, w.folk(150), w.u(2, 10), lambda: w.tag(w.ln(19, .5)), "long", "scan", None)
    for d in range(w.r.randrange(7), w.days, 7):
        w.plan(d * DAY + w.u(2, 9) * HOUR, w.one("transit"), a, w.m(w.ln(1500, .4)), "transfer", "wage", .6)
    sell(w, w.one("grocery"), [a], .6, lambda: w.nice(w.r.choice((100, 200, 250))), "day")


@honest(1.3)
def freelancer(w: World) -> None:
    """Paid in bursts by firms and over the bank from abroad; pays helpers on the same day."""
    a, help_ = w.take("freelancer"), w.folk(w.r.randint(0, 4))
    for d in w.some(w.workdays(), w.r.randint(2, 7)):
        x, t = w.ln(5000, .9), w.when(d, "office")
        src = w.one(w.r.choice(("firm", "firm", "trade", "bank")))
        w.plan(t, src, a, w.r.choice((w.m, w.nice))(x), "transfer", "fee", .6)
        for b in w.some(help_, w.r.randint(0, 2)):
            w.plan(t + w.u(1, 9) * HOUR, a, b, w.nice(x * w.u(.1, .4)), "transfer", "wage", .4)
        w.plan(t + w.u(1, 60) * HOUR, a, w.one("bank"), w.nice(x * .4, 1), "transfer")


@honest(.7)
def circle(w: World) -> None:
    """Village savings circle: all pay one amount to the head, who hands the pot to today's member within
    hours."""
    a, x = w.take("circle_head"), w.nice(w.r.choice((500, 1000, 2000, 3000)), 1)
    g = w.folk(w.r.randint(8, 25))
    for i, d in enumerate(range(w.r.randrange(4), w.days, w.r.choice((5, 7, 10)))):
        for b in g:
            if b != g[i % len(g)]:
                w.plan(d * DAY + w.u(8, 20) * HOUR, b, a, x, "transfer", "dues", .15, "drop")
        w.at(d * DAY + w.u(20.1, 23) * HOUR, lambda i=i: w.pay(a, g[i % len(g)], int(x * (len(g) - 2)),
            "transfer", "dues", .2, "shrink"))


@honest(.8)
def wedding(w: World) -> None:
    """A hundred guests in one day with lucky sums, then the hotel and the parents."""
    a, d = w.take("wedding_couple"), w.r.randrange(max(1, w.days - 2))
    for b in w.folk(w.r.randint(35, 130)):
        w.plan(w.when(d, "day"), b, a, w.nice(w.r.choice((200, 500, 600, 666, 800, 888, 1000, 1688, 2000)),
            4),
               w.r.choice(("red_packet", "transfer", "scan")), "gift", .6)
    w.at((d + 1) * DAY + 11 * HOUR, lambda: w.pay(a, w.one("food"), w.nice(23_000), "card", "food", .5,
        "shrink"))
    w.at((d + 1) * DAY + 20 * HOUR, lambda: w.pay(a, w.people[a]["home"][0], w.nice(10_000, 1), "transfer",
        "family", .5, "shrink"))


@honest(.8)
def agri_buyer(w: World) -> None:
    """Dormant, then harvest: a mill sends lumps, dozens of farmers are paid by weight at dawn the same
    day."""
    a, mill = w.open("agri_buyer", w.ln(3000, .5)), w.one("factory")
    farm, kg = w.folk(w.r.randint(20, 70)), w.u(2, 6)
    d0 = w.r.randrange(max(1, w.days // 2))
    for d in range(d0, min(w.days, d0 + w.r.randint(3, 9))):
        pays = [w.m(kg * w.r.randint(200, 3000)) for _ in range(w.r.randint(8, 25))]
        w.plan(d * DAY + w.u(4, 5.4) * HOUR, mill, a, w.nice(sum(pays) * 1.04 / w.scale / 10 ** w.digits, 2),
            "wire", "crop", .5)
        for x in pays:
            w.plan(d * DAY + w.u(5.5, 12) * HOUR, a, w.r.choice(farm), x, "transfer", "crop", .3)


@honest(1.2)
def family_hub(w: World) -> None:
    """Brings the salaries of a family together and passes them on: rent, parents, children, savings, within
    the day."""
    a = w.take("family_hub")
    kin = [b for b in w.people[a]["home"] if b != a] + w.folk(3)
    for d in range(w.days):
        if w.r.random() < .35:
            x, t = w.ln(2500, .7), w.when(d, "evening")
            w.plan(t, w.r.choice(kin), a, w.nice(x, 1), "transfer", "family", .4, "drop")
            w.plan(t + w.u(.1, 20) * HOUR, a, w.r.choice(kin + [w.one("bank")]), w.nice(x * w.u(.8, 1), 2),
                "transfer", "family", .4)


@honest(.8)
def child_packets(w: World) -> None:
    """A child's account: red packets in a burst, all of it to the mother at bedtime."""
    a = w.take("child_packets", kind="student")
    mum = next((b for b in w.people[a]["home"] if b != a), w.one())
    sell(w, a, w.folk(18), w.u(5, 14), lambda: w.nice(w.r.choice((50, 66, 88, 100, 200, 200, 500))), "day",
        "red_packet", "gift", .5,
         w.r.sample(range(w.days), min(3, w.days)))
    sweep(w, a, mum, 21.5, w.r.choice((1, 2)), 50, 1.0, "family")


@honest(1.2)
def reimbursed(w: World) -> None:
    """Pays travel and goods for the firm by card, gets the very sums back days later; sometimes an advance
    first."""
    a, boss = w.take("reimbursed"), w.one("firm")
    w.bal[a] += w.m(15_000)
    for _ in range(w.r.randint(3, 12)):
        t, x = w.when(w.r.randrange(w.days), "office"), w.m(w.ln(1200, .9))
        w.plan(t, a, w.one(w.r.choice(("market", "food", "transit", "wholesale"))), x, "card", "goods", .2)
        w.plan(t + w.u(-1, 6) * DAY, boss, a, x, "transfer", "back", .6)


@honest(.6)
def microlender(w: World) -> None:
    """Licensed small lender: round loans out, instalments in from hundreds, refinanced by a bank."""
    a = w.open("microlender", w.ln(1_500_000, .5))
    c = w.folk(w.r.randint(100, 250))
    for d in range(w.days):
        for _ in range(w.pois(w.u(4, 12))):
            w.plan(w.when(d), a, w.r.choice(c), w.nice(w.ln(4000, .7), 1), "transfer", "loan", .6)
        sell(w, a, c, w.u(6, 20), lambda: w.m(w.ln(480, .6)), "long", w.r.choice(("bill", "transfer")),
            "loan", .4, [d])
    sweep(w, a, w.one("bank"), 19, 7, 1_000_000, .5)


@honest()
def foreman(w: World) -> None:
    """Building gang: the contractor sends a lump every week or two, the gang is paid within two hours, in
    round sums."""
    a, firm = w.take("foreman"), w.one("firm")
    gang = w.folk(w.r.randint(6, 35))
    for d in range(w.r.randrange(5), w.days, w.r.choice((4, 7, 14))):
        pays = [w.nice(w.r.choice((800, 1200, 1500, 2000, 2800, 3500))) for _ in gang]
        t = w.when(d, "office")
        w.plan(t, firm, a, int(sum(pays) * w.u(1.02, 1.15)), "transfer", "wage", .5)
        for b, x in zip(gang, pays, strict=True):
            w.plan(t + w.u(.1, 8) * HOUR, a, b, x, "transfer", "wage", .3)


@honest()
def insurance_agent(w: World) -> None:
    """Takes premiums on a personal account and passes them to the insurer the same day; commission comes
    monthly."""
    a, ins, c = w.take("insurance_agent"), w.one("biller"), w.folk(60)

    def got(src: int, x: int) -> None:
        if src in c:
            w.at(w.now + w.u(.2, 9) * HOUR, w.pay, a, ins, x, "bill", "bill", .7)
    w.on[a] = got
    sell(w, a, c, w.u(.5, 3), lambda: w.nice(w.ln(1500, .8), 3), "day", "transfer", "bill", .4)
    w.plan(w.when(w.r.randrange(w.days), "office"), ins, a, w.m(w.ln(6000, .5)), "transfer", "fee", .9)


@honest(.8)
def used_cars(w: World) -> None:
    """Second-hand cars: deposits, then large sums in parts, sellers paid out of them the same week, people
    both sides."""
    a = w.open("used_cars", w.ln(350_000, .5)) if w.r.random() < .5 else w.take("used_cars")
    w.bal[a] += w.m(150_000)
    for _ in range(w.r.randint(4, 14)):
        b, s, x = w.take_rich(), w.one(), w.ln(60_000, .5)
        t = w.when(w.r.randrange(w.days))
        w.plan(t, b, a, w.nice(2000, 1), "scan", "car", .6)
        for i in range(k := w.r.choice((1, 1, 2, 3))):
            w.plan(t + w.u(3, 40) * HOUR + i * 6 * MIN, b, a, w.nice(x * 1.07 / k), "transfer", "car", .5)
        w.plan(t + w.u(-40, 40) * HOUR, a, s, w.nice(x), "transfer", "car", .5)


def take_rich(w: World) -> int:
    """Somebody who has just come to savings for a large purchase."""
    a = w.one()
    w.bal[a] += w.m(w.ln(90_000, .4))
    return a


World.take_rich = take_rich  # type: ignore[attr-defined]


@honest(.7)
def cash_pool(w: World) -> None:
    """A group of firms with daily pooling: subsidiaries are emptied to the parent at night and refilled at
    nine."""
    p = w.open("pool_parent", w.ln(3_000_000, .5))
    for _ in range(w.r.randint(3, 7)):
        s = w.open("pool_sub", w.ln(20_000, .6))
        cl, sup = w.some(w.pool["firm"], 6), w.some(w.pool["factory"] + w.pool["wholesale"], 6)
        supply(w, p, [s], 4, lambda: w.ln(50_000, .5), "net", .7)
        supply(w, s, sup, w.u(3, 8), lambda: w.ln(20_000, .8))
        for c in cl:
            supply(w, c, [s], w.u(.3, 1.5), lambda: w.ln(40_000, .7))
        sweep(w, s, p, w.u(18, 22), 1, w.r.choice((0, 0, 5000)), 1.0, "net", .9)


@honest(.6)
def stock_broker(w: World) -> None:
    """Licensed broker: clients pay in and take out on workdays, everything is settled with a custodian
    bank."""
    a, bk, c = w.open("stock_broker", 3_000_000), w.one("bank"), w.folk(w.r.randint(80, 200))
    for d in w.workdays():
        sell(w, a, c, w.u(5, 18), lambda: w.nice(w.ln(4000, 1.1), 1), "office", "transfer", "invest", .3, [d],
            "shrink")
        for _ in range(w.pois(w.u(3, 10))):
            w.plan(w.when(d, "office"), a, w.r.choice(c), w.m(w.ln(4500, 1)), "transfer", "net", .3)
        w.at(d * DAY + 17 * HOUR, lambda: w.pay(a, bk, max(0, w.bal[a] - w.m(2_800_000)), "wire", "net", .9))


@honest(.8)
def course_seller(w: World) -> None:
    """Course or membership campaign with tiers, an early-bird price, referral bonuses and a few refunds:
    looks like
    a token sale, but the money goes to teachers, a hall and tax, not to coins."""
    a = w.open("course_seller", w.ln(30_000, .6))
    tier, c = [w.nice(x) for x in (399, 980, 2980, 6980)], w.folk(250)
    d0 = w.r.randrange(max(1, w.days - 5))
    sell(w, a, c, w.u(8, 28), lambda: w.r.choices(tier, weights=(6, 5, 3, 1))[0], "evening",
        w.r.choice(("scan", "transfer")), "tuition", .4,
         range(d0, min(w.days, d0 + 5)))
    ref = w.some(c, 10)
    for d in range(d0 + 1, w.days):
        for _ in range(w.pois(2)):
            w.plan(w.when(d, "office"), a, w.r.choice(ref), int(w.r.choice(tier) * .1), "transfer", "fee", .6)
        if w.r.random() < .3:
            w.plan(w.when(d), a, w.r.choice(c), w.r.choice(tier), "transfer", "back", .7)
    supply(w, a, w.folk(3) + w.some(w.pool["firm"], 3) + [w.one("biller")], 4, lambda: w.ln(9000, .7), "wage")


@honest(.7)
def relic_coins(w: World) -> None:
    """Dealer in commemorative coins: a word trap; personal account, both sides people, odd prices."""
    a, c = w.take("relic_coins"), w.folk(70)
    sell(w, a, c, w.u(.6, 4), lambda: w.nice(w.ln(600, 1), 3), "evening", "transfer", "relic", .6)
    for d in range(w.days):
        if w.r.random() < .4:
            w.plan(w.when(d, "evening"), a, w.r.choice(c), w.nice(w.ln(700, .8), 2), "transfer", "relic", .6)


@honest(.7)
def auction_house(w: World) -> None:
    """Bidders leave equal deposits and get them back (u-turn); winners pay, consignors get the price less 12
    %."""
    a, deps = w.open("auction_house", w.ln(300_000, .5)), set()
    w.on[a] = lambda src, x: w.at(w.now + w.u(25, 70) * HOUR, w.pay, a, src, x, "transfer", "back",
        .7) if x in deps else None
    for d in w.some(w.workdays(), 3):
        dep, c = w.nice(w.r.choice((2000, 5000, 10_000)), 1), w.folk(w.r.randint(12, 50))
        for b in c:
            w.plan(w.when(max(0, d - 1), "office"), b, a, dep, "transfer", "hold", .6)
        deps.add(dep)
        for _ in range(4):
            x = w.ln(20_000, .7)
            w.plan(w.when(d, "office"), w.take_rich(), a, w.nice(x), "transfer", "goods", .5)
            w.plan(w.when(d, "office") + 3 * DAY, a, w.one(), w.nice(x * .88, 3), "transfer", "goods", .5)


@honest(1.4)
def day_trader(w: World) -> None:
    """Own money to and from exchanges several times a week, at night too, large sums: a customer, not a
    dealer."""
    a = w.take("day_trader")
    w.bal[a] += w.m(w.ln(90_000, .9))
    ex, size = w.some(w.pool["exchange"], w.r.choice((1, 1, 2))), w.ln(9000, .8)
    for d in range(w.days):
        for _ in range(w.pois(w.u(.1, 1.1))):
            pair = (a, w.r.choice(ex)) if w.r.random() < .52 else (w.r.choice(ex), a)
            w.plan(w.when(d, "long"), *pair, w.r.choice((w.m, w.nice))(size * w.ln(1, .7)), "transfer",
                "coin", .05, "shrink")


@honest(.8)
def study_abroad(w: World) -> None:
    """School fees abroad: parents lend out their sum to relatives who each buy foreign money at the bank."""
    a, kin = w.take("study_abroad"), w.folk(w.r.randint(2, 6))
    w.bal[a] += w.m(w.ln(260_000, .4))
    t = w.when(w.r.randrange(max(1, w.days - 3)), "evening")
    for b in kin:
        x = w.nice(w.ln(40_000, .2), 2)
        w.plan(t + w.u(0, 20) * HOUR, a, b, x, "transfer", "family", .2)
        w.plan(t + w.u(22, 60) * HOUR, b, w.one("bank"), x, "wire", "tuition", .7)


@honest()
def commission_agent(w: World) -> None:
    """Estate or insurance tip-giver: many small odd commissions from unrelated firms and people; nothing
    goes on."""
    a = w.take("commission_agent")
    for d in range(w.days):
        for _ in range(w.pois(w.u(.2, 1.8))):
            w.plan(w.when(d, "day"), w.one(w.r.choice(("folk", "firm"))), a, w.m(w.ln(500, .9)), "transfer",
                "fee", .5)


@honest(.7)
def inheritance(w: World) -> None:
    """A sleeping account gets an estate in a few large sums and shares it among siblings within days."""
    a, sib = w.take("inheritance", kind="retiree"), w.folk(w.r.randint(2, 5))
    x, t = w.ln(150_000, .7), w.when(w.r.randrange(max(1, w.days - 3)), "office")
    for i in range(w.r.randint(1, 4)):
        w.plan(t + i * w.u(0, 9) * HOUR, w.one("bank"), a, w.m(x * w.u(.5, 1.3)), "wire", "back", .4)
    for b in sib:
        w.plan(t + w.u(1, 3) * DAY, a, b, w.nice(x / len(sib), 3), "transfer", "family", .4)


@honest(.6)
def coin_seller_once(w: World) -> None:
    """Sells an old holding of own coins to strangers in a few lots over some days, then nothing; may stand
    in an ad."""
    a, d0 = w.take("coin_seller_once"), w.r.randrange(max(1, w.days - 3))
    cl, style = w.pool["client"] or w.pool["folk"], w.r.choice(("coin", "fiat"))
    size = w.ln(9000, .7)
    for _ in range(w.r.randint(2, 7)):
        w.plan(w.when(min(w.days - 1, d0 + w.r.randrange(4)), "long"), w.r.choice(cl), a,
            lambda: w.deal(size, style, .002), "transfer", "loan", .1)
    w.plan((d0 + 5) * DAY, a, w.one("bank"), w.nice(size * 2, 1), "transfer", "invest", .2)
    w.ads.append((a, .35))


# -- guilty designs --------------------------------------------------------------------------------
GUILTY: list[tuple[Callable[["Ring"], None], int]] = []


def ringed(least: int) -> Callable:
    def put(fn: Callable[[Ring], None]) -> Callable[[Ring], None]:
        GUILTY.append((fn, least))
        return fn
    return put


class Ring:
    """One guilty business: its accounts, habits (drawn once) and its book."""

    def __init__(self, w: World, room: int) -> None:
        w.rings += 1
        self.w, self.room, self.name = w, room, f"ring{w.rings:02d}"
        r = w.r
        self.style = r.choice(("coin", "coin", "fiat", "fiat", "odd", "invoice"))
        self.asset = r.choice(("USDT", "USDT", "USDT", "BTC", "ETH"))
        self.spread = w.u(.001, .018)
        self.topics = r.choice(([None], [None, "loan"], ["goods"], ["family", "gift"], ["fee", "goods"],
            ["loan"], ["coin", None], ["shop"]))
        self.pm = r.choice((0, .1, .3, .6, .95))
        self.rotate = r.choice(("client", "day", "random"))
        self.first = 0 if r.random() < .7 else r.randrange(max(1, w.days // 2))
        self.last = w.days if r.random() < .8 else min(w.days, self.first + r.randint(3, 10))
        self.cap = r.choice((20_000, 50_000, 50_000, 100_000, 200_000))
        self.cut_p = r.choice((0, 0, .3, .8))  # how often sums above the limit are cut
        self.ex = w.some(w.pool["exchange"], r.choice((1, 1, 2)))
        self.keep: dict[int, int] = {}

    def straw(self, role: str, cny: float = 0.0) -> int:
        """A bought or company account without a life of its own."""
        self.room -= 1
        a = self.w.open(role, max(1.0, cny), 1, self.name)
        self.keep[a] = self.w.m(self.w.u(0, 60)) if cny < 5000 else 0
        return a

    def man(self, role: str, cny: float = 0.0, kind: str = "") -> int:
        """A real person who goes on living from the same account."""
        self.room -= 1
        a = self.w.take(role, 1, self.name, kind)
        self.keep[a] = self.w.bal[a]
        self.w.bal[a] += self.w.m(cny) if cny else 0
        return a

    def mix(self, role: str, k: int, cny: float = 0.0) -> list[int]:
        return [(self.man if self.w.r.random() < .6 else self.straw)(role,
            cny) for _ in range(max(0, min(k, self.room)))]

    def topic(self) -> str | None:
        return self.w.r.choice(self.topics)

    def parts(self, x: int) -> list[int]:
        cap = self.w.nice(self.cap, 1)
        if x <= cap or self.w.r.random() > self.cut_p or x > 12 * cap:
            return [x]
        out = []
        while x > cap:
            y = cap if self.w.r.random() < .5 else int(cap * self.w.u(.7, .998))
            out.append(y)
            x -= y
        return [*out, x] if x > 0 else out

    def pay(self, a: int, b: int, x: int, ch: str = "transfer", mode: str = "drop",
            topic: str | None = "?") -> None:
        t = self.w.now
        for y in self.parts(x):
            self.w.at(t, self.w.pay, a, b, y, ch, self.topic() if topic == "?" else topic, self.pm, mode)
            t += self.w.u(.5, 25) * MIN

    def spare(self, a: int) -> int:
        return self.w.bal[a] - self.keep.get(a, 0)

    def inbox(self, ins: list[int], client: int) -> int:
        if self.rotate == "client":
            return ins[client % len(ins)]
        return ins[(self.w.now // DAY) % len(ins)] if self.rotate == "day" else self.w.r.choice(ins)

    def give(self, outs: list[int], allof: list[int], to: int, x: int, ch: str, topic: str | None,
            tries: int = 6) -> None:
        """Pay a seller out of the book: move money inside the ring if needed; wait; at last sell own
        coins."""
        w = self.w
        src = max(outs, key=self.spare)
        if self.spare(src) >= x:
            self.pay(src, to, x, ch, "shrink", topic)
            return
        rich = max(allof, key=self.spare)
        if rich != src and self.spare(rich) > .6 * x:
            w.pay(rich, src, min(self.spare(rich), int(x * w.u(1, 1.3))), "transfer", self.topic(), self.pm)
        elif tries == 1 and self.ex and w.r.random() < .5:
            w.pay(w.r.choice(self.ex), src, x, "transfer", None)
        if tries > 0:
            w.at(w.now + w.ln(70, 1) * MIN, self.give, outs, allof, to, x, ch, topic, tries - 1)

    def book(self, ins: list[int], outs: list[int], buyers: Sequence[int], sellers: Sequence[int],
            per_day: float,
             size: Callable[[], float], *, out: float = .95, prof: str = "long", ch_in: str = "transfer",
             ch_out: str = "transfer",
             days: Sequence[int] | None = None, style_out: str | None = None, topic_out: str | None = "?",
             flush: float = .3) -> None:
        """Buyers of coins pay in, sellers are paid out, each in their own time; what gathers goes to an
        exchange, to
        another desk or stays."""
        w, allof = self.w, [*ins, *outs]
        if buyers is not sellers:  # most people either buy or sell
            buyers = [a for a in buyers if w.side.get(a) != "sells"] or buyers
            sellers = [a for a in sellers if w.side.get(a) != "buys"] or sellers
        per_day *= w.u(.4, .9)
        bw, sw = [w.ln(1, .5) for _ in buyers], [w.ln(1, .5) for _ in sellers]
        topic_out = self.topic() if topic_out == "?" else topic_out

        def buy(b: int, c: float) -> None:
            self.pay(b, self.inbox(ins, b), w.deal(c, self.style, self.spread, self.asset), ch_in, "shrink")

        def sold(s: int, c: float) -> None:
            x = w.deal(c, style_out or self.style, -self.spread, self.asset)
            self.give(outs, allof, s, x, ch_out, topic_out)

        def purge() -> None:
            a = max(allof, key=self.spare)
            if self.spare(a) > w.m(8 * mean):
                others = [x for x in w.pool["desk"] if x not in allof]
                if not self.ex or (others and w.r.random() > .6):
                    to = w.r.choice(others or [w.one("bank")])
                else:
                    to = w.r.choice(self.ex)
                self.pay(a, to, w.deal(self.spare(a) * w.u(.3, .95) / w.scale / 10 ** w.digits, "coin", 0),
                    topic=None)
        mean = sum(size() for _ in range(20)) / 20
        for a in set(outs):
            w.bal[a] += w.m(mean * w.u(1, 8))
        for d in days if days is not None else range(self.first, self.last):
            f = w.ln(1, .35)
            for _ in range(w.pois(per_day * f) if buyers else 0):
                w.at(w.when(d, prof), buy, w.r.choices(buyers, weights=bw)[0], size())
            for _ in range(w.pois(per_day * f * out) if sellers else 0):
                w.at(w.when(d, prof), sold, w.r.choices(sellers, weights=sw)[0], size())
            if w.r.random() < flush:
                w.at(w.when(d, prof), purge)
        w.pool["desk"].append(w.r.choice(ins))
        w.ads += [(a, w.u(0, .6)) for a in ins[:2]]

    def clients(self, k: int) -> list[int]:
        """People who deal in coins with own money; most are loyal to one or two rings."""
        w, pool = self.w, self.w.pool["client"]
        best = sorted(pool, key=lambda a: w.use[a] + w.r.random() * 1.5)[:max(4, min(round(k * .7),
            len(pool) // 8))]
        w.use.update(best)
        return best

    def public(self, role: str, k: int) -> list[int]:
        """Ordinary people drawn in once: victims, platform users, token buyers (all label 0)."""
        return [self.w.take(role) for _ in range(k) if len(self.w.free) > .5 * self.w.n]

    def profit(self, a: int, to: int, every: int = 7) -> None:
        """The owner takes something out."""
        w = self.w
        for d in range(self.first + w.r.randrange(every), self.last, every):
            w.at(w.when(d, "evening"), lambda: w.pay(a, to, w.nice(w.ln(6000, .7), 1), "transfer", "family",
                .2) if self.spare(a) > w.m(30_000) else 0)


@ringed(2)
def trade_desk(g: Ring) -> None:
    """OTC desk for trade firms: importers buy coins to pay abroad, exporters sell coins; few, repeating,
    large, by
    bank in office hours, invoice words. Exists because controls on foreign money are slow and dear."""
    w = g.w
    g.topics = w.r.choice((["goods"], ["goods", "fee"], ["loan", "goods"], [None]))
    g.spread = w.u(.0005, .006)
    ins = g.mix("trade_desk_in", w.r.randint(1, 4), w.u(0, 60_000))
    outs = g.mix("trade_desk_out", w.r.randint(1, 3), w.u(20_000, 400_000)) if w.r.random() < .7 else []
    k = w.r.randint(5, 20)
    size = w.u(40_000, 220_000)
    g.book(ins, outs or ins, w.some(w.pool["trade"], k) + g.clients(2),
        w.some(w.pool["trade"] + w.pool["factory"], k) + g.clients(4), w.u(.8, 6),
           lambda: w.ln(size, .7), prof="office", days=[d for d in w.workdays() if g.first <= d < g.last],
           flush=w.u(0, .5), ch_in="wire", ch_out="wire")


@ringed(1)
def expat_desk(g: Ring) -> None:
    """Sends expatriates' wages home over coins: bursts after paydays, round local sums; paid out to families
    and
    workers whose pay came in coins; one or two personal accounts."""
    w = g.w
    g.style = "fiat"
    g.topics = w.r.choice(([None], ["rent", "family"], ["tuition"], ["gift", None]))
    a = g.mix("expat_desk", 1 + (w.r.random() < .5), w.ln(50_000, .6))
    size, pay = w.ln(5000, .5), {d for dom in w.r.sample((1, 5, 10, 15, 20, 25), 3) for d in w.paydays(dom)}
    days = [d for d in range(w.days) for _ in range(3 if any(0 <= d - x < 3 for x in pay) else 1)]
    g.book(a, a, g.clients(w.r.randint(15, 60)), g.clients(w.r.randint(10, 40)), w.u(1.5, 7),
        lambda: w.ln(size, .6), prof="evening",
           days=days, flush=w.u(0, .15))
    g.profit(a[0], w.one())


@ringed(1)
def netting_broker(g: Ring) -> None:
    """Knows both sides and nets them: regular clients are buyers one day and sellers the next; keeps a
    balance; an
    exchange once a week at most; spouse's account for large days."""
    w = g.w
    a = [g.man("netting_broker", w.ln(120_000, .7))]
    if g.room > 0 and w.r.random() < .5:
        a.append(g.man("netting_spouse", w.ln(40_000, .7)))
    c, size = g.clients(w.r.randint(10, 45)), w.ln(14_000, .7)
    g.book(a, a, c, c, w.u(1, 9), lambda: w.ln(size, w.u(.4, 1)), out=w.u(.85, 1.1),
        flush=w.r.choice((0, 0, .1)))
    g.profit(a[0], w.one("bank"))


@ringed(1)
def fee_broker(g: Ring) -> None:
    """Never touches principal: pairs a buyer with a seller who pay each other directly and takes a small
    percentage
    from one or both, at once or at the week's end. Only the link between his fees and their deals shows
    him."""
    w = g.w
    a, rate = g.man("fee_broker"), w.u(.001, .008)
    both, weekly, owed = w.r.random() < .5, w.r.random() < .3, Counter()
    cl = g.clients(w.r.randint(15, 60)) + w.some(w.pool["trade"], w.r.randint(0, 6))
    size = w.ln(22_000, .6)

    def meet() -> None:
        b, s = w.r.sample(cl, 2)
        x = w.pay(b, s, w.deal(w.ln(size, .7), g.style, w.u(-.003, .006), g.asset), "transfer", g.topic(),
            g.pm, "shrink")
        for c in (b, s) if both else (s,):
            if x and weekly:
                owed[c] += int(x * rate)
            elif x:
                fee = int(x * rate) if w.r.random() < .7 else w.nice(x * rate / w.scale / 10 ** w.digits)
                w.at(w.now + w.ln(40, 1.2) * MIN, w.pay, c, a, max(fee, 1),
                    w.r.choice(("transfer", "red_packet")), "fee", .25)

    def bill() -> None:
        for c, x in list(owed.items()):
            w.at(w.now + w.u(0, 9) * HOUR, w.pay, c, a, max(x, 1), "transfer", "fee", .4)
        owed.clear()
    per = w.u(1, 6)
    for d in range(g.first, g.last if len(cl) > 1 else g.first):
        for _ in range(w.pois(per)):
            w.at(w.when(d, "long"), meet)
        if w.date(d).weekday() == 4:
            w.at(d * DAY + 14 * HOUR, bill)
    w.ads.append((a, w.u(.2, .8)))


@ringed(4)
def mule_relay(g: Ring) -> None:
    """Recruited students and jobless people lend living accounts for one to four days; victims' money goes
    over one or
    two further layers to coin sellers, desks, an exchange or cash. Wage by cut or by the day from the
    recruiter."""
    w = g.w
    boss = g.man("mule_recruiter", w.ln(20_000, .5))
    l2 = g.mix("mule_second", w.r.randint(1, min(4, g.room - 1)))
    cash = g.mix("mule_cashout", w.r.randint(0, 2)) if g.room > 3 else []
    mules = [g.man("mule", kind=w.r.choice(("student", "migrant", "")))
        for _ in range(max(1, min(g.room, w.r.randint(3, 11))))]
    cut, by_day, lag = w.u(.003, .02), w.r.random() < .4, w.ln(25, .9)
    vict = g.public("victim", w.r.randint(6, 20)) or w.folk(5)
    ends = [w.r.choice(w.pool["desk"] or g.ex or [w.one()]) for _ in range(2)] + g.clients(6) + g.ex[:1]
    mean, bank, own = w.ln(9000, .7), w.one("bank"), {boss, *mules, *l2, *cash}

    def relay(a: int, to: list[int], keep: float, last: bool) -> None:
        def go() -> None:
            x = int(g.spare(a) * (1 - keep))
            if x < w.m(200):
                return
            b = bank if last and w.r.random() < .2 else w.r.choice(to)
            x = min(x, w.nice(20_000,
                1)) if b == bank else x // w.m(100) * w.m(100) if w.r.random() < .4 else x
            g.pay(a, b, max(x, 1), "cash" if b == bank else "transfer")
            w.at(w.now + w.ln(lag, .8) * MIN, go)

        def got(src: int, x: int) -> None:
            if src in vict or src in own and src != boss:
                w.at(w.now + w.ln(lag, 1) * MIN, go)
        w.on[a] = got
    for a in mules:
        relay(a, l2, 0 if by_day else cut, False)
        d0, span = w.r.randrange(w.days), w.r.randint(1, 4)
        for d in range(d0, min(w.days, d0 + span)):
            for v in w.some(vict, w.r.randint(1, 5)):
                x = w.nice(w.ln(mean, .8), w.r.choice((1, 2, 3)))
                w.bal[v] += int(x * .9)  # savings the victim had
                w.plan(w.when(d, w.r.choice(("long", "late"))), v, a, x, "transfer", g.topic(), g.pm,
                    "shrink")
            if by_day:
                w.plan(w.when(d, "evening"), boss, a, w.nice(w.r.choice((200, 300, 500))),
                    w.r.choice(("transfer", "red_packet")), "wage", .1)
    for a in l2:
        relay(a, cash or ends, w.u(0, .01), not cash)
    for a in cash:
        relay(a, ends, 0, True)
    w.plan(w.when(w.days - 2), w.r.choice(cash or l2), boss, w.nice(3000, 1), "transfer", None)


@ringed(4)
def platform(g: Ring) -> None:
    """Unlicensed trading platform: deposit accounts in turn, treasury, a withdrawal account kept topped up,
    a fee
    account that pays staff and promoters. Users win and lose, so in and out never match. Promoters are label
    0."""
    w = g.w
    tre, wd = g.straw("platform_treasury", w.ln(300_000, .8)), g.mix("platform_payout", 1, 50_000)[0]
    fee = g.man("platform_fee", 10_000) if g.room > 1 else tre
    dep = [g.straw("platform_deposit") if w.r.random() < .7 else g.man("platform_deposit")
        for _ in range(max(1, min(g.room, w.r.randint(1, 4))))]
    users = g.clients(w.r.randint(10, 30)) + g.public("platform_user", w.r.randint(10, 30))
    uw, turn, per = [w.ln(1, .6) for _ in users], w.r.randint(1, 5), w.u(4, 18)
    steps = [w.nice(x, 1) for x in (200, 500, 1000, 2000, 5000, 10_000, 30_000)]
    unique = w.r.random() < .4  # a few odd cents to recognise the payer

    def put(u: int) -> None:
        x = w.r.choices(steps, weights=(3, 5, 6, 5, 4, 2, 1))[0]
        x += w.r.randrange(1, 99) if unique and w.digits else 0
        w.pay(u, dep[int(w.now // DAY) // turn % len(dep)], x, w.r.choice(("transfer", "card")), g.topic(),
            g.pm * .5, "drop")

    def draw(u: int) -> None:
        x = w.m(w.ln(1800, 1.2))
        if w.bal[wd] < 2 * x + g.keep.get(wd, 0):
            w.pay(tre, wd, w.nice(w.ln(60_000, .3), 1), "transfer", None)
        w.at(w.now + w.ln(60, 1) * MIN, w.pay, wd, u, x, "transfer", g.topic(), g.pm * .3)

    def gather() -> None:
        for a in dep:
            if g.spare(a) > w.m(3000):
                g.pay(a, tre, int(g.spare(a) * w.u(.85, 1)), topic=None)
    promo, crew = w.some(users, 6), w.folk(3)
    for d in range(g.first, g.last):
        for u in w.r.choices(users, weights=uw, k=w.pois(per)):
            w.at(w.when(d, "late"), put, u)
        for u in w.r.choices(users, weights=uw, k=w.pois(per * w.u(.3, .7))):
            w.at(w.when(d, "long"), draw, u)
        for h in w.r.sample((2, 11, 16, 20, 23), w.r.randint(1, 3)):
            w.at(d * DAY + h * HOUR + w.r.randrange(HOUR), gather)
        if w.r.random() < .25:
            w.at(w.when(d), lambda: g.pay(tre, w.r.choice(g.ex or w.pool["desk"] or [w.one("bank")]),
                w.nice(w.ln(60_000, .7), 2), topic=None))
        if w.r.random() < .5:
            w.plan(w.when(d), tre, fee, w.nice(w.ln(9000, .5), 2), "transfer")
            for b in w.some(promo, 2) + w.some(crew, 1):
                w.plan(w.when(d, "late"), fee, b, w.m(w.ln(900, .8)), "transfer", "fee", .3)
    w.ads.append((dep[0], .2))


@ringed(2)
def token_sale(g: Ring) -> None:
    """Token sale: tiers at a price that steps up, a few days' rush, referral bonus, then the treasury turns
    all to
    coins, an event hotel and the founders. Small rounds before and after the rush."""
    w = g.w
    tre = g.mix("token_treasury", 1, w.u(0, 30_000))[0]
    col = g.mix("token_collector", w.r.randint(1, min(3, max(1, g.room))))
    c = g.clients(w.r.randint(10, 30)) + g.public("token_buyer", w.r.randint(10, 40))
    d0, unit, bonus = w.r.randrange(max(1, w.days - 5)), w.r.choice((500, 1000, 3000)), w.u(.03, .12)
    topic, asset = w.r.choice(("invest", "tuition", "dues", None, "fee")), w.r.random() < .3

    def enter(b: int, d: int) -> None:
        x = unit * (1.05 ** max(0, d - d0)) * w.r.choice((1, 1, 2, 3, 5, 10))
        n = w.deal(x, "coin", 0) if asset else w.nice(x, 3)
        a = w.r.choice(col)
        if w.pay(b, a, n, "transfer", topic, .3, "drop") and w.r.random() < .4:
            w.at(w.now + w.u(1, 30) * HOUR, w.pay, a, w.r.choice(c), int(n * bonus), "transfer", "fee", .3)
    for d in range(w.days):
        rush = w.u(5, 18) if d0 <= d < d0 + 4 else w.u(.2, 2)
        for _ in range(w.pois(rush)):
            w.at(w.when(d, "evening"), enter, w.r.choice(c), d)
    every = w.r.choice((1, 1, 2, 4))
    for d in range(d0, w.days, every):
        for a in col:
            w.at(d * DAY + w.u(20, 23.9) * HOUR, lambda a=a: g.spare(a) > w.m(800) and g.pay(a, tre,
                int(g.spare(a) * w.u(.7, .98)), topic=None))
        w.at(w.when(min(w.days - 1, d + 1)), lambda: g.spare(tre) > w.m(9000) and g.pay(
            tre, w.r.choice((g.ex or w.pool["desk"] or [w.one("bank")]) + g.clients(1)),
                int(g.spare(tre) * w.u(.3, .8)), topic=None))
    w.plan(w.when(min(w.days - 1, d0 + 4)), tre, w.one("food"), w.nice(w.ln(15_000, .4), 2), "card", "hold",
        .5)


@ringed(1)
def mine_cashout(g: Ring) -> None:
    """Sells the coins of mining farms: buyers pay a steady trickle (odd, BTC or ETH based), farm owners are
    paid weekly
    lumps, power and site rent straight from the same account, plus wages of the site. Owners (own coins) are
    label 0."""
    w = g.w
    g.asset, g.style = w.r.choice(("BTC", "BTC", "ETH", "USDT")), w.r.choice(("coin", "odd"))
    a = g.mix("mine_cashout", w.r.randint(1, min(3, g.room)), w.ln(40_000, .7))
    own = [w.take("coin_mine_owner") for _ in range(w.r.randint(1, 4)) if len(w.free) > 50]
    size = w.ln(12_000, .7)
    g.book(a, a, g.clients(w.r.randint(6, 25)), [], w.u(1, 6), lambda: w.ln(size, .35), flush=w.u(0, .05))
    power, crew = w.one("biller"), w.folk(w.r.randint(2, 6))
    site = w.one("landlord") if w.pool["landlord"] else w.one()
    every = w.r.choice((2, 3, 5, 7))

    def share() -> None:
        for o in own:
            src = max(a, key=g.spare)
            if g.spare(src) > w.m(3000):
                g.pay(src, o, w.nice(g.spare(src) * w.u(.25, .8) / w.scale / 10 ** w.digits, 3),
                    topic=w.r.choice((None, "goods", "invest")))
    for d in range(g.first + w.r.randrange(every), g.last, every):
        w.at(w.when(d), share)
        w.at(w.when(d, "office"), lambda: w.pay(max(a, key=g.spare), power, w.m(w.ln(16_000, .5)), "bill",
            "bill", .8, "wait"))
    w.plan(w.when(w.r.randrange(w.days)), a[0], site, w.nice(8000, 1), "transfer", "rent", .5)
    for b in crew:
        for d in w.paydays(w.r.choice((5, 10, 15))):
            w.plan(w.when(d), a[0], b, w.nice(5500, 2), "transfer", "wage", .6)


@ringed(5)
def underground_bank(g: Ring) -> None:
    """Underground bank: six to fifteen accounts of kin and straw men, firms and people paying in, others
    paid the same
    day, sums cut under the limit, every night balances levelled among all accounts; coins settle with the
    partner
    abroad once or twice a week over one front account."""
    w = g.w
    k = max(4, min(g.room - 1, w.r.randint(5, 13)))
    acc = [(g.man if w.r.random() < .6 else g.straw)("underground_account", w.ln(60_000, .7))
        for _ in range(k)]
    front = g.straw("underground_front", 20_000)
    g.cut_p, g.cap, size = .9, w.r.choice((20_000, 50_000, 50_000)), w.ln(40_000, .5)
    c1 = w.some(w.pool["trade"], 8) + g.clients(20)
    c2 = w.some(w.pool["factory"], 4) + g.clients(30)
    g.book(acc, acc, c1, c2, w.u(3, 14), lambda: w.ln(size, .8), prof="day", flush=0)

    def level() -> None:
        goal = sum(map(g.spare, acc)) // len(acc)
        hi = sorted(acc, key=g.spare, reverse=True)
        for a, b in zip(hi[:len(acc) // 2], hi[::-1], strict=False):
            x = min(g.spare(a) - goal, goal - g.spare(b))
            if x > w.m(5000):
                w.at(w.now + w.u(0, 90) * MIN, w.pay, a, b,
                    w.nice(x / w.scale / 10 ** w.digits, 2) if w.r.random() < .6 else x, "transfer", None)

    def settle() -> None:
        src = max(acc, key=g.spare)
        x = int(g.spare(src) * w.u(.4, .8))
        if x > w.m(10_000):
            g.pay(src, front, x)
            to = w.r.choice(g.ex + w.pool["desk"][:4] or [w.one("bank")])
            w.at(w.now + w.u(3, 30) * HOUR, lambda: w.bal[front] > w.m(2000) and g.pay(front, to,
                int(w.bal[front] * w.u(.8, 1)), topic="goods"))
    hour, lazy = w.u(19, 23.5), w.r.choice((1, 1, 2))
    for d in range(g.first, g.last, lazy):
        w.at((d * 24 + hour) * HOUR, level)
        if w.r.random() < .3 or d == g.first + 2:
            w.at(w.when(d), settle)


@ringed(2)
def family_front(g: Ring) -> None:
    """A dealer behind his family: buyers pay the grandparent or a sibling, sellers are paid by the spouse,
    "household
    money" in between; each keeps pension, groceries, friends. The dealer himself gets only small change."""
    w = g.w
    g.topics = w.r.choice((["family"], [None], ["family", "loan"], ["loan", None]))
    ins = [g.man("family_front_in", w.u(0, 8000), kind=w.r.choice(("retiree", "retiree", "")))
        for _ in range(min(g.room - 1, w.r.randint(1, 3)))]
    outs = [g.man("family_front_out", w.ln(40_000, .7))]
    size = w.ln(7000, .6)
    g.book(ins, outs, g.clients(w.r.randint(12, 50)), g.clients(w.r.randint(8, 35)), w.u(1.2, 8),
        lambda: w.ln(size, .7),
           prof=w.r.choice(("evening", "long", "late")), flush=w.u(0, .3))
    if g.room > 0 and w.r.random() < .5:
        g.profit(outs[0], g.man("family_front_dealer"), 4)
    else:
        g.profit(outs[0], w.one("bank"), 5)


@ringed(1)
def front_firm(g: Ring) -> None:
    """A real wholesaler or building-material firm (true suppliers, staff, shops as customers) which also
    settles coin
    deals: 30 to 75 % of turnover. Settlement pays out to people and odd firms, trade to its suppliers."""
    w = g.w
    a = g.straw("front_firm", w.ln(500_000, .6))
    sup = w.some(w.pool["factory"], 6)
    supply(w, a, sup, w.u(3, 10), lambda: w.ln(22_000, .8), p=.4)
    for c in w.some(w.pool["wholesale"] + w.pool["firm"], w.r.randint(6, 18)):
        supply(w, c, [a], w.u(.5, 2), lambda: w.ln(14_000, .9), p=.4)
    w.pool["firm"].append(a)
    g.topics, g.pm = ["goods"], .4
    outs = [g.man("front_director", 30_000)] if g.room > 0 and w.r.random() < .6 else [a]
    size = w.ln(30_000, .6)
    g.style = w.r.choice(("invoice", "odd", "coin"))
    g.book([a], outs, w.some(w.pool["trade"], 6) + g.clients(w.r.randint(6, 20)),
        g.clients(w.r.randint(6, 25)), w.u(1, 6), lambda: w.ln(size, .8),
           prof="office", days=[d for d in w.workdays() if g.first <= d], flush=w.u(0, .3))
    g.keep[a] = w.m(100_000)


@ringed(1)
def supplier_payer(g: Ring) -> None:
    """Coin-funded export: foreign traders send coins, he sells them to local buyers and pays the factories
    in local
    money with proper goods words. Outflow looks like a purchasing agent; inflow comes from people,
    coin-priced."""
    w = g.w
    ins = g.mix("supplier_payer", w.r.randint(1, min(3, g.room)), w.ln(50_000, .7))
    size = w.ln(16_000, .6)
    g.book(ins, ins, g.clients(w.r.randint(10, 40)) + w.some(w.pool["trade"], 3),
        w.some(w.pool["factory"] + w.pool["wholesale"], w.r.randint(8, 30)),
           w.u(1.5, 8), lambda: w.ln(size, .8), out=w.u(.85, 1), prof="office", style_out="invoice",
           topic_out="goods", flush=.05)


@ringed(1)
def coin_store(g: Ring) -> None:
    """Walk-in coin shop without a licence: cards, scans and transfers from the public both ways, small to
    middling sums,
    shop hours, till float; evening settlement with a desk or an exchange, sometimes a true side trade in
    phones."""
    w = g.w
    a = [g.straw("coin_store", w.ln(90_000, .5))]
    if g.room > 0 and w.r.random() < .5:
        a.append(g.man("coin_store_owner", 20_000))
    c, size = g.clients(w.r.randint(40, 110)), w.ln(2800, .5)
    g.book(a[:1], a, c, c, w.u(4, 16), lambda: w.ln(size, .9), out=w.u(.5, 1), prof="day",
        ch_in=w.r.choice(("card", "scan", "transfer")), flush=.8)
    if w.r.random() < .5:
        sell(w, a[0], w.folk(60), w.u(1, 5), lambda: w.tag(w.ln(90, 1)), "day", "scan", "shop")


@ringed(1)
def guarantor(g: Ring) -> None:
    """Chat-group guarantor: buyer's money rests with him until the coins are through, then goes to the
    seller less a
    fee; failed deals go back; dealers leave bonds. Looks like an auction house or a tenancy deposit
    holder."""
    w = g.w
    a = g.mix("guarantor", w.r.randint(1, min(3, g.room)), w.ln(30_000, .6))
    c, rate, fail = g.clients(w.r.randint(25, 80)), w.u(.002, .02), w.u(.02, .15)
    size, hold = w.ln(8000, .7), w.ln(2, .8)

    def start() -> None:
        if len(c) < 2:
            return
        b, s = w.r.sample(c, 2)
        box = g.inbox(a, b)
        x = w.pay(b, box, w.deal(w.ln(size, .8), g.style, 0, g.asset), "transfer", w.r.choice(("hold", None)),
            g.pm, "shrink")
        if x:
            back = w.r.random() < fail
            w.at(w.now + w.ln(hold, .9) * HOUR, w.pay, box, b if back else s,
                x if back else int(x * (1 - rate)), "transfer",
                 "back" if back else g.topic(), g.pm, "wait")
    per = w.u(1, 7)
    for d in range(g.first, g.last):
        for _ in range(w.pois(per)):
            w.at(w.when(d, "late"), start)
        if w.r.random() < .2 and c:
            w.plan(w.when(d), w.r.choice(c), a[0], w.nice(w.r.choice((2000, 5000, 10_000, 20_000)), 1),
                "transfer", "hold", .5)
    g.profit(a[0], w.one("bank"))
    w.ads.append((a[0], w.u(.1, .7)))


@ringed(1)
def coin_payroll(g: Ring) -> None:
    """Pays the local staff of offshore firms that fund in coins: coin buyers pay in over the month, wages go
    out in one
    morning with wage words. A payroll agent but for who funds it."""
    w = g.w
    a = g.mix("coin_payroll", w.r.randint(1, min(2, g.room)), w.ln(60_000, .6))
    staff = [(b, w.ln(7500, .5)) for b in w.folk(w.r.randint(12, 50))]
    size = w.ln(11_000, .5)
    g.book(a, a, g.clients(w.r.randint(10, 35)), [], w.u(1, 5), lambda: w.ln(size, .6), flush=0)
    rounds = w.r.choice((1, 2, 2, 4))
    for i in range(rounds):
        d = min(w.days - 1, int((i + w.u(.4, 1)) * w.days / rounds))
        t = d * DAY + w.u(8.5, 18) * HOUR
        for b, x in staff:
            t += w.ln(1.2, .8) * MIN
            w.at(t, lambda b=b, x=x: w.pay(max(a, key=g.spare), b, w.deal(x / rounds * 1.4, "coin"
                if g.style == "coin" else "odd", 0), "transfer",
                                           w.r.choice(("wage", "fee")), .6, "wait"))


# -- the world -------------------------------------------------------------------------------------
def build(w: World) -> None:
    """Banks and billers, people, firms, honest designs, rings, then everybody's life."""
    n, r = w.n, w.r
    for kind, k, cny in (("bank", r.randint(2, 4), 5e9), ("exchange", r.randint(3, 9), 4e8),
            ("biller", 8, 5e7), ("transit", 3, 2e7), ("market", 3, 9e7),
                         ("pension", 1, 5e8)):
        w.pool[kind] = [w.open(kind if kind in ("bank", "exchange") else "infra_" + kind, cny)
            for _ in range(k)]
    settle_people(w, int(n * .79))
    r.shuffle(w.free)
    for _ in range(int(n * .79 * w.u(.055, .085))):  # coins with own money
        a = w.take("coin_user")
        w.bal[a] += w.m(w.ln(50_000, 1))
        w.side[a] = r.choice(("buys", "buys", "buys", "sells", "sells", "both"))
        if r.random() < .45:
            ex, size = w.one("exchange"), w.ln(2500, 1)
            for _ in range(r.randint(1, 4)):
                pair = (a, ex) if r.random() < .65 else (ex, a)
                w.plan(w.when(r.randrange(w.days), "evening"), *pair,
                    r.choice((w.m, w.nice))(size * w.ln(1, .4)), "transfer", "coin", .06)
        if r.random() < .75 or not w.pool["client"]:
            w.pool["client"].append(a)
    for fn, part in ((factory, .011), (wholesaler, .010), (employer, .012), (grocer, .010), (eatery, .026),
            (trade_firm, .017), (landlord, .014),
                     (online_seller, .012)):
        for _ in range(max(3, int(n * part))):
            fn(w)
    target = round(n * w.share)
    deck: list = []
    while len(w.name) < n - int(target * .55) and len(w.free) > .6 * n:
        if not deck:
            deck = [f for f, q in HONEST for _ in range(int(q) + (r.random() < q - int(q)))]
            r.shuffle(deck)
        deck.pop()(w)
    deck = []
    while (room := target - sum(w.guilty)) > 0:
        if not deck:
            deck = r.sample(GUILTY, len(GUILTY))
        fn, least = deck.pop()
        if least <= room:
            fn(Ring(w, min(room, r.randint(max(2, least), r.choice((6, 14))))))
    for a in [a for a in w.pool["client"] if w.role[a] == "coin_user" and w.use[a]]:
        w.role[a] = "coin_dealer_customer"
    while len(w.name) < n:
        person(w, r.choice(("worker", "retiree", "migrant")), [])
    staff_all(w)
    for a, p in w.people.items():
        life(w, a, p)
    w.run()
    demote(w)


def demote(w: World) -> None:
    """A recruit whom the ring never used did nothing: no label. Unused bought accounts likewise."""
    own = set(w.use) | {a for a, s in enumerate(w.role) if w.guilty[a] or s in ("exchange", "victim",
        "platform_user", "token_buyer")}
    firms, busy = set(w.pool["trade"]) | set(w.pool["factory"]), Counter()
    for _, a, b, *_ in w.log:
        busy[a] += b in own or b in firms
        busy[b] += a in own or (a in firms and w.people.get(b, {}).get("boss") != a)
    for a in range(len(w.name)):
        if w.guilty[a] and busy[a] < 2:
            w.guilty[a], w.group[a] = 0, ""
            w.role[a] = "person_" + w.people[a]["kind"] if a in w.people else "unused_account"


def iso(w: World, hours: int) -> str:
    return (w.t0.replace(minute=0) + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")


def write(w: World, out: Path) -> None:
    """The five files."""
    out.mkdir(parents=True, exist_ok=True)
    rows = sorted(range(len(w.log)), key=lambda i: (w.log[i][0], i))
    log = [w.log[i] for i in rows]
    base = int(w.t0.timestamp() * 1000)
    ids = w.r.sample(range(10**9, 10**10), len(log))
    ts = pa.array([(base + x[0]) * 1000 for x in log], pa.int64()).cast(pa.timestamp("us", tz="UTC"))
    pq.write_table(pa.table({
        "tx_id": pa.array([f"t{i}" for i in ids]), "ts": ts, "seq": pa.array(range(len(log)), pa.int64()),
        "payer": pa.array([w.name[x[1]] for x in log]), "payee": pa.array([w.name[x[2]] for x in log]),
        "amount_minor": pa.array([x[3] for x in log], pa.int64()), "currency": pa.array([w.cur] * len(log)),
        "channel": pa.array([x[4] for x in log], pa.string()),
            "memo": pa.array([x[5] for x in log], pa.string())}),
        out / "transactions.parquet")

    def sheet(name: str, head: str, body: list) -> None:
        with open(out / name, "w", newline="", encoding="utf-8") as f:
            csv.writer(f, lineterminator="\n").writerows([head.split(","), *body])
    sheet("prices.csv", "ts,asset,quote,price", [(iso(w, h), s, w.cur, f"{p[h]:.6g}" if p[h] < 1000
        else f"{p[h]:.2f}")
                                                 for h in range(w.days * 24 + 1) for s, p in w.px.items()])
    known = 0 if w.r.random() < .12 else w.u(.35, .85)
    sheet("exchange_accounts.csv", "account,name", [(w.name[a], f"Exchange {chr(65 + i)}") for i,
        a in enumerate(w.pool["exchange"])
                                                    if w.r.random() < known])
    ads = {a: p for a, p in w.ads if w.r.random() < p}
    ads |= {a: 1.0 for a in w.some([a for a in w.people if not w.guilty[a]], w.r.randint(1,
        max(2, w.n // 900)))}
    sheet("contacts.csv", "account,source,first_seen", sorted(
        (w.name[a], w.r.choice(("p2p-board", "chat-group", "forum", "classified")),
         (w.day0 + timedelta(days=w.r.randint(-60, w.days - 1))).isoformat()) for a in ads))
    order = w.r.sample(range(len(w.name)), len(w.name))
    sheet("labels.csv", "account,role,guilty,group", [(w.name[a], w.role[a], w.guilty[a], w.group[a])
        for a in order])


def summary(w: World) -> None:
    """Counts and flows by role."""
    got, paid, cnt, peers = Counter(), Counter(), Counter(), defaultdict(set)
    for _, a, b, x, _, _ in w.log:
        paid[a] += x
        got[b] += x
        cnt[a] += 1
        cnt[b] += 1
        peers[a].add(b)
        peers[b].add(a)
    unit = 10 ** w.digits * w.scale
    print(f"{len(w.name)} accounts, {len(w.log)} payments, guilty {sum(w.guilty)}, rings {w.rings}, "
          f"start {w.day0}, {w.cur}; money in thousands per account at CNY level")
    print(f"{'role':24}{'g':>2}{'n':>6}{'tx/acct':>9}{'in k':>10}{'out k':>10}{'peers':>7}{'left k':>9}")
    by = defaultdict(list)
    for a, s in enumerate(w.role):
        by[(w.guilty[a], s)].append(a)
    for (gl, s), m in sorted(by.items()):
        k = len(m)
        print(f"{s:24}{gl:>2}{k:>6}{sum(cnt[a] for a in m) / k:>9.1f}"
              f"{sum(got[a] for a in m) / k / unit / 1e3:>10.1f}"
              f"{sum(paid[a] for a in m) / k / unit / 1e3:>10.1f}{sum(len(peers[a]) for a in m) / k:>7.1f}"
              f"{sum(w.bal[a] for a in m) / k / unit / 1e3:>9.1f}")


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--seed", type=int, required=True)
    p.add_argument("--accounts", type=int, default=5000)
    p.add_argument("--days", type=int, default=14)
    p.add_argument("--guilty", type=float, default=.02)
    p.add_argument("--currency", default="CNY")
    p.add_argument("--quiet", action="store_true", help="no summary")
    o = p.parse_args()
    w = World(o.seed, o.accounts, o.days, o.guilty, o.currency)
    build(w)
    write(w, o.out)
    if not o.quiet:
        summary(w)


if __name__ == "__main__":
    main()
