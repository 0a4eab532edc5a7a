# ruff: noqa: E501  (tables of words and templates of markup are read by the line)
"""Price sites, wallets, explorers, and those who build software for others."""

from __future__ import annotations

import random
from collections.abc import Callable

from ringfence.lab.designs.development.plain.kit import Kit
from ringfence.lab.site import Brief, Pages


def start(rng: random.Random, brief: Brief, prose: Callable[[Kit], list[str]], *first: str) -> Kit:
    """A kit with a layout and a prose."""
    k = Kit(rng, brief)
    k.prose = lambda: prose(k)
    pool = [key for key in ("about", "news", "help", "contact", "login", "markets", "download", "list", "api", "signup", "fees", "trade", "assets") if key not in first]
    k.layout = k.frame([*first, *rng.sample(pool, 4)], f"<p>{k.a('terms')} {k.a('privacy')} {k.a('about')}</p>")
    return k


def elsewhere(k: Kit) -> None:
    """A front page in each further language."""
    for tag in k.brief.languages[1:]:
        first, k.lang = k.lang, tag
        k.put(k.lang_path(tag), k.name, f"<h1>{k.name}</h1>{k.para(5)}")
        k.lang = first


def _quotes_prose(k: Kit) -> list[str]:
    coin, q = k.coins[0], k.brief.quotes[0]
    return [
        k.say(f"{k.name}汇总各交易所公开行情，每分钟更新一次，不提供交易服务。", f"{k.name} collects public prices from exchanges every minute. Nothing is bought or sold here.", ja=f"{k.name}は各取引所の公開価格を毎分集計しています。", ko=f"{k.name}는 각 거래소의 공개 시세를 집계합니다.", ru=f"{k.name} собирает открытые котировки бирж раз в минуту.", es=f"{k.name} reúne precios públicos de los mercados cada minuto."),
        k.say(f"{coin}价格按成交量加权平均，异常报价会被剔除。", f"The price of {coin} is an average weighted by volume; outliers are left out.", ja="価格は出来高加重平均です。", ko="가격은 거래량 가중평균입니다.", ru="Цена — среднее, взвешенное по объёму.", es="El precio es una media ponderada por volumen."),
        k.say(f"当前1 {coin}约合{k.f(k.price(coin, q))} {q}。" if coin != q else "行情仅供参考。", f"One {coin} is worth {k.f(k.price(coin, q))} {q} at the moment." if coin != q else "Figures are for information.", ru="Данные приводятся для справки.", es="Datos a título informativo."),
        k.say("部分平台的成交量无法核实，排名时不计入。", "Volumes that we cannot confirm are shown and left out of the ranking.", ja="確認できない出来高は除外します。", ko="확인되지 않은 거래량은 제외합니다.", ru="Объёмы, которые нельзя проверить, в рейтинг не входят.", es="Los volúmenes no verificables no puntúan."),
    ]  # fmt: skip


def ranking(rng: random.Random, brief: Brief) -> Pages:
    """Coins by market value, and venues by volume with links out."""
    k = start(rng, brief, _quotes_prose, "list", "markets")
    quote = brief.quotes[0]
    coins = [c for c in k.coins if c != quote]
    rows = [[str(n), f'<a href="{k.p("topic")}/{c.lower()}">{c}</a>', k.f(k.price(c, quote) * 17e6), f"{k.f(k.price(c, quote))} {quote}", f"{rng.randint(10**6, 10**9):,}", k.pct(), "<svg width='60' height='20'><path d='M0 9L60 3'/></svg>"] for n, c in enumerate(coins, 1)]
    head = (k.t("rank"), k.t("name"), k.t("cap"), k.t("price"), k.t("volume"), k.t("change"), "7d")
    k.put("/", k.say(f"{k.name} 数字货币市值排行", f"{k.name}: coins by market cap"), k.table(head, rows) + k.para(2))
    venues = [[str(n), f'<a href="https://{host}/" target="_blank" rel="nofollow">{name}</a>', f"{rng.randint(10**5, 10**8):,}", str(rng.randint(9, 400))] for n, (name, host) in enumerate(brief.others, 1)]
    k.put(k.p("list"), k.say("交易所排行", "Exchanges by volume", ja="取引所ランキング", ko="거래소 순위", ru="Рейтинг бирж", es="Mercados por volumen"), k.table((k.t("rank"), k.t("name"), k.t("volume"), k.t("pair")), venues) + k.para(2))
    for c in coins[:6]:
        where = [[f'<a href="https://{host}/" rel="nofollow">{name}</a>', f"{c}/{quote}", k.f(k.price(c, quote) * rng.uniform(0.99, 1.01)), f"{rng.randint(100, 90000):,}", f'<a href="https://{host}/?pair={c}">{k.t("buy")}</a>'] for name, host in brief.others[:5]]
        k.put(f"{k.p('topic')}/{c.lower()}", f"{c} {k.f(k.price(c, quote))} {quote}", f"<h1>{c}</h1><p>{k.f(k.price(c, quote))} {quote} {k.pct()}</p><div{k.c('chart')}></div>{k.table((k.t('name'), k.t('pair'), k.t('price'), k.t('volume'), ''), where)}{k.para(2)}")
    elsewhere(k)
    return k.fill(16)


