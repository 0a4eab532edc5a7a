"""Merge what two sources say about one subject. Nothing is lost, and repeating it changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

import msgspec

from ringfence.register.subject import Alias, Identifier, Place, Relation, Subject

Item = TypeVar("Item", bound=msgspec.Struct)


def merge(old: Subject, new: Subject, *, rename: bool = False) -> Subject:
    """The subject that says what both say; ``merge(merge(a, b), b) == merge(a, b)``.

    Another name becomes an alias. With ``rename`` (a later import, not a second row of the same
    one) a name that is new to the source of the present one replaces it, and the former one
    stays as an alias. Dates widen: the first sighting is the earliest, the last the latest. The
    laboratory's mark is never washed off. Raises `ValueError` for two different subjects.
    """
    if old.id != new.id:
        raise ValueError(f"two subjects: {old.id} and {new.id}")
    # An id or a host stands in where a source gives no name (a bare relation): it is not a name.
    nameless = old.name in (old.id, old.host)
    corrected = rename and new.source == old.source and new.name not in (*old.names, new.id, new.host)
    renamed = nameless or corrected
    name = new.name if renamed else old.name
    names = [Alias(old.name, old.source)] if renamed else [Alias(new.name, new.source)]
    aliases = _union(old.aliases, [*names, *new.aliases], _alias_key, _first)
    return msgspec.structs.replace(
        old,
        name=name,
        source=new.source if renamed else old.source,
        identifiers=_union(old.identifiers, new.identifiers, _identifier_key, _seen),
        aliases=tuple(alias for alias in aliases if alias.name not in (name, old.id, old.host)),
        places=_union(old.places, new.places, _place_key, _placed),
        relations=_union(old.relations, new.relations, _relation_key, _first),
        ranks=_union(old.ranks, new.ranks, lambda rank: rank, _first),
        tags=tuple(dict.fromkeys((*old.tags, *new.tags))),
        notes=tuple(dict.fromkeys((*old.notes, *new.notes))),
        laboratory=old.laboratory or new.laboratory,
    )


def _union(
    old: Iterable[Item],
    new: Iterable[Item],
    key: Callable[[Item], object],
    join: Callable[[Item, Item], Item],
) -> tuple[Item, ...]:
    items = {key(item): item for item in old}
    for item in new:
        known = items.get(key(item))
        items[key(item)] = item if known is None else join(known, item)
    return tuple(items.values())


def _first(old: Item, new: Item) -> Item:
    return old


def _seen(old: Identifier, new: Identifier) -> Identifier:
    return msgspec.structs.replace(
        old, first_seen=_least(old.first_seen, new.first_seen), last_seen=_most(old.last_seen, new.last_seen)
    )


def _placed(old: Place, new: Place) -> Place:
    return msgspec.structs.replace(old, until=old.until or new.until, since=old.since or new.since)


def _least(one: str | None, other: str | None) -> str | None:
    return min(filter(None, (one, other)), default=None)


def _most(one: str | None, other: str | None) -> str | None:
    return max(filter(None, (one, other)), default=None)


def _alias_key(alias: Alias) -> object:
    return alias.name


def _identifier_key(identifier: Identifier) -> object:
    return (identifier.kind, identifier.value)


def _place_key(place: Place) -> object:
    return (place.kind, place.country, place.text, place.source, place.as_of)


def _relation_key(relation: Relation) -> object:
    return (relation.kind, relation.target, relation.since, relation.until)
