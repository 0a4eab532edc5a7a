"""People and roles: dated, never deleted, every change an event."""

from __future__ import annotations

import pytest

from cases.examples import Desk
from ringfence.cases.ladder import LADDER, milder, require_smallest
from ringfence.core.errors import InputError, RefusedError
from ringfence.core.time import stamp


def test_a_role_holds_from_its_grant_to_its_end(desk: Desk) -> None:
    before = stamp(desk.clock.at)
    desk.people.add("qian", "Qian", "approver")
    during = stamp(desk.clock.at)
    desk.clock.pass_(hours=1)
    ended = desk.people.end("qian", "approver")
    after = stamp(desk.clock.at)
    assert [ended.holds("approver", at) for at in (before, during, after)] == [False, True, False]
    assert [event.kind for event in desk.cases.events() if event.about == "qian"] == [
        "added", "granted", "ended",
    ]  # fmt: skip


def test_adding_somebody_again_changes_nothing(desk: Desk) -> None:
    person = desk.people.add("wang", "Wang", "approver")
    assert len(person.roles) == 1
    assert len(desk.people.list()) == 8


def test_an_id_belongs_to_one_person(desk: Desk) -> None:
    with pytest.raises(RefusedError, match="somebody else"):
        desk.people.add("wang", "Another Wang", "approver")


def test_mistakes_are_named(desk: Desk) -> None:
    for act in (
        lambda: desk.people.add("qian", "Qian", "king"),
        lambda: desk.people.add(" ", "Sun"),
        lambda: desk.people.get("nobody"),
    ):
        with pytest.raises(InputError):
            act()
    with pytest.raises(RefusedError, match="does not hold"):
        desk.people.end("guest", "approver")


def test_the_ladder_from_the_mildest_to_the_hardest() -> None:
    assert LADDER == ("contact", "ask_geoblock", "warn_public", "ask_host_registrar", "block_access")
    assert milder("contact") == () and milder("block_access") == LADDER[:-1]
    assert require_smallest("warn_public", {"contact": "no answer"}) == {"contact": "no answer"}
