"""`ringfence payments forget`: identifiers leave the vault when their time is over."""

from __future__ import annotations

from pathlib import Path

import click

from ringfence.core.errors import RefusedError
from ringfence.core.time import stamp
from ringfence.core.words import counted
from ringfence.interfaces.cli.common import FILE, emit, json_option, note, opened, store_option, today


@click.command()
@click.option("--vault", type=FILE, required=True, help="The vault.")
@click.option("--by", "person", required=True, help="The id of the administrator who orders it.")
@click.option("--reasons", "words", required=True, help="Why, in ten characters at least.")
@click.option("--jurisdiction", default="cn", show_default=True, help="The pack whose periods count.")
@click.option("--dry-run", is_flag=True, help="Say what would go, and leave it.")
@store_option
@json_option
def forget(
    vault: Path, person: str, words: str, jurisdiction: str, dry_run: bool, store: Path | None, as_json: bool
) -> None:
    """Remove identifiers from a vault that were not seen for as long as the pack says, so that nobody can
    turn their pseudonyms back: for good, and recorded in the vault. Those of accounts that a case, a live
    order, a pending appeal or a legal hold in the store needs stay. With --json {forgotten, needed, held,
    later, period, dry_run}. One store is asked: a vault whose pseudonyms are in several must not be run so.
    """
    from ringfence.cases.erasure_guards import ROLE
    from ringfence.cases.people import People
    from ringfence.desks.payments.vault import Vault
    from ringfence.evidence import log
    from ringfence.pipeline.forget import due

    if len(words.strip()) < 10:
        raise click.UsageError("--reasons: the vault asks for at least ten characters")
    with opened(store, make=False) as house, Vault(vault) as kept:
        if not People(house.database, log.seal).get(person).holds(ROLE, stamp()):
            raise RefusedError(
                f"{person} is not an administrator now",
                hint=f"see ringfence orders people list: an {ROLE} orders it, who has no other role",
            )
        found = due(house, kept, jurisdiction, today())
        if found.macs and not dry_run:
            kept.forget(found.macs, who=person, why=f"{words} ({found.period.id})", until=found.until)
    groups = {name: found.groups.get(name, 0) for name in ("accounts", "names", "contacts")}
    if as_json:
        emit(
            {
                "forgotten": groups, "needed": found.needed, "held": found.held, "later": found.later,
                "period": found.period.id, "dry_run": dry_run,
            }
        )  # fmt: skip
        return
    went = ", ".join(counted(count, name[:-1]) for name, count in groups.items())
    note(f"{'would forget' if dry_run else 'forgotten'}: {went}, past {found.period.id}")
    note(f"kept: {found.needed} needed, {found.held} held, {found.later} for a later period")
