"""Shops that sell goods or services and take coins among other means of payment."""
# ruff: noqa: E501 — Chinese counts double

from __future__ import annotations

import random
from typing import Any

from ringfence.lab.designs.reporting._bundle import assets, draw
from ringfence.lab.designs.reporting._html import places
from ringfence.lab.site import Brief, Pages

_STOCK = {
    "tea": "Spring green tea 200 g=明前龙井200克|Aged white tea=老白茶饼|Tea tray=竹茶盘|Gaiwan=手绘盖碗|Oolong 500 g=铁观音500克|Jasmine=茉莉花茶",
    "gear": "Graphics card, used=二手显卡|Power supply 1600 W=1600瓦电源|Mining rig S9, used=二手矿机S9|Fan set=风扇套装|Riser cards=转接卡|Frame=机架",
    "host": "VPS 1 GB=云主机1GB|VPS 4 GB=云主机4GB|Dedicated server=独立服务器|Domain=域名注册|SSL certificate=SSL证书|Backup 100 GB=备份100GB",
    "cards": "Phone credit 50=话费50元|Phone credit 100=话费100元|Game card=游戏点卡|Music, a year=音乐会员年卡|Bookshop voucher=图书代金券|Film ticket=电影票",
}


def _shop(
    rng: random.Random,
    brief: Brief,
    bundle: str,
    stock: str,
    css: str,
    js: str = "",
    **more: Any,  # noqa: ANN401 — what a template needs
) -> Pages:
    pairs = [tuple(line.split("=")) for line in _STOCK[stock].split("|")]
    goods = [
        (i + 1, en, zh, round(rng.uniform(3, 380), 2), rng.randrange(90)) for i, (en, zh) in enumerate(pairs)
    ]
    unit = "CNY" if "CNY" in brief.quotes or any(t.startswith("zh") for t in brief.languages) else "USD"
    return assets(
        draw(bundle, rng, brief, goods=goods, unit=unit, css=css, js=js, **more), rng, css, js, "cart goods"
    )


def shop(rng: random.Random, brief: Brief) -> Pages:
    """An ordinary shop with cart and checkout."""
    return _shop(rng, brief, "merchant_shop", rng.choice(("tea", "gear")), *places(rng))


def hosting(rng: random.Random, brief: Brief) -> Pages:
    """A hosting firm with plans, a client area with balance and invoices."""
    return _shop(rng, brief, "merchant_hosting", "host", *places(rng))


def topup(rng: random.Random, brief: Brief) -> Pages:
    """A shop for phone credit and vouchers: pick, pay, receive a code."""
    return _shop(rng, brief, "merchant_topup", "cards", places(rng)[0])


def secondhand(rng: random.Random, brief: Brief) -> Pages:
    """A board of second-hand goods where members buy and sell things through escrow."""
    return _shop(rng, brief, "merchant_secondhand", "gear", *places(rng))


DESIGNS = (shop, hosting, topup, secondhand)
