"""The helper for Debian programs says what is missing and how to get it."""

from __future__ import annotations

import os

import pytest

import debian


def test_a_missing_program_is_named_to_those_who_cannot_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(pytest.skip.Exception, match="apt-get install no-such-package"):
        debian.require("no-such-package", "no-such-command")


def test_a_program_that_is_there_is_given_by_its_path() -> None:
    assert debian.require("coreutils", "true").endswith("/true")
