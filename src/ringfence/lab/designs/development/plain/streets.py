# ruff: noqa: E501  (tables of words and templates of markup are read by the line)
"""Fans, shops, clones, banks, brokers, players, teachers, and a name for sale."""

from __future__ import annotations

import random

from ringfence.lab.designs.development.plain.instruments import elsewhere, start
from ringfence.lab.designs.development.plain.kit import Kit
from ringfence.lab.site import Brief, Pages


def _other(k: Kit) -> tuple[str, str]:
    return k.brief.others[0] if k.brief.others else ("Coinhall", "coinhall.example")


def _fan_prose(k: Kit) -> list[str]:
    x, coin, n = _other(k)[0], k.rng.choice(k.coins), k.rng.randint(2, 40)
    return [
        k.say(f"本站为{x}用户自发建立，与{x}官方无关。", f"Made by people who use {x}; not connected with {x}.", ja=f"当サイトは{x}の非公式ファンサイトです。", ko=f"{x} 비공식 팬 사이트입니다.", ru=f"Неофициальный сайт пользователей {x}.", es=f"Sitio no oficial de usuarios de {x}."),
        k.say(f"昨天在{x}买入了{n}个{coin}，结果挂单一晚上没成交。", f"Put in a buy for {n} {coin} on {x} last night and it never filled.", ja=f"昨夜{x}で{coin}を買ったが約定しなかった。", ko=f"어제 {x}에서 {coin} 매수 걸었는데 체결이 안 됨", ru=f"Вчера поставил на {x} заявку на {n} {coin}, не исполнилась.", es=f"Anoche puse una compra de {n} {coin} en {x} y no entró."),
        k.say("提现要等人工审核，一般两小时到账，大家别急。", "Withdrawals get checked by hand; mine took two hours.", ja="出金は2時間ほどかかります。", ko="출금은 두 시간 정도 걸려요.", ru="Вывод занял два часа.", es="El retiro tardó dos horas."),
        k.say("支付宝转账千万别备注币的名字，不然卡会被冻结。", "If you pay a seller by Alipay, never write the coin's name in the note.", ru="Не пишите название монеты в назначении платежа.", es="No ponga el nombre de la moneda en el concepto."),
        k.say(f"{x}的手续费从0.2%降到0.1%了，还可以用平台币抵扣。", f"Fees at {x} went from 0.2% to 0.1%, less with their own token.", ko=f"{x} 수수료 인하됐네요.", ru=f"На {x} снизили комиссии.", es=f"{x} bajó las comisiones."),
        k.say("有没有一起学习K线的群？加我QQ。", "Anyone want to learn chart reading together?", ja="チャートの勉強会を開きませんか。", ko="차트 같이 공부하실 분?", ru="Кто хочет вместе учиться читать графики?", es="¿Alguien quiere aprender gráficos?"),
    ]  # fmt: skip


def board(rng: random.Random, brief: Brief) -> Pages:
    """A message board about a venue."""
    k = start(rng, brief, _fan_prose, "list", "login", "signup")
    x = _other(k)[0]
    rows = []
    for n in range(rng.randint(9, 20)):
        line = rng.choice(k.prose())
        path = f"{k.p('topic')}/{rng.randint(1000, 99999)}"
        rows.append([f'<a href="{path}">{line[:32]}</a>', k.handle(), str(rng.randint(0, 300)), k.clock()])
        if n < 6:
            posts = "".join(f"<div{k.c('card')}><b>{k.handle()}</b> <i>{k.clock()}</i>{k.para(2)}</div>" for _ in range(rng.randint(3, 9)))
            k.put(path, line[:32], posts + k.form(path, "<textarea name='message'></textarea>", k.t("submit")))
    k.put("/", k.say(f"{x}币友论坛", f"{x} users' board", ja=f"{x} 掲示板", ko=f"{x} 게시판", ru=f"Форум {x}", es=f"Foro de {x}"), k.table(("", k.t("author"), "", k.t("time")), rows) + k.para(1))
    k.put(k.p("signup"), k.t("signup"), k.signup_form(k.lang.startswith("zh")))
    elsewhere(k)
    return k.fill(8)


