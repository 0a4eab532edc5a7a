"""Post: the duty that sends notices by mail, each once, and records what the server answered."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from ringfence.cases.docket import Cases
from ringfence.core.canonical import canonical, digest
from ringfence.core.errors import OutsideError
from ringfence.core.relay import TIMEOUT, Relay, Session
from ringfence.evidence import log
from ringfence.evidence.store import Store
from ringfence.pipeline.letter import letter, message_id

AT_ONCE = 50  # mails a run: what is left is sent in the next


class Post:
    """The doer of the duty ``notice``, over one house and one mail server. ``told`` hears of each failure.

    A mail is recorded as *sending* in a transaction of its own before it leaves, and nobody begins a second
    one. Who dies in between leaves a *sending* without an end, which is for people (`cases.outbox`)."""

    def __init__(
        self, house: Store, relay: Relay, told: Callable[[str], None] = lambda text: None,
        timeout: float = TIMEOUT,
    ) -> None:  # fmt: skip
        self.cases = Cases(house.database, log.seal)
        self.relay = relay
        self.told = told
        self.timeout = timeout

    async def __call__(self, targets: tuple[str, ...]) -> Mapping[str, str]:
        """Send what is ready. Nothing is returned where the server cannot be used: it is tried again later
        each time, and no notice counts as tried."""
        try:
            done = await asyncio.to_thread(self.send)
        except OutsideError as error:
            self.told(error.message)
            return {}
        return dict.fromkeys(targets, digest(canonical(done)))

    def send(self) -> list[tuple[str, str]]:
        """Send what is ready now; the notices, each with what came of it: *sent*, *failed*, *unsent* or
        *unknown*. Raises `OutsideError` where the server cannot be used."""
        at = self.cases.clock()
        ready = [item for item in self.cases.outbox() if item.ready(at)][:AT_ONCE]
        if not ready:
            return []
        done: list[tuple[str, str]] = []
        with Session(self.relay, self.timeout) as session:
            for waiting in ready:
                name = waiting.notice.id
                item = self.cases.begin_sending(name, message_id(name, self.relay.sender))
                if item is None or item.address is None:
                    continue  # another was quicker
                answer = session.send(letter(item.notice, item.address, self.relay.sender), item.address)
                came = "unknown" if answer.came == "unknown" else ""
                if answer.came != "unknown":
                    came = self.cases.sending_came(item, answer.came, answer.said)
                done.append((name, came))
                if came != "sent":
                    self.told(f"notice {name} of {item.order}: {came}: {answer.said}")
                if answer.over:
                    break
        return done
