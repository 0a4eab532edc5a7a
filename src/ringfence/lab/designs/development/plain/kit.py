# ruff: noqa: E501  (tables of words and templates of markup are read by the line)
"""What these designs draw with: words in seven languages, class names, paths, prices, frames."""

from __future__ import annotations

import html
import json
import random
import re
from collections.abc import Callable, Iterable, Sequence

from ringfence.lab.site import Brief, Page, Pages

Layout = Callable[[str, str], str]

# key | zh-Hans | en | ja | ko | ru | es ; "/" parts variants.
_UI = """
home|首页|Home|ホーム|홈|Главная|Inicio
markets|行情/市场/行情中心|Markets/Market/Prices|マーケット|시세|Рынки|Mercados
trade|交易/币币交易/交易中心|Trade/Spot/Exchange|取引|거래|Торговля|Operar
buy|买入/买|Buy|買い|매수|Купить|Comprar
sell|卖出/卖|Sell|売り|매도|Продать|Vender
price|价格/单价|Price|価格|가격|Цена|Precio
amount|数量|Amount/Quantity/Size|数量|수량|Количество|Cantidad
total|总额/金额|Total|合計|합계|Сумма|Total
last|最新价|Last price/Last|最終価格|현재가|Последняя цена|Último
change|涨跌幅/24h涨跌|24h change/Change|前日比|전일대비|Изменение|Cambio
volume|成交量/24h量|Volume/24h volume|出来高|거래량|Объём|Volumen
high|最高价|High|高値|고가|Максимум|Máximo
low|最低价|Low|安値|저가|Минимум|Mínimo
login|登录|Log in/Sign in|ログイン|로그인|Войти|Entrar
signup|注册/免费注册|Sign up/Register/Create account|新規登録|회원가입|Регистрация|Registrarse
email|邮箱|Email/E-mail address|メールアドレス|이메일|Почта|Correo
phone|手机号|Phone/Mobile number|電話番号|휴대폰 번호|Телефон|Teléfono
password|密码/登录密码|Password|パスワード|비밀번호|Пароль|Contraseña
deposit|充值/充币|Deposit|入金|입금|Пополнить|Depositar
withdraw|提现/提币|Withdraw|出金|출금|Вывести|Retirar
assets|资产/财务中心/我的资产|Assets/Balances/Wallet|資産|자산|Активы|Saldo
orders|委托/当前委托|Open orders/Orders|注文一覧|미체결|Ордера|Órdenes
history|成交记录/最新成交|Trades/Recent trades|約定履歴|체결내역|История сделок|Historial
book|委托信息/盘口|Order book|板情報|호가|Стакан|Libro de órdenes
news|公告/最新公告|Announcements/News/Notices|お知らせ|공지사항|Новости|Noticias
help|帮助中心/帮助|Help/Support/Help centre|ヘルプ|고객센터|Помощь|Ayuda
about|关于我们|About us/About|会社概要|회사소개|О нас|Quiénes somos
fees|费率/手续费|Fees|手数料|수수료|Комиссии|Comisiones
terms|用户协议/服务条款|Terms/Terms of service|利用規約|이용약관|Условия|Términos
privacy|隐私政策|Privacy|プライバシー|개인정보|Конфиденциальность|Privacidad
download|下载/APP下载|Download/Apps|アプリ|앱 다운로드|Скачать|Descargar
contact|联系我们|Contact|お問い合わせ|문의|Контакты|Contacto
api|API文档/API|API/API docs|API|API|API|API
pair|交易对/币种|Pair/Market|通貨ペア|마켓|Пара|Par
search|搜索|Search|検索|검색|Поиск|Buscar
submit|提交/确定|Submit/Confirm/Continue|送信|확인|Отправить|Enviar
balance|可用/可用余额|Available/Balance|残高|잔고|Доступно|Disponible
time|时间|Time|時刻|시간|Время|Hora
address|地址|Address|アドレス|주소|Адрес|Dirección
send|发送/转账|Send|送金|보내기|Отправить|Enviar
receive|接收/收款|Receive|受取|받기|Получить|Recibir
read|阅读全文/详情|Read more/More|続きを読む|더보기|Читать далее|Leer más
related|相关阅读/相关文章|Related stories/More on this|関連記事|관련기사|По теме|Relacionado
author|作者/记者|By|文|글|Автор|Por
otc|法币交易/C2C交易|P2P/Buy with cash/OTC|OTC取引|개인간 거래|P2P|P2P
country|国家/地区|Country|国|국가|Страна|País
cart|加入购物车|Add to cart/Add to basket|カートに入れる|장바구니|В корзину|Añadir al carrito
rank|排名|Rank/#|順位|순위|Место|Puesto
cap|市值|Market cap|時価総額|시가총액|Капитализация|Capitalización
name|名称|Name|名称|이름|Название|Nombre
list|全部/列表|All/Browse/Index|一覧|전체|Все|Todo
topic|专题/分类|Topics/Sections|特集|주제|Темы|Temas
block|区块/区块高度|Block/Height|ブロック|블록|Блок|Bloque
fee|手续费|Fee|手数料|수수료|Комиссия|Comisión
code|验证码|Code/Verification code|認証コード|인증번호|Код|Código
"""
_ORDER = ("zh-Hans", "en", "ja", "ko", "ru", "es")
UI: dict[str, dict[str, str]] = {
    line.split("|")[0]: dict(zip(_ORDER, line.split("|")[1:], strict=True))
    for line in _UI.strip().splitlines()
}
# Simplified and traditional characters, in pairs.
_HANT = """买買 卖賣 币幣 价價 数數 单單 总總 额額 录錄 册冊 邮郵 箱箱 机機 号號 码碼 资資 产產 务務 财財 我我 当當 询詢 盘盤 帮幫 关關 于於 们們 费費 续續 协協 议議 户戶 条條 隐隱 载載 联聯 系系 档檔 种種 确確 用用 余餘 时時 间間 转轉 账帳 发發 收收 阅閱 读讀 详詳 情情 记記 国國 区區 购購 车車 排排 称稱 块塊 验驗 证證 现現 场場 对對 涨漲 最最 页頁 历歷 这這 个個 为為 来來 说說 会會 与與 们們 开開 无無 过過 动動 还還 进進 应應 从從 后後 里裡 么麼 样樣 让讓 给給 实實 网網 软軟 件件 学學 习習 门門 业業 专專 东東 两兩 严嚴 临臨 举舉 义義 书書 习習 乡鄉 争爭 亚亞 亿億 仅僅 仓倉 仪儀 众眾 优優 传傳 伤傷 体體 保保 债債 储儲 党黨 兑兌 内內 册冊 写寫 军軍 农農 冲衝 决決 冻凍 净淨 减減 几幾 击擊 划劃 则則 刚剛 创創 办辦 务務 劳勞 势勢 勋勳 华華 单單 卫衛 厂廠 厅廳 压壓 县縣 参參 双雙 变變 叠疊 叶葉 听聽 启啟 员員 响響 团團 围圍 图圖 圆圓 圣聖 坏壞 坚堅 坛壇 执執 扩擴 扫掃 护護 报報 担擔 拟擬 择擇 损損 换換 据據 撮撮 断斷 显顯 术術 权權 杂雜 杠槓 构構 标標 栏欄 树樹 桥橋 检檢 欢歡 毕畢 气氣 汇匯 汉漢 没沒 测測 浏瀏 济濟 涂塗 润潤 渐漸 温溫 游遊 满滿 灵靈 点點 热熱 爱愛 状狀 独獨 环環 玛瑪 电電 画畫 监監 盖蓋 码碼 离離 稳穩 窗窗 签簽 简簡 纪紀 约約 级級 纸紙 线線 组組 细細 终終 经經 结結 绝絕 统統 继繼 绩績 维維 综綜 绿綠 编編 缩縮 罗羅 职職 联聯 节節 药藥 获獲 虑慮 补補 装裝 规規 视視 览覽 觉覺 计計 订訂 认認 讨討 训訓 讯訊 许許 论論 设設 访訪 评評 识識 译譯 试試 话話 该該 语語 误誤 请請 课課 谁誰 调調 谈談 谢謝 负負 责責 败敗 货貨 质質 贴貼 费費 资資 赔賠 赚賺 赢贏 赵趙 趋趨 跃躍 跟跟 轮輪 软軟 输輸 边邊 达達 迁遷 迎迎 运運 近近 连連 迟遲 选選 递遞 逻邏 遗遺 邻鄰 释釋 钟鐘 钱錢 铁鐵 银銀 链鏈 销銷 锁鎖 错錯 镇鎮 长長 闪閃 闭閉 问問 闻聞 队隊 阶階 阳陽 际際 陆陸 险險 难難 静靜 韩韓 预預 领領 频頻 题題 额額 风風 飞飛 饭飯 馆館 验驗 骗騙 龙龍 备備 复復 处處 够夠 夹夾 头頭 妈媽 孙孫 宁寧 宝寶 审審 宽寬 对對 导導 将將 尽盡 层層 岁歲 岛島 带帶 帐帳 广廣 库庫 异異 张張 归歸 态態 怀懷 恶惡 惊驚 愿願 戏戲 执執 撑撐 户戶 盈盈 级級 极極 尔爾 虽雖 隔隔 库庫 万萬 么麼 丢丟 丰豐 临臨 产產 亲親 价價 凭憑 适適 遥遙 鉴鑑 钥鑰 钻鑽 针針 钢鋼 阵陣 随隨 雾霧 颜顏 惯慣 团團 顺順 须須 顾顧 颗顆 饮飲 马馬 驱驅 营營 萧蕭 虚虛 蓝藍 诉訴 诚誠 询詢 谨謹 贝貝 贡貢 贵貴 贷貸 贸貿 赏賞 踪蹤 较較 辑輯 轻輕 辅輔 运運 违違"""
_TO_HANT = str.maketrans({pair[0]: pair[1] for pair in _HANT.split()})

