"""Payments: the accounts about which a payment firm is asked to act, as sorted JSON lines (see
`enforce.feed.lines`), with what, since when, until when, by whose order and on what basis.

An account stands in it by its pseudonym alone: the firm finds it again with its own key. What is asked is a
recommendation: the firm acts, by its own duty. This is what is signed, not the signature.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence

from ringfence.cases.order import Order
from ringfence.enforce.entry import Entry
from ringfence.enforce.feed.lines import ACCOUNTS, About, ListedAccount, encode, grounds, read
from ringfence.enforce.targets.target import Target, checked_accounts

NAME = "payments"


def render(entries: Iterable[Entry], *, order: Callable[[str], Order], laboratory: bool = False) -> bytes:
    """The lines; the same entries and orders give the same bytes. ``order`` gives an order by its id.
    Raises as `checked_accounts` does."""
    ordered = checked_accounts(entries, laboratory=laboratory)
    behind = {name: order(name) for name in {entry.order for entry in ordered}}
    why = {name: grounds(found) for name, found in behind.items()}
    content = io.BytesIO()
    content.write(encode(About(ACCOUNTS, laboratory)))
    content.writelines(sorted(map(encode, set(why.values()))))
    for entry in ordered:
        made = behind[entry.order]
        content.write(
            encode(
                ListedAccount(
                    pseudonym=entry.name,
                    measure=entry.measure,
                    order=entry.order,
                    since=made.activated_at or made.proposed_at,
                    until=entry.expires,
                    grounds=why[entry.order].grounds,
                )
            )
        )
    return content.getvalue()


def parse(content: bytes) -> list[Entry]:
    """The entries, sorted. Raises `InputError` with the line's number."""
    laboratory = content.startswith(encode(About(ACCOUNTS, True)))
    lines = read(io.BytesIO(content), laboratory=laboratory)
    return sorted(line.entry(laboratory) for line in lines if isinstance(line, ListedAccount))


def target(order: Callable[[str], Order]) -> Target:
    """The list of accounts as a target. ``order`` gives an order by its id, as the store has it now."""

    def rendered(entries: Sequence[Entry], _serial: int, laboratory: bool) -> bytes:
        return render(entries, order=order, laboratory=laboratory)

    return Target(NAME, rendered, parse, laboratory_ok=True, takes="accounts")
