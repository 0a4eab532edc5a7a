"""The laboratory's mark stands in the zone, and changes nothing in what resolvers do with it."""

from __future__ import annotations

from pathlib import Path

import dns.rcode
import pytest

from resolvers.daemons import GENUINE, RESOLVERS, Ports, answers, knot_primary, primary_place, publisher_key
from ringfence.enforce.primary.change import Change
from ringfence.enforce.primary.session import Session

pytestmark = pytest.mark.debian

TEXT = ('TXT "order=RF-LAB0-LAB0-LAB0"',)


@pytest.mark.parametrize("kind", list(RESOLVERS))
def test_a_marked_zone_blocks_what_it_lists_and_nothing_else(
    kind: str, upstream: int, tmp_path: Path
) -> None:
    ports = Ports()
    place = primary_place(ports, laboratory=True)
    with knot_primary(ports, laboratory=True), RESOLVERS[kind](ports, upstream) as resolver:
        with Session(place, publisher_key(tmp_path)) as session:
            assert session.apex_texts() == ('TXT "laboratory=true"',)
            assert session.update((Change("huobi.pro", (), TEXT), Change("*.huobi.pro", (), TEXT)))
        resolver.until(lambda d: answers(d.ask("x.huobi.pro", "TXT")) != {'"genuine"'}, "blocks")
        answer = resolver.ask("huobi.pro")
        assert (answer.rcode(), answers(answer)) == (dns.rcode.NOERROR, set())
        for name in ("pro", "ordinary.org", "com"):
            assert answers(resolver.ask(name)) == {GENUINE}
            assert answers(resolver.ask(name, "TXT")) == {'"genuine"'}
