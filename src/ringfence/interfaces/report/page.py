"""Page: the templates, with everything escaped, under a policy that lets nothing in."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from functools import cache
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from ringfence.interfaces.report import words

FILTERS: Final[dict[str, Callable[..., Any]]] = {
    "plain": words.plain,
    "outcome": words.outcome,
    "visible": words.visible,
    "law": words.law,
    "seconds": words.seconds,
    "moment": words.moment,
    "short": words.short,
    "sentence": words.sentence,
    "weight": words.weight,
    "figure": words.figure,
}


@cache
def environment() -> Environment:
    """The templates of this room. An unknown name in one of them is an error."""
    found = Environment(
        loader=PackageLoader("ringfence.interfaces.report", "templates"),
        autoescape=True,
        finalize=words.named,  # also where a template forgets: no text turns the page round
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters.update(FILTERS)
    # The style is ours and constant; it is set into the page unescaped, and its digest into the policy.
    style = "\n" + (found.loader.get_source(found, "style.css")[0] if found.loader else "")
    found.globals.update(
        style=Markup(style),  # noqa: S704 (our own file)
        policy=_policy(style),
        STATES=words.STATES,
        MARKS=words.MARKS,
        PURPOSES=words.PURPOSES,
    )
    return found


def template(name: str) -> Template:
    """One template by its file name."""
    return environment().get_template(name)


def _policy(style: str) -> str:
    """No script, no request, no form, no frame; the one style sheet that has this digest."""
    named = base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii")
    return f"default-src 'none'; style-src 'sha256-{named}'; base-uri 'none'; form-action 'none'"
