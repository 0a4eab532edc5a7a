"""Designs that rules may be tuned on. Nothing that is reported comes from them."""

from __future__ import annotations

import random

from ringfence.lab.site import Brief, Design, Page, Pages


def _simple(rng: random.Random, brief: Brief) -> Pages:
    body = f"<html><body><h1>{brief.name}</h1><p>{brief.kind}</p></body></html>"
    return {"/": Page(body)}


_KINDS = """exchange geoblocked_exchange local_exchange global_exchange news explorer wallet technology price
fan merchant phishing parked other""".split()
DESIGNS: dict[str, tuple[Design, ...]] = dict.fromkeys(_KINDS, (_simple,))
