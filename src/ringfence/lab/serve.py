"""The laboratory as a process: ``python -m ringfence.lab.serve --directory DIR --seed N``.

It reads the register rows from ``rows.json`` in its directory, serves until it is told to
end, and with ``--with-parent`` ends when its standard input does: no laboratory outlives who started it.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gc
import os
import resource
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from ringfence.core.errors import InputError, RingfenceError
from ringfence.lab.country import POLL_SECONDS, Country
from ringfence.lab.files import LabFiles
from ringfence.lab.population import RegisterRow, build

_rows = msgspec.json.Decoder(list[RegisterRow])


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs until it is ended; returns the exit code."""
    parser = argparse.ArgumentParser(prog="ringfence.lab.serve", description=__doc__)
    parser.add_argument("--directory", type=Path, required=True, help="where its files are kept")
    parser.add_argument("--seed", type=int, default=1, help="redraws population, pages and interference")
    parser.add_argument("--designs", default="development", choices=("development", "reporting"))
    parser.add_argument("--with-parent", action="store_true", help="end when standard input ends")
    options = parser.parse_args(arguments)
    _raise_file_limit()
    try:
        asyncio.run(_serve(LabFiles(options.directory), options.seed, options.designs, options.with_parent))
    except RingfenceError as error:
        sys.stderr.write(f"{error.message}\n{error.hint}\n")
        return error.exit_code
    return 0


async def _serve(files: LabFiles, seed: int, designs: str, with_parent: bool) -> None:
    try:
        rows = _rows.decode(files.rows.read_bytes())
    except (OSError, msgspec.MsgspecError) as error:
        raise InputError(
            f"cannot read {files.rows}: {error}", hint="write the register rows there"
        ) from error
    country = Country(build(rows, seed, designs), files)
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(_report)
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    if with_parent:
        loop.add_reader(sys.stdin.fileno(), ended.set)
    await country.start()
    gc.freeze()  # the world does not change; do not walk it at each collection
    parent = os.getppid()
    try:
        while not ended.is_set():
            country.poll()
            # A process forked by our parent may keep our standard input open after it died.
            if with_parent and os.getppid() != parent:
                break
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(ended.wait(), POLL_SECONDS)
    finally:
        await country.close()


def _report(loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
    # Clients that break off are the laboratory's daily bread; anything else is our bug.
    if not isinstance(context.get("exception"), OSError | None):
        loop.default_exception_handler(context)


def _raise_file_limit() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


if __name__ == "__main__":
    sys.exit(main())
