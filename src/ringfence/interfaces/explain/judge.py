"""Judge: whether what a resolver said is a block, and which order it points to. Pure.

A resolver may lie, and so may the owner of a name: a TXT record is anybody's. A reference counts only
where an order known here covers this very name.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence

import msgspec

from ringfence.enforce.reasons.reason import Reason, Reasons
from ringfence.interfaces.explain.ask import Said

# RFC 8914: forged answer, blocked, censored (an outside order), filtered, prohibited.
BLOCKING = {4: "Forged Answer", 15: "Blocked", 16: "Censored", 17: "Filtered", 18: "Prohibited"}
_CLAIM = re.compile(r"order=([A-Za-z0-9-]{1,64})", re.ASCII)


class Judged(msgspec.Struct, frozen=True):
    """``blocked`` True, False or None (unknown); ``why`` in words; ``reason`` the order that covers the
    name, None if nobody here knows one; ``claim`` the reference that the resolver gave, as it stands."""

    blocked: bool | None
    why: str
    reason: Reason | None
    claim: str | None


def judge(name: str, said: Said | None, control: Said | None, reasons: Reasons | None) -> Judged:
    """The judgement on a name (A-labels). Without ``said`` nobody was asked: then the record speaks."""
    covering = reasons.covering(name) if reasons is not None else []
    if said is None:
        if not covering:
            return Judged(None, "no order in force covers this name; no resolver was asked", None, None)
        why = "by the record: an order in force covers this name; no resolver was asked"
        return Judged(True, why, covering[0], None)
    claims = list(dict.fromkeys(found[1] for text in said.txt.data if (found := _CLAIM.fullmatch(text))))
    reason, words = _believed(name, claims, covering, reasons)
    blocked, why = _blocked(said, control, covering, claims, bool(reason and reason.order in claims))
    if blocked is False and covering:
        words.append(f"{covering[0].order} covers this name and is not applied here")
    if blocked and reason is None and not claims:
        words.append(
            "no order known here covers this name" if reasons is not None else "nobody here knows orders"
        )
    return Judged(blocked, "; ".join([why, *words]), reason, claims[0] if claims else None)


def _believed(
    name: str, claims: Sequence[str], covering: Sequence[Reason], reasons: Reasons | None
) -> tuple[Reason | None, list[str]]:
    """The order behind the name, and what is to be said of the references that were given."""
    words: list[str] = []
    chosen = covering[0] if covering else None
    if len(claims) > 1:
        words.append("the answer names several orders")
    for claim in claims:
        match = next((reason for reason in covering if reason.order == claim), None)
        if match is not None:
            return match, words
        other = reasons.known(claim) if reasons is not None else None
        if other is None:
            words.append(f"the answer names the order {claim}, which nobody here knows")
        elif not _about(other, name):
            words.append(f"the answer names an order that does not cover this name: {claim}")
        else:
            words.append(f"the answer names {claim}, which is {other.state}: nobody may act on it any more")
            chosen = chosen or other
    return chosen, words


def _about(reason: Reason, name: str) -> bool:
    return name == reason.name or reason.covers(name)


def _blocked(
    said: Said, control: Said | None, covering: Sequence[Reason], claims: Sequence[str], true_claim: bool
) -> tuple[bool | None, str]:
    looks = (said.a, said.aaaa)
    if all(answer.rcode is None for answer in looks):
        return None, f"{said.resolver} gave no answer: {said.a.error}"
    marks = [(code, text) for answer in said.every for code, text in answer.ede if code in BLOCKING]
    if marks:
        code, text = marks[0]
        return True, f"{said.resolver} says {BLOCKING[code]} (EDE {code}){f': {text}' if text else ''}"
    zones = [zone for answer in looks for zone in answer.zones]
    if zones:
        return True, f"{said.resolver} answers from the policy zone {zones[0]}"
    codes = {answer.rcode for answer in looks if answer.rcode}
    if codes <= {"NOERROR"} and said.addresses:
        return _addressed(said, control, covering, true_claim)
    if "NXDOMAIN" in codes:
        return _absent(said, control, covering)
    if not codes <= {"NOERROR"}:
        return None, f"{said.resolver} answers {', '.join(sorted(codes))}, which says nothing of a block"
    if claims:
        return True, f"{said.resolver} gives no address and names an order"
    if any(answer.rcode is None for answer in looks):
        return None, f"{said.resolver} answered one question of two: {said.a.error or said.aaaa.error}"
    return _compared(said, control, "no address")


def _addressed(
    said: Said, control: Said | None, covering: Sequence[Reason], true_claim: bool
) -> tuple[bool | None, str]:
    redirects = any(reason.policy == "redirect" for reason in covering)
    given = ", ".join(said.addresses[:3])
    if true_claim and redirects:
        return True, f"{said.resolver} leads to {given}, as the order asks"
    if all(_nowhere(address) for address in said.addresses):
        return True, f"{said.resolver} answers {given}, which leads nowhere"
    if control is None or not control.addresses:
        if redirects:
            return None, f"{said.resolver} gives {given}; whether that is the block page is not known"
        return False, f"{said.resolver} gives addresses ({given}) and no sign of a block"
    if set(said.addresses) & set(control.addresses):
        return False, f"{said.resolver} gives an address that {control.resolver} gives too"
    if redirects:
        return (
            True,
            f"{said.resolver} gives {given}, {control.resolver} others, and an order redirects this name",
        )
    return None, f"{said.resolver} gives {given}, {control.resolver} others: rotation, or a redirect"


def _absent(said: Said, control: Said | None, covering: Sequence[Reason]) -> tuple[bool | None, str]:
    if any(answer.rcode == "NXDOMAIN" and not answer.ra for answer in said.every):
        return True, f"{said.resolver} says that there is no such name, and clears RA as a mark of policy"
    if control is None and any(reason.policy == "nxdomain" for reason in covering):
        return True, f"{said.resolver} says that there is no such name, as the order asks"
    return _compared(said, control, "no such name")


def _compared(said: Said, control: Said | None, what: str) -> tuple[bool | None, str]:
    if control is None:
        return None, f"{said.resolver} says {what}: true, or hidden; name a --control to compare with"
    if control.addresses:
        return True, f"{said.resolver} says {what}, and {control.resolver} gives addresses"
    if control.a.rcode is None and control.aaaa.rcode is None:
        return None, f"{said.resolver} says {what}, and {control.resolver} gave no answer"
    return False, f"{said.resolver} says {what}, and so does {control.resolver}"


def _nowhere(address: str) -> bool:
    found = ipaddress.ip_address(address)
    return found.is_unspecified or found.is_loopback
