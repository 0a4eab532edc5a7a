"""Solidity for tests: pinned npm packages in a cache outside the tree, and sources compiled once.

What cannot be installed or compiled fails the test that asked for it: nothing is skipped.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from debian import require

PACKAGES = {
    "solc": "0.8.37",
    "@openzeppelin/contracts": "4.9.6",
    "@uniswap/v2-core": "1.0.1",
    "@uniswap/v2-periphery": "1.1.0-beta.0",
}
CONTRACTS = Path(__file__).parent / "contracts"
_COMPILE = """
const solc = require("solc");
let text = "";
process.stdin.on("data", (part) => (text += part));
process.stdin.on("end", () =>
  process.stdout.write(JSON.stringify({ version: solc.version(), output: JSON.parse(solc.compile(text)) })));
"""


@dataclass(frozen=True)
class Compiled:
    """Code that makes a contract, and the code that it leaves (with immutables as zero)."""

    creation: bytes
    runtime: bytes


@lru_cache(1)
def modules() -> Path:
    """The folder of the installed packages; the cache stays from one run to the next."""
    name = hashlib.sha256(json.dumps(PACKAGES, sort_keys=True).encode()).hexdigest()[:16]
    folder = Path(os.environ.get("RINGFENCE_TEST_CACHE", tempfile.gettempdir())) / f"ringfence-npm-{name}"
    done = folder / "installed"
    require("nodejs", "node")
    if not done.exists():
        npm = require("npm", "npm")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text('{"private": true}')
        wanted = [f"{package}@{version}" for package, version in PACKAGES.items()]
        subprocess.run(
            [npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", "--save-exact", *wanted],
            cwd=folder, check=True, capture_output=True, timeout=600,
        )  # fmt: skip
        done.touch()
    return folder / "node_modules"


def compile_json(request: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """(version of the compiler, its answer) to a standard JSON request; kept by the request's digest."""
    text = json.dumps(request, sort_keys=True)
    kept = modules().parent / f"{hashlib.sha256((_COMPILE + text).encode()).hexdigest()}.json"
    if not kept.exists():
        done = subprocess.run(
            ["node", "-e", _COMPILE], input=text, cwd=modules().parent, check=True,
            capture_output=True, text=True, timeout=300,
        )  # fmt: skip
        part = kept.with_suffix(f".{os.getpid()}")
        part.write_text(done.stdout)
        part.replace(kept)
    answer = json.loads(kept.read_text())
    version = answer["version"]
    assert version.startswith(PACKAGES["solc"] + "+"), f"the package holds another compiler: {version}"
    bad = [
        one["formattedMessage"] for one in answer["output"].get("errors", ()) if one["severity"] == "error"
    ]
    assert not bad, "\n".join(bad)
    return version, answer["output"]


@lru_cache(1)
def tricks() -> dict[str, Compiled]:
    """Every contract of `contracts`, by name."""
    request = {
        "language": "Solidity",
        "sources": {path.name: {"content": path.read_text()} for path in sorted(CONTRACTS.glob("*.sol"))},
        "settings": {
            "evmVersion": "cancun",
            "optimizer": {"enabled": True, "runs": 200},
            "outputSelection": {"*": {"*": ["evm.bytecode.object", "evm.deployedBytecode.object"]}},
        },
    }
    _, output = compile_json(request)
    return {
        name: Compiled(
            bytes.fromhex(made["evm"]["bytecode"]["object"]),
            bytes.fromhex(made["evm"]["deployedBytecode"]["object"]),
        )
        for contracts in output["contracts"].values()
        for name, made in contracts.items()
        if made["evm"]["bytecode"]["object"]
    }


def published(package: str, contract: str) -> Compiled:
    """A contract as a package ships it, already compiled."""
    build = modules() / package / "build"
    folder = build / "contracts" if (build / "contracts").is_dir() else build
    made = json.loads((folder / f"{contract}.json").read_text())
    runtime = made["evm"]["deployedBytecode"]["object"] if "evm" in made else made["deployedBytecode"]
    creation = made["evm"]["bytecode"]["object"] if "evm" in made else made["bytecode"]
    return Compiled(bytes.fromhex(creation.removeprefix("0x")), bytes.fromhex(runtime.removeprefix("0x")))