def diary(rng: random.Random, brief: Brief) -> Pages:
    """One person's notes on trading at a venue."""
    k = start(rng, brief, _fan_prose, "about")
    x, host = _other(k)
    posts = ""
    for n in range(rng.randint(4, 8)):
        rows = [[k.clock(), k.t(rng.choice(("buy", "sell"))), f"{a}/{b}", k.f(k.price(a, b)), f"{rng.uniform(0.1, 9):.2f}"] for a, b in rng.sample(k.pairs, min(4, len(k.pairs)))]
        posts += f"<article><h2><a href='{k.p('news')}/{n}'>{k.day} #{n + 1}</a></h2>{k.para(3)}{k.table((k.t('time'), '', k.t('pair'), k.t('price'), k.t('amount')), rows)}</article>"
    k.put("/", k.say(f"我在{x}的交易日记", f"My trading diary at {x}", ja=f"{x}での取引日記", ko=f"{x} 매매일지", ru=f"Мой дневник торговли на {x}", es=f"Mi diario en {x}"), posts + f'<aside><a href="https://{host}/?invite={rng.randint(10**5, 10**6)}">{x}</a></aside>')
    elsewhere(k)
    return k.fill(8)


def _shop_prose(k: Kit) -> list[str]:
    n = k.rng.randint(7, 30)
    return [
        k.say("下单后四十八小时内发货，节假日顺延。", "Dispatched within two working days.", ja="2営業日以内に発送します。", ko="2일 이내 발송", ru="Отправка в течение двух дней.", es="Envío en dos días."),
        k.say(f"支持{n}天无理由退换，拆封的硬件不在此列。", f"Return it within {n} days if unopened.", ja=f"{n}日以内の返品可。", ko=f"{n}일 이내 반품 가능", ru=f"Возврат в течение {n} дней.", es=f"Devolución en {n} días."),
        k.say("支付方式：支付宝、微信支付、银行卡，也可用比特币。", "Pay by card, PayPal, Alipay or bitcoin.", ja="クレジットカード・ビットコイン払い対応。", ko="카드, 비트코인 결제", ru="Оплата картой или биткоином.", es="Pago con tarjeta o bitcoin."),
        k.say("客服时间：工作日9:00–18:00（北京时间），QQ在线。", "Questions are answered on working days.", ja="平日のみ対応。", ko="평일 상담", ru="Ответим в рабочие дни.", es="Respondemos en días laborables."),
        k.say(f"{k.name}从{k.year}年起在线经营，已服务数千位顾客。", f"{k.name} has been selling online since {k.year}.", ru=f"{k.name} работает с {k.year} года.", es=f"{k.name} vende desde {k.year}."),
    ]  # fmt: skip


def _shop(rng: random.Random, brief: Brief, goods: list[tuple[str, int]], title: str, k: Kit, used: bool) -> Pages:
    quote = brief.quotes[0]
    cards = ""
    for n, (thing, price) in enumerate(goods):
        path = f"{k.p('list')}/{n}"
        extra = f"<span>{k.handle()}</span> <a href='{path}#offer'>{k.t('buy')}</a>" if used else f"<a href='{path}'{k.c('btn')}>{k.t('buy')}</a>"
        cards += f"<div{k.c('card')}><img src='{k.base}{n}.jpg' alt=''><a href='{path}'>{thing}</a> <b>{price}.00 {quote}</b> {extra}</div>"
        order = k.form(k.p("deposit"), k.field(k.t("amount"), "qty", "number") + (k.field(k.t("price"), "offer") if used else "") + k.field(k.t("address"), "address"), k.t("cart"))
        k.put(path, thing, f"<h1>{thing}</h1><p>{price}.00 {quote}</p>{order}{k.para(3)}")
    pay = "".join(f"<label><input type='radio' name='pay'>{way}</label>" for way in ((k.say("支付宝", "Alipay"), k.say("微信支付", "Visa"), k.say("银行卡", "PayPal"), "BTC")))
    k.put(k.p("deposit"), k.t("total"), f"<h2>{k.t('total')}</h2>{k.table((k.t('name'), k.t('amount'), k.t('price')), [[goods[0][0], '1', f'{goods[0][1]}.00 {quote}']])}{k.form(k.p('deposit'), pay, k.t('submit'))}")
    post = k.form(k.p("list") + "/new", k.field(k.t("name"), "title") + k.field(k.t("price"), "price") + k.field(k.t("phone"), "phone"), k.t("sell")) if used else ""
    k.put("/", title, f"<div{k.c('hero')}><h1>{title}</h1></div>{cards}{post}{k.para(4)}")
    k.put(k.p("signup"), k.t("signup"), k.signup_form(k.lang.startswith("zh")))
    elsewhere(k)
    return k.fill(8)


