"""Independent labelled payment worlds for spotting unlicensed over-the-counter coin settlement.  Apache-2.0.

An event simulation.  Everybody has a balance; payments are events on one clock; who lacks money waits, pays
less or does not pay.  Each design is a function that opens accounts and says what they do each day (daily)
or when money arrives (relay).  Guilty designs start with ``g_``, honest ones with ``h_``.  People with a
life (salary, rent, food, friends) are driven in bulk by ``live``; guilty people who are not bought ("straw")
accounts have such a life as well, and so have honest sole traders.

Hard or impossible to tell from the data alone (a fair analyst should be lenient here):
* ``broker`` never touches the trade, only small commissions from regulars: near a tutor or a referral fee;
* sleepers whose waking day has not come yet, renters and slow relays in worlds of one to three days;
* ``outsider``: accounts of other banks, without a life here; never guilty though they deal with everybody;
* accounts of a rotating desk that saw only the last hand-over before the end (one or two payments);
* ``veteran`` against ``lender``/``game_reseller``: told apart by counterparties and repeated two-way sums.
"""
from __future__ import annotations
import argparse, csv, heapq, math, random
from collections import Counter
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Callable
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

D, H, MIN, T = 86_400_000, 3_600_000, 60_000, "transfer"
RATES = {"CNY": 7.2, "USD": 1, "EUR": .92, "GBP": .79, "BRL": 5.4, "INR": 84, "NGN": 1550, "RUB": 92,
    "TRY": 34,
         "VND": 25400, "IDR": 16000, "THB": 35, "PHP": 57, "JPY": 150, "KRW": 1350, "HKD": 7.8, "AED": 3.67}
ZONES = {"CNY": 8, "USD": -5, "EUR": 1, "GBP": 0, "BRL": -3, "INR": 5.5, "NGN": 1, "RUB": 3, "TRY": 3,
    "VND": 7,
         "IDR": 7, "THB": 7, "PHP": 8, "JPY": 9, "KRW": 9, "HKD": 8, "AED": 4}
