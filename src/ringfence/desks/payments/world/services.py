"""Honest firms: bills, rent, wages, markets, wholesale, agents, schools, charities."""

from __future__ import annotations

import numpy as np

from ringfence.desks.payments.world.amounts import FEN, HUNDREDS, LIMIT, LOG, MENU, PRICE, SALARY, TENS, YUAN
from ringfence.desks.payments.world.flows import Array
from ringfence.desks.payments.world.memos import SET
from ringfence.desks.payments.world.people import World
from ringfence.desks.payments.world.pools import POOL
from ringfence.desks.payments.world.rhythm import PROFILE

LIMITS = np.asarray([5_000, 10_000, 20_000, 50_000]) * 100  # transfer limits, minor units


def services(world: World) -> None:
    """Every firm of a world."""
    bank(world)
    billers(world)
    employers(world)
    markets(world)
    wholesale(world)
    agents(world)
    property_sales(world)
    schools(world)


def bank(world: World) -> None:
    """Where money comes into the payment system and leaves it."""
    world.join("bank", world.take("bank", 2))


def billers(world: World) -> None:
    """Power, water, telephone: direct debits, many at the same moment; and those who sell top-ups."""
    at = world.take("biller", world.about(0.0006, least=2))
    n, d = len(at), world.draw.about("biller")
    world.collect.add(
        at, profile=PROFILE["office"], rate=d.uniform("receipts_a_day_per_1000_accounts", 15, 50, n)
        * world.size / 1000 / n, sigma=0.3, kind=LOG, a1=d.scale("median_sum", 40, 160, n) * 100, a2=0.6,
        pool=POOL["persons"], memo=SET["bill"], memo_share=d.share("memo_share", 0.4, 1, n), every=1440.0,
        keep_low=0.0, keep_high=0.05, delay_low=60.0, delay_high=300.0, to_pool=POOL["bank"],
    )  # fmt: skip
    at = world.take("topup_reseller", world.about(0.002), person=True)
    n, d = len(at), world.draw.about("topup_reseller")
    world.collect.add(
        at, profile=PROFILE["day"], rate=d.scale("receipts_a_day", 5, 60, n), sigma=0.3, kind=MENU,
        a1=d.whole("lowest_price", 1, 5, n) * 1000, a2=d.whole("prices", 2, 6, n), a3=2000.0, ending=YUAN,
        pool=POOL["persons"], circle=d.scale("circle", 30, 300, n).astype(int), begin=begin(world, n),
        repeat=d.share("regulars_share", 0.2, 0.8, n), scan=d.share("scan_share", 0.3, 1, n),
        memo=SET["topup"], memo_share=d.share("memo_share", 0.1, 0.8, n),
        every=d.scale("passes_on_every_minutes", 15, 240, n), keep_low=0.005,
        keep_high=d.share("margin", 0.01, 0.05, n), delay_low=1.0, delay_high=15.0,
        targets=1, target=d.rng.choice(world.members["bank"][0], n),
    )  # fmt: skip
    at = world.take("rent_collector", world.about(0.004), person=True)
    n, d = len(at), world.draw.about("rent_collector")
    world.collect.add(
        at, profile=PROFILE["evening"], rate=d.scale("receipts_a_day", 0.2, 4, n), kind=LOG,
        a1=d.scale("rent", 1200, 5000, n) * 100, a2=d.uniform("rent_sigma", 0.05, 0.5, n), ending=HUNDREDS,
        pool=POOL["persons"], circle=d.scale("tenants", 4, 60, n).astype(int), begin=begin(world, n),
        repeat=1.0, scan=d.share("scan_share", 0, 0.6, n), memo=SET["rent"],
        memo_share=d.share("memo_share", 0.2, 0.9, n),
    )  # fmt: skip


def employers(world: World) -> None:
    """Firms that pay wages, in one batch, after clients paid them; platforms that pay by the day."""
    at = world.take("employer", world.about(0.006, least=3))
    world.join("firms", at)
    firms = world.take("trade_firm", world.about(0.008, least=3))
    world.join("firms", firms)
    n, d = len(at), world.draw.about("employer")
    period = d.rng.choice([7, 14, 30, 30, 30], n)
    staff = np.maximum((0.5 * world.size * _portions(world, n)).astype(int), 2)
    world.payout.add(
        at, profile=PROFILE["office"], rate=8.0, active=1.0, period=period, phase=d.rng.integers(0, 30, n),
        kind=SALARY, a1=period / 30, pool=POOL["workers"], circle=staff, begin=np.cumsum(staff) - staff,
        all=1, batch=d.rng.random(n) < 0.75, memo=SET["salary"], memo_share=d.share("memo_share", 0.5, 1, n),
        lead_low=60.0, lead_high=d.scale("funded_minutes_before", 120, 1440, n), spread=240.0,
        margin=d.share("margin", 0, 0.3, n), fund_pieces=d.whole("clients", 1, 8, n), fund_pool=POOL["bank"],
        fund_memo=SET["trade"], fund_memo_share=0.6,
    )  # fmt: skip
    at = world.take("gig_platform", world.about(0.0004, least=2))
    n, d = len(at), world.draw.about("gig_platform")
    world.payout.add(
        at, profile=PROFILE["early"], rate=d.uniform("runs_a_day", 0.8, 1.6, n), kind=LOG,
        count=d.uniform("paid_a_run_share", 0.2, 0.6, n) * world.size * 0.03 / n + 1,
        a1=d.scale("median_pay", 60, 260, n) * 100, a2=0.5, pool=POOL["gig_workers"],
        batch=d.rng.random(n) < 0.7, memo=SET["salary"], memo_share=d.share("memo_share", 0, 1, n),
        margin=d.share("margin", 0.01, 0.2, n), fund_pieces=3, fund_pool=POOL["bank"],
    )  # fmt: skip


