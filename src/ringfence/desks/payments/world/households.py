"""Honest people: wages, family, friends, second-hand goods, and those who buy coins for themselves."""

from __future__ import annotations

import numpy as np

from ringfence.desks.payments.world.amounts import FEN, HUNDREDS, LOG, MENU, TENS, YUAN
from ringfence.desks.payments.world.flows import Array
from ringfence.desks.payments.world.memos import SET
from ringfence.desks.payments.world.people import World
from ringfence.desks.payments.world.pools import POOL
from ringfence.desks.payments.world.rhythm import PROFILE
from ringfence.desks.payments.world.services import begin


def households(world: World) -> None:
    """Everybody who is not a firm and not guilty; what is left of the accounts are plain persons."""
    passers(world)
    students(world)
    sellers(world)
    friends(world)
    coin_people(world)
    rest = world.take("person", world.size - world.taken, person=True)
    world.join("workers", world.some(rest, 0.7))
    world.join("coin_people", world.some(rest, 0.2))
    world.join("punters", world.some(rest, 0.15))
    family(world, world.some(rest, 0.25))


def passers(world: World) -> None:
    """Wages that go on to the family within minutes or days; day labourers who cash out at once."""
    at = world.take("salary_passer", world.about(0.02), person=True)
    world.join("workers", at)
    n, d = len(at), world.draw.about("salary_passer")
    world.relay.add(
        at, every=1440.0, keep_low=0.0, keep_high=d.share("kept", 0.02, 0.4, n), delay_low=2.0,
        delay_high=d.scale("passes_on_after_minutes", 10, 1500, n), pieces=d.whole("transfers", 1, 3, n),
        unit=d.rng.choice([1, 10_000], n), targets=1, target=_kin(world, n), onward_memo=SET["family"],
        onward_memo_share=d.share("memo_share", 0, 0.7, n),
    )  # fmt: skip
    at = world.take("gig_worker", world.about(0.03, least=3), person=True)
    world.join("gig_workers", at)
    n, d = len(at), world.draw.about("gig_worker")
    world.relay.add(
        at, chance=d.share("cashes_out", 0.5, 1, n), every=d.scale("cashes_out_every_minutes", 30, 1440, n),
        keep_low=0.0, keep_high=d.share("kept", 0, 0.1, n), delay_low=1.0,
        delay_high=d.scale("cashes_out_after_minutes", 5, 240, n), targets=1,
        target=np.where(d.rng.random(n) < 0.6, d.rng.choice(world.members["bank"][0], n), _kin(world, n)),
    )  # fmt: skip


def students(world: World) -> None:
    """Money from home; and one pays the table's bill, the others pay their shares within the hour."""
    at = world.take("student", world.about(0.05, least=4), person=True)
    world.join("students", at)
    n, d = len(at), world.draw.about("student")
    world.collect.add(
        at, rate=8.0, period=d.rng.choice([7, 30], n), phase=d.rng.integers(0, 30, n),
        profile=PROFILE["evening"],
        kind=LOG, a1=d.scale("from_home", 300, 2000, n) * 100, a2=0.3, ending=HUNDREDS, pool=POOL["persons"],
        circle=2, begin=begin(world, n), repeat=1.0, memo=SET["family"], memo_share=0.4,
    )  # fmt: skip
    payer = world.some(at, 0.4)
    n = len(payer)
    world.collect.add(
        payer, profile=PROFILE["evening"], active=d.share("pays_bill_share", 0.02, 0.25, n), rate=5.0,
        window=45.0, kind=MENU, a1=d.scale("bill_share", 15, 120, n).round(1) * 100, a2=1.0, a3=0.0,
        daily=0.4,
        pool=POOL["students"], circle=d.whole("friends", 5, 12, n), begin=begin(world, n), repeat=1.0,
        scan=d.share("scan_share", 0, 0.8, n), memo=SET["friends"],
        memo_share=d.share("memo_share", 0, 0.8, n),
    )  # fmt: skip


def sellers(world: World) -> None:
    """Second-hand sellers and collectors of coins that one can hold."""
    at = world.take("second_hand_seller", world.about(0.015), person=True)
    n, d = len(at), world.draw.about("second_hand_seller")
    world.collect.add(
        at, profile=PROFILE["evening"], rate=d.scale("receipts_a_day", 0.1, 6, n), sigma=0.4, kind=LOG,
        a1=d.scale("median_sum", 30, 800, n) * 100, a2=d.uniform("sum_sigma", 0.5, 1.2, n),
        ending=d.rng.choice([YUAN, TENS], n), pool=POOL["persons"], repeat=0.0, memo=SET["collect"],
        scan=d.share("scan_share", 0, 0.7, n), memo_share=d.share("memo_share", 0, 0.6, n),
        refund=d.share("refund_share", 0, 0.05, n),
    )  # fmt: skip


