"""Find: from what was read of a token to findings on the elements of an offering. Pure.

Code shows that tokens are sold, and in the state of a block that they are being sold. It does not show to
whom, and that it sells nothing does not say that nobody sells the token: both stay *unclear*.
"""

from __future__ import annotations

from typing import Final

from ringfence.desks.tokens.offering import Offering
from ringfence.desks.tokens.screen import VERSION
from ringfence.rulebook.finding import Feature, Finding, State

AUTHOR: Final = "instrument:tokens.find"
_PAYS: Final = {"money": "the chain's coin", "tokens": "tokens of another contract"}


def find(
    subject: str, way: Offering | None, *, evidence: str, observation: str, laboratory: bool = False
) -> tuple[Finding, ...]:
    """Findings on every element that this desk knows, in a fixed order. ``way`` is how the token's own code
    sells it, ``evidence`` the digest of the bundle that was read, ``observation`` its id."""
    state, reason = _raises(way)
    seen = (
        (Feature("tokens.sale", 1000, f"{way.selector or 'money sent'} pays {way.pays}", evidence),)
        if way is not None
        else ()
    )
    answers: tuple[tuple[str, State, str, tuple[Feature, ...]], ...] = (
        ("raises_by_tokens", state, reason, seen),
        ("serves_residents", "unclear", "code does not say to whom a token is offered", ()),
        (
            "journalism",
            "not_met",
            "a contract publishes nothing; who reports on it is another subject",
            (Feature("tokens.code", 1000, "a contract that was read", evidence),),
        ),
    )
    return tuple(
        Finding(
            subject=subject,
            element=element,
            state=answer,
            reason=why,
            features=features,
            author=AUTHOR,
            rule=f"tokens.{element}",
            version=VERSION,
            observations=(observation,),
            references={},
            laboratory=laboratory,
        )
        for element, answer, why, features in answers
    )


def _raises(way: Offering | None) -> tuple[State, str]:
    if way is None:
        return "unclear", "this code sells nothing that was found; another contract or a person may"
    how = f"{way.selector or 'money sent with nothing said'} gives tokens for {_PAYS[way.pays]}"
    if way.back is not None:
        return "unclear", f"{how}, and {way.back} gives it back: a deposit, by its code"
    if way.open:
        return "met", f"{how}, to anybody, at that block"
    if way.open is None:
        return "unclear", f"{how}; whether that is open was not tried"
    return "unclear", f"{how}, and did not at that block: closed, over or not begun"
