"""Stories about venues, coins and rules, invented, in the voice of outlets of several kinds."""
# ruff: noqa: E501 — sentences in Chinese count double

from __future__ import annotations

import random
import re
from typing import NamedTuple

from ringfence.lab.designs.reporting._money import rate, show
from ringfence.lab.designs.reporting._words import Words, day, person
from ringfence.lab.site import Brief


class Story(NamedTuple):
    """One invented piece."""

    slug: str
    title: str
    lead: str
    body: list[str]
    author: str
    date: str
    tag: str


_EN_TITLES = """{x} adds {c}/{q} pair as volumes climb|Regulators weigh rules for offshore venues|How to buy {c}: a beginner's guide
Withdrawals delayed at {x}, customers say|{c} slips to {p} {q} in thin weekend trading|Why order books went quiet in June
{x} cuts maker fees to zero for a month|Opinion: the case for slower markets|What is a stop-limit order, and when does it fail?
Miners sell as {c} price stalls below {p}|{x} to close its {c} market, gives users {n} days to withdraw|Interview: "We turned down {n} token listings"
Court hears case over lost deposits at {x}|Market wrap: {c} up, the rest flat|Five questions to ask before you sign up anywhere
Inside the wash-trading numbers of small venues|{x} moves servers abroad after new guidance|The spread on {c} is not what it seems"""
_EN = """{x} said on its notice page that deposits and withdrawals of {c} would pause for {n} hours while a wallet was upgraded.
The last price stood at {p} {q}, with about {n} {c} on the best bid and thin depth above.
"We see the order book thin out every Friday," said one market maker, who asked not to be named.
The venue, reachable at {xh}, charges {f}% a trade and lists {n} trading pairs.
Users complained on forums that support took {n} days to answer; the firm did not reply to our questions.
Readers asked how to register: the site asks for an e-mail address, a password and a copy of a passport. We do not recommend that anyone do so without reading the terms.
A limit order waits until someone takes it. A market order takes what is there, at whatever price.
Volume figures are self-reported. Our own count of the public feed came to {n} per cent of what was claimed.
The ministry's circular reminded banks that accounts may not be used for the trade, a spokesman said.
Analysts were split: one called the move "noise", another pointed to the {n} largest wallets.
{x} competes with {y}, which opened a similar market last month and waived its taker fee.
Buy {c} here, sell it there: the gap between {x} and {y} was {f}% at noon, before fees and the time a transfer takes.
None of this is advice. The author holds no {c} and has no account with the venue.
In 2017 the rules changed overnight; those who had left coins on a platform learnt what custody means.
The exchange's terms say that residents of some countries may not open an account, yet its sign-up page asked us for nothing but a phone number.
For comparison, the same order at {y} would have cost {f}% more.
The company's figures, seen by this newsroom, show {n} staff and no auditor.
Trading resumed at 14:00 and {c} was quoted at {p} {q} within minutes."""
_ZH_TITLES = """{x}上线{c}/{q}交易对，成交量走高|监管层再提示虚拟货币交易风险|{c}怎么买？新手入门指南|{x}提现延迟，用户等待{n}小时
行情：{c}跌至{p} {q}，周末成交清淡|观察：盘口为何突然变薄|{x}宣布挂单手续费减免一个月|专访：“我们拒绝了{n}个上币申请”
{x}将下架{c}，用户须在{n}天内提币|什么是限价委托？止损为什么会失效|币圈冷暖：从{x}到{y}|评论：慢一点的市场未必是坏事|链圈与币圈，谁在裸泳"""
_ZH = """{x}在公告中表示，{c}充值与提现将暂停{n}小时，以便升级钱包。|截至发稿，{c}最新价为{p} {q}，24小时成交约{n}万枚。
“每到周五盘口就变薄。”一位不愿具名的做市商告诉记者。|该平台网址为{xh}，费率{f}%，共有{n}个交易对。
有用户在群里反映客服{n}天未回复，平台方截至发稿未回应本报问询。|读者问如何注册：需要手机号、密码与身份证照片。本刊不建议任何人参与。
限价单会在委托列表中等待成交，市价单则直接吃掉对手盘。|成交量均为平台自行公布，经本刊抓取公开接口核对，仅为其声称的{n}%。
有关部门此前发布公告，要求各机构不得为此类交易提供支付结算服务，支付宝、微信均表示将配合排查。|分析人士意见不一，有人认为只是噪音，也有人指出前{n}个地址仍在转出。
与{x}竞争的{y}上月开通了同样的市场，并免收吃单手续费。|在{x}买入、在{y}卖出，中午价差一度达到{f}%，扣除手续费与转账时间后所剩无几。
本文不构成投资建议，作者未持有{c}。|不少人把币放在平台上，出事以后才明白什么叫托管。|该平台条款称不向部分国家居民提供服务，但注册页只要求填写手机号。
记者获得的一份材料显示，公司共{n}名员工，没有审计。|下午两点恢复交易，{c}报{p} {q}。|法币交易区里，商家用银行卡收款，价格比盘口高出{f}%。"""
_OTHER = {
    "ja": ("{x}、{c}/{q}の取扱いを開始|{c}相場、{p} {q}まで下落|取引所の選び方|規制当局、海外業者に警告",
           "{x}は{c}の入出金を{n}時間停止すると発表した。|最終価格は{p} {q}だった。|利用者からは出金の遅れを訴える声が上がっている。|本記事は投資助言ではない。|{y}は手数料を引き下げた。|板は薄く、値動きが荒い。"),
    "ko": ("{x}, {c}/{q} 마켓 추가|{c} {p} {q}까지 하락|거래소 고르는 법|당국, 해외 거래소에 경고",
           "{x}은 {c} 입출금을 {n}시간 중단한다고 공지했다.|현재가는 {p} {q}이다.|이용자들은 출금 지연을 호소했다.|이 기사는 투자 조언이 아니다.|{y}은 수수료를 낮췄다.|호가창이 얇아 변동성이 컸다."),
    "ru": ("{x} добавила пару {c}/{q}|{c} упал до {p} {q}|Как выбрать биржу|Регулятор предупредил о зарубежных площадках",
           "{x} сообщила, что ввод и вывод {c} приостановят на {n} часов.|Последняя цена составила {p} {q}.|Клиенты жалуются на задержки вывода.|Материал не является советом.|{y} снизила комиссии.|Стакан заявок остаётся тонким."),
    "es": ("{x} abre el par {c}/{q}|{c} cae a {p} {q}|Cómo elegir una casa de cambio|El supervisor advierte sobre plataformas extranjeras",
           "{x} anunció que los depósitos y retiros de {c} se detendrán {n} horas.|El último precio fue de {p} {q}.|Varios clientes se quejan de retrasos.|Este texto no es un consejo de inversión.|{y} bajó sus comisiones.|El libro de órdenes sigue delgado."),
    "de": ("{x} nimmt {c}/{q} auf|{c} fällt auf {p} {q}|Woran man eine Börse erkennt|Aufsicht warnt vor Anbietern im Ausland",
           "{x} setzt Ein- und Auszahlungen von {c} für {n} Stunden aus.|Der letzte Kurs lag bei {p} {q}.|Kunden klagen über späte Auszahlungen.|Dieser Text ist keine Beratung.|{y} senkte die Gebühren.|Das Orderbuch ist dünn."),
    "fr": ("{x} ouvre la paire {c}/{q}|{c} tombe à {p} {q}|Comment choisir une plateforme|Le régulateur met en garde",
           "{x} suspend dépôts et retraits de {c} pendant {n} heures.|Le dernier prix était de {p} {q}.|Des clients se plaignent de retards.|Cet article n'est pas un conseil.|{y} a réduit ses frais.|Le carnet d'ordres reste mince."),
    "tr": ("{x} {c}/{q} paritesini açtı|{c} {p} {q} seviyesine geriledi|Borsa seçerken nelere bakmalı", "{x}, {c} yatırma ve çekme işlemlerini {n} saat durdurdu.|Son fiyat {p} {q} oldu.|Kullanıcılar gecikmelerden şikâyetçi.|Bu yazı yatırım tavsiyesi değildir.|{y} komisyonları indirdi."),
    "vi": ("{x} thêm cặp {c}/{q}|{c} giảm còn {p} {q}|Cách chọn sàn giao dịch", "{x} tạm dừng nạp rút {c} trong {n} giờ.|Giá cuối là {p} {q}.|Người dùng phàn nàn việc rút tiền chậm.|Bài viết không phải lời khuyên đầu tư.|{y} đã giảm phí."),
    "pt": ("{x} lança o par {c}/{q}|{c} cai para {p} {q}|Como escolher uma corretora", "{x} suspendeu depósitos e saques de {c} por {n} horas.|O último preço foi {p} {q}.|Clientes reclamam de atrasos.|Este texto não é recomendação.|{y} reduziu taxas."),
    "id": ("{x} membuka pasangan {c}/{q}|{c} turun ke {p} {q}|Cara memilih bursa", "{x} menghentikan setoran dan penarikan {c} selama {n} jam.|Harga terakhir {p} {q}.|Pengguna mengeluhkan keterlambatan.|Tulisan ini bukan nasihat investasi.|{y} menurunkan biaya."),
}  # fmt: skip


