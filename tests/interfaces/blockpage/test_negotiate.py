"""Language and form: what the visitor wishes for, whatever the header holds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringfence.interfaces.blockpage.negotiate import form, language


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"), ("en-GB,en;q=0.9,zh;q=0.8", "en"), ("zh", "zh"), ("en", "en"),
        ("zh-Hant-TW", "zh"), ("ZH-hans", "zh"), ("fr,de;q=0.7", "en"), ("", "en"),
        ("fr;q=1, zh;q=0.1", "zh"),
        ("en;q=0.5, zh;q=0.6", "zh"), ("en;q=0, *;q=0.5", "zh"), ("*", "en"), ("zh;q=0", "en"),
        ("en;q=0", "en"), ("zh;q=0.000, en;q=0.001", "en"), ("zh ; q = 0.3 , en ; q=0.2", "zh"),
        ("zh;q=2, en;q=0.1", "en"), ("zh;q=abc, en;q=0.1", "en"), ("zh;q=-1,en;q=0.1", "en"),
        ("zh;q=nan,en;q=0.1", "en"), ("zh;q=1e3,en;q=0.1", "en"), ("zh-TW;q=0, zh;q=0.5", "zh"),
        ("zh;q=0.5;q=0.1, en;q=0.3", "zh"), (",,,zh", "zh"), ("x" * 9000 + ",zh", "zh"),
        ("fr," * 60 + "zh", "en"),
    ],
)  # fmt: skip
def test_the_language_wished_for(header: str, expected: str) -> None:
    assert language(header, "en") == expected


def test_the_default_decides_where_wishes_are_alike() -> None:
    assert (language("en,zh", "zh"), language("en,zh", "en"), language("fr", "zh")) == ("zh", "en", "zh")


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("text/html,application/xhtml+xml,*/*;q=0.8", "html"), ("application/json", "json"), ("*/*", "html"),
        ("application/problem+json", "json"), ("", "html"), ("image/png", "html"), ("application/*", "json"),
        ("text/html;q=0.2, application/json;q=0.3", "json"), ("application/json;q=0, */*", "html"),
        ("text/html;q=0, */*", "json"), ("application/json;q=x", "html"),
        ("text/*, application/json", "html"),
    ],
)  # fmt: skip
def test_the_form_wished_for(header: str, expected: str) -> None:
    assert form(header) == expected


@given(st.text(max_size=200))
def test_no_header_can_break_it(header: str) -> None:
    assert language(header, "en") in ("en", "zh")
    assert form(header) in ("html", "json")
