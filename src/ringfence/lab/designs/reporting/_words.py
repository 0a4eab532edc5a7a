"""Words of a site in its language: interface labels, phrasings, invented names and dates."""

from __future__ import annotations

import random
import zlib

from ringfence.lab.designs.reporting._languages import SIMPLIFIED, TABLES, TRADITIONAL

_TO_TRADITIONAL = str.maketrans(SIMPLIFIED, TRADITIONAL)

NATIVE = {
    "en": "English",
    "zh-CN": "简体中文",
    "zh-TW": "繁體中文",
    "ja": "日本語",
    "ko": "한국어",
    "ru": "Русский",
    "vi": "Tiếng Việt",
    "tr": "Türkçe",
    "es": "Español",
    "pt": "Português",
    "de": "Deutsch",
    "fr": "Français",
    "id": "Bahasa Indonesia",
}


def _parse(table: str) -> dict[str, tuple[str, ...]]:
    rows = (line.partition("=") for line in table.strip().splitlines())
    return {key: tuple(value.split("|")) for key, _, value in rows}


_WORDS = {language: _parse(table) for language, table in TABLES.items()}


def is_chinese(language: str) -> bool:
    """Whether a tag is Chinese in either script."""
    return language.lower().split("-")[0] == "zh"


def is_simplified(language: str) -> bool:
    """Whether a tag is Chinese as written on the mainland."""
    return is_chinese(language) and not any(part in language.lower() for part in ("tw", "hk", "hant", "mo"))


def traditional(text: str) -> str:
    """A text in traditional characters (the characters that these designs use)."""
    return text.translate(_TO_TRADITIONAL)


def native(language: str) -> str:
    """A language's own name, for language menus."""
    if is_chinese(language):
        return NATIVE["zh-CN" if is_simplified(language) else "zh-TW"]
    return NATIVE.get(language.split("-")[0], language)


class Words:
    """Interface words of one site in one language; a key has one phrasing through the whole site."""

    def __init__(self, seed: int, language: str) -> None:
        self.seed = seed
        self.language = language
        base = language.lower().split("-")[0]
        self.base = base
        self.chinese = base == "zh"
        self.full = base in _WORDS
        self._table = _WORDS.get(base, {})

    def __call__(self, key: str, **values: object) -> str:
        """The label for a key, in English where the language lacks it."""
        options = self._table.get(key) or _WORDS["en"].get(key) or (key.capitalize(),)
        text = options[zlib.crc32(f"{self.seed}{key}".encode()) % len(options)]
        if values:
            text = text.format(**values)
        return self.script(text) if self.chinese else text

    def script(self, text: str) -> str:
        """Chinese text in the script of the site's language."""
        return text if is_simplified(self.language) else traditional(text)

    def pick(self, english: str, chinese: str) -> str:
        """One of two texts, by language."""
        return self.script(chinese) if self.chinese else english


def words(rng: random.Random, language: str) -> Words:
    """Words for a site whose choices of phrasing come from rng."""
    return Words(rng.randrange(1 << 30), language)


_GIVEN = (
    "Ada Bram Carla Daven Elke Farid Greta Hollis Ines Jorun Kaito Lena Milo Nadja Orla Piet Quin Rosa Sven "
    "Tamsin Ugo Vera Wim Xenia Yara Zoltan Amira Benoit Celeste Dorian"
).split()
_FAMILY = (
    "Aldermoor Brickwell Castellane Dunmarrow Eastlake Farrowby Glenstrom Hartwick Jarrowby Kestrel "
    "Lindqvale Marchbank Norrwood Oakhanger Pellworth Quarrington Ravensby Saltmarsh Thornquist Underhay "
    "Vexley Winterbourne Yarrowdale Zellhof"
).split()
_ZH_PEN = "阿布 老猫头 石榴 小北 木易 长夜 山风 青柠 半夏 墨鱼 江南客 十一 麦田 鹿鸣 白杨 南瓜".split()
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def person(rng: random.Random, chinese: bool = False) -> str:
    """An invented person, or a pen name in Chinese."""
    if chinese:
        return rng.choice(_ZH_PEN)
    return f"{rng.choice(_GIVEN)} {rng.choice(_FAMILY)}"


def handle(rng: random.Random) -> str:
    """An invented user name."""
    stem = rng.choice(_GIVEN).lower() + rng.choice(("", "_", ".")) + rng.choice(_FAMILY).lower()[:4]
    return stem + str(rng.randrange(2, 999))


def day(rng: random.Random, chinese: bool = False) -> str:
    """A date in mid 2018."""
    month, date = rng.randrange(4, 9), rng.randrange(1, 29)
    if chinese:
        return rng.choice((f"2018-{month:02}-{date:02}", f"2018年{month}月{date}日"))
    return rng.choice((f"2018-{month:02}-{date:02}", f"{date} {_MONTHS[month - 1]} 2018"))


def clock(rng: random.Random) -> str:
    """A time of day."""
    return f"{rng.randrange(24):02}:{rng.randrange(60):02}:{rng.randrange(60):02}"
