"""Proofs of tokens, in our engine and on a node: how many come out the same.

``python -m benchmarks.tokens_agreement [FILE.hex…]``. Every proof of every contract of the tests, or of files
of runtime code in hexadecimal, is carried out in revm (pyrevm) and on anvil, of another release of revm and
with its own rules of blocks and transactions: the end, the answer, the events, storage and money have to be
the same. Prints n of N and every difference.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from desks.tokens.agreement import cases, compare
from desks.tokens.anvil import VERSION, contracts
from desks.tokens.solidity import published, tricks

PUBLISHED = (
    ("@openzeppelin/contracts", "ERC20PresetMinterPauser"),
    ("@openzeppelin/contracts", "ERC20PresetFixedSupply"),
    ("@openzeppelin/contracts", "ERC721PresetMinterPauserAutoId"),
    ("@openzeppelin/contracts", "ERC777PresetFixedSupply"),
    ("@uniswap/v2-periphery", "WETH9"),
    ("@uniswap/v2-core", "UniswapV2Pair"),
)


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.tokens_agreement", description=__doc__)
    options.add_argument("files", nargs="*", type=Path)
    chosen = options.parse_args()
    if chosen.files:
        codes = {one.stem: bytes.fromhex(one.read_text().strip().removeprefix("0x")) for one in chosen.files}
    else:
        codes = {name: made.runtime for name, made in {**tricks(), **contracts()}.items()}
        codes |= {name: published(package, name).runtime for package, name in PUBLISHED}
    every = [one for name, code in sorted(codes.items()) for one in cases(name, code)]
    agreed = compare(every)
    share = 100 * agreed.same / max(1, agreed.proofs)
    print(f"{agreed.same} of {agreed.proofs} proofs of {len(codes)} contracts the same ({share:.2f} %)")
    print(f"pyrevm and anvil {VERSION}")
    for name, why in agreed.differ:
        print(f"{name}: {why}")


if __name__ == "__main__":
    main()
