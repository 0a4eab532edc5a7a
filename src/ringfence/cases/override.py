"""Override: a reason of the guard that an order sets aside, and on what ground.

It is part of the order's proposal, so the approvals, which name the order's digest, cover it. Only
reasons that say *somebody might be hit whom we can name and weigh* may be set aside; see
docs/decisions/0009-overrides.md.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from ringfence.core.errors import InputError, RefusedError

OVERRIDABLE = (
    "protected.popular",
    "protected.price_data",
    "others.host_of_another_subject",
    "others.wildcard_covers_another_subject",
)
MIN_GROUND = 20  # characters; "ok" is no ground


class Override(msgspec.Struct, frozen=True):
    """``reason`` is the guard's id, ``ground`` why it does not stand in the way here, in words."""

    reason: str
    ground: str


def checked_overrides(overrides: Iterable[Override]) -> tuple[Override, ...]:
    """Overrides sorted by reason, fit to be proposed. Raises `RefusedError` for a reason that nobody may
    set aside, `InputError` for one named twice or without a ground."""
    given = tuple(sorted(overrides, key=lambda item: item.reason))
    for item in given:
        if item.reason not in OVERRIDABLE:
            raise RefusedError(
                f"the guard's reason {item.reason} cannot be overridden",
                hint="can be: " + ", ".join(OVERRIDABLE),
            )
        if len(item.ground.strip()) < MIN_GROUND:
            raise InputError(
                f"the override of {item.reason} needs a ground",
                hint=f"say in {MIN_GROUND} characters or more who would be hit and why that is right",
            )
    if len({item.reason for item in given}) < len(given):
        raise InputError("an override names each reason once")
    return tuple(Override(item.reason, item.ground.strip()) for item in given)
