"""The verdict, case by case, over observations made by hand: inside against outside, layer by layer."""

import ast
import inspect
import subprocess
import sys

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringfence.core.canonical import canonical, digest
from ringfence.desks.access import content, endpoints, find, names, observe
from ringfence.desks.access import judge as judging
from ringfence.desks.access.find import judge, outside_word
from ringfence.desks.access.finding import to_finding
from ringfence.desks.access.ours import landing
from ringfence.desks.access.rules import RULES
from ringfence.desks.access.verdict import Verdict
from ringfence.evidence.observation import (
    OUTCOMES,
    DNSAnswer,
    DNSStep,
    Exchange,
    Hop,
    HTTPStep,
    Observation,
    TCPStep,
    TLSStep,
)

HOST = "venue.example"
HOME, ABROAD, FORGED = "198.51.100.7", "203.0.113.9", "192.0.2.66"
PAGE = (
    b"<html><body><h1>Trade BTC/USDT with low fees</h1><p>Open an account, deposit, buy and sell.</p></body>"
)
OTHER = b"<html><body><h1>Welcome</h1><p>This domain is parked; make an offer for it today please.</p></body>"
NOTICE = b"<html><body><h1>Access denied</h1><p>This page cannot be displayed.</p></body></html>"
REFUSAL = b"<html><body><p>Our service is not available in your country or region.</p></body></html>"
BODIES = {digest(body): body for body in (PAGE, OTHER, NOTICE, REFUSAL)}


def dns(*addresses, outcome="ok"):
    answers = tuple(DNSAnswer(HOST, "A", 60, address) for address in addresses)
    return DNSStep(outcome, "192.0.2.53:53", answers, addresses, 1, 2, digest(repr(addresses).encode()))


def hop(names=None, tcp="ok", tls="ok", http="ok", status=200, body=PAGE, scheme="https", host=HOST):
    """One hop that went as far as its layers say; a layer below a failure was not reached."""
    names = dns(HOME) if names is None else names
    address = names.addresses[0] if names.addresses else HOME
    port = 443 if scheme == "https" else 80
    steps = {"tcp": (), "tls": None, "http": None}
    if names.outcome == "ok":
        steps["tcp"] = (TCPStep(tcp, address, port, 3, 4),)
        if tcp == "ok" and scheme == "https":
            steps["tls"] = TLSStep(tls, host, "TLSv1.3", tls == "ok", "", (digest(b"chain"),), 5, 6)
        if tcp == "ok" and (scheme == "http" or tls in ("ok", "tls.cert")):
            cut = http in ("http.reset", "http.timeout", "http.eof")
            kept = None if cut else digest(body)
            steps["http"] = HTTPStep(
                http, None if cut else status, "", (), kept, len(body), len(body), "", 7, 8, 9
            )
    return Hop(f"{scheme}://{host}/", host, port, names, **steps)


def exchange(*hops, scheme="https", outcome=None, role="landing"):
    found, stage = observe.outcome_of(hops[-1])
    if outcome:
        found, stage = outcome, outcome.split(".")[0]
    return Exchange(f"{scheme}://{HOST}/", role, hops, found, stage)


def seen(*exchanges, role="outside"):
    return Observation(
        f"site:{HOST}", "access", "0", role, role, None, "2018-08-24T00:00:00.000000Z", 1, exchanges,
        digest(b"capture"), True,
    )  # fmt: skip


def https(**layers):
    return exchange(hop(**layers))


def plain(**layers):
    return exchange(hop(scheme="http", **layers), scheme="http")


def none(outcome):
    return dns(outcome=outcome)


