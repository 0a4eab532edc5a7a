"""Pages as bytes: any encoding, any markup, any size; read, and never raised over."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringfence.desks.platforms.blocks import MAX_NODES
from ringfence.desks.platforms.document import MAX_LINKS, MAX_SCRIPT, MAX_TEXT, parse
from ringfence.desks.platforms.markup import decode
from ringfence.desks.platforms.site import Site

TEXT = "行情 买入 卖出 BTC/USDT"
TRADITIONAL = "交易所 買賣 價格"


def read(markup, content_type="text/html; charset=utf-8", url="https://venue.example/"):
    body = markup if isinstance(markup, bytes) else markup.encode()
    return parse(body, url=url, content_type=content_type, digest="sha256:" + 64 * "0")


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        (TEXT.encode(), "text/html; charset=utf-8", TEXT),
        (TEXT.encode("gbk"), "text/html; charset=gbk", TEXT),
        (TEXT.encode("gbk"), 'text/html; charset="GB2312"', TEXT),
        (TRADITIONAL.encode("big5"), "text/html; charset=big5", TRADITIONAL),
        (b"\xef\xbb\xbf" + TEXT.encode(), "text/html", TEXT),
        (b"\xef\xbb\xbf" + TEXT.encode(), "text/html; charset=gbk", TEXT),
        (TEXT.encode("utf-16"), "text/html", TEXT),
        (b'<meta charset="gbk">' + TEXT.encode("gbk"), "text/html", '<meta charset="gbk">' + TEXT),
        (b"<meta charset=big5>" + TRADITIONAL.encode("big5"), "", "<meta charset=big5>" + TRADITIONAL),
        (TEXT.encode("gbk"), "text/html; charset=utf-8", TEXT),  # a header that lies
        (TEXT.encode(), "text/html; charset=x-no-such-thing", TEXT),
        (TEXT.encode("gbk"), "", TEXT),
        (b"", "text/html", ""),
    ],
    ids=["utf-8", "gbk", "gb2312", "big5", "bom", "bom against the header", "utf-16", "meta", "meta big5",
         "lying header", "unknown charset", "nothing said", "nothing"],
)  # fmt: skip
def test_text_comes_out_whatever_is_declared(body, content_type, text):
    assert decode(body, content_type).lstrip("\ufeff") == text


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "big5"])
def test_a_page_cut_within_a_character_loses_that_character_alone(encoding):
    text = TRADITIONAL * 300
    whole = text.encode(encoding)
    for cut in range(1, 4):
        read_back = decode(whole[:-cut], f"text/html; charset={encoding}")
        assert text.startswith(read_back.rstrip("\ufffd")) and len(text) - len(read_back) <= 6


@given(st.binary(max_size=2000), st.text(max_size=60))
@settings(max_examples=200, deadline=None)
def test_decoding_never_raises(body, content_type):
    assert isinstance(decode(body, content_type), str)


tags = st.sampled_from(
    """a form input button table tr td th ul li div p script style select option meta link title html body
    fieldset figure svg template iframe area h1 pre""".split()
)
attributes = st.sampled_from(
    ['href="http://[bad"', 'href="//"', 'action="https://[::1"', "disabled", 'type=password', 'class="btn"',
     'src="http://[x"', 'rel=canonical', 'rel=icon', 'charset=gbk', 'name="price"', 'href="\x00"',
     "lang=zh", 'href="https://ⅷ.example\u2100/"', 'content="' + "x" * 500 + '"', "type=\uffff"]
)  # fmt: skip
markup = st.lists(
    st.one_of(
        st.builds(lambda tag, attribute: f"<{tag} {attribute}>", tags, attributes),
        st.builds("</{}>".format, tags),
        st.text(max_size=20),
        st.sampled_from(["<!--", "-->", "<![CDATA[", "&#x110000;", "&", "<", "]]>", "BTC/USDT"]),
    ),
    max_size=40,
).map("".join)


@given(st.one_of(markup.map(lambda text: text.encode("utf-8", "replace")), st.binary(max_size=1500)))
@settings(max_examples=300, deadline=None)
def test_parsing_never_raises_and_neither_does_what_reads_the_page(body):
    page = read(body)
    site = Site("venue.example", (page,))
    for link in page.links:
        assert site.own(link.url) in (True, False)
    assert len(page.text) <= MAX_TEXT


LONG = [
    "<p>word BTC/USDT word</p>",
    "<a href=/trade/btc_usdt>BTC/USDT</a>",
    "<script>var pairs = ['BTC/USDT'];</script>",
    "<tr><td>BTC<td>1",
    "<ul><li><a href=/x>x</a></li></ul>",
    "<input><button>buy</button>",
    "\u4ea4",
]
# Kilobytes of each that take about a second today; all of them grow with the square of the page.
DEEP = [("<div>", 150), ("<form><input><button>buy</button>", 40), ("<table><tr><td>", 3)]


def seconds(piece, size):
    body = b"<html><body>" + (piece * (size // len(piece.encode()))).encode()
    began = time.process_time()
    page = read(body)
    took = time.process_time() - began
    assert len(page.text) <= MAX_TEXT and len(page.scripts) <= 2 * MAX_SCRIPT
    assert len(page.links) <= MAX_LINKS and len(page.panels) <= 2 * MAX_NODES
    return took


@pytest.mark.parametrize("piece", LONG)
def test_a_ten_megabyte_page_costs_no_more_than_a_long_one(piece):
    # The instrument keeps three megabytes of a page; a saved one may be longer.
    assert seconds(piece, 10_000_000) < 10


@pytest.mark.parametrize(("piece", "kilobytes"), DEEP)
def test_a_deep_page_costs_no_more_than_a_long_one(piece, kilobytes):
    # Seconds to hours before markup was cut at a depth; the bound is wide, for busy machines.
    assert seconds(piece, kilobytes * 1000) < 2


FORM = '<form action="/order"><input name=price><input name=amount><button>Buy</button></form>'


def test_a_form_that_works_is_a_panel():
    (panel,) = read(f"<body>{FORM}").panels
    assert panel.action == "https://venue.example/order"
    assert panel.buttons == ("Buy",) and len(panel.fields) == 2


@pytest.mark.parametrize(
    "picture",
    [
        FORM.replace("<input", "<input disabled"),
        FORM.replace("<input", "<input readonly"),
        FORM.replace("<form", "<form inert"),
        f"<figure>{FORM}</figure>",
        f"<blockquote>{FORM}</blockquote>",
        f"<pre>{FORM}</pre>",
        f"<div inert>{FORM}</div>",
        FORM.replace("<input", "<fieldset disabled><input", 1),
        f"<template>{FORM}</template>",
        f"<!-- {FORM} -->",
        FORM.replace("<input", "<input type=hidden"),
    ],
)
def test_a_form_that_cannot_be_used_is_none(picture):
    assert all(not panel.fields for panel in read(f"<body>{picture}").panels)


def test_nothing_is_read_twice_where_blocks_lie_within_each_other():
    deep = "<div>" * 400 + FORM + "</div>" * 400
    assert len(read(f"<body>{deep}").panels) <= 2


@pytest.mark.parametrize(
    ("host", "url", "own"),
    [
        ("venue.example", "https://venue.example/x", True),
        ("venue.example", "https://www.venue.example/", True),
        ("www.venue.example", "https://api.trade.venue.example/", True),
        ("venue.example", "https://VENUE.example/", True),
        ("venue.example", "https://othervenue.example/", False),
        ("venue.example", "https://venue.example.evil.example/", False),
        ("venue.co.uk", "https://other.co.uk/", False),
        ("venue.com.cn", "https://m.venue.com.cn/", True),
        ("a.github.io", "https://b.github.io/", False),
        ("a.github.io", "https://a.github.io/x", True),
        ("a.github.io", "https://github.io/", False),
        ("venue.example", "mailto:a@venue.example", False),
        ("venue.example", "", False),
        ("venue.example", "https://", False),
        ("venue.example", "https://user@other.example/venue.example", False),
    ],
)
def test_what_belongs_to_a_site(host, url, own):
    assert Site(host, ()).own(url) is own
