"""Blocks of a page: panels (inputs and buttons that belong together) and grids (rows of one shape)."""

from __future__ import annotations

import re
from typing import Final

import msgspec
from selectolax.lexbor import LexborHTMLParser, LexborNode

from ringfence.desks.platforms.markup import absolute, clean

MAX_NODES: Final = 300  # buttons, forms and tables looked at
_BUTTONS: Final = (
    "button, input[type=submit], input[type=button], [role=button], [class*=btn], [class*=button]"
)
_FIELDS: Final = "input, select, textarea, [contenteditable], [role=textbox], [role=spinbutton]"
# What cannot be used is a picture of a form: in a figure, a quotation, a listing; or disabled.
_PICTURES: Final = frozenset(("figure", "blockquote", "pre", "code"))
_HIDDEN: Final = ("hidden", "submit", "button", "image", "checkbox", "radio", "reset", "file")


class Field(msgspec.Struct, frozen=True):
    """An input of a form: ``words`` gathers its name, id, placeholder and label."""

    kind: str
    words: str


class Panel(msgspec.Struct, frozen=True):
    """Inputs and buttons that belong together, whether or not in a ``form``: the smallest block around a
    button that has text inputs. ``action`` is absolute or empty; ``text`` is the block's text."""

    action: str
    fields: tuple[Field, ...]
    buttons: tuple[str, ...]
    text: str


class Grid(msgspec.Struct, frozen=True):
    """A table, or repeated rows of one: header texts, rows of cells, and the links in it."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    links: tuple[str, ...]


def form_action(node: LexborNode) -> str:
    """Where the form around a node sends what is filled in, as written; empty if there is none."""
    parent = node.parent
    while parent is not None:
        if parent.tag == "form":
            return parent.attributes.get("action") or ""
        parent = parent.parent
    return ""


_NAMING: Final = (
    "name",
    "id",
    "placeholder",
    "aria-label",
    "title",
    "data-label",
    "data-name",
    "data-field",
    "v-model",
    "ng-model",
    "formcontrolname",
)


def _label(node: LexborNode) -> str:
    attributes = node.attributes
    words = [
        attributes.get(name) or ""
        for name in ("name", "id", "placeholder", "aria-label", "title", "data-label")
    ]
    if node.tag not in ("input", "select", "textarea"):
        words.append(clean(node.text())[:40])  # an editable block shows its label in itself
    near = node.prev
    for _ in range(2):  # the text just before an input is its label in most hand-written markup
        if near is None:
            break
        words.append(clean(near.text())[:60])
        near = near.prev
    parent = node.parent
    if parent is not None and parent.tag in ("label", "td", "div", "p", "li", "span", "dd"):
        words.append(clean(parent.text())[:80])
        if parent.prev is not None:
            words.append(clean(parent.prev.text())[:60])
    # price_input, priceInput and price-input all say price
    joined = " ".join(words)
    return re.sub(r"[_\-]|(?<=[a-z])(?=[A-Z])", " ", joined)


def panels_of(tree: LexborHTMLParser, url: str) -> tuple[Panel, ...]:
    """The panels of a page that can be used, each once."""
    panels: list[Panel] = []
    blocks = tree.css("form")[:MAX_NODES]
    for button in tree.css(_BUTTONS)[:MAX_NODES]:
        if _disabled(button):
            continue
        block = button.parent
        for _ in range(5):
            if block is None or block.tag in ("body", "html"):
                block = None
                break
            if len(_text_fields(block)) >= 1:
                break
            block = block.parent
        if block is not None and _text_fields(block):
            blocks.append(block)
    for block in blocks:
        if _pictured(block):
            continue
        fields = tuple(
            Field((node.attributes.get("type") or node.tag or "").lower(), _label(node))
            for node in _text_fields(block)[:40]
        )
        buttons = tuple(
            dict.fromkeys(
                label
                for node in block.css(_BUTTONS)[:40]
                if (label := clean(node.text() or node.attributes.get("value") or "")[:60])
            )
        )
        action = block.attributes.get("action") if block.tag == "form" else form_action(block)
        panel = Panel(absolute(url, action or ""), fields, buttons, clean(block.text(separator=" "))[:1500])
        if panel not in panels:
            panels.append(panel)
    return tuple(panels)


def _text_fields(block: LexborNode) -> list[LexborNode]:
    return [
        node
        for node in block.css(_FIELDS)
        if (node.attributes.get("type") or "text").lower() not in _HIDDEN and not _disabled(node)
    ]


def _disabled(node: LexborNode) -> bool:
    if "disabled" in node.attributes or "readonly" in node.attributes:
        return True
    fieldset = node.parent
    while fieldset is not None:
        if fieldset.tag == "fieldset" and "disabled" in fieldset.attributes:
            return True
        fieldset = fieldset.parent
    return False


def _pictured(block: LexborNode) -> bool:
    node: LexborNode | None = block
    while node is not None:
        if node.tag in _PICTURES or "inert" in node.attributes:
            return True
        node = node.parent
    return False


def grids_of(tree: LexborHTMLParser, url: str) -> tuple[Grid, ...]:
    """Tables, and what is laid out like one."""
    grids = []
    for table in tree.css("table")[:40]:
        rows = [
            tuple(clean(cell.text())[:60] for cell in row.iter() if cell.tag in ("td", "th"))
            for row in table.css("tr")[:60]
        ]
        header = tuple(clean(cell.text())[:60] for cell in table.css("th")) or (rows[0] if rows else ())
        links = tuple(absolute(url, a.attributes.get("href") or "") for a in table.css("a[href]")[:80])
        grids.append(Grid(header, tuple(row for row in rows if row), links))
    grids.extend(_repeated_rows(tree, url))
    return tuple(grids)


def _repeated_rows(tree: LexborHTMLParser, url: str) -> list[Grid]:
    """Rows made of ``ul`` or ``div``: a parent with at least four children of one shape."""
    grids: list[Grid] = []
    for parent in tree.css("ul, ol, tbody, dl, section, div")[:1500]:
        children = [child for child in parent.iter() if child.tag in ("li", "div", "a", "dd", "p")]
        if len(children) < 4 or len(children) > 200:
            continue
        shapes = [tuple(cell.tag for cell in child.iter()) for child in children]
        common = max(set(shapes), key=lambda shape: (shapes.count(shape), shape))
        if len(common) < 2 or shapes.count(common) < 4:
            continue
        alike = [child for child, shape in zip(children, shapes, strict=True) if shape == common][:60]
        rows = tuple(tuple(clean(cell.text())[:60] for cell in child.iter()) for child in alike)
        # What stands before the rows is their header if it is short; a menu is not.
        before = clean(parent.prev.text()) if parent.prev is not None else ""
        before = before if len(before) <= 60 else ""
        odd = [child for child, shape in zip(children, shapes, strict=True) if shape != common]
        header = (before, *(clean(child.text())[:80] for child in odd[:2]))
        links = tuple(
            absolute(url, a.attributes.get("href") or "")
            for child in alike
            for a in ([child] if child.tag == "a" else child.css("a[href]"))
        )
        grids.append(Grid(header, rows, links[:80]))
        if len(grids) >= 40:
            break
    return grids
