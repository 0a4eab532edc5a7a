# SPDX-License-Identifier: Apache-2.0
"""Labelled payment worlds for a desk that looks for accounts settling unlicensed coin trades.

One event-driven simulation: every payment waits in a heap, is executed only if the payer has the money, and
wakes whoever reacts to the receipt (a sub-agent settling upward, a relay account, a shop that restocks).
Honest and guilty designs share the same machinery (`demand`, `Relay`, `live`), so that no artefact of the
simulator tells them apart, only what they do.  Guilty rings draw a design, wide parameters and a level of
evasion: 0 careless, 1 careful, 2 professional; the level is in the ring's name (labels.csv, column group).

Hard to tell, even for a person with the full history: `parttime` at level 2 with few trades against a
`crypto_trader` or a busy `purchasing_agent`; `front_shop` with a small coin share against its honest twin;
`woken` accounts whose burst falls on the first or last day; level-2 `netting` desks against `small_lender`.
"""
from __future__ import annotations

import argparse
import csv
import heapq
import math
import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

DAY, HOUR = 86400.0, 3600.0
# currency: (value of one yuan, minor digits, hours east of UTC)
CURRENCIES = {"CNY": (1.0, 2, 8), "USD": (0.14, 2, -5), "EUR": (0.13, 2, 1), "INR": (12.0, 2, 5.5),
              "VND": (3600.0, 0, 7), "PHP": (8.0, 2, 8), "JPY": (21.0, 0, 9), "BRL": (0.78, 2, -3)}
TOD = {  # time of day: (mean hour, spread in hours, weight)
    "day": ((10.5, 1.8, .35), (15, 2, .35), (20, 1.6, .3)), "meal": ((8, .6, .2), (12.2, .7, .4),
                                                                     (18.6, .9, .4)),
    "office": ((10.3, 1.1, .5), (15.3, 1.3, .5)), "evening": ((20.3, 1.5, 1),), "late": ((22.8, 2.0, 1),),
    "night": ((2.4, 1.1, 1),), "morning": ((8.5, 1.2, 1),), "wide": ((11, 3, .4), (17, 3, .4), (23, 2.5, .2)),
    "commute": ((8.1, .7, .45), (18.3, 1, .45), (14, 4, .1))}
MEMO = {k: v.split("|") for k, v in {
    "food": "午餐|早餐|奶茶|外卖|水果|买菜|",
    "friend": "饭钱|AA|谢谢|还你|红包|生日快乐",
    "tea": "抹茶拿铁|抹茶星冰乐|珍珠奶茶|柠檬茶|MATCHA大杯",
    "coin": "USDT|买币|U|卖u|1000u|OTC|泰达",
    "neutral": "货款|服装款|材料费|往来|借款|还款|生活费",
    "rent": "房租|3月房租|租金+水电",
    "natural": "还上次的|买手机|旅游费用|装修款|工资|车位|学费|给妈|押金|帮忙垫付|饭钱|房租",
    "usb": "U盘32G|U盘 64g两个|金士顿U盘|移动硬盘|U盾押金",
    "game": "金币100万|游戏币|点券|元宝648|代练",
    "coinage": "纪念币|熊猫币一套|生肖币|币册|银币|纪念钞",
    "gold": "金条|回收黄金|项链|工费",
    "fee": "班费|物业费|会费|校服费|球馆",
    "group": "团购草莓|接龙12号|车厘子2份|团 3-201|鸡蛋",
    "agent": "代购面霜|包包尾款|定金|奶粉6罐|香水",
    "ticket": "演唱会|机票|高铁票|抢票费",
    "gift": "新婚快乐|百年好合|份子钱|早生贵子",
    "alms": "随喜|功德|爱心|加油|祝康复",
    "harvest": "玉米|苹果款|收蒜|柑橘 3200斤",
    "phone": "iPhone 13|回收手机|显卡|二手笔记本",
    "loan": "借款|还款|利息|分期",
    "prop": "购房款|首付|定金|过户款",
    "refund": "退款|退货|退押金",
    "top": "话费|充值|流量包|Q币",
    "bet": "||商品|购物|充值",
    "wage": "工资|劳务费|奖金",
}.items()}
MEMO_EN = {k: v.split("|") for k, v in {
    "food": "lunch|coffee|groceries|",
    "friend": "thanks|dinner split|happy birthday",
    "tea": "matcha latte|boba|lemon tea",
    "coin": "USDT|btc|buy usdt|p2p order",
    "neutral": "goods|payment|invoice|family support",
    "usb": "USB stick 32G|ssd",
    "game": "game coins|gold 1M|skins",
    "coinage": "commemorative coin|silver coin|coin set",
    "natural": "paying you back|phone|trip|rent|tuition|deposit|for mum|dinner",
    "rent": "rent",
    "gift": "congrats!",
    "refund": "refund",
    "wage": "salary|bonus",
}.items()}
Law = Callable[[float], float]          # time -> amount in yuan
Memo = Callable[[], "str | None"]