def markets(world: World) -> None:
    """Marketplaces that collect for sellers and pay them out within minutes, in batches."""
    at = world.take("marketplace", world.about(0.0006, least=2))
    n, d = len(at), world.draw.about("marketplace")
    world.collect.add(
        at, profile=PROFILE["evening"], rate=d.uniform("receipts_a_day_per_1000_accounts", 40, 160, n)
        * world.size / 1000 / n, sigma=0.2, kind=LOG, a1=d.scale("median_sum", 35, 110, n) * 100, a2=0.9,
        ending=PRICE, pool=POOL["persons"], memo=SET["goods"], memo_share=d.share("memo_share", 0, 0.3, n),
        scan=d.share("scan_share", 0, 0.5, n), refund=d.share("refund_share", 0.01, 0.06, n),
        every=d.scale("pays_out_every_minutes", 20, 240, n), keep_low=0.005,
        keep_high=d.share("fee", 0.01, 0.06, n), delay_low=1.0, delay_high=30.0,
        pieces=d.whole("sellers_a_run", 4, 30, n), gap=0.0, to_pool=POOL["sellers"],
    )  # fmt: skip
    at = world.take("online_seller", world.about(0.01, least=4), person=True)
    world.join("sellers", at)
    n, d = len(at), world.draw.about("online_seller")
    world.relay.add(
        at, every=1440.0, keep_low=d.share("margin_low", 0.05, 0.3, n), keep_high=0.5, delay_low=60.0,
        delay_high=d.scale("pays_supplier_after_minutes", 300, 3000, n), to_pool=POOL["wholesalers"],
        onward_memo=SET["trade"], onward_memo_share=0.4,
    )  # fmt: skip


def wholesale(world: World) -> None:
    """Large sums, often just below a limit, between few firms; the supplier is paid soon."""
    at = world.take("wholesaler", world.about(0.004, least=2))
    world.join("wholesalers", at)
    n, d = len(at), world.draw.about("wholesaler")
    near = d.rng.random(n) < 0.5
    limit = d.rng.choice(LIMITS, n)
    world.collect.add(
        at, profile=PROFILE["office"], weekend=0.3, rate=d.scale("receipts_a_day", 1.5, 9, n), sigma=0.3,
        kind=np.where(near, LIMIT, LOG), a1=np.where(near, limit, d.scale("median_sum", 3e3, 3e4, n) * 100),
        a2=np.where(near, d.share("limit_low", 0.85, 0.97, n), 0.7), a3=np.where(near, 1.0, 1e12),
        ending=YUAN, pool=POOL["firms"], circle=d.whole("clients", 3, 12, n), begin=begin(world, n),
        repeat=d.share("regulars_share", 0.85, 1, n), memo=SET["trade"],
        memo_share=d.share("memo_share", 0.1, 0.9, n), every=d.scale("pays_on_every_minutes", 120, 1440, n),
        keep_low=0.03, keep_high=d.share("margin", 0.05, 0.35, n), delay_low=20.0, delay_high=900.0, pieces=3,
        to_pool=POOL["bank"], chop=np.where(near, (limit * 0.999).astype(int), 0),
        onward_memo=SET["trade"], onward_memo_share=0.5,
    )  # fmt: skip


