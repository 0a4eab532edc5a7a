# ruff: noqa: E501  (tables of words and templates of markup are read by the line)
"""Pieces of pages that several kinds of sites share: tickers, books, forms, articles, guides."""

from __future__ import annotations

from ringfence.lab.designs.development.sketch import Sketch

_MEDIA = ("QQ", "微信")


def tickers(s: Sketch, count: int, *, link: str | None = None) -> str:
    """Pairs with last price, change and volume; linked to a path of the site, to others, or not at all."""
    lines = []
    for coin, quote in s.rng.sample(s.pairs, min(count, len(s.pairs))):
        change = s.rng.uniform(-8, 8)
        name = f"{coin}/{quote}"
        if link == "others" and s.brief.others:
            venue, host = s.rng.choice(s.brief.others)
            name = f'{name} <a href="https://{host}/" rel="nofollow">{venue}</a>'
        elif link:
            name = f'<a href="{s.path(link)}">{name}</a>'
        tone = s.c("up" if change > 0 else "down")
        lines.append(
            [
                name,
                s.figure(s.price(coin, quote)),
                f"<span{tone}>{change:+.2f}%</span>",
                f"{s.rng.randint(10, 90_000):,}",
            ]
        )
    return s.rows((s.t("pair"), s.t("last"), s.t("change"), s.t("volume")), lines)


def book(s: Sketch, depth: int) -> str:
    """Asks over bids of the site's first pair."""
    coin, quote = s.pairs[0] if s.pairs else ("BTC", "USD")
    middle = s.price(coin, quote)
    halves = []
    for side, sign, concept in ((s.t("sell"), 1, "asks"), (s.t("buy"), -1, "bids")):
        lines = [
            [
                f"{side} {level}",
                s.figure(middle * (1 + sign * level * 0.0007)),
                f"{s.rng.uniform(0.01, 9):.4f}",
            ]
            for level in range(1, depth + 1)
        ]
        head = ("", f"{s.t('price')}({quote})", f"{s.t('amount')}({coin})")
        halves.append(f"<div{s.c(concept)}>{s.rows(head, lines)}</div>")
    return f"<div{s.c('book')}><h3>{s.t('book')} {coin}/{quote}</h3>{halves[0]}{halves[1]}</div>"


def trades(s: Sketch, count: int) -> str:
    """A list of trades."""
    coin, quote = s.pairs[0] if s.pairs else ("BTC", "USD")
    lines = [
        [f"{s.rng.randint(0, 23):02d}:{s.rng.randint(0, 59):02d}", s.t(s.rng.choice(("buy", "sell"))),
         s.figure(s.price(coin, quote)), f"{s.rng.uniform(0.001, 4):.4f}"]
        for _ in range(count)
    ]  # fmt: skip
    return f"<h3>{s.t('history')}</h3>" + s.rows((s.t("time"), "", s.t("price"), s.t("amount")), lines)


def orders(s: Sketch, *, off: bool = False) -> str:
    """A pair of forms to buy and to sell by price and amount. ``off``: a picture of them."""
    coin, quote = s.pairs[0] if s.pairs else ("BTC", "USD")
    names = s.rng.choice((("price", "amount"), ("rate", "qty"), ("p", "num"), ("limitPrice", "volume")))
    forms = [
        s.form(s.path("trade"), [(f"{s.t('price')} {quote}", names[0], "text"), (f"{s.t('amount')} {coin}", names[1], "text")],
               f"{s.t(side)} {coin}", off=off)
        for side in ("buy", "sell")
    ]  # fmt: skip
    balance = f"<p{s.c('muted')}>{s.t('balance')}: 0.00 {quote}</p>"
    return f"<div{s.c('row')}>{balance}{''.join(forms)}</div>"


def login(s: Sketch, action: str | None = None) -> str:
    """Name and password."""
    fields = [(s.t("email"), "email", "text"), (s.t("password"), "password", "password")]
    return s.form(action or s.path("login"), fields, s.t("login"))


def signup(s: Sketch) -> str:
    """A new account, by e-mail or telephone."""
    fields = [
        (s.t("phone"), "phone", "phone"),
        (s.t("email"), "email", "text"),
        (s.t("password"), "password", "password"),
    ]
    return s.form(s.path("signup"), fields, s.t("signup"))


