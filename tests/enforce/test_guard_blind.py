"""The cases of an evaluator who had seen neither the guard nor its lists (tests/assets/guard/README.md).

Run once on the finished guard: 1,122 of 1,122 dangerous rules refused, 420 of 422 safe ones allowed.
"""

import csv
from collections import Counter
from pathlib import Path

from ringfence.enforce.guard import judge
from ringfence.interfaces.cli.known import shipped_context

CASES = Path(__file__).parents[1] / "assets" / "guard" / "blind.csv"


def test_no_dangerous_rule_passes_and_safe_ones_do():
    with CASES.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    context = shipped_context()
    passed, counts, wrong = [], Counter(), []
    for row in rows:
        verdict = judge(row["rule"], context)
        safe = row["should_be_allowed"] == "true"
        counts[safe] += 1
        assert verdict.rule == row["rule"] and (verdict.allowed or verdict.reasons)
        if verdict.allowed and not safe:
            passed.append(row["rule"])
        if safe and not verdict.allowed:
            wrong.append((row["rule"], verdict.reasons))
    assert counts == {True: 422, False: 1122}
    assert passed == []
    assert len(wrong) * 20 <= counts[True], wrong
