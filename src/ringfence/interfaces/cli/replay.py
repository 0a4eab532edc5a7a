"""`ringfence replay`: the same bytes again, with the network closed."""

from __future__ import annotations

from pathlib import Path

import click

from ringfence.interfaces.cli.common import emit, json_option, note, opened, progress, store_option, table


@click.command(name="replay")
@store_option
@json_option
@click.pass_context
def command(ctx: click.Context, store: Path | None, as_json: bool) -> None:
    """Find and assess again over everything stored, and compare the bytes.

    This process and its helpers refuse to use a socket or a resolver from the start. Exit code 1 if
    anything came out differently. What cannot be made again because a body was erased by order is named.
    """
    from ringfence.core.offline import close_network
    from ringfence.pipeline import replay

    close_network()
    with opened(store, make=False) as house, progress("replaying", None) as advance:
        done = replay(house, advance)
    if as_json:
        emit(
            {
                "subjects": done.subjects,
                "findings": done.findings,
                "assessments": done.assessments,
                "identical": done.identical,
                "different": done.different,
                "erased": done.erased,
            }
        )
    else:
        answer = "yes" if done.identical else "no"
        row = (str(done.subjects), str(done.findings), str(done.assessments), answer)
        table("replayed with the network closed", ("subjects", "findings", "assessments", "identical"), [row])
        for name in done.different:
            note(f"different: {name}")
        for words in done.erased:
            note(f"not replayed: {words}")
    if not done.identical:
        ctx.exit(1)
