"""Many active orders in a store, written through its own tables and triggers, faster than one by one.

Each order has its case, its proposal, its approval, its activation and their leaves in the log, as the
docket writes them. What is left out: one approval instead of two, and the events other than *activated*.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from cases.examples import SMALLER, Desk, assessment
from ringfence.cases.approval import Approval
from ringfence.cases.case import Case
from ringfence.cases.event import Event
from ringfence.cases.order import Order, Scope
from ringfence.cases.proposal import propose
from ringfence.core.canonical import digest
from ringfence.core.ids import derived, reference
from ringfence.core.time import stamp
from ringfence.evidence import log

PAGE = 10_000
APPROVER = "bench-wang"
_INSERT = {
    "cases": "id subject jurisdiction provision state opened_at closed_at laboratory",
    "approvals": "id order_id approver act at record digest",
    "case_events": "id case_id order_id kind at actor about record digest",
    "leaves": "idx id kind digest time entry hash",
}


def name(number: int) -> str:
    """The host of an order."""
    return f"venue-{number:07d}.com"


def build(path: Path, many: int) -> float:
    """Write ``many`` active orders; returns the seconds that it took."""
    began = time.monotonic()
    desk = Desk(path)
    at = datetime.now(UTC)
    desk.clock.at = at - timedelta(minutes=1)
    for person, role in (("bench-li", "analyst"), ("bench-wang", "approver"), ("bench-chen", "approver")):
        desk.people.add(person, person, role)
    found = assessment()
    case = Case("", "", "cn", found.provision, "open", "", None, False, found.id)
    pattern = propose(
        msgspec.structs.replace(case, subject=found.subject), found, "block_access", "bench-li",
        Scope("huobi.pro", False), "an order book in yuan for residents", at + timedelta(days=180), at,
        why_not_smaller=SMALLER, needed=1, policy="nodata", review=None,
    )  # fmt: skip
    desk.database.close()
    raw = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=wal", "synchronous=off", "cache_size=-1000000", "recursive_triggers=on"):
        raw.execute(f"pragma {pragma}")
    for first in range(0, many, PAGE):
        raw.execute("begin immediate")
        _page(raw, pattern, range(first, min(first + PAGE, many)), stamp(at))
        raw.execute("commit")
    raw.execute("pragma wal_checkpoint(truncate)")
    raw.close()
    return time.monotonic() - began


class _Sealed:
    """A record with its bytes and digest, each computed once."""

    def __init__(self, kind: str, record: bytes, name: str = "") -> None:
        self.kind, self.record, self.digest = kind, record, digest(record)
        self.id = name or derived(kind, self.digest)


def _page(raw: sqlite3.Connection, pattern: Order, numbers: range, at: str) -> None:
    cases, proposals, moves, approvals, events, leaves = [], [], [], [], [], []
    for number in numbers:
        host, order, case = name(number), reference("RF"), reference("CA")
        plain = msgspec.structs.replace(
            pattern, id=order, case=case, subject=f"site:{host}", scope=Scope(host, False)
        )
        proposed = _Sealed("order", plain.record, order)
        active = _Sealed(
            "order", msgspec.structs.replace(plain, state="active", activated_at=at).record, order
        )
        yes = _Sealed(
            "approval", Approval(order, proposed.digest, APPROVER, "approve", at, "", "0" * 32).record
        )
        event = _Sealed("event", Event("activated", at, APPROVER, "0" * 32, case, order).record)
        cases.append((case, plain.subject, "cn", "cn", "open", at, None, False))
        proposals.append((*plain.to_row().values(), proposed.record, proposed.digest))
        moves.append((at, active.record, active.digest, order))
        approvals.append((yes.id, order, APPROVER, "approve", at, yes.record, yes.digest))
        events.append((event.id, case, order, "activated", at, APPROVER, None, event.record, event.digest))
        leaves += [proposed, yes, active, event]
    _insert(raw, "cases", cases)
    _insert(raw, "orders", proposals, " ".join((*pattern.to_row(), "record", "digest")))
    _insert(raw, "approvals", approvals)
    raw.executemany(
        "update orders set state = 'active', activated_at = ?, record = ?, digest = ? where id = ?", moves
    )
    _insert(raw, "case_events", events)
    (start,) = raw.execute("select coalesce(max(idx) + 1, 0) from leaves").fetchone()
    _insert(raw, "leaves", list(_leaves(leaves, start, at)))


def _leaves(leaves: list[_Sealed], start: int, at: str) -> Iterator[tuple[object, ...]]:
    for index, leaf in enumerate(leaves, start):
        entry = msgspec.json.encode(
            {"digest": leaf.digest, "id": leaf.id, "kind": leaf.kind, "time": at, "v": 1}, order="sorted"
        )
        yield index, leaf.id, leaf.kind, leaf.digest, at, entry, log.leaf_hash(entry)


def _insert(
    raw: sqlite3.Connection, table: str, rows: list[tuple[object, ...]], columns: str | None = None
) -> None:
    names = (columns or _INSERT[table]).split()
    marks = ", ".join("?" * len(names))
    raw.executemany(f"insert into {table} ({', '.join(names)}) values ({marks})", rows)


def zone(path: Path, *, serial: int = 1, twins: bool = False, more: tuple[str, ...] = ()) -> bytes:
    """The policy zone of a store's active orders, as `ringfence publish --target rpz` would list it."""
    raw = sqlite3.connect(path)
    lines = [
        "$ORIGIN rpz.ringfence.\n$TTL 60\n"
        f"@ IN SOA localhost. hostmaster.localhost. {serial} 3600 60 2592000 60\n@ IN NS localhost."
    ]
    for host, order, below in raw.execute("select host, id, subdomains from orders where state = 'active'"):
        lines.append(f'{host} IN TXT "order={order}"')
        if below or twins:
            lines.append(f'*.{host} IN TXT "order={order}"')
    raw.close()
    return ("\n".join([*lines, *more]) + "\n").encode()
