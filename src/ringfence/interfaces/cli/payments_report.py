"""`ringfence payments report`: the draft of a suspicious-transaction report, for a person to complete."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from ringfence.core.errors import InputError
from ringfence.core.words import counted
from ringfence.interfaces.cli.apart import apart
from ringfence.interfaces.cli.common import FILE, emit, json_option, note, opened, store_option
from ringfence.interfaces.cli.output import written

if TYPE_CHECKING:
    from ringfence.desks.payments.goaml import Draft, Movement

MAX_ALERTS = 64 << 20  # bytes of a file of alerts
Payments = tuple[tuple[Path, ...], Path | None]  # files and their mapping


@click.command()
@click.argument("about", metavar="CASE|ALERTS")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The XML file.")
@click.option(
    "--transactions", multiple=True, type=click.Path(exists=True, path_type=Path),
    help="The payments (as for monitor): who paid whom, what, when.",
)  # fmt: skip
@click.option("--map", "mapping", type=FILE, help="Mapping file (TOML) of the payments, as for monitor.")
@click.option("--vault", type=FILE, help="With CASE: the vault that its pseudonyms are from.")
@click.option("--account", help="With ALERTS: the account to report on, where there are several.")
@click.option("--identifiers", is_flag=True, help="Write identifiers as the caller has them; recorded.")
@click.option("--by", "person", help="With --identifiers: the person who acts.")
@click.option("--reasons", "words", help="With --identifiers: what for.")
@store_option
@json_option
def report(
    about: str, out: Path, transactions: tuple[Path, ...], mapping: Path | None, vault: Path | None,
    account: str | None, identifiers: bool, person: str | None, words: str | None, store: Path | None,
    as_json: bool,
) -> None:  # fmt: skip
    """Write a draft goAML report (STR) on the account of a CASE in the store, or on one of a file of ALERTS.

    What cannot be known stands as TO BE COMPLETED and is never invented; the report is for a person to
    check and send. Accounts are pseudonyms (of ALERTS: numbered), unless --identifiers: that is recorded in
    the store's log and, for a CASE, in the vault, with who and why. With --json {out, account, transactions,
    gaps, identifiers, unknown}.

    \b
    Examples:
      ringfence payments report CA-… --out draft.xml
      ringfence payments report CA-… --vault v.sqlite --transactions june.csv --out draft.xml
      ringfence payments report alerts.jsonl --transactions june.csv --out draft.xml
    """
    from ringfence.desks.payments.goaml import render
    from ringfence.desks.payments.goaml_shape import BLANK

    if identifiers and not (person and words):
        raise click.UsageError("--identifiers needs --by PERSON and --reasons TEXT: it is recorded")
    apart((*transactions, mapping, vault, Path(about)), {"--out": out})
    payments = (transactions, mapping)
    shown, unknown = None, 0
    if Path(about).is_file():
        draft = _of_alerts(Path(about), account, payments)
        if identifiers:
            _recorded(store, draft, person or "", words or "")
        else:
            draft = _numbered(draft)
    else:
        draft, ids = _of_case(about, payments, vault, store)
        shown = draft.account
        if identifiers:
            if vault is None:
                raise InputError("a store holds no identifiers", hint="name the vault that has them: --vault")
            if len((words or "").strip()) < 10:
                raise click.UsageError("--reasons: the vault asks for at least ten characters")
            _recorded(store, draft, person or "", words or "", case=about)
            draft, unknown = _named(draft, ids, vault, person or "", words or "")
    made = render(draft)
    gaps = made.count(f">{BLANK}".encode())
    with written(out) as stream:
        stream.write(made)
    if unknown:
        note(f"not in the vault, and so as pseudonyms: {counted(unknown, 'account')}")
    if as_json:
        emit(
            {
                "out": str(out), "account": shown, "transactions": len(draft.movements), "gaps": gaps,
                "identifiers": identifiers, "unknown": unknown,
            }
        )  # fmt: skip
    left = counted(gaps, "gap")
    note(f"{out}: a draft with {left} to be completed; it is confidential, tell nobody concerned")


def _of_case(
    case: str, payments: Payments, vault: Path | None, store: Path | None
) -> tuple[Draft, dict[str, str]]:
    """The draft in pseudonyms, and the ids of its transactions behind these, where known."""
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
    moves, ids = _moves_of_case(result.transactions, payments, vault)
    basis = f"{assessed.citation or assessed.provision}: {assessed.state}, {assessed.reason}"
    draft = Draft(
        account=result.account,
        reference=case,
        reason=reason_of(result.account, result.score, result.typologies, (), basis),
        action="; ".join(orders),
        indicators=result.typologies,
        movements=tuple(moves.get(name, Movement(name)) for name in result.transactions),
        laboratory=result.laboratory,
    )
    return draft, ids


def _moves_of_case(
    wanted: tuple[str, ...], payments: Payments, vault: Path | None
) -> tuple[dict[str, Movement], dict[str, str]]:
    from ringfence.desks.payments.movements import by_pseudonym
    from ringfence.desks.payments.read import open_ledger
    from ringfence.desks.payments.vault import Vault

    files, mapping = payments
    if not files:
        return {}, {}
    if vault is None:
        raise InputError(
            "--transactions of a case are found by the keys that made its pseudonyms", hint="name --vault"
        )
    with Vault(vault) as kept:
        keys = kept.keys()
    with open_ledger(list(files), mapping, keys=keys, tell=note) as ledger:
        moves, ids = by_pseudonym(ledger, wanted)
    if len(moves) < len(set(wanted)):
        note(f"not in the files: {counted(len(set(wanted)) - len(moves), 'transaction')}")
    return moves, ids


def _of_alerts(file: Path, account: str | None, payments: Payments) -> Draft:
    from ringfence.desks.payments.goaml import Draft, Movement, reason_of
    from ringfence.desks.payments.movements import by_id
    from ringfence.desks.payments.read import open_ledger

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
    moves: dict[str, Movement] = {}
    files, mapping = payments
    if files:
        with open_ledger(list(files), mapping, tell=note) as ledger:
            moves = by_id(ledger, ids)
    return Draft(
        account=chosen,
        reference="",
        reason=reason_of("the account reported on", score, typologies, (), ""),
        action="",
        indicators=typologies,
        movements=tuple(moves.get(name, Movement(name)) for name in ids),
    )


def _named(draft: Draft, ids: dict[str, str], vault: Path, person: str, words: str) -> tuple[Draft, int]:
    """The same in the caller's identifiers, each reversal recorded; and how many accounts stay pseudonyms."""
    from ringfence.desks.payments.pseudonym import mac_of
    from ringfence.desks.payments.vault import Vault

    whole = dict.fromkeys([draft.account])
    whole |= dict.fromkeys(who for one in draft.movements for who in (one.payer, one.payee) if who)
    with Vault(vault) as kept:
        found = kept.reverse([mac_of(one) for one in whole], who=person, why=words)
    names = {one: name or one for one, name in zip(whole, found, strict=True)}
    moves = tuple(
        msgspec.structs.replace(
            one, id=ids.get(one.id, one.id), payer=names.get(one.payer or ""),
            payee=names.get(one.payee or ""),
        )
        for one in draft.movements
    )  # fmt: skip
    account = names[draft.account]
    reason = draft.reason.replace(draft.account, account)
    made = msgspec.structs.replace(draft, account=account, reason=reason, movements=moves)
    return made, found.count(None)


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


def _recorded(store: Path | None, draft: Draft, person: str, words: str, *, case: str | None = None) -> None:
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
                record_event(connection, log.seal, "revealed", stamp(), person, case=case, body=body)
        except IntegrityError as error:
            raise refused(error) from error
