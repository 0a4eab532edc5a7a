"""On chain: a contract screened at one block, through whatever it hands its calls on to.

Capabilities are of the code that runs, which for a proxy is the code behind it; who holds them is read from
storage at that block. Everything that was read is in the state, and a bundle of it gives the same answer.
"""

from __future__ import annotations

from typing import Any

import msgspec

from ringfence.core.errors import InputError
from ringfence.desks.tokens import facts
from ringfence.desks.tokens.bytecode import keccak
from ringfence.desks.tokens.capability import Capability
from ringfence.desks.tokens.exercised import replaced
from ringfence.desks.tokens.goplus import BY_CAPABILITY, BY_FACT, amount, by_capability, by_facts, ordered
from ringfence.desks.tokens.here import Here, told
from ringfence.desks.tokens.holder import holder
from ringfence.desks.tokens.maker import maker
from ringfence.desks.tokens.offering import open_at
from ringfence.desks.tokens.proxy import Proxy, follow
from ringfence.desks.tokens.screen import Depth, Reading, Screening, read, screen
from ringfence.desks.tokens.state import State
from ringfence.desks.tokens.upgrades import EVENTS, upgrades


def subject_of(chain: int, address: int) -> str:
    """A token as the register names it (CAIP-19)."""
    return f"token:eip155:{chain}/erc20:0x{address:040x}"


def address_of(text: str) -> int:
    """An address from its hexadecimal form. Raises `InputError`."""
    try:
        if len(text) == 42 and text[:2] == "0x":
            return int(text, 16)
    except ValueError:
        pass
    raise InputError(f"not an address: {text[:60]!r}", hint="write 0x and 40 hexadecimal digits")


def about_of(chain: int, address: int, pair: int | None) -> str:
    """What a bundle says it is about: the token, and the pair where one was named."""
    return subject_of(chain, address) + (f"?pair=0x{pair:040x}" if pair is not None else "")


def asked_of(about: str) -> tuple[int, int | None]:
    """(token, pair) that a bundle is about. Raises `InputError`."""
    subject, _, pair = about.partition("?pair=")
    return address_of(subject.partition("/erc20:")[2]), address_of(pair) if pair else None


def screen_at(
    state: State, address: int, depth: Depth = "quick", pair: int | None = None, reading: Reading = read,
    creator: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """As `tokens screen` writes it, with subject, block, the proxies that were followed and what they were
    before; ``pair`` is the one to trade in; ``reading`` is `screen.read`, or what remembers it; ``creator``
    whether the transaction that made the contract is looked for (in a bundle it always is). Raises
    `MissingError` where a bundle does not hold what is needed, `InputError` for a pair of other tokens, and
    `NodeError`."""
    code = state.code(address)
    steps = follow(state, address) if code else ()
    ends = [one for top in steps for one in top.all() if not one.behind and one.implementation]
    run = [(one.implementation, state.code(one.implementation)) for one in ends if one.implementation]

    def looked(code: bytes) -> Screening:
        # The search puts every contract in one place; storage is that of the address that was named.
        return screen(code, depth, Here(state, address, pair), reading)

    whole = looked(code)
    if run:
        whole = _behind(whole, [looked(one) for _, one in run if one], steps, state)
    if whole.offering is not None:
        now = open_at(state, address, whole.offering)
        whole = msgspec.structs.replace(whole, offering=msgspec.structs.replace(whole.offering, open=now))
    if code:
        made_by = maker(state, address) if creator or state.source is None else None
        says = facts.at(state, address, (code, *(one for _, one in run)), made_by)
        fields = {name: value for name, value in whole.goplus.items() if name not in BY_FACT}
        whole = msgspec.structs.replace(
            whole, facts=says.to_dict(), goplus=ordered({**fields, **by_facts(says)})
        )
    place = whole.trade.get("pair")
    if place:
        lp = amount(*facts.shares(state, int(place, 16)))
        known = {**whole.goplus, **({"lp_total_supply": lp} if lp is not None else {})}
        whole = msgspec.structs.replace(whole, goplus=ordered(known))
    said = whole.to_dict()
    said["code_hash"] = "0x" + keccak(code).hex()
    since = upgrades(state, address)
    block = state.block
    return {
        "subject": subject_of(block.chain, address),
        "chain": f"eip155:{block.chain}",
        "block": {"number": block.number, "hash": block.hash, "time": block.time},
        **said,
        "proxies": [_step(one) for top in steps for one in top.all()],
        "upgrades": None if since.found is None else [
            {"event": one.event, "block": one.block, "to": _hex(one.named)} for one in since.found
        ],
    }  # fmt: skip


def _behind(outer: Screening, inner: list[Screening], steps: tuple[Proxy, ...], state: State) -> Screening:
    """What runs behind a proxy, with the power to replace it."""
    if not inner:
        return outer
    found = []
    for at, one in enumerate(inner[0].capabilities):
        every = [screening.capabilities[at] for screening in inner]
        best = next((x for x in every if x.present), next((x for x in every if x.present is None), one))
        found.append(_upgrade(best, steps, state) if one.id == "upgrade" else best)
    resolved = next((one for one in inner if one.resolved), inner[0])
    sold = next((one.offering for one in inner if one.offering is not None), None)
    fields = {name: value for name, value in resolved.goplus.items() if name not in BY_CAPABILITY}
    fields |= by_capability(found) | {"is_proxy": "1"}
    return msgspec.structs.replace(resolved, capabilities=tuple(found), goplus=ordered(fields), offering=sold)


def _upgrade(own: Capability, steps: tuple[Proxy, ...], state: State) -> Capability:
    if all(one.place is None for top in steps for one in top.all()):
        return own  # what is behind stands in the code itself
    admin = next((one.admin for top in steps for one in top.all() if one.admin is not None), None)
    held = told(msgspec.to_builtins(holder(state, admin))) if admin is not None else {"kind": "unknown"}
    place = next(one.place for top in steps for one in top.all() if one.place is not None)
    use = replaced(state, place[0], list(EVENTS))
    why = "the code behind it stands in storage"
    return Capability("upgrade", True, why, holder=held, exercised=use.exercised, used=use.details)


def _step(one: Proxy) -> dict[str, Any]:
    return {
        "address": _hex(one.address),
        "kind": one.kind,
        "implementation": _hex(one.implementation),
        "why": one.why or None,
    }


def _hex(address: int | None) -> str | None:
    return None if address is None else f"0x{address:040x}"
