# SPDX-License-Identifier: Apache-2.0
"""Labelled payment worlds seen from a mobile-money and agent network.

A small event simulation: people live (pay, wages, rent, food, friends, agents, family), businesses
trade, and rings settle unlicensed over-the-counter coin trades.  Money is conserved: only banks,
exchanges and large institutions hold practically unlimited opening balances; "outside" accounts belong
to people of other institutions (only their legs with us are seen), rich enough for what they do here.

Hard to tell on purpose, even for a fair analyst: `matchmaker` when it hardly ever holds the money (only
commissions are seen); `town_dealer` and `agent_coin` of low volume; `hobby_seller` (honest: a person who
sells own coins a few times) against a new `ad_trader`; a runner or margin runner with a handful of orders
among a lively ordinary life.  With under three days of history a straw account that has not woken yet
cannot be told from a quiet one.
"""

from __future__ import annotations

import argparse
import csv
import heapq
import math
import random
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

MIN, HOUR, DAY = 60_000, 3_600_000, 86_400_000  # milliseconds

# code: (minor digits, units per yuan, smallest unit in use, hours from UTC, language)
CURRENCY = {
    "CNY": (2, 1.0, 0.01, 8, "zh"),
    "KES": (2, 18.2, 1, 3, "sw"),
    "TZS": (2, 365, 100, 3, "sw"),
    "UGX": (0, 515, 100, 3, "sw"),
    "GHS": (2, 1.6, 0.1, 0, "en"),
    "NGN": (2, 215, 10, 1, "en"),
    "XOF": (0, 84, 5, 0, "fr"),
    "PHP": (2, 8.1, 1, 8, "tl"),
    "IDR": (2, 2300, 100, 7, "id"),
    "VND": (0, 3600, 500, 7, "vi"),
    "THB": (2, 4.6, 1, 7, "en"),
    "MYR": (2, 0.6, 0.05, 8, "id"),
    "BDT": (2, 17, 1, 6, "bn"),
    "PKR": (2, 39, 1, 5, "bn"),
    "INR": (2, 12.1, 1, 5.5, "bn"),
    "KHR": (2, 565, 100, 7, "en"),
    "USD": (2, 0.14, 0.01, -5, "en"),
    "EUR": (2, 0.13, 0.01, 1, "en"),
}

ZH = {
    "food": "早餐 午饭 晚饭 奶茶 水果 抹茶拿铁 买菜 烧烤 AA饭钱",
    "move": "打车 车费 油费 拼车 路费",
    "rent": "房租 3月房租 押金 水电 租金",
    "wage": "工资 2月工资 奖金 绩效 劳务费",
    "kin": "生活费 给妈 零花钱 家用 学费",
    "gift": "恭喜发财 新婚快乐 生日快乐 一点心意 随礼",
    "goods": "货款 尾款 定金 订单 配件 批发 U盘10个 打样费",
    "fee": "会费 物业费 班费 报名费 年费",
    "air": "话费 流量 充值 点卡 游戏币",
    "loan": "还款 借款 还钱 利息 周转",
    "give": "随喜 功德 捐款 爱心 善款",
    "trip": "机票 车票 团费 酒店 签证",
    "farm": "谷子 茶叶 生猪 收购款 化肥",
    "bland": "还款 货款 生活费 往来 周转 借款 谢谢",
    "coin": "U 出u 泰达 币款 usdt",
    "old": "二手手机 金条 回收 纪念币 显卡",
    "till": "日结 营业款 归集 提现",
    "refund": "退款 退回 多付退回 转错",
}
EN = {
    "food": "lunch|food|groceries|tea|matcha|dinner share|market",
    "move": "fare|taxi|fuel|ride|bus",
    "rent": "rent|March rent|deposit|house|water and light",
    "wage": "salary|wages|bonus|advance|casual",
    "kin": "upkeep|for mum|school fees|pocket money|home",
    "gift": "happy birthday|congrats|wedding|blessings",
    "goods": "stock|balance|deposit goods|invoice|USB sticks|spare parts|order",
    "fee": "dues|fees|committee|PTA",
    "air": "airtime|data|bundle|top up|game coins",
    "loan": "loan|repay|instalment|interest|lend",
    "give": "offering|tithe|donation|zakat|harambee",
    "trip": "ticket|tour|hotel|visa",
    "farm": "maize|coffee|rice|copra",
    "bland": "thanks|ok|payment|goods|family|settlement|balance",
    "coin": "usdt|for U|coin|tether|p2p",
    "old": "phone|laptop|gold ring|used tv|commemorative coin",
    "till": "float|settlement|banking|sweep",
    "refund": "refund|reversal|wrong number|overpaid",
}
LOCAL = {
    "sw": {
        "food": "chakula|nyama|mboga",
        "move": "nauli|boda",
        "rent": "kodi",
        "kin": "nyumbani|karo",
        "give": "sadaka|mchango",
        "fee": "chama|merry",
        "bland": "asante|malipo",
    },
    "tl": {
        "food": "ulam|baon|meryenda",
        "move": "pamasahe",
        "rent": "upa",
        "kin": "padala|pang-tuition",
        "fee": "paluwagan|ambag",
        "bland": "bayad|salamat",
        "air": "load",
    },
    "id": {
        "food": "makan|kopi|jajan",
        "move": "ojek|bensin",
        "rent": "kos|kontrakan",
        "kin": "kiriman|jajan adik",
        "fee": "arisan|iuran",
        "bland": "bayar|titip",
        "air": "pulsa",
    },
    "vi": {
        "food": "an trua|ca phe",
        "move": "tien xe",
        "rent": "tien nha",
        "kin": "gui me",
        "fee": "hui|quy lop",
        "bland": "chuyen tien|ck",
        "loan": "tra no",
    },
    "bn": {
        "food": "bazar|cha|nasta",
        "move": "bhara",
        "rent": "bari bhara",
        "kin": "ghar khorcha|ammi",
        "fee": "samity|committee|chit",
        "give": "zakat|chanda",
        "bland": "taka|hisab",
    },
    "fr": {
        "food": "repas|marche",
        "move": "taxi",
        "rent": "loyer",
        "kin": "famille",
        "fee": "tontine|cotisation",
        "bland": "merci|paiement",
        "loan": "pret",
    },
}
PROFILE = {  # weight of each local hour
    "shop": "000000136675676678998632",
    "meal": "000001592138943238963210",
    "office": "000000015899478987421000",
    "eve": "100000012233333334679984",
    "long": "421000001356667777789987",
    "night": "864310000000000000013579",
    "early": "000139963211000000000000",
    "flat": "321111123456666666777654",
    "noon": "000000000148997532100000",
}
Fn = Callable[..., None]
HONEST: dict[str, Fn] = {}
GUILTY: dict[str, tuple[int, Fn]] = {}


def honest(fn: Fn) -> Fn:
    """Register an honest design under its own name."""
    HONEST[fn.__name__] = fn
    return fn


def guilty(least: int) -> Callable[[Fn], Fn]:
    """Register a guilty design that needs at least `least` accounts."""

    def put(fn: Fn) -> Fn:
        GUILTY[fn.__name__] = (least, fn)
        return fn

    return put


