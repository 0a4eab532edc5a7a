"""Forget: the way back from pseudonyms, in a vault, goes when its time is over and nothing needs it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date

import msgspec

from ringfence.cases.bodies import MAPPING, Body, mappings
from ringfence.cases.ending import ending
from ringfence.core.errors import InputError
from ringfence.desks.payments.pseudonym import account
from ringfence.desks.payments.vault import Vault
from ringfence.evidence.store import Store
from ringfence.rulebook.retention import Period, Retention, load_retention

WHOSE = "payment_firm"


class Due(msgspec.Struct, frozen=True):
    """Identifiers past the period of those of which nothing came: ``macs`` may go, by group in ``groups``,
    where nobody saw them after ``until``; of accounts ``needed`` by a case, order or appeal, ``held`` by a
    legal hold, and ``later``: a case or an order that is over keeps them until its own period ends."""

    period: Period
    macs: tuple[bytes, ...]
    until: date | None
    groups: dict[str, int]
    needed: int
    held: int
    later: int


def due(
    house: Store, vault: Vault, pack: str, day: date, load: Callable[[str], Retention] = load_retention
) -> Due:
    """What may be forgotten on a day. Names and contacts go by the day they were seen alone: no record of a
    store refers to them. Raises `InputError` for a pack that has no period for it."""
    packs = {pack: load(pack)}
    period = _seen(packs[pack], day)
    months = [month for month in vault.months() if period.last_day(month) < day]
    past = [(group, mac, month) for month in months for group, mac in vault.seen_last(month)]
    groups: Counter[str] = Counter(group for group, _, _ in past if group != "accounts")
    macs = [mac for group, mac, _ in past if group != "accounts"]
    stays: Counter[str] = Counter()
    accounts = [(mac, month) for group, mac, month in past if group == "accounts"]
    with house.database.read() as connection:
        bodies = mappings(connection, ((account(mac), month) for mac, month in accounts))
        for (mac, _), body in zip(accounts, bodies, strict=True):
            for name in body.packs:
                packs.setdefault(name, load(name))
            why = _stays(body, pack, packs, day)
            stays[why] += 1
            if not why:
                macs.append(mac)
                groups["accounts"] += 1
    until = max(months, default=None)
    return Due(period, tuple(macs), until, dict(groups), stays["needed"], stays["held"], stays["later"])


def _seen(retention: Retention, day: date) -> Period:
    for period in retention.on(day, MAPPING, WHOSE):
        if period.starts == "kept" and period.bound != "at_least":
            return period
    raise InputError(
        f"{retention.jurisdiction} says of no mapping when it is to go", hint="nothing is forgotten without"
    )


def _stays(body: Body, pack: str, packs: dict[str, Retention], day: date) -> str:
    """Why an account's identifier stays; empty where it may go. An account with cases under several packs
    goes when each lets it, whichever is asked for."""
    if body.held:
        return "held"
    if body.needed:
        return "needed"
    concerned = body.packs or (pack,)
    ends = [ending(body, name, packs, WHOSE, day) for name in concerned]
    return "" if all(end is not None and end.day <= day for end in ends) else "later"
