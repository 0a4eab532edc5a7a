"""`ringfence lab`: a small invented country on loopback, to look at, interfere with and order in."""

from __future__ import annotations

import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from ringfence.core.errors import InputError, OutsideError, RefusedError
from ringfence.interfaces.cli.common import emit, json_option, note, table
from ringfence.interfaces.cli.lab_folder import attach, files_of, hold, is_up, listing, status_of

if TYPE_CHECKING:
    from ringfence.lab.population import RegisterRow
    from ringfence.lab.process import LabHandle

POLL_SECONDS = 0.2

dir_option = click.option(
    "--dir",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("lab"),
    show_default=True,
    help="The laboratory's folder.",
)


@click.group(name="lab")
def command() -> None:
    """The laboratory country: DNS, TLS, HTTP and a border on loopback. Every site in it is invented.

    \b
    Examples:
      ringfence lab up --dir lab                  (in one terminal, until Ctrl-C)
      ringfence lab interfere venue.example dns.nxdomain --dir lab
    """


@command.command()
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Redraws everything.")
@click.option(
    "--designs",
    type=click.Choice(["development", "reporting"]),
    default="development",
    show_default=True,
    help="The family of site designs; those of reporting were never tuned on.",
)
@dir_option
@json_option
def up(seed: int, designs: str, folder: Path, as_json: bool) -> None:
    """Bring the country up, and keep it up until Ctrl-C (exit code 0: that is how it ends)."""
    from importlib.util import find_spec

    if find_spec("trustme") is None:
        raise InputError("the laboratory is not installed", hint='pip install "ringfence[lab]"')
    from ringfence.lab.process import running

    with hold(folder), running(folder.absolute(), seed, designs, register_rows()) as handle:
        # A shell starts a background process with Ctrl-C ignored: say what both signals mean here.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.default_int_handler)
        try:
            _told(handle, seed, designs, as_json)
            while handle.alive():
                time.sleep(POLL_SECONDS)
            raise OutsideError("the laboratory ended by itself", hint=f"see {folder / 'lab.log'}")
        except KeyboardInterrupt:
            note("the laboratory is down")


@command.command()
@dir_option
@json_option
def status(folder: Path, as_json: bool) -> None:
    """What is in force: the policy zone's serial, the revision of the interference, errors."""
    files = files_of(folder)
    found = status_of(files) if is_up(folder) else None
    plain = msgspec.to_builtins(found) if found is not None else {}
    if as_json:
        emit({"running": found is not None, "directory": str(folder), **plain})
        return
    rows = [("running", "yes" if found is not None else "no")]
    rows += [(name, str(value)) for name, value in plain.items() if value not in (None, "")]
    table(f"laboratory in {folder}", ("what", "now"), rows)


@command.command()
@click.argument("host")
@click.argument("modes", nargs=-1, metavar="[MODE]...")
@dir_option
@json_option
def interfere(host: str, modes: tuple[str, ...], folder: Path, as_json: bool) -> None:
    """Set HOST's interference at the border, such as dns.nxdomain or tls.reset; no MODE: leave it alone.

    It holds for every name below HOST, and is in force when the command ends.
    """
    from ringfence.lab.interference import MODES
    from ringfence.register.host import canonical_host

    if unknown := sorted(set(modes) - MODES):
        raise InputError(
            f"no such interference: {', '.join(unknown)}", hint=f"one of {', '.join(sorted(MODES))}"
        )
    name = canonical_host(host)
    handle = attach(folder)
    if not any(row["host"] == name or row["host"].endswith(f".{name}") for row in listing(handle.files)):
        note(f"{name} is no host of this laboratory; what is set holds all the same")
    handle.interfere(name, *modes)
    if as_json:
        emit({"host": name, "modes": modes, "revision": handle.status().revision})
    else:
        note(f"{name}: {', '.join(modes) or 'left alone'}")


@command.command()
@click.argument("zone", metavar="ZONEFILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@dir_option
@json_option
def publish(zone: Path, folder: Path, as_json: bool) -> None:
    """Hand ZONEFILE (RPZ, made with publish --laboratory) to the inside resolver, and wait for it."""
    from ringfence.enforce.targets import rpz

    content = zone.read_bytes()
    if f'"{rpz.MARK}"'.encode() not in content:
        raise RefusedError(
            f"{zone} is not marked as the laboratory's: nothing else goes in",
            hint="make it with ringfence publish --target rpz --laboratory",
        )
    serial = attach(folder).publish(content)
    if as_json:
        emit({"zone": str(zone), "serial": serial})
    else:
        note(f"serial {serial} is in force inside")


@command.command()
@dir_option
@json_option
def hosts(folder: Path, as_json: bool) -> None:
    """List the laboratory's hosts, without labels: what is true of each is for scoring alone."""
    listed = listing(files_of(folder))
    if as_json:
        for row in listed:
            rank = row["volume_rank"]
            emit({**row, "volume_rank": int(rank) if rank else None, "laboratory": True})
        return
    columns = ("host", "name", "countries", "volume_rank")
    rows = [tuple(row[column] for column in columns) for row in listed]
    table(f"{len(rows)} hosts of the laboratory, every one invented", columns, rows)


def register_rows() -> list[RegisterRow]:
    """The bundled register of July 2018 as the rows that the country's exchanges are drawn on."""
    from ringfence.lab.population import RegisterRow
    from ringfence.register.bundled import bundled

    return [
        RegisterRow(
            site.name, site.host or "", site.countries, min((rank.place for rank in site.ranks), default=None)
        )
        for site in bundled("2018-07")
    ]


def _told(handle: LabHandle, seed: int, designs: str, as_json: bool) -> None:
    files = handle.files
    paths = {
        "vantages": files.vantages,
        "register": files.register,
        "countries": files.countries,
        "rpz": files.rpz,
    }
    command = (
        f"ringfence screen --register {files.register} --vantages {files.vantages} "
        f"--vantage lab-outside --vantage lab-inside --countries {files.countries} --as-of 2018-08-24"
    )
    if as_json:
        named = {name: str(path) for name, path in paths.items()}
        emit(
            {"directory": str(files.directory), "seed": seed, "designs": designs, **named, "screen": command}
        )
        return
    rows = [(name, str(path)) for name, path in paths.items()]
    table("the laboratory is up; every site in it is invented", ("what", "where"), rows)
    # Not in the table: a command that is folded cannot be copied.
    click.echo(f"\nLook at it:\n  {command}\nEnd it with Ctrl-C.")
