# ruff: noqa: E501  (tables of words and templates of markup are read by the line)
"""Class names: schemes that any kind of site may use, so that a class tells nothing about the kind."""

from __future__ import annotations

import random

CONCEPTS = """wrap nav link box title table row cell form field input button up down list item footer muted
book asks bids""".split()

_SCHEMES = (
    "container|navbar navbar-default|nav-link|panel panel-default|panel-heading|table table-striped|row|col-md-4|form-horizontal|form-group|form-control|btn btn-primary|text-success|text-danger|list-group|list-group-item|footer|text-muted|table table-condensed|text-danger|text-success",
    "l-page|c-nav|c-nav__link|c-card|c-card__title|c-table|c-table__row|c-table__cell|c-form|c-form__field|c-form__input|c-button c-button--main|is-up|is-down|c-list|c-list__item|l-footer|u-muted|c-depth|c-depth__asks|c-depth__bids",
    "mx-auto max-w-6xl px-4|flex gap-4 border-b|text-sm hover:underline|rounded border p-4|text-lg font-semibold|w-full text-sm|flex justify-between py-1|w-1/3|space-y-2|flex flex-col|rounded border px-2|rounded bg-blue-600 text-white|text-green-600|text-red-600|divide-y|py-2|mt-8 border-t|text-gray-500|grid grid-cols-3|text-red-600|text-green-600",
    "el-container|el-menu|el-menu-item|el-card|el-card__header|el-table|el-row|el-col|el-form|el-form-item|el-input__inner|el-button el-button--primary|up|down|el-list|el-list-item|el-footer|el-text-muted|el-table el-table--mini|down|up",
    "w1200|top_nav|nav_a|box|box_tit|hq_list|tr|td|form1|dl|txt|btn1|red|green|ul_list|li|foot|gray|hq_list2|green|red",
    "main|menu|menu-item|widget|widget-title|data|line|cell|entry|entry-row|entry-input|go|positive|negative|items|item|bottom|small|widget-data|negative|positive",
)
_HASHED = "Layout Nav NavLink Card CardTitle Table Row Cell Form Field Input Button Up Down List Item Footer Muted Grid Upper Lower".split()


def scheme(rng: random.Random) -> dict[str, str]:
    """Class attributes for every concept: a known toolkit's, hashed ones of a build, or none at all."""
    draw = rng.random()
    if draw < 0.12:
        return dict.fromkeys(CONCEPTS, "")
    if draw < 0.3:
        return {
            concept: f"{name}_{name.lower()}__{rng.getrandbits(24):06x}"
            for concept, name in zip(CONCEPTS, _HASHED, strict=True)
        }
    return dict(zip(CONCEPTS, rng.choice(_SCHEMES).split("|"), strict=True))