_PATHS: dict[str, tuple[str, ...]] = {
    "markets": ("/markets", "/market", "/hq", "/prices", "/tickers", "/quotes"),
    "login": ("/login", "/user/login", "/signin", "/account/login", "/passport/login", "/auth"),
    "signup": ("/register", "/signup", "/user/register", "/account/new", "/join"),
    "assets": ("/assets", "/user/assets", "/wallet", "/finance", "/account", "/my"),
    "deposit": ("/deposit", "/user/deposit", "/finance/recharge", "/assets/deposit", "/pay"),
    "withdraw": ("/withdraw", "/user/withdraw", "/finance/withdraw", "/assets/withdraw"),
    "orders": ("/orders", "/user/orders", "/entrust", "/account/orders"),
    "fees": ("/fees", "/fee", "/help/fees", "/pricing"),
    "help": ("/help", "/support", "/hc", "/faq"),
    "about": ("/about", "/about-us", "/company", "/aboutus.html"),
    "terms": ("/terms", "/legal/terms", "/agreement", "/tos"),
    "privacy": ("/privacy", "/legal/privacy", "/privacy.html"),
    "news": ("/news", "/notice", "/announcements", "/articles", "/blog"),
    "download": ("/download", "/app", "/mobile", "/apps"),
    "contact": ("/contact", "/contact-us", "/contact.html"),
    "api": ("/api", "/docs", "/developers", "/api-docs"),
    "otc": ("/otc", "/c2c", "/p2p", "/fiat"),
    "trade": ("/trade", "/exchange", "/spot", "/trading"),
    "topic": ("/topics", "/category", "/c", "/section"),
    "list": ("/list", "/all", "/catalog", "/index"),
}  # fmt: skip
_CLASSES: dict[str, tuple[str, ...]] = {
    "wrap": ("container", "wrapper", "main", "w1200", "inner"),
    "head": ("header", "top", "navbar", "topbar", "site-header"),
    "nav": ("nav", "menu", "links", "nav-list"),
    "foot": ("footer", "bottom", "foot", "site-footer"),
    "card": ("card", "panel", "box", "item", "block"),
    "list": ("list", "rows", "items", "data-list"),
    "row": ("row", "line", "tr", "item-row"),
    "cell": ("cell", "col", "td", "span1"),
    "btn": ("btn", "button", "btn-primary", "link-btn"),
    "field": ("field", "form-item", "form-group", "input-wrap"),
    "up": ("up", "green", "rise", "positive"),
    "down": ("down", "red", "fall", "negative"),
    "muted": ("muted", "gray", "meta", "sub"),
    "title": ("title", "tit", "heading", "hd"),
    "table": ("table", "data", "tbl", "grid"),
    "side": ("side", "aside", "sidebar", "right"),
    "hero": ("hero", "banner", "jumbotron", "intro"),
    "chart": ("chart", "kline", "graph", "plot"),
}
_PRICES = {"BTC": 6700.0, "ETH": 285.0, "LTC": 58.0, "BCH": 530.0, "XRP": 0.33, "EOS": 5.1, "ETC": 13.2, "NEO": 18.0, "DASH": 160.0, "ZEC": 142.0, "XMR": 97.0, "ADA": 0.1, "DOGE": 0.0024, "TRX": 0.022}
_RATES = {"CNY": 6.83, "JPY": 111.0, "KRW": 1118.0, "BRL": 4.0, "RUB": 67.0, "TRY": 6.1, "EUR": 0.86, "GBP": 0.77, "PLN": 3.7, "MXN": 18.9, "UAH": 27.0, "CLP": 660.0, "INR": 70.0, "TWD": 30.7, "AUD": 1.36, "CAD": 1.3, "ZAR": 14.2, "NZD": 1.5, "ILS": 3.65, "BTC": 1 / 6700, "ETH": 1 / 285}
_NAMES = ("简体中文", "繁體中文", "English", "日本語", "한국어", "Русский", "Español", "Deutsch", "Português", "Türkçe", "Français", "Polski")
_TAGS = ("zh-Hans", "zh-Hant", "en", "ja", "ko", "ru", "es", "de", "pt", "tr", "fr", "pl")
LANGUAGE_NAMES = dict(zip(_TAGS, _NAMES, strict=True))
_DIALS = "+1 +44 +81 +82 +49 +33 +7 +55 +90 +65 +61 +34 +48 +91 +84 +66 +62".split()


