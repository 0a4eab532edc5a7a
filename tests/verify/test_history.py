"""Compliance over time from checks made by hand."""

from __future__ import annotations

from ringfence.verify.check import Check
from ringfence.verify.expectation import Expectation
from ringfence.verify.history import histories, quantile, timeline

SINCE = "2018-08-25T00:00:00.000000Z"


def expect(host: str, vantage: str = "home", purpose: str = "name", order: str = "RF-1") -> Expectation:
    return Expectation(order, vantage, host, "blocked", purpose, SINCE)  # type: ignore[arg-type]


def found(of: Expectation, met: bool | None, second: int, after_ms: int | None = None) -> Check:
    at = f"2018-08-25T00:00:{second:02d}.000000Z"
    return Check(of.order, of.id, of.vantage, of.host, met, after_ms, at, "e")


A, B, N = expect("a.com"), expect("b.com"), expect("n.com", purpose="sibling")
L, ABROAD = expect("l.com", purpose="lifted"), expect("a.com", "abroad")


def test_one_row_a_vantage_and_what_was_never_seen() -> None:
    checks = [found(A, False, 1), found(A, True, 2, 2000), found(N, False, 2), found(L, True, 3, 3000)]
    home, abroad = histories([ABROAD, A, B, N, L], checks)[::-1]
    assert (home.vantage, abroad.vantage) == ("home", "abroad")
    assert home.first_blocked_ms == (2000,) and home.first_lifted_ms == (3000,)
    assert (home.never, home.met, home.unmet, home.unknown) == (1, 2, 1, 1)
    assert home.collateral == ("n.com",) and home.checks == 4 and home.orders == 1
    assert (abroad.never, abroad.unknown, abroad.checks) == (1, 1, 0)


def test_a_block_that_was_seen_and_then_not_is_a_lapse_and_an_unknown_between_is_none() -> None:
    states = [True, None, True, False, False, True, False]
    checks = [found(A, met, second, 1000) for second, met in enumerate(states)]
    (home,) = histories([A], checks)
    assert home.lapses == 2 and home.first_blocked_ms == (1000,)


def test_a_neighbour_that_is_open_again_is_no_collateral_any_more() -> None:
    (home,) = histories([N], [found(N, False, 1), found(N, True, 2)])
    assert home.collateral == ()


def test_the_timeline_counts_what_was_looked_at_so_far() -> None:
    moments = timeline([A, B], [found(A, False, 1), found(B, True, 2, 2000), found(A, True, 3, 3000)])
    assert [(m.met, m.unmet, m.unknown) for m in moments] == [(0, 1, 0), (1, 1, 0), (2, 0, 0)]
    assert moments == sorted(moments, key=lambda m: m.at)


def test_checks_of_expectations_not_asked_for_do_not_count() -> None:
    assert histories([], [found(A, True, 1, 1)]) == [] and timeline([], [found(A, True, 1, 1)]) == []


def test_quantiles_are_values_that_were_seen() -> None:
    assert quantile((), 500) is None
    assert [quantile((1, 2, 3, 4), part) for part in (1, 250, 500, 950, 1000)] == [1, 1, 2, 4, 4]
