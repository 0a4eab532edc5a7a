"""Nouns of the way: what is looked at, with what, what was captured, and what is said of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

import msgspec

from ringfence.evidence.vantage import Vantage
from ringfence.rulebook.finding import Finding

BATCH: Final = 16  # subjects analysed, committed or replayed together
ACCOUNTS: Final = "assess accounts"  # the kind of a run that judged payment accounts
TOKENS: Final = "screen tokens"  # the kind of a run that judged one


class Target(msgspec.Struct, frozen=True):
    """A site to look at, and the name by which it was asked for."""

    subject: str
    host: str
    name: str


class Plan(msgspec.Struct, frozen=True):
    """What a screening is made with. ``conduct`` and ``decision`` are dates of law (see rulebook);
    ``countries`` is a file of address ranges, None for the bundled ones; ``authorised`` a sealed register
    of authorised providers, for packs that ask for one."""

    jurisdiction: str
    conduct: date
    decision: date
    outside: Vantage | None
    inside: Vantage | None
    countries: Path | None = None
    authorised: Path | None = None


class Captured(msgspec.Struct, frozen=True):
    """What was seen of one target: canonical observations and their captures, by side."""

    target: Target
    outside: tuple[bytes, bytes] | None
    inside: tuple[bytes, bytes] | None


class Screened(msgspec.Struct, frozen=True):
    """What a screening says of one target. ``inside`` and ``outside`` are verdict words (None: not
    looked at from there); ``already_unreachable``: blocked inside before any order of ours."""

    subject: str
    host: str
    kind: str
    inside: str | None
    outside: str | None
    stage: str | None
    outcome: str | None
    rules: tuple[str, ...]
    already_unreachable: bool
    findings: tuple[Finding, ...]
    assessment: str
    assessment_id: str | None
    provision: str | None
    reason: str
    laboratory: bool
    observations: tuple[str, ...] = ()
    case: str | None = None
