"""Labelled payment worlds with unlicensed coin dealing as done outside the classic wallet-pool picture.

SPDX-License-Identifier: Apache-2.0

Lagos / Istanbul / Sao Paulo / Buenos Aires / Mumbai / Kyiv / Warsaw style trade on instant rails and mobile
money, expressed in any currency of CURRENCIES. An event queue moves tracked balances, so nobody pays
with money he does not have; follow-up payments are caused by the receipts they follow.

Hard to tell even with the full history (said again at the designs): the lender of a once-rented account
with a single run (g_mules, few runs), a mobile-money agent with a small coin share (g_mm_agent), the slow
dealer with few customers (g_slow) against a coin-buying friend (h_coin_friend).
"""
from __future__ import annotations

import argparse
import csv
import datetime as dt
import heapq
import math
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

# code: (USDT price, price of a lunch, UTC offset h, memo language column, usual transfer limit in lunches)
CURRENCIES: dict[str, tuple[float, float, float, int, int]] = {
    "CNY": (7.2, 20, 8, 0, 2500), "NGN": (1520, 2500, 1, 1, 400), "KES": (129, 250, 3, 1, 600),
    "INR": (88, 150, 5.5, 1, 660), "EUR": (0.92, 10, 1, 7, 1000), "USD": (1.0, 14, -5, 1, 700),
    "BRL": (5.4, 25, -3, 2, 400), "ARS": (1250, 7000, -3, 3, 400), "TRY": (34, 220, 3, 4, 450),
    "UAH": (41.5, 180, 2, 5, 160), "PLN": (4.0, 32, 1, 6, 470),
}
WORDS = """rent|房租|rent|aluguel|alquiler|kira|оренда|czynsz|Miete
food|午饭|lunch|almoço|almuerzo|yemek|обід|obiad|Essen
salary|工资|salary|salário|sueldo|maaş|зарплата|pensja|Gehalt
goods|货款|goods|mercadoria|mercadería|mal bedeli|товар|towar|Ware
thanks|谢谢|thanks|obrigado|gracias|teşekkürler|дякую|dzięki|danke
gift|礼物|gift|presente|regalo|hediye|подарунок|prezent|Geschenk
loan|还款|loan|empréstimo|préstamo|borç|борг|pożyczka|Darlehen
dues|会费|dues|mensalidade|cuota|aidat|внесок|składka|Beitrag
ticket|门票|ticket|ingresso|entrada|bilet|квиток|bilet|Ticket
order|订单|order|pedido|pedido|sipariş|замовлення|zamówienie|Bestellung
family|家用|upkeep|casa|casa|ev|дім|dom|Haushalt
donate|捐款|offering|dízimo|donación|bağış|пожертва|darowizna|Spende
trip|车费|ride|corrida|viaje|yolculuk|поїздка|przejazd|Fahrt
phone|手机|phone|celular|celular|telefon|телефон|telefon|Handy
invoice|发票|invoice|nota fiscal|factura|fatura|рахунок|faktura|Rechnung
topup|充值|top-up|recarga|recarga|kontör|поповнення|doładowanie|Aufladung
savings|互助会|contribution|consórcio|tanda|gün|каса|kasa|Sparclub
refund|退款|refund|reembolso|reintegro|iade|повернення|zwrot|Erstattung
wedding|新婚快乐|wedding|casamento|boda|düğün|весілля|wesele|Hochzeit
gold|黄金|gold|ouro|oro|altın|золото|złoto|Gold
coin|U|usdt|usdt|cripto|usdt|крипта|usdt|btc
trap|纪念币|coin set|moedas antigas|monedas|jeton|жетони|żetony|Münzen
trap2|U盘抹茶|token meter|ficha|ficha kermes|token elektrik|пеллет|żeton myjnia|Waschmarke"""
LEX: dict[str, list[str]] = {ln.split("|")[0]: ln.split("|")[1:] for ln in WORDS.splitlines()}
HOURS = [h for h, k in enumerate([1, 1, 0, 0, 0, 1, 3, 8, 8, 6, 6, 9, 15, 10, 6, 6, 7, 10, 14, 13, 10, 8, 5,
        3])
         for _ in range(k)]
NICE = (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)
HOUR_MS = 3_600_000
RICH = 10 ** 15
Action = Callable[[int], None]