def rails(s: Sketch) -> str:
    """Ways to pay: local ones where the home country's residents are served, others elsewhere."""
    local = (
        ["支付宝", "微信支付", "银联", "银行卡"]
        if s.language == "zh-Hans"
        else ["Alipay", "WeChat Pay", "UnionPay", "Bank of the city"]
    )
    other = ["SEPA", "SWIFT", "Visa", "Mastercard", "PIX", "Bank transfer", "PayPal"]
    ways = s.rng.sample(local, s.rng.randint(2, 3)) if s.brief.residents else s.rng.sample(other, 3)
    return s.rows(
        (s.t("deposit"), s.t("fees")), [[way, f"{s.rng.choice((0, 0.1, 0.5, 1))}%"] for way in ways]
    )


def groups(s: Sketch) -> str:
    """Groups to join: local messengers or others."""
    if s.brief.residents:
        return "".join(f"<p>{name}: {s.rng.randint(10**7, 10**9)}</p>" for name in _MEDIA)
    return "<p>Telegram, Twitter, Reddit</p>"


def application(s: Sketch) -> str:
    """Where to get the application."""
    places = "iOS Android APK" if s.brief.residents else "App Store, Google Play"
    return (
        f'<p>{s.t("download")}: {places}</p><p><a href="/static/app-release.apk">{s.brief.name} APK</a></p>'
        if s.brief.residents
        else f"<p>{s.t('download')}: {places}</p>"
    )


def articles(s: Sketch, topic: str, count: int) -> str:
    """Headlines with a line each and a date."""
    parts = []
    for index in range(count):
        line, day = s.say(topic, 1)[0], f"2018-0{s.rng.randint(1, 8)}-{s.rng.randint(10, 28)}"
        parts.append(
            f'<div{s.c("item")}><a href="{s.path("news")}/{index}.html">{line}</a> <span{s.c("muted")}>{day}</span></div>'
        )
    return f"<div{s.c('list')}>{''.join(parts)}</div>"


def guide(s: Sketch) -> str:
    """How to trade somewhere else, with pictures of the forms there."""
    venue, host = s.brief.others[0] if s.brief.others else (s.brief.name, s.brief.host)
    steps = "".join(f"<li>{line}</li>" for line in s.say("guide", 6))
    return f'<p><a href="https://{host}/">{venue}</a></p><ol>{steps}</ol>{book(s, 4)}{orders(s, off=True)}'


def search(s: Sketch) -> str:
    """A search field."""
    return s.form(
        "/search", [(f"{s.t('search')} {s.t('address')} / {s.t('block')}", "q", "text")], s.t("search")
    )


def ledger(s: Sketch, count: int) -> str:
    """Rows of transactions with hashes."""
    lines = [
        [f"0x{s.rng.getrandbits(96):024x}", str(6_100_000 + s.rng.randint(0, 99_999)),
         f"{s.rng.uniform(0.001, 90):.4f} {s.rng.choice(s.brief.coins)}", s.t(s.rng.choice(("send", "deposit", "withdraw")))]
        for _ in range(count)
    ]  # fmt: skip
    return s.rows((s.t("address"), s.t("block"), s.t("amount"), ""), lines)


def goods(s: Sketch, count: int) -> str:
    """Things to buy with prices."""
    things = "Tea Notebook Lamp Mug Kettle Scarf Radio Chair".split()
    if s.language.startswith("zh"):
        things = "茶叶 笔记本 台灯 杯子 水壶 围巾 收音机 椅子".split()
    quote = s.brief.quotes[0]
    lines = [
        [f'<a href="{s.path("trade")}">{thing}</a>', f"{s.rng.randint(9, 400)}.00 {quote}", f"<button{s.c('button')}>{s.t('buy')}</button>"]
        for thing in s.rng.sample(things, min(count, len(things)))
    ]  # fmt: skip
    return s.rows(("", s.t("price"), ""), lines)


def transfer(s: Sketch) -> str:
    """A form that sends coins to an address."""
    to, amount, fee = s.rng.choice(
        (("to", "amount", "fee"), ("address", "amount", "fee"), ("addr", "num", "gas"))
    )
    fields = [(s.t("address"), to, "text"), (s.t("amount"), amount, "text"), (s.t("fees"), fee, "text")]
    return s.form(s.path("wallet"), fields, s.t(s.rng.choice(("send", "withdraw"))))


def interface(s: Sketch) -> str:
    """An example of a programming interface."""
    coin = s.brief.coins[0]
    return (
        f'<pre>GET /api/v1/depth?symbol={coin}\n{{"asks":[],"bids":[]}}\n'
        "POST /api/v1/order price amount\n</pre>"
    )


def restore(s: Sketch, action: str) -> str:
    """A form that asks for a recovery phrase."""
    fields = [(f"{s.t('wallet')} 12/24", s.rng.choice(("phrase", "mnemonic", "words")), "text")]
    return s.form(action, [*fields, (s.t("password"), "password", "password")], s.t("submit"))
