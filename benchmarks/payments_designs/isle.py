"""Labelled payment worlds: an examination paper for detectors of unlicensed over-the-counter coin trade.

A world is a small closed economy (people, shops, firms, billers, banks, exchanges) run event by event with
balances that never go below zero, except banks and exchanges, which stand for the rest of the world.
Guilty designs follow court records and payment-firm notices; every honest design shares at least one loud
feature with a guilty one.  No single feature (pass-through, equal amounts, fan-in, known exchange, night,
memo, ads) separates them; purpose, direction, order of legs and who the counterparties are together do.

What a careful analyst may not decide: `quiet_dealer` and `matchmaker` in windows of a few days;
a `shop_front` till whose coin clients are few; a straw card before its first use or on one day only;
`crew_member` against an active own-account trader, if the organiser is not looked at; and
`licensed_changer` against `counter_clerk` where the desk's coin source is not a known exchange.
In windows of a day or two up to half of the guilty have not worked yet: their labels cannot be read off.

Licence: Apache-2.0.
"""
from __future__ import annotations

import argparse
import csv
import heapq
import math
import random
from array import array
from collections import Counter, defaultdict
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Callable, Optional, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

SEC, MIN, HOUR, DAY = 1000, 60_000, 3_600_000, 86_400_000
# currency: (price of one US dollar, minor units, hours east of UTC)
CURRENCIES = {"CNY": (7.1, 100, 8), "HKD": (7.8, 100, 8), "USD": (1.0, 100, -5), "EUR": (.9, 100, 1),
              "GBP": (.77, 100, 0), "INR": (86, 100, 5), "TRY": (39, 100, 3), "RUB": (85, 100, 3),
              "NGN": (1550, 100, 1), "VND": (25500, 1, 7), "BRL": (5.6, 100, -3), "KRW": (1380, 1, 9),
              "JPY": (150, 1, 9), "AED": (3.67, 100, 4), "PHP": (57, 100, 8), "THB": (33, 100, 7)}
LEX: dict[str, tuple[list[str], list[str]]] = {
    "goods": (["货款", "货款尾款", "材料款", "订金", "3月货款", "服装", "茶叶", "五金配件"],
              ["goods", "balance due", "deposit for order", "materials", "garments", "spare parts"]),
    "food": (["早餐", "奶茶", "抹茶拿铁", "面馆", "水果", "消费", "超市"],
             ["lunch", "matcha latte", "noodles", "fruit", "groceries", "coffee"]),
    "rent": (["房租", "3月房租", "房租水电", "押金"], ["rent", "rent and water", "rent deposit"]),
    "friend": (["还你", "昨晚饭钱", "谢谢", "AA", "借款", "生日快乐", "打车钱"],
               ["thanks", "dinner last night", "paying you back", "split", "happy birthday"]),
    "neutral": (["转账", "往来款", "备用金", "还款", "其他", "资金往来"],
                ["transfer", "payment", "funds", "repayment", "other"]),
    "coin": (["U", "买U", "usdt", "100u", "换米", "出U"], ["usdt", "u", "tether", "p2p order", "coins"]),
    "game": (["游戏点券", "648", "代充", "皮肤", "游戏币 500w"], ["game points", "top up", "skin", "gems"]),
    "dues": (["班费", "物业费", "会费", "校服费", "团建费"], ["class fee", "dues", "uniform", "club fee"]),
    "gift": (["恭喜", "新婚快乐", "百年好合", "压岁钱", "大吉大利"], ["congratulations", "for the couple", "luck"]),
    "charity": (["爱心捐款", "祝早日康复", "加油", "善款"], ["donation", "get well", "relief fund"]),
    "temple": (["功德", "香火", "祈福", "供灯"], ["offering", "candles", "blessing"]),
    "fare": (["车费", "顺风车", "打车"], ["fare", "ride", "trip"]),
    "wage": (["工资", "2月工资", "劳务费", "奖金"], ["salary", "wages", "labour", "bonus"]),
    "loan": (["还款", "借款", "利息", "第3期"], ["instalment", "loan", "interest"]),
    "travel": (["团费", "日本团", "换汇", "机票"], ["tour fee", "visa", "travel cash", "flight"]),
    "phone": (["话费", "充话费", "流量"], ["phone credit", "airtime", "data"]),
    "tip": (["打赏", "加油主播", "礼物"], ["tip", "for the stream", "gift"]),
    "farm": (["苹果款", "玉米款", "大蒜款", "收粮"], ["apples", "maize", "garlic", "grain"]),
    "trap": (["U盘 64G", "纪念币", "二手手机", "黄金回收", "硬币收藏", "显卡"],
             ["USB stick", "commemorative coin", "used phone", "gold", "coin album", "graphics card"]),
    "reimb": (["报销", "差旅报销", "垫付款"], ["expenses", "reimbursement", "travel claim"]),
}
Amount = Callable[[int], int]
Then = Optional[Callable[[int, int], None]]
Pick = Callable[[], int]
HONEST: list[tuple[Callable[..., None], float, int]] = []
GUILTY: list[tuple[Callable[..., None], int, int]] = []


