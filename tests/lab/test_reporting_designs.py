"""The reporting designs keep their contract, and no token of markup gives a kind away."""

from __future__ import annotations

import random
import re
from collections import Counter
from functools import cache

import pytest

from ringfence.lab.designs.reporting import DESIGNS
from ringfence.lab.site import Brief, Page, Pages

VENUES = ("exchange", "geoblocked_exchange", "local_exchange", "global_exchange")
LOCALS = (
    ("ja", "JPY", "JP"),
    ("ko", "KRW", "KR"),
    ("tr", "TRY", "TR"),
    ("pt-BR", "BRL", "BR"),
    ("vi", "VND", "VN"),
)
OTHERS = (("Bitmere", "bitmere.example"), ("Okatrade", "okatrade.example"), ("Quay & Co", "quay.example"))
CASES = [(kind, number) for kind, designs in DESIGNS.items() for number in range(len(designs))]

# The server asks a venue for its geo-block page at this address: it is the contract, not a page of the site.
TOLERATED = {"path:/__geoblock__"}


def brief(kind: str, seed: int) -> Brief:
    """A brief of a kind, different for each seed."""
    rng = random.Random(seed)
    languages: tuple[str, ...] = rng.choice(
        (("en",), ("zh-CN",), ("en", "zh-CN"), ("zh-TW", "en"), ("ru", "en"), ("ko",))
    )
    quotes = tuple(rng.sample(("USDT", "BTC", "ETH", "CNY", "USD"), k=2))
    country = None
    if kind == "exchange":
        languages = rng.choice(
            (("en", "zh-CN", "ko"), ("zh-CN",), ("zh-CN", "en"), ("en",), ("en", "zh-TW", "zh-CN"))
        )
    elif kind == "local_exchange":
        language, money, country = rng.choice(LOCALS)
        languages, quotes = (language,), (money,)
    elif kind == "global_exchange":
        languages, quotes = ("en",), ("BTC", "USDT")
    elif kind == "geoblocked_exchange":
        languages, quotes = rng.choice((("en",), ("en", "ja"), ("zh-TW", "en"))), ("USD", "BTC")
    coins = tuple(rng.sample(("BTC", "ETH", "LTC", "EOS", "XRP", "BCH", "ETC", "DASH"), k=6))
    return Brief(
        f"www.site{seed}.example",
        f"Site {seed} & Sons",
        kind,
        languages,
        quotes,
        coins,
        kind == "exchange",
        OTHERS,
        country,
    )


@cache
def drawn(kind: str, number: int, seed: int) -> Pages:
    return DESIGNS[kind][number](random.Random(seed), brief(kind, seed))


def text_of(pages: Pages) -> str:
    return "\n".join(page.body for page in pages.values() if isinstance(page.body, str))


def test_every_kind_has_its_designs() -> None:
    least = {"exchange": 7, "news": 6, "technology": 4, "other": 6, "parked": 2}
    for kind in (*VENUES, *least, "wallet", "explorer", "price", "fan", "merchant", "phishing"):
        assert len(DESIGNS[kind]) >= least.get(kind, 3), kind


@pytest.mark.parametrize(("kind", "number"), CASES)
def test_a_design_keeps_the_contract(kind: str, number: int) -> None:
    for seed in range(6):
        pages = drawn(kind, number, seed)
        assert "/" in pages and "/favicon.ico" in pages
        again = DESIGNS[kind][number](random.Random(seed), brief(kind, seed))
        assert pages == again, "the same seed and brief give the same pages"
        for path, page in pages.items():
            assert isinstance(page, Page)
            assert path.startswith("/")
            if isinstance(page.body, str):
                page.body.encode(page.encoding)
                assert len(page.body) < 80_000
    assert len({str(drawn(kind, number, seed)["/"].body) for seed in range(6)}) >= (
        6 if kind != "parked" else 3
    )


@pytest.mark.parametrize(("kind", "number"), [case for case in CASES if case[0] in VENUES])
def test_links_of_a_venue_lead_somewhere(kind: str, number: int) -> None:
    for seed in range(6):
        pages = drawn(kind, number, seed)
        links = [
            href
            for page in pages.values()
            if isinstance(page.body, str)
            for href in re.findall(r'href="(/[^"#]*)', page.body)
        ]
        found = [href for href in links if href.replace("&amp;", "&") in pages]
        assert len(pages) >= 9 and links
        assert len(found) >= 0.9 * len(links), sorted(set(links) - set(found))