class World:
    """Accounts, balances, an event queue, vocabulary helpers; time 0 is a Monday's local midnight."""

    def __init__(self, seed: int, n: int, days: int, guilty: float, currency: str) -> None:
        self.r, self.np = random.Random(seed * 7919 + 13), np.random.default_rng(seed + 4242)
        self.n, self.days, self.guilty_target, self.cur = n, days, max(3, round(n * guilty)), currency
        self.usdt, lunch, self.tz, self.lang, self.limit = CURRENCIES[currency]
        self.L = lunch * 100
        self.whole = lunch >= 1000
        self.start = dt.datetime(2026, 2, 16) + dt.timedelta(days=self.r.randrange(8) * 7, hours=-self.tz)
        self.end = days * 24 * HOUR_MS
        self.bal: list[int] = []
        self.role: list[str] = []
        self.guilty: list[int] = []
        self.group: list[str] = []
        self.rows: list[tuple[int, int, int, int, str | None, str | None]] = []
        self.queue: list[tuple[int, int, Action]] = []
        self.k = self.rings = 0
        self.pool: dict[str, list[int]] = defaultdict(list)
        self.advertised: list[int] = []
        self.memo_rate, self.null_rate = self.r.uniform(0.2, 0.6), self.r.choice([0, 0, 0.02, 0.06])
        hours = days * 24 + 1
        self.walk = {a: p * np.exp(np.cumsum(self.np.normal(0, s, hours))) for a, p, s in (
            ("USDT", self.usdt, 0.0006), ("BTC", self.usdt * self.r.uniform(6e4, 1.1e5), 0.005),
            ("ETH", self.usdt * self.r.uniform(1800, 4200), 0.007))}

    def acct(self, role: str, lunches: float, guilty: int = 0, group: str = "") -> int:
        """A new account with an opening balance (in lunches)."""
        self.bal.append(int(lunches * self.L))
        self.role.append(role), self.guilty.append(guilty), self.group.append(group)
        return len(self.bal) - 1

    def ring(self) -> str:
        self.rings += 1
        return f"ring{self.rings:03d}"

    def at(self, t: float, fn: Action) -> None:
        """Queue an action (local ms)."""
        if 0 <= t < self.end:
            self.k += 1
            heapq.heappush(self.queue, (int(t), self.k, fn))

    def move(self, t: int, a: int | None, b: int | None, amt: int, ch: str, memo: str | None = None) -> int:
        """Pay now if the money is there; returns what was paid (0 when not)."""
        amt = amt // 100 * 100 if self.whole else amt  # no cents where nobody uses them
        if a is None or b is None or a == b or amt <= 0 or self.bal[a] < amt:
            return 0
        self.bal[a] -= amt
        self.bal[b] += amt
        self.rows.append((t, a, b, amt, None if self.r.random() < self.null_rate else ch, memo))
        return amt

    def pay(self, t: float, a: int, b: int, amt: int, ch: str, memo: str | None = None,
            tries: int = 1) -> None:
        """Queue a payment; with tries > 1 it waits for money some hours at a time."""
        def go(now: int, left: int = tries) -> None:
            if not self.move(now, a, b, amt, ch, memo) and left > 1:
                self.at(now + self.r.uniform(3, 20) * HOUR_MS, lambda x: go(x, left - 1))
        self.at(t, go)

    def t(self, day: float, lo: float, hi: float | None = None) -> float:
        """Local ms on a day between two hours."""
        return (day * 24 + (lo if hi is None else self.r.uniform(lo, hi))) * HOUR_MS + self.r.random() * 6e4

    def rate(self, t: float) -> float:
        return float(self.walk["USDT"][min(int(t // HOUR_MS), len(self.walk["USDT"]) - 1)])

    def nice(self, v: float) -> float:
        e = 10 ** math.floor(math.log10(max(v, 1e-9)))
        return min(NICE, key=lambda k: abs(k * e - v)) * e

    def m(self, x: float, style: str = "r") -> int:
        """Minor units of x lunches: r round, p shop price, x exact."""
        v = max(x * self.L, 1)
        if style == "r":
            v = self.nice(v)
        elif style == "p":
            step = 5000 if self.whole else 50 if v < 5000 else 100
            v = max(step, round(v / step) * step) - (self.r.choice([0, 0, 0, 10, 1]) if not self.whole else 0)
        return max(1, round(v / 100) * 100 if self.whole else int(round(v)))

    def order(self, t: float, x: float, spread: float, round_fiat: float) -> int:
        """Amount of a coin order: round money or a round coin quantity at the rate of the hour."""
        if self.r.random() < round_fiat:
            return self.m(x)
        v = self.nice(x * self.L / 100 / self.usdt) * self.rate(t) * (1 + spread) * 100
        return max(1, round(v / 100) * 100 if self.whole or self.r.random() < 0.4 else int(v))

    def memo(self, key: str | None, rate: float | None = None) -> str | None:
        if key is None or self.r.random() > (self.memo_rate if rate is None else rate):
            return None
        word = LEX[key][self.lang if self.r.random() < 0.93 else 1]
        return word if self.r.random() < 0.7 else f"{word} {self.r.randrange(1, 9999)}"

    def ln(self, median: float, s: float = 0.6) -> float:
        return median * math.exp(self.r.gauss(0, s))

    def hour(self) -> float:
        return self.r.choice(HOURS) + self.r.random()

    def payer(self, amt: int, kinds: Sequence[str] = ("person",) * 9 + ("thin",)) -> int | None:
        """Somebody with the money (a few draws)."""
        for _ in range(8):
            a = self.r.choice(self.pool[self.r.choice(kinds)])
            if self.bal[a] > amt * 1.15:
                return a
        return None

    def people(self, k: int, kind: str = "person") -> list[int]:
        p = self.pool[kind]
        return self.r.sample(p, min(k, len(p)))

    def run(self) -> None:
        while self.queue:
            t, _, fn = heapq.heappop(self.queue)
            fn(t)


# ---------------------------------------------------------------- building blocks
def life(w: World, a: int, scale: float = 1.0, busy: float = 1.0) -> None:
    """Salary or gigs, rent, bills, food, transport, friends, family: the rhythm of a person."""
    r, pay = w.r, w.ln(330, 0.5) * scale
    w.bal[a] += int(pay * r.uniform(0.25, 1.6) * w.L)
    boss, shops, friends = r.choice(w.pool["employer"]), w.people(r.randint(3, 9),
            "shop"), w.people(r.randint(2, 7))
    kind = r.choices(["month", "week", "gig", "none"], [55, 20, 15, 10])[0]
    first = {"month": r.randrange(30), "week": r.randrange(7), "gig": 0, "none": 99}[kind]
    step, frac = {"month": (30, 1.0), "week": (7, 0.24), "gig": (1, 0.04), "none": (30, 0)}[kind]
    wage = w.m(pay * frac, "x" if r.random() < 0.6 else "r")
    for d in range(first, w.days, step):
        if kind != "gig" or r.random() < 0.7:
            amt = wage if kind != "gig" else w.m(pay * frac * r.uniform(0.4, 2), "p")
            w.pay(w.t(d, 8, 18),
                    boss if kind != "gig" or r.random() < 0.4 else r.choice(w.pool["employer"]), a,
                  amt, "transfer", w.memo("salary", 0.7))
    if r.random() < 0.5 * w.days / 15:
        w.pay(w.t(r.randrange(w.days), 8, 22), a,
                r.choice(w.pool["landlord"] if r.random() < 0.5 else w.pool["bank"]),
              w.m(pay * r.uniform(0.18, 0.35)), "transfer", w.memo("rent", 0.6), tries=4)
    for _ in range(r.randint(0, 3)):
        w.pay(w.t(r.randrange(w.days), w.hour()), a, r.choice(w.pool["utility"]), w.m(w.ln(3), "x"), "bill")
    fav, rate, card = r.choice(friends), r.uniform(0.8, 2.4) * busy, r.random()
    for d in range(w.days):
        for _ in range(int(r.expovariate(1 / rate) + 0.5)):
            t, u = w.t(d, w.hour()), r.random()
            if u < 0.74:
                w.pay(t, a, r.choice(shops), w.m(w.ln(0.9 * pay / 330 + 0.3, 0.7), "p"),
                      "card" if r.random() < card else "scan", w.memo("food", 0.03))
            elif u < 0.82:
                w.pay(t, a, r.choice(w.pool["utility"]), w.m(r.choice([0.1, 0.15, 0.2, 0.3]), "p"), "scan")
            elif u < 0.96:
                f = fav if r.random() < 0.4 else r.choice(friends)
                key = r.choice(["food", "thanks", "gift", "loan", "family", "trip", "trap", "trap2"])
                w.pay(t, a, f, w.m(w.ln(1.6, 0.9)), "transfer", w.memo(key))
            else:
                w.pay(t, a, r.choice(w.pool["person"]), w.m(w.ln(2, 1)), r.choice(["transfer", "scan"]), None)


def collect(w: World, a: int, day: float, n: float, amt: Callable[[], int], hours: tuple[float, float] = (9,
        20),
            ch: str = "scan", key: str | None = None, rate: float | None = None,
            who: Sequence[int] | None = None, then: Callable[[int, int, int], None] | None = None) -> None:
    """About n receipts on a day from anybody (or from regulars); then(t, payer, amount) follows each."""
    for _ in range(int(n + w.r.random())):
        def go(t: int) -> None:
            v = amt()
            p = w.r.choice(who) if who else w.payer(v)
            if w.move(t, p, a, v, ch, w.memo(key, rate)) and then and p is not None:
                then(t, p, v)
        w.at(w.t(day, *hours), go)


def sweep(w: World, a: int, to: int | Callable[[], int], t: float, share: float = 1.0, keep: float = 0.0,
          key: str | None = None, rnd: bool = False, floor: float = 1.0, ch: str = "transfer") -> None:
    """Pay what is there above `keep` lunches onward."""
    def go(now: int) -> None:
        v = int((w.bal[a] - keep * w.L) * share)
        if rnd and v > 0:
            step = 10 ** max(2, len(str(v)) - 2)
            v = v // step * step
        b = to() if callable(to) else to
        if w.role[b] in ("person_coin", "outsider"):  # private coin sellers have only so many coins
            v = min(v, w.m(w.ln(90)))
        if v > floor * w.L:
            w.move(now, a, b, v, ch, w.memo(key))
    w.at(t, go)


def spread_out(w: World, a: int, t: float, payees: Sequence[int], amt: Callable[[], int],
        key: str | None = None,
               gap: float = 90, rate: float | None = None, ch: str = "transfer") -> None:
    """Pay many one after another, as a person working down a list."""
    for p in payees:
        t += w.r.expovariate(1 / gap) * 1000 + 4000
        w.pay(t, a, p, amt(), ch, w.memo(key, rate), tries=2)


def hat(w: World, role: str, lunches: float = 40.0, busy: float = 0.8, guilty: int = 0,
        group: str = "") -> int:
    """An account with an ordinary life besides its trade."""
    a = w.acct(role, lunches, guilty, group)
    life(w, a, w.r.uniform(0.6, 1.6), busy)
    if not guilty and w.r.random() < 0.08:  # honest traders are coin customers now and then, too
        w.pool["coin"].append(a)
        w.bal[a] += int(w.ln(120) * w.L)
        for _ in range(w.r.randint(0, 3)):
            w.pay(w.t(w.r.randrange(w.days), w.hour()), a, w.r.choice(w.pool["exchange"]), w.m(w.ln(15)),
                    "transfer")
    return a


def coin_side(w: World, own: Sequence[int] = (), exch: int = 46) -> int:
    """Who sells coins wholesale: an exchange, another dealer, a coin holder, a stranger at another bank."""
    kind = w.r.choices(["exchange", "dealer", "coin", "thin"], [exch, 40, 8, 6])[0]
    pool = [x for x in w.pool[kind] if x not in own] or w.pool["exchange"]
    return w.r.choice(pool)


def trade(w: World, t: float, a: int | Callable[[], int], x: float, spread: float, rf: float, buy: float,
          memo: Callable[[], str | None], regular: Sequence[int] = (), loyal: float = 0.2) -> None:
    """One retail coin trade at t; buy = chance that the dealer buys (pays the customer)."""
    def go(now: int) -> None:
        me = a() if callable(a) else a
        side = w.r.random() < buy
        v = w.order(now, x, -spread if side else spread, rf)
        if side:
            c = w.r.choice(regular) if regular and w.r.random() < loyal else w.r.choice(w.pool["coin"])
            w.move(now, me, c, v, "transfer", memo())
        else:
            c2 = w.r.choice(regular) if regular and w.r.random() < loyal else w.payer(v, ("coin", "coin",
                    "thin"))
            m2 = "usdt" if w.r.random() < 0.004 else memo()
            w.move(now, c2, me, v, "transfer" if w.r.random() < 0.8 else "scan", m2)
    w.at(t, go)


def habit(w: World) -> Callable[[], str | None]:
    """Memo habit of a crew: nothing, a cover word, order numbers, or whatever customers write."""
    k, word = w.r.choice(["none", "none", "cover", "code", "mixed"]), w.r.choice(["goods", "loan", "gift",
            "thanks"])
    if k == "none":
        return lambda: None
    if k == "cover":
        return lambda: w.memo(word, 0.8)
    if k == "code":
        return lambda: f"{w.r.randrange(10 ** 5, 10 ** 7)}" if w.r.random() < 0.7 else None
    return lambda: w.memo(w.r.choice(["food", "thanks", "goods", "loan", "family"]), 0.4)


# ---------------------------------------------------------------- guilty designs: f(w, cap) -> accounts made
def g_p2p_merchant(w: World, cap: int) -> int:
    """Two-sided advertiser: sells and buys all day, lives on the spread; the exchange hardly sees him."""
    r, g, k = w.r, w.ring(), min(cap, w.r.randint(1, 4))
    main = hat(w, "p2p_merchant", w.ln(900, 0.8), r.uniform(0.5, 1.2), 1, g)
    accts = [main] + [hat(w, "p2p_merchant_second", w.ln(300), 0.5, 1, g) for _ in range(k - 1)]
    per, size, spread, buy, rf = r.uniform(4, 26), w.ln(22, 0.6), r.uniform(0.004, 0.03), r.uniform(0.2,
            0.55), r.random()
    memo, mode, open_, close = habit(w), r.choice(["day", "each"]), r.uniform(6, 11), r.uniform(18, 25)
    regular = w.people(r.randint(2, 10), "coin")
    off = set(r.sample(range(w.days), r.randint(0, min(4, w.days - 1))))
    for d in range(w.days):
        if d in off:
            continue
        for _ in range(int(r.uniform(0.5, 1.5) * per)):
            a = accts[d % k] if mode == "day" else r.choice(accts)
            trade(w, w.t(d, open_, close), a, w.ln(size, 0.8), spread, rf, buy, memo, regular)
        for a in accts:
            if r.random() < 0.6:
                sweep(w, a, lambda: coin_side(w, accts), w.t(d, open_, close), r.uniform(0.4, 0.9),
                      r.uniform(50, 300), None, r.random() < 0.5, 60)
            if a != main and r.random() < 0.3:
                w.pay(w.t(d, open_), main, a, w.m(w.ln(80)), "transfer", memo())
    w.pool["dealer"] += accts
    w.advertised += accts
    return k


def g_drops(w: World, cap: int) -> int:
    """Drop accounts with a few days of life: a test coin, a burst, out to *private* sellers, then frozen."""
    r, g, k = w.r, w.ring(), min(cap, w.r.randint(3, 10))
    hub = hat(w, "drop_handler", 200, 0.6, 1, g)
    memo, layer2, lag = habit(w), r.random() < 0.5, r.uniform(4, 150)
    drops = [w.acct("drop", r.uniform(0, 6), 1, g) for _ in range(k - 1)]
    t0 = r.uniform(0, w.days * 0.3)
    for i, a in enumerate(drops):
        if r.random() < 0.4:  # a bought account with a little past
            collect(w, a, 0, 2, lambda: w.m(w.ln(1.5)), (8, 20), "transfer", "thanks")
        lifespan, x = r.uniform(1.2, 5), w.ln(45, 0.7)
        w.pay(w.t(t0, 9, 22), hub, a, w.m(r.choice([0.05, 0.1, 0.2])), "transfer", None)
        for _ in range(r.randint(5, 28)):
            def arrive(t: int, a: int = a, x: float = x, i: int = i) -> None:
                v = w.order(t, w.ln(x, 0.7), 0.01, 0.6)
                if not w.move(t, w.payer(v, ("coin", "thin", "person", "person")), a, v, "transfer", memo()):
                    return
                def leave(now: int) -> None:
                    out = int(w.bal[a] * r.uniform(0.85, 1.0)) // 100 * 100
                    deeper = layer2 and i % 3 == 0 and i + 1 < len(drops)
                    nxt = drops[i + 1] if deeper else coin_side(w, drops, 8)
                    parts = r.choice([1, 1, 2, 3])
                    for _ in range(parts):
                        w.pay(now + r.uniform(0, 400) * 1000, a, nxt, out // parts, "transfer", memo())
                w.at(t + r.expovariate(1 / lag) * 60000, leave)
            w.at(w.t(t0 + r.uniform(0.1, lifespan), w.hour()), arrive)
        sweep(w, a, hub, w.t(t0 + lifespan, 1, 20), 0.97, 0, None, False, 3)
        t0 = min(t0 + r.uniform(0.2, 2.0), w.days - 1.5)
    return k


def g_rented_arb(w: World, cap: int) -> int:
    """Premium arbitrage through rented accounts: one purse, students' names, exchange in, exchange back."""
    r, g, k = w.r, w.ring(), min(cap, w.r.randint(4, 14))
    purse = hat(w, "arb_purse", w.ln(9000, 0.4), 0.6, 1, g)
    ex, fee, memo = r.sample(w.pool["exchange"], 2), r.uniform(0.002, 0.012), habit(w)
    backwise = r.random() < 0.5  # money comes home from the exchange to the purse, or by the lender
    for a in [hat(w, "arb_lender", 10, 1.0, 1, g) for _ in range(k - 1)]:
        for d in sorted(r.sample(range(w.days), r.randint(2, max(2, w.days * 2 // 3)))):
            def fund(t: int, a: int = a) -> None:
                v = w.m(w.ln(w.limit * 0.3, 0.4), r.choice("rx"))
                if not w.move(t, purse, a, v, "transfer", memo()):
                    return
                net, t2 = int(v * (1 - fee)), t + r.uniform(2, 45) * 60000
                w.pay(t2, a, ex[0], net, "transfer", None, 2)
                home, t3 = int(net * (1 + r.uniform(0.003, 0.03))), t2 + r.uniform(0.5, 20) * HOUR_MS
                if backwise:
                    w.pay(t3, ex[1], purse, home, "transfer", None)
                else:
                    w.pay(t3, ex[1], a, home, "transfer", None)
                    w.pay(t3 + r.uniform(5, 90) * 60000, a, purse, home, "transfer", memo(), 2)
            w.at(w.t(d, 8, 23), fund)
    return k


def g_bet_site(w: World, cap: int) -> int:
    """Unlicensed betting: rotating collectors, cents to match, a payout account, a coin treasury."""
    r, g, k = w.r, w.ring(), min(cap, w.r.randint(4, 11))
    tre = w.acct("bet_treasury", 400, 1, g)
    pout = w.acct("bet_payout", 600, 1, g)
    cols = [(hat(w, "bet_collector", 10, 0.5, 1, g) if r.random() < 0.5 else w.acct("bet_collector", 5, 1, g))
            for _ in range(max(1, k - 2))]
    tail, base, per = r.random() < 0.6, [w.m(x) for x in (1, 2, 5, 10, 25)], r.uniform(20, 70)
    rate_out, players = r.uniform(0.35, 0.7), w.people(r.randint(25, 120))
    for d in range(w.days):
        live = [cols[(d // r.randint(1, 3) + j) % len(cols)] for j in range(min(len(cols), r.randint(1, 3)))]
        for a in set(live):
            collect(w, a, d, per / len(live), lambda: r.choices(base, [4, 5, 4, 2, 1])[0] + (
                r.randrange(1, 99) if tail and not w.whole else 0), (11, 26), r.choice(["scan", "transfer"]),
                "order", 0.1, players)
            for h in r.sample(range(12, 26), r.randint(1, 4)):
                sweep(w, a, lambda: tre if r.random() > rate_out else pout, w.t(d, h), r.uniform(0.8, 1), 4,
                        None,
                      r.random() < 0.5, 8)
        spread_out(w, pout, w.t(d, 13, 24), r.choices(players, k=int(per * 0.25)),
                   lambda: w.m(w.ln(8, 0.9), r.choice("rx")), None, 1500)
        sweep(w, tre, lambda: coin_side(w), w.t(d, 10, 23), r.uniform(0.5, 1), 20, None, True, 60)
    return len(cols) + 2


def g_mm_agent(w: World, cap: int) -> int:
    """Mobile-money agent whose kiosk also sells coins; small coin share is hard to tell from h_mm_agent."""
    r, g = w.r, w.ring()
    a, sup = w.acct("mm_agent_coin", w.ln(900, 0.4), 1, g), r.choice(w.pool["super_agent"])
    own = hat(w, "mm_agent_own", 200, 0.9, 1, g) if cap > 1 else a
    share, memo, size = r.uniform(0.25, 0.7), habit(w), w.ln(25, 0.5)
    for d in range(w.days):
        _float_day(w, a, sup, d, r.uniform(8, 22) * (1 - share))
        for _ in range(int(r.uniform(6, 18) * share * 1.5)):
            trade(w, w.t(d, 8, 21), a, w.ln(size, 0.7), r.uniform(0.01, 0.04), 0.85, 0.35, memo)
        if own != a:
            sweep(w, a, own, w.t(d, 11, 22), r.uniform(0.3, 0.6), 500, None, True, 40)
            sweep(w, own, lambda: coin_side(w, (a, own)), w.t(d, 12, 24), 0.8, 200, None, True, 40)
        else:
            sweep(w, a, lambda: coin_side(w, (a,)), w.t(d, 12, 22), 0.5, 500, None, True, 40)
    w.advertised.append(own)
    return 2 if own != a else 1


def g_front(w: World, cap: int) -> int:
    """Invoice-splitting front firms: 'goods' below the limit, coins within a day; fig-leaf costs."""
    r, g, k = w.r, w.ring(), min(cap, w.r.randint(2, 6))
    firms = [w.acct("front_firm", w.ln(150), 1, g) for _ in range(k)]
    clients = w.people(r.randint(4, 14), "trader")
    lim, under = w.m(w.limit * r.choice([0.5, 1, 2])), r.uniform(0.05, 0.6)
    staff = w.people(r.randint(1, 3))
    for d in range(w.days):
        if (d % 7) in (5, 6) and r.random() < 0.85:
            continue
        for a in firms:
            for _ in range(r.randint(0, 4)):
                def inv(t: int, a: int = a) -> None:
                    c, total, j = r.choice(clients), w.ln(w.limit * 1.1, 0.6) * w.L, r.randrange(100, 9999)
                    parts = max(1, math.ceil(total / (lim * (1 - under / 2))))
                    for p in range(min(parts, 6)):
                        v = int(total / parts * r.uniform(0.93, 1.05))
                        w.pay(t + p * r.uniform(60, 5000) * 1000, c, a, v, "transfer",
                              f"{LEX['invoice'][w.lang]} {j}{'/' + str(p + 1) if r.random() < 0.4 else ''}")
                w.at(w.t(d, 8.5, 17), inv)
            for _ in range(r.randint(1, 3)):
                to = r.choice(firms) if r.random() < 0.25 else None
                sweep(w, a, to if to is not None else (lambda: coin_side(w, firms)), w.t(d, 10, 21),
                      r.uniform(0.4, 0.97), 30, "invoice", r.random() < 0.4, 80)
            if d % 7 == 4:
                spread_out(w, a, w.t(d, 15), staff, lambda: w.m(60), "salary")
            if r.random() < 0.1:
                w.pay(w.t(d, 11), a, r.choice(w.pool["utility"]), w.m(w.ln(6), "x"), "bill")
    return k


def g_cash_desk(w: World, cap: int) -> int:
    """Coin cash desks: cash is unseen, accounts show only the imbalance and mirror payments between desks."""
    r, g, k = w.r, w.ring(), min(cap, w.r.randint(2, 5))
    desks = [hat(w, "cash_desk", w.ln(2500, 0.5), 0.7, 1, g) for _ in range(k)]
    memo, fee = habit(w), r.uniform(0.005, 0.025)
    for d in range(w.days):
        if d % 7 == 6 and r.random() < 0.8:
            continue
        for a in desks:
            for _ in range(r.randint(2, 9)):
                trade(w, w.t(d, 10, 19), a, w.ln(70, 0.8), fee, 0.7, 0.5, memo, w.pool["coin"][:12], 0.1)
            if r.random() < 0.5:  # cash carried to or from a bank counter
                w.pay(w.t(d, 10, 16), r.choice(w.pool["bank"]), a, w.m(w.ln(350)), "cash_in", None)
            sweep(w, a, r.choice(w.pool["bank"]), w.t(d, 11, 17), 0.3, 1500, None, True, 100, "cash_out")
            if k > 1 and r.random() < 0.6:
                w.pay(w.t(d, 18, 22), a, r.choice([x for x in desks if x != a]),
                      w.m(w.ln(180), r.choice("rx")), "transfer", memo())
    w.pool["dealer"] += desks
    w.advertised += desks
    return k


def g_card_to_card(w: World, cap: int) -> int:
    """Exchanger site: every order shows another card; full cards empty into a hub, others pay out."""
    r, g, k = w.r, w.ring(), min(cap, w.r.randint(4, 12))
    hub = w.acct("c2c_hub", w.ln(800), 1, g)
    cards = [w.acct("c2c_card", r.uniform(1, 40), 1, g) for _ in range(k - 1)]
    size, memo, per = w.ln(18, 0.5), habit(w), r.uniform(8, 40)
    full, spread, rf, night = size * r.uniform(3, 14) * w.L, r.uniform(0.01, 0.05), r.uniform(0,
            0.5), r.random() < 0.6
    payers_out = cards[:max(1, (k - 1) // 3)]
    w.advertised += cards[-3:]
    ins = cards[len(payers_out):] or cards

    def hop(t: int) -> None:
        for a in ins:
            if w.bal[a] > full * r.uniform(0.5, 1):
                to = hub if r.random() < 0.6 else r.choice(payers_out)
                w.pay(t + r.uniform(20, 900) * 1000, a, to, int(w.bal[a] * r.uniform(0.9, 0.995)), "card",
                        None)
    for d in range(w.days):
        for _ in range(int(per * r.uniform(0.6, 1.3))):
            h = r.uniform(0, 24) if night else r.uniform(8, 23)
            out = r.random() < 0.45
            trade(w, w.t(d, h), lambda out=out: r.choice(payers_out if out else ins), w.ln(size, 0.7),
                    spread, rf,
                  1.0 if out else 0.0, memo)
        for h in range(1, 24, 2):
            w.at(w.t(d, h), hop)
        for a in payers_out:
            w.pay(w.t(d, 7, 12), hub, a, w.m(size * r.uniform(4, 12)), "card", None)
        sweep(w, hub, lambda: coin_side(w, cards), w.t(d, 9, 24), r.uniform(0.3, 0.8), size * 10, None,
                False, 100)
    return k


def g_giftcard(w: World, cap: int) -> int:
    """Gift-card trader: few lumps in from coin merchants, many small payouts: a reversed funnel."""
    r, g, k = w.r, w.ring(), min(cap, w.r.randint(1, 3))
    memo, med = habit(w), w.ln(7, 0.5)
    faces = [10, 25, 50, 100, 200]
    sellers = w.people(r.randint(8, 50)) + w.people(20, "thin") + w.people(20, "coin")
    for _ in range(k):
        a = hat(w, "giftcard_trader", w.ln(250), 0.8, 1, g)
        cut = r.uniform(0.6, 0.88)
        for d in range(w.days):
            def lump(t: int, a: int = a) -> None:
                src = coin_side(w, (a,))
                v = w.order(t, med * r.uniform(8, 22), -0.01, 0.3)
                w.move(t, src, a, v, "transfer", memo())
            for _ in range(r.randint(1, 2)):
                w.at(w.t(d, 9, 22), lump)
            for _ in range(r.randint(4, 18)):
                def out(t: int, a: int = a, cut: float = cut) -> None:
                    face = r.choice(faces) * (med / 18)
                    v = w.m(face * cut * w.rate(t) / w.usdt, r.choice("rxp"))
                    w.move(t, a, r.choice(sellers), v, "transfer", memo())
                w.at(w.t(d, 9, 25), out)
    w.advertised.append(len(w.bal) - 1)
    return k


def g_remit(w: World, cap: int) -> int:
    """Coin remittance: migrants pay a collector, coins travel, a payer at home serves families."""
    r, g, k = w.r, w.ring(), min(cap, w.r.randint(2, 6))
    ins = [hat(w, "remit_collector", 60, 0.9, 1, g) for _ in range(max(1, k // 2))]
    outs = [hat(w, "remit_payer", w.ln(300), 0.9, 1, g) for _ in range(max(1, k - len(ins)))]
    migrants, fam = w.people(r.randint(15, 60)), w.people(60)
    wk, size, memo = r.choice([4, 5, 6]), w.ln(18, 0.4), habit(w)
    key = r.choice(["family", None, "gift"])
    for d in range(w.days):
        busy = 1.0 if d % 7 in (wk, (wk + 1) % 7) else 0.25
        for a in ins:
            collect(w, a, d, r.uniform(5, 16) * busy, lambda: w.m(w.ln(size, 0.5)), (9, 22), "transfer",
                    key, 0.3, migrants)
            sweep(w, a, lambda: coin_side(w, ins), w.t(d, 19, 27), 0.97, 40, None, r.random() < 0.3, 40)
        for a in outs:
            if r.random() < busy:
                def fill(t: int, a: int = a) -> None:
                    w.move(t, coin_side(w, outs), a, w.order(t, size * r.uniform(5, 14), -0.01, 0.4),
                            "transfer", memo())
                w.at(w.t(d + 0.3, 0, 6), fill)
                spread_out(w, a, w.t(d, 15, 18), r.sample(fam, min(len(fam), r.randint(4, 14))),
                           lambda: w.m(w.ln(size * 0.95, 0.5), r.choice("rx")), key, 240, 0.3)
    return len(ins) + len(outs)


def g_mules(w: World, cap: int) -> int:
    """Students recruited by messenger: a lump in, a cut kept, the rest to the next or to coins; 1-6 runs.
    With one single run it is barely told from a favour for a relative."""
    r, g, k = w.r, w.ring(), min(cap, w.r.randint(3, 9))
    own = cap > 3 and r.random() < 0.6  # a recruiter's account in the books, or coins bought straight away
    boss = hat(w, "mule_boss", 60, 0.5, 1, g) if own else r.choice(w.pool["exchange"])
    mules = [hat(w, "mule", 5, 1.0, 1, g) for _ in range(k - own)]
    if own:
        for d in range(w.days):
            sweep(w, boss, lambda: coin_side(w, mules), w.t(d, 10, 25), r.uniform(0.5, 1), 60, None, True, 40)
    cut, lag, memo = r.uniform(0.02, 0.1), r.uniform(3, 120), habit(w)

    def run(t: int, a: int, v: int, left: int) -> None:
        def go(now: int) -> None:
            keep = int(v * (1 - cut * r.uniform(0.6, 1.4)))
            if left > 0 and r.random() < 0.45:
                b = r.choice([x for x in mules if x != a] or [boss])
                if w.move(now, a, b, keep, "transfer", memo()) and b in mules:
                    run(now, b, keep, left - 1)
                return
            parts = r.choice([1, 1, 2, 4])
            target = r.choice([boss, coin_side(w, mules)])
            for i in range(parts):
                w.pay(now + i * r.uniform(30, 600) * 1000, a, target, keep // parts // 100 * 100,
                        "transfer", memo(), 2)
        w.at(t + r.expovariate(1 / lag) * 60000 + 45000, go)
    for a in mules:
        for d in r.sample(range(w.days), min(w.days, r.randint(2, 7) if r.random() < 0.9 else 1)):
            def come(t: int, a: int = a) -> None:
                v = w.m(w.ln(90, 0.7), r.choice("rrx"))
                for _ in range(r.choice([1, 1, 2, 3])):
                    if w.move(t, w.payer(v, ("thin", "person", "coin")), a, v, "transfer", memo()):
                        run(t, a, v, 3)
            w.at(w.t(d, w.hour()), come)
    return k


def g_slow(w: World, cap: int) -> int:
    """Patient neighbourhood dealer: known customers, money rests for days, a weekly purchase, normal life.
    Few indicators fire; only the sum of customers against purchases tells (hard)."""
    r, g = w.r, w.ring()
    a = hat(w, "slow_dealer", w.ln(500), 1.2, 1, g)
    regular = w.people(r.randint(8, 22), "coin")
    memo, ph = habit(w), r.randrange(7)
    src = r.choice(w.pool["exchange"] if r.random() < 0.5 or not w.pool["dealer"] else w.pool["dealer"])
    for d in range(w.days):
        for _ in range(r.randint(1, 4)):
            trade(w, w.t(d, w.hour()), a, w.ln(28, 0.7), r.uniform(0.01, 0.05), 0.9, 0.15, memo, regular, 0.9)
        if d % r.choice([5, 7]) == ph % 5:
            for j in range(r.randint(1, 3)):
                sweep(w, a, src, w.t(d, 9 + j * 3, 12 + j * 3), r.uniform(0.3, 0.6), 150, None, True, 40)
    w.advertised.append(a)
    return 1


def g_bill_payer(w: World, cap: int) -> int:
    """'Spend your coins': lumps in from coin buyers, out as other people's bills, rents, top-ups."""
    r, g, k = w.r, w.ring(), min(cap, w.r.randint(1, 3))
    for _ in range(k):
        a = hat(w, "coin_bill_payer", w.ln(300), 0.7, 1, g)
        for d in range(w.days):
            for _ in range(r.randint(1, 3)):
                def fill(t: int, a: int = a) -> None:
                    w.move(t, coin_side(w, (a,)), a, w.order(t, w.ln(38), -0.012, 0.3), "transfer", None)
                w.at(w.t(d, 7, 21), fill)
            for _ in range(r.randint(4, 15)):
                kind = r.choice(["utility", "utility", "utility", "landlord", "shop", "coin"])
                w.pay(w.t(d, 8, 23), a, r.choice(w.pool[kind]), w.m(w.ln(6, 0.9), "x"),
                      "bill" if kind == "utility" else "transfer", w.memo({"landlord": "rent"}.get(kind,
                              "topup"), 0.3))
    w.advertised.append(len(w.bal) - 1)
    return k


GUILTY = [g_p2p_merchant, g_drops, g_rented_arb, g_bet_site, g_mm_agent, g_front, g_cash_desk, g_card_to_card,
          g_giftcard, g_remit, g_mules, g_slow, g_bill_payer]


# ---------------------------------------------------------------- honest designs: f(w)
def _float_day(w: World, a: int, sup: int, d: int, n: float) -> None:
    """Cash in and out at a mobile-money kiosk; float is traded with the super-agent several times a day."""
    r = w.r
    for _ in range(int(n)):
        if r.random() < 0.5:
            w.pay(w.t(d, 7, 21), a, r.choice(w.pool["person"]), w.m(w.ln(4, 0.8)), "cash_in", None)
        else:
            collect(w, a, d, 1, lambda: w.m(w.ln(4, 0.8)), (7, 21), "cash_out")
    for h in r.sample(range(8, 21), 2):
        sweep(w, a, sup, w.t(d, h), 0.7, 900, "topup", True, 30)
        w.at(w.t(d, h + 0.5), lambda t: w.bal[a] < 300 * w.L and w.move(t, sup, a, w.m(300), "transfer",
                None))


def h_mm_agent(w: World) -> None:
    """Two-sided, round, all day, with same-hour settlement upward; no coins."""
    a, sup = w.acct("mm_agent", w.ln(700, 0.5)), w.r.choice(w.pool["super_agent"])
    for d in range(w.days):
        _float_day(w, a, sup, d, w.r.uniform(8, 26))


def h_savings_club(w: World) -> None:
    """Rotating savings (ajo, tanda, gun): equal sums from members in hours, the pot to one member at once."""
    r, a = w.r, hat(w, "savings_club")
    members, v, step = w.people(r.randint(8, 22)), w.m(w.ln(6)), r.choice([1, 3, 7])
    for d in range(r.randrange(step), w.days, step):
        for p in members:
            w.pay(w.t(d, 8, 20), p, a, v, r.choice(["transfer", "scan"]), w.memo("savings"), 3)
        w.pay(w.t(d, 20, 22), a, r.choice(members), v * (len(members) - 2), "transfer", w.memo("savings"), 4)


def h_market_woman(w: World) -> None:
    """Market stall: many small receipts, dawn restock with nearly everything, susu collector daily."""
    r, a = w.r, w.acct("market_stall", w.ln(60))
    sup, susu = r.choice(w.pool["trader"]), r.choice(w.pool["bank"])
    for d in range(w.days):
        collect(w, a, d, r.uniform(10, 40), lambda: w.m(w.ln(0.8, 0.7), "p"), (7, 19), "scan")
        sweep(w, a, sup, w.t(d, 4, 6), r.uniform(0.7, 0.95), 5, "goods", True, 3)
        w.pay(w.t(d, 18), a, susu, w.m(1), "transfer", w.memo("savings"))


def h_bill_split(w: World) -> None:
    """Flatmate or office lunch payer: pays first, is repaid in equal shares within two hours."""
    r, a = w.r, hat(w, "bill_split", 150)
    mates = w.people(r.randint(3, 9))
    for d in range(w.days):
        if r.random() < 0.7:
            share, t = w.m(r.uniform(0.7, 3), "p"), w.t(d, 12, 21)
            w.pay(t, a, r.choice(w.pool["shop"]), share * (len(mates) + 1), "card")
            for p in mates:
                w.pay(t + r.uniform(1, 120) * 60000, p, a, share, r.choice(["transfer", "scan"]),
                        w.memo("food"), 2)


def h_remit_family(w: World) -> None:
    """Eldest child at home: licensed remittance lump arrives, is passed to relatives the same evening."""
    r, a = w.r, hat(w, "remit_family")
    kin, src = w.people(r.randint(3, 8)), r.choice(w.pool["remitter"])
    for d in sorted(r.sample(range(w.days), min(w.days, r.randint(2, 5)))):
        v = w.m(w.ln(50), "x")
        w.pay(w.t(d, 8, 18), src, a, v, "transfer", None)
        spread_out(w, a, w.t(d, 18.2, 22), kin, lambda v=v: w.m(v / w.L / len(kin) * r.uniform(0.6, 1.1)),
                "family")


def h_driver(w: World) -> None:
    """Ride driver: strangers all day and night, fixed daily remittance to the car's owner."""
    r, a = w.r, hat(w, "ride_driver", 40, 0.6)
    owner, rent, night = r.choice(w.pool["person"]), w.m(w.ln(5, 0.3)), r.random() < 0.4
    for d in range(w.days):
        if r.random() < 0.85:
            collect(w, a, d, r.uniform(6, 18), lambda: w.m(w.ln(0.9, 0.6), "p"), (18, 29) if night else (6,
                    21),
                    r.choice(["transfer", "scan"]), "trip", 0.1)
            w.pay(w.t(d, 21, 23.9), a, owner, rent, "transfer", w.memo("trip"))
            w.pay(w.t(d, 12, 20), a, r.choice(w.pool["shop"]), w.m(2.5), "card")


def h_dues(w: World) -> None:
    """Club treasurer (sports, parents, residents): one sum from many in an evening, then hall and kit."""
    r, a = w.r, hat(w, "club_dues")
    v = w.m(w.ln(4))
    for d in r.sample(range(w.days), min(w.days, r.randint(1, 3))):
        spread = r.uniform(1, 8)
        for p in w.people(r.randint(12, 60)):
            w.pay(w.t(d, 17, 17 + spread), p, a, v, r.choice(["scan", "transfer"]), w.memo("dues"), 2)
        sweep(w, a, r.choice(w.pool["trader"]), w.t(d + 1, 9, 20), 0.8, 30, "invoice", False)


def h_freelancer(w: World) -> None:
    """Freelancer: lumps from a payout firm (rate-dependent, odd), subcontractors paid within the hour."""
    r, a = w.r, hat(w, "freelancer")
    subs, src = w.people(r.randint(1, 6)), r.choice(w.pool["remitter"])
    for d in r.sample(range(w.days), min(w.days, r.randint(2, 7))):
        t, v = w.t(d, 9, 22), w.m(w.nice(w.ln(60)) * r.uniform(0.95, 1), "x")
        w.pay(t, src, a, v, "transfer", None)
        if r.random() < 0.7:
            spread_out(w, a, t + 600000, subs, lambda v=v: int(v * 0.75 / len(subs)), "thanks", 400)


def h_online_seller(w: World) -> None:
    """Few-price online shop paid by transfer, strangers, nightly sweep to the owner, courier bills."""
    r, a = w.r, w.acct("online_seller", 80)
    own, prices = hat(w, "shop_owner"), [w.m(w.ln(8, 0.7), "p") for _ in range(r.randint(2, 6))]
    sup = r.choice(w.pool["trader"])
    for d in range(w.days):
        collect(w, a, d, r.uniform(5, 30), lambda: r.choice(prices), (8, 25), r.choice(["scan",
                "transfer"]), "order")
        sweep(w, a, own, w.t(d, 23, 23.9), r.uniform(0.85, 1), 5, None, r.random() < 0.3)
        sweep(w, own, sup, w.t(d, 9, 12), r.uniform(0.5, 0.7), 60, "goods", True, 20)
        collect(w, r.choice(w.pool["utility"]), d, 2, lambda: w.m(w.ln(0.5), "x"), (15, 18), "bill",
                who=[own])
        if r.random() < 0.15:
            w.pay(w.t(d, 12), a, r.choice(w.pool["person"]), r.choice(prices), "transfer", w.memo("refund"))


def h_car_importer(w: World) -> None:
    """Car importer: large deposits from one-time buyers, near-full forwarding to an auction broker abroad."""
    r, a = w.r, w.acct("car_importer", w.ln(1500))
    broker = r.choice(w.pool["trader"] + w.pool["remitter"])
    for d in range(w.days):
        collect(w, a, d, r.uniform(0.2, 1.2), lambda: w.m(w.ln(450, 0.6)), (9, 18), "transfer", "invoice",
                0.6,
                None, lambda t, p, v: w.pay(t + r.uniform(0.5, 9) * HOUR_MS, a, broker,
                        int(v * r.uniform(0.85, 0.95)),
                                            "transfer", w.memo("invoice"), 2))
        if r.random() < 0.3:
            w.pay(w.t(d, 10), a, r.choice(w.pool["utility"]), w.m(w.ln(25), "x"), "bill")


def h_church(w: World) -> None:
    """Parish: Sunday collection in free round sums, a share to headquarters the same afternoon."""
    r, a, sun = w.r, w.acct("church", 200), w.r.choice([6, 6, 6, 4])
    hq, flock = w.r.choice(w.pool["nonprofit"]), w.people(w.r.randint(30, 120))
    for d in range(w.days):
        collect(w, a, d, 45 if d % 7 == sun else 2, lambda: w.m(w.ln(0.8, 0.9)), (8, 14), "scan", "donate",
                None, flock)
        if d % 7 == sun:
            sweep(w, a, hq, w.t(d, 14, 17), r.uniform(0.3, 0.95), 20, "donate", False)
    w.pay(w.t(r.randrange(w.days), 12), a, r.choice(w.pool["utility"]), w.m(20, "x"), "bill")


def h_tickets(w: World) -> None:
    """Festival promoter: dormant, then hundreds of two or three prices in hours, promoter paid, refunds."""
    r, a = w.r, hat(w, "ticket_seller", 30, 0.4)
    prices, d0 = [w.m(x, "p") for x in (w.ln(3), w.ln(6))], r.randrange(max(1, w.days - 3))
    for d in range(d0, min(d0 + 3, w.days)):
        collect(w, a, d, (80, 25, 12)[d - d0], lambda: r.choice(prices) * r.choice([1, 1, 2]), (11,
                16 if d == d0 else 23),
                "scan", "ticket")
        sweep(w, a, r.choice(w.pool["trader"]), w.t(d, 22, 26), 0.93, 30, "ticket")
    for p in w.people(3):
        w.pay(w.t(d0 + 2, 15), a, p, prices[0], "transfer", w.memo("refund", 0.8))


def h_rent_agent(w: World) -> None:
    """Rent agent: tenants in the first days, owners get all less 5-12 % the same day."""
    r, a = w.r, w.acct("rent_agent", 300)
    cut, d0 = r.uniform(0.05, 0.12), r.randrange(w.days)
    for p in w.people(r.randint(10, 35)):
        v, own = w.m(w.ln(80, 0.4)), r.choice(w.pool["landlord"])
        t = w.t(min(d0 + r.choice([0, 0, 1, 2, 5]), w.days - 1), 8, 18)
        def go(now: int, p: int = p, v: int = v, own: int = own) -> None:
            if w.move(now, p, a, v, "transfer", w.memo("rent", 0.7)):
                w.pay(now + r.uniform(1, 12) * HOUR_MS, a, own, int(v * (1 - cut)), "transfer",
                        w.memo("rent"))
        w.at(t, go)


def h_microcredit(w: World) -> None:
    """Solidarity group: equal weekly instalments to the leader, forwarded within the hour."""
    r, a = w.r, hat(w, "microcredit_leader")
    lender, day, v, who = r.choice(w.pool["nonprofit"]), r.randrange(7), w.m(w.ln(3)), w.people(r.randint(6,
            20))
    for d in range(day, w.days, 7):
        for p in who:
            w.pay(w.t(d, 9, 11), p, a, v, "transfer", w.memo("loan"))
        w.pay(w.t(d, 11, 12), a, lender, int(v * len(who) * 0.9), "transfer", w.memo("loan", 0.7), 2)
    d = r.randrange(w.days)
    w.pay(w.t(d, 9), lender, a, v * 10, "transfer", w.memo("loan"))
    spread_out(w, a, w.t(d, 10), who[:5], lambda: v * 2, "loan")


def h_marketplace(w: World) -> None:
    """Marketplace: strangers in, sellers out less commission a day later."""
    r, a = w.r, w.acct("marketplace", 3000)
    sellers = w.people(r.randint(15, 50))
    for d in range(w.days):
        collect(w, a, d, r.uniform(40, 110), lambda: w.m(w.ln(4, 0.9), "p"), (7, 25), r.choice(["card",
                "scan"]), "order",
                0.8, None, lambda t, p, v: w.pay(t + r.uniform(20, 40) * HOUR_MS, a, r.choice(sellers),
                        int(v * 0.92),
                                                 "transfer", w.memo("order", 0.8)))


def h_labour_gang(w: World) -> None:
    """Gang master: contractor's lump in, crew paid in a row the same evening, small remainder."""
    r, a = w.r, hat(w, "labour_gang")
    crew, boss, day = w.people(r.randint(6, 25)), r.choice(w.pool["employer"]), r.randrange(7)
    v = w.m(w.ln(22, 0.4))
    for d in range(day, w.days, r.choice([3, 7])):
        w.pay(w.t(d, 14, 17), boss, a, int(v * len(crew) * 1.06), "transfer", w.memo("salary"))
        spread_out(w, a, w.t(d, 17.2, 20), crew, lambda: int(v * r.choice([1, 1, 1, 0.8, 0.5])), "salary")


def h_buyer_abroad(w: World) -> None:
    """Purchasing agent: pre-payments at rate-dependent odd prices, one card bill abroad at night."""
    r, a = w.r, hat(w, "buying_agent", 100)
    for d in range(w.days):
        collect(w, a, d, r.uniform(1, 9), lambda: w.m(w.ln(14, 0.7), "x"), (9, 25), "transfer", "order", 0.5)
        sweep(w, a, r.choice(w.pool["shop"] + w.pool["trader"]), w.t(d, 22, 28), 0.8, 80, None, False, 5,
                "card")


def h_group_buy(w: World) -> None:
    """Group-buy host: the same two prices from the neighbours, wholesaler paid at closing time."""
    r, a = w.r, hat(w, "group_buy")
    who, sup = w.people(r.randint(25, 70)), r.choice(w.pool["trader"])
    for d in range(w.days):
        if r.random() < 0.6:
            ps = [w.m(w.ln(1.4), "p") for _ in range(2)]
            collect(w, a, d, r.uniform(10, 30), lambda ps=ps: r.choice(ps), (10, 14), "scan", "order", None,
                    who)
            sweep(w, a, sup, w.t(d, 15, 17), r.uniform(0.75, 0.93), 60, "goods", False, 4)


def h_topup(w: World) -> None:
    """Airtime / game-coin sub-agents: fixed values round the clock, settled upward the same hour."""
    r, a = w.r, w.acct("topup_agent", w.ln(250))
    up, cut = w.acct("topup_distributor", 3000), r.uniform(0.02, 0.06)
    subs = [a] + [hat(w, "topup_sub", 50) for _ in range(r.randint(1, 4))]
    vals = [w.m(x) for x in (0.5, 1, 2, 5, 10)]
    for s in subs:
        for d in range(w.days):
            collect(w, s, d, r.uniform(6, 30), lambda: r.choices(vals, [4, 5, 4, 2, 1])[0], (6, 26), "scan",
                    "topup", 0.2,
                    None, lambda t, p, v, s=s: w.pay(t + r.uniform(1, 50) * 60000, s, up,
                            int(v * (1 - cut)), "transfer"))
            sweep(w, up, r.choice(w.pool["utility"]), w.t(d, 20, 23), 0.9, 2000, "invoice", True, 10)


def h_phones(w: World) -> None:
    """Second-hand phones: buys from and sells to strangers (two-sided as a coin merchant)."""
    r, a = w.r, hat(w, "phone_dealer", w.ln(800), 0.8)
    for d in range(w.days):
        for _ in range(r.randint(1, 8)):
            w.pay(w.t(d, 10, 20), a, r.choice(w.pool[r.choice(["person", "thin"])]), w.m(w.ln(22, 0.5)),
                    "transfer",
                  w.memo("phone", 0.2))
        collect(w, a, d, r.uniform(2, 8), lambda: w.m(w.ln(26, 0.5), "p"), (10, 20), "transfer", "phone", 0.2)
        if r.random() < 0.3:
            sweep(w, a, r.choice(w.pool["trader"]), w.t(d, 10, 20), 0.4, 150, "goods", True, 20)
    w.pool["mistaken"].append(a)


def h_gold(w: World) -> None:
    """Gold shop: grams at a moving price, both sides, refinery paid the same day."""
    r, a, g = w.r, w.acct("gold_dealer", w.ln(2500, 0.4)), w.ln(28, 0.15)
    ref = r.choice(w.pool["trader"])
    for d in range(w.days):
        g *= math.exp(r.gauss(0, 0.01))
        def gold(g: float = g) -> int:
            return w.m(r.choice([1, 1.75, 2, 3.5, 5, 7]) * g * r.uniform(1.0, 1.03), "x")
        collect(w, a, d, r.uniform(3, 12), gold, (10, 19), "transfer", "gold", 0.3)
        for _ in range(r.randint(1, 5)):
            w.pay(w.t(d, 10, 19), a, r.choice(w.pool["person"]), int(gold() * 0.95), "transfer",
                    w.memo("gold", 0.3))
        sweep(w, a, ref, w.t(d, 15, 19), r.uniform(0.3, 0.6), 1000, "gold", False, 50)


def h_fx_bureau(w: World) -> None:
    """Licensed exchange bureau for travellers: round note amounts x rate, both sides, cash from the bank."""
    r, a = w.r, w.acct("fx_bureau", w.ln(3000))
    bank = r.choice(w.pool["bank"])
    for d in range(w.days):
        def amt() -> int:
            return w.m(r.choice([50, 100, 200, 300, 500, 1000]) * w.usdt * 100 / w.L * r.uniform(0.99,
                    1.03), "x")
        collect(w, a, d, r.uniform(4, 20), amt, (9, 19), r.choice(["card", "transfer"]), None)
        for _ in range(r.randint(0, 6)):
            w.pay(w.t(d, 9, 19), a, r.choice(w.pool["person"]), amt(), "transfer", None)
        sweep(w, a, bank, w.t(d, 10, 19), 0.6, 1500, None, True, 100, "cash_out")
    w.pool["mistaken"].append(a)


def h_harvest(w: World) -> None:
    """Produce buyer at harvest: mill's lump in, farmers paid by weight the same day (reverse funnel)."""
    r, a = w.r, hat(w, "harvest_buyer", 80, 0.5)
    mill, kg = r.choice(w.pool["trader"]), w.ln(0.02, 0.2)
    for d in r.sample(range(w.days), min(w.days, r.randint(3, 9))):
        w.pay(w.t(d, 6, 8), mill, a, w.m(w.ln(300)), "transfer", w.memo("goods"))
        spread_out(w, a, w.t(d, 8.2, 12), w.people(r.randint(8, 30)), lambda: w.m(kg * r.randint(100, 1500),
                "x"), "goods", 600)


def h_factor(w: World) -> None:
    """Factoring house: advances 80-90 % to small firms at once, debtors pay odd sums later."""
    r, a = w.r, w.acct("factor", 12000)
    for d in range(w.days):
        for _ in range(r.randint(0, 3)):
            c, v = r.choice(w.pool["shop"] + w.pool["trader"]), w.m(w.ln(250), "x")
            deb = r.choice(w.pool["employer"])
            w.pay(w.t(d, 9, 17), a, c, int(v * 0.85), "transfer", w.memo("invoice", 0.8))
            w.pay(w.t(d + r.randint(1, 9), 9, 17), deb, a, v, "transfer", w.memo("invoice", 0.8))
            w.pay(w.t(d + 9, 18), a, c, int(v * 0.12), "transfer", w.memo("invoice", 0.8))


def h_campaign(w: World) -> None:
    """Charity appeal or a friend's hospital bill: quiet, then a burst of strangers, then one big payee."""
    r, a = w.r, hat(w, "appeal", 20, 0.4)
    d0, to = r.randrange(w.days), r.choice(w.pool["nonprofit"] + w.pool["trader"])
    for d in range(d0, min(w.days, d0 + 4)):
        collect(w, a, d, 60 / (d - d0 + 1), lambda: w.m(w.ln(1.2, 1)), (7, 26), r.choice(["scan",
                "transfer"]), "donate", 0.4)
        sweep(w, a, to, w.t(d, 20, 24), 0.95, 10, "donate")


def h_wedding(w: World) -> None:
    """Wedding couple: one evening of round gifts by scan, next days hall and caterer."""
    r, a = w.r, hat(w, "wedding", 100)
    d = r.randrange(w.days)
    for p in w.people(r.randint(25, 80)):
        w.pay(w.t(d, 16, 24), p, a, w.m(r.choice([2, 3, 5, 5, 10])),
                "red_packet" if w.cur == "CNY" else "transfer",
              w.memo("wedding"))
    for _ in range(3):
        sweep(w, a, r.choice(w.pool["shop"]), w.t(d + r.uniform(0.5, 1.5), 2, 10), 0.4, 40, "invoice", True,
                10)


def h_lender(w: World) -> None:
    """Small lender / pawn: lumps out, repayments with 5-15 % on top over days, many one-time faces."""
    r, a = w.r, hat(w, "small_lender", w.ln(600))
    for d in range(w.days):
        for _ in range(r.randint(1, 5)):
            p, v, n = r.choice(w.pool["person"]), w.m(w.ln(8)), r.choice([1, 1, 2, 4])
            w.pay(w.t(d, 9, 20), a, p, v, "transfer", w.memo("loan", 0.2))
            for i in range(n):
                w.pay(w.t(d + (i + 1) * 2, 9, 22), p, a, int(v * 1.1 / n), "transfer", w.memo("loan", 0.2), 5)


def h_salary_on(w: World) -> None:
    """Worker away from home: salary in, nine tenths to the spouse within minutes; spouse lives on it."""
    r, a, b = w.r, w.acct("salary_passer", 15), hat(w, "spouse", 10)
    boss, v = r.choice(w.pool["employer"]), w.m(w.ln(60), "x")
    for d in range(r.randrange(5), w.days, r.choice([1, 5, 7])):
        t = w.t(d, 9, 17)
        w.pay(t, boss, a, v, "transfer", w.memo("salary"))
        w.pay(t + r.uniform(1, 90) * 60000, a, b, w.m(v / w.L * r.uniform(0.8, 0.95)), "transfer",
                w.memo("family", 0.2), 2)
        for _ in range(3):
            w.pay(w.t(d, 11, 22), a, r.choice(w.pool["shop"]), w.m(w.ln(0.5), "p"), "scan")


def h_streamer(w: World) -> None:
    """Streamer: bursts of tiny fixed tips at night, part to the agency."""
    r, a = w.r, hat(w, "streamer", 20)
    ag, vals = r.choice(w.pool["employer"]), [w.m(x) for x in (0.1, 0.25, 0.5, 2)]
    for d in range(w.days):
        if r.random() < 0.6:
            collect(w, a, d, r.uniform(10, 50), lambda: r.choices(vals, [5, 4, 3, 1])[0], (20, 27), "scan",
                    "gift", 0.2)
            sweep(w, a, ag, w.t(d + 1, 3, 10), 0.4, 20, None, True)


def h_property(w: World) -> None:
    """Flat buyer: family sends lumps cut at the transfer limit over two days, all on to notary's bank."""
    r, a = w.r, hat(w, "property_buyer", 3000)
    d, lim = r.randrange(max(1, w.days - 3)), w.m(w.limit)
    kin = [w.acct("relative_saver", w.limit * r.uniform(2, 5)) for _ in range(r.randint(1, 3))]
    for p in kin:
        life(w, p, 1, 0.8)
        for i in range(r.randint(1, 4)):
            w.pay(w.t(d + i // 2, 9, 20), p, a, int(lim * r.choice([1, 1, 0.99, 0.95])), "transfer",
                    w.memo("family", 0.3))
    for i in range(r.randint(4, 12)):
        w.pay(w.t(d + 1 + i // 5, 9, 20), a, r.choice(w.pool["bank"][:1]), lim, "transfer",
                w.memo("invoice", 0.3))


def h_bookmaker(w: World) -> None:
    """Licensed bookmaker: round deposits and odd winnings on one declared account, taxes and adverts paid."""
    r, a = w.r, w.acct("bookmaker", 5000)
    who = w.people(r.randint(40, 160))
    for d in range(w.days):
        collect(w, a, d, r.uniform(20, 60), lambda: w.m(r.choice([1, 2, 5, 10])), (11, 26), "card", None,
                None, who)
        spread_out(w, a, w.t(d, 12, 24), r.choices(who, k=r.randint(5, 20)), lambda: w.m(w.ln(6, 0.9), "x"),
                None, 1800)
        sweep(w, a, r.choice(w.pool["bank"]), w.t(d, 10), 0.2, 5000, "invoice", False, 20)


def h_courier_cod(w: World) -> None:
    """Courier with cash-on-delivery by QR: strangers' odd prices, whole taking to the depot each night."""
    r, a = w.r, hat(w, "courier_cod", 10, 0.6)
    depot = r.choice(w.pool["trader"])
    for d in range(w.days):
        got = [0]
        def add(t: int, p: int, v: int, got: list[int] = got) -> None:
            got[0] += v
        collect(w, a, d, r.uniform(4, 16), lambda: w.m(w.ln(4), "p"), (9, 19), "scan", "order", 0.1, None,
                add)
        w.at(w.t(d, 19.2, 21), lambda t, got=got: w.move(t, a, depot, got[0], "transfer", None))


def h_self_trader(w: World) -> None:
    """Own-money coin speculator: exchange in and out daily, several exchanges, one salary; no strangers."""
    r, a = w.r, hat(w, "self_trader", w.ln(600))
    for d in range(w.days):
        for _ in range(r.randint(0, 3)):
            ex, v = r.choice(w.pool["exchange"]), w.m(w.ln(50), r.choice("rrx"))
            if r.random() < 0.55:
                w.pay(w.t(d, w.hour()), a, ex, v, "transfer", w.memo("coin", 0.05))
            else:
                w.pay(w.t(d, w.hour()), ex, a, w.m(v / w.L, "x"), "transfer", None)


def h_coin_friend(w: World) -> None:
    """Buys coins for a few friends a time or two at no spread; not a business (hard beside g_slow)."""
    r, a, ex = w.r, hat(w, "coin_friend", 200), w.r.choice(w.pool["exchange"])
    for p in w.people(r.randint(1, 4)):
        t, v = w.t(r.randrange(w.days), w.hour()), w.m(w.ln(15))
        def go(now: int, p: int = p, v: int = v) -> None:
            if w.move(now, p, a, v, "transfer", w.memo(r.choice(["coin", "thanks"]), 0.3)):
                w.pay(now + r.uniform(5, 600) * 60000, a, ex, v, "transfer")
        w.at(t, go)


def h_expenses(w: World) -> None:
    """Travelling employee: own card first, exact reimbursement in one lump, again and again."""
    r, a, boss = w.r, hat(w, "expenses", 150), w.r.choice(w.pool["employer"])
    for d in range(w.days):
        vs = [w.m(w.ln(3), "p") for _ in range(r.randint(0, 5))]
        for v in vs:
            w.pay(w.t(d, 8, 22), a, r.choice(w.pool["shop"]), v, "card")
        if vs:
            w.pay(w.t(d + 1, 9, 17), boss, a, sum(vs), "transfer", w.memo("refund"))


def h_kiosk_bills(w: World) -> None:
    """Bill-pay kiosk: walk-ins hand money over, the kiosk pays their exact bill in minutes plus small fee."""
    r, a = w.r, w.acct("bill_kiosk", w.ln(200))
    fee = w.m(0.1)
    for d in range(w.days):
        collect(w, a, d, r.uniform(8, 30), lambda: w.m(w.ln(3), "x") + fee, (8, 20), "scan", "topup", 0.2,
                None,
                lambda t, p, v: w.pay(t + r.uniform(1, 30) * 60000, a, r.choice(w.pool["utility"]), v - fee,
                        "bill"))


def h_night_kitchen(w: World) -> None:
    """Night kitchen: over half of its value after midnight, suppliers at dawn."""
    r, a = w.r, w.acct("night_kitchen", 100)
    menu = [w.m(w.ln(1.2, 0.4), "p") for _ in range(6)]
    for d in range(w.days):
        collect(w, a, d, r.uniform(15, 45), lambda: r.choice(menu), (21, 28), "scan", "food", 0.05)
        sweep(w, a, r.choice(w.pool["trader"]), w.t(d, 5, 7), 0.8, 30, "goods", True)


def h_student_new(w: World) -> None:
    """New account of a student: dormant, then family lumps, fees and deposit paid on."""
    r, a = w.r, w.acct("new_student", 3)
    d0, kin = r.randrange(w.days), w.people(3)
    for p in kin:
        w.pay(w.t(d0, 9, 20), p, a, w.m(w.ln(40)), "transfer", w.memo("family"))
    for to in (r.choice(w.pool["nonprofit"]), r.choice(w.pool["landlord"])):
        sweep(w, a, to, w.t(d0 + 0.5, 9, 14), 0.55, 5, "rent", True, 5)
    for d in range(d0, w.days):
        for _ in range(r.randint(0, 3)):
            w.pay(w.t(d, w.hour()), a, r.choice(w.pool["shop"]), w.m(w.ln(0.6), "p"), "scan")


HONEST = [f for n, f in sorted(globals().items()) if n.startswith("h_")]


# ---------------------------------------------------------------- the world
def build(w: World) -> None:
    """Infrastructure, people, honest trades, rings; then run the queue."""
    r, n = w.r, w.n
    for role, share, lunches in (("employer", 0.012, 4e4), ("shop", 0.022, 300), ("landlord", 0.006, 500),
                                 ("utility", 0.003, 3e3), ("trader", 0.006, 9e3), ("nonprofit", 0.001, 3e3),
                                 ("remitter", 0.001, 6e4), ("super_agent", 0.001, 3e4)):
        w.pool[role] = [w.acct(role, w.ln(lunches, 0.4)) for _ in range(max(3, round(n * share)))]
    for role, k in (("bank", 4), ("exchange", r.randint(4, 8))):
        w.pool[role] = [w.acct(role, RICH / w.L) for _ in range(k)]
    w.pool["thin"] = [w.acct("outsider", w.ln(150, 1.0)) for _ in range(round(n * 0.06))]
    specials = round(n * 0.19)
    persons = [w.acct("person", 0) for _ in range(n - len(w.bal) - specials - w.guilty_target)]
    w.pool["person"] = persons
    w.pool["coin"] = r.sample(persons, max(12, round(len(persons) * r.uniform(0.05, 0.12))))
    for a in persons:
        life(w, a)
    for a in w.pool["coin"]:  # coin people have savings; half of them also use an exchange
        w.role[a], w.bal[a] = "person_coin", w.bal[a] + int(w.ln(200, 0.8) * w.L)
        if r.random() < 0.5:
            ex, v = r.choice(w.pool["exchange"]), w.m(w.ln(10))
            for d in r.sample(range(w.days), min(w.days, r.randint(1, 4))):
                if r.random() < 0.7:
                    w.pay(w.t(d, w.hour()), a, ex, v, "transfer", w.memo("coin", 0.05))
                else:
                    w.pay(w.t(d, w.hour()), ex, a, w.m(w.ln(15), "x"), "transfer")
    for a in w.pool["landlord"]:
        sweep(w, a, r.choice(w.pool["bank"]), w.t(r.randrange(w.days), 12), 0.8, 100, "loan", True)
    for a in w.pool["shop"]:  # shops: sweeps, suppliers, wages
        sup, own = r.choice(w.pool["trader"]), r.choice(w.pool["bank"] + w.pool["person"])
        mode = r.choice(["night", "weekly", "stock"])
        for d in range(w.days):
            if mode == "night" or (mode == "weekly" and d % 7 == 0):
                sweep(w, a, own if own in w.pool["bank"] else sup, w.t(d, 22, 23.9), 0.9, 100, None, False, 5)
            elif mode == "stock" and r.random() < 0.5:
                sweep(w, a, sup, w.t(d, 6, 12), r.uniform(0.3, 0.8), 150, "goods", True, 5)
    for a in w.pool["trader"] + w.pool["utility"] + w.pool["super_agent"] + w.pool["nonprofit"]:
        keep = w.bal[a] / w.L
        for d in range(w.days):
            to = r.choice(w.pool["employer"] + w.pool["bank"] + w.pool["trader"])
            sweep(w, a, to, w.t(d, 9, 18), r.uniform(0.4, 0.9), keep * 0.8, "invoice", False, 20)
    start, todo = len(w.bal), []
    while len(w.bal) - start < specials:
        todo = todo or r.sample(HONEST, len(HONEST))
        todo.pop()(w)
    left, designs = n - len(w.bal), []
    left = max(min(left, w.guilty_target), w.guilty_target - 2)
    while left > 0:
        designs = designs or r.sample(GUILTY, len(GUILTY))
        f = designs.pop()
        if left >= 6 or f in (g_p2p_merchant, g_slow, g_giftcard, g_mm_agent, g_bill_payer):
            left -= f(w, left)
    w.run()


def write(w: World, out: Path) -> None:
    """Write the five files."""
    r = w.r
    out.mkdir(parents=True, exist_ok=False)
    codes = r.sample(range(10 ** 9, 10 ** 10), len(w.bal))
    name = [f"{c}" for c in codes]
    base = int((w.start - dt.datetime(1970, 1, 1)).total_seconds() * 1000)
    t, a, b, v, ch, memo = map(list, zip(*w.rows, strict=True))
    ids = r.sample(range(16 ** 11), len(t))
    table = pa.table({
        "tx_id": pa.array([f"{i:012x}" for i in ids]),
        "ts": pa.array([(base + x) * 1000 for x in t], pa.int64()).cast(pa.timestamp("us", "UTC")),
        "seq": pa.array(range(len(t)),
                pa.int64()), "payer": [name[x] for x in a], "payee": [name[x] for x in b],
        "amount_minor": pa.array(v, pa.int64()), "currency": [w.cur] * len(t), "channel": pa.array(ch,
                pa.string()),
        "memo": pa.array(memo, pa.string())})
    pq.write_table(table, out / "transactions.parquet")

    def save(file: str, head: str, rows: list[tuple[object, ...]]) -> None:
        with open(out / file, "w", newline="", encoding="utf-8") as f:
            cw = csv.writer(f, lineterminator="\n")
            cw.writerow(head.split(","))
            cw.writerows(rows)
    hour0 = w.start.replace(minute=0)
    save("prices.csv", "ts,asset,quote,price", [
        ((hour0 + dt.timedelta(hours=h)).strftime("%Y-%m-%dT%H:%M:%SZ"), s, w.cur,
                f"{p[h]:.6g}" if s == "USDT"
         else f"{p[h]:.2f}") for h in range(w.days * 24 + 1) for s, p in w.walk.items()])
    ex = w.pool["exchange"]
    known = [] if r.random() < 0.15 else r.sample(ex, r.randint(1, len(ex) - 1))
    save("exchange_accounts.csv", "account,name", [(name[x], f"Exchange {i + 1}") for i,
            x in enumerate(known)])
    q = r.uniform(0.15, 0.7)
    seen = [x for x in dict.fromkeys(w.advertised) if r.random() < q]
    wrong = r.sample(w.pool["person"], 2) + w.pool["mistaken"]
    seen += r.sample(wrong, min(len(wrong), r.randint(1, 2 + len(seen) // 5)))
    r.shuffle(seen)
    save("contacts.csv", "account,source,first_seen", [
        (name[x], r.choice(["p2p_board", "messenger_channel", "classifieds"]),
         (w.start + dt.timedelta(days=r.randint(-50, w.days - 1))).date().isoformat()) for x in seen])
    rows = [(name[i], w.role[i], w.guilty[i], w.group[i]) for i in range(len(name))]
    save("labels.csv", "account,role,guilty,group", sorted(rows, key=lambda x: str(x[0])))


def summary(w: World) -> None:
    """Per role: accounts, receipts, payments, value, out/in, median and largest amount."""
    inn, out = defaultdict(list), defaultdict(list)
    for _, a, b, v, _, _ in w.rows:
        out[w.role[a]].append(v)
        inn[w.role[b]].append(v)
    n, g, low = Counter(w.role), dict(zip(w.role, w.guilty, strict=True)), min(w.bal)
    print(f"accounts {len(w.bal)} payments {len(w.rows)} ends/account {2 * len(w.rows) / len(w.bal):.1f} "
          f"guilty {sum(w.guilty)} rings {w.rings} lowest balance {low}")
    for role in sorted(n, key=lambda x: (-g[x], x)):
        i, o, k = inn[role], out[role], n[role]
        med = float(np.median(i + o)) / 100 if i or o else 0.0
        print(f"{g[role]} {role:20s} n={k:5d} in/acct={len(i) / k:7.1f} out/acct={len(o) / k:7.1f} "
              f"value in/acct={sum(i) / k / 100:12.0f} out/in={sum(o) / max(1, sum(i)):8.2f} med={med:9.1f} "
              f"max={max(i + o, default=0) / 100:10.0f}")


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--out", required=True, type=Path)
    p.add_argument("--seed", required=True, type=int)
    p.add_argument("--accounts", type=int, default=5000)
    p.add_argument("--days", type=int, default=14)
    p.add_argument("--guilty", type=float, default=0.02)
    p.add_argument("--currency", default="CNY", choices=sorted(CURRENCIES))
    a = p.parse_args()
    w = World(a.seed, a.accounts, a.days, a.guilty, a.currency)
    build(w)
    write(w, a.out)
    summary(w)


if __name__ == "__main__":
    main()
