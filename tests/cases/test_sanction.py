"""Orders as FollowTheMoney entities, checked by FollowTheMoney itself."""

from __future__ import annotations

import json

import pytest
from followthemoney import model

from cases.examples import Desk
from ringfence.cases.sanction import sanction, write_sanctions
from ringfence.register.subject import make_site


def test_a_sanction_is_valid_and_points_to_its_subject(desk: Desk) -> None:
    order = desk.active()
    other = desk.active("okex.com")
    desk.cases.revoke(other.id, "wang", "it left")
    known = {order.subject: make_site("huobi.pro", "Huobi", "test")}
    orders = desk.cases.orders()
    lines = list(write_sanctions(orders, known, desk.clock.at))
    assert lines == list(write_sanctions(orders, known, desk.clock.at))
    entities = {}
    for line in lines:
        data = json.loads(line)
        proxy = model.get_proxy(data)
        proxy.schema.validate(data)
        for name, values in data["properties"].items():
            assert proxy.get(name) == values or sorted(proxy.get(name)) == sorted(values), name
        entities[proxy.id] = proxy
    made = [proxy for proxy in entities.values() if proxy.schema.name == "Sanction"]
    assert sorted(proxy.first("status") for proxy in made) == ["active", "revoked"]
    for proxy in made:
        assert entities[proxy.first("entity")].schema.is_a("LegalEntity")
        assert proxy.first("authority") == "financial authority"


def test_the_laboratory_says_so(desk: Desk) -> None:
    made = sanction(desk.active(laboratory=True), desk.clock.at)
    assert any("laboratory" in text for text in made["properties"]["summary"])


@pytest.mark.parametrize("field", ["entity", "startDate", "endDate", "reason", "program", "provisions"])
def test_what_an_investigator_looks_for_is_there(desk: Desk, field: str) -> None:
    assert sanction(desk.active(), desk.clock.at)["properties"][field]
