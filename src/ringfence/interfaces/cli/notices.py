"""`ringfence orders notice`: telling those concerned, hearing them, putting it off where a law says so."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click
import msgspec

from ringfence.interfaces.cli.common import DATE, emit, json_option, note, opened, store_option
from ringfence.interfaces.cli.known import docket

if TYPE_CHECKING:
    from ringfence.cases.docket import Cases
    from ringfence.cases.notice import Fate

_by = click.option("--by", "person", required=True, help="The id of the person who acts.")


@click.group()
def notice() -> None:
    """Notices: who was told what of an order, when, whether it reached them, and what they said."""


@notice.command()
@click.argument("order")
@_by
@click.option(
    "--to", "recipient", default="", help="To whom (default: the operator); an e-mail address is mailed to."
)
@click.option("--language", default="", help="en or zh (default: the pack's).")
@click.option(
    "--text-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Another text than ours.",
)
@store_option
@json_option
def give(
    order: str, person: str, recipient: str, language: str, text_file: Path | None, store: Path | None,
    as_json: bool,
) -> None:  # fmt: skip
    """Give notice of ORDER. The text is made from the order's own data; record its delivery next."""
    text = text_file.read_text("utf-8") if text_file else ""
    with opened(store, make=False) as house:
        made = docket(house).notify(order, person, recipient=recipient, language=language, text=text)
    if as_json:
        emit(plain(made))
        return
    click.echo(made.text)
    until = f"; time to reply until {made.reply_until}" if made.reply_until else ""
    note(f"{made.id} to {made.recipient} ({made.language}){until}")


@notice.command()
@click.argument("notice_id", metavar="NOTICE")
@_by
@click.option("--fate", type=click.Choice(["sent", "delivered", "failed"]), required=True)
@click.option("--channel", required=True, help="By what means: letter, e-mail, public notice …")
@click.option("--why", default="", help="Why it could not be delivered.")
@store_option
@json_option
def deliver(
    notice_id: str, person: str, fate: str, channel: str, why: str, store: Path | None, as_json: bool
) -> None:
    """Record what became of NOTICE: sent, delivered, or failed and then why."""
    with opened(store, make=False) as house:
        made = docket(house).deliver(notice_id, person, cast("Fate", fate), channel=channel, why=why)
    if as_json:
        emit(plain(made))
    else:
        note(f"{made.notice}: {made.fate} by {made.channel} {made.why}".rstrip())


@notice.command()
@click.argument("notice_id", metavar="NOTICE")
@click.argument("mail")
@_by
@store_option
@json_option
def address(notice_id: str, mail: str, person: str, store: Path | None, as_json: bool) -> None:
    """Give NOTICE, which was not sent, the e-mail address MAIL: `ringfence work` then sends it there."""
    with opened(store, make=False) as house:
        made = docket(house).address(notice_id, person, mail)
    if as_json:
        emit({"id": made.id, "notice": notice_id, "order": made.order, "at": made.at, **made.body})
    else:
        note(f"{notice_id} goes to {made.body['address']}")


@notice.command(name="outbox")
@store_option
@json_option
def outbox_(store: Path | None, as_json: bool) -> None:
    """List the notices that are given and not yet sent: by mail, or by people and why."""
    from ringfence.core.settings import Settings

    mailed = Settings.read().smtp is not None
    with opened(store, make=False) as house:
        cases = docket(house)
        at, waiting = cases.clock(), cases.outbox()
    rows: list[dict[str, Any]] = [
        {
            "order": item.order,
            "case": item.case,
            "notice": item.notice.id,
            "recipient": item.notice.recipient,
            "address": item.address,
            "language": item.notice.language,
            "given_at": item.notice.at,
            "due_at": item.due_at,
            "overdue": item.overdue(at),
            "by": item.by if mailed or item.by != "mail" else "people",
            "why": item.why if mailed or item.by != "mail" else "no mail server is set (RINGFENCE_SMTP)",
            "tries": item.tries,
            "again_at": item.again,
            "laboratory": item.laboratory,
        }
        for item in waiting
    ]
    if as_json:
        for row in rows:
            emit(row)
        return
    for row in rows:
        click.echo(f"{row['notice']} of {row['order']} to {row['recipient']} ({row['language']})")
        late = ", overdue" if row["overdue"] else ""
        who = {"mail": "by mail", "under_way": "under way", "people": "by people"}[str(row["by"])]
        to = f" to {row['address']}" if row["address"] else ""
        click.echo(f"  due {row['due_at']}{late}; {who}{to}{': ' if row['why'] else ''}{row['why']}")
    note(f"{len(rows)} {'notice is' if len(rows) == 1 else 'notices are'} not sent")
    if not mailed:
        note("no mail server is set (RINGFENCE_SMTP): nothing is sent from here")


