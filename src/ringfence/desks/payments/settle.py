"""Which payments moved money: messages joined with their statuses by end-to-end id and message id.

The last word counts: money moved where a chosen status came and no rejection after it, at the time of the
first chosen one. What did not move is kept apart, with its status. All of it is done in the database of the
run, so that memory does not grow with the messages.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

import pyarrow as pa

from ringfence.desks.payments.iso20022 import Payment, Status
from ringfence.desks.payments.mapping import Mapping
from ringfence.desks.payments.memo import classes
from ringfence.desks.payments.staging import Stage
from ringfence.desks.payments.typed import NO_OFFSET

SETTLED: Final = frozenset({"ACCC"})  # settled on the creditor's account
_REJECTED: Final = frozenset({"RJCT", "CANC"})
_FLUSH: Final = 1 << 15  # of what is said, held in memory

_TEXTS: Final = ("message", "ends", "other", "time", "payer", "payee", "currency", "channel")
_PEOPLE: Final = ("payer_name", "payee_name", "payer_contact", "payee_contact")
_PAID: Final = pa.schema(
    [("nth", pa.int64()), ("file", pa.int32()), ("row", pa.int64()), ("initiation", pa.bool_()),
     *((name, pa.string()) for name in (*_TEXTS, *_PEOPLE)), ("amount", pa.int64()), ("memo", pa.int8())]
)  # fmt: skip
_TOLD: Final = pa.schema(
    [("nth", pa.int64()), ("file", pa.int32()), ("row", pa.int64()),
     *((name, pa.string()) for name in ("message", "ends", "other", "status", "time"))]
)  # fmt: skip
_TIME: Final = "epoch_us(try_cast(replace({}, ',', '.') as timestamptz))"

# Every payment once; an instruction goes into the transfer that carries it out, the first of those alike.
# `known` is what statuses may call a payment, by its number `whose`: also by the ids of its instruction.
_ONCE: Final = """
create table once as select * from paid
    qualify row_number() over (partition by message, ends, other order by nth) = 1;
insert into lost select file, row, case when same then 'duplicate' else 'conflict' end from (
    select *, row_number() over w as place, (payer, payee, amount, currency)
        = first_value((payer, payee, amount, currency)) over w as same
    from paid window w as (partition by message, ends, other order by nth)) where place > 1;
create table carried as select p.nth as nth, t.whose from once p join (
        select ends, payer, payee, amount, currency, min(nth) as whose from once
        where not initiation group by all
    ) t using (ends, payer, payee, amount, currency) where p.initiation;
create table payments as select * from once anti join carried using (nth);
create table known as select coalesce(c.whose, o.nth) as whose, o.message, o.ends, o.other, p.other as own
    from once o left join carried c on o.nth = c.nth join payments p on p.nth = coalesce(c.whose, o.nth);
"""
# How many payments fit an id, and one of them: statuses are joined with these, so that an id that everybody
# uses costs no more than another.
_FITTING: Final = """
create table fit_{name} as
    select {keys}, count(distinct whose) as n, min(whose) as one from known group by {keys};
"""
_FITS: Final = [
    (name + more.replace(", ", "_"), name + more)
    for name in ("ends", "other")
    for more in ("", ", own", ", message", ", message, own")
]
_RESOLVED: Final = """
create table by_{id} as
    select s.*, coalesce(a.n, 0) as n,
        case when a.n = 1 then a.one when a.n > 1 and s.other <> '' and b.n = 1 then b.one end as whose
    from told s left join fit_{id} a on s.{id} = a.{id} left join fit_{id}_own b
        on s.{id} = b.{id} and s.other = b.own
    where s.message = '' and {which}
    union all
    select s.*, coalesce(a.n, 0),
        case when a.n = 1 then a.one when a.n > 1 and s.other <> '' and b.n = 1 then b.one end
    from told s left join fit_{id}_message a on s.{id} = a.{id} and s.message = a.message
        left join fit_{id}_message_own b
        on s.{id} = b.{id} and s.message = b.message and s.other = b.own
    where s.message <> '' and {which};
"""
_HEARD: Final = """
create table heard as select whose, nth, status, time from by_ends where whose is not null
    union all select whose, nth, status, time from by_other where whose is not null
    union all select k.whose, s.nth, s.status, s.time from told s
        join (select distinct whose, message from known where message <> '') k on s.message = k.message
        where s.ends = '' and s.other = '';
insert into lost select file, row, case when n > 0 then 'ambiguous_status' else 'unknown_payment' end
    from (from by_ends union all from by_other) where whose is null;
insert into lost select file, row, 'unknown_payment' from told s
    where ends = '' and other = '' and message not in (select message from known where message <> '');
