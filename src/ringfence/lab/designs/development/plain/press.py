# ruff: noqa: E501  (tables of words and templates of markup are read by the line)
"""Newspapers, feeds, a review that earns by links, and a research desk that belongs to a venue."""

from __future__ import annotations

import random

from ringfence.lab.designs.development.plain.kit import Kit
from ringfence.lab.site import Brief, Pages


class Press(Kit):
    """A kit with the prose of people who write about the trade."""

    def __init__(self, rng: random.Random, brief: Brief) -> None:
        super().__init__(rng, brief)
        self.prose = self._prose
        self.other, self.other_host = brief.others[0] if brief.others else ("Coinhall", "coinhall.example")
        self.reporter = rng.choice(("林晓", "陈默", "赵一凡", "周子瑜") if self.lang.startswith("zh") else ("Dana Whitlock", "M. Okafor", "Peter Lindqvist", "Inés Robles"))

    def venue(self) -> str:
        """One of the venues that are written about."""
        return self.rng.choice(self.brief.others)[0] if self.brief.others else self.other

    def headline(self) -> str:
        """A headline."""
        x, coin, n = self.venue(), self.rng.choice(self.coins), self.rng.randint(3, 40)
        return self.rng.choice((
            self.say(f"{x}宣布上线{coin}，成交额一日增长{n}%", f"{x} lists {coin}; turnover up {n}% in a day", ja=f"{x}が{coin}を上場、出来高{n}%増", ko=f"{x}, {coin} 상장… 거래량 {n}% 증가", ru=f"{x} добавила {coin}, оборот вырос на {n}%", es=f"{x} incorpora {coin} y su volumen sube un {n} %"),
            self.say(f"{coin}跌破关键价位，投资者在{x}排队提现", f"{coin} slides as customers of {x} queue to withdraw", ja=f"{coin}急落、{x}で出金が殺到", ko=f"{coin} 급락… {x} 출금 지연", ru=f"{coin} падает, клиенты {x} выводят деньги", es=f"{coin} cae y los clientes de {x} retiran fondos"),
            self.say(f"监管部门约谈多家平台，{x}称业务照常", f"Regulators summon platforms; {x} says business as usual", ja=f"規制当局、{x}など数社に聴取", ko=f"당국, {x} 등 거래소 점검", ru=f"Регулятор проверяет биржи, {x} работает как обычно", es=f"El regulador cita a {x}"),
            self.say(f"矿工收入连降{n}周，二手矿机价格腰斩", f"Miners' income falls for {n} weeks and used machines halve in price", ja="マイナー収益が減少", ko="채굴 수익 감소", ru="Доходы майнеров падают", es="Bajan los ingresos de los mineros"),
        ))  # fmt: skip

    def _prose(self) -> list[str]:
        x, y, coin, q = self.venue(), self.venue(), self.rng.choice(self.coins), self.brief.quotes[0]
        price = self.f(self.price(coin, q)) if coin != q else "1"
        n = self.rng.randint(2, 70)
        who = self.handle()
        return [
            self.say(f"本报记者获悉，{x}近日向用户发出通知，称将调整{coin}的充值与提现规则，新规则自下周一起执行。多位用户向记者表示，他们在登录该平台后才看到这一消息。", f"Customers of {x} learnt this week that the rules for depositing and withdrawing {coin} would change on Monday. Several told this newspaper that they had found out only after they logged in to the exchange.", ja=f"{x}は今週、{coin}の入出金ルールを変更すると顧客に通知した。", ko=f"{x}는 이번 주 {coin} 입출금 규정을 변경한다고 공지했다.", ru=f"На этой неделе клиенты {x} узнали, что правила ввода и вывода {coin} изменятся с понедельника.", es=f"Los clientes de {x} supieron esta semana que cambiarán las reglas para depositar y retirar {coin}."),
            self.say(f"截至发稿，{coin}报{price} {q}，二十四小时内振幅超过{n}%。分析人士认为，买盘主要来自此前离场的短线资金，卖一与买一之间的价差明显扩大。", f"At the time of writing {coin} stood at {price} {q}, having swung by more than {n}% in a day. Analysts put it down to short-term money coming back; the gap between the best bid and the best ask has widened.", ja=f"執筆時点で{coin}は{price} {q}。値幅は{n}%を超えた。", ko=f"기사 작성 시점 {coin}은 {price} {q}로, 하루 변동폭이 {n}%를 넘었다.", ru=f"На момент публикации {coin} стоил {price} {q}; за сутки цена менялась более чем на {n}%.", es=f"Al cierre de esta edición {coin} cotizaba a {price} {q}, con una oscilación superior al {n} %."),
            self.say(f"一位不愿具名的前员工告诉记者，{y}的撮合系统在行情剧烈时多次停机，“下单按钮点了没有反应，委托既不成交也撤不掉”。平台客服则在QQ群里要求用户耐心等待。", f"A former employee who asked not to be named said that the matching engine at {y} had stalled repeatedly. “You pressed buy and nothing happened; orders would neither fill nor cancel,” he said. Support staff asked for patience.", ja=f"{y}の元従業員は、相場急変時にシステムが何度も停止したと語った。", ko=f"{y}의 전직 직원은 시스템이 여러 차례 멈췄다고 말했다.", ru=f"Бывший сотрудник {y} рассказал, что система несколько раз останавливалась.", es=f"Un antiguo empleado de {y} contó que el sistema se detuvo varias veces."),
            self.say("去年九月的公告发布后，境内平台陆续关闭了人民币交易，部分用户转向场外，用支付宝、微信支付或银行卡向陌生人付款，纠纷也随之增多。", "Since last September's notice the domestic platforms have closed their yuan books, and some customers pay strangers over the counter by Alipay or bank card. Disputes have multiplied.", ja="昨年9月の通達以降、国内取引所は人民元取引を停止した。", ko="지난해 9월 발표 이후 중국 내 거래소들은 위안화 거래를 중단했다.", ru="После сентябрьского уведомления китайские площадки закрыли торги за юани.", es="Desde el aviso de septiembre las plataformas chinas cerraron sus mercados en yuanes."),
            self.say(f"家住郊区的{who}从去年开始接触数字货币。他说自己只投入了半年的积蓄，“亏了就当交学费”，如今账户里只剩下不到三成。", f"One reader, who calls himself {who}, put half a year's savings in last spring. “I told myself it was school fees,” he says. Less than a third is left.", ja="ある個人投資家は「授業料だと思っている」と話す。", ko="한 투자자는 “수업료라고 생각한다”고 말했다.", ru="Один из вкладчиков говорит, что считает потери платой за учёбу.", es="Un ahorrador dice que lo toma como el precio de la matrícula."),
            self.say("法学院一位副教授指出，判断一家网站是否提供交易服务，要看它是否撮合买卖、是否保管客户资产，而不是看它自称什么。", "Whether a site provides a trading service, a law lecturer points out, turns on whether it matches orders and keeps customers' assets, and not on what it calls itself.", ja="法学者は、自称ではなく実態で判断すべきだと指摘する。", ko="한 법학 교수는 실질에 따라 판단해야 한다고 지적했다.", ru="Юристы советуют смотреть на суть услуг, а не на вывеску.", es="Un jurista recuerda que cuenta lo que se hace, no el nombre."),
            self.say(f"{x}没有回应本报的置评请求。", f"{x} did not respond to a request for comment.", ja=f"{x}はコメントを控えた。", ko=f"{x}는 답변하지 않았다.", ru=f"В {x} не ответили на запрос.", es=f"{x} no quiso hacer comentarios."),
        ]  # fmt: skip