@notice.command()
@click.argument("order")
@_by
@click.option("--ground", required=True, help="The law that puts the notice off, cited.")
@click.option("--reasons", required=True, help="Why here.")
@click.option("--review", type=DATE, required=True, help="Looked at again by this day, at most 90 ahead.")
@store_option
@json_option
def defer(
    order: str, person: str, ground: str, reasons: str, review: date, store: Path | None, as_json: bool
) -> None:
    """Put off the notice of ORDER, by law and by name. Only for a measure whose provision says so."""
    with opened(store, make=False) as house:
        made = docket(house).defer(order, person, ground, reasons, datetime.combine(review, time(), UTC))
    if as_json:
        emit(plain(made))
    else:
        note(f"notice of {order} is deferred until {made.review_at} at the latest, by {made.decider}")


@notice.command()
@click.argument("order")
@_by
@click.option("--who", required=True, help="Who replies.")
@click.option("--text", required=True, help="What they say.")
@store_option
@json_option
def reply(order: str, person: str, who: str, text: str, store: Path | None, as_json: bool) -> None:
    """Enter what somebody says to a notice of ORDER. It must be considered before the order takes effect."""
    with opened(store, make=False) as house:
        made = docket(house).reply(order, person, who, text)
    if as_json:
        emit({"id": made.id, "order": order, "at": made.at})
    else:
        note(f"{made.id}: to be considered")


@notice.command()
@click.argument("order")
@click.argument("reply_id", metavar="REPLY")
@_by
@click.option("--reasons", required=True, help="What is made of it, and why.")
@store_option
@json_option
def consider(order: str, reply_id: str, person: str, reasons: str, store: Path | None, as_json: bool) -> None:
    """Answer REPLY (the id of its event), with reasons."""
    with opened(store, make=False) as house:
        made = docket(house).consider(order, person, reply_id, reasons)
    if as_json:
        emit({"id": made.id, "order": order, "about": made.about, "at": made.at})
    else:
        note(f"{reply_id} is considered")


@notice.command(name="list")
@click.argument("order")
@store_option
@json_option
def list_(order: str, store: Path | None, as_json: bool) -> None:
    """List the notices of ORDER with what became of them, its deferrals, and what it still needs."""
    with opened(store, make=False) as house:
        cases = docket(house)
        cases.order(order)
        heard = hearing(cases, order)
        needs = cases.needs(order)
    if as_json:
        emit({"order": order, **heard, "needs": needs or None})
        return
    for line in lines(heard):
        click.echo(line)
    note(f"still needed: {needs}" if needs else "nothing more is needed")


def plain(item: msgspec.Struct) -> dict[str, Any]:
    """A record with its id and without its salt, which keeps the log from being guessed."""
    made: dict[str, Any] = msgspec.to_builtins(item)
    made.pop("salt")
    return {"id": getattr(item, "id", None), **made}


def hearing(cases: Cases, order: str) -> dict[str, Any]:
    """Notices with their deliveries, deferrals, appeals and rulings of one order."""
    fates = cases.deliveries(order)
    return {
        "notices": [
            {**plain(item), "deliveries": [plain(fate) for fate in fates if fate.notice == item.id]}
            for item in cases.notices(order)
        ],
        "deferrals": [plain(item) for item in cases.deferrals(order)],
        "appeals": [
            {
                **plain(item),
                "ruling": next((plain(r) for r in cases.rulings(order) if r.appeal == item.id), None),
            }
            for item in cases.appeals(order)
        ],
    }


def lines(heard: dict[str, Any]) -> list[str]:
    """The same in words."""
    said = []
    for item in heard["notices"]:
        until = f", reply until {item['reply_until']}" if item["reply_until"] else ""
        due = f", to be sent by {item['due_at']}" if item["due_at"] and not item["deliveries"] else ""
        said.append(
            f"notice {item['id']} to {item['recipient']} ({item['language']}) {item['at']}{until}{due}"
        )
        said += [
            f"  {fate['fate']} {fate['at']} by {fate['channel']} {fate['why']}".rstrip()
            for fate in item["deliveries"]
        ]
    said += [
        f"notice deferred until {item['review_at']} by {item['decider']}: {item['ground']}"
        for item in heard["deferrals"]
    ]
    for item in heard["appeals"]:
        ruling = item["ruling"]
        became = f"{ruling['outcome']} by {ruling['decider']}: {ruling['reasons']}" if ruling else "pending"
        said.append(f"appeal {item['id']} by {item['appellant']} {item['filed_at']}: {became}")
    return said
