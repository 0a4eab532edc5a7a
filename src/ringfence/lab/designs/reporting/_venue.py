"""What is true of a trading venue, as words and figures that each design lays out in its own way."""

# ruff: noqa: E501 — phrases in Chinese count double

from __future__ import annotations

import random

from ringfence.lab.designs.reporting._html import Link
from ringfence.lab.designs.reporting._money import FX, book, percent, rate, show
from ringfence.lab.designs.reporting._tongues import Tongues
from ringfence.lab.designs.reporting._words import Words, clock, is_simplified
from ringfence.lab.site import Brief, Page, Pages

_CODES = {
    "US": "+1", "GB": "+44", "JP": "+81", "KR": "+82", "RU": "+7", "VN": "+84", "TR": "+90", "ES": "+34", "MX": "+52",
    "BR": "+55", "PT": "+351", "DE": "+49", "FR": "+33", "ID": "+62", "IN": "+91", "TH": "+66", "SG": "+65",
    "HK": "+852", "TW": "+886", "MY": "+60", "AU": "+61", "CA": "+1", "PL": "+48", "UA": "+380", "NG": "+234",
    "PH": "+63", "IT": "+39", "NL": "+31", "CH": "+41", "AR": "+54", "CL": "+56", "CO": "+57", "ZA": "+27",
}  # fmt: skip
_PLACES = {
    "US": "United States", "GB": "United Kingdom", "JP": "Japan", "KR": "Korea", "RU": "Russia", "VN": "Vietnam",
    "TR": "Turkey", "ES": "Spain", "MX": "Mexico", "BR": "Brazil", "DE": "Germany", "FR": "France", "ID": "Indonesia",
    "IN": "India", "TH": "Thailand", "SG": "Singapore", "HK": "Hong Kong", "TW": "Taiwan", "MY": "Malaysia",
    "AU": "Australia", "CA": "Canada", "PL": "Poland", "UA": "Ukraine",
}  # fmt: skip
_RAILS = {
    "USD": "Wire transfer|ACH|SWIFT", "EUR": "SEPA|SEPA-Überweisung|Virement SEPA", "GBP": "Faster Payments|BACS",
    "JPY": "銀行振込|コンビニ入金|クイック入金", "KRW": "실명확인 계좌 입금|가상계좌", "RUB": "Банковская карта|Банковский перевод",
    "VND": "Chuyển khoản ngân hàng|Internet Banking", "TRY": "Havale / EFT|FAST", "BRL": "TED|Boleto|PIX",
    "INR": "IMPS|UPI|NEFT", "IDR": "Virtual account|Transfer bank", "MXN": "SPEI", "PLN": "Przelew krajowy",
    "THB": "PromptPay", "TWD": "銀行轉帳|超商付款", "HKD": "FPS|銀行轉賬", "UAH": "Банківський переказ",
}  # fmt: skip
_MEANS = ("phone", "pay", "groups", "apk", "kyc", "hours")
_RESTRICTED = (
    "{name} does not offer services to persons in {places}.",
    "Residents of {places} may not open an account or use the platform.",
    "The services are not available to users located in or resident of the following places: {places}.",
    "We do not onboard customers from {places}. Accounts found to be used from there are closed.",
)
_EXCLUDED = (
    "mainland China",
    "the People's Republic of China (mainland)",
    "Mainland China",
    "the mainland of China",
)
_ALSO = (
    "the United States",
    "North Korea",
    "Iran",
    "Crimea",
    "Cuba",
    "Syria",
    "Quebec",
    "Bangladesh",
    "Bolivia",
)


