"""Simulated: the answer to "what would this transaction do", and the same in words."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

import msgspec

# SLIP-44 numbers of the coins of chains, where it is not that of ether
_COINS: Final = {56: 714, 137: 966}
UNLIMITED: Final = 1 << 128
_MOST: Final = frozenset({(1 << bits) - 1 for bits in (96, 112, 128, 160)})


class Change(msgspec.Struct, frozen=True, omit_defaults=True):
    """What an address has more (or less, with a minus) of an asset (CAIP-19), in its smallest unit, as
    decimal digits. ``declared`` is what the token's events say, where its balances say otherwise;
    ``unchecked`` that they say nothing."""

    address: str
    asset: str
    amount: str
    declared: str | None = None
    unchecked: bool = False


class Approval(msgspec.Struct, frozen=True, omit_defaults=True):
    """Leave that ``owner`` gives ``spender``. ``amount`` None: for everything of a collection. ``by`` is the
    contract that keeps the leave where it is not the token; ``declared`` as in `Change`."""

    asset: str
    owner: str
    spender: str
    amount: str | None
    unlimited: bool
    by: str | None = None
    declared: str | None = None


class Known(msgspec.Struct, frozen=True):
    """A subject of the register that the transaction meets; ``how`` is called, touched or party."""

    address: str
    subject: str
    how: str


class Simulation(msgspec.Struct, frozen=True):
    """What would change. ``changes`` and ``approvals`` None: not known, ``why`` says why. ``reverted`` None:
    it is not known whether it goes through. ``by`` says who ran it (revm, or a method of the node); ``code``
    whether there is any at the target.

    ``gas`` is what was used, by the rules of Cancun where revm ran it (later ones ask more for much data).
    """

    chain: str
    block: int
    block_hash: str
    by: str
    reverted: bool | None
    why: str | None
    gas: int | None
    code: bool
    changes: tuple[Change, ...] | None
    approvals: tuple[Approval, ...] | None
    capabilities: tuple[str, ...]
    subjects: tuple[Known, ...]
    words: str = ""
    words_zh: str = ""


def text(who: int) -> str:
    """An address in lower-case hexadecimal."""
    return f"0x{who:040x}"


def coin(chain: int) -> str:
    """The CAIP-19 name of a chain's native coin."""
    return f"eip155:{chain}/slip44:{_COINS.get(chain, 60)}"


def asset(chain: int, kind: str, token: int, thing: int | None = None) -> str:
    """The CAIP-19 name of a token, or of one thing of a collection."""
    name = f"eip155:{chain}/{kind}:{text(token)}"
    return name if thing is None else f"{name}/{thing}"


def unlimited(amount: int) -> bool:
    """Whether an allowance is more than anybody will ever have: 2¹²⁸ and above, or the most that a smaller
    type holds."""
    return amount >= UNLIMITED or amount in _MOST


def in_words(made: Simulation, sender: str, chinese: bool = False) -> str:
    """The answer in sentences; every number that is in it stands in the answer too."""
    say = _ZH if chinese else _EN
    lines: list[str] = []
    if made.reverted is None:
        lines.append(say["unknown"].format(why=made.why))
    elif made.reverted:
        lines.append(say["reverted"].format(why=made.why))
    elif made.why:
        lines.append(say["note"].format(why=made.why))
    if made.reverted is False and not made.code:
        lines.append(say["no_code"])
    for change in sorted(made.changes or (), key=lambda one: one.address != sender):
        lost = change.amount.startswith("-")
        who = say["you"] if change.address == sender else change.address
        what = _amount(change, say)
        lines.append(say["loses" if lost else "gets"].format(who=who, what=what))
        if change.unchecked:
            lines.append(say["unchecked"])
        if change.declared is not None:
            lines.append(say["declared"].format(declared=change.declared))
    if made.reverted is False and made.changes == ():
        lines.append(say["nothing"])
    for one in made.approvals or ():
        owner = say["you"] if one.owner == sender else one.owner
        key = "unlimited" if one.unlimited else "some"
        key = "all" if one.amount is None else "revoked" if one.amount == "0" else key
        lines.append(say[key].format(owner=owner, spender=one.spender, amount=one.amount, asset=one.asset))
    for subject in made.subjects:
        lines.append(say["subject"].format(address=subject.address, subject=subject.subject))
    if made.capabilities:
        lines.append(say["powers"].format(powers=", ".join(made.capabilities)))
    return "\n".join(lines)


def _amount(change: Change, say: dict[str, str]) -> str:
    number = change.amount.removeprefix("-")
    if "/slip44:" in change.asset:
        return say["coin"].format(amount=f"{Decimal(number).scaleb(-18).normalize():f}", asset=change.asset)
    return say["units"].format(amount=number, asset=change.asset)


_EN: Final = {
    "unknown": "What this transaction would do is not known: {why}.",
    "reverted": "This transaction would fail, and change nothing: {why}.",
    "note": "Note: {why}.",
    "no_code": "There is no code at the target: nothing runs, only the coin sent with it moves.",
    "you": "The sender",
    "loses": "{who} loses {what}.",
    "gets": "{who} receives {what}.",
    "coin": "{amount} of the native coin ({asset})",
    "units": "{amount} units of {asset}",
    "declared": "The token's own events say {declared} instead; its balances are what is reported.",
    "unchecked": "That is what the token's own events say; it tells no balance to check it with.",
    "nothing": "No balance that was looked at changes.",
    "all": "{owner} lets {spender} take everything of {asset}.",
    "revoked": "{owner} takes back the leave of {spender} for {asset}.",
    "unlimited": "{owner} lets {spender} take {asset} WITHOUT LIMIT.",
    "some": "{owner} lets {spender} take {amount} units of {asset}.",
    "subject": "It meets {address}, which the register knows as {subject}.",
    "powers": "It uses: {powers}.",
}
_ZH: Final = {
    "unknown": "无法判断这笔交易的结果：{why}。",
    "reverted": "这笔交易会失败，不会有任何变化：{why}。",
    "note": "注意：{why}。",
    "no_code": "目标地址没有代码：不会执行任何程序，只转移随附的币。",
    "you": "发送者",
    "loses": "{who}失去{what}。",
    "gets": "{who}收到{what}。",
    "coin": "{amount} 个原生币（{asset}）",
    "units": "{amount} 个最小单位的 {asset}",
    "declared": "代币自己的事件称为 {declared}；此处以余额为准。",
    "unchecked": "这只是代币自己的事件所称；没有余额可供核对。",
    "nothing": "所查看的余额没有变化。",
    "all": "{owner}允许 {spender} 取走 {asset} 的全部。",
    "revoked": "{owner}撤销 {spender} 对 {asset} 的授权。",
    "unlimited": "{owner}允许 {spender} 无限额地取走 {asset}。",
    "some": "{owner}允许 {spender} 取走 {amount} 个最小单位的 {asset}。",
    "subject": "涉及 {address}，登记册中为 {subject}。",
    "powers": "动用的权力：{powers}。",
}
