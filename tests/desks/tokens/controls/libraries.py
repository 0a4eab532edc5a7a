# ruff: noqa: E501 (Solidity)
"""Libraries: tokens made of what a library itself offers, its presets and extensions, over several versions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from .stand_in import STAND_INS

if TYPE_CHECKING:
    from .drawing import Control

_MINTING = "function mint(address to, uint256 amount) public @ONLY { _mint(to, amount); }"
_HALF = "function pause() public @ONLY { _pause(); } function unpause() public @ONLY { _unpause(); }"
_VOTES = "ERC20Permit ERC20Votes"
# Name: extensions, powers, further code; `@ONLY` is the owner's.
EXTENSIONS: dict[str, tuple[str, str, str]] = {
    "Plain": ("", "", ""),
    "Burnable": ("ERC20Burnable", "", ""),
    "Mint": ("", "mint", _MINTING),
    "BurnableMint": ("ERC20Burnable", "mint", _MINTING),
    "Capped": ("ERC20Capped", "mint", _MINTING),
    "Pausable": ("ERC20Pausable", "pause_transfers", _HALF),
    "PausableMint": ("ERC20Pausable", "pause_transfers mint", _HALF + _MINTING),
    "Permit": ("ERC20Permit", "", ""),
    "Votes": (_VOTES, "", ""),
    "VotesMint": (_VOTES, "mint", _MINTING),
    "FlashMint": ("ERC20FlashMint", "", ""),
    "Wrapper": ("ERC20Wrapper", "", ""),
    "Vault": ("ERC4626", "", ""),
    "Multicall": ("Multicall", "", ""),
    "Steps": ("Ownable2Step", "mint", _MINTING),
    "All": ("ERC20Burnable ERC20Pausable ERC20Permit ERC20Votes ERC20FlashMint", "pause_transfers mint",
            _HALF + _MINTING),
    "Upgradeable": ("UUPSUpgradeable", "upgrade", "function _authorizeUpgrade(address) internal override @ONLY {}"),
    "UpgradeableMint": ("UUPSUpgradeable ERC20Pausable", "upgrade mint pause_transfers",
                        "function _authorizeUpgrade(address) internal override @ONLY {}" + _HALF + _MINTING),
    "Snapshot": ("ERC20Snapshot", "", "function snapshot() public @ONLY { _snapshot(); }"),
    "Comp": ("ERC20Permit ERC20VotesComp", "", ""),
    "Payable": ("ERC1363", "", ""),
    "Bridged": ("ERC20Bridgeable", "mint burn_others",
                "address public bridge; function setBridge(address to) public @ONLY { bridge = to; }"
                "function _checkTokenBridge(address who) internal view override { require(who == bridge); }"),
    "Authorized": ("ERC20TransferAuthorization", "", ""),
}  # fmt: skip
_ONLY = {"oz-4.9": {"Snapshot", "Comp"}, "oz-5": {"Payable", "Bridged", "Authorized"}}
_PLACES = {
    "Multicall": "utils/Multicall.sol", "UUPSUpgradeable": "proxy/utils/UUPSUpgradeable.sol",
    "Ownable": "access/Ownable.sol", "Ownable2Step": "access/Ownable2Step.sol",
    "ERC20": "token/ERC20/ERC20.sol",
    "ERC20Bridgeable": "token/ERC20/extensions/draft-ERC20Bridgeable.sol",
}  # fmt: skip
_BUILT = {
    "ERC20Permit": 'ERC20Permit("Control")', "ERC20Capped": "ERC20Capped(10**29)",
    "ERC20Wrapper": "ERC20Wrapper(IERC20(UNDER))", "ERC4626": "ERC4626(IERC20(UNDER))",
    "ERC20TransferAuthorization": 'EIP712("Control", "1")',
}  # fmt: skip
_UNDER = "address constant UNDER = address(uint160(0x00c0ffee0000000000000000000000000000c0ffee));\n"


def _of(package: str, name: str) -> str:
    extensions, _, code = EXTENSIONS[name]
    names = extensions.split()
    parents = ["ERC20", *names] + ([] if "Ownable2Step" in names else ["Ownable"])
    five = package.startswith("oz-5")
    loads = [_PLACES.get(one, f"token/ERC20/extensions/{one}.sol") for one in (*parents, "Ownable")]
    built = ['ERC20("Control", "CTRL")', *(_BUILT[one] for one in names if one in _BUILT)]
    built += ["Ownable(msg.sender)"] if five else []
    loads += ["token/ERC20/extensions/ERC20Votes.sol"] if "ERC20VotesComp" in names else []
    loads += ["utils/cryptography/EIP712.sol"] if "ERC20TransferAuthorization" in names else []
    lines = [f'import "{package}/{place}";' for place in dict.fromkeys(loads)]
    return "\n".join(
        [
            "// SPDX-License-Identifier: Apache-2.0",
            "pragma solidity ^0.8.20;",
            *lines,
            _UNDER,
            f"contract Control is {', '.join(parents)} {{",
            f"constructor() {' '.join(built)} {{ _mint(msg.sender, 10**27); }}",
            code.replace("@ONLY", "onlyOwner"),
            _joined(names, five),
            "}",
        ]
    )


def _joined(names: list[str], five: bool) -> str:
    """What Solidity wants said where two parents have the same function."""
    if five:
        hooks = [one for one in ("ERC20Capped", "ERC20Pausable", "ERC20Votes") if one in names]
        made = ""
        if hooks:
            made += (
                "function _update(address a, address b, uint256 c) internal override(ERC20, "
                f"{', '.join(hooks)}) {{ super._update(a, b, c); }}"
            )
        if "ERC20Votes" in names:
            made += (
                "function nonces(address who) public view override(ERC20Permit, Nonces) returns (uint256)"
                "{ return super.nonces(who); }"
            )
    else:
        before = [one for one in ("ERC20Pausable", "ERC20Snapshot") if one in names]
        votes = [one for one in ("ERC20Votes", "ERC20VotesComp") if one in names]
        made = ""
        if before:
            made += _hook("_beforeTokenTransfer", before)
        if votes:
            made += _hook("_afterTokenTransfer", ["ERC20Votes"])
            made += "function _mint(address a, uint256 b) internal override(ERC20, ERC20Votes) { super._mint(a, b); }"
            made += "function _burn(address a, uint256 b) internal override(ERC20, ERC20Votes) { super._burn(a, b); }"
        if "ERC20Capped" in names:
            made += "function _mint(address a, uint256 b) internal override(ERC20, ERC20Capped) { super._mint(a, b); }"
    for one in ("ERC20Wrapper", "ERC4626"):
        if one in names:
            made += f"function decimals() public view override(ERC20, {one}) returns (uint8) {{ return 18; }}"
    return made


def _hook(name: str, parents: list[str]) -> str:
    return (
        f"function {name}(address a, address b, uint256 c) internal override(ERC20, {', '.join(parents)})"
        f"{{ super.{name}(a, b, c); }}"
    )


_OLD = {
    "oz-1": ("0.4.26", "oz-1/contracts/token/ERC20/", {
        "MintableToken": ("MintableToken", "mint"), "PausableToken": ("PausableToken", "pause_transfers"),
        "BurnableToken": ("StandardBurnableToken", ""), "RBACMintableToken": ("RBACMintableToken", "mint"),
        "CappedToken": ("CappedToken", "mint"), "StandardToken": ("StandardToken", ""),
        "WBTC": ("MintableToken PausableToken BurnableToken", "mint pause_transfers"),
    }),
    "oz-2": ("0.5.17", "oz-2/token/ERC20/", {
        "ERC20Mintable": ("ERC20Mintable", "mint"), "ERC20Pausable": ("ERC20Pausable", "pause_transfers"),
        "ERC20Burnable": ("ERC20Burnable", ""), "ERC20Capped": ("ERC20Capped", "mint"),
        "Both": ("ERC20Mintable ERC20Pausable ERC20Burnable", "mint pause_transfers"),
    }),
}  # fmt: skip


def _old() -> Iterator[tuple[str, str, str, str]]:
    """(name, compiler, source, powers) of the libraries before presets."""
    for package, (compiler, place, kinds) in _OLD.items():
        for kind, (parents, powers) in kinds.items():
            names = parents.split()
            loads = "".join(f'import "{place}{one}.sol";\n' for one in names)
            built = " ".join(f"{one}(10**29)" for one in names if one in ("CappedToken", "ERC20Capped"))
            if package == "oz-1":
                start = "totalSupply_ = 10**27; balances[msg.sender] = 10**27;"
            else:
                start = "_mint(msg.sender, 10**27);"
            yield (
                f"{kind} {package}", compiler,
                f"pragma solidity {compiler};\n{loads}contract Control is {', '.join(names)} "
                f"{{ constructor() {built} public {{ {start} }} }}",
                powers,
            )  # fmt: skip


def _presets() -> Iterator[tuple[str, str, str, str]]:
    for package, compiler, place in (
        ("oz-3", "0.6.12", "presets"), ("oz-3-7", "0.7.6", "presets"),
        ("oz-4.3", "0.8.9", "token/ERC20/presets"), ("oz-4.9", "0.8.20", "token/ERC20/presets"),
    ):  # fmt: skip
        for preset, built, powers in (
            ("ERC20PresetMinterPauser", '"C", "C"', "mint pause_transfers"),
            ("ERC20PresetFixedSupply", '"C", "C", 10**27, msg.sender', ""),
        ):
            public = "public" if compiler == "0.6.12" else ""
            source = (
                f'pragma solidity {compiler};\nimport "{package}/{place}/{preset}.sol";\n'
                f"contract Control is {preset} {{ constructor() {preset}({built}) {public} {{}} }}"
            )
            yield f"{preset} {package}", compiler, source, powers
    source = 'pragma solidity 0.8.37; import "solady/src/tokens/WETH.sol"; contract Control is WETH {}'
    yield "WETH solady", "0.8.37", source, ""


def library_controls() -> list[Control]:
    """Every one of them."""
    from .drawing import SETTINGS, Control, _number

    found: list[tuple[str, str, str, str]] = [*_old(), *_presets(), *STAND_INS]
    for package, compilers in (("oz-4.9", ("0.8.20",)), ("oz-5.0", ("0.8.20",)), ("oz-5", ("0.8.37",))):
        for name, (extensions, powers, _) in EXTENSIONS.items():
            if any(name in only and package != of for of, only in _ONLY.items()):
                continue
            if package == "oz-5.0" and "FlashMint" in extensions + name:
                continue  # as in 5.7
            found += [(f"{name} {package}", one, _of(package, name), powers) for one in compilers]
    made = []
    for name, compiler, source, powers in found:
        ways = ("runs200", "plain") if _number(name, "ways") % 2 else ("runs200",)
        for setting in ways:
            assert setting in SETTINGS
            called = f"{name} {compiler} {setting}"
            made.append(Control(called, compiler, setting, source, frozenset(powers.split()), frozenset()))
    return made
