"""The documents keep up with the code: what is not documented, or links nowhere, fails here.

Tables between ``<!-- table:NAME -->`` and ``<!-- /table -->`` are made from the code;
``python tests/test_docs.py`` writes them anew.
"""

from __future__ import annotations

import importlib.resources
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from ringfence.core.country import Countries
from ringfence.desks.access import finding as access_finding
from ringfence.desks.access.rules import RULES
from ringfence.desks.platforms import residents, weights
from ringfence.desks.platforms.find import find
from ringfence.desks.platforms.look import Look
from ringfence.evidence.observation import OUTCOMES
from ringfence.rulebook.pack import load_pack

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
ACCESS = DOCS / "method" / "access.md"
PLATFORMS = DOCS / "method" / "platforms.md"

_FENCE = re.compile(r"^(```|~~~).*?^\1", re.M | re.S)
_LINK = re.compile(r"\]\(([^()\s]+)\)|\b(?:src|srcset|href)=\"([^\"]+)\"")
_TABLE = re.compile(r"(<!-- table:([a-z]+) -->\n).*?(<!-- /table -->)", re.S)
# Nobody else has the machine that a page was written on, nor its mirrors of the package indexes.
_PRIVATE = re.compile(
    r"(?<![\w.~-])/(?:work|root|home|opt|tmp/bash\w*)/"
    r"|\b(?:pypi|npmjs|crates|rubygems|proxy\.golang|registry\.\w+)\.(?:org|com|io)\b"
    r"|\b(?:artifactory|nexus|devpi|verdaccio)\b",
    re.IGNORECASE,
)


@cache
def text(path: Path) -> str:
    return path.read_text("utf-8")


@cache
def all_pages() -> str:
    return "\n".join(map(text, PAGES))


def names(path: Path, word: str) -> bool:
    """Whether a page has a word in code quotes."""
    return f"`{word}`" in text(path)


def anchors(path: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", _FENCE.sub("", text(path)), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def links() -> list[tuple[Path, str]]:
    """Every link of every page that leads into this repository."""
    found = []
    for page in PAGES:
        for pair in _LINK.findall(_FENCE.sub("", text(page))):
            target = pair[0] or pair[1]
            if not re.match(r"[a-z][a-z+.-]*:", target):
                found.append((page, target))
    return found


@pytest.mark.parametrize(("page", "target"), links(), ids=lambda value: str(value).rpartition("/")[2])
def test_every_link_leads_somewhere(page: Path, target: str) -> None:
    path, _, anchor = target.partition("#")
    there = (page.parent / path).resolve() if path else page
    assert there.exists(), f"{page.relative_to(ROOT)} links to {target}"
    assert there.is_relative_to(ROOT)
    if anchor and there.suffix == ".md":
        assert anchor in anchors(there), f"{page.relative_to(ROOT)}: no heading {anchor} in {there.name}"


def test_there_are_links_to_check() -> None:
    assert len(links()) > 30


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_page_of_docs_is_on_the_map(page: Path) -> None:
    if page.parent == ROOT or page == DOCS / "index.md":
        return
    targets = {(DOCS / target).resolve() for where, target in links() if where == DOCS / "index.md"}
    assert page in targets, f"docs/index.md does not lead to {page.relative_to(DOCS)}"


@pytest.mark.parametrize("rule", RULES)
def test_every_access_rule_is_documented(rule: str) -> None:
    assert names(ACCESS, rule)


@pytest.mark.parametrize("outcome", sorted(OUTCOMES))
def test_every_outcome_word_is_documented(outcome: str) -> None:
    assert names(ACCESS, outcome)


@cache
def elements() -> tuple[str, ...]:
    """The elements that the platforms desk makes findings on: the same with and without a page."""
    look = Look("site:a.test", "a.test", None, None, None, None, {})
    return tuple(made.element for made in find(look, Countries.load(None)).findings)


def test_every_element_of_the_desks_is_documented() -> None:
    assert len(elements()) >= 9
    assert [element for element in elements() if not names(PLATFORMS, element)] == []
    assert names(ACCESS, access_finding.ELEMENT)


@pytest.mark.parametrize("feature", [*weights.WEIGHTS, *residents.WEIGHTS])
def test_every_feature_is_documented(feature: str) -> None:
    assert names(PLATFORMS, feature)


def test_every_provision_of_the_bundled_packs_is_documented() -> None:
    folder = importlib.resources.files("ringfence.rulebook").joinpath("packs")
    packs = [load_pack(entry.name) for entry in folder.iterdir() if entry.joinpath("pack.toml").is_file()]
    ids = [rule.id for pack in packs for rule in (*pack.breaches, *pack.powers, *pack.guidance)]
    assert ids
    assert [name for name in ids if f"`{name}`" not in all_pages()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_page_names_a_machine_or_an_index(page: Path) -> None:
    found = _PRIVATE.search(text(page))
    assert found is None, f"{page.relative_to(ROOT)}: {found and found[0]}"


def rules_table() -> str:
    rows = (
        f"| `{rule.id}` | {rule.version} | {rule.layer} | {rule.level} "
        f"| {rule.blocked} | {rule.down} | {rule.ok} | {rule.why} |"
        for rule in RULES.values()
    )
    return "\n".join(
        (
            "| rule | version | layer | evidence | blocked | down | ok | why |",
            "|---|---|---|---|---|---|---|---|",
            *rows,
        )
    )


def weights_table() -> str:
    kinds = [kind for kind in weights.KINDS if any(kind in row for row in weights.WEIGHTS.values())]
    rows = (
        f"| `{feature}`{' ◆' if feature in weights.CORE else ''} | "
        + " | ".join(str(row.get(kind, "")) for kind in kinds)
        + " |"
        for feature, row in weights.WEIGHTS.items()
    )
    return "\n".join((f"| feature | {' | '.join(kinds)} |", "|---" * (len(kinds) + 1) + "|", *rows))


def residents_table() -> str:
    rows = (
        f"| `{sign}` | {weight} | {residents.MEANS.get(sign, '–')} |"
        for sign, weight in residents.WEIGHTS.items()
    )
    return "\n".join(("| sign | weight | means |", "|---|---|---|", *rows))


TABLES: dict[str, tuple[Path, Callable[[], str]]] = {
    "rules": (ACCESS, rules_table),
    "weights": (PLATFORMS, weights_table),
    "residents": (PLATFORMS, residents_table),
}


@pytest.mark.parametrize("name", TABLES)
def test_every_table_is_as_the_code_has_it(name: str) -> None:
    page, made = TABLES[name]
    found = {match[2]: match[0] for match in _TABLE.finditer(text(page))}
    assert made() in found[name], "run: .venv/bin/python tests/test_docs.py"


def write_tables() -> None:
    """Put every table into its page as the code has it now."""
    for page, _ in dict.fromkeys(TABLES.values()):
        old = page.read_text("utf-8")
        new = _TABLE.sub(lambda match: f"{match[1]}{TABLES[match[2]][1]()}\n{match[3]}", old)
        page.write_text(new, "utf-8")


if __name__ == "__main__":
    write_tables()
