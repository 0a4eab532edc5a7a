"""Whom a site addresses: signs that it serves residents of mainland China, and signs that it does not.

A sign counts where a service shows it: languages, pairs, ways to pay, telephone codes, apps and
groups, identity documents. Two *different means* are needed. A statement that residents are
refused counts against; a refusal seen from inside decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ringfence.desks.platforms import lexicon
from ringfence.desks.platforms.assets import pairs
from ringfence.desks.platforms.document import Document
from ringfence.desks.platforms.site import Seen, Site, seen

VERSION: Final = "1"  # of the weights and means; a change of either is a new version
WEIGHTS: Final = {
    "residents.language": 400,
    "residents.language_menu": 250,
    "residents.pairs": 350,
    "residents.currency": 200,
    "residents.alipay": 350,
    "residents.wechat_pay": 350,
    "residents.unionpay": 300,
    "residents.bank": 300,
    "residents.phone_code": 300,
    "residents.phone_code_listed": 150,
    "residents.app": 200,
    "residents.package": 150,
    "residents.groups": 200,
    "residents.identity": 250,
    "residents.hours": 200,
    "residents.refused": -800,
    "residents.geoblocked": -2000,
}
# What tells one *means* from another. Each payment system has its own customers, cards and accounts:
# two of them are two means; a card scheme and a bank that issues its cards are one.
MEANS: Final = {
    "residents.language": "language",
    "residents.language_menu": "language",
    "residents.pairs": "currency",
    "residents.currency": "currency",
    "residents.alipay": "alipay",
    "residents.wechat_pay": "wechat_pay",
    "residents.unionpay": "bank",
    "residents.bank": "bank",
    "residents.phone_code": "telephone",
    "residents.phone_code_listed": "telephone",
    "residents.app": "apps",
    "residents.package": "apps",
    "residents.groups": "groups",
    "residents.identity": "identity",
    "residents.hours": "hours",
}
_HAN = re.compile(r"[\u3400-\u9fff]")
_KANA_HANGUL = re.compile(r"[\u3040-\u30ff\uac00-\ud7af]")
# Characters that differ between the scripts, frequent in this field; one form each.
_SIMPLIFIED = frozenset(
    "买卖币价额单证实账户认资产开关发风险声链场数论坛术语对网络这个们来时会说国动与为当务请图书长门问间闻业专东车马龙变应"
)
_TRADITIONAL = frozenset(
    "買賣幣價額單證實賬帳戶認資產開關發風險聲鏈場數論壇術語對網絡這個們來時會說國動與為當務請圖書長門問間聞業專東車馬龍變應"
)
_ONLY_SIMPLIFIED = _SIMPLIFIED - _TRADITIONAL
_ONLY_TRADITIONAL = _TRADITIONAL - _SIMPLIFIED
_MESSENGER = re.compile(
    r"(?<![A-Za-z])QQ\s?(?:群|号|群号|客服)?\s?[:：]?\s?\d{5,11}(?!\d)"
    r"|(?:微信|WeChat|Weixin)\s?(?:号|群|ID|客服)?\s?[:：]\s?[A-Za-z0-9_-]{5,20}",
    re.IGNORECASE,
)
_CODE = re.compile(r"(?<!\d)(?:\+|00)\s?86(?!\d)")
_WORDS: Final = (
    "currency",
    "alipay",
    "wechat_pay",
    "unionpay",
    "bank",
    "groups",
    "app",
    "identity",
    "hours",
)
_SIMPLIFIED_TAGS = ("zh-cn", "zh-hans", "zh_cn", "zh-sg")


def signs(site: Site) -> Iterator[Seen]:
    """The signs seen on a site's pages, in a fixed order; weights in `WEIGHTS`."""
    for page in site.pages:
        yield from _language(page)
    for page in site.pages:
        yield from _language_menu(page)
        text = page.all_text
        for base, quote in pairs(text):
            if quote in ("CNY", "RMB", "CNH", "CNYT", "QC", "BITCNY"):
                yield seen("residents.pairs", f"{base}/{quote}", page)
                break
        for sign in (
            "currency",
            "alipay",
            "wechat_pay",
            "unionpay",
            "bank",
            "groups",
            "app",
            "identity",
            "hours",
        ):
            excerpt = lexicon.first(sign, text, "residents")
            if excerpt is not None:
                yield seen(f"residents.{sign}", excerpt, page)
        yield from _package(page)
        yield from _messengers(page)
        yield from _phone_codes(page)
        yield from _refusal(page)


