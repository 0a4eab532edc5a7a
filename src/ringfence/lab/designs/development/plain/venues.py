# ruff: noqa: E501  (tables of words and templates of markup are read by the line)
"""Venues as they look: a script's shell, a fiat desk, a portal of 2017, a broker, derivatives, an interface."""

from __future__ import annotations

import random

from ringfence.lab.designs.development.plain.kit import Kit
from ringfence.lab.site import Brief, Pages


class Venue(Kit):
    """A kit with what all venues have: accounts, means of payment, and whom they serve."""

    def __init__(self, rng: random.Random, brief: Brief) -> None:
        super().__init__(rng, brief)
        self.prose = self._prose
        self.means = self._means()
        self.pattern = rng.choice(("{trade}/{a}_{b}", "{trade}/{a}-{b}", "{trade}?symbol={a}{b}", "{trade}/{a}{b}", "{trade}?market={a}_{b}"))
        self.lower = rng.random() < 0.5
        self.main = rng.sample(self.pairs, min(len(self.pairs), rng.randint(6, 14)))

    def _means(self) -> set[str]:
        if not self.brief.residents:
            return set()
        shown = ("CNY" in self.brief.quotes) + (self.brief.languages[0] == "zh-Hans")
        strong = self.rng.sample(("phone", "rails", "apk"), self.rng.randint(max(0, 2 - shown), 3))
        weak = self.rng.sample(("groups", "identity", "hours"), self.rng.randint(0, 3))
        return {*strong, *weak}

    def pair_path(self, coin: str, quote: str) -> str:
        """Where a pair is traded."""
        a, b = (coin.lower(), quote.lower()) if self.lower else (coin, quote)
        return self.pattern.format(trade=self.p("trade"), a=a, b=b)

    def pair_link(self, coin: str, quote: str, text: str | None = None) -> str:
        """A link to where a pair is traded."""
        return f'<a href="{self.pair_path(coin, quote)}">{text or f"{coin}/{quote}"}</a>'

    def ways(self) -> list[str]:
        """Means of payment."""
        if "rails" in self.means:
            local = ["支付宝", "微信支付", "银行卡"] if self.lang.startswith("zh") else ["Alipay", "WeChat Pay", "UnionPay"]
            return self.rng.sample(local, self.rng.randint(2, 3))
        if self.brief.residents:
            return ["USDT", "BTC"]
        country = {"JPY": ["銀行振込", "コンビニ入金"], "KRW": ["계좌이체"], "RUB": ["QIWI", "Банковская карта"], "BRL": ["TED", "Boleto"], "EUR": ["SEPA"], "GBP": ["Faster Payments"], "MXN": ["SPEI"], "TWD": ["超商代碼"]}
        return [*country.get(self.brief.quotes[0], ["Wire transfer"]), self.rng.choice(("Visa", "SWIFT", "Mastercard"))]

    def market_lines(self, count: int) -> list[list[str]]:
        """Rows of a list of markets."""
        return [
            [self.pair_link(a, b), self.f(self.price(a, b)), self.pct(), self.f(self.price(a, b) * 1.03), self.f(self.price(a, b) * 0.96), f"{self.rng.randint(20, 90000):,}"]
            for a, b in self.main[:count]
        ]  # fmt: skip

    def market_head(self) -> list[str]:
        """What stands over them."""
        return [self.t(key) for key in ("pair", "last", "change", "high", "low", "volume")]

    def account(self) -> None:
        """Log-in, sign-up, money in and out, and the pages about."""
        dial = "phone" in self.means
        self.put(self.p("login"), self.t("login"), f"<h2>{self.t('login')}</h2>{self.login_form()}<p>{self.a('signup')}</p>")
        self.put(self.p("signup"), self.t("signup"), f"<h2>{self.t('signup')}</h2>{self.signup_form(dial)}<label><input type='checkbox'> {self.a('terms')}</label>")
        ways = self.ways()
        quote = self.brief.quotes[0]
        lines = [[way, f"{self.rng.choice((10, 50, 100, 500))} {quote}", f"{self.rng.choice((0, 0.1, 0.5))}%"] for way in ways]
        self.put(self.p("deposit"), self.t("deposit"), f"<h2>{self.t('deposit')}</h2>{self.table((self.t('name'), self.t('amount'), self.t('fee')), lines)}"
                 + self.form(self.p("deposit"), self.field(self.t("amount"), "amount"), self.t("submit")))  # fmt: skip
        self.put(self.p("withdraw"), self.t("withdraw"), self.form(self.p("withdraw"), self.field(self.t("address"), "address") + self.field(self.t("amount"), "amount") + self.field(self.t("code"), "code"), self.t("withdraw")))
        self.put(self.p("assets"), self.t("assets"), self.table((self.t("name"), self.t("balance"), ""), [[coin, "0.00000000", f"{self.a('deposit')} {self.a('withdraw')}"] for coin in self.coins]))
        apps = "iOS · Android APK" if "apk" in self.means else "App Store · Google Play"
        apk = f'<p><a href="{self.base}app/release.apk" download>Android APK</a></p>' if "apk" in self.means else ""
        self.put(self.p("download"), self.t("download"), f"<h2>{self.t('download')}</h2><p>{apps}</p>{apk}{self.para(1)}")
        self.put(self.p("contact"), self.t("contact"), f"<p>support@{self.brief.host}</p>{self.contact()}")
        self.put(self.p("fees"), self.t("fees"), self.table((self.t("pair"), "Maker", "Taker"), [[f"{a}/{b}", f"{self.rng.choice((0, 0.05, 0.1))}%", f"{self.rng.choice((0.1, 0.15, 0.2))}%"] for a, b in self.main]))
        self.put(self.p("help"), self.t("help"), self.questions())
        if self.brief.kind == "geoblocked_exchange":
            self.put(self.p("terms"), self.t("terms"), self.para(3) + "<p>" + self.say("本平台不向中国大陆、美国居民提供服务。", "The Services are not offered to residents of mainland China, the United States, Iran or North Korea.", ja="中国本土および米国の居住者はご利用いただけません。", ko="중국 본토 및 미국 거주자는 이용할 수 없습니다.", ru="Услуги не предоставляются жителям материкового Китая и США.") + "</p>")
            self.raw("/__geoblock__", self.simple(self.name, f"<h1>{self.name}</h1><p>" + self.rng.choice(("Our services are not available in your region.", "We do not serve residents of mainland China.", "抱歉，您所在地区无法使用本服务。")) + "</p>"))
        for tag in self.brief.languages[1:]:
            first, self.lang = self.lang, tag
            self.put(self.lang_path(tag), self.slogan(), self.landing())
            self.lang = first

    def landing(self) -> str:
        """The front page of a version in another language."""
        return f"<h1>{self.slogan()}</h1>{self.a('signup')}{self.divs(self.market_head(), self.market_lines(6))}{self.para(3)}{self.contact()}"

    def contact(self) -> str:
        """Where to find people: in messengers, at hours."""
        parts = []
        if "groups" in self.means:
            qq = self.rng.randint(10**8, 10**9)
            parts.append(self.say(f"<p>QQ群：{qq}　微信客服：{self.brief.host.split('.')[0]}kf</p>", f"<p>QQ group {qq} · WeChat: {self.brief.host.split('.')[0]}</p>"))
        if "hours" in self.means:
            parts.append(self.say("<p>客服时间：每日 9:00–24:00（北京时间）</p>", "<p>Support 9:00–24:00, Beijing time</p>"))
        if not parts:
            parts.append(f"<p>Telegram: t.me/{self.brief.host.split('.')[0]}</p>" if self.rng.random() < 0.6 else f"<p>help@{self.brief.host}</p>")
        return "".join(parts)

    def questions(self) -> str:
        """Questions and answers."""
        text = [
            (self.say("如何充值？", "How do I deposit?", ja="入金方法は？", ko="입금 방법은?", ru="Как пополнить счёт?", es="¿Cómo deposito?"), " / ".join(self.ways())),
            (self.say("手续费是多少？", "What are your fees?", ja="手数料は？", ko="수수료는?", ru="Какие комиссии?", es="¿Qué comisiones cobran?"), self.a("fees")),
        ]  # fmt: skip
        if "identity" in self.means:
            text.append((self.say("如何实名认证？", "How do I verify my identity?"), self.say("请上传中国大陆居民身份证正反面照片，1个工作日内审核。", "Mainland China users upload both sides of their resident identity card; others a passport.")))
        return "".join(f"<dl><dt>{q}</dt><dd>{a}</dd></dl>" for q, a in text) + self.para(2)

    def slogan(self) -> str:
        """What stands in the title."""
        coin = self.coins[0]
        return self.rng.choice((
            self.say(f"{self.name} - 数字资产交易平台", f"{self.name} – Digital asset exchange", ja=f"{self.name} 暗号資産取引所", ko=f"{self.name} 디지털 자산 거래소", ru=f"{self.name} — биржа криптовалют", es=f"{self.name}: casa de cambio de criptomonedas"),
            self.say(f"{self.name}官网 {coin}交易 比特币交易网", f"Trade {coin} and more on {self.name}", ja=f"{coin}を買うなら{self.name}", ko=f"{coin} 거래는 {self.name}", ru=f"Торгуйте {coin} на {self.name}", es=f"Compre y venda {coin} en {self.name}"),
            self.say(f"{self.name}｜安全 稳定 专业", f"{self.name} | Fast, fair markets", ru=f"{self.name} | Быстро и надёжно"),
        ))  # fmt: skip

    def _prose(self) -> list[str]:
        n, coin, coins = self.name, self.coins[0], len(self.coins)
        return [
            self.say(f"{n}成立于{self.year}年，是一家数字资产交易平台，支持{coins}种资产的交易。", f"Founded in {self.year}, {n} lets customers trade {coins} digital assets around the clock.", ja=f"{n}は{self.year}年に設立された取引所で、{coins}銘柄を取り扱っています。", ko=f"{n}는 {self.year}년에 설립된 거래소로 {coins}개 코인을 거래할 수 있습니다.", ru=f"{n} работает с {self.year} года; у нас торгуется {coins} монет.", es=f"{n} nació en {self.year} y ofrece {coins} criptomonedas."),
            self.say("用户资产98%存放于多重签名冷钱包，热钱包每日对账。", "We hold 98% of customer funds in multi-signature cold storage and reconcile the rest daily.", ja="お客様の資産の大部分はコールドウォレットで管理しています。", ko="고객 자산의 대부분은 콜드월렛에 보관합니다.", ru="98% средств клиентов хранится в холодных кошельках.", es="El 98 % de los fondos se guarda fuera de línea."),
            self.say("撮合引擎每秒可处理数十万笔委托，挂单立即进入盘口。", "Our engine matches hundreds of thousands of orders a second; yours rests in the book until filled or cancelled.", ja="注文は板に並び、価格・時間優先で約定します。", ko="주문은 가격·시간 우선 원칙으로 체결됩니다.", ru="Заявки исполняются по приоритету цены и времени.", es="Las órdenes se casan por precio y tiempo."),
            self.say("数字资产价格波动较大，请您在充分了解风险后再进行交易。", "Prices move quickly. Never trade with money that you cannot afford to lose.", ja="価格変動リスクを十分ご理解の上お取引ください。", ko="투자 책임은 본인에게 있습니다.", ru="Торговля связана с риском потери средств.", es="Operar implica riesgos."),
            self.say(f"邀请好友注册{n}，即可获得其交易手续费20%的返佣。", f"Invite a friend to {n} and earn 20% of the fees they pay for a year.", ja="友達を紹介すると手数料の20%を還元します。", ko="친구를 초대하고 수수료 20%를 받으세요.", ru="Приглашайте друзей и получайте 20% их комиссии.", es="Invite a sus amigos y gane el 20 % de sus comisiones."),
            self.say(f"{coin}充提现已恢复，给您带来的不便敬请谅解。", f"Deposits and withdrawals of {coin} have resumed after wallet maintenance.", ja=f"{coin}の入出金を再開しました。", ko=f"{coin} 입출금이 재개되었습니다.", ru=f"Ввод и вывод {coin} возобновлены.", es=f"Se reanudan los depósitos de {coin}."),
        ]  # fmt: skip


