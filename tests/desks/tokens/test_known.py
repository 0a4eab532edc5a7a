"""Known: what a compiler wrote behind the code, and library code by its bytes; nothing else is recognised."""

from __future__ import annotations

import random

import pytest

from ringfence.desks.tokens.known import facts, immutables, recognise
from ringfence.desks.tokens.metadata import Metadata, metadata, stripped
from ringfence.desks.tokens.pool import code as pool
from ringfence.desks.tokens.screen import screen

from .solidity import PACKAGES, published, tricks

OPENZEPPELIN = "@openzeppelin/contracts"
SHIPPED = [
    (OPENZEPPELIN, "ERC1967Proxy"), (OPENZEPPELIN, "TransparentUpgradeableProxy"),
    (OPENZEPPELIN, "ERC20PresetMinterPauser"), (OPENZEPPELIN, "TimelockController"),
    ("@uniswap/v2-core", "UniswapV2Pair"), ("@uniswap/v2-periphery", "UniswapV2Router02"),
    ("@uniswap/v2-periphery", "WETH9"),
]  # fmt: skip


def test_the_compiler_and_the_place_of_the_sources_are_read() -> None:
    told = metadata(tricks()["HonestPlain"].runtime)
    assert told.compiler == f"solc {PACKAGES['solc']}" and told.source.startswith("ipfs:Qm")
    assert told.size == 53 and len(told.source) == len("ipfs:") + 46


@pytest.mark.parametrize(
    ("tail", "compiler", "source"),
    [
        ("a165627a7a72305820" + "ab" * 32 + "0029", "solc before 0.5.9", "bzzr0:" + "ab" * 32),
        ("a265627a7a72315820" + "cd" * 32 + "64736f6c63430005110032", "solc 0.5.17", "bzzr1:" + "cd" * 32),
        ("a165767970657283000307000b", "vyper 0.3.7", ""),
    ],
)
def test_older_compilers_and_others_too(tail: str, compiler: str, source: str) -> None:
    code = bytes.fromhex("6001600055") + bytes.fromhex(tail)
    assert metadata(code) == Metadata(compiler, source, len(tail) // 2)
    assert stripped(code) == bytes.fromhex("6001600055")


@pytest.mark.parametrize(
    "tail",
    [
        "", "00", "0000", "0029", "ffff", "a1650002", "a165736f6c634300080a000a", "a264697066735822000b",
        "9f0001", "a10102030004", "a1616181818181818181000a", "a1a1010200000005", "bf61610002",
    ],
)  # fmt: skip
def test_what_is_no_metadata_is_left_where_it_is(tail: str) -> None:
    code = bytes.fromhex("6001600055" + tail)
    assert stripped(code) in (code, code[:5]) and metadata(code).source == ""


def test_no_bytes_at_the_end_can_break_it() -> None:
    chance = random.Random(7)
    for _ in range(3000):
        size = chance.randrange(40)
        code = chance.randbytes(60) + chance.choice([b"\xa1", b"\xa2", b"\x9b", b""]) + chance.randbytes(size)
        code += (size + chance.randrange(-1, 3)).to_bytes(2, "big", signed=False) if size else b""
        assert code.startswith(stripped(code))
        assert facts(code)["known"] is None


@pytest.mark.parametrize(("package", "name"), SHIPPED)
def test_what_a_package_ships_is_recognised_whatever_its_metadata_and_immutables(
    package: str, name: str
) -> None:
    code = published(package, name).runtime
    known = recognise(code)
    assert known is not None and (known["name"], known["package"]) == (name, package)
    assert known["licence"] in ("MIT", "GPL-3.0-or-later") and known["version"]
    bare = stripped(code)
    assert recognise(bare) == known
    deployed = bytearray(bare)
    for at in immutables(bare):
        deployed[at : at + 32] = b"\x11" * 32
    assert recognise(bytes(deployed)) == known
    changed = bytearray(bare)
    changed[len(bare) // 2] ^= 1
    assert recognise(bytes(changed)) is None and recognise(bare[:-1]) is None


def test_immutables_are_left_out() -> None:
    places = list(immutables(stripped(published("@uniswap/v2-periphery", "UniswapV2Router02").runtime)))
    assert places and not list(immutables(stripped(published(OPENZEPPELIN, "ERC1967Proxy").runtime)))


@pytest.mark.parametrize("name", pool.NAMES)
def test_our_pool_is_known(name: str) -> None:
    known = recognise(pool.runtime(name))
    assert known is not None and known["name"] == f"pool.sol {name}" and known["licence"] == "Apache-2.0"


def test_the_same_code_with_other_metadata_has_the_same_hash() -> None:
    code = tricks()["PowerMint"].runtime
    other = code[:-40] + bytes(20) + code[-20:]
    one, two = screen(code).to_dict(), screen(other).to_dict()
    assert one["code_hash"] != two["code_hash"] and one["code"]["source"] != two["code"]["source"]
    assert one["code"]["stripped_hash"] == two["code"]["stripped_hash"] and one["code"]["known"] is None
    assert one["capabilities"] == two["capabilities"]


def test_a_library_s_proxy_is_named_and_is_no_verdict() -> None:
    found = screen(published(OPENZEPPELIN, "ERC1967Proxy").runtime)
    assert found.code["known"]["name"] == "ERC1967Proxy" and not found.resolved
    assert screen(b"").code["known"] is None
