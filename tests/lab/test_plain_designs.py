"""The development designs after real sites: the same at every call, whole, and true to their brief."""

import random
import re

import pytest

from ringfence.lab.designs.development import DESIGNS, plain
from ringfence.lab.site import Brief, Page

HOME = re.compile(
    r"支付宝|微信|银行卡|Alipay|WeChat|UnionPay|QQ|\+86|\bAPK\b|\bCNY\b|身份证"
    r"|北京时间|Beijing|resident identity"
)
MEANS = {
    "language": re.compile(r'lang="zh(-CN|-Hans)?"'),
    "pairs": re.compile(r"\bCNY\b"),
    "rails": re.compile(r"支付宝|微信支付|银行卡|Alipay|WeChat Pay|UnionPay"),
    "phone": re.compile(r"\+86"),
    "app": re.compile(r"\bAPK\b"),
}
TONGUES = (
    ("zh-Hans",),
    ("en", "zh-Hans"),
    ("zh-Hant", "en"),
    ("ja",),
    ("ko",),
    ("ru",),
    ("es", "en"),
    ("de",),
)
VENUES = {
    "exchange": [
        (("zh-Hans", "en"), ("USDT", "BTC")),
        (("en",), ("CNY", "USDT", "BTC")),
        (("en",), ("USDT", "BTC")),
        (("zh-Hans",), ("CNY", "BTC")),
    ],
    "geoblocked_exchange": [(("en", "ja", "ru"), ("USDT", "BTC")), (("en", "ko"), ("USDT", "ETH"))],
    "local_exchange": [
        (("ja",), ("JPY", "BTC")),
        (("ru",), ("RUB", "BTC")),
        (("zh-Hant",), ("TWD", "BTC")),
        (("ko",), ("KRW", "BTC")),
    ],
    "global_exchange": [(("en",), ("USD", "BTC"))],
}
ALL = [(kind, design) for kind, designs in plain.DESIGNS.items() for design in designs]


def brief(kind, languages, quotes):
    return Brief(
        host="invented.example",
        name="Plover Field",
        kind=kind,
        languages=languages,
        quotes=quotes,
        coins=("BTC", "ETH", "LTC", "EOS", "NEO", "GAS", "ADA"),
        residents=kind == "exchange",
        others=(("Alder", "alder.example"), ("Birch", "birch.example"), ("Cedar & Co", "cedar.example")),
    )


def briefs(kind):
    told = VENUES.get(kind) or [
        (tongue, ("CNY", "USD") if "zh-Hans" in tongue else ("USD", "BTC")) for tongue in TONGUES
    ]
    return [brief(kind, *item) for item in told]


def pages_text(pages):
    return "".join(page.body for page in pages.values() if "html" in page.content_type)


@pytest.mark.parametrize(("kind", "design"), ALL, ids=lambda item: getattr(item, "__name__", item))
def test_a_design_is_the_same_at_every_call_and_keeps_the_contract(kind, design):
    for seed, told in enumerate(briefs(kind)):
        pages = design(random.Random(seed), told)
        assert pages == design(random.Random(seed), told)
        assert pages["/"].status == 200 and "/favicon.ico" in pages
        for path, page in pages.items():
            assert path.startswith("/") and isinstance(page, Page)
            assert len(page.body.encode(page.encoding)) < 60_000
            if "html" in page.content_type:
                assert "<title>" in page.body and page.body.rstrip().endswith("</html>")


@pytest.mark.parametrize(
    ("kind", "design"),
    [item for item in ALL if item[0] in VENUES],
    ids=lambda item: getattr(item, "__name__", item),
)
def test_a_venue_s_links_lead_somewhere_and_it_shows_whom_it_serves(kind, design):
    for seed in range(12):
        for told in briefs(kind):
            pages = design(random.Random(seed), told)
            text = pages_text(pages)
            targets = re.findall(r"""<a [^>]*?href=["'](/[^"'?#]*)""", text)
            assert sum(target in pages for target in targets) >= 0.9 * len(targets)
            if told.residents:
                assert sum(bool(means.search(text)) for means in MEANS.values()) >= 2
            else:
                assert not HOME.search(text), HOME.search(text)


def test_a_geo_block_has_a_page_of_its_own():
    for design in plain.DESIGNS["geoblocked_exchange"]:
        assert "/__geoblock__" in design(random.Random(1), briefs("geoblocked_exchange")[0])


def test_old_and_new_designs_are_both_drawn():
    for kind, designs in plain.DESIGNS.items():
        assert set(designs) < set(DESIGNS[kind])