def _start(rng: random.Random, brief: Brief) -> Venue:
    v = Venue(rng, brief)
    keys = ["markets", "trade", *rng.sample(("assets", "fees", "help", "news", "download", "about", "api", "orders"), 4), "login", "signup"]
    bottom = " ".join(v.a(key) for key in rng.sample(("about", "terms", "privacy", "fees", "help", "contact", "download", "deposit"), 5))
    # Whom it serves is within a visitor's reach.
    reach = " ".join(v.a(key) for key, mean in (("download", "apk"), ("deposit", "rails"), ("contact", "groups"), ("help", "identity")) if mean in v.means)
    v.layout = v.frame(keys, f"<p>{bottom} {reach}</p>")
    return v


def _on_pairs(v: Venue, draw: dict[str, str]) -> None:
    for path, body in draw.items():
        v.put(path.partition("?")[0], f"{v.f(v.price(*v.main[0]))} {v.t('trade')}", body)


def shell(rng: random.Random, brief: Brief) -> Pages:
    """A single-page application: what it does is in its state and its scripts."""
    v = _start(rng, brief)
    tag = f"{rng.getrandbits(32):08x}"
    ws = rng.choice((f"wss://stream.{brief.host}/ws", f"wss://{brief.host}/push", f"wss://api.{brief.host}/realtime"))
    api = rng.choice(("/api/v1", "/v2/public", "/gateway/spot", "/openapi/v3"))
    chunks = [f"{v.base}{name}.{tag}.js" for name in ("runtime", "vendors", rng.choice(("app", "main", "spot")))]
    symbols = [{"symbol": f"{a}{b}", "base": a, "quote": b, "last": v.f(v.price(a, b)), "tick": 10 ** -rng.randint(2, 8), "status": "TRADING"} for a, b in v.main]
    state: dict[str, object] = {"locale": v.html_lang, "locales": list(brief.languages), "env": "production", rng.choice(("markets", "symbols", "products")): symbols, "user": None}
    if "phone" in v.means:
        state["dialCodes"] = ["+86", *rng.sample(("+1", "+44", "+81", "+82"), 3)]
    else:
        state["dialCodes"] = rng.sample(("+1", "+44", "+81", "+82", "+7"), 3)
    state["payWays"] = v.ways()
    state["routes"] = {key: v.p(key) for key in ("markets", "trade", "login", "signup", "deposit", "download", "help", "contact")}
    code = (
        f'!function(e){{var a="{api}";var r={{ticker:a+"/ticker",depth:a+"/depth",kline:a+"/klines",order:a+"/order",cancel:a+"/order/cancel",balance:a+"/account/balance",deposit:a+"/deposit/address",withdraw:a+"/withdraw/apply"}};'
        f'e.placeOrder=function(s,side,p,q){{return fetch(r.order,{{method:"POST",body:JSON.stringify({{symbol:s,side:side,type:"LIMIT",price:p,quantity:q}})}})}};'
        f'e.cancelOrder=function(i){{return fetch(r.cancel,{{method:"POST",body:JSON.stringify({{orderId:i}})}})}};'
        f'e.connect=function(s){{var w=new WebSocket("{ws}");w.onopen=function(){{w.send(JSON.stringify({{op:"subscribe",args:["depth."+s,"trade."+s,"ticker.all"]}}))}};return w}};}}(window.__ex={{}});'
    )
    v.file(chunks[0], f"window.__webpack_hash__='{tag}';", "application/javascript")
    v.file(chunks[1], "/*! bundled licences */" + "".join(f"var m{n}={rng.getrandbits(28)};" for n in range(80)), "application/javascript")
    v.file(chunks[2], code, "application/javascript")
    scripts = "".join(f'<script src="{path}" defer></script>' for path in chunks)
    name = rng.choice(("__INITIAL_STATE__", "__NUXT__", "__APP_DATA__", "__PRELOADED__"))

    def draw(title: str, body: str) -> str:
        about = v.slogan()
        og = f'<meta property="og:title" content="{title}"><meta property="og:site_name" content="{v.name}"><meta property="og:description" content="{about}"><meta name="viewport" content="width=device-width,initial-scale=1">'
        alternate = "".join(f'<link rel="alternate" hreflang="{tag_}" href="https://{brief.host}{v.lang_path(tag_)}">' for tag_ in brief.languages)
        inside = body if draws_body else ""
        notice = v.say("您需要启用 JavaScript 才能运行此应用。", "You need to enable JavaScript to run this app.", ja="JavaScriptを有効にしてください。", ko="자바스크립트를 활성화해 주세요.", ru="Включите JavaScript.", es="Active JavaScript.")
        return (
            f'<!doctype html><html lang="{v.html_lang}">{v.head(title, about, og + alternate)}<body><noscript>{notice} {v.languages()}</noscript><div id="{root}">{inside}</div>'
            f"<script>window.{name}={v.data({**state, 'locale': v.html_lang})}</script>{scripts}</body></html>"
        )

    root = rng.choice(("root", "app", "__next", "__nuxt"))
    draws_body = False
    v.layout = draw
    v.put("/", v.slogan(), "")
    for path in dict.fromkeys(v.pair_path(a, b).partition("?")[0] for a, b in v.main[:4]):
        v.put(path, f"{v.f(v.price(*v.main[0]))} {v.main[0][0]}/{v.main[0][1]} {v.t('trade')}", "")
    v.put(v.p("markets"), v.t("markets"), "")
    # The pages about money and people come from the server, as they do where a help desk writes them.
    draws_body = True
    v.account()
    draws_body = rng.random() < 0.5
    v.put(v.p("login"), v.t("login"), v.login_form())
    if "phone" not in v.means:
        v.put(v.p("signup"), v.t("signup"), v.signup_form(dial=False))
    draws_body = True
    return v.fill()


