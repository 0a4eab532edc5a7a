"""The forms in which a resolver is written."""

import pytest

from ringfence.core.errors import InputError
from ringfence.evidence.resolver import Resolver
from ringfence.evidence.vantage import Vantage, load_vantages


@pytest.mark.parametrize(
    ("text", "resolver"),
    [
        ("192.0.2.53", Resolver("udp", "192.0.2.53", 53)),
        ("192.0.2.53:5353", Resolver("udp", "192.0.2.53", 5353)),
        ("2001:db8::53", Resolver("udp", "2001:db8::53", 53)),
        ("[2001:db8::53]:5353", Resolver("udp", "2001:db8::53", 5353)),
        ("udp://192.0.2.53", Resolver("udp", "192.0.2.53", 53)),
        ("tcp://192.0.2.53", Resolver("tcp", "192.0.2.53", 53)),
        ("tls://192.0.2.53", Resolver("dot", "192.0.2.53", 853)),
        ("tls://dns.example:8853", Resolver("dot", "dns.example", 8853)),
        ("tls://dns.example#192.0.2.53", Resolver("dot", "dns.example", 853, "", "192.0.2.53")),
        ("https://dns.example", Resolver("doh", "dns.example", 443, "/dns-query")),
        ("https://dns.example/other", Resolver("doh", "dns.example", 443, "/other")),
        ("https://dns.example:8443/q#::1", Resolver("doh", "dns.example", 8443, "/q", "::1")),
    ],
)
def test_a_resolver_reads_and_writes_its_forms(text, resolver):
    assert Resolver.from_text(text) == resolver
    assert Resolver.from_text(resolver.to_text()) == resolver


@pytest.mark.parametrize(
    "text",
    [
        "", "dns.example", "udp://dns.example", "tcp://dns.example:53", "192.0.2.53:port", "192.0.2.53:99999",
        "http://dns.example/dns-query", "ftp://192.0.2.53", "tls://", "tls://dns.example/path",
        "[2001:db8::53", "tls://dns.example#not-an-address",
        "https://user:word@dns.example/dns-query", "https://dns.example/?dns=x",
    ],
)  # fmt: skip
def test_what_is_no_resolver_is_refused_with_a_hint(text):
    with pytest.raises(InputError) as refusal:
        Resolver.from_text(text)
    assert refusal.value.hint


@pytest.mark.parametrize(
    ("table", "word"),
    [
        ('resolver = "nonsense"', "nonsense"),
        ('resolver = "192.0.2.53"\nresolvers = ["ftp://192.0.2.9"]', "ftp"),
        ('proxy = "socks5://192.0.2.7:1080"', "no resolver"),
        ('proxy = "socks5://192.0.2.7:1080"\nresolver = "udp://192.0.2.53:53"', "datagrams"),
        ('proxy = "http://192.0.2.7"\nresolver = "192.0.2.53"\nresolvers = ["udp://192.0.2.9"]', "datagrams"),
    ],
)  # fmt: skip
def test_a_file_with_a_resolver_that_cannot_be_asked_is_refused(tmp_path, table, word):
    file = tmp_path / "vantages.toml"
    file.write_text(f'[vantage.there]\nrole = "inside"\n{table}\n')
    with pytest.raises(InputError, match=word) as refusal:
        load_vantages(file)
    assert refusal.value.hint


def test_a_plain_address_behind_a_proxy_needs_no_other_form():
    Vantage("there", "inside", resolver="192.0.2.53:53", proxy="socks5://192.0.2.7:1080").check()
