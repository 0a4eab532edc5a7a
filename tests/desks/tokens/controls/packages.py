"""Packages: compilers and libraries of several versions side by side, and sources compiled with them once."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any

from debian import require

SOLC = ("0.4.26", "0.5.17", "0.6.12", "0.7.6", "0.8.9", "0.8.20", "0.8.28", "0.8.37")
# By the name under which sources import them. All MIT.
LIBRARIES = {
    "oz-1": "openzeppelin-solidity@1.12.0", "oz-2": "@openzeppelin/contracts@2.5.1",
    "oz-3": "@openzeppelin/contracts@3.4.2", "oz-3-7": "@openzeppelin/contracts@3.4.2-solc-0.7",
    "oz-4.3": "@openzeppelin/contracts@4.3.3", "oz-4.9": "@openzeppelin/contracts@4.9.6",
    "oz-5.0": "@openzeppelin/contracts@5.0.2", "oz-5": "@openzeppelin/contracts@5.7.0",
    "ozu-4.9": "@openzeppelin/contracts-upgradeable@4.9.6",
    "ozu-5": "@openzeppelin/contracts-upgradeable@5.7.0", "solady": "solady@0.1.26",
}  # fmt: skip
_COMPILE = """
const fs = require("fs");
const solc = require(process.argv[1]);
const read = (path) => {
  try { return { contents: fs.readFileSync("node_modules/" + path, "utf8") }; }
  catch (error) { return { error: String(error) }; }
};
let text = "";
process.stdin.on("data", (part) => (text += part));
process.stdin.on("end", () => {
  let made = solc.version().startsWith("0.4.")
    ? solc.compileStandardWrapper(text, read)
    : solc.compile(text, { import: read });
  process.stdout.write(JSON.stringify({ version: solc.version(), output: JSON.parse(made) }));
});
"""


@lru_cache(1)
def installed() -> Path:
    """The folder of the packages; the cache stays from one run to the next."""
    wanted = {f"solc-{version}": f"solc@{version}" for version in SOLC} | LIBRARIES
    name = hashlib.sha256(json.dumps(wanted, sort_keys=True).encode()).hexdigest()[:16]
    folder = (
        Path(os.environ.get("RINGFENCE_TEST_CACHE", tempfile.gettempdir())) / f"ringfence-controls-{name}"
    )
    done = folder / "installed"
    require("nodejs", "node")
    if not done.exists():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text('{"private": true}')
        subprocess.run(
            [
                require("npm", "npm"), "install", "--no-audit", "--no-fund", "--ignore-scripts",
                "--save-exact", "--legacy-peer-deps",
                *(f"{one}@npm:{package}" for one, package in wanted.items()),
            ],
            cwd=folder, check=True, capture_output=True, timeout=600,
        )  # fmt: skip
        done.touch()
    return folder


def compiled(
    compiler: str, settings: dict[str, Any], sources: dict[str, str], remappings: tuple[str, ...] = ()
) -> dict[str, bytes]:
    """The creation code of the contract `Control` of each source, by the source's name."""
    # Version 0.4 makes no code for a contract that is asked for by its name.
    wanted = "*" if compiler.startswith("0.4.") else "Control"
    request = {
        "language": "Solidity",
        "sources": {f"{name}.sol": {"content": text} for name, text in sources.items()},
        "settings": {
            **settings,
            "remappings": list(remappings),
            "outputSelection": {"*": {wanted: ["evm.bytecode.object"]}},
        },
    }
    text = json.dumps(request, sort_keys=True)
    folder = installed()
    digest = hashlib.sha256((_COMPILE + compiler + text).encode()).hexdigest()
    kept = folder / f"{digest}.json"
    if not kept.exists():
        done = subprocess.run(
            ["node", "-e", _COMPILE, f"solc-{compiler}"], input=text, cwd=folder, check=True,
            capture_output=True, text=True, timeout=600,
        )  # fmt: skip
        part = kept.with_suffix(f".{os.getpid()}")
        part.write_text(done.stdout)
        part.replace(kept)
    answer = json.loads(kept.read_text())
    assert answer["version"].startswith(compiler + "+"), f"the package holds {answer['version']}"
    errors = answer["output"].get("errors", ())
    bad = [one["formattedMessage"] for one in errors if one["severity"] == "error"]
    assert not bad, "\n".join(bad)
    found = answer["output"]["contracts"]
    return {
        name: bytes.fromhex(found[f"{name}.sol"]["Control"]["evm"]["bytecode"]["object"]) for name in sources
    }
