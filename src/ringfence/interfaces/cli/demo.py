"""`ringfence demo`: the main job end to end over the laboratory country."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ringfence.core.errors import InputError
from ringfence.interfaces.cli.common import emit, json_option, note, progress, table

if TYPE_CHECKING:
    from ringfence.lab.demo import Figures

DESIGNS = "reporting"


@click.command(name="demo")
@click.option("--report", type=click.Path(file_okay=False, path_type=Path), help="Write the report there.")
@click.option(
    "--store",
    type=click.Path(file_okay=False, path_type=Path),
    help="Keep the store there (default: a temporary folder). It must be empty or absent.",
)
@click.option("--seed", type=int, default=2018, show_default=True, help="Redraws the country.")
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

    It takes the exchange register of July 2018 and 420 other sites, looks at each from outside and
    inside, assesses, decides with several people, publishes the block list to a resolver, verifies
    every order and every innocent, and replays it all offline. Nothing leaves this machine.
    """
    began = _process_start()
    if store is not None and store.exists() and any(store.iterdir()):
        raise InputError(f"{store} is not empty", hint="name a new folder: a demonstration starts afresh")
    with tempfile.TemporaryDirectory(prefix="ringfence-") as scratch:
        folder = store or Path(scratch) / "store"
        figures = _run(folder, Path(scratch) / "lab", seed, designs, began)
        if report is not None:
            _write_report(folder, report, figures)
            note(f"{time.time() - began:6.1f} s  report: {report / 'index.html'}")
    if as_json:
        emit(figures)
    else:
        show(figures)


def _run(folder: Path, work: Path, seed: int, designs: str, began: float) -> Figures:
    from ringfence.lab.demo import demonstrate

    bar: Callable[[int], None]
    with progress("sites", None) as bar:

        def step(what: str) -> None:
            note(f"{time.time() - began:6.1f} s  {what}")

        return demonstrate(folder, work, seed, designs, began, step, bar)


def _write_report(folder: Path, report: Path, figures: Figures) -> None:
    from ringfence.evidence.store import Store
    from ringfence.interfaces.report import Figure, Scores, write_report
    from ringfence.lab.interval import wilson

    found, true = figures.true_positives, figures.true_positives + figures.false_negatives
    said = found + figures.false_positives
    shares = (
        Figure("Recall", figures.recall, *wilson(found, true), note=f"{found} of {true}", share=True),
        Figure("Precision", figures.precision, *wilson(found, said), note=f"{found} of {said}", share=True),
    )
    counts = (
        Figure("Sites looked at", figures.subjects),
        Figure("Innocents among them", figures.innocents),
        Figure("Already unreachable", figures.already_unreachable),
        Figure("Orders active", figures.orders_active),
        Figure("Orders verified", figures.orders_verified),
        Figure("Innocents blocked", figures.innocents_blocked),
        Figure("Neighbours hit", figures.collateral, note=f"of {figures.collateral_probes} probes"),
        Figure("Time", f"{figures.seconds} s", note="from the command to the replay's end"),
        Figure("Peak memory", f"{figures.peak_rss_mb} MB", note="of all processes together"),
        Figure("Replay identical", "yes" if figures.replay_identical else "no"),
    )
    scores = Scores(
        title=f"This run: seed {figures.seed}, {figures.designs} designs",
        figures=(*shares, *counts),
        note="A positive is an invented site for which, in truth, the provision is made out.",
    )
    house = Store(folder)
    try:
        write_report(house, report, truth=scores)
    finally:
        house.close()


def show(figures: Figures) -> None:
    """The figures as a table."""
    import msgspec

    words = {True: "yes", False: "no", None: "–"}
    rows = [
        (name.replace("_", " "), words[value] if value is None or isinstance(value, bool) else str(value))
        for name, value in msgspec.to_builtins(figures).items()
    ]
    table("The laboratory's figures (invented sites: they are not the web)", ("figure", "measured"), rows)


def _process_start() -> float:
    import psutil

    return float(psutil.Process().create_time())
