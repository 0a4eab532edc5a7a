"""Case: one subject under one provision, from the first assessment until it is closed."""

from __future__ import annotations

from typing import Literal

import msgspec

Stage = Literal["opened", "assessed", "noticed", "decided", "closed"]


class Case(msgspec.Struct, frozen=True):
    """``assessment`` is the id of the latest assessment filed in the case; times are UTC stamps. ``stage``
    follows from what happened: assessed, noticed (somebody was told of an order), decided (an order took
    effect), closed."""

    id: str
    subject: str
    jurisdiction: str
    provision: str
    state: Literal["open", "closed"]
    opened_at: str
    closed_at: str | None
    laboratory: bool
    assessment: str
    stage: Stage = "opened"
