"""A change costs what it changes: the rows that are there already are not read."""

from __future__ import annotations

import sqlite3

from cases.examples import Desk
from ringfence.enforce.primary import tables  # noqa: F401 (the indexes are declared there)

# What a run asks of the store, as SQLAlchemy writes it, with what it must be answered from.
QUERIES = {
    "select o.id, e.kind from case_events e join orders o on o.id = e.order_id where e.seq > 5 and e.kind in"
    " ('activated') and o.activated_at is not null order by e.seq": {
        "e": "INTEGER PRIMARY KEY",
        "o": "PRIMARY KEY",
    },
    "select record from orders where state = 'active' and host = 'huobi.pro' and laboratory = 0"
    " order by proposed_at, id": {"orders": "orders_by_state (state=? AND host=?)"},
    "select id from orders where state = 'active' and expires_at <= '2018' limit 1": {
        "orders": "orders_by_expiry (state=? AND expires_at<?)"
    },
    "select min(expires_at) from orders where state = 'active'": {"orders": "orders_by_expiry (state=?)"},
    "select held from delivered where place = 'p' and rule = 'r' order by seq desc limit 1": {
        "delivered": "delivered_latest (place=? AND rule=?)"
    },
    "select record from deliveries where place = 'p' and laboratory = 0 order by seq desc limit 1": {
        "deliveries": "deliveries_by_place (place=? AND laboratory=?)"
    },
    "select seq from deliveries where place = 'p' and laboratory = 0 and kind = 'reconciled' limit 1": {
        "deliveries": "deliveries_by_kind (place=? AND laboratory=? AND kind=?)"
    },
}


def test_every_question_of_a_run_is_answered_from_an_index(desk: Desk) -> None:
    raw = sqlite3.connect(desk.path)
    for query, indexes in QUERIES.items():
        steps = [row[3] for row in raw.execute(f"explain query plan {query}")]
        for table, index in indexes.items():
            found = [step for step in steps if step.startswith(f"SEARCH {table} ")]
            assert found and index in found[0], (query, steps)
        assert not any(step.startswith("SCAN") for step in steps), steps
    raw.close()