@pytest.mark.parametrize(("kind", "number"), CASES)
def test_a_bare_brief_is_enough(kind: str, number: int) -> None:
    bare = Brief("bare.example", "Bare", kind, ("th",), ("BTC",), ("BTC",), kind == "exchange", ())
    assert "/" in DESIGNS[kind][number](random.Random(1), bare)


MARKS = {
    "language": r'lang="zh(-CN|-Hans)?"',
    "money": r"\bCNY\b|\bQC\b",
    "payment": r"支付宝|微信支付|银联|银行卡|Alipay|WeChat Pay|UnionPay|mainland China\)",
    "phone": r"\+86\b",
    "groups": r"QQ群|QQ group|微信：|WeChat:",
    "apk": r"_cn_v2",
    "documents": r"居民身份证|resident ID card",
    "hours": r"Beijing time|北京时间",
}


def marks(pages: Pages) -> set[str]:
    text = text_of({path: page for path, page in pages.items() if path != "/__geoblock__"})
    return {name for name, pattern in MARKS.items() if re.search(pattern, text)}


@pytest.mark.parametrize(("kind", "number"), [case for case in CASES if case[0] in VENUES])
def test_whom_a_venue_serves_is_visible(kind: str, number: int) -> None:
    for seed in range(12):
        found = marks(drawn(kind, number, seed))
        if kind == "exchange":
            assert len(found) >= 2, found
        else:
            assert not found, found


def test_residents_false_hides_what_the_rest_of_the_brief_would_show() -> None:
    odd = Brief(
        "odd.example",
        "Odd",
        "global_exchange",
        ("zh-CN", "en"),
        ("CNY", "USDT"),
        ("BTC", "ETH"),
        False,
        OTHERS,
    )
    for design in DESIGNS["exchange"]:
        assert not marks(design(random.Random(1), odd))


@pytest.mark.parametrize("number", range(len(DESIGNS["geoblocked_exchange"])))
def test_a_geoblocked_venue_says_whom_it_refuses(number: int) -> None:
    for seed in range(8):
        pages = drawn("geoblocked_exchange", number, seed)
        assert pages["/__geoblock__"].status in (200, 403, 451)
        rest = text_of({path: page for path, page in pages.items() if path != "/__geoblock__"})
        assert re.search("mainland|Mainland|中國大陸", rest)


@pytest.mark.parametrize("number", range(len(DESIGNS["phishing"])))
def test_a_clone_sends_what_it_takes_elsewhere(number: int) -> None:
    pages = drawn("phishing", number, 3)
    assert re.search(r'action="https://[^"]+\.example/', text_of(pages))


def test_several_encodings_occur() -> None:
    used = {
        page.encoding
        for kind, number in CASES
        for seed in range(8)
        for page in drawn(kind, number, seed).values()
    }
    assert {"utf-8", "gb18030", "big5"} <= used


def tokens(pages: Pages) -> set[str]:
    found = {f"path:{path}" for path in pages}
    for page in pages.values():
        if isinstance(page.body, str) and page.content_type.startswith("text/html"):
            for value in re.findall(r'class="([^"]*)"', page.body):
                found |= {f"class:{name}" for name in value.split()}
    return found


def test_no_class_or_path_belongs_to_one_kind() -> None:
    """What 30 % of a kind's sites have, another kind has too; the four kinds of venue count as one."""
    seen: dict[str, Counter[str]] = {}
    sites: Counter[str] = Counter()
    for kind, designs in DESIGNS.items():
        group = "venue" if kind in VENUES else kind
        for seed in range(40):
            sites[group] += 1
            seen.setdefault(group, Counter()).update(tokens(drawn(kind, seed % len(designs), seed)))
    unique = {
        (kind, token)
        for kind, counts in seen.items()
        for token, count in counts.items()
        if count >= 0.3 * sites[kind]
        and token not in TOLERATED
        and not any(token in other for name, other in seen.items() if name != kind)
    }
    assert not unique, "\n".join(f"{kind} {token}" for kind, token in sorted(unique))
