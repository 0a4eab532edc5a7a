"""`ringfence tokens watch`: tell when a token's code, owner or powers change."""

from __future__ import annotations

import os
import re
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from ringfence.core.errors import InputError
from ringfence.interfaces.cli.common import emit, note, opened, store_option
from ringfence.interfaces.cli.output import written

if TYPE_CHECKING:
    from ringfence.desks.tokens.screen import Depth
    from ringfence.desks.tokens.sight import Sight
    from ringfence.desks.tokens.watch import Watch

STATE = "tokens-watch.json"  # in the store, unless another is named
_SPAN = re.compile(r"([1-9]\d{0,5})(s|m|h|d)?", re.ASCII)
_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}


class Span(click.ParamType[float]):
    """A while: 60s, 5m, 1h, 1d; a number alone is seconds."""

    name = "SPAN"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:  # noqa: ANN401
        if isinstance(value, float):
            return value
        found = _SPAN.fullmatch(str(value))
        if found is None:
            self.fail(f"{value!r} is no while (write 60s, 5m, 1h)", param, ctx)
        return float(int(found[1]) * _SECONDS[found[2] or "s"])


@click.command()
@click.option("--rpc", required=True, metavar="URL", help="A node (JSON-RPC over HTTP).")
@click.option("--second", metavar="URL", help="Another node, which must say the same.")
@click.option("--chain", required=True, metavar="eip155:N", help="The node's chain (CAIP-2).")
@click.option("--block", type=click.Choice(["latest", "safe", "finalized"]), default="latest",
              show_default=True, help="What counts as seen.")  # fmt: skip
@click.option("--every", type=Span(), default="60s", show_default=True, help="The while between looks.")
@click.option("--once", is_flag=True, help="Look once, and end.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Append to this file instead.")
@click.option("--state", type=click.Path(dir_okay=False, path_type=Path),
              help=f"What was seen, to go on from (default: {STATE} in a store that is named).")  # fmt: skip
@click.option("--depth", type=click.Choice(["quick", "deep"]), default="quick", show_default=True)
@click.argument("addresses", nargs=-1, required=True, metavar="ADDRESS...")
@store_option
def watch(
    rpc: str, second: str | None, chain: str, block: str, every: float, once: bool, out: Path | None,
    state: Path | None, depth: Depth, addresses: tuple[str, ...], store: Path | None,
) -> int:  # fmt: skip
    """Look at tokens again and again until interrupted, and screen one anew when its code, an implementation
    behind it, its owner, or storage that its powers stand on changed.

    One JSON line each time: {subject, block, changed, screening}; the first of each subject has no changes.
    An outage, a node that lags and a reorganised chain are said on standard error and waited for. With
    --store each screening is kept and sealed. With --once: exit 3 if a node failed.

    \b
    Example:
      ringfence tokens watch --rpc http://127.0.0.1:8545 --chain eip155:1 --state seen.json 0xdac1…1ec7
    """
    from ringfence.core.cache import Cache
    from ringfence.desks.tokens.analysis import Analyses
    from ringfence.desks.tokens.observe import keep
    from ringfence.desks.tokens.onchain import address_of
    from ringfence.desks.tokens.watch import Watch

    who = []
    for text in addresses:
        try:
            who.append(address_of(text))
        except InputError as error:
            note(f"{text}: {error.message} ({error.hint})")
    if not who:
        raise InputError("nothing to watch", hint="write 0x and 40 hexadecimal digits")
    place = state or (store / STATE if store is not None else None)

    def say(text: str) -> None:
        note(f"ringfence: {text}; it is tried again")

    watched = Watch(
        rpc, chain, tuple(who), Analyses(Cache()), known=_known(place, chain) if place else {},
        second=second, block=block, depth=depth, say=say,
    )  # fmt: skip
    with ExitStack() as held:
        house = held.enter_context(opened(store)) if store is not None else None
        while True:
            for seen in watched.round():
                if house is not None:
                    keep(house, seen.sealed)
                _tell(seen.to_dict(), out)
                watched.took(seen)
                if place is not None:
                    _write(place, watched)
            if place is not None:
                _write(place, watched)
            if once:
                return 3 if watched.failed else 0
            time.sleep(watched.pause(every))


def _tell(line: dict[str, Any], out: Path | None) -> None:
    if out is None:
        emit(line)
        return
    try:
        with out.open("a+b") as file:
            file.seek(0, os.SEEK_END)
            if file.tell():
                file.seek(-1, os.SEEK_END)
                if file.read(1) != b"\n":  # the end of a line was lost
                    file.write(b"\n")
            file.write(msgspec.json.encode(line) + b"\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise InputError(f"cannot write {out}: {error.strerror}", hint="name another --out") from error


def _known(place: Path, chain: str) -> dict[str, Sight]:
    """What an earlier run saw; nothing where there was none. Raises `InputError` for another file."""
    from ringfence.desks.tokens.sight import Sights

    try:
        made = Sights.from_bytes(place.read_bytes())
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise InputError(f"cannot read {place}: {error.strerror}", hint="name another --state") from error
    if made.chain != chain:
        raise InputError(f"{place} is of {made.chain}, not {chain}", hint="name another file with --state")
    return made.subjects


def _write(place: Path, watched: Watch) -> None:
    from ringfence.desks.tokens.sight import Sights

    with written(place) as stream:
        stream.write(Sights(watched.chain, watched.known).to_bytes())
