"""Every rule of the verdict by a case of its own, over sides made by hand."""

import pytest

from ringfence.desks.access.fingerprints import match
from ringfence.desks.access.judge import judge
from ringfence.desks.access.rules import RULES
from ringfence.desks.access.sides import Answer, Attempt, Control, Handshake, Lookup, Probe, Step
from ringfence.evidence.observation import OUTCOMES

HOST, HERE, THERE, FORGED = "venue.example", "203.0.113.9", "203.0.113.10", "198.51.100.66"
V6 = "2001:db8::9"
PAGE = b"<title>Venue exchange</title><p>Open an account, deposit, buy and sell bitcoin and ether today.</p>"
OTHER = b"<title>Welcome</title><p>This domain may be for sale; make an offer for it now, please do.</p>" * 9
HEAD = (("Server", "nginx"), ("X-Powered-By", "Express"), ("Date", "Thu"))


def page(body=PAGE, status=200, head=HEAD, outcome="ok", **more):
    return Answer(outcome, status, head, body, len(body), **more)


def names(*addresses, outcome="ok", engine="system", networks=None):
    return Lookup(engine, outcome, addresses, networks or {})


def https(answer=None, lookups=None, tcp="ok", tls="ok", at=HERE, url=f"https://{HOST}/", host=HOST):
    """A hop as far as its layers went."""
    shook = (Handshake(at, 443, host, tls),) if tcp == "ok" else ()
    return Step(
        url,
        (names(at),) if lookups is None else lookups,
        (Attempt(at, 443, tcp),),
        shook,
        answer if tcp == tls == "ok" else None,
    )


def plain(answer=None, lookups=None, tcp="ok", at=HERE, url=f"http://{HOST}/"):
    return Step(url, (names(at),) if lookups is None else lookups, (Attempt(at, 80, tcp),), (), answer)


def probe(*steps, **more):
    return Probe(steps, **more)


def control(answer=None, *addresses, outcome="ok", stage=None, lookup="ok", networks=None, **made):
    """A healthy look from outside unless told otherwise."""
    addresses = addresses or (HERE,)
    found = Lookup("control", lookup, addresses if lookup == "ok" else (), networks or {})
    attempts = {(a, p): "ok" for a in addresses for p in (80, 443)} | made.get("attempts", {})
    shook = {(a, 443): "ok" for a in addresses} | made.get("handshakes", {})
    known = answer if answer is not None else page() if outcome == "ok" else None
    return Control(outcome, stage, {HOST: found}, attempts, shook, known)


def down(outcome, **more):
    return control(outcome=outcome, stage=outcome.partition(".")[0], **more)