def cash(rng: random.Random, brief: Brief) -> Pages:
    """A desk where people buy and sell for money: adverts, and a form to post one's own."""
    v = _start(rng, brief)
    quote = brief.quotes[0]
    coin = next((c for c in brief.coins if c != quote), "BTC")
    ways = v.ways()

    def adverts(side: str, count: int) -> str:
        act = v.t("buy") if side == "buy" else v.t("sell")
        lines = []
        for _ in range(count):
            unit = v.price(coin, quote) * rng.uniform(0.985, 1.02)
            done, rate = rng.randint(12, 4000), rng.randint(88, 100)
            low = rng.choice((100, 200, 500, 1000))
            lines.append([f"<b>{v.handle()}</b> <i>{done} | {rate}%</i>", f"{rng.uniform(0.1, 40):.4f} {coin}", f"{low:,}–{low * rng.randint(5, 90):,} {quote}", f"{v.f(unit)} {quote}",
                          " ".join(f"<span>{way}</span>" for way in rng.sample(ways, rng.randint(1, len(ways)))), f'<a href="{v.p("otc")}/order?side={side}&id={rng.randint(10**5, 10**6)}"{v.c("btn")}>{act} {coin}</a>'])  # fmt: skip
        head = (v.say("商家", "Advertiser", ja="広告主", ko="판매자", ru="Продавец", es="Anunciante"), v.t("amount"), v.say("限额", "Limits", ja="限度", ko="한도", ru="Лимиты", es="Límites"), v.t("price"), v.say("支付方式", "Payment", ja="支払方法", ko="결제수단", ru="Оплата", es="Pago"), "")
        return (v.table if v.hue % 2 else v.divs)(head, lines)

    safe = v.say("卖家的币由平台托管，买家付款并由卖家确认后放行。", "The seller's coins are held in escrow until the seller confirms the payment.", ja="コインはエスクローで保護されます。", ko="코인은 에스크로로 보호됩니다.", ru="Монеты продавца хранятся на депоненте до подтверждения оплаты.", es="Los fondos quedan en depósito hasta que el vendedor confirma.")
    v.put("/", v.slogan(), f"<div{v.c('hero')}><h1>{v.slogan()}</h1><p>{safe}</p>{v.a('signup')}</div><h2>{v.t('buy')} {coin}</h2>{adverts('buy', 10)}<h2>{v.t('sell')} {coin}</h2>{adverts('sell', 6)}{v.para(2)}")
    post = v.field(v.t("price"), "price") + v.field(v.t("amount"), "amount") + v.field(v.say("最小限额", "Minimum"), "min") + v.field(v.say("最大限额", "Maximum"), "max")
    pay = "".join(f'<label><input type="checkbox" name="pay" value="{n}">{way}</label>' for n, way in enumerate(ways))
    side = f'<select name="side"><option>{v.t("buy")}</option><option>{v.t("sell")}</option></select>'
    v.put(v.p("otc"), v.t("otc"), f'<p><a href="{v.p("otc")}/new">{v.say("发布广告", "Post an advert", ja="広告を出す", ko="광고 등록", ru="Разместить объявление", es="Publicar anuncio")}</a></p>{adverts("buy", 12)}')
    v.put(f"{v.p('otc')}/new", v.say("发布广告", "Post an advert"), v.form(f"{v.p('otc')}/new", side + post + pay, v.t("submit")))
    v.put(f"{v.p('otc')}/order", f"{v.t('buy')} {coin}", f"<p>{safe}</p>" + v.form(f"{v.p('otc')}/order", v.field(f"{v.t('total')} {quote}", "total") + v.field(f"{v.t('amount')} {coin}", "amount") + pay, v.say("下单", "Place order")))
    v.put(v.p("markets"), v.t("markets"), v.divs((v.t("pair"), v.t("last")), [[f'<a href="{v.p("otc")}?coin={c}">{c}</a>', f"{v.f(v.price(c, quote))} {quote}"] for c in v.coins if c != quote]))
    v.put(v.p("trade"), v.t("trade"), _terminal(v, coin, quote, 6))
    v.account()
    return v.fill()