def _split(text: str) -> list[str]:
    return [part for line in text.splitlines() for part in line.split("|")]


_POOLS = {"en": (_split(_EN_TITLES), _split(_EN)), "zh": (_split(_ZH_TITLES), _split(_ZH))} | {
    key: (titles.split("|"), body.split("|")) for key, (titles, body) in _OTHER.items()
}
_TAGS = {"zh": ("快讯", "行情", "政策", "深度", "观点", "技术", "交易所"), "en": ("Markets", "Policy", "Opinion", "Guides", "Technology", "Companies")}  # fmt: skip


def venues(brief: Brief) -> tuple[tuple[str, str], ...]:
    """The exchanges that a site writes about."""
    return brief.others or (("the venue", "venue.example"),)


def fill(rng: random.Random, brief: Brief, template: str) -> str:
    """A sentence with an exchange, a coin and figures put in."""
    others = venues(brief)
    x, xh = rng.choice(others)
    y = rng.choice(others)[0]
    coin = rng.choice(brief.coins or ("BTC",))
    quote = rng.choice([q for q in brief.quotes or ("USD",) if q != coin] or ["USD"])
    return template.format(
        x=x,
        xh=xh,
        y=y,
        c=coin,
        q=quote,
        p=show(rate(rng, coin, quote)),
        n=rng.randrange(3, 90),
        f=f"{rng.uniform(0.1, 2.5):.1f}",
    )


