"""What is not documented fails here; help and completion import nothing heavy; every table is known."""

from __future__ import annotations

import importlib
import importlib.util
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from ringfence.core.settings import Settings
from ringfence.interfaces.cli.common import ROOMS
from ringfence.interfaces.cli.main import COMMANDS

GUIDE = Path(__file__).parents[2] / "docs" / "guide"
HEAVY = ("sqlalchemy", "rich", "selectolax")


def commands(name: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    """A command and everything below it, by full name."""
    yield name, command
    if isinstance(command, click.Group):
        for key, below in command.commands.items():
            yield from commands(f"{name} {key}", below)


def section(page: str, name: str) -> str:
    """The section of the page about a command: from its heading to the next one."""
    found = re.search(rf"^#+ `ringfence {re.escape(name)}[^`]*`\n(.*?)(?=^#+ |\Z)", page, re.M | re.S)
    return found[1] if found else ""


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_is_documented(name: str) -> None:
    page = (GUIDE / "command-line.md").read_text("utf-8")
    assert f"`ringfence {name}" in page
    if importlib.util.find_spec(f"ringfence.interfaces.cli.{name}") is None:
        pytest.skip(f"the module of {name} is not in this tree yet")
    module = importlib.import_module(f"ringfence.interfaces.cli.{name}")
    for full, command in commands(name, module.command):
        text = section(page, full)
        if not (isinstance(command, click.Group) and not command.params):
            assert text, f"no section about ringfence {full}"
        missing = [
            option
            for parameter in command.params
            if isinstance(parameter, click.Option)
            for option in parameter.opts
            if option.startswith("--")
            and option not in ("--store", "--json")
            and not re.search(rf"{option}(?![a-z-])", text)
        ]
        assert not missing, f"ringfence {full}: {missing}"


@pytest.mark.parametrize("name", Settings.__struct_fields__)
def test_every_setting_is_documented(name: str) -> None:
    page = (GUIDE / "settings.md").read_text("utf-8")
    assert f"`RINGFENCE_{name.upper()}`" in page


@pytest.mark.parametrize(
    "arguments",
    [("--help",), ("register", "--help"), ("orders", "propose", "--help"), ("lab", "up", "--help")],
)
def test_help_imports_nothing_heavy(arguments: tuple[str, ...]) -> None:
    script = (
        "import sys\nfrom ringfence.interfaces.cli.main import main\n"
        f"sys.argv = ['ringfence', *{arguments!r}]\n"
        "try:\n    main()\nfinally:\n"
        f"    print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)\n"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ended.stderr.strip() == "[]" and "Usage: ringfence" in ended.stdout


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("ringfence re", {"register", "replay", "report", "restore"}),
        ("ringfence orders app", {"appeal", "approve"}),
    ],
)
def test_bash_completes(words: str, expected: set[str], tmp_path: Path) -> None:
    program = tmp_path / "ringfence"
    program.write_text(f"#!/bin/sh\nexec {sys.executable} -c 'import sys; sys.argv[0] = \"ringfence\"\n"
                       'from ringfence.interfaces.cli.main import main; main()\' "$@"\n')  # fmt: skip
    program.chmod(0o755)
    script = (
        'eval "$(_RINGFENCE_COMPLETE=bash_source ringfence)"\n'
        f"COMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))\n"
        '_ringfence_completion ringfence\nprintf "%s\\n" "${COMPREPLY[@]}"\n'
    )
    environment = {**os.environ, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    ended = subprocess.run(
        ["bash", "-c", script], capture_output=True, text=True, check=True, env=environment
    )
    assert set(ended.stdout.split()) == expected


def test_every_room_with_tables_is_imported_before_a_store_is_opened() -> None:
    # In a process of its own: other tests put tables of theirs beside the rooms'.
    script = (
        "import importlib, pkgutil, ringfence\nfrom ringfence.core.database import metadata\n"
        f"for room in {ROOMS!r}: importlib.import_module(room)\nbefore = set(metadata.tables)\n"
        "for module in pkgutil.walk_packages(ringfence.__path__, 'ringfence.'):\n"
        "    importlib.import_module(module.name)\n"
        "print(*set(metadata.tables) - before)"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ended.stdout.split() == []
