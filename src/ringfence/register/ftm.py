"""FollowTheMoney: the register as entities that other investigators' tools read, one JSON object a line.

A site has no schema of its own there: it is exported as its operator, a LegalEntity with the
site as `website`, and where nobody knows the operator the notes say so. Ids are derived from
the subject's, so that exporting twice gives the same entities.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from ringfence.core.errors import InputError
from ringfence.register.csvtext import Problem
from ringfence.register.host import canonical_host, site_host
from ringfence.register.isocodes import country_code
from ringfence.register.subject import (
    Alias,
    Identifier,
    Place,
    Rank,
    Relation,
    RelationKind,
    Subject,
    firm_id,
    make_site,
)

UNNAMED = "Operator not named: this entity stands for whoever operates"
LISTED = "A listing is no finding of a breach."
_MARKS = ("ringfence:tag:", "ringfence:laboratory", "ringfence:rank:")

Entity = dict[str, Any]

# Roles of relations that have no schema of their own; read back by the same words.
_LINKED: tuple[RelationKind, ...] = ("operates", "mirrors", "impersonates", "formerly", "listed_with")


def to_ftm(subject: Subject) -> Iterator[Entity]:
    """The entity of a subject, then one for each of its relations (Ownership, or UnknownLink with the
    kind as its role). An impersonated party is linked and never tainted: it gets no topic."""
    properties: dict[str, list[str]] = {
        "name": [subject.name],
        "alias": [name for name in subject.names if name != subject.name],
        "website": _websites(subject),
        "country": [code.lower() for code in subject.countries],
        "address": [place.text for place in subject.places if place.kind == "address" and place.text],
        "leiCode": [item.value for item in subject.identifiers if item.kind == "lei"],
        "phone": [item.value for item in subject.identifiers if item.kind == "telephone"],
        "email": [item.value for item in subject.identifiers if item.kind == "email"],
        "notes": list(_notes(subject)),
        "publisher": _sources(subject),
    }
    # The subject's own id travels as an identifier, so that an import finds the same subject.
    registered = [
        f"{item.kind}:{item.value}" for item in subject.identifiers if item.kind in ("ccxt", "app", "handle")
    ]
    properties["idNumber"] = [subject.id, *registered]
    schema = "Company" if subject.kind == "firm" else "LegalEntity"
    yield _entity(entity_id(subject.id), schema, properties)
    for relation in subject.relations:
        yield _link(subject.id, relation)


def write_ftm(subjects: Iterable[Subject]) -> Iterator[bytes]:
    """JSON lines (each ends with a newline), in the order of the subjects."""
    encoder = msgspec.json.Encoder(order="sorted")
    for subject in subjects:
        for entity in to_ftm(subject):
            yield encoder.encode(entity) + b"\n"


def read_ftm(lines: Iterable[bytes], *, source: str) -> Iterator[Subject | Problem]:
    """Subjects from JSON lines, in order; what is no usable entity comes as a `Problem` with its line.

    Relations become subjects with nothing but that relation, which `Register.add` merges into
    the subject they belong to. Entities of other schemas are reported and left out.
    """
    known: dict[str, str] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            entity = msgspec.json.decode(line, type=Entity)
            yield from _read(entity, source, known)
        except (InputError, msgspec.MsgspecError, UnicodeDecodeError) as error:
            yield Problem(number, str(error), getattr(error, "hint", ""))


def entity_id(subject: str) -> str:
    """``rf-`` and 40 hexadecimal digits, derived from the subject's id."""
    return "rf-" + hashlib.sha256(subject.encode()).hexdigest()[:40]


def _entity(key: str, schema: str, properties: dict[str, list[str]]) -> Entity:
    kept = {name: list(dict.fromkeys(values)) for name, values in properties.items() if values}
    return {"id": key, "schema": schema, "properties": kept}


def _sources(subject: Subject) -> list[str]:
    named = (*(item.source for item in subject.identifiers), *(item.source for item in subject.aliases))
    return list(dict.fromkeys((subject.source, *named)))


def _websites(subject: Subject) -> list[str]:
    urls = list(subject.urls)
    named = {site_host(canonical_host(url)) for url in urls}
    return urls + [f"https://{host}/" for host in subject.hosts if site_host(host) not in named]


def _notes(subject: Subject) -> Iterator[str]:
    if subject.kind == "site":
        yield f"{UNNAMED} {subject.host}. {LISTED}"
    yield from subject.notes
    yield from (f"ringfence:tag:{tag}" for tag in subject.tags)
    yield from (f"ringfence:rank:{r.place}:{r.as_of}:{r.measure}:{r.source}" for r in subject.ranks)
    if subject.laboratory:
        yield "ringfence:laboratory"


def _link(subject: str, relation: Relation) -> Entity:
    key = entity_id(f"{subject}\n{relation.kind}\n{relation.target}\n{relation.since}\n{relation.until}")
    one, other = entity_id(subject), entity_id(relation.target)
    dates = {
        "startDate": [relation.since] if relation.since else [],
        "endDate": [relation.until] if relation.until else [],
    }
    shared: dict[str, list[str]] = {
        **dates,
        "publisher": [relation.source],
        "recordId": [f"{subject} {relation.target}"],
    }
    if relation.kind == "owns":
        return _entity(key, "Ownership", {"owner": [one], "asset": [other], **shared})
    return _entity(
        key, "UnknownLink", {"subject": [one], "object": [other], "role": [relation.kind], **shared}
    )