class Venue(Tongues):
    """One venue: its assets, prices, languages and the marks of whom it serves."""

    def __init__(self, rng: random.Random, brief: Brief, style: str = "") -> None:
        spoken = tuple(t for t in brief.languages if brief.residents or not is_simplified(t)) or ("en",)
        super().__init__(rng, brief, style, languages=spoken)
        self.rng = rng
        self.brief = brief
        self.name = brief.name
        self.blocked = brief.kind == "geoblocked_exchange"
        quotes = [q for q in brief.quotes if brief.residents or q not in ("CNY", "CNYT", "QC", "CNH", "RMB")]
        self.quotes = tuple(quotes) or ("USDT",)
        self.coins = tuple(c for c in brief.coins) or ("BTC", "ETH")
        self.fiat = tuple(
            q for q in self.quotes if q in FX and q not in ("USDT", "USDC", "TUSD", "DAI", "QC", "CNYT")
        )
        means = rng.sample(_MEANS, k=rng.randrange(3, 6)) if brief.residents else []
        if brief.residents and "CNY" in self.quotes and "pay" not in means:
            means.append("pay")
        self.means = frozenset(means)
        self.year = rng.randrange(2013, 2019)
        pairs = [(c, q) for q in self.quotes for c in self.coins if c != q]
        self.pairs = pairs[:24] or [("BTC", "USDT")]
        self.maker, self.taker = f"{rng.randrange(0, 15) / 100:.2f}%", f"{rng.randrange(10, 30) / 100:.2f}%"
        self.ticks = {p: rate(rng, *p) for p in self.pairs}
        self.qq = str(rng.randrange(100_000_000, 999_999_999))
        self.wechat = brief.host.removeprefix("www.").partition(".")[0][:8] + rng.choice(
            ("kf", "_vip", "01", "001", "service")
        )
        self._places = [rng.choice(_EXCLUDED), *rng.sample(_ALSO, k=rng.randrange(1, 5))]
        rng.shuffle(self._places)
        self._clause = rng.choice(_RESTRICTED)

    # figures
    def rows(self) -> list[tuple[str, str, str, str, str, str, str]]:
        """Markets as (coin, quote, last, change, high, low, volume)."""
        rows = []
        for (coin, quote), mid in self.ticks.items():
            change = percent(self.rng)
            rows.append(
                (
                    coin,
                    quote,
                    show(mid),
                    change,
                    show(mid * 1.03),
                    show(mid * 0.97),
                    f"{self.rng.uniform(20, 90000):,.1f}",
                )
            )
        return rows

    def book(self, pair: tuple[str, str], depth: int) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        """Asks and bids of a pair."""
        return book(self.rng, self.ticks[pair], depth)

    def fills(self, pair: tuple[str, str], count: int) -> list[tuple[str, str, str, str]]:
        """Recent trades as (time, side class, price, amount)."""
        mid = self.ticks[pair]
        return [
            (
                clock(self.rng),
                self.rng.choice(("buy", "sell")),
                show(mid * self.rng.uniform(0.998, 1.002)),
                f"{self.rng.lognormvariate(0, 1):.4f}",
            )
            for _ in range(count)
        ]

    # texts
    def lead(self, w: Words) -> str:
        """What the venue says it does."""
        return w("lead2", coins=", ".join(self.coins[:3]), quotes=", ".join(self.quotes[:2]))

    def about(self, w: Words) -> list[str]:
        """Paragraphs on the firm."""
        seed = self.seed
        first = w("aboutus", name=self.name, coins=", ".join(self.coins[:4]))
        second = w("aboutus2", n=seed % 190 + 9, m=seed % 5 + 2, year=self.year)
        return [first, second, w("secure"), *([self.hours(w)] if "hours" in self.means else [])]

    def restricted(self, w: Words) -> str:
        """Who is not served, on venues that say so."""
        if not self.blocked:
            return ""
        places = ", ".join(self._places[:-1]) + " or " + self._places[-1]
        if w.chinese:
            return w.script(f"{self.name}不向中国大陆、美国及其他受限制地区的居民提供服务。")
        return self._clause.format(name=self.name, places=places)

    def terms(self, w: Words) -> list[str]:
        """Paragraphs of the user agreement."""
        items = [
            w("termsus", name=self.name),
            w("terms3"),
            w("terms2"),
            w("feesus", maker=self.maker, taker=self.taker),
        ]
        if self.blocked:
            items.insert(1 + self.seed % 3, self.restricted(w))
        return items

    def faqs(self, w: Words) -> list[tuple[str, str]]:
        """Questions and answers."""
        items = [(w(f"q{i}"), w(f"a{i}")) for i in (1, 2, 3)]
        if "kyc" in self.means:
            items.append(
                (
                    w.pick("Which documents do you accept?", "如何完成实名认证？"),
                    w.pick(
                        "Passport; for users from mainland China a second-generation resident ID card "
                        "(both sides) and a photo holding it.",
                        "中国大陆用户请上传第二代居民身份证正反面及手持身份证照片，海外用户请上传护照。",
                    ),
                )
            )
        if "hours" in self.means:
            items.append((w.pick("When can I reach you?", "客服什么时间在线？"), self.hours(w)))
        if self.blocked:
            items.append((w.pick("Who cannot open an account?", "哪些地区不能注册？"), self.restricted(w)))
        return items

    def hours(self, w: Words) -> str:
        """Hours of the Chinese customer service."""
        end = 18 + self.seed % 6
        return w.pick(
            f"Chinese-speaking support: 9:00–{end}:00 Beijing time (UTC+8), seven days a week.",
            f"中文客服时间：北京时间 9:00-{end}:00，节假日不休。",
        )

    def codes(self, w: Words) -> list[str]:
        """Phone codes of the sign-up form."""
        country = self.brief.country or ""
        if self.brief.kind == "local_exchange" and country in _CODES:
            return [f"{_PLACES.get(country, country)} {_CODES[country]}"]
        picked = self.rng.sample(sorted(_PLACES), k=self.rng.randrange(7, 16))
        codes = [f"{_PLACES[c]} {_CODES[c]}" for c in picked if c in _CODES]
        if "phone" in self.means:
            mark = self.rng.choice(
                (
                    w.pick("China +86", "中国 +86"),
                    "中国大陆 +86",
                    "+86",
                    w.pick("Mainland China (+86)", "中国大陆（+86）"),
                )
            )
            codes.insert(0 if w.chinese else self.rng.randrange(len(codes)), mark)
        return codes

    def rails(self, w: Words) -> list[str]:
        """Ways to pay in money."""
        names = [n for q in self.fiat if q != "CNY" for n in _RAILS.get(q, "Bank transfer").split("|")]
        if "pay" in self.means:
            ways = w.pick(
                "Alipay|WeChat Pay|UnionPay card|Bank card (mainland China)",
                "支付宝|微信支付|银联卡|银行卡转账",
            ).split("|")
            names = self.rng.sample(ways, k=self.rng.randrange(2, 5)) + names
        return names

    def contact(self, w: Words) -> list[str]:
        """Lines of contact for footers and help pages."""
        mail = f"support@{self.brief.host.removeprefix('www.')}"
        lines = [f"{w('email')}: {mail}", "Telegram", "Twitter"]
        if "groups" in self.means:
            lines[1:1] = self.rng.sample(
                (
                    w.pick(f"QQ group {self.qq}", f"官方QQ群：{self.qq}"),
                    w.pick(f"WeChat: {self.wechat}", f"客服微信：{self.wechat}"),
                ),
                k=self.rng.randrange(1, 3),
            )
        return lines

    def apps(self, w: Words) -> list[Link]:
        """Applications to download."""
        items = [
            ("iOS (TestFlight)", "/download#ios"),
            ("Android", "/download#android"),
            ("Windows", "/download#pc"),
        ]
        if "apk" in self.means:
            stem = self.brief.host.removeprefix("www.").partition(".")[0]
            items.insert(
                0,
                (
                    w.pick(
                        "Android APK (China mirror, scan the QR code)",
                        "安卓版APK下载（国内高速通道，微信扫码请用浏览器打开）",
                    ),
                    f"/download/{stem}_cn_v2.{self.seed % 9}.apk",
                ),
            )
        return items

    def methods(self, w: Words) -> str:
        """One line naming the ways to pay."""
        return " / ".join(self.rails(w)) or w("depo", coin=self.coins[0], n=3)

    def finish(self, pages: Pages) -> Pages:
        """The pages, with the geo-block page on venues that have one and the app package where linked."""
        if "apk" in self.means:
            for _, href in self.apps(Words(0, "en"))[:1]:
                pages[href] = Page(b"PK\x03\x04" + bytes(60), "application/vnd.android.package-archive")
        if self.blocked and "/__geoblock__" not in pages:
            from ringfence.lab.designs.reporting._geoblock import block_page

            pages["/__geoblock__"] = block_page(self.rng, self.brief)
        return pages


def slug(pair: tuple[str, str], style: str = "_") -> str:
    """A pair as it stands in an address."""
    joined = style.join(pair)
    return joined.lower() if style in ("-", "") else joined
