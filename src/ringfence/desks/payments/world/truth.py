"""What is known about a world: labels, balances, prices, and the lists that are never complete."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np

from ringfence.desks.payments.world.draw import Draw
from ringfence.desks.payments.world.flows import HOUR, Array
from ringfence.desks.payments.world.people import World
from ringfence.desks.payments.world.prices import ASSETS, Prices

DEALERS = ("otc_dealer_big", "otc_dealer_small", "night_desk", "rotating_dealer")


def write_truth(
    folder: Path, world: World, names: Array, opening: Array, prices: Prices, start: date, currency: str
) -> None:
    """Every file beside the transactions, but for the README."""
    group = ["" if number < 0 else f"g{number:04d}" for number in world.group]
    since = ["" if day < 0 else str(start + timedelta(days=int(day))) for day in world.since]
    roles = [world.roles[number] for number in world.role]
    order = np.argsort(names)
    _write(folder / "labels.csv", ("account", "role", "guilty", "group", "since"),
           ((names[i], roles[i], int(world.guilty[i]), group[i], since[i]) for i in order))  # fmt: skip
    _write(folder / "balances.csv", ("account", "opening_minor", "currency"),
           ((names[i], int(opening[i]), currency) for i in order))  # fmt: skip
    _write(folder / "prices.csv", ("ts", "asset", "quote", "price"), _prices(prices, currency))
    draw = world.draw.about("lists")
    exchanges = _of(world, roles, ("exchange",))
    known = _part(draw, "exchange_accounts_known", 0.5, 0.8, exchanges)
    _write(folder / "exchange_accounts.csv", ("account", "name"),
           ((names[i], f"Exchange {chr(ord('A') + at % 26)}") for at, i in enumerate(known)))  # fmt: skip
    seen = _part(draw, "dealers_advertised", 0.3, 0.7, _of(world, roles, DEALERS))
    other = world.role != world.roles.index("exchange")
    honest = np.flatnonzero(~world.guilty & other & (world.weight > 0))
    wrong = draw.rng.choice(
        honest, max(2, round(len(seen) * float(draw.share("wrongly_listed", 0.05, 0.2, 1)[0])))
    )
    listed = draw.rng.permutation(np.unique(np.concatenate([seen, wrong])))
    rows = []
    for number in listed:
        day = int(draw.rng.integers(-30, max(world.days, 1)))
        rows.append((names[number], f"p2p-board-{draw.rng.integers(1, 4)}", str(start + timedelta(days=day))))
    _write(folder / "contacts.csv", ("account", "source", "first_seen"), rows)


def _of(world: World, roles: list[str], wanted: Sequence[str]) -> Array:
    return np.asarray([i for i in range(world.taken) if roles[i] in wanted], np.int64)


def _part(draw: Draw, name: str, low: float, high: float, of: Array) -> Array:
    """A random part of them: at least one, and never all where there are several."""
    if len(of) < 2:
        return of
    share = float(draw.share(name, low, high, 1)[0])
    return draw.rng.permutation(of)[: min(max(1, round(share * len(of))), len(of) - 1)]


def _prices(prices: Prices, currency: str) -> Iterable[tuple[str, str, str, str]]:
    for hour in range(prices.of.shape[1]):
        at = datetime.fromtimestamp((prices.start + hour * HOUR) / 1000, UTC)
        for asset, name in enumerate(ASSETS):
            places = 4 if asset == 0 else 2
            yield f"{at:%Y-%m-%dT%H:%M:%SZ}", name, currency, f"{prices.of[asset, hour]:.{places}f}"


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(header)
        out.writerows(rows)