GOOD = https()
CASES = {
    # name: (inside, outside, verdict, stage, outcome, last rule)
    "reached on both sides": (GOOD, GOOD, "accessible", None, "ok", "tls.genuine"),
    "another address of a CDN, certificate verified": (
        https(names=dns(ABROAD)),
        GOOD,
        "accessible",
        None,
        "ok",
        "tls.genuine",
    ),
    "forged address, but the certificate verifies: it reaches the service": (
        https(names=dns(FORGED)),
        GOOD,
        "accessible",
        None,
        "ok",
        "tls.genuine",
    ),
    "another page in another country, certificate verified": (
        https(body=OTHER),
        GOOD,
        "accessible",
        None,
        "ok",
        "tls.genuine",
    ),
    "no such name inside": (
        https(names=none("dns.nxdomain")),
        GOOD,
        "blocked",
        "dns",
        "dns.nxdomain",
        "dns.failure",
    ),
    "no address inside": (
        https(names=none("dns.nodata")),
        GOOD,
        "blocked",
        "dns",
        "dns.nodata",
        "dns.failure",
    ),
    "refused by the resolver": (
        https(names=none("dns.refused")),
        GOOD,
        "blocked",
        "dns",
        "dns.refused",
        "dns.failure",
    ),
    "the resolver fails": (
        https(names=none("dns.servfail")),
        GOOD,
        "blocked",
        "dns",
        "dns.servfail",
        "dns.failure",
    ),
    "the resolver is silent": (
        https(names=none("dns.timeout")),
        GOOD,
        "blocked",
        "dns",
        "dns.timeout",
        "dns.timeout",
    ),
    "a private address": (
        https(names=dns("10.0.0.1", outcome="dns.bogon")),
        GOOD,
        "blocked",
        "dns",
        "dns.bogon",
        "dns.bogon",
    ),
    "forged address, nobody there": (
        https(names=dns(FORGED), tcp="tcp.timeout"),
        GOOD,
        "blocked",
        "dns",
        "dns.hijack",
        "dns.forged",
    ),
    "forged address, a certificate for another": (
        https(names=dns(FORGED), tls="tls.cert", body=NOTICE, status=403),
        GOOD,
        "blocked",
        "dns",
        "dns.blockpage",
        "dns.forged",
    ),
    "refused": (https(tcp="tcp.refused"), GOOD, "blocked", "tcp", "tcp.refused", "tcp.blocked"),
    "no connection in time": (https(tcp="tcp.timeout"), GOOD, "blocked", "tcp", "tcp.timeout", "tcp.blocked"),
    "the handshake is reset": (https(tls="tls.reset"), GOOD, "blocked", "tls", "tls.reset", "tls.interfered"),
    "the handshake ends": (https(tls="tls.eof"), GOOD, "blocked", "tls", "tls.eof", "tls.interfered"),
    "the handshake hangs": (
        https(tls="tls.timeout"),
        GOOD,
        "blocked",
        "tls",
        "tls.timeout",
        "tls.interfered",
    ),
    "a lying certificate at the true address": (
        https(tls="tls.cert"),
        GOOD,
        "blocked",
        "tls",
        "tls.cert",
        "tls.forged",
    ),
    "the response is reset": (https(http="http.reset"), GOOD, "blocked", "http", "http.reset", "http.cut"),
    "the response never comes": (
        https(http="http.timeout"),
        GOOD,
        "blocked",
        "http",
        "http.timeout",
        "http.cut",
    ),
    "the body drips": (
        https(http="http.throttled"),
        GOOD,
        "blocked",
        "http",
        "http.throttled",
        "http.throttled",
    ),
    "in plain HTTP, the same page": (plain(), plain(), "accessible", None, "ok", "http.same"),
    "in plain HTTP, the same page at another address": (
        plain(names=dns(ABROAD)),
        plain(),
        "accessible",
        None,
        "ok",
        "http.same",
    ),
    "in plain HTTP, a block page at a forged address": (
        plain(names=dns(FORGED), body=NOTICE, status=403),
        plain(),
        "blocked",
        "dns",
        "dns.blockpage",
        "dns.forged",
    ),
    "in plain HTTP, something else at a forged address": (
        plain(names=dns(FORGED), body=OTHER),
        plain(),
        "blocked",
        "dns",
        "dns.hijack",
        "dns.forged",
    ),
    "in plain HTTP, a block page at the true address": (
        plain(body=NOTICE, status=403),
        plain(),
        "blocked",
        "http",
        "http.blockpage",
        "http.blockpage",
    ),
    "in plain HTTP, withheld for legal reasons": (
        plain(body=NOTICE, status=451),
        plain(),
        "blocked",
        "http",
        "http.blockpage",
        "http.blockpage",
    ),
    "in plain HTTP, another page at the true address": (
        plain(body=OTHER),
        plain(),
        "inconclusive",
        "http",
        "http.diff",
        "http.diff",
    ),
    "the service itself refuses, by status": (
        https(body=NOTICE, status=403),
        GOOD,
        "inconclusive",
        "http",
        "http.geoblock",
        "http.geoblock",
    ),
    "the service itself refuses, for legal reasons": (
        https(body=NOTICE, status=451),
        GOOD,
        "inconclusive",
        "http",
        "http.geoblock",
        "http.geoblock",
    ),
    "the service itself refuses, in words": (
        https(body=REFUSAL),
        GOOD,
        "inconclusive",
        "http",
        "http.geoblock",
        "http.geoblock",
    ),
    "the genuine service redirects in a circle inside": (
        exchange(hop(status=302), outcome="http.redirect"),
        GOOD,
        "inconclusive",
        "http",
        "http.redirect",
        "http.redirect",
    ),
    "redirected in plain HTTP to where nothing can be asked for": (
        exchange(hop(scheme="http", status=302), scheme="http", outcome="http.redirect"),
        plain(),
        "inconclusive",
        "http",
        "http.redirect",
        "http.redirect",
    ),
    "gone everywhere": (
        https(names=none("dns.nxdomain")),
        https(names=none("dns.nxdomain")),
        "down",
        "dns",
        "dns.nxdomain",
        "control.same_failure",
    ),
    "refused everywhere": (
        https(tcp="tcp.refused"),
        https(tcp="tcp.refused"),
        "down",
        "tcp",
        "tcp.refused",
        "control.same_failure",
    ),
    "a certificate expired everywhere": (
        https(tls="tls.cert"),
        https(tls="tls.cert"),
        "down",
        "tls",
        "tls.cert",
        "control.same_failure",
    ),
    "fails on both sides at different stages": (
        https(tcp="tcp.timeout"),
        https(tls="tls.reset"),
        "down",
        "tls",
        "tls.reset",
        "control.both_fail",
    ),
    "outside fails, inside has the certificate": (
        GOOD,
        https(tcp="tcp.timeout"),
        "accessible",
        None,
        "ok",
        "inside.only",
    ),
    "outside fails, inside answers without proof": (
        plain(),
        plain(tcp="tcp.timeout"),
        "inconclusive",
        None,
        "control.failed",
        "control.failed",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_verdict(name):
    inside, outside, verdict, stage, outcome, rule = CASES[name]
    found = judge(seen(inside, role="inside"), seen(outside), BODIES)
    assert (found.verdict, found.stage, found.outcome) == (verdict, stage, outcome)
    assert found.rules[-1] == f"{rule}@{RULES[rule].version}"
    assert 0 <= found.confidence <= 1000


def test_a_page_in_plain_http_does_not_make_a_blocked_one_in_https_good():
    inside = seen(https(tls="tls.reset"), plain(), role="inside")
    found = judge(inside, seen(GOOD), BODIES)
    assert (found.verdict, found.outcome) == ("blocked", "tls.reset")


def test_a_failing_hop_fails_the_whole_though_the_first_was_good():
    onward = hop(status=302)
    inside = exchange(onward, hop(names=none("dns.nxdomain"), host="www.venue.example"))
    outside = exchange(onward, hop(host="www.venue.example"))
    found = judge(seen(inside, role="inside"), seen(outside), BODIES)
    assert (found.verdict, found.stage, found.outcome) == ("blocked", "dns", "dns.nxdomain")


def test_a_certificate_of_another_host_on_the_way_proves_nothing():
    onward = hop(status=302, host="portal.example", names=dns(FORGED))
    last = hop(scheme="http", names=dns(FORGED), body=OTHER)
    inside = exchange(onward, last, scheme="http")
    found = judge(seen(inside, role="inside"), seen(plain()), BODIES)
    assert found.verdict == "blocked"


def test_without_a_look_from_outside_a_failure_is_not_judged():
    found = judge(seen(https(tls="tls.reset"), role="inside"), None, BODIES)
    assert (found.verdict, found.outcome, found.rules) == ("inconclusive", "tls.reset", ("control.absent@1",))
    assert judge(seen(GOOD, role="inside"), None, BODIES).verdict == "accessible"


def test_without_a_look_from_inside_nothing_is_judged():
    for inside in (None, seen(role="inside"), seen(exchange(hop(), role="page"), role="inside")):
        found = judge(inside, seen(GOOD), BODIES)
        assert (found.verdict, found.stage, found.confidence) == ("inconclusive", None, 0)


def test_without_the_bodies_content_proves_nothing():
    found = judge(seen(plain(body=NOTICE, status=403), role="inside"), seen(plain()), {})
    assert found.verdict == "blocked", "the status alone says that it is withheld"
    assert judge(seen(https(names=dns(ABROAD)), role="inside"), seen(GOOD), {}).verdict == "accessible"


def test_what_one_side_alone_can_say():
    assert outside_word(None) == "inconclusive"
    assert outside_word(seen(GOOD)) == "accessible"
    assert outside_word(seen(https(tls="tls.reset"))) == "down"
    assert landing(seen(https(tls="tls.reset"), plain())).url.startswith("http:")


def test_the_evidence_is_what_the_answer_rests_on():
    found = judge(
        seen(https(names=dns(FORGED), tls="tls.cert", body=NOTICE), role="inside"), seen(GOOD), BODIES
    )
    assert set(found.evidence) == {digest(repr((FORGED,)).encode()), digest(b"chain"), digest(NOTICE)}


# --- the table of rules ------------------------------------------------------------------------


def rule_names():
    """Every text in the modules of the verdict that looks like a rule, found in their syntax."""
    modules = (content, endpoints, find, judging, names)
    return {
        node.value
        for module in modules
        for node in ast.walk(ast.parse(inspect.getsource(module)))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_every_rule_is_named_where_verdicts_are_made():
    assert set(RULES) <= rule_names()


def test_rules_say_why_and_weigh_no_more_than_a_thousand():
    for name, rule in RULES.items():
        assert rule.id == name and rule.why and rule.version >= 1
        assert rule.level in ("none", "discarded", "scored")
        assert rule.blocked + rule.down + rule.ok <= 1000


def test_every_outcome_word_of_the_instrument_and_of_the_verdict_is_in_the_vocabulary():
    from ringfence.desks.access import connect, http
    from ringfence.desks.access import dns as asking

    words = set()
    for source in (content, endpoints, find, judging, names, observe, connect, asking, http):
        for node in ast.walk(ast.parse(inspect.getsource(source))):
            text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
            stage, dot, rest = text.partition(".")
            if dot and stage in ("dns", "tcp", "tls", "http", "control") and rest.isidentifier():
                words.add(text)
    assert words - set(RULES) <= OUTCOMES
    assert len(words & OUTCOMES) > 20


# --- purity ------------------------------------------------------------------------------------

hops = st.builds(
    hop,
    names=st.sampled_from(
        [dns(HOME), dns(ABROAD), dns(FORGED), none("dns.nxdomain"), none("dns.timeout")]
    ),
    tcp=st.sampled_from(["ok", "ok", "ok", "tcp.refused", "tcp.timeout"]),
    tls=st.sampled_from(["ok", "ok", "ok", "tls.reset", "tls.cert"]),
    http=st.sampled_from(["ok", "ok", "http.reset", "http.throttled"]),
    status=st.sampled_from([200, 301, 403, 451, 503]),
    body=st.sampled_from([PAGE, OTHER, NOTICE, REFUSAL]),
    scheme=st.sampled_from(["https", "http"]),
    host=st.sampled_from([HOST, "www.venue.example"]),
)  # fmt: skip
exchanges = st.lists(hops, min_size=1, max_size=3).map(lambda many: exchange(*many))
observations = st.none() | st.lists(exchanges, max_size=2).map(lambda many: seen(*many))


@settings(max_examples=300, deadline=None)
@given(observations, observations, st.sampled_from([{}, BODIES]))
def test_any_two_observations_have_a_verdict_in_the_vocabulary_and_always_the_same(inside, outside, bodies):
    before = dict(bodies)
    found = judge(inside, outside, bodies)
    assert found.outcome in OUTCOMES
    assert found.verdict in ("accessible", "blocked", "down", "inconclusive")
    assert all(rule.partition("@")[0] in RULES for rule in found.rules) and found.rules
    assert judge(inside, outside, bodies) == found and bodies == before
    if found.verdict == "blocked":
        assert found.stage and found.outcome != "ok" and outside is not None
    finding = to_finding(found, f"site:{HOST}", ("observation:1",), laboratory=True)
    assert canonical(finding) and (finding.state == "met") == (found.verdict == "accessible")


PURE = """
import sys, msgspec
from ringfence.core.canonical import canonical
from ringfence.core.offline import close_network
from ringfence.desks.access.find import judge
from ringfence.evidence.observation import Observation
close_network()
for inside, outside, bodies in msgspec.msgpack.decode(
    sys.stdin.buffer.read(), type=list[tuple[Observation, Observation, dict[str, bytes]]]
):
    print(canonical(judge(inside, outside, bodies)).decode())
"""


def test_another_process_without_a_network_and_with_another_hash_seed_says_the_same():
    given_all = [
        (seen(inside, role="inside"), seen(outside), BODIES) for inside, outside, *_ in CASES.values()
    ]
    done = subprocess.run(
        [sys.executable, "-c", PURE], input=msgspec.msgpack.encode(given_all),
        env={"PYTHONHASHSEED": "12"}, capture_output=True, check=True,
    )  # fmt: skip
    said = [msgspec.json.decode(line, type=Verdict) for line in done.stdout.splitlines()]
    assert said == [judge(*one) for one in given_all]
