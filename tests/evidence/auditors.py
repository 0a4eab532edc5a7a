"""The independent verifier, built from its source with Debian's Go and its libraries."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from debian import require, require_file

SOURCE = Path(__file__).parent / "auditor"
CODE = Path("/usr/share/gocode")


@dataclass
class Auditor:
    """The program; `holds` says whether it exits with 0, and with 1 otherwise, nothing else."""

    program: Path

    def run(self, *arguments: object) -> subprocess.CompletedProcess[str]:
        command = [self.program, *map(str, arguments)]
        return subprocess.run(
            command, capture_output=True, text=True, errors="replace", timeout=60, check=False
        )

    def holds(self, *arguments: object) -> bool:
        done = self.run(*arguments)
        assert done.returncode in (0, 1), done.stderr
        assert ("REFUSED" in done.stdout) == (done.returncode == 1)
        return done.returncode == 0


def build(folder: Path) -> Auditor:
    """Build it, as docs/guide/audit.md says."""
    go = require("golang-go", "go")
    require_file("golang-golang-x-mod-dev", CODE / "src/golang.org/x/mod/sumdb/note/note.go")
    environment = os.environ | {
        "GO111MODULE": "off", "GOPATH": str(CODE), "GOCACHE": str(folder / "cache"), "GOFLAGS": "",
    }  # fmt: skip
    subprocess.run([go, "build", "-o", folder / "auditor", "."], cwd=SOURCE, env=environment, check=True)
    return Auditor(folder / "auditor")
