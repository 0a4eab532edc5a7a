"""The ladder of measures, from the mildest to the hardest (rule 4 of the house)."""

from __future__ import annotations

from collections.abc import Mapping

from ringfence.core.errors import InputError, RefusedError

LADDER = ("contact", "ask_geoblock", "warn_public", "ask_host_registrar", "block_access")


def rung(measure: str) -> int:
    """The measure's place on the ladder, 0 the mildest. Raises `InputError` for an unknown word."""
    try:
        return LADDER.index(measure)
    except ValueError as error:
        raise InputError(f"unknown measure: {measure!r}", hint=f"one of {', '.join(LADDER)}") from error


def milder(measure: str) -> tuple[str, ...]:
    """The measures below this one, mildest first."""
    return LADDER[: rung(measure)]


def require_smallest(measure: str, why_not_smaller: Mapping[str, str]) -> dict[str, str]:
    """A block needs, for every milder rung, the reason why that rung does not do.

    Returns the reasons in ladder order. Raises `RefusedError` naming the rungs without one.
    The milder measures ask or inform and bind nobody, so they need no such proof.
    """
    below = milder(measure)
    given = {name: why_not_smaller.get(name, "").strip() for name in below}
    missing = [name for name in below if not given[name]]
    if measure == "block_access" and missing:
        raise RefusedError(
            f"a block must say why no smaller measure does: {', '.join(missing)}",
            hint="give one sentence for each milder rung in why_not_smaller, or order a milder measure",
        )
    return {name: text for name, text in given.items() if text}
