"""Which payments moved money: messages joined with their statuses by end-to-end id and message id.

The last word counts: money moved where a chosen status came and no rejection after it, at the time of the
first chosen one. What did not move is kept apart, with its status.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final

from ringfence.desks.payments.iso20022 import Payment, Status
from ringfence.desks.payments.quarantine import BadRow

SETTLED: Final = frozenset({"ACCC"})  # settled on the creditor's account
_REJECTED: Final = frozenset({"RJCT", "CANC"})


@dataclass
class Settled:
    """``moved`` have their final ``ends`` as id and the time of settlement; ``unmoved`` come with the last
    status (empty where there was none)."""

    moved: list[Payment] = field(default_factory=list)
    unmoved: list[tuple[Payment, str]] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        return dict(sorted(Counter(status or "no_status" for _, status in self.unmoved).items()))


def settle(said: Iterable[Payment | Status], chosen: frozenset[str] = SETTLED) -> Settled:
    """Join everything that the messages of an input say, in the order of the input."""
    done = Settled()
    payments: dict[tuple[str, str, str], Payment] = {}
    statuses: list[Status] = []
    for one in said:
        if isinstance(one, Status):
            statuses.append(one)
            continue
        if one.why:
            done.bad.append(BadRow(one.file, one.row, one.why))
            continue
        key = (one.message, one.ends, one.other)
        known = payments.setdefault(key, one)
        if known is not one:
            why = "duplicate" if known.content == one.content else "conflict"
            done.bad.append(BadRow(one.file, one.row, why))
    index = _Index(payments.values())
    heard: dict[int, list[Status]] = defaultdict(list)
    for status in statuses:
        fits = index.fitting(status)
        if not fits or (len(fits) > 1 and (status.ends or status.other)):
            why = "ambiguous_status" if fits else "unknown_payment"
            done.bad.append(BadRow(status.file, status.row, why))
            continue
        for at in fits:
            heard[at].append(status)
    for at, payment in enumerate(index.payments):
        payment = replace(payment, ends=index.name(payment))
        told = sorted(heard[at], key=lambda one: one.time)
        yes = [n for n, one in enumerate(told) if one.status in chosen]
        if yes and not any(one.status in _REJECTED for one in told[yes[-1] + 1 :]):
            done.moved.append(replace(payment, time=told[yes[0]].time or payment.time))
        else:
            done.unmoved.append((payment, told[-1].status if told else ""))
    return done


class _Index:
    """Payments, each once: an instruction goes into the transfer that carries it out."""

    def __init__(self, payments: Iterable[Payment]) -> None:
        self.payments: list[Payment] = []
        self._by_ends: dict[str, list[int]] = defaultdict(list)
        self._by_other: dict[str, list[int]] = defaultdict(list)
        self._messages: list[set[str]] = []
        self._of_message: dict[str, list[int]] = defaultdict(list)
        ordered = sorted(payments, key=lambda one: one.initiation)
        for one in ordered:
            same = [at for at in self._by_ends[one.ends] if self._carries(at, one)]
            at = same[0] if same else len(self.payments)
            if not same:
                self.payments.append(one)
                self._messages.append(set())
                self._by_ends[one.ends].append(at)
            self._messages[at].add(one.message)
            self._of_message[one.message].append(at)
            if one.other and at not in self._by_other[one.other]:
                self._by_other[one.other].append(at)

    def _carries(self, at: int, one: Payment) -> bool:
        transfer = self.payments[at]
        return one.initiation and not transfer.initiation and transfer.content == one.content

    def fitting(self, status: Status) -> list[int]:
        """The payments that a status is about."""
        if not status.ends and not status.other:
            return self._of_message.get(status.message, [])
        found = self._by_ends.get(status.ends, []) if status.ends else self._by_other.get(status.other, [])
        if status.message:
            found = [at for at in found if status.message in self._messages[at]]
        if len(found) > 1 and status.other:
            found = [at for at in found if self.payments[at].other == status.other] or found
        return found

    def name(self, payment: Payment) -> str:
        """The payment's id: its end-to-end id where that is unique here, else with message and own id."""
        alike = self._by_ends[payment.ends]
        if len(alike) == 1:
            return payment.ends
        twins = [at for at in alike if self.payments[at].message == payment.message]
        parts = [payment.message, payment.ends, *([payment.other] if len(twins) > 1 else [])]
        return "/".join(parts)
