"""Backtest: the same history under two versions of the rules, and what changes."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ringfence.core.errors import InputError
from ringfence.desks.payments.alert import Seen
from ringfence.desks.payments.ledger import Ledger
from ringfence.desks.payments.recommend import HALTS, LADDER
from ringfence.desks.payments.rules import TYPOLOGIES
from ringfence.desks.payments.score import Account

_GUILTY: Final = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}


@dataclass(frozen=True)
class Run:
    """What one version of the rules gave."""

    version: str
    digest: str
    seen: Sequence[Seen]
    accounts: Sequence[Account]


@dataclass(frozen=True)
class Labels:
    """By account number, of those labelled: guilty or not; and the role where there is one."""

    guilty: Mapping[int, bool]
    roles: Mapping[int, str]


def read_labels(path: Path, ledger: Ledger) -> Labels:
    """``account,guilty[,role]``; guilty is 1 or 0, true or false. Accounts that the ledger does not have are
    passed over. Raises `InputError`."""
    guilty: dict[int, bool] = {}
    roles: dict[int, str] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = csv.DictReader(stream)
            if rows.fieldnames is None or not {"account", "guilty"} <= set(rows.fieldnames):
                raise InputError(
                    f"{path}: no column account or guilty", hint="account,guilty and perhaps role"
                )
            for at, row in enumerate(rows, 2):
                told = _GUILTY.get((row["guilty"] or "").strip().lower())
                if told is None:
                    raise InputError(f"{path} row {at}: guilty is {row['guilty']!r}", hint="write 1 or 0")
                number = ledger.number_of(row["account"])
                if number is not None:
                    guilty[number] = told
                    if row.get("role"):
                        roles[number] = row["role"]
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}", hint="check the path") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not UTF-8", hint="save it as UTF-8") from error
    return Labels(guilty, roles)


def identity(one: Seen) -> tuple[int, str, int, int, tuple[int, ...]]:
    """(account, typology, first, last, transactions): an alert is the same where these are."""
    return one.account, one.typology, one.start >> 20, one.end >> 20, one.rows


def compared(old: Run, new: Run, labels: Labels | None = None) -> dict[str, Any]:
    """Alerts gained and lost in all and by typology, the work that each version makes, accounts whose
    recommendation changes, and, with labels, how right each is. What cannot be said is None."""
    before, after = ({identity(one) for one in run.seen} for run in (old, new))
    names = {"kept": before & after, "gained": after - before, "lost": before - after}
    by = {name: Counter(key[1] for key in keys) for name, keys in names.items()}
    typologies = [
        {"typology": one, **{name: by[name][one] for name in names}}
        for one in TYPOLOGIES
        if any(by[name][one] for name in names)
    ]
    moved = Counter(
        (was.recommend, now.recommend)
        for was, now in zip(old.accounts, new.accounts, strict=True)
        if was.recommend != now.recommend
    )
    return {
        "alerts": {name: len(keys) for name, keys in names.items()},
        "typologies": typologies,
        "old": _told(old, labels),
        "new": _told(new, labels),
        "accounts_changed": [
            {"old": was, "new": now, "accounts": count} for (was, now), count in sorted(moved.items())
        ],
    }


def _told(run: Run, labels: Labels | None) -> dict[str, Any]:
    work = Counter(one.recommend for one in run.accounts)
    return {
        "rules": run.version,
        "digest": run.digest,
        "alerts": len(run.seen),
        "accounts_with_alerts": len({one.account for one in run.seen}),
        "accounts": {name: work[name] for name in LADDER},
        "right": None if labels is None else right(run.accounts, labels),
    }


def right(accounts: Sequence[Account], labels: Labels) -> dict[str, Any]:
    """Of the accounts labelled: recall and precision for review or more, and for a halt; wrongful halts in
    percent of the honest, and by role. Accounts of exchanges, by list or by label, are subjects of the
    register, and neither right nor wrong here: they are counted as ``not_judged``."""
    labelled = [one for one in accounts if one.account in labels.guilty]
    told = [one for one in labelled if not one.note and labels.roles.get(one.account) != "exchange"]
    bad = sum(labels.guilty[one.account] for one in told)
    made: dict[str, Any] = {
        "guilty": bad, "honest": len(told) - bad, "not_judged": len(labelled) - len(told),
    }  # fmt: skip
    for name, levels in (("review", frozenset(LADDER[1:])), ("halt", HALTS)):
        flagged = [one for one in told if one.recommend in levels]
        hit = sum(labels.guilty[one.account] for one in flagged)
        made[name] = {
            "accounts": len(flagged),
            "recall": _of(hit, bad),
            "precision": _of(hit, len(flagged)),
        }
    wrong = [one.account for one in told if one.recommend in HALTS and not labels.guilty[one.account]]
    made["wrongful_halts"] = len(wrong)
    made["wrongful_halts_percent_of_honest"] = _of(100 * len(wrong), len(told) - bad)
    made["wrongful_halts_by_role"] = dict(sorted(Counter(labels.roles.get(n, "") for n in wrong).items()))
    return made


def _of(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