GOOD, MOVED = https(page()), page(b"", 302, (*HEAD, ("Location", "https://next.example/")))
NEXT = "https://next.example/"
CASES = {
    # rule: (probe, control, verdict, stage, outcome)
    "control.absent": (probe(https(tcp="tcp.refused")), None, "inconclusive", "tcp", "tcp.refused"),
    "control.same_failure": (
        probe(https(tcp="tcp.refused")), down("tcp.refused", attempts={(HERE, 443): "tcp.refused"}),
        "down", "tcp", "tcp.refused",
    ),
    "control.both_fail": (
        probe(https(lookups=(names(outcome="dns.servfail"),))),
        down("tcp.timeout", lookup="dns.timeout"), "down", "tcp", "tcp.timeout",
    ),
    "control.failed": (probe(plain(page())), down("http.eof"), "inconclusive", None, "control.failed"),
    "control.address_dead": (
        probe(https(tcp="tcp.timeout")), control(None, THERE, HERE, attempts={(HERE, 443): "tcp.timeout"}),
        "inconclusive", "tcp", "tcp.timeout",
    ),
    "inside.only": (probe(GOOD), down("http.timeout"), "accessible", None, "ok"),
    "dns.failure": (
        probe(https(lookups=(names(outcome="dns.nxdomain"),))), control(), "blocked", "dns", "dns.nxdomain"
    ),
    "dns.timeout": (
        probe(https(lookups=(names(outcome="dns.timeout"),))), control(), "blocked", "dns", "dns.timeout"
    ),
    "dns.unread": (
        probe(https(lookups=(Lookup("system", "dns.servfail", read=False),))), control(),
        "inconclusive", "dns", "dns.servfail",
    ),
    "dns.encrypted_differs": (
        probe(
            https(lookups=(names(outcome="dns.nxdomain"), names(HERE, engine="doh"))),
            handshakes=(Handshake(HERE, 443, HOST, "ok"),),
        ),
        Control("control.failed"), "blocked", "dns", "dns.nxdomain",
    ),
    "dns.bogon": (
        probe(https(lookups=(names("10.0.0.1", outcome="dns.bogon"),))), control(),
        "blocked", "dns", "dns.bogon",
    ),
    "dns.bogon_everywhere": (
        probe(https(lookups=(names("127.0.0.1", outcome="dns.bogon"),))),
        down("dns.bogon", lookup="dns.bogon"), "down", "dns", "dns.bogon",
    ),
    "dns.ghost": (
        probe(https(tcp="tcp.refused", at=FORGED)), down("dns.nxdomain", lookup="dns.nxdomain"),
        "blocked", "dns", "dns.hijack",
    ),
    "dns.forged": (probe(https(tls="tls.cert", at=FORGED)), control(), "blocked", "dns", "dns.hijack"),
    "dns.own_network": (
        probe(
            https(page(), lookups=(names(FORGED, networks={FORGED: 64500}),), at=FORGED), network=64500
        ),
        control(networks={HERE: 64501}), "accessible", None, "dns.hijack",
    ),
    "tcp.blocked": (probe(https(tcp="tcp.timeout")), control(), "blocked", "tcp", "tcp.timeout"),
    "tcp.hop": (
        probe(
            https(MOVED), https(tcp="tcp.refused", url=NEXT, at=THERE, host="next.example")
        ),
        control(), "blocked", "tcp", "tcp.refused",
    ),
    "tcp.v6_absent": (
        probe(https(tcp="tcp.unreachable", at=V6)), control(None, V6), "inconclusive", "tcp",
        "tcp.unreachable",
    ),
    "tls.genuine": (probe(GOOD), control(), "accessible", None, "ok"),
    "tls.interfered": (probe(https(tls="tls.reset")), control(), "blocked", "tls", "tls.reset"),
    "tls.forged": (probe(https(tls="tls.cert")), control(), "blocked", "tls", "tls.cert"),
    "tls.hop": (
        probe(https(MOVED), https(tls="tls.timeout", url=NEXT, at=THERE, host="next.example")),
        control(), "blocked", "tls", "tls.timeout",
    ),
    "tls.hop_forged": (
        probe(https(MOVED), https(tls="tls.cert", url=NEXT, at=THERE, host="next.example")),
        control(), "blocked", "tls", "tls.cert",
    ),
    "http.same": (probe(plain(page())), control(), "accessible", None, "ok"),
    "http.same_server": (probe(plain(page(OTHER))), control(), "accessible", None, "ok"),
    "http.proven_address": (
        probe(plain(page()), handshakes=(Handshake(HERE, 443, HOST, "ok"),)), Control("control.failed"),
        "accessible", None, "ok",
    ),
    "http.geoblock": (
        probe(https(page(b"<p>Not available in your country.</p>", 403))), control(),
        "inconclusive", "http", "http.geoblock",
    ),
    "http.redirect": (
        probe(plain(page(b"", 302, (("Location", "https:///"),)))), control(),
        "inconclusive", "http", "http.redirect",
    ),
    "http.challenge": (
        probe(plain(page(b"<title>Just a moment...</title>", 503))), control(),
        "inconclusive", "http", "http.challenge",
    ),
    "http.trouble": (
        probe(plain(page(OTHER, 502, ()))), control(), "inconclusive", "http", "http.diff"
    ),
    "http.cut": (probe(https(page(b"", None, (), "http.reset"))), control(), "blocked", "http", "http.reset"),
    "http.throttled": (
        probe(https(page(b"", 200, HEAD, "http.throttled"))), control(), "blocked", "http", "http.throttled"
    ),
    "http.throttled_rate": (
        probe(https(page(b"", 200, HEAD, "http.throttled", rate=900))), control(),
        "blocked", "http", "http.throttled",
    ),
    "http.slow": (
        probe(https(page(PAGE * 300, rate=2_000))), control(page(PAGE * 300, rate=900_000)),
        "inconclusive", "http", "http.throttled",
    ),
    "http.blockpage": (
        probe(plain(page(b"<p>Access to this site is blocked by order of the authority.</p>", 200, ()))),
        control(), "blocked", "http", "http.blockpage",
    ),
    "http.fingerprint": (
        probe(plain(page(b"<h1>FortiGuard Web Filtering</h1>", 200, ()))), control(),
        "blocked", "http", "http.blockpage",
    ),
    "http.fingerprint_named": (
        probe(plain(page(b"<a href='http://warning.or.kr'>warning</a>", 200, ()))), control(),
        "blocked", "http", "http.blockpage",
    ),
    "http.foreign": (probe(plain(page(OTHER, 200, ()))), control(), "blocked", "http", "http.diff"),
    "http.diff": (
        probe(plain(page(OTHER, 200, (("Server", "nginx"),)))), control(), "inconclusive", "http", "http.diff"
    ),
    "http.unseen": (probe(plain()), control(), "inconclusive", None, "control.failed"),
}  # fmt: skip


