"""Checks: what was seen decides, and what was not seen stays unknown."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ringfence.core.time import parse_stamp, stamp
from ringfence.verify.check import Check, check, overdue
from ringfence.verify.compliance import compliance
from ringfence.verify.expectation import Expectation
from ringfence.verify.seen import Seen, Verdict

SINCE = parse_stamp("2018-08-24T09:00:00Z")
NAME = Expectation("RF-1", "home", "huobi.pro", "blocked", "name", stamp(SINCE))
BELOW = Expectation("RF-1", "home", "*.huobi.pro", "blocked", "below", stamp(SINCE))
OUTSIDE = Expectation("RF-1", "abroad", "huobi.pro", "accessible", "outside", stamp(SINCE))
NEIGHBOUR = Expectation("RF-1", "home", "bakery.org", "accessible", "shared_address", stamp(SINCE))


def look(
    verdict: Verdict, after: float, expectation: Expectation = NAME, reference: str | None = None
) -> Seen:
    return Seen(
        expectation.vantage, expectation.probe(), verdict, stamp(SINCE + timedelta(seconds=after)),
        f"sha256:{after}", outcome="ok" if verdict == "accessible" else "dns.nodata", reference=reference,
    )  # fmt: skip


def test_the_time_to_the_first_blocked_answer() -> None:
    found = check(NAME, [look("accessible", 0.2), look("blocked", 1.5), look("blocked", 9)])
    assert (found.met, found.seconds, found.evidence) == (True, 1.5, "sha256:9")
    assert found.to_json() | {"host": "", "why": ""} == {
        "order": "RF-1", "expectation": NAME.id, "vantage": "home", "met": True, "seconds": 1.5,
        "evidence": "sha256:9", "host": "", "why": "",
    }  # fmt: skip


@pytest.mark.parametrize("order", [1, -1])
def test_the_latest_look_counts_in_whatever_order_they_come(order: int) -> None:
    found = check(NAME, [look("blocked", 1), look("accessible", 60)][::order])
    assert (found.met, found.seconds) == (False, 1.0)
    assert "accessible" in found.why


@pytest.mark.parametrize("verdict", ["down", "inconclusive"])
def test_down_and_inconclusive_prove_nothing(verdict: Verdict) -> None:
    for expectation in (NAME, OUTSIDE, NEIGHBOUR):
        found = check(expectation, [look(verdict, 1, expectation)])
        assert (found.met, found.seconds) == (None, None)
        assert verdict in found.why
    assert check(NAME, [look("blocked", 1), look(verdict, 2)]).met is True


def test_nothing_seen_is_unknown() -> None:
    assert check(NAME, []).met is None
    assert check(NAME, []).why == "nothing was seen yet"


def test_looks_from_before_elsewhere_or_at_other_hosts_do_not_count() -> None:
    elsewhere = look("blocked", 1, OUTSIDE)
    assert check(NAME, [look("blocked", -1), elsewhere, look("blocked", 1, NEIGHBOUR)]).met is None


def test_below_a_wildcard_the_reference_tells_a_block_from_an_absence() -> None:
    """A random name exists nowhere, so by itself it looks down; our reference proves the block."""
    assert check(BELOW, [look("down", 1, BELOW)]).met is None
    assert check(BELOW, [look("down", 1, BELOW, reference="RF-2")]).met is None
    assert check(BELOW, [look("down", 1, BELOW, reference="RF-1")]).met is True


def test_a_neighbour_that_is_blocked_is_collateral() -> None:
    found = check(NEIGHBOUR, [look("blocked", 3, NEIGHBOUR)])
    assert found.met is False
    (summary,) = compliance([NAME, NEIGHBOUR], [check(NAME, [look("blocked", 1)]), found])
    assert (summary.verified, summary.collateral) == (False, ("bakery.org",))


def met_all() -> list[Check]:
    return [
        check(NAME, [look("blocked", 1)]),
        check(BELOW, [look("blocked", 4, BELOW)]),
        check(OUTSIDE, [look("accessible", 2, OUTSIDE)]),
    ]


def test_verified_means_every_expectation() -> None:
    expected = [NAME, BELOW, OUTSIDE]
    (summary,) = compliance(expected, met_all())
    assert (summary.verified, summary.met, summary.first_blocked_ms) == (True, 3, 4000)
    (summary,) = compliance(expected, met_all()[:2])
    assert (summary.verified, summary.unknown) == (None, 1)
    blocked_abroad = check(OUTSIDE, [look("blocked", 2, OUTSIDE)])
    (summary,) = compliance(expected, [*met_all(), blocked_abroad])
    assert (summary.verified, summary.unmet) == (False, 1)
    assert compliance([], []) == []


def test_overdue_after_the_limit_only() -> None:
    expected = [NAME, BELOW, OUTSIDE]
    assert overdue(expected, [], SINCE + timedelta(seconds=299)) == []
    assert overdue(expected, met_all(), SINCE + timedelta(seconds=301)) == []
    assert overdue(expected, met_all()[1:], SINCE + timedelta(seconds=301)) == [NAME]
    unknown = check(NAME, [look("inconclusive", 1)])
    assert overdue([NAME], [unknown], SINCE + timedelta(seconds=11), limit=10) == [NAME]
