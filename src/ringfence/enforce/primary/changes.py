"""Changes: notices that another connection has committed to the embedded database."""

from __future__ import annotations

import sqlite3
import threading
import time
from pathlib import Path
from types import TracebackType

from ringfence.core.errors import StoreError

EVERY = 0.01  # seconds between looks; one look is a pragma that reads a counter in shared memory


class Changes:
    """``with Changes(path) as changes:``. `wait` sleeps until a commit, an instant or a stop."""

    def __init__(self, path: Path) -> None:
        try:
            self._connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
        except sqlite3.Error as error:
            raise StoreError(f"cannot watch {path}: {error}") from error
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
            if left <= 0 or stop.wait(min(EVERY, left)):
                return False

    def _version(self) -> int:
        # https://www.sqlite.org/pragma.html#pragma_data_version: changes with others' commits only.
        row = self._connection.execute("pragma data_version").fetchone()
        return int(row[0])
