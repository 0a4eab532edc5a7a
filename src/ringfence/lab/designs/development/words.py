# ruff: noqa: E501  (tables of words and templates of markup are read by the line)
"""Words of many trades in many languages. Every kind of site draws on all of them."""

from __future__ import annotations

import random

KEYS = """home markets trade buy sell price amount total volume change pair last high low login signup
password email phone deposit withdraw balance fees help about terms news download book history time account
search contact submit wallet send address forum more block otc""".split()

# One line per language, in the order of KEYS; "/" separates variants.
_TABLE = {
    "en": "Home|Markets/Market/Prices|Trade/Exchange/Trading|Buy|Sell|Price|Amount/Quantity|Total|Volume/24h volume|Change/24h|Pair/Market|Last/Last price|High|Low|Log in/Login/Sign in|Sign up/Register/Create account|Password|Email/E-mail|Phone/Mobile|Deposit/Deposits|Withdraw/Withdrawal|Balance/Available|Fees/Fee schedule|Help/Support/FAQ|About/About us|Terms/Terms of use|News/Announcements|Download/Get the app|Order book/Depth|History/Recent trades|Time|Account/My account|Search|Contact|Submit/Continue/Confirm|Wallet/Assets|Send|Address|Forum/Community|Read more/More|Block|OTC/P2P/C2C",
    "zh-Hans": "首页|行情/市场/行情中心|交易/币币交易/交易中心|买入/购买|卖出/出售|价格/单价|数量|总额/金额/交易额|成交量/24H量|涨跌/涨跌幅|交易对/币种|最新价|最高|最低|登录/登陆|注册/免费注册|密码|邮箱|手机/手机号|充值/充币|提现/提币|余额/可用|费率/手续费|帮助/帮助中心/常见问题|关于我们/关于|用户协议/服务条款|公告/资讯/新闻|下载/APP下载|委托/盘口/深度|历史/最近成交|时间|账户/个人中心|搜索|联系我们|提交/确定/下一步|钱包/资产|发送/转账|地址|论坛/社区|更多/阅读全文|区块/区块高度|法币交易/场外交易/OTC",
    "zh-Hant": "首頁|行情/市場|交易|買入/購買|賣出|價格|數量|總額|成交量|漲跌|交易對|最新價|最高|最低|登入|註冊|密碼|電子郵件|手機|入金/儲值|出金/提領|餘額|費率|說明/常見問題|關於我們|服務條款|公告/新聞|下載|掛單簿|歷史|時間|帳戶|搜尋|聯絡我們|送出|錢包|轉帳|地址|論壇|更多|區塊|場外交易/OTC",
    "ja": "ホーム|マーケット/相場|取引/取引所|買う/買い|売る/売り|価格|数量|合計|取引量|変動率|通貨ペア|終値|高値|安値|ログイン|新規登録/口座開設|パスワード|メール|電話番号|入金|出金|残高|手数料|ヘルプ|会社概要|利用規約|お知らせ/ニュース|ダウンロード|板情報|履歴|時刻|アカウント|検索|お問い合わせ|送信|ウォレット|送金|アドレス|掲示板|続きを読む|ブロック|OTC/P2P/C2C",
    "ko": "홈|시세|거래/거래소|매수|매도|가격|수량|총액|거래량|변동|마켓|현재가|고가|저가|로그인|회원가입|비밀번호|이메일|휴대폰|입금|출금|잔고|수수료|고객센터|회사소개|이용약관|공지사항/뉴스|다운로드|호가|체결내역|시간|계정|검색|문의|확인|지갑|보내기|주소|커뮤니티|더보기|블록|OTC/P2P/C2C",
    "ru": "Главная|Рынки/Курсы|Торги/Биржа|Купить|Продать|Цена|Количество|Всего|Объём|Изменение|Пара|Последняя|Макс|Мин|Войти/Вход|Регистрация|Пароль|Почта|Телефон|Пополнить|Вывести|Баланс|Комиссии|Помощь|О нас|Правила|Новости|Скачать|Стакан|История|Время|Кабинет|Поиск|Контакты|Отправить|Кошелёк|Перевести|Адрес|Форум|Подробнее|Блок|OTC/P2P/C2C",
    "es": "Inicio|Mercados|Operar/Intercambio|Comprar|Vender|Precio|Cantidad|Total|Volumen|Cambio|Par|Último|Máximo|Mínimo|Entrar/Iniciar sesión|Registrarse/Crear cuenta|Contraseña|Correo|Teléfono|Depositar|Retirar|Saldo|Comisiones|Ayuda|Nosotros|Términos|Noticias|Descargar|Libro de órdenes|Historial|Hora|Cuenta|Buscar|Contacto|Enviar|Monedero|Transferir|Dirección|Foro|Leer más|Bloque|OTC/P2P/C2C",
    "de": "Start|Märkte/Kurse|Handel/Handeln|Kaufen|Verkaufen|Preis|Menge|Summe|Volumen|Änderung|Paar|Zuletzt|Hoch|Tief|Anmelden|Registrieren/Konto eröffnen|Passwort|E-Mail|Telefon|Einzahlen|Auszahlen|Guthaben|Gebühren|Hilfe|Über uns|AGB/Impressum|Nachrichten|Herunterladen|Orderbuch|Verlauf|Zeit|Konto|Suche|Kontakt|Absenden|Brieftasche|Senden|Adresse|Forum|Weiterlesen|Block|OTC/P2P/C2C",
    "pt": "Início|Mercados|Negociar|Comprar|Vender|Preço|Quantidade|Total|Volume|Variação|Par|Último|Máxima|Mínima|Entrar|Cadastrar/Criar conta|Senha|E-mail|Telefone|Depositar|Sacar|Saldo|Taxas|Ajuda|Sobre|Termos|Notícias|Baixar|Livro de ofertas|Histórico|Hora|Conta|Buscar|Contato|Enviar|Carteira|Transferir|Endereço|Fórum|Leia mais|Bloco|OTC/P2P/C2C",
    "tr": "Ana sayfa|Piyasalar|Al-Sat|Al|Sat|Fiyat|Miktar|Toplam|Hacim|Değişim|Çift|Son|Yüksek|Düşük|Giriş|Kayıt ol/Üye ol|Şifre|E-posta|Telefon|Yatır|Çek|Bakiye|Ücretler|Yardım|Hakkımızda|Şartlar|Haberler|İndir|Emir defteri|Geçmiş|Saat|Hesap|Ara|İletişim|Gönder|Cüzdan|Aktar|Adres|Forum|Devamı|Blok|OTC/P2P/C2C",
    "fr": "Accueil|Marchés|Échange|Acheter|Vendre|Prix|Quantité|Total|Volume|Variation|Paire|Dernier|Haut|Bas|Connexion|Inscription|Mot de passe|Courriel|Téléphone|Déposer|Retirer|Solde|Frais|Aide|À propos|Conditions|Actualités|Télécharger|Carnet d'ordres|Historique|Heure|Compte|Rechercher|Contact|Valider|Portefeuille|Envoyer|Adresse|Forum|Lire la suite|Bloc|OTC/P2P/C2C",
    "pl": "Start|Rynki|Giełda|Kup|Sprzedaj|Cena|Ilość|Suma|Wolumen|Zmiana|Para|Ostatnia|Max|Min|Zaloguj|Rejestracja|Hasło|E-mail|Telefon|Wpłata|Wypłata|Saldo|Opłaty|Pomoc|O nas|Regulamin|Aktualności|Pobierz|Zlecenia|Historia|Czas|Konto|Szukaj|Kontakt|Wyślij|Portfel|Przelej|Adres|Forum|Więcej|Blok|OTC/P2P/C2C",
}  # fmt: skip

