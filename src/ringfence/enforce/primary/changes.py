"""Changes: notices that another connection has committed to the database."""

from __future__ import annotations

import threading
import time
from types import TracebackType

from ringfence.core.database import Database

EVERY = {"sqlite": 0.01}  # seconds between looks; one look reads a counter in shared memory
OTHERWISE = 0.05  # a question to a server


class Changes:
    """``with Changes(database) as changes:``. `wait` sleeps until a commit, an instant or a stop."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._every = EVERY.get(database.kind, OTHERWISE)
        self._connection = database.engine.connect().execution_options(ringfence_read_only=True)
        self._seen = self._version()

    def __enter__(self) -> Changes:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def wait(self, stop: threading.Event, seconds: float) -> bool:
        """Whether somebody has committed since the last call; False after ``seconds`` or a stop.

        A commit between two calls is noticed by the second at once, so none is ever missed.
        """
        until = time.monotonic() + seconds
        while True:
            version = self._version()
            if version != self._seen:
                self._seen = version
                return True
            left = until - time.monotonic()
            if left <= 0 or stop.wait(min(self._every, left)):
                return False

    def _version(self) -> str:
        version = self._database.changes(self._connection)
        self._connection.rollback()  # no transaction may stand open: it would keep the log from being cut
        return version
