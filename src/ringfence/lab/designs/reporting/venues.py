"""Venues of their own kind: those that shut residents out, those of one country, those of the world.

Each kind also takes the layouts in `exchange`; the brief decides whom the venue serves.
"""

from __future__ import annotations

import random

from ringfence.lab.designs.reporting import exchange
from ringfence.lab.designs.reporting.exchange import venue
from ringfence.lab.site import Brief, Pages


def licensed(rng: random.Random, brief: Brief) -> Pages:
    """A sober venue with a bar at the top that says who is not served."""
    return venue(rng, brief, "venue_licensed", "/assets/css/style.css", "/assets/js/app.js")


def pocket(rng: random.Random, brief: Brief) -> Pages:
    """A venue for the telephone, with a tab bar and a box to confirm where one lives."""
    return venue(rng, brief, "venue_mobile", "/m/css/app.css", "/m/js/app.js")


def kiosk(rng: random.Random, brief: Brief) -> Pages:
    """A small national venue: four coins, local money, a plain order book."""
    return venue(rng, brief, "venue_kiosk", "/css/main.css", "")


def household(rng: random.Random, brief: Brief) -> Pages:
    """A national venue with the look of a bank."""
    return venue(rng, brief, "venue_licensed", "/static/css/bank.css", "/static/js/bank.js")


def plain(rng: random.Random, brief: Brief) -> Pages:
    """A venue in plain text for people who like terminals."""
    return venue(rng, brief, "venue_plain", "/style.css", "")


def handheld(rng: random.Random, brief: Brief) -> Pages:
    """A venue for the telephone that is open to the world."""
    return venue(rng, brief, "venue_mobile", "/static/m.css", "/static/m.js")


GEOBLOCKED = (
    licensed,
    pocket,
    exchange.terminal,
    exchange.shell,
    exchange.futures,
    exchange.utility,
    exchange.broker,
)
LOCAL = (kiosk, household, exchange.vintage, exchange.terminal, exchange.broker, exchange.utility)
GLOBAL = (plain, handheld, exchange.futures, exchange.shell, exchange.board, exchange.terminal)