_TERMS = {tag: dict(zip(KEYS, line.split("|"), strict=True)) for tag, line in _TABLE.items()}

# Sentences by topic. {ex} an exchange's name, {coin}, {q} a quote currency, {n} a number, {me} the site.
PROSE: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {
        "venue": (
            "Trade {coin}/{q} with a fast matching engine and deep order books.",
            "Buy and sell {coin}, {coin2} and {n} other assets in one account.",
            "Place limit and market orders from your browser or phone.",
            "Deposit {q}, choose a pair and start trading in minutes.",
            "Maker {n2}% and taker {n2}%, with lower trading fees for higher volume.",
            "Your funds are kept in multi-signature cold storage.",
            "Invite friends and share their trading fees.",
            "Open orders, order history and balances are shown on your account page.",
            "Withdrawals are processed within {n} minutes after confirmation.",
        ),
        "report": (
            "{coin} was quoted at {p} {q} when this page was written.",
            "Readers asked us how order books on {ex} are drawn up; we explain the columns.",
            "Volume across {n} venues, {ex} among them, was little changed on the week.",
            "A column on why limit and market orders fill at different prices.",
            "The buy and sell sides of the book were even, our correspondent writes.",
            "Opinion: what the new rules could mean for platforms and for those who hold {coin}.",
            "A reader deposits {q}, chooses a pair and describes the first hour.",
            "Our desk spoke to {n} people who trade {coin} in their spare time.",
        ),
        "guide": (
            "Step one: sign up with your email and set a strong password.",
            "Then open the trading page, enter price and amount and press buy.",
            "The fee table of {ex} has a maker and a taker column, here is how to read it.",
            "I keep {coin} in my own wallet and only deposit what I want to trade.",
            "Never share your recovery phrase, not even with support staff.",
            "This is a private page by users and has nothing to do with {ex}.",
            "Deposit {q}, choose a pair and start small, that is my advice.",
        ),
        "chain": (
            "Block {n} contains transactions of {coin} worth {p} {q}.",
            "Nodes agree on the order of transactions by a Byzantine fault tolerant protocol.",
            "The ledger records who delivered what, and no coin is needed for it.",
            "Install the package, start four nodes and call the contract from the shell.",
            "Search by transaction, address or block height.",
            "Enter your recovery phrase of twelve words to restore a wallet.",
            "Your keys stay on your device; we cannot see your balance.",
            "The sample application shows an order form, a table and a chart built with our components.",
        ),
        "plain": (
            "Opening hours are from nine to six, closed on public holidays.",
            "Free delivery for orders over {n} {q}.",
            "We accept {coin} and bank cards at the checkout.",
            "The garden was quiet this week and the first plums are ripe.",
            "This domain may be for sale, please contact us with your offer.",
            "Our branch moved last month; the telephone number stays the same.",
            "Add the article to your basket, choose the amount and confirm.",
            "Thank you for your visit, we look forward to hearing from you.",
        ),
    },
    "zh-Hans": {
        "venue": (
            "支持{coin}/{q}等{n}个交易对，撮合速度快，深度好。",
            "限价委托、市价委托，随时买入卖出。",
            "注册账户，完成充值，选择交易对即可开始交易。",
            "挂单手续费{n2}%，吃单手续费{n2}%，交易量越大费率越低。",
            "多重签名冷钱包，保障您的资产安全。",
            "邀请好友注册，享受手续费返佣。",
            "当前委托、历史委托与资产余额可在个人中心查看。",
            "提现申请审核通过后{n}分钟内到账。",
        ),
        "report": (
            "截至发稿，{coin}报{p}{q}。",
            "读者来信询问{ex}的盘口怎么看，本文逐栏说明。",
            "本周各平台成交量变化不大，其中包括{ex}。",
            "专栏：限价委托、市价委托，为什么成交价不同。",
            "评论：新规对平台与持有{coin}的人意味着什么。",
            "记者采访了{n}位业余投资者。",
            "有读者讲述自己注册账户，完成充值，选择交易对的第一个小时。",
            "从盘面看，买入卖出力量相当。",
        ),
        "guide": (
            "第一步：用邮箱或手机号注册，设置密码。",
            "打开交易页面，输入价格和数量，点击买入。",
            "{ex}的费率表有挂单和吃单两栏，看懂再交易。",
            "大部分{coin}放在自己的钱包，只充值要交易的部分。",
            "不要把助记词告诉任何人，包括客服。",
            "本站为用户自办，与{ex}无任何关系。",
            "注册账户，完成充值，选择交易对，建议从小额开始。",
        ),
        "chain": (
            "区块{n}包含{coin}交易若干，价值{p}{q}。",
            "各节点通过拜占庭容错协议就交易顺序达成一致。",
            "联盟链账本记录货物流转，不发行任何代币。",
            "安装软件包，启动四个节点，在命令行调用合约。",
            "可按交易哈希、地址或区块高度查询。",
            "请输入十二个助记词恢复钱包。",
            "私钥保存在您的设备上，我们无法查看您的资产余额。",
            "示例应用包含下单表单、行情表格与图表组件。",
        ),
        "plain": (
            "营业时间九点至十八点，节假日休息。",
            "满{n}元包邮。",
            "结账时可使用支付宝、微信支付或{coin}。",
            "这一周院子里很安静，李子熟了。",
            "该域名可能出售，有意请联系我们。",
            "网点已于上月搬迁，电话不变。",
            "将商品加入购物车，选择数量并提交。",
            "感谢您的访问，期待您的来信。",
        ),
    },
}

