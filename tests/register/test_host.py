"""Host names as people write them."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringfence.core.errors import InputError
from ringfence.register.host import canonical_host, site_host, special_use, to_unicode
from ringfence.register.suffix import is_public_suffix, public_suffix, reference, registrable, suffix_section

GOOD = {
    "Huobi.PRO": "huobi.pro",
    " https://user:secret@WWW.Okex.com:8443/spot?x#y ": "www.okex.com",
    "http://good.example\\@bad.example/": "good.example",
    "//exchange.example/path": "exchange.example",
    "exchange.example.": "exchange.example",
    "Bücher.example": "xn--bcher-kva.example",
    "straße.de": "xn--strae-oqa.de",
    "ⓗuobi.pro": "huobi.pro",
    "火币。中国": "xn--6stu32b.xn--fiqs8s",
    "xn--BCHER-kva.example": "xn--bcher-kva.example",
    "hxxps://exchange[.]example/login": "exchange.example",
    "ha\u00adsh.example": "hash.example",
    "r3---sn.cdn.example": "r3---sn.cdn.example",
    "my_shop.blog.example": "my_shop.blog.example",
}


@pytest.mark.parametrize(("written", "canonical"), GOOD.items())
def test_what_people_write_becomes_one_form(written, canonical):
    assert canonical_host(written) == canonical
    assert canonical_host(canonical) == canonical


BAD = {
    "empty": "",
    "only spaces": " \t",
    "ipv4": "127.0.0.1",
    "ipv4 with port": "http://10.0.0.1:80/",
    "ipv6": "::1",
    "ipv6 in brackets": "http://[2001:db8::1]:443/",
    "decimal address": "http://2130706433/",
    "hexadecimal address": "0x7f.1",
    "octal address": "0177.0.0.1",
    "address in full-width digits": "１２７.０.０.１",
    "address with an ideographic dot": "127。0。0。1",
    "five numbers": "1.2.3.4.5",
    "single label": "localhost",
    "onion": "abcdefghij.onion",
    "mDNS": "printer.local",
    "reverse": "1.0.0.127.in-addr.arpa",
    "inner space": "ex change.example",
    "control character": "exchange\x00.example",
    "line break": "a.example\nb.example",
    "two dots": "exchange..example",
    "leading dot": ".example.com",
    "leading hyphen": "-a.example",
    "percent escape": "a%2eexample.com",
    "long label": "a" * 64 + ".example",
    "long name": ".".join(["a" * 60] * 5) + ".example",
    "long input": "https://exchange.example/" + "a" * 10_000,
    "invalid A-label": "xn--a.example",
    "A-label of an ASCII name": "xn--huobi-.example",
    "A-label that is not its own round trip": "xn--BCHER-kva8.example",
    "punycode bomb": "xn--" + "9" * 59 + ".example",
    "punycode bomb, many labels": ".".join(["xn--" + "a" * 50 + "9999"] * 4) + ".example",
    "expanding characters": "ﷺ" * 200 + ".example",
    "mixed directions": "אa.example",
    "e-mail": "scam@mail.example",
    "mailto": "mailto:scam@mail.example",
    "other scheme": "javascript://exchange.example/",
    "bad port": "exchange.example:http",
    "port out of range": "exchange.example:65536",
    "no host": "https:///path",
}


@pytest.mark.parametrize("written", BAD.values(), ids=BAD.keys())
def test_what_is_no_public_host_is_refused_with_a_hint(written):
    began = time.process_time()
    with pytest.raises(InputError) as caught:
        canonical_host(written)
    assert caught.value.hint
    assert len(str(caught.value)) < 400
    assert time.process_time() - began < 1


@given(st.text(max_size=300))
def test_any_text_gives_a_stable_host_or_an_input_error(text):
    try:
        host = canonical_host(text)
    except InputError:
        return
    assert host.isascii()
    assert len(host) <= 253
    assert canonical_host(host) == host
    assert canonical_host(to_unicode(host)) == host


def test_www_is_removed_only_by_the_function_that_says_so():
    assert canonical_host("www.okex.com") == "www.okex.com"
    assert site_host("www.okex.com") == "okex.com"
    assert site_host("www.com") == "www.com"
    assert site_host("trade.chbtc.com") == "trade.chbtc.com"


def test_special_use_names_are_told():
    assert special_use("a.onion") == "onion"
    assert special_use("exchange.example") is None


@pytest.mark.parametrize(
    ("host", "suffix", "domain", "section"),
    [
        ("a.b.co.uk", "co.uk", "b.co.uk", "icann"),
        ("co.uk", "co.uk", None, "icann"),
        ("shop.github.io", "github.io", "shop.github.io", "private"),
        ("github.io", "github.io", None, "private"),
        ("xn--55qx5d.cn", "xn--55qx5d.cn", None, "icann"),
        ("a.lab.test", "test", "lab.test", "unknown"),
    ],
)
def test_public_suffixes_of_both_sections(host, suffix, domain, section):
    assert public_suffix(host) == suffix
    assert registrable(host) == domain
    assert is_public_suffix(host) == (domain is None)
    assert suffix_section(host) == section


def test_the_list_in_use_is_named():
    assert reference().version[:2] == "20"
    assert reference().digest.startswith("sha256:")
