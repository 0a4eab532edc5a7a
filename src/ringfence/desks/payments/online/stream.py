"""Stream: payments one by one, in order or somewhat late, and what is to be told of them.

The watermark is the latest time seen less the lateness allowed. What is not yet past it is held and put in
order (by time, then ``seq``, then arrival); what sorts before a payment that was already let through is
refused, and counted as ``late``.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec
import numpy as np

from ringfence.core.errors import InputError, StoreError
from ringfence.desks.payments.alert import Seen
from ringfence.desks.payments.explain import alerts, written
from ringfence.desks.payments.lists import Prices
from ringfence.desks.payments.online.event import Checked, Event, checked
from ringfence.desks.payments.online.identities import Identities
from ringfence.desks.payments.online.scorer import Hit, Scorer
from ringfence.desks.payments.online.shelf import Shelf
from ringfence.desks.payments.online.signer import Signer
from ringfence.desks.payments.online.spill import Spill
from ringfence.desks.payments.parameters import SHIFT
from ringfence.desks.payments.rules import Rules
from ringfence.desks.payments.signed import outside_of

CURRENCIES: Final = 256  # that a book's key has room for
REMEMBERED: Final = 1 << 16  # at least so many of the last ids are compared with

Told = dict[str, Any]


class Stream:
    """``lateness`` in µs; ``memory`` in bytes bounds the tables, 0: not; what does not fit goes to files of
    ``spill``. What is told is numbered (``n``)."""

    def __init__(
        self, rules: Rules, identities: Identities | None = None, prices: Prices | None = None, *,
        lateness: int = 0, memory: int = 0, shelf: Shelf | None = None, spill: Spill | None = None,
    ) -> None:  # fmt: skip
        self.rules = rules
        self.identities = Identities(frozenset(), {}, None) if identities is None else identities
        self.shelf = Shelf(None) if shelf is None else shelf
        self.scorer = Scorer(rules, (), memory=memory, spill=spill)
        self.lateness = lateness
        self.currencies: dict[str, int] = {}
        self._names: list[str] = []  # of the currencies
        self.refused: Counter[str] = Counter()
        self.told = 0
        self._outside = outside_of(prices=prices)
        self._signer: Signer | None = None
        self._held: list[tuple[int, int, int, str, tuple[int, ...]]] = []
        self._seen = -1  # the latest time
        self._last: tuple[int, int] = (-1, -(2**63))  # time and seq of what was let through last
        self._arrived = 0
        self._with_seq: bool | None = None
        self._ms, self._within = -1, 0
        self._recent: dict[str, int] = {}
        self._earlier: dict[str, int] = {}
        self._ready: list[tuple[int, ...]] = []

    @property
    def taken(self) -> int:
        """Payments taken in, those held back until the watermark passes them too."""
        return self.shelf.rows + len(self._held)

    def push(self, event: Event | Mapping[str, Any]) -> list[Told]:
        """What one payment leads to: hits at once, alerts when they are final. A payment that cannot be
        taken is counted in ``refused``."""
        self.take(event)
        return list(self.flush())

    def take(self, event: Event | Mapping[str, Any]) -> str | None:
        """Only take it in; why not, where it cannot be (a reason of `quarantine.REASONS`)."""
        why = self._take(event if isinstance(event, Event) else Event.from_dict(event))
        if why:
            self.refused[why] += 1
        return why

    def _take(self, event: Event) -> str | None:
        one = checked(event)
        if isinstance(one, str):
            return one
        if self._with_seq is None:
            self._with_seq = one.seq is not None
        elif self._with_seq != (one.seq is not None):
            return "bad_seq"  # all have one, or none: otherwise nothing tells the order
        self._arrived += 1
        seq = self._arrived if one.seq is None else one.seq
        if (one.ts, seq) < self._last:
            return self._again(one, self.currencies.get(one.currency, -1)) or "late"
        code = self.currencies.get(one.currency)
        if code is None:
            if len(self.currencies) == CURRENCIES:
                return "currencies"
            code = self._known(one.currency)
        if again := self._again(one, code):
            return again
        payer, payee = self.identities.number(one.payer), self.identities.number(one.payee)
        self._recent[one.tx_id] = hash((one.ts, one.amount, code, payer, payee))
        if len(self._recent) == REMEMBERED:
            self._earlier, self._recent = self._recent, {}
        values = (payer, payee, one.amount, code, one.channel, one.memo)
        self._seen = max(self._seen, one.ts)
        if not self._held and one.ts <= self._seen - self.lateness:
            self._through(one.ts, seq, one.tx_id, values)
            return None
        heapq.heappush(self._held, (one.ts, seq, self._arrived, one.tx_id, values))
        self._release(self._seen - self.lateness)
        return None

    def _again(self, one: Checked, code: int) -> str | None:
        """Whether its id came before, with the same content or another."""
        known = self._recent.get(one.tx_id, self._earlier.get(one.tx_id))
        if known is None:
            return None
        payer, payee = self.identities.number(one.payer), self.identities.number(one.payee)
        # A hash of whole numbers is the same in every process.
        same = known == hash((one.ts, one.amount, code, payer, payee))
        return "duplicate" if same else "conflict"

    def _release(self, watermark: int) -> None:
        while self._held and self._held[0][0] <= watermark:
            ts, seq, _, tx_id, values = heapq.heappop(self._held)
            self._through(ts, seq, tx_id, values)

    def _through(self, ts: int, seq: int, tx_id: str, values: tuple[int, ...]) -> None:
        self._last = (ts, seq)
        ms = ts // 1000
        self._within = self._within + 1 if ms == self._ms else 0
        self._ms = ms
        if self._within >> SHIFT:
            raise InputError("more than 1,048,576 payments in one millisecond", hint="give finer times")
        o = (ms << SHIFT) | self._within
        row = self.shelf.rows
        self.shelf.add(tx_id, values[3], o, ts)
        self._ready.append((row, o, ts, *values))

    def _known(self, currency: str) -> int:
        code = self.currencies[currency] = len(self.currencies)
        self._names.append(currency)
        self._signer = None
        return code

    def flush(self) -> Iterator[Told]:
        """What the payments taken in so far lead to."""
        if not self._ready:
            return
        if self._signer is None:
            names = list(self.currencies)
            self._signer = Signer(self.rules, names, self._outside)
            self.scorer.know(names)
        events = np.array(self._ready, np.int64)
        self._ready.clear()
        signed = self._signer.sign(events, self.identities.exchange, self.identities.advertised)
        at, orders = 0, events[:, 1]
        for one in self.scorer.take(signed):
            if isinstance(one, Seen):
                yield self._alert(one)
                continue
            while orders[at] < one.o:
                at += 1
            yield self._numbered(self._hit(one, int(events[at, 0]), int(events[at, 2])))

    def end(self) -> Iterator[Told]:
        """Where the stream ends: what was held, and every alert that is still open."""
        self._release(self._seen)
        yield from self.flush()
        for one in self.scorer.rest():
            yield self._alert(one)

    def trim(self) -> None:
        """Forget ids that no alert can name any more."""
        least = self.scorer.open.least_row()
        reach = max(self.scorer.plan.rest, *self.scorer.plan.horizon.values())
        self.shelf.drop(self.shelf.rows if least is None else least, self.scorer.now - reach)

    def _numbered(self, told: Told) -> Told:
        told["n"] = self.told
        self.told += 1
        return told

    def _hit(self, one: Hit, row: int, ts: int) -> Told:
        tx_id, code = self.shelf.get(row)
        return {
            "event": "hit", "account": self.identities.name(one.account), "typology": one.typology,
            "tx_id": tx_id, "ts": written(ts), "legs": one.legs,
            "got": one.got, "gave": one.gave, "currency": self.currency_name(code),
        }  # fmt: skip

    def _alert(self, one: Seen) -> Told:
        (said,) = alerts([one], self, self.rules)
        return self._numbered({"event": "alert", **msgspec.structs.asdict(said)})

    def account(self, number: int) -> str:
        """`explain.Names`: the caller's own names."""
        return self.identities.name(number)

    def transactions(self, rows: Sequence[int]) -> tuple[str, ...]:
        return tuple(self.shelf.get(row)[0] for row in rows)

    def currency(self, row: int) -> str:
        return self.currency_name(self.shelf.get(row)[1])

    def moment(self, row: int) -> tuple[int, int]:
        return self.shelf.moment(row)

    def currency_name(self, code: int) -> str:
        return self._names[code]

    def to_dict(self) -> dict[str, Any]:
        """For a file, without the tables and the accounts; nothing may be waiting for `flush`."""
        assert not self._ready  # noqa: S101
        return {
            "rules": self.rules.digest, "lateness": self.lateness, "currencies": list(self.currencies),
            "refused": dict(self.refused), "told": self.told, "held": self._held, "seen": self._seen,
            "last": self._last, "arrived": self._arrived, "with_seq": self._with_seq, "ms": self._ms,
            "within": self._within, "recent": self._recent, "earlier": self._earlier,
            "now": self.scorer.now, "open": self.scorer.open.to_dict(), "shelf": self.shelf.to_dict(),
            "spill": self.scorer.spill.to_dict(),
        }  # fmt: skip

    def load(self, told: dict[str, Any], tables: Any) -> None:  # noqa: ANN401 (a `State`)
        """From `to_dict`, into a stream that has taken nothing in. Raises `StoreError` for another one's."""
        if told["rules"] != self.rules.digest or told["lateness"] != self.lateness:
            raise StoreError(
                "the state was made under other rules or another lateness",
                hint="give the same ones, or begin with a new folder",
            )
        self._names = told["currencies"]
        self.currencies = {name: code for code, name in enumerate(self._names)}
        self.refused = Counter(told["refused"])
        self._held = [(ts, seq, at, tx, tuple(values)) for ts, seq, at, tx, values in told["held"]]
        heapq.heapify(self._held)
        self.told, self._seen, self._arrived = told["told"], told["seen"], told["arrived"]
        self._last, self._with_seq = tuple(told["last"]), told["with_seq"]
        self._ms, self._within = told["ms"], told["within"]
        self._recent, self._earlier = told["recent"], told["earlier"]
        self.shelf.load(told["shelf"])
        self.scorer.know(list(self.currencies))
        self.scorer.now, self.scorer.state = told["now"], tables
        self.scorer.open.load(told["open"])
        self.scorer.spill.load(told["spill"])


def taken(stream: Stream, events: Iterable[Event | Mapping[str, Any]]) -> Iterator[Told]:
    """Many at once, which is quicker; the same."""
    for event in events:
        stream.take(event)
    yield from stream.flush()
