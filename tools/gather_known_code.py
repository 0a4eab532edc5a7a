"""Make the table of known library code (desks/tokens/known.json) from packages as they are published.

python tools/gather_known_code.py FOLDER

FOLDER is empty or was used before; the packages are installed there by npm, at the versions below. What is
kept of a contract is a hash of its code (without metadata, immutables as zero), where the immutables stand,
and the package's name, version and licence. Look at the differences before you keep them.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ringfence.desks.tokens.bytecode import keccak
from ringfence.desks.tokens.known import immutables, masked
from ringfence.desks.tokens.metadata import stripped
from ringfence.desks.tokens.pool import code as pool

TABLE = Path(__file__).parents[1] / "src/ringfence/desks/tokens/known.json"
OPENZEPPELIN = ("3.4.2", "4.4.2", "4.7.3", "4.8.3", "4.9.6", "5.0.2", "5.3.0", "5.7.0")
PACKAGES = [
    *(("@openzeppelin/contracts", version) for version in OPENZEPPELIN),
    ("@openzeppelin/upgrades-core", "1.46.0"),  # the proxies that its plugins deploy
    ("@uniswap/v2-core", "1.0.1"),
    ("@uniswap/v2-periphery", "1.1.0-beta.0"),
]
SMALLEST = 100  # bytes; less is no contract that could be told from others


def installed(folder: Path) -> Iterator[tuple[dict[str, str], Path]]:
    """(name, version and licence, folder) of each package."""
    aliases = {f"package-{at}": f"npm:{name}@{version}" for at, (name, version) in enumerate(PACKAGES)}
    folder.mkdir(parents=True, exist_ok=True)
    wanted = json.dumps({"private": True, "dependencies": aliases}, indent=1)
    if not (folder / "node_modules").exists() or (folder / "package.json").read_text() != wanted:
        (folder / "package.json").write_text(wanted)
        command = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts"]
        subprocess.run(command, cwd=folder, check=True)  # noqa: S603 (nothing of it comes from outside)
    for alias in aliases:
        place = folder / "node_modules" / alias
        said = json.loads((place / "package.json").read_text())
        yield {"package": said["name"], "version": said["version"], "licence": said["license"]}, place


def contracts(place: Path) -> Iterator[tuple[str, bytes]]:
    """Name and runtime code of every contract that a package ships compiled."""
    for folder in ("build", "artifacts"):
        for path in sorted((place / folder).rglob("*.json")):
            made = json.loads(path.read_text())
            if not isinstance(made, dict) or "abi" not in made:
                continue
            evm = made.get("evm", {}).get("deployedBytecode", {})
            digits = str(evm.get("object") or made.get("deployedBytecode") or "").removeprefix("0x")
            if "__" not in digits and "Mock" not in path.stem:  # not linked, or of their tests
                yield made.get("contractName", path.stem), bytes.fromhex(digits)


def entry(about: dict[str, str], name: str, code: bytes) -> dict[str, Any]:
    """A line of the table."""
    bare = stripped(code)
    places = list(immutables(bare))
    hashed = keccak(masked(bare, places)).hex()
    return {"name": name, **about, "size": len(bare), "immutables": places, "hash": hashed}


def main() -> None:
    """Write the table, the same code once, under the oldest version that has it."""
    found: dict[tuple[int, str], dict[str, Any]] = {}
    for about, place in installed(Path(sys.argv[1])):
        for name, code in contracts(place):
            if len(code) >= SMALLEST:
                made = entry(about, name, code)
                found.setdefault((made["size"], made["hash"]), made)
    ours = {"package": "ringfence", "version": pool.compiled()["compiler"], "licence": "Apache-2.0"}
    for name in pool.NAMES:
        made = entry(ours, f"pool.sol {name}", pool.runtime(name))
        found.setdefault((made["size"], made["hash"]), made)
    lines = sorted(found.values(), key=lambda one: (one["package"], one["name"], one["size"], one["hash"]))
    TABLE.write_text("[\n" + ",\n".join(json.dumps(one) for one in lines) + "\n]\n")
    sys.stderr.write(f"{len(lines)} contracts\n")


if __name__ == "__main__":
    main()
