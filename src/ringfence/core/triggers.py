"""Triggers: the rules of the house, enforced by the database itself and not by its callers.

Each rule is declared once, as a condition that refuses, and written for SQLite and for PostgreSQL. The
text that a refusal carries is the same on both: see `ringfence.core.database.said`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, UniqueConstraint, event

from ringfence.core.dialect import Sql, both

SCHEMA = "public"  # the one schema on PostgreSQL: a rule must not look into a caller's temporary tables
_PATH = f"set search_path = {SCHEMA}, pg_temp"
_KEY = "ringfence triggers"

# What a record says, or null where its bytes are not JSON: a rule that reads it refuses then.
PRELUDE = (
    "create or replace function ringfence_record(record bytea) returns jsonb language plpgsql immutable "
    "set search_path = pg_catalog as $$ begin return convert_from(record, 'UTF8')::jsonb; "
    "exception when others then return null; end $$",
)


class Trigger(NamedTuple):
    """One trigger: its name, and the statements that make it on each engine (none: not needed there)."""

    name: str
    sqlite: tuple[str, ...] = ()
    postgresql: tuple[str, ...] = ()

    def statements(self, engine: str) -> tuple[str, ...]:
        """The statements for ``sqlite`` or ``postgresql``."""
        return self.sqlite if engine == "sqlite" else self.postgresql


def trigger(table: Table, made: Trigger) -> None:
    """Attach a trigger that is created with its table."""
    if _KEY not in table.info:
        table.info[_KEY] = []
        event.listen(table, "after_create", _create)
    table.info[_KEY].append(made)


def triggers_of(table: Table) -> tuple[Trigger, ...]:
    """The triggers attached to a table, in the order of their declaration."""
    return tuple(table.info.get(_KEY, ()))


def refuse(
    table: Table,
    name: str,
    when: str,
    message: str,
    condition: str | Sql,
    *,
    lock: str | tuple[str, ...] = (),
) -> None:
    """Attach a trigger that refuses: ``when`` such as ``before insert``; ``condition`` true refuses.

    ``lock`` is for rules that count or look up rows which another session may be changing: ``orders
    where id = new.order_id``. SQLite has one writer and needs none. On PostgreSQL the rows are locked
    first, so that the other session has ended before they are looked at; and since a transaction that
    keeps its old snapshot would not see what that session did, such a rule refuses any isolation but
    *read committed*.
    """
    said = both(condition)
    full = f"{table.name}_{name}"
    text = message.replace("'", "''")
    sqlite = (
        f"create trigger {full} {when} on {table.name} when {said.sqlite} "
        f"begin select raise(abort, '{text}'); end"
    )
    locks = (lock,) if isinstance(lock, str) else lock
    trigger(table, Trigger(full, (sqlite,), _postgresql(table, full, when, text, said.postgresql, locks)))


def kept(table: Table, *keys: str) -> None:
    """No row is deleted, and none displaced by ``replace``, which deletes the old row without firing
    delete triggers on SQLite: every key of the table must be new, there its hidden row number included.

    The primary key and every unique constraint or index of the table are such keys; ``keys`` (columns
    joined by ``,``) adds what the schema does not say. On PostgreSQL ``truncate`` is refused as well.
    """
    every = list(dict.fromkeys([*_unique_keys(table), *keys]))
    hidden = ["rowid"] if table.dialect_options["sqlite"]["with_rowid"] is not False else []
    taken = Sql(
        " or ".join(_taken(table, key, lambda _: "is") for key in [*every, *hidden]),
        # PostgreSQL finds by an index what is equal, and reads the whole table for what is not distinct.
        " or ".join(
            _taken(table, key, lambda column: "is not distinct from" if column.nullable else "=")
            for key in every
        ),
    )
    refuse(table, "no_replace", "before insert", f"{table.name}: this key exists", taken)
    refuse(table, "no_delete", "before delete", f"{table.name}: nothing is deleted", "true")
    if hidden:
        full = f"{table.name}_no_move"
        said = (
            f"create trigger {full} before update on {table.name} when new.rowid is not old.rowid "
            f"begin select raise(abort, '{table.name}: a row keeps its number'); end"
        )
        trigger(table, Trigger(full, sqlite=(said,)))
    full = f"{table.name}_no_truncate"
    text = f"{table.name}: nothing is deleted"
    trigger(
        table,
        Trigger(
            full,
            postgresql=(
                _function(full, f"raise exception using message = '{text}', errcode = '23000';"),
                f"create trigger {full} before truncate on {table.name} "
                f"for each statement execute function {full}()",
                f"alter table {table.name} enable always trigger {full}",
            ),
        ),
    )


def append_only(table: Table, *keys: str, but: str | Sql = "") -> None:
    """Rows are added and nothing else, ``but`` for an update that fulfils a condition; see `kept` for the
    keys."""
    kept(table, *keys)
    refuse(
        table, "no_update", "before update", f"{table.name} is append-only",
        Sql(*(f"not coalesce({one}, false)" for one in both(but))) if but else "true",
    )  # fmt: skip


def agrees(table: Table, **paths: str) -> None:
    """The columns that triggers and readers go by say what the sealed record says (JSON paths such as
    ``scope.host``), so that nobody approves one text and puts another in force. (The digest is
    `log fsck`'s to compare.) A column whose ``info`` says ``json`` holds JSON as text."""
    text = "cast(new.record as text)"
    sqlite = f"not json_valid({text}) or " + " or ".join(
        f"new.{column} is not json_extract({text}, '$.{path}')" for column, path in paths.items()
    )
    compared = "".join(
        f" or {_as_json(table, column)} is distinct from "
        f"nullif(r.said #> '{{{path.replace('.', ',')}}}', 'null'::jsonb)"
        for column, path in paths.items()
    )
    once = "select ringfence_record(new.record) as said"
    postgresql = f"exists (select 1 from ({once}) r where r.said is null{compared})"  # noqa: S608 (ours)
    for verb in ("insert", "update"):
        refuse(
            table, f"agree_{verb}", f"before {verb}", f"{table.name}: row and record differ",
            Sql(sqlite, postgresql),
        )  # fmt: skip


def _as_json(table: Table, column: str) -> str:
    if table.columns[column].info.get("json"):
        return f"ringfence_record(convert_to(new.{column}, 'UTF8'))"
    return f"to_jsonb(new.{column})"


def fixed(table: Table, free: set[str]) -> str:
    """The condition that some column has changed besides those in ``free``."""
    return " or ".join(
        f"new.{column.name} is not old.{column.name}" for column in table.columns if column.name not in free
    )


def _postgresql(
    table: Table, full: str, when: str, text: str, condition: str, locks: tuple[str, ...]
) -> tuple[str, ...]:
    body = ""
    if locks:
        body += (
            "if current_setting('transaction_isolation') <> 'read committed' then raise exception "
            f"using message = '{table.name}: written under read committed only', errcode = '23000'; end if; "
        )
        body += "".join(f"perform 1 from {lock} for update; " for lock in locks)
    body += f"if ({condition}) then raise exception using message = '{text}', errcode = '23000'; end if; "
    body += "return old;" if "delete" in when else "return new;"
    return (
        _function(full, body),
        f"create trigger {full} {when} on {table.name} for each row execute function {full}()",
        # Always: also for a session that calls itself a replica, which ordinary triggers do not see.
        f"alter table {table.name} enable always trigger {full}",
    )


def _function(name: str, body: str) -> str:
    head = f"create or replace function {name}() returns trigger language plpgsql {_PATH}"
    return f"{head} as $$ begin {body} end $$"


def _create(target: Table, connection: Connection, **_: Any) -> None:  # noqa: ANN401 (SQLAlchemy's own)
    plain = connection.execution_options(no_parameters=True)  # a percent sign is a percent sign
    for statement in _statements(target, connection.dialect.name):
        plain.exec_driver_sql(statement)


def _statements(table: Table, engine: str) -> Iterator[str]:
    for made in triggers_of(table):
        yield from made.statements(engine)


def _unique_keys(table: Table) -> list[str]:
    keys = [[column.name for column in table.primary_key.columns]]
    keys += [
        [column.name for column in constraint.columns]
        for constraint in sorted(
            (c for c in table.constraints if isinstance(c, UniqueConstraint)),
            key=lambda c: [column.name for column in c.columns],
        )
    ]
    keys += [
        [column.name for column in index.columns]
        for index in sorted(table.indexes, key=lambda i: str(i.name))
        # A partial index is a rule of its own: the table's author writes the trigger for it.
        if index.unique and index.dialect_options["sqlite"]["where"] is None
    ]
    keys += [[column.name] for column in table.columns if column.unique]
    return [",".join(key) for key in keys if key]


def _taken(table: Table, key: str, same: Callable[[Any], str]) -> str:
    said = " and ".join(f"{name} {same(table.columns.get(name))} new.{name}" for name in key.split(","))
    return f"exists (select 1 from {table.name} where {said})"  # noqa: S608 (names are ours)