def converter(rng: random.Random, brief: Brief) -> Pages:
    """How much is so much, and a chart."""
    k = start(rng, brief, _quotes_prose, "markets")
    coin, quote = k.pairs[0]
    options = "".join(f"<option>{c}</option>" for c in dict.fromkeys((*k.coins, *brief.quotes)))
    form = k.form("/", f'<input name="amount" value="1"><select name="from">{options}</select> = <input name="result" value="{k.f(k.price(coin, quote))}" readonly><select name="to">{options}</select>', k.say("换算", "Convert", ja="換算", ko="환산", ru="Пересчитать", es="Convertir"), "get")
    rows = [[f"{n} {coin}", f"{k.f(k.price(coin, quote) * n)} {quote}"] for n in (0.01, 0.1, 0.5, 1, 5, 10, 100)]
    chart = f"<div{k.c('chart')}><svg viewBox='0 0 300 80'><polyline points='{' '.join(f'{x},{rng.randint(5, 75)}' for x in range(0, 300, 6))}'/></svg></div>"
    k.put("/", f"{coin} → {quote}", f"<h1>1 {coin} = {k.f(k.price(coin, quote))} {quote}</h1>{form}{chart}{k.divs((coin, quote), rows)}{k.para(3)}")
    k.put(k.p("markets"), k.t("markets"), k.divs((k.t("pair"), k.t("price"), k.t("high"), k.t("low")), [[f'<a href="/?pair={a}{b}">{a}/{b}</a>', k.f(k.price(a, b)), k.f(k.price(a, b) * 1.02), k.f(k.price(a, b) * 0.97)] for a, b in k.pairs[:18]]))
    elsewhere(k)
    return k.fill(10)


def _wallet_prose(k: Kit) -> list[str]:
    return [
        k.say("私钥只保存在您的设备上，我们无法查看，也无法找回。", "Your keys stay on your device. We cannot see them and cannot restore them.", ja="秘密鍵はお客様の端末にのみ保存されます。", ko="개인키는 사용자의 기기에만 저장됩니다.", ru="Ключи хранятся только на вашем устройстве.", es="Las claves se quedan en su dispositivo."),
        k.say(f"支持{'、'.join(k.coins[:4])}等资产的接收与发送。", f"Send and receive {', '.join(k.coins[:4])} and more.", ja=f"{'、'.join(k.coins[:4])}に対応。", ko=f"{', '.join(k.coins[:4])} 지원", ru=f"Поддержка {', '.join(k.coins[:4])}.", es=f"Compatible con {', '.join(k.coins[:4])}."),
        k.say("请手写备份助记词，切勿截图或发送给任何人。", "Write the recovery words on paper. Never photograph them and never send them to anyone.", ja="復元フレーズは紙に書いて保管してください。", ko="복구 문구는 종이에 적어 보관하세요.", ru="Запишите слова восстановления на бумаге.", es="Anote las palabras en papel."),
        k.say("代码开源，任何人都可以审计和重新构建。", "The source is open: read it, build it, and compare.", ru="Исходный код открыт.", es="El código es abierto."),
        k.say("如需买卖，请前往您信任的交易平台；钱包本身不撮合交易。", "To buy or sell, use an exchange of your choice. The wallet matches no orders.", ru="Для покупки и продажи используйте биржу.", es="Para comprar o vender acuda a un mercado."),
        k.say("安卓用户可在官网下载APK，并核对签名。", "Check the signature of the download before you install it.", ru="Проверьте подпись файла.", es="Compruebe la firma."),
    ]  # fmt: skip


