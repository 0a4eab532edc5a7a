"""The hosts file: names only, each line with its order; what it cannot express it counts."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given

from enforce.entries import ENTRIES, LABORATORY, entries
from ringfence.core.errors import InputError, RefusedError
from ringfence.enforce.entry import Entry
from ringfence.enforce.targets import hosts

GOLDEN = Path(__file__).parent / "golden"


def test_the_golden_file() -> None:
    assert hosts.render(ENTRIES, serial=7) == (GOLDEN / "hosts").read_bytes()
    assert hosts.render(LABORATORY, serial=1, laboratory=True) == (GOLDEN / "hosts-laboratory").read_bytes()


@given(entries)
def test_what_it_can_express_is_read_back(given_entries: list[Entry]) -> None:
    exact = sorted(entry for entry in given_entries if not entry.wildcard)
    assert hosts.parse(hosts.render(given_entries, serial=1)) == exact


def test_a_wildcard_is_not_written_and_that_is_said() -> None:
    fits = [(entry.rule, hosts.fit(entry)) for entry in ENTRIES]
    left_out = [rule for rule, fit in fits if fit.entry is None and fit.reason == "hosts.no_wildcard"]
    assert left_out == ["*.huobi.pro", "*.okex.com"]
    assert "no wildcards" in hosts.render(ENTRIES, serial=7).decode()


def test_laboratory_and_real_never_meet() -> None:
    with pytest.raises(RefusedError):
        hosts.render(LABORATORY, serial=1)
    with pytest.raises(RefusedError):
        hosts.render(ENTRIES, serial=1, laboratory=True)


@pytest.mark.parametrize(
    "line", ["127.0.0.1 localhost", "0.0.0.0 a.com", "0.0.0.0", "8.8.8.8 a.com # order=x"]
)
def test_another_hosts_file_is_not_read_as_ours(line: str) -> None:
    with pytest.raises(InputError, match="line 2"):
        hosts.parse(f"# ours\n{line}\n".encode())