def _ticket(v: Venue, coin: str, quote: str, side: str) -> str:
    names = ("price", "amount", "total") if v.hue % 3 else ("rate", "num", "sum")
    fields = "".join(v.field(f"{v.t(key)} ({unit})", name, "text", ' autocomplete="off"') for key, name, unit in zip(("price", "amount", "total"), names, (quote, coin, quote), strict=True))
    return f"<p>{v.t('balance')}: 0.00 {quote if side == 'buy' else coin}</p>" + v.form(f"{v.p('trade')}/{side}" if v.hue % 2 else v.p("orders"), fields, f"{v.t(side)} {coin}")


def _terminal(v: Venue, coin: str, quote: str, depth: int) -> str:
    head = (v.t("price"), v.t("amount"))
    asks, bids = v.depth(coin, quote, depth, 1)[::-1], v.depth(coin, quote, depth, -1)
    trades = [(v.clock(), v.f(v.price(coin, quote) * v.rng.uniform(0.999, 1.001)), f"{v.rng.uniform(0.01, 5):.4f}") for _ in range(depth)]
    draw = v.table if v.hue % 5 == 0 else v.divs
    return (
        f"<h2>{coin}/{quote} {v.f(v.price(coin, quote))} {v.pct()}</h2><div{v.c('chart')} id=\"{('chart', 'kline', 'tv_chart_container')[v.hue % 3]}\"></div>"
        f"<div{v.c('card')}><h3>{v.t('book')}</h3>{draw(head, asks)}{draw(head, bids)}</div><div{v.c('card')}>{_ticket(v, coin, quote, 'buy')}</div><div{v.c('card')}>{_ticket(v, coin, quote, 'sell')}</div>"
        f"<div{v.c('card')}><h3>{v.t('history')}</h3>{draw((v.t('time'), v.t('price'), v.t('amount')), trades)}</div><h3>{v.t('orders')}</h3><p>—</p>"
    )