def keeper(rng: random.Random, brief: Brief) -> Pages:
    """A wallet to install."""
    k = start(rng, brief, _wallet_prose, "download")
    boxes = "".join(f"<div{k.c('card')}><h3>{k.t(key)}</h3><p>{line}</p></div>" for key, line in zip(("send", "receive", "assets"), k.prose(), strict=False))
    shot = f"<figure><img src='{k.base}screen.png' alt='{k.t('balance')}'><figcaption>{k.t('send')} · {k.t('receive')}</figcaption></figure>"
    k.put("/", k.say(f"{k.name} - 您的数字资产钱包", f"{k.name}: a wallet for your coins"), f"<section{k.c('hero')}><h1>{k.name}</h1>{k.a('download')}</section>{boxes}{shot}{k.para(4)}")
    k.put(k.p("download"), k.t("download"), k.table(("", "", "SHA-256"), [[system, f'<a href="{k.base}{system.lower()}/setup">{k.t("download")}</a>', f"<code>{rng.getrandbits(128):032x}…</code>"] for system in ("Windows", "macOS", "Linux", "Android APK", "iOS")]))
    k.put(k.p("help"), k.t("help"), "".join(f"<details><summary>{k.t(key)}</summary>{k.para(1)}</details>" for key in ("send", "receive", "fees", "address")))
    elsewhere(k)
    return k.fill(10)


def purse(rng: random.Random, brief: Brief) -> Pages:
    """A wallet in the browser."""
    k = start(rng, brief, _wallet_prose, "assets", "login")
    send = k.form(k.p("assets") + "/send", k.field(k.t("address"), rng.choice(("to", "recipient", "address"))) + k.field(k.t("amount"), "amount") + f'<select name="asset">{"".join(f"<option>{c}</option>" for c in k.coins)}</select><label>{k.t("fee")}<input type="range" name="gas" min="1" max="99"></label>', k.t("send"))
    held = k.divs((k.t("name"), k.t("balance"), ""), [[c, f"{rng.uniform(0, 3):.4f}", f"≈ {k.f(k.price(c, brief.quotes[0]))} {brief.quotes[0]}"] for c in k.coins[:8] if c != brief.quotes[0]])
    past = k.divs((k.t("time"), k.t("amount"), k.t("address")), [[k.clock(), f"{rng.uniform(-2, 2):+.4f} {rng.choice(k.coins)}", f"0x{rng.getrandbits(80):020x}"] for _ in range(8)])
    k.put("/", k.name, f"<h1>{k.name}</h1><div{k.c('card')}>{k.a('assets', k.say('打开钱包', 'Open wallet', ja='ウォレットを開く', ko='지갑 열기', ru='Открыть кошелёк', es='Abrir monedero'))}</div>{k.login_form()}{k.para(4)}")
    k.put(k.p("assets"), k.t("assets"), held + send + past)
    k.put(k.p("assets") + "/send", k.t("send"), send)
    k.put(k.p("signup"), k.t("signup"), k.signup_form(k.lang.startswith("zh") and rng.random() < 0.5))
    elsewhere(k)
    return k.fill(10)


def _chain_prose(k: Kit) -> list[str]:
    coin = k.coins[0]
    return [
        k.say(f"{k.name}是{coin}区块链浏览器，可查询区块、交易与地址。", f"{k.name} shows the blocks, transactions and addresses of the {coin} chain.", ja=f"{k.name}は{coin}のブロックエクスプローラーです。", ko=f"{k.name}는 {coin} 블록 탐색기입니다.", ru=f"{k.name} — обозреватель блоков {coin}.", es=f"{k.name} es un explorador de bloques de {coin}."),
        k.say("交易一经确认不可撤销。", "A confirmed transaction cannot be undone.", ja="承認された取引は取り消せません。", ko="확정된 거래는 취소할 수 없습니다.", ru="Подтверждённый перевод отменить нельзя.", es="Una transacción confirmada no se deshace."),
        k.say("标签由社区提供，其中包括交易所的充值地址与冷钱包。", "Labels, among them exchanges' deposit addresses, come from users.", ja="ラベルは利用者の提供によります。", ko="라벨은 이용자가 제공합니다.", ru="Метки добавляют пользователи.", es="Las etiquetas las aportan los usuarios."),
        k.say("接口每秒限五次请求。", "The interface takes five requests a second.", ru="Пять запросов в секунду.", es="Cinco peticiones por segundo."),
    ]  # fmt: skip


