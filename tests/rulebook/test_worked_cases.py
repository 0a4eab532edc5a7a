"""Every pack gives the answers of its worked cases; a pack without hard ones is not tested."""

import pytest

from ringfence.rulebook.pack import bundled_packs, load_pack
from ringfence.rulebook.worked import bundled_cases, failures

CASES = [(pack, name) for pack in bundled_packs() for name in bundled_cases(pack)]


@pytest.mark.parametrize(("pack", "name"), CASES, ids=[f"{pack}-{name}" for pack, name in CASES])
def test_the_pack_gives_the_answer_of_the_case(pack, name):
    assert failures(load_pack(pack), bundled_cases(pack)[name]) == ()


@pytest.mark.parametrize("pack", bundled_packs())
def test_every_pack_has_the_hard_kinds_of_case(pack):
    cases = bundled_cases(pack).values()
    states = [expect.state for case in cases for expect in case.expect]
    assert {"made_out", "not_made_out", "unclear"} <= set(states)
    said = " ".join(word for case in cases for expect in case.expect for word in expect.says)
    assert "excluded by law" in said
    assert "rule of the house" in said
    assert any(case.wrong_date for case in cases)


def test_a_wrong_expectation_is_reported():
    pack = load_pack("cn")
    case = bundled_cases("cn")["made-out-overseas-2018"]
    import msgspec

    wrong = msgspec.structs.replace(
        case,
        expect=(
            msgspec.structs.replace(case.expect[0], state="unclear", reach="express", says=("nonsense",)),
        ),
        wrong_date=("cn-2017-p3-platform",),
        opened_on="cn-2021-237-platform",
    )
    assert len(failures(pack, wrong)) == 5