def hardware(rng: random.Random, brief: Brief) -> Pages:
    """Hardware wallets and used mining machines, for money or coins."""
    k = start(rng, brief, _shop_prose, "list")
    things = [(k.say(zh, en), rng.randint(90, 3200)) for zh, en in (("硬件钱包 标准版", "Hardware wallet, plain"), ("硬件钱包 金属版", "Hardware wallet, metal"), ("助记词钢板", "Steel plate for recovery words"), ("USB数据线", "USB cable"), ("二手矿机 14T", "Used mining machine 14T"), ("矿机电源", "Power supply"), ("比特币纪念币", "Bitcoin souvenir medal"))]
    return _shop(rng, brief, things, k.say(f"{k.name} 硬件钱包商城", f"{k.name}: wallets you can hold", ja=f"{k.name} ハードウェアウォレット専門店", ko=f"{k.name} 하드웨어 지갑", ru=f"{k.name}: аппаратные кошельки", es=f"{k.name}: monederos físicos"), k, used=False)


def jumble(rng: random.Random, brief: Brief) -> Pages:
    """Used things that people buy from and sell to each other."""
    k = start(rng, brief, _shop_prose, "list", "signup")
    things = [(k.say(zh, en), rng.randint(20, 2600)) for zh, en in (("九成新自行车", "Bicycle, nearly new"), ("旧相机 带镜头", "Old camera with lens"), ("宿舍小冰箱", "Small fridge"), ("考研资料一箱", "A box of textbooks"), ("显卡 挖过矿", "Graphics card, was used for mining"), ("吉他", "Guitar"), ("婴儿车", "Pram"), ("演唱会门票 两张", "Two concert tickets"))]
    return _shop(rng, brief, things, k.say(f"{k.name} 二手交易市场", f"{k.name}: buy and sell used things", ja=f"{k.name} フリマ", ko=f"{k.name} 중고거래", ru=f"{k.name}: купля и продажа вещей", es=f"{k.name}: compraventa de segunda mano"), k, used=True)


def _clone_prose(k: Kit) -> list[str]:
    x, coin = _other(k)[0], k.coins[0]
    return [
        k.say(f"{x}全球领先的数字资产交易平台。", f"{x}, the world's leading digital asset exchange.", ru=f"{x} — ведущая биржа.", es=f"{x}, la bolsa líder."),
        k.say("您的账户存在异常，请在24小时内重新验证，否则资产将被冻结。", "Unusual activity was found. Verify your account within 24 hours or your assets will be frozen.", ru="Подтвердите аккаунт в течение 24 часов.", es="Verifique su cuenta en 24 horas."),
        k.say(f"周年庆活动：充值1 {coin}返2 {coin}，名额有限。", f"Anniversary: send 1 {coin} and get 2 {coin} back. Places are limited.", ru=f"Отправьте 1 {coin} и получите 2.", es=f"Envíe 1 {coin} y reciba 2."),
        k.say("官方客服在线，请勿向他人透露验证码。", "Official support is online. Keep your code secret.", ru="Поддержка на связи.", es="Soporte en línea."),
    ]  # fmt: skip


def _clone(rng: random.Random, brief: Brief) -> tuple[Kit, str, str]:
    k = start(rng, brief, _clone_prose)
    x, host = _other(k)
    k.name = x
    target = rng.choice((f"https://{rng.choice(('gate', 'form', 'post'))}{rng.randint(10, 99)}.collect.example/s.php", f"http://{rng.randint(10, 99)}-panel.example/r.php"))
    bar = "".join(f'<a href="https://{host}/{part}">{k.t(part)}</a> ' for part in ("markets", "trade", "fees", "help", "download"))
    k.layout = lambda title, body: f'<!DOCTYPE html><html lang="{k.html_lang}">{k.head(title, more="<meta name=robots content=noindex>")}<body><div{k.c("head")}><img src="https://{host}/logo.png" alt="{x}"> {bar}</div><div{k.c("wrap")}>{body}</div><div{k.c("foot")}>© {k.year} {x}</div></body></html>'
    return k, x, target


