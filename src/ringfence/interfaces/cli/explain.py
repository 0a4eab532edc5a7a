"""`ringfence explain`: why a name is blocked."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from ringfence.core.errors import InputError
from ringfence.core.settings import Settings
from ringfence.interfaces.cli.common import emit, json_option, opened, store_option

if TYPE_CHECKING:
    from ringfence.core.note import PublicKey
    from ringfence.enforce.reasons.feed import FeedReasons
    from ringfence.enforce.reasons.reason import Reasons
    from ringfence.interfaces.explain.ask import Said
    from ringfence.interfaces.explain.judge import Judged
    from ringfence.interfaces.explain.walk import Walk

_ANY = click.Path(exists=True, path_type=Path)
UNPUBLISHED = "an order in force covers this name, nothing published carries it, and no resolver was asked"
BLOCKED = {True: "blocked", False: "not blocked", None: "not known whether blocked"}


@click.command(name="explain")
@click.argument("name")
@click.option("--resolver", metavar="ADDRESS", help="Ask this resolver (192.0.2.1 or 192.0.2.1:53).")
@click.option("--control", metavar="ADDRESS", help="Compare with this one, which applies no orders.")
@click.option("--feed", type=_ANY, help="A feed file, folder or state instead of a store.")
@click.option("--key", "keys", multiple=True, metavar="PUBKEY", help="The feed's public key or its file.")
@store_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    name: str,
    resolver: str | None,
    control: str | None,
    feed: Path | None,
    keys: tuple[str, ...],
    store: Path | None,
    as_json: bool,
) -> None:
    """Say why NAME is blocked: what a resolver shows, and the order behind it with its basis and appeal.

    Without --resolver nobody is asked, and the record alone speaks. What a resolver says is not believed:
    a reference counts only where an order known here covers this name. Exit code 1 where the name is
    blocked and no order in force is known.
    """
    from ringfence.interfaces.explain.ask import ask
    from ringfence.interfaces.explain.judge import judge
    from ringfence.interfaces.explain.walk import walk
    from ringfence.register.host import canonical_host

    host = canonical_host(name)
    if control is not None and resolver is None:
        raise click.UsageError("--control is compared with a --resolver")
    said = ask(resolver, host) if resolver else None
    compared = ask(control, host) if control else None
    with ExitStack() as stack:
        reasons, database = _reasons(stack, store, feed, keys, needed=resolver is None)
        judged = judge(host, said, compared, reasons)
        way = walk(database, judged.reason.order) if database is not None and judged.reason else None
    if said is None and way is not None and not any(carrier.current for carrier in way.carriers):
        # An order that nothing published carries blocks nothing yet, as far as anybody here knows.
        judged = msgspec.structs.replace(judged, blocked=None, why=UNPUBLISHED)
    if as_json:
        emit(_json(host, judged, said, compared, way))
    else:
        _print(host, judged, said, way)
    known = judged.reason is not None and judged.reason.state == "active"
    ctx.exit(1 if judged.blocked and not known else 0)


def feed_keys(path: Path, keys: tuple[str, ...]) -> list[PublicKey]:
    """The keys to trust a feed by: those named, or for a recipient's state those it has come to trust.
    Raises `InputError`."""
    from ringfence.enforce.feed.recipient import STATE, Recipient
    from ringfence.interfaces.cli.feed import public_key

    if keys:
        return [public_key(text) for text in keys]
    if path.is_dir() and (path / STATE).exists():
        head = Recipient(path).head()
        return list(head.keys) if head else []
    raise InputError("a feed is worth as much as its key", hint="name it with --key")


def feed_reasons(feed: Path, keys: tuple[str, ...], *, fresh: bool = True) -> FeedReasons:
    """The orders of a feed. Raises `InputError` where it must not be used: exit code 1 means more here."""
    from ringfence.enforce.feed.verify import FeedRefusedError
    from ringfence.enforce.reasons.feed import FeedReasons

    try:
        return FeedReasons(feed, feed_keys(feed, keys), fresh=fresh)
    except FeedRefusedError as error:
        raise InputError(f"the feed is refused ({error.reason}): {error.message}", hint=error.hint) from error


def _reasons(
    stack: ExitStack, store: Path | None, feed: Path | None, keys: tuple[str, ...], *, needed: bool
) -> tuple[Reasons | None, Any]:
    """Whoever knows orders: the feed, or the store (whose database is given too)."""
    from ringfence.enforce.reasons.store import StoreReasons
    from ringfence.evidence.store import DATABASE_FILE

    if feed is not None:
        if store is not None:
            raise click.UsageError("name a --store or a --feed")
        return feed_reasons(feed, keys), None
    settings = Settings.read()
    there = settings.database or (settings.store / DATABASE_FILE).exists()
    if store is None and not needed and not there:
        return None, None  # somebody who has neither may still ask a resolver what it shows
    house = stack.enter_context(opened(store, make=False))
    return StoreReasons(house.database), house.database


def _json(
    host: str, judged: Judged, said: Said | None, control: Said | None, way: Walk | None
) -> dict[str, Any]:
    reason = judged.reason
    return {
        "name": host,
        "blocked": judged.blocked,
        "order": reason.order if reason else None,
        "authority": reason.authority if reason else None,
        "basis": reason.basis if reason else None,
        "until": reason.until if reason else None,
        "appeal": list(reason.appeal) if reason else None,
        "why": judged.why,
        "since": reason.since if reason else None,
        "state": reason.state if reason else None,
        "policy": reason.policy if reason else None,
        "laboratory": reason.laboratory if reason else None,
        "source": reason.source if reason else None,
        "claim": judged.claim,
        "resolver": msgspec.to_builtins(said) if said else None,
        "control": msgspec.to_builtins(control) if control else None,
        "walk": way.to_json() if way else None,
    }


def _print(host: str, judged: Judged, said: Said | None, way: Walk | None) -> None:
    from ringfence.interfaces.cli.explain_case import say

    say(f"{host}: {BLOCKED[judged.blocked]}")
    say(judged.why, 1)
    if said is not None:
        for answer in said.every:
            what = ", ".join(answer.data) or answer.error or "nothing"
            say(f"{answer.kind}: {answer.rcode or 'no answer'}: {what}", 1)
    reason = judged.reason
    if reason is None:
        say("No order is known for this name.")
        return
    say(f"Order {reason.order} ({reason.state})")
    if reason.laboratory:
        say("laboratory: invented, says nothing of a real firm", 1)
    below = "every name below " if reason.wildcard else ""
    for label, text in (
        ("covers", below + reason.name),
        ("authority", reason.authority or "unknown"),
        ("basis", reason.basis or "unknown"),
        ("since", reason.since),
        ("until", reason.until),
        *(("appeal", route) for route in reason.appeal or ("unknown",)),
    ):
        say(f"{label}: {text}", 1)
    if way is not None:
        _print_walk(way)


def _print_walk(way: Walk) -> None:
    from ringfence.interfaces.cli.explain_case import SIGNS, say

    say("How it got there")
    for carrier in way.carriers:
        now = "now" if carrier.current else "no longer"
        say(f"artefact {carrier.artefact}: {carrier.target} serial {carrier.serial}, {now} in the list", 1)
    if not way.carriers:
        say("artefact: none yet; the order is in force and nothing published carries it", 1)
    say(f"order {way.order.id}, proposed by {way.order.proposer}, case {way.order.case}", 1)
    say(f"reasons: {way.order.reasons}", 2)
    state = way.assessment.state.replace("_", " ") if way.assessment else "not in this store"
    say(f"assessment {way.order.assessment}: {state}", 1)
    for finding in way.findings:
        say(f"{SIGNS[finding.state]}: {finding.element}: {finding.reason}", 2)
        for name in finding.observations:
            say(name, 3)