class World:
    """State of one world: accounts, balances, prices, the event queue and the ledger."""

    def __init__(self, seed: int, n: int, days: int, share: float, code: str) -> None:
        self.r, self.g = random.Random(seed), np.random.default_rng(seed)
        r = self.r
        self.n, self.days, self.share, self.code = n, days, share, code
        digits, per, small, self.tz, self.lang = CURRENCY.get(code, CURRENCY["USD"])
        self.wealth = 1.0 if code in ("CNY", "USD", "EUR") else r.uniform(0.4, 0.9)
        self.unit, self.small = per * 10**digits, max(1, round(small * 10**digits))
        self.minor = 10**digits
        self.start = datetime(2026, 1, 5, tzinfo=UTC) + timedelta(days=r.randrange(0, 120))
        self.t0 = int(self.start.timestamp() * 1000)
        self.end = days * DAY
        self.now = 0
        self.heap: list[tuple[int, int, Fn, tuple]] = []
        self.count = 0
        self.name: list[str] = []
        self.role: list[str] = []
        self.guilt: list[int] = []
        self.group: list[str] = []
        self.bal: list[int] = []
        self.purse: dict[int, int] = {}  # an ordinary person's savings at a bank, not yet in the wallet
        self.lives: list[tuple[int, float]] = []
        self.tx: list[list] = [[], [], [], [], [], []]
        self.cum = {k: list(np.cumsum([int(c) + 0.02 for c in v])) for k, v in PROFILE.items()}
        if self.lang == "zh":
            self.words = {k: v.split() for k, v in ZH.items()}
        else:
            local = LOCAL.get(self.lang, {})
            self.words = {k: v.split("|") + 2 * local.get(k, "").split("|") if k in local else v.split("|")
                    for k, v in EN.items()}
        self.memo_p = r.uniform(0.12, 0.55)
        self.null_p = r.choice([0.0, 0.0, 0.03, 0.15])
        self.agent_ch = r.choice(["agent", "cash", "transfer", None])
        self.agency = r.uniform(0.2, 0.5) if code == "CNY" else r.uniform(0.8, 1.6)
        self.limit = self.y(r.choice([5000, 10000, 20000, 50000]))
        self.weekend = r.uniform(0.75, 1.35)
        self.payday = r.choice([5, 10, 15, 25, 28])
        self.style, self.taken = r.randrange(4), set()
        hours = days * 24 + 1
        walk = lambda sd, back: np.exp(np.array(_ou(self.g, hours, sd, back)))  # noqa: E731
        usd = per * 7.1 * (1 + r.uniform(-0.01, 0.06))
        self.price = {"USDT": usd * walk(0.0006, 0.02), "BTC": usd * 1e5 * r.uniform(0.6, 1.3) * walk(0.004,
                0), "ETH": usd * 3000 * r.uniform(0.6, 1.4) * walk(0.006, 0)}

    # -- money and words
    def y(self, yuan: float) -> int:
        """Yuan-equivalent to minor units, in the smallest unit people use here."""
        return max(self.small, round(yuan * self.unit / self.small) * self.small)

    def nice(self, amt: float, sig: int = 2) -> int:
        """Round like people do, to `sig` significant digits."""
        if amt < self.small:
            return self.small
        step = 10 ** max(0, math.floor(math.log10(max(amt, 1))) - sig + 1)
        return max(self.small, round(amt / step) * step // self.small * self.small)

    def ln(self, mid: float, sd: float, sig: int = 0) -> int:
        """Log-normal amount around `mid` yuan, rounded to `sig` digits when given."""
        v = mid * self.wealth * math.exp(self.r.gauss(0, sd))
        return self.nice(v * self.unit, sig) if sig else self.y(v)

    def px(self) -> float:
        """Price of one USDT now, in minor units."""
        return float(self.price["USDT"][min(self.now // HOUR, self.days * 24)]) * self.minor

    def word(self, topic: str | None, p: float | None = None) -> str | None:
        """A memo on a topic; '#' asks for order digits, '=...' is literal."""
        if not topic or self.r.random() > (self.memo_p if p is None else p):
            return None
        if topic == "#":
            return str(self.r.randrange(1000, 99999))
        return topic[1:] if topic[0] == "=" else self.r.choice(self.words[topic])

    # -- accounts
    def acct(self, role: str, yuan: float, g: int = 0, group: str = "", life: float = 0.0) -> int:
        """New account with an opening balance; life > 0 gives it an ordinary life of that intensity."""
        r = self.r
        while True:
            v = r.randrange(10**10)
            s = (f"{v:010d}", f"w{v % 16**8:08x}", f"{r.choice((7, 9, 1))}{v:010d}",
                    f"AC-{v:010d}")[self.style]
            if s not in self.taken:
                break
        self.taken.add(s)
        self.name.append(s)
        self.role.append(role)
        self.guilt.append(g)
        self.group.append(group)
        self.bal.append(self.y(yuan * (self.wealth if yuan < 1e6 else 1)))
        if life:
            self.lives.append((len(self.name) - 1, life))
        return len(self.name) - 1

    def stranger(self) -> int:
        """Anybody: mostly an ordinary person, sometimes an account of another institution."""
        return self.r.choice(self.people if self.r.random() < 0.7 else self.outside)

    def locals(self, k: float) -> list[int]:
        """A set of regular counterparties, drawn as a neighbourhood with some scatter."""
        k = max(2, min(int(k), len(self.people) // 3))
        s = self.r.randrange(len(self.people))
        near = [self.people[(s + i) % len(self.people)] for i in range(2 * k)]
        return self.r.sample(near, k)

    # -- time
    def at(self, t: float, fn: Fn, *args: object) -> None:
        """Call fn(*args) at time t (ms from the start)."""
        if 0 <= t < self.end:
            self.count += 1
            heapq.heappush(self.heap, (int(t), self.count, fn, args))

    def soon(self, lo: float, hi: float, fn: Fn, *args: object) -> None:
        """Call fn after lo..hi minutes (skewed to the short side)."""
        self.at(self.now + (lo + (hi - lo) * self.r.random() ** 1.7) * MIN, fn, *args)

    def clock(self, day: int, hour: float) -> float:
        """Time (ms) of a local hour on a local day; may lie outside the world and is then dropped."""
        return day * DAY + (hour - self.tz) * HOUR

    def dates(self, lo: int = -1, hi: int = 10**6) -> range:
        """Local days that overlap the world, from lo to hi."""
        return range(max(lo, 0 if self.tz >= 0 else -1), min(hi, self.days + (self.tz > 0)))

    def when(self, day: int, prof: str) -> float:
        """Random time on a day from a profile of hours."""
        h = self.r.choices(range(24), cum_weights=self.cum[prof])[0]
        return self.clock(day, h + self.r.random())

    def dow(self, day: int) -> int:
        """Weekday of a day of the world, Monday is 0."""
        return (self.start + timedelta(days=day)).weekday()

    def daily(self, lo: float, hi: float, fn: Fn, *args: object, p: float = 1.0, off: tuple = ()) -> None:
        """Call fn on each day with probability p between two local hours, never on weekdays in `off`."""
        for d in self.dates():
            if self.r.random() < p and self.dow(d) not in off:
                self.at(self.clock(d, self.r.uniform(lo, hi)), fn, *args)

    def arrive(self, rate: float, prof: str, fn: Fn, *args: object, lo: int = -1, hi: int = 10**6, off:
            tuple = ()) -> None:
        """Poisson arrivals: `rate` a day with busy and slack days, from day lo to day hi."""
        for d in self.dates(lo, hi):
            if self.dow(d) in off:
                continue
            m = rate * self.r.gammavariate(8, 1 / 8) * (self.weekend if self.dow(d) > 4 else 1)
            for _ in range(int(self.g.poisson(m))):
                self.at(self.when(d, prof), fn, *args)

    # -- payments
    def rec(self, a: int, b: int, amt: int, ch: str | None, memo: str | None) -> None:
        """Write one payment and move the money."""
        self.bal[a] -= amt
        self.bal[b] += amt
        if self.null_p and self.r.random() < self.null_p:
            ch = None
        if ch == "red_packet" and self.code != "CNY":
            ch = "transfer"
        for col, v in zip(self.tx, (self.now, a, b, amt, ch, memo), strict=True):
            col.append(v)

    def pay(self, a: int, b: int, amt: float, ch: str | None = "transfer", topic: str | None = None, short:
            str = "drop", then: Fn | None = None, p: float | None = None, tries: int = 0) -> int:
        """Pay now if there is money; a person may top up first, others drop, shrink or wait."""
        amt = int(amt)
        if a == b or amt <= 0:
            return 0
        if amt > self.bal[a]:
            if tries < 3 and self.purse.get(a, 0) >= amt and self.r.random() < 0.85:
                need = self.nice((amt - self.bal[a]) * self.r.uniform(1.1, 3) + self.y(50), 1)
                while need < amt - self.bal[a]:
                    need *= 2
                self.purse[a] -= need
                ag = self.r.choice(self.agents)
                if self.r.random() < 0.4 * self.agency and self.bal[ag] > need:
                    self.rec(ag, a, need, self.agent_ch, None)
                else:
                    self.rec(self.r.choice(self.banks), a, need, self.r.choice(["card", "transfer"]), None)
                self.at(self.now + self.r.randrange(9000, 240000), self.pay, a, b, amt, ch, topic, short,
                        then, p, 3)
                return 0
            if short == "shrink":
                amt = self.nice(self.bal[a] * self.r.uniform(0.6, 0.97), 2)
                if amt > self.bal[a] or amt < self.y(20):
                    return 0
            else:
                if short == "wait" and tries < 4:
                    self.at(self.now + self.r.uniform(0.4, 6) * HOUR, self.pay, a, b, amt, ch, topic, short,
                            then, p, tries + 1)
                return 0
        self.rec(a, b, amt, ch, self.word(topic, p))
        if then:
            then(b, amt, a)
        return amt

    def big(self, a: int, b: int, amt: float, topic: str | None = None, gap: tuple = (0.5, 9)) -> None:
        """A large payment, cut at the wallet's limit into pieces minutes apart."""
        left, t, lim = int(amt), 0.0, self.limit
        for _ in range(40):
            part = min(left, lim)
            if part <= 0:
                return
            self.at(self.now + t * MIN + 1, self.pay, a, b, part, "transfer", topic, "wait")
            left -= part
            t += self.r.uniform(*gap)

    def sweep(self, a: int, b: int, keep: float = 0.0, sig: int = 0, topic: str | None = "till") -> None:
        """Send everything above `keep` yuan, perhaps rounded down-ish."""
        amt = self.bal[a] - self.y(keep) if keep else self.bal[a]
        if sig and amt > 0:
            amt = min(self.nice(amt, sig), self.bal[a])
        if amt > self.y(15):
            self.big(a, b, amt, topic)

    def stall(self, a: int, rate: float, prof: str, price: Callable[[], int], topic: str, reg: float = 40,
            p_reg: float = 0.6, ch: str = "scan", **kw: object) -> None:
        """Customers, regular or passing, who pay `a` for something."""
        regs = self.locals(reg)

        def sale() -> None:
            c = self.r.choice(regs) if self.r.random() < p_reg else self.stranger()
            self.pay(c, a, price(), ch if self.r.random() < 0.93 else "transfer", topic)

        self.arrive(rate, prof, sale, **kw)

    def run(self, life: list[tuple]) -> None:
        """Merge the planned life of people with the events of the designs."""
        i, n, heap = 0, len(life), self.heap
        while i < n or heap:
            if heap and (i >= n or heap[0][0] <= life[i][0]):
                self.now, _, fn, args = heapq.heappop(heap)
                fn(*args)
            else:
                self.now, a, b, amt, ch, topic = life[i]
                self.pay(a, b, amt, ch, topic)
                i += 1


def _ou(g: np.random.Generator, n: int, sd: float, back: float) -> list[float]:
    x, out = 0.0, []
    for e in g.normal(0, sd, n):
        x += e - back * x
        out.append(x)
    return out


# ---------------------------------------------------------------- the common world
def found(w: World) -> None:
    """Institutions, agents, shops, people, and accounts of other institutions."""
    r, n = w.r, w.n
    w.banks = [w.acct("bank", 1e10) for _ in range(r.randint(2, 4))]
    w.exchanges = [w.acct("exchange", 1e9) for _ in range(r.randint(2, 7))]
    w.billers = [w.acct("biller", 1e7) for _ in range(3)]
    w.platforms = [w.acct("marketplace", 1e8) for _ in range(r.randint(2, 3))]
    w.bosses = [w.acct("employer", 3e7) for _ in range(max(4, n // 150))]
    w.supers = [w.acct("super_agent", 3e6) for _ in range(max(1, n // 900))]
    w.agents = [w.acct("mm_agent", r.uniform(6000, 40000)) for _ in range(max(4, int(n * 0.012)))]
    w.shops = [w.acct("shop", r.uniform(300, 6000)) for _ in range(max(12, int(n * 0.03)))]
    w.depots = [w.acct("wholesaler", r.uniform(2e4, 2e5)) for _ in range(max(3, n // 300))]
    w.outside = [w.acct("outside", r.uniform(2e4, 3e5)) for _ in range(int(n * r.uniform(0.08, 0.13)))]
    left = n - len(w.name)
    w.g_budget = max(1, round(n * w.share))
    w.h_budget = max(45, int(n * 0.14))
    k = max(60, int(n * 0.62), left - w.g_budget - w.h_budget)
    w.people = [w.acct("ordinary", r.lognormvariate(7.2, 0.9), life=r.uniform(0.5, 1.6)) for _ in range(k)]
    coin = r.sample(w.people, max(6, int(k * r.uniform(0.05, 0.12))))
    cut = max(3, int(len(coin) * r.uniform(0.3, 0.6)))
    w.ex_users, w.otc_users = coin[:cut], coin[cut:]
    w.players = r.sample(w.people, max(5, int(k * r.uniform(0.03, 0.08))))
    far = r.sample(w.outside, max(5, len(w.outside) // 2))
    w.otc_far, w.play_far = far, r.sample(w.outside, max(5, len(w.outside) // 3))
    for a in w.agents:
        agent_float(w, a)
    for s in w.shops:
        to = r.choice(w.banks) if r.random() < 0.6 else w.r.choice(w.people)
        if r.random() < 0.5:
            w.daily(20.5, 23.9, w.sweep, s, to, r.choice([0, 0, 100, 300]), r.choice([0, 0, 2]),
                    p=r.uniform(0.3, 1))
        w.daily(7, 17, lambda s=s: w.pay(s, r.choice(w.depots), w.ln(700, 0.7, 2), "transfer", "goods"),
                p=r.uniform(0.15, 0.6))
    for d in w.depots:
        w.daily(16, 22, w.sweep, d, r.choice(w.banks), 5000, 2, "goods", p=0.5)
    for a in w.ex_users:  # own money in and out of an exchange, nobody else involved
        ex, size = r.choice(w.exchanges), r.lognormvariate(5.8, 0.9)
        w.arrive(r.choice([0.07, 0.15, 0.4, 1.2, 4.0]), "eve", lambda a=a, ex=ex, s=size: (w.pay(a, ex,
                w.ln(s, 0.4, r.choice([0, 1, 2])), "transfer", None, "shrink") if r.random() < 0.62 else
                w.pay(ex, a, w.ln(s, 0.6), "transfer")))
    wages(w)


def agent_float(w: World, a: int) -> None:
    """Honest agent: walk-in cash business (in `lives` too) and float bought from or sold to a super-agent."""
    r, sup = w.r, w.r.choice(w.supers)
    low, high, lot = (w.y(r.uniform(800, 4000)), w.y(r.uniform(15000, 60000)), w.y(r.choice([2000, 5000,
            10000])))
    regs = w.locals(r.randint(20, 90))

    def walk_in() -> None:
        c = r.choice(regs) if r.random() < 0.7 else w.stranger()
        amt = w.nice(w.ln(r.choice([60, 120, 250, 600]), 0.6, 1), 2)
        if r.random() < 0.5:
            w.pay(c, a, amt, w.agent_ch)
        else:
            w.pay(a, c, amt, w.agent_ch)

    def rebalance() -> None:
        if w.bal[a] < low:
            w.pay(sup, a, lot * r.randint(1, 3), "transfer", "till")
        elif w.bal[a] > high:
            w.pay(a, sup, w.nice((w.bal[a] - high) + high * r.uniform(0.2, 0.6), 1), "transfer", "till",
                    "shrink")

    w.arrive(r.uniform(3, 14) * w.agency, "shop", walk_in)
    for lo, hi in ((7, 9), (11, 14), (16, 18), (19, 22)):
        w.daily(lo, hi, rebalance, p=0.9)


def wages(w: World) -> None:
    """Salaries monthly, weekly or daily; the rest earn by gigs, family or cash."""
    r = w.r
    for a in w.people:
        month = r.lognormvariate(8.35, 0.5) * w.wealth
        w.purse[a] = w.y(month * r.uniform(0.3, 2.5) * max(1.0, w.days / 20))
        kind, boss = r.random(), r.choice(w.bosses)
        if kind < 0.45:
            pd = min(28, max(1, w.payday + r.choice([0, 0, 0, -1, 1, 5])))
            for d in w.dates():
                if (w.start + timedelta(days=d)).day == pd:
                    w.at(w.clock(d, r.choice([9, 10, 14, 17]) + r.random() * 0.4), w.pay, boss, a,
                            w.y(month), "transfer", "wage")
        elif kind < 0.62:
            wd = r.choice([4, 5])
            w.daily(16, 19, lambda a=a, m=month, b=boss: w.pay(b, a, w.nice(w.y(m / 4.3 * r.uniform(0.8,
                    1.2)), 2), "transfer", "wage"), off=tuple(x for x in range(7) if x != wd))
        elif kind < 0.8:
            w.daily(17, 21, lambda a=a, m=month, b=boss: w.pay(b, a, w.nice(w.y(m / 24 * r.uniform(0.7,
                    1.4)), 2), "transfer", "wage"), p=0.7)
        else:
            src = r.choice(w.outside + w.people)
            w.daily(8, 22, lambda a=a, m=month, s=src: w.pay(s, a, w.nice(w.y(m / 5), 1), "transfer",
                    "kin"), p=0.12)


def plan_life(w: World) -> list[tuple]:
    """Everyday payments of everybody who lives: shops, rides, friends, family, bills, airtime, cash, kids."""
    r, g, out = w.r, w.g, []
    peop, npe = w.people, len(w.people)
    kinds = ["food", "move", "friend", "kin", "market", "bill", "air", "cashout", "cashin", "rent", "packet"]
    base = np.array([40, 9, 13, 3.5, 8, 2.5, 6, 4 * w.agency, 3 * w.agency, 0.7, 2.0])
    hours = {k: np.array([int(c) + 0.02 for c in v]) for k, v in PROFILE.items()}
    zh = w.code == "CNY"
    for a, vigour in w.lives:
        mix = base * g.gamma(2.0, 0.5, len(base))
        if not zh:
            mix[-1] = 0
        n = int(g.poisson(2.0 * vigour * w.days))
        if not n:
            continue
        ks = g.choice(len(kinds), n, p=mix / mix.sum())
        prof = r.choice(["shop", "shop", "meal", "eve", "flat", "long"])
        pr = hours[prof] / hours[prof].sum()
        ts = (g.integers(0, w.days, n) * DAY + ((g.choice(24, n, p=pr) - w.tz) % 24) * HOUR + g.integers(0,
                HOUR, n)).tolist()
        z = np.exp(g.normal(0, 1, n)).tolist()
        i0 = r.randrange(npe)
        pals = [peop[(i0 + r.randrange(-30, 31)) % npe] for _ in range(r.randint(3, 10))]
        kin = r.sample(peop, r.randint(1, 3)) + [r.choice(w.outside)]
        shops, ag = r.choices(w.shops, k=r.randint(3, 8)), r.choices(w.agents, k=2)
        lord, rich = r.choice(peop), r.uniform(0.6, 1.7)
        for t, k, e in zip(ts, ks.tolist(), z, strict=True):
            kind, v = kinds[k], rich * w.wealth
            if kind == "food":
                row = (t, a, r.choice(shops), w.y(16 * v * e**0.7), "scan", "food")
            elif kind == "move":
                row = (t, a, r.choice(pals if r.random() < 0.3 else w.shops), w.y(9 * v * e**0.6), "scan",
                        "move")
            elif kind == "friend":
                b = r.choice(pals)
                x, c = (a, b) if r.random() < 0.55 else (b, a)
                row = (t, x, c, w.nice(w.y(60 * v * e), 2), "transfer", r.choice(["food", "loan", "gift",
                        "move", "bland"]))
            elif kind == "kin":
                row = (t, a, r.choice(kin), w.nice(w.y(300 * v * e**0.8), 1), "transfer", "kin")
            elif kind == "market":
                row = (t, a, r.choice(w.platforms), w.y(70 * v * e), r.choice(["card", "scan", "bill"]),
                        "goods")
            elif kind == "bill":
                row = (t, a, r.choice(w.billers), w.y(90 * v * e**0.6), "bill", None)
            elif kind == "air":
                row = (t, a, r.choice(w.billers), w.nice(w.y(r.choice([5, 10, 20, 30, 50, 100]) * w.wealth),
                        1), "bill", "air")
            elif kind == "cashout":
                row = (t, a, r.choice(ag), w.nice(w.y(250 * v * e**0.8), 1), w.agent_ch, None)
            elif kind == "cashin":
                row = (t, r.choice(ag), a, w.nice(w.y(220 * v * e**0.8), 1), w.agent_ch, None)
            elif kind == "rent":
                row = (t, a, lord, w.nice(w.y(900 * v * e**0.4), 2), "transfer", "rent")
            else:
                row = (t, a, r.choice(pals + kin), r.choice([w.y(x) for x in (1, 5, 6.6, 8.88, 20, 52, 66,
                        88, 200)]), "red_packet", "gift")
            out.append(row)
    out.sort(key=lambda x: x[0])
    return out


# ---------------------------------------------------------------- honest designs
@honest
def few_price(w: World) -> None:
    """Breakfast bar, net cafe, parking: two to five prices, scan only, swept whole to the owner at night."""
    r, a, own = w.r, w.acct("few_price", 500), r_owner(w, "few_price")
    pr = [w.nice(w.y(r.choice([3, 5, 6, 8, 10, 12, 15, 20, 30, 50, 100]) * w.wealth), 1) for _ in
            range(r.randint(2, 5))]
    w.stall(a, r.uniform(12, 60), r.choice(["meal", "early", "shop", "night"]), lambda: r.choice(pr), "food")
    w.daily(21, 24, w.sweep, a, own, r.choice([0, 50]))


def r_owner(w: World, role: str) -> int:
    """An owner's private wallet with a normal life."""
    return w.acct(role, w.r.uniform(500, 20000), life=w.r.uniform(0.5, 1.5))


@honest
def late_clinic(w: World) -> None:
    """Karaoke bar, pharmacy, snack street: half the money after midnight, odd amounts, banked at noon."""
    r, a = w.r, w.acct("late_clinic", 2000)
    mid = r.choice([40, 150, 400])
    w.stall(a, r.uniform(5, 25), "night", lambda: w.ln(mid, 0.7), "food", p_reg=r.uniform(0.1, 0.5))
    w.daily(11, 14, w.sweep, a, r.choice(w.banks), 300, 2)


@honest
def airtime_reseller(w: World) -> None:
    """Sells airtime from a distributor's float: few denominations, restocks in round lots many times a
    day."""
    r, a, up = w.r, w.acct("airtime_reseller", r_u(w, 500, 4000), life=0.4), w.r.choice(w.billers)
    den = [w.nice(w.y(x * w.wealth), 1) for x in (5, 10, 20, 30, 50, 100, 200)]
    w.stall(a, r.uniform(12, 45), "long", lambda: r.choice(den), "air", 80, 0.8, "transfer")
    lot = w.nice(w.y(r.choice([300, 800, 2000])), 1)
    for h in range(8, 23, r.choice([1, 3, 6])):
        w.daily(h, h + 1, lambda: w.bal[a] > lot and w.pay(a, up, w.bal[a] // lot * lot, "bill", "air"))


def r_u(w: World, lo: float, hi: float) -> float:
    """Uniform draw."""
    return w.r.uniform(lo, hi)


@honest
def topup_reseller(w: World) -> None:
    """Game items and gift cards: each order is bought from a platform within minutes, at 88 to 97 percent."""
    r, a, up, m = (w.r, w.acct("topup_reseller", r_u(w, 2000, 15000), life=0.7), w.r.choice(w.platforms),
            w.r.uniform(0.88, 0.97))
    den = [w.y(x * w.wealth) for x in r.choice([(6, 30, 68, 128, 328, 648), (50, 100, 200, 500), (25, 75,
            180, 360)])]
    regs = w.locals(50)

    def order() -> None:
        d, c = r.choice(den) * r.choice([1, 1, 1, 2, 3]), r.choice(regs) if r.random() < 0.5 else w.stranger()
        w.pay(c, a, d, r.choice(["scan", "transfer"]), "air", then=lambda b, amt, c: w.soon(1, 25, w.pay, a,
                up, amt * m // w.small * w.small, "card", None, "wait"))

    w.arrive(r.uniform(6, 35), "eve", order)


@honest
def savings_circle(w: World) -> None:
    """Chama, hui, arisan, paluwagan: one amount from all members within hours, the whole pot to one
    member."""
    r, a, regs = w.r, r_owner(w, "savings_circle"), w.locals(w.r.randint(8, 30))
    due, wd, turn = w.nice(w.ln(r.choice([50, 200, 600]), 0.4, 1), 1), r.randrange(7), r.randrange(99)
    many, hour = r.random() < 0.3, r.choice([8, 13, 18, 19])
    for d in w.dates():
        if not many and w.dow(d) != wd:
            continue
        for m in regs:
            w.at(w.clock(d, hour) + r.expovariate(1 / 0.7) % 20 * HOUR, w.pay, m, a, due, "transfer", "fee",
                    "wait")
        w.at(w.clock(d, hour) + r.uniform(3, 5) * HOUR, lambda m=regs[(turn + d) % len(regs)]: w.pay(a, m,
                min(w.bal[a], due * len(regs)) // w.small * w.small, "transfer", "fee"))


@honest
def village_bank(w: World) -> None:
    """Savings-and-loan group: shares in, loans out to members, repayments with interest, a box at the
    agent."""
    r, a, regs = w.r, w.acct("village_bank", r_u(w, 3000, 30000)), w.locals(w.r.randint(15, 45))
    share, wd = w.nice(w.y(r.choice([10, 20, 50])), 1), w.r.randrange(7)
    off = tuple(x for x in range(7) if x != wd)
    for m in regs:
        w.daily(9, 13, lambda m=m: w.pay(m, a, share * r.randint(1, 5), "transfer", "fee"), off=off, p=0.9)
        w.daily(8, 19, lambda m=m: w.pay(m, a, w.nice(w.ln(160, 0.5), 2) * 11 // 10, "transfer", "loan"),
                p=0.03)
    w.arrive(1.2, "noon", lambda: w.pay(a, r.choice(regs), w.ln(700, 0.7, 1), "transfer", "loan"))


@honest
def sub_agent(w: World) -> None:
    """Bus-ticket, lottery or insurance sub-agent: collects and settles upward the same hour less
    commission."""
    r, a, up, cut = (w.r, w.acct("sub_agent", 800, life=0.5), w.r.choice(w.platforms + w.billers),
            w.r.uniform(0.01, 0.08))
    due = [0]

    def settle() -> None:
        amt, due[0] = min(due[0] * (1 - cut), w.bal[a]) // w.small * w.small, 0
        w.pay(a, up, amt, "transfer", "till")

    def note(b: int, amt: int, c: int) -> None:
        if not due[0]:
            w.soon(5, 60, settle)
        due[0] += amt

    regs, mid = w.locals(60), r.choice([25, 90, 260])
    w.arrive(r.uniform(8, 40), "shop", lambda: w.pay(r.choice(regs) if r.random() < 0.5 else w.stranger(),
            a, w.ln(mid, 0.8, 2), "scan", "trip", then=note))


@honest
def cod_rider(w: World) -> None:
    """Delivery rider who collects on delivery and hands the exact total to the hub at night, tips apart."""
    r, a, hub = w.r, r_owner(w, "cod_rider"), w.r.choice(w.platforms)
    got = [0]

    def note(b: int, amt: int, c: int) -> None:
        got[0] += amt

    def hand() -> None:
        if w.pay(a, hub, min(got[0], w.bal[a]), "transfer", "till"):
            got[0] = 0

    w.arrive(r.uniform(8, 28), "shop", lambda: w.pay(w.stranger(), a, w.ln(75, 0.9), r.choice(["scan",
            "transfer"]), "goods", then=note), off=(r.randrange(7),))
    w.daily(19, 22.5, hand)


@honest
def gang_master(w: World) -> None:
    """Labour contractor: one lump from the site, then everyone paid within the hour, every week or daily."""
    r, a, boss = w.r, r_owner(w, "gang_master"), w.r.choice(w.bosses)
    crew, wd, wage = w.locals(r.randint(8, 40)), r.choice([None, 5, 6]), r_u(w, 90, 260)

    def payout() -> None:
        rate = wage * (1 if wd is None else r.choice([4, 5, 6]))
        pays = [w.nice(w.y(rate * w.wealth * r.choice([1, 1, 1, 0.5, 1.2])), 2) for _ in crew]
        w.pay(boss, a, w.nice(sum(pays) * 1.08, 3), "transfer", "wage")
        for m, x in zip(crew, pays, strict=True):
            w.soon(5, 90, w.pay, a, m, x, "transfer", "wage", "wait")

    w.daily(16, 19, payout, off=() if wd is None else tuple(x for x in range(7) if x != wd))


@honest
def rent_collector(w: World) -> None:
    """Caretaker who gathers rents and light money of tenants and passes on to owners, less a fee."""
    r, a, own = w.r, r_owner(w, "rent_collector"), w.r.choice(w.people)
    for m in w.locals(r.randint(8, 40)):
        x, k = w.ln(500, 0.4, 2), r.choice([w.days, 30, 7])
        w.at(r.uniform(0, max(k, 1)) * DAY, w.pay, m, a, x, "transfer", "rent", "wait")
    w.daily(9, 20, lambda: w.bal[a] > w.y(3000) and w.pay(a, own, w.nice(w.bal[a] * 0.85, 2), "transfer",
            "rent"), p=0.6)


@honest
def purchasing_agent(w: World) -> None:
    """Buys abroad or in the county town for others: deposits, balances, suppliers' odd totals, refunds."""
    r, a = w.r, w.acct("purchasing_agent", r_u(w, 3000, 40000), life=1.0)
    sup, regs = r.sample(w.depots, min(3, len(w.depots))) + [r.choice(w.outside)], w.locals(45)

    def order() -> None:
        c, x = (r.choice(regs) if r.random() < 0.75 else w.stranger()), w.ln(r.choice([90, 350, 1200]), 0.8)
        if r.random() < 0.3:
            w.pay(c, a, w.nice(x * 0.3, 1), "transfer", "goods")
            x = w.y(x * 0.7 / w.unit)
        w.soon(2, 600, w.pay, c, a, x, r.choice(["transfer", "scan"]), "goods")
        if r.random() < 0.06:
            w.soon(700, 4000, w.pay, a, c, x, "transfer", "refund")

    w.arrive(r.uniform(3, 18), "eve", order)
    w.daily(9, 20, lambda: (w.bal[a] > w.y(2500) and w.pay(a, r.choice(sup), w.y(w.bal[a] / w.unit *
            r.uniform(0.3, 0.9)), "transfer", "goods")), p=0.8)


@honest
def group_buy(w: World) -> None:
    """Head of a neighbourhood group buy: one price from dozens in an evening, then the farm is paid."""
    r, a, farm = w.r, r_owner(w, "group_buy"), w.r.choice(w.depots)
    regs = w.locals(r.randint(20, 90))

    def deal() -> None:
        x = w.y(r.choice([9.9, 19.9, 29.9, 35, 58, 88]) * w.wealth)
        for m in r.sample(regs, r.randint(len(regs) // 3, len(regs))):
            w.soon(1, 240, w.pay, m, a, x * r.choice([1, 1, 1, 2]), r.choice(["scan", "transfer",
                    "red_packet"]), "food")
        w.soon(260, 700, lambda: w.pay(a, farm, w.y(w.bal[a] / w.unit * 0.88), "transfer", "farm"))

    w.daily(17, 20, deal, p=r.uniform(0.15, 0.8))


@honest
def dues_collector(w: World) -> None:
    """Class parent, estate office, union: one amount from everybody over days, spent or banked late."""
    r, a = w.r, r_owner(w, "dues_collector")
    x, d0 = w.nice(w.ln(r.choice([30, 120, 500]), 0.4, 1), 2), r.randrange(max(1, w.days))
    for m in w.locals(r.randint(25, 90)):
        w.at(w.when(min(w.days - 1, d0 + int(r.expovariate(0.6))), "eve"), w.pay, m, a, x, "transfer",
                "fee", "wait")
    w.daily(10, 20, w.sweep, a, r.choice(w.billers + w.shops + w.banks), 200, 2, "fee", p=0.15)


@honest
def phone_trader(w: World) -> None:
    """Second-hand phones: pays strangers and is paid by strangers all day; the mirror of a coin advertiser,
    but slower, with margins of 5 to 25 percent, talkative memos, repairs and parts."""
    r, a, parts = w.r, w.acct("phone_trader", r_u(w, 8000, 60000), life=1.0), w.r.choice(w.depots)

    def trade() -> None:
        x = w.ln(900, 0.7, 2)
        if r.random() < 0.48:
            w.pay(a, w.stranger(), x, "transfer", "old", p=0.5)
        else:
            w.pay(w.stranger(), a, w.nice(x * r.uniform(1.05, 1.25), 2), r.choice(["scan", "transfer"]),
                    "old", p=0.5)

    w.arrive(r.uniform(3, 16), "long", trade)
    w.stall(a, r.uniform(1, 8), "shop", lambda: w.ln(60, 0.6, 1), "goods")
    w.daily(9, 18, lambda: w.pay(a, parts, w.ln(600, 0.6), "transfer", "goods"), p=0.4)


@honest
def gold_counter(w: World) -> None:
    """Gold buyer and seller: amount = grams x price x a constant spread, refinery settled daily."""
    r, a, ref = w.r, w.acct("gold_counter", r_u(w, 3e4, 2e5)), w.r.choice(w.depots)
    gram, sp = w.y(r.uniform(600, 1000)), r.uniform(0.01, 0.05)

    def trade() -> None:
        q = r.choice([1, 2, 3, 5, 10, round(r.lognormvariate(1.2, 0.7), 2)])
        px = gram * (1 + 0.01 * math.sin(w.now / DAY))
        if r.random() < 0.6:
            w.pay(w.stranger(), a, round(q * px * (1 + sp)), "scan", "old")
        else:
            w.pay(a, w.stranger(), round(q * px * (1 - sp)), "transfer", "old")

    w.arrive(r.uniform(2, 12), "shop", trade)
    w.daily(17, 20, w.sweep, a, ref, 40000, 0, "goods")
    w.daily(9, 11, lambda: w.bal[a] < w.y(15000) and w.pay(r.choice(w.banks), a, w.y(60000), "transfer"))


@honest
def fx_bureau(w: World) -> None:
    """Licensed money changer and travel-group exchange: two-sided, rate times round foreign notes, bank-
    fed."""
    r, a, bank = w.r, w.acct("fx_bureau", r_u(w, 5e4, 3e5)), w.r.choice(w.banks)
    sp = r.uniform(0.003, 0.02)

    def change() -> None:
        q = r.choice([20, 50, 100, 100, 200, 300, 500, 1000]) * w.px() * r.choice([1, 1, 1.08, 0.22])
        s = 1 if r.random() < 0.55 else -1
        c = w.stranger()
        w.pay(*((c, a) if s > 0 else (a, c)), round(q * (1 + s * sp) / w.small) * w.small, "scan", "trip")

    w.arrive(r.uniform(5, 30), "office", change)
    w.daily(17, 18, w.sweep, a, bank, 80000, 2, "till")
    w.daily(9, 10, lambda: w.bal[a] < w.y(40000) and w.pay(bank, a, w.y(80000), "transfer", "till"))


@honest
def ticket_agent(w: World) -> None:
    """Train, bus and pilgrimage tickets: rush weeks, exact fares plus a fee, carrier paid per batch."""
    r, a, up = w.r, w.acct("ticket_agent", 5000, life=0.5), w.r.choice(w.platforms)
    fares = [w.ln(140, 0.8) for _ in range(r.randint(5, 15))]
    d0 = r.randrange(max(1, w.days))
    w.stall(a, r.uniform(2, 8), "long", lambda: r.choice(fares) * r.choice([1, 1, 2, 4]), "trip", 30, 0.2,
            "transfer")
    w.stall(a, r.uniform(15, 60), "long", lambda: r.choice(fares) * r.choice([1, 2, 3]), "trip", 30, 0.2,
            "transfer", lo=d0, hi=d0 + 4)
    for h in (10, 14, 18, 22):
        w.daily(h, h + 1, lambda: w.bal[a] > w.y(900) and w.pay(a, up, w.y(w.bal[a] / w.unit * 0.94),
                "card", "trip"))


@honest
def charity_drive(w: World) -> None:
    """Hospital-bill or flood appeal: hundreds of strangers in two days, then one payment to the hospital."""
    r, a = w.r, w.acct("charity_drive", 200, life=0.4)
    d0, to = r.randrange(max(1, w.days)), r.choice(w.billers + w.banks)
    for k in range(4):
        w.stall(a, r.uniform(20, 120) / 2.2**k, "eve", lambda: w.y(r.choice([5, 10, 10, 20, 50, 50, 100,
                200, 66, 500]) * w.wealth), "give", 30, 0.2, "transfer", lo=d0 + k, hi=d0 + k + 1)
    w.daily(9, 18, w.sweep, a, to, 300, 2, "give", p=0.35)


@honest
def temple_box(w: World) -> None:
    """Temple, church or mosque box: lucky or round sums, dawn and feast peaks, kitchen and repairs paid."""
    r, a = w.r, w.acct("temple_box", 6000)
    lucky = [w.y(x * w.wealth) for x in ((1, 6, 6.6, 8.8, 18, 66, 88, 100, 168, 200, 666, 888) if w.code ==
            "CNY" else (2, 5, 5, 10, 20, 50, 100, 300))]
    w.stall(a, r.uniform(4, 15), "early", lambda: r.choice(lucky), "give", 60, 0.5)
    w.stall(a, r.uniform(30, 120), "noon", lambda: r.choice(lucky), "give", 60, 0.5, off=tuple(x for x in
            range(7) if x != r.choice([4, 6])))
    w.daily(9, 17, lambda: w.pay(a, r.choice(w.shops + w.depots), w.ln(500, 0.8, 2), "transfer", "goods"),
            p=0.4)


@honest
def live_host(w: World) -> None:
    """Streamer: nightly tips of fixed sizes from fans, weekly platform payout, pays helper and agency."""
    r, a, up, ag = w.r, r_owner(w, "live_host"), w.r.choice(w.platforms), w.r.choice(w.people)
    tips = [w.y(x * w.wealth) for x in (1, 5.2, 10, 13.14, 20, 52, 99, 188, 520)]
    w.stall(a, r.uniform(4, 40), "night", lambda: r.choice(tips[: r.randint(2, 9)]), "gift", 30, 0.6,
            "red_packet")
    w.daily(10, 16, lambda: w.pay(up, a, w.ln(2500, 0.5), "transfer", "wage"), p=0.14)
    w.daily(10, 20, lambda: w.bal[a] > w.y(2500) and w.pay(a, ag, w.nice(w.bal[a] * 0.4, 2), "transfer",
            "wage"), p=0.2)


@honest
def driver(w: World) -> None:
    """Ride-hailing or motorcycle driver: small fares from strangers at all hours, lease to the owner."""
    r, a, own = w.r, r_owner(w, "driver"), w.r.choice(w.people)
    w.stall(a, r.uniform(6, 24), r.choice(["flat", "long", "night"]), lambda: w.ln(12, 0.6, 2), "move", 25,
            0.25)
    lease = w.nice(w.ln(80, 0.3, 1), 1)
    w.daily(18, 23, lambda: w.pay(a, own, lease, "transfer", "rent"), p=0.85)


@honest
def freelancer(w: World) -> None:
    """Designer or translator paid in bursts, partly by an offshore pay-out firm; friends subcontracted."""
    r, a, src = (w.r, r_owner(w, "freelancer"), w.r.choices(w.outside + w.platforms + w.banks + w.exchanges,
            k=3))
    pals = w.locals(3)

    def job() -> None:
        x = w.ln(1800, 0.8, r.choice([0, 2]))
        w.pay(r.choice(src), a, x, "transfer", "wage")
        if r.random() < 0.4:
            w.soon(20, 900, w.pay, a, r.choice(pals), w.nice(x * r.uniform(0.3, 0.8), 2), "transfer", "wage")

    w.arrive(r.choice([0.15, 0.4, 1.2]), "office", job)


@honest
def wedding(w: World) -> None:
    """Wedding or funeral: scores of gifts of auspicious sums within hours into a quiet wallet, then
    caterers."""
    r, a = w.r, w.acct("wedding", r_u(w, 300, 5000), life=0.5)
    d0, sums = (r.randrange(w.days), [w.y(x * w.wealth) for x in (100, 200, 200, 300, 500, 600, 666, 800,
            1000, 1888)])
    for m in w.locals(r.randint(30, 110)):
        w.at(w.when(d0, "noon"), w.pay, m, a, r.choice(sums), r.choice(["transfer", "red_packet"]), "gift")
    for _ in range(4):
        w.at(w.clock(d0, 20) + r.uniform(0, 30) * HOUR, lambda: w.pay(a, r.choice(w.shops + w.people),
                w.nice(w.bal[a] * r.uniform(0.15, 0.5), 2), "transfer", "gift"))


@honest
def house_chain(w: World) -> None:
    """House, land or lorry sale: buyer gathers from kin, pays in pieces at the limit; seller pays the
    next."""
    r = w.r
    a, b, c = (w.acct("house_chain", r_u(w, 2000, 30000), life=0.8) for _ in range(3))
    d0, x = r.uniform(0, max(0.6, w.days - 2)), w.limit * r.uniform(2.2, 9)
    kin = r.sample(w.outside, min(len(w.outside), r.randint(2, 5)))
    for k in kin:
        w.at((d0 + r.uniform(0, 0.5)) * DAY, lambda k=k: w.big(k, a, w.nice(x / len(kin), 2), "loan"))
    w.at((d0 + 0.7) * DAY, lambda: w.big(a, b, w.nice(min(x, w.bal[a] * 0.98), 3), "rent"))
    w.at((d0 + 1.2) * DAY, lambda: w.big(b, c, w.nice(w.bal[b] * r.uniform(0.6, 0.95), 2), "rent"))
    w.at((d0 + 1.5) * DAY, lambda: w.big(c, r.choice(w.banks), w.nice(w.bal[c] * 0.9, 2), "loan"))


@honest
def day_lender(w: World) -> None:
    """Market money-lender or licensed app: loans out in round sums, equal daily instalments back."""
    r, a = w.r, w.acct("day_lender", r_u(w, 2e4, 1.5e5), life=0.4)
    regs, rate = w.locals(r.randint(12, 60)), r.uniform(1.05, 1.25)

    def lend(m: int) -> None:
        x, k = w.ln(600, 0.6, 1), r.choice([7, 10, 20, 30])
        if w.pay(a, m, x, "transfer", "loan"):
            for i in range(1, k + 1):
                w.at(w.now + i * DAY + r.uniform(-5, 5) * HOUR, w.pay, m, a, w.y(x * rate / k / w.unit),
                        "scan", "loan", "wait")

    for m in regs:
        w.at(w.when(int(r.random() ** 1.5 * w.days), "office"), lend, m)


@honest
def factor(w: World) -> None:
    """Invoice factor or stock financier: pays shops most of an invoice, is repaid by depots days later."""
    r, a, bank = w.r, w.acct("factor", r_u(w, 1e5, 5e5)), w.r.choice(w.banks)

    def deal() -> None:
        x, s = w.ln(4000, 0.7), r.choice(w.shops)
        if w.pay(a, s, w.y(x * 0.85 / w.unit), "transfer", "goods"):
            w.at(w.now + r.uniform(1, 12) * DAY, w.pay, r.choice(w.depots + w.platforms), a, x, "transfer",
                    "goods", "wait")

    w.arrive(r.uniform(1, 5), "office", deal, off=(5, 6))
    w.daily(10, 16, w.sweep, a, bank, 250000, 2, p=0.2)


@honest
def harvest_buyer(w: World) -> None:
    """Crop buyer: bank lump at dawn, then weight x price to dozens of farmers, mill pays in the evening."""
    r, a, mill = (w.r, w.acct("harvest_buyer", r_u(w, 3000, 20000), life=0.6), w.r.choice(w.depots +
            w.platforms))
    farm, d0, kg = w.locals(r.randint(25, 90)), r.randrange(max(1, w.days)), w.y(r.uniform(2, 7)) / 1.0
    span, per = r.randint(2, 12), r.uniform(8, 45)
    for d in w.dates(d0, d0 + span):
        w.at(w.clock(d, r.uniform(4.5, 8)), lambda: w.pay(r.choice(w.banks + [mill]), a,
                w.nice(kg * 210 * per, 2), "transfer", "farm"))
        w.at(w.clock(d, r.uniform(18, 21.5)), w.sweep, a, mill, 3000, 2, "farm")
    w.arrive(per, "noon", lambda: w.pay(a, r.choice(farm), w.y(kg * round(r.lognormvariate(4.9, 0.6)) /
            w.unit), "transfer", "farm"), lo=d0, hi=d0 + span)


@honest
def family_pass(w: World) -> None:
    """Worker's pay goes to the wife, to grandmother, to school, within a day; nearly all of it, every
    time."""
    r = w.r
    a, b, c = (w.acct("family_pass", r_u(w, 200, 2000), life=0.6) for _ in range(3))
    src, x = r.choice(w.bosses + w.banks + w.outside), r_u(w, 600, 5000)

    def come() -> None:
        amt = w.ln(x, 0.1)
        w.pay(src, a, amt, "transfer", "wage")
        w.soon(10, 500, w.pay, a, b, w.nice(amt * r.uniform(0.8, 0.97), 2), "transfer", "kin", "shrink")
        w.soon(600, 1500, w.pay, b, c, w.nice(amt * r.uniform(0.4, 0.7), 2), "transfer", "kin", "shrink")
        w.soon(1500, 2500, w.pay, c, r.choice(w.billers), w.nice(amt * 0.3, 2), "bill", "kin")

    w.daily(9, 19, come, p=r.choice([0.07, 0.14, 0.3]))


@honest
def dorm_leader(w: World) -> None:
    """Migrant dormitory: mates give their remittances on payday, one person pays the licensed house."""
    r, a, mates = w.r, r_owner(w, "dorm_leader"), w.locals(w.r.randint(6, 18))
    house, p = r.choice(w.houses), r.choice([0.07, 0.14, 0.2])

    def payday() -> None:
        for m in mates:
            if r.random() < 0.7:
                w.soon(1, 200, w.pay, m, a, w.ln(700, 0.5, 1), "transfer", "kin", "drop", lambda b, amt, c:
                        w.soon(200, 300, w.pay, a, house, amt, "transfer", "kin"))

    w.daily(17, 20, payday, p=p)


@honest
def remit_house(w: World) -> None:
    """Licensed remittance payout: bank-funded, odd sums (rate applied) to many beneficiaries at all hours."""
    r, a, bank = w.r, w.acct("remit_house", r_u(w, 1e5, 4e5)), w.r.choice(w.banks)
    w.houses.append(a)
    regs = w.locals(r.randint(60, 200))
    w.arrive(r.uniform(10, 60), "flat", lambda: w.pay(a, r.choice(regs) if r.random() < 0.8 else
            w.stranger(), w.ln(700, 0.7), "transfer", "kin", p=0.1))
    w.daily(8, 10, lambda: w.bal[a] < w.y(1.5e5) and w.pay(bank, a, w.y(1e5) * r.randint(1, 4), "transfer"),
            off=(6,))
    w.daily(20, 22, w.sweep, a, bank, 350000, 2, p=0.5)


@honest
def reimbursed(w: World) -> None:
    """Driver or buyer of a firm who pays suppliers and inns himself and gets the exact sum back, batched."""
    r, a, boss = w.r, r_owner(w, "reimbursed"), w.r.choice(w.bosses)
    owed = [0]

    def spend() -> None:
        owed[0] += w.pay(a, r.choice(w.shops + w.depots), w.ln(260, 0.8), r.choice(["scan", "card"]),
                "trip", "shrink")

    def back() -> None:
        owed[0] -= w.pay(boss, a, owed[0], "transfer", "trip")

    w.arrive(r.uniform(0.7, 5), "office", spend)
    w.daily(15, 18, back, p=r.choice([0.2, 0.5, 0.9]))


@honest
def festival_stall(w: World) -> None:
    """A wallet idle for weeks wakes for a fair: hundreds of strangers in three days, then sleeps again."""
    r, a = w.r, w.acct("festival_stall", r_u(w, 10, 500))
    d0, pr = r.randrange(max(1, w.days)), [w.nice(w.y(x * w.wealth), 1) for x in (5, 10, 15, 20)]
    w.stall(a, r.uniform(25, 110), "eve", lambda: r.choice(pr) * r.randint(1, 4), "food", 20, 0.1, lo=d0,
            hi=d0 + 3)
    w.daily(22, 24, w.sweep, a, r.choice(w.people), 20, 2, "food", p=0.7)


@honest
def hobby_seller(w: World) -> None:
    """Person who sells OWN coins to strangers a few times (or cashes a freelance pay): a customer, not a
    desk."""
    r, a, ex = w.r, r_owner(w, "hobby_seller"), w.r.choice(w.exchanges)
    left = r.randint(1, 9)
    for _ in range(left):
        w.at(w.when(r.randrange(w.days), "eve"), lambda: w.pay(r.choice(w.otc_users + w.otc_far), a,
                w.nice(r.lognormvariate(4.6, 0.7), 2) * w.px() // w.small * w.small, "transfer", "bland",
                "shrink", p=0.2))
    w.arrive(0.08, "eve", lambda: w.pay(a, ex, w.ln(800, 0.6, 1), "transfer", None, "shrink"))


@honest
def market_stall(w: World) -> None:
    """Wholesale-market stall on credit: a few dozen traders as regulars, uneven sums, suppliers paid in
    lumps."""
    r, a = w.r, w.acct("market_stall", r_u(w, 3000, 40000), life=0.8)
    w.stall(a, r.uniform(5, 25), "early", lambda: w.ln(r.choice([80, 300, 900]), 0.9), "goods", 25, 0.85,
            "transfer")
    w.daily(5, 15, lambda: (w.bal[a] > w.y(3000) and w.pay(a, r.choice(w.depots), w.nice(w.bal[a] *
            r.uniform(0.3, 0.95), 2), "transfer", "goods")), p=0.75)


@honest
def web_seller(w: World) -> None:
    """Seller paid by a marketplace in daily settlements and by buyers directly; suppliers ship for him and
    are paid order by order (drop-shipping: in and out match)."""
    r, a, up, sup = w.r, w.acct("web_seller", 3000, life=0.8), w.r.choice(w.platforms), w.r.choice(w.depots)
    m = r.uniform(0.6, 0.93)
    w.daily(0, 4, lambda: w.pay(up, a, w.ln(900, 0.6), "transfer", "till"))
    w.arrive(r.uniform(2, 15), "long", lambda: w.pay(w.stranger(), a, w.ln(85, 0.7), "scan", "goods",
            then=lambda b, x, c: w.soon(10, 200, w.pay, a, sup, w.y(x * m / w.unit), "transfer", "goods")))
    w.daily(14, 20, w.sweep, a, r.choice(w.banks), 2000, 2, p=0.3)


# ---------------------------------------------------------------- guilty designs
class Desk:
    """Coin-trading habits shared by several designs: whom it meets, at what spread, size, channel, memo."""

    def __init__(self, w: World, accts: list[int], far: float = 0.5) -> None:
        r = w.r
        self.w, self.accts = w, accts
        self.mid, self.sd = math.exp(r.uniform(math.log(25), math.log(500))), r.uniform(0.5, 1.2)
        self.spread = r.uniform(0.002, 0.03)
        pool = w.otc_users * max(1, round(2 * (1 - far))) + w.otc_far
        self.regs = r.choices(pool, k=r.randint(3, 60))
        self.pool, self.p_reg = w.otc_users + w.otc_far, r.choice([r.uniform(0, 0.2), r.uniform(0.15, 0.9)])
        self.round, self.coin = r.uniform(0.1, 0.7), r.uniform(0.05, 0.5)
        self.ch = r.choices(["transfer", "scan", "card", "red_packet"], weights=[6, r.random() * 6, 1, 1],
                k=4)
        self.topic = r.choice([None, None, "bland", "bland", "goods", "#", "kin", "food"])
        self.memo_p, self.slip = r.uniform(0.05, 0.7), r.choice([0, 0, 0.01, 0.04])
        self.turn, self.i = r.choice(["day", "hours", "any", "count"]), 0
        self.prof = r.choice(["long", "long", "eve", "flat", "office", "night", "shop"])

    def face(self) -> int:
        """The account in use now."""
        a, w = self.accts, self.w
        k = {"day": w.now // DAY, "hours": w.now // (5 * HOUR), "any": w.r.randrange(99), "count": self.i //
                9}[self.turn]
        return a[int(k) % len(a)]

    def size(self, side: int = 1) -> int:
        """Amount of a trade: round money, round coins times price, or neither."""
        w = self.w
        q = self.mid * math.exp(w.r.gauss(0, self.sd)) * w.wealth
        u, px = w.r.random(), w.px() * (1 + side * self.spread)
        if u < self.round:
            return w.nice(q * px, w.r.choice([1, 2]))
        return w.y((w.nice(q, 1 if q < 300 else 2) if u < self.round + self.coin else q) * px / w.unit)

    def who(self) -> int:
        """A customer: regular or new."""
        r = self.w.r
        return r.choice(self.regs) if r.random() < self.p_reg else r.choice(self.pool)

    def memo(self) -> str | None:
        """The topic the desk lets customers write."""
        return "coin" if self.w.r.random() < self.slip else self.topic

    def take(self, to: int | None = None, then: Fn | None = None, amt: int = 0, c: int = -1) -> None:
        """A customer pays for coins; the poor pay less, some in two parts; wrong names are sent back."""
        w, r = self.w, self.w.r
        self.i += 1
        to, c, x = self.face() if to is None else to, self.who() if c < 0 else c, amt or self.size()
        if x > w.bal[c] and x > w.purse.get(c, 0):
            x = w.nice(w.bal[c] * r.uniform(0.3, 0.8), 2)
            if x < w.y(60) or x > w.bal[c]:
                c, x = r.choice(w.otc_far), amt or self.size()
        ch = r.choice(self.ch)
        if r.random() < 0.05 and not then:
            h = w.nice(x * r.uniform(0.3, 0.7), 1)
            w.pay(c, to, h, ch, self.memo(), p=self.memo_p)
            w.soon(1, 20, w.pay, c, to, max(w.small, x - h), ch, self.memo())
        elif w.pay(c, to, x, ch, self.memo(), then=then, p=self.memo_p) and r.random() < 0.015 and not then:
            w.soon(3, 45, w.pay, to, c, x, "transfer", "refund")

    def give(self, src: int | None = None) -> None:
        """Pay a customer who sold coins."""
        w = self.w
        self.i += 1
        src = self.face() if src is None else src
        x = self.size(-1)
        if x > w.bal[src]:
            src = max(self.accts, key=lambda a: w.bal[a])
        if w.bal[src] < x * 0.5:
            return  # no money now: the seller goes to another desk
        w.pay(src, self.who(), x, "transfer", self.memo(), "shrink", p=self.memo_p)


def member(w: World, role: str, grp: str, yuan: float = 2000, life: float | None = None) -> int:
    """A guilty account; most live on (mixed use), bought ones do not."""
    lf = w.r.choice([0.0, 0.4, 0.8, 1.2]) if life is None else life
    return w.acct(role, yuan * w.r.uniform(0.4, 1.6), 1, grp, lf)


def outlet(w: World) -> int:
    """Where a desk gets rid of money or gets it from: an exchange or a guilty wholesale dealer."""
    if w.r.random() < 0.45 or not w.whole:
        return w.r.choice(w.exchanges)
    return w.r.choice(w.whole)


@guilty(1)
def bulk_dealer(w: World, cap: int, grp: str) -> None:
    """Wholesaler of coins to other desks: few, large, two-sided payments cut at limits; exchange on one
    side."""
    r, a, exs = w.r, member(w, "bulk_dealer", grp, 150000), w.r.choices(w.exchanges, k=2)
    w.whole.append(a)
    far = r.sample(w.otc_far, min(len(w.otc_far), r.randint(3, 9)))
    big = r.uniform(4000, 25000)
    w.arrive(r.uniform(1, 6), "office", lambda: w.big(r.choice(far), a, w.ln(big, 0.7, 2), "bland"))
    w.arrive(r.uniform(1, 5), "long", lambda: w.bal[a] > w.y(5e4) and w.big(a, r.choice(far), w.ln(big, 0.7,
            2), "bland"))
    w.daily(9, 23, lambda: w.bal[a] > w.y(2e5) and w.big(a, r.choice(exs), w.nice(w.bal[a] * r.uniform(0.3,
            0.8), 2)), p=0.7)
    w.daily(9, 23, lambda: w.bal[a] < w.y(4e4) and w.pay(r.choice(exs), a, w.ln(60000, 0.4), "transfer"))


@guilty(1)
def ad_trader(w: World, cap: int, grp: str) -> None:
    """Platform advertiser: dozens of two-sided trades a day over one to four wallets, money circulates and is
    topped up or unloaded only when the book leans; wallets levelled among themselves; lives from them too."""
    r, acc = (w.r, [member(w, "ad_trader", grp, 20000, r_u(w, 0.3, 1.2)) for _ in range(min(cap,
            w.r.choice([1, 1, 1, 2, 3, 4])))])
    d, lean, out = Desk(w, acc, 0.7), r.uniform(0.35, 0.8), outlet(w)
    d0 = r.choice([0, 0, 0, r.randrange(w.days)])
    w.arrive(math.exp(r.uniform(2.2, 4.2)), d.prof, lambda: d.take() if r.random() < lean else d.give(),
            lo=d0, off=r.choice([(), (), (6,)]))
    keep = r_u(w, 5000, 40000)

    def book() -> None:
        a = max(acc, key=lambda x: w.bal[x])
        if w.bal[a] > w.y(keep * 2):
            w.big(a, out, w.nice(w.bal[a] - w.y(keep), r.choice([2, 3, 6])), d.topic)
        elif w.bal[a] < w.y(keep * 0.3):
            w.pay(out, a, w.ln(keep, 0.3, r.choice([0, 2])), "transfer")
        b = min(acc, key=lambda x: w.bal[x])
        if a != b and r.random() < 0.5:
            w.pay(a, b, w.nice(w.bal[a] * 0.3, 1), "transfer", "kin", p=0.1)

    for h in r.sample(range(8, 24), r.randint(1, 5)):
        w.daily(h, h + 1, book)


@guilty(1)
def agent_coin(w: World, cap: int, grp: str) -> None:
    """True mobile-money agent with a coin sideline: walk-in cash business hides remote senders; settles with
    coin people instead of the super-agent in the evening."""
    r = w.r
    for _ in range(min(cap, r.choice([1, 1, 2, 3]))):
        a = member(w, "agent_coin", grp, 15000, 0.4)
        agent_float(w, a)
        d, out, give = Desk(w, [a], 0.6), outlet(w), r.choice([0, 0.2, 0.45])
        d.mid *= 0.6
        w.arrive(r.uniform(3, 18), d.prof, lambda d=d, give=give: d.give() if r.random() < give else d.take())
        w.daily(*r.choice([(20, 23), (13, 17), (0, 2)]), w.sweep, a, out, r_u(w, 3000, 15000), 2, d.topic,
                p=r.uniform(0.4, 1))


@guilty(2)
def till_front(w: World, cap: int, grp: str) -> None:
    """Merchant tills of shops that hardly sell: coin money by scan among token sales; settled to an owner by
    the operator's own schedule, who pays an outlet or coin sellers."""
    r, own = w.r, member(w, "till_front", grp, 8000)
    tills = [member(w, "till_front", grp, 500, 0.0) for _ in range(min(cap - 1, r.randint(1, 5)))]
    d, out = Desk(w, tills, 0.5), outlet(w)
    d.ch, tail = ["scan"] * 3 + ["card"], r.choice([0, 0, 0.8, 0.9, 8])
    w.arrive(r.uniform(4, 22) * len(tills) ** 0.7, d.prof, lambda: d.take(amt=d.size() + round(tail * w.unit
            / 100) * 100))
    for t in tills:
        w.stall(t, r.uniform(0, 6), "shop", lambda: w.ln(45, 0.7), "goods", 15, 0.3)
        step = r.choice([2, 4, 8, 24])
        for h in range(1, 24, step):
            w.daily(h, h + 0.3, w.sweep, t, own, r.choice([0, 0, 50]))
    d2 = Desk(w, [own])
    d2.regs, sell = d.regs, r.choice([0, 0, 1])
    if sell:
        w.arrive(r.uniform(2, 9), "long", d2.give)
    w.daily(10, 24, w.sweep, own, out, r_u(w, 1000, 9000), r.choice([0, 2]), d.topic)


def orders(w: World, far: float) -> tuple[list[int], Callable[[], int]]:
    """Payers and sizes of a pool: players' deposits, fixed tiers or free sums."""
    r = w.r
    tiers = [w.y(x * w.wealth) for x in r.sample([50, 100, 200, 300, 500, 1000, 2000, 3000, 5000],
            r.randint(3, 6))]
    free, mid, crowd = r.random(), r.choice([80, 250, 900]), r.choice([25, 90, 300])
    payers = r.choices(w.players, k=max(6, int(crowd * (1 - far)))) + r.choices(w.play_far, k=int(crowd *
            far) + 1)
    return (payers, lambda: (w.ln(mid, 0.9, 2) - r.choice([0, 0, w.small, 3 * w.small]) if r.random() < free
            else r.choice(tiers)))


@guilty(3)
def runner_pool(w: World, cap: int, grp: str) -> None:
    """Telegram pool of rented wallets: runners get orders, keep a cut and forward per order or in batches to
    collectors, who pay winners, agents (cash) and outlets.  Runners are people with lives."""
    r = w.r
    cols = [member(w, "pool_collector", grp, 1500, r.choice([0, 0.5])) for _ in range(1 if cap < 6 else
            r.randint(1, 2))]
    run = [member(w, "pool_runner", grp, 900) for _ in range(min(cap - len(cols), r.randint(2, 9)))]
    payers, size = orders(w, r.random())
    cut, batch, lag, out = r.uniform(0.003, 0.03), r.choice([1, 1, 2, 4]), r.choice([6, 30, 150]), outlet(w)
    win, cash, held = r.uniform(0, 0.5), r.uniform(0, 0.6), Counter()
    shift = {a: (r.randrange(w.days), r.randint(2, 12)) for a in run}

    def fwd(a: int) -> None:
        x, held[a] = min(int(held[a] * (1 - cut)), w.bal[a]) // w.small * w.small, 0
        w.pay(a, r.choice(cols), x if r.random() < 0.6 else min(w.nice(x, 2), w.bal[a]), "transfer",
                "bland", p=0.2)

    def got(a: int, x: int, c: int) -> None:
        held[a] += x
        if r.random() < 1 / batch:
            w.soon(1, lag, fwd, a)

    def order() -> None:
        d = w.now // DAY
        on = [a for a in run if shift[a][0] <= d < shift[a][0] + shift[a][1]] or run[:2]
        w.pay(r.choice(payers), r.choice(on), size(), r.choice(["transfer", "scan"]), None, "shrink", got)

    w.arrive(r.uniform(3, 9) * len(run), r.choice(["eve", "night", "long"]), order)

    def pay_out(c: int) -> None:
        u = r.random()
        if u < win:
            for _ in range(r.randint(1, 5)):
                x = w.nice(w.bal[c] * r.uniform(0.02, 0.2), 2)
                w.soon(1, 25, w.pay, c, r.choice(payers), x, "transfer", "bland", "drop", None, 0.1)
        elif u < win + cash * (1 - win):
            w.pay(c, r.choice(w.agents), min(w.nice(w.bal[c] * 0.5, 1), w.bal[c]), w.agent_ch)
        else:
            w.sweep(c, out, r.choice([100, 800]), r.choice([0, 2]), "bland")

    for c in cols:
        w.arrive(r.uniform(2, 9), "long", pay_out, c)


@guilty(3)
def margin_pool(w: World, cap: int, grp: str) -> None:
    """Order-grabbing app: the runner first pays a margin in, then KEEPS what customers pay; nothing is
    forwarded trade by trade, a fresh margin is paid in when the old one is used up."""
    r, house = w.r, member(w, "margin_house", grp, 3000, 0.0)
    run = [member(w, "margin_runner", grp, 5000, r_u(w, 0.3, 1.3)) for _ in range(min(cap - 1, r.randint(2,
            10)))]
    payers, size = orders(w, r.random())
    out, bonus = outlet(w), r.uniform(0.004, 0.02)
    lots = [w.nice(w.y(x * w.wealth), 1) for x in (500, 1000, 2000, 3000, 5000)]
    left: Counter = Counter()

    def grab() -> None:
        a, x = r.choice(run), size()
        if left[a] < x:
            m = r.choice([v for v in lots if v <= w.bal[a]] or [0])
            if not m or not w.pay(a, house, m, "transfer", "bland", p=0.15):
                return
            left[a] += round(m * (1 + bonus))
        x = min(x, left[a])
        left[a] -= x
        w.soon(2, 90, w.pay, r.choice(payers), a, x, r.choice(["transfer", "scan", "red_packet"]), None,
                "shrink")

    w.arrive(r.uniform(2, 8) * len(run), r.choice(["eve", "long", "night"]), grab)
    w.arrive(r.uniform(1, 4), "long", w.sweep, house, out, r.choice([200, 2000]), r.choice([0, 2]), "bland")
    w.daily(12, 22, lambda: w.pay(house, r.choice(run), w.ln(150, 0.5, 2), "transfer", "wage"), p=0.3)


@guilty(2)
def mule_family(w: World, cap: int, grp: str) -> None:
    """A trader on the wallets of mother, wife, cousins: trades to whoever has room, round sums pushed around
    at home, the head buys at the outlet once or twice a day, part goes out as cash, all of them live
    normally."""
    r, fam = (w.r, [member(w, "mule_family", grp, 6000, r_u(w, 0.5, 1.4)) for _ in range(min(cap,
            w.r.randint(2, 7)))])
    d, head, out = Desk(w, fam, 0.4), fam[0], outlet(w)
    d.turn, cashy, sell = r.choice(["any", "count", "hours"]), r.uniform(0, 0.5), r.choice([0, 0.15, 0.4])
    w.arrive(r.uniform(2, 8) * len(fam), d.prof, lambda: d.give() if r.random() < sell else d.take())

    def home() -> None:
        a = r.choice(fam[1:] or fam)
        if w.bal[a] > w.y(2500) and r.random() < cashy:
            w.pay(a, r.choice(w.agents), w.nice(w.bal[a] * 0.4, 1), w.agent_ch)
        else:
            w.pay(a, head, w.nice(w.bal[a] * r.uniform(0.4, 0.95), 1), "transfer", "kin", "shrink", p=0.2)

    w.arrive(len(fam) * r.uniform(0.5, 2), "long", home)
    w.daily(10, 24, w.sweep, head, out, r_u(w, 500, 8000), r.choice([0, 2, 3]), d.topic, p=r.uniform(0.5, 1))


@guilty(1)
def card_coin(w: World, cap: int, grp: str) -> None:
    """Gift cards and airtime into coins: pays many card sellers face x today's rate within minutes, funded by
    lumps from coin buyers and coin wholesalers; the reverse direction of an honest reseller."""
    r, up = w.r, outlet(w)
    for _ in range(min(cap, r.choice([1, 1, 2]))):
        a, d = member(w, "card_coin", grp, 8000), None
        d = Desk(w, [a], 0.8)
        d.mid, regs = d.mid * 3, w.locals(25)
        rate = [r.uniform(0.55, 0.85) for _ in range(w.days + 1)]

        def card(a: int = a, rate: list = rate, regs: list = regs) -> None:
            c = r.choice(regs) if r.random() < 0.4 else r.choice(w.outside)
            x = r.choice([10, 25, 25, 50, 100, 100, 200, 500]) * w.px() * rate[w.now // DAY] * w.wealth
            if w.bal[a] < x:
                w.pay(up, a, w.ln(5000, 0.5, 2), "transfer", "bland")
            w.soon(1, 40, w.pay, a, c, w.nice(x, 3), "transfer", r.choice(["air", "bland", None]), "wait",
                    None, 0.3)

        w.arrive(r.uniform(6, 35), r.choice(["long", "night", "flat"]), card)
        w.arrive(r.uniform(0.5, 4), "long", d.take)


@guilty(1)
def mirror_remit(w: World, cap: int, grp: str) -> None:
    """Hundi settled in coins: coin buyers' and importers' money comes in lumps, the same day families abroad
    workers name are paid odd sums; the balance goes to an outlet every few days."""
    r, acc = w.r, [member(w, "mirror_remit", grp, 12000) for _ in range(min(cap, w.r.randint(1, 3)))]
    d, out = Desk(w, acc, 0.7), outlet(w)
    d.mid *= 3
    kin = w.locals(r.randint(20, 90))
    w.arrive(r.uniform(2, 9), "office", d.take)
    w.arrive(r.uniform(6, 35), r.choice(["flat", "eve", "shop"]), lambda: w.pay(max(acc, key=lambda x:
            w.bal[x]), r.choice(kin) if r.random() < 0.85 else w.stranger(), w.ln(500, 0.7, r.choice([0, 0,
            2])), "transfer", r.choice(["kin", None]), p=0.4))
    w.daily(15, 23, lambda: [w.soon(1, 90, w.sweep, a, out, r_u(w, 3000, 9000), 2, "goods") for a in acc],
            p=r.choice([0.3, 0.6, 1]))
    w.daily(8, 10, lambda: w.bal[acc[0]] < w.y(1500) and w.pay(out, acc[0], w.ln(7000, 0.4), "transfer"))


@guilty(3)
def cash_tour(w: World, cap: int, grp: str) -> None:
    """Coin money taken by a front wallet, split over straw wallets that walk from agent to agent cashing out
    just under what needs papers, or odd sums; cash comes back as morning deposits for coin sellers."""
    r, front = w.r, member(w, "cash_front", grp, 3000)
    legs = [member(w, "cash_walker", grp, 300, r.choice([0, 0, 0.5])) for _ in range(min(cap - 1,
            r.randint(2, 7)))]
    d, top = Desk(w, [front], 0.6), w.nice(w.y(r.choice([800, 1500, 3000, 5000]) * w.wealth), 1)
    near, sly = r.choices(w.agents, k=r.randint(3, 9)), r.random()
    w.arrive(r.uniform(6, 30), d.prof, d.take)

    def tour() -> None:
        x = w.bal[front] * r.uniform(0.6, 0.97)
        for a in r.sample(legs, r.randint(1, len(legs))):
            part, t = x / len(legs) * r.uniform(0.8, 1.2), r.uniform(5, 60)
            w.soon(1, 30, w.big, front, a, w.nice(part, 2), "kin")
            for _ in range(r.randint(2, 9)):
                t += r.uniform(7, 28)
                w.at(w.now + (40 + t) * MIN, lambda a=a: w.pay(a, r.choice(near), min(w.bal[a], w.y(top /
                        w.unit * (r.uniform(0.9, 0.995) if r.random() < sly else r.uniform(0.3, 1)))),
                        w.agent_ch))

    for lo in r.sample([8, 10, 12, 14, 16, 18], r.randint(1, 3)):
        w.daily(lo, lo + 1.5, tour)
    if r.random() < 0.5:
        w.daily(8, 11, lambda: w.pay(r.choice(near), front, w.nice(w.y(4000), 1), w.agent_ch), p=0.5)
        w.arrive(r.uniform(1, 6), "long", d.give)
    else:
        w.daily(20, 23, w.sweep, front, outlet(w), 1000, 2, "bland", p=0.4)


@guilty(1)
def town_dealer(w: World, cap: int, grp: str) -> None:
    """Small-town dealer among acquaintances: a few trades a day by chat transfer, customers repeat, fee by
    red packet, on credit with an upstream settled once or twice a week; otherwise a shopkeeper's life."""
    r = w.r
    for _ in range(min(cap, r.choice([1, 1, 1, 2]))):
        a = member(w, "town_dealer", grp, 12000, r_u(w, 0.8, 1.5))
        d, out = Desk(w, [a], 0.2), outlet(w)
        d.regs, d.p_reg = (r.sample(w.otc_users, min(len(w.otc_users), r.randint(3, 14))) + d.regs[:2],
                r.uniform(0.7, 0.95))
        sell, fee = r.uniform(0.1, 0.5), w.y(r.choice([5, 8.8, 10, 20, 50]) * w.wealth)

        def deal(a: int = a, d: Desk = d, sell: float = sell, fee: int = fee) -> None:
            d.give() if r.random() < sell else d.take()
            if r.random() < 0.25:
                w.soon(1, 30, w.pay, r.choice(d.regs), a, fee, "red_packet", "gift")

        w.arrive(r.uniform(1.5, 9), d.prof, deal)
        if r.random() < 0.5:
            w.stall(a, r.uniform(2, 12), "shop", lambda: w.ln(22, 0.7), "food", 30, 0.8)
        w.daily(19, 23, w.sweep, a, out, r_u(w, 2000, 15000), 2, d.topic, off=tuple(r.sample(range(7),
                r.choice([5, 6]))))


@guilty(3)
def app_treasury(w: World, cap: int, grp: str) -> None:
    """Unlicensed coin 'savings' platform: deposit wallets that change every day or two, pay-outs from others,
    a treasury between; early users win, later ones wait."""
    r, chest = w.r, member(w, "app_treasury", grp, 30000, 0.0)
    pays = member(w, "app_payout", grp, 6000, 0.0)
    ins = [member(w, "app_deposit", grp, 100, r.choice([0, 0, 0.3])) for _ in range(min(cap - 2,
            r.randint(1, 8)))]
    payers, size = orders(w, r.uniform(0.2, 0.7))
    span, out, back = r.choice([0.5, 1, 2, 4]), outlet(w), r.uniform(0.2, 0.8)
    w.arrive(r.uniform(8, 45), r.choice(["long", "eve"]), lambda: w.pay(r.choice(payers), ins[int(w.now /
            DAY / span) % len(ins)], size(), r.choice(["transfer", "scan", "card"]), None, "shrink"))
    for a in ins:
        w.arrive(r.choice([1, 3, 8]), "flat", w.sweep, a, chest, r.choice([0, 20, 300]), r.choice([0, 0,
                2]), "bland")
    w.arrive(r.uniform(1, 5), "office", lambda: w.pay(chest, pays, w.nice(w.bal[chest] * r.uniform(0.1,
            0.4), 1)))
    w.arrive(r.uniform(4, 30) * back, "shop", lambda: w.pay(pays, r.choice(payers), w.y(size() *
            r.uniform(0.05, 1.2) / w.unit), "transfer", r.choice(["wage", None, "bland"]), p=0.4))
    w.daily(0, 24, w.sweep, chest, out, 20000, 2, p=0.6)


@guilty(1)
def matchmaker(w: World, cap: int, grp: str) -> None:
    """Group-chat broker: buyer pays seller directly; the broker shows only commissions, and holds the money
    himself in a part of the trades (in from one stranger, out to another in the hour).  Hard to tell."""
    r, a = w.r, member(w, "matchmaker", grp, 4000, r_u(w, 0.6, 1.4))
    d, hold, fee = Desk(w, [a], 0.5), r.uniform(0.12, 0.8), r.uniform(0.003, 0.02)

    def trade() -> None:
        s = d.who()
        if r.random() < hold:
            d.take(a, lambda b, x, c: w.soon(4, 70, w.pay, a, s, w.y(x * (1 - fee) / w.unit), "transfer",
                    d.topic, "wait", None, d.memo_p))
        else:
            d.take(s, lambda b, x, c: w.soon(2, 300, w.pay, r.choice([c, s]), a, max(w.y(2), w.nice(x * fee,
                    2)), r.choice(["transfer", "red_packet"]), "gift"))

    w.arrive(r.uniform(4, 22), d.prof, trade)
    w.daily(12, 22, w.sweep, a, r.choice(w.people + w.banks), 3000, 1, "kin", p=0.2)


@guilty(3)
def straw_burst(w: World, cap: int, grp: str) -> None:
    """Bought wallets warmed up by tiny payments among themselves and at shops, each burnt in a day or two at
    full tilt, emptied to a hub that changes its outlet; then silence."""
    r, hub = w.r, member(w, "straw_hub", grp, 3000, w.r.choice([0, 0.6]))
    straw = [member(w, "straw_burst", grp, 150, 0.0) for _ in range(min(cap - 1, r.randint(2, 9)))]
    d, outs, step = Desk(w, straw, 0.7), [outlet(w) for _ in range(3)], r.uniform(0.3, 1.3)
    t = r.uniform(0, max(0.2, w.days / 3))
    for a in straw:
        for _ in range(r.randint(1, 10)):
            w.at(r.random() * t * DAY, w.pay, a, r.choice(w.shops + straw), w.y(r.uniform(1, 15)), "scan",
                    "food")
        n, span = r.randint(8, 60), r.uniform(3, 30)
        for _ in range(n):
            w.at(t * DAY + r.random() * span * HOUR, d.take, a)
        for _ in range(r.randint(2, 12)):
            w.at(t * DAY + r.uniform(0.1, 1.1) * span * HOUR, w.sweep, a, hub, r.choice([0, 10, 60]),
                    r.choice([0, 2]), None)
        t += step
    w.arrive(r.uniform(2, 6), "flat", lambda: w.sweep(hub, r.choice(outs), 500, 2, "goods"))


@guilty(1)
def factory_payer(w: World, cap: int, grp: str) -> None:
    """Settles foreign traders' purchases: they deliver coins, he pays their factories and shops here, invoice
    by invoice, with money of coin buyers who never met the factory."""
    r, acc = w.r, [member(w, "factory_payer", grp, 20000) for _ in range(min(cap, w.r.randint(1, 3)))]
    d = Desk(w, acc, 0.6)
    d.mid *= r.uniform(2, 6)
    fac = (r.sample(w.depots, min(len(w.depots), r.randint(2, 6))) + r.choices(w.shops, k=5) +
            r.choices(w.outside, k=4))
    w.arrive(r.uniform(3, 14), d.prof, d.take)

    def invoice() -> None:
        a = max(acc, key=lambda x: w.bal[x])
        if w.bal[a] > w.y(2500):
            w.big(a, r.choice(fac), min(w.ln(6000, 0.8, r.choice([0, 0, 3])), w.bal[a] * 0.95), "goods")

    w.arrive(r.uniform(2, 8), "office", invoice)


@guilty(1)
def coin_payroll(w: World, cap: int, grp: str) -> None:
    """Turns coin wages of remote and compound workers into local money: bursts of pay-outs like a payroll
    agent, funded by many coin buyers in the days before instead of one employer."""
    r, a = w.r, member(w, "coin_payroll", grp, 15000)
    fund = member(w, "coin_payroll", grp, 5000) if cap > 1 and r.random() < 0.6 else a
    d, crew, per, out = Desk(w, [fund], 0.6), w.locals(r.randint(12, 50)), r.choice([3, 5, 7]), outlet(w)
    crew = crew + r.choices(w.outside, k=len(crew) // 3)
    w.arrive(r.uniform(4, 18), d.prof, d.take)

    def burst() -> None:
        if fund != a:
            w.sweep(fund, a, 500, 2, "bland")
        for m in r.sample(crew, max(3, int(len(crew) * r.uniform(0.4, 1)))):
            w.soon(30, 400, w.pay, a, m, w.ln(900, 0.5, r.choice([0, 2])), "transfer", r.choice(["wage",
                    None]))

    for k in range(r.randrange(per), w.days, per):
        w.at(w.clock(k, r.uniform(9, 17)), burst)
    w.daily(21, 23, lambda: w.sweep(a, out, 30000, 2), p=0.4)


# ---------------------------------------------------------------- making and writing a world
def build(w: World) -> None:
    """Found the world, add rings up to the guilty budget and honest designs up to theirs, then run."""
    r = w.r
    found(w)
    w.whole, w.houses = [], []
    names = list(GUILTY)
    bag: list[str] = ["bulk_dealer"] if w.g_budget > 8 else []
    bag = ["ad_trader"] * min(8, w.g_budget // 20) + bag
    used, ring = 0, 0
    odds = [r.gammavariate(1.5, 1) for _ in names]
    first = r.sample(names, len(names))
    while used < w.g_budget:
        pick = bag.pop() if bag else first.pop() if first else r.choices(names, odds)[0]
        least, fn = GUILTY[pick]
        cap = w.g_budget - used
        if pick == "bulk_dealer" and len(w.whole) > w.n // 2500 or least > cap:
            continue
        before, ring = len(w.name), ring + 1
        fn(w, min(cap, max(least, w.g_budget // 3 + 1)), f"ring{ring}")
        used += len(w.name) - before
    stop = len(w.name) + max(w.h_budget, w.n - len(w.name))
    stop = max(min(stop, w.n), len(w.name))
    order = ["remit_house"] + r.sample([h for h in HONEST if h != "remit_house"], len(HONEST) - 1)
    odds = [r.gammavariate(2, 1) for _ in order]
    done = 0
    while done < len(order) or len(w.name) < stop:
        HONEST[order[done] if done < len(order) else r.choices(order, odds)[0]](w)
        done += 1
    for a, vigour in w.lives:  # savings behind the wallets of owners and of the guilty who live from them
        if a not in w.purse and r.random() < 0.35:  # a job or a family beside the business
            src, pay, topic = r.choice(w.bosses + w.people), r_u(w, 300, 3000), r.choice(["wage", "kin"])
            w.daily(9, 20, lambda a=a, s=src, y=pay, t=topic: w.pay(s, a, w.ln(y, 0.2, 2), "transfer", t),
                    p=0.1)
        if a not in w.purse and not w.guilt[a] and r.random() < 0.06:  # an honest owner who saves in coins
            ex = r.choice(w.exchanges)
            w.arrive(0.12, "eve", lambda a=a, e=ex: w.pay(a, e, w.ln(900, 0.7, 1), "transfer", None,
                    "shrink"))
        w.purse.setdefault(a, w.y(1500 * vigour * w.wealth * max(1.0, w.days / 20)))
    w.run(plan_life(w))


def write(w: World, out: Path) -> None:
    """Write the five files and print a summary."""
    out.mkdir(parents=True, exist_ok=True)
    r = w.r
    ts, a, b, amt, ch, memo = w.tx
    n = len(ts)
    order = np.argsort(np.array(ts), kind="stable")
    take = lambda col: [col[i] for i in order]  # noqa: E731
    ids = w.g.permutation(n)
    t = (np.array(ts, dtype=np.int64)[order] + w.t0) * 1000
    table = pa.table({"tx_id": pa.array([f"T{i:09d}" for i in ids.tolist()]), "ts": pa.array(t,
            pa.timestamp("us", tz="UTC")), "seq": pa.array(np.arange(n, dtype=np.int64)), "payer":
            pa.array([w.name[i] for i in take(a)]), "payee": pa.array([w.name[i] for i in take(b)]),
            "amount_minor": pa.array(take(amt), pa.int64()), "currency": pa.array([w.code] * n), "channel":
            pa.array(take(ch), pa.string()), "memo": pa.array(take(memo), pa.string())})
    pq.write_table(table, out / "transactions.parquet")

    def dump(name: str, head: list[str], rows: list[tuple]) -> None:
        with open(out / name, "w", newline="", encoding="utf-8") as f:
            csv.writer(f, lineterminator="\n").writerows([head, *rows])

    dump("prices.csv", ["ts", "asset", "quote", "price"], [((w.start +
            timedelta(hours=h)).strftime("%Y-%m-%dT%H:%M:%SZ"), k, w.code, f"{p:.6g}" if p < 1 else
            f"{p:.4f}") for k, path in w.price.items() for h, p in enumerate(path)])
    known = [] if r.random() < 0.2 else r.sample(w.exchanges, r.randint(1, max(1, len(w.exchanges) - 1)))
    dump("exchange_accounts.csv", ["account", "name"], [(w.name[i], f"Exchange {chr(65 + k)}") for k, i in
            enumerate(known)])
    seen = {"ad_trader": 0.65, "town_dealer": 0.2, "agent_coin": 0.35, "matchmaker": 0.4, "mule_family":
            0.4, "card_coin": 0.3, "bulk_dealer": 0.2, "till_front": 0.15, "mirror_remit": 0.1,
            "hobby_seller": 0.2, "phone_trader": 0.05, "fx_bureau": 0.1, "topup_reseller": 0.08, "ordinary":
            0.001, "outside": 0.004}
    level = r.choice([0.3, 0.7, 1.0])
    hits = [i for i in range(len(w.name)) if r.random() < level * seen.get(w.role[i], 0.04 if w.guilt[i]
            else 0.002) and w.role[i] not in ("bank", "exchange")]
    dump("contacts.csv", ["account", "source", "first_seen"], [(w.name[i], r.choice(["p2p_board",
            "chat_group", "forum"]), (w.start + timedelta(days=r.randint(-60, max(0, w.days -
            1)))).date().isoformat()) for i in hits])
    mix = r.sample(range(len(w.name)), len(w.name))
    dump("labels.csv", ["account", "role", "guilty", "group"], [(w.name[i], w.role[i], w.guilt[i],
            w.group[i]) for i in mix])
    N = len(w.name)
    cin, cout, vin, vout = Counter(b), Counter(a), Counter(), Counter()
    for x, z, v in zip(a, b, amt, strict=True):
        vout[x] += v
        vin[z] += v
    print(
        f"{w.code} {w.start.date()} accounts {N} payments {n} ({n / N:.1f} an account) guilty {sum(w.guilt)} "
        f"({sum(w.guilt) / N:.3f}) contacts {len(hits)} known exchanges {len(known)}/{len(w.exchanges)} "
        f"lowest balance {min(w.bal)}"
    )
    print(f"{'role':18}{'g':>2}{'n':>6}{'in/day':>8}{'out/day':>8}{'yuan in':>11}{'yuan out':>11}{'end':>10}")
    roles: dict[tuple[int, str], list[int]] = {}
    for i in range(N):
        roles.setdefault((w.guilt[i], w.role[i]), []).append(i)
    for (g, role), xs in sorted(roles.items()):
        m = lambda c, xs=xs, s=1.0: sum(c[i] for i in xs) / len(xs) / s  # noqa: E731
        print(
            f"{role:18}{g:>2}{len(xs):>6}{m(cin, s=w.days):>8.1f}{m(cout, s=w.days):>8.1f}"
            f"{m(vin, s=w.unit):>11.0f}{m(vout, s=w.unit):>11.0f}"
            f"{np.median([w.bal[i] for i in xs]) / w.unit:>10.0f}"
        )


def main() -> None:
    """Command line."""
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--out", type=Path, required=True)
    ap.add_argument("--seed", type=int, required=True)
    ap.add_argument("--accounts", type=int, default=5000)
    ap.add_argument("--days", type=int, default=14)
    ap.add_argument("--guilty", type=float, default=0.02)
    ap.add_argument("--currency", default="CNY")
    o = ap.parse_args()
    w = World(o.seed, o.accounts, o.days, o.guilty, o.currency)
    build(w)
    write(w, o.out)


if __name__ == "__main__":
    main()