def hant(text: str) -> str:
    """Simplified characters as traditional ones, by table: good enough for a shop window."""
    return text.translate(_TO_HANT)


class Kit:
    """One site's hand: its words, names and numbers, fixed by its seed. ``lang`` may be changed."""

    def __init__(self, rng: random.Random, brief: Brief) -> None:
        self.rng = rng
        self.brief = brief
        self.lang = brief.languages[0]
        self.name = html.escape(brief.name)
        self.year = rng.randint(2013, 2026)
        self.day = f"{self.year}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}"
        self.pages: Pages = {}
        self.pairs = [(coin, quote) for quote in brief.quotes for coin in brief.coins if coin != quote]
        if not self.pairs:
            self.pairs = [("BTC", "USD")]
        self.coins = brief.coins or ("BTC", "ETH")
        self.prose: Callable[[], list[str]] = list
        self.layout: Layout = self.simple
        self.charset = "utf-8"
        self.encoding = "utf-8"
        self.base = rng.choice(("/static/", "/assets/", "/dist/", "/public/", "/res/", "/build/"))
        tag = f"{rng.getrandbits(32):08x}"
        self.css = self.base + rng.choice((f"css/app.{tag}.css", "css/style.css", f"main.{tag}.css", "base.css"))
        self.js = self.base + rng.choice((f"js/app.{tag}.js", "js/common.js", f"{tag}.chunk.js", "jquery.min.js"))
        self.hue = rng.randrange(360)
        self._manner = rng.choice(("plain", "plain", "prefix", "hash", "none"))
        self._prefix = rng.choice(("c-", "el-", "u-", "x_", "m-", "app-", "site__"))
        self._classes: dict[str, str] = {}
        self._paths: dict[str, str] = {}
        self._words: dict[tuple[str, str], str] = {}
        self._prices: dict[tuple[str, str], float] = {}

    # Words
    def t(self, key: str) -> str:
        """The site's word for a key."""
        known = self._words.get((self.lang, key))
        if known is None:
            known = self._word(key)
            self._words[self.lang, key] = known
        return known

    def _word(self, key: str) -> str:
        table = UI[key]
        if self.lang == "zh-Hant":
            return hant(self.rng.choice(table["zh-Hans"].split("/")))
        return self.rng.choice(table.get(self.lang, table["en"]).split("/"))

    def say(self, zh: str, en: str, ja: str = "", ko: str = "", ru: str = "", es: str = "") -> str:
        """The text in the present language, English where there is none."""
        if self.lang == "zh-Hans":
            return zh
        if self.lang == "zh-Hant":
            return hant(zh)
        return {"ja": ja, "ko": ko, "ru": ru, "es": es}.get(self.lang) or en

    @property
    def html_lang(self) -> str:
        """The tag in the page's head: what is spoken on it."""
        if self.lang == "zh-Hans":
            return ("zh-CN", "zh-Hans", "zh")[self.hue % 3]
        return "zh-TW" if self.lang == "zh-Hant" else self.lang if self.lang in _ORDER else "en"

    # Names
    def c(self, *concepts: str) -> str:
        """A class attribute, with a space before it, or nothing."""
        if self._manner == "none":
            return ""
        return f' class="{" ".join(self._class(concept) for concept in concepts)}"'

    def _class(self, concept: str) -> str:
        if concept not in self._classes:
            name = self.rng.choice(_CLASSES[concept])
            if self._manner == "prefix":
                name = self._prefix + name
            elif self._manner == "hash":
                name = f"_{self.rng.getrandbits(28):07x}"
            self._classes[concept] = name
        return self._classes[concept]

    def p(self, key: str) -> str:
        """The site's path for a part of it."""
        if key == "home":
            return "/"
        if key not in self._paths:
            self._paths[key] = self.rng.choice(_PATHS[key])
        return self._paths[key]

    def a(self, key: str, text: str | None = None) -> str:
        """A link to a part of the site."""
        return f'<a href="{self.p(key)}">{text or self.t(key)}</a>'

    # Numbers
    def price(self, coin: str, quote: str) -> float:
        """The site's price for a pair, the same wherever it stands."""
        if (coin, quote) not in self._prices:
            dollars = _PRICES.get(coin, 0.05 + (sum(map(ord, coin)) % 90) / 7)
            self._prices[coin, quote] = dollars * _RATES.get(quote, 1.0) * self.rng.uniform(0.9, 1.1)
        return self._prices[coin, quote]

    def f(self, value: float) -> str:
        """A number as a market shows it."""
        return f"{value:,.2f}" if value >= 10 else f"{value:.4f}" if value >= 0.01 else f"{value:.8f}"

    def pct(self) -> str:
        """A change with its sign, coloured."""
        change = self.rng.uniform(-9, 9)
        return f'<span{self.c("up" if change > 0 else "down")}>{change:+.2f}%</span>'

    def depth(self, coin: str, quote: str, levels: int, sign: int) -> list[tuple[str, str]]:
        """Levels of one side of a book."""
        middle = self.price(coin, quote)
        return [
            (self.f(middle * (1 + sign * level * self.rng.uniform(0.0004, 0.0006))), f"{self.rng.uniform(0.01, 30):.3f}")
            for level in range(1, levels + 1)
        ]

    def clock(self) -> str:
        """A time of day."""
        return f"{self.rng.randint(0, 23):02d}:{self.rng.randint(0, 59):02d}:{self.rng.randint(0, 59):02d}"

    def handle(self) -> str:
        """What a person is called on the site."""
        zh = self.lang.startswith("zh")
        first = self.rng.choice(("诚信", "阿明", "老王", "小鱼", "财源", "远山", "北风") if zh else ("Leo", "Marta", "kofi", "anna_k", "trader", "Yuki", "Ivan"))
        return (hant(first) if self.lang == "zh-Hant" else first) + str(self.rng.randint(1, 999))

    # Pieces
    def table(self, head: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
        """A real table."""
        top = "".join(f"<th>{cell}</th>" for cell in head)
        rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in line) + "</tr>" for line in lines)
        return f"<table{self.c('table')}><thead><tr>{top}</tr></thead><tbody>{rows}</tbody></table>"

    def divs(self, head: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
        """Rows of blocks."""
        row, cell = self.c("row"), self.c("cell")
        return f"<div{self.c('list')}>" + "".join(
            f"<div{row}>" + "".join(f"<div{cell}>{text}</div>" for text in line) + "</div>" for line in [head, *lines]
        ) + "</div>"  # fmt: skip

    def field(self, label: str, name: str, kind: str = "text", more: str = "") -> str:
        """One labelled control."""
        return f'<div{self.c("field")}><label>{label}</label><input type="{kind}" name="{name}"{more}></div>'

    def form(self, action: str, inner: str, button: str, method: str = "post") -> str:
        """A form with one button."""
        return f'<form action="{action}" method="{method}">{inner}<button type="submit"{self.c("btn")}>{button}</button></form>'

    def login_form(self, action: str | None = None) -> str:
        """Name and password."""
        inner = self.field(self.t("email"), self.rng.choice(("email", "account", "username"))) + self.field(self.t("password"), "password", "password")
        return self.form(action or self.p("login"), inner, self.t("login"))

    def signup_form(self, dial: bool) -> str:
        """A new account. ``dial``: telephone codes are offered, with the home country's first."""
        codes = self.rng.sample(_DIALS, 7)
        options = "".join(f'<option value="{code}">{code}</option>' for code in (["+86", *codes] if dial else codes))
        inner = ""
        if dial or self.rng.random() < 0.5:
            inner += f'<div{self.c("field")}><label>{self.t("phone")}</label><select name="area">{options}</select><input name="phone"></div>'
            inner += self.field(self.t("code"), "code")
        inner += self.field(self.t("email"), "email") + self.field(self.t("password"), "password", "password")
        return self.form(self.p("signup"), inner, self.t("signup"))

    def para(self, count: int) -> str:
        """Sentences of the site's own prose, as paragraphs."""
        pool = self.prose()
        text = self.rng.sample(pool, min(count, len(pool)))
        step = self.rng.randint(1, 3)
        gap = "" if self.lang in {"zh-Hans", "zh-Hant", "ja"} else " "
        return "".join(f"<p>{gap.join(text[at : at + step])}</p>" for at in range(0, len(text), step))

    def languages(self) -> str:
        """Links to the site's versions."""
        tags = self.brief.languages
        if len(tags) < 2:
            return ""
        return " ".join(f'<a href="{self.lang_path(tag)}" hreflang="{tag}">{LANGUAGE_NAMES.get(tag, tag)}</a>' for tag in tags)

    def lang_path(self, tag: str) -> str:
        """Where the version in a language begins."""
        if tag == self.brief.languages[0]:
            return "/"
        code = {"zh-Hans": ("zh-cn", "zh", "cn")[self.hue % 3], "zh-Hant": ("zh-tw", "tw", "hk")[self.hue % 3]}.get(tag, tag)
        return f"/{code}/"

    # Pages
    def head(self, title: str, about: str = "", more: str = "") -> str:
        """The head of a page."""
        described = f'<meta name="description" content="{about}">' if about else ""
        return (
            f'<head><meta charset="{self.charset}"><title>{title}</title>{described}'
            f'<link rel="shortcut icon" href="/favicon.ico"><link rel="stylesheet" href="{self.css}">{more}</head>'
        )

    def nav(self, keys: Sequence[str]) -> str:
        """A navigation list."""
        return f"<ul{self.c('nav')}>" + "".join(f"<li>{self.a(key)}</li>" for key in keys) + "</ul>"

    def frame(self, keys: Sequence[str], foot: str = "", top: str = "") -> Layout:
        """A layout with these parts in its navigation, in one of four manners."""
        manner = self.rng.choice(("html5", "xhtml", "app", "side"))

        def draw(title: str, body: str) -> str:
            links, bottom = self.nav(keys), f"<p>© {self.year} {self.name}</p>{foot}"
            full = title if self.name in title else f"{title} | {self.name}"
            if manner == "xhtml":
                return (
                    '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">\n'
                    f'<html xmlns="http://www.w3.org/1999/xhtml" lang="{self.html_lang}">{self.head(full)}<body>{top}<div{self.c("head")}><div{self.c("wrap")}>'
                    f'<a href="/"><img src="/logo.png" alt="{self.name}"/></a>{links}{self.languages()}</div></div><div{self.c("wrap")}>{body}</div>'
                    f'<div{self.c("foot")}>{bottom}</div><script type="text/javascript" src="{self.js}"></script></body></html>'
                )
            if manner == "app":
                return (
                    f'<!doctype html><html lang="{self.html_lang}">{self.head(full, title)}<body><div id="app">{top}<div{self.c("head")}><a href="/">{self.name}</a>{links}'
                    f'<span>{self.languages()}</span></div><main{self.c("wrap")}>{body}</main><div{self.c("foot")}>{bottom}</div></div><script src="{self.js}" defer></script></body></html>'
                )
            if manner == "side":
                return (
                    f'<!DOCTYPE html><html lang="{self.html_lang}">{self.head(full)}<body>{top}<h1><a href="/">{self.name}</a></h1><div{self.c("wrap")}>'
                    f'<div>{body}</div><div{self.c("side")}>{links}{self.languages()}</div></div><div{self.c("foot")}>{bottom}</div></body></html>'
                )
            return (
                f'<!DOCTYPE html>\n<html lang="{self.html_lang}">{self.head(full, title)}\n<body>{top}<header{self.c("head")}><a href="/">{self.name}</a><nav>{links}</nav>'
                f'{self.languages()}</header>\n<main{self.c("wrap")}>{body}</main>\n<footer{self.c("foot")}>{bottom}</footer><script src="{self.js}"></script></body></html>'
            )

        return draw

    def simple(self, title: str, body: str) -> str:
        """The barest layout."""
        return f'<!doctype html><html lang="{self.html_lang}">{self.head(title)}<body>{body}</body></html>'

    def put(self, path: str, title: str, body: str) -> None:
        """A page in the site's layout."""
        self.raw(path, self.layout(title, body))

    def raw(self, path: str, text: str) -> None:
        """A page as it stands."""
        self.pages[path] = Page(text, f"text/html; charset={self.charset}", encoding=self.encoding)

    def file(self, path: str, text: str, kind: str) -> None:
        """Something that is no page."""
        self.pages[path] = Page(text, kind)

    def data(self, value: object) -> str:
        """Data for a script, safe inside HTML."""
        return json.dumps(value, ensure_ascii=False).replace("</", "<\\/")

    def fill(self, limit: int = 60) -> Pages:
        """Adds the files and the pages that are linked and not yet there, and returns all."""
        for _ in range(2):
            wanted = {
                target
                for page in self.pages.values()
                if isinstance(page.body, str) and "html" in page.content_type
                for target in re.findall(r'<a [^>]*?href="(/[^"?#]*)', page.body)
            }
            for path in sorted(wanted - self.pages.keys())[:limit]:
                self.put(path, self._heading(path), self._info(path))
        self.file("/favicon.ico", f'<svg xmlns="http://www.w3.org/2000/svg" width="32" height="32"><rect width="32" height="{self.rng.randint(8, 32)}" fill="hsl({self.hue},70%,50%)"/></svg>', "image/svg+xml")
        self.file("/logo.png", f'<svg xmlns="http://www.w3.org/2000/svg" width="90" height="32"><circle cx="16" cy="16" r="{self.rng.randint(5, 15)}" fill="hsl({self.hue},60%,45%)"/></svg>', "image/svg+xml")
        self.file(self.css, f"body{{margin:0;font:14px/1.6 sans-serif}}a{{color:hsl({self.hue},60%,40%)}}table{{width:100%}}", "text/css")
        self.pages.setdefault(self.js, Page(f"(function(w){{w._b={self.rng.getrandbits(30)};}})(window);", "application/javascript"))
        self.file("/robots.txt", "User-agent: *\nAllow: /\n", "text/plain")
        return self.pages

    def _heading(self, path: str) -> str:
        for key in UI:
            if self._paths.get(key) == path:
                return self.t(key)
        return self.name

    def _info(self, path: str) -> str:
        title = self._heading(path)
        if path == self._paths.get("login"):
            return f"<h1>{title}</h1>{self.login_form()}"
        return f"<h1>{title}</h1>{self.para(self.rng.randint(3, 6))}"
