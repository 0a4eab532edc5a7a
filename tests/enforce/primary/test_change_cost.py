"""A change costs what it changes: no table is read through, however many orders are there already."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import event

from enforce.primary.conftest import Site

pytestmark = pytest.mark.debian


def test_no_question_of_a_run_reads_a_table_through(site: Site) -> None:
    if site.desk.database.kind != "sqlite":
        pytest.skip("a plan is asked of SQLite; PostgreSQL reads small tables through on purpose")
    publisher = site.publisher()
    kept = [site.desk.active(host) for host in ("huobi.pro", "okex.com")]
    publisher.run()
    site.desk.active("gate.io")
    site.desk.cases.revoke(kept[0].id, "wang", "it left")
    asked: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, _x: Any, _many: bool) -> None:
        asked.append((statement, parameters))

    event.listen(site.desk.database.engine, "before_cursor_execute", note)
    assert len(publisher.run().confirmed) == 2
    event.remove(site.desk.database.engine, "before_cursor_execute", note)
    selects = [(statement, values) for statement, values in asked if statement.startswith("SELECT")]
    assert len(selects) > 8
    for statement, values in selects:
        with site.desk.database.engine.connect() as connection:
            rows = connection.exec_driver_sql(f"explain query plan {statement}", values).all()
        steps = [row[3] for row in rows]
        assert not any(step.startswith("SCAN") for step in steps), (statement, steps)
