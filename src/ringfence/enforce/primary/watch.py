"""Watch: carry out approvals, revocations and expiries as they happen, through failures with patience."""

from __future__ import annotations

import threading
from collections.abc import Callable

from ringfence.core.errors import OutsideError, StoreError
from ringfence.core.time import parse_stamp
from ringfence.enforce.primary.changes import Changes
from ringfence.enforce.primary.plan import next_end
from ringfence.enforce.primary.publisher import LivePublisher, Report

FIRST, LONGEST = 0.5, 30.0  # seconds to wait after a failure: doubled each time
SHORTEST = 0.05  # an order whose row nobody can move must not make us spin
ASK_EVERY = 60.0  # seconds between looks at a primary that has nothing to do: was it put back, is it there?


def watch(
    publisher: LivePublisher,
    stop: threading.Event,
    report: Callable[[Report], None],
    problem: Callable[[OutsideError | StoreError, float], None],
) -> None:
    """Run until ``stop`` is set. ``report`` is told of every run that did something, ``problem`` of every
    failure and how many seconds pass before the next try. Raises what is nobody's passing fault
    (`RefusedError`, `InputError`)."""
    ask, delay = True, 0.0
    with Changes(publisher.database) as changes:
        while not stop.is_set():
            try:
                done = publisher.run(ask=ask)
            except (OutsideError, StoreError) as error:
                delay = min(max(FIRST, 2 * delay), LONGEST)
                problem(error, delay)
                stop.wait(delay)
                ask = True
                continue
            if delay or ask or done.confirmed or done.failed:
                report(done)
            ask, delay = False, 0.0
            # Open orders wait for somebody to clear the way at the primary: looked at now and then.
            if not changes.wait(stop, _seconds(publisher)):
                ask = True


def _seconds(publisher: LivePublisher) -> float:
    """Until the next order ends, or until the primary is asked again."""
    with publisher.database.read() as connection:
        end = next_end(connection)
    if end is None:
        return ASK_EVERY
    left = (parse_stamp(end) - publisher.clock()).total_seconds()
    return min(max(left, SHORTEST), ASK_EVERY)
