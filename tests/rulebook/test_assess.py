"""Assess: three values, two dates, one explanation."""

from datetime import date
from itertools import permutations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringfence.core.canonical import canonical
from ringfence.core.errors import InputError
from ringfence.rulebook.assess import assess, not_in_force
from ringfence.rulebook.choose import best
from ringfence.rulebook.combine import combine
from ringfence.rulebook.finding import Feature, Finding
from ringfence.rulebook.pack import load_pack

CN = load_pack("cn")
PLATFORM = "cn-2017-p3-platform"
AUGUST = date(2018, 8, 24)
ELEMENTS = (
    "fiat_token_exchange token_token_exchange central_counterparty pricing_service information_intermediary "
    "serves_residents domestic_operator hosted_overseas not_authorised journalism raises_by_tokens"
).split()


def finding(element, state, *, author="instrument:platforms", reason="seen", **other):
    return Finding(
        subject="site:a.example",
        element=element,
        state=state,
        reason=reason,
        features=(Feature("f", 1000, "text", f"sha256:{element}"),),
        author=author,
        rule="r",
        version="1",
        observations=(),
        references={},
        **other,
    )


OVERSEAS = [
    finding("fiat_token_exchange", "met"),
    finding("serves_residents", "met"),
    finding("domestic_operator", "not_met"),
    finding("hosted_overseas", "met"),
    finding("journalism", "not_met"),
]


def platform(findings, *, conduct=AUGUST, decision=AUGUST):
    found = assess(CN, findings, conduct=conduct, decision=decision, subject="site:a.example")
    return next(item for item in found if item.provision == PLATFORM)


def without(element, *more):
    return [item for item in OVERSEAS if item.element != element] + list(more)


def test_the_output_is_the_explanation():
    found = platform(OVERSEAS)
    assert found.state == "made_out"
    assert [measure.measure for measure in found.measures] == ["block_access"]
    assert found.mark == "S*"
    assert "2018-02-05" in found.reach_reason
    assert {item.id for item in OVERSEAS} == set(found.findings)
    assert found.tree.children[0].children[0].evidence == ("sha256:fiat_token_exchange",)
    assert found.measures[0].mark == "U"
    assert any("close_site" in note and "domestic_operator" in note for note in found.notes)


def test_the_same_findings_in_any_order_give_the_same_bytes():
    results = {canonical(platform(list(order))) for order in permutations(OVERSEAS)}
    assert len(results) == 1


@pytest.mark.parametrize("element", ["fiat_token_exchange", "serves_residents", "journalism"])
@pytest.mark.parametrize("state", ["unclear", None])
def test_what_is_unclear_or_has_no_finding_never_counts(element, state):
    found = platform(without(element, *([finding(element, state)] if state else [])))
    assert found.state == "unclear"
    assert found.measures == ()
    assert "unclear" in found.reason


def test_journalism_is_never_actionable():
    found = platform(without("journalism", finding("journalism", "met")))
    assert found.state == "not_made_out"
    assert found.measures == ()
    assert "rule of the house" in found.reason


def test_a_pack_that_dropped_the_house_exclusion_is_still_held_to_it():
    bare = msgspec.structs.replace(
        CN, breaches=tuple(msgspec.structs.replace(breach, exclusions=()) for breach in CN.breaches)
    )
    found = assess(bare, without("journalism"), conduct=AUGUST, decision=AUGUST)
    assert {item.state for item in found} == {"unclear"}


@pytest.mark.parametrize(
    ("conduct", "domestic", "reached", "state"),
    [
        (date(2018, 1, 15), "met", "domestic", "made_out"),
        (date(2018, 1, 15), "not_met", "unclear", "unclear"),
        (date(2018, 2, 4), "not_met", "unclear", "unclear"),
        (date(2018, 2, 5), "not_met", "reading", "made_out"),
        (date(2018, 2, 5), "unclear", "reading", "made_out"),
    ],
)
def test_reach_depends_on_the_operator_and_on_the_date_of_the_reading(conduct, domestic, reached, state):
    found = platform(without("domestic_operator", finding("domestic_operator", domestic)), conduct=conduct)
    assert (found.reach, found.state) == (reached, state)


def test_hosting_chooses_the_measure_and_never_the_breach():
    near = without("hosted_overseas", finding("hosted_overseas", "not_met"))
    assert platform(near).state == "made_out"
    unknown = [item for item in near if item.element != "domestic_operator"]
    found = platform(unknown)
    assert found.state == "made_out"
    assert found.measures == ()
    assert any("block_access" in note for note in found.notes)


def test_only_what_was_in_force_applies():
    def provisions(day):
        return {item.provision for item in assess(CN, OVERSEAS, conduct=day, decision=date(2026, 11, 1))}

    assert provisions(date(2017, 9, 3)) == set()
    assert provisions(date(2017, 9, 4)) == {"cn-2017-p1-offering", "cn-2017-p3-platform"}
    assert "cn-2021-237-platform" in provisions(date(2026, 2, 5))
    assert "cn-2021-237-platform" not in provisions(date(2026, 2, 6))
    assert "cn-2026-42-platform" in provisions(date(2026, 2, 6))


def test_why_a_provision_does_not_apply_is_said():
    assert "not yet in force" in not_in_force(CN, "cn-2021-237-platform", AUGUST)
    assert "2026-02-06" in not_in_force(CN, "cn-2021-237-platform", date(2026, 3, 1))
    assert "not yet" in not_in_force(CN, "cn-2018-risk-notice", date(2018, 8, 20))
    assert not_in_force(CN, PLATFORM, AUGUST) is None
    with pytest.raises(InputError):
        not_in_force(CN, "cn-none", AUGUST)


