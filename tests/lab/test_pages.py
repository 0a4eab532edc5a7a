"""What the sites answer over real connections: marked, in their encodings, as their truth says."""

import ssl

import pytest

from ringfence.lab.mark import TEXT


def test_every_kind_is_served_and_every_page_is_marked(truth, outside):
    seen = set()
    for site in truth:
        if site["kind"] in seen or site["down"]:
            continue
        seen.add(site["kind"])
        answer = outside.home(site["host"])
        assert answer.status == 200, site
        assert answer.headers["x-ringfence-laboratory"] == "true"
        assert TEXT.encode() in answer.body
    assert len(seen) == 14


def test_what_is_no_page_carries_the_header(truth, outside, plain):
    host = plain[0]["host"]
    for path in ("/favicon.ico", "/robots.txt", "/no-such-page"):
        answer = outside.get(host, path)
        if answer.status == 301:
            answer = outside.get(f"www.{host}", path)
        assert answer.headers["x-ringfence-laboratory"] == "true"


def test_bodies_decode_as_declared(truth, outside):
    charsets = set()
    for site in truth[:160]:
        if site["down"]:
            continue
        answer = outside.home(site["host"], accept="gzip")
        charset = answer.headers["content-type"].rpartition("charset=")[2]
        answer.body.decode({"gbk": "gb18030"}.get(charset, charset))
        charsets.add(charset)
    assert {"utf-8", "gbk"} <= charsets


def test_a_site_turns_residents_away_and_serves_others(truth, inside, outside):
    for site in truth:
        if site["kind"] == "geoblocked_exchange":
            near, far = inside.home(site["host"]), outside.home(site["host"])
            assert near.status in {403, 451, 200} and far.status == 200
            assert near.body != far.body and TEXT.encode() in near.body


def test_sites_that_are_down_are_down_from_both_sides(truth, inside, outside):
    down = [site for site in truth if site["down"]]
    assert len(down) >= 10
    for site in down:
        for client in (inside, outside):
            try:
                status = client.home(site["host"]).status
            except (OSError, IndexError, ssl.SSLError):
                continue
            assert status == 503, site


def test_a_name_is_answered_with_its_own_certificate(outside, plain):
    with pytest.raises(ssl.SSLCertVerificationError):
        outside.get("expired-certificate.hostile.example")
    with pytest.raises(ssl.SSLError):
        outside.get("unknown-here.example", address=plain[0]["address"])
