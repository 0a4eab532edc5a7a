"""Rules: bundled parameters are documented, a file may change some, and what makes no sense is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from ringfence.core.errors import InputError
from ringfence.desks.payments.parameters import span
from ringfence.desks.payments.rules import TYPOLOGIES, load_rules

METHOD = Path(__file__).parents[3] / "docs" / "method" / "payments.md"


def test_every_typology_is_documented_with_its_source() -> None:
    page, rules = METHOD.read_text("utf-8"), load_rules()
    assert tuple(sorted(rules.parameters)) == tuple(sorted(TYPOLOGIES))
    for name in TYPOLOGIES:
        assert f"| `{name}` |" in page, name
        assert rules[name]["source"] and rules.number(name, "weight") > 0


def test_a_file_changes_what_it_names(tmp_path: Path) -> None:
    file = tmp_path / "rules.toml"
    file.write_text('version = "mine"\n[night]\nzone = "Europe/Berlin"\n[money]\nUSD = "7.1"\n')
    rules = load_rules(file)
    assert (
        rules.version == "mine" and rules["night"]["zone"] == "Europe/Berlin" and rules["night"]["legs"] == 8
    )
    assert rules.minor(7100, "USD") == 100_000 and rules.minor(100, "CNY") == 10_000
    assert rules.minor(100, "JPY") == 2000, "yen have no minor unit"
    assert rules.digest != load_rules().digest
    assert rules.minor(10**12, "CLF") < 2**62, "there is room for every threshold"


@pytest.mark.parametrize(
    "text",
    [
        "[nights]\nlegs = 3", "[night]\nleg = 3", '[night]\nwindow = "long"', "[night]\nlegs = -1",
        "[pass_through]\nlow = 2000", "[pass_through]\nwindows = []", '[money]\nUSD = "much"',
        '[money]\nUSD = "0"', "[coin_multiple]\nspread = 90", "[structuring]\nlimits = [0]", "no toml",
        "[pass_through]\nlow = 900.5", "[pass_through]\nreceipts = 2.5", "[pass_through]\nwindows = 4",
        '[night]\nwindow = "²h"', '[night]\nwindow = "100001d"', '[night]\nzone = "Asia"',
        "[night]\nlegs = nan",
        "[night]\nshare = true", "night = 3", "money = 7", "[money]\nUSD = nan", '[money]\nusd = "7"',
        '[money]\nUSD = "1e-30"', "[coin_multiple]\nstep = 0", "[coin_multiple]\nspread = 0.5",
        "[coin_multiple]\nmantissas = 10", "[structuring]\nlimits = [true, 9223372036854775808]",
        f"[structuring]\nlimits = {[*range(1, 129)]}", "[u_turn]\nleast = inf",
        "pass_through = 3", "money = 3", '[money]\nUSD = "nan"', '[money]\nUSD = "inf"',
        '[money]\nUSDT = "7"', "[pass_through]\nleast = 1" + "0" * 30,
        "[pass_through]\nlow = nan", "[pass_through]\nreceipts = 1.5", "[pass_through]\nreceipts = 0",
        "[pass_through]\nlow = 900.5",
        '[pass_through]\nwindows = "24h"', '[pass_through]\nwindows = ["99999d"]',
        '[pass_through]\nwindows = ["\u00b2h"]', "[pass_through]\nweight = 1001", '[night]\nzone = "Mars/X"',
        "[night]\nzone = 3", "[night]\nbegins = 25",
        "[coin_multiple]\nstep = 0", "[coin_multiple]\nspread = 1.5", "[structuring]\nlimits = 5000",
        "version = [1]", "[night]\nlegs = " + "9" * 5000, "version = 0x" + "f" * 5000,
        "[money]\nUSD = 0x" + "f" * 5000, "a = " + "[" * 20_000,
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "rules.toml"
    file.write_text(text)
    with pytest.raises(InputError) as refused:
        load_rules(file)
    assert str(file) in str(refused.value) and refused.value.hint


def test_a_parameter_that_there_is_none_of_is_told_with_what_there_is(tmp_path: Path) -> None:
    file = tmp_path / "rules.toml"
    file.write_text("[pass_thru]\nlow = 1")
    with pytest.raises(InputError, match="unknown: pass_thru") as refused:
        load_rules(file)
    assert refused.value.hint.startswith("did you mean pass_through?") and "u_turn" in refused.value.hint
    file.write_text("\ufeff[night]\nlegs = 0", "utf-8")
    with pytest.raises(InputError, match=r"night\.legs: not a whole number") as refused:
        load_rules(file)
    assert refused.value.hint == "bundled: legs = 8"


def test_windows_are_spans_of_order_keys() -> None:
    assert span("1s") == 1000 << 20 and span("2h") == 2 * 3_600_000 << 20
    for bad in ("", "h", "0h", "-1h", "1w", 3, None):
        with pytest.raises(InputError):
            span(bad)
