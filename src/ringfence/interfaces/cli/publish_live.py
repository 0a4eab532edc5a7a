"""`ringfence publish live`: what is in force goes to a real primary name server, update by update."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from ringfence.core.errors import InputError, OutsideError, RingfenceError
from ringfence.interfaces.cli.common import emit, json_option, note, opened, store_option

if TYPE_CHECKING:
    from ringfence.enforce.guard import Context
    from ringfence.enforce.primary.publisher import LivePublisher, Report
    from ringfence.evidence.store import Store

SHOWN = 20  # foreign rules named one by one


@click.command(name="live")
@click.option("--primary", required=True, metavar="ADDRESS:PORT", help="The primary name server.")
@click.option("--zone", required=True, metavar="NAME", help="The policy zone there; ours alone.")
@click.option(
    "--key", required=True, type=click.Path(path_type=Path), help="TSIG key file, readable by its owner only."
)
@click.option("--redirect", multiple=True, metavar="ADDRESS", help="The block page's address.")
@click.option(
    "--notify", multiple=True, metavar="ADDRESS:PORT", help="A resolver to tell at once (RFC 1996)."
)
@click.option("--watch", is_flag=True, help="Stay, and carry out what is decided as it is decided.")
@click.option("--reconcile", is_flag=True, help="Compare the whole zone with all orders in force.")
@click.option("--timeout", type=float, default=10.0, show_default=True, help="Seconds for one exchange.")
@click.option(
    "--laboratory",
    is_flag=True,
    help="The primary is in the laboratory, and its zone says so; its orders only.",
)
@store_option
@json_option
def command(
    primary: str,
    zone: str,
    key: Path,
    redirect: tuple[str, ...],
    notify: tuple[str, ...],
    watch: bool,
    reconcile: bool,
    timeout: float,
    laboratory: bool,
    store: Path | None,
    as_json: bool,
) -> None:
    """Publish to a primary name server (Knot DNS, BIND) by signed updates (RFC 2136, TSIG).

    One order is one update with prerequisites; what the primary has confirmed, and shows, is recorded
    and sealed, and nothing else. A run carries out what was decided since the last; the first one, and
    one with --reconcile, compares the whole zone. Exit 3 where the primary cannot be reached, refuses,
    or cannot be trusted: the next run goes on from there. JSON: {target, orders, entries, serial,
    digest, place, confirmed, refused, failed, foreign, laboratory}.

    \b
    Example:
      ringfence publish live --primary 192.0.2.53:53 --zone rpz.ringfence --key ringfence.key --watch
    """
    from ringfence.enforce.primary.key import read_key
    from ringfence.enforce.primary.place import Place, endpoint
    from ringfence.enforce.primary.publisher import LivePublisher
    from ringfence.evidence import log
    from ringfence.interfaces.cli.known import docket

    if timeout <= 0:
        raise InputError("a time limit is more than 0 seconds", hint="leave --timeout out")
    _addresses(redirect)
    place = Place.from_text(primary, zone, laboratory=laboratory)
    secret = read_key(key)
    with opened(store, make=False) as house:
        publisher = LivePublisher(
            house.database, log.seal, place, secret, guard_context_kept(house),
            expire=docket(house).expire_due, redirect=redirect, timeout=timeout,
            notify=[endpoint(resolver) for resolver in notify],
        )  # fmt: skip
        done = publisher.run(reconcile=reconcile) if not watch or reconcile else None
        if done is not None:
            _show(done, place_name=str(place), laboratory=laboratory, as_json=as_json)
        if watch:
            _watch(publisher, as_json)
        elif done is not None and done.failed:
            raise OutsideError(
                f"{len(done.failed)} of the orders stand open at {place}",
                hint="clear the way there; they are tried again in every run",
            )


def guard_context_kept(house: Store) -> Callable[[], Context]:
    """The guard's context, made anew only once the register or the observations have grown: reading
    them all for every order would make a change cost what the whole register does."""
    from sqlalchemy import text

    from ringfence.interfaces.cli.known import guard_context

    kept: dict[tuple[int | None, int | None], Context] = {}

    def context() -> Context:
        with house.database.read() as connection:
            versions = connection.execute(text("select count(*) from subject_versions")).scalar()
            seen = connection.execute(text("select count(*) from observations")).scalar()
        if (versions, seen) not in kept:
            kept.clear()
            kept[versions, seen] = guard_context(house)
        return kept[versions, seen]

    return context


def _watch(publisher: LivePublisher, as_json: bool) -> None:
    from ringfence.enforce.primary.watch import watch

    stop = threading.Event()
    before = signal.signal(signal.SIGTERM, lambda *_: stop.set())

    def report(done: Report) -> None:
        place = publisher.place
        _show(done, place_name=str(place), laboratory=place.laboratory, as_json=as_json)

    def problem(error: RingfenceError, delay: float) -> None:
        note(f"ringfence: {error.message}; trying again in {delay:g} s")
        if error.hint:
            note(f"  hint: {error.hint}")

    try:
        watch(publisher, stop, report, problem)
    finally:
        signal.signal(signal.SIGTERM, before)


def _show(done: Report, *, place_name: str, laboratory: bool, as_json: bool) -> None:
    for item in done.refused:
        note(f"left out: {item.rule} of {item.order} ({', '.join(item.reasons)})")
    for failure in done.failed:
        note(f"not published: {failure.order}: {failure.why}")
    for rule in done.foreign[:SHOWN]:
        note(f"stands there without an order of ours, and was left alone: {rule}")
    if len(done.foreign) > SHOWN:
        note(f"… and {len(done.foreign) - SHOWN} more")
    standing = done.standing
    orders, entries = (standing.orders, standing.entries) if standing else (0, 0)
    if not as_json:
        state = f"{len(done.confirmed)} confirmed, {len(done.refused)} left out, {len(done.failed)} open"
        serial = standing.serial if standing else "unknown"
        note(f"{place_name} serial {serial}: {entries} entries of {orders} orders; {state}")
        return
    emit(
        {
            "target": "live",
            "orders": orders,
            "entries": entries,
            "serial": standing.serial if standing else None,
            "digest": standing.digest if standing else None,
            "place": place_name,
            "confirmed": [
                {"kind": made.kind, "order": made.order, "serial": made.serial, "at": made.at, "id": made.id}
                for made in done.confirmed
            ],
            "refused": msgspec.to_builtins(done.refused),
            "failed": msgspec.to_builtins(done.failed),
            "foreign": done.foreign,
            "laboratory": laboratory,
        }
    )


def _addresses(redirect: tuple[str, ...]) -> None:
    import ipaddress

    for address in redirect:
        try:
            ipaddress.ip_address(address)
        except ValueError as error:
            raise InputError(f"not an address: {address!r}", hint="write --redirect 192.0.2.1") from error