def _start(rng: random.Random, brief: Brief) -> Press:
    k = Press(rng, brief)
    keys = rng.sample(("news", "markets", "topic", "about", "contact", "help", "list", "trade", "login", "download", "fees", "otc"), 6)
    k.layout = k.frame(keys, f"<p>{k.a('about')} {k.a('privacy')} {k.a('contact')}</p>")
    return k


def _elsewhere(k: Press) -> None:
    for tag in k.brief.languages[1:]:
        first, k.lang = k.lang, tag
        k.put(k.lang_path(tag), k.name, f"<h1>{k.headline()}</h1>{k.para(4)}")
        k.lang = first


def newspaper(rng: random.Random, brief: Brief) -> Pages:
    """Long articles, by-lines, related stories, and a bar of prices that a supplier draws."""
    k = _start(rng, brief)
    bar = f"<div{k.c('row')}>" + " ".join(f"<span>{c} {k.f(k.price(c, brief.quotes[0]))} {k.pct()}</span>" for c in k.coins[:5] if c != brief.quotes[0]) + "</div>"
    folder = k.p("news")
    stories = [(f"{folder}/{k.year}/{rng.randint(10**4, 10**6)}.html", k.headline()) for _ in range(9)]
    related = "<ul>" + "".join(f'<li><a href="{path}">{title}</a></li>' for path, title in stories[:5]) + "</ul>"
    for path, title in stories:
        by = f"<p{k.c('muted')}>{k.t('author')} {k.reporter} · <time>{k.day}</time></p>"
        figure = f'<figure><img src="/logo.png" alt=""><figcaption>{title}</figcaption></figure>'
        k.put(path, title, f"{bar}<article><h1>{title}</h1>{by}{k.para(3)}{figure}{k.para(7)}{k.para(5)}</article><aside><h3>{k.t('related')}</h3>{related}</aside>")
    lead = "".join(f'<div{k.c("card")}><h2><a href="{path}">{title}</a></h2><p>{k.prose()[rng.randrange(5)]}</p></div>' for path, title in stories)
    letter = k.form(k.p("contact"), k.field(k.t("email"), "email"), k.say("订阅", "Subscribe", ja="購読", ko="구독", ru="Подписаться", es="Suscribirse"))
    k.put("/", k.name, f"{bar}{lead}{letter}")
    k.put(k.p("markets"), k.t("markets"), k.table((k.t("name"), k.t("last"), k.t("change")), [[c, k.f(k.price(c, q)), k.pct()] for c, q in k.pairs[:14]]) + k.para(3))
    _elsewhere(k)
    return k.fill(12)


