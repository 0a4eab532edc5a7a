# SPDX-License-Identifier: Apache-2.0
"""Payment worlds of a port city, with labels: who settles unlicensed coin trades, and who only looks so.

Written from a forensic accountant's side: the coin leg is nearly always *off* the ledger, so guilt shows in
whom an account pays, who pays it, and what is missing (no duty, wages, stock, bank conversion) -- seldom
in speed.

All sums in the code are in "yuan-like" units and are turned into the world's currency with its own habits.
Hard or impossible to tell, even with the whole history:
 * freight_shadow: the firm itself (its desk's cards are easier); offset_house `in` cards with few receipts;
 * deposit_pool runners who did one or two quotas, rented_qr shops on worlds of 1-3 days;
 * the owner's private card behind a rented_qr shop (labelled honest: it only sees the shop's own takings);
 * straw accounts used once; a payroll_coin bureau seen without its feeders' history;
 * honest crew/remittance payers and second-hand gold dealers look guilty until the funder or the stock is
 read. """
from __future__ import annotations

import argparse
import csv
import datetime as dt
import heapq
import math
import random
from collections import Counter, defaultdict
from pathlib import Path
from typing import Callable

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

H, DAY = 3_600_000, 86_400_000
Amt = Callable[[], int]
Who = Callable[[], int]

# currency: (units per USD, units per yuan-like, minor per major, cash step, tz, language, small channels)
CUR: dict[str, tuple] = {
    "CNY": (7.2, 1.0, 100, .01, 8, "zh", "scan:82 card:4 transfer:10 bill:4"),
    "HKD": (7.8, 1.7, 100, .1, 8, "zh", "scan:35 card:50 transfer:15"),
    "USD": (1.0, .30, 100, .01, -5, "en", "card:90 transfer:10"),
    "EUR": (.92, .27, 100, .01, 1, "en", "card:84 transfer:16"),
    "GBP": (.79, .24, 100, .01, 0, "en", "card:88 transfer:12"),
    "TRY": (41., 5., 100, .25, 3, "tr", "card:66 scan:16 transfer:18"),
    "NGN": (1550., 90., 100, 10., 1, "en", "transfer:66 card:34"),
    "INR": (86., 8., 100, 1., 5.5, "en", "scan:86 transfer:8 card:6"),
    "BRL": (5.5, .8, 100, .01, -3, "pt", "scan:64 card:30 transfer:6"),
    "AED": (3.67, .9, 100, .25, 4, "en", "card:82 transfer:18"),
    "RUB": (90., 10., 100, 1., 3, "ru", "scan:42 card:46 transfer:12"),
    "VND": (25500., 2500., 1, 1000., 7, "vi", "scan:72 transfer:24 card:4"),
    "PHP": (57., 6., 100, 1., 8, "en", "scan:58 transfer:24 card:18"),
    "JPY": (150., 25., 1, 1., 9, "en", "card:52 scan:42 transfer:6"),
}
MEMO: dict[str, dict[str, str]] = {
    "food": {"zh": "早餐|午饭|奶茶|抹茶拿铁|外卖|水果", "en": "lunch|coffee|matcha latte|groceries|dinner",
             "tr": "yemek|market|kahve", "pt": "almoço|mercado|café", "ru": "обед|продукты",
             "vi": "an trua|ca phe"},
    "friend": {"zh": "谢谢|昨晚AA|打车钱|生日快乐|还你|帮我买个U盘", "en": "thanks|split bill|taxi|pay back|usb stick",
               "tr": "borc|tesekkurler|hesap", "pt": "racha|valeu|presente", "ru": "долг|спасибо|за такси",
               "vi": "tra tien|cam on"},
    "rent": {"zh": "房租|租金|水电房租", "en": "rent|flat rent|rent and water", "tr": "kira", "pt": "aluguel",
             "ru": "аренда", "vi": "tien nha"},
    "salary": {"zh": "工资|代发工资|绩效|劳务费", "en": "salary|wages|payroll|services rendered", "tr": "maas",
               "pt": "salario", "ru": "зарплата", "vi": "luong"},
    "goods": {"zh": "货款|尾款|定金|采购|材料款", "en": "goods|balance payment|deposit|supplies", "tr": "mal bedeli",
              "pt": "mercadoria|pedido", "ru": "за товар|оплата заказа", "vi": "tien hang"},
    "inv": {"zh": "发票#|合同#|订单#|服务费#|往来款", "en": "INV #|PO #|contract #|inv.# consulting",
            "tr": "fatura #", "pt": "NF #", "ru": "счет # без НДС|договор #", "vi": "hoa don #"},
    "ship": {"zh": "运费#|海运费|提单#|代收货款|关税", "en": "freight #|B/L #|THC|collection for goods|duty #"},
    "give": {"zh": "捐款|随喜|功德|祝早日康复|新婚快乐", "en": "donation|blessing|get well|congratulations",
             "pt": "doação", "ru": "пожертвование", "tr": "bagis"},
    "dues": {"zh": "班费#|物业费|会费|团购#|饭钱", "en": "class fund|dues #|membership|group order #|lunch club"},
    "game": {"zh": "话费#|充值|游戏币|点券|油卡#", "en": "top-up #|game coins|airtime #|voucher|fuel card"},
    "gold": {"zh": "黄金回收|手机款|纪念币|手表", "en": "scrap gold|iphone|commemorative coin|watch"},
    "coin": {"zh": "U|币|换汇|泰达", "en": "usdt|coin|tether|p2p", "ru": "юсдт|крипта"},
    "neutral": {"zh": "转账|货款|还款|..|1|生活费|装修", "en": "transfer|payment|ok|.|loan|family support",
                "ru": "перевод|возврат долга", "tr": "odeme|havale", "pt": "pagamento|pix",
                "vi": "chuyen tien"},
}


