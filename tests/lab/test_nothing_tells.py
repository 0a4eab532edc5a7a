"""No class, path or phrase belongs to one kind of site: no rule may stand on the laboratory's ink."""

import re
from collections import Counter, defaultdict

import pytest

from lab.world import rows
from ringfence.lab.population import Population, build

COMMON = 0.30
# What a kind *is*, and which may therefore be its own. Nothing has been needed so far.
TOLERATED: dict[str, set[str]] = {}

_HIDDEN = re.compile(r"<(style|script)\b.*?</\1>", re.DOTALL)
_TOKEN = re.compile(r"[^\W_]+", re.UNICODE)
_HAN = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")


def kind_group(kind: str) -> str:
    """Venues are one kind here: they differ in whom they serve, and share their designs."""
    return "exchange" if kind.endswith("exchange") else kind


def marks_of(population: Population, host: str) -> set[str]:
    """Every class, path and phrase of a site."""
    found: set[str] = set()
    for path, page in population.pages(population.by_host[host]).items():
        if "html" not in page.content_type or not isinstance(page.body, str):
            continue
        found.add(f"path {path}")
        found.update(f"path {target}" for target in re.findall(r'href="?(/[^">\s]*)', page.body))
        for names in re.findall(r'class="([^"]*)"', page.body):
            found.update(f"class {name}" for name in names.split())
        found.update(f"name {name}" for name in re.findall(r'(?:name|id)="([^"]*)"', page.body))
        for text in re.split(r"<[^>]*>", _HIDDEN.sub(" ", page.body)):
            words = _TOKEN.findall(text.lower())
            found.update("phrase " + " ".join(words[at : at + 3]) for at in range(len(words) - 2))
            for run in words:
                if len(run) > 5 and _HAN.search(run):
                    found.update(f"phrase {run[at : at + 6]}" for at in range(len(run) - 5))
    return found


@pytest.mark.parametrize("seeds", [(1, 2, 3, 4)])
def test_nothing_common_in_one_kind_is_absent_from_all_others(seeds):
    sites: Counter[str] = Counter()
    holders: dict[str, Counter[str]] = defaultdict(Counter)
    for seed in seeds:
        population = build(rows(), seed, "development")
        for site in population.sites:
            kind = kind_group(site.brief.kind)
            sites[kind] += 1
            for mark in marks_of(population, site.host):
                holders[mark][kind] += 1
    exclusive: dict[str, set[str]] = defaultdict(set)
    for mark, kinds in holders.items():
        for kind, count in kinds.items():
            if len(kinds) == 1 and count >= COMMON * sites[kind]:
                exclusive[kind].add(mark)
    assert {kind: marks - TOLERATED.get(kind, set()) for kind, marks in exclusive.items()} == {}
