"""Periods of retention: what is refused and why, and what the bundled packs say."""

from datetime import date
from pathlib import Path

import pytest

from ringfence.core.errors import InputError
from ringfence.rulebook.pack import PackError, bundled_packs, load_pack
from ringfence.rulebook.retention import load_retention

GOOD = Path(__file__).parents[1] / "assets" / "good" / "packs" / "nowhere"
PERIOD = """
[[period]]
id = "{id}"
kind = "capture"
whose = "authority"
starts = "kept"
{bound}
{source}
in_force = {{ since = 2020-01-01 }}
"""
HOUSE = 'source = "house"\nwhy = "long enough"'
YEAR, MORE, YEARS = 'at_least = "P1Y"', 'at_least = "P13M"', 'at_least = "P2Y"'
MOST = 'at_most = "P365D"'
CITED = 'citation = "Art 1"\nmark = "S"\nsource = '


def period(bound='keep = "P1Y"', source=HOUSE, name="one"):
    return PERIOD.format(id=name, bound=bound, source=source)


@pytest.fixture
def pack(tmp_path):
    """A pack whose periods are written by the test."""
    for path in GOOD.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())

    def written(*periods):
        (tmp_path / "retention.toml").write_text("".join(periods))
        return tmp_path

    return written


def test_periods_change_no_assessment(pack):
    before = load_pack(GOOD).digest
    folder = pack(period())
    assert load_pack(folder).digest == before
    assert [one.id for one in load_retention(folder).periods] == ["one"]


def test_a_pack_without_periods_has_none():
    assert load_retention(GOOD).periods == ()
    with pytest.raises(InputError, match="no period"):
        load_retention(GOOD).period("one")
    with pytest.raises(InputError, match="no pack"):
        load_retention("zz")


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ((period(bound=""),), "has none"),
        ((period(bound='keep = "P1Y"\nat_most = "P2Y"'),), "has at_most and keep"),
        ((period(bound='keep = "1 year"'),), "not a duration"),
        ((period(bound='keep = "P0D"'),), "not a duration"),
        ((period(source='source = "house"'),), "says why"),
        ((period(source=HOUSE + '\nmark = "S"'),), "no mark"),
        ((period(source=CITED + '["a"]'),), "house's own choice"),
        ((period(YEAR, CITED + '["zz"]'),), "unknown source zz"),
        ((period(YEAR, CITED + "[]"),), "without a source"),
        ((period(YEAR, "source = []"),), "needs its citation and mark"),
        ((period(YEAR, 'source = "somebody"'),), "retention.toml: Invalid enum"),
        ((period(source=HOUSE + '\nhow = "x"'),), "unknown field"),
        ((period(), period()), "two periods have this id"),
        ((period(), period(name="two")), "two periods of keep"),
        ((period(YEARS), period(name="two")), "one (at_least P2Y) is longer than two (keep P1Y)"),
        ((period(MOST), period(name="two")), "two (keep P1Y) is longer than one (at_most P365D)"),
        ((period(MOST), period(MORE, name="two")), "two (at_least P13M) is longer"),
        ((period().replace("2020-01-01", "2020-01-01, until = 2019-01-01"),), "not after it begins"),
        (("period = 1",), "Expected `array`"),
        (("[[period",), "not TOML"),
    ],
)  # fmt: skip
def test_a_wrong_period_is_refused_in_words(pack, written, why):
    with pytest.raises(PackError) as caught:
        load_retention(pack(*written))
    assert why in "; ".join(caught.value.problems)


def test_periods_that_follow_each_other_do_not_contradict(pack):
    first = period('at_least = "P5Y"').replace("2020-01-01", "2020-01-01, until = 2025-01-01")
    second = period('at_least = "P10Y"', name="two").replace("2020-01-01", "2025-01-01")
    found = load_retention(pack(first, second))
    assert [one.id for one in found.on(date(2024, 12, 31))] == ["one"]
    assert [one.id for one in found.on(date(2025, 1, 1))] == ["two"]
    assert found.on(date(2019, 12, 31)) == ()


@pytest.mark.parametrize("name", bundled_packs())
def test_the_bundled_periods_are_sound_and_say_their_source(name):
    periods = load_retention(name).periods
    assert periods
    assert all(one.why if one.source == "house" else one.source and one.mark for one in periods)


def test_a_law_that_changed_counts_from_its_day():
    cn = load_retention("cn")

    def firm(day):
        return [one.duration for one in cn.on(day, "transaction", "payment_firm")]

    assert firm(date(2024, 12, 31)) == ["P5Y"] and firm(date(2025, 1, 1)) == ["P10Y"]
    assert [one.duration for one in cn.on(date(2026, 1, 1), "access_log")] == ["P60D"]
