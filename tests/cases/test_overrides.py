"""Overrides: part of the proposal, under the same approvals, never of what may not be overridden."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from cases.examples import Desk
from ringfence.cases.order import Order
from ringfence.cases.override import OVERRIDABLE, Override
from ringfence.core.canonical import canonical, digest
from ringfence.core.errors import InputError, RefusedError
from ringfence.enforce.guard import Context
from ringfence.enforce.publish import Publisher
from ringfence.enforce.targets import rpz

GROUND = "the whole site is the venue; nothing else is served there"
POPULAR = (Override("protected.popular", GROUND),)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "store.sqlite")


def test_an_override_is_in_what_is_approved_and_in_the_artefact(desk: Desk) -> None:
    order = desk.active("reddit.com", overrides=POPULAR)
    (approval, *_) = desk.cases.approvals(order.id)
    proposed = desk.cases.order(order.id)
    assert b'"overrides":[{' in proposed.record and proposed.overrides == POPULAR
    started = Order.from_record(next(r for k, i, r in desk.sealed.leaves if k == "order" and i == order.id))
    assert approval.order_digest == digest(started.record)
    publisher = Publisher(desk.database, desk.sealed, desk.clock)
    made = publisher.publish(rpz.target(), Context())
    assert [(item.order, item.rule, item.reasons, item.grounds) for item in made.artefact.overridden] == [
        (order.id, rule, ("protected.popular",), (GROUND,)) for rule in ("reddit.com", "*.reddit.com")
    ]
    assert made.refused == () and json.loads(made.artefact.record)["overridden"][0]["grounds"] == [GROUND]


def test_without_it_the_guard_keeps_the_name_out(desk: Desk) -> None:
    desk.active("reddit.com")
    made = Publisher(desk.database, desk.sealed, desk.clock).publish(rpz.target(), Context())
    assert made.artefact.entries == 0 and made.refused[0].reasons == ("protected.popular",)


def test_it_sets_aside_no_other_reason(desk: Desk) -> None:
    desk.active("theguardian.com", overrides=POPULAR)
    made = Publisher(desk.database, desk.sealed, desk.clock).publish(rpz.target(), Context())
    assert made.artefact.entries == 0 and made.artefact.overridden == ()


@pytest.mark.parametrize(
    "reason",
    [
        "protected.press",
        "suffix.public",
        "name.special_use",
        "syntax.url",
        "address.range",
        "protected.dns",
        "all",
        "",
    ],
)
def test_some_reasons_nobody_sets_aside(desk: Desk, reason: str) -> None:
    with pytest.raises(RefusedError, match="cannot be overridden"):
        desk.propose("reddit.com", overrides=(Override(reason, GROUND),))


@pytest.mark.parametrize("ground", ["", " " * 40, "ok"])
def test_an_override_without_a_ground_is_none(desk: Desk, ground: str) -> None:
    with pytest.raises(InputError, match="ground"):
        desk.propose("reddit.com", overrides=(Override("protected.popular", ground),))


def test_a_reason_stands_once(desk: Desk) -> None:
    with pytest.raises(InputError, match="once"):
        desk.propose("reddit.com", overrides=POPULAR * 2)


@pytest.mark.parametrize(
    "overrides",
    [
        [{"reason": "protected.press", "ground": GROUND}],
        [{"reason": "protected.popular", "ground": " "}],
        [{"reason": "protected.popular"}],
        [{"ground": GROUND}],
        ["protected.popular"],
    ],
)
def test_the_database_holds_it_against_anybody(desk: Desk, overrides: list[object]) -> None:
    order = desk.propose("huobi.pro")
    raw = sqlite3.connect(desk.path, isolation_level=None)
    columns = [row[1] for row in raw.execute("pragma table_info(orders)")]
    row = dict(zip(columns, raw.execute("select * from orders").fetchone(), strict=True))
    record = json.loads(order.record) | {"id": "RF-forged", "overrides": overrides}
    row |= {"id": "RF-forged", "overrides": canonical(overrides).decode(), "record": canonical(record)}
    marks = ", ".join("?" * len(columns))
    with pytest.raises(sqlite3.IntegrityError, match=r"overrid|differ"):
        raw.execute(f"insert into orders values ({marks})", [row[column] for column in columns])
    for statement in ("update orders set overrides = '[]x'", "update orders set addresses = '[\"1.1.1.1\"]'"):
        with pytest.raises(sqlite3.IntegrityError):
            raw.execute(statement)
    raw.close()


def test_the_list_is_short() -> None:
    assert set(OVERRIDABLE) == {
        "protected.popular", "protected.price_data", "others.host_of_another_subject",
        "others.wildcard_covers_another_subject",
    }  # fmt: skip
