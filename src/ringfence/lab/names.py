"""Invented names for the innocents: made of ordinary words, never of a real firm's name by intent."""

from __future__ import annotations

import random

_FIRST = """amber birch cinder dapple ember fallow gorse harrow indigo juniper kestrel larch marrow nettle
ochre plover quarry russet sable tallow umber vetch willow yarrow zephyr alder bracken copper dusk fennel
glade heron ivory lantern meadow north pebble quill ridge spruce tidal velvet woven""".split()
_SECOND = """acre barn brook cairn dell eddy fold gate hollow inlet knoll ledge mere notch orchard pond
quay reach spit thicket vale weir yard bluff croft drift field grove haven isle""".split()
_PINYIN = """qing feng yun hai lan shan ming yue xing chen bai he lin jing zhu song mei tian he dong
hua shu ting xue""".split()
_TOPIC = {
    "news": "daily post wire times herald review bulletin express".split(),
    "explorer": "scan blocks chainview ledger trace".split(),
    "wallet": "wallet vault keys pocket keeper".split(),
    "technology": "chain ledger labs protocol dev consortium".split(),
    "price": "quotes charts ticker caps prices".split(),
    "fan": "fans forum notes club community".split(),
    "merchant": "shop store goods market supply".split(),
    "parked": "online web site group digital".split(),
    "other": "blog garden school museum clinic travel bank notes".split(),
}
_SUFFIXES = {
    "zh-Hans": ("com", "cn", "com.cn", "net", "top"),
    "zh-Hant": ("com.tw", "com.hk", "hk", "tw"),
    "ja": ("jp", "co.jp", "com"),
    "ko": ("co.kr", "kr", "com"),
    "ru": ("ru", "com", "org"),
    "es": ("es", "com.mx", "com"),
    "de": ("de", "com"),
    "pt": ("com.br", "pt"),
    "tr": ("com.tr", "com"),
    "fr": ("fr", "com"),
}
_ANYWHERE = ("com", "net", "org", "io", "info", "co")
_PRIVATE = ("github.io", "blogspot.com", "netlify.app", "vercel.app", "herokuapp.com", "gitlab.io", "web.app")
_LURE = ("login", "verify", "support", "secure", "account", "airdrop", "bonus", "wallet", "id-check")
_ODD = ("top", "xyz", "site", "online", "info", "live", "cc")


def invented(rng: random.Random, kind: str, language: str, brand: str) -> tuple[str, str]:
    """(name, host) for an innocent of a kind. ``brand`` is the first label of an exchange's host.

    Fans and news sometimes carry the brand in their own name or below it; phishing clones
    always do; one in eight lives under a private suffix, as a tenant.
    """
    if kind == "phishing":
        return _clone(rng, brand)
    words = [rng.choice(_FIRST), rng.choice(_SECOND)]
    if language.startswith("zh") and rng.random() < 0.6:
        words = [rng.choice(_PINYIN), rng.choice(_PINYIN), rng.choice(_PINYIN)]
    topic = rng.choice(_TOPIC[kind])
    name = "".join(words).capitalize() + " " + topic.capitalize()
    label = "".join(words) + rng.choice(("", "-")) + topic
    if rng.random() < 0.125 and kind not in {"parked", "merchant"}:
        return name, f"{label}.{rng.choice(_PRIVATE)}"
    host = f"{label}.{rng.choice(_SUFFIXES.get(language, _ANYWHERE))}"
    if kind in {"fan", "news", "technology"} and rng.random() < 0.25:
        return name, f"{rng.choice((brand, 'status', 'docs', 'forum'))}.{host}"
    if kind == "fan" and rng.random() < 0.4:
        return f"{brand.capitalize()} {topic}", f"{brand}-{topic}-{words[0]}.{rng.choice(_ANYWHERE)}"
    return name, host


def _clone(rng: random.Random, brand: str) -> tuple[str, str]:
    lure = rng.choice(_LURE)
    suffix = rng.choice(_ODD)
    word = rng.choice(_FIRST)
    host = rng.choice(
        (
            f"{brand}-{lure}.{word}{rng.choice(_SECOND)}.{suffix}",
            f"{brand}{lure}-{word}.{suffix}",
            f"{lure}-{brand}-{word}.{suffix}",
            f"{brand}-{word}.{rng.choice(_PRIVATE)}",
        )
    )
    return brand.capitalize(), host
