"""Ledger technology without a market: consortium chains, documentation, laboratories, kits."""

from __future__ import annotations

import random

from ringfence.lab.designs.reporting._bundle import assets, draw
from ringfence.lab.site import Brief, Pages


def consortium(rng: random.Random, brief: Brief) -> Pages:
    """A company that builds consortium chains for trade finance, provenance and invoices."""
    css, js = "/static/css/style.css", "/static/js/main.js"
    return assets(draw("technology_consortium", rng, brief, css=css, js=js), rng, css, js)


def docs(rng: random.Random, brief: Brief) -> Pages:
    """Developer documentation with a side menu; the worked example is an order book contract."""
    css, js = "/assets/css/docs.css", "/assets/js/docs.js"
    version = f"{rng.randrange(4)}.{rng.randrange(9)}"
    return assets(draw("technology_docs", rng, brief, css=css, js=js, version=version), rng, css, js)


def laboratory(rng: random.Random, brief: Brief) -> Pages:
    """A research laboratory: papers, people, seminars."""
    return assets(draw("technology_lab", rng, brief, css="/css/style.css"), rng, "/css/style.css")


def kit(rng: random.Random, brief: Brief) -> Pages:
    """A tutorial and kit for building on ledgers, as a script shell."""
    css, js = f"/static/css/{rng.randbytes(4).hex()}.css", f"/static/js/{rng.randbytes(4).hex()}.js"
    return assets(draw("technology_kit", rng, brief, css=css, js=js), rng, css, js)


DESIGNS = (consortium, docs, laboratory, kit)