# Languages without a prose of their own say the same things in fewer words.
_SHORT = {
    "zh-Hant": ("{coin}/{q} {n} 筆成交，價格 {p}。", "閱讀更多關於 {ex} 的說明。", "請輸入價格與數量後送出。", "感謝您的來訪。", "錢包、地址與區塊查詢。", "手續費 {n2}%。"),
    "ja": ("{coin}/{q} の価格は {p} です。", "{ex} についての読者の質問に答えます。", "価格と数量を入力して送信してください。", "ご訪問ありがとうございます。", "ウォレットとアドレスを検索できます。", "手数料は {n2}% です。"),
    "ko": ("{coin}/{q} 가격은 {p} 입니다.", "{ex} 에 대한 독자 질문에 답합니다.", "가격과 수량을 입력하고 확인을 누르세요.", "방문해 주셔서 감사합니다.", "지갑과 주소를 검색할 수 있습니다.", "수수료 {n2}%."),
    "ru": ("Цена {coin}/{q} сейчас {p}.", "Отвечаем на вопросы читателей про {ex}.", "Введите цену и количество и нажмите кнопку.", "Спасибо, что зашли к нам.", "Поиск по адресу, блоку и переводу.", "Комиссия {n2}%."),
    "es": ("El precio de {coin}/{q} es {p}.", "Respondemos a los lectores que preguntan por {ex}.", "Escriba el precio y la cantidad y confirme.", "Gracias por su visita.", "Busque por dirección, bloque o transacción.", "Comisión de {n2}%."),
    "de": ("Der Preis von {coin}/{q} liegt bei {p}.", "Wir beantworten Fragen unserer Leser zu {ex}.", "Geben Sie Preis und Menge ein und bestätigen Sie.", "Vielen Dank für Ihren Besuch.", "Suche nach Adresse, Block oder Überweisung.", "Gebühr {n2}%."),
    "pt": ("O preço de {coin}/{q} é {p}.", "Respondemos aos leitores sobre {ex}.", "Digite o preço e a quantidade e confirme.", "Obrigado pela visita.", "Busque por endereço, bloco ou transação.", "Taxa de {n2}%."),
    "tr": ("{coin}/{q} fiyatı {p}.", "Okurların {ex} hakkındaki sorularını yanıtlıyoruz.", "Fiyat ve miktarı girip gönderin.", "Ziyaretiniz için teşekkürler.", "Adres, blok veya işlem arayın.", "Ücret %{n2}."),
    "fr": ("Le prix de {coin}/{q} est de {p}.", "Nous répondons aux lecteurs au sujet de {ex}.", "Saisissez le prix et la quantité puis validez.", "Merci de votre visite.", "Cherchez une adresse, un bloc ou un envoi.", "Frais de {n2}%."),
    "pl": ("Cena {coin}/{q} to {p}.", "Odpowiadamy na pytania o {ex}.", "Wpisz cenę i ilość, potem potwierdź.", "Dziękujemy za wizytę.", "Szukaj adresu, bloku lub przelewu.", "Opłata {n2}%."),
}  # fmt: skip


def term(rng: random.Random, language: str, key: str) -> str:
    """A word for a key in a language (English where we have no table), one of its variants."""
    return rng.choice(_TERMS.get(language, _TERMS["en"])[key].split("/"))


def sentences(language: str, topic: str) -> tuple[str, ...]:
    """The templates for a topic: venue, report, guide, chain or plain."""
    own = PROSE.get(language)
    return own[topic] if own else _SHORT.get(language, PROSE["en"][topic])
