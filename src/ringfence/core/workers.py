"""Workers on several machines: due batches as Procrastinate jobs in the shared PostgreSQL database.

Every worker also looks for what is due and for jobs whose worker has died, and puts those back through
Procrastinate's own public calls (`get_stalled_jobs`, `retry_job`), so no machine is special.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any, Final

from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import ConnectorException
from sqlalchemy import make_url, text

from ringfence.core.database import Database
from ringfence.core.due import Batch, Doer, Due, do
from ringfence.core.errors import StoreError

SCHEMA: Final = "procrastinate"  # a schema of its own: `public` is ours
HEARTBEAT: Final = 2.0  # seconds between the signs of life of a worker
STALLED: Final = 10.0  # seconds without one after which its jobs are taken over
LOOK: Final = 1.0  # seconds between looks for due rows and stalled jobs
_HANDED: Final = timedelta(seconds=STALLED)
TAKEOVER: Final = STALLED + 2 * LOOK + HEARTBEAT  # seconds from a worker's death to a new start of its job


async def run(
    due: Due, doers: Mapping[str, Doer], *, plan: Callable[[], None] = lambda: None, until_idle: bool = False
) -> int:
    """Work until cancelled, calling ``plan`` before each look at what is due, or with ``until_idle`` until
    nothing is due or under way; returns how many results this worker added. Raises `StoreError` where
    the database is not PostgreSQL."""
    app = _app(due.database)
    added = 0

    @app.task(name="batch", retry=False)
    async def batch(kind: str, targets: dict[str, str]) -> None:
        nonlocal added
        added += await do(due, Batch(kind, targets), doers)

    async with app.open_async():
        await _prepare(app, due.database)
        worker = asyncio.ensure_future(
            app.run_worker_async(
                queues=list(doers), wait=True, concurrency=1, install_signal_handlers=False,
                fetch_job_polling_interval=LOOK,
                update_heartbeat_interval=HEARTBEAT, stalled_worker_timeout=STALLED * 6,
            )
        )  # fmt: skip
        try:
            while not worker.done():
                plan()
                await _take_over(app)
                # A queue a kind: a worker takes nothing that it has no means for, such as a mail server.
                # Claimed for as long as a dead worker is waited for: one that dies before its job is in the
                # queue leaves rows that come back as soon as its jobs would.
                while (found := due.claim(kinds=doers, lease=_HANDED)) is not None:
                    queued = batch.configure(queue=found.kind)
                    await queued.defer_async(kind=found.kind, targets=dict[str, Any](found.targets))
                    due.hold(found)
                if until_idle and not await _open_jobs(app, doers):
                    break
                await asyncio.sleep(LOOK)
        finally:
            worker.cancel()
            await asyncio.gather(worker, return_exceptions=True)
    return added


def _app(database: Database) -> App:
    url = make_url(database.engine.url)
    if database.kind != "postgresql":
        raise StoreError("several workers need PostgreSQL", hint="set RINGFENCE_DATABASE")
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return App(connector=PsycopgConnector(conninfo=plain, kwargs={"options": f"-c search_path={SCHEMA}"}))


async def _prepare(app: App, database: Database) -> None:
    with database.begin() as connection:  # one worker at a time makes the tables
        there = connection.execute(text(f"select to_regclass('{SCHEMA}.procrastinate_jobs')")).scalar()
        if there is None:
            connection.execute(text(f"create schema if not exists {SCHEMA}"))
            connection.execute(text(f"set local search_path = {SCHEMA}"))
            plain = connection.execution_options(no_parameters=True)
            plain.exec_driver_sql(app.schema_manager.get_schema())


async def _take_over(app: App) -> None:
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED):
        try:
            await app.job_manager.retry_job(job)
        except ConnectorException:
            continue  # another worker was first


async def _open_jobs(app: App, kinds: Iterable[str]) -> list[Any]:
    found: list[Any] = []
    for status in ("todo", "doing"):
        for kind in kinds:
            found += await app.job_manager.list_jobs_async(status=status, queue=kind)
    return found