class World:
    """Accounts, money, clock and the people who share them."""

    def __init__(self, seed: int, n: int, days: int, guilty: float, currency: str) -> None:
        self.r = random.Random(seed * 7919 + 13)
        r = self.r
        self.n, self.days, self.share, self.currency = n, days, guilty, currency
        self.scale, self.exp, self.tz = CURRENCIES.get(currency, (1.0, 2, 0))
        first = datetime(2025, 9, 1) + timedelta(days=r.randrange(300) if seed % 2 else 181)
        self.zero = first.replace(tzinfo=timezone(timedelta(hours=self.tz)))    # local midnight
        self.end = days * DAY
        self.heap: list[tuple] = []
        self.tick = 0
        self.tx: list[tuple] = []
        self.name: list[str] = []
        self.role: list[str] = []
        self.guilty: list[int] = []
        self.group: list[str] = []
        self.bal: list[int] = []
        self.react: dict[int, list[Callable]] = {}
        self.used: set[str] = set()
        self.staff: list[list[int]] = []
        self.contacts: list[tuple[int, str, int]] = []
        self.short = 0
        self.busy = r.uniform(.35, .7)                  # how lively honest retail is in this world
        walk = np.random.default_rng(seed)
        hours = days * 24 + 1
        self.price = {}
        for asset, usd, vol in (("USDT", 1.0, .0006), ("BTC", r.uniform(5e4, 1.2e5), .004),
                                ("ETH", r.uniform(1800, 4200), .006)):
            steps = walk.normal(0, vol, hours)
            path = np.exp(np.cumsum(steps) if asset != "USDT" else steps + r.uniform(-.01, .01))
            self.price[asset] = usd * path * 7.15 * self.scale
        # -- everybody's surroundings
        self.banks = [self.acct("bank", 1e12) for _ in range(r.randint(2, 4))]
        self.exchanges = [self.acct("exchange", 1e11) for _ in range(r.randint(3, 7))]
        known = 0 if r.random() < .12 else r.randint(max(1, len(self.exchanges) // 2),
                                                     len(self.exchanges) - 1)
        self.known = r.sample(self.exchanges, known)
        self.hidden = [e for e in self.exchanges if e not in self.known]
        self.people = [self.acct("person",
                                 math.exp(r.gauss(8.9, 1.0))) for _ in range(int(n * r.uniform(.62, .67)))]
        p = self.people
        k = int(len(p) * r.uniform(.06, .11))
        coiny = r.sample(p, k)
        self.users, rest = coiny[:k * 2 // 5], coiny[k * 2 // 5:]      # own money at an exchange
        self.buyers, self.sellers = rest[:len(rest) * 2 // 3], rest[len(rest) // 2:]    # dealers' customers
        self.gamblers = r.sample(p, max(12, int(len(p) * r.uniform(.03, .07))))   # pay pools; victims too
        for a in coiny:
            self.bal[a] += self.m(math.exp(r.gauss(10.6, .9)))
        for role, group, usd in (("coin_user", self.users, 0), ("dealer_customer", rest, 0)):
            for a in group:
                self.role[a] = role
        self.supermarkets = [self.acct("supermarket", 2e5) for _ in range(max(2, n // 500))]
        self.transit = [self.acct("transit", 1e5) for _ in range(max(1, n // 2500))]
        self.billers = [self.acct("biller", 1e6) for _ in range(max(2, n // 800))]
        self.markets = [self.acct("marketplace", 1e6) for _ in range(max(1, n // 1500))]

    # ---- small helpers -------------------------------------------------------------------------------------
    def m(self, yuan: float) -> int:
        """Yuan to minor units of the world's currency."""
        return max(1, round(yuan * self.scale * 10 ** self.exp))

    def acct(self, role: str, opening: float = 0.0, guilty: int = 0, group: str = "") -> int:
        """Open an account with a name that says nothing."""
        while True:
            name = self.r.choice(("2088", "6222", "6217", "wx")) + "".join(self.r.choices("0123456789", k=11))
            if name not in self.used:
                break
        self.used.add(name)
        self.name.append(name)
        self.role.append(role)
        self.guilty.append(guilty)
        self.group.append(group)
        self.bal.append(self.m(opening) if opening else 0)
        return len(self.name) - 1

    def logu(self, lo: float, hi: float) -> float:
        return math.exp(self.r.uniform(math.log(lo), math.log(hi)))

    def poisson(self, lam: float) -> int:
        if lam > 25:
            return max(0, round(self.r.gauss(lam, math.sqrt(lam))))
        k, p, stop = 0, self.r.random(), math.exp(-lam)
        while p > stop:
            k, p = k + 1, p * self.r.random()
        return k

    def tod(self, kind: str) -> float:
        """Seconds after midnight by a named rhythm."""
        peaks = TOD[kind]
        u = self.r.random()
        for mean, sd, weight in peaks:
            u -= weight
            if u <= 0:
                break
        return (self.r.gauss(mean, sd) % 24) * HOUR

    def memo(self, key: str, p: float = .5) -> Memo:
        words = (MEMO if self.currency == "CNY" else MEMO_EN).get(key, ["", "payment"])
        return lambda: (self.r.choice(words) or None) if self.r.random() < p else None

    def nice(self, lo: float, hi: float, digits: int = 2) -> Law:
        """Amounts people say aloud: two significant digits."""
        def law(t: float) -> float:
            x = self.logu(lo, hi)
            unit = 10 ** (math.floor(math.log10(x)) - digits + 1)
            return max(unit, round(x / unit) * unit)
        return law

    def menu(self, *prices: float) -> Law:
        return lambda t: self.r.choice(prices)

    def rough(self, mid: float, spread: float) -> Law:
        return lambda t: round(mid * math.exp(self.r.gauss(0, spread)), 2)

    # ---- the clock -----------------------------------------------------------------------------------------
    def at(self, t: float, fn: Callable[[float], None]) -> None:
        if 0 <= t < self.end:
            self.tick += 1
            heapq.heappush(self.heap, (t, self.tick, fn, None))

    def pay(self, t: float, a: int, b: int, amount: int, ch: str | None = "transfer", memo: str | None = None,
            tag: str | None = None, flex: str = "drop", tries: int = 0) -> None:
        """Ask for a payment; `flex` says what happens without money: drop, wait, shrink, or fetch savings."""
        if a != b and amount > 0 and 0 <= t < self.end:
            self.tick += 1
            heapq.heappush(self.heap, (t, self.tick, None, (a, b, int(amount), ch, memo, tag, flex, tries)))

    def on(self, a: int, fn: Callable) -> None:
        self.react.setdefault(a, []).append(fn)

    def run(self) -> None:
        """Empty the heap; money is conserved and nobody goes below zero."""
        while self.heap:
            t, _, fn, p = heapq.heappop(self.heap)
            if fn is not None:
                fn(t)
                continue
            a, b, amount, ch, memo, tag, flex, tries = p
            if self.bal[a] < amount:
                if flex == "wait" and tries < 4:
                    self.pay(t + self.logu(1800, 8 * HOUR), a, b, amount, ch, memo, tag, flex, tries + 1)
                    continue
                if flex == "fetch" and tries < 1 and self.r.random() < .75:
                    need = -(-(amount - self.bal[a] + self.m(20)) // self.m(100)) * self.m(100)
                    self.pay(t + 1, self.r.choice(self.banks), a, need)
                    self.pay(t + self.logu(40, HOUR), a, b, amount, ch, memo, tag, flex, 1)
                    continue
                left = self.bal[a] - self.bal[a] % max(1, self.m(1))
                if flex != "shrink" or left < self.m(5):
                    self.short += 1
                    continue
                amount = left
            self.bal[a] -= amount
            self.bal[b] += amount
            self.tx.append((int(t * 1000), a, b, amount, ch, memo))
            for hook in self.react.get(b, ()):
                hook(t, a, amount, tag)

    # ---- shared behaviour ----------------------------------------------------------------------------------
    def demand(self, dst: int | Callable[[float], int], payers: Sequence[int], rate: float, law: Law,
               when: str = "day", ch: str | None = "scan", memo: Memo | None = None,
               days: tuple | None = None,
               skew: float = 1.0, tag: str | None = None, flex: str = "drop", topup: float = 0.0,
               session: float = 0.0) -> None:
        """People pay `dst`: `rate` a day; skew > 1 makes regulars; topup: chance that own savings come first;
        session > 0 bunches the day's payments into windows of that many seconds."""
        r = self.r
        d0, d1 = days or (0, self.days)
        for day in range(max(0, int(d0)), min(self.days, math.ceil(d1))):
            starts = [self.tod(when) for _ in range(r.randint(1, 4))] if session else []
            busy = self.busy if ch == "scan" and tag != "deal" else 1.0
            for _ in range(self.poisson(rate * busy * r.uniform(.7, 1.3))):
                off = r.choice(starts) + r.random() * session if session else self.tod(when)
                t = day * DAY + off
                a = payers[int(len(payers) * r.random() ** skew)]
                b = dst(t) if callable(dst) else dst
                amount = self.m(law(t))
                if topup and r.random() < topup:
                    self.pay(t - self.logu(60, 4000), r.choice(self.banks), a,
                             self.m(math.ceil(amount / self.m(1) / 100) * 100), "transfer", None)
                self.pay(t, a, b, amount, ch, memo() if memo else None, tag, flex)

    def live(self, a: int, rate: float, job: float = .75, wealth: float = 0) -> None:
        """An ordinary life: food, transport, shopping, friends, bills; a wage with chance `job`."""
        r = self.r
        if wealth:
            self.bal[a] += self.m(wealth)
        if r.random() < job and self.staff:
            r.choice(self.staff).append(a)
        i = r.randrange(len(self.people)) if a not in self.index else self.index[a]
        shift = r.choice((0, 0, 0, 0, 0, 0, 1.5, 3, 8)) * HOUR
        base, foods = math.exp(r.gauss(3.0, .35)), self.memo("food", .15)
        word = "coin" if r.random() < .012 else r.choice(("friend", "friend", "natural", "neutral"))
        chat = self.memo(word, .35)
        home = r.sample(self.supermarkets, 1)[0]
        for day in range(self.days):
            for _ in range(self.poisson(rate * r.uniform(.6, 1.4))):
                u = r.random()
                if u < .5:
                    t, b = self.tod("meal"), home if r.random() < .7 else r.choice(self.supermarkets)
                    x, ch, memo = base * math.exp(r.gauss(0, .7)), "scan", foods()
                elif u < .68:
                    t, b, x = self.tod("commute"), r.choice(self.transit), r.choice((2, 3, 4, 5, 6, 14.5,
                                                                                     22.8))
                    ch, memo = "scan", None
                elif u < .82:
                    t, b, x = self.tod("wide"), r.choice(self.markets), math.exp(r.gauss(4.1, .9))
                    ch, memo = r.choice(("card", "scan", None)), None
                elif u < .97:
                    t, b = self.tod("wide"), self.people[(i + r.randint(-9, 9)) % len(self.people)]
                    x = r.choice((6.66, 8.88, 20, 50, 66, 88, 100, 200, 500,
                                  round(math.exp(r.gauss(4, .8)), 1)))
                    ch, memo = ("red_packet" if x in (6.66, 8.88, 66, 88) else "transfer"), chat()
                    if a not in self.index and r.random() < .45:      # friends pay back, too
                        self.pay(day * DAY + t, b, a, self.m(x), ch, memo)
                        continue
                elif u < .985:
                    t, b, x = self.tod("day"), r.choice(self.billers), r.choice((50, 100, 137.2))
                    ch, memo = "bill", None
                else:                                                  # cash at the machine, or paid in
                    t, b, x = self.tod("wide"), r.choice(self.banks), r.choice((200, 500, 1000, 2000, 5000,
                                                                                10000))
                    ch, memo = "cash", None
                    if r.random() < .35:
                        self.pay(day * DAY + t, b, a, self.m(x), ch)
                        continue
                self.pay(day * DAY + (t + shift) % DAY, a, b, self.m(x), ch, memo)

    def some(self, lo: int, hi: int, pool: Sequence[int] | None = None) -> list[int]:
        pool = self.people if pool is None else pool
        return self.r.sample(pool, min(len(pool), self.r.randint(lo, max(lo, hi))))


class Relay:
    """Passes receipts on: each by itself, in batches after a delay, or at hours of the clock.

    Honest sub-agents, couriers and sweepers use it as much as the guilty."""

    def __init__(self, w: World, a: int, to: Sequence[int] | Callable[[], int], delay: tuple = (600, 3600),
                 keep: tuple = (0, .01), how: str = "each", hours: Sequence[float] = (22.5,),
                 parts: tuple = (1, 1),
                 cap: int = 0, step: int = 0, ch: str | None = "transfer", memo: Memo | None = None,
                 tag_in: str | None = None, tag: str | None = None,
                 law: Callable[[], int] | None = None) -> None:
        self.w, self.a, self.delay, self.keep, self.how, self.parts = w, a, delay, keep, how, parts
        self.to = to if callable(to) else (lambda: w.r.choice(to))
        self.cap, self.step, self.ch, self.memo, self.tag_in, self.tag = cap, step, ch, memo, tag_in, tag
        self.law, self.pot, self.armed = law, 0, False
        w.on(a, self.got)
        if how == "clock":
            for day in range(w.days):
                for h in hours:
                    w.at(day * DAY + h * HOUR + w.r.gauss(0, 500), self.flush)

    def got(self, t: float, payer: int, amount: int, tag: str | None) -> None:
        if self.tag_in and tag != self.tag_in:
            return
        self.pot += amount
        if self.how == "each":
            self.w.at(t + self.w.logu(*self.delay), lambda u: self.flush(u, amount))
        elif self.how == "batch" and not self.armed:
            self.armed = True
            self.w.at(t + self.w.logu(*self.delay), self.flush)

    def flush(self, t: float, amount: int | None = None) -> None:
        w, self.armed = self.w, False
        x = min(self.pot if amount is None else amount, self.pot)
        send = int(x * (1 - w.r.uniform(*self.keep)))
        if self.step:
            send -= send % self.step
        if send <= 0:
            return
        self.pot -= x if amount is not None or not self.step else max(send, int(x * .97))
        pieces, left = [], send
        k = w.r.randint(*self.parts)
        while left > 0 and len(pieces) < 60:
            piece = self.law() if self.law else (left if k <= 1 else int(left * w.r.uniform(.6, 1.4) / k))
            piece = min(left, max(1, piece), self.cap or left)
            if not self.law and left - piece < w.m(20):
                piece = min(left, self.cap or left)
            pieces.append(piece)
            left, k = left - piece, k - 1
        for piece in pieces:
            w.pay(t, self.a, self.to(), piece, self.ch, self.memo() if self.memo else None, self.tag,
                  "shrink")
            t += w.logu(15, 900)


# ================================ honest designs: each call makes one unit ==================================
def h_employer(w: World) -> None:
    """Pays staff in one batch (equal timestamps) on one or two days; others live on this."""
    a = w.acct("employer", 8e6)
    staff: list[int] = []
    w.staff.append(staff)
    wage: dict[int, int] = {}
    agent = w.r.choice(w.agents) if w.agents and w.r.random() < .45 else None
    w.demand(a, w.whole, .3, w.nice(1e4, 1e5), "office", "transfer", w.memo("neutral", .3), flex="shrink")

    def payday(t: float) -> None:
        for p in staff:
            wage.setdefault(p, w.m(math.exp(w.r.gauss(8.85, .45))))
        if agent is not None:   # labour dispatch
            w.pay(t, a, agent, int(sum(wage[p] for p in staff) * 1.012) + 1, "transfer", w.memo("wage")())
            t += w.logu(600, 5000)
        for p in staff:
            w.pay(t, a if agent is None else agent, p, wage[p], "transfer", w.memo("wage", .8)(), "wage",
                  "wait")
    for d in w.r.sample(range(w.days), min(w.days, w.r.choice((1, 1, 2)))):
        w.at(d * DAY + w.tod("office"), payday)


def h_payroll_agent(w: World) -> None:
    """Receives whole payrolls and pays them out within the hour: perfect pass-through, salaried payees."""
    w.agents.append(w.acct("payroll_agent", 2e5))
    w.r.shuffle(w.agents)


def h_tea_shop(w: World) -> None:
    """Three to six prices, hundreds of scans, matcha in memos, the till swept to the owner every night."""
    r, shop, owner = w.r, w.acct("tea_shop", 3000), w.acct("tea_shop", 2e4)
    prices = r.sample((8, 9.9, 12, 13, 15, 16, 18, 19.9, 22), r.randint(3, 6))
    w.demand(shop, w.some(60, 350), r.uniform(25, 130), w.menu(*prices), r.choice(("day", "meal", "late")),
             "scan", w.memo("tea", r.choice((.02, .3))), skew=r.uniform(1, 2.2))
    Relay(w, shop, [owner], how="clock", hours=(r.uniform(21, 23.9),), keep=(0, .03))
    w.live(owner, 2, 0)
    w.demand(w.r.choice(w.whole), [owner], .5, w.nice(800, 5000), "morning", "transfer", flex="wait")


def h_corner_shop(w: World) -> None:
    """Every amount, all day, many regulars; pays suppliers and cigarettes in the morning."""
    a = w.acct("corner_shop", 2e4)
    w.demand(a, w.some(50, 250), w.r.uniform(20, 80), w.rough(19, .8), "wide", "scan",
             w.memo("bet", .15), skew=2)
    w.demand(w.r.choice(w.whole), [a], .6, w.nice(700, 4000), "morning", "transfer", flex="wait")
    w.live(a, 1.5, 0)


def h_night_stall(w: World) -> None:
    """Barbecue from 21:00 to 03:00: night is its day; sweeps to the spouse before dawn."""
    a, spouse = w.acct("night_stall", 2000), w.acct("night_stall", 1e4)
    w.demand(a, w.some(60, 300), w.r.uniform(15, 60), w.rough(95, .6), w.r.choice(("late", "night")), "scan",
             skew=1.2)
    Relay(w, a, [spouse], how="clock", hours=(w.r.uniform(3.5, 5.5),), keep=(.05, .5), step=w.m(100))
    w.live(spouse, 2, 0)


def h_dues(w: World) -> None:
    """Class parent, club or property office: one fee from everybody within hours, paid on once."""
    r = w.r
    a = w.acct("dues_collector", 4e3)
    fee, d = r.choice((50, 100, 120, 200, 260, 300, 350, 500, 1280)), r.randrange(w.days)
    members = w.some(20, 120)
    for i, p in enumerate(members):
        t = d * DAY + r.uniform(17, 21) * HOUR + r.expovariate(1 / (2 * HOUR)) * (1 if i % 6 else 12)
        w.pay(t, p, a, w.m(fee), r.choice(("scan", "scan", "transfer", "red_packet")), w.memo("fee", .4)(),
              "due")
    Relay(w, a, [r.choice(w.whole)], how="batch", delay=(6 * HOUR, 60 * HOUR), keep=(0, .1), tag_in="due")
    w.live(a, 2.2)


def h_group_buy(w: World) -> None:
    """Neighbourhood leader: one or two prices, 20 to 120 neighbours in an evening, supplier paid at night."""
    r = w.r
    a, near = w.acct("group_buy", 6e3), w.some(60, 220)
    for d in range(w.days):
        if r.random() < .45:
            w.demand(a,
                     near,
                     r.uniform(15, 70), w.menu(*r.sample((19.9, 29.9, 39, 45, 58, 88), r.randint(1, 2))),
                     "evening", "scan", w.memo("group", .5), (d, d + 1), 1.3, "buy", session=5000)
    Relay(w, a, r.sample(w.whole, 2), how="clock", hours=(r.uniform(22, 23.8),), keep=(.04, .15),
          tag_in="buy")
    w.live(a, 2)


def h_rent(w: World) -> None:
    """Sub-letter: tenants pay in the first days, he pays the owners the same day; the owner is a landlord."""
    r = w.r
    a, lords = w.acct("rent_collector", 3e4), [w.acct("landlord", 5e4) for _ in range(r.randint(1, 3))]
    rents, d = [r.choice((1200, 1500, 1800, 2200, 2600, 3200)) for _ in range(40)], r.randrange(w.days)
    for p, x in zip(w.some(10, 40), rents, strict=False):
        w.pay((d + r.expovariate(.8)) * DAY + w.tod("day"), p, a, w.m(x), "transfer", w.memo("rent")(),
              "rent", "wait")
    Relay(w, a, lords, how="batch", delay=(HOUR, 30 * HOUR), keep=(.05, .2), step=w.m(100), tag_in="rent")
    for x in (a, *lords):
        w.live(x, 2, .3)


def h_topup_subagent(w: World) -> None:
    """Phone and game top-up sub-agent who settles 97 to 99.5 % upward within the hour, all day long."""
    r = w.r
    a = w.acct("topup_subagent", 5e3)
    w.demand(a, w.some(60, 300), r.uniform(10, 60), w.menu(30, 50, 100, 200, 500), "wide", "scan",
             w.memo("top", .4), skew=1.5, tag="top")
    how = r.choice(("each", "batch"))
    if not w.masters or r.random() < .25:                # regional agent: many collectors, one more hop
        w.masters.append(m := w.acct("topup_master", 2e4))
        Relay(w, m, [r.choice(w.billers)], delay=(20, 3000), keep=(.001, .01), how=how, tag_in="top")
    up = [r.choice(w.masters if r.random() < .7 else w.billers)]
    Relay(w, a, up, how=how, delay=(20, 3000), keep=(.005, .03), tag_in="top", tag="top")
    if r.random() < .5:
        w.live(a, 1.5, 0)


def h_courier_cod(w: World) -> None:
    """Collects cash-on-delivery for a parcel firm and hands over every fen at night."""
    a = w.acct("courier_cod", 1e3)
    w.demand(a, w.people, w.r.uniform(6, 25), w.rough(140, .8), "day", "scan", tag="cod")
    Relay(w, a, [w.hub], how="clock", hours=(w.r.uniform(19, 22),), keep=(0, 0), tag_in="cod")
    w.live(a, 1.5, .6)


def h_seller(w: World) -> None:
    """Market seller: paid by the marketplace, refunds buyers, buys stock."""
    a = w.acct("seller", 8e3)
    w.demand(a, [w.r.choice(w.markets)], w.r.uniform(.5, 2), w.rough(900, .7), "morning", "transfer",
             flex="shrink")
    w.demand(w.r.choice(w.whole), [a], .3, w.nice(500, 5000), "office", "transfer", flex="shrink")
    w.live(a, 2, .2)


def h_refunder(w: World) -> None:
    """Pre-sale shop or auction deposits: equal sums from many strangers, most returned within
    a day (u-turn)."""
    r = w.r
    a, stake, back = w.acct("refunder", 2e4), r.choice((99, 200, 500, 1000, 2000, 5000)), r.uniform(.3, .9)

    def got(t: float, payer: int, amount: int, tag: str | None) -> None:
        if tag == "stake" and r.random() < back:
            w.pay(t + w.logu(2 * HOUR, 30 * HOUR), a, payer, amount, "transfer", w.memo("refund", .8)(),
                  flex="wait")
    w.on(a, got)
    for d in w.r.sample(range(w.days), min(w.days, r.randint(1, 5))):
        w.demand(a, w.people, r.uniform(12, 60), lambda t: stake, "day", r.choice(("scan", "transfer")), None,
                 (d, d + 1), tag="stake", session=7200)
    w.demand(r.choice(w.whole), [a], .3, w.nice(1000, 8000), "office", flex="shrink")


def h_property(w: World) -> None:
    """Home buyer: family pools money, then the price goes out in cuts at the transfer limit to an escrow."""
    r = w.r
    a, escrow = w.acct("property_buyer", r.uniform(1e5, 5e5)), w.escrow
    d = r.uniform(1, w.days - 2)
    for p in w.some(3, 9):
        w.bal[p] += w.m(1.2e5)
        w.pay((d - r.random() * .9) * DAY, p, a, w.m(r.choice((1e4, 2e4, 49999, 5e4, 5e4))), "transfer",
              w.memo("loan", .3)())
    cut = w.m(r.choice((5e4, 49999, 2e4, 49900)))
    for i in range(r.randint(4, 14)):
        w.pay(d * DAY + i * r.uniform(40, 3000), a, escrow, cut, "transfer", w.memo("prop", .7)())
    w.live(a, 2.2)


def h_wholesaler(w: World) -> None:
    """Large round sums from shops, larger to factories; few counterparties, again and again."""
    a = w.acct("wholesaler", 3e5)
    w.whole.append(a)
    w.demand(a, w.whole, w.r.uniform(2, 7), w.nice(1500, 4e4), "office", "transfer", w.memo("neutral", .6),
             flex="shrink")
    out = w.nice(8e3, 9e4) if w.r.random() < .6 else w.menu(49999, 50000, 50000, 20000,
                                                            19999)   # bank's limit
    w.demand(w.r.choice(w.whole), [a], w.r.uniform(.4, 1.5), out, "office", "transfer",
             w.memo("neutral", .4), flex="shrink")


def h_purchasing_agent(w: World) -> None:
    """Buys abroad: price x rate x constant mark-up from many one-time payers, money changer
    paid the same day."""
    r = w.r
    a, rate, mark = w.acct("purchasing_agent", 2e4), r.uniform(4.6, 9.2), r.uniform(1.03, 1.12)
    w.demand(a,
             w.some(40,
                    200),
             r.uniform(3, 14), lambda t: round(r.choice((25, 40, 60, 90, 150, 400, 900)) * rate * mark),
             r.choice(("evening", "late", "wide")), "transfer", w.memo("agent", r.choice((.1, .6))), skew=1.6,
             tag="order", topup=.1)
    Relay(w, a, [w.changer], how="batch", delay=(HOUR, 20 * HOUR), keep=(.03, .12), tag_in="order")
    w.live(a, 2, .4)


def h_goods_trap(w: World) -> None:
    """Word traps: game coins, commemorative coins, USB sticks; steady price times quantity,
    stock bought daily."""
    r = w.r
    kind = r.choice(("game", "coinage", "usb"))
    a, unit = w.acct({"game": "game_coins", "coinage": "coin_collector_shop", "usb": "usb_shop"}[kind],
                     1e4), r.uniform(3, 40)
    w.demand(a,
             w.some(60, 250), r.uniform(5, 30), lambda t: round(unit * r.choice((1, 2, 5, 10, 20, 50, 100)),
                                                                2),
             {"game": "late", "coinage": "day", "usb": "day"}[kind], r.choice(("scan", "transfer")),
             w.memo(kind, .7), skew=1.5, tag="sale")
    Relay(w, a, [r.choice(w.whole)], how="batch", delay=(2 * HOUR, 40 * HOUR), keep=(.05, .3), tag_in="sale")
    w.live(a, 1.8, .2)
    if r.random() < .1:
        w.contacts.append((a, "group chat", r.randrange(w.days)))


def h_secondhand(w: World) -> None:
    """Buys phones or gold from strangers (pays out all day), sells in lots to one refiner or wholesaler."""
    r = w.r
    kind = r.choice(("phone", "gold"))
    a, g = w.acct("gold_buyer" if kind == "gold" else "phone_buyer", 1.5e5), r.uniform(560, 900)
    law = w.nice(300,
                 5000) if kind == "phone" else (lambda t: round(r.choice((3, 5, 8.2, 10, 12.6, 20)) * g, 0))
    folk = w.people
    for d in range(w.days):
        for _ in range(w.poisson(r.uniform(2, 9))):
            w.pay(d * DAY + w.tod("day"), a, r.choice(folk), w.m(law(0)), "transfer", w.memo(kind, .5)(),
                  flex="wait")
    w.demand(a, [r.choice(w.whole)], 1.2, w.nice(8e3, 6e4), "evening", "transfer", flex="shrink")
    w.demand(a, folk, r.uniform(.5, 4), law, "day", "scan", w.memo(kind, .4))
    if r.random() < .1:
        w.contacts.append((a, "second-hand site", r.randrange(w.days)))
    w.live(a, 1.5, 0)


def h_travel_group(w: World) -> None:
    """Tour leader: equal instalments, then hotel, coach and money changer; quiet before and after."""
    r = w.r
    a, fee, d = w.acct("travel_group", 5e3), r.choice((1680, 2999, 4980, 9800)), r.uniform(0, w.days - 1)
    for p in w.some(10, 45):
        w.pay((d + r.random() * 2) * DAY, p, a, w.m(fee), r.choice(("transfer", "scan")), None, "trip",
              "wait")
    Relay(w, a, [w.changer, r.choice(w.whole)], how="batch", delay=(3 * HOUR, 30 * HOUR), keep=(.03, .15),
          tag_in="trip")
    w.live(a, 1.8, .3)


def h_ticket_agent(w: World) -> None:
    """Bursts of few prices on sale days, the booking site paid within minutes, some orders refunded."""
    r = w.r
    a = w.acct("ticket_agent", 3e4)

    def got(t: float, payer: int, amount: int, tag: str | None) -> None:
        if tag == "ticket" and r.random() < .15:
            w.pay(t + w.logu(HOUR, 50 * HOUR), a, payer, amount, "transfer", w.memo("refund", .6)(),
                  flex="wait")
    w.on(a, got)
    for d in r.sample(range(w.days), max(1, w.days // 4)):
        w.demand(a, w.people, r.uniform(10, 60), w.menu(380, 580, 880, 1280), "day", "transfer",
                 w.memo("ticket", .4),
                 (d, d + 1), tag="ticket", session=3600)
    Relay(w, a, [w.hub], how="each", delay=(60, 2400), keep=(.06, .15), tag_in="ticket")
    w.live(a, 1.5, .2)


def h_alms(w: World) -> None:
    """Charity campaign or temple: strangers, round sums at all hours, lumps to a hospital or builder."""
    a, d = w.acct(w.r.choice(("charity", "temple")), 5e3), w.r.randrange(w.days)
    w.demand(a, w.people, w.r.uniform(8, 70), w.menu(1, 5, 10, 20, 50, 100, 200, 500), "wide", "scan",
             w.memo("alms", .5), (d, d + w.r.randint(3, 14)), tag="alms")
    Relay(w, a, [w.r.choice(w.billers)], how="batch", delay=(5 * HOUR, 60 * HOUR), keep=(0, .3),
          step=w.m(1000))


def h_streamer(w: World) -> None:
    """Live-streamer: platform pays in lumps, fans tip at night by red packet, shares go to a guild."""
    a = w.acct("streamer", 4e3)
    w.demand(a, w.some(15, 90), w.r.uniform(1, 14), w.menu(5.2, 13.14, 52, 66, 131.4, 520),
             w.r.choice(("late", "night")),
             "red_packet", None, skew=2.5, tag="tip")
    w.demand(a, [w.hub], .3, w.rough(1500, .8), "office", "transfer", tag="tip", flex="shrink")
    Relay(w, a, [w.r.choice(w.people)], how="batch", delay=(HOUR, 20 * HOUR), keep=(.3, .7), tag_in="tip")
    w.live(a, 2.3, .1)


def h_driver(w: World) -> None:
    """Ride or rickshaw driver: one-time payers all day and night, most of it home before sleep."""
    a, home = w.acct("driver", 1500), w.r.choice(w.people)
    w.demand(a, w.people, w.r.uniform(5, 18), w.rough(17, .5), w.r.choice(("wide", "commute", "night")),
             "scan", tag="ride")
    Relay(w, a, [home], how="clock", hours=(w.r.choice((23, 5.5, 21)),), keep=(.1, .8), step=w.m(50),
          tag_in="ride")
    w.live(a, 2, .1)


def h_freelancer(w: World) -> None:
    """Paid in bursts by few clients, pays helpers a share at once."""
    a = w.acct("freelancer", 9e3)
    w.demand(a, w.some(1, 4, w.whole + w.supermarkets), .4, w.nice(800, 9000), "office", "transfer",
             tag="gig", flex="shrink")
    Relay(w, a, w.some(1, 4), how="batch", delay=(600, 10 * HOUR), keep=(.4, .8), parts=(1, 3), step=w.m(100),
          tag_in="gig")
    w.live(a, 2.4, .2)


def h_rosca(w: World) -> None:
    """Savings circle: equal stakes from 8 to 20 members to the head, who pays the day's winner
    within hours."""
    r = w.r
    a, ring, stake = w.acct("rosca_head", 1e4), w.some(8, 20), r.choice((500, 1000, 2000, 3000))
    for d in range(r.randrange(4), w.days, r.choice((3, 5, 7))):
        for p in ring:
            w.pay(d * DAY + r.uniform(18, 21) * HOUR, p, a, w.m(stake), "transfer", None, "pot", "wait")
    Relay(w, a, ring, how="batch", delay=(HOUR, 5 * HOUR), keep=(0, .02), tag_in="pot")
    w.live(a, 2)


def h_wedding(w: World) -> None:
    """Account quiet for long, then 40 to 150 lucky sums in one day from strangers to it; hotel
    paid at night."""
    r = w.r
    a, d = w.acct("wedding", 2e4), r.uniform(.2, .95) * w.days
    for p in w.some(40, 150):
        w.pay(int(d) * DAY + r.gauss(12,
                                     2) * HOUR,
              p, a, w.m(r.choice((200, 300, 500, 600, 666, 800, 888, 1000))),
              r.choice(("scan", "red_packet", "transfer")), w.memo("gift", .5)(), "gift")
    Relay(w, a, [r.choice(w.whole), r.choice(w.banks)], how="batch", delay=(6 * HOUR, 30 * HOUR),
          keep=(0, .4),
          parts=(1, 3), tag_in="gift")
    if r.random() < .4:
        w.live(a, .6, .5)


def h_harvest(w: World) -> None:
    """Crop buyer asleep until harvest: a processor sends lumps, dozens of farmers are paid within hours."""
    r = w.r
    a, d, farmers, hours = w.acct("harvest_buyer", 1e4), r.uniform(0, w.days * .7), w.some(15,
                                                                                           60), r.uniform(2,
                                                                                                          9)
    w.demand(a, [w.mill], r.uniform(1, 3), w.nice(2e4, 2e5), "morning", "transfer", w.memo("harvest", .5),
             (d, d + r.randint(3, 9)), tag="crop")
    Relay(w, a, farmers, how="batch", delay=(600, hours * HOUR), keep=(.01, .06), tag_in="crop",
          law=lambda: w.m(round(r.lognormvariate(8.3, .6))), memo=w.memo("harvest", .5))
    if r.random() < .5:                                   # old farmers want notes
        w.demand(r.choice(w.banks), [a], r.uniform(.5, 4), w.menu(5000, 10000, 20000, 49000), "office",
                 "cash",
                 flex="shrink", days=(d, d + 9))


def h_seasonal(w: World) -> None:
    """Festival stall or pop-up: no history, then a burst of receipts for days, then silence."""
    r = w.r
    a, d = w.acct("seasonal_trade", 3e3), r.uniform(.1, .8) * w.days
    w.demand(a, w.people, r.uniform(20, 90), w.menu(*r.sample((10, 15, 20, 30, 58, 88, 128), 4)), "evening",
             "scan",
             None, (d, d + r.randint(2, 6)), tag="s")
    Relay(w, a, [r.choice(w.people)], how="clock", hours=(23.3,), keep=(0, .1), tag_in="s")


def h_factor(w: World) -> None:
    """Factoring or bridge loans: big sums out, the same plus interest back in days (u-turns of
    its own money)."""
    r = w.r
    a = w.acct("factor", 3e6)
    for d in range(w.days):
        for _ in range(w.poisson(1.5)):
            b, x, t = r.choice(w.whole), w.m(w.nice(2e4, 2e5)(0)), d * DAY + w.tod("office")
            w.pay(t, a, b, x, "transfer", w.memo("loan", .5)())
            w.pay(t + r.choice((.6, 1, 3, 7)) * DAY, b, a, int(x * r.uniform(1.001, 1.02)), "transfer", None,
                  flex="wait")


def h_small_lender(w: World) -> None:
    """Lends a few thousand to many, repaid in instalments, often the same evening; dense
    two-way strangers."""
    r = w.r
    a, folk = w.acct("small_lender", 1.5e5), w.some(20, 90)
    for d in range(w.days):
        for _ in range(w.poisson(r.uniform(1, 5))):
            p, x, t = r.choice(folk), w.m(w.nice(300, 6000)(0)), d * DAY + w.tod("wide")
            w.pay(t, a, p, x, "transfer", w.memo("loan", .3)())
            for i in range(n := r.choice((1, 1, 2, 4))):
                w.pay(t + (i + 1) * r.uniform(.2, 4) * DAY, p, a, int(x * r.uniform(1.01, 1.1) / n),
                      "transfer",
                      w.memo("loan", .3)(), flex="wait")
    w.live(a, 2, .2)


def h_salary_passer(w: World) -> None:
    """Employee, student or labourer whose pay goes to a spouse or parents within minutes."""
    a = w.acct("salary_passer", 3e3)
    w.live(a, 1.6, 0)
    w.r.choice(w.staff).append(a)
    Relay(w, a, [w.r.choice(w.people)], how="batch", delay=(60, 5 * HOUR), keep=(.02, .5), step=w.m(100),
          tag_in="wage")


def h_kid(w: World) -> None:
    """Child or pensioner: pocket money in, small sums out; red packets by many relatives in one evening."""
    r = w.r
    a = w.acct("kid", 200)
    kin = w.some(2, 14)
    w.demand(a, kin, .25, w.menu(20, 50, 100, 200), "evening", "red_packet")
    w.demand(a, kin, len(kin), w.menu(100, 200, 666, 888), "evening", "red_packet", None,
             (d := r.randrange(w.days), d + 1), tag="ny")
    Relay(w, a, kin[:1], how="batch", delay=(HOUR, 24 * HOUR), keep=(.05, .3), tag_in="ny")
    w.live(a, .8, 0)


def h_reimbursed(w: World) -> None:
    """Buys for the office or a sick relative, is repaid the exact sum (u-turn over the employer)."""
    r = w.r
    a, boss = w.acct("reimbursed", 1.5e4), r.choice(w.whole)
    for d in range(w.days):
        if r.random() < .4:
            x, t = w.m(w.rough(700, 1)(0)), d * DAY + w.tod("office")
            w.pay(t, a, r.choice(w.markets), x, "card")
            w.pay(t + w.logu(HOUR, 60 * HOUR), boss, a, x, "transfer", None, flex="wait")
    w.live(a, 2.4)


def h_crypto_trader(w: World) -> None:
    """Trades own money at exchanges many times a day: large, often, fast, but no customers. Honest."""
    r = w.r
    a, ex = w.acct("crypto_trader", w.logu(2e4, 5e5)), r.sample(w.exchanges, 2)
    for d in range(w.days):
        for _ in range(w.poisson(r.uniform(.5, 4))):
            t, x = d * DAY + w.tod("wide"), w.m(w.nice(1000, 4e4)(0))
            if r.random() < .5:
                w.pay(t - w.logu(100, 5000), r.choice(w.banks), a, x, "transfer")
            w.pay(t, a, e := r.choice(ex), x, "transfer", None, flex="shrink")
            w.pay(t + w.logu(HOUR, 40 * HOUR), e, a, int(x * r.uniform(.8, 1.2)), "transfer")
    w.live(a, 2)


def h_deposit_mover(w: World) -> None:
    """Chases deposit offers: own money round over spouse and banks and back within a day (honest u-turn)."""
    r = w.r
    a, b = w.acct("deposit_mover", 8e4), w.acct("deposit_mover", 3e4)
    for d in range(w.days):
        if r.random() < .3:
            t, x = d * DAY + w.tod("day"), w.m(w.nice(5e3, 5e4, 1)(0))
            w.pay(t, a, b, x)
            w.pay(t + w.logu(300, 9 * HOUR), b, r.choice((a, a, *w.banks)), x, flex="shrink")
    for x in (a, b):
        w.live(x, 2)


HONEST: dict[Callable[[World], None], float] = {
    h_employer: 2, h_payroll_agent: .3, h_wholesaler: 2.5, h_tea_shop: 2, h_corner_shop: 2,
                                                h_night_stall: 1.5,
    h_dues: 2, h_group_buy: 2, h_rent: 1.5, h_topup_subagent: 2.5, h_courier_cod: 2, h_seller: 4,
                                                h_refunder: 1,
    h_property: 2, h_purchasing_agent: 3, h_goods_trap: 3, h_secondhand: 2, h_travel_group: 1,
                                                h_ticket_agent: 1,
    h_alms: 1, h_streamer: 2, h_driver: 4, h_freelancer: 4, h_rosca: 1, h_wedding: 2, h_harvest: 1.5,
    h_seasonal: 2, h_factor: .5, h_small_lender: 1.5, h_salary_passer: 5, h_kid: 6, h_reimbursed: 4,
    h_crypto_trader: 2, h_deposit_mover: 2}


# ============================================ guilty designs ================================================
class Ring:
    """One guilty ring: its level of evasion and the habits drawn for it."""

    def __init__(self, w: World, design: str, k: int, room: int) -> None:
        r = w.r
        self.w, self.design, self.room = w, design, max(1, room)
        self.level = lv = r.randrange(3)
        self.name = f"{design}-{k:02d}-e{lv}"
        self.slow = (1.0, r.uniform(1.3, 3.5), r.uniform(2, 9))[lv]
        self.keep = ((0, r.uniform(.002, .02)), (0, r.uniform(.01, .05)), (.01, r.uniform(.04, .25)))[lv]
        self.parts = ((1, 1), (1, r.randint(1, 3)), (1, r.randint(2, 5)))[lv]
        self.step = (0, r.choice((0, w.m(10), w.m(100))), r.choice((0, w.m(100), w.m(500))))[lv]
        self.straw = (.8, .45, .12)[lv]
        word = r.choice(MEMO["neutral"] if w.currency == "CNY" else MEMO_EN["neutral"])
        style = r.choice((("coin", "none", "word"), ("word", "none", "neutral"),
                          ("natural", "neutral", "none"))[lv])
        self.memo: Memo = {"coin": w.memo("coin", r.uniform(.05, .6)), "none": lambda: None,
                           "word": lambda: word,
                           "neutral": w.memo("neutral", .7), "natural": w.memo("natural",
                                                                               r.uniform(.2, .6))}[style]
        self.when = r.choice(("day", "wide", "evening", "late"))
        self.rate = w.logu(3, 22) * (1, .9, .6)[lv]
        self.spread = r.uniform(.004, .03)
        buyers = w.some(12, 90, w.buyers)
        self.buyers = buyers + (w.some(5, 40) if r.random() < .4 else [])   # people drawn in by chance
        self.sellers = w.some(6, 40, w.sellers)
        self.skew = r.uniform(1, 2)
        self.accts: list[int] = []

    def hire(self, straw: float | None = None, opening: float = 0) -> int:
        """An account of the ring: bought (empty, no life) or a person's own with a life of its own."""
        w = self.w
        bought = w.r.random() < (self.straw if straw is None else straw)
        a = w.acct(self.design, opening or (w.logu(1, 300) if bought else w.logu(1e3, 3e4)), 1, self.name)
        self.accts.append(a)
        if not bought:
            w.live(a, w.r.uniform(.6, 2.4), .55)
        elif self.level:
            w.live(a, w.r.uniform(.05, .5), 0)            # decoy purchases
        if w.r.random() < .1:
            w.contacts.append((a, "p2p board", w.r.randrange(w.days)))
        return a

    def size(self, lo: int, hi: int) -> int:
        return max(1, min(self.room, self.w.r.randint(lo, hi)))

    def law(self, lo: float = 500, hi: float = 30000) -> Law:
        """What customers are asked to pay; evaders avoid round sums and repeats."""
        w, r = self.w, self.w.r
        base, lv = w.nice(lo, hi), self.level
        if lv == 0:
            return base
        return lambda t: round(base(t) * r.uniform(.96, 1.04), 0 if lv == 1 else r.choice((0, 1, 2)))

    def coins(self, t: float) -> float:
        """Round quantity x price x constant spread, rounded as the level allows; yuan."""
        w, r = self.w, self.w.r
        asset = "USDT" if r.random() < .85 else r.choice(("BTC", "ETH"))
        qty = r.choice((100, 200, 300, 500, 800, 1000, 1500, 2000, 3000,
                        5000)) * (1 if self.level < 2 else r.uniform(.9, 1.1))
        if asset != "USDT":
            qty = r.choice((.01, .02, .05, .1)) * (1 if asset == "BTC" else 20)
        x = qty * float(w.price[asset][min(len(w.price[asset]) - 1,
                                           int(t / HOUR))]) / w.scale * (1 + self.spread)
        return round(x, (2, 0, -1)[self.level])

    def exit(self) -> Callable[[], int]:
        """Where the money leaves: exchange (known or not), people who sell coins, a nominee of the ring."""
        w, r = self.w, self.w.r
        spots = {"known": w.known[:2] or w.exchanges, "any": r.sample(w.exchanges, 2), "hidden": w.hidden,
                 "sellers": self.sellers}
        kind = r.choice((("known", "any", "any"), ("any", "hidden", "sellers"),
                         ("hidden", "sellers", "nominee"))[self.level])
        if kind == "nominee":
            if len(self.accts) >= self.room:
                kind = "sellers"
            else:
                n = self.hire(.2)
                Relay(w, n, r.sample(w.exchanges, 1), how="batch", delay=(2 * HOUR, 30 * HOUR), keep=(0, .05),
                      parts=(1, 3), tag_in="deal")
                return lambda: n
        return lambda: r.choice(spots[kind])

    def relay(self, a: int, to, lo: float, hi: float, how: str = "batch", **kw) -> Relay:
        o = dict(keep=self.keep, parts=self.parts, step=self.step, memo=self.memo, tag_in="deal", tag="deal")
        return Relay(self.w, a, to, delay=(lo * self.slow, hi * self.slow), how=how, **{**o, **kw})

    def trade(self, dst, rate: float | None = None, law: Law | None = None, **kw) -> None:
        o = dict(when=self.when, ch="transfer", memo=self.memo, skew=self.skew, tag="deal", topup=.2,
                 flex="fetch")
        self.w.demand(dst, self.buyers, self.rate if rate is None else rate, law or self.law(), **{**o, **kw})

    def buy_back(self, a: int, rate: float) -> None:
        """The desk also buys coins: pays sellers out of its float."""
        w = self.w
        w.demand(lambda t: w.r.choice(self.sellers), [a], rate, self.law(), self.when, "transfer", self.memo,
                 flex="shrink")
        if self.level < 2 and w.r.random() < .5:          # float refilled by selling coins at an exchange
            w.demand(a, w.exchanges[:2], rate * .15, w.nice(5000, 8e4), "day", "transfer")

    def rotate(self, accts: Sequence[int]) -> Callable[[float], int]:
        """Which account is shown to the payer: at random, by day, or by blocks of hours."""
        r, salt = self.w.r, self.w.r.randrange(99)
        block = r.choice((0, 4 * HOUR, DAY, 3 * DAY))
        if not block:
            return lambda t: r.choice(accts)
        return lambda t: accts[(int(t / block) + salt) % len(accts)]


def g_same_day(R: Ring) -> None:
    """Dealer: collects from buyers, settles at the exchange within hours (half a day if careful)."""
    for _ in range(R.size(1, 2)):
        a = R.hire()
        R.trade(a, law=R.coins if R.w.r.random() < .4 else None)
        R.relay(a, R.exit(), 1200, 3 * HOUR)


def g_coin_multiple(R: Ring) -> None:
    """Two-way desk at a constant spread: round quantities times the price of the hour, and buys back."""
    a = R.hire(.3, R.w.logu(1e4, 2e5))
    R.trade(a, law=R.coins)
    R.buy_back(a, R.rate * R.w.r.uniform(.1, .7))
    R.relay(a, R.exit(), HOUR, 6 * HOUR, keep=(.02, .5))


def g_scan_pool(R: Ring) -> None:
    """Pool of scan codes for a betting site: collectors, a captain, an exit; same sums, cents if careful."""
    w, r = R.w, R.w.r
    boss = R.hire(.5)
    crew = [R.hire() for _ in range(R.size(3, 9) - 1)] or [boss]
    sums = r.sample((50, 100, 200, 300, 500, 1000, 2000), r.randint(1, 4))
    law: Law = (lambda t: r.choice(sums)) if R.level == 0 else (lambda t: r.choice(sums) - r.choice((0, .01,
                                                                                                     .5, 1,
                                                                                                     2.37)))
    if R.level == 2:
        law = lambda t: round(r.choice(sums) * r.uniform(.9, 1.1), 2)  # noqa: E731
    w.demand(R.rotate(crew), w.some(40, 250, w.gamblers) + w.some(5, 60), len(crew) * w.logu(5, 18), law,
             r.choice(("late", "wide")), "scan",
             w.memo("bet", .4), skew=1.3, tag="deal", session=r.choice((0, 3600, 7200)))
    for a in crew:
        if a != boss:
            R.relay(a, [boss], 300, 2 * HOUR, keep=(.005, .03))
    R.relay(boss, R.exit(), 900, 4 * HOUR)


def g_structuring(R: Ring) -> None:
    """Payments in and out kept just under a limit, spread over several hands."""
    w, r = R.w, R.w.r
    limit = r.choice((5000, 10000, 20000, 50000))
    low = (.97, .93, .88)[R.level]
    a, law = R.hire(), (lambda: w.m(round(limit * r.uniform(low, .9999), r.choice((0, -1, -2)))))
    helpers = [R.hire() for _ in range(R.size(2, 5) - 1)]
    R.trade(a, R.rate * .6, R.law(limit * .5, limit * 2))
    R.relay(a, helpers or R.exit(), HOUR, 8 * HOUR, law=law)
    out = R.exit()
    for h in helpers:
        R.relay(h, out, HOUR, 12 * HOUR, cap=w.m(limit * .999))


def g_hops(R: Ring) -> None:
    """Collectors into one account, then two to four hops that forward nearly all within the hour."""
    r = R.w.r
    line = [R.hire(.6) for _ in range(min(max(1, R.room - 1), r.randint(2, 4)))]
    crew = [R.hire() for _ in range(max(1, min(R.room - len(line), r.randint(2, 6))))]
    R.trade(R.rotate(crew), R.rate * 1.3)
    how = r.choice(("each", "batch"))
    for a in crew:
        R.relay(a, [line[0]], 120, 3000, how)
    for a, b in zip(line, line[1:], strict=False):
        R.relay(a, [b], 120, 2400, how)
    R.relay(line[-1], R.exit(), 300, 3000)


def g_woken(R: Ring) -> None:
    """Bought accounts rest, burst for one to four days, and are dropped; careful rings warm them up first."""
    w, r, out = R.w, R.w.r, R.exit()
    for _ in range(R.size(2, 6)):
        a, d, span = R.hire(1), r.uniform(.25, .9) * w.days, r.randint(1, 4)
        R.trade(a, w.logu(6, 22), days=(d, d + span))
        if R.level:
            w.demand(a, w.some(1, 5), .3, w.menu(1, 10, 100), "day", "transfer", days=(d - 4, d))
        R.relay(a, out, 600, 3 * HOUR)


def g_night(R: Ring) -> None:
    """Works while its market is awake elsewhere: 00:00 to 05:00, part by day if careful."""
    for _ in range(R.size(1, 3)):
        a = R.hire()
        R.trade(a, R.rate * (1, .7, .45)[R.level], when="night")
        if R.level:
            R.trade(a, R.rate * (0, .2, .35)[R.level], when="wide")
        R.relay(a, R.exit(), 900, 4 * HOUR)


def g_ad_dealer(R: Ring) -> None:
    """Dealer known from advertisements: two or three receiving accounts, regulars, buys and sells."""
    w, r = R.w, R.w.r
    desk = [R.hire(.15, w.logu(1e4, 1e5)) for _ in range(R.size(1, 3))]
    for a in desk:
        if r.random() < (.9, .65, .4)[R.level]:
            w.contacts.append((a, r.choice(("p2p board", "channel", "group chat")), r.randrange(w.days)))
        R.buy_back(a, R.rate * r.uniform(.1, .5))
        R.relay(a, R.exit(), HOUR, 10 * HOUR, keep=(.02, .4))
    R.trade(R.rotate(desk), law=R.coins if r.random() < .5 else None, skew=r.uniform(1.5, 3))


def g_memo(R: Ring) -> None:
    """Memo habits: coin words at level 0, one neutral word always at 1, a believable mixture at 2."""
    word = R.w.memo("neutral", 1)()
    R.memo = (R.w.memo("coin", .8), lambda: word, R.w.memo("natural", .7))[R.level]
    for _ in range(R.size(1, 2)):
        a = R.hire(.4)
        R.trade(a)
        R.relay(a, R.exit(), HOUR, 9 * HOUR)


def g_u_turn(R: Ring) -> None:
    """Money out and back as if never moved (coins change hands elsewhere): 80 to 100 %,
    perhaps by a third."""
    w, r = R.w, R.w.r
    a = R.hire(.4, w.logu(1e3, 5e4))
    third = [R.hire() for _ in range(R.size(1, 4) - 1)]
    R.trade(a, R.rate * .7, R.law(2000, 50000))
    fee = r.uniform(0, .2 if R.level == 2 else .06)

    def got(t: float, payer: int, amount: int, tag: str | None) -> None:
        if tag != "deal" or r.random() > (.95, .8, .55)[R.level]:
            return
        u, x = t + w.logu(600, 14 * HOUR), int(amount * (1 - fee * r.uniform(.6, 1)))
        if third and r.random() < .7:
            w.pay(u, a, h := r.choice(third), x, "transfer", R.memo(), flex="shrink")
            w.pay(u + w.logu(200, 5 * HOUR), h, payer, int(x * .995), "transfer", R.memo(), flex="shrink")
        else:
            w.pay(u, a, payer, x, "transfer", R.memo(), flex="shrink")
    w.on(a, got)


def g_pass(R: Ring) -> None:
    """Pass-through account for a desk, window 1, 4 or 24 hours drawn per ring; feeds from the
    desk's front."""
    win = R.w.r.choice((1, 4, 24)) * HOUR
    desk = R.hire(.3)
    mules = [R.hire(.7) for _ in range(R.size(2, 5) - 1)]
    R.trade(desk, R.rate * 1.2)
    R.relay(desk, mules or R.exit(), 600, 4 * HOUR, parts=(1, 3))
    for a in mules:
        Relay(R.w, a, R.exit(), delay=(win * .05, win * .9), keep=(0, .08), how="batch", parts=R.parts,
              memo=R.memo,
              tag_in="deal", tag="deal")


def g_cash_runner(R: Ring) -> None:
    """Runners draw collected money as cash at machines and counters; coins are bought by hand.
    No exchange seen."""
    w, r = R.w, R.w.r
    runs = [R.hire(.5) for _ in range(R.size(1, 5))]
    R.trade(R.rotate(runs), R.rate * 1.2, R.law(2000, 50000))
    bank = r.choice(w.banks)
    note = r.choice((5000, 10000, 20000, 49000))
    for a in runs:
        R.relay(a,
                [bank],
                600,
                5 * HOUR, law=lambda: w.m(note if r.random() < .7 else round(note * r.random(), -2) + 100),
                ch=r.choice(("cash", "card")), memo=lambda: None, step=w.m(100), parts=(1, 1))


def g_front_shop(R: Ring) -> None:
    """A true shop with true customers whose code also takes coin money; the share is small if careful."""
    w, r = R.w, R.w.r
    shop, owner = R.hire(1, 3000), R.hire(0) if R.room > 1 else None
    w.demand(shop, w.some(40, 250), r.uniform(12, 60), w.rough(r.uniform(12, 60), .6), "day", "scan",
             skew=1.8)
    R.trade(shop, R.rate * (1, .6, .35)[R.level], R.law(300, 9000), ch=r.choice(("scan", "transfer")))
    R.relay(shop, [owner] if owner else R.exit(), HOUR, 8 * HOUR, tag_in=r.choice((None, "deal")))
    if owner:
        R.relay(owner, R.exit(), HOUR, 9 * HOUR, keep=(.05, .3))
    w.demand(r.choice(w.whole), [shop], .4, w.nice(300, 2500), "morning", flex="shrink")


def g_platform(R: Ring) -> None:
    """Unlicensed platform: deposits with a tell-tale tail to rotating accounts, a treasury,
    payout accounts."""
    w, r = R.w, R.w.r
    treasury, pays = R.hire(.7,
                            w.logu(1e4, 3e5)), [R.hire(.6, 2e4) for _ in range(max(1, min(2, R.room - 2)))]
    desk = [R.hire(.7) for _ in range(max(1, min(R.room - 1 - len(pays), r.randint(2, 5))))]
    R.trade(R.rotate(desk), R.rate * 2, lambda t: w.nice(200, 20000)(t) + r.randint(1, 99) / 100)
    for a in desk:
        R.relay(a, [treasury], 1800, 5 * HOUR)
    out = R.exit()
    R.relay(treasury, lambda: r.choice(pays) if r.random() < .5 else out(), HOUR, 6 * HOUR, keep=(.02, .2))
    for a in pays:
        w.demand(lambda t: r.choice(R.sellers), [a], R.rate * .6, R.law(200, 9000), "wide", "transfer",
                 R.memo, flex="shrink")


def g_parttime(R: Ring) -> None:
    """A person with a job who deals a few times a day or week from the everyday account."""
    a = R.hire(0, R.w.logu(5e3, 6e4))
    R.trade(a, R.w.r.uniform(.7, 4), R.coins if R.w.r.random() < .3 else R.law(300, 9000))
    R.relay(a, R.exit(), HOUR, 10 * HOUR, keep=(0, .3))


def g_netting(R: Ring) -> None:
    """Matched desk: buyers' money pays sellers the same day, coins move elsewhere, no exchange ever seen."""
    for _ in range(R.size(1, 3)):
        a = R.hire(.3, R.w.logu(5e3, 2e5))
        R.trade(a)
        R.relay(a, R.sellers, 600, 5 * HOUR, parts=(1, 4), step=R.step or R.w.m(10))


def g_mixed(R: Ring) -> None:
    """Several behaviours in one ring: advertised front, pool by scan at night, a woken
    account, hops, a limit."""
    w, r = R.w, R.w.r
    front, hop = R.hire(.2, 2e4), R.hire(.6)
    w.contacts.append((front, "p2p board", r.randrange(w.days)))
    crew = [R.hire() for _ in range(max(1, min(R.room - 2, r.randint(1, 4))))]
    R.trade(front, law=R.coins)
    R.trade(R.rotate(crew), R.rate, w.menu(*r.sample((200, 300, 500, 1000), 2)), ch="scan", when="night",
            session=5400,
            days=(r.uniform(0, .6) * w.days, w.days))
    limit = r.choice((10000, 20000, 50000))
    for a in (front, *crew):
        R.relay(a, [hop], 600, 3 * HOUR, cap=w.m(limit * r.uniform(.95, .999)))
    R.relay(hop, R.exit(), 600, 3000)


# design: (function, accounts it wants at least)
GUILTY = {"otc_same_day": (g_same_day, 1), "coin_multiple": (g_coin_multiple, 1),
          "scan_pool": (g_scan_pool, 4),
          "structuring": (g_structuring, 2), "layered_hops": (g_hops, 4), "woken": (g_woken, 2),
          "night_desk": (g_night, 1), "ad_dealer": (g_ad_dealer, 1), "memo_desk": (g_memo, 1),
          "u_turn": (g_u_turn, 1), "pass_through": (g_pass, 2), "cash_runner": (g_cash_runner, 1),
          "front_shop": (g_front_shop, 2), "platform": (g_platform, 4), "parttime": (g_parttime, 1),
          "netting": (g_netting, 1), "mixed": (g_mixed, 3)}


def build(w: World) -> None:
    """Fill the world: trade first (others need it), the guilty, then the lives of ordinary people."""
    r = w.r
    w.index = {a: i for i, a in enumerate(w.people)}
    w.agents, w.whole, w.masters = [], [], []
    w.hub, w.changer, w.escrow, w.mill = (w.acct(x, 2e6) for x in ("platform_hub", "money_changer", "escrow",
                                                                   "mill"))
    w.bal[w.mill] += w.m(3e7)
    for fn in (h_payroll_agent, h_wholesaler, h_wholesaler, h_wholesaler, h_employer, h_employer):
        fn(w)
    quota = max(1, round(w.n * w.share))
    for fn in list(HONEST):
        fn(w)
    names = list(HONEST)
    while len(w.name) < w.n - quota:
        r.choices(names, [HONEST[f] for f in names])[0](w)
    k, deck = 0, []
    start = len(w.name)
    while len(w.name) - start < quota:
        room = quota - (len(w.name) - start)
        deck = deck or r.sample(list(GUILTY), len(GUILTY))
        pick = next((d for d in deck if GUILTY[d][1] <= room), None)
        if pick is None:
            deck = []
            continue
        deck.remove(pick)
        GUILTY[pick][0](Ring(w, pick, k := k + 1, min(room, r.randint(GUILTY[pick][1], 12))))
    for a in w.people:
        w.live(a, math.exp(r.gauss(.72, .45)), .78)
    for m in w.markets:                                   # markets, shops and billers pay their own suppliers
        Relay(w, m, [a for a in range(len(w.name)) if w.role[a] == "seller"], how="clock", hours=(9.5, 16),
              keep=(.05, .1), parts=(6, 18))
    for s in w.supermarkets:
        Relay(w, s, w.whole, how="clock", hours=(8.2,), keep=(.1, .3), parts=(1, 4), step=w.m(100))
    for a in (*w.billers, *w.transit, w.changer, w.hub, w.escrow):      # treasuries of large firms
        Relay(w, a, w.banks[:1], how="clock", hours=(r.uniform(15, 18),), keep=(.02, .2), parts=(1, 3))
    for a in w.users:                                     # own money, perhaps cash from savings first
        e = r.sample(w.exchanges, r.randint(1, 2))
        w.demand(lambda t, e=e: r.choice(e), [a], w.logu(.08, .5), w.nice(200, 30000), "wide", "transfer",
                 w.memo("coin", r.choice((0, .1, .5))), topup=.4)
        w.demand(a, e, r.uniform(0, .2), w.nice(200, 20000), "wide", "transfer")
    for a in w.sellers:   # money from coins goes to family or savings, some at once
        if r.random() < .5:
            def got(t: float, p: int, x: int, tag: str | None, a: int = a) -> None:
                if x > w.m(1000) and p not in w.index and r.random() < .5:
                    w.pay(t + w.logu(300, DAY), a, r.choice((r.choice(w.banks), r.choice(w.people))),
                          int(x * .9))
            w.on(a, got)
    for a in r.sample(w.people, max(1, w.n // 1000)):     # adverts misread: honest people in the contacts
        w.contacts.append((a, "p2p board", r.randrange(w.days)))


def save(w: World, out: Path) -> None:
    """Write the five files."""
    out.mkdir(parents=True, exist_ok=True)
    w.tx.sort(key=lambda x: x[0])
    zero = int(w.zero.timestamp() * 1_000_000)
    tx, n = w.tx, len(w.tx)
    table = pa.table({
        "tx_id": [f"t{i:09d}" for i in range(n)],
        "ts": pa.array([zero + x[0] * 1000 for x in tx], pa.timestamp("us", "UTC")),
        "seq": pa.array(range(n), pa.int64()),
        "payer": [w.name[x[1]] for x in tx], "payee": [w.name[x[2]] for x in tx],
        "amount_minor": pa.array([x[3] for x in tx], pa.int64()),
        "currency": [w.currency] * n, "channel": pa.array([x[4] for x in tx], pa.string()),
        "memo": pa.array([x[5] for x in tx], pa.string())})
    pq.write_table(table, out / "transactions.parquet", compression="zstd")

    def rows(name: str, head: Sequence[str], body) -> None:
        with open(out / name, "w", newline="", encoding="utf-8") as f:
            wr = csv.writer(f, lineterminator="\n")
            wr.writerow(head)
            wr.writerows(body)
    utc = w.zero.astimezone(timezone.utc)
    hour = [(utc + timedelta(hours=h)).strftime("%Y-%m-%dT%H:%M:%SZ") for h in range(w.days * 24 + 1)]
    rows("prices.csv", ("ts", "asset", "quote", "price"),
         ((h, s, w.currency, f"{p[i]:.4f}") for i, h in enumerate(hour) for s, p in w.price.items()))
    rows("exchange_accounts.csv",
         ("account", "name"), ((w.name[a], f"Exchange {i}") for i, a in enumerate(w.known, 1)))
    seen = {a: (a, s, d) for a, s, d in w.contacts}.values()
    rows("contacts.csv", ("account", "source", "first_seen"),
         ((w.name[a], s, (w.zero + timedelta(days=d)).strftime("%Y-%m-%d")) for a, s, d in seen))
    rows("labels.csv", ("account", "role", "guilty", "group"),
         sorted(zip(w.name, w.role, w.guilty, w.group, strict=True)))


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    ap.add_argument("--out", type=Path, required=True)
    ap.add_argument("--seed", type=int, required=True)
    ap.add_argument("--accounts", type=int, default=5000)
    ap.add_argument("--days", type=int, default=14)
    ap.add_argument("--guilty", type=float, default=.02)
    ap.add_argument("--currency", default="CNY")
    o = ap.parse_args()
    if o.out.exists():
        ap.error(f"{o.out} exists already")
    w = World(o.seed, o.accounts, o.days, o.guilty, o.currency)
    build(w)
    total = sum(w.bal)
    w.run()
    assert sum(w.bal) == total and min(w.bal) >= 0
    save(w, o.out)
    print(f"seed {o.seed}: {len(w.name)} accounts, {len(w.tx)} payments ({2 * len(w.tx) / len(w.name):.0f}"
          f" per account), {sum(w.guilty)} guilty in {len(set(w.group)) - 1} rings, {len(w.known)} of"
          f" {len(w.exchanges)} exchange accounts known, {len(w.contacts)} contacts, {w.short} unpaid")


if __name__ == "__main__":
    main()