def mask(rng: random.Random, brief: Brief) -> Pages:
    """A venue's log-in page, whose form goes elsewhere."""
    k, x, target = _clone(rng, brief)
    more = k.field(k.t("code"), "otp") if rng.random() < 0.6 else ""
    inner = k.field(f"{k.t('email')} / {k.t('phone')}", "user") + k.field(k.t("password"), "pass", "password") + more
    k.put("/", f"{k.t('login')} - {x}", f"<h1>{k.t('login')}</h1><p>{k.prose()[1]}</p>{k.form(target, inner, k.t('login'))}{k.table((k.t('pair'), k.t('last'), k.t('change')), [[f'<a href=#>{a}/{b}</a>', k.f(k.price(a, b)), k.pct()] for a, b in k.pairs[:8]])}{k.para(3)}")
    return k.fill(2)


def gift(rng: random.Random, brief: Brief) -> Pages:
    """A giveaway in a venue's name: send coins or connect a wallet."""
    k, x, target = _clone(rng, brief)
    coin = k.coins[0]
    words = k.form(target, k.field(k.say("助记词（12或24个单词）", "Recovery phrase (12 or 24 words)"), rng.choice(("seed", "phrase", "words"))), k.say("连接钱包", "Connect wallet", ru="Подключить кошелёк", es="Conectar"))
    send = f"<p>{k.t('send')} 0.1–10 {coin}: <code>1{rng.getrandbits(150):038x}</code></p>"
    feed = k.divs((k.t("time"), k.t("amount"), ""), [[k.clock(), f"{rng.uniform(0.1, 20):.2f} {coin}", "✓ OUT"] for _ in range(10)])
    k.put("/", f"{x} × {coin}", f"<h1>{k.prose()[2]}</h1>{send if rng.random() < 0.5 else words}{feed}{k.para(2)}{k.login_form(target)}")
    return k.fill(2)


def _bank_prose(k: Kit) -> list[str]:
    return [
        k.say("本行网点每日公布外币现钞、现汇买入价与卖出价，以柜台成交时为准。", "Rates for notes are posted each morning; the rate at the counter applies.", ja="外貨両替のレートは毎朝更新されます。", ko="환율은 매일 아침 고시됩니다.", ru="Курсы наличной валюты устанавливаются каждое утро.", es="Los tipos para billetes se publican cada mañana."),
        k.say("个人年度购汇额度为等值五万美元，请携带本人身份证办理。", "Bring your passport or identity card.", ja="本人確認書類をお持ちください。", ko="신분증을 지참하세요.", ru="При себе иметь паспорт.", es="Traiga su documento."),
        k.say(f"{k.name}成立于一九五八年，有分支机构四十余家。", f"{k.name} was founded in 1958 and has some forty branches.", ru=f"{k.name} основан в 1958 году.", es=f"{k.name} se fundó en 1958."),
        k.say("客服热线工作日8:30–17:30（北京时间）。", "Our branches close at half past five.", ru="Отделения закрываются в 17:30.", es="Cerramos a las 17:30."),
        k.say("谨防虚拟货币投资骗局，本行不为相关交易提供服务。", "Beware of frauds with virtual currencies: the bank serves no such dealings.", ru="Остерегайтесь мошенников.", es="Cuidado con los fraudes."),
    ]  # fmt: skip


def bank(rng: random.Random, brief: Brief) -> Pages:
    """A bank's page on foreign notes, with rates to buy and to sell."""
    k = start(rng, brief, _bank_prose, "fees", "login")
    money = "USD EUR GBP JPY HKD AUD CAD CHF SGD KRW THB".split()
    rows = [[m, f"{(r := rng.uniform(0.8, 9)):.4f}", f"{r * 0.99:.4f}", f"{r * 1.005:.4f}", k.clock()[:5]] for m in money]
    head = (k.t("name"), k.say("现汇买入价", "We buy (transfer)", ja="買値", ko="사실 때", ru="Покупка", es="Compra"), k.say("现钞买入价", "We buy (notes)"), k.say("卖出价", "We sell", ja="売値", ko="파실 때", ru="Продажа", es="Venta"), k.t("time"))
    order = k.form(k.p("contact"), f"<select name='currency'>{''.join(f'<option>{m}</option>' for m in money)}</select>{k.field(k.t('amount'), 'amount')}{k.field(k.t('phone'), 'phone')}", k.say("预约取钞", "Reserve notes", ja="予約", ko="예약", ru="Заказать", es="Reservar"))
    k.put("/", k.say(f"{k.name} 外汇牌价", f"{k.name}: foreign notes"), f"<h1>{k.say('外汇牌价', 'Exchange rates', ja='為替レート', ko='환율', ru='Курсы валют', es='Tipos de cambio')}</h1>{k.table(head, rows)}{order}{k.para(4)}")
    elsewhere(k)
    return k.fill(10)