def agents(world: World) -> None:
    """Those who buy for others and pay one supplier the sum less a margin: the dealers' nearest kin."""
    for role, share, rush, every, median, memo in (
        ("purchasing_agent", 0.004, 0, (240, 1440), (150, 900), "agent"),
        ("ticket_agent", 0.003, 0, (20, 360), (80, 700), "agent"),
        ("group_buyer", 0.004, 1, (720, 1440), (15, 120), "group"),
    ):
        at = world.take(role, world.about(share), person=True)
        n, d = len(at), world.draw.about(role)
        world.collect.add(
            at, profile=PROFILE["day"], active=d.share("active_share", 0.2, 0.9, n),
            rate=d.scale("receipts_a_day", *((15, 90) if rush else (3, 30)), n), sigma=0.3,
            window=d.scale("rush_minutes", 20, 120, n) if rush else 0.0, kind=MENU if rush else LOG,
            a1=d.scale("sum", *median, n).round() * 100,
            a2=1.0 if rush else d.uniform("sum_sigma", 0.2, 0.9, n),
            a3=0.0 if rush else 1e12, daily=0.4 * rush, ending=PRICE if rush else YUAN, pool=POOL["persons"],
            circle=d.scale("circle", 30, 400, n).astype(int), begin=begin(world, n),
            repeat=d.share("regulars_share", 0.1, 0.95, n), scan=d.share("scan_share", 0, 0.9, n),
            memo=SET[memo], memo_share=d.share("memo_share", 0, 0.8, n), every=d.scale("pays_every_minutes",
            *every, n), keep_low=0.005, keep_high=d.share("margin", 0.01, 0.12, n), delay_low=3.0,
            delay_high=d.scale("pays_after_minutes", 10, 240, n), pieces=d.whole("transfers", 1, 2, n),
            to_pool=POOL["wholesalers"], onward_memo=SET["trade"], onward_memo_share=0.5,
        )  # fmt: skip


def property_sales(world: World) -> None:
    """Down payments: money gathered from family and bank, then transfers cut at the limit."""
    seller = world.take("property_seller", world.about(0.0006, least=1))
    at = world.take("property_buyer", world.about(0.002, least=2), person=True)
    n, d = len(at), world.draw.about("property_buyer")
    world.join("houses", seller)
    limit = d.rng.choice(LIMITS[1:], n)
    world.payout.add(
        at, profile=PROFILE["day"], rate=4.0, period=max(world.days, 1),
        phase=d.rng.integers(0, world.days, n),
        count=d.scale("transfers", 4, 14, n), kind=LIMIT, a1=limit, a2=d.share("limit_low", 0.95, 1, n),
        a3=1.0,
        ending=HUNDREDS, pool=POOL["houses"], circle=1, begin=begin(world, n), repeat=1.0,
        lead_low=60.0, lead_high=d.scale("gathered_minutes_before", 120, 2000, n),
        spread=d.scale("spread_minutes", 30, 900, n), margin=d.share("margin", 0, 0.05, n),
        fund_pieces=d.whole("givers", 1, 6, n), fund_pool=POOL["bank"], memo=SET["house"],
        memo_share=d.share("memo_share", 0, 0.9, n), fund_memo=SET["family"], fund_memo_share=0.3,
    )  # fmt: skip


def schools(world: World) -> None:
    """Fees, drives and dues: the same sum from many within days, then one payment or none."""
    for role, share, rate, sums, sweep, memo, ending in (
        ("school", 0.001, (40, 200), (200, 3000), 0.0, "school", TENS),
        ("charity", 0.001, (20, 200), (10, 60), 1440.0, "gift", FEN),
        ("dues_collector", 0.004, (8, 50), (20, 300), 1440.0, "dues", TENS),
    ):
        at = world.take(role, world.about(share), person=role == "dues_collector")
        n, d = len(at), world.draw.about(role)
        first = (d.rng.random(n) * world.days * 0.8).astype(int)
        world.collect.add(
            at, profile=PROFILE["evening"], first=first, last=first + d.whole("days", 1, 8, n),
            rate=d.scale("receipts_a_day", *rate, n), sigma=0.5, kind=LOG if role == "charity" else MENU,
            a1=np.maximum(np.round(d.scale("sum", *sums, n), -1), 10) * 100, a2=1.0,
            a3=1e12 if role == "charity"
            else 0.0, ending=ending, pool=POOL["persons"], circle=d.scale("circle", 40, 400, n).astype(int),
            begin=begin(world, n), repeat=d.share("regulars_share", 0.6, 1, n),
            scan=d.share("scan_share", 0.1, 1, n), memo=SET[memo],
            memo_share=d.share("memo_share", 0.1, 0.9, n),
            every=sweep, keep_low=0.0, keep_high=d.share("kept", 0, 0.3, n), delay_low=60.0,
            delay_high=2000.0,
            to_pool=POOL["bank"], onward_memo=SET[memo], onward_memo_share=0.5,
        )  # fmt: skip


def begin(world: World, n: int) -> Array:
    """Where in a pool each circle starts."""
    return world.draw.rng.integers(0, world.size, n)


def _portions(world: World, n: int) -> Array:
    """Shares that sum to one, as unequal as firms are."""
    weight = np.exp(world.draw.rng.standard_normal(n))
    shares: Array = weight / weight.sum()
    return shares