def test_what_cannot_be_assessed_is_an_input_error():
    with pytest.raises(InputError, match="before the conduct"):
        assess(CN, OVERSEAS, conduct=AUGUST, decision=date(2018, 8, 23))
    with pytest.raises(InputError, match="2 subjects"):
        assess(
            CN,
            [*OVERSEAS, msgspec.structs.replace(OVERSEAS[0], subject="site:b.example")],
            conduct=AUGUST,
            decision=AUGUST,
        )
    with pytest.raises(InputError):
        assess(CN, [], conduct=AUGUST, decision=AUGUST)


def test_the_kind_of_subject_selects_the_provisions():
    channel = [msgspec.structs.replace(item, subject="channel:a") for item in OVERSEAS]
    found = assess(CN, channel, conduct=AUGUST, decision=AUGUST)
    assert {item.provision for item in found} == {"cn-2014-im-tools", "cn-2017-p1-offering"}


def test_the_laboratory_marks_its_assessments():
    assert platform([*OVERSEAS[:-1], finding("journalism", "not_met", laboratory=True)]).laboratory
    assert not platform(OVERSEAS).laboratory


def test_a_person_overrides_instruments():
    person = finding(
        "fiat_token_exchange", "not_met", author="person:reviewer", reason="a demonstration only"
    )
    assert combine([OVERSEAS[0], person]).state == "not_met"
    assert "reviewer" in combine([OVERSEAS[0], person]).reason
    unsure = finding("fiat_token_exchange", "unclear", author="person:reviewer")
    assert combine([OVERSEAS[0], unsure]).state == "unclear"


def test_instruments_that_contradict_each_other_leave_it_unclear():
    other = finding("fiat_token_exchange", "not_met", author="instrument:other")
    assert combine([OVERSEAS[0], other]).state == "unclear"
    assert "conflict" in combine([OVERSEAS[0], other]).reason
    assert (
        combine([OVERSEAS[0], finding("fiat_token_exchange", "unclear", author="instrument:other")]).state
        == "met"
    )
    assert combine([]).reason == "no finding"


def test_the_case_is_opened_on_the_firmest_provision():
    found = assess(CN, OVERSEAS, conduct=date(2022, 3, 3), decision=date(2026, 3, 1))
    choice = best(found)
    assert choice.assessment.provision == "cn-2021-237-platform"
    assert "cn-2017-p3-platform: made out, reach reading" in choice.reason
    assert len(choice.others) == len(found) - 1
    assert best(()) is None


def test_what_nobody_looked_at_does_not_hide_a_clear_answer():
    innocent = [finding(element, "not_met") for element in ELEMENTS[:5]] + [
        finding("serves_residents", "unclear")
    ]
    choice = best(assess(CN, innocent, conduct=date(2022, 3, 3), decision=date(2022, 3, 3)))
    assert choice.assessment.state == "not_made_out"
    assert "not examined" in choice.reason


STATES = st.sampled_from(["met", "not_met", "unclear"])
AUTHORS = st.sampled_from(["instrument:one", "instrument:two", "person:reviewer"])
FINDINGS = st.lists(
    st.builds(
        lambda element, state, author: finding(element, state, author=author),
        st.sampled_from(ELEMENTS),
        STATES,
        AUTHORS,
    ),
    max_size=14,
)
DAYS = st.dates(date(2017, 9, 1), date(2026, 11, 1))


def states(findings, conduct):
    found = assess(CN, findings, conduct=conduct, decision=date(2026, 11, 1), subject="site:a.example")
    return {item.provision: item for item in found}


@settings(max_examples=300, deadline=None)
@given(FINDINGS, DAYS)
def test_nothing_is_made_out_on_an_unclear_element(findings, conduct):
    for item in states(findings, conduct).values():
        if item.state == "made_out":
            assert item.tree.state == "met"
            assert {exclusion.state for exclusion in item.exclusions} == {"not_met"}
            assert item.reach in ("domestic", "express", "reading")
        else:
            assert item.measures == ()


@settings(max_examples=300, deadline=None)
@given(FINDINGS, DAYS)
def test_making_a_state_unclear_never_makes_a_breach_out(findings, conduct):
    before = states(findings, conduct)
    for element in {item.element for item in findings}:
        dimmed = [
            msgspec.structs.replace(f, state="unclear") if f.element == element else f for f in findings
        ]
        for provision, after in states(dimmed, conduct).items():
            if after.state == "made_out":
                assert before[provision].state == "made_out"


@settings(max_examples=300, deadline=None)
@given(FINDINGS, DAYS)
def test_removing_findings_makes_a_breach_out_only_by_removing_what_spoke_against(findings, conduct):
    before = states(findings, conduct)
    for index, removed in enumerate(findings):
        rest = findings[:index] + findings[index + 1 :]
        for provision, after in states(rest, conduct).items():
            if after.state == "made_out" and before[provision].state != "made_out":
                # What spoke against: the contrary of the state it now has, or a person's doubt.
                others = {f.state for f in rest if f.element == removed.element}
                assert others - {removed.state, "unclear"} or removed.author.startswith("person:")
                assert others, "no finding at all can never be met"


@settings(max_examples=200, deadline=None)
@given(FINDINGS, DAYS, st.sampled_from(["unclear", "met"]))
def test_without_journalism_found_not_to_apply_there_is_no_measure(findings, conduct, state):
    kept = [item for item in findings if item.element != "journalism"]
    for item in states([*kept, finding("journalism", state)], conduct).values():
        assert item.state != "made_out"
        assert item.measures == ()