def _read(entity: Entity, source: str, known: dict[str, str]) -> Iterator[Subject]:
    properties = entity.get("properties")
    schema = entity.get("schema")
    if not isinstance(properties, dict):
        raise InputError("an entity without properties", hint="write FollowTheMoney entities, one a line")
    values = {
        str(name): [str(item) for item in items]
        for name, items in properties.items()
        if isinstance(items, list)
    }
    if schema in ("Ownership", "UnknownLink"):
        yield _read_link(str(schema), values, source, known)
        return
    if schema not in ("LegalEntity", "Company", "Organization"):
        raise InputError(
            f"entities of schema {schema!r} are not read", hint="LegalEntity, Company, Ownership, UnknownLink"
        )
    yield from _read_party(entity, values, source, known)


def _read_party(
    entity: Entity, values: dict[str, list[str]], source: str, known: dict[str, str]
) -> Iterator[Subject]:
    name = next(iter(values.get("name", [])), "")
    origin = next(iter(values.get("publisher", [])), source)
    identity = next(
        (item for item in values.get("idNumber", []) if item.startswith(("site:", "firm:"))), None
    )
    websites = values.get("website", [])
    firm = entity["schema"] != "LegalEntity" if identity is None else identity.startswith("firm:")
    if firm or not websites:
        key = identity or firm_id(name)
        base = Subject(id=key, kind="firm", name=name or key, source=origin)
    else:
        own = identity.removeprefix("site:") if identity else websites[0]
        base = make_site(own, name, origin)
    kinds = (("lei", "leiCode"), ("telephone", "phone"), ("email", "email"))
    identifiers = [*base.identifiers]
    for url in websites:
        host = canonical_host(url)
        identifiers += [Identifier("domain", value, origin) for value in (site_host(host), host)]
        identifiers += [Identifier("url", url, origin)]
    identifiers += [Identifier(kind, value, origin) for kind, key in kinds for value in values.get(key, [])]
    for item in values.get("idNumber", []):
        kind, colon, value = item.partition(":")
        if colon and kind in ("ccxt", "app", "handle"):
            identifiers.append(Identifier(kind, value, origin))
    known[str(entity.get("id"))] = base.id
    codes = [
        code for code in map(country_code, values.get("country", []) + values.get("jurisdiction", [])) if code
    ]
    places = [Place("jurisdiction", code, origin) for code in codes]
    places += [Place("address", None, origin, text=text) for text in values.get("address", [])]
    notes = values.get("notes", [])
    yield msgspec.structs.replace(
        base,
        identifiers=tuple(dict.fromkeys(identifiers)),
        aliases=tuple(Alias(alias, origin) for alias in values.get("alias", [])),
        places=tuple(places),
        ranks=tuple(_rank(note) for note in notes if note.startswith("ringfence:rank:")),
        tags=tuple(
            note.removeprefix("ringfence:tag:") for note in notes if note.startswith("ringfence:tag:")
        ),
        notes=tuple(note for note in notes if not note.startswith((*_MARKS, UNNAMED))),
        laboratory="ringfence:laboratory" in notes,
    )


def _rank(note: str) -> Rank:
    place, as_of, measure, source = [*note.removeprefix("ringfence:rank:").split(":", 3), "", "", ""][:4]
    if not place.isdigit():
        raise InputError(f"not a rank: {note!r}", hint="ringfence:rank:PLACE:DATE:MEASURE:SOURCE")
    return Rank(int(place), measure, as_of, source)


def _read_link(schema: str, values: dict[str, list[str]], source: str, known: dict[str, str]) -> Subject:
    ends = ("owner", "asset") if schema == "Ownership" else ("subject", "object")
    kind = "owns" if schema == "Ownership" else next(iter(values.get("role", [])), "")
    if kind != "owns" and kind not in _LINKED:
        raise InputError(f"a link with the role {kind!r} is not read", hint="roles are " + ", ".join(_LINKED))
    named = next(iter(values.get("recordId", [])), "").split(" ")
    pair = named if len(named) == 2 else [known.get(next(iter(values.get(end, [])), ""), "") for end in ends]
    if not all(item.startswith(("site:", "firm:")) for item in pair):
        raise InputError(
            "a link to an entity that was not read", hint="write entities before the links between them"
        )
    origin = next(iter(values.get("publisher", [])), source)
    relation = msgspec.convert(
        {
            "kind": kind,
            "target": pair[1],
            "source": origin,
            "since": next(iter(values.get("startDate", [])), None),
            "until": next(iter(values.get("endDate", [])), None),
        },
        Relation,
    )
    own = pair[0]
    if own.startswith("site:"):
        return msgspec.structs.replace(
            make_site(own.removeprefix("site:"), "", origin), relations=(relation,)
        )
    return Subject(id=own, kind="firm", name=own, source=origin, relations=(relation,))