@pytest.mark.parametrize("rule", RULES)
def test_a_case_where_the_rule_decides(rule):
    ours, theirs, *expected = CASES[rule]
    found = judge(ours, theirs)
    assert [found.verdict, found.stage, found.outcome] == expected
    assert f"{rule}@{RULES[rule].version}" in found.rules
    assert found.outcome in OUTCOMES


def test_what_follows_a_forged_redirect_is_the_forgers():
    here = plain(page(b"", 302, (("Location", "http://notice.example/"),)), at=FORGED)
    there = plain(page(OTHER, 200, ()), (names(THERE),), at=THERE, url="http://notice.example/")
    found = judge(probe(here, there), control())
    assert (found.verdict, found.stage, found.outcome) == ("blocked", "dns", "dns.hijack")


def test_a_certificate_of_whoever_plain_http_redirects_to_proves_nothing():
    moved = plain(page(b"", 302, (("Location", "https://notice.example/"),)))
    there = https(page(OTHER, 200, ()), (names(THERE),), at=THERE, url="https://notice.example/",
                  host="notice.example")  # fmt: skip
    assert judge(probe(moved, there), control()).verdict != "accessible"
    upgraded = plain(page(b"", 301, (("Location", f"https://{HOST}/"),)))
    assert judge(probe(upgraded, GOOD), control()).verdict == "accessible"


def test_another_answer_in_the_same_network_is_a_content_network_and_no_forgery():
    mine = (names(THERE, networks={THERE: 64501}),)
    there = control(networks={HERE: 64501})
    found = judge(probe(plain(page(OTHER), mine, at=THERE)), there)
    assert (found.verdict, found.outcome) == ("accessible", "ok")


def test_an_encrypted_resolver_that_agrees_makes_an_unmatched_answer_a_matched_one():
    mine = (names(THERE), names(THERE, engine="doh"))
    found = judge(probe(https(tcp="tcp.timeout", lookups=mine, at=THERE)), control())
    assert found.outcome != "dns.hijack"


def test_one_address_of_several_that_answers_is_enough():
    step = Step(
        f"https://{HOST}/", (names(HERE, THERE),),
        (Attempt(HERE, 443, "tcp.timeout"), Attempt(THERE, 443, "ok")),
        (Handshake(THERE, 443, HOST, "ok"),), page(),
    )  # fmt: skip
    assert judge(probe(step), control(None, HERE, THERE)).verdict == "accessible"


def test_a_control_that_was_challenged_is_no_control():
    challenged = control(page(b"<title>Attention Required! | Cloudflare</title>captcha", 403))
    assert judge(probe(plain(page())), challenged).verdict == "inconclusive"
    proven = probe(plain(page()), handshakes=(Handshake(HERE, 443, HOST, "ok"),))
    assert judge(proven, challenged).verdict == "accessible"


def test_the_false_positive_set_is_asked_first():
    assert match("FortiGuard Web Filtering").id == "a_prod_fortinet_1"
    assert match("FortiGuard Web Filtering <h1>404 Not Found</h1>") is None
    assert match("a page about gardens") is None


def test_a_fingerprint_says_whose_page_it_is():
    known = match("<a href='http://warning.or.kr'>")
    assert (known.scope, known.country) == ("national", "KR")
    found = judge(*CASES["http.fingerprint_named"][:2])
    assert found.fingerprint == known.id
