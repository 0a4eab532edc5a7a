"""Random histories of acts, by the docket and by plain SQL: never an active order without its approvals."""

from __future__ import annotations

import contextlib
import sqlite3
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, rule

from cases.examples import Desk
from ringfence.core.errors import RingfenceError

PEOPLE = st.sampled_from(["li", "wang", "chen", "zhao", "guest", "nobody"])
HOSTS = st.sampled_from(["huobi.pro", "okex.com", "bitmex.com"])
MOVE = """update {how} orders set state = '{state}', {column} = {at}, record = cast(json_set(
    cast(record as text), '$.state', '{state}', '$.{column}', {at}) as blob)
    where state in ('proposed', 'active')"""
SQL = st.sampled_from(
    [
        MOVE.format(how="", state="active", column="activated_at", at="proposed_at"),
        MOVE.format(how="or replace", state="active", column="activated_at", at="proposed_at")
        + " and needed = 1",
        MOVE.format(how="", state="revoked", column="ended_at", at="expires_at"),
        "update orders set state = 'active', activated_at = proposed_at",
        "update orders set needed = 1",
        "delete from approvals",
        """insert or replace into approvals select o.id || p.id, o.id, p.id, 'approve', o.proposed_at,
           cast(json_object('order', o.id, 'approver', p.id, 'act', 'approve', 'at', o.proposed_at)
           as blob), '' from orders o, people p where o.state = 'proposed' and p.id <> 'guest'
           order by o.proposed_at, p.id desc limit 1""",
        "update roles set until = '2018-08-24T09:00:01.000000Z'",
        "insert into roles select 'g' || id, id, 'approver', '2018-08-24T09:00:00.000000Z', null from people",
    ]
)


class Histories(RuleBasedStateMachine):
    orders = Bundle("orders")

    @initialize()
    def start(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.desk = Desk(Path(self.folder.name) / "store.sqlite")
        self.raw = sqlite3.connect(self.desk.path, isolation_level=None)
        self.raw.execute("pragma synchronous = off")
        self.desk.people.grant("li", "approver")

    @rule(target=orders, host=HOSTS, needed=st.integers(0, 3), proposer=PEOPLE, days=st.sampled_from([1, 90]))
    def propose(self, host: str, needed: int, proposer: str, days: int) -> str:
        with contextlib.suppress(RingfenceError):
            return self.desk.propose(host, needed=needed, proposer=proposer, days=days).id
        return "RF-none"

    @rule(order=orders, person=PEOPLE)
    def approve(self, order: str, person: str) -> None:
        with contextlib.suppress(RingfenceError):
            self.desk.cases.approve(order, person)

    @rule(order=orders, person=PEOPLE)
    def withdraw(self, order: str, person: str) -> None:
        with contextlib.suppress(RingfenceError):
            self.desk.cases.withdraw(order, person)

    @rule(order=consumes(orders), person=PEOPLE)
    def revoke(self, order: str, person: str) -> None:
        with contextlib.suppress(RingfenceError):
            self.desk.cases.revoke(order, person, "enough")

    @rule(person=PEOPLE)
    def end_role(self, person: str) -> None:
        with contextlib.suppress(RingfenceError):
            self.desk.people.end(person, "approver")

    @rule(days=st.sampled_from([0.1, 2]))
    def wait(self, days: float) -> None:
        self.desk.clock.pass_(days=days)
        self.desk.cases.expire_due()

    @rule(statement=SQL)
    def tamper(self, statement: str) -> None:
        with contextlib.suppress(sqlite3.Error):
            self.raw.execute(statement)

    @invariant()
    def active_orders_have_their_approvals(self) -> None:
        if not hasattr(self, "raw"):
            return
        for order, proposer, needed, asked in self.raw.execute(
            """select id, proposer, needed, coalesce(trim(reasons), '') <> '' and trim(legal_basis) <> ''
               and trim(appeal) <> '' and expires_at > activated_at
               from orders where activated_at is not null"""
        ).fetchall():
            approvers = {
                person
                for (person,) in self.raw.execute(
                    "select approver from approvals where order_id = ? and act = 'approve'"
                    " and approver not in (select approver from approvals"
                    " where order_id = ? and act = 'withdraw')",
                    (order, order),
                )
            }
            assert needed >= 1 and asked
            assert len(approvers - {proposer}) >= needed

    def teardown(self) -> None:
        if hasattr(self, "raw"):
            self.raw.close()
            self.desk.database.close()
            self.folder.cleanup()


Histories.TestCase.settings = settings(
    max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
TestHistories = Histories.TestCase
