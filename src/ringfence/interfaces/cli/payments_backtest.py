"""`ringfence payments backtest`: history under two versions of the rules."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from ringfence.core.errors import InputError
from ringfence.interfaces.cli.apart import apart
from ringfence.interfaces.cli.common import FILE, emit, json_option, note, table
from ringfence.interfaces.cli.output import written

if TYPE_CHECKING:
    from ringfence.desks.payments.monitor import EngineName


@click.command()
@click.argument("old", type=FILE)
@click.argument("new", type=FILE)
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--map", "mapping", type=FILE, help="Mapping file (TOML): columns, constants, time, amount.")
@click.option("--prices", type=FILE, help="CSV ts,asset,quote,price.")
@click.option("--exchange-accounts", type=FILE, help="CSV account,name (such a list is never complete).")
@click.option("--contacts", type=FILE, help="CSV account,source,first_seen, from advertisements.")
@click.option("--labels", type=FILE, help="CSV account,guilty (1 or 0) and perhaps role: what is true.")
@click.option(
    "--engine", type=click.Choice(["duckdb", "spark", "online"]), default="duckdb", show_default=True,
    help="Where it is worked out; each gives the same alerts.",
)  # fmt: skip
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path),
    help="Folder for the picture (backtest.png, .svg), backtest.json, gained.jsonl and lost.jsonl.",
)  # fmt: skip
@json_option
def backtest(
    old: Path, new: Path, files: tuple[Path, ...], mapping: Path | None, prices: Path | None,
    exchange_accounts: Path | None, contacts: Path | None, labels: Path | None, engine: EngineName,
    out: Path | None, as_json: bool,
) -> int:  # fmt: skip
    """Replay FILEs of payments under the rules of OLD and of NEW (TOML; what a file leaves out is as
    bundled) and show what changes: alerts gained and lost, the work for people, and, where labels say what
    is true, recall beside wrongful halts.

    \b
    Example:
      ringfence payments backtest old.toml new.toml payments.parquet --labels labels.csv --out difference
    """
    from ringfence.desks.payments.backtest import Run, compared, identity, read_labels
    from ringfence.desks.payments.explain import LedgerNames, alerts
    from ringfence.desks.payments.lists import Prices, read_contacts, read_exchange_accounts, read_prices
    from ringfence.desks.payments.monitor import monitor
    from ringfence.desks.payments.read import open_ledger
    from ringfence.desks.payments.rules import load_rules
    from ringfence.desks.payments.scored import scored
    from ringfence.desks.payments.signed import outside_of, sign

    versions = [load_rules(path) for path in (old, new)]
    if out is not None:
        from ringfence.desks.payments.backtest_chart import draw

        _made(out)  # before the work, not after it
        names = ("backtest.png", "backtest.svg", "backtest.json", "gained.jsonl", "lost.jsonl")
        given = (*files, old, new, mapping, prices, exchange_accounts, contacts, labels)
        apart(given, {f"--out: {name}": out / name for name in names})
    priced = read_prices(prices) if prices else Prices()
    for line in priced.lines():
        note(f"prices: {line}")
    with ExitStack() as held:
        ledger = held.enter_context(open_ledger(list(files), mapping, tell=note))
        outside = outside_of(
            read_exchange_accounts(exchange_accounts, ledger) if exchange_accounts else None,
            read_contacts(contacts, ledger) if contacts else None,
            priced,
        )
        truth = read_labels(labels, ledger) if labels else None
        runs = []
        for rules in versions:
            folder = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="ringfence-signed-")))
            signed = sign(ledger, rules, outside, folder)
            seen = monitor(signed, rules, engine)
            runs.append(
                Run(rules.version, rules.digest, seen, scored(ledger, signed, seen, outside, rules, engine))
            )
        found = compared(runs[0], runs[1], truth)
        if out is not None:
            for suffix in ("png", "svg"):
                draw(found, out / f"backtest.{suffix}")
            _lines(out / "backtest.json", [found])
            for name, run, other in (("lost", 0, 1), ("gained", 1, 0)):
                known = {identity(one) for one in runs[other].seen}
                only = [one for one in runs[run].seen if identity(one) not in known]
                _lines(out / f"{name}.jsonl", alerts(only, LedgerNames(ledger, only), versions[run]))
    if as_json:
        emit(found)
    else:
        _show(found)
    return 0


def _made(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            f"cannot make the folder {out}: {error.strerror}", hint="name one where you may write"
        ) from error


def _lines(path: Path, lines: Iterable[object]) -> None:
    with written(path) as stream:
        for line in lines:
            stream.write(msgspec.json.encode(line) + b"\n")


def _show(found: dict[str, Any]) -> None:
    names = ("kept", "gained", "lost")
    rows = [(row["typology"], *(str(row[name]) for name in names)) for row in found["typologies"]]
    table("Alerts", ("typology", *names), [*rows, ("all", *(str(found["alerts"][name]) for name in names))])
    versions = (found["old"], found["new"])
    work = [(name, *(str(one["accounts"][name]) for one in versions)) for name in found["old"]["accounts"]]
    if found["old"]["right"]:
        for level in ("review", "halt"):
            for what in ("recall", "precision"):
                work.append((f"{what} ({level})", *(_said(one["right"][level][what]) for one in versions)))
        for what in ("wrongful_halts", "wrongful_halts_percent_of_honest"):
            work.append((what.replace("_", " "), *(_said(one["right"][what]) for one in versions)))
    columns = (
        "accounts",
        *(f"{name} ({one['rules']})" for name, one in zip(("old", "new"), versions, strict=True)),
    )
    table("Accounts", columns, work)


def _said(value: float | None) -> str:
    return "unknown" if value is None else f"{value:g}"