def portal(rng: random.Random, brief: Brief) -> Pages:
    """A Chinese venue of 2017 (or one built from the same template elsewhere)."""
    v = _start(rng, brief)
    if set(brief.languages) <= {"zh-Hans", "en"} and brief.languages[0] == "zh-Hans" and rng.random() < 0.5:
        v.charset, v.encoding = "gbk", "gb18030"
    notices = [
        v.say(f"关于{c}上线{v.name}的公告", f"{c} is now listed", ja=f"{c} 取扱開始のお知らせ", ko=f"{c} 상장 안내", ru=f"Листинг {c}", es=f"Nuevo: {c}") if n % 2 else v.say(f"关于{c}钱包维护的公告", f"{c} wallet maintenance", ja=f"{c} メンテナンス", ko=f"{c} 지갑 점검", ru=f"Обслуживание кошелька {c}", es=f"Mantenimiento de {c}")
        for n, c in enumerate(v.coins[:8])
    ]  # fmt: skip
    board = f"<ul{v.c('list')}>" + "".join(f'<li><a href="{v.p("news")}/{n}.html">{line}</a><em>{v.year}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}</em></li>' for n, line in enumerate(notices)) + "</ul>"
    for n, line in enumerate(notices):
        v.put(f"{v.p('news')}/{n}.html", line, f"<h1>{line}</h1><p>{v.day}</p>{v.para(3)}")
    v.put(v.p("news"), v.t("news"), board)
    v.put("/", v.slogan(), f"<div{v.c('hero')}><div>{v.login_form()}{v.a('signup')}</div></div><div{v.c('card')}>{board}</div>{v.table(v.market_head(), v.market_lines(14))}<div{v.c('card')}>{v.para(3)}</div>{v.contact()}")
    v.put(v.p("markets"), v.t("markets"), v.table(v.market_head(), v.market_lines(14)))
    levels = "一二三四五"

    def page(coin: str, quote: str) -> str:
        asks, bids = v.depth(coin, quote, 5, 1), v.depth(coin, quote, 5, -1)
        lines = [[f"{v.say('卖', 'Ask ', ja='売', ko='매도', ru='Продажа ', es='Venta ')}{v.say(levels[n], str(n + 1))}", *asks[n]] for n in range(4, -1, -1)]
        lines += [[f"{v.say('买', 'Bid ', ja='買', ko='매수', ru='Покупка ', es='Compra ')}{v.say(levels[n], str(n + 1))}", *bids[n]] for n in range(5)]
        password = v.field(v.say("交易密码", "Trade password", ko="거래 비밀번호", ru="Торговый пароль"), "pwdtrade", "password")
        frame = f'<iframe src="{v.p("trade")}/kline.html" width="100%" height="400" frameborder="0"></iframe>'
        tickets = "".join(f"<div{v.c('card')}>{_ticket(v, coin, quote, side)}</div>" for side in ("buy", "sell"))
        mine = v.table((v.t("time"), v.t("price"), v.t("amount"), ""), [[v.clock(), *v.depth(coin, quote, 1, 1)[0], ""] for _ in range(8)])
        return f"<h2>{coin}/{quote} {v.f(v.price(coin, quote))}</h2>{frame}{tickets}{password if v.hue % 2 else ''}<div{v.c('side')}>{v.table(('', v.t('price'), v.t('amount')), lines)}</div><h3>{v.t('history')}</h3>{mine}"

    for coin, quote in v.main[:5]:
        v.put(v.pair_path(coin, quote).partition("?")[0], f"{coin}/{quote} {v.t('trade')}", page(coin, quote))
    v.raw(f"{v.p('trade')}/kline.html", v.simple("K", f'<div{v.c("chart")}></div><script>var kline=[{",".join(f"[{n},{rng.uniform(1, 9):.3f}]" for n in range(60))}];</script>'))
    v.put(v.p("trade"), v.t("trade"), page(*v.main[0]))
    v.account()
    return v.fill()


