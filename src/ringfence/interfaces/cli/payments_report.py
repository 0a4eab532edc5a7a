"""`ringfence payments report`: the draft of a suspicious-transaction report, for a person to complete."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from ringfence.core.errors import InputError
from ringfence.interfaces.cli.common import FILE, emit, json_option, note, opened, store_option
from ringfence.interfaces.cli.output import written

if TYPE_CHECKING:
    from ringfence.desks.payments.goaml import Draft, Movement

MAX_ALERTS = 64 << 20  # bytes of a file of alerts
_COLUMNS = ("tx_id", "ts", "payer", "payee", "amount_minor", "currency")


@click.command()
@click.argument("about", metavar="CASE|ALERTS")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The XML file.")
@click.option("--transactions", type=FILE, help="CSV with the canonical columns: who paid whom, what, when.")
@click.option("--account", help="With ALERTS: the account to report on, where there are several.")
@click.option("--identifiers", is_flag=True, help="Write identifiers as the files have them; recorded.")
@click.option("--by", "person", help="With --identifiers: the person who acts.")
@click.option("--reasons", "words", help="With --identifiers: what for.")
@store_option
@json_option
def report(
    about: str, out: Path, transactions: Path | None, account: str | None, identifiers: bool,
    person: str | None, words: str | None, store: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Write a draft goAML report (STR) on the account of a CASE in the store, or on one of a file of ALERTS.

    What cannot be known stands as TO BE COMPLETED and is never invented; the report is for a person to
    check and send. Accounts are pseudonyms (of ALERTS: numbered), unless --identifiers: that is recorded in
    the store's log, with who and why. With --json {out, account, transactions, gaps, identifiers}.

    \b
    Examples:
      ringfence payments report CA-… --out draft.xml
      ringfence payments report alerts.jsonl --transactions june.csv --out draft.xml
    """
    from ringfence.desks.payments.goaml import render
    from ringfence.desks.payments.goaml_shape import BLANK

    if identifiers and not (person and words):
        raise click.UsageError("--identifiers needs --by PERSON and --reasons TEXT: it is recorded")
    moves = _moves(transactions) if transactions else {}
    if Path(about).is_file():
        draft = _of_alerts(Path(about), account, moves)
    else:
        if identifiers:
            raise InputError("a store holds no identifiers: give the caller's own ALERTS and --transactions")
        draft = _of_case(about, moves, store)
    if identifiers:
        _recorded(store, draft, person or "", words or "")
    elif not draft.account.startswith("account:"):
        draft = _numbered(draft)
    made = render(draft)
    gaps = made.count(f">{BLANK}".encode())
    with written(out) as stream:
        stream.write(made)
    if as_json:
        shown = draft.account if draft.account.startswith("account:") else None
        emit(
            {
                "out": str(out), "account": shown, "transactions": len(draft.movements), "gaps": gaps,
                "identifiers": identifiers,
            }
        )  # fmt: skip
    note(f"{out}: a draft with {gaps} gaps to be completed; it is confidential, tell nobody concerned")


def _of_case(case: str, moves: dict[str, Movement], store: Path | None) -> Draft:
    from ringfence.desks.payments.goaml import Draft, Movement, reason_of
    from ringfence.interfaces.cli.known import docket
    from ringfence.pipeline.account import kept_result

    with opened(store, make=False) as house:
        cases = docket(house)
        found = cases.case(case)
        result = kept_result(house, found.subject)
        if result is None:
            raise InputError(f"nothing is kept of {found.subject}", hint="see ringfence payments assess")
        assessed = cases.assessment(found.assessment)
        orders = [f"{order.measure} ({order.state}, {order.id})" for order in cases.orders(case=case)]
    basis = f"{assessed.citation or assessed.provision}: {assessed.state}, {assessed.reason}"
    return Draft(
        account=result.account,
        reference=case,
        reason=reason_of(result.account, result.score, result.typologies, (), basis),
        action="; ".join(orders),
        indicators=result.typologies,
        movements=tuple(moves.get(name, Movement(name)) for name in result.transactions),
        laboratory=result.laboratory,
    )


