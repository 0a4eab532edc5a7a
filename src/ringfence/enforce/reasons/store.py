"""Reasons from the store: its orders, read when asked and not before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection

from ringfence.cases.reading import orders_where
from ringfence.cases.tables import orders
from ringfence.core.database import Database
from ringfence.core.time import now
from ringfence.enforce.names import parents
from ringfence.enforce.reasons.reason import Reason, of_order


class StoreReasons:
    """Orders over one database. One connection is kept, so that asking for the `version` is cheap."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = now) -> None:
        self.database = database
        self.clock = clock
        self._connection: Connection | None = None

    def covering(self, name: str) -> list[Reason]:
        """See `Reasons`."""
        at, above = self.clock(), parents(name)
        with self.database.read() as connection:
            found = orders_where(
                connection,
                orders.c.state == "active",
                orders.c.host.in_(above),
                orders.c.measure == "block_access",
            )
        reasons = [
            of_order(order, "active", wildcard=order.scope.host != name)
            for order in found
            if order.in_force(at) and (order.scope.host == name or order.scope.subdomains)
        ]
        # The nearest first; of two at one name the one that lasts longest, as in what is published.
        reasons.sort(key=lambda reason: reason.order)
        reasons.sort(key=lambda reason: reason.until, reverse=True)
        reasons.sort(key=lambda reason: above.index(reason.name))
        return reasons

    def known(self, order: str) -> Reason | None:
        """See `Reasons`. Its ``wildcard`` says whether the order covers what is below its name."""
        with self.database.read() as connection:
            found = orders_where(connection, orders.c.id == order)
        if not found:
            return None
        return of_order(found[0], found[0].standing(self.clock()), wildcard=found[0].scope.subdomains)

    def version(self) -> str:
        """See `Reasons`: the database tells when another connection has committed."""
        if self._connection is None:
            self._connection = self.database.engine.connect().execution_options(ringfence_read_only=True)
        count = self.database.changes(self._connection)
        self._connection.rollback()  # no transaction may stand open: it would keep the log from being cut
        return count

    def close(self) -> None:
        """Give the connection back."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
