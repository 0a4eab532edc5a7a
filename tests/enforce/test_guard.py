"""The guard: every known way to overblock is refused, and what is safe passes."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringfence.enforce.guard import Context, judge
from ringfence.enforce.protected import protected, read_protected

CASES = list(csv.DictReader((Path(__file__).parent / "collateral_cases.csv").read_text("utf-8").splitlines()))
# The hosts that the cases themselves call registered; the public registers are another room's.
REGISTERED = frozenset(
    case["rule"].removeprefix("*.") for case in CASES if case["reason"].startswith("registered subject")
)
CONTEXT = Context(registered=REGISTERED)
HALVES = random.Random(20181).sample(range(len(CASES)), len(CASES))


@pytest.mark.parametrize("half", [0, 1], ids=["first half", "second half"])
def test_no_dangerous_rule_passes_and_safe_ones_do(half: int) -> None:
    cases = [CASES[at] for at in HALVES[half * 65 : half * 65 + 65]]
    wrong = [
        case
        for case in cases
        if judge(case["rule"], CONTEXT).allowed != (case["should_be_allowed"] == "true")
    ]
    assert wrong == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["rule"])
def test_the_rule_is_echoed_and_every_refusal_has_reasons(case: dict[str, str]) -> None:
    verdict = judge(case["rule"], CONTEXT)
    assert verdict.rule == case["rule"]
    assert bool(verdict.reasons) != verdict.allowed


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ("github.io", "suffix.public"),
        ("*.co.uk", "suffix.public"),
        ("amazonaws.com", "suffix.above_public"),
        ("foo.ck", "suffix.public"),  # the list has *.ck
        ("eu-west-1.compute.amazonaws.com", "suffix.public"),
        ("binance.con", "suffix.unknown_top_level"),
        ("drive.usercontent.google.com", "protected.cdn"),  # Italy, 19 October 2024
        ("weixin.qq.com", "protected.messaging_or_app_store"),
        ("tax.service.gov.uk", "protected.government_or_education"),
        ("a.b.gov.cn", "protected.government_or_education"),
        ("printer.local", "name.special_use"),
        ("x.home.arpa", "name.special_use"),
        ("okex.com/login", "syntax.url"),
        ("https://okex.com", "syntax.url"),
        ("||okex.com^", "syntax.url"),
        ("okex.*", "syntax.wildcard"),
        ("*okex.com", "syntax.wildcard"),
        ("a.*.okex.com", "syntax.wildcard"),
        ("*.*.okex.com", "syntax.wildcard"),
        ("*.", "syntax.wildcard"),
        ("", "syntax.name"),
        ("xn--a.com", "syntax.punycode"),
        ("xn--okex-.com", "syntax.name"),
        ("_dmarc.okex.com", "syntax.service_label"),
        ("a" * 64 + ".com", "syntax.name"),
        (".".join(["a" * 62] * 4) + ".com", "syntax.too_long"),
        (".".join(["a" * 59] * 4) + ".com", "syntax.too_long_for_zone"),
        ("1.2.3", "syntax.numeric"),
        ("0x7f.1", "syntax.numeric"),
        ("104.21.16.1", "address.shared_or_unproven"),
        ("104.21.16.0/20", "address.range"),
        ("8.8.8.8", "protected.resolver"),
        ("8.8.8.0/24", "protected.resolver"),
        ("192.5.6.30", "protected.dns"),
        ("10.0.0.1", "address.special_use"),
        ("::ffff:10.0.0.1", "address.special_use"),
        ("[2606:4700::1]", "address.shared_or_unproven"),
    ],
)
def test_each_refusal_names_its_reason(rule: str, reason: str) -> None:
    verdict = judge(rule, CONTEXT)
    assert not verdict.allowed and reason in verdict.reasons


@pytest.mark.parametrize(
    "rule",
    [
        "OKEX.com",
        "okex.com.",
        " okex.com ",
        "火币网.com",
        "xn--ls8h.la",
        "*.deep.below.okex-vip.xyz",
        "www.ck",
        "go.io",
        "a_b.okex-vip.xyz",
    ],
)
def test_ordinary_names_pass(rule: str) -> None:
    assert judge(rule, CONTEXT).allowed


def test_a_registered_subject_may_be_popular_but_not_press() -> None:
    popular = Context(registered=frozenset({"www.reddit.com", "coindesk.com"}))
    assert judge("reddit.com", popular).allowed and not judge("reddit.com", CONTEXT).allowed
    assert judge("coindesk.com", popular).reasons == ("protected.press",)


def test_one_tenant_of_a_shared_platform_is_no_reason_to_refuse() -> None:
    assert judge("fake-okex.mooo.com", CONTEXT).allowed
    assert judge("*.fake-okex.github.io", CONTEXT).allowed
    assert judge("mooo.com", CONTEXT).reasons == ("protected.shared_platform",)


def test_a_wildcard_over_another_subjects_host_is_refused() -> None:
    hosts = {
        "exchange.xyz": "site:exchange.xyz",
        "www.exchange.xyz": "site:exchange.xyz",
        "news.portal.xyz": "site:news.portal.xyz",
        "portal.xyz": "site:portal.xyz",
    }
    context = Context(known_hosts=hosts)
    assert judge("*.exchange.xyz", context).allowed
    assert judge("portal.xyz", context).allowed
    assert judge("*.portal.xyz", context).reasons == ("others.wildcard_covers_another_subject",)
    ordered = judge("portal.xyz", context, subject="site:news.portal.xyz")
    assert ordered.reasons == ("others.host_of_another_subject",)


def test_a_shared_address_is_no_reason_to_refuse_a_name() -> None:
    """Co-hosted names share an address with the subject; a name rule does not touch them."""
    address = frozenset({"104.21.16.1"})
    context = Context(seen={"venue-a.xyz": address, "bakery-b.xyz": address})
    assert judge("venue-a.xyz", context).allowed


@given(st.text(max_size=80))
def test_no_line_makes_the_guard_stumble(line: str) -> None:
    verdict = judge(line, CONTEXT)
    assert verdict.rule == line and bool(verdict.reasons) != verdict.allowed


@given(st.sampled_from(sorted(protected().names)), st.booleans())
def test_what_is_protected_stays_so_with_its_parents(name: str, wildcard: bool) -> None:
    while "." in name:
        assert not judge(f"*.{name}" if wildcard else name, CONTEXT).allowed
        name = name.partition(".")[2]


def test_every_protected_name_has_a_reason_and_a_reviewer_and_stands_once() -> None:
    names = [name for group in protected().groups for name in group.names]
    assert len(names) == len(set(names)) and len(names) > 150
    for group in protected().groups:
        assert group.reason and group.reviewer and group.reviewed
    for name in names:
        assert name == name.lower().strip(".") and name.isascii()


def test_no_registered_host_is_protected() -> None:
    assert [host for host in REGISTERED if not judge(host, CONTEXT).allowed] == []


def test_a_broken_list_is_an_error_and_not_an_empty_list() -> None:
    from ringfence.core.errors import InputError

    for text in ("[[group]]\nclass = 1", "[[group", "[[group]]\nnames = []"):
        with pytest.raises(InputError):
            read_protected(text)
