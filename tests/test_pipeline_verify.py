"""Verify: the first look that met an expectation stays the first, however often it is checked again."""

import msgspec

from ringfence.pipeline.verify import _first_met, _since_first
from ringfence.verify.check import Check

CHECK = Check("RF-1", "expectation:1", "inside", "a.example", True, 1900, "2018-08-25T00:00:02Z", "e", "")


def test_a_later_look_does_not_make_the_block_slower():
    later = msgspec.structs.replace(CHECK, after_ms=86_400_000)
    first = _first_met([later, CHECK, msgspec.structs.replace(CHECK, after_ms=None)])
    assert first == {"expectation:1": 1900}
    assert _since_first(later, first).seconds == 1.9


def test_an_expectation_never_met_before_keeps_its_own_time():
    assert _since_first(CHECK, {}) == CHECK
    unmet = msgspec.structs.replace(CHECK, met=False, after_ms=None)
    assert _since_first(unmet, {"expectation:1": 1900}).met is False
