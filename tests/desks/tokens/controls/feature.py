"""Feature: a piece of a token, in Solidity that every compiler from 0.4 to 0.8 takes, and what it can do.

A piece may use ``auth`` (only who holds the power), ``_make``, ``_destroy``, ``_shift`` (balances without the
token's own checks), ``_held`` and ``_supply``; ``@`` words differ from one compiler to another.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Feature:
    """``powers`` it gives by construction; ``either`` are those on which the definitions do not decide.
    ``before`` may refuse a transfer (from, to, amount), ``fee`` adds to ``fee``. Features of the same
    ``group`` are not put into one token; ``outside`` stands before the contract."""

    name: str
    powers: frozenset[str] = frozenset()
    body: str = ""
    before: str = ""
    fee: str = ""
    setup: str = ""
    outside: str = ""
    either: frozenset[str] = frozenset()
    group: str = ""


def feature(name: str, powers: str = "", body: str = "", before: str = "", **more: str) -> Feature:
    """A feature with its powers as words."""
    either = frozenset(more.pop("either", "").split())
    return Feature(name, frozenset(powers.split()), body, before, either=either, **more)