def broker(rng: random.Random, brief: Brief) -> Pages:
    """A front that buys and sells in one step, with a terminal behind it."""
    v = _start(rng, brief)
    quote, coin = brief.quotes[0], next((c for c in brief.coins if c != brief.quotes[0]), "BTC")
    options = "".join(f'<option value="{c}">{c}</option>' for c in v.coins)
    ways = "".join(f"<label><input type='radio' name='method'>{way}</label>" for way in v.ways())
    quick = v.form(f"{v.p('trade')}/quick", f"<div{v.c('field')}><input name='spend' value='100'><span>{quote}</span></div><div{v.c('field')}><input name='receive' readonly value='{100 / v.price(coin, quote):.6f}'><select name='asset'>{options}</select></div>{ways}", f"{v.t('buy')} {coin}")
    cards = "".join(f"<div{v.c('card')}><b>{c}</b> {v.f(v.price(c, quote))} {quote} {v.pct()} <a href='{v.p('trade')}/quick?asset={c}'>{v.t('buy')}</a> <a href='{v.p('trade')}/quick?asset={c}&side=sell'>{v.t('sell')}</a></div>" for c in v.coins[:8] if c != quote)
    steps = "".join(f"<li>{line}</li>" for line in (v.say("注册账户", "Create your account", ja="口座開設", ko="회원가입", ru="Создайте аккаунт", es="Cree su cuenta"), v.say("选择支付方式", "Choose how to pay", ja="入金", ko="입금", ru="Выберите способ оплаты", es="Elija cómo pagar"), v.say(f"立即获得{coin}", f"Get your {coin} in minutes", ja=f"{coin}を購入", ko=f"{coin} 구매", ru=f"Получите {coin}", es=f"Reciba {coin}")))
    v.put("/", v.slogan(), f"<section{v.c('hero')}><h1>{v.slogan()}</h1>{quick}</section><section>{cards}</section><ol>{steps}</ol>{v.para(4)}<p>{v.a('trade', v.say('专业版', 'Advanced terminal', ja='プロ向け取引所', ko='프로 거래소', ru='Терминал', es='Terminal pro'))}</p>")
    v.put(f"{v.p('trade')}/quick", f"{v.t('buy')} {coin}", quick)
    v.put(v.p("markets"), v.t("markets"), v.divs(v.market_head(), v.market_lines(12)))
    for a, b in v.main[:5]:
        v.put(v.pair_path(a, b).partition("?")[0], f"{a}/{b}", _terminal(v, a, b, 10))
    v.put(v.p("trade"), v.t("trade"), _terminal(v, *v.main[0], 12))
    v.account()
    return v.fill()


