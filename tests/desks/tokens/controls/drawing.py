"""Drawing: which controls there are. The list is fixed by hashes, not by what comes out of it.

Each feature is put into several bases, alone and with up to two others; a second half, by the hash of a
control's name, is the one that no rule was made on.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from ringfence.desks.tokens.synthesis import ACTOR, NAMES
from ringfence.desks.tokens.trace import Call, Setting, program, trace

from .bases import BASES, Base, assembled
from .feature import Feature
from .moving import MOVING
from .packages import compiled
from .supply import SUPPLY

FEATURES: Final = SUPPLY + MOVING
PLACE: Final = 0xC0DE << 128
EACH: Final = 7  # controls drawn for each feature
SETTINGS: Final[dict[str, dict[str, Any]]] = {
    "runs200": {"optimizer": {"enabled": True, "runs": 200}},
    "runs1": {"optimizer": {"enabled": True, "runs": 1}},
    "plain": {"optimizer": {"enabled": False}},
    "ir": {"optimizer": {"enabled": True, "runs": 200}, "viaIR": True},
}
_CLASH: Final = {"votes", "stake", "mint", "take", "money", "fee"}  # votes move by the token's own rules only


@dataclass(frozen=True)
class Control:
    """A token, its source and what it can do: exactly ``powers``, and of ``either`` any."""

    name: str
    compiler: str
    setting: str
    source: str
    powers: frozenset[str]
    either: frozenset[str]
    remappings: tuple[str, ...] = ()

    @property
    def held_back(self) -> bool:
        """Whether it is of the half that rules were not made on."""
        return hashlib.sha256(self.name.encode()).digest()[0] % 2 == 1


def _number(*parts: object) -> int:
    return int.from_bytes(hashlib.sha256(repr(parts).encode()).digest()[:8], "big")


def _fit(one: Feature, chosen: list[Feature]) -> bool:
    groups = {two.group for two in chosen if two.group}
    if (one.group and one.group in groups) or one in chosen or "plain" in (one.name, chosen[0].name):
        return False
    if "votes" in groups | {one.group} and (
        one.name == "airdrop" or (groups | {one.group}) & _CLASH - {"votes"}
    ):
        return False
    return not (
        {"money", "stake"} <= groups | {one.group} and "rescue" in {one.name, *(two.name for two in chosen)}
    )


def _drawn(first: Feature, turn: int) -> Control | None:
    seed = (first.name, turn)
    base: Base = BASES[(_number(first.name, "base") + turn) % len(BASES)]
    access = base.access[_number(*seed, "access") % len(base.access)]
    compiler = base.compilers[_number(*seed, "compiler") % len(base.compilers)]
    ways = [name for name in SETTINGS if name != "ir" or compiler in ("0.8.20", "0.8.28", "0.8.37")]
    setting = ways[_number(*seed, "setting") % len(ways)]
    chosen = [first]
    for more in range(_number(*seed, "many") % 3):
        fitting = [one for one in FEATURES if _fit(one, chosen)]
        if fitting:
            chosen.append(fitting[_number(*seed, "more", more) % len(fitting)])
    either = frozenset().union(*(one.either for one in chosen))
    powers = frozenset().union(*(one.powers for one in chosen))
    source = assembled(
        base, access, compiler, " ".join(one.before for one in chosen), " ".join(one.fee for one in chosen),
        "".join(one.setup for one in chosen), "".join(one.body for one in chosen),
    )  # fmt: skip
    label = "+".join(one.name for one in chosen)
    name = f"{label} {base.name} {access[0]} {compiler} {setting}"
    return Control(name, compiler, setting, source, powers, either - powers)


@lru_cache(1)
def controls() -> tuple[Control, ...]:
    """All of them, in the order of their names."""
    from .libraries import library_controls

    found = {one.name: one for first in FEATURES for turn in range(EACH) if (one := _drawn(first, turn))}
    found |= {one.name: one for one in library_controls()}
    return tuple(found[name] for name in sorted(found))


def codes(chosen: tuple[Control, ...]) -> dict[str, bytes]:
    """The runtime code that each leaves, by name."""
    groups: dict[tuple[str, str, tuple[str, ...]], list[Control]] = {}
    for one in chosen:
        groups.setdefault((one.compiler, one.setting, one.remappings), []).append(one)
    made: dict[str, bytes] = {}
    for (compiler, setting, remappings), members in groups.items():
        sources = {f"c{_number(one.name):016x}": one.source for one in members}
        got = compiled(compiler, SETTINGS[setting], sources, remappings)
        for one in members:
            made[one.name] = _left(one.name, got[f"c{_number(one.name):016x}"])
    return made


def _left(name: str, creation: bytes) -> bytes:
    """What a constructor leaves, at an address of its own: code may remember where it was made."""
    assert creation, f"{name} is no whole contract"
    made = trace(Setting({PLACE: program(creation)}, people=frozenset(NAMES)), Call(ACTOR, PLACE, b""))
    assert made.ok and made.data, (name, made.how)
    return made.data
