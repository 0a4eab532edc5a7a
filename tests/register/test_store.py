"""The register in a store: idempotent, with its history, in flat memory."""

import tracemalloc

import msgspec
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from ringfence.core.database import Database
from ringfence.register.bundled import bundled
from ringfence.register.merge import merge
from ringfence.register.store import Register
from ringfence.register.subject import Alias, Place, Subject, firm_id, make_site, site_id


@pytest.fixture
def register(place):
    database = Database(place)
    yield Register(database)
    database.close()


def test_adding_the_same_again_changes_nothing(register):
    subjects = bundled("2018-07")
    assert register.add(subjects).new == 126
    again = register.add(subjects)
    assert (again.new, again.changed, again.unchanged) == (0, 0, 126)
    assert len(register) == 126
    assert list(register) == sorted(subjects, key=lambda subject: subject.id)


def test_a_later_source_adds_and_overwrites_nothing(register):
    register.add(bundled("2018-07"))
    before = register.get("site:binance.com")
    added = register.add(bundled("2026-10"))
    assert added.changed > 20
    after = register.get("site:binance.com")
    assert set(before.places) <= set(after.places)
    domain = after.identifiers[0]
    assert (domain.first_seen, domain.last_seen) == ("2018-07-24", "2026-10-23")
    assert [version.version for version in register.history("site:binance.com")] == [1, 2]
    assert register.history("site:binance.com")[0].subject == before
    assert register.add(bundled("2018-07")).changed == 0


def test_a_corrected_row_renames_and_keeps_the_former_name(register):
    register.add([make_site("exchange.example", "Exchagne", "list")])
    assert register.add([make_site("exchange.example", "Exchange", "list")]).changed == 1
    now = register.get("site:exchange.example")
    assert now.name == "Exchange"
    assert now.aliases == (Alias("Exchagne", "list"),)
    assert register.add([make_site("exchange.example", "Another", "other list")]).changed == 1
    assert register.get("site:exchange.example").name == "Exchange"
    assert "Another" in register.get("site:exchange.example").names


def test_two_rows_of_one_import_on_one_host_are_one_site_with_two_names(register):
    rows = [make_site("a.example", "First", "list"), make_site("https://www.a.example/", "Second", "list")]
    added = register.add(rows)
    assert (added.new, added.merged) == (1, 1)
    assert register.get("site:a.example").names == ("First", "Second")
    assert register.add(rows).unchanged == 2


def test_history_cannot_be_rewritten(register):
    register.add([make_site("a.example", "A", "list")])
    for statement in ("update subject_versions set digest = 'x'", "delete from subject_versions"):
        with pytest.raises(DBAPIError), register.database.begin() as connection:
            connection.execute(text(statement))


def test_search_by_host_name_and_alias(register):
    register.add(bundled("2018-07"))
    assert register.by_host("https://www.huobi.com/zh-cn/")[0].id == "site:huobi.com"
    assert register.search("Huobi CNY")[0].id == "site:huobi.com"
    assert {subject.id for subject in register.search("huobi")} == {"site:huobi.com", "site:huobi.pro"}
    assert register.search("ｂｉｎａｎｃｅ")[0].id == "site:binance.com"
    assert register.search("%") == ()
    assert register.search("") == ()
    assert len(register.search("o", limit=7)) == 7


def test_ten_thousand_subjects_take_flat_memory(register):
    def many(count):
        for number in range(count):
            yield make_site(f"s{number}.example", f"Site {number}", "list")

    register.add(many(1000))
    tracemalloc.start()
    register.add(many(10_000))
    assert sum(1 for _ in register) == 10_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000_000


def test_merge_is_idempotent_and_keeps_the_laboratory_mark():
    one = make_site("a.example", "A", "list", on="2018-07-24")
    other = msgspec.structs.replace(
        make_site("a.example", "B", "other", on="2026-10-23"),
        places=(Place("jurisdiction", "SG", "other", as_of="2026-10-23"),),
        laboratory=True,
    )
    both = merge(one, other)
    assert both.laboratory
    assert merge(both, other) == both
    assert merge(both, one) == both
    with pytest.raises(ValueError, match="two subjects"):
        merge(one, make_site("b.example", "B", "list"))


def test_a_bare_relation_does_not_rename():
    named = make_site("a.example", "A", "list")
    bare = make_site("a.example", "", "links")
    assert merge(named, bare).names == ("A",)
    assert merge(bare, named).name == "A"


def test_ids():
    assert site_id("https://www.Okex.com/") == "site:okex.com"
    assert firm_id("Beispiel  Börse GmbH") == "firm:beispiel-börse-gmbh"
    subject = make_site("a.example", "A", "list")
    assert Subject.from_json(subject.to_json()) == subject
