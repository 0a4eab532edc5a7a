"""Funnel: how many subjects come through each step of the way, and why the others do not. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

import msgspec

from ringfence.interfaces.report.dossier import Dossier
from ringfence.interfaces.report.gather import Gathered, Looked
from ringfence.interfaces.report.words import plain

EXCHANGE: Final = frozenset({"fiat_token_exchange", "token_token_exchange", "central_counterparty"})


class Step(msgspec.Struct, frozen=True):
    """``share`` is of the first step, 0 to 1; ``away`` says what became of those left behind here."""

    label: str
    count: int
    share: float
    away: str


def funnel(gathered: Gathered, dossiers: Iterable[Dossier]) -> tuple[Step, ...]:
    """Steps from the register to the verified measure, counting subjects.

    Each step counts what it says, and not what is left of the step before: where a later step is
    larger (an order made on older findings), that shows.
    """
    every = tuple(dossiers)
    looked = tuple(gathered.looked.values())
    seen = [item for item in looked if item.inside is not None or item.outside is not None]
    readable = [item for item in seen if "accessible" in (item.inside, item.outside)]
    exchange = [item for item in readable if _exchange(item) == "met"]
    made_out = [item for item in looked if item.assessment == "made_out"]
    with_case = {item.case.subject for item in every}
    ordered = {item.case.subject for item in every if item.state == "active"}
    verified = {item.case.subject for item in every if item.state == "active" and item.verified}
    known = set(gathered.register) | set(gathered.looked) | with_case
    steps = [
        ("Registered or asked for", len(known), ""),
        ("Looked at", len(seen), _away([("not looked at", len(known) - len(seen))])),
        ("Readable", len(readable), _away(_unread(seen))),
        ("Exchange service met", len(exchange), _away(_counted(_exchange(item) for item in readable))),
        ("Made out", len(made_out), _away(_counted(i.assessment for i in exchange if i not in made_out))),
        ("Case", len(with_case), ""),
        ("Order active", len(ordered), _away(_counted(_undecided(i) for i in every if i.state != "active"))),
        ("Verified", len(verified), _away(_unverified(every))),
    ]
    base = max([count for _, count, _ in steps] or [0]) or 1
    return tuple(Step(label, count, count / base, away) for label, count, away in steps)


def _exchange(item: Looked) -> str:
    states = {finding.state for finding in item.findings if finding.element in EXCHANGE}
    return "met" if "met" in states else "unclear" if "unclear" in states else "not met"


def _unread(seen: Iterable[Looked]) -> list[tuple[str, int]]:
    unread = (item for item in seen if "accessible" not in (item.inside, item.outside))
    return _counted(item.inside or item.outside or "unknown" for item in unread)


def _undecided(item: Dossier) -> str:
    if item.orders:
        return f"with an order {item.state}"
    return "already unreachable" if item.looked and item.looked.already_unreachable else "without an order"


def _unverified(every: Iterable[Dossier]) -> list[tuple[str, int]]:
    active = (item for item in every if item.state == "active" and not item.verified)
    return _counted("not known yet" if item.verified is None else "not as expected" for item in active)


def _counted(words: Iterable[str]) -> list[tuple[str, int]]:
    return [(plain(word), count) for word, count in Counter(words).most_common() if word != "met"]


def _away(parts: Iterable[tuple[str, int]]) -> str:
    return ", ".join(f"{count:,} {word}" for word, count in parts if count)
