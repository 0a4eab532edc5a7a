"""FollowTheMoney: valid for its own package, and nothing is lost on the way there and back."""

import json

import msgspec
import pytest
from followthemoney import model

from ringfence.core.database import Database
from ringfence.register.bundled import bundled
from ringfence.register.csvtext import Problem
from ringfence.register.ftm import read_ftm, to_ftm, write_ftm
from ringfence.register.merge import merge
from ringfence.register.store import Register
from ringfence.register.subject import Identifier, Place, Rank, Relation, Subject, make_site

FIRM = Subject(
    id="firm:invented-holding",
    kind="firm",
    name="Invented Holding",
    source="list",
    identifiers=(
        Identifier("lei", "529900T8BM49AURSDO55", "list"),
        Identifier("email", "a@invented.example", "list"),
    ),
    places=(Place("jurisdiction", "SG", "list"), Place("address", None, "list", text="1 Invented Street")),
    relations=(
        Relation("operates", "site:invented.example", "list", since="2018-01-01"),
        Relation("owns", "firm:invented-child", "list", until="2020-01-01"),
        Relation("impersonates", "site:victim.example", "list"),
    ),
    ranks=(Rank(3, "spot volume", "2018-08-24", "press: a daily"),),
    tags=("closed",),
    notes=("A note",),
    laboratory=True,
)


@pytest.mark.parametrize("subject", [*bundled("2018-07"), FIRM], ids=lambda subject: subject.id)
def test_every_entity_is_valid_and_no_value_is_dropped(subject):
    for entity in to_ftm(subject):
        proxy = model.get_proxy(entity, cleaned=False)
        model.get(entity["schema"]).validate(entity)
        for name, values in entity["properties"].items():
            assert len(proxy.get(name)) == len(values), (name, values, proxy.get(name))


def back(subjects):
    items = list(read_ftm(list(write_ftm(subjects)), source="ftm"))
    assert not [item for item in items if isinstance(item, Problem)]
    found = {}
    for item in items:
        found[item.id] = merge(found[item.id], item) if item.id in found else merge(item, item)
    return found


def test_a_firm_comes_back_whole():
    assert back([FIRM])[FIRM.id] == FIRM


def test_the_register_comes_back_with_what_the_format_can_carry():
    found = back(bundled("2018-07"))
    for before in bundled("2018-07"):
        after = found[before.id]
        assert (after.name, after.names, after.countries) == (before.name, before.names, before.countries)
        assert (after.tags, after.notes, after.urls) == (before.tags, before.notes, before.urls)
        assert {r.target for r in after.relations} == {r.target for r in before.relations}
        assert [i.value for i in after.identifiers if i.kind == "ccxt"] == [
            i.value for i in before.identifiers if i.kind == "ccxt"
        ]


def test_export_is_deterministic_and_a_second_import_changes_nothing(place):
    lines = list(write_ftm([*bundled("2018-07"), FIRM]))
    assert lines == list(write_ftm([*bundled("2018-07"), FIRM]))
    database = Database(place)
    register = Register(database)
    register.add(read_ftm(lines, source="ftm"))
    first = list(register)
    again = register.add(read_ftm(lines, source="ftm"))
    assert (again.new, again.changed) == (0, 0)
    assert list(register) == first
    assert list(write_ftm(first)) == list(write_ftm(list(register)))
    database.close()


def test_an_unnamed_operator_is_said_to_be_unnamed():
    entity = next(to_ftm(make_site("a.example", "A", "list")))
    assert entity["schema"] == "LegalEntity"
    assert entity["properties"]["notes"][0].startswith("Operator not named")
    assert "topics" not in entity["properties"]


def test_a_foreign_entity_is_read_by_its_website():
    line = json.dumps(
        {
            "id": "other-1",
            "schema": "Company",
            "properties": {"name": ["Other Ltd"], "website": ["https://other.example"], "country": ["sg"]},
        }
    ).encode()
    (found,) = read_ftm([line], source="elsewhere")
    assert (found.id, found.countries, found.hosts) == ("firm:other-ltd", ("SG",), ("other.example",))


def test_bad_lines_are_reported_and_the_rest_read():
    good = next(write_ftm([make_site("a.example", "A", "list")]))
    lines = [
        b"{",
        b"[]",
        b'{"id": "x", "schema": "Vessel", "properties": {}}',
        b"\xff\xfe",
        b"",
        good,
        b'{"schema":"Company"}',
    ]
    items = list(read_ftm(lines, source="x"))
    assert [item.line for item in items if isinstance(item, Problem)] == [1, 2, 3, 4, 7]
    assert [item.id for item in items if isinstance(item, Subject)] == ["site:a.example"]


def test_a_laboratory_subject_stays_one():
    lab = msgspec.structs.replace(make_site("a.example", "A", "lab"), laboratory=True)
    assert back([lab])["site:a.example"].laboratory
