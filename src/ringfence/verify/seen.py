"""Seen: what one look from one vantage showed of one host, as this room needs it.

The pipeline fills it from observations and their verdict; this room imports no instrument.
"""

from __future__ import annotations

from typing import Literal

import msgspec

Verdict = Literal["accessible", "blocked", "down", "inconclusive"]


class Seen(msgspec.Struct, frozen=True):
    """``observed_at`` is a UTC stamp, ``evidence`` the digest of the sealed observation, ``outcome`` a
    word of the outcome vocabulary. ``reference`` is the order that the answer itself named (the TXT
    record of the policy zone), if any."""

    vantage: str
    host: str
    verdict: Verdict
    observed_at: str
    evidence: str
    stage: str | None = None
    outcome: str = ""
    reference: str | None = None
