"""The README of a world: what it is, how it was drawn, and every parameter."""

from __future__ import annotations

from collections import Counter

from ringfence.desks.payments.world.people import World

_ABOUT = """\
An invented world of payments, made by `ringfence payments simulate`. No account, price or payment is real.

Files: `transactions.*` in the order (ts, seq), sums in minor units; `labels.csv` the truth about every
account (`guilty` 1: it settles trades in coins or runs in a pool that does; customers are honest; `since`:
the day its trade begins); `balances.csv` opening balances, with which no account ever pays what it has not;
`prices.csv`; `exchange_accounts.csv` and `contacts.csv`, which are never complete, and of which the second
holds some honest accounts. Accounts of the role `exchange` belong to unlicensed exchanges: subjects of the
register, whom firms learn from lists. They are not labelled guilty; leave them out, or score them apart.
Payments that would fall after the last day are left out.

Those who wrote the rules wrote this world too: it is for unit tests, load tests and development. Seeds 1 to
99 (development) draw parameters from the ranges as designed; seeds from 1001 on (reporting) first move
each range by up to a quarter of its width and widen it by 20 to 60 % at each end, by amounts drawn from
that seed.
"""


def readme(world: World, asked: dict[str, object], rows: int) -> str:
    """Markdown."""
    lines = ["# A world of payments", "", _ABOUT, "## Asked for", ""]
    lines += [f"- {name}: {value}" for name, value in asked.items()]
    lines += [f"- family: {world.draw.family}", f"- transactions: {rows}"]
    lines += [f"- guilty: {int(world.guilty.sum())} of {world.size} accounts", "", "## Accounts by role", ""]
    lines += ["| role | accounts | guilty |", "|---|---|---|"]
    count = Counter(world.roles[number] for number in world.role)
    bad = Counter(world.roles[number] for number in world.role[world.guilty])
    lines += [f"| {role} | {count[role]} | {bad[role]} |" for role in sorted(count)]
    lines += ["", "## Parameters drawn", "", "Sums without `_minor` are in major units.", ""]
    lines += [
        "| design | parameter | drawn | range | least | median | most |",
        "|---|---|---|---|---|---|---|",
    ]
    for design, name, n, low, high, least, median, most in world.draw.table():
        lines.append(
            f"| {design} | {name} | {n} | {low:.6g} to {high:.6g} | {least:.6g} | {median:.6g} | {most:.6g} |"
        )
    return "\n".join(lines) + "\n"
