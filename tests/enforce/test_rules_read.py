"""Odd spellings: each is refused with a reason or read for what it is; none passes as something else."""

from __future__ import annotations

import pytest

from ringfence.enforce.guard import Context, judge

CONTEXT = Context(registered=frozenset({"binance.com"}), known_hosts={"binance.com": "site:binance.com"})

SYNTAX = [
    "",
    " ",
    ".",
    "..",
    "*",
    "*.",
    "*.*",
    "*.*.x",
    "*.*.okex.com",
    "*.a.*.okex.com",
    "**.okex.com",
    "a*.okex.com",
    "ok*x.com",
    "okex.*",
    "*okex.com",
    "okex.com*",
    "*.okex..com",
    ".okex.com",
    "okex..com",
    "okex.com..",
    "http://okex.com",
    "https://okex.com/",
    "okex.com/",
    "okex.com/login",
    "okex.com?x=1",
    "okex.com#a",
    "//okex.com",
    "okex.com:443",
    "okex.com:",
    "user@okex.com",
    "mailto:a@okex.com",
    "a@okex.com",
    "||okex.com^",
    "||okex.com",
    "|okex.com|",
    "@@||okex.com^",
    "okex.com^",
    "/okex/",
    "okex.com$third-party",
    "okex.com##.ad",
    "! okex.com",
    "# okex.com",
    "0.0.0.0 okex.com",
    "127.0.0.1\tokex.com",
    "address=/okex.com/#",
    "okex.com CNAME .",
    "okex.com,okx.com",
    "okex.com;",
    '"okex.com"',
    "'okex.com'",
    "<okex.com>",
    "(okex.com)",
    "okex%2ecom",
    "%6fkex.com",
    "okex com",
    "okex\tcom",
    "okex\x00.com",
    "okex\x1f.com",
    "okex\u200b.com\x07",
    "okex.com\\",
    "ok\\ex.com",
    "okex,com",
    "ok ex.com",
    "-okex.com",
    "okex-.com",
    "ok--ex-.com",
    "okex.-com",
    "okex.c_m",
    "_dmarc.okex.com",
    "xn--.com",
    "xn--a.com",
    "xn--okex-.com",
    "xn--99999999999.com",
    "a" * 64 + ".com",
    ".".join(["a" * 62] * 4) + ".com",
    "a." * 126 + "com",
    "\ufffd.com",
    "\ud800.com",
    "okex\u2024\u2024com",
    "com.",
    "okex",
    "OKEX",
]
ADDRESSES = [
    "104.21.16.1",
    "104.21.16.1/32",
    "104.21.16.1/20",
    "104.21.16.0/20",
    "104.21.16.1/255.255.240.0",
    "0/0",
    "::/0",
    "0.0.0.0/0",
    "0x7f.1",
    "127.1",
    "2130706433",
    "0x7f000001",
    "017700000001",
    "0177.0.0.1",
    "1.2.3",
    "1.2.3.4.5",
    "256.256.256.256",
    "1.1.1.1.",
    "1.1.1.1:53",
    "[2606:4700::1]",
    "[2606:4700::1]:443",
    "[2606:4700::1%eth0]",
    "fe80::1%eth0",
    "fe80::1%25eth0",
    "2606:4700::/32",
    "2606:4700::1/32",
    "::ffff:1.1.1.1",
    "64:ff9b::1.1.1.1",
    "2002:101:101::",
    "::1.1.1.1",
    "::",
    "::1",
    "ff02::1",
    "203.0.113.7",
    "2001:db8::1",
    "45.155.205.233",
    "2a05:d014::1",
    "１.１.１.１",
    "1。1。1。1",
    "*.1.1.1.1",
    "*.104.21.16.1",
    "1.1.1.1-1.1.1.9",
    "1.1.1.*",
    "45.155.205.233/31",
    "0x2d.0x9b.0xcd.0xe9",
    "999999999999",
    "1e3",
    "0b11.1",
    "1.0xffffff",
]


@pytest.mark.parametrize("rule", SYNTAX, ids=ascii)
def test_what_is_no_name_is_refused(rule: str) -> None:
    verdict = judge(rule, CONTEXT)
    assert not verdict.allowed and verdict.reasons and verdict.rule == rule


@pytest.mark.parametrize("rule", ADDRESSES, ids=ascii)
def test_an_address_in_any_spelling_is_refused(rule: str) -> None:
    verdict = judge(rule, CONTEXT)
    assert not verdict.allowed and verdict.reasons and verdict.rule == rule


@pytest.mark.parametrize(
    "rule",
    [
        "BINANCE.COM",
        "Binance.Com.",
        " binance.com ",
        "*.BINANCE.com",
        "okex-vip.xyz",
        "58coin.com",
        "163btc.com",
        "8848.exchange",
        "999999.vip",
        "火币网.com",
        "*.火币网.com",
        "bücher-börse.de",
        "币安.网络",
        "xn--fiq228c5hs.com",
        "a.b.c.d.e.f.g.h.i.j.okex-vip.xyz",
        "a" * 63 + ".com",
        "paypa1.com",
        "binance-login.xyz",
        "1.2.3.okex-vip.xyz",
        "token.my-exchange.trading",
        "x--y.com",
        "3com-coin.net",
    ],
    ids=ascii,
)
def test_a_name_in_any_proper_spelling_passes(rule: str) -> None:
    assert judge(rule, CONTEXT).allowed


@pytest.mark.parametrize(
    ("rule", "listed"),
    [
        ("GITHUB.COM", "github.com"),
        ("github.com.", "github.com"),
        ("ｇｉｔｈｕｂ.com", "github.com"),
        ("github。com", "github.com"),
        ("git\u00adhub.com", "github.com"),
        ("WWW.GitHub.Com", "github.com"),
        ("CO.UK", "co.uk"),
        ("公司.cn", "xn--55qx5d.cn"),
        ("Ｃom", "com"),
    ],
    ids=ascii,
)
def test_a_disguise_of_a_protected_name_is_seen_through(rule: str, listed: str) -> None:
    assert not judge(listed, CONTEXT).allowed
    assert not judge(rule, CONTEXT).allowed


@pytest.mark.parametrize("length", [250, 253, 254, 255, 256, 1000, 100_000])
def test_long_names(length: int) -> None:
    labels = ("a" * 49 + ".") * (length // 50 + 1)
    rule = (labels[: length - 4].rstrip(".") + ".com")[:length]
    verdict = judge(rule, CONTEXT)
    assert not verdict.allowed and verdict.reasons[0].startswith("syntax.")