def _hash(rng: random.Random) -> str:
    return f"{rng.getrandbits(160):040x}"


def blocks(rng: random.Random, brief: Brief) -> Pages:
    """Latest blocks and transfers."""
    k = start(rng, brief, _chain_prose, "list")
    top = rng.randint(500_000, 19_000_000)
    ask = k.form("/search", k.field(k.t("search"), "q"), k.t("search"), "get")
    latest = [[f'<a href="/block/{top - n}">{top - n}</a>', k.clock(), str(rng.randint(3, 2900)), k.handle()] for n in range(12)]
    moves = [[f"<a href='/tx/{_hash(rng)}'>{_hash(rng)[:16]}…</a>", f"{rng.uniform(0.001, 400):.4f} {k.coins[0]}", rng.choice([*(name for name, _ in brief.others), _hash(rng)[:12]])] for _ in range(14)]
    k.put("/", k.name, f"{ask}<div{k.c('card')}>{k.table((k.t('block'), k.t('time'), 'Tx', ''), latest)}</div><div{k.c('card')}>{k.table(('Hash', k.t('amount'), k.t('address')), moves)}</div>{k.para(2)}")
    for n in range(4):
        k.put(f"/block/{top - n}", f"{k.t('block')} {top - n}", k.table(("", ""), [["Hash", _hash(rng)], [k.t("time"), k.clock()], [k.t("fee"), f"{rng.uniform(0, 2):.5f}"]]) + k.divs(("Hash", k.t("amount")), _transfers(rng, k)))
    elsewhere(k)
    return k.fill(8)


def _transfers(rng: random.Random, k: Kit) -> list[list[str]]:
    """Some transfers of a block."""
    return [[_hash(rng)[:20], f"{rng.uniform(0.001, 40):.4f} {k.coins[0]}"] for _ in range(9)]


def holders(rng: random.Random, brief: Brief) -> Pages:
    """A token's page: holders, transfers, where it is traded."""
    k = start(rng, brief, _chain_prose, "markets")
    coin = k.coins[0]
    rich = [[str(n), f"0x{_hash(rng)}", f"{rng.uniform(0.1, 22):.3f}%", rng.choice(["", *(name for name, _ in brief.others[:3])])] for n in range(1, 16)]
    where = [[f'<a href="https://{host}/">{name}</a>', f"{coin}/{brief.quotes[-1]}", k.f(k.price(coin, brief.quotes[-1]) if coin != brief.quotes[-1] else 1), k.pct()] for name, host in brief.others[:6]]
    swaps = [[k.clock(), k.t(rng.choice(("buy", "sell"))), f"{rng.uniform(1, 900):.2f}", f"0x{_hash(rng)[:14]}"] for _ in range(10)]
    k.put("/", f"{coin} {k.name}", f"<h1>{coin}</h1>{k.form('/search', k.field(k.t('address'), 'q'), k.t('search'), 'get')}{k.divs((k.t('rank'), k.t('address'), '%', ''), rich)}<h3>{k.t('trade')}</h3>{k.divs((k.t('time'), '', k.t('amount'), k.t('address')), swaps)}{k.para(2)}")
    k.put(k.p("markets"), k.t("markets"), k.table((k.t("name"), k.t("pair"), k.t("price"), k.t("change")), where))
    elsewhere(k)
    return k.fill(8)


