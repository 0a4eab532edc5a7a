"""Canonical bytes: one form of a record, the same in every process, on every machine."""

import dataclasses
import json
import subprocess
import sys

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringfence.core.canonical import canonical, digest
from ringfence.core.ids import derived, reference


class Point(msgspec.Struct, frozen=True):
    y: int
    x: tuple[object, ...]


@dataclasses.dataclass
class Weighed:
    weight: float


records = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def test_keys_are_sorted_text_is_utf_8_and_nothing_is_spaced():
    assert canonical({"b": [1, None], "a": "交易"}) == '{"a":"交易","b":[1,null]}'.encode()
    assert canonical(Point(y=1, x=(2, "z"))) == b'{"x":[2,"z"],"y":1}'


@given(records)
def test_canonical_bytes_are_json_and_read_back_to_themselves(record):
    written = canonical(record)
    assert json.loads(written) == record
    assert canonical(json.loads(written)) == written


@given(st.dictionaries(st.text(), st.integers(), min_size=2), st.randoms())
def test_the_order_in_which_a_mapping_was_filled_changes_nothing(mapping, rng):
    items = list(mapping.items())
    rng.shuffle(items)
    assert canonical(dict(items)) == canonical(mapping)


@pytest.mark.parametrize(
    "record",
    [
        0.5, float("nan"), [0.5], (0.5,), {"a": (1, [0.5])}, {0.5: 1}, Point(1, (0.5,)),
        {"a": Point(1, ({"b": 0.5},))}, Weighed(1.0), [Weighed(1.0)],
    ],
    ids=repr,
)  # fmt: skip
def test_a_float_is_refused_however_deep(record):
    with pytest.raises(TypeError, match="float"):
        canonical(record)


@pytest.mark.parametrize(
    "record", [{"a", "b"}, [frozenset("ab")], {"a": ({1, 2},)}, Point(1, ({2},))], ids=str
)
def test_a_set_is_refused_since_its_order_is_an_accident(record):
    with pytest.raises(TypeError, match="order"):
        canonical(record)


def test_two_keys_written_alike_are_refused_rather_than_one_lost():
    with pytest.raises(TypeError, match="alike"):
        canonical({1: "a", "1": "b"})


def test_the_bytes_do_not_depend_on_the_hash_seed():
    code = (
        "import sys; from ringfence.core.canonical import canonical;"
        "sys.stdout.buffer.write(canonical({name: {name * 2: 1, 'a': 2} for name in 'qwertyuiop'}))"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(said) == 1


def test_digests_and_derived_ids():
    # The SHA-256 of no bytes at all, from FIPS 180-4's own examples.
    assert digest(b"") == "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert derived("finding", digest(b"")) == "finding:e3b0c44298fc1c149afbf4c8996fb924"


def test_a_reference_can_be_read_aloud_and_is_never_given_twice():
    many = {reference("RF") for _ in range(5000)}
    assert len(many) == 5000
    assert all(len(one) == len("RF-7K3M-Q2ZD-91AB") and not set(one[3:]) & set("ILOU") for one in many)