"""
_SETTLED: Final = """
create table settled as
with ranked as (
    select *, row_number() over (partition by whose order by coalesce({when}, -1), nth) as r,
        list_contains($chosen, status) as yes, list_contains($rejected, status) and not yes as no
    from heard
), said as (
    select whose, max(r) filter (where yes) as yes, coalesce(max(r) filter (where no), 0) as no,
        arg_min(time, r) filter (where yes) as time, arg_max(status, r) as status
    from ranked group by whose
), counted as (
    select ends, count(*) as n from payments group by ends
), twins as (
    select ends, message, count(*) as n from payments group by ends, message
)
select p.* replace (
        case when c.n = 1 then p.ends when t.n = 1 then p.message || '/' || p.ends
            else p.message || '/' || p.ends || '/' || p.other end as ends,
        coalesce(case when s.yes > s.no then nullif(s.time, '') end, p.time) as time),
    coalesce(s.status, '') as status, coalesce(s.yes > s.no, false) as moved
from payments p left join said s on p.nth = s.whose
    join counted c on p.ends = c.ends join twins t on p.ends = t.ends and p.message = t.message;
"""


class Settling:
    """What the messages of an input say, file by file in its order, in the database of a stage."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._run = stage.connection.execute
        self._nth = 0
        self._paid: list[tuple[int, Payment]] = []
        self._told: list[tuple[int, Status]] = []
        self._bad: list[tuple[int, int, str]] = []
        for name, schema in (("paid", _PAID), ("told", _TOLD)):
            self._insert(f"create table {name} as", schema.empty_table())

    def hear(self, said: Iterable[Payment | Status]) -> None:
        """Take in what a file says."""
        for one in said:
            self._nth += 1
            if isinstance(one, Status):
                self._told.append((self._nth, one))
            elif one.why:
                self._bad.append((one.file, one.row, one.why))
            else:
                self._paid.append((self._nth, one))
            if len(self._paid) + len(self._told) + len(self._bad) >= _FLUSH:
                self._flush()

    def lose(self, file: int, row: int, why: str) -> None:
        """Something that is no message."""
        self._bad.append((file, row, why))

    def take_back(self, file: int) -> None:
        """A file cannot be read to its end: what it said before counts for nothing, and each row is told."""
        self._flush()
        for table in ("paid", "told"):
            of_file = f"from {table} where file = {file}"
            self._run(f"insert into lost select file, row, 'broken_message' {of_file}")
            self._run(f"delete {of_file}")

    def _flush(self) -> None:
        if self._paid:
            columns: dict[str, Any] = {
                "nth": [nth for nth, _ in self._paid],
                **{name: [getattr(one, name) for _, one in self._paid]
                   for name in ("file", "row", "initiation", *_TEXTS, "amount")},
                **{f"{side}_{what[:-1]}": [getattr(one, what)[at] for _, one in self._paid]
                   for what in ("names", "contacts") for at, side in enumerate(("payer", "payee"))},
                "memo": classes(pa.array([one.memo for _, one in self._paid], pa.string())),
            }  # fmt: skip
            self._insert("insert into paid", pa.table({name: columns[name] for name in _PAID.names}, _PAID))
        if self._told:
            columns = {"nth": [nth for nth, _ in self._told]}
            columns |= {
                name: [getattr(one, name) for _, one in self._told] for name in _TOLD.names if name != "nth"
            }
            self._insert("insert into told", pa.table(columns, _TOLD))
        if self._bad:
            self._stage.lose(self._bad)
        self._paid, self._told, self._bad = [], [], []

    def _insert(self, into: str, table: pa.Table) -> None:
        self._stage.connection.register("said", table)
        self._run(f"{into} select * from said")  # noqa: S608 (words of ours)
        self._stage.connection.unregister("said")

    def rows(self, query: str, count: int) -> Iterator[pa.RecordBatch]:
        """What a query gives, so many rows at a time."""
        yield from self._stage.connection.cursor().sql(query).to_arrow_reader(count)

    def settle(self, chosen: frozenset[str] = SETTLED) -> dict[str, int]:
        """Join it, and give the stage what moved. Returns how many payments did not, by status."""
        self._flush()
        run = self._run
        run(_ONCE)
        for name, keys in _FITS:
            run(_FITTING.format(name=name, keys=keys))
        for name, which in (("ends", "s.ends <> ''"), ("other", "s.ends = '' and s.other <> ''")):
            run(_RESOLVED.format(id=name, which=which))
        run(_HEARD)
        run(
            _SETTLED.format(when=_TIME.format("time")),
            {"chosen": sorted(chosen), "rejected": sorted(_REJECTED)},
        )
        self._move()
        counts = run(
            """select coalesce(nullif(status, ''), 'no_status') as name, count(*) from settled where not moved
            group by name order by name"""
        )
        return dict(counts.fetchall())

    def _move(self) -> None:
        """Into the stage, typed as the rows of tables are."""
        self._run(
            f"""create temp view batch as select nth + {self._stage.place} as nth, file, row, ends as tx_id,
                time as ts, payer, payee, amount::varchar as amount_minor, currency, channel, memo
                from settled where moved"""  # noqa: S608
        )
        present = {"file", "row", "nth", "tx_id", "ts", "payer", "payee", "amount_minor", "currency",
                   "channel", "memo"}  # fmt: skip
        self._stage.insert(present, Mapping())
        self._run("drop view batch")
        bare = self._run(
            f"select 1 from settled where moved and regexp_full_match(time, '{NO_OFFSET}') limit 1"  # noqa: S608
        )
        if bare.fetchone():
            self._stage.assume("UTC")
