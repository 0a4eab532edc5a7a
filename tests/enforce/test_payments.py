"""The list for a payment system: accounts by pseudonym, the hardest measure each, signed, with deltas."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.accounts import LADDER, account, assessed, proposed
from cases.examples import Desk, assessment
from ringfence.cases.ladder import ACCOUNT_LADDER
from ringfence.cases.order import Order, Scope
from ringfence.core.errors import InputError, RefusedError
from ringfence.core.note import SecretKey
from ringfence.enforce.behind import behind
from ringfence.enforce.compile import select
from ringfence.enforce.entry import Entry
from ringfence.enforce.feed.chain import chain, content
from ringfence.enforce.feed.check import check
from ringfence.enforce.feed.derive import derive
from ringfence.enforce.feed.folder import Signer, write_folder
from ringfence.enforce.feed.recipient import Recipient
from ringfence.enforce.guard import Context, judge_account
from ringfence.enforce.publish import Publisher
from ringfence.enforce.targets import feed, payments

GOLDEN = Path(__file__).parent / "golden"
UNTIL = "2026-09-20T09:00:00.000000Z"
KEY = SecretKey("payments.example/cn", b"\x07" * 32)


def entry(number: int, measure: str = "limit_receiving", **changes: object) -> Entry:
    made = Entry(account(number), False, f"RF-{number:04d}", "nodata", UNTIL, measure=measure)
    return msgspec.structs.replace(made, **changes)


ENTRIES = [entry(3, "exit_relationship"), entry(1), entry(2, "warn_payers")]
LABORATORY = [entry(4, laboratory=True)]


def order(name: str) -> Order:
    """An order as a store has it; the parts that the list does not read are those of an example."""
    found = assessment()
    return Order(
        id=name, case="CA-1", subject=account(1), scope=Scope(), assessment=found.id, provision="p",
        power="q", measure="limit_receiving", form="voluntary_request", legal_basis="Law, Art 30", mark="U",
        reasons="forty payers", why_not_smaller={}, authority="the payment firm",
        addressee="the firm that holds the account", notice="after", appeal=("the firm; 15 days (Art 39)",),
        policy="nodata", proposer="li", needed=2, proposed_at="2026-03-20T09:00:00.000000Z",
        expires_at=UNTIL, review_at=UNTIL, laboratory=False, salt="0", state="active",
        activated_at="2026-03-21T09:00:00.000000Z",
    )  # fmt: skip


def test_the_golden_files() -> None:
    assert payments.render(ENTRIES, order=order) == (GOLDEN / "payments.jsonl").read_bytes()
    made = payments.render(LABORATORY, order=order, laboratory=True)
    assert made == (GOLDEN / "payments-laboratory.jsonl").read_bytes()
    assert b'"laboratory":true' in made


@given(st.sets(st.integers(0, 2**128 - 1), max_size=30), st.sampled_from(ACCOUNT_LADDER))
def test_what_is_written_is_read_back(numbers: set[int], measure: str) -> None:
    entries = [
        msgspec.structs.replace(entry(1, measure), name=f"account:{number:032x}") for number in numbers
    ]
    made = payments.render(entries, order=order)
    assert payments.parse(made) == sorted(entries)
    assert payments.render(payments.parse(made), order=order) == made


@pytest.mark.parametrize(
    "wrong",
    [
        entry(1, name="huobi.pro"), entry(1, name="site:huobi.pro"), entry(1, name="account:6222020200"),
        entry(1, name="account:" + "A" * 32), entry(1, name=account(1) + "\n"), entry(1, "block_access"),
        entry(1, ""), entry(1, wildcard=True), entry(1, address="192.0.2.1"), entry(1, order="RF 1\n"),
        entry(1, expires="soon"),
    ],
)  # fmt: skip
def test_nothing_but_accounts_by_their_pseudonym_is_written(wrong: Entry) -> None:
    with pytest.raises(InputError):
        payments.render([wrong], order=order)


def test_laboratory_and_real_never_meet_and_nobody_stands_twice() -> None:
    with pytest.raises(RefusedError):
        payments.render(LABORATORY, order=order)
    with pytest.raises(RefusedError):
        payments.render(ENTRIES, order=order, laboratory=True)
    with pytest.raises(InputError, match="twice"):
        payments.render([entry(1), entry(1, "warn_payers")], order=order)


def test_a_list_of_names_and_one_of_accounts_are_not_taken_for_each_other() -> None:
    mine = payments.render(ENTRIES, order=order)
    assert feed.parse(mine) == []
    name = b'{"name":"huobi.pro","wildcard":false,"order":"RF-1","policy":"nodata","since":"'
    name += UNTIL.encode() + b'","until":"' + UNTIL.encode() + b'","grounds":"'
    key = mine.split(b'"grounds":"')[1][:16]
    lines = mine.splitlines(keepends=True)
    with pytest.raises(InputError, match="holds no accounts"):
        payments.parse(b"".join([*lines[:2], name + key + b'"}\n', *lines[2:]]))
    for broken in (b"", mine[:-1], mine.replace(b"exit", b"freeze"), lines[0] + lines[-1], mine + lines[-1]):
        with pytest.raises(InputError):
            payments.parse(broken)


@pytest.mark.parametrize("rule", ["huobi.pro", "site:huobi.pro", "account:zhang", "account:", "", "*.com"])
def test_the_guard_lets_pseudonyms_of_accounts_through_and_nothing_else(rule: str) -> None:
    assert judge_account(account(1)).allowed
    assert judge_account(rule).reasons == ("account.no_pseudonym",)


def test_the_hardest_measure_in_force_is_listed_and_what_is_over_never(desk: Desk) -> None:
    found = []
    for measure in ("limit_receiving", "warn_payers", "refuse_transactions"):
        made = proposed(desk, measure, needed=1)
        found.append(desk.cases.approve(made.id, "wang"))
    waiting = proposed(desk, "exit_relationship", needed=1)
    every = [*found, waiting, desk.active()]
    entries, refused = select(every, Context(), desk.clock.at, "accounts")
    assert [(one.measure, one.order) for one in entries] == [("refuse_transactions", found[2].id)]
    assert refused == []
    late = desk.clock.at + timedelta(days=31)
    assert select(every, Context(), late, "accounts") == ([], [])
    assert all(not one.measure for one in select(every, Context(), desk.clock.at)[0])


def test_from_orders_to_a_payment_system_with_deltas(desk: Desk, tmp_path: Path) -> None:
    publisher = Publisher(desk.database, desk.sealed, desk.clock)
    target = payments.target(desk.cases.order)
    folder, state = tmp_path / "web", tmp_path / "state"

    def publish() -> int:
        made = publisher.publish(target, Context())
        links = chain(desk.database, KEY.name, laboratory=False, target=payments.NAME)
        signer = Signer((KEY,), desk.clock.at)
        write_folder(folder, links, lambda link: content(desk.database, link, payments.NAME), signer)
        return made.artefact.entries

    first = proposed(desk, "limit_receiving", account(1), needed=1)
    desk.cases.approve(first.id, "wang")
    desk.active()  # a block of a site: not for this list
    with desk.database.read() as connection:
        assert behind(connection, desk.clock.at) == []
    assert publish() == 1
    recipient = Recipient(state, clock=lambda: desk.clock.at)
    assert recipient.apply(folder, [KEY.public]).head.entries == 1
    second = proposed(desk, "refuse_transactions", account(2), needed=1)
    desk.cases.approve(second.id, "chen")
    with desk.database.read() as connection:
        assert [one.order for one in behind(connection, desk.clock.at)] == [second.id]
    assert publish() == 2
    desk.cases.revoke(first.id, "wang", "it was rent")
    with desk.database.read() as connection:
        assert [(one.order, one.holds) for one in behind(connection, desk.clock.at)] == [(first.id, True)]
    assert publish() == 1
    done = recipient.apply(folder, [KEY.public])
    assert (done.steps, done.snapshot, done.head.entries) == (2, False, 1)
    assert check(folder, [KEY.public], desk.clock.at).head.link.serial == 3
    listed = derive(state, "accounts", desk.clock.at).read_text()
    assert account(2) in listed and "refuse_transactions" in listed and account(1) not in listed
    assert derive(state, "accounts", desk.clock.at + timedelta(days=31)).read_text() == ""
    with pytest.raises(InputError, match="no format hosts"):
        derive(state, "hosts", desk.clock.at)
    assert assessed().subject.startswith("account:") and LADDER
