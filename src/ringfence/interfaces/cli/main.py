"""The command line: `ringfence COMMAND`. Commands are loaded when they are called, so help is quick."""

from __future__ import annotations

import importlib
import os
import sys

import click
from click.shell_completion import CompletionItem

from ringfence import __version__
from ringfence.core.errors import RingfenceError

COMMANDS = {
    "demo": "The main job end to end over the laboratory country, with a report.",
    "screen": "Look at hosts from outside and inside, and say what the law makes of them.",
    "register": "The register of platforms: import, export, list, search.",
    "cases": "Cases: list, show, assess, which comes first.",
    "orders": "Orders: propose, approve, notices, appeals, reasons, what is due.",
    "access": "Judge whether sites can be reached (OONI measurements), and measure it.",
    "publish": "Publish active orders to an enforcement target.",
    "feed": "The signed feed: keys, verify, apply at a resolver.",
    "explain": "Why a name is blocked: ask a resolver, and walk back to the order.",
    "blockpage": "The page that a blocked visitor sees (HTTP 451).",
    "verify": "Check that active orders work and hit nothing else.",
    "evidence": "Bodies: show, hold, erase; how long they are kept, and what is due.",
    "log": "The log: checkpoints, proofs, export, witnesses, time stamps, fsck.",
    "replay": "Find and assess again over everything stored, with the network closed.",
    "report": "Write a dossier for each case and a summary page.",
    "backup": "Write a backup of the whole store, checked against its log.",
    "restore": "Make a store from a backup; a damaged one is refused.",
    "work": "Run what is due: expiry, re-measurement, verification, notices.",
    "tokens": "What a token's contract can do to its holders, from its code.",
    "payments": "Accounts that settle unlicensed trades: found, assessed, halted fairly.",
    "lab": "The laboratory country: bring it up, show it, interfere.",
}


# Packages that only an extra brings, and which.
EXTRAS = {
    "Crypto": "tokens", "evmole": "tokens", "pyrevm": "tokens",
    "duckdb": "payments", "ibis": "payments", "numba": "payments", "numpy": "payments", "pyarrow": "payments",
    "matplotlib": "charts", "psutil": "lab", "pandas": "spark", "pyspark": "spark", "trustme": "lab",
}  # fmt: skip


class _ClosedError(Exception):
    """Whoever read standard output wants no more of it."""


class _Lazy(click.Group):
    """A group whose commands live in modules of the same name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(f"ringfence.interfaces.cli.{cmd_name}").command
        assert isinstance(command, click.Command)  # noqa: S101 (a command module without its command is a bug)
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        # Names and help stand here: completing one must not import every command.
        names = [
            CompletionItem(name, help=text) for name, text in COMMANDS.items() if name.startswith(incomplete)
        ]
        return [*names, *click.Command.shell_complete(self, ctx, incomplete)]

    def invoke(self, ctx: click.Context) -> object:
        """Click would end with 1 for a closed pipe, which is a negative answer here."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            raise _ClosedError from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="ringfence")
def cli() -> None:
    """Supervision of unlicensed crypto-asset services: find, prove, decide, act, check.

    Every command has --help. Exit codes: 0 it ran, 1 a negative answer, 2 bad usage or input,
    3 an outside service failed, 130 interrupted.
    """


def main() -> None:
    """The entry point: errors as one line with a hint, never a stack trace for bad input."""
    try:
        code = cli.main(standalone_mode=False)
    except RingfenceError as error:
        click.echo(f"ringfence: {error.message}", err=True)
        if error.hint:
            click.echo(f"  hint: {error.hint}", err=True)
        sys.exit(error.exit_code)
    except click.exceptions.Abort:
        click.echo(
            "ringfence: interrupted; what is done is kept, the same command goes on from there", err=True
        )
        sys.exit(130)
    except KeyboardInterrupt:
        click.echo(
            "ringfence: interrupted; what is done is kept, the same command goes on from there", err=True
        )
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except ModuleNotFoundError as error:
        extra = EXTRAS.get(error.name or "")
        if extra is None:
            raise
        click.echo(f"ringfence: this command needs {error.name}, which is not installed", err=True)
        click.echo(f"  hint: pip install 'ringfence[{extra}]', or make install", err=True)
        sys.exit(2)
    except _ClosedError:
        # What is still held back goes nowhere, or the interpreter would complain of it at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    sys.exit(code if isinstance(code, int) else 0)


if __name__ == "__main__":
    main()
