"""Random histories of acts, by the docket and by plain SQL: never an active order without its approvals."""

from __future__ import annotations

import contextlib
import re
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from cases.examples import Desk
from engines import Raw, Refused, Server
from ringfence.core.errors import RingfenceError

PEOPLE = st.sampled_from(["li", "wang", "chen", "zhao", "guest", "nobody"])
HOSTS = st.sampled_from(["huobi.pro", "okex.com", "bitmex.com"])


def move(state: str, column: str, at: str, how: str = "") -> str:
    return f"""update {how} orders set state = '{state}', {column} = {at}, record = <record {state} {column}
        {at}> where state in ('proposed', 'active')"""


# An order's record as it would be after the move, so that no other rule than the one on moves refuses it.
RECORD = re.compile(r"<record (\w+) (\w+)\s+(\w+)>")
MOVED = {
    "sqlite": r"cast(json_set(cast(record as text), '$.state', '\1', '$.\2', \3) as blob)",
    "postgresql": r"""convert_to((convert_from(record, 'UTF8')::jsonb
        || jsonb_build_object('state', '\1', '\2', \3))::text, 'UTF8')""",
}
# An approval in the name of whoever comes last.
GRAB = """insert {how} into approvals select o.id || p.id, o.id, p.id, 'approve', o.proposed_at, {record}, ''
    from orders o, people p where o.state = 'proposed' and p.id <> 'guest'
    order by o.proposed_at, p.id desc limit 1"""
GRABBED = {
    "sqlite": "cast(json_object({}) as blob)",
    "postgresql": "convert_to(json_build_object({})::text, 'UTF8')",
}
FIELDS = "'order', o.id, 'approver', p.id, 'act', 'approve', 'at', o.proposed_at"
SQL = st.sampled_from(
    [
        move("active", "activated_at", "proposed_at"),
        move("active", "activated_at", "proposed_at", "or replace") + " and needed = 1",
        move("revoked", "ended_at", "expires_at"),
        "update orders set state = 'active', activated_at = proposed_at",
        "update orders set needed = 1",
        "delete from approvals",
        GRAB,
        "update roles set until = '2018-08-24T09:00:01.000000Z'",
        "insert into roles select 'g' || id, id, 'approver', '2018-08-24T09:00:00.000000Z', null from people",
    ]
)


class Histories(RuleBasedStateMachine):
    orders = Bundle("orders")

    @initialize()
    def start(self) -> None:
        self.desk = Desk(self.place())
        self.raw = Raw(self.desk.path)
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
        kind = self.raw.kind
        if kind == "postgresql":
            statement = statement.replace("or replace", "")
        else:
            statement = statement.replace("{how}", "or replace")
        record = GRABBED[kind].format(FIELDS)
        statement = RECORD.sub(MOVED[kind], statement.replace("{how}", "").replace("{record}", record))
        with contextlib.suppress(Refused):
            self.raw.execute(statement)

    @invariant()
    def active_orders_have_their_approvals(self) -> None:
        if not hasattr(self, "raw"):
            return
        for order, proposer, needed, asked in self.raw.execute(
            """select id, proposer, needed, coalesce(trim(reasons), '') <> '' and trim(legal_basis) <> ''
               and trim(appeal) <> '' and expires_at > activated_at
               from orders where activated_at is not null"""
        ):
            approvers = {
                person
                for (person,) in self.raw.execute(
                    f"select approver from approvals where order_id = '{order}' and act = 'approve'"
                    " and approver not in (select approver from approvals"
                    f" where order_id = '{order}' and act = 'withdraw')"
                )
            }
            assert needed >= 1 and asked
            assert len(approvers - {proposer}) >= needed

    def teardown(self) -> None:
        if hasattr(self, "raw"):
            self.raw.close()
            self.desk.database.close()
            self.forget(self.desk.path)


class OnSQLite(Histories):
    def place(self) -> Path:
        self.folder = tempfile.TemporaryDirectory()
        return Path(self.folder.name) / "store.sqlite"

    def forget(self, _: Path) -> None:
        self.folder.cleanup()


def run(machine: type[Histories], examples: int) -> None:
    steps = settings(
        max_examples=examples, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(machine, settings=steps)


def test_histories_on_sqlite() -> None:
    run(OnSQLite, 25)


def test_histories_on_postgresql(postgresql: Server) -> None:
    class OnPostgreSQL(Histories):
        def place(self) -> str:
            return postgresql.create()

        def forget(self, place: str) -> None:
            postgresql.drop(place)

    run(OnPostgreSQL, 10)
