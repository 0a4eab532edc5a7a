"""`ringfence access measure`: URLs looked at from inside and outside, as verdicts and OONI files."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click
import msgspec

from ringfence.core.errors import InputError, OutsideError
from ringfence.interfaces.cli.common import choose, emit, note, opened, store_option, vantage_options
from ringfence.interfaces.cli.output import written
from ringfence.interfaces.cli.verdict_line import unread, verdict_line

if TYPE_CHECKING:
    from ringfence.evidence.store import Store
    from ringfence.evidence.vantage import Vantage


@click.command(name="measure")
@click.argument("urls", nargs=-1, required=True, metavar="URL...")
@click.option("--ooni", type=click.Path(path_type=Path), help="Write OONI measurements here, one a line.")
@vantage_options
@store_option
def measure(
    urls: tuple[str, ...],
    ooni: Path | None,
    vantage_names: tuple[str, ...],
    vantage_file: Path | None,
    store: Path | None,
) -> int:
    """Measure whether URLs can be reached, from inside and outside, each side trying the other's addresses.

    JSON lines as `ringfence access judge` prints them, and the vantages. With one vantage alone nothing
    can be compared: only what proves itself is accessible. With --store every byte is kept and sealed.
    Exit 3 if a vantage itself does not work.

    \b
    Example:
      ringfence access measure https://exchange.example/ --vantage home --vantage abroad --ooni out.jsonl
    """
    outside, inside = choose(vantage_names, vantage_file)
    if inside is None:
        inside, outside = outside, None
    if inside is None:
        raise InputError("no vantage to look from", hint="see docs/guide/vantages.md")
    good, bad = _readable(urls)
    with ExitStack() as stack:
        stream = stack.enter_context(written(ooni)) if ooni is not None else None
        house = stack.enter_context(opened(store)) if store is not None else None
        asyncio.run(_measure(good, inside, outside, house, stream))
    if bad:
        note(f"{bad} of {len(urls)} were no URLs")
    return 0 if good else 2


def _readable(urls: tuple[str, ...]) -> tuple[list[str], int]:
    from ringfence.desks.access.url import split

    good = []
    for url in urls:
        try:
            split(url)
        except InputError as error:
            note(f"{url[:120]}: {error.message}")
            emit({"file": None} | unread(error.message))
            continue
        good.append(url)
    return good, len(urls) - len(good)


async def _measure(
    urls: list[str], inside: Vantage, outside: Vantage | None, house: Store | None, stream: BinaryIO | None
) -> None:
    from ringfence.desks.access.health import health
    from ringfence.desks.access.ooni.write import write
    from ringfence.pipeline.measure import measure as measured

    for vantage in filter(None, (inside, outside)):
        state = await health(vantage)
        if not state.alive:
            raise OutsideError(
                f"nothing can be said from {vantage.name}: {state.why}",
                hint="its failures would look like those of every site; mend it, or name another vantage",
            )
    async for one in measured(urls, inside, outside, house=house):
        theirs = one.outside.observation if one.outside is not None else None
        ours = one.inside.observation
        if stream is not None:
            record = write(one.url, ours, theirs, one.bodies, one.verdict)
            stream.write(msgspec.json.encode(record) + b"\n")
        emit(
            verdict_line(one.url, one.verdict)
            | {
                "inside": ours.vantage,
                "outside": theirs.vantage if theirs is not None else None,
                "evidence": [sealed.observation.capture for sealed in (one.inside, one.outside) if sealed],
                "laboratory": ours.laboratory,
            }
        )
