"""The resolvers: honest outside, bound by the policy zone inside."""

import dns.flags
import dns.rcode
import pytest

from ringfence.core.errors import InputError

ZONE = """$ORIGIN rpz.test.
@ 60 IN SOA ns.rpz.test. hostmaster.rpz.test. {serial} 60 60 86400 60
@ 60 IN NS ns.rpz.test.
{rules}
"""


@pytest.fixture
def publish(lab):
    serial = iter(range(lab.status().serial or 100, 10_000))
    next(serial)
    yield lambda rules: lab.publish(ZONE.format(serial=next(serial), rules=rules).encode())
    lab.withdraw()


def test_a_name_has_its_address_and_no_v6(outside, plain):
    site = plain[0]
    assert outside.texts(site["host"]) == [site["address"]]
    empty = outside.dig(site["host"], "AAAA")
    assert empty.rcode() == dns.rcode.NOERROR and not empty.answer
    assert empty.authority[0].rdtype == 6  # SOA: no data


def test_a_name_that_nobody_has(outside, inside):
    for client in (outside, inside):
        response = client.dig("nobody-has-this.example")
        assert response.rcode() == dns.rcode.NXDOMAIN and response.authority


def test_the_same_over_tcp(outside, plain):
    assert outside.dig(plain[0]["host"], tcp=True).answer == outside.dig(plain[0]["host"]).answer


def test_a_large_answer_is_cut_over_udp_and_whole_over_tcp(outside):
    cut = outside.dig("large.hostile.example", "TXT", payload=0)
    assert cut.flags & dns.flags.TC and not cut.answer
    assert len(outside.dig("large.hostile.example", "TXT", tcp=True).answer[0]) == 40


def test_an_alias_loop_ends(outside):
    assert outside.dig("loop.hostile.example").rcode() == dns.rcode.SERVFAIL


def test_nxdomain_by_policy_holds_inside_only_at_the_name_and_below(publish, inside, outside, plain):
    host = plain[0]["host"]
    publish(f"{host} CNAME .\n*.{host} CNAME .")
    for name in (host, f"www.{host}", f"any.thing.{host}", host.upper()):
        assert inside.dig(name).rcode() == dns.rcode.NXDOMAIN
    assert outside.texts(host) == [plain[0]["address"]]
    assert inside.texts(plain[1]["host"]) == [plain[1]["address"]]


def test_local_text_blocks_addresses_and_tells_the_order(publish, inside, plain):
    host = plain[0]["host"]
    publish(f'{host} TXT "order=RF-TEST"\n*.{host} TXT "order=RF-TEST"')
    for kind in ("A", "AAAA"):
        response = inside.dig(host, kind)
        assert response.rcode() == dns.rcode.NOERROR and not response.answer
        assert response.additional[0].name.to_text() == "rpz.test."
    assert inside.texts(f"below.{host}", "TXT") == ['"order=RF-TEST"']


def test_nodata_passthru_and_redirect(publish, inside, plain):
    first, second, third = (site["host"] for site in plain[:3])
    publish(
        f"{first} CNAME *.\n*.{first} CNAME .\nwww.{first} CNAME rpz-passthru.\n"
        f"{second} A 127.10.0.80\n{third} TXT x"
    )
    assert not inside.dig(first).answer and inside.dig(first).rcode() == dns.rcode.NOERROR
    assert inside.texts(f"www.{first}") == [plain[0]["address"]]
    assert inside.texts(second) == ["127.10.0.80"]


def test_a_new_zone_takes_the_place_of_the_old_one(publish, inside, plain, lab):
    host = plain[0]["host"]
    first = publish(f"{host} CNAME .")
    second = publish("")
    assert (second, lab.status().serial) == (first + 1, first + 1)
    assert inside.texts(host) == [plain[0]["address"]]


@pytest.mark.parametrize("zone", [b"", b"garbage", b"$ORIGIN x.\nwww CNAME .\n", b"\xff\xfe"])
def test_a_broken_zone_is_refused_and_the_old_one_stays(publish, lab, inside, plain, zone):
    publish(f"{plain[0]['host']} CNAME .")
    with pytest.raises(InputError):
        lab.publish(zone)
    assert inside.dig(plain[0]["host"]).rcode() == dns.rcode.NXDOMAIN
