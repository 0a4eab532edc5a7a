"""A condition written once says the same on both engines."""

import sqlite3
from itertools import product

import psycopg
import pytest

from ringfence.core.dialect import Sql, any_of, both


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("new.a is not old.a", "new.a is distinct from old.a"),
        ("new.a is old.a", "new.a is not distinct from old.a"),
        ("new.a IS  NOT 'x'", "new.a is distinct from 'x'"),
        ("new.a is 'x'", "new.a is not distinct from 'x'"),
        ("a is null or b is not null", "a is null or b is not null"),
        ("a is  null or b is  not  null", "a is  null or b is  not  null"),
        ("a is true and b is not false", "a is true and b is not false"),
        ("a = 'this is b' and c is d", "a = 'this is b' and c is not distinct from d"),
        ("a = 'it''s what it is not b'", "a = 'it''s what it is not b'"),
        ("a is nullable", "a is not distinct from nullable"),
        ("a is distinct from b", "a is distinct from b"),
        ("this = that", "this = that"),
    ],
)
def test_comparison_with_null_is_translated_and_nothing_else(said, wanted):
    assert both(said) == Sql(said, wanted)


def test_what_is_given_twice_is_taken_as_it_is():
    assert both(Sql("a is b", "c is d")) == Sql("a is b", "c is d")
    assert any_of("a is b", Sql("x", "y")) == Sql("(a is b) or (x)", "(a is not distinct from b) or (y)")


def test_both_engines_answer_alike(postgresql):
    said = both("x is not y or x is 'a' or y is null")
    values = (None, "a", "b")
    light = sqlite3.connect(":memory:")
    with psycopg.connect(postgresql.plain("postgres")) as heavy:
        for x, y in product(values, values):
            one = light.execute(f"select {said.sqlite} from (select ? as x, ? as y)", (x, y)).fetchone()
            query = f"select {said.postgresql} from (select %s::text as x, %s::text as y) t"
            assert bool(one[0]) == heavy.execute(query, (x, y)).fetchone()[0], (x, y)
    light.close()