def sentences(rng: random.Random, brief: Brief, w: Words, count: int) -> list[str]:
    """Distinct sentences about exchanges."""
    pool = _POOLS.get(w.base, _POOLS["en"])[1]
    return [
        w.script(fill(rng, brief, s)) if w.chinese else fill(rng, brief, s)
        for s in rng.sample(pool, k=min(count, len(pool)))
    ]


def stories(rng: random.Random, brief: Brief, w: Words, count: int) -> list[Story]:
    """Invented stories with titles, bylines and dates."""
    titles = _POOLS.get(w.base, _POOLS["en"])[0]
    found = []
    for number in range(count):
        title = fill(rng, brief, titles[(number + rng.randrange(len(titles))) % len(titles)])
        lines = sentences(rng, brief, w, rng.randrange(5, 11))
        join = "" if w.chinese else " "
        body = [join.join(lines[i : i + 2]) for i in range(0, len(lines), 2)]
        tag = rng.choice(_TAGS.get(w.base, _TAGS["en"]))
        stem = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:40] if w.base == "en" else ""
        name = f"{stem or 'p'}-{rng.randrange(1000, 99999)}"
        if w.chinese:
            title, tag = w.script(title), w.script(tag)
        found.append(Story(name, title, lines[0], body, person(rng, w.chinese), day(rng, w.chinese), tag))
    return found
