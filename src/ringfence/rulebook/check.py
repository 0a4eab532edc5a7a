"""What makes a pack wrong, beyond its spelling. Pure; every problem is found, not the first only."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.rulebook.provision import (
    APPROVALS,
    HOUSE,
    REPLY_DAYS,
    Breach,
    Grant,
    HoldGrant,
    InForce,
    Mark,
    Pack,
    Power,
    Text,
    Tree,
    house_for,
)


def problems(pack: Pack) -> tuple[str, ...]:
    """Every reason to refuse this pack, in words that name the provision; empty if it is sound."""
    found = list(_head(pack))
    texts: tuple[Text, ...] = (*pack.breaches, *pack.powers, *pack.guidance)
    seen: set[str] = set()
    for text in texts:
        if text.id in seen:
            found.append(f"{text.id}: two provisions have this id")
        seen.add(text.id)
        found += [f"{text.id}: {problem}" for problem in _text(pack, text)]
    for breach in pack.breaches:
        found += [f"{breach.id}: {problem}" for problem in _breach(pack, breach)]
    for power in pack.powers:
        found += [f"{power.id}: {problem}" for problem in _power(pack, power)]
    for guidance in pack.guidance:
        unknown = [name for name in guidance.supports if name not in seen]
        found += [f"{guidance.id}: supports an unknown provision {name}" for name in unknown]
    return tuple(found)


def _head(pack: Pack) -> Iterator[str]:
    head = pack.head
    if head.approvals < APPROVALS:
        least = f"a pack may ask for more than {APPROVALS}, never for fewer"
        yield f"pack.toml: asks for {head.approvals} approvals; {least}"
    if not pack.breaches:
        yield "no breach provision"
    for key, source in head.sources.items():
        if not source.address:
            yield f"pack.toml: source {key} has no address"
    for key, appeal in head.appeals.items():
        yield from (
            f"pack.toml: appeal {key}: {problem}" for problem in _cited(pack, appeal.sources, appeal.mark)
        )
    if head.milder:
        yield from (
            f"pack.toml: milder: {problem}" for problem in _cited(pack, head.milder.sources, head.milder.mark)
        )


def _cited(pack: Pack, sources: tuple[str, ...], mark: Mark | None) -> Iterator[str]:
    for key in sources:
        if key not in pack.head.sources:
            yield f"unknown source {key}"
    if mark == "S" and not sources:
        yield "marked S (seen) without a source"


def _dates(span: InForce) -> Iterator[str]:
    if span.until is not None and span.until <= span.since:
        yield f"ends on {span.until}, not after it begins on {span.since}"


def _text(pack: Pack, text: Text) -> Iterator[str]:
    for name in ("title", "title_zh", "citation"):
        if not getattr(text, name).strip():
            yield f"{name} is missing"
    yield from _cited(pack, text.sources, text.mark)
    yield from _dates(text.in_force)


def _breach(pack: Pack, breach: Breach) -> Iterator[str]:
    yield from _tree(pack, breach.tree)
    if not breach.subjects:
        yield "names no kind of subject"
    for element in breach.context:
        if element not in pack.head.elements:
            yield f"unknown context element {element}"
        if element in breach.tree.elements():
            yield f"{element} is context and element at once"
    if breach.successor and breach.successor not in {other.id for other in pack.breaches}:
        yield f"unknown successor {breach.successor}"
    if (breach.reach.form == "reading") != (breach.reach.reading is not None):
        yield "a reach by reading needs its reading (adopted, by, text, sources), and no other reach has one"
    if breach.reach.reading:
        yield from _cited(pack, breach.reach.reading.sources, breach.reach.reading.mark)
        if not breach.reach.reading.by.strip():
            yield "the reading does not say who adopted it"
    yield from _exclusions(pack, breach)


def _exclusions(pack: Pack, breach: Breach) -> Iterator[str]:
    by_id = {rule.id: rule for rule in breach.exclusions}
    for house in house_for(breach.subjects):
        if house not in by_id:
            yield f"the house exclusion {house} was removed; no pack can remove it"
        elif by_id[house].basis != "house":
            yield f"the exclusion {house} is of the house, not of law"
    if len(by_id) != len(breach.exclusions):
        yield "an exclusion is listed twice"
    for rule in breach.exclusions:
        if rule.id in breach.tree.elements():
            yield f"{rule.id} is exclusion and element at once"
        if rule.basis == "house" and rule.id not in HOUSE:
            yield f"the house has no exclusion {rule.id}"
        if rule.id in HOUSE and rule.id not in house_for(breach.subjects):
            yield f"the house does not ask {rule.id} of {', '.join(breach.subjects)}"
        if rule.basis == "law" and (not rule.citation.strip() or rule.mark is None):
            yield f"the exclusion {rule.id} by law lacks a citation or a mark"
        if rule.mark is not None:
            yield from _cited(pack, rule.sources, rule.mark)


def _tree(pack: Pack, tree: Tree) -> Iterator[str]:
    if tree.op == "element":
        if tree.children or tree.element is None:
            yield "a leaf of the tree must name one element and have no children"
        elif tree.element not in pack.head.elements:
            yield f"unknown element {tree.element}"
        return
    # An empty "all" would be met by nothing at all.
    if not tree.children or tree.element is not None:
        yield f"a node of {tree.op!r} needs children and no element"
    if not tree.text.strip():
        yield f"a node of {tree.op!r} does not say in words what is to be shown"
    for child in tree.children:
        yield from _tree(pack, child)


def _power(pack: Pack, power: Power) -> Iterator[str]:
    known = {breach.id for breach in pack.breaches}
    if not power.breaches:
        yield "serves no breach provision"
    for breach in power.breaches:
        if breach not in known:
            yield f"serves an unknown breach provision {breach}"
    if not power.grants and not power.holds:
        yield "grants nothing"
    for hold in power.holds:
        yield from (f"hold: {problem}" for problem in _hold(pack, power, hold))
    for grant in power.grants:
        yield from (f"{grant.measure}: {problem}" for problem in _grant(pack, power, grant))


def _hold(pack: Pack, power: Power, hold: HoldGrant) -> Iterator[str]:
    if power.rank in ("rule", "notice"):
        yield f"a hold on a payment needs law or regulation, not a {power.rank}"
    if hold.hours < 1:
        yield "names no time (hours) after which it ends by itself"
    if not hold.condition.strip():
        yield "condition is missing"
    if not hold.appeal:
        yield "no appeal route"
    yield from (f"unknown appeal route {route}" for route in hold.appeal if route not in pack.head.appeals)


def _grant(pack: Pack, power: Power, grant: Grant) -> Iterator[str]:
    for name in ("measure", "authority", "addressee", "condition", "review"):
        if not getattr(grant, name).strip():
            yield f"{name} is missing"
    if grant.form == "order" and power.rank in ("rule", "notice"):
        yield f"wrong form: an order to a provider needs law or regulation, not a {power.rank}"
    for never in pack.head.never:
        if (never.measure, never.form) == (grant.measure, grant.form):
            yield f"not available as {grant.form}: {never.reason}"
    if grant.notice in ("deferred", "none") and not grant.notice_basis.strip():
        yield f"notice {grant.notice!r} without the text that says so (notice_basis)"
    if grant.notice == "before" and grant.reply_days < REPLY_DAYS:
        yield f"{grant.reply_days} days to reply; a pack may give more than {REPLY_DAYS}, never fewer"
    if not grant.appeal:
        yield "no appeal route"
    for route in grant.appeal:
        if route not in pack.head.appeals:
            yield f"unknown appeal route {route}"
    for condition in grant.when_any:
        if condition.element not in pack.head.elements:
            yield f"unknown element {condition.element} in its condition"
        if condition.state == "unclear":
            yield "a condition cannot rest on what is unclear"
