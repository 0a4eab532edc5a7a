"""Posting: what is recorded around a mail, so that no notice leaves twice whatever dies in between."""

from __future__ import annotations

from typing import Literal

from sqlalchemy import Connection, select

from ringfence.cases.acts import said
from ringfence.cases.address import mail_address
from ringfence.cases.event import Event
from ringfence.cases.hearing_tables import deliveries, notices
from ringfence.cases.noticing import Noticing
from ringfence.cases.outbox import TRIES, Waiting, outbox
from ringfence.cases.reading import order_by
from ringfence.cases.roles import HOUSE
from ringfence.core.errors import InputError, RefusedError
from ringfence.core.time import stamp

Came = Literal["sent", "refused", "later"]


class Posting(Noticing):
    """Notices on their way. Only `address` is a person's act; the rest is the house's clockwork."""

    def outbox(self) -> list[Waiting]:
        """The notices that are given and not yet sent, the longest due first."""
        with self.database.read() as connection:
            return outbox(connection, self.clock())

    def address(self, notice: str, person: str, mail: str) -> Event:
        """Give a notice that was not sent an e-mail address, or another one; the house then sends it there,
        also where it was not known whether an earlier mail had left: that is this person's decision."""
        at = stamp(self.clock())
        if mail_address(mail) is None:
            raise InputError(f"no e-mail address: {mail!r}", hint='write "Name <mail@host>" or mail@host')
        with self._act() as connection:
            order = _order_of(connection, notice)
            if connection.execute(select(deliveries.c.id).where(deliveries.c.notice == notice)).first():
                raise RefusedError(
                    "this notice was sent or tried already", hint="give another: ringfence orders notice give"
                )
            case = order_by(connection, order).case
            body = {"address": mail_address(mail)}
            return self._event(
                connection, "addressed", at, person, case=case, order=order, about=notice, body=body
            )

    def begin_sending(self, notice: str, message_id: str) -> Waiting | None:
        """Record that a mail is about to leave, which nobody then does a second time. None where it must
        not: somebody else has begun, it was sent meanwhile, or its order is over."""
        at = self.clock()
        with self._act() as connection:
            item = next(iter(outbox(connection, at, notices.c.id == notice)), None)
            if item is None or not item.ready(at):
                return None
            self._event(
                connection, "sending", stamp(at), HOUSE, case=item.case, order=item.order, about=notice,
                body={"message_id": message_id, "address": item.address},
            )  # fmt: skip
            return item

    def sending_came(self, item: Waiting, came: Came, answer: str) -> str:
        """Record what came of it: *sent* or *failed* is a delivery with the server's answer, and *unsent* is
        tried again, `outbox.TRIES` times in all. Returns which of the three."""
        tried = item.tries + 1
        if came == "later" and tried < TRIES:
            at = stamp(self.clock())
            with self._act() as connection:
                self._event(
                    connection, "unsent", at, HOUSE, case=item.case, order=item.order, about=item.notice.id,
                    body={"reasons": said(answer, "the answer")},
                )  # fmt: skip
            return "unsent"
        why = f"{answer} (tried {tried} times)" if came == "later" else answer
        fate: Literal["sent", "failed"] = "sent" if came == "sent" else "failed"
        self.deliver(item.notice.id, HOUSE, fate, channel=f"e-mail to {item.address}", why=why)
        return fate


def _order_of(connection: Connection, notice: str) -> str:
    order = connection.execute(select(notices.c.order_id).where(notices.c.id == notice)).scalar()
    if order is None:
        raise InputError(f"no such notice: {notice}", hint="see ringfence orders notice outbox")
    return str(order)