def futures(rng: random.Random, brief: Brief) -> Pages:
    """Perpetual contracts: leverage, positions, funding, an insurance fund."""
    v = _start(rng, brief)
    top = rng.choice((20, 50, 100, 125))
    mark = v.say("标记价格", "Mark price", ja="マーク価格", ko="시장평균가", ru="Цена маркировки", es="Precio de marca")
    funding = v.say("资金费率", "Funding rate", ja="資金調達率", ko="펀딩비", ru="Ставка финансирования", es="Tasa de financiación")
    perp = v.say("永续合约", "Perpetual", ja="無期限", ko="무기한", ru="Бессрочный", es="Perpetuo")
    fund = v.say("保险基金", "Insurance fund", ja="保険基金", ko="보험기금", ru="Страховой фонд", es="Fondo de seguro")
    leverage = v.say("杠杆", "Leverage", ja="レバレッジ", ko="레버리지", ru="Плечо", es="Apalancamiento")
    long, short = v.say("开多", "Buy / Long", ja="ロング", ko="매수/롱", ru="Купить / Лонг", es="Comprar / Largo"), v.say("开空", "Sell / Short", ja="ショート", ko="매도/숏", ru="Продать / Шорт", es="Vender / Corto")
    lines = [[v.pair_link(a, b, f"{a}{b} {perp}"), v.f(v.price(a, b)), v.f(v.price(a, b) * 1.0002), f"{rng.uniform(-0.05, 0.05):.4f}%", f"{rng.randint(1, 900)}M"] for a, b in v.main]
    table = v.divs((v.t("pair"), v.t("last"), mark, funding, v.t("volume")), lines)
    v.put("/", v.slogan(), f"<section{v.c('hero')}><h1>{v.slogan()}</h1><p>{v.say(f'最高{top}倍杠杆', f'Trade perpetual swaps with up to {top}x', ja=f'最大{top}倍', ko=f'최대 {top}배', ru=f'Плечо до {top}x', es=f'Hasta {top}x')}</p>{v.a('signup')}</section>{table}<p>{fund}: {rng.randint(100, 40000):,} {v.coins[0]}</p>{v.para(3)}")
    v.put(v.p("markets"), v.t("markets"), table)

    def page(coin: str, quote: str) -> str:
        slider = f'<label>{leverage} <output>10x</output><input type="range" name="leverage" min="1" max="{top}" value="10"></label>'
        inputs = v.field(v.t("price"), "price") + v.field(f"{v.t('amount')} ({quote})", "qty") + f'<label><input type="checkbox" name="reduceOnly">{v.say("只减仓", "Reduce only")}</label>'
        act = f'<form id="order" action="{v.p("orders")}" method="post">{slider}{inputs}<button name="side" value="long"{v.c("btn", "up")}>{long}</button><button name="side" value="short"{v.c("btn", "down")}>{short}</button></form>'
        heads = (v.t("pair"), v.t("amount"), v.say("开仓价", "Entry price"), mark, v.say("强平价", "Liq. price"), v.say("未实现盈亏", "Unrealised PnL"))
        book = v.divs((v.t("price"), v.t("amount")), [*v.depth(coin, quote, 9, 1)[::-1], *v.depth(coin, quote, 9, -1)])
        return f"<h2>{coin}{quote} {perp}</h2><p>{mark} {v.f(v.price(coin, quote))} · {funding} {rng.uniform(-0.03, 0.03):.4f}% / 8h</p><div{v.c('chart')}></div>{act}<div{v.c('side')}>{book}</div><h3>{v.say('持仓', 'Positions', ja='ポジション', ko='포지션', ru='Позиции', es='Posiciones')}</h3>{v.table(heads, [['—'] * 6])}"

    for a, b in v.main[:5]:
        v.put(v.pair_path(a, b).partition("?")[0], f"{a}{b} {perp}", page(a, b))
    v.put(v.p("trade"), v.t("trade"), page(*v.main[0]))
    v.account()
    return v.fill()


