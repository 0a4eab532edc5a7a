"""The ladder of measures, from the mildest to the hardest (rule 4 of the house)."""

from __future__ import annotations

from collections.abc import Mapping

from ringfence.core.errors import InputError, RefusedError

LADDER = ("contact", "ask_geoblock", "warn_public", "ask_host_registrar", "block_access")
# Measures of other kinds of subject, each as hard as the rung named.
BESIDE = {
    "warn_account": "contact",
    "limit_posting": "ask_host_registrar",
    "stop_promotion": "ask_host_registrar",
    "restrict_payments": "ask_host_registrar",
    "delist_app": "block_access",
    "close_site": "block_access",
    "close_account": "block_access",
    "revoke_licence": "block_access",
    "warn_payers": "contact",
    "limit_receiving": "ask_host_registrar",
    "refuse_transactions": "block_access",
    "exit_relationship": "block_access",
}
# What a payment firm may do about an account: a ladder of its own. All but the first bind the holder.
ACCOUNT_LADDER = ("warn_payers", "limit_receiving", "refuse_transactions", "exit_relationship")


def rung(measure: str) -> int:
    """The measure's place on the ladder, 0 the mildest. Raises `InputError` for an unknown word."""
    try:
        return LADDER.index(BESIDE.get(measure, measure))
    except ValueError as error:
        known = ", ".join((*LADDER, *BESIDE))
        raise InputError(f"unknown measure: {measure!r}", hint=f"one of {known}") from error


def milder(measure: str) -> tuple[str, ...]:
    """The measures below this one on its own ladder, mildest first."""
    if measure in ACCOUNT_LADDER:
        return ACCOUNT_LADDER[: ACCOUNT_LADDER.index(measure)]
    return LADDER[: rung(measure)]


def binding(measure: str) -> bool:
    """Whether a measure needs the reason why no milder one does: a block, or what is as hard, and every
    measure on an account but the warning, since it binds its holder."""
    return bool(milder(measure)) and (measure in ACCOUNT_LADDER or rung(measure) == len(LADDER) - 1)


def require_smallest(measure: str, why_not_smaller: Mapping[str, str]) -> dict[str, str]:
    """A measure that binds needs, for every milder rung, the reason why that rung does not do (the others
    ask or inform, and need no such proof).

    Returns the reasons in ladder order. Raises `RefusedError` naming the rungs without one.
    """
    below = milder(measure)
    given = {name: why_not_smaller.get(name, "").strip() for name in below}
    missing = [name for name in below if not given[name]]
    if binding(measure) and missing:
        word = "a block" if measure == "block_access" else measure.replace("_", " ")
        raise RefusedError(
            f"{word} must say why no smaller measure does: {', '.join(missing)}",
            hint="give one sentence for each milder rung in why_not_smaller, or order a milder measure",
        )
    return {name: text for name, text in given.items() if text}