def friends(world: World) -> None:
    """Red packets in a circle, loans that are returned, and people who lend more often."""
    at = world.take("red_packet_player", world.about(0.02, least=3), person=True)
    world.join("punters", world.some(at, 0.3))
    n, d = len(at), world.draw.about("red_packet_player")
    world.collect.add(
        at, profile=PROFILE["evening"], active=d.share("active_share", 0.1, 0.8, n),
        rate=d.scale("receipts_a_day", 2, 30, n), window=d.scale("minutes", 20, 240, n), kind=LOG,
        a1=d.scale("median_sum", 2, 40, n) * 100, a2=0.8, ending=d.rng.choice([FEN, YUAN], n),
        pool=POOL["persons"], circle=d.whole("circle", 3, 15, n), begin=begin(world, n), repeat=1.0,
        memo=SET["friends"], memo_share=d.share("memo_share", 0, 0.6, n),
    )  # fmt: skip
    at = world.take("lender", world.about(0.02), person=True)
    n, d = len(at), world.draw.about("lender")
    world.returns.add(
        at, profile=PROFILE["day"], rate=d.scale("loans_a_day", 0.02, 0.4, n), kind=LOG,
        a1=d.scale("median_sum", 200, 4000, n) * 100, a2=0.8, ending=HUNDREDS, to_pool=POOL["persons"],
        chance=d.share("returned", 0.6, 1, n), back_high=d.uniform("back_high", 1.0, 1.1, n, floor=1.0),
        delay_low=30.0, delay_high=d.scale("returned_after_minutes", 300, 20_000, n), memo=SET["friends"],
        memo_share=d.share("memo_share", 0, 0.8, n),
    )  # fmt: skip


def family(world: World, at: Array) -> None:
    """Small sums among kin and friends, now and then."""
    n, d = len(at), world.draw.about("person")
    world.collect.add(
        at, profile=PROFILE["day"], rate=d.scale("from_friends_a_day", 0.05, 0.6, n), kind=LOG,
        a1=d.scale("median_sum", 20, 300, n) * 100, a2=1.0, ending=d.rng.choice([FEN, YUAN, TENS], n),
        pool=POOL["persons"], circle=d.whole("circle", 3, 20, n), begin=begin(world, n), repeat=0.9,
        scan=0.1, memo=SET["friends"], memo_share=d.share("memo_share", 0, 0.5, n),
    )  # fmt: skip


def coin_people(world: World) -> None:
    """Ordinary buyers of coins, who are customers and not dealers; some pay an exchange themselves."""
    at = world.take("coin_buyer", world.about(0.1), person=True)
    world.join("coin_people", np.tile(at, 3))
    world.join("workers", world.some(at, 0.6))
    if not len(world.members["exchanges"]):
        return
    at = world.take("exchange_user", world.about(0.02), person=True)
    world.join("workers", world.some(at, 0.8))
    # Some who keep a shop, sell second-hand or collect for others put their own money there too.
    known = world.role[np.arange(world.taken)]
    traders = [world.roles.index(role) for role in ("shop_owner", "second_hand_seller", "dues_collector")]
    at = np.concatenate([at, world.some(np.flatnonzero(np.isin(known, traders)), 0.06)])
    n, d = len(at), world.draw.about("exchange_user")
    world.returns.add(
        at, profile=PROFILE["evening"], rate=d.scale("deposits_a_day", 0.03, 0.5, n), kind=LOG,
        a1=d.scale("median_sum", 300, 5000, n) * 100, a2=0.7, ending=HUNDREDS, to_pool=POOL["exchanges"],
        chance=d.share("taken_back", 0.2, 0.9, n), back_low=d.share("back_low", 0.3, 0.9, n),
        back_high=d.uniform("back_high", 1.0, 1.4, n, floor=1.0), delay_low=60.0,
        delay_high=d.scale("taken_back_after_minutes", 1000, 15_000, n),
    )  # fmt: skip


def _kin(world: World, n: int) -> Array:
    """Somebody of the persons made so far, for each."""
    known = np.concatenate(world.members["persons"])
    return world.draw.rng.choice(known, n)