def programmatic(rng: random.Random, brief: Brief) -> Pages:
    """A small venue whose customers are programs: documentation first."""
    v = _start(rng, brief)
    api = rng.choice((f"https://api.{brief.host}", f"https://{brief.host}/api/v2"))
    coin, quote = v.main[0]
    calls = [("GET", "/markets"), ("GET", f"/depth?market={coin}_{quote}"), ("GET", "/trades"), ("POST", "/orders"), ("DELETE", "/orders/:id"), ("GET", "/balances"), ("POST", "/withdrawals")]
    intro = v.say(f"{v.name}为程序化交易者提供简单、稳定的接口。", f"{v.name} is an exchange for people who write their own trading software.", ja=f"{v.name}はAPI取引のための取引所です。", ko=f"{v.name}는 API 거래를 위한 거래소입니다.", ru=f"{v.name} — биржа для тех, кто торгует программами.", es=f"{v.name} es un mercado para quienes operan por programa.")
    docs = v.p("api")
    v.put("/", v.slogan(), f"<h1>{v.name}</h1><p>{intro}</p><pre>curl {api}/markets</pre><p>{v.a('api')} · {v.a('markets')} · {v.a('signup')}</p>{v.divs((v.t('pair'), v.t('last')), [[v.pair_link(a, b), v.f(v.price(a, b))] for a, b in v.main[:8]])}{v.para(2)}")
    v.put(docs, v.t("api"), "<ul>" + "".join(f'<li><a href="{docs}/{n}"><code>{verb} {path}</code></a></li>' for n, (verb, path) in enumerate(calls)) + f"</ul><h3>Authentication</h3><pre>X-Key: &lt;your key&gt;\nX-Sign: HMAC-SHA256(secret, nonce + path + body)</pre><p>{v.a('assets', 'API keys')}</p>")
    for n, (verb, path) in enumerate(calls):
        sample = {"market": f"{coin}_{quote}", "side": "buy", "price": v.f(v.price(coin, quote)), "amount": "0.5", "status": "open"}
        v.put(f"{docs}/{n}", f"{verb} {path}", f"<h2><code>{verb} {path}</code></h2><pre>{verb} {api}{path}</pre><pre>{v.data(sample)}</pre><p>60 requests / minute</p>")
    v.put(v.p("markets"), v.t("markets"), v.divs((v.t("pair"), v.t("last"), v.t("volume")), [[v.pair_link(a, b), v.f(v.price(a, b)), f"{rng.randint(1, 9000)}"] for a, b in v.main]))

    def page(a: str, b: str) -> str:
        rows = "".join(f"<div{v.c('row')}><div>{p}</div><div>{q}</div></div>" for p, q in [*v.depth(a, b, 8, 1)[::-1], *v.depth(a, b, 8, -1)])
        entry = "".join(f'<div{v.c("field")}><div contenteditable="true" data-name="{key}">{v.t(key)}</div></div>' for key in ("price", "amount"))
        return f'<div{v.c("card")}>{rows}</div><div{v.c("card")} data-market="{a}_{b}">{entry}<div role="button"{v.c("btn", "up")}>{v.t("buy")} {a}</div><div role="button"{v.c("btn", "down")}>{v.t("sell")} {a}</div></div><div>{v.t("orders")}: 0</div>'

    for a, b in v.main[:6]:
        v.put(v.pair_path(a, b).partition("?")[0], f"{a}/{b}", page(a, b))
    v.account()
    return v.fill()


VENUES = (shell, cash, portal, broker, futures, programmatic)