PROFILES = {  # relative weight of each local hour
    "day": [1, .5, .2, .1, .1, .4, 2, 5, 6, 5, 6, 9, 10, 7, 5, 5, 6, 9, 10, 8, 6, 5, 4, 2],
    "eve": [3, 1, .3, .1, .1, .1, .3, 1, 1, 1, 2, 3, 3, 2, 2, 2, 3, 4, 6, 9, 10, 10, 8, 5],
    "night": [10, 9, 7, 5, 3, 1, .5, .5, 1, 1, 1, 2, 2, 2, 2, 2, 2, 3, 4, 5, 7, 9, 11, 12],
    "work": [0, 0, 0, 0, 0, 0, 0, .5, 4, 9, 10, 8, 3, 5, 9, 9, 8, 5, 1, .5, .2, 0, 0, 0],
    "dawn": [0, 0, 1, 5, 9, 9, 5, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    "shift": [2, 1, .3, 0, 0, 0, 0, .2, 1, 4, 7, 8, 7, 7, 8, 8, 7, 6, 6, 7, 8, 8, 7, 4]}
CUM = {k: list(np.cumsum(v)) for k, v in PROFILES.items()}
# topic, Chinese / others; '|' between wordings (an empty one: no memo)
MEMO_TEXT = """
food     午饭|早餐|奶茶|抹茶拿铁|水果|买菜| / lunch|coffee|matcha latte|groceries|
rent     房租|租金 / rent|flat rent
friend   AA|饭钱|还你|电影票|打车钱|谢谢|转账|借款|还钱 / dinner split|thanks|cinema|owed you|taxi share|loan
family   生活费|给妈|家用|孩子 / for mum|household|kids|love
bill     电费|水费|话费|宽带 / electricity|phone|water
salary   工资|代发工资|绩效 / salary|wages|payroll
goods    货款|采购|进货|尾款 / invoice|goods|supplier|order
order    订单{n}|商城订单{n} / order {n}|ORD{n}
lesson   课时费|钢琴课|补课 / lesson|piano|tutoring
dues     会费|场地费|班费 / dues|pitch fee|class fund
group    团购|接龙{s}|拼单 / group buy {s}|share {s}
daigou   代购|尾款|面霜|奶粉 / handbag|deposit|perfume
gift     新婚快乐|百年好合|恭喜 / congratulations|wedding
give     随喜|功德|捐款|加油 / donation|bless|get well
game     游戏币|代练|点券|账号|皮肤 / gold coins|skin|account|boost
topup    充值|话费{n}|流量 / top-up|airtime {n}
ticket   机票|演唱会|高铁票 / tickets|flight|concert
gold     金条|金饰|纪念币|回收 / gold bar|ring|commemorative coin
used     二手|手机|U盘|显卡|闲置 / used phone|USB stick|GPU|laptop
loan     还款|利息|借款|周转 / instalment|loan|interest
trip     团费|换汇|旅费|房费 / trip|euros for trip|hotel
fare     车费|打车 / fare|ride
reimb    报销|差旅 / expenses|reimbursement
farm     粮款|收购款 / grain|harvest
house    购房款|定金|首付 / house deposit|completion
share    标会|会钱 / circle|susu
tip      打赏|么么哒 / tip|great stream
neutral  转账|货款|还款|往来|服务费| / transfer|services|repayment|balance|
code     {s}{n}|{n}|k{n} / {s}{n}|{n}|ref {n}
leak     U|买u|出u|抹茶|泰达 / usdt|u|binance order|coins|tether
odd      茶叶|衣服|红酒|设计费|装修 / tea|clothes|wine|design|repairs
"""
MEMO = {line.split()[0]: tuple(x.strip() for x in line.split(None, 1)[1].split(" / "))
        for line in MEMO_TEXT.strip().splitlines()}

class World:
    """One world: accounts, balances, the clock and the helpers that the designs use."""

    def __init__(self, seed: int, n: int, days: int, guilty: float, cur: str) -> None:
        self.r, self.np = random.Random(seed * 7919 + 11), np.random.default_rng(seed + 4242)
        r = self.r
        self.n, self.days, self.guilty_n, self.cur = n, days, max(1, round(n * guilty)), cur
        rate = RATES.get(cur, 7.2)
        self.fx, self.minor = rate / 7.2, 1 if cur in ("VND", "JPY", "KRW") else 100
        self.unit = 10 ** max(0, math.floor(math.log10(self.fx))) if self.fx >= 5 else 1
        self.lang = 0 if cur in ("CNY", "HKD") else 1
        self.zone = ZONES.get(cur, 8)
        self.date0 = datetime(2026, 1, 5) + timedelta(days=r.randrange(300))
        self.role: list[str] = []; self.bad: list[int] = []; self.group: list[str] = []
        self.bal: list[int] = []
        self.hooks: dict[int, list[Callable]] = {}
        self.dailies: list[Callable[[int, int], None]] = []
        self.heap: list[tuple] = []; self.k = self.now = 0; self.rows: list[tuple] = []
        self.reg: dict[str, list[int]] = {}
        self.lives: list[int] = []; self.habit: dict[int, float] = {}
        self.menu: dict[int, list[int]] = {}; self.sellers: dict[int, list[int]] = {}
        self.ads: list[int] = []; self.ring_no = 0; self.ring = ""
        self.memo_scale = r.choice([.25, .6, 1, 1])
        self.null_channel = r.choice([0, .02, .1, .3]); self.null_memo = r.choice([0, .1, .4])
        self.limit = r.choice([5000, 10000, 20000, 50000])      # usual ceiling of one transfer, in yuan
        hours = (days + 2) * 24
        walk = lambda p, v: p * np.exp(np.cumsum(self.np.normal(0, v, hours)))
        self.prices = {"USDT": rate * (1 + .004 * np.sin(np.arange(hours) / 37)) * walk(1, .0004),
                       "BTC": walk(84000 * rate, .006), "ETH": walk(2900 * rate, .008)}

    # accounts ---------------------------------------------------------------------------------------------
    def acct(self, role: str, money: float = 0, guilty: int = 0, reg: str = "") -> int:
        """A bare account; money in yuan."""
        a = len(self.role)
        self.role.append(role); self.bad.append(guilty); self.group.append(self.ring)
        self.bal.append(int(money * self.fx * self.minor))
        self.habit[a] = self.r.choice([0, .05, .2, .5, .8])
        if reg: self.reg.setdefault(reg, []).append(a)
        return a

    def person(self, role: str, guilty: int = 0, reg: str = "", money: float = 0) -> int:
        """An account with an ordinary life."""
        a = self.acct(role, self.r.lognormvariate(8.8, 1.1) + money, guilty, reg)
        self.lives.append(a)
        return a

    def fund(self, a: int, yuan: float) -> None:
        """Add to the opening balance (build time only)."""
        self.bal[a] += int(yuan * self.fx * self.minor)

    def cust(self, k: int, thin: float = .12) -> list[int]:
        """k customers, mostly ordinary people, some outsiders."""
        r, out = self.r, []
        for _ in range(k):
            out.append(r.choice(self.thin if r.random() < thin else self.people))
        return out

    def clients(self, k: int, wealth: float, kind: str = "coin") -> list[int]:
        """k coin customers or gamblers, with savings fit for what they do."""
        pool, role = (self.coin, "coin_customer") if kind == "coin" else (self.gamblers, "gambler")
        n, out = max(8, len(pool) // 3), []
        # a ring has its own quarter of the town
        i = self.r.randrange(max(1, len(pool) - n)); pool = pool[i:i + n]
        for _ in range(k):
            u = self.r.random(); c = self.r.choice(pool if u < .6 else self.thin if u < .88 else self.people)
            if self.role[c] == "person": self.role[c] = role                # newcomers
            self.fund(c, self.r.lognormvariate(math.log(max(wealth, 1)), .7) * (.6 + self.days / 25))
            out.append(c)
        return list(dict.fromkeys(out))

    def top_up(self, c: int, yuan: float, t: int) -> None:
        """Who plans a large payment and has too little often moves savings in from the bank first."""
        need = self.amt(yuan, "i") - self.bal[c]
        if need > 0 and self.r.random() < .75:
            self.move(max(0, t - self.r.randrange(MIN, 25 * MIN)), self.r.choice(self.reg["bank"]), c,
                      self.amt(yuan * 1.15, "r"), T)

    # clock ------------------------------------------------------------------------------------------------
    def daily(self, fn: Callable[[int, int], None]) -> Callable: self.dailies.append(fn); return fn
    def date(self, d: int) -> datetime: return self.date0 + timedelta(days=d)
    def wd(self, d: int) -> int: return self.date(d).weekday()
    def dom(self, d: int) -> int: return self.date(d).day
    def any(self) -> int: return self.cust(1)[0]
    def one(self, kind: str) -> int: return self.r.choice(self.reg[kind])

    def some_day(self, lo: float = 0, hi: float = 1) -> int:
        """A day of the horizon, between two shares of it."""
        return min(self.days - 1, int(self.days * self.r.uniform(lo, hi)))

    def tod(self, t: int, prof: str = "day") -> int:
        return t + self.r.choices(range(24), cum_weights=CUM[prof])[0] * H + self.r.randrange(H)

    def times(self, t: int, rate: float, prof: str) -> list[int]:
        return sorted(self.tod(t, prof) for _ in range(int(self.np.poisson(max(rate, 0)))))

    def at(self, t: int, fn: Callable[[int], None]) -> None:
        self.k += 1; heapq.heappush(self.heap, (max(self.now, t), self.k, -1, fn, 0, None, None, "", 0, None))

    # money ------------------------------------------------------------------------------------------------
    def amt(self, y: float, kind: str = "p") -> int:
        """Yuan to minor units. p price, r round, i whole, e to the cent."""
        v, u, r = y * self.fx, self.unit, self.r
        if kind == "r":
            s = 10 ** max(0, math.floor(math.log10(max(v, 1))) - (0 if r.random() < .4 else 1)) * u ** 0
            s = max(s, u); v = max(s, round(v / s) * s)
        elif kind == "i" or (kind == "p" and u > 1): v = max(u, round(v / u) * u)
        elif kind == "p": v = math.floor(v) + r.choice((0, 0, 0, .5, .8, .9, .99, r.random()))
        return max(1, int(round(v * self.minor)))

    def memo(self, a: int, topic: str | None, p: float | None = None) -> str | None:
        if not topic: return None
        if self.r.random() > (self.habit[a] if p is None else p) * self.memo_scale: return None
        s = self.r.choice(MEMO[topic][self.lang].split("|"))
        return s.format(n=self.r.randrange(1000, 99999), s=self.r.choice("ABCHKLX")) or None

    def move(self, t: int, a: int, b: int, x: int | Callable[[int], int], ch: str, memo: str | None = None,
             pol: str = "d", tag: str = "") -> None:
        """A payment in minor units. Without money: d drop, w wait some hours, s shrink."""
        if a != b:
            self.k += 1
            heapq.heappush(self.heap, (max(self.now, int(t)), self.k, a, b, x, ch, memo, pol, 0, tag))

    def pay(self, t: int, a: int, b: int, y: float, kind: str = "p", ch: str = T,
            topic: str | None = None, pol: str = "d", tag: str = "") -> None:
        self.move(t, a, b, self.amt(y, kind), ch, self.memo(a, topic), pol, tag)

    def split(self, x: int, n: int) -> list[int]:
        """Cut into n uneven, mostly whole parts."""
        if n <= 1 or x < 100 * n: return [x]
        w = self.np.dirichlet([3.0] * n); q = self.minor * (10 if x > 100_000 and self.r.random() < .6 else 1)
        parts = [max(q, int(x * z) // q * q) for z in w[:-1]]; rest = x - sum(parts)
        return [p for p in parts + [rest] if p > 0] if rest > 0 else [x]

    def by_limit(self, x: int) -> list[int]:
        """Cut at the ceiling of one transfer; very large sums go by a channel with a higher ceiling."""
        lim, out = int(self.limit * self.fx) * self.minor, []
        while x > 15 * lim: lim *= 2 if str(lim)[0] in "15" else 5
        while x > lim: out.append(lim); x -= lim
        return out + ([x] if x > 0 else [])

    def price(self, t: int) -> float: return float(self.prices["USDT"][max(0, min(t // H, self.days * 24))])

    def coin_amt(self, t: int, y: float, style: str, spread: float) -> int:
        """A coin deal of about y yuan: round money, round coins, or whatever somebody has left."""
        s = style if style != "mix" else self.r.choice(["fiat", "fiat", "coin", "odd"])
        if s == "fiat": return self.amt(y, "r")
        q = y / 7.2
        if s == "coin":
            g = 10 ** max(0, math.floor(math.log10(max(q, 1))) - self.r.choice([0, 1]))
            q = max(g, round(q / g) * g)
        v = q * self.price(t) * (1 + spread)
        return int(round(round(v, self.r.choice([0, 1, 2]) if self.unit == 1 else 0) * self.minor)) or 1

    def relay(self, a: int, to: Callable[[int], int], lag: tuple[float, float] = (5, .8), cut: float = .01,
              parts: tuple[int, int] = (1, 1), trigger: float = 0, ch: str = T, topic: str | None = None,
              asleep: bool = False, tag: str = "d", limit: bool = False, spread_ms: float = 2 * MIN) -> None:
        """Forward tagged receipts: lag is (median minutes, sigma) of a lognormal; trigger in yuan."""
        st, r, trig = [0, 0], self.r, trigger * self.fx * self.minor

        def fire(t: int) -> None:
            x = int(st[0] * (1 - cut * r.uniform(.6, 1.4))); st[0] = st[1] = 0
            pieces = self.by_limit(x) if limit else self.split(x, r.randint(*parts))
            for p in pieces:
                self.move(t, a, to(t), p, ch, self.memo(a, topic, .6), "s", tag)
                t += int(r.expovariate(1 / spread_ms)) + 900

        def hook(t: int, payer: int, x: int, tg: str) -> None:
            if tg != tag: return
            st[0] += x
            if st[0] >= trig and not st[1]:
                st[1] = 1; w = t + int(r.lognormvariate(math.log(lag[0]), lag[1]) * MIN) + 400
                if asleep and w % D < 8 * H: w += 8 * H - w % D + r.randrange(2 * H)
                self.at(w, fire)
        self.on(a, hook)

    def on(self, a: int, hook: Callable[[int, int, int, str], None]) -> None:
        self.hooks.setdefault(a, []).append(hook)

    def run(self) -> None:
        """Plan each day, then let its events happen."""
        heap, bal, r, hooks = self.heap, self.bal, self.r, self.hooks
        for d in range(self.days):
            self.now = d * D + r.randrange(1000)
            live(self, d)
            for fn in self.dailies: fn(d, d * D)
            end = (d + 1) * D
            while heap and heap[0][0] < end:
                t, _, a, b, x, ch, memo, pol, tries, tag = heapq.heappop(heap)
                self.now = t
                if a < 0: b(t); continue
                if callable(x): x = x(bal[a])
                if x <= 0: continue
                if bal[a] < x:
                    if pol == "s" and bal[a] > x * .1: x = bal[a] // self.minor * self.minor or bal[a]
                    elif pol == "w" and tries < 4:
                        self.k += 1
                        heapq.heappush(heap, (t + int(r.expovariate(1 / (9 * H))), self.k, a, b, x, ch, memo,
                            pol,
                                              tries + 1, tag)); continue
                    else: continue
                bal[a] -= x; bal[b] += x
                self.rows.append((t, a, b, x, ch, memo))
                for h in hooks.get(b, ()): h(t, a, x, tag)


# ------------------------------------------------------------------ ordinary life
def settle(W: World) -> None:
    """Give everybody with a life friends, favourite shops, a job, a home and a pace."""
    r, L = W.r, W.lives
    n = len(L); order = L[:]; r.shuffle(order)
    W.life = {}
    for i, a in enumerate(order):
        friends = [order[(i + r.randint(1, 9) * r.choice((-1, 1))) % n] for _ in range(r.randint(2, 7))]
        friends = [f for f in friends if f != a] or [order[(i + 1) % n]]
        shops = [W.reg["shop"][int(len(W.reg["shop"]) * r.random() ** 1.6)] for _ in range(r.randint(2, 6))]
        trader = W.role[a] not in ("person", "coin_customer", "gambler", "exchange_user", "victim")
        W.life[a] = dict(friends=friends, shops=shops, kin=r.choice(friends), pace=r.lognormvariate(.62, .45),
                         job=W.one("employer") if r.random() < (.35 if trader else .78) else -1,
                         wage=r.lognormvariate(8.75, .45), home=W.one("landlord") if r.random() < .4 else -1,
                         rent=r.lognormvariate(7.4, .4), rentday=r.randint(1, 28), eve=r.random(),
                         gives=r.random() < .25, cash=r.random() < .2)
    W.payday = {e: (r.choice([5, 10, 10, 15, 15, 20, 25, 28, 1]), r.random() < .15, r.randrange(5))
        for e in W.reg["employer"]}

def live(W: World, d: int) -> None:
    """One day of everybody's ordinary life."""
    r, t0, dom, wd = W.r, d * D, W.dom(d), W.wd(d)
    n_pay = W.np.poisson(np.array([W.life[a]["pace"] for a in W.lives]) * (1.2 if wd >= 5 else 1))
    for a, k in zip(W.lives, n_pay):
        p = W.life[a]
        for _ in range(k):
            t, u = W.tod(t0, "eve" if p["eve"] < .25 else "day"), r.random()
            if u < .55:
                s = r.choice(p["shops"]) if r.random() < .8 else W.one("shop")
                pr = W.menu.get(s)
                if pr:
                    W.move(t, a, s, r.choice(pr), r.choice(("scan", "scan", "scan", "card")),
                        W.memo(a, "food", .03))
                else:
                    W.pay(t, a, s, r.lognormvariate(3.3, .8), "p", "scan" if p["eve"] < .8 else "card",
                        "food" if r.random() < .1 else None)
            elif u < .67:
                dr = W.reg.get("driver")
                if dr and r.random() < .45: W.pay(t, a, r.choice(dr), r.uniform(9, 55), "p", "scan", "fare")
                else: W.pay(t, a, W.one("transit"), r.choice((2, 3, 4, 5, 6)), "i", "scan")
            elif u < .79: W.pay(t, a, r.choice(p["friends"]), r.lognormvariate(4.3, 1.1), r.choice("irp"),
                                "red_packet" if W.cur == "CNY" and r.random() < .25 else T, "friend")
            elif u < .91:
                W.pay(t, a, W.one("market"), r.lognormvariate(4.2, .9), "p", r.choice(("scan", "card")),
                    "order", tag="m")
            elif u < .95:
                W.pay(t, a, W.one("utility"), r.choice((30, 50, 100, r.uniform(40, 300))), "e", "bill",
                    "bill")
            elif u < .97 and p["cash"]: W.pay(t, W.one("bank"), a, r.choice((500, 1000, 2000, 3000)), "r", T)
            elif u < .985: W.pay(t, a, W.one("bank"), r.choice((200, 500, 1000, 2000)), "r", "card")
            else: W.pay(t, a, W.one("biz"), r.lognormvariate(6, 1), "p", "card", "order")
        if p["job"] >= 0:
            pd, weekly, w = W.payday[p["job"]]
            if (weekly and wd == w) or (not weekly and dom == pd):
                W.pay(t0 + int(r.uniform(8, 11) * H), p["job"], a, p["wage"] / (4.3 if weekly
                    else 1) * r.uniform(.96, 1.06),
                      "e", T, None if r.random() < .3 else "salary", "w")
                if p["gives"]:
                    W.pay(t0 + int(r.uniform(11, 46) * H), a, p["kin"], p["wage"] * .2 / (4.3 if weekly
                        else 1), "r", T, "family")
        if p["home"] >= 0 and dom == p["rentday"]:
            W.pay(W.tod(t0, "eve"), a, p["home"], p["rent"], "r", T, "rent", "w")

def base(W: World) -> None:
    """Banks, exchanges, employers, platforms, utilities; then the ordinary people and the thin outsiders."""
    r, n = W.r, W.n
    for _ in range(r.randint(2, 3)): W.acct("bank", n * 2e4, reg="bank")
    for _ in range(r.randint(2, 5)): W.acct("exchange", n * 6e3, reg="exchange")
    for _ in range(max(5, n // 140)): W.acct("employer", 2e6 + 140 * 9000 * (1 + W.days / 20), reg="employer")
    for _ in range(max(2, n // 900)): W.acct("utility", 1e5, reg="utility")
    for _ in range(max(1, n // 2500)): W.acct("transit", 1e5, reg="transit")
    for _ in range(max(3, n // 500)): W.acct("wholesaler", 3e5, reg="wholesale")
    for _ in range(max(3, n // 400)): W.acct("company", 5e5, reg="biz")
    for _ in range(max(1, n // 1500)): W.acct("marketplace", 3e5, reg="market")
    W.people = [W.person("person") for _ in range(int(n * .6))]
    W.thin = [W.acct("outsider", r.lognormvariate(9.5, 1.2)) for _ in range(int(n * .09))]
    share = r.uniform(.04, .085)
    pick = r.sample(W.people, int(len(W.people) * (share + .04)))
    k = max(4, int(len(W.people) * share)); cut = int(k * r.uniform(.5, .75))
    W.coin, W.users, W.gamblers = pick[:cut], pick[cut:k], pick[k:]
    for a in W.coin: W.role[a] = "coin_customer"
    for a in W.users: W.role[a] = "exchange_user"
    for a in W.gamblers: W.role[a] = "gambler"
    W.payset = set(W.reg["employer"])
    W.sales: dict[int, dict[int, int]] = {a: {} for a in W.reg["market"]}   # what a platform owes its sellers
    for m in W.reg["market"]:
        W.sellers[m] = []

        def sold(t: int, p: int, x: int, g: str, m: int = m) -> None:
            if g == "m" and W.sellers[m]:
                s = W.sellers[m][int(len(W.sellers[m]) * r.random() ** 1.5)]
                W.sales[m][s] = W.sales[m].get(s, 0) + x
        W.on(m, sold)
    for a in W.users:   # own money, own exchange: buys, holds, sells; now and then all at once after payday
        W.fund(a, r.lognormvariate(8.7, 1)); e = W.one("exchange")

        def day(d: int, t: int, a: int = a, e: int = e, q: float = r.uniform(.05, .4),
                z: float = r.lognormvariate(7.3, 1)) -> None:
            if r.random() < q:
                if r.random() < .6: W.pay(W.tod(t, "eve"), a, e, z * r.choice((.5, 1, 1, 2)), "r", T, None)
                else: W.pay(W.tod(t, "eve"), e, a, z * r.uniform(.4, 2.2), "e", T, None)
        W.daily(day)

    def payouts(d: int, t: int) -> None:
        """Platforms pay their sellers, less fees, on set days."""
        for m, owed in W.sales.items():
            for s, x in list(owed.items()):
                if r.random() < .6 and x > 0:
                    W.move(t + int(r.uniform(9.5, 11) * H), m, s, int(x * .94), T, W.memo(m, "order"), "w")
                    owed[s] = 0
    W.daily(payouts)

    def thin(d: int, t: int) -> None:
        """Outsiders show up now and then, with whomever."""
        for a in W.thin:
            if r.random() < .12:
                W.pay(W.tod(t), a, r.choice(W.reg["shop"] if r.random() < .6 else W.people),
                    r.lognormvariate(4.3, 1), "p", r.choice(("scan", T)), "friend")
            if r.random() < .05:
                W.pay(W.tod(t), r.choice(W.people), a, r.lognormvariate(4.6, 1), "i", T, "friend")
    W.daily(thin)


# ------------------------------------------------------------------ honest designs
def h_shop(W: World) -> None:
    """Till with few prices or many; nightly sweep to the owner who pays wholesalers (classic look-alike)."""
    r = W.r; s, o = W.acct("shop", 3000, reg="shop"), W.person("shop_owner", money=15000)
    if r.random() < .55: W.menu[s] = [W.amt(r.lognormvariate(2.9, .7), "p") for _ in range(r.randint(2, 9))]
    sweep, cost, gap, new = r.random() < .75, r.uniform(.6, .85), r.randint(1, 4), -1
    take = [0]; W.on(s, lambda t, p, x, g: take.__setitem__(0, take[0] + x)); w = W.one("wholesale")
    @W.daily
    def day(d: int, t: int) -> None:
        if sweep:
            W.move(t + int(r.uniform(21.3, 23.7) * H), s, o, lambda b: int(b * r.choice((1, 1, .95))), T)
        if d % gap == 0 and take[0]:
            W.move(W.tod(t, "work"), o if sweep else s, w, int(take[0] * cost), T, W.memo(o, "goods"), "s")
            take[0] = 0

def h_switched_qr(W: World) -> None:
    """A stall whose owner replaces the collecting account: honest rotation, the rest is carried over."""
    r = W.r; o = W.person("stall_owner")
    tills = [W.acct("switched_till", 500) for _ in range(r.randint(2, 4))]
    regulars, rate, price = W.cust(40), r.uniform(6, 30), [W.amt(r.lognormvariate(2.8, .5)) for _ in range(3)]
    step = max(1, r.choice((1, 1, 3, 7)))   # some families of stalls do rotate daily: one till per stall day
    @W.daily
    def day(d: int, t: int) -> None:
        a = tills[d // step % len(tills)]
        for x in W.times(t, rate, "day"): W.move(x, r.choice(regulars), a, r.choice(price), "scan")
        W.move(t + 22 * H + r.randrange(H), a, o, lambda b: b, T, None)
        if r.random() < .4:
            W.move(W.tod(t, "work"), o, W.one("wholesale"), lambda b: int(b * .2), T, W.memo(o, "goods"))

def h_market_trader(W: World) -> None:
    """Buys before dawn from the wholesaler, sells all day by scan code at any price."""
    r = W.r; a = W.person("market_trader", money=4000); w = W.one("wholesale")
    rate, z = r.uniform(6, 28), r.uniform(3.2, 4.3)
    take = [r.uniform(2e5, 6e5) * W.fx * W.minor / 100]; cs = W.cust(90)
    W.on(a, lambda t, p, x, g: take.__setitem__(0, take[0] + x))
    @W.daily
    def day(d: int, t: int) -> None:
        W.move(W.tod(t, "dawn"), a, w, int(take[0] * r.uniform(.55, .75)), "scan", W.memo(a, "goods"), "s")
        take[0] = 0
        for x in W.times(t, rate * r.uniform(.6, 1.3), "day"):
            W.pay(x, r.choice(cs), a, r.lognormvariate(z, .6), "p", "scan")

def h_app_seller(W: World) -> None:
    """Sells on a platform: buyers pay it, payouts come in lumps and go on to makers and couriers."""
    r = W.r; a = W.person("app_seller", money=3000); m = W.one("market"); W.sales[m][a] = 0
    W.sellers[m].append(a)
    maker, post = W.one("wholesale"), W.one("biz")

    def got(t: int, p: int, x: int, g: str) -> None:
        if p == m:
            W.move(t + int(r.expovariate(1 / (9 * H))), a, maker, int(x * r.uniform(.5, .75)), T,
                W.memo(a, "goods"), "s")
            if r.random() < .5:
                W.move(t + r.randrange(8 * H), a, post, int(x * .08) + 1, "bill", W.memo(a, "order"), "s")
    W.on(a, got)

def fees(W: World, role: str, topic: str, n: tuple[int, int], fee: tuple[float, float], q: float,
        prof: str = "eve", reg: str = "") -> tuple[int, list[int], float]:
    """Regulars who pay one person a set fee."""
    r = W.r; a = W.person(role, reg=reg); cs = list(dict.fromkeys(W.cust(r.randint(*n), .1)))
    fee1 = r.uniform(*fee)
    @W.daily
    def day(d: int, t: int) -> None:
        for c in cs:
            if r.random() < q:
                W.pay(W.tod(t, prof), c, a, fee1 * r.choice((1, 1, 1, 2, .5)), "r", T, topic, "w")
    return a, cs, fee1

def h_tutor(W: World) -> None:
    """Same families, same fee, evenings."""
    fees(W, "tutor", "lesson", (6, 30), (80, 900), .13)

def h_freelancer(W: World) -> None:
    """Few clients pay in bursts; part passed to a helper within the day."""
    a, cs, _ = fees(W, "freelancer", "odd", (2, 5), (800, 7000), .06, "work"); h = W.any(); r = W.r
    W.on(a, lambda t, p, x, g: W.move(t + r.randrange(12 * H) + MIN, a, h, int(x * r.uniform(.2, .6)), T,
        W.memo(a, "odd")) if p in cs and r.random() < .5 else None)

def h_club(W: World) -> None:
    """Treasurer: one amount from everybody within hours, then the hall is paid."""
    r = W.r; a = W.person("club_treasurer"); ms = W.cust(r.randint(12, 60), .05)
    fee = W.amt(r.choice((30, 50, 66, 88, 100, 200, 300)), "i")
    days = {W.some_day() for _ in range(r.randint(1, 1 + W.days // 7))}; hall = W.one("biz")
    @W.daily
    def day(d: int, t: int) -> None:
        if d in days:
            s = W.tod(t, "eve")
            for m in ms:
                W.move(s + int(r.expovariate(1 / (3 * H))), m, a, fee, r.choice(("scan", T, "red_packet")),
                    W.memo(m, "dues"), "w")
            W.move(s + int(r.uniform(6, 40) * H), a, hall, int(fee * len(ms) * r.uniform(.7, .97)), T,
                W.memo(a, "dues"), "s")

def h_landlord(W: World) -> None:
    """Private landlord of a few flats."""
    W.person("landlord", reg="landlord")

def h_subletter(W: World) -> None:
    """Collects rents of many rooms and hands 90-97 % on to the owners the same day: a clean pass-through."""
    r = W.r; a, o = W.person("rent_collector", money=2000), W.person("flat_owner")
    W.reg.setdefault("landlord", []).extend([a] * r.randint(2, 5))
    ts = W.cust(r.randint(5, 25), .1); dom = [r.choice((1, 5, 10, 15, 20, 25)) for _ in ts]
    rent = [r.uniform(600, 3500) for _ in ts]
    @W.daily
    def day(d: int, t: int) -> None:
        for c, m, y in zip(ts, dom, rent):
            if W.dom(d) == m: W.pay(W.tod(t), c, a, y, "r", T, "rent", "w", tag="rent")
    W.relay(a, lambda t: o, (r.uniform(20, 900), .5), r.uniform(.03, .1), tag="rent", topic="rent",
        asleep=True)

def twosided(W: World, role: str, topic: str, size: tuple[float, float], rate: float, prof: str,
        margin: float, chans: tuple[str, ...],
             again: float, kind: str = "r", upper: str = "", grams: float = 0) -> None:
    """Buys from and sells to strangers with a margin: the honest twin of a two-sided coin book."""
    size = (size[0] + W.r.choice((0, 0, .6, 1.3)), size[1])   # some deal in dearer things
    r = W.r; a = W.person(role, money=25000 * W.r.choice((1, 1, 4))); reg = W.cust(r.randint(5, 20))
    stock: list[float] = [r.lognormvariate(*size) for _ in range(3)]
    sup = W.one("wholesale")
    if r.random() < .12: W.ads.append(a)
    @W.daily
    def day(d: int, t: int) -> None:
        for x in W.times(t, rate, prof):
            c = r.choice(reg) if r.random() < again else r.choice(W.thin if r.random() < .35 else W.people)
            if stock and r.random() < .58:
                y = stock.pop(r.randrange(len(stock))) * (1 + margin * r.uniform(.3, 1.7)); W.top_up(c, y, x)
                W.pay(x, c, a, y, kind, r.choice(chans), topic)
            else:
                y = r.lognormvariate(*size) if not grams else round(r.lognormvariate(2.3, .7), 2) * grams
                stock.append(y)
                W.pay(x, a, sup if upper and r.random() < .6 else c, y, kind, r.choice(chans), topic, "d")

def h_second_hand(W: World) -> None:
    """Phones, cards, laptops: each piece bought once and sold once, no two sums alike."""
    twosided(W, "second_hand", "used", (7, .8), W.r.uniform(.8, 4), "day", .12, (T, "scan"), .1)

def h_gold(W: World) -> None:
    """Gold dealer: grams times a price of the day, both ways; sums look like quantity times price."""
    twosided(W, "gold_dealer", "gold", (8, .7), W.r.uniform(.6, 2.5), "work", .04, (T, "card"), .15, "e",
        "y", 820 * W.r.uniform(.9, 1.1))

def h_game(W: World) -> None:
    """Game goods at night: tiers, strangers, both ways, a steady supplier: very near a small coin dealer."""
    twosided(W, "game_reseller", "game", (4.8, 1.0), W.r.uniform(4, 16), "night", .1, (T, "scan",
        "red_packet"), .3, "r", "y")

def h_money_agent(W: World) -> None:
    """Licensed cash-in/cash-out agent: even sums to and from neighbours, float from and to the bank."""
    r = W.r; a = W.acct("cash_agent", 30000); b = W.one("bank"); cs, rate = W.cust(70, .1), r.uniform(6, 22)
    @W.daily
    def day(d: int, t: int) -> None:
        for x in W.times(t, rate, "day"):
            y, c = r.choice((50, 100, 100, 200, 300, 500, 1000)), r.choice(cs)
            if r.random() < .5: W.pay(x, a, c, y, "i", T)
            else: W.pay(x, c, a, y * 1.005, "e", T)
        W.move(t + 18 * H + r.randrange(H), a, b, lambda z: max(0, z - int(30000 * W.fx) * W.minor), T)
        if r.random() < .5: W.pay(t + 8 * H + r.randrange(H), b, a, r.choice((5000, 10000)), "r", T)

def h_driver(W: World) -> None:
    """Rides by scan code all shift, fuel and a daily lease payment."""
    r = W.r; a = W.person("driver", reg="driver")
    firm, rate, fee = W.one("biz"), r.uniform(5, 14), r.uniform(80, 220)
    @W.daily
    def day(d: int, t: int) -> None:
        for x in W.times(t, rate, "shift"):
            W.pay(x, r.choice(W.people), a, r.uniform(8, 70), "p", "scan", "fare")
        W.pay(t + 23 * H + r.randrange(H), a, firm, fee, "i", "bill")
        if r.random() < .6: W.pay(W.tod(t), a, W.one("biz"), r.uniform(80, 260), "p", "card")

def h_lender(W: World) -> None:
    """Small lender: lumps out, round instalments back on fixed rhythm."""
    r = W.r; a = W.person("lender", money=60000); bs = W.cust(r.randint(8, 35))
    due = {b: (r.randrange(7), r.uniform(100, 1200)) for b in bs}
    big = r.choice((1, 1, 2, 4)); W.fund(a, 60000 * big)
    @W.daily
    def day(d: int, t: int) -> None:
        for b, (w, y) in due.items():
            if W.wd(d) == w and r.random() < .9: W.pay(W.tod(t), b, a, round(y * big), "i", T, "loan", "w")
        for x in W.times(t, .5, "work"):
            W.pay(x, a, r.choice(bs), big * r.choice((1000, 2000, 3000, 5000, 10000)), "r", T, "loan")

def h_group_buy(W: World) -> None:
    """Group organiser: a burst at few prices, supplier paid the same hour, small refunds."""
    r = W.r; a = W.person("group_buyer"); cs = W.cust(r.randint(20, 70), .05); w = W.one("wholesale")
    q = r.uniform(.2, .9)
    @W.daily
    def day(d: int, t: int) -> None:
        if r.random() < q or d == 0:
            s, ps, tot = W.tod(t, "eve"), [W.amt(r.uniform(15, 160), "p") for _ in range(r.randint(1, 3))], 0
            for c in r.sample(cs, r.randint(len(cs) // 3, len(cs))):
                p = r.choice(ps); tot += p; z = s + int(r.expovariate(1 / (40 * MIN)))
                W.move(z, c, a, p, r.choice(("scan", T)), W.memo(c, "group"))
                if r.random() < .03: W.move(z + int(r.uniform(1, 9) * H), a, c, p, T)
            W.move(s + r.randint(40, 150) * MIN, a, w, int(tot * r.uniform(.75, .95)), T, W.memo(a, "group"),
                "s")

def h_daigou(W: World) -> None:
    """Purchasing agent: customers pay odd sums, she pays by card abroad within a day or two."""
    r = W.r; a = W.person("purchasing_agent", money=8000)
    cs, rate, far = W.cust(50), r.uniform(1, 5), W.one("biz")
    mid = r.uniform(6.2, 8)
    @W.daily
    def day(d: int, t: int) -> None:
        for x in W.times(t, rate, "eve"):
            y = r.lognormvariate(mid, .8); c = r.choice(cs); W.top_up(c, y, x)
            W.pay(x, c, a, y, "i", T, "daigou")
            W.pay(x + int(r.expovariate(1 / (20 * H))), a, far, y * r.uniform(.8, .93), "e", "card", "daigou")

def h_payroll(W: World) -> None:
    """Foreman or agent: a lump in, dozens of wages out within minutes."""
    r = W.r; a = W.acct("payroll_agent", 1000) if r.random() < .5 else W.person("foreman")
    e = W.one("employer")
    ws = W.cust(r.randint(8, 45), .3); days = {W.some_day() for _ in range(1 + W.days // 10)}
    y = r.uniform(600, 6000)
    @W.daily
    def day(d: int, t: int) -> None:
        if d in days:
            s = W.tod(t, "work"); sums = [y * r.uniform(.7, 1.3) for _ in ws]
            W.pay(s, e, a, sum(sums) * r.uniform(1, 1.06), "i", T, "salary", "w")
            for i, (c, v) in enumerate(zip(ws, sums)):
                W.pay(s + r.randint(3, 50) * MIN + i * 9000, a, c, v, "i", T, "salary", "w")

def h_circle(W: World) -> None:
    """Savings circle: equal shares in, the whole pot out to one member at once."""
    r = W.r; a = W.person("circle_head"); ms = list(dict.fromkeys(W.cust(r.randint(8, 24), 0)))
    y, w = r.choice((200, 500, 1000, 2000)), r.randrange(7)
    @W.daily
    def day(d: int, t: int) -> None:
        if W.wd(d) == w or d == 0:
            for m in ms: W.pay(t + int(r.uniform(8, 20) * H), m, a, y, "i", T, "share", "w")
            W.pay(t + 21 * H + r.randrange(2 * H), a, ms[d // 7 % len(ms)], y * len(ms) * .95, "i", T,
                "share", "s")

def burst(W: World, role: str, topic: str, amounts: tuple[float, ...], n: tuple[int, int], hours: float,
        chans: tuple[str, ...], out: float) -> int:
    """Many strangers pay within days; most of it goes out later."""
    r = W.r; a = W.person(role); s = W.some_day(0, .8); k = r.randint(*n)
    dst = W.any() if r.random() < .5 else W.one("biz")
    @W.daily
    def day(d: int, t: int) -> None:
        if d == s:
            z = W.tod(t, "day")
            for c in W.cust(k):
                W.pay(z + int(r.expovariate(1 / (hours * H))), c, a, r.choice(amounts), "i", r.choice(chans),
                    topic)
            for _ in range(r.randint(1, 3)):
                W.move(z + int(r.uniform(.5, 3) * hours * H), a, dst, lambda b: int(b * out), T,
                    W.memo(a, topic))
    return a

def h_wedding(W: World) -> None:
    """Wedding gifts: lucky sums in one day, the hall paid next."""
    burst(W, "wedding_couple", "gift", (200, 300, 500, 600, 666, 800, 888, 1000, 2000), (25, 90), 9,
        ("red_packet", T, "scan"), .5)

def h_appeal(W: World) -> None:
    """Sick neighbour's appeal: sudden strangers, then the hospital is paid."""
    burst(W, "appeal", "give", (10, 20, 50, 100, 100, 200, 500), (40, 160), 20, ("scan", T), .7)

def h_seasonal(W: World) -> None:
    """Fruit grower: account asleep, then a fortnight's crop sold in a few days."""
    burst(W, "seasonal_grower", "farm", (68, 98, 128, 136, 196, 256), (40, 130), 30, ("scan", T), .4)

def h_charity(W: World) -> None:
    """Temple or charity: round gifts day and night, rare large payments out."""
    r = W.r; a = W.acct(r.choice(("charity", "temple")), 20000); rate = r.uniform(5, 30)
    @W.daily
    def day(d: int, t: int) -> None:
        up = 4 if W.dom(d) in (1, 15) else 1
        for x in W.times(t, rate * up, "day"):
            W.pay(x, W.any(), a, r.choice((1, 5, 6, 10, 20, 50, 100, 168, 200)), "i", "scan", "give")
        if r.random() < .2: W.move(W.tod(t, "work"), a, W.one("biz"), lambda b: int(b * .3), T, None)

def h_streamer(W: World) -> None:
    """Livestreamer: tips late at night in tiers, a few big fans, monthly agent share."""
    r = W.r; a = W.person("streamer"); fans = W.cust(r.randint(15, 60)); ag = W.any(); rate = r.uniform(4, 22)
    @W.daily
    def day(d: int, t: int) -> None:
        if r.random() < .75:
            for x in W.times(t, rate, "night"):
                W.pay(x, fans[int(len(fans) * r.random() ** 2)], a, r.choice((5, 6.66, 10, 20, 52, 100,
                    131.4, 520)), "e", r.choice(("red_packet", "scan")), "tip")
            if r.random() < .5: W.move(W.tod(t, "work"), a, ag, lambda b: int(b * .15), T)

def h_topup(W: World) -> None:
    """Top-up sub-agent: face values in, settled upward within the hour less 1-3 %: like a pool runner."""
    r = W.r; a = W.acct("topup_agent", 800) if r.random() < .4 else W.person("topup_agent")
    up = r.choice(W.reg["biz"] + W.reg["utility"])
    rate, cs = r.uniform(6, 30), W.cust(110, .3)
    W.relay(a, lambda t: up, (r.choice((3, 15, 45)), .6), r.uniform(.01, .03), trigger=r.choice((0, 500,
        2000)), topic="topup", tag="top")
    @W.daily
    def day(d: int, t: int) -> None:
        for x in W.times(t, rate, "day"):
            W.pay(x, r.choice(cs), a, r.choice((30, 50, 50, 100, 100, 200, 300, 500)) * r.choice((1, .995)),
                "e", "scan", "topup", tag="top")

def h_ticket(W: World) -> None:
    """Ticket agent: mid sums from strangers, each fare forwarded to the airline's account within the hour."""
    r = W.r; a = W.person("ticket_agent", money=5000); air = W.one("biz"); rate = r.uniform(2, 9)
    mid = r.uniform(6.2, 7.8)
    @W.daily
    def day(d: int, t: int) -> None:
        for x in W.times(t, rate, "day"):
            y, c = r.lognormvariate(mid, .6), W.any(); W.top_up(c, y, x); W.pay(x, c, a, y, "i", T, "ticket")
            W.pay(x + r.randint(4, 70) * MIN, a, air, y * r.uniform(.93, .99), "i", T, "ticket")
            if r.random() < .06: W.pay(x + 2 * D, a, c, y * .9, "i", T, "ticket")

def h_trip(W: World) -> None:
    """Tour leader: deposits, then euro shares at a rate (quantity x price!), hotel and changer paid."""
    r = W.r; a = W.person("trip_leader"); ms = W.cust(r.randint(8, 30), .1); s = W.some_day(0, .7)
    fxr = r.uniform(7.4, 8.2)
    @W.daily
    def day(d: int, t: int) -> None:
        if d == s:
            for m in ms:
                W.pay(W.tod(t, "eve"), m, a, r.choice((500, 1000)), "i", T, "trip")
                q = r.choice((50, 100, 200, 200, 300)); W.top_up(m, q * fxr, t + 6 * H)
                W.pay(W.tod(t, "eve") + D * r.randint(0, 2), m, a, q * fxr, "e", T, "trip")
            for i in (1, 2, 3):
                W.move(W.tod(t, "work") + i * D, a, r.choice(W.reg["bank"] if i == 2 else W.reg["biz"]),
                    lambda b: int(b * .6), T, W.memo(a, "trip"))

def h_factoring(W: World) -> None:
    """Invoice buyer: few very large sums both ways between firms, cut at the transfer limit."""
    r = W.r; a = W.acct("factoring", 2e6); q = r.uniform(.2, .9)
    @W.daily
    def day(d: int, t: int) -> None:
        for x in W.times(t, q, "work"):
            f, y = r.choice(W.reg["employer"] + W.reg["biz"]), r.lognormvariate(11.3, .6)
            for i, p in enumerate(W.by_limit(W.amt(y * .85, "e"))):
                W.move(x + i * 70_000, a, f, p, T, W.memo(a, "goods"))
            e = W.one("employer")
            W.move(x + r.randint(0, 9) * D, e, a, W.amt(y, "e"), T, W.memo(a, "goods"), "w")

def h_harvest(W: World) -> None:
    """Crop buyer: mill pays a lump, farmers are paid kilo times price all day till it is gone."""
    r = W.r; a = W.person("crop_buyer"); mill = W.one("employer"); fs = W.cust(r.randint(20, 80), .6)
    price = r.uniform(1.9, 6)
    s, L = W.some_day(0, .6), r.randint(2, 8)
    @W.daily
    def day(d: int, t: int) -> None:
        if s <= d < s + L:
            W.pay(t + 7 * H + r.randrange(H), mill, a, r.choice((20000, 30000, 50000, 80000)), "r", T, "farm")
            for x in W.times(t, r.uniform(8, 25), "work"):
                W.pay(x, a, r.choice(fs), r.randint(150, 2500) * price, "e", T, "farm")

def h_house(W: World) -> None:
    """Home sale chain: family lends, buyer pays at the limit several times, seller passes on to the next."""
    r = W.r; chain = [W.person("home_mover") for _ in range(r.randint(2, 4))]
    W.fund(chain[0], r.uniform(3e5, 1.2e6)); s = W.some_day(0, .8)
    @W.daily
    def day(d: int, t: int) -> None:
        if d == s:
            x, z = W.bal[chain[0]] * r.uniform(.5, .85), W.tod(t, "work")
            for k in W.cust(r.randint(1, 5), 0):
                W.pay(z - r.randrange(9 * H), k, chain[0], r.choice((2000, 5000, 10000)), "r", T, "family")
            for u, v in zip(chain, chain[1:] + [W.one("bank")]):
                for i, p in enumerate(W.by_limit(int(x / 100) * 100)[:60]):
                    W.move(z + i * r.randint(40, 120) * 1000, u, v, p, T, W.memo(u, "house"), "s")
                z += r.randint(2, 30) * H; x *= r.uniform(.8, 1)

def h_passer(W: World) -> None:
    """Hands nearly the whole wage to a spouse within minutes and gets pocket money back."""
    r = W.r; a, b = W.person("wage_passer"), W.person("purse_keeper"); lag = r.randint(2, 90) * MIN
    W.on(a, lambda t, p, x, g: W.move(t + lag, a, b, int(x * r.uniform(.85, .98)), T, W.memo(a, "family"),
        "s") if p in W.payset else None)
    @W.daily
    def day(d: int, t: int) -> None:
        if r.random() < .4: W.pay(W.tod(t), b, a, r.choice((50, 100, 200)), "i", "red_packet", "family")

def h_kid(W: World) -> None:
    """Child: red packets in, snacks out; sometimes a whole class pays one kid back."""
    r = W.r; a, kin = W.acct("kid", 200), W.cust(r.randint(2, 6), 0)
    @W.daily
    def day(d: int, t: int) -> None:
        for x in W.times(t, .5, "eve"):
            W.pay(x, r.choice(kin), a, r.choice((5, 10, 20, 50, 88, 200)), "i", "red_packet", "family")
        for x in W.times(t, 1.3, "day"): W.pay(x, a, W.one("shop"), r.uniform(2, 25), "p", "scan")

def h_reimbursed(W: World) -> None:
    """Assistant who pays for the office and is paid back to the cent, often in one sum a week."""
    r = W.r; a, e = W.person("office_assistant", money=9000), W.one("employer"); owe = [0]
    @W.daily
    def day(d: int, t: int) -> None:
        for x in W.times(t, 1.5, "work"):
            m = W.amt(r.lognormvariate(5.3, 1)); owe[0] += m
            W.move(x, a, r.choice(W.reg["biz"] + W.reg["shop"]), m, "card")
        if W.wd(d) == 4 and owe[0]:
            W.move(t + 15 * H + r.randrange(H), e, a, owe[0], T, W.memo(e, "reimb", .7)); owe[0] = 0

def h_pool_firm(W: World) -> None:
    """Chain store: branches swept to zero each evening to the head office: honest collectors and treasury."""
    r = W.r; hq = W.acct("chain_hq", 3e5)
    bs = [W.acct("chain_branch", 100, reg="shop") for _ in range(r.randint(2, 5))]
    @W.daily
    def day(d: int, t: int) -> None:
        for i, b in enumerate(bs):
            for x in W.times(t, 9, "day"): W.pay(x, W.any(), b, r.lognormvariate(3.6, .7), "p", "scan")
            W.move(t + 22 * H + i * 1100, b, hq, lambda z: z, T)
        if W.wd(d) in (0, 3):
            W.move(W.tod(t, "work"), hq, W.one("wholesale"), lambda z: int(z * .35), T, W.memo(hq, "goods"))

def h_cod(W: World) -> None:
    """Courier taking payment at the door, handing all of it to the depot each evening, to the cent."""
    r = W.r; a = W.person("cod_courier"); dep, rate = W.one("biz"), r.uniform(6, 20)
    W.relay(a, lambda t: dep, (500, .1), 0, tag="cod", asleep=True)
    @W.daily
    def day(d: int, t: int) -> None:
        for x in W.times(t, rate, "work"):
            W.pay(x, W.any(), a, r.lognormvariate(4.6, .8), "p", "scan", tag="cod")

def h_cards(W: World) -> None:
    """Card and mahjong friends: small sums among a few people at night, round after round."""
    r = W.r; ps = [W.person("card_friend") for _ in range(3)] + W.cust(2, 0); u = r.choice((5, 10, 20, 50))
    @W.daily
    def day(d: int, t: int) -> None:
        if W.wd(d) >= 4 or r.random() < .2:
            for x in W.times(t, 22, "night"):
                p, q = r.sample(ps, 2)
                W.pay(x, p, q, u * r.choice((1, 1, 2, 3, 4)), "i", r.choice((T, "red_packet")))

def h_stocks(W: World) -> None:
    """Share trader: round money to and from a broker's account, salary otherwise; heavy days."""
    r = W.r; a = W.person("stock_trader", money=60000); b = W.one("biz"); q = r.uniform(.2, 1.2)
    @W.daily
    def day(d: int, t: int) -> None:
        for x in W.times(t, q, "work"):
            if r.random() < .5: W.pay(x, a, b, r.lognormvariate(9, .8), "r", T)
            else: W.pay(x, b, a, r.lognormvariate(9, .8), "e", T)

def h_mover(W: World) -> None:
    """Changes bank: the old account is emptied in one day into a new one that then takes over the life."""
    r = W.r; a, b = W.acct("old_account", r.lognormvariate(9.5, .8)), W.person("new_account")
    s = W.some_day(.1, .9)
    @W.daily
    def day(d: int, t: int) -> None:
        if d < s: W.pay(W.tod(t), a, W.one("shop"), r.lognormvariate(3.4, .6), "p", "scan")
        if d == s:
            z = W.tod(t, "eve"); W.pay(z, a, b, 1, "i")
            for i in range(1, 4):
                W.move(z + i * 4 * MIN, a, b, lambda v: min(v, int(W.limit * W.fx) * W.minor), T, None)


HONEST: list[tuple[Callable[[World], None], float]] = [
    (h_shop, 2), (h_switched_qr, .5), (h_market_trader, 1), (h_app_seller, 1.5), (h_tutor, 1), (h_freelancer,
        1), (h_club, 1),
    (h_landlord, 1), (h_subletter, .7), (h_second_hand, 1.5), (h_gold, .7), (h_game, 1.5), (h_money_agent,
        .7), (h_driver, 1.5),
    (h_lender, 1), (h_group_buy, 1), (h_daigou, 1), (h_payroll, 1), (h_circle, .8), (h_wedding,
        .8), (h_appeal, .6),
    (h_seasonal, .6), (h_charity, .6), (h_streamer, 1), (h_topup, 1.2), (h_ticket, 1), (h_trip,
        .7), (h_factoring, .5),
    (h_harvest, .6), (h_house, .6), (h_passer, 1), (h_kid, 1), (h_reimbursed, .8), (h_pool_firm, .5), (h_cod,
        .8),
    (h_cards, .6), (h_stocks, 1), (h_mover, .8)]


# ------------------------------------------------------------------ guilty designs
def exits(W: World, k: int) -> Callable[[int], int]:
    """Where the money of a ring leaves: exchanges (known or not), coin sellers, cash, outsiders."""
    r = W.r; mode = r.choice(("exchange", "sellers", "cash", "mixed", "mixed"))
    ex, sel, cash = W.one("exchange"), W.clients(max(3, k), 500), W.one("bank")
    pick = {"exchange": [ex], "sellers": sel, "cash": [cash], "mixed": [ex, cash] + sel}[mode]
    return lambda t: r.choice(pick)

def gamble(W: World) -> tuple[Callable[[], int], str]:
    """Stakes of a platform: tiers, perhaps with cents or a few yuan that identify the order."""
    r = W.r; tiers = r.sample((50, 100, 200, 300, 500, 800, 1000, 1500, 2000, 3000, 5000), r.randint(3, 8))
    tell = r.choice(("none", "none", "cents", "yuan"))

    def stake() -> int:
        y = r.choice(tiers); x = W.amt(y, "i")
        if tell == "cents" and W.minor > 1: x += r.randint(-99, 99)
        if tell == "yuan": x += r.randint(-9, 9) * W.minor * W.unit
        return max(1, x)
    return stake, r.choice(("night", "eve", "shift", "day"))

def open_for(W: World, lo: int = 1) -> tuple[int, int]:
    """A campaign: first day and length."""
    L = min(W.days, max(lo, W.r.choice((1, 2, 3, 5, 9, 20, 60)))); return W.r.randint(0, W.days - L), L

def g_quick_relay(W: World, k: int) -> int:
    """Bought accounts in two layers; money of victims, gamblers, buyers gone in minutes in odd parts."""
    r = W.r; k = min(k, r.randint(3, 12))
    ms = [W.acct("quick_relay", r.uniform(0, 300), 1) for _ in range(k)]
    n1 = max(1, k // 2); l1, l2 = ms[:n1], ms[n1:] or ms[:1]
    out, lag, cut = exits(W, 6), r.choice((1.5, 4, 12, 35)), r.choice((0, .002, .01, .03))
    for a in l1:
        W.relay(a, (lambda t: r.choice(l2)) if k > 1 else out, (lag, .7), cut, (1, r.randint(1, 4)),
            r.choice((0, 0, 3000)), topic=r.choice(("neutral", None)))
    for a in l2:
        if a not in l1:
            W.relay(a, out, (lag * r.uniform(.5, 3), .8), cut, (1, 3), r.choice((0, 5000)),
                limit=r.random() < .4)
    s, L = open_for(W); stake, prof = gamble(W)
    cs = W.clients(r.randint(10, 60), 2500, r.choice(("gamble", "coin")))
    vs = r.sample(W.people, min(8, 1 + k)) if r.random() < .5 else []; rate = r.uniform(2, 14) * n1
    for v in vs:
        W.fund(v, r.uniform(2e4, 2e5))
        if W.role[v] == "person": W.role[v] = "victim"
    @W.daily
    def day(d: int, t: int) -> None:
        if not s <= d < s + L: return
        live_set = [l1[d % n1]] if r.random() < .3 else l1
        for x in W.times(t, rate, prof):
            c = r.choice(cs)
            W.move(x, c, r.choice(live_set), stake(), r.choice((T, "scan")), W.memo(c, "neutral"), tag="d")
        for v in vs:
            if r.random() < .8 / L + .1:
                z, a = W.tod(t, "work"), r.choice(live_set)
                for i in range(r.randint(1, 4)):
                    W.pay(z + i * r.randint(3, 80) * MIN, v, a, r.lognormvariate(9.2, .8), "r", T, "odd",
                        tag="d")
    return k

def g_slow_relay(W: World, k: int) -> int:
    """People who keep money for hours to days amid a life, pass on uneven parts, keep a few percent."""
    r = W.r; k = min(k, r.randint(2, 8))
    hold, out, cut = r.uniform(300, 5000), exits(W, 9), r.uniform(.01, .08)
    ms = [W.person("slow_relay", 1) for _ in range(k)]
    cs, rate, y = W.clients(r.randint(6, 40), 9000), r.uniform(.15, 1.2), r.uniform(7.3, 9)
    for a in ms:
        W.relay(a, out, (hold, .8), cut, (1, 5), 0, topic=r.choice(("neutral", "friend", "odd", None)),
            asleep=True, spread_ms=r.uniform(.5, 12) * H)
    @W.daily
    def day(d: int, t: int) -> None:
        for a in ms:
            for x in W.times(t, rate + (d == 0) * .5, "eve"):
                W.pay(x, r.choice(cs), a, r.lognormvariate(y, .6), r.choice("rie"), r.choice((T, "scan")),
                    r.choice(("odd", "friend", None)), tag="d")
    return k

def g_sleeper(W: World, k: int) -> int:
    """Bought accounts kept warm by small real-looking use and mutual sums, then one or two loud days."""
    r = W.r; k = min(k, r.randint(2, 9)); ms = [W.acct("sleeper", r.uniform(100, 900), 1) for _ in range(k)]
    out = exits(W, 5)
    wake = {a: W.some_day(.3, 1) for a in ms}
    cs = W.clients(r.randint(15, 60), 5000, r.choice(("coin", "gamble"))); stake, prof = gamble(W)
    warm = r.uniform(.2, 1.6)
    for a in ms:
        W.relay(a, out, (r.choice((5, 60, 240)), .7), r.uniform(0, .02), (1, 4), r.choice((0, 2000, 10000)),
            limit=r.random() < .3)
    @W.daily
    def day(d: int, t: int) -> None:
        for a in ms:
            for x in W.times(t, warm, "day"): W.pay(x, a, W.one("shop"), r.uniform(2, 22), "p", "scan")
            if k > 1 and r.random() < .25:
                W.pay(W.tod(t), a, r.choice(ms), r.choice((10, 20, 50, 66, 100)), "i", "red_packet", "friend")
            if r.random() < .1: W.pay(W.tod(t), W.one("bank"), a, 200, "i")
            if wake[a] <= d <= wake[a] + (k % 2):
                W.pay(t + int(r.uniform(7, 11) * H), r.choice(cs), a, 1, "i")   # test payment
                for x in W.times(t, r.uniform(8, 40), prof):
                    W.move(x, r.choice(cs), a, stake() * r.choice((1, 1, 2, 5)), r.choice((T, "scan")),
                        tag="d")
    return k

def g_renter(W: World, k: int) -> int:
    """Salaried people renting out their wallet for certain hours; a controller pays by shift or week."""
    r = W.r; k = max(2, min(k, r.randint(3, 10))); boss = W.person("rent_controller", 1, money=9000)
    ms = [W.person("account_renter", 1) for _ in range(k - 1)]
    hub, stake, (h0, hn) = exits(W, 4), gamble(W)[0], (r.choice((0, 12, 18, 20, 21)), r.randint(2, 5))
    cs = W.clients(r.randint(15, 60), 2500, r.choice(("gamble", "gamble", "coin")))
    q, rate, fee, weekly = r.uniform(.2, .8), r.uniform(3, 18), r.choice((50, 100, 200, 300)), r.random() < .5
    via = r.random() < .5; far = W.clients(1, 9000)[0]
    for a in ms:
        W.relay(a, (lambda t: boss) if via else hub, (r.choice((8, 40, 90)), .5), r.choice((0, .005, .015)),
            (1, 2), r.choice((0, 1000, 4000)))
    if via: W.relay(boss, hub, (r.uniform(20, 400), .6), .02, (1, 3), 3000, limit=r.random() < .5)
    @W.daily
    def day(d: int, t: int) -> None:
        for a in ms:
            on = r.random() < q
            if on:
                for _ in range(int(W.np.poisson(rate))):
                    W.move(t + h0 * H + r.randrange(hn * H), r.choice(cs), a, stake(), r.choice(("scan",
                        "scan", T)), tag="d")
            if (weekly and W.wd(d) == 5) or (on and not weekly):
                W.pay(t + min(23, h0 + hn) * H + r.randrange(50 * MIN), boss, a, fee * (5 if weekly else 1),
                    "r", T, "neutral", "w")
        if not via and (W.wd(d) == 4 or d == 0): W.pay(W.tod(t), far, boss, fee * 5 * k, "r", T, None, "w")
    return k

def book(W: World, a: int, cs: list[int], rate: float, y: float, sd: float, prof: str, style: str,
        spread: float, buy: float,
         pays: int = -1, cap: float = 1e12, topic: str | None = None, off: float = 0,
         again: float = 1.3) -> None:
    """A two-sided book on a (pays: the account that buys coins): sells above, buys below the market."""
    r = W.r; pays = a if pays < 0 else pays
    @W.daily
    def day(d: int, t: int) -> None:
        if r.random() < off and d: return
        for x in W.times(t, rate * r.uniform(.5, 1.5), prof) or ([W.tod(t, prof)] if d == 0 else []):
            c = cs[int(len(cs) * r.random() ** again)]; v = min(r.lognormvariate(y, sd), cap)
            ch = r.choice((T, T, "scan"))
            if r.random() < buy:
                W.move(x, pays, c, W.coin_amt(x, v, style, -spread * r.uniform(.3, 1.5)), T, W.memo(pays,
                    topic), "d", "s")
            else:
                W.top_up(c, v, x)
                W.move(x, c, a, W.coin_amt(x, v, style, spread * r.uniform(.3, 1.5)), ch, W.memo(c,
                    r.choice((topic, "leak", None)) if r.random() < .2 else topic), "d", "b")


STYLES = ("fiat", "coin", "mix", "mix", "odd")

def g_steady_book(W: World, k: int) -> int:
    """Coin merchant, one account, small clients both ways, money kept as stock, no sweep, shop hours."""
    r = W.r; k = min(k, r.choice((1, 1, 2))); first = -1
    for _ in range(k):
        a = W.person("steady_merchant", 1, money=r.uniform(2e4, 2e5))
        if r.random() < .5: W.ads.append(a)
        book(W, a, W.clients(r.randint(20, 90), 3000), r.uniform(2, 14), r.uniform(5.8, 8), r.uniform(.5,
            1.1), r.choice(("day", "shift", "eve", "night")), r.choice(STYLES), r.uniform(.002, .03),
            r.uniform(.3, .6), topic=r.choice(("neutral", "code", None)), off=r.uniform(0, .25))
        if first >= 0:
            W.dailies.append(lambda d, t, a=a, b=first: W.pay(W.tod(t), a, b, r.uniform(3e3, 2e4),
                "r") if r.random() < .2 else None)
        first = a
    return k

def g_points_pool(W: World, k: int) -> int:
    """Running-points: runners post a deposit, take stakes up to it, pass them to changing pool heads."""
    r = W.r; k = max(3, min(k, r.randint(5, 16)))
    pool = [W.acct("pool_head", 2000, 1) for _ in range(1 + k // 7)]
    tr = W.acct("pool_treasury", r.uniform(2e4, 2e5), 1)
    runs = [W.person("pool_runner", 1, money=r.uniform(1000, 9000)) for _ in range(k - 1
        - len(pool))] or [W.person("pool_runner", 1)]
    stake, prof = gamble(W); cs = W.clients(r.randint(30, 110), 4000, "gamble")
    dep, out, cut = r.choice((1000, 2000, 5000)), exits(W, 4), r.uniform(.008, .025)
    head = lambda t: pool[t // (r.choice((6, 24)) * H) % len(pool)]
    for a in runs:
        W.relay(a, head, (r.choice((10, 30, 70)), .5), cut, (1, 1), dep * r.uniform(.3, 1),
            topic=r.choice(("neutral", None)))
    for a in pool:
        W.relay(a, lambda t: tr, (r.uniform(10, 200), .6), .001, (1, 2), r.choice((2000, 8000)),
            limit=r.random() < .3)
    rate, win, q = r.uniform(3, 16), r.uniform(.1, .7), r.uniform(.4, .95)
    @W.daily
    def day(d: int, t: int) -> None:
        tot = 0
        for a in runs:
            if r.random() > q: continue
            s = W.tod(t, prof) - 2 * H
            if r.random() < .3: W.pay(max(t, s), a, head(t), dep, "i", T, "neutral")
            for _ in range(int(W.np.poisson(rate))):
                x = stake(); tot += x
                W.move(W.tod(t, prof), r.choice(cs), a, x, r.choice(("scan", "scan", T, "red_packet")),
                    tag="d")
        for p in (W.split(int(tot * win), max(1, len(runs) * 2)) if tot else []):
            W.move(W.tod(t, prof), tr, r.choice(cs), p, T, None, "d")
        if W.wd(d) == 6 or r.random() < .2:
            W.move(t + int(r.uniform(22, 24) * H), tr, out(t), lambda b: int(b * .5), T)
    return k

def g_points_coin(W: World, k: int) -> int:
    """Running-points with a coin float: stakes stay on the runner until it is used, then he buys coins."""
    r = W.r; k = max(2, min(k, r.randint(3, 10)))
    seller = W.person("float_seller", 1, money=r.uniform(5e3, 5e4))
    runs = [W.person("coin_runner", 1) for _ in range(k - 1)]
    stake, prof = gamble(W); cs = W.clients(r.randint(20, 90), 4000, "gamble"); rate = r.uniform(3, 20)
    sup = W.clients(6, 100)
    for a in runs:
        W.relay(a, lambda t: seller, (r.choice((20, 90, 300)), .7), r.uniform(.005, .03), (1, 1),
            r.choice((800, 2000, 5000, 10000)), topic=r.choice(("neutral", "odd", None)),
            asleep=r.random() < .5)
    W.relay(seller, lambda t: r.choice(sup), (r.uniform(60, 900), .7), .01, (1, 4), 5000,
        limit=r.random() < .4)
    if r.random() < .5: W.ads.append(seller)
    @W.daily
    def day(d: int, t: int) -> None:
        for a in runs:
            for x in (W.times(t, rate, prof) if r.random() < .7 or d == 0 else ()):
                W.move(x, r.choice(cs), a, stake(), r.choice(("scan", T)), tag="d")
    return k

def g_rotating(W: World, k: int) -> int:
    """A desk on another account each day or half-day; the rest moves to the next one at the change."""
    r = W.r; k = max(2, min(k, r.randint(3, 12)))
    ms = [W.acct("rotating_desk", r.uniform(50, 500), 1) for _ in range(k)]
    W.fund(ms[0], r.uniform(1e4, 1.5e5))
    step, cs, style = r.choice((8, 12, 24, 24, 48)) * H, W.clients(r.randint(15, 70), 6000), r.choice(STYLES)
    rate, y, buy = r.uniform(4, 18), r.uniform(6.5, 8.8), r.uniform(.25, .6)
    out, cap = exits(W, 4), r.uniform(3e4, 2e5)
    sp, jump = r.uniform(.003, .02), r.choice([j for j in (1, 1, 3, 5, 7) if math.gcd(j, k) == 1])
    def cur(t: int) -> int: return ms[(t // step * jump) % k]
    if r.random() < .4: W.ads.append(ms[0])
    @W.daily
    def day(d: int, t: int) -> None:
        for x in W.times(t, rate, "shift"):
            c, v = r.choice(cs), r.lognormvariate(y, .7)
            if r.random() < buy: W.move(x, cur(x), c, W.coin_amt(x, v, style, -sp), T, W.memo(c, "neutral"))
            else:
                W.top_up(c, v, x)
                W.move(x, c, cur(x), W.coin_amt(x, v, style, sp), r.choice((T, "scan")), W.memo(c, "code"))
        # settles what is over
        z = W.tod(t, "eve")
        W.move(z, cur(z), out(z), lambda b: int((b - W.amt(cap, "i")) * r.uniform(.7, 1)), T, None)
        for i in range(D // step if step < D else 1):
            z = t + (i + 1) * step - r.randrange(MIN, 30 * MIN)
            if cur(z) != cur(z + H):
                W.move(z, cur(z), cur(z + H), lambda b: int(b * r.uniform(.93, 1)), T, None)
    return k

def g_veteran(W: World, k: int) -> int:
    """One account for years, clients who return weekly, few suppliers; memos of loans and goods."""
    r = W.r; a = W.person("veteran", 1, money=r.uniform(1e4, 1e5)); cs = W.clients(r.randint(10, 45), 4000)
    sup = W.clients(2, 100)
    book(W, a, cs, r.uniform(1, 6), r.uniform(6.2, 8), r.uniform(.3, .8), r.choice(("work", "eve")),
        r.choice(STYLES), r.uniform(.004, .03), r.uniform(.05, .35), topic=r.choice(("loan", "goods",
        "neutral", None)), off=.15, again=2.2)
    gap, st = r.randint(1, 4), [0]
    W.on(a, lambda t, p, x, g: st.__setitem__(0, st[0] + (x if g == "b" else 0)))
    @W.daily
    def day(d: int, t: int) -> None:
        if d % gap == gap - 1 and st[0]:
            for p in W.split(int(st[0] * r.uniform(.8, 1)), r.randint(1, 2)):
                W.move(W.tod(t, "eve"), a, r.choice(sup), p, T, W.memo(a, "goods"), "s")
            st[0] = 0
    return 1

def g_whale(W: World, k: int) -> int:
    """Very few, very large deals, cut at the limit, settled to one or two sellers; quiet otherwise."""
    r = W.r; k = min(k, r.randint(1, 4)); ms = [W.person("whale_desk", 1, money=2e4) for _ in range(k)]
    q = r.uniform(.12, .5); ask = r.choice((1, 1, 2, 3))
    bs, ss = W.clients(r.randint(2, 7), 4e5), W.clients(r.randint(2, 5), 1000)
    cut, lag, y = r.uniform(.001, .012), r.uniform(.3, 20), r.uniform(10.3, 12.4); s0 = W.some_day(0, .6)
    to = ms[-1] if k > 1 and r.random() < .6 else -1
    @W.daily
    def day(d: int, t: int) -> None:
        for a in ms:
            if a == to or not (r.random() < q or d == s0): continue
            b, x, v = r.choice(bs), W.tod(t, "work"), W.coin_amt(t, min(r.lognormvariate(y, .5), 3e6),
                "coin" if ask == 1 else "fiat", .003)
            for p in W.by_limit(min(v, max(W.bal[b], 1)))[:40]:
                W.move(x, b, a, p, T, W.memo(b, "house" if ask == 3 else None), "d", "b")
                x += r.randint(25, 240) * 1000
            x += int(lag * H); u = a
            if to >= 0:
                W.move(x, a, to, lambda z, v=v: min(int(v * .999), z), T); x += r.randint(3, 60) * MIN; u = to
            rest = int(min(v, max(W.bal[b], 1)) * (1 - cut))
            for s, part in zip(r.sample(ss, len(ss)), W.split(rest, 1 if r.random() < .6 else min(2,
                    len(ss)))):
                for p in W.by_limit(part)[:40]:
                    W.move(x, u, s, p, T, None, "s"); x += r.randint(25, 240) * 1000
    return k

def g_broker(W: World, k: int) -> int:
    """Matchmaker: buyer pays seller directly, broker takes only a promille from them. Very hard."""
    r = W.r; a = W.person("broker", 1); cs = W.clients(r.randint(8, 40), 9000)
    rate, fee, both = r.uniform(1, 6), r.uniform(.002, .012), r.random() < .5
    if r.random() < .5: W.ads.append(a)
    @W.daily
    def day(d: int, t: int) -> None:
        for x in W.times(t, rate, "shift") or ([W.tod(t, "eve")] if d == 0 else []):
            p, q = r.sample(cs, 2) if len(cs) > 1 else (cs[0], a)
            v = W.coin_amt(x, r.lognormvariate(8.4, .9), "mix", .005); W.move(x, p, q, v, T)
            for c in ((p, q) if both else (q,)):
                W.move(x + r.randint(2, 200) * MIN, c, a, max(1, int(v * fee) // W.minor * W.minor),
                    r.choice(("red_packet", T)), None, "w")
    return 1

def g_front(W: World, k: int) -> int:
    """A real shop whose till also takes coin money; the sweep goes to coin sellers, hardly to goods."""
    r = W.r; k = max(1, min(k, 2)); till = W.acct("front_till", 3000, 1, "shop")
    o = W.person("front_owner", 1, money=2e4) if k > 1 else till
    W.menu[till] = [W.amt(r.lognormvariate(3, .6)) for _ in range(5)]
    cs, ss = W.clients(r.randint(15, 60), 3000), W.clients(r.randint(3, 9), 100)
    rate, y, z = r.uniform(2, 9), r.uniform(5.8, 7.6), r.choice(STYLES)
    for p in r.sample(W.people, min(len(W.people), 60)): W.fans.setdefault(p, till)
    @W.daily
    def day(d: int, t: int) -> None:
        for c in W.fans:
            if W.fans[c] == till and r.random() < .2:
                W.move(W.tod(t), c, till, r.choice(W.menu[till]), "scan")
        for x in W.times(t, rate, "day"):
            c = r.choice(cs)
            W.move(x, c, till, W.coin_amt(x, r.lognormvariate(y, .6), z, .01), r.choice(("scan", "scan",
                "card")), W.memo(c, "odd"))
        if o != till: W.move(t + int(r.uniform(19, 23.5) * H), till, o, lambda b: int(b * .95), T)
        for s in r.sample(ss, r.randint(1, min(3, len(ss)))):
            W.move(t + int(r.uniform(9, 15) * H) + D // 2 * (o == till), o, s,
                lambda b: int(b * r.uniform(.2, .6)), T, W.memo(o, "goods"))
        if r.random() < .3:
            W.move(W.tod(t, "work"), o, W.one("wholesale"), lambda b: int(b * .08), T, W.memo(o, "goods"))
    return k

def g_mirror(W: World, k: int) -> int:
    """Mirror exchange settled in coins: a few traders pay in, unrelated families are paid out."""
    r = W.r; k = min(k, r.randint(1, 5))
    ms = [W.person("mirror_desk", 1, money=r.uniform(1e4, 1e5)) for _ in range(k)]
    firms = r.sample(W.people, 4) + W.reg["biz"][:1]; cs = W.cust(r.randint(15, 70), .5)
    for f in firms[:4]: W.fund(f, r.uniform(5e4, 4e5))
    q, y, topic = r.uniform(.2, .7), r.uniform(6.5, 8.6), r.choice(("family", "goods", None))
    @W.daily
    def day(d: int, t: int) -> None:
        for a in ms:
            if r.random() < q or d == 0:
                W.pay(t + int(r.uniform(8, 12) * H), r.choice(firms), a, r.lognormvariate(10, .6),
                    r.choice("ri"), T, "goods")
            if k > 1 and r.random() < .3: W.move(W.tod(t), a, r.choice(ms), lambda b: int(b * .3), T)
            for x in W.times(t, r.uniform(1, 7), "shift"):
                W.pay(x, a, r.choice(cs), r.lognormvariate(y, .6), r.choice("ire"), T, topic)
    return k

def g_brick(W: World, k: int) -> int:
    """Brick mover: buys at the exchange, sells to strangers all day; the exchange may be unknown."""
    r = W.r; k = min(k, r.choice((1, 1, 2, 3)))
    for _ in range(k):
        a = W.person("brick_mover", 1, money=r.uniform(5e3, 8e4))
        es = r.sample(W.reg["exchange"], r.randint(1, 2)); st = [0.0]
        if r.random() < .5: W.ads.append(a)
        book(W, a, W.clients(r.randint(20, 80), 3000), r.uniform(3, 16), r.uniform(6, 8.2), .7,
            r.choice(("shift", "night", "day")), r.choice(STYLES), r.uniform(.003, .02), 0,
            topic=r.choice((None, "neutral")), off=.1, again=1)
        W.relay(a, lambda t, es=es: r.choice(es), (r.uniform(20, 1500), .7), r.uniform(0, .02), (1, 2),
            r.choice((2000, 8000, 20000)), tag="b", asleep=True)
    return k

def g_family(W: World, k: int) -> int:
    """Household desk: one receives, one pays, one keeps, amid daily life; settled at odd times."""
    r = W.r; k = max(2, min(k, r.randint(2, 4)))
    ms = [W.person("family_desk", 1, money=r.uniform(1e4, 7e4)) for _ in range(k)]; b = r.uniform(.35, .55)
    if r.random() < .4: W.ads.append(ms[0])
    book(W, ms[0], W.clients(r.randint(15, 60), 4000), r.uniform(2, 10), r.uniform(6.2, 8), .8,
        r.choice(("eve", "day")), r.choice(STYLES), r.uniform(.003, .02), b, ms[1], topic=r.choice(("family",
        "neutral", None)))
    @W.daily
    def day(d: int, t: int) -> None:
        if r.random() < .6:
            W.move(W.tod(t, "eve"), ms[0], r.choice(ms[1:]), lambda z: int(z * r.uniform(.2,
                .8)) // (100 * W.minor) * 100 * W.minor, T, W.memo(ms[0], "family"))
        if k > 2 and r.random() < .3: W.move(W.tod(t), ms[2], ms[1], lambda z: int(z * .4), T)
    return k

def g_packets(W: World, k: int) -> int:
    """Chat-group bank: stakes and prizes as packets to 200 at night; runners feed a banker who buys coins."""
    r = W.r; k = max(2, min(k, r.randint(3, 8))); bank = W.person("packet_banker", 1, money=2e4)
    ms = [W.person("packet_runner", 1) for _ in range(k - 1)]
    cs = W.clients(r.randint(25, 80), 2000, "gamble"); out = exits(W, 4)
    rate, edge, ch = r.uniform(8, 40), r.uniform(.5, .9), "red_packet" if W.cur == "CNY" else T
    @W.daily
    def day(d: int, t: int) -> None:
        for a in ms:
            if r.random() > .75: continue
            for x in W.times(t, rate, "night"):
                y = r.choice((20, 50, 66, 88, 100, 150, 200)); W.pay(x, r.choice(cs), a, y, "i", ch)
                if r.random() < edge * .5:
                    W.pay(x + r.randint(1, 9) * MIN, a, r.choice(cs), y * r.choice((1, 1.9, 2)) if y <= 100
                        else 200, "i", ch)
            W.move(t + 23 * H + r.randrange(H), a, bank, lambda b: int(b * r.uniform(.4, .8)), T)
        if r.random() < .4: W.move(W.tod(t, "eve"), bank, out(t), lambda b: int(b * r.uniform(.3, .8)), T)
    return k


GUILTY: list[Callable[[World, int], int]] = [g_quick_relay, g_slow_relay, g_sleeper, g_renter, g_steady_book,
    g_points_pool, g_points_coin,
          g_rotating, g_veteran, g_whale, g_broker, g_front, g_mirror, g_brick, g_family, g_packets]


# ------------------------------------------------------------------ putting it together
def build(W: World) -> None:
    """Infrastructure, people, guilty rings up to the budget, honest trades, the rest people."""
    r = W.r; W.fans: dict[int, int] = {}
    base(W)
    for _ in range(max(6, W.n // 90)): h_shop(W)
    h_landlord(W); h_app_seller(W); h_driver(W)
    left, deck = W.guilty_n, []
    while left > 0:
        deck = deck or r.sample(GUILTY, len(GUILTY)); W.ring_no += 1; W.ring = f"ring{W.ring_no}"
        n0 = len(W.role); small = left if r.random() < .2 else min(left, max(3, W.guilty_n // 6))
        deck.pop()(W, small); left -= len(W.role) - n0
    W.ring = ""
    fns, ws = zip(*HONEST); room = int(W.n * max(.12, min(.24, .97 - len(W.role) / W.n)))
    stop = min(len(W.role) + room, W.n - 4)
    order = r.sample(fns, len(fns))
    while len(W.role) < stop: (order.pop() if order else r.choices(fns, ws)[0])(W)
    while len(W.role) < W.n: W.people.append(W.person("person"))
    settle(W)

def write(W: World, out: Path) -> None:
    """Names without hint of role, then the five files."""
    r = W.r; out.mkdir(parents=True); n = len(W.role); style = r.choice(("hex", "digits", "mixed"))
    names: list[str] = []; seen: set[str] = set()
    while len(names) < n:
        s = f"{r.getrandbits(48):012x}" if style == "hex" or (style == "mixed"
            and r.random() < .5) else f"{r.randrange(10**15, 10**16)}"
        if s not in seen: seen.add(s); names.append(s)
    zero = W.date0.replace(tzinfo=timezone.utc) - timedelta(hours=W.zone)
    us0 = int(zero.timestamp() * 1_000_000); rows = W.rows
    rare = T if W.cur not in ("CNY", "HKD") else "red_packet"
    fix = lambda c: None if r.random() < W.null_channel else (rare if c == "red_packet" else c)
    tab = pa.table({
        "tx_id": pa.array([f"{i:x}-{r.getrandbits(32):08x}" for i in range(len(rows))]),
        "ts": pa.array([us0 + w[0] * 1000 for w in rows], pa.timestamp("us",
            "UTC")), "seq": pa.array(range(len(rows)), pa.int64()),
        "payer": pa.array([names[w[1]] for w in rows]), "payee": pa.array([names[w[2]] for w in rows]),
        "amount_minor": pa.array([w[3] for w in rows], pa.int64()), "currency": pa.array([W.cur] * len(rows)),
        "channel": pa.array([fix(w[4]) for w in rows], pa.string()),
        "memo": pa.array([None if r.random() < W.null_memo else w[5] for w in rows], pa.string())})
    pq.write_table(tab, out / "transactions.parquet")

    def table(name: str, head: list[str], lines: list[list]) -> None:
        with open(out / name, "w", newline="", encoding="utf-8") as f:
            csv.writer(f, lineterminator="\n").writerows([head] + lines)
    hour0 = zero.replace(minute=0); hours = range(-1, W.days * 24 + 1)
    table("prices.csv", ["ts", "asset", "quote", "price"], [[(hour0
        + timedelta(hours=h)).strftime("%Y-%m-%dT%H:%M:%SZ"), s, W.cur, f"{p[max(0, h)]:.4f}"]
                                                            for h in hours for s, p in W.prices.items()])
    share = r.choice((0, .4, .7, .7))
    ex = [a for a in W.reg["exchange"] if r.random() < share][: max(0, len(W.reg["exchange"]) - 1)]
    table("exchange_accounts.csv", ["account", "name"], [[names[a], f"Exchange {chr(65 + i)}"] for i,
        a in enumerate(ex)])
    wrong = r.sample(W.people, r.randint(0, 2)); seen_on = sorted(set(W.ads + wrong), key=lambda a: names[a])
    table("contacts.csv", ["account", "source", "first_seen"], [[names[a], r.choice(("p2p_board",
        "chat_group", "forum", "advert_site")),
          (W.date0 + timedelta(days=r.randint(-90, max(0, W.days
              - 1)))).strftime("%Y-%m-%d")] for a in seen_on])
    met = {w[1] for w in rows} | {w[2] for w in rows}     # accounts never seen in a payment are not listed
    order = sorted(met, key=lambda a: names[a])
    table("labels.csv", ["account", "role", "guilty", "group"], [[names[a], W.role[a], W.bad[a], W.group[a]
        if W.bad[a] else ""] for a in order])

def summary(W: World) -> None:
    """Counts and flows by role."""
    n, seen = Counter(W.role), Counter(); inn, out, vol = Counter(), Counter(), Counter()
    act: dict[str, set[int]] = {}
    for _, a, b, x, _, _ in W.rows:
        out[W.role[a]] += 1; inn[W.role[b]] += 1; vol[W.role[b]] += x; act.setdefault(W.role[a], set()).add(a)
        act.setdefault(W.role[b], set()).add(b)
    for a, x in enumerate(W.bal): seen[W.role[a]] = max(seen[W.role[a]], x)
    bad = {W.role[a] for a in range(len(W.role)) if W.bad[a]}; u = W.minor * W.fx
    print(f"{len(W.role)} accounts, {sum(W.bad)} guilty in {W.ring_no} rings, {len(W.rows)} payments, "
          f"ads {len(W.ads)}, lowest balance {min(W.bal)}")
    for k, c in sorted(n.items(), key=lambda z: (z[0] in bad, z[0])):
        print(f"{'G' if k in bad else ' '} {k:18s} n={c:5d} used={len(act.get(k, ())):5d} "
              f"in/acct={inn[k] / c:8.1f} out/acct={out[k] / c:8.1f} "
              f"mean_in={vol[k] / max(1, inn[k]) / u:10.0f} top_balance={seen[k] / u:12.0f}")

def main() -> None:
    p = argparse.ArgumentParser(description="write one labelled payment world")
    p.add_argument("--out", required=True, type=Path); p.add_argument("--seed", required=True, type=int)
    p.add_argument("--accounts", type=int, default=5000); p.add_argument("--days", type=int, default=14)
    p.add_argument("--guilty", type=float, default=.02); p.add_argument("--currency", default="CNY")
    o = p.parse_args()
    W = World(o.seed, o.accounts, o.days, o.guilty, o.currency)
    build(W); W.run(); write(W, o.out); summary(W)


if __name__ == "__main__":
    main()