def flashes(rng: random.Random, brief: Brief) -> Pages:
    """Short news by the minute, with votes for up and down."""
    k = _start(rng, brief)
    up, down = k.say("利好", "Bullish", ja="強気", ko="호재", ru="Рост", es="Alcista"), k.say("利空", "Bearish", ja="弱気", ko="악재", ru="Падение", es="Bajista")
    items = "".join(
        f'<li{k.c("row")}><time>{k.clock()[:5]}</time><h4><a href="{k.p("news")}/{rng.randint(10**4, 10**5)}">{k.headline()}</a></h4><p>{rng.choice(k.prose())}</p><span>{up} {rng.randint(0, 900)}</span> <span>{down} {rng.randint(0, 900)}</span></li>'
        for _ in range(rng.randint(14, 30))
    )  # fmt: skip
    side = k.divs((k.t("name"), k.t("last"), k.t("change")), [[c, k.f(k.price(c, q)), k.pct()] for c, q in k.pairs[:8]])
    venues = "".join(f'<li><a href="https://{host}/" rel="nofollow">{name}</a></li>' for name, host in brief.others)
    app = k.say("扫码下载APP，安卓用户请下载APK；加入读者微信群", "Get the app for iOS or Android", ru="Скачайте приложение") if rng.random() < 0.6 else ""
    k.put("/", f"{k.name} 7x24", f"<div{k.c('wrap')}><ul{k.c('list')}>{items}</ul><div{k.c('side')}>{side}<ul>{venues}</ul><p>{app}</p></div></div>")
    k.put(k.p("login"), k.t("login"), k.login_form())
    k.put(k.p("signup"), k.t("signup"), k.signup_form(k.lang.startswith("zh")))
    _elsewhere(k)
    return k.fill(10)


