"""`ringfence demo`: the main job end to end over the laboratory country."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import click

from ringfence.core.errors import InputError
from ringfence.interfaces.cli.common import emit, json_option, note, progress, table

DESIGNS = "reporting"


@click.command(name="demo")
@click.option("--report", type=click.Path(file_okay=False, path_type=Path), help="Write the report there.")
@click.option(
    "--store",
    type=click.Path(file_okay=False, path_type=Path),
    help="Keep the store there (default: a temporary folder). It must be empty or absent.",
)
@click.option(
    "--seed", type=int, default=2018, show_default=True, help="Redraws population and interference."
)
@click.option(
    "--designs",
    type=click.Choice(["reporting", "development"]),
    default=DESIGNS,
    show_default=True,
    help="Which designs the sites are drawn from; figures are reported on designs nobody tuned on.",
)
@json_option
def command(report: Path | None, store: Path | None, seed: int, designs: str, as_json: bool) -> None:
    """Run the main job over an invented country on this machine's loopback.

    It takes the exchange register of July 2018 and 420 innocents, looks at each from outside and
    inside, assesses, decides with several people, publishes the block list to a resolver, verifies
    every order and every innocent, and replays it all offline. Nothing leaves this machine.
    """
    began = _process_start()
    if store is not None and store.exists() and any(store.iterdir()):
        raise InputError(f"{store} is not empty", hint="name a new folder: a demonstration starts afresh")
    with tempfile.TemporaryDirectory(prefix="ringfence-") as scratch:
        ran = _run(store or Path(scratch) / "store", Path(scratch) / "lab", seed, designs, began, report)
    if as_json:
        emit(ran)
    else:
        show(ran)


def _run(folder: Path, work: Path, seed: int, designs: str, began: float, report: Path | None) -> object:
    from ringfence.lab.demo import demonstrate

    with progress("demonstration", None) as advance:

        def step(what: str, _count: int | None) -> None:
            note(f"{time.time() - began:6.1f} s  {what}")

        ran = demonstrate(folder, work, seed, designs, began, step, advance)
    return ran.figures


def show(figures: object) -> None:
    """The figures as a table."""
    import msgspec

    rows = [(name.replace("_", " "), str(value)) for name, value in msgspec.to_builtins(figures).items()]
    table("The laboratory's figures (invented sites: they are not the web)", ("figure", "measured"), rows)


def _process_start() -> float:
    import psutil

    return float(psutil.Process().create_time())