def means(site: Site) -> set[str]:
    """The different means by which a site addresses residents."""
    return {MEANS[sign.id] for sign in signs(site) if sign.id in MEANS}


def is_simplified(text: str, least: int = 40) -> bool:
    """Whether a text is in Chinese in the simplified script (at least ``least`` Han characters, no kana
    or hangul to speak of, simplified forms three times as frequent as traditional ones)."""
    sample = text[:20_000]
    han = len(_HAN.findall(sample))
    if han < least or len(_KANA_HANGUL.findall(sample)) * 10 > han:
        return False
    simplified = sum(char in _ONLY_SIMPLIFIED for char in sample)
    traditional = sum(char in _ONLY_TRADITIONAL for char in sample)
    return simplified >= max(1, min(5, least // 4)) and simplified > 3 * traditional


def _language(page: Document) -> Iterator[Seen]:
    # A page drawn by a script holds few words: there its declared language counts, if its title agrees.
    named = page.title + page.description
    declared = page.lang.startswith(_SIMPLIFIED_TAGS) and is_simplified(named, least=4)
    if declared or is_simplified(page.text) or is_simplified(_unescape(page.scripts)):
        yield seen("residents.language", page.title or page.text[:80], page)


def _language_menu(page: Document) -> Iterator[Seen]:
    for link in page.links:
        if link.lang.startswith(_SIMPLIFIED_TAGS) or (
            len(link.text) <= 40 and lexicon.has("language", link.text, "residents")
        ):
            yield seen("residents.language_menu", link.text or link.lang, page)
            return
    for option in page.options:
        if len(option) <= 40 and lexicon.has("language", option, "residents"):
            yield seen("residents.language_menu", option, page)
            return


def _package(page: Document) -> Iterator[Seen]:
    """An Android package for direct download: the usual way around stores that residents do not have.
    On a page in simplified Chinese it is an address; elsewhere a hint."""
    for link in page.links:
        if link.url.lower().partition("?")[0].endswith(".apk"):
            local = is_simplified(page.text, least=10)
            yield seen("residents.app" if local else "residents.package", link.url, page)
            return


def _messengers(page: Document) -> Iterator[Seen]:
    """A QQ number or a WeChat name to turn to."""
    if (match := _MESSENGER.search(page.text + " " + page.scripts)) is not None:
        yield seen("residents.groups", match.group(), page)


def _phone_codes(page: Document) -> Iterator[Seen]:
    codes = [option for option in page.options if re.search(r"\+\s?\d{1,4}\b", option)]
    listed = [option for option in codes if _CODE.search(option)]
    if listed:
        # Among two hundred codes +86 says little; as the first, or among a few, it is an address.
        strong = len(codes) <= 20 or _CODE.search(codes[0])
        yield seen("residents.phone_code" if strong else "residents.phone_code_listed", listed[0], page)
    elif (match := _CODE.search(page.text + " " + page.scripts)) is not None:
        around = (page.text + " " + page.scripts)[max(0, match.start() - 40) : match.end() + 20]
        yield seen("residents.phone_code", around, page)


def _refusal(page: Document) -> Iterator[Seen]:
    # The statement and the country must stand close together, in one breath.
    for start, end in lexicon.spans("refusal", page.text, "residents"):
        around = page.text[max(0, start - 80) : end + 260]
        if lexicon.has("refused_here", around, "residents"):
            yield seen("residents.refused", around, page)
            return


def _unescape(scripts: str) -> str:
    if "\\u" not in scripts:
        return scripts
    return re.sub(r"\\u([0-9a-fA-F]{4})", lambda match: chr(int(match.group(1), 16)), scripts)