def review(rng: random.Random, brief: Brief) -> Pages:
    """How to buy on somebody's venue, step by step, with pictures and paid links."""
    k = _start(rng, brief)
    x, coin = k.other, k.coins[0]
    out = f"https://{k.other_host}/?ref={rng.getrandbits(20)}"
    link = f'<a href="{out}" rel="sponsored nofollow"{k.c("btn")}>{k.say(f"前往{x}", f"Go to {x}", ja=f"{x}へ", ko=f"{x} 바로가기", ru=f"Перейти на {x}", es=f"Ir a {x}")}</a>'
    steps = [
        (k.say(f"打开{x}官网，点击“注册”", f"Open {x} and press “Sign up”", ja=f"{x}で「新規登録」を押す", ko=f"{x}에서 회원가입", ru=f"Откройте {x} и нажмите «Регистрация»", es=f"Abra {x} y pulse «Registrarse»"), k.say("手机号选择+86，填写短信验证码。", "Enter your mobile number; readers in China choose +86.")),
        (k.say("完成实名认证", "Verify your identity", ja="本人確認", ko="본인인증", ru="Подтвердите личность", es="Verifique su identidad"), k.say("上传身份证正反面，通常十分钟内通过。", "A photograph of your passport is enough for the first level.")),
        (k.say("充值", "Deposit money", ja="入金", ko="입금", ru="Пополните счёт", es="Deposite dinero"), k.say("在法币交易里选择一个商家，用支付宝、微信支付或银行卡付款。", "Pick a seller under P2P and pay by card, bank transfer or Alipay.")),
        (k.say(f"买入{coin}", f"Buy {coin}", ja=f"{coin}を買う", ko=f"{coin} 매수", ru=f"Купите {coin}", es=f"Compre {coin}"), k.say("在交易页面输入价格和数量，点击买入，等待成交。", "On the trade page type a price and an amount, press Buy, and wait until the order is filled.")),
        (k.say("提现到自己的钱包", "Withdraw to your own wallet", ja="ウォレットへ出金", ko="지갑으로 출금", ru="Выведите на свой кошелёк", es="Retire a su monedero"), k.say("粘贴地址，输入谷歌验证码。", "Paste the address and type the code from your authenticator.")),
    ]  # fmt: skip
    body = "".join(f'<h3>{n}. {head}</h3><p>{text}</p><figure><img src="{k.base}shot-{n}.png" alt="{head}" width="640"><figcaption>{x}: {head}</figcaption></figure>' for n, (head, text) in enumerate(steps, 1))
    marks = k.table((k.name, ""), [[k.t(key), "★" * rng.randint(2, 5)] for key in ("fees", "help", "download", "volume")])
    paid = k.say("如果您通过本文链接注册，我们可能获得佣金。", "We may earn a commission if you register through our links.", ja="本記事にはアフィリエイトリンクが含まれます。", ko="제휴 링크가 포함되어 있습니다.", ru="Статья содержит партнёрские ссылки.", es="Este artículo contiene enlaces de afiliado.")
    title = k.say(f"{x}怎么买{coin}？手把手教程（{k.year}最新）", f"How to buy {coin} on {x}: step by step ({k.year})", ja=f"{x}で{coin}を買う方法", ko=f"{x}에서 {coin} 사는 법", ru=f"Как купить {coin} на {x}", es=f"Cómo comprar {coin} en {x}")
    article = f"<article><h1>{title}</h1><p{k.c('muted')}>{k.t('author')} {k.reporter}, {k.day}</p><p>{paid}</p>{link}{body}{marks}{link}{k.para(2)}</article>"
    home = rng.random() < 0.5
    k.put(f"{k.p('topic')}/{rng.randint(100, 999)}", title, article)
    cards = "".join(f'<div{k.c("card")}><h2><a href="{next(iter(k.pages))}">{title if n == 0 else k.headline()}</a></h2></div>' for n in range(8))
    ranked = k.table((k.t("rank"), k.t("name"), k.t("fees"), ""), [[str(n), name, f"{rng.choice((0.1, 0.2))}%", f'<a href="https://{host}/" rel="sponsored">{k.t("signup")}</a>'] for n, (name, host) in enumerate(brief.others, 1)])
    k.put("/", title if home else k.name, article if home else cards + ranked + k.para(2))
    _elsewhere(k)
    return k.fill(10)


def research(rng: random.Random, brief: Brief) -> Pages:
    """A venue's research desk, on a site of its own, that says whose it is."""
    k = _start(rng, brief)
    x = k.other
    owned = k.say(f"{k.name}是{x}旗下的研究机构，本站不提供任何交易服务。", f"{k.name} is the research arm of {x}. Nothing can be traded on this site.", ja=f"{k.name}は{x}の調査部門です。当サイトでは取引できません。", ko=f"{k.name}는 {x}의 리서치 센터이며 거래 서비스를 제공하지 않습니다.", ru=f"{k.name} — аналитический отдел {x}. Торговать здесь нельзя.", es=f"{k.name} es el servicio de estudios de {x}. Aquí no se opera.")
    link = f'<a href="https://{k.other_host}/">{k.say(f"去{x}交易", f"Trade at {x}", ja=f"{x}で取引", ko=f"{x}에서 거래", ru=f"Торговать на {x}", es=f"Operar en {x}")}</a>'
    papers = []
    for n in range(6):
        coin = rng.choice(k.coins)
        title = k.say(f"{coin}周报：深度与价差（第{rng.randint(1, 52)}周）", f"{coin} weekly: depth and spread", ja=f"{coin}週報", ko=f"{coin} 주간 보고서", ru=f"{coin}: итоги недели", es=f"{coin}: informe semanal")
        quote = brief.quotes[0] if brief.quotes[0] != coin else "USD"
        levels = k.table((k.t("price"), k.t("amount")), [*k.depth(coin, quote, 4, 1)[::-1], *k.depth(coin, quote, 4, -1)])
        path = f"{k.p('news')}/{coin.lower()}-{n}"
        k.put(path, title, f"<article><h1>{title}</h1><p>{k.day}</p>{k.para(4)}<figure>{levels}<figcaption>{x}, {k.clock()}</figcaption></figure>{k.para(3)}<p>{owned} {link}</p></article>")
        papers.append(f'<div{k.c("card")}><a href="{path}">{title}</a></div>')
    k.put("/", k.name, f"<div{k.c('hero')}><h1>{k.name}</h1><p>{owned}</p>{link}</div>{''.join(papers)}{k.para(2)}")
    k.put(k.p("about"), k.t("about"), f"<p>{owned}</p>{k.para(1)}")
    _elsewhere(k)
    return k.fill(8)


NEWS = (newspaper, flashes, review, research)
