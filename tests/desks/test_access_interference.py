"""Each interference of the border, seen with the instrument and judged against outside."""

import pytest

from desks.conftest import look
from ringfence.desks.access import find
from ringfence.desks.access.find import judge
from ringfence.desks.access.rules import RULES
from ringfence.evidence.observation import OUTCOMES

# What the border does → the outcome and stage of the exchange, the verdict, and its outcome.
TABLE = {
    "dns.nxdomain": ("dns.nxdomain", "dns", "blocked", "dns.nxdomain"),
    "dns.nodata": ("dns.nodata", "dns", "blocked", "dns.nodata"),
    "dns.servfail": ("dns.servfail", "dns", "blocked", "dns.servfail"),
    "dns.refused": ("dns.refused", "dns", "blocked", "dns.refused"),
    "dns.timeout": ("dns.timeout", "dns", "blocked", "dns.timeout"),
    "dns.bogon": ("dns.bogon", "dns", "blocked", "dns.bogon"),
    "dns.forged": (None, None, "blocked", "dns.blockpage"),
    "tcp.refused": ("tcp.refused", "tcp", "blocked", "tcp.refused"),
    "tcp.timeout": ("tcp.timeout", "tcp", "blocked", "tcp.timeout"),
    "tls.reset": ("tls.reset", "tls", "blocked", "tls.reset"),
    "tls.timeout": ("tls.timeout", "tls", "blocked", "tls.timeout"),
    # The laboratory's border closes without reading, which the kernel turns into a reset.
    "tls.eof": (None, None, "blocked", None),
    "http.reset": (None, "http", "blocked", None),
    "http.eof": ("http.eof", "http", "blocked", "http.eof"),
    "http.timeout": ("http.timeout", "http", "blocked", "http.timeout"),
    "http.throttled": ("http.throttled", "http", "blocked", "http.throttled"),
}


@pytest.fixture(scope="module")
def control(sides, venues):
    """A venue as seen from outside."""
    host = venues[5]["host"]
    looked = look(sides["outside"], f"https://{host}/")
    assert looked.exchange.outcome == "ok"
    return host, looked


@pytest.fixture
def meddle(country, control):
    host, _ = control
    yield lambda *modes: country.interfere(host, *modes)
    country.interfere(host)


def landing(vantage, host):
    """As the desks look: HTTPS, and plain HTTP where that fails before a response."""
    first = look(vantage, f"https://{host}/")
    return (
        look(vantage, f"https://{host}/", f"http://{host}/")
        if first.exchange.stage in ("tcp", "tls")
        else first
    )


@pytest.mark.parametrize("mode", TABLE)
def test_the_outcome_word_and_the_verdict(meddle, control, sides, mode):
    host, outside = control
    outcome, stage, verdict, said = TABLE[mode]
    meddle(mode)
    inside = landing(sides["inside"], host)
    assert set(inside.outcomes) <= OUTCOMES
    if outcome:
        assert (inside.exchange.outcome, inside.exchange.stage) == (outcome, stage)
    found = judge(inside.observation, outside.observation, inside.bodies | outside.bodies)
    assert found.verdict == verdict
    assert found.stage == mode.split(".")[0]
    assert found.outcome.startswith(mode.split(".")[0])
    if said:
        assert found.outcome == said
    assert all(rule.partition("@")[0] in RULES for rule in found.rules)
    assert 0 < found.confidence <= 1000


def test_a_reset_within_tls_is_a_reset_or_an_end(meddle, control, sides):
    meddle("http.reset")
    host, _ = control
    assert look(sides["inside"], f"https://{host}/").exchange.outcome in ("http.reset", "http.eof")
    assert look(sides["inside"], f"http://{host}/").exchange.outcome == "http.reset"


def test_without_interference_it_is_accessible_with_the_certificate_as_proof(control, sides):
    host, outside = control
    inside = landing(sides["inside"], host)
    found = judge(inside.observation, outside.observation, inside.bodies | outside.bodies)
    assert (found.verdict, found.stage, found.outcome) == ("accessible", None, "ok")
    assert found.rules == ("tls.genuine@1",) and found.confidence == 1000
    assert found.evidence


def test_a_block_page_in_plain_http_does_not_hide_that_https_is_untouched(meddle, control, sides):
    host, outside = control
    meddle("http.blockpage")
    inside = landing(sides["inside"], host)
    assert (
        judge(inside.observation, outside.observation, inside.bodies | outside.bodies).verdict == "accessible"
    )


def test_a_block_page_beside_a_cut_handshake_is_a_block_of_the_handshake(meddle, control, sides):
    host, outside = control
    meddle("tls.reset", "http.blockpage")
    inside = landing(sides["inside"], host)
    found = judge(inside.observation, outside.observation, inside.bodies | outside.bodies)
    assert (found.verdict, found.stage, found.outcome) == ("blocked", "tls", "tls.reset")


def test_a_block_page_where_there_is_only_plain_http(meddle, venues, sides, country):
    for site in venues:
        outside = look(sides["outside"], f"http://{site['host']}/")
        if outside.exchange.outcome == "ok" and outside.exchange.hops[-1].url.startswith("http:"):
            break
    country.interfere(site["host"], "http.blockpage")
    try:
        inside = look(sides["inside"], f"http://{site['host']}/")
    finally:
        country.interfere(site["host"])
    found = judge(inside.observation, outside.observation, inside.bodies | outside.bodies)
    assert (found.verdict, found.stage, found.outcome) == ("blocked", "http", "http.blockpage")


def test_a_service_that_refuses_residents_itself_is_not_blocked(truth, sides):
    refusing = [site for site in truth if site["kind"] == "geoblocked_exchange" and not site["down"]
                and not site["already_unreachable"]]  # fmt: skip
    assert refusing
    for site in refusing[:4]:
        inside, outside = (look(sides[side], f"https://{site['host']}/") for side in ("inside", "outside"))
        found = judge(inside.observation, outside.observation, inside.bodies | outside.bodies)
        assert (found.verdict, found.outcome) == ("inconclusive", "http.geoblock")


def test_what_is_down_everywhere_is_down_and_not_blocked(truth, sides):
    stages = set()
    for site in truth:
        if not site["down"] or site["already_unreachable"]:
            continue
        inside, outside = (landing(sides[side], site["host"]) for side in ("inside", "outside"))
        found = judge(inside.observation, outside.observation, inside.bodies | outside.bodies)
        seen = find.landing(outside.observation)
        if seen.outcome == "ok":  # it answers: with an error of its own, or in plain HTTP alone
            assert found.verdict == "accessible"
        else:
            assert found.verdict == "down", (site["host"], found)
            assert (found.stage, found.outcome) == (seen.stage, seen.outcome)
            stages.add(found.stage)
    assert stages == {"dns", "tcp", "tls"}