def _builder_prose(k: Kit) -> list[str]:
    n, m = k.name, k.rng.randint(6, 60)
    return [
        k.say(f"{n}为持牌机构与企业客户开发交易系统，已交付{m}个项目。", f"{n} builds trading systems for licensed firms and has delivered {m} of them.", ja=f"{n}は金融機関向けに取引システムを開発しています。", ko=f"{n}는 기관 고객을 위한 거래 시스템을 개발합니다.", ru=f"{n} разрабатывает торговые системы для клиентов.", es=f"{n} construye sistemas de negociación para empresas."),
        k.say("我们只提供软件与运维，不运营任何交易平台，也不保管客户资产。", "We deliver and maintain software. We run no exchange and hold nobody's assets.", ja="当社は取引所を運営していません。", ko="당사는 거래소를 운영하지 않습니다.", ru="Мы не управляем биржами и не храним активы.", es="No operamos ningún mercado ni custodiamos activos."),
        k.say("撮合引擎采用内存订单簿，支持限价、市价与止损委托，单机每秒二十万笔。", "The matching engine keeps its order book in memory and takes limit, market and stop orders, 200,000 a second on one machine.", ja="板はメモリ上に保持されます。", ko="주문장은 메모리에 유지됩니다.", ru="Книга заявок хранится в памяти.", es="El libro de órdenes reside en memoria."),
        k.say("可对接支付宝、微信支付、银联等收款渠道，由客户自行签约。", "Payment modules for cards and bank transfers are included; clients sign with the providers themselves.", ru="Платёжные модули входят в поставку.", es="Incluye módulos de pago."),
        k.say("联盟链节点支持国密算法，已用于供应链金融与电子存证。", "Consortium nodes are in use for supply-chain finance and for keeping records.", ja="コンソーシアムチェーンにも対応。", ko="컨소시엄 체인도 지원합니다.", ru="Узлы консорциума применяются в торговом финансировании.", es="Los nodos de consorcio se usan en financiación comercial."),
    ]  # fmt: skip


def _picture(k: Kit) -> str:
    coin, quote = next(((a, b) for a, b in k.pairs if a != b), ("BTC", "USD"))
    levels = [*k.depth(coin, quote, 5, 1)[::-1], *k.depth(coin, quote, 5, -1)]
    return f"<figure{k.c('card')}><div aria-hidden='true'>{k.divs((k.t('price'), k.t('amount')), levels)}<span{k.c('btn')}>{k.t('buy')}</span> <span{k.c('btn')}>{k.t('sell')}</span></div><figcaption>{k.say('产品界面示意', 'What the product looks like', ja='画面イメージ', ko='화면 예시', ru='Вид продукта', es='Aspecto del producto')}</figcaption></figure>"


def vendor(rng: random.Random, brief: Brief) -> Pages:
    """Builds the software of exchanges for clients."""
    k = start(rng, brief, _builder_prose, "list", "contact")
    goods = [k.say(zh, en) for zh, en in (("交易所系统开发", "White-label exchange"), ("撮合引擎", "Matching engine"), ("OTC场外交易系统", "OTC and P2P module"), ("钱包系统", "Custody and wallets"), ("联盟链平台", "Consortium platform"), ("量化接口", "Market-making interface"))]
    cards = "".join(f'<div{k.c("card")}><h3><a href="{k.p("list")}/{n}">{good}</a></h3>{k.para(1)}</div>' for n, good in enumerate(goods))
    k.put("/", f"{k.name} {goods[0]}", f"<section{k.c('hero')}><h1>{goods[0]}</h1>{k.a('contact', k.say('预约演示', 'Ask for a demonstration', ja='デモを依頼', ko='데모 신청', ru='Запросить показ', es='Pedir una demostración'))}</section>{cards}{_picture(k)}{k.para(3)}")
    for n, good in enumerate(goods):
        k.put(f"{k.p('list')}/{n}", good, f"<h1>{good}</h1>{k.para(3)}{_picture(k)}{k.para(2)}")
    k.put(k.p("list"), k.name, cards)
    k.put(k.p("contact"), k.t("contact"), k.form(k.p("contact"), k.field(k.t("name"), "name") + k.field(k.t("phone"), "phone") + k.field(k.t("email"), "email"), k.t("submit")) + k.say(f"<p>商务QQ：{rng.randint(10**7, 10**9)}　微信同号</p>", ""))
    elsewhere(k)
    return k.fill(12)