class World:
    """Ledger, clock and dice. Payments are intents in a heap; those without money wait, shrink or die."""

    def __init__(s, seed: int, n: int, days: int, guilty: float, cur: str) -> None:
        s.r = random.Random(seed * 7919 + 17)
        s.seed, s.N, s.days, s.gshare, s.cur = seed, n, days, guilty, cur
        usd, s.u, s.mp, s.step, tz, s.lang, ch = CUR.get(cur, CUR["USD"])
        s.small = [(k, int(v)) for k, v in (x.split(":") for x in ch.split())]
        s.small_k, s.small_w = [k for k, _ in s.small], [v for _, v in s.small]
        s.nochan, s.nomemo = s.r.choice([0, 0, .02, .1]), s.r.uniform(.3, .85)
        s.limit = s.r.choice([5e4, 5e4, 2e4, 1e5])
        day0 = dt.date(2025, 10, 1) + dt.timedelta(days=s.r.randrange(250))
        while days < 4 and day0.weekday() > 3:
            day0 += dt.timedelta(days=1)
        s.dates = [day0 + dt.timedelta(days=i) for i in range(days)]
        base = dt.datetime(day0.year, day0.month, day0.day, tzinfo=dt.timezone.utc)
        s.t0 = int(base.timestamp() * 1000) - int(tz * H)
        s.end, s.now = s.t0 + days * DAY, s.t0
        g = np.random.default_rng(seed + 5)
        k = days * 24 + 50
        s.px0 = (s.t0 // H - 24) * H
        s.prices = {a: p * usd * np.exp(np.cumsum(g.normal(0, v, k))) for a, p, v in
                    (("USDT", 1 + s.r.uniform(-.005, .03), .0006), ("BTC", 88e3, .005), ("ETH", 3100., .007))}
        s.fxrate = usd
        s.role: list[str] = []
        s.guilty: list[int] = []
        s.group: list[str] = []
        s.bal: list[float] = []
        s.heap: list[tuple] = []
        s.k = 0
        s.daily: list[Callable[[int, int, int], None]] = []
        s.rows: list[tuple] = []
        s.ads: list[int] = []
        s.shopinfo: dict[int, tuple] = {}
        s.pool: dict[str, list[int]] = defaultdict(list)
        s.dropped = 0
        s.alive: set[int] = set()
        s.window = (0, days)

    # -- dice
    def U(s, a: float, b: float) -> float:
        return s.r.uniform(a, b)

    def I(s, a: int, b: int) -> int:
        return s.r.randint(a, b)

    def LN(s, med: float, sig: float) -> float:
        return med * math.exp(s.r.gauss(0, 1) * sig)

    def P(s, lam: float) -> int:
        if lam > 40:
            return max(0, round(s.r.gauss(lam, lam ** .5)))
        n, p, q = 0, s.r.random(), math.exp(-lam)
        while p > q:
            n, p = n + 1, p * s.r.random()
        return n

    def hit(s, p: float) -> bool:
        return s.r.random() < p

    def some(s, pool: list[int], k: int) -> list[int]:
        return s.r.sample(pool, min(k, len(pool)))

    def one(s, name: str) -> int:
        return s.r.choice(s.pool[name])

    def anyone(s) -> int:
        return s.one("people") if s.r.random() < .93 else s.one("out")

    def book(s, pools: list[str], k: int, p_once: float = .2) -> Who:
        """A clientele: regulars with unequal habits, and strangers seen once."""
        st: list[list] = []

        def who() -> int:
            if not st:    # chosen at the first need, when everybody exists
                reg = [a for p in pools for a in s.some(s.pool[p], max(2, k // len(pools)))]
                s.r.shuffle(reg)
                st.extend([reg, np.cumsum([1 / (i + 1.5) ** .7 for i in range(len(reg))]).tolist()])
            return s.one("out") if s.r.random() < p_once else s.r.choices(st[0], cum_weights=st[1])[0]
        return who

    # -- money
    def m(s, x: float, style: str = "exact") -> int:
        """Yuan-like x to minor units; styles exact, int (whole notes), nice (round), nine (shop prices)."""
        y = x * s.u
        if style == "nice":
            g = 10 ** math.floor(math.log10(max(y, 1))) / (2 if y > 50 * s.step else 1)
            y = max(g, round(y / g) * g)
        elif style == "int":
            g = max(s.step, 1)
            y = max(g, round(y / g) * g)
        elif style == "nine" and s.step < 1:
            y = max(1, round(y)) - s.r.choice([.1, .01, .5, 0])
        else:
            g = s.step if y < 2000 * s.u else (.01 if s.mp == 100 else 1)
            y = round(y / g) * g
        return max(1, round(y * s.mp))

    def px(s, t: int, a: str = "USDT") -> float:
        return float(s.prices[a][min(max(0, (t - s.px0) // H), len(s.prices[a]) - 1)])

    def coin(s, t: int, x: float, spread: float, style: str) -> int:
        """An order's price: round coin quantity x price, round fiat, or (real desks) rounded down to
        notes."""
        if style == "mix":
            style = s.r.choice(["fiat", "coin", "floor"])
        if style == "fiat":
            return s.m(x, "nice")
        p = s.px(t) * (1 + spread)
        q = max(10, x * s.u / p)
        g = 10 ** math.floor(math.log10(q)) / 2
        y = max(g, round(q / g) * g) * round(p, 2 if p < 100 else 0)
        return max(1, math.floor(y) * s.mp if style == "floor" else round(y * s.mp))

    def split(s, total: int, cap: float, even: bool = False) -> list[int]:
        c = max(1, s.m(cap))
        if even:
            k = -(-total // c)
            return [total // k] * (k - 1) + [total - total // k * (k - 1)]
        out = []
        while total > 0:
            x = min(total, int(c * s.U(.55, .998)) // s.mp * s.mp or total)
            out.append(x)
            total -= x
        return out

    # -- accounts
    def new(s, role: str, guilty: int = 0, group: str = "", opening: float = 1000.) -> int:
        s.role.append(role)
        s.guilty.append(guilty)
        s.group.append(group)
        s.bal.append(s.m(opening))
        return len(s.role) - 1

    def person(s, role: str, guilty: int = 0, group: str = "", rich: float = 1.) -> int:
        """An account with a private life: food, friends, bills, rent, wage from an employer if it has one."""
        a = s.new(role, guilty, group, s.LN(9000 * rich, .7))
        live(s, a, rich)
        s.alive.add(a)
        if role not in ORDINARY and s.hit(.4):    # a job beside
            f, y = s.one("firm") if s.pool["firm"] else a, s.LN(6000, .4)
            s.monthly(s.r.choice([1, 5, 10, 15, 20, 25, 28]),
                      lambda t0: s.pay(t0 + s.hours(9, 17), f, a, s.m(y), memo=s.memo("salary", .15)))
        return a

    # -- events
    def at(s, t: float, fn: Callable[[int], None]) -> None:
        s.k += 1
        heapq.heappush(s.heap, (max(int(t), s.now + 1), s.k, fn))

    def pay(s, t: float, a: int, b: int, amt: int, ch: str | None = "transfer", memo: str | None = None,
            then: Callable[[int, int], None] | None = None, tries: int = 2, shrink: bool = False) -> None:
        if a == b or amt <= 0 or t >= s.end:
            return
        s.k += 1
        heapq.heappush(s.heap, (max(int(t), s.now + 1), s.k, (a, b, int(amt), ch, memo, then, tries, shrink)))

    def run(s) -> None:
        for d in range(s.days):
            t0 = s.t0 + d * DAY
            s.now = max(s.now, t0)
            for fn in s.daily:
                fn(d, t0, s.dates[d].weekday())
            while s.heap and s.heap[0][0] < t0 + DAY:
                t, _, e = heapq.heappop(s.heap)
                s.now = t
                if callable(e):
                    e(t)
                    continue
                a, b, amt, ch, memo, then, tries, shrink = e
                free = s.role[a] in ("bank", "exchange")
                if not free and s.bal[a] < amt:
                    if shrink and s.bal[a] > .25 * amt:
                        amt = int(s.bal[a] * .97 // s.mp * s.mp) or amt
                    if s.bal[a] < amt:
                        if tries > 0:
                            s.pay(t + s.U(.4, 9) * H, a, b, amt, ch, memo, then, tries - 1, shrink)
                        else:
                            s.dropped += 1
                        continue
                s.bal[a] -= amt
                s.bal[b] += amt
                if ch == "small":
                    ch = s.r.choices(s.small_k, s.small_w)[0]
                if s.nochan and s.r.random() < s.nochan:
                    ch = None
                if ch == "red_packet" and s.lang != "zh":
                    ch = "transfer"
                s.rows.append((t, a, b, amt, ch, memo))
                if then:
                    then(t, amt)

    def memo(s, cat: str, p_none: float | None = None) -> str | None:
        if s.r.random() < (s.nomemo if p_none is None else p_none):
            return None
        if cat in ("neutral", "friend", "goods") and s.r.random() < .3:
            cat = s.r.choice(("neutral", "friend", "goods"))
        x = s.r.choice(MEMO[cat].get(s.lang, MEMO[cat]["en"]).split("|"))
        return x.replace("#", str(s.I(1000, 99999))) if "#" in x else x

    def habit(s, firm: bool = False) -> Callable[[], str | None]:
        """A ring's way with memos: silent, bland, goods, family, invoices, anything; and its days of work."""
        cats = ["neutral", "goods", "inv"] if firm else ["neutral", "friend", "goods", "rent", "food"]
        cats, p = s.r.sample(cats, s.I(1, 3)), s.r.choice([0, .4, .8, 1])
        slip = .03 if s.hit(.3) else 0    # a customer who writes what he buys
        late = s.days > 5 and s.r.random()
        s.window = (int(s.days * s.U(.1, .6)) if late and late < .25 else 0,
                    int(s.days * s.U(.4, .9)) if late and late > .85 else s.days)
        return lambda: s.memo("coin", 0) if slip and s.hit(slip) else s.memo(s.r.choice(cats), p)

    def hidden(s, k: int, p_once: float) -> Who:
        """Where coins come from: private sellers; or, in some rings, an exchange (known or not) for most."""
        ex, share = s.one("exch"), s.U(.5, 1) if s.hit(.15 if s.cur == "CNY" else .4) else 0
        b = s.book(["coin_seller", "out"], k * 2, p_once)
        return lambda: ex if share and s.hit(share) else b()

    # -- common habits
    def hours(s, h0: float, h1: float) -> float:
        return s.U(h0, h1) * H

    def office(s, t: float, h0: float = 8.5, h1: float = 19.) -> float:
        """The same moment if somebody is at work (or awake), else soon after the next opening."""
        h = (t - s.t0) / H % 24
        if h0 <= h < h1 or h < h1 - 24:
            return t
        return t + ((h0 - h) % 24 + s.U(0, 1.5)) * H

    def takes(s, a: int, lam: float, amt: Amt, cat: str = "goods", who: Who | None = None,
              h: tuple[float, float] = (8, 22), ch: str = "small", then: Callable | None = None,
              week: str = "0123456", pn: float | None = None) -> None:
        """Poisson receipts a day from a crowd; then(t, amt, payer) after each."""
        def day(d: int, t0: int, wd: int) -> None:
            if str(wd) not in week:
                return
            for _ in range(s.P(lam)):
                p = (who or s.anyone)()
                cb = (lambda t, x, p=p: then(t, x, p)) if then else None
                s.pay(t0 + s.hours(*h), p, a, amt(), ch, s.memo(cat, pn), cb, tries=1)
        s.daily.append(day)

    def gives(s, a: int, lam: float, amt: Amt, cat: str, who: Who, h: tuple[float, float] = (9, 18),
              ch: str = "transfer", week: str = "01234", pn: float = .3) -> None:
        """Poisson payments out a day."""
        def day(d: int, t0: int, wd: int) -> None:
            if str(wd) in week:
                for _ in range(s.P(lam)):
                    s.pay(t0 + s.hours(*h), a, who(), amt(), ch, s.memo(cat, pn), shrink=True)
        s.daily.append(day)

    def sweep(s, a: int, to: Who, hour: float, frac: tuple[float, float], keep: float = 50, p: float = 1.,
              cat: str = "neutral", whole: bool = False, jit: float = .3,
              then: Callable | None = None) -> None:
        """Empty most of the balance about an hour of the day."""
        def go(t: int) -> None:
            x = int((s.bal[a] - s.m(keep)) * s.U(*frac))
            x = x // (100 * s.mp) * 100 * s.mp if whole and x > 200 * s.mp else x
            if x > s.m(keep):
                s.pay(t + 5, a, to(), x, "transfer", s.memo(cat), then)
        s.daily.append(lambda d, t0, wd: s.at(t0 + (hour + s.r.gauss(0, jit)) * H, go) if s.hit(p) else None)

    def monthly(s, dom: int, fn: Callable[[int], None], every: int = 0) -> None:
        """fn(midnight) on a day of the month, or every so many days."""
        off = s.I(0, max(0, every - 1))

        def day(d: int, t0: int, wd: int) -> None:
            if (d % every == off) if every else s.dates[d].day == dom:
                fn(t0)
        s.daily.append(day)


def clock(w: World) -> float:
    """When people pay: meals, commutes, evening sofa."""
    mu, sd = w.r.choice(((7.8, .7), (12.2, .8), (12.4, .9), (15.5, 2.5), (18.7, 1.2), (19.2, 1.5),
                         (21.7, 1.2)))
    return (w.r.gauss(mu, sd) % 24) * H


def live(w: World, a: int, rich: float) -> None:
    """Ordinary life of account a."""
    rate, spend = w.LN(2.2, .4), w.LN(1, .3) * rich ** .4
    c: dict[str, list[int]] = {}
    rent = w.LN(1900, .4) * rich ** .5 if w.hit(.4) else 0
    dom, rday = w.I(1, 28), w.I(1, 28)

    def day(d: int, t0: int, wd: int) -> None:
        if not c:
            c["shop"] = w.some(w.pool["shops"], w.I(4, 12))
            c["friend"] = w.some(w.pool["people"], w.I(3, 7)) or [a]
            c["land"] = [w.one("land")]
            c["self"] = [w.one("out")]
        for _ in range(w.P(rate * (1.25 if wd > 4 else 1))):
            x, t = w.r.random(), t0 + clock(w)
            if x < .80:
                sh = w.r.choice(c["shop"]) if x < .6 else w.one("shops")
                w.pay(t, a, sh, price(w, sh, spend), "small", w.memo("food", .85), tries=0)
            elif x < .88:
                f = w.r.choice(c["friend"])
                ch = "red_packet" if w.hit(.3) else "transfer"
                y = w.m(w.r.choice([20, 50, 100, 200, 66, 88, 500]) if w.hit(.6) else w.LN(70, .9), "int")
                w.pay(t, a, f, y, ch, w.memo("friend"), tries=0)
            elif x < .94:
                w.pay(t, a, w.one("platforms"), w.m(w.LN(70 * spend, .8), "nine"), "small", None, tries=0)
            elif x < .985:
                y = w.m(w.r.choice([30, 50, 100]), "nice") if w.hit(.4) else w.m(w.LN(80, .6))
                w.pay(t, a, w.one("util"), y, "bill", w.memo("game", .9), tries=0)
            else:
                w.pay(t, a, w.one("people"), w.m(w.LN(300, 1), "nice"), "transfer", w.memo("neutral"),
                      tries=0)
        if w.role[a] == "coin_seller" and w.bal[a] > w.m(30000) and w.hit(.25):    # to an account elsewhere
            w.pay(t0 + clock(w), a, c["self"][0], w.m(w.bal[a] / w.mp / w.u * w.U(.2, .7), "nice"))
        if rent and w.dates[d].day == rday:
            w.pay(t0 + clock(w), a, c["land"][0], w.m(rent, "nice"), "transfer", w.memo("rent", .4), tries=3)
        if w.dates[d].day == dom and w.hit(.5):
            w.pay(t0 + clock(w), a, c["friend"][0], w.m(w.LN(1500, .5), "nice"), "transfer", w.memo("friend"))
    w.daily.append(day)


NO_COSTS = ("bank", "exchange", "utility", "authority", "carrier", "outsider", "employer", "factory",
            "freight_forwarder", "child", "stall", "sub_agent", "subsidiary")
REAL_FRONT = ("freight_shadow", "rented_qr_shop", "coin_bureau", "coin_counter")


def costs(w: World, a: int) -> None:
    """What any living business pays: wages, rent, power, tax, small purchases. Shells have only tokens of
    it."""
    w.gives(a, w.U(.05, .4), lambda: w.m(w.LN(150, 1)), "goods", lambda: w.one("shops"), (9, 20), "small",
            pn=.8)
    w.gives(a, w.U(.05, .2), lambda: w.m(w.LN(300, .7)), "neutral", lambda: w.one("util"), (9, 18), "bill")
    w.monthly(w.I(1, 28), lambda t0, o=w.one("land"), y=w.m(w.LN(4000, .5), "nice"): w.pay(
        t0 + w.hours(9, 17), a, o, y, memo=w.memo("rent", .4)))
    w.monthly(w.r.choice([12, 15, 15, 20]), lambda t0: w.pay(
        t0 + w.hours(9, 17), a, w.one("customs"), w.m(w.LN(1500, .9)), memo=w.memo("inv")))
    st = [(p, w.LN(4500, .3)) for p in w.some(w.pool["people"], w.I(0, 4))]
    w.monthly(w.r.choice([1, 5, 10, 15, 20, 25]), lambda t0: [w.pay(
        t0 + w.U(9, 18) * H, a, p, w.m(y), memo=w.memo("salary", .2), tries=3) for p, y in st])


def price(w: World, sh: int, k: float = 1.) -> int:
    menu, med = w.shopinfo[sh]
    return w.r.choice(menu) * w.r.choice((1, 1, 1, 2)) if menu else w.m(w.LN(med * k, .6), w.r.choice(
        ("nine", "exact", "int")))


# ---------------------------------------------------------------- base of the economy
def base(w: World, n_people: int, n_out: int) -> None:
    """Banks, exchanges, authorities, people (some with coins), outsiders banked elsewhere and seldom seen."""
    big = max(1., w.N / 2500)
    for role, k, pool in (("bank", w.I(3, 5), "bank"), ("exchange", w.I(3, 7), "exch"),
                          ("utility", 3, "util"),
                          ("authority", 2, "customs"), ("carrier", w.I(2, 3), "carrier")):
        for _ in range(k):
            a = w.new(role, opening=2e6)
            w.pool[pool].append(a)
            if role in ("utility", "authority", "carrier"):
                w.sweep(a, lambda: w.one("bank"), 23, (.7, .95), keep=3e5 * big)
    share, x = w.U(.05, .12), w.r
    for i in range(n_people):
        kind = "person"
        if w.hit(share):
            kind = x.choice(["coin_buyer", "coin_seller", "exchange_user"])
        elif w.hit(.05):
            kind = x.choice(["bettor", "bettor", "victim"])
        a = w.person(kind, rich=w.LN(2.5, .8) if kind != "person" else w.LN(1, .45))
        if i < n_people * .97 or len(w.pool["people"]) < 20:
            w.pool["people"].append(a)
        w.pool[kind].append(a)
        if kind == "exchange_user":
            ex, lam = w.one("exch"), w.LN(.25, .8)
            w.gives(a, lam, lambda: w.m(w.LN(1500, .9), "nice"), "neutral", lambda e=ex: e, (7, 25),
                    week="0123456")
            w.takes(a, lam * .5, lambda: w.m(w.LN(1500, .9)), "neutral", lambda e=ex: e, (0, 24), "transfer")
    for k in ("coin_buyer", "coin_seller", "bettor", "victim"):
        w.pool[k] += w.some(w.pool["people"], max(0, 6 - len(w.pool[k])))
    for _ in range(n_out):
        w.pool["out"].append(w.new("outsider", opening=w.LN(60000, 1)))
    for _ in range(max(2, w.N // 1200)):
        h_platform(w)
    for fn, k in ((h_importer, 90), (h_factory, 110), (h_seller, 60), (h_landlord, 70), (h_shop, 20),
                  (h_stall, 60), (h_employer, 90)):
        for _ in range(max(2, w.N // k)):
            fn(w)
    jobs = w.pool["firm"]
    staff: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for a in w.pool["people"]:
        if w.hit(.8):
            staff[x.choice(jobs)].append((a, w.LN(6500, .45)))
    for f in jobs:
        payroll(w, f, staff[f])


def payroll(w: World, f: int, staff: list[tuple[int, float]]) -> None:
    """Wages in a burst on the pay day, expenses refunded with their cents."""
    w.bal[f] += w.m(sum(y for _, y in staff) * 1.6)
    cyc = w.r.choice([0, 0, 0, 14, 7]) if w.lang == "en" else w.r.choice([0, 0, 0, 0, 15])
    k = cyc / 30 if cyc else 1.

    def go(t0: int) -> None:
        t = t0 + w.hours(9, 17)
        for a, y in staff:
            t += w.U(40, 9000)
            w.pay(t, f, a, w.m(y * k * w.U(.97, 1.06)), "transfer", w.memo("salary", .15), tries=5)
    w.monthly(w.r.choice([1, 5, 10, 15, 20, 25, 28]), go, cyc)
    if staff:
        w.gives(f, .02 * len(staff), lambda: w.m(w.LN(400, .9)), "neutral", lambda: w.r.choice(staff)[0])


def h_platform(w: World) -> None:
    """Marketplace: many buyers in, sellers and shops paid out by batch some days later, refunds."""
    a = w.new("platform", opening=3e5)
    w.pool["platforms"].append(a)
    w.gives(a, w.N / 400, lambda: w.m(w.LN(900, .9)), "goods", lambda: w.one("shops"), (2, 6), week="0123456")
    w.gives(a, w.N / 900, lambda: w.m(w.LN(70, .8), "nine"), "neutral", w.anyone, (8, 23), "small", "0123456")


def h_importer(w: World) -> None:
    """Importer/wholesaler: pays duty, freight, factories; is paid by shops and employers."""
    a = w.new("importer", opening=w.LN(9e5, .8))
    w.pool["importer"].append(a)
    w.gives(a, .5, lambda: w.m(w.LN(14000, 1)), "inv", w.book(["factory"], 4, 0))
    w.takes(a, 1.6, lambda: w.m(w.LN(11000, 1)), "inv", w.book(["firm", "importer"], 8, .15), (9, 18),
            "transfer", week="01234")


def h_factory(w: World) -> None:
    """Small factory with few staff, paid on invoices."""
    a = w.new("factory", opening=w.LN(3e5, .8))
    w.pool["factory"].append(a)
    b = w.book(["factory", "importer"], 5, 0)
    w.gives(a, .7, lambda: w.m(w.LN(6000, .9), "int"), "inv", b)
    payroll(w, a, [(p, w.LN(5500, .3)) for p in w.some(w.pool["people"], w.I(2, 6))])


def h_seller(w: World) -> None:
    """Cross-border online seller: paid by collection firms in odd sums, pays factories, freight; owner
    draws."""
    a = w.new("ecom_seller", opening=w.LN(80000, .7))
    w.pool["seller"].append(a)
    own = w.person("seller_owner", rich=2)
    w.gives(a, .6, lambda: w.m(w.LN(5000, .8), "int"), "goods", w.book(["factory"], 3, 0), (10, 22),
            week="0123456")
    w.gives(a, .3, lambda: w.m(w.LN(1500, .7)), "ship",
            lambda: w.one("freight") if w.pool["freight"] else own)
    w.gives(a, .15, lambda: w.m(w.LN(6000, .6), "nice"), "neutral", lambda: own)


def h_landlord(w: World) -> None:
    """Landlord of several flats: round monthly receipts near month's turn, repays a mortgage."""
    a = w.person("landlord", rich=3)
    w.pool["land"].append(a)
    w.monthly(w.I(1, 28), lambda t0: w.pay(t0 + w.hours(9, 12), a, w.one("bank"), w.m(w.LN(5000, .4)),
                                           "transfer"))


def h_shop(w: World) -> None:
    """Shops, canteens, minimarkets: odd sums, weekly suppliers, some sweep."""
    a = w.new("shop", opening=w.LN(30000, .6))
    w.pool["shops"].append(a)
    w.shopinfo[a] = (None, w.LN(28, .6))
    w.gives(a, .35, lambda: w.m(w.LN(900, .7), w.r.choice(["int", "exact"])), "goods",
            w.book(["importer", "factory"], 3, 0), (6, 20), week="0123456")
    if w.hit(.4):
        w.sweep(a, lambda o=w.person("shop_owner", rich=2): o, w.U(20, 23.6), (.5, .95), keep=800)


def h_stall(w: World) -> None:
    """Two to five prices, sold fast at peaks, whole takings to the owner's card every night."""
    a = w.new("stall", opening=300)
    w.pool["shops"].append(a)
    p = w.LN(9, .6)
    w.shopinfo[a] = ([w.m(p * k, "int") for k in w.r.sample([1, 1.3, 1.6, 2, 2.5, 3], w.I(2, 5))], p)
    own = w.person("stall_owner", rich=1.4)
    w.sweep(a, lambda: own, w.U(20, 23.9), (.97, 1), keep=5, whole=w.hit(.5))
    w.takes(a, w.LN(10, .7), lambda: price(w, a), "food", h=w.r.choice([(6, 10), (11, 14), (17, 24)]), pn=.95)
    w.gives(own, .3, lambda: w.m(w.LN(500, .6), "int"), "goods", w.book(["factory", "importer"], 2, 0),
            (5, 9))


def h_employer(w: World) -> None:
    """Employer with invoices both ways, taxes, payroll (staff assigned later)."""
    a = w.new("employer", opening=w.LN(3e5, .6))
    w.pool["firm"].append(a)
    w.takes(a, 1.2, lambda: w.m(w.LN(22000, 1)), "inv", w.book(["importer", "factory", "firm"], 9, .2),
            (9, 18), "transfer", week="01234", pn=.2)
    w.monthly(15, lambda t0: w.pay(t0 + w.hours(9, 17), a, w.one("customs"), w.m(w.LN(9000, .8)), "transfer"))


# ---------------------------------------------------------------- honest designs that resemble the guilty
def h_collection(w: World) -> None:
    """Licensed collection firm: one bank conversion a morning funds odd payouts to sellers the same hour."""
    a = w.new("collection_firm", opening=2e5)
    rows = w.some(w.pool["seller"], w.I(8, 60))

    def day(d: int, t0: int, wd: int) -> None:
        if wd > 4:
            return
        todo = [(x, w.m(w.LN(6000, .9))) for x in rows if w.hit(.35)]
        fee = w.U(.003, .01)
        w.pay(t0 + w.hours(9, 11), w.one("bank"), a, int(sum(y for _, y in todo) * (1 + fee)) + 1, "transfer",
              w.memo("inv"), lambda t, _: [w.pay(t + w.U(.05, 1.5) * H, a, x, y, "transfer",
                                                 w.memo("neutral")) for x, y in todo])
    w.daily.append(day)


def freight_flow(w: World, a: int, k: float = 1.) -> None:
    """Freight as it is: importers and sellers pay lumpy bills, carriers are paid on statements, truckers
    daily."""
    w.pool["freight"].append(a)
    w.takes(a, w.U(2, 5) * k, lambda: w.m(w.LN(6000, .9)), "ship", w.book(["importer", "seller"], 14, .1),
            (9, 19), "transfer", week="012345", pn=.25)
    w.gives(a, 1.6 * k, lambda: w.m(w.LN(11000, .8)), "ship", lambda: w.one("carrier"))
    w.gives(a, 1.5 * k, lambda: w.m(w.LN(700, .5), "int"), "ship", w.book(["people"], 8, .1), (6, 22))
    payroll(w, a, [(p, w.LN(6500, .3)) for p in w.some(w.pool["people"], w.I(2, 5))])


def h_freight(w: World) -> None:
    """Honest forwarder; a third collect cash-on-delivery for shippers and pass it on the next day."""
    a = w.new("freight_forwarder", opening=w.LN(2e5, .5))
    freight_flow(w, a)
    if w.hit(.35):
        w.takes(a, w.U(1, 5), lambda: w.m(w.LN(2500, .9), "int"), "ship", None, (9, 20), "transfer",
                lambda t, x, p: w.pay(w.office(t + w.U(14, 40) * H), a, w.one("seller"), int(x * .985),
                                      memo=w.memo("ship", .2)))


def h_customs(w: World) -> None:
    """Customs broker: duty in, the very same sum to the authority within the hour; fee apart."""
    a = w.new("customs_broker", opening=w.LN(60000, .5))
    w.takes(a, w.U(1.5, 6), lambda: w.m(w.LN(9000, 1)), "ship", w.book(["importer", "seller"], 12, .1),
            (9, 17), "transfer", lambda t, x, p: (w.pay(w.office(t + w.U(.05, 2) * H), a, w.one("customs"), x,
                                               memo=w.memo("ship", .1)),
                                         w.pay(w.office(t + w.U(1, 30) * H), p, a, w.m(200, "int"),
                                               memo=w.memo("inv"))), "01234", .1)
    w.gives(a, .1, lambda: w.m(w.LN(4000, .5), "nice"), "salary", lambda: w.one("people"))


def h_bureau(w: World) -> None:
    """Payroll bureau: firms send lumps, the wages leave within the hour; one day a month or weekly for
    casuals."""
    a = w.new("payroll_bureau", opening=20000)
    for _ in range(w.I(1, 4)):
        f, st = w.one("firm"), [(p, w.LN(2500, .4)) for p in w.some(w.pool["people"], w.I(5, 25))]

        def go(t0: int, f: int = f, st: list = st) -> None:
            rows = [(p, w.m(y * w.U(.9, 1.1))) for p, y in st]
            w.pay(t0 + w.hours(9, 14), f, a, int(sum(y for _, y in rows) * 1.02), "transfer",
                  w.memo("salary", .2),
                  lambda t, x: [w.pay(t + w.U(.1, 1.4) * H, a, p, y, "transfer", w.memo("salary", .2))
                                for p, y in rows])
        w.monthly(w.I(1, 28), go, w.r.choice([0, 7, 7, 14]))
        w.bal[f] += w.m(150000)


def h_commodity(w: World) -> None:
    """Back-to-back trader: big sum in, 97-99.8 % to the supplier hours later, ever the same few names."""
    a, cut = w.new("commodity_trader", opening=w.LN(5e5, .5)), w.U(.002, .03)
    sup = w.book(["factory", "importer"], 4, 0)
    w.takes(a, w.U(.4, 1.5), lambda: w.m(w.LN(60000, .8)), "inv", w.book(["importer", "firm"], 5, 0), (9, 18),
            "transfer", lambda t, x, p: [w.pay(w.office(t + w.U(.5, 26) * H + i * 9e4), a, b, y,
                                               memo=w.memo("inv", .1)) for b in [sup()] for i,
                                         y in enumerate(w.split(int(x * (1 - cut)), 1e5))], "01234", .1)


def h_agency(w: World) -> None:
    """Advertising/booking agency: client money passed to media less commission after days."""
    a, cut = w.new("agency", opening=50000), w.U(.03, .15)
    media = [w.one("platforms")] + w.some(w.pool["firm"], 2)
    w.takes(a, w.U(.8, 3), lambda: w.m(w.LN(8000, .7), "nice"), "inv", w.book(["firm", "seller"], 10, .1),
            (9, 19), "transfer", lambda t, x, p: w.pay(w.office(t + w.U(1, 90) * H), a, w.r.choice(media),
                                              int(x * (1 - cut))), "01234")


def h_marina(w: World) -> None:
    """Marina: berth prices by length, refundable deposits (u-turns), fuel; pays the port authority."""
    a, p = w.new("marina", opening=60000), w.LN(600, .4)
    menu = [w.m(p * k, "int") for k in (1, 1.5, 2, 3)]
    w.takes(a, w.U(2, 9), lambda: w.r.choice(menu), "dues", w.book(["people", "out"], 40, .4), (7, 20),
            "small", lambda t, x, b: w.pay(t + w.U(20, 120) * H, a, b, x,
                                  memo=w.memo("neutral")) if w.hit(.2) else None)
    w.sweep(a, lambda: w.one("customs"), 17, (.3, .6), keep=40000, p=.15)


def h_distributor(w: World) -> None:
    """Distributor with sub-agents (SIM cards, lottery, milk): few prices, settled upward within the hour."""
    top, cut = w.new("distributor", opening=1e5), w.U(.03, .12)
    menu = [w.m(x, "nice") for x in w.r.sample([10, 20, 30, 50, 100, 200], 3)]
    for _ in range(w.I(3, 8)):
        a = w.person("sub_agent") if w.hit(.5) else w.new("sub_agent", opening=500)
        w.takes(a, w.LN(7, .5), lambda: w.r.choice(menu), "game", None, (8, 22), "small",
                lambda t, x, p, a=a: w.pay(t + w.U(.02, 1) * H, a, top, int(x * (1 - cut)), memo=None), pn=.9)
    w.sweep(top, lambda: w.one("util"), 10, (.8, .95), keep=8000, cat="inv")


def h_fx(w: World) -> None:
    """Licensed money changer/travel desk: round foreign sums x rate, both ways, covered at a bank each
    day."""
    a, sp = w.new("fx_counter", opening=3e5), w.U(.004, .02)
    b = w.one("bank")

    def amt(k: int = 1) -> int:
        return round(w.r.choice([100, 200, 300, 500, 1000, 2000, 5000]) * w.fxrate * (1 + k * sp) * w.mp)
    w.takes(a, w.U(3, 14), amt, "neutral", w.book(["people", "out"], 30, .5), (8, 20), "small")
    w.gives(a, w.U(1, 6), lambda: amt(-1), "neutral", w.book(["people", "out"], 30, .5), (8, 20),
            week="0123456")
    w.sweep(a, lambda: b, w.U(16, 19), (.5, .8), keep=1e5)


def h_daigou(w: World) -> None:
    """Purchasing agent: chat customers pay odd prices, goods bought on card the same day, refunds."""
    a, cut = w.person("purchasing_agent", rich=2), w.U(.05, .15)
    w.takes(a, w.U(1, 7), lambda: w.m(w.LN(600, .8), "int"), "goods", w.book(["people", "out"], 40, .3),
            (9, 24),
            "transfer", lambda t, x, p: w.pay(t + w.U(.3, 30) * H, a, w.one("shops") if w.hit(.9) else p,
                                              int(x * (1 - cut)), "card", None))


def h_groupbuy(w: World) -> None:
    """Group-buying leader: one to three prices, twenty neighbours in two hours, one lump to the farm at
    night."""
    a, who = w.person("group_leader"), w.book(["people"], 40, .05)
    fac, lead = w.one("factory"), w.U(.85, .95)

    def day(d: int, t0: int, wd: int) -> None:
        if w.hit(.45):
            y, h, tot = w.m(w.r.choice([19.9, 29.9, 35, 58, 99])), w.U(10, 19), [0]
            for _ in range(w.I(8, 35)):
                w.pay(t0 + (h + w.U(0, 2)) * H, who(), a, y * w.r.choice([1, 1, 1, 2]), "small",
                      w.memo("dues", .5), lambda t, x: tot.append(x), tries=0)
            w.at(t0 + (h + w.U(2.2, 4)) * H, lambda t: w.pay(t, a, fac, int(sum(tot) * lead),
                memo=w.memo("goods")))
    w.daily.append(day)


def h_dues(w: World) -> None:
    """Class fund / owners' dues: one sum from a fixed roll over days, then one or two bills."""
    a, roll, y = w.person("dues_collector"), w.some(w.pool["people"], w.I(18, 55)), w.m(w.LN(150, .7), "nice")
    cents = w.hit(.3) and w.mp > 1    # portal tells payers apart by their cents

    def go(t0: int) -> None:
        for p in roll:
            w.pay(t0 + w.r.expovariate(1 / 18) * H, p, a, y + (w.I(1, 99) if cents else 0),
                  w.r.choice(["transfer", "scan"]), w.memo("dues", .4))
        w.pay(t0 + w.U(60, 110) * H, a, w.one("firm"), int(len(roll) * y * .9), memo=w.memo("dues"),
              shrink=True)
    w.monthly(w.I(1, 28), go, w.r.choice([0, 10, 30]))


def h_topup(w: World) -> None:
    """Phone/game credit reseller: face value less 1-4 %, buys each credit from the telecom within minutes."""
    a, off, util = w.new("topup_reseller", opening=w.LN(20000, .5)), w.U(.01, .04), w.one("util")
    w.takes(a, w.U(6, 30), lambda: int(w.m(w.r.choice([30, 50, 100, 100, 200, 500]), "nice") * (1 - off)),
            "game", w.book(["people", "bettor", "out"], 80, .3), (7, 25), "small",
            lambda t, x, p: w.pay(t + w.U(.01, .3) * H, a, util, int(x / (1 - off) * .94), "bill",
                                  w.memo("game")))


def h_gold(w: World) -> None:
    """Second-hand gold/phones: buys from strangers at weight x day price (floats like coins), sells in
    lots."""
    a = w.new("gold_dealer", opening=w.LN(4e5, .5))
    w.pool["gold"].append(a)
    grams, p = [1, 2, 5, 8, 10, 20, 31.1], w.U(700, 950)

    def amt(k: float) -> int:
        return w.m(w.r.choice(grams) * p * k * w.px(w.now, "BTC") ** .1 / w.px(w.t0, "BTC") ** .1, "exact")
    w.gives(a, w.U(2, 8), lambda: amt(.97), "gold", w.anyone, (9, 21), week="0123456", pn=.5)
    w.takes(a, w.U(1, 5), lambda: amt(1.04), "gold", None, (10, 21), "small", pn=.6)
    w.gives(w.one("importer"), .2, lambda: w.m(w.LN(50000, .5)), "gold", lambda: a)


def h_ticket(w: World) -> None:
    """Ferry/concert ticket agent: few prices in sale bursts, venue paid inside the hour, full refunds."""
    a, venue, cut = w.new("ticket_agent", opening=30000), w.one("firm"), w.U(.03, .1)
    menu = [w.m(x) for x in w.r.sample([120, 180, 280, 380, 580, 880], 3)]
    w.takes(a, w.U(4, 18), lambda: w.r.choice(menu), "goods", None, (10, 13), "small",
            lambda t, x, p: w.pay(t + w.U(.1, 1) * H, a, venue, int(x * (1 - cut))) if w.hit(.88)
            else w.pay(t + w.U(.2, 20) * H, a, p, x))


def h_charity(w: World) -> None:
    """Charity/illness campaign: hundreds of strangers in days, all hours, then a hospital or a family."""
    a, d0 = w.new("charity", opening=3000), w.I(0, max(0, w.days - 3))
    w.daily.append(lambda d, t0, wd: [
        w.pay(t0 + w.U(6, 26) * H, w.anyone(), a, w.m(w.r.choice([5, 10, 20, 50, 66, 100, 200])), "small",
              w.memo("give"), tries=0)
        for _ in range(w.P(60 * math.exp(-(d - d0) / 2.5) if d >= d0 else .5))])
    w.sweep(a, lambda: w.one("firm") if w.hit(.5) else w.one("people"), 15, (.5, .99), p=.2, cat="give")


def h_temple(w: World) -> None:
    """Temple, church or mosque: lucky sums from crowds on feast days, swept to the trust."""
    a, own = w.new("temple", opening=2000), w.new("trust", opening=90000)
    w.daily.append(lambda d, t0, wd: [
        w.pay(t0 + w.U(5, 19) * H, w.anyone(), a, w.m(w.r.choice([6, 9.9, 18, 66, 88, 108, 168, 200])),
              "small", w.memo("give"), tries=0) for _ in range(w.P(35 if w.dates[d].day in (1,
                  15) or wd == 6 else 4))])
    w.sweep(a, lambda: own, 20, (.95, 1), whole=True)
    w.gives(own, .2, lambda: w.m(w.LN(2500, .6), "int"), "goods", lambda: w.one("firm"))


def h_stream(w: World) -> None:
    """Livestream platform, guild, and streamers: tips at night in bursts, weekly halves, guild passes on
    at once."""
    pl, guild, cut = w.new("tip_platform", opening=60000), w.new("guild", opening=5000), w.U(.05, .2)
    st = [w.person("streamer") for _ in range(w.I(3, 7))]
    fans = w.book(["people", "bettor"], 60, .2)
    w.takes(pl, w.U(10, 45), lambda: w.m(w.r.choice([1, 6, 10, 30, 66, 98, 520])), "game", fans, (19, 27),
            pn=.95)

    def go(t0: int) -> None:
        for x in st:
            y = w.m(w.LN(900, .8))
            w.pay(t0 + w.U(10, 12) * H, pl, guild, y, "transfer", None, lambda t, z, x=x: w.pay(
                t + w.U(.05, 3) * H, guild, x, int(z * (1 - cut)), memo=w.memo("salary")))
        w.pay(t0 + 13 * H, pl, w.one("bank"), w.m(1500))
    w.monthly(0, go, w.r.choice([3, 7]))
    for x in st:
        w.takes(x, 1.5, lambda: w.m(w.r.choice([5.2, 13.14, 52, 188])), "give", fans, (20, 26), "red_packet")


def h_driver(w: World) -> None:
    """Ride drivers: fares by code from strangers all day (odd sums), platform payouts, fuel, car rent."""
    pl = w.one("platforms")
    for _ in range(w.I(2, 5)):
        a = w.person("driver", rich=.7)
        w.takes(a, w.U(2, 12), lambda: w.m(w.LN(28, .5)), "food", None, w.r.choice([(5, 17), (15, 28)]),
                pn=.97)
        w.takes(a, .9, lambda: w.m(w.LN(160, .4)), "salary", lambda: pl, (1, 5), "transfer")
        w.gives(a, .2, lambda: w.m(700, "int"), "rent", lambda: w.one("firm"))


def h_freelance(w: World) -> None:
    """Freelancers: idle weeks, then a burst of lumps from a bank (abroad) or agencies, passed to subs and
    family."""
    for _ in range(w.I(2, 4)):
        a, subs = w.person("freelancer"), w.some(w.pool["people"], 3)
        w.monthly(0, lambda t0, a=a, subs=subs: [w.pay(
            t0 + w.U(9, 60) * H, w.one("bank") if w.hit(.6) else w.one("firm"), a, w.m(w.LN(4000, .7)),
            "transfer",
            w.memo("inv"), lambda t, x: w.pay(t + w.U(.2, 40) * H, a, w.r.choice(subs), int(x * w.U(.2, .9))))
            for _ in range(w.I(1, 6))], w.I(6, 20))


def h_circle(w: World) -> None:
    """Savings circle: all members pay one sum, the organiser hands the pot to this turn's member in the
    hour."""
    a, mem, y = w.person("circle_organiser"), w.some(w.pool["people"], w.I(8, 22)), w.m(w.LN(500, .6), "nice")

    def go(t0: int) -> None:
        got: list[int] = []
        for p in mem:
            w.pay(t0 + w.U(17, 20) * H, p, a, y, "transfer", w.memo("dues", .6), lambda t, x: got.append(x))
        w.at(t0 + w.U(20, 22) * H, lambda t: w.pay(t, a, w.r.choice(mem), sum(got),
                                                   memo=w.memo("friend", .6)))
    w.monthly(0, go, w.r.choice([1, 5, 7, 10, 15]))


def h_wedding(w: World) -> None:
    """Wedding host: lucky sums from everybody in two days, on an account that is usually still; hall paid."""
    a, d0 = w.person("wedding_host", rich=2), w.I(0, max(0, w.days - 1))
    guests = w.some(w.pool["people"], w.I(25, 80)) + w.some(w.pool["out"], 10)
    w.daily.append(lambda d, t0, wd: [w.pay(
        t0 + w.U(9, 40) * H, p, a, w.m(w.r.choice([200, 300, 500, 600, 666, 888, 1000])), w.r.choice(
            ["transfer", "red_packet"]), w.memo("give", .4), tries=0) for p in guests] + [w.pay(
                t0 + w.U(20, 60) * H, a, w.one("firm"), w.m(w.LN(12000, .3), "nice"), shrink=True)]
        if d == d0 else None)


def h_property(w: World) -> None:
    """House chain: buyer cuts the price at the transfer limit to an escrow firm, seller buys the next
    house."""
    esc = w.new("conveyancer", opening=50000)

    def leg(t: float, p: int, depth: int) -> None:
        x = w.m(w.LN(3e5, .5), "nice")
        parts, left = w.split(x, w.limit * .999, True), [x]
        w.pay(t - .6 * H, w.one("bank"), p, x if depth == 0 else int(max(w.m(1),
            x * 1.01 - w.bal[p])))  # loan
        nxt = w.one("people")
        for i, y in enumerate(parts):
            def ok(tt: int, z: int) -> None:
                left[0] -= z
                if left[0] <= 0:
                    for j, q in enumerate(w.split(int(x * .99), w.limit * .999, True)):
                        w.pay(w.office(tt + w.U(3, 30) * H + j * 1e5), esc, nxt, q, memo=w.memo("goods"))
                    if depth < 2 and w.hit(.6):
                        leg(tt + w.U(24, 90) * H, nxt, depth + 1)
            w.pay(t + i * w.U(4e4, 3e5), p, esc, y, "transfer", w.memo("goods"), ok)
    w.daily.append(lambda d, t0, wd: leg(t0 + w.hours(9, 16), w.one("out"),
                                         0) if wd < 5 and w.hit(.25) else None)


def h_factor(w: World) -> None:
    """Factoring house: pays firms 80-92 % at once, gets the full invoice from debtors days later, pays the
    rest."""
    a, adv = w.new("factor", opening=w.LN(1.5e6, .4)), w.U(.8, .92)

    def deal(t: float) -> None:
        x, c, deb = w.m(w.LN(25000, .7)), w.one("factory"), w.one("importer")
        w.pay(t, a, c, int(x * adv), memo=w.memo("inv", .1))
        w.pay(w.office(t + w.U(2, 25) * DAY), deb, a, x, "transfer", w.memo("inv", .1),
                lambda tt, z: w.pay(w.office(tt + w.U(1, 48) * H), a, c, int(x * (1 - adv - .015)),
                       memo=w.memo("inv", .3)))
    w.daily.append(lambda d, t0, wd: [deal(t0 + w.hours(9, 17)) for _ in range(w.P(1.3))] if wd < 5 else None)


def h_harvest(w: World) -> None:
    """Fish/crop buyer: lump from the processor at dawn, dozens of fishermen paid by weight before
    breakfast."""
    a, proc, who = w.person("harvest_buyer"), w.one("firm"), w.book(["people", "out"], 30, .15)
    lead, p = w.U(.95, .99), w.LN(14, .4)
    w.bal[proc] += w.m(30000 * w.days)

    def day(d: int, t0: int, wd: int) -> None:
        if w.hit(.7):
            rows = [w.m(w.I(20, 300) * p * .7, "int") for _ in range(w.I(5, 25))]
            w.pay(t0 + w.U(1, 4) * H, proc, a, int(sum(rows) / lead), "transfer", w.memo("goods"),
                    lambda t, x: [
                w.pay(t + w.U(.1, 3) * H, a, who(), y, "small", w.memo("goods")) for y in rows])
    w.daily.append(day)


def h_family(w: World) -> None:
    """Salary passed on: spouse gets 70-97 % within the hour and pays the household's things; parents too."""
    a, b, f = w.person("salary_passer"), w.person("home_keeper"), w.U(.7, .97)
    w.monthly(w.I(1, 28), lambda t0: w.pay(
        t0 + w.hours(9, 17), w.one("firm"), a, w.m(w.LN(8000, .4)), "transfer", w.memo("salary"),
        lambda t, x: w.pay(t + w.U(.05, 3) * H, a, b, int(x * f) // w.mp * w.mp)), w.r.choice([0, 7, 15]))
    w.gives(b, .2, lambda: w.m(w.LN(800, .5), "nice"), "friend", w.book(["people"], 3, 0), (8, 21))


def h_kid(w: World) -> None:
    """Child with red packets from kin in two days, handed to a parent at once."""
    a, par = w.new("child", opening=200), w.person("parent")
    kin, d0 = w.some(w.pool["people"], w.I(6, 14)) + [par], w.I(0, max(0, w.days - 2))
    w.daily.append(lambda d, t0, wd: [w.pay(t0 + clock(w), p, a, w.m(w.r.choice([66, 88, 100, 188, 200])),
                                            "red_packet", w.memo("give")) for p in kin if w.hit(.8)]
                   if d == d0 else w.pay(t0 + clock(w), a, w.one("shops"), w.m(w.LN(12, .4), "int"), "small"))
    w.sweep(a, lambda: par, 21, (.8, 1), keep=150)


def h_lender(w: World) -> None:
    """Small lender (shop credit, moneylender with licence): round loans out, equal daily instalments back."""
    a = w.person("small_lender", rich=15)

    def loan(t: float) -> None:
        p, x, k = w.one("people"), w.m(w.LN(2500, .6), "nice"), w.I(7, 30)
        w.pay(t, a, p, x, "transfer", w.memo("neutral"), lambda tt, z: [w.pay(
            tt + (i + 1) * DAY + w.U(-2, 4) * H, p, a, int(x * 1.1 / k), "small") for i in range(k)])
    for _ in range(w.I(6, 20)):
        w.at(w.t0 + w.U(0, max(1, w.days * .7)) * DAY, loan)


def h_sublet(w: World) -> None:
    """Rent collector: tenants' rents and deposits in, owner's share out the same day; deposits turned
    back."""
    a = w.new("rent_agent", opening=15000)
    ten = [(p, w.m(w.LN(1800, .3), "nice"), w.I(1, 28), w.one("land")) for p in w.some(w.pool["people"],
        w.I(15, 50))]
    cut = w.U(.04, .12)
    w.daily.append(lambda d, t0, wd: [w.pay(t0 + clock(w), p, a, y, "transfer", w.memo("rent", .4),
                lambda t, x, o=o: w.pay(w.office(t + w.U(.2, 12) * H), a, o, int(x * (1 - cut)),
                                        memo=w.memo("rent", .4)))
        for p, y, dm, o in ten if dm == w.dates[d].day])


def h_treasury(w: World) -> None:
    """Group cash pool: subsidiaries to zero each evening, funded back each morning (u-turns); may own
    coins."""
    head = w.new("group_treasury", opening=1.2e6)
    for _ in range(w.I(2, 5)):
        a = w.new("subsidiary", opening=20000)
        w.takes(a, 1.5, lambda: w.m(w.LN(9000, .9)), "inv", w.book(["importer", "firm"], 6, .1), (9, 17),
                "transfer")
        w.gives(a, 1.2, lambda: w.m(w.LN(8000, .9)), "inv", w.book(["factory", "importer"], 6, 0), (10, 16))
        w.sweep(a, lambda: head, 18, (1, 1), keep=1, jit=.02, cat="inv")
        w.gives(head, .9, lambda: w.m(w.LN(12000, .4), "nice"), "inv", lambda a=a: a, (8, 9))
    if w.hit(.5):
        w.gives(head, .15, lambda: w.m(w.LN(40000, .6), "nice"), "neutral", lambda e=w.one("exch"): e)


def h_escrow(w: World) -> None:
    """Used car/boat escrow: strangers in, held until handover, out less 1-3 %; a tenth returned."""
    a, fee = w.new("vehicle_escrow", opening=40000), w.U(.01, .03)
    w.takes(a, w.U(.6, 2.5), lambda: w.m(w.LN(14000, .8), "nice"), "goods", lambda: w.one("out"), (9, 19),
            "transfer", lambda t, x, p: w.pay(w.office(t + w.U(3, 70) * H), a, p, x) if w.hit(.1) else
            w.pay(w.office(t + w.U(3, 70) * H), a, w.anyone(), int(x * (1 - fee)), memo=w.memo("goods")))
    w.gives(a, .2, lambda: w.m(160, "int"), "inv", lambda: w.one("customs"))
    w.gives(a, .06, lambda: w.m(5000, "nice"), "salary", lambda: w.one("people"))


def h_crew(w: World) -> None:
    """Crew manager / licensed remittance payer: foreign lumps from one bank, families paid round foreign x
    rate."""
    a, b = w.new(w.r.choice(["crew_manager", "remit_agent"]), opening=1e5), w.one("bank")
    fam, sp = w.book(["people", "out"], w.I(20, 60), .1), w.U(.005, .02)

    def go(t0: int) -> None:
        rows = [round(w.r.choice([100, 200, 300, 500, 800, 1000]) * w.fxrate * (1 - sp) * w.mp)
                for _ in range(w.I(4, 18))]
        w.pay(t0 + w.U(8, 11) * H, b, a, int(sum(rows) * 1.01), "transfer", w.memo("inv"), lambda t, x: [
            w.pay(t + w.U(.1, 7) * H, a, fam(), y, memo=w.memo("friend")) for y in rows])
    w.monthly(0, go, w.r.choice([1, 1, 2, 7]))


def h_trader(w: World) -> None:
    """Own-money coin traders: large, fast, both ways with exchanges, also nights; nobody else's money."""
    a, ex = w.person("own_money_trader", rich=12), w.some(w.pool["exch"], w.I(1, 3))
    w.gives(a, w.U(.5, 3), lambda: w.m(w.LN(9000, .9), "nice"), "coin" if w.hit(.2) else "neutral",
            lambda: w.r.choice(ex), (0, 24), week="0123456")
    w.takes(a, w.U(.5, 3), lambda: w.m(w.LN(9000, .9)), "neutral", lambda: w.r.choice(ex), (0, 24),
            "transfer")


def h_lunch(w: World) -> None:
    """Colleague who orders for all: same sums before noon, one bill at noon, every work day."""
    a, who = w.person("lunch_orderer"), w.some(w.pool["people"], w.I(5, 14))
    y, sh = w.m(w.r.choice([15, 18, 22, 25, 30]), "int"), w.one("shops")
    w.daily.append(lambda d, t0, wd: ([w.pay(t0 + w.U(10.5, 12.5) * H, p, a, y, "small", w.memo("food", .7),
                                             tries=0) for p in who if w.hit(.7)],
                                      w.pay(t0 + w.U(11.9, 12.3) * H, a, sh, y * len(who) * 7 // 10, "small"))
                   if wd < 5 else None)


def h_labour(w: World) -> None:
    """Labour contractor: a company with invoices in and only private persons out, in bursts of like round
    sums."""
    a, men, cut = w.new("labour_contractor", opening=w.LN(50000, .5)), w.some(w.pool["people"],
        w.I(12, 45)), w.U(.04, .12)
    men += w.some(w.pool["out"], 6)
    y = w.m(w.LN(900, .4), "nice")

    def crewpay(t: int, x: int, p: int) -> None:
        k = int(x * (1 - cut) / y)
        for q in w.some(men, k):
            w.pay(w.office(t + w.U(.3, 30) * H), a, q, y * w.r.choice([1, 1, 1, 2]) // 2 * 2,
                  memo=w.memo("salary"), shrink=True)
    w.takes(a, w.U(.3, 1.2), lambda: w.m(w.LN(16000, .6), "nice"), "inv",
            w.book(["firm", "factory"], 5, .05), (9, 18), "transfer", crewpay, "012345", .1)


def h_consign(w: World) -> None:
    """Consignment/auction house: strangers pay hammer prices, other strangers get them less 8-20 % days
    later."""
    a, cut = w.new("consignment", opening=w.LN(90000, .5)), w.U(.08, .2)
    w.takes(a, w.U(.8, 4), lambda: w.m(w.LN(3500, .9), "nice"), "gold", lambda: w.one("out") if w.hit(.5)
            else w.one("people"), (10, 22), "transfer",
                    lambda t, x, p: w.pay(w.office(t + w.U(20, 200) * H), a, w.anyone(), int(x * (1 - cut)),
                     memo=w.memo("gold")), pn=.5)
    w.gives(a, .3, lambda: w.m(w.LN(800, .6)), "inv", lambda: w.one("firm"))


HONEST = [h_labour, h_consign, h_collection, h_freight, h_customs, h_bureau, h_commodity, h_agency,
          h_marina, h_distributor, h_fx, h_daigou, h_groupbuy, h_dues, h_topup, h_gold, h_ticket, h_charity,
          h_temple, h_stream, h_driver, h_freelance, h_circle, h_wedding, h_property, h_factor, h_harvest,
          h_family, h_kid, h_lender, h_sublet, h_treasury, h_escrow, h_crew, h_trader, h_lunch]


# ---------------------------------------------------------------- guilty designs
def orders(w: World, lam: float, h: tuple[float, float], fn: Callable[[int], None],
           p_day: float = 1.) -> None:
    """fn(t) at Poisson times of active days; whole days off."""
    p_day, (d0, d1) = 1. if w.days < 4 else p_day, w.window
    w.daily.append(lambda d, t0, wd: [w.at(t0 + w.hours(*h), fn) for _ in range(w.P(lam))]
                   if d0 <= d < d1 and w.hit(p_day) else None)


def rota(w: World, accs: list[int]) -> Callable[[int], int]:
    """Which account is in use: by slot of some hours, by random, or mostly one."""
    style, slot, off = w.r.choice(["slot", "random", "main"]), w.U(3, 60) * H, w.I(0, 99)

    def pick(t: int) -> int:
        if style == "slot":
            return accs[(int(t // slot) + off) % len(accs)]
        return w.r.choice(accs) if style == "random" or w.hit(.25) else accs[0]
    return pick


def members(w: World, ring: str, role: str, k: int, p_life: float, capital: float) -> list[int]:
    """Accounts of a ring: people with private lives, or bought cards and shells without one."""
    out = []
    for _ in range(max(1, k)):
        a = w.person(role, 1, ring, 1.5) if w.hit(p_life) else w.new(role, 1, ring, 300)
        w.bal[a] += w.m(w.LN(capital, .5))
        out.append(a)
    return out


def shop_cover(w: World, a: int) -> None:
    """Small change that shells and cards also pay: fees, phone, a meal."""
    w.gives(a, w.U(0, .5), lambda: w.m(w.LN(60, 1)), "food",
            lambda: w.one("util") if w.hit(.4) else w.one("shops"), (8, 23), "small", "0123456")


def coin_out(w: World, acc: Callable[[int], int], t: int, total: int, cap: float, to: Who,
             mm: Callable) -> None:
    """The hidden coin leg: private sellers of coins are paid in parts."""
    for y in w.split(total, cap):
        w.pay(w.office(t + w.U(.02, 3) * H, 7.5, 26), acc(t), to(), y, "transfer", mm(), shrink=True)


def g_ad_dealer(w: World, ring: str, n: int) -> None:
    """Advertised dealer with stock of his own: buys one day, sells another, returns money of wrong names,
    holds receipts overnight (fear of freezing) before a relative's card; lives off the same card."""
    mm = w.habit()
    a = members(w, ring, "ad_dealer", n, .8, w.LN(60000, .6))
    w.ads += a[:2]
    act, sp, st = rota(w, a), w.U(.002, .02), w.r.choice(["fiat", "coin", "mix", "floor"])
    med, wrong = w.LN(4000, .8), w.U(0, .12)
    buy, sell = w.book(["coin_buyer"], 25, w.U(.1, .5)), w.hidden(15, w.U(.1, .5))
    h = w.r.choice([(8, 23), (10, 26), (18, 28), (0, 24)])

    def order(t: int) -> None:
        me = act(t)
        x = w.coin(t, w.LN(med, .8), w.r.choice([sp, -sp * .3]), st)
        if w.hit(.56):
            p = buy()
            w.pay(t, p, me, x, "transfer", w.memo("coin", 0) if w.hit(.02) else mm(),
                  lambda tt, z: w.pay(tt + w.U(.05, .8) * H, me, p, z, memo=mm()) if w.hit(wrong) else None)
        else:
            w.pay(t, me, sell(), x, "transfer", mm())
    orders(w, w.LN(4, .6) * len(a) ** .5, h, order, w.U(.5, 1))
    if len(a) > 1 and w.hit(.6):
        w.sweep(a[0], lambda: w.r.choice(a[1:]), w.U(8, 11), (.3, .9), 5000, .5)


def g_offset_house(w: World, ring: str, n: int) -> None:
    """Offset house: people wanting money abroad pay `in` cards (round foreign sums at the house's rate),
    those wanting it here are paid from them or straight by the former; only the imbalance goes to a coin
    broker."""
    mm = w.habit()
    k = max(1, n - 2)
    acc = members(w, ring, "offset_card", k, w.U(.2, .7), 40000)
    brok = members(w, ring, "offset_broker", min(1, n - 1), .4, 30000)[0] if n > 1 else acc[0]
    till = members(w, ring, "offset_till", 1, .8, 90000)[0] if n > 2 else acc[0]
    w.ads += acc[:1] if w.hit(.5) else []
    act, sp, direct = rota(w, acc), w.U(.003, .025), w.U(0, .4)
    send, get = w.book(["seller", "people", "coin_buyer"], 24, .45), w.book(["seller", "people"], 30, .3)
    queue: list[tuple[int, int]] = []
    sel, cap = w.hidden(6, .4), w.limit * w.U(.3, 1)

    def amt(s: float) -> int:
        return round(w.r.choice([300, 500, 1000, 1500, 2000, 3000, 5000, 10000]) * w.fxrate * (1 + s) * w.mp)

    def came(t: int) -> None:
        p, x = send(), amt(sp)
        if queue and w.hit(direct):
            b, y = queue.pop()
            w.pay(t, p, b, y, "transfer", mm())
            return
        for y in w.split(x, cap, w.hit(.5)):
            w.pay(t + w.U(0, .4) * H, p, act(t), y, "transfer", mm())

    def due(t: int) -> None:
        x, b = amt(-sp), get()
        if w.hit(direct):
            queue.append((b, x))
            return
        me = max(acc + [till], key=lambda i: w.bal[i]) if w.hit(.7) else till
        w.pay(t, me, b, x, "transfer", w.memo("friend") if w.hit(.5) else mm(), tries=4)
    hrs = w.r.choice([(9, 20), (10, 24), (7, 18)])
    orders(w, w.U(1, 2.4) * n ** .7, hrs, came, w.U(.7, 1))
    orders(w, w.U(1.2, 3) * n ** .7, hrs, due, w.U(.7, 1))
    for c in acc:
        shop_cover(w, c)
        w.sweep(c, lambda: till, w.U(9, 23), (.3, .9), 3000, w.U(.2, .6), whole=w.hit(.6))
    orders(w, w.r.choice([.3, .6, 1]), (10, 23), lambda t: w.pay(
        t, till, brok, int(w.bal[till] * w.U(.2, .6)), "transfer", w.memo("inv", .6),
        lambda tt, z: coin_out(w, lambda _: brok, tt + int(w.U(0, 20) * H), int(z * .99), cap, sel, mm)))


def g_grey_collection(w: World, ring: str, n: int) -> None:
    """Grey collection firm: pays online sellers odd sums like a licensed one, but is funded by coin buyers
    and other private persons rather than by a bank's conversion."""
    mm = w.habit(True)
    pay = members(w, ring, "grey_payout", max(1, n // 2), .3, 25000)
    got = members(w, ring, "grey_funding", n - len(pay), .4, 25000) if n > 1 else pay
    rows, buy = w.some(w.pool["seller"], w.I(6, 40)), w.book(["coin_buyer", "importer"], 20, .45)
    act, med, fee, pot = rota(w, got), w.LN(9000, .5), w.U(.001, .012), [0]
    every, own = w.U(.1, .5), rota(w, pay)

    def sold(t: int) -> None:
        me, x = act(t), w.coin(t, w.LN(med, .7), .004, "mix")
        to = own(t)

        def pass_on(tt: int, z: int) -> None:
            pot[0] += z
            if me != to:
                w.pay(w.office(tt + w.U(.2, 22) * H), me, to, int(z * (1 - fee)), "transfer",
                      w.memo("inv", .5), shrink=True)
        w.pay(t, buy(), me, x, "transfer", w.memo("inv") if w.hit(.3) else mm(), pass_on)
    orders(w, w.U(2, 5) * n ** .6, (9, 22), sold, w.U(.7, 1))

    def payday(t: int) -> None:
        for x in w.some(rows, max(1, int(len(rows) * every))):
            src = max(pay, key=lambda i: w.bal[i])
            big = min(6, max(.4, w.bal[src] / w.m(6000) / (len(rows) * every + 1)))
            y = min(w.m(w.LN(6000, .8) * big), int(w.bal[src] * .6))
            if y > w.m(300):
                w.pay(w.office(t + w.U(0, 2.5) * H), src, x, y, "transfer", mm())
    orders(w, w.r.choice([.7, 1, 2]), (10, 19), payday)


def g_freight_shadow(w: World, ring: str, n: int) -> None:
    """True freight forwarder whose owner's family cards settle cargo for coins paid abroad: buyers' agents
    and coin buyers pay the cards, factories and sellers are paid out, the firm fills gaps. Firm nearly
    clean."""
    mm = w.habit(True)
    firm = w.new("freight_shadow", 1, ring, 2e5)
    freight_flow(w, firm, w.U(.4, 1))
    fam = members(w, ring, "freight_desk", n - 1, .85, 50000) if n > 1 else [firm]
    act, cut, buy = rota(w, fam), w.U(.004, .03), w.book(["coin_buyer", "importer", "seller"], 18, .4)
    dst, lag = w.book(["factory", "seller", "coin_seller"], 14, .2), w.U(.5, 36)

    def deal(t: int) -> None:
        me, x = act(t), w.coin(t, w.LN(14000, .7), cut, "coin") if w.hit(.5) else w.m(w.LN(14000, .7))
        w.pay(t, buy(), me, x, "transfer", w.memo("ship") if w.hit(.5) else mm(), lambda tt, z: [
            w.pay(tt + (lag * w.U(.5, 1.5)) * H, act(tt), dst(), y, memo=w.memo("ship", .5), shrink=True)
            for y in w.split(int(z * (1 - cut)), w.limit * w.U(.2, 1))])
    orders(w, w.U(1, 3.5) * n ** .6, (9, 23), deal, w.U(.6, 1))
    if len(fam) and fam[0] != firm:
        w.gives(firm, .4, lambda: w.m(w.LN(15000, .5), "nice"), "neutral", lambda: w.r.choice(fam))
        w.gives(fam[0], .3, lambda: w.m(w.LN(15000, .5), "nice"), "inv", lambda: firm)


def g_tradeco_otc(w: World, ring: str, n: int) -> None:
    """OTC desk behind trading companies: invoices in from firms and outsiders, out to private persons in
    parts below limits, hours to two days later; a token wage, tax and office rent, no freight, duty or
    factory."""
    mm = w.habit(True)
    co = members(w, ring, "tradeco_shell", max(1, n - n // 3), 0, 30000)
    hand = members(w, ring, "tradeco_nominee", n // 3, .5, 15000) if n > 2 else []
    act, cut, lag = rota(w, co), w.U(.002, .015), w.U(.3, 30)
    cl, sel = w.book(["importer", "firm", "seller", "coin_buyer"], 16, .35), w.hidden(14, .45)
    cap, keep = w.limit * w.U(.25, 1), w.U(0, .6)

    def deal(t: int) -> None:
        me, x = act(t), w.coin(t, w.LN(20000, .8), cut, w.r.choice(["coin", "fiat"]))

        def out(tt: int, z: int) -> None:
            z = int(z * (1 - cut) * (w.U(.6, 1) if w.hit(keep) else 1))
            if hand and w.hit(.5):
                m = w.r.choice(hand)
                w.pay(tt + lag * H * w.U(.3, 1), me, m, z, "transfer", w.memo("inv"),
                      lambda t3, y: coin_out(w, lambda _: m, t3 + int(w.U(0, 9) * H), int(y * .997), cap,
                                             sel, mm))
            else:
                coin_out(w, lambda _: me, tt + int(lag * H * w.U(.3, 1.4)), z, cap, sel, mm)
        w.pay(t, cl(), me, x, "transfer", w.memo("inv", .15), out)
    orders(w, w.U(1.2, 3) * n ** .7, (9, 18.5), deal, w.U(.6, 1))
    for c in co:
        shop_cover(w, c)
        st = w.some(w.pool["people"], 2)
        w.monthly(w.r.choice([5, 10, 15]), lambda t0, c=c, st=st: [w.pay(
            t0 + w.hours(9, 17), c, p, w.m(w.LN(4000, .2), "nice"), "transfer",
            w.memo("salary")) for p in st])
        w.gives(c, .05, lambda: w.m(w.LN(900, .6)), "inv", lambda: w.one("customs"))


def g_deposit_pool(w: World, ring: str, n: int) -> None:
    """Deposit-first pool: the runner pays his quota to the house *first*, then bettors' payments repay it
    plus a cut and he keeps them. Nothing is passed on in time order; runners live normal (student) lives."""
    mm = w.habit()
    k = 1 if n < 7 else 2
    house = members(w, ring, "pool_house", k, .1, 40000)
    run = members(w, ring, "pool_runner", max(1, n - k), .85, w.LN(4000, .4)) if n > 1 else house
    cut, cents, bets = w.U(.006, .03), w.hit(.4), w.book(["bettor", "people"], 40, .55)
    menu, hrs = w.r.sample([30, 50, 100, 200, 300, 500, 1000], 4), w.r.choice([(10, 26), (19, 28), (0, 24)])
    sel, lag, ch = w.hidden(5, .4), w.U(.3, 5), w.r.choice(["small", "transfer", "red_packet"])

    def quota(t: int, a: int) -> None:
        dep = w.m(min(w.LN(2500, .6), w.bal[a] * .8 / w.mp / w.u), "nice")

        def go(tt: int, z: int) -> None:
            left, at = z * (1 + cut), tt + w.U(.1, 1) * H
            while left > w.m(20):
                x = w.m(w.r.choice(menu), "nice") - (w.I(1, 99) if cents and w.mp > 1 else 0)
                x = min(x, int(left))
                at += w.r.expovariate(1 / (lag * H / 6))
                w.pay(at, bets(), a, x, ch, mm(), tries=1)
                left -= x
        w.pay(t, a, w.r.choice(house), dep, "transfer", mm(), go, tries=0)
    for a in run:
        orders(w, w.U(.3, 1.6), hrs, lambda t, a=a: quota(t, a), w.U(.4, .9))
    for b in house:
        w.gives(b, w.U(3, 9), lambda: w.m(w.LN(400, 1), "nice"), "neutral", w.book(["bettor"], 30, .3),
                (12, 28), week="0123456", pn=.8)
        orders(w, w.U(.3, 1), (9, 22), lambda t, b=b: coin_out(
            w, lambda _: b, t, int(w.bal[b] * w.U(.3, .8)), w.limit * .6, sel, mm))


def g_unique_cents(w: World, ring: str, n: int) -> None:
    """Unlicensed wallet app: each deposit order is told by unlike cents, deposit cards rotate, other cards
    pay withdrawals (mostly round), a treasury keeps both in balance and pays servers and advertising."""
    mm = w.habit()
    top = members(w, ring, "app_treasury", 1, 0, 1e5)[0]
    out = members(w, ring, "app_payout", max(1, (n - 1) // 3), .15, 30000) if n > 2 else [top]
    dep = members(w, ring, "app_deposit", n - 1 - (len(out) if n > 2 else 0), .2, 1000) if n > 1 else [top]
    act, users = rota(w, dep), w.book(["bettor", "coin_buyer", "exchange_user"], 60, .4)
    med, size, batch = w.LN(700, .6), w.U(5, 16) * n ** .7, w.U(.2, 9)
    trig, sel = w.m(w.LN(9000, .6)), w.hidden(4, .3)

    def came(t: int) -> None:
        me = act(t)
        x = w.m(w.LN(med, .8), "nice") + (w.I(1, 99) * w.r.choice([1, -1]) if w.mp > 1 else w.I(1, 999))

        def check(tt: int, z: int) -> None:
            if w.bal[me] > trig and me != top:
                w.pay(tt + w.U(.05, batch) * H, me, top, int(w.bal[me] * w.U(.8, .99)), "transfer", None,
                      shrink=True)
        w.pay(t, users(), me, max(1, x), w.r.choice(["transfer", "small"]), mm(), check, tries=0)

    def wd(t: int) -> None:
        me = w.r.choice(out)
        y = w.m(w.LN(med * 1.3, .8), "int")
        if w.bal[me] < y * 3 and me != top:
            w.pay(t, top, me, int(w.m(w.LN(12000, .4), "nice")), shrink=True, tries=0)
        w.pay(t + w.U(.05, 1) * H, me, users(), y, "transfer", None)
    orders(w, size, (7, 26), came)
    orders(w, size * w.U(.3, .6), (9, 26), wd)
    w.gives(top, .3, lambda: w.m(w.LN(3000, .6)), "inv", w.book(["firm", "platforms"], 3, 0))
    orders(w, .5, (11, 23), lambda t: coin_out(w, lambda _: top, t, int(w.bal[top] * w.U(.1, .5)), w.limit,
                                               sel, mm))


def g_credit_offset(w: World, ring: str, n: int) -> None:
    """Discount credit shop: phone/power/fuel credit at 90-98 %. The credit itself is paid to the telecom by
    bettors elsewhere; the shop never pays a telecom and sends its takings to settlers who pay coin
    sellers."""
    mm = w.habit()
    shop = members(w, ring, "credit_shop", max(1, n // 2), .3, 2000)
    sett = members(w, ring, "credit_settler", n - len(shop), .5, 9000) if n > 1 else shop
    off, who = w.U(.02, .1), w.book(["people", "out"], 90, .35)
    sel, hour, live_ = w.hidden(6, .35), w.U(20, 26), w.hit(.5)

    def sale(t: int) -> None:
        f, a = w.r.choice([50, 100, 100, 200, 300, 500, 1000]), w.r.choice(shop)
        w.pay(t, who(), a, int(w.m(f, "nice") * (1 - off)), "small", w.memo("game", .5), tries=0)
        w.pay(t + w.U(.1, 48) * H, w.one("bettor"), w.one("util"), w.m(f, "nice"), "bill",
              w.memo("game", .8), tries=0)
    orders(w, w.U(7, 22) * n ** .6, (8, 25), sale)
    for a in shop:
        if shop != sett:
            w.sweep(a, lambda: w.r.choice(sett), hour, (.85, 1), 300, 1 if not live_ else .6, whole=w.hit(.5))
    for b in sett:
        orders(w, w.U(.5, 1.2), (8, 24), lambda t, b=b: coin_out(
            w, lambda _: b, t, int(w.bal[b] * w.U(.6, .97)), w.limit * w.U(.1, 1), sel, mm))


def g_rented_qr(w: World, ring: str, n: int) -> None:
    """Rented merchant codes: true small shops with honest trade; on some evenings bettors pay them for hours
    and the owner hands it on less 3-10 % within the evening or the next morning."""
    mm = w.habit()
    k = 1 if n > 1 else 0
    top = members(w, ring, "qr_collector", 1, .3, 8000)[0] if k else w.one("coin_seller")
    cut, sel = w.U(.03, .1), w.hidden(5, .4)
    menu = w.r.sample([98, 100, 188, 200, 300, 388, 500, 1000], 4)
    bets = w.book(["bettor", "people"], 40, .6)
    for _ in range(max(1, n - k)):
        a = w.new("rented_qr_shop", 1, ring, w.LN(6000, .5))
        w.pool["shops"].append(a)
        w.shopinfo[a] = (None, w.LN(25, .5))
        own, pday, late, nb = w.person("shop_owner", rich=1.5), w.U(.25, .8), w.hit(.4), w.U(8, 30)
        w.takes(a, w.U(4, 14), lambda a=a: price(w, a), "food", pn=.9)
        w.gives(a, .4, lambda: w.m(w.LN(500, .6), "int"), "goods", w.book(["importer", "factory"], 3, 0),
                (6, 19))
        w.sweep(a, lambda own=own: own, 21.5, (.1, .3), 1500, .4)

        def day(d: int, t0: int, wd: int, a: int = a, pday: float = pday, late: bool = late,
                nb: float = nb) -> None:
            if not w.hit(pday):
                return
            h, got = w.U(12, 22), [0]
            for _ in range(w.P(nb)):
                w.pay(t0 + (h + w.U(0, 4)) * H, bets(), a, w.m(w.r.choice(menu) * w.U(.99, 1.01), "int"),
                      "scan", None, lambda t, x: got.append(x), tries=0)
            times = [h + w.U(8, 14)] if late else [h + 1.4, h + 2.8, h + 4.3]
            for x in times:
                def fwd(t: int) -> None:
                    y, got[:] = int(sum(got) * (1 - cut)), [0]
                    w.pay(t, a, top, y, "transfer", w.memo("goods"), shrink=True)
                w.at(t0 + x * H, fwd)
        w.daily.append(day)
    if k:
        orders(w, w.U(.8, 2), (9, 26), lambda t: coin_out(
            w, lambda _: top, t, int(w.bal[top] * w.U(.6, .95)), w.limit * .5, sel, mm))


def g_straw_chain(w: World, ring: str, n: int) -> None:
    """Victims' money through a bought company, fanned over bought cards after penny tests, and out through
    gold and phone shops, cash at banks, and private coin sellers; each card works a day or three, then is
    dead."""
    mm = w.habit()
    head = members(w, ring, "straw_company", 1 + n // 9, 0, 800)
    straw = members(w, ring, "straw_card", max(1, n - len(head)), 0, 60) if n > 1 else head
    wait, ways, cap = w.U(.1, 2), w.r.choice(["gold", "coin", "mix", "mix"]), w.limit * w.U(.15, .9)
    vic, sel = w.book(["victim", "out"], 16, .6), w.hidden(6, .4)
    span = max(1., w.days / max(1, len(straw)) * w.U(1, 3))
    for a in straw + head:
        w.at(w.t0 + w.U(0, .2) * w.days * DAY, lambda t, a=a: w.pay(
            t, a, w.anyone(), w.m(w.r.choice([.1, 1, 1, 2]), "int"), memo=None))

    def spend(t: int, a: int, z: int) -> None:
        for y in w.split(int(z * w.U(.96, 1)), cap):
            way = w.r.choice(["gold", "coin", "cash"]) if ways == "mix" else ways
            to = w.one("gold") if way == "gold" else w.one("bank") if way == "cash" else sel()
            w.pay(t + w.U(.05, wait) * H, a, to, y, "card" if way == "gold" else "transfer", None,
                  shrink=True)

    def hit(t: int) -> None:
        h, x = w.r.choice(head), w.m(w.LN(7000, .9), w.r.choice(["nice", "int"]))
        d = (t - w.t0) / DAY / span
        now = straw[int(d) % len(straw)], straw[int(d + 1) % len(straw)]

        def fan(tt: int, z: int) -> None:
            for y in w.split(int(z * .995), cap):
                a = w.r.choice(now)
                w.pay(tt + w.U(.02, wait) * H, h, a, y, "transfer", w.memo("inv", .6),
                        lambda t3, q: spend(t3, a, q))
        w.pay(t, vic(), h, x, "transfer", mm(), fan if h != now[0] else lambda t3, q: spend(t3, h, q))
    orders(w, w.U(.7, 2) * n ** .7, (9, 21), hit, w.U(.6, 1))


def g_payroll_coin(w: World, ring: str, n: int) -> None:
    """Coin payroll bureau: pays staff of foreign firms here; its money comes from feeders who sell the firms'
    coins to private buyers. Outgoing side is a plain payroll; no employer ever pays in."""
    mm = w.habit(True)
    bur = w.new("coin_bureau", 1, ring, 50000)
    feed = members(w, ring, "coin_feeder", n - 1, .7, 30000) if n > 1 else [bur]
    act, buy, sp = rota(w, feed), w.book(["coin_buyer", "importer"], 22, .4), w.U(.001, .012)
    st = [(p, w.LN(5000, .5)) for p in w.some(w.pool["people"], w.I(15, 50))]
    w.ads += feed[:1]
    orders(w, w.U(1., 2.6) * n ** .6, (9, 25), lambda t: w.pay(
        t, buy(), act(t), w.coin(t, w.LN(7000, .8), sp, "mix"), "transfer", mm()))
    for a in feed:
        if a != bur:
            w.sweep(a, lambda: bur, w.U(9, 22), (.5, .95), 6000, w.U(.3, 1), whole=w.hit(.6), cat="inv")

    def go(t0: int) -> None:
        for p, y in w.some(st, w.I(len(st) // 2, len(st))):
            w.pay(t0 + w.U(10, 17) * H, bur, p, w.m(y * .5), "transfer", w.memo("salary"), tries=3)
    w.monthly(0, go, w.r.choice([1, 2, 4, 7]))


def g_invoice_mill(w: World, ring: str, n: int) -> None:
    """Invoice mill: factories and employers pay `services`, shells turn it among themselves to look busy,
    pay a little tax, and personal cards buy coins for the owners less 3-8 points."""
    mm = w.habit(True)
    sh = members(w, ring, "mill_shell", max(1, n - max(1, n // 3)), 0, 20000)
    card = members(w, ring, "mill_card", max(1, n // 3), .5, 8000) if n > 1 else sh
    pts, cl = w.U(.03, .08), w.book(["firm", "factory", "importer"], 18, .1)
    sel, lag, loop = w.hidden(12, .35), w.U(2, 60), w.U(.1, .6)

    def deal(t: int) -> None:
        a, x = w.r.choice(sh), w.m(w.LN(25000, .7), w.r.choice(["nice", "exact"]))

        def out(tt: int, z: int) -> None:
            b = w.r.choice(card)
            w.pay(w.office(tt + w.U(20, 300) * H), a, w.one("customs"), int(z * w.U(.005, .02)),
                  memo=w.memo("inv"))
            if w.hit(loop) and len(sh) > 1:
                o = w.r.choice([q for q in sh if q != a])
                w.pay(w.office(tt + w.U(.5, 20) * H), a, o, int(z * .98), "transfer", w.memo("inv", .1),
                      lambda t3, q: w.pay(w.office(t3 + w.U(.5, 20) * H), o, a, int(q * .99),
                                          memo=w.memo("inv", .1)))
                tt += int(40 * H)
            w.pay(tt + lag * H * w.U(.2, 1), a, b, int(z * (1 - pts)), "transfer", w.memo("salary", .5),
                  lambda t3, q:
                  coin_out(w, lambda _: b, t3 + int(w.U(0, 12) * H), int(q * .995), w.limit * .9, sel, mm))
        w.pay(t, cl(), a, x, "transfer", w.memo("inv", .05), out)
    orders(w, w.U(.8, 1.6) * n ** .6, (9, 18), deal, w.U(.6, .9))
    for a in sh:
        shop_cover(w, a)


def g_counter_shop(w: World, ring: str, n: int) -> None:
    """Walk-in coin counter among the phone and gold shops: many odd and round sums both ways in shop
    hours, stock covered twice a day at a wholesaler's card; sells some real phones, pays rent."""
    mm = w.habit()
    shop = members(w, ring, "coin_counter", max(1, n - 1), .4, 35000)
    top = members(w, ring, "coin_wholesaler", 1, .3, 3e5)[0] if n > 1 else shop[0]
    w.ads += shop[:1] + [top]
    sp, med, sell = w.U(.005, .03), w.LN(1800, .6), w.U(.5, .75)
    b, s2 = w.book(["coin_buyer", "exchange_user"], 50, .5), w.book(["coin_seller"], 30, .5)

    def order(t: int) -> None:
        a = w.r.choice(shop)
        if w.hit(.12):
            w.pay(t, w.anyone(), a, w.m(w.LN(900, .7), "nine"), "small", w.memo("gold", .6), tries=0)
        elif w.hit(sell):
            w.pay(t, b(), a, w.coin(t, w.LN(med, .9), sp, "mix"), "small", mm(), tries=0)
        else:
            w.pay(t, a, s2(), w.coin(t, w.LN(med, .9), -sp, "mix"), "transfer", mm())
    orders(w, w.U(5, 16) * n ** .5, (9.5, 21), order)
    for a in shop:
        if a != top:
            for h in (13.5, 20.5):
                w.sweep(a, lambda: top, w.r.gauss(h, .5), (.2, .6), 12000, .8, whole=w.hit(.5))
        w.monthly(w.I(1, 28), lambda t0, a=a: w.pay(t0 + 11 * H, a, w.one("land"), w.m(5000, "nice")))
    stock = w.hidden(4, .5)
    orders(w, w.U(.6, 2), (11, 23), lambda t: coin_out(
        w, lambda _: top, t, int(w.bal[top] * w.U(.05, .3)), w.limit, stock, mm))


def g_guarantee_escrow(w: World, ring: str, n: int) -> None:
    """Chat-group guarantor: strangers' coin trades rest with the guarantor 1-50 h, released less 0.5-3 %
    or sent back; commission to an owner's card; parties are coin people on both sides, never a vehicle or
    a tax."""
    mm = w.habit()
    esc = members(w, ring, "guarantor", max(1, n - 1), .4, 12000)
    own = members(w, ring, "guarantor_owner", 1, .8, 9000)[0] if n > 1 else esc[0]
    w.ads += esc[:1]
    act, fee, back = rota(w, esc), w.U(.005, .03), w.U(.04, .2)
    b, s2, hold = w.book(["coin_buyer"], 25, .5), w.book(["coin_seller"], 18, .45), w.U(1, 50)

    def deal(t: int) -> None:
        e, p, x = act(t), b(), w.coin(t, w.LN(7000, .8), .005, "mix")
        w.pay(t, p, e, x, "transfer", mm(), lambda tt, z: w.pay(
            tt + hold * w.U(.2, 1.5) * H, e, p, z, memo=mm()) if w.hit(back) else w.pay(
            tt + hold * w.U(.2, 1.5) * H, e, s2(), int(z * (1 - fee)) // w.mp * w.mp or 1, memo=mm()))
    orders(w, w.U(2, 5) * n ** .6, (9, 25), deal, w.U(.7, 1))
    for e in esc:
        if e != own:
            w.gives(e, .25, lambda: w.m(w.LN(400, .5), "nice"), "neutral", lambda: own, (20, 24))


GUILTY = [(g_ad_dealer, 1, 4), (g_offset_house, 3, 11), (g_grey_collection, 2, 7), (g_freight_shadow, 2, 4),
          (g_tradeco_otc, 1, 8), (g_deposit_pool, 3, 18), (g_unique_cents, 3, 12), (g_credit_offset, 2, 6),
          (g_rented_qr, 2, 8), (g_straw_chain, 3, 14), (g_payroll_coin, 2, 4), (g_invoice_mill, 2, 8),
          (g_counter_shop, 2, 5), (g_guarantee_escrow, 1, 4)]


# ---------------------------------------------------------------- building and writing
def build(w: World) -> None:
    """Population by quota: guilty rings, ordinary bulk, the rest honest trade, every honest design in
    turn."""
    n_g = round(w.N * w.gshare)
    ordinary = int(w.N * w.U(.64, .70))
    out = int(w.N * w.U(.10, .18))
    base(w, ordinary - out, out)
    todo = HONEST[:]
    w.r.shuffle(todo)
    i = 0
    while len(w.role) < w.N - n_g - 15 - w.N // 900:    # the rest is filled with persons
        todo[i % len(todo)](w)
        i += 1
        if i >= len(todo) and len(w.role) < w.N - n_g - 30 and w.hit(.65):
            w.r.choice([h_shop, h_shop, h_stall, h_landlord, h_driver, h_seller, h_importer, h_factory])(w)
    if not w.pool["freight"]:
        h_freight(w)
    if not w.pool["gold"]:
        h_gold(w)
    kinds: list[tuple] = []
    k = 0
    while n_g > 0:
        if not kinds:
            kinds = w.r.sample(GUILTY, len(GUILTY))
        fn, lo, hi = kinds.pop()
        fits = [x for x in GUILTY if x[1] <= n_g]
        if lo > n_g:
            fn, lo, hi = w.r.choice(fits)
        if w.N * w.gshare < 60:
            hi = min(hi, lo + 2)
        n = min(n_g, round(math.exp(w.U(math.log(lo), math.log(hi + .49)))))
        before = sum(w.guilty)
        fn(w, f"{fn.__name__[2:]}-{k}", n)
        n_g -= max(1, sum(w.guilty) - before)
        k += 1
    known = set(w.pool["people"])
    w.pool["people"] += [a for a in sorted(w.alive) if a not in known]    # everybody is somebody's friend
    for a, r in enumerate(w.role):
        if a not in w.alive and (r in REAL_FRONT and w.hit(.8) if w.guilty[a] else r not in NO_COSTS):
            costs(w, a)
    while len(w.role) < w.N:
        w.pool["people"].append(w.person("person"))


def names(w: World) -> list[str]:
    """Account names in one of several banks' styles; shuffled, so order tells nothing."""
    style, seen, out = w.r.choice(["hex", "num", "iban"]), set(), []
    while len(out) < len(w.role):
        x = {"hex": f"{w.r.getrandbits(48):012x}", "num": f"62{w.r.randrange(10 ** 14):014d}",
             "iban": f"{w.cur[:2]}{w.r.randrange(10 ** 12):012d}"}[style]
        if x not in seen:
            seen.add(x)
            out.append(x)
    return out


def write(w: World, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    nm, rows = names(w), w.rows
    col = list(zip(*rows)) if rows else [[]] * 6
    tag = f"{w.r.getrandbits(20):05x}"
    pq.write_table(pa.table({ "tx_id": [f"{tag}{i:08d}" for i in range(len(rows))],
        "ts": pa.array(np.array(col[0], dtype="int64") * 1000).cast(pa.timestamp("us", "UTC")),
        "seq": pa.array(range(len(rows)), pa.int64()),
        "payer": [nm[i] for i in col[1]], "payee": [nm[i] for i in col[2]],
        "amount_minor": pa.array(col[3], pa.int64()), "currency": [w.cur] * len(rows),
        "channel": pa.array(col[4], pa.string()), "memo": pa.array(col[5], pa.string())}),
        out / "transactions.parquet")

    def table(name: str, head: str, data: list) -> None:
        with open(out / name, "w", newline="", encoding="utf-8") as f:
            csv.writer(f, lineterminator="\n").writerows([head.split(",")] + data)
    stamp = [dt.datetime.fromtimestamp((w.px0 + i * H) / 1000, dt.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
             for i in range(len(w.prices["USDT"]))]
    table("prices.csv", "ts,asset,quote,price", [[t, a, w.cur, f"{p:.6g}" if p < 1e5 else f"{p:.2f}"]
                                                 for a, ps in w.prices.items() for t, p in zip(stamp, ps)])
    known = [] if w.hit(.2) else [a for a in w.pool["exch"][:-1] if w.hit(.7)]
    table("exchange_accounts.csv", "account,name", [[nm[a], f"Exchange {chr(65 + i)}"] for i,
                                                    a in enumerate(known)])
    p = w.U(.3, .75)
    seen = [a for a in dict.fromkeys(w.ads) if w.hit(p)]
    odd = [x for k in ("coin_seller", "exchange_user", "gold", "seller",
                       "people") for x in w.some(w.pool[k], 1)]
    seen += w.some(odd, max(1, len(seen) // 6))
    w.r.shuffle(seen)
    table("contacts.csv", "account,source,first_seen", [[nm[a],
                                                         w.r.choice(["p2p_board", "chat_group", "leaflet"]), (
        w.dates[0] + dt.timedelta(days=w.I(-60, w.days - 1))).isoformat()] for a in dict.fromkeys(seen)])
    idx = sorted(range(len(nm)), key=lambda i: nm[i])
    table("labels.csv", "account,role,guilty,group", [[nm[i], w.role[i], w.guilty[i],
                                                       w.group[i]] for i in idx])


def summary(w: World) -> None:
    """Money and counts by role: accounts, payments and value per account each way, end balance."""
    n_in, n_out, v_in, v_out = Counter(), Counter(), Counter(), Counter()
    for _, a, b, x, _, _ in w.rows:
        n_out[w.role[a]] += 1
        n_in[w.role[b]] += 1
        v_out[w.role[a]] += x
        v_in[w.role[b]] += x
    cnt = Counter(w.role)
    act = {a for r in w.rows for a in r[1:3]}
    mean = Counter()
    for i, r in enumerate(w.role):
        mean[r] += w.bal[i]
    k = w.mp * w.u
    g = [i for i in range(len(w.role)) if w.guilty[i]]
    low = min(b for b, r in zip(w.bal, w.role) if r not in ("bank", "exchange"))
    print(f"seed {w.seed} {w.cur} accounts {len(w.role)} days {w.days} from {w.dates[0]} rows {len(w.rows)} "
          f"guilty {len(g)} in {len({w.group[i] for i in g})} rings, "
          f"idle guilty {len([i for i in g if i not in act])} "
          f"idle all {len(w.role) - len(act)} dropped {w.dropped} "
          f"ordinary {sum(cnt[r] for r in ORDINARY) / len(w.role):.2f} min balance {low:.0f}")
    gr = {w.role[i] for i in g}
    for r in sorted(cnt, key=lambda r: (r not in gr, r)):
        c = cnt[r]
        print(f"{'G' if r in gr else ' '} {r:18s} n {c:5d}  in {n_in[r] / c:7.1f} x "
              f"{v_in[r] / k / max(1, n_in[r]):9.0f}"
              f"  out {n_out[r] / c:7.1f} x {v_out[r] / k / max(1, n_out[r]):9.0f}  out/in "
              f"{v_out[r] / max(1, v_in[r]):6.2f}  end {mean[r] / c / k:10.0f}")


ORDINARY = ("person", "outsider", "coin_buyer", "coin_seller", "exchange_user", "bettor", "victim")


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("--out", required=True, type=Path)
    p.add_argument("--seed", required=True, type=int)
    p.add_argument("--accounts", type=int, default=5000)
    p.add_argument("--days", type=int, default=14)
    p.add_argument("--guilty", type=float, default=.02)
    p.add_argument("--currency", default="CNY", help="one of " + " ".join(CUR))
    a = p.parse_args()
    w = World(a.seed, a.accounts, a.days, a.guilty, a.currency)
    build(w)
    w.run()
    write(w, a.out)
    summary(w)


if __name__ == "__main__":
    main()
