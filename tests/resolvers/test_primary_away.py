"""The primary is away: what is blocked stays blocked, and after a restart where the guide says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from resolvers.daemons import GENUINE, RESOLVERS, Ports, answers, knot_primary, primary_place, publisher_key
from ringfence.enforce.primary.change import Change
from ringfence.enforce.primary.session import Session

pytestmark = pytest.mark.debian

TEXT = ('TXT "order=RF-AAAA-AAAA-AAAA"',)
BLOCKED = {'"order=RF-AAAA-AAAA-AAAA"'}
# docs/guide/internet-provider.md, "When something is away".
KEEPS_A_COPY = {"unbound": False, "bind": True, "pdns": True, "kresd": True}
COPIES = {"bind": "rpz.ringfence.zone", "pdns": "rpz.zone", "kresd": "rpz.zone"}


@pytest.mark.parametrize("kind", list(RESOLVERS))
def test_the_last_zone_stays_in_force(kind: str, upstream: int, tmp_path: Path) -> None:
    ports = Ports()
    with knot_primary(ports) as primary, RESOLVERS[kind](ports, upstream) as resolver:
        with Session(primary_place(ports), publisher_key(tmp_path)) as session:
            assert session.update((Change("huobi.pro", (), TEXT), Change("*.huobi.pro", (), TEXT)))
        resolver.until(lambda d: answers(d.ask("huobi.pro", "TXT")) == BLOCKED, "blocks")
        if kind in COPIES:
            copy = resolver.folder / COPIES[kind]
            resolver.until(lambda _: copy.exists() and copy.stat().st_size > 0, "keeps a copy")
        primary.stop()
        assert answers(resolver.ask("x.huobi.pro", "TXT")) == BLOCKED
        resolver.stop()
        resolver.start()
        resolver.until(lambda d: GENUINE in answers(d.ask("again.example.org", timeout=0.2)), "back")
        assert (answers(resolver.ask("y.huobi.pro", "TXT")) == BLOCKED) == KEEPS_A_COPY[kind]
