"""Heard: who was told of an order and whether it reached them, what they said, and what was ruled. Pure."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from ringfence.cases.appeal import Appeal, Ruling
from ringfence.cases.event import Event
from ringfence.cases.notice import Deferral, Delivery, Notice


class Told(msgspec.Struct, frozen=True):
    """The records of being heard of one order, as they are kept, each kind by time."""

    notices: tuple[Notice, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    deferrals: tuple[Deferral, ...] = ()
    appeals: tuple[Appeal, ...] = ()
    rulings: tuple[Ruling, ...] = ()


class Heard(msgspec.Struct, frozen=True):
    """Each notice with what became of it and its leaf in the log, each reply with its answer, each appeal
    with its ruling; None where there is none yet."""

    notices: tuple[tuple[Notice, tuple[Delivery, ...], int | None], ...]
    deferrals: tuple[Deferral, ...]
    replies: tuple[tuple[Event, Event | None], ...]
    appeals: tuple[tuple[Appeal, Ruling | None], ...]

    @property
    def anything(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self.notices or self.deferrals or self.replies or self.appeals)


def heard(told: Told, events: tuple[Event, ...], order: str, leaf: Callable[[str], int | None]) -> Heard:
    """What belongs to one order; ``events`` may be those of its whole case. ``leaf`` finds a record in the
    log."""
    mine = [event for event in events if event.order == order]
    answers = {event.about: event for event in mine if event.kind == "considered"}
    rulings = {ruling.appeal: ruling for ruling in told.rulings}
    return Heard(
        notices=tuple(
            (notice, tuple(fate for fate in told.deliveries if fate.notice == notice.id), leaf(notice.id))
            for notice in told.notices
        ),
        deferrals=told.deferrals,
        replies=tuple((event, answers.get(event.id)) for event in mine if event.kind == "replied"),
        appeals=tuple((appeal, rulings.get(appeal.id)) for appeal in told.appeals),
    )
