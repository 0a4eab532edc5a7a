"""`ringfence publish`: what is in force now, as an enforcement point reads it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from ringfence.core.errors import InputError, RefusedError
from ringfence.interfaces.cli.common import FILE, emit, emit_all, json_option, note, opened, store_option
from ringfence.interfaces.cli.feed import feed_target, publish_feed, secret_keys
from ringfence.interfaces.cli.output import written
from ringfence.interfaces.cli.publish_live import command as live

if TYPE_CHECKING:
    from ringfence.cases.order import Order
    from ringfence.enforce.guard import Context
    from ringfence.enforce.publish import Publication, Publisher
    from ringfence.enforce.targets.target import Target
    from ringfence.evidence.store import Store

TARGETS = ("rpz", "hosts", "dnsmasq", "nftables", "feed", "payments")
SIGNED = ("feed", "payments")
MAX_IDS = 1000  # order ids and weaker entries in the JSON; the counts are always whole
MAX_RULE = 4096  # characters of a line; a name has 253


@click.group(name="publish", invoke_without_command=True)
@click.option("--target", type=click.Choice(TARGETS), help="What to publish for.")
@click.option("--out", type=click.Path(path_type=Path), help="A file instead of standard output.")
@click.option("--redirect", multiple=True, metavar="ADDRESS", help="The block page's address (rpz).")
@click.option(
    "--key", "keys", multiple=True, type=FILE, help="The key that signs (feed, payments); again for the next."
)
@click.option("--days", default=7, type=click.IntRange(1, 90), help="How long a feed's head is good.")
@click.option("--cohosts", type=FILE, help="Co-hosting export that shows whom addresses serve (nftables).")
@click.option("--laboratory", is_flag=True, help="The target is inside the laboratory; its orders only.")
@click.option("--by", default="ringfence", help="The publisher who acts (default: the house's own schedule).")
@store_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    target: str | None,
    out: Path | None,
    redirect: tuple[str, ...],
    keys: tuple[Path, ...],
    days: int,
    cohosts: Path | None,
    laboratory: bool,
    by: str,
    store: Path | None,
    as_json: bool,
) -> None:
    """Publish the active orders: the artefact goes to standard output, or to --out in one step.

    Every entry passes the guard; what it refuses is reported and left out. The artefact is kept and
    sealed. Without a change since the last one, that one is given again with its serial. With --json
    standard output has {target, orders, entries, serial, digest, refused, weaker, overridden} (and the
    artefact --out). What the format cannot express, or only as less than the order says, is in weaker.

    \b
    Examples:
      ringfence publish --target rpz --out rpz.zone
      ringfence publish guard names.txt
    """
    if ctx.invoked_subcommand is not None:
        return
    if target is None:
        raise click.UsageError(f"name a --target: {', '.join(TARGETS)}")
    if (target in SIGNED) != bool(keys) or (target in SIGNED and out is None):
        raise click.UsageError(f"{' and '.join(SIGNED)} need --key and --out; other targets have no key")
    from ringfence.interfaces.cli.known import guard_context

    signing = secret_keys(keys)
    chosen = None if target in SIGNED else named_target(target, redirect)
    with ExitStack() as stack:
        house = stack.enter_context(opened(store, make=False))
        # A path that cannot be written is found before anything is published.
        unsigned = chosen is None or (as_json and out is None)
        stream = None if unsigned else stack.enter_context(written(out))
        publisher, made, kept_out = published(
            house, chosen or feed_target(house, target), guard_context(house, cohosts), laboratory, by
        )
        if chosen is None and out is not None:
            publish_feed(house, out, signing, days, laboratory, target)
        if stream is not None:
            for piece in publisher.pieces(made.artefact):
                stream.write(piece)
        orders = publisher.orders(made.artefact) if made.artefact.orders <= MAX_IDS else None
    refused = [*msgspec.to_builtins(made.refused), *kept_out]
    for item in refused:
        note(f"left out: {item['rule']} of {item['order']} ({', '.join(item['reasons'])})")
    for reason, count in Counter(item.reason for item in made.weaker).items():
        note(f"{target} cannot express {count} entries as ordered ({reason}): see weaker in --json")
    artefact = made.artefact
    for item in artefact.overridden:
        note(f"against the guard: {item.rule} of {item.order} ({', '.join(item.reasons)}) by its override")
    if as_json:
        emit(
            {
                "target": artefact.target,
                "orders": artefact.orders,
                "entries": artefact.entries,
                "serial": artefact.serial,
                "digest": artefact.digest,
                "refused": refused,
                "order_ids": orders,
                "weaker": {"count": len(made.weaker), "entries": made.weaker[:MAX_IDS]},
                "overridden": artefact.overridden,
                "artefact": artefact.id,
                "new": made.new,
                "laboratory": artefact.laboratory,
                "out": str(out) if out is not None else None,
            }
        )
    else:
        state = "new" if made.new else "unchanged"
        counts = f"{artefact.entries} entries of {artefact.orders} orders, {len(refused)} left out"
        note(f"{artefact.target} serial {artefact.serial} ({state}): {counts}, {artefact.digest}")


@command.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.option("--cohosts", type=FILE, help="Co-hosting export: address, name, source, seen.")
@click.option("--subject", metavar="HOST", help="Whose addresses these are said to be (with --cohosts).")
@store_option
def guard(file: str, cohosts: Path | None, subject: str | None, store: Path | None) -> None:
    """Judge rules, one a line: name, *.name, address or CIDR. JSON lines {rule, allowed, reasons}.

    The subjects of the bundled registers may be ordered however popular they are. No store is opened
    unless --store is given; then the guard also knows whose host is whose.
    """
    from ringfence.enforce.guard import judge
    from ringfence.interfaces.cli.known import guard_context, shipped_context
    from ringfence.register.host import canonical_host

    if store is None:
        context = shipped_context(cohosts)
    else:
        with opened(store, make=False) as house:
            context = guard_context(house, cohosts)
    whose = f"site:{canonical_host(subject)}" if subject else None

    def verdicts() -> Iterator[object]:
        for rule in _lines(file):
            verdict = judge(rule[:MAX_RULE], context, subject=whose)
            yield {"rule": rule, "allowed": verdict.allowed, "reasons": verdict.reasons}

    emit_all(verdicts())


def published(
    house: Store, target: Target, context: Context, laboratory: bool, by: str
) -> tuple[Publisher, Publication, list[dict[str, Any]]]:
    """What should stand at a target now, published; and the orders that may not go there. Raises
    `RefusedError` where the store holds orders of the other kind alone."""
    from ringfence.enforce.publish import Publisher
    from ringfence.enforce.wish import measures_of
    from ringfence.evidence import log
    from ringfence.interfaces.cli.known import docket

    every = docket(house).orders()
    others = [order for order in every if order.laboratory != laboratory]
    publisher = Publisher(house.database, log.seal)
    # A store of the other kind alone: an empty list would look like an answer.
    if others and len(others) == len(every) and publisher.last(target.name, laboratory=laboratory) is None:
        kind = "real orders only" if laboratory else "laboratory orders only"
        raise RefusedError(
            f"this store holds {kind}: they cannot go to {'a laboratory' if laboratory else 'a real'} target",
            hint="leave --laboratory out"
            if laboratory
            else "--laboratory, for a target inside the laboratory",
        )
    made = publisher.publish(target, context, laboratory=laboratory, by=by)
    live = [order for order in others if order.in_force(publisher.clock())]
    return publisher, made, [_kept_out(order) for order in live if order.measure in measures_of(target.takes)]


def _kept_out(order: Order) -> dict[str, Any]:
    reason = "laboratory.order" if order.laboratory else "laboratory.target"
    return {"order": order.id, "rule": order.scope.host or order.subject, "reasons": [reason]}


def named_target(name: str, redirect: tuple[str, ...]) -> Target:
    """A target by its name, any but the feed. Raises `InputError` for what is no address."""
    import ipaddress

    from ringfence.enforce.targets import dnsmasq, hosts, nftables, rpz

    if name in ("hosts", "nftables"):
        if redirect:
            raise click.UsageError(f"{name} has no block page: leave out --redirect")
        return hosts.target() if name == "hosts" else nftables.target()
    for address in redirect:
        try:
            ipaddress.ip_address(address)
        except ValueError as error:
            raise InputError(f"not an address: {address!r}", hint="write --redirect 192.0.2.1") from error
    return dnsmasq.target(redirect) if name == "dnsmasq" else rpz.target(redirect)


def _lines(file: str) -> Iterator[str]:
    """The lines of a file, one rule each; bytes that are no UTF-8 become a sign that no name has."""
    with click.open_file(file, "rb") as stream:
        for line in stream:
            yield line.rstrip(b"\r\n").decode("utf-8", "replace")


command.add_command(live)