class World:
    """Accounts, balances, a queue of events, and the book of what was paid."""

    def __init__(self, seed: int, n: int, days: int, guilty: float, currency: str) -> None:
        self.r = r = random.Random(seed * 7919 + 17)
        self.n, self.days, self.currency = n, days, currency
        usd, self.minor, self.tz = CURRENCIES.get(currency, (1.0, 100, 0))
        self.k = usd / 7.1
        self.zh = currency in ("CNY", "HKD")
        start = datetime(2026, 1, 5, tzinfo=timezone.utc) + timedelta(days=r.randrange(300))
        self.t0 = int(start.timestamp() * 1000) - self.tz * HOUR
        self.date0, self.end = start, self.t0 + days * DAY
        self.bal: list[int] = []
        self.pot: defaultdict[int, int] = defaultdict(int)
        self.role: list[str] = []
        self.guilt: list[int] = []
        self.group: list[str] = []
        self.queue: list[tuple[int, int, Callable[..., None], tuple[Any, ...]]] = []
        self.count = 0
        self.actors: list[Callable[[int, int], None]] = []
        self.lives: list[list[Any]] = []
        self.living: list[int] = []
        self.payrolls: list[dict[int, int]] = []
        self.sellers: dict[int, list[int]] = {}
        self.cut: dict[int, float] = {}
        self.ts, self.pa, self.pb, self.am = array("q"), array("i"), array("i"), array("q")
        self.ch, self.me = array("i"), array("i")
        self.words: dict[Optional[str], int] = {None: 0}
        self.ads: list[int] = []
        self.mistakes: list[int] = []
        self.lost_channel = r.choice([0, 0, 0, .02, .15])
        self.memo_rate = r.choice([1, 1, 1, .7, .4, 0])
        self.packet = self.m(200, 10)  # the limit of one red packet
        self._prices(seed)
        self._people(guilty)

    # ---- small tools
    def _prices(self, seed: int) -> None:
        """Hourly random walks; the stable coin stays near the dollar."""
        g, hours = np.random.default_rng(seed + 5), self.days * 24 + 25
        base, usd, x = 7.1 * self.k, np.zeros(hours), 0.0
        for i in range(hours):
            x = .97 * x + g.normal(0, .0009)
            usd[i] = base * (1.006 + x)
        walk = lambda p, v: base * p * np.exp(np.cumsum(g.normal(0, v, hours)))
        self.price = {"USDT": usd, "BTC": walk(g.uniform(6e4, 1.1e5), .005),
                      "ETH": walk(g.uniform(2e3, 4e3), .007)}

    def lu(self, lo: float, hi: float) -> float:
        """Log-uniform draw."""
        return lo * (hi / lo) ** self.r.random()

    def pois(self, lam: float) -> int:
        if lam > 30:
            return max(0, int(self.r.gauss(lam, lam ** .5) + .5))
        k, p, stop = 0, self.r.random(), math.exp(-lam)
        while p > stop:
            k, p = k + 1, p * self.r.random()
        return k

    def m(self, x: float, q: float = .01) -> int:
        """Yuan-sized amount to minor units of this currency, on a grid as coarse as q yuan."""
        if self.currency != "CNY":
            g = q * self.k
            e = 10.0 ** math.floor(math.log10(g))
            q, x = max(e * min((1, 2, 5, 10), key=lambda f: abs(f * e - g)), 1 / self.minor), x * self.k
        return max(1, round(round(x / q) * q * self.minor), round(q * self.minor))

    def when(self, h: Sequence[float] | str) -> int:
        """Offset in a day; h is (from, to) in hours, or 'meal' for the rhythm of ordinary spending."""
        if h == "meal":
            x = self.r.gauss(*self.r.choice(((7.9, .7), (12.2, .8), (15.5, 2), (18.6, 1.2), (20.8, 1.4))))
        else:
            x = h[0] + (h[1] - h[0]) * self.r.betavariate(1.5, 1.5)
        return int(x * HOUR) + self.r.randrange(1000)

    def memo(self, kind: str, p: float = .6) -> Optional[str]:
        if not self.memo_rate or self.r.random() > p * self.memo_rate:
            return None
        if kind == "order":
            return "".join(self.r.choice("0123456789") for _ in range(self.r.choice((4, 6, 8, 12))))
        return self.r.choice(LEX[kind][0 if self.zh else 1])

    def new(self, role: str, opening: float, live: float = 0, guilty: int = 0, group: str = "") -> int:
        """A new account with an opening balance in yuan; live > 0 gives it an ordinary private life."""
        self.bal.append(self.m(opening))
        self.role.append(role)
        self.guilt.append(guilty)
        self.group.append(group)
        a = len(self.bal) - 1
        if live:
            self.lives.append([a, live, None, None])
            self.living.append(a)
        return a

    def at(self, t: int, fn: Callable[..., None], *args: Any) -> None:
        if t < self.end:
            self.count += 1
            heapq.heappush(self.queue, (t, self.count, fn, args))

    def pay(self, t: int, a: int, b: int, m: int, ch: Optional[str] = "transfer", memo: Optional[str] = None,
            then: Then = None, mode: str = "drop") -> None:
        """Pay at t; when money is short: 'drop' it, 'shrink' it, or 'wait' a few hours (twice)."""
        self.at(t, self._pay, a, b, m, ch, memo, then, mode, 0)

    def _pay(self, a: int, b: int, m: int, ch: Optional[str], memo: Optional[str], then: Then, mode: str,
             tries: int) -> None:
        t, free = self.now, self.role[a] in ("bank", "exchange")
        if a == b or m <= 0:
            return
        if self.bal[a] < m and not free:
            if mode == "shrink" and self.bal[a] > m * .25:
                d = 10 ** max(0, len(str(self.bal[a])) - 2)
                m = max(1, int(self.bal[a] * .9) // d * d)
            elif mode == "wait" and tries < 2:
                self.at(t + int(self.lu(1, 20) * HOUR), self._pay, a, b, m, ch, memo, then, mode, tries + 1)
                return
            else:
                return
        self.bal[a] -= m
        self.bal[b] += m
        if ch == "red_packet" and m > self.packet:
            ch = "transfer"
        if self.lost_channel and self.r.random() < self.lost_channel:
            ch = None
        w = self.words
        self.ts.append(t), self.pa.append(a), self.pb.append(b), self.am.append(m)
        self.ch.append(w.setdefault(ch, len(w))), self.me.append(w.setdefault(memo, len(w)))
        if then:
            then(t, m)

    def into(self, a: int, then: Then = None) -> Then:
        """After-payment action: count the money as business money of account a."""
        def done(t: int, m: int) -> None:
            self.pot[a] += m
            if then:
                then(t, m)
        return done

    def sweep(self, t: int, a: int, b: int, share: float = 1, ch: str = "transfer",
              memo: Optional[str] = None, cap: int = 0, q: float = .01, then: Then = None,
              rest: bool = False) -> None:
        """Forward the business money of a to b now, in pieces of at most cap."""
        m = int(min(self.pot[a], self.bal[a]) * share)
        grid = self.m(q, q)
        m = m // grid * grid
        if m <= 0 or a == b:
            return
        self.pot[a] = self.pot[a] - m if rest else 0
        while m > 0:
            x = m if not cap or m <= cap else (cap if self.r.random() < .5
                                               else int(cap * self.r.uniform(.86, 1)) // grid * grid or cap)
            self.pay(t, a, b, x, ch, memo, self.into(b, then))
            m, t = m - x, t + int(self.lu(15, 260) * SEC)

    def collect(self, a: int, rate: float, pool: Pick, amount: Amount, hours: Any = "meal", ch: str = "scan",
                memo: str = "food", p: float = .2, then: Then = None,
                on: Callable[[int], bool] = lambda d: True, mode: str = "drop") -> None:
        """Every day a Poisson number of payers from a pool pay account a."""
        def day(d: int, t0: int) -> None:
            if on(d):
                for _ in range(self.pois(rate)):
                    t = t0 + self.when(hours)
                    self.pay(t, pool(), a, amount(t), ch, self.memo(memo, p), self.into(a, then), mode)
        self.actors.append(day)

    def nightly(self, a: int, b: Pick | int, hour: float, share: float = 1, every: int = 1,
                memo: str = "neutral", p: float = .3, cap: int = 0, q: float = .01, rest: bool = False,
                then: Then = None) -> None:
        """Every so many days, about the same hour, forward the business money."""
        phase = self.r.randrange(every)

        def day(d: int, t0: int) -> None:
            if d % every == phase or every > self.days:
                t = t0 + int((hour + self.r.gauss(0, .15)) * HOUR) + self.r.randrange(999)
                self.at(t, lambda: self.sweep(self.now, a, b if isinstance(b, int) else b(), share,
                                              "transfer", self.memo(memo, p), cap, q, then, rest))
        self.actors.append(day)

    def quick(self, a: int, b: Pick | int, lag: tuple[float, float], share: float = 1, memo: str = "neutral",
              p: float = .3, cap: int = 0, ch: str = "transfer", then: Then = None, q: float = .01) -> Then:
        """After-payment action: forward business money of a after a lag in minutes."""
        def done(t: int, m: int) -> None:
            self.at(t + int(self.lu(*lag) * MIN), lambda: self.sweep(self.now, a,
                    b if isinstance(b, int) else b(), share, ch, self.memo(memo, p), cap, q, then))
        return done

    def one_of(self, xs: Sequence[int]) -> int:
        return xs[int(self.r.random() * len(xs))]

    def anyone(self, visitors: float = .15) -> int:
        return self.one_of(self.visitors if self.r.random() < visitors else self.living)

    def circle(self, k: int, visitors: float = .05) -> list[int]:
        return [self.anyone(visitors) for _ in range(max(2, k))]

    def prices(self, lo: float, hi: float, k: int, q: float = 1) -> Amount:
        """A menu of k fixed prices."""
        menu = [self.m(self.lu(lo, hi), q) for _ in range(k)]
        return lambda t: self.r.choice(menu)

    def spread(self, lo: float, hi: float, q: float = .1) -> Amount:
        return lambda t: self.m(self.lu(lo, hi), q)

    def coin_amount(self, style: str, lo: float, hi: float, margin: float) -> Amount:
        """What a coin order costs: round money, round coins at the day's price, or platform-made odd sums."""
        def amount(t: int) -> int:
            x = self.lu(lo, hi)
            if style == "fiat":
                return self.m(x, 100 if x < 3000 else 500 if x < 20000 else 5000)
            if style == "coin":
                p = float(self.price["USDT"][min(max(0, (t - self.t0) // HOUR), self.days * 24)])
                step = 10 if x < 3000 else 50 if x < 20000 else 500
                qty = max(step, round(x * self.k / p / step) * step)
                return max(1, round(qty * p * (1 + margin) * self.minor))
            if style == "cents":  # round sum shifted by a few unique cents so that a machine can match it
                return self.m(self.r.choice((100, 200, 300, 500, 1000, 2000)) * (1 if hi < 9000
                        else 5) + self.r.randint(-30, 30) / 100)
            return self.m(x, .01 if style == "odd" else 1)
        return amount

    # ---- the frame of the economy
    def _people(self, guilty: float) -> None:
        """Banks, exchanges, billers, firms, ordinary people; then honest trades, then the guilty."""
        r, n = self.r, self.n
        self.banks = [self.new("bank", 1e8) for _ in range(r.randint(1, 3))]
        ex = [self.new("exchange", 2e7) for _ in range(r.randint(3, 6 if n < 2000 else 9))]
        r.shuffle(ex)
        known = 0 if r.random() < .15 else max(1, int(len(ex) * r.uniform(.3, .75)))
        self.exchanges, self.known = ex, ex[:known]
        self.billers = [self.new("biller", 5e5) for _ in range(4)]
        goal = round(guilty * n)
        trades = int(n * r.uniform(.20, .25))
        left = n - len(self.bal) - goal - trades
        self.visitors = [self.new("visitor", min(6e5, r.lognormvariate(9.4, 1.1)))
                         for _ in range(int(n * r.uniform(.06, .10)))]
        left -= len(self.visitors)
        mix = {"coin_customer": r.uniform(.05, .115), "gambler": r.uniform(.02, .05),
               "victim": r.uniform(.006, .015), "scheme_member": r.uniform(.01, .025)}
        self.kind: dict[str, list[int]] = {k: [] for k in mix}
        self.people = []
        for role, share in mix.items():
            for _ in range(max(4, int(left * share))):
                open_ = min(9e5, r.lognormvariate(9.2 if role == "gambler" else 10.4, 1))
                self.kind[role].append(self.new(role, open_, live=self.lu(1, 3.2)))
            self.people += self.kind[role]
        self.people += [self.new("person", min(4e5, r.lognormvariate(9.0, .9)), live=self.lu(.8, 3.8))
                        for _ in range(left - len(self.people))]
        self.shops: list[tuple[int, Amount]] = []
        self.markets: list[int] = []
        self.drivers: list[int] = []
        self.wholesalers: list[int] = []
        self.coin_houses: list[int] = []
        stop = len(self.bal) + trades
        self.firms = []
        jobs = [p for p in self.people if r.random() < .66]
        while jobs:
            staff, jobs = jobs[:(k := int(self.lu(6, 90)))], jobs[k:]
            self._firm(staff)
        self._exchange_users()
        self.actors += [self._life, self._bills, self._visitors]
        first = [(f, s) for f, _, s in HONEST]
        head, tail = first[:4], first[4:]
        r.shuffle(tail)
        plan = head + tail
        tilt = [x[1] * self.lu(.5, 2) for x in HONEST]
        while len(self.bal) < stop:
            room = stop - len(self.bal)
            f, size = plan.pop(0) if plan else r.choices([(x[0], x[2]) for x in HONEST], tilt)[0]
            f(self) if size <= room else HONEST[0][0](self, alone=True)
        designs, ring = [], 0
        house = GUILTY[0]
        while len(self.bal) < n:
            room = n - len(self.bal)
            if not designs:
                designs = GUILTY[1:]
                r.shuffle(designs)
                if room >= 20 or r.random() < .3:
                    designs.append(house)
            f, lo, hi = designs.pop()
            if lo <= room:
                ring += 1
                k = max(lo, min(room, int(self.lu(lo, hi + .99)) if goal > 30
                                else r.randint(lo, (lo + hi) // 2)))
                f(self, f"ring{ring:03d}", k)
        for a in self.living[len(self.people):]:  # many of those who trade, honestly or not, also have a job
            if r.random() < .35 and self.role[a] != "kid":
                r.choice(self.payrolls)[a] = self.m(self.lu(2800, 12000), 10)

    def _firm(self, staff: list[int]) -> None:
        """An employer: pays wages on its payday, other firms by invoice."""
        r = self.r
        wage = {p: self.m(self.lu(2800, 16000), r.choice((.01, 1, 10))) for p in staff}
        self.payrolls.append(wage)
        weekly, payday = r.random() < .2, r.choice((5, 8, 10, 10, 15, 15, 20, 25, 28))
        f = self.new("firm", sum(wage.values()) / self.minor / self.k * 2.4 + self.lu(5e4, 9e5))
        self.firms.append(f)
        dow, hour = r.randrange(5), r.uniform(9, 17)

        def day(d: int, t0: int) -> None:
            date = self.date0 + timedelta(days=d)
            if (date.weekday() == dow) if weekly else (date.day == payday):
                t = t0 + int(hour * HOUR)
                for p, m in wage.items():
                    t += r.randint(40, 1500)
                    m = m // 4 if weekly else m
                    self.pay(t, f, p, m, "transfer", self.memo("wage", .9), mode="wait")
            if date.weekday() < 5 and r.random() < .4:
                self.pay(t0 + self.when((9, 18)), f, self.one_of(self.firms), self.m(self.lu(2000, 6e4)),
                         "transfer", self.memo("goods", .8), mode="shrink")
        self.actors.append(day)

    def _exchange_users(self) -> None:
        """Coin customers who use an exchange openly with their own money; half of them also meet dealers."""
        self.dealing = [c for c in self.kind["coin_customer"] if self.r.random() < .62] or self.people[:3]
        only = set(self.dealing[::2])
        for c in self.kind["coin_customer"]:
            if c in only:
                continue
            ex, rate, buys = self.one_of(self.exchanges), self.lu(.05, .6), self.r.uniform(.3, .9)

            def day(d: int, t0: int, c: int = c, ex: int = ex, rate: float = rate,
                    buys: float = buys) -> None:
                if self.r.random() < rate:
                    t, x = t0 + self.when((8, 25)), self.m(self.lu(300, 2e4), self.r.choice((.01, 100, 500)))
                    a, b = (c, ex) if self.r.random() < buys else (ex, c)
                    self.pay(t, a, b, x, "transfer", self.memo("order", .4), mode="shrink")
            self.actors.append(day)

    def coin_client(self, regulars: Optional[list[int]] = None, loyal: float = .4) -> int:
        if regulars and self.r.random() < loyal:
            return self.one_of(regulars)
        if self.ads and self.r.random() < .04:  # dealers also trade with one another
            return self.one_of(self.ads)
        return self.one_of(self.dealing if self.r.random() < .45 else self.visitors)

    def dirty_payer(self) -> int:
        u = self.r.random()
        return self.one_of(self.kind["victim"] if u < .2 else self.kind["gambler"] if u < .6
                           else self.visitors)

    def _life(self, d: int, t0: int) -> None:
        """A day of everybody's private life."""
        r, week = self.r, 1.15 if (self.date0 + timedelta(days=d)).weekday() > 4 else 1
        rnd = r.random
        for one in self.lives:
            a, rate, favs, friends = one
            if favs is None:
                one[2] = favs = [r.choice(self.shops) for _ in range(r.randint(3, 9))]
                one[3] = friends = [self.one_of(self.living) for _ in range(r.randint(3, 9))]
            for _ in range(self.pois(rate * week)):
                u, t = rnd(), t0 + self.when("meal")
                if u < .56:
                    s, price = favs[int(rnd() * len(favs))] if rnd() < .75 else r.choice(self.shops)
                    self.pay(t, a, s, price(t), "scan" if rnd() < .9 else "card", self.memo("food", .06),
                             self.into(s))
                elif u < .67:
                    if self.drivers and rnd() < .35:
                        b = self.one_of(self.drivers)
                        self.pay(t, a, b, self.m(self.lu(6, 70), .1), "scan", self.memo("fare", .1),
                                 self.into(b))
                    else:
                        self.pay(t, a, self.billers[0], self.m(r.choice((2, 2, 3, 4, 5, 6)), 1), "scan")
                elif u < .76 and self.markets:
                    b = self.one_of(self.markets)
                    self.pay(t, a, b, self.m(self.lu(9, 600), .1), r.choice(("card", "scan", "bill")),
                             self.memo("order", .5), self.into(b, lambda t, m, a=a,
                            b=b: self.sale(t, m, a, b)))
                elif u < .85:
                    self.pay(t, a, self.one_of(friends), self.m(self.lu(10, 900),
                            r.choice((1, 1, 10, 50, .01))), "transfer", self.memo("friend", .3))
                elif u < .90:
                    self.pay(t, a, self.one_of(friends), self.m(min(200, self.lu(1, 220)),
                            r.choice((.01, 1, 1))), "red_packet", self.memo("gift", .3))
                elif u < .94:
                    self.pay(t, a, self.one_of(self.firms), self.m(self.lu(60, 2500), .01), "card")
                elif u < .97:
                    self.pay(t, a, self.billers[1], self.m(r.choice((30, 50, 50, 100, 200)), 10), "bill",
                             self.memo("phone", .6))
                elif u < .985:
                    self.pay(t, a, self.banks[0], self.m(r.choice((200, 500, 1000, 2000)), 100), "atm",
                             mode="shrink")
                else:
                    b = self.one_of(self.living)  # a one-time stranger
                    self.pay(t, a, b, self.m(self.lu(20, 3000), 1), "transfer", self.memo("trap", .25))

    def _bills(self, d: int, t0: int) -> None:
        """Utilities, mortgages, and billers paying their suppliers."""
        for a in self.people:
            if self.r.random() < .045:
                self.pay(t0 + self.when((8, 22)), a, self.billers[self.r.randint(2, 3)],
                         self.m(self.lu(40, 420)), "bill")
            elif self.r.random() < .007:
                self.pay(t0 + self.when((6, 10)), a, self.one_of(self.banks), self.m(self.lu(1200, 8000)),
                         "bill", self.memo("loan", .7))
        for b in self.billers:
            self.at(t0 + 23 * HOUR, lambda b=b: self.pay(self.now + 1, b, self.banks[-1],
                                                         max(1, int(self.bal[b] * .3)), "transfer"))

    def _visitors(self, d: int, t0: int) -> None:
        """Accounts of other institutions, seen at the edge only: they shop and travel here, too."""
        for v in self.visitors:
            if self.r.random() < .35:
                s, price = self.r.choice(self.shops)
                t = t0 + self.when("meal")
                self.pay(t, v, s, price(t), "scan", None, self.into(s))
            if self.r.random() < .08:
                self.pay(t0 + self.when("meal"), v, self.one_of(self.living), self.m(self.lu(30, 6000), 10),
                         "transfer", self.memo("friend", .3))
            if self.r.random() < .12:  # their own institution's money comes in
                self.pay(t0 + self.when((7, 22)), self.one_of(self.banks), v, self.m(self.lu(500, 5e4), 10),
                         "transfer", self.memo("neutral", .2))

    def sale(self, t: int, m: int, buyer: int, market: int) -> None:
        """A marketplace holds the money, then pays the seller; one sale in twenty is refunded."""
        if self.r.random() < .05:
            self.pay(t + int(self.lu(1, 90) * HOUR), market, buyer, m, "transfer", self.memo("order", .5))
            return
        s = self.one_of(self.sellers[market])
        self.pay(t + int(self.lu(20, 120) * HOUR), market, s, int(m * self.cut[market]) or 1, "transfer",
                 self.memo("order", .7), self.into(s))

    def run(self) -> None:
        for d in range(self.days):
            t0 = self.t0 + d * DAY
            for f in self.actors:
                f(d, t0)
            while self.queue and self.queue[0][0] < t0 + DAY:
                self.now, _, fn, args = heapq.heappop(self.queue)
                fn(*args)


def honest(weight: float, size: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    def add(f: Callable[..., None]) -> Callable[..., None]:
        HONEST.append((f, weight, size))
        return f
    return add


def guilty(lo: int, hi: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    def add(f: Callable[..., None]) -> Callable[..., None]:
        GUILTY.append((f, lo, hi))
        return f
    return add


# ------------------------------------------------------------------ honest trades
@honest(16, 2)
def shop(w: World, alone: bool = False) -> None:
    """Till with a menu (or loose prices); swept whole to its owner at night, who pays a wholesaler."""
    r = w.r
    amount = w.prices(5, 45, r.randint(2, 7), r.choice((1, .5, .1))) if r.random() < .5 else w.spread(4, 180)
    till = w.new("shop", w.lu(300, 9000), live=.4 if alone else 0)
    w.shops.append((till, amount))
    hub = till
    if not alone:
        hub = w.new("shop_owner", w.lu(5000, 8e4), live=1.5)
        w.nightly(till, hub, r.uniform(21, 23.7), r.choice((1, 1, .994)), r.choice((1, 1, 1, 2, 7)),
                  p=r.random() * .4)
    sup = w.one_of(w.wholesalers) if w.wholesalers else w.one_of(w.firms)
    w.nightly(hub, sup, r.uniform(6, 20), r.uniform(.5, .75), r.randint(1, 5), "goods", .6,
              q=r.choice((1, 100)))


@honest(1.6, 1)
def wholesaler(w: World) -> None:
    """Receives from shops at all hours, pays producers most of it within the day."""
    a = w.new("wholesaler", w.lu(5e4, 8e5))
    w.wholesalers.append(a)
    w.nightly(a, lambda: w.one_of(w.firms), w.r.uniform(8, 17), .92, 1, "goods", .8, cap=w.m(50000),
              rest=True)
    w.collect(a, w.lu(1, 8), lambda: w.anyone(.5), w.spread(300, 9000, 1), (5, 16), "transfer", "goods", .5)


@honest(.4, 5)
def market(w: World) -> None:
    """Marketplace with escrow and its sellers: fan-in of strangers, fan-out less a constant fee, refunds."""
    a = w.new("marketplace", w.lu(3e4, 3e5))
    w.cut[a], w.sellers[a] = w.r.uniform(.94, .994), []
    for _ in range(4):
        s = w.new("market_seller", w.lu(2000, 5e4), live=1)
        w.sellers[a].append(s)
        w.nightly(s, w.one_of(w.firms), w.r.uniform(9, 22), w.r.uniform(.6, .9), w.r.randint(1, 4), "goods",
                  .5)
    w.markets.append(a)


@honest(2.5, 1)
def driver(w: World) -> None:
    """Ride-hailing and carpool: odd small sums from strangers day and night, fuel and platform fee out."""
    a = w.new("driver", w.lu(1000, 9000), live=1.2)
    w.drivers.append(a)
    w.collect(a, w.lu(2, 9), lambda: w.anyone(.3), w.spread(8, 120), w.r.choice(((6, 22), (17, 29))), "scan",
              "fare")
    w.nightly(a, w.one_of(w.firms), 7.5, .3, 2, q=10, rest=True)


@honest(1, 1)
def payroll_agent(w: World) -> None:
    """Labour agency: a lump from a client firm, spread within the hour over dozens of workers, fee kept."""
    a, crew, boss = w.new("payroll_agent", w.lu(2e4, 2e5)), w.circle(int(w.lu(10, 45))), w.one_of(w.firms)
    every, fee, hour = w.r.choice((1, 3, 7)), w.r.uniform(.94, .99), w.r.uniform(9, 19)
    phase = w.r.randrange(min(every, w.days))

    def day(d: int, t0: int) -> None:
        if d % every == phase:
            pay = {p: w.m(w.lu(90, 320) * every, w.r.choice((1, 10))) for p in crew}

            def out(t: int, m: int) -> None:
                for p, x in pay.items():
                    t += int(w.lu(2, 90) * SEC)
                    w.pay(t, a, p, x, "transfer", w.memo("wage", .7))
            w.pay(t0 + int(hour * HOUR), boss, a, int(sum(pay.values()) / fee), memo=w.memo("wage", .8),
                  then=out)
    w.actors.append(day)


def monthly(w: World, a: int, payers: list[int], sum_: Amount, memo: str, then: Then = None, sd: float = 2,
            ch: str = "transfer") -> None:
    """Each payer pays the same own sum once a month around a due day (often inside the window)."""
    due = w.r.randrange(30) if w.r.random() < .3 else w.r.randrange(max(1, w.days))
    plan = {p: (sum_(0), int(w.r.gauss(due, sd)) % 30) for p in payers}

    def day(d: int, t0: int) -> None:
        for p, (m, x) in plan.items():
            if d % 30 == x:
                w.pay(t0 + w.when((8, 23)), p, a, m, ch, w.memo(memo, .7), w.into(a, then), "wait")
    w.actors.append(day)


@honest(2, 1)
def landlord(w: World) -> None:
    """A few tenants, the same sums every month, ordinary life otherwise."""
    monthly(w, w.new("landlord", w.lu(1e4, 2e5), live=1.5), w.circle(w.r.randint(2, 9)),
            w.spread(600, 4500, 50), "rent")


@honest(1, 2)
def rent_collector(w: World) -> None:
    """Sub-letting manager: collects rents of one due day from strangers and passes nine tenths on."""
    a, own = w.new("rent_collector", w.lu(1e4, 9e4), live=.8), w.new("landlord", w.lu(1e4, 2e5), live=1)
    monthly(w, a, w.circle(int(w.lu(12, 40)), .2), w.spread(500, 3500, 50), "rent", sd=1)
    w.nightly(a, own, w.r.uniform(18, 23), w.r.uniform(.88, .95), w.r.choice((1, 3)), "rent", .5)


@honest(1.5, 1)
def purchasing_agent(w: World) -> None:
    """Buys abroad for chat-group customers: odd sums times an exchange rate, paid on by card within a day."""
    a, book = w.new("purchasing_agent", w.lu(1e4, 1e5), live=1.2), w.circle(int(w.lu(20, 70)), .4)
    w.mistakes.append(a)
    w.collect(a, w.lu(2, 9), lambda: w.one_of(book), w.spread(150, 4000, w.r.choice((1, .01))), (10, 25),
              "transfer", w.r.choice(("goods", "travel", "trap")), .4,
              then=w.quick(a, w.one_of(w.firms), (30, 1500), w.r.uniform(.88, .95), "goods", .2, ch="card"))


@honest(1.5, 1)
def group_buy(w: World) -> None:
    """Neighbourhood leader: one price from dozens in two evening hours, nine tenths to the supplier that
    night."""
    a, group = w.new("group_buy_leader", w.lu(2000, 2e4), live=1.5), w.circle(int(w.lu(20, 60)))
    firm = w.one_of(w.firms)
    odds, h = w.r.uniform(.2, .8), w.r.uniform(17, 21)

    def day(d: int, t0: int) -> None:
        if w.r.random() < odds or w.days < 3:
            price = w.m(w.lu(15, 130), w.r.choice((1, .1)))
            for p in w.r.sample(group, int(len(group) * w.r.uniform(.3, .9))):
                w.pay(t0 + w.when((h, h + 2)), p, a, price * w.r.choice((1, 1, 1, 2)),
                      w.r.choice(("scan", "scan", "transfer")), w.memo("food", .3), w.into(a))
            w.at(t0 + w.when((h + 2, h + 3)), lambda: w.sweep(w.now, a, firm, w.r.uniform(.88, .96),
                    memo=w.memo("goods")))
    w.actors.append(day)


def burst(w: World, a: int, payers: list[int], amount: Amount, hours: Any, ch: str, memo: str,
          length: int = 1, after: Then = None) -> None:
    """One event in the window: everybody pays within a few days; afterwards something is settled."""
    first = w.r.randrange(max(1, w.days))

    def day(d: int, t0: int) -> None:
        if d == first:
            for p in payers:
                t = t0 + int(w.r.random() ** 2 * length) * DAY + w.when(hours)
                w.pay(t, p, a, amount(t), ch, w.memo(memo, .6), w.into(a))
            if after:
                soon = w.when((hours[1] + .3, hours[1] + 2)) if w.r.random() < .5 else DAY + w.when((9, 16))
                end = t0 + (length - 1) * DAY + soon
                w.at(end, lambda: after(w.now, 0))
    w.actors.append(day)


@honest(1.3, 1)
def dues(w: World) -> None:
    """Class or owners' committee: one sum from thirty to sixty in a day on a quiet account, then one bill."""
    a, firm = w.new("dues_collector", w.lu(1500, 2e4), live=w.r.choice((.1, 1.2))), w.one_of(w.firms)
    fee = w.lu(50, 900)
    burst(w, a, w.circle(int(w.lu(25, 60))), lambda t: w.m(fee, 10), (11, 22),
          w.r.choice(("scan", "transfer")), "dues", w.r.randint(1, 3), lambda t,
          m: w.sweep(t, a, firm, w.r.choice((1, .9)), memo=w.memo("dues")))


@honest(1.3, 1)
def wedding(w: World) -> None:
    """Wedding host: a hundred lucky sums in one day, then the hotel is paid."""
    a, hotel = w.new("wedding_host", w.lu(2e4, 1e5), live=1.5), w.one_of(w.firms)
    burst(w, a, w.circle(int(w.lu(30, 110)), .2), lambda t: w.m(w.r.choice((200, 500, 600, 666, 800, 888,
            1000, 2000)), 1), (10, 21), w.r.choice(("transfer", "red_packet")), "gift", 2, lambda t,
          m: w.sweep(t, a, hotel, .6, q=100))


@honest(.8, 1)
def charity(w: World) -> None:
    """Illness or flood appeal: strangers' round sums in a burst day and night, lumps to a hospital."""
    a, h = w.new("charity", w.lu(2000, 9e4)), w.one_of(w.firms)
    burst(w, a, w.circle(int(w.lu(40, 160)), .45), lambda t: w.m(w.r.choice((10, 20, 50, 100, 100, 200, 500)),
            10), (7, 27), "scan", "charity", w.r.randint(2, 5), lambda t,
          m: w.sweep(t, a, h, .95, q=1000, memo=w.memo("charity")))
    w.collect(a, 2, lambda: w.anyone(.4), w.prices(10, 200, 4, 10), (7, 25), "scan", "charity")


@honest(.5, 1)
def temple(w: World) -> None:
    """Offerings in lucky sums from one-time visitors; banked weekly."""
    a = w.new("temple", w.lu(5000, 9e4))
    w.collect(a, w.lu(4, 25), lambda: w.anyone(.6), lambda t: w.m(w.r.choice((6, 8, 10, 66, 88, 99, 108, 168,
            666)), 1), (5, 18), "scan", "temple")
    w.nightly(a, w.one_of(w.banks), 16, 1, 7, q=100)


@honest(1.2, 1)
def topup_reseller(w: World) -> None:
    """Games and phone credit at all hours: menu prices in, 97 per cent on to the operator in minutes."""
    a, op, game = w.new("topup_reseller", w.lu(5000, 5e4), live=.5), w.billers[1], w.r.random() < .6
    op = w.one_of(w.firms) if game else op
    menu = (6, 30, 68, 98, 198, 328, 648) if game else (29.9, 49.8, 99.5, 199)
    w.collect(a, w.lu(4, 20), lambda: w.anyone(.35), lambda t: w.m(w.r.choice(menu), .1), (10, 27),
              w.r.choice(("scan", "transfer")), "game" if game else "phone", .4,
              then=w.quick(a, op, (.3, w.lu(2, 60)), w.r.uniform(.95, .995), "game", .1,
                           ch=w.r.choice(("bill", "transfer"))))


@honest(1.5, 1)
def secondhand(w: World) -> None:
    """Used phones, cards, gold by the gram: buys from and sells to one-time strangers, thin margins,
    advertises."""
    a, gold = w.new("secondhand_trader", w.lu(3e4, 4e5), live=1), w.r.random() < .4
    w.mistakes.append(a)
    grams, rate, q = w.lu(550, 800), w.lu(1, 6), w.r.choice((1, 10, 50))
    price = (lambda t: w.m(grams * w.r.randint(1, 40), .01)) if gold else w.spread(300, 7000, q)
    w.collect(a, rate, lambda: w.anyone(.4), price, (10, 21), w.r.choice(("scan", "transfer")), "trap", .35,
              mode="shrink")

    def day(d: int, t0: int) -> None:
        for _ in range(w.pois(rate * .9)):
            t = t0 + w.when((10, 21))
            w.pay(t, a, w.anyone(.4), int(price(t) * w.r.uniform(.85, .97)) or 1, "transfer",
                  w.memo("trap", .35))
    w.actors.append(day)
    w.nightly(a, w.one_of(w.firms), 11, .3, 3, "goods", q=100)


@honest(.8, 1)
def tour_fx(w: World) -> None:
    """Tour leader gathers travel money (round dollars times a rate) and changes it once at the bank."""
    a, bank, rate = w.new("tour_leader", w.lu(5000, 5e4), live=1.3), w.one_of(w.banks), w.r.uniform(6.9, 7.3)
    burst(w, a, w.circle(int(w.lu(8, 40)), .2), lambda t: w.m(rate * w.r.choice((100, 200, 300, 500, 1000))),
          (9, 23), "transfer", "travel", 3, lambda t, m: w.sweep(t, a, bank, 1, memo=w.memo("travel"),
            cap=w.m(50000)))


@honest(.5, 2)
def licensed_changer(w: World) -> None:
    """Licensed money changer: both directions with strangers, round dollars at a posted rate, settles at
    its bank."""
    a, till = w.new("licensed_changer", w.lu(2e5, 9e5)), w.new("licensed_changer", w.lu(5e4, 3e5))
    w.mistakes.append(a)
    p = float(w.price["USDT"][0]) / w.k * w.r.uniform(.975, 1.005)
    for x in (a, till):
        w.collect(x, w.lu(2, 9), lambda: w.anyone(.6), lambda t: w.m(p * w.r.choice((50, 100, 200, 300, 500,
                1000, 2000))), (9, 19), w.r.choice(("card", "transfer")), "travel", .3, mode="shrink")

        def day(d: int, t0: int, x: int = x) -> None:
            for _ in range(w.pois(2)):
                w.pay(t0 + w.when((9, 19)), x, w.anyone(.6), w.m(p * .985 * w.r.choice((100, 200, 500,
                        1000))), "transfer", w.memo("travel", .3))
        w.actors.append(day)
    w.nightly(till, a, 19.3, 1)
    w.nightly(a, w.one_of(w.banks), 15.5, .8, w.r.randint(1, 3), q=1000, rest=True)


@honest(.8, 1)
def ticket_agent(w: World) -> None:
    """Rail and concert tickets: bursts at release hours, forwarded at once, one in six refunded whole."""
    a, firm = w.new("ticket_agent", w.lu(1e4, 8e4), live=.6), w.one_of(w.firms)
    h = w.r.choice((8, 10, 12, 18))
    menu, go = w.prices(80, 1700, 6, .5), w.quick(a, firm, (1, 12), .94, "order", .3)

    def day(d: int, t0: int) -> None:
        for _ in range(w.pois(9 if w.r.random() < .35 else 1)):
            p, t = w.anyone(.3), t0 + w.when((h - .3, h + 1))
            m = menu(t)
            if w.r.random() < .16:
                w.pay(t, p, a, m, "transfer", w.memo("order", .3))
                w.pay(t + int(w.lu(.2, 8) * HOUR), a, p, m, "transfer")
            else:
                w.pay(t, p, a, m, "transfer", w.memo("order", .3), w.into(a, go))
    w.actors.append(day)


@honest(1, 2)
def streamer(w: World) -> None:
    """Tips from night viewers, small and round; a guild takes its share of each night; platform pays out."""
    a, guild = w.new("streamer", w.lu(2000, 3e4), live=1.5), w.new("stream_guild", w.lu(1e4, 2e5))
    fans = w.circle(int(w.lu(20, 80)), .4)
    w.collect(a, w.lu(5, 25), lambda: w.one_of(fans), lambda t: w.m(w.r.choice((1, 5.2, 6, 10, 20, 52, 66, 99,
            188, 520)), .1), (20, 27), w.r.choice(("red_packet", "scan")), "tip", .3)
    w.nightly(a, guild, 26, w.r.uniform(.3, .7), 1)
    w.nightly(guild, w.one_of(w.firms), 14, .8, 3, "neutral", q=100)


@honest(1, 1)
def freelancer(w: World) -> None:
    """Designer paid in bursts by firms; hands part to helpers the same day."""
    a, mates = w.new("freelancer", w.lu(3000, 4e4), live=1.8), w.circle(4)
    w.collect(a, w.lu(.15, .8), lambda: w.one_of(w.firms), w.spread(1500, 3e4, 100), (10, 19), "transfer",
              "wage", .6, then=w.quick(a, lambda: w.one_of(mates), (20, 600), w.r.uniform(.3, .7), "wage",
                                       q=100))


@honest(.8, 1)
def savings_circle(w: World) -> None:
    """Village circle: members' equal sums in one evening, the pot to one member within the hour."""
    a, ring = w.new("savings_circle", w.lu(2000, 3e4), live=1.2), w.circle(w.r.randint(9, 24))
    sum_ = w.lu(200, 3000)
    every = w.r.choice((2, 7, 10))

    def day(d: int, t0: int) -> None:
        if d % every == 0:
            for p in ring:
                w.pay(t0 + w.when((18, 20.5)), p, a, w.m(sum_, 50), "transfer", w.memo("neutral", .3),
                      w.into(a))
            w.at(t0 + w.when((20.6, 21.4)), lambda: w.sweep(w.now, a, ring[d // every % len(ring)]))
    w.actors.append(day)


@honest(.9, 2)
def property_chain(w: World) -> None:
    """Buyer gathers money from kin and pays the agent's escrow just under the transfer limit, several
    days running."""
    kin, cap = w.circle(w.r.randint(3, 8)), w.m(w.r.choice((49999, 50000, 20000)), 1)
    a, esc = w.new("property_buyer", w.lu(1e5, 6e5), live=1.2), w.new("property_escrow", w.lu(2e5, 2e6))
    w.pot[a] += w.bal[a] * 3 // 4
    burst(w, a, kin, w.spread(5000, 5e4, 1000), (9, 21), "transfer", "loan", 2, lambda t,
          m: w.sweep(t, a, esc, 1, memo=w.memo("neutral"), cap=cap))
    w.nightly(esc, lambda: w.anyone(.3), 15, .97, 2, cap=cap)


@honest(.5, 1)
def factor(w: World) -> None:
    """Factoring house: advances 80 to 97 per cent of an invoice, collects the whole later."""
    a, rate = w.new("factor", w.lu(8e5, 4e6)), w.r.uniform(.8, .97)

    def day(d: int, t0: int) -> None:
        for _ in range(w.pois(1.5)):
            m, f = w.m(w.lu(5000, 1e5)), w.one_of(w.firms)
            w.pay(t0 + w.when((9, 17)), a, w.one_of(w.wholesalers) if w.r.random() < .4
                  else w.one_of(w.firms), int(m * rate), memo=w.memo("goods", .7))
            w.pay(t0 + w.when((9, 17)), w.one_of(w.firms), a, w.m(w.lu(5000, 1e5)), memo=w.memo("goods", .7))
            w.pay(t0 + w.when((9, 17)) + int(w.lu(1, 40)) * DAY, f, a, m, memo=w.memo("goods", .7),
                  mode="wait")
    w.actors.append(day)


@honest(.8, 1)
def farm_buyer(w: World) -> None:
    """Harvest: a processor's lump at dawn, paid out to growers by weight and in cash from the machine by
    noon."""
    a, firm, kg = w.new("farm_buyer", w.lu(1e4, 8e4), live=1), w.one_of(w.firms), w.r.uniform(1.5, 9)
    farmers, odds, cash = w.circle(int(w.lu(15, 60)), .4), w.r.uniform(.3, 1), w.r.random()

    def day(d: int, t0: int) -> None:
        if w.r.random() < odds:
            sums = [w.m(kg * w.r.randint(80, 900), .1) for _ in range(w.r.randint(4, 18))]

            def out(t: int, m: int) -> None:
                for x in sums:
                    t += int(w.lu(2, 40) * MIN)
                    if w.r.random() < cash * .4:
                        w.pay(t, a, w.banks[0], w.m(w.r.choice((2000, 5000, 10000)), 1000), "atm")
                    else:
                        w.pay(t, a, w.one_of(farmers), x, "transfer", w.memo("farm", .6))
            w.pay(t0 + w.when((4, 7)), firm, a, w.m(sum(sums) / w.minor / w.k * 1.03, 1000),
                  memo=w.memo("farm", .5), then=out)
    w.actors.append(day)


@honest(1, 2)
def sub_agent(w: World) -> None:
    """Bill-payment kiosk: customers' bills in, remitted upward the same hour less one per cent."""
    a, top = w.new("sub_agent", w.lu(3000, 3e4), live=.7), w.new("head_agent", w.lu(2e4, 2e5))
    up = w.quick(top, w.one_of(w.billers), (10, 90), w.r.uniform(.992, .998), "order", .4)
    w.collect(a, w.lu(4, 22), lambda: w.anyone(.25), w.spread(30, 600, .01), (8, 21), "scan", "phone", .2,
              then=w.quick(a, top, (2, w.lu(10, 60)), w.r.uniform(.98, .995), "order", .4, then=up))


@honest(1.8, 2)
def family_pass(w: World) -> None:
    """Wages and helpers' pay passed on whole within minutes to the spouse, who pays bank and school."""
    a, b = w.new("family_earner", w.lu(500, 9000), live=.8), w.new("family_keeper", w.lu(5000, 6e4), live=2)
    w.collect(a, w.lu(.1, 1.2), lambda: w.one_of(w.firms), w.spread(300, 9000, 10), (9, 19), "transfer",
              "wage", .7, then=w.quick(a, b, (1, 90), w.r.choice((1, 1, .9)), "friend", .2))
    w.nightly(b, w.one_of(w.banks), 10, .5, w.r.randint(3, 9), "loan")


@honest(1.3, 1)
def kid(w: World) -> None:
    """School child: red packets from kin on feast days, snacks and games, often handed to a parent."""
    a, kin = w.new("kid", w.lu(20, 900), live=.7), w.circle(w.r.randint(5, 14))
    burst(w, a, kin, lambda t: w.m(w.r.choice((50, 66, 88, 100, 200, 200)), 1), (8, 22), "red_packet", "gift",
          3, lambda t, m: w.sweep(t, a, kin[0], w.r.choice((1, .8, .01))))
    w.collect(a, .3, lambda: w.one_of(kin[:2]), w.prices(10, 100, 3, 10), (7, 20), "red_packet", "friend")


@honest(1.3, 1)
def reimbursed(w: World) -> None:
    """Travelling employee: pays hotels and suppliers, gets the exact sum back from the employer (order
    reversed)."""
    a, firm = w.new("reimbursed_employee", w.lu(1e4, 6e4), live=1.8), w.one_of(w.firms)

    def day(d: int, t0: int) -> None:
        if w.r.random() < .35:
            def paid(t: int, m: int) -> None:
                w.pay(t + int(w.lu(5, 120) * HOUR), firm, a, m, memo=w.memo("reimb", .8))
            w.pay(t0 + w.when((8, 23)), a, w.one_of(w.firms), w.m(w.lu(100, 4000)), "card", None, paid)
    w.actors.append(day)


@honest(.8, 1)
def small_lender(w: World) -> None:
    """Pawn and small loans: round principal out, the same sum and constant interest back from the same
    person."""
    a, fee = w.new("small_lender", w.lu(1e5, 8e5), live=1), w.r.uniform(1.01, 1.12)
    q = w.r.choice((100, 1000))

    def day(d: int, t0: int) -> None:
        for _ in range(w.pois(1.6)):
            p, m, t = w.anyone(.3), w.m(w.lu(500, 2e4), q), t0 + w.when((9, 22))
            w.pay(t, a, p, m, "transfer", w.memo("loan"))
            w.pay(t + int(w.lu(1, 30) * DAY), p, a, int(m * fee), "transfer", w.memo("loan"), mode="wait")
        if w.r.random() < .8:
            w.pay(t0 + w.when((9, 22)), w.anyone(.3), a, w.m(w.lu(100, 3000)), "transfer", w.memo("loan"),
                  mode="shrink")
    w.actors.append(day)


@honest(1.2, 1)
def cod_courier(w: World) -> None:
    """Cash-on-delivery courier: strangers scan his own code, the exact total goes to the depot every
    evening."""
    a = w.new("cod_courier", w.lu(1000, 9000), live=1.2)
    w.collect(a, w.lu(4, 20), lambda: w.anyone(.3), w.spread(20, 800, .1), (9, 20), "scan", "order", .1)
    w.nightly(a, w.one_of(w.firms), w.r.uniform(19.5, 22), 1)


@honest(.8, 1)
def card_room(w: World) -> None:
    """Mahjong room: table fees at night, players pay one another round sums back and forth."""
    a, players = w.new("card_room", w.lu(2000, 2e4), live=1), w.circle(int(w.lu(8, 25)))

    def day(d: int, t0: int) -> None:
        for _ in range(w.pois(6)):
            t, (p, q) = t0 + w.when((20, 28)), w.r.sample(players, 2)
            w.pay(t, p, q, w.m(w.lu(20, 800), 10), w.r.choice(("transfer", "red_packet")))
            w.pay(t + 5 * MIN, q, a, w.m(w.r.choice((20, 30, 50)), 10), "scan")
    w.actors.append(day)


@honest(.9, 1)
def foreman(w: World) -> None:
    """Building crew: project lumps from a contractor, cash from the machine and wages the same day."""
    a, crew = w.new("foreman", w.lu(1e4, 1e5), live=1.3), w.circle(w.r.randint(6, 30), .3)
    firm = w.one_of(w.firms)
    odds = w.r.uniform(.1, .4)

    def day(d: int, t0: int) -> None:
        if w.r.random() < odds:
            def out(t: int, m: int) -> None:
                for p in w.r.sample(crew, len(crew) // 2):
                    t += int(w.lu(.3, 30) * MIN)
                    w.pay(t, a, p, m // len(crew) // w.minor * w.minor, "transfer", w.memo("wage"))
                for _ in range(w.r.randint(0, 4)):
                    t += int(w.lu(1, 6) * MIN)
                    w.pay(t, a, w.banks[0], w.m(w.r.choice((5000, 10000, 20000)), 1000), "atm")
            w.pay(t0 + w.when((9, 18)), firm, a, w.m(w.lu(1e4, 9e4), 1000), memo=w.memo("goods"), then=out)
    w.actors.append(day)


@honest(1.2, 1)
def own_trader(w: World) -> None:
    """Heavy trader of own money: large sums to and from exchanges at odd hours; no stranger ever pays him."""
    a, ex, rate = w.new("own_trader", w.lu(8e4, 9e5), live=1.5), w.r.sample(w.exchanges, 2), w.lu(.5, 4)
    w.mistakes.append(a)

    def day(d: int, t0: int) -> None:
        for _ in range(w.pois(rate)):
            x, t, m = w.one_of(ex), t0 + w.when((8, 28)), w.m(w.lu(1000, 6e4), w.r.choice((1, 100, 1000)))
            a_, b_ = (a, x) if w.r.random() < .55 else (x, a)
            w.pay(t, a_, b_, m, "transfer", w.memo("order", .3), mode="shrink")
    w.actors.append(day)


@honest(.3, 4)
def cash_pool(w: World) -> None:
    """Chain of branches: funded with round sums in the morning, everything back to the parent at night."""
    top = w.new("pool_parent", w.lu(3e5, 2e6))
    for _ in range(3):
        a, m = w.new("pool_branch", w.lu(2000, 2e4)), w.m(w.lu(3000, 5e4), 1000)
        w.collect(a, w.lu(4, 15), lambda: w.anyone(.2), w.spread(30, 1500), (9, 20), "card", "goods", .1)

        def day(d: int, t0: int, a: int = a, m: int = m) -> None:
            w.pay(t0 + w.when((7.5, 8.5)), top, a, m, "transfer", w.memo("neutral"), w.into(a))
            if w.r.random() < .6:
                w.pay(t0 + w.when((10, 17)), a, w.one_of(w.firms), int(m * w.r.uniform(.1, .9)),
                      memo=w.memo("goods"))
        w.actors.append(day)
        w.nightly(a, top, w.r.uniform(20.5, 23), 1)
    w.nightly(top, w.one_of(w.firms), 11, .5, 4, "goods")


@honest(.8, 1)
def car_broker(w: World) -> None:
    """Used-car agent: buyer pays seller directly, a fee of two or three per cent reaches the agent the
    same day."""
    a, fee = w.new("car_broker", w.lu(1e4, 9e4), live=1.4), w.r.uniform(.015, .03)
    w.mistakes.append(a)

    def day(d: int, t0: int) -> None:
        for _ in range(w.pois(.4)):
            b, s, m, t = w.anyone(.4), w.anyone(.3), w.m(w.lu(8000, 1.2e5), 1000), t0 + w.when((9, 19))
            w.pay(t, b, s, m, "transfer", w.memo("goods", .3), mode="shrink", then=lambda t, x,
                  p=w.r.choice((b, s)): w.pay(t + int(w.lu(5, 300) * MIN), p, a,
                                              w.m(x * fee / w.minor / w.k, 100), "transfer",
                                              w.memo("neutral")))
    w.actors.append(day)


# ------------------------------------------------------------------ guilty designs
def member(w: World, role: str, ring: str, straw: bool, opening: float = 0) -> int:
    """An account of a ring; people's own accounts keep an ordinary life, bought ones have none."""
    open_ = opening or (w.lu(20, 900) if straw else w.lu(2000, 4e4))
    return w.new(role, open_, 0 if straw else w.lu(.6, 2.6), 1, ring)


def habit(w: World) -> tuple[str, float]:
    """What a ring tells its payers to write: nothing, bland words, cover goods, order digits, or slips."""
    return w.r.choice((("neutral", 0), ("neutral", .5), ("goods", .6), ("order", .7), ("friend", .3),
                       ("coin", .12), ("trap", .2), ("food", .3)))


def source(w: World) -> Pick:
    """Where a ring gets its coins: one or two exchanges, a wholesale house, or people who sell theirs."""
    u = w.r.random()
    if w.coin_houses and u < .35:
        h = w.one_of(w.coin_houses)
        return lambda: h
    if u < .7:
        e = w.r.sample(w.exchanges, w.r.randint(1, 2))
        return lambda: w.one_of(e)
    s = [w.coin_client() for _ in range(w.r.randint(2, 25))]
    return lambda: w.one_of(s)


def limit(w: World) -> int:
    return w.m(w.r.choice((5000, 10000, 20000, 49999, 50000)), 1) if w.r.random() < .5 else 0


@guilty(1, 3)
def coin_house(w: World, ring: str, k: int) -> None:
    """Wholesale house behind a trading company: dealers' lumps in as 'goods', exchanges and firms out;
    real trade too."""
    memo, every = w.r.choice((("goods", .8), ("neutral", .3))), w.r.randint(1, 3)
    ex = w.r.sample(w.exchanges, 2)
    for _ in range(k):
        a = w.new("coin_wholesaler", w.lu(1e5, 1.5e6), 0, 1, ring)
        w.coin_houses.append(a)
        pay = w.quick(a, lambda: w.one_of(ex), (20, w.lu(60, 900)), w.r.uniform(.97, .998), *memo)
        w.collect(a, w.lu(1, 5), lambda: w.coin_client() if w.r.random() < .6 else w.one_of(w.firms),
                  w.coin_amount(w.r.choice(("fiat", "coin")), 8000, w.lu(3e4, 2e5), .003), (9, 24),
                  "transfer", *memo, then=pay, mode="shrink")
        w.nightly(a, lambda: w.one_of(ex), w.r.uniform(10, 26), .98, every, *memo, cap=limit(w))
        w.collect(a, 1, lambda: w.one_of([s for s, _ in w.shops]), w.spread(300, 4000, 1), (8, 17),
                  "transfer", "goods", .7)
        w.nightly(a, w.one_of(w.firms), 16, .3, 2, "goods", rest=True)


@guilty(1, 5)
def ad_desk(w: World, ring: str, k: int) -> None:
    """Advertiser on an exchange's board: sells to and buys from strangers on rotating cards, thin spread,
    full life."""
    r, memo, style = w.r, habit(w), w.r.choice(("fiat", "coin", "odd", "int"))
    cards = [member(w, "desk_card", ring, r.random() < .25, w.lu(2e4, 4e5)) for _ in range(k)]
    w.ads += cards
    lo = w.lu(100, 2500)
    hi, rate, sells = lo * w.lu(6, 60), w.lu(3, 9 + 4 * k), r.uniform(.35, .85)
    ask, bid = (w.coin_amount(style, lo, hi, s) for s in (r.uniform(.002, .02), -r.uniform(-.002, .01)))
    regular = [w.coin_client() for _ in range(r.randint(2, 25))]
    hours = r.choice(((8, 24), (10, 26), (19, 28), (9, 18)))
    loyal, rotate, src = r.uniform(.05, .6), r.choice(("day", "any", "client")), source(w)
    ch = r.choice(("transfer", "scan"))

    def day(d: int, t0: int) -> None:
        for _ in range(w.pois(rate)):
            t, c = t0 + w.when(hours), w.coin_client(regular, loyal)
            a = cards[{"day": d, "any": r.randrange(k), "client": c}[rotate] % k]
            if r.random() < sells:
                w.pay(t, c, a, ask(t), ch, w.memo(*memo), w.into(a), "shrink")
            else:
                w.pay(t, a, c, bid(t), "transfer", w.memo(*memo), mode="shrink")
    w.actors.append(day)
    for a in cards:
        w.nightly(a, src, r.uniform(9, 26), r.uniform(.3, 1), r.randint(1, 3), *memo, cap=limit(w),
                  q=r.choice((.01, 100)))
        if k > 1:
            w.nightly(a, cards[0], r.uniform(9, 23), .5, 2, q=100, rest=True)


@guilty(3, 9)
def mirror_remit(w: World, ring: str, k: int) -> None:
    """Underground remittance by coin: few large clients, lumps cut over cards, hub buys coins wholesale;
    payout abroad."""
    r, memo, cap = w.r, r_memo(w), w.m(w.r.choice((49000, 49900, 50000, 20000, 100000)), 100)
    hub = member(w, "remit_hub", ring, r.random() < .3, w.lu(5e4, 5e5))
    cards = [member(w, "remit_card", ring, r.random() < .6) for _ in range(k - 1)]
    rate, size, src, lag = w.lu(.6, 3), w.lu(2e4, 2.5e5), source(w), (w.lu(3, 60), w.lu(90, 900))
    fee = r.uniform(.975, .998)
    clients = [w.one_of(w.firms) if r.random() < .35 else w.coin_client() for _ in range(r.randint(5, 25))]
    buy = w.quick(hub, src, (10, w.lu(60, 1500)), r.uniform(.97, 1), *memo, q=r.choice((.01, 100)))

    def day(d: int, t0: int) -> None:
        for _ in range(w.pois(rate)):
            c, m, t = w.one_of(clients), w.m(size * w.lu(.3, 2.2), 1000), t0 + w.when((9, 22))
            while m > 0:
                a, x = w.one_of(cards), min(m, cap)
                w.pay(t, c, a, x, "transfer", w.memo(*memo), w.into(a,
                        w.quick(a, hub, lag, fee, *memo, then=buy)), "shrink")
                m, t = m - x, t + int(w.lu(1, 40) * MIN)
    w.actors.append(day)


def r_memo(w: World) -> tuple[str, float]:
    return w.r.choice((("goods", .7), ("loan", .4), ("neutral", 0), ("neutral", .6), ("travel", .3)))


@guilty(2, 8)
def cash_runner(w: World, ring: str, k: int) -> None:
    """Victims' and gamblers' money to a bought card, over to runners, out at machines in lumps; coins
    paid in cash."""
    r, life = w.r, w.r.randint(1, max(1, min(6, w.days)))
    top = max(1, k // 3)
    catch = [member(w, "catch_card", ring, True) for _ in range(top)]
    runners = [member(w, "cash_runner", ring, r.random() < .5) for _ in range(k - top)]
    note, hours = w.m(r.choice((20000, 10000, 5000, 2500)), 100), r.choice(((9, 23), (0, 6), (18, 26)))
    lag = (2, w.lu(6, 90))

    def draw(a: int) -> Then:
        return w.quick(a, w.banks[0], (3, w.lu(10, 120)), r.uniform(.95, 1), "neutral", 0, note, "atm", q=100)
    for i, a in enumerate(catch):
        first = r.randrange(w.days) if i else 0
        w.collect(a, w.lu(3, 9), w.dirty_payer, w.coin_amount(r.choice(("fiat", "int", "odd")), 800, 3e4, 0),
                  hours, "transfer", *habit(w), mode="shrink", on=lambda d, f=first: f <= d < f + life,
                  then=lambda t, m, a=a: w.quick(a, (x := w.one_of(runners)), lag, 1, "neutral", .1,
                                                 then=draw(x))(t, m))


@guilty(5, 14)
def deposit_pool(w: World, ring: str, k: int) -> None:
    """Score-running pool: a runner pays a deposit up first, then earns it back with a cut from gamblers'
    scans."""
    r, cut, style = w.r, w.r.uniform(.006, .03), w.r.choice(("menu", "cents", "odd"))
    treasury = member(w, "pool_treasury", ring, True, 5000)
    head = member(w, "pool_head", ring, r.random() < .4)
    amount = w.prices(50, 1500, r.randint(2, 6), 50) if style == "menu" else w.coin_amount(style, 60, 3000, 0)
    lag, src, ch = (w.lu(2, 60), w.lu(70, 600)), source(w), r.choice(("scan", "scan", "scan", "transfer"))
    hours = r.choice(((8, 24), (12, 27), (19, 29)))
    memo = r.choice((("neutral", 0), ("food", .3), ("order", .5)))
    out = w.quick(treasury, src, (10, w.lu(30, 700)), r.uniform(.96, 1), cap=limit(w))
    for _ in range(k - 2):
        a, size = member(w, "pool_runner", ring, False, w.lu(3000, 4e4)), w.lu(1000, 2e4)
        odds = r.uniform(.2, 1)

        def day(d: int, t0: int, a: int = a, size: float = size, odds: float = odds) -> None:
            def start(t: int, m: int) -> None:
                w.pot[head] += m
                w.quick(head, treasury, lag, r.uniform(.985, 1), then=out)(t, m)
                got = 0
                while got < m * (1 + cut):
                    x, t = amount(t), t + int(w.lu(.5, 45) * MIN)
                    w.pay(t, w.one_of(w.kind["gambler"]) if r.random() < .5 else w.one_of(w.visitors), a, x,
                          ch, w.memo(*memo))
                    got += x
            if r.random() < odds:
                w.pay(t0 + w.when(hours), a, head, w.m(size * w.lu(.6, 1.5), 100), "transfer",
                      w.memo("neutral", .2), start, "shrink")
        w.actors.append(day)


@guilty(5, 15)
def straw_chain(w: World, ring: str, k: int) -> None:
    """Bought cards in three layers, one-yuan test first, a few days each; the last layer pays honest coin
    sellers."""
    r, n = w.r, max(1, k // 4)
    last = [member(w, "buyer_card", ring, r.random() < .7) for _ in range(n)]
    mid = [member(w, "split_card", ring, True) for _ in range(max(1, (k - n) // 2))]
    front = [member(w, "catch_card", ring, True) for _ in range(k - n - len(mid))]
    fast, memo, split, life = w.lu(1, 40), habit(w), limit(w), r.randint(1, 4)
    sellers = [w.coin_client() for _ in range(r.randint(8, 60))]
    amount = w.coin_amount(r.choice(("coin", "fiat", "odd")), 1500, w.lu(8000, 5e4), r.uniform(0, .03))

    def spend(b: int) -> Then:
        def go(t: int, m: int) -> None:
            left = min(w.pot[b], w.bal[b])
            w.pot[b] = 0
            while left > 0:
                x = min(left, amount(t)) if left < amount(t) * 3 else amount(t)
                t += int(w.lu(.5, 12 * fast) * MIN)
                w.pay(t, b, w.one_of(sellers), x, "transfer", w.memo(*memo))
                left -= x
        return lambda t, m: w.at(t + int(w.lu(1, 3 * fast) * MIN), lambda: go(w.now, m))
    for i, a in enumerate(front):
        f = r.randrange(max(1, w.days - life + 1))
        w.actors.append(lambda d, t0, a=a, f=f: w.pay(t0 + w.when((7, 9)), last[0], a, w.m(1, 1)) if d == f
                        else None)

        def pass_on(t: int, m: int, a: int = a) -> None:
            b, c = w.one_of(mid), w.one_of(last)
            w.quick(a, b, (.5, fast), 1, *memo, cap=split, then=w.quick(b, c, (.5, fast), 1, *memo,
                    then=spend(c)))(t, m)
        w.collect(a, w.lu(2, 10), w.dirty_payer, w.spread(300, w.lu(5e3, 6e4), r.choice((.01, 1, 100))),
                  (9, 25), "transfer", *memo, then=pass_on, on=lambda d, f=f: f <= d < f + life,
                  mode="shrink")


@guilty(2, 5)
def shop_front(w: World, ring: str, k: int) -> None:
    """Real corner shop whose code also takes coin clients' larger, later payments; nightly sweep; owner
    buys coins."""
    r, src = w.r, source(w)
    owner = member(w, "front_owner", ring, False, w.lu(1e4, 2e5))
    for _ in range(k - 1):
        till = w.new("shop_front", w.lu(300, 9000), 0, 1, ring)
        price = w.prices(6, 50, r.randint(3, 7), 1) if r.random() < .5 else w.spread(5, 200)
        w.shops.append((till, price))
        coin = w.coin_amount(r.choice(("fiat", "coin", "cents", "int")), w.lu(200, 800), w.lu(1500, 9000),
                             r.uniform(.005, .03))
        regular = [w.coin_client() for _ in range(r.randint(4, 30))]
        w.collect(till, w.lu(2, 14), lambda reg=regular: w.coin_client(reg, .5), coin,
                  r.choice(((10, 27), (19, 26), (9, 21))), "scan", "food", .2, mode="shrink")
        w.nightly(till, owner, r.uniform(21, 23.7), r.choice((1, .994)))
    w.nightly(owner, src, r.uniform(9, 26), r.uniform(.6, .95), r.randint(1, 2), "goods", .4, cap=limit(w),
              rest=True)
    w.nightly(owner, w.one_of(w.wholesalers or w.firms), 9, .25, 3, "goods", .6, rest=True)


@guilty(3, 7)
def slow_topup(w: World, ring: str, k: int) -> None:
    """Discount phone credit: customers pay the agent 90-97, dirty cards pay the phone company 100; clean
    money buys coins."""
    r, disc, src = w.r, w.r.uniform(.88, .97), source(w)
    agents = [member(w, "topup_agent", ring, False) for _ in range(max(1, k // 3))]
    dirty = [member(w, "topup_payer", ring, True) for _ in range(k - len(agents))]
    w.ads += agents[:1]
    for a in dirty:
        w.collect(a, w.lu(.2, 1.2), w.dirty_payer, w.spread(300, 5000, 10), (9, 24), "transfer", *habit(w),
                  mode="shrink")
    for a in agents:
        rate, face = w.lu(6, 25), (50, 100, 100, 200, 300, 500)

        def day(d: int, t0: int, a: int = a, rate: float = rate) -> None:
            for _ in range(w.pois(rate)):
                x, t, b = r.choice(face), t0 + w.when((8, 24)), w.one_of(dirty)
                w.pay(t, w.anyone(.3), a, w.m(x * disc, .1), r.choice(("scan", "transfer")),
                      w.memo("phone", .4), w.into(a))
                w.pay(t + int(w.lu(.1, 60) * HOUR), b, w.billers[1], w.m(x, 10), "bill", w.memo("phone", .3),
                      mode="wait")
        w.actors.append(day)
        w.nightly(a, src, r.uniform(12, 26), r.uniform(.8, 1), r.randint(1, 2), q=r.choice((.01, 100)))


@guilty(3, 8)
def counter_desk(w: World, ring: str, k: int) -> None:
    """Street counter: clerks take round-coin orders in shop hours on own accounts, till to owner, owner
    buys at exchanges."""
    r, hours, memo, src = w.r, (w.r.uniform(9, 12), w.r.uniform(18, 23)), habit(w), source(w)
    owner = member(w, "counter_owner", ring, r.random() < .3, w.lu(1e5, 1e6))
    style, lo = r.choice(("coin", "coin", "fiat", "int")), w.lu(300, 5000)
    buy_share, shut = r.uniform(0, .45), r.choice((5, 6, 9))
    instant = r.random() < .4
    for i in range(k - 1):
        a = member(w, "counter_clerk", ring, False, w.lu(8000, 9e4))
        w.ads += [a] if i == 0 else []
        regular = [w.coin_client() for _ in range(10)]
        ask = w.coin_amount(style, lo, lo * w.lu(5, 40), r.uniform(.003, .025))
        bid = w.coin_amount(style, lo, lo * 12, -r.uniform(.001, .02))
        go = w.quick(a, owner, (5, 200), 1, *memo)
        rate = w.lu(2, 9)
        w.collect(a, rate, lambda reg=regular: w.coin_client(reg, .35), ask, hours,
                  r.choice(("transfer", "scan", "card")), *memo, then=go if instant else None,
                  on=lambda d: (w.date0.weekday() + d) % 7 < shut, mode="shrink")

        def day(d: int, t0: int, a: int = a, rate: float = rate, bid: Amount = bid) -> None:
            for _ in range(w.pois(rate * buy_share)):
                t, c = t0 + w.when(hours), w.coin_client()
                m = bid(t)
                w.pay(t, owner, a, m, "transfer", None, lambda t, x, a=a,
                      c=c: w.pay(t + int(w.lu(1, 20) * MIN), a, c, x, "transfer", w.memo(*memo)))
        w.actors.append(day)
        if not instant:
            w.nightly(a, owner, hours[1] + .4, r.uniform(.9, 1), 1)
    w.nightly(owner, src, r.uniform(9, 23), r.uniform(.6, .98), r.randint(1, 3), "goods", .2, cap=limit(w),
              rest=True)


@guilty(4, 12)
def uplines(w: World, ring: str, k: int) -> None:
    """Coin pyramid: members buy fixed packages from leaders, money climbs the tree, weekly 'dividends'
    come down."""
    r, pack, keep = w.r, w.prices(500, 9000, w.r.randint(1, 3), 100), w.r.uniform(.85, .96)
    top = member(w, "scheme_treasury", ring, True, w.lu(2e4, 2e5))
    lead = [top] + [member(w, "scheme_leader", ring, False) for _ in range(k - 1)]
    flock = [w.one_of(w.kind["scheme_member"]) if r.random() < .6 else w.anyone(.6)
             for _ in range(max(12, 8 * k))]
    src, every, lag = source(w), r.choice((3, 5, 7)), (w.lu(5, 60), w.lu(120, 1500))
    home = {p: r.randrange(1, k) for p in flock}
    joined: set[int] = set()

    def climb(i: int) -> Then:
        return w.quick(lead[i], lead[(i - 1) // 2], lag, keep, "neutral", .3,
                       then=climb((i - 1) // 2)) if i else None

    def day(d: int, t0: int) -> None:
        for p in flock:
            if r.random() < (.28 if d % every == 0 else .05):
                i = home[p]
                w.pay(t0 + w.when((9, 24)), p, lead[i], pack(0), r.choice(("transfer", "scan")),
                      w.memo("friend", .1), w.into(lead[i], lambda t, m, p=p,
                                                   i=i: (joined.add(p), climb(i)(t, m))), "drop")
        if d % every == every - 1:
            t = t0 + 10 * HOUR
            for p in sorted(joined):
                t += r.randint(300, 20000)
                w.pay(t, top, p, w.m(pack(0) / w.minor / w.k * r.uniform(.05, .2), .1), "transfer",
                      w.memo("neutral", .2))
    w.actors.append(day)
    w.nightly(top, src, r.uniform(10, 25), r.uniform(.4, .8), r.randint(1, 3), cap=limit(w), q=100)


@guilty(5, 14)
def platform(w: World, ring: str, k: int) -> None:
    """Unlicensed trading or betting platform: deposit cards changed by the hour, separate payout cards, a
    treasury."""
    r, src = w.r, source(w)
    safe = member(w, "platform_treasury", ring, True, w.lu(5e4, 6e5))
    n = max(1, (k - 1) // 3)
    outs = [member(w, "payout_card", ring, True, w.lu(5000, 3e4)) for _ in range(n)]
    ins = [member(w, "deposit_card", ring, r.random() < .75) for _ in range(k - 1 - n)]
    rate, slot = w.lu(6, 8 + 5 * k), r.choice((2, 4, 8, 24))
    memo = r.choice((("order", .8), ("neutral", 0), ("neutral", .3)))
    amount = w.coin_amount(r.choice(("cents", "fiat", "odd", "coin")), w.lu(50, 400), w.lu(2000, 2e4), .005)
    full, back = w.m(w.lu(4000, 5e4), 1000), r.uniform(.5, .95)
    users = [w.one_of(w.kind["gambler"]) if r.random() < .4 else w.coin_client()
             for _ in range(int(w.lu(30, 160)))]

    def full_then(a: int) -> Then:
        def go(t: int, m: int) -> None:
            if w.pot[a] > full:
                w.at(t + int(w.lu(1, 30) * MIN), lambda: w.sweep(w.now, a, safe, r.choice((1, .98)),
                        q=r.choice((1, 100)), rest=True))
        return go

    def day(d: int, t0: int) -> None:
        for _ in range(w.pois(rate)):
            t, u = t0 + w.when((8, 28)), w.one_of(users)
            a = ins[(t // HOUR // slot) % len(ins)]
            x = amount(t)
            w.pay(t, u, a, x, r.choice(("transfer", "scan")), w.memo(*memo), w.into(a, full_then(a)),
                  "shrink")
            if r.random() < back:
                o = w.one_of(outs)
                w.pay(t + int(w.lu(.3, 60) * HOUR), o, u, int(x * w.lu(.3, 1.9)) or 1, "transfer",
                      w.memo(*memo), mode="wait")
        for o in outs:
            w.at(t0 + w.when((8, 22)), lambda o=o: w.bal[o] < full and w.pay(w.now, safe, o,
                    w.m(w.lu(5000, 4e4), 1000), "transfer"))
    w.actors.append(day)
    w.nightly(safe, src, r.uniform(0, 23), .4, 2, cap=limit(w), q=100, rest=True)


@guilty(1, 2)
def quiet_dealer(w: World, ring: str, k: int) -> None:
    """Small dealer among acquaintances, a trade or two a day, full life, restocks weekly through a
    spouse. Hard."""
    a, r = member(w, "quiet_dealer", ring, False, w.lu(1e4, 1e5)), w.r
    b = member(w, "dealer_spouse", ring, False, w.lu(5000, 5e4)) if k > 1 else a
    book = [w.coin_client() for _ in range(r.randint(6, 30))]
    ask = w.coin_amount(r.choice(("fiat", "coin")), 200, 8000, .02)
    memo, src, sells = r.choice((("friend", .4), ("neutral", 0), ("coin", .15))), source(w), r.uniform(.5, .9)
    if r.random() < .4:
        w.ads.append(a)
    rate = w.lu(1, 4)

    def day(d: int, t0: int) -> None:
        for _ in range(w.pois(rate)):
            t, c = t0 + w.when((9, 25)), w.coin_client(book, .85)
            x, y = (c, a) if r.random() < sells else (a, c)
            w.pay(t, x, y, ask(t), r.choice(("transfer", "transfer", "scan", "red_packet")), w.memo(*memo),
                  w.into(a) if y == a else None, "shrink")
    w.actors.append(day)
    if b != a:
        w.nightly(a, b, r.uniform(18, 23), .9, r.randint(1, 4), "friend", .2, q=100)
    w.nightly(b, src, r.uniform(10, 24), .95, r.randint(2, 6), "neutral", .2, q=r.choice((1, 500)))


@guilty(5, 12)
def brick_crew(w: World, ring: str, k: int) -> None:
    """'Brick movers': organiser lends recruits round capital, they buy at an exchange, sell to strangers,
    return at night."""
    r, ex = w.r, w.r.sample(w.exchanges, 2)
    boss = member(w, "crew_organiser", ring, False, w.lu(2e5, 1.2e6))
    start, h, turns, memo = w.lu(4000, 3e4), r.uniform(8, 12), r.randint(1, 2), habit(w)
    wage, style = w.lu(100, 400), r.choice(("coin", "int", "odd"))
    for i in range(k - 1):
        a, odds = member(w, "crew_member", ring, False), r.uniform(.5, 1)
        w.ads += [a] if r.random() < .3 else []

        def day(d: int, t0: int, a: int = a, odds: float = odds) -> None:
            if r.random() > odds:
                return

            def bought(t: int, x: int) -> None:
                w.pot[a] -= x
                sell(t, x)

            def buy(t: int, m: int) -> None:
                w.pot[a] = m
                for i in range(turns):
                    at = t + int(w.lu(5, 60) * MIN) + i * 4 * HOUR
                    part = m if i == 0 else int(m * r.uniform(.5, .9))
                    w.pay(at, a, w.one_of(ex), part, "transfer", w.memo("order", .3), bought, "shrink")

            def sell(t: int, x: int) -> None:
                left = int(x * r.uniform(1.002, 1.02))
                while left > 0:
                    lot = w.coin_amount(style, start * .05, start * .5, .01)(t)
                    t += int(w.lu(3, 70) * MIN)
                    w.pay(t, w.coin_client(), a, min(left, lot), "transfer", w.memo(*memo), w.into(a),
                          "shrink")
                    left -= lot
            w.pay(t0 + int((h + r.uniform(0, .5)) * HOUR), boss, a, w.m(start, 5000), "transfer", None, buy)
            w.at(t0 + w.when((22, 23.9)), lambda: w.sweep(w.now, a, boss, max(.9, 1 - wage / start),
                    q=r.choice((.01, 10))))
        w.actors.append(day)
    w.nightly(boss, lambda: w.one_of(ex), 10, .05, 3, q=1000)


@guilty(1, 3)
def matchmaker(w: World, ring: str, k: int) -> None:
    """Broker: tells the buyer to pay the seller directly; only a small constant share of each trade
    reaches him. Hard."""
    r, fee, q = w.r, w.r.uniform(.004, .015), w.r.choice((.01, 1, 10))
    mine = [member(w, "matchmaker", ring, False, w.lu(1e4, 1e5)) for _ in range(k)]
    w.ads += mine[:1]
    rate, lo, style, own = w.lu(3, 10), w.lu(1500, 9000), r.choice(("coin", "fiat")), r.uniform(.05, .4)
    amount, both = w.coin_amount(style, lo, lo * 9, .008), r.random() < .4

    def day(d: int, t0: int) -> None:
        for _ in range(w.pois(rate)):
            b, s, t, a = w.coin_client(), w.coin_client(), t0 + w.when((9, 26)), w.one_of(mine)

            def cut(t: int, x: int, a: int = a, b: int = b, s: int = s) -> None:
                for p in (b, s) if both else (r.choice((b, s)),):
                    w.pay(t + int(w.lu(1, 60) * MIN), p, a, w.m(x * fee / w.minor / w.k, q),
                          r.choice(("transfer", "red_packet")))
            if r.random() < own:  # strangers who do not trust each other: the money passes through him
                w.pay(t, b, a, amount(t), "transfer", None, lambda t, x, a=a,
                      s=s: w.pay(t + int(w.lu(3, 90) * MIN), a, s, int(x * (1 - fee)), "transfer"), "shrink")
            else:
                w.pay(t, b, s, amount(t), "transfer", None, cut, "shrink")
    w.actors.append(day)


@guilty(1, 3)
def packet_dealer(w: World, ring: str, k: int) -> None:
    """Chat-group dealer in small tickets: an order arrives as several red packets of two hundred, or a
    game-seller cover."""
    r, src, cover = w.r, source(w), w.r.choice(("gift", "game", "neutral"))
    for _ in range(k):
        a, rate = member(w, "packet_dealer", ring, r.random() < .2), w.lu(3, 14)
        hours = r.choice(((18, 27), (9, 24)))
        w.ads.append(a)
        unit = w.m(200, 10)

        def day(d: int, t0: int, a: int = a, rate: float = rate, hours: Any = hours) -> None:
            for _ in range(w.pois(rate)):
                t, c, left = t0 + w.when(hours), w.coin_client(), w.m(w.lu(100, 1500), r.choice((50, 100, 1)))
                while left > 0:
                    w.pay(t, c, a, min(left, unit), "red_packet", w.memo(cover, .2), w.into(a))
                    left, t = left - unit, t + int(w.lu(4, 50) * SEC)
            for _ in range(w.pois(rate * .2)):
                w.pay(t0 + w.when(hours), a, w.coin_client(), w.m(w.lu(100, 900), 10), "transfer",
                      mode="shrink")
        w.actors.append(day)
        w.nightly(a, src, r.uniform(11, 26), r.uniform(.8, 1), r.randint(1, 2), q=r.choice((1, 100)),
                  rest=True)


# ------------------------------------------------------------------ writing
def names(w: World) -> list[str]:
    """Names that say nothing: one style a world, drawn at random."""
    style, seen = w.r.choice(("hex", "digits", "mixed")), {}
    while len(seen) < w.n:
        x = w.r.getrandbits(60)
        seen[f"{x:015x}" if style == "hex" else f"6{x % 10**17:017d}" if style == "digits"
                else f"ac-{x % 36**6:010d}"] = 1
    return list(seen)


def write(w: World, out: Path) -> None:
    """All five files of the world."""
    out.mkdir(parents=True, exist_ok=False)
    ids, r = names(w), w.r
    ts = np.frombuffer(w.ts, dtype=np.int64)
    order = np.argsort(ts, kind="stable")
    n, words, name = len(ts), list(w.words), pa.array(ids)
    text = pa.array(words, pa.string())

    def column(x: array, of: pa.Array) -> pa.Array:
        return of.take(pa.array(np.frombuffer(x, dtype=np.int32)[order]))
    table = pa.table({
        "tx_id": pa.array([f"p{i:09d}" for i in range(n)]),
        "ts": pa.array(ts[order] * 1000).cast(pa.timestamp("us", "UTC")),
        "seq": pa.array(np.arange(n, dtype=np.int64)), "payer": column(w.pa, name), "payee": column(w.pb,
                name),
        "amount_minor": pa.array(np.frombuffer(w.am, dtype=np.int64)[order]),
        "currency": pa.array([w.currency] * n), "channel": column(w.ch, text), "memo": column(w.me, text)})
    pq.write_table(table, out / "transactions.parquet", compression="zstd")

    def rows(file: str, head: str, body: list[tuple[Any, ...]]) -> None:
        with open(out / file, "w", newline="", encoding="utf-8") as f:
            csv.writer(f, lineterminator="\n").writerows([head.split(","), *body])
    stamp = lambda i: datetime.fromtimestamp(w.t0 / 1000 + 3600 * i,
                                             timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    rows("prices.csv", "ts,asset,quote,price", [(stamp(i), a, w.currency,
                                                 f"{p[i]:.4f}") for i in range(w.days * 24 + 1)
                                                for a, p in w.price.items()])
    rows("exchange_accounts.csv", "account,name", [(ids[a], f"Exchange {i + 1}") for i,
                                                   a in enumerate(w.known)])
    share = r.choice((0.1, .3, .4, .5, .6))
    seen = [a for a in w.ads if r.random() < share] + [a for a in w.mistakes if r.random() < .06]
    seen += r.sample(w.people, max(1, w.n // 1500))
    rows("contacts.csv", "account,source,first_seen", [
        (ids[a], r.choice(("p2p_board", "chat_group", "forum", "messenger_channel")),
         (w.date0 + timedelta(days=r.randint(-60, w.days - 1))).date().isoformat())
                 for a in dict.fromkeys(seen)])
    rows("labels.csv", "account,role,guilty,group", sorted(
        (ids[a], w.role[a], w.guilt[a], w.group[a]) for a in range(w.n)))


def summary(w: World) -> None:
    """Counts, money in and out, night share and balances by role."""
    a, b, m = (np.frombuffer(x, dtype=t) for x, t in ((w.pa, np.int32), (w.pb, np.int32), (w.am, np.int64)))
    hour = (np.frombuffer(w.ts, dtype=np.int64) // HOUR + w.tz) % 24
    unit = w.minor * w.k
    inn, out = (np.bincount(x, m, w.n) / unit for x in (b, a))
    nin, nout = (np.bincount(x, minlength=w.n) for x in (b, a))
    night = np.bincount(a, hour < 5, w.n) + np.bincount(b, hour < 5, w.n)
    size = Counter(w.role)
    print(f"{len(m)} payments, {w.n} accounts, {w.days} days, "
          f"{len(m) * 28 / w.n / w.days:.0f} legs an account in 14 d;")
    print(f"guilty {sum(w.guilt)}; known exchanges {len(w.known)}/{len(w.exchanges)}; "
          "figures are yuan, mean an account")
    head = ("role", "g", "n", "in #", "out #", "in", "out", "night", "left", "max left")
    print("{:22}{:>2}{:>6}{:>8}{:>8}{:>11}{:>11}{:>7}{:>11}{:>11}".format(*head))
    for role in sorted(size, key=lambda x: (w.guilt[w.role.index(x)], x)):
        i = [j for j in range(w.n) if w.role[j] == role]
        left = np.array([w.bal[j] for j in i]) / unit
        late = night[i].sum() / max(1, (nin[i] + nout[i]).sum())
        print(f"{role:22}{w.guilt[i[0]]:>2}{len(i):>6}{nin[i].mean():>8.1f}{nout[i].mean():>8.1f}"
              f"{inn[i].mean():>11.0f}{out[i].mean():>11.0f}{late:>7.2f}{left.mean():>11.0f}"
              f"{left.max():>11.0f}")


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--seed", type=int, required=True)
    p.add_argument("--accounts", type=int, default=5000)
    p.add_argument("--days", type=int, default=14)
    p.add_argument("--guilty", type=float, default=.02)
    p.add_argument("--currency", default="CNY")
    q = p.parse_args()
    w = World(q.seed, q.accounts, q.days, q.guilty, q.currency)
    w.run()
    write(w, q.out)
    summary(w)


if __name__ == "__main__":
    main()
