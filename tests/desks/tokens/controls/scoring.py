"""Scoring: what was said of the controls against what was put into them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from ringfence.desks.tokens.capability import IDS
from ringfence.desks.tokens.screen import Screening

from .drawing import Control


@dataclass
class Score:
    """By capability: found, wrongly said, missed, truly absent, and unknown (of those present and absent)."""

    found: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    absent: Counter[str] = field(default_factory=Counter)
    unknown_present: Counter[str] = field(default_factory=Counter)
    unknown_absent: Counter[str] = field(default_factory=Counter)
    tokens: int = 0
    unresolved: int = 0
    unsellable: list[str] = field(default_factory=list)
    untold: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, control: Control, said: Screening) -> None:
        """Count one screening."""
        self.tokens += 1
        self.unresolved += not said.resolved
        if said.trade["sellable"] is False:
            self.unsellable.append(f"{control.name}: {said.trade['why']}")
        elif said.trade["sellable"] is None:
            self.untold.append(f"{control.name}: {said.trade['why']}")
        for one in said.capabilities:
            if one.id in control.either:
                continue
            has = one.id in control.powers
            if one.present is None:
                (self.unknown_present if has else self.unknown_absent)[one.id] += 1
            elif one.present:
                (self.found if has else self.wrong)[one.id] += 1
            else:
                (self.missed if has else self.absent)[one.id] += 1
            if one.present is not has:
                kind = "unknown" if one.present is None else "wrong" if one.present else "missed"
                self.notes.append(f"{kind} {one.id}: {control.name} {one.selector or ''} {one.why}".rstrip())


def score(said: Iterable[tuple[Control, Screening]]) -> Score:
    """The score of several."""
    made = Score()
    for control, screening in said:
        made.add(control, screening)
    return made


def table(made: Score) -> list[str]:
    """The score as Markdown."""
    lines = [
        "| capability | found | wrong | missed | unknown, present | unknown, absent | absent |",
        "|" + "---|" * 7,
    ]
    parts = (made.found, made.wrong, made.missed, made.unknown_present, made.unknown_absent, made.absent)
    lines += [f"| {one} | " + " | ".join(str(part[one]) for part in parts) + " |" for one in IDS]
    lines.append("| all | " + " | ".join(str(part.total()) for part in parts) + " |")
    return lines