def _of_alerts(file: Path, account: str | None, moves: dict[str, Movement]) -> Draft:
    from ringfence.desks.payments.goaml import Draft, Movement, reason_of

    alerts = list(_alerts(file))
    names = list(dict.fromkeys(str(one["account"]) for one in alerts))
    if account is None and len(names) != 1:
        raise InputError(f"{len(names)} accounts in the file", hint="name one with --account")
    chosen = account or names[0]
    own = [one for one in alerts if one["account"] == chosen]
    if not own:
        raise InputError("no alert of this account in the file")
    ids = dict.fromkeys(name for one in own for name in one["transactions"])
    score = max(_thousandths(one["score"]) for one in own)
    typologies = tuple(dict.fromkeys(one["typology"] for one in own))
    return Draft(
        account=chosen,
        reference="",
        reason=reason_of("the account reported on", score, typologies, (), ""),
        action="",
        indicators=typologies,
        movements=tuple(moves.get(name, Movement(name)) for name in ids),
    )


def _alerts(file: Path) -> Iterable[dict[str, Any]]:
    if file.stat().st_size > MAX_ALERTS:
        raise InputError(f"{file.name} is over {MAX_ALERTS} bytes", hint="keep one account's alerts")
    for number, line in enumerate(file.read_bytes().splitlines(), 1):
        if not line.strip():
            continue
        try:
            one = msgspec.json.decode(line)
            sound = (
                isinstance(one["account"], str)
                and isinstance(one["typology"], str)
                and isinstance(one["score"], int | float)
                and all(isinstance(name, str) for name in one["transactions"])
            )
        except (msgspec.MsgspecError, UnicodeDecodeError, KeyError, TypeError):
            sound = False
        if not sound:
            raise InputError(f"{file.name}: line {number} is no alert", hint="what payments monitor wrote")
        yield one


def _thousandths(score: float) -> int:
    return score if isinstance(score, int) and score > 1 else round(float(score) * 1000)


def _moves(file: Path) -> dict[str, Movement]:
    """Transactions by id. Raises `InputError` with the row."""
    from ringfence.core.time import parse_stamp, stamp
    from ringfence.desks.payments.goaml import Movement

    found: dict[str, Movement] = {}
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            rows = csv.DictReader(stream)
            missing = [name for name in _COLUMNS if name not in (rows.fieldnames or ())]
            if missing:
                raise InputError(f"{file.name} lacks {', '.join(missing)}", hint="the canonical columns")
            for number, row in enumerate(rows, 2):
                try:
                    amount = int(row["amount_minor"])
                    at = stamp(parse_stamp(row["ts"]))
                except (ValueError, TypeError, InputError) as error:
                    raise InputError(f"{file.name}: row {number}: no amount or time (UTC)") from error
                channel = row.get("channel") or ""
                scan = {"scan": True, "scan_code": True, "": None}.get(channel, False)
                found[row["tx_id"]] = Movement(
                    row["tx_id"], at, row["payer"], row["payee"], amount, row["currency"], scan
                )
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{file.name} cannot be read: {error}", hint="CSV in UTF-8") from error
    return found


def _numbered(draft: Draft) -> Draft:
    """The same with accounts and transactions by number, the one reported on first: so that the caller's
    identifiers leave the caller's files by a recorded act only."""
    name = _Numbers("account")
    name(draft.account)
    number = _Numbers("transaction")
    moves = tuple(
        msgspec.structs.replace(
            one, id=number(one.id), payer=name(one.payer) if one.payer else None,
            payee=name(one.payee) if one.payee else None,
        )
        for one in draft.movements
    )  # fmt: skip
    return msgspec.structs.replace(draft, account=name(draft.account), movements=moves)


class _Numbers:
    """Names by order of their first appearance."""

    def __init__(self, what: str) -> None:
        self.what = what
        self.seen: dict[str, int] = {}

    def __call__(self, name: str) -> str:
        return f"{self.what}-{self.seen.setdefault(name, len(self.seen) + 1)}"


def _recorded(store: Path | None, draft: Draft, person: str, words: str) -> None:
    """Write down who had identifiers put into a report, and why, before anything is written."""
    from sqlalchemy.exc import IntegrityError

    from ringfence.cases.event import record_event
    from ringfence.cases.refusals import refused
    from ringfence.core.time import stamp
    from ringfence.evidence import log

    with opened(store, make=False) as house:
        try:
            with house.database.begin() as connection:
                body = {"reasons": words.strip(), "transactions": len(draft.movements)}
                record_event(connection, log.seal, "revealed", stamp(), person, body=body)
        except IntegrityError as error:
            raise refused(error) from error
