"""Trees: what a layer of the score has learned, and how much of it each indicator said of an account.

A tree asks of one indicator after another whether its value is at least a number. Every knot carries what is
known there of the logit, so that each answer adds the difference between two knots to its own indicator: what
the indicators say adds up to the logit exactly, in whole thousandths. Each step knows what was asked before
it, so that a hundred strangers who pay a till and a hundred who pay a person are not the same.
"""

from __future__ import annotations

import numpy as np

from ringfence.desks.payments.compiled import Ints, compiled

LEAF = -1


@compiled
def walk(
    values: Ints, roots: Ints, asked: Ints, least: Ints, yes: Ints, known: Ints, points: Ints, logits: Ints
) -> None:
    """``values`` (n accounts, k indicators). A knot asks whether ``asked`` (`LEAF`: nothing) is ``least`` or
    more and goes on at ``yes``, else at the next knot. Adds to ``points`` (n, k; or empty) and ``logits``."""
    told = len(points) > 0
    for account in range(len(values)):
        logit = 0
        for root in roots:
            at = root
            while asked[at] != LEAF:
                which = asked[at]
                then = yes[at] if values[account, which] >= least[at] else at + 1
                if told:
                    points[account, which] += known[then] - known[at]
                at = then
            logit += known[at]
        logits[account] += logit


def walked(values: Ints, trees: tuple[Ints, Ints, Ints, Ints, Ints], *, told: bool) -> tuple[Ints, Ints]:
    """(points, logits) of accounts."""
    points = np.zeros(values.shape if told else (0, 0), np.int64)
    logits = np.zeros(len(values), np.int64)
    walk(np.ascontiguousarray(values), *trees, points, logits)
    return points, logits