def shares(rng: random.Random, brief: Brief) -> Pages:
    """A stock broker's market data."""
    k = start(rng, brief, _bank_prose, "markets", "trade", "login")
    k.prose = lambda: [k.say("行情延迟十五分钟，仅供参考。", "Quotes are delayed by fifteen minutes.", ja="株価は15分遅れです。", ko="시세는 15분 지연됩니다.", ru="Котировки с задержкой 15 минут.", es="Cotizaciones con quince minutos de retraso."), k.say("开户请携带身份证与银行卡，资金由银行第三方存管。", "Client money is kept with a bank.", ru="Деньги клиентов хранятся в банке.", es="El dinero se deposita en un banco."), k.say(f"{k.name}是持牌证券公司，只办理股票、债券与基金业务。", f"{k.name} is a licensed broker in shares, bonds and funds.", ru=f"{k.name} — лицензированный брокер.", es=f"{k.name} es una sociedad de valores autorizada."), k.say("佣金最低五元，印花税由卖方缴纳。", "Commission starts at five a trade; stamp duty is paid by the seller.", ru="Комиссия от пяти за сделку.", es="Comisión desde cinco por operación.")]
    names = [(f"{rng.randint(600000, 603999)}", k.say(zh, en)) for zh, en in (("北方钢铁", "Northern Steel"), ("长河电力", "Long River Power"), ("东山乳业", "East Hill Dairy"), ("海星航运", "Seastar Shipping"), ("明光玻璃", "Bright Glass"), ("川西药业", "Westvale Pharma"))]
    rows = [[code, f'<a href="{k.p("markets")}/{code}">{name}</a>', f"{rng.uniform(3, 90):.2f}", k.pct(), f"{rng.randint(10**4, 10**7):,}"] for code, name in names]
    head = ("#", k.t("name"), k.t("last"), k.t("change"), k.t("volume"))
    for code, name in names[:3]:
        mid = rng.uniform(5, 60)
        five = [[k.say(f"卖{'一二三四五'[n]}", f"Ask {n + 1}"), f"{mid + (n + 1) / 100:.2f}", str(rng.randint(1, 900))] for n in range(4, -1, -1)] + [[k.say(f"买{'一二三四五'[n]}", f"Bid {n + 1}"), f"{mid - n / 100:.2f}", str(rng.randint(1, 900))] for n in range(5)]
        k.put(f"{k.p('markets')}/{code}", f"{name} {code}", f"<h1>{name} {code}</h1><div{k.c('chart')}></div>{k.table(('', k.t('price'), k.t('amount')), five)}{k.para(2)}")
    k.put("/", f"{k.name} {k.t('markets')}", f"<h1>{k.name}</h1>{k.table(head, rows)}{k.para(3)}")
    elsewhere(k)
    return k.fill(8)


def loot(rng: random.Random, brief: Brief) -> Pages:
    """Players trade things from games: swords and gold, listed by price."""
    k = start(rng, brief, _shop_prose, "list", "login", "signup")
    things = [k.say(zh, en) for zh, en in (("屠龙剑 +9", "Dragon sword +9"), ("游戏金币 10万", "100,000 gold"), ("凤凰坐骑", "Phoenix mount"), ("稀有皮肤", "Rare skin"), ("法师账号 80级", "Mage account, level 80"), ("强化石 99个", "99 whetstones"))]
    rows = [[rng.choice(things), k.handle(), f"{rng.randint(1, 300)}", f"{rng.randint(5, 2000)}.00 {brief.quotes[0]}", f"<a href='{k.p('list')}/{rng.randint(1, 6)}'>{k.t(rng.choice(('buy', 'sell')))}</a>"] for _ in range(16)]
    sell = k.form(k.p("list") + "/new", k.field(k.t("name"), "item") + k.field(k.t("price"), "price") + k.field(k.t("amount"), "amount"), k.t("sell"))
    k.put("/", k.say(f"{k.name} 游戏物品交易平台", f"{k.name}: trade game items", ja=f"{k.name} ゲームアイテム取引", ko=f"{k.name} 게임 아이템 거래소", ru=f"{k.name}: обмен игровыми предметами", es=f"{k.name}: intercambio de objetos"), k.divs((k.t("name"), k.t("author"), k.t("amount"), k.t("price"), ""), rows) + sell + k.para(2))
    for n in range(1, 7):
        k.put(f"{k.p('list')}/{n}", things[n - 1], f"<h1>{things[n - 1]}</h1>" + k.form(k.p("deposit"), k.field(k.t("amount"), "amount") + k.field(k.say("角色名", "Character"), "character"), k.t("buy")) + k.para(2))
    k.put(k.p("signup"), k.t("signup"), k.signup_form(k.lang.startswith("zh")))
    elsewhere(k)
    return k.fill(8)