def library(rng: random.Random, brief: Brief) -> Pages:
    """Documentation of a library that talks to other people's venues."""
    k = start(rng, brief, _builder_prose, "api", "download")
    package = brief.host.split(".")[0].replace("-", "_")
    coin, quote = k.pairs[0]
    k.prose = lambda: [k.say(f"{package}是一个统一访问各交易所接口的开源库，需自备密钥。", f"{package} is an open-source library with one interface to many exchanges. Bring your own keys."), k.say("本站只提供文档与下载。", "This site has documentation and downloads only."), k.say("遇到限频时库会自动等待并重试。", "When a venue limits the rate, the library waits and tries again.")]
    calls = {"ticker": f"t = client.ticker('{coin}/{quote}')", "order_book": f"b = client.order_book('{coin}/{quote}', depth=20)", "create_order": f"client.create_order('{coin}/{quote}', 'limit', 'buy', amount=1, price={k.price(coin, quote):.2f})", "cancel_order": "client.cancel_order(order_id)", "balance": "client.balance()", "withdraw": f"client.withdraw('{coin}', 1, address)"}
    index = "<ul>" + "".join(f'<li><a href="{k.p("api")}/{name}">{name}()</a></li>' for name in calls) + "</ul>"
    for name, code in calls.items():
        k.put(f"{k.p('api')}/{name}", f"{name}()", f"<h1>{name}()</h1><pre><code>{code}</code></pre>{k.para(2)}{index}")
    venues = k.table((k.t("name"), "id", "REST", "WebSocket"), [[f'<a href="https://{host}/">{name}</a>', host.split(".")[0], "✓", rng.choice(("✓", ""))] for name, host in brief.others])
    k.put("/", f"{package} {k.t('api')}", f"<h1>{package}</h1><pre>pip install {package}</pre>{k.para(3)}<pre><code>{calls['ticker']}\n{calls['create_order']}</code></pre>{venues}{index}")
    elsewhere(k)
    return k.fill(8)


def tutorial(rng: random.Random, brief: Brief) -> Pages:
    """How an order book is built."""
    k = start(rng, brief, _builder_prose, "list")
    coin, quote = k.pairs[0]
    k.prose = lambda: [k.say("订单簿由买盘和卖盘两个有序集合组成，价格优先，同价时间优先。", "An order book is two sorted collections, bids and asks: price first, then time."), k.say("收到新委托时，先与对手盘成交，剩余部分再挂入盘口。", "A new order first trades against the other side; what is left rests in the book."), k.say("撤单要求按编号快速定位，可用哈希表配合双向链表。", "To cancel quickly, keep a hash table from the order's number to its place in a linked list."), k.say("下面的数字是随机生成的示例。", "The figures below are made up."), k.say("练习：增加市价单与止损单。", "Exercise: add market and stop orders.")]
    code = "class Book:\n    def __init__(self):\n        self.bids, self.asks = SortedDict(), SortedDict()\n\n    def place_order(self, side, price, amount):\n        while amount and self.crosses(side, price):\n            amount = self.match(side, amount)\n        if amount:\n            self.rest(side, price, amount)\n"
    title = k.say("从零实现一个撮合引擎", "Build an order book from scratch", ja="板を自作する", ko="호가창 만들기", ru="Пишем стакан с нуля", es="Construya un libro de órdenes")
    widget = f"<form onsubmit='return false'>{k.field(k.t('price'), 'price')}{k.field(k.t('amount'), 'amount')}<button type='button'{k.c('btn')}>{k.t('buy')}</button><button type='button'{k.c('btn')}>{k.t('sell')}</button></form>" if rng.random() < 0.5 else ""
    book = k.table((k.t("price"), k.t("amount")), [*k.depth(coin, quote, 6, 1)[::-1], *k.depth(coin, quote, 6, -1)])
    k.put("/", title, f"<article><h1>{title}</h1><p>{k.day}</p>{k.para(3)}<pre><code>{code}</code></pre>{k.para(2)}{book}{widget}{k.para(2)}</article>" + "".join(f'<p><a href="{k.p("list")}/part-{n}">{title} ({n})</a></p>' for n in (2, 3)))
    elsewhere(k)
    return k.fill(8)


PRICE = (ranking, converter)
WALLET = (keeper, purse)
EXPLORER = (blocks, holders)
TECHNOLOGY = (vendor, library, tutorial)
