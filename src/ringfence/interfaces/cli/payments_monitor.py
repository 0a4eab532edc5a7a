"""`ringfence payments monitor`: alerts over files of payments, and every account with its score."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from ringfence.core.words import counted
from ringfence.interfaces.cli.apart import apart
from ringfence.interfaces.cli.common import DATE, FILE, note, opened, store_option, today
from ringfence.interfaces.cli.measures import size_of
from ringfence.interfaces.cli.output import written

if TYPE_CHECKING:
    from ringfence.desks.payments.monitor import EngineName

OUT = click.Path(dir_okay=False, path_type=Path)


@click.command(name="monitor")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--map", "mapping", type=FILE, help="Mapping file (TOML): columns, constants, time, amount.")
@click.option("--prices", type=FILE, help="CSV ts,asset,quote,price.")
@click.option("--exchange-accounts", type=FILE, help="CSV account,name (such a list is never complete).")
@click.option("--contacts", type=FILE, help="CSV account,source,first_seen, from advertisements.")
@click.option("--rules", type=FILE, help="Parameters (TOML) that differ from the bundled ones.")
@click.option(
    "--engine", type=click.Choice(["duckdb", "spark", "online"]), default="duckdb", show_default=True,
    help="Where it is worked out; each gives the same alerts.",
)  # fmt: skip
@click.option("--memory", default="3GB", show_default=True, help="To work in; the rest is in files.")
@click.option("--out", type=OUT, help="Write the alerts here (default: standard output).")
@click.option("--accounts", type=OUT, help="Write every account with its score here.")
@click.option("--quarantine", type=OUT, help="Write the rows that were left out here, and why.")
@click.option("--vault", type=OUT, help="File that keeps identifiers and keys (made where there is none).")
@click.option("--jurisdiction", default="cn", show_default=True, help="With --store: pack to assess under.")
@click.option("--as-of", type=DATE, help="With --store: date of conduct and of decision (default: today).")
@store_option
def monitor(
    files: tuple[Path, ...], mapping: Path | None, prices: Path | None, exchange_accounts: Path | None,
    contacts: Path | None, rules: Path | None, engine: EngineName, memory: str, out: Path | None,
    accounts: Path | None, quarantine: Path | None, vault: Path | None, jurisdiction: str, as_of: date | None,
    store: Path | None,
) -> int:  # fmt: skip
    """Find the accounts that settle trades in coins in FILEs of payments (CSV, Parquet, JSON lines, ISO 20022
    in XML or JSON, or a folder of them). Alerts as JSON lines, each with its transactions and what would have
    kept it away; with --accounts every account once, with a score and what is recommended. Nothing is halted
    by it.

    Rows that cannot be read are left out, counted and told. Identifiers stand only in what is handed back.
    With --store (then name a --vault too) the accounts for which something is recommended are kept by their
    pseudonyms, found upon and assessed, and a case is opened where a provision is made out.

    \b
    Examples:
      ringfence payments monitor payments.parquet --prices prices.csv --accounts accounts.jsonl
      ringfence payments monitor bank.csv --map bank.toml --exchange-accounts exchanges.csv --out alerts.jsonl
    """
    from ringfence.desks.payments.explain import LedgerNames, alerts
    from ringfence.desks.payments.lists import Prices, read_contacts, read_exchange_accounts, read_prices
    from ringfence.desks.payments.monitor import monitor as monitored
    from ringfence.desks.payments.read import open_ledger
    from ringfence.desks.payments.rules import load_rules
    from ringfence.desks.payments.scored import lines, results, scored
    from ringfence.desks.payments.signed import outside_of, sign
    from ringfence.pipeline.account import Under, keep_accounts
    from ringfence.rulebook.pack import load_pack

    if store and not vault:
        raise click.UsageError("--store keeps pseudonyms: name the --vault that turns them back")

    apart(
        (*files, mapping, prices, exchange_accounts, contacts, rules, vault),
        {"--out": out, "--accounts": accounts, "--quarantine": quarantine},
        {"--quarantine"},
    )
    if store:
        load_pack(jurisdiction)  # an hour's work is not lost by a word
    bound = size_of(memory)
    parameters = load_rules(rules)
    priced = read_prices(prices) if prices else Prices()
    for line in priced.lines():
        note(f"prices: {line}")
    with ExitStack() as held:
        ledger = held.enter_context(
            open_ledger(list(files), mapping, vault=vault, quarantine=quarantine, tell=note)
        )
        folder = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="ringfence-signed-")))
        outside = outside_of(
            read_exchange_accounts(exchange_accounts, ledger) if exchange_accounts else None,
            read_contacts(contacts, ledger) if contacts else None,
            priced,
        )
        signed = sign(ledger, parameters, outside, folder)
        seen = monitored(signed, parameters, engine, memory=bound)
        names = LedgerNames(ledger, seen)
        _write(out, alerts(seen, names, parameters))
        told = (ledger.rows, "payment"), (ledger.accounts, "account"), (len(seen), "alert")
        note(", ".join(counted(*one) for one in told))
        if accounts or store:
            whole = scored(ledger, signed, seen, outside, parameters, engine, memory=bound)
            steps = Counter(one.recommend for one in whole if one.recommend != "none")
            note(
                "recommended: " + (", ".join(f"{name} {count}" for name, count in steps.items()) or "nothing")
            )
        if accounts:
            _write(accounts, (lines(whole, names)))
        if store:
            with opened(store) as house:
                under = Under(jurisdiction, as_of or today(), as_of or today())
                kept = Counter(
                    one["case"] is not None
                    for one in keep_accounts(house, results(whole, ledger, signed, parameters), under)
                )
            note(f"kept by pseudonym: {counted(kept.total(), 'account')}, {kept[True]} with a case")
    return 0


def _write(path: Path | None, lines: Iterable[object]) -> None:
    with written(path) as stream:
        for line in lines:
            stream.write(msgspec.json.encode(line) + b"\n")