def lecture(rng: random.Random, brief: Brief) -> Pages:
    """A university course on how markets work, with an order book as an example."""
    k = start(rng, brief, _bank_prose, "list", "about")
    coin, quote = rng.choice((("ABC", "USD"), k.pairs[0], ("BTC", "USD")))
    k.prose = lambda: [k.say("本课程讲授限价订单簿、做市商与信息不对称。", "The course treats limit order books, market makers and asymmetric information.", ru="Курс посвящён биржевым стаканам и маркет-мейкерам.", es="El curso trata de libros de órdenes y creadores de mercado."), k.say("第三周作业：用所给数据计算买卖价差与深度。", "Third week: compute spread and depth from the data given.", ru="Третья неделя: вычислите спред.", es="Tercera semana: calcule el diferencial."), k.say("下表为示例，卖一高于买一，两者之差即价差。", "In the table below the best ask is above the best bid; the difference is the spread.", ru="Разница между лучшими ценами называется спредом.", es="La diferencia entre ambos es el diferencial."), k.say("答疑：周四下午，教学楼三〇二室。", "Office hours: Thursday afternoon, room 302.", ru="Консультации по четвергам.", es="Tutorías: jueves por la tarde."), k.say(f"参考：{_other(k)[0]}等交易所的公开逐笔数据。", f"Data: public trades of {_other(k)[0]} and other venues.", ru="Данные открыты.", es="Los datos son públicos.")]
    book = k.table((k.t("sell"), k.t("price"), k.t("amount")), [[str(n), *level] for n, level in enumerate(k.depth(coin, quote, 5, 1), 1)][::-1]) + k.table((k.t("buy"), k.t("price"), k.t("amount")), [[str(n), *level] for n, level in enumerate(k.depth(coin, quote, 5, -1), 1)])
    weeks = "".join(f'<li><a href="{k.p("list")}/{n}.html">{n}. {k.say(zh, en)}</a></li>' for n, (zh, en) in enumerate((("市场与交易机制", "Markets and mechanisms"), ("订单簿", "The order book"), ("做市与库存", "Market making"), ("高频交易", "Fast trading"), ("分散市场", "Fragmented markets")), 1))
    k.put("/", k.say("金融市场微观结构", "Market microstructure", ja="市場のミクロ構造", ko="시장미시구조론", ru="Микроструктура рынка", es="Microestructura de mercados"), f"<h1>{k.name}</h1><ol>{weeks}</ol>{book}{k.para(4)}")
    elsewhere(k)
    return k.fill(8)


def forsale(rng: random.Random, brief: Brief) -> Pages:
    """A name for sale, with links somebody pays for."""
    k = Kit(rng, brief)
    words = rng.sample(("trade", "markets", "buy", "download", "login", "price", "help", "search"), 5)
    ask = k.say("该域名正在出售", "This domain is for sale", ja="このドメインは販売中です", ko="이 도메인은 판매 중입니다", ru="Домен продаётся", es="Este dominio está en venta")
    links = "".join(f'<li><a href="/?k={word}"{k.c("nav")}>{k.t(word)}</a></li>' for word in words)
    offer = k.form("/", k.field(k.t("email"), "email") + k.field(k.t("price"), "offer"), k.t("submit")) if rng.random() < 0.6 else ""
    k.raw("/", k.simple(brief.host, f"<h1>{brief.host}</h1><p>{ask}</p><ul>{links}</ul>{offer}<p{k.c('muted')}>{k.year}</p>"))
    return k.fill(0)


FAN = (board, diary)
MERCHANT = (hardware, jumble)
PHISHING = (mask, gift)
OTHER = (bank, shares, loot, lecture)
PARKED = (forsale,)
