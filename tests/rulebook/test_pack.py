"""Packs: what is refused and why, and what the bundled ones promise."""

from pathlib import Path

import pytest

from ringfence.core.errors import InputError
from ringfence.rulebook.pack import PackError, bundled_packs, load_pack
from ringfence.rulebook.provision import house_for
from ringfence.rulebook.retention import load_retention

ASSETS = Path(__file__).parents[1] / "assets"
BAD = sorted((ASSETS / "bad" / "packs").iterdir())


@pytest.mark.parametrize("folder", BAD, ids=lambda folder: folder.name)
def test_a_bad_pack_is_refused_for_the_reason_it_is_bad(folder):
    why = (folder / "pack.toml").read_text().splitlines()[0].removeprefix("# refused: ")
    with pytest.raises(PackError) as caught:
        load_pack(folder)
    assert any(why in problem for problem in caught.value.problems), caught.value.problems
    assert caught.value.hint


def test_the_bad_packs_are_bad_in_one_thing_only():
    assert load_pack(ASSETS / "good" / "packs" / "nowhere").head.approvals == 2
    assert all(len(problems(folder)) <= 2 for folder in BAD)


def problems(folder):
    with pytest.raises(PackError) as caught:
        load_pack(folder)
    return caught.value.problems


def test_a_pack_may_ask_for_more_approvals(tmp_path):
    copy(tmp_path, lambda text: text.replace('version = "1"', 'version = "1"\napprovals = 3'))
    assert load_pack(tmp_path).head.approvals == 3


def test_the_digest_is_of_the_content_and_not_of_its_layout(tmp_path):
    good = ASSETS / "good" / "packs" / "nowhere"
    copy(tmp_path, lambda text: "# a comment\n" + text.replace(" = ", "  =  "))
    assert load_pack(tmp_path).digest == load_pack(good).digest
    copy(tmp_path, lambda text: text.replace("Law, Art 1", "Law, Art 11"))
    assert load_pack(tmp_path).digest != load_pack(good).digest


def copy(target, change):
    for path in (ASSETS / "good" / "packs" / "nowhere").iterdir():
        (target / path.name).write_text(change(path.read_text()))


def test_unknown_and_missing_packs_are_input_errors(tmp_path):
    for name in ("zz", "../cn", tmp_path):
        with pytest.raises(InputError):
            load_pack(name)


@pytest.mark.parametrize("name", bundled_packs())
def test_every_bundled_provision_can_be_shown_to_an_approver(name):
    pack = load_pack(name)
    for breach in pack.breaches:
        assert set(house_for(breach.subjects)) <= {rule.id for rule in breach.exclusions}
    for text in (*pack.breaches, *pack.powers, *pack.guidance):
        assert text.citation
        assert pack.marked(text) in {"S", "S*", "R", "U"}
        assert text.sources
    served = {breach for power in pack.powers for breach in power.breaches}
    assert {breach.id for breach in pack.breaches} == served


def test_every_provision_of_the_cn_pack_is_documented():
    document = (Path(__file__).parents[2] / "docs" / "method" / "rulebook.md").read_text()
    pack = load_pack("cn")
    for text in (*pack.breaches, *pack.powers, *pack.guidance):
        row = next((line for line in document.splitlines() if f"`{text.id}`" in line), None)
        assert row is not None, text.id
        assert f"| {pack.marked(text)} " in row.replace("\\*", "*"), (text.id, pack.marked(text))


def test_in_china_blocking_is_for_counsel_and_closing_is_a_request():
    grants = [(power.id, grant) for power in load_pack("cn").powers for grant in power.grants]
    for _, grant in grants:
        if grant.measure == "block_access":
            assert (grant.mark, grant.form) == ("U", "order")
            assert "counsel" in grant.note
        if grant.measure in ("close_site", "delist_app", "revoke_licence"):
            assert grant.form == "request_to_authority"


def test_a_pack_of_ones_own_is_found_by_its_jurisdiction(tmp_path, monkeypatch):
    from shutil import copytree

    copytree(ASSETS / "good" / "packs" / "holdland", tmp_path / "xh")
    copytree(ASSETS / "good" / "packs" / "holdland", tmp_path / "cn")
    copytree(ASSETS / "good" / "packs" / "holdland", tmp_path / "yy")
    with pytest.raises(InputError) as caught:
        load_pack("xh")
    assert "RINGFENCE_PACKS" in caught.value.hint
    monkeypatch.setenv("RINGFENCE_PACKS", str(tmp_path))
    assert load_pack("xh").head.title == "Holdland (invented)"
    assert load_pack("cn").head.title != "Holdland (invented)", "a bundled pack is never replaced"
    with pytest.raises(InputError, match="holds a pack of xh"):
        load_pack("yy")
    for name in ("../xh", "zz", "", "XH"):
        with pytest.raises(InputError, match="no pack"):
            load_pack(name)
    assert load_retention("xh").jurisdiction == "xh"
