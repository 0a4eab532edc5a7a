# ruff: noqa: E501 - the tables of pages and reasons read better unbroken
"""The cases: invented worlds, what is done to them, and which answers are right.

Every host, page and access network is invented. A case is judged by what was injected, not by what a probe says.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from access_cases.emulate import Json, Reply, Site, World, ascii_host, measure, strip

ISPS = (
    ("DE", 64496, "Northwind Telecom", "212.58.40.2"),
    ("TR", 64497, "Halden Broadband", "195.46.112.10"),
    ("ID", 64498, "Kestrel Mobile", "202.61.8.53"),
    ("KE", 64499, "Acacia Net", "41.78.20.20"),
)
BLOCK_ADDRESS = {64496: "212.58.40.99", 64497: "195.46.119.80", 64498: "202.61.8.200", 64499: "41.78.23.45"}
HOSTS = (
    "www.coinharbour.com brightledger.io exchange.nordwal.net kvantumbit.org www.satmarkt.nl tradewell.pro bitlumen.co "
    "app.zephyrswap.finance www.oakmint.co.uk cloverpay.exchange vela-markets.com tern.trading www.kipferl.at "
    "solstice.market m.delfin.com.br orbitalx.trade www.kawasebi.jp pineloop.app ridgeline.capital moneta7.cz"
).split()
WORDS = (
    "market order book price account deposit withdraw fee spot margin wallet ledger history support trade volume pair "
    "limit offer notice update policy mobile desktop index chart candle reference settlement asset balance transfer"
).split()

ALL = "accessible|down|inconclusive"  # anything but blocked
DOWN = "down|inconclusive"
UNSURE = "accessible|inconclusive"
BROKEN = "error|inconclusive"


@dataclass(frozen=True)
class Case:
    name: str
    group: str
    verdict: str
    stage: str
    outcome: str
    why: str
    content: bytes  # the file as the probe would have left it
    stripped: bytes | None = None  # None: strip it the usual way


def prose(rng: random.Random, count: int) -> str:
    return " ".join(rng.choice(WORDS) for _ in range(count))


def html(
    title: str, rng: random.Random, paragraphs: int = 12, language: str = "en", extra: str = ""
) -> bytes:
    body = "".join(f"<p>{prose(rng, 30).capitalize()}.</p>\n" for _ in range(paragraphs))
    head = f'<!doctype html>\n<html lang="{language}">\n<head><meta charset="utf-8"><title>{title}</title></head>\n'
    return f"{head}<body>\n<h1>{title}</h1>\n{extra}{body}</body>\n</html>\n".encode()


COMMON = (
    ("Server", "nginx"),
    ("Cache-Control", "no-cache"),
    ("X-Request-Id", "a1"),
    ("X-Frame-Options", "DENY"),
)


def page(
    title: str, rng: random.Random, paragraphs: int = 12, language: str = "en", code: int = 200
) -> Reply:
    return Reply(code, html(title, rng, paragraphs, language), COMMON)


def moved(to: str, code: int = 302, *more: tuple[str, str]) -> Reply:
    return Reply(code, b"", (("Location", to), *more))


FAILS = {
    "reset": Reply(0, failure="connection_reset"),
    "eof": Reply(0, failure="eof_error"),
    "timeout": Reply(0, failure="generic_timeout_error"),
}

BLOCK_PAGES = (
    ("english", 200, "Access to this website is blocked", "The web site you requested may not be accessed. It has been blocked by order of the competent authority under the Financial Services Act."),
    ("turkish", 403, "Erişim Engellendi", "Bu internet sitesine erişim, yetkili kurumun idari tedbir kararı ile engellenmiştir."),
    ("russian", 200, "Доступ ограничен", "Доступ к запрашиваемому ресурсу ограничен по решению уполномоченного органа на основании федерального закона."),
    ("indonesian", 200, "Situs Diblokir", "Situs yang Anda tuju tidak dapat diakses karena termasuk dalam daftar situs yang diblokir oleh pemerintah."),
    ("arabic", 403, "تم حجب الموقع", "عذرا، الموقع المطلوب غير متاح. تم حجب هذا الموقع وفقا للوائح الجهة المختصة."),
    ("chinese", 200, "网站已被封锁", "您访问的网站因违反相关法律法规，已被主管部门依法封锁，无法访问。"),
    ("german", 451, "Diese Seite ist gesperrt", "Der Zugang zu dieser Internetseite wurde auf behördliche Anordnung gesperrt."),
    ("spanish", 200, "Acceso bloqueado", "El acceso a este sitio web ha sido bloqueado por orden de la autoridad competente."),
    ("french", 403, "Accès bloqué", "L'accès à ce site internet a été bloqué sur décision de l'autorité administrative."),
    ("italian", 200, "Sito oscurato", "L'accesso a questo sito è stato inibito in esecuzione di un provvedimento dell'autorità."),
)  # fmt: skip


def block_page(index: int, frame: str = "") -> Reply:
    _, code, title, text = BLOCK_PAGES[index]
    inner = (
        f'<iframe src="{frame}" width="100%" height="100%"></iframe>'
        if frame
        else f"<h1>{title}</h1><p>{text}</p>"
    )
    return Reply(
        code,
        f"<html><head><title>{title}</title></head><body>{inner}</body></html>".encode(),
        (("Connection", "close"),),
    )


class Maker:
    """Makes cases one after the other; every case draws from its own seeded randomness."""

    def __init__(self, seed: int) -> None:
        self.seed, self.count = seed, 0
        self.cases: list[Case] = []

    def begin(self) -> tuple[random.Random, str, World]:
        """Randomness, a host and a world in which that host has one address, one page, HTTP and HTTPS."""
        self.count += 1
        rng = random.Random(f"{self.seed}/{self.count}")
        host = HOSTS[self.count % len(HOSTS)]
        prefix = rng.choice(["88.198.", "51.75.", "159.89.", "47.254."])
        site = Site([self.address(rng, prefix)], {"*": page(self.title(host), rng)})
        return rng, host, World({host: site}, isp=ISPS[self.count % len(ISPS)], http2=rng.random() < 0.7)

    @staticmethod
    def address(rng: random.Random, prefix: str) -> str:
        if ":" in prefix:
            return f"{prefix}{rng.randrange(1, 0xFFFF):x}::{rng.randrange(1, 0xFFFF):x}"
        parts = prefix.rstrip(".").split(".")
        return ".".join(parts + [str(rng.randrange(8, 240)) for _ in range(4 - len(parts))])

    @staticmethod
    def title(host: str) -> str:
        name = host.removeprefix("www.").split(".")[0].replace("-", " ").title()
        return f"{name} | Digital asset exchange"

    def add(
        self,
        name: str,
        group: str,
        verdict: str,
        why: str,
        world: World,
        url: str,
        stage: str = "",
        outcome: str = "",
    ) -> None:
        rng = random.Random(f"{self.seed}/{self.count}/run")
        text = json.dumps(measure(world, url, rng), ensure_ascii=False).encode()
        self.cases.append(Case(name, group, verdict, stage, outcome, why, text))

    def raw(
        self,
        name: str,
        verdict: str,
        why: str,
        content: bytes,
        stripped: bytes | None = None,
        group: str = "hostile",
    ) -> None:
        self.cases.append(Case(name, group, verdict, "", "", why, content, stripped))


def only(world: World) -> Site:
    return next(iter(world.sites.values()))


# --- clean -------------------------------------------------------------------------------------------------------


def clean(m: Maker) -> None:
    for scheme in ("http", "https"):
        _, host, world = m.begin()
        m.add(
            f"plain-{scheme}", "clean", "accessible", "same address, same page", world, f"{scheme}://{host}/"
        )
        rng, host, world = m.begin()
        only(world).addrs.append(m.address(rng, "2a01:4f8:"))
        m.add(
            f"dual-stack-{scheme}",
            "clean",
            "accessible",
            "IPv4 and IPv6 both work",
            world,
            f"{scheme}://{host}/",
        )
    for scheme, port in (("http", 8080), ("https", 8443)):
        _, host, world = m.begin()
        only(world).ports = (port,)
        m.add(
            f"port-{port}",
            "clean",
            "accessible",
            "explicit port, no other port open",
            world,
            f"{scheme}://{host}:{port}/",
        )
    _, host, world = m.begin()
    world.engine, world.doh = "golang_net_resolver", False
    m.add(
        "other-engine",
        "clean",
        "accessible",
        "the system resolver is named otherwise, no DoH lookup",
        world,
        f"https://{host}/",
    )
    _, host, world = m.begin()
    only(world).cname = f"{host}.cdn.cloudflare.net"
    m.add("cname", "clean", "accessible", "the answer carries a CNAME", world, f"https://{host}/")
    _, host, world = m.begin()
    world.probe.dns[("doh", host)] = "generic_timeout_error"
    m.add(
        "doh-unreachable",
        "clean",
        "accessible",
        "only the DoH resolver fails: it says nothing about the site",
        world,
        f"https://{host}/",
    )
    rng, host, world = m.begin()
    only(world).pages["*"] = Reply(
        200, b'{"status":"ok","pairs":' + b"1" * 900 + b"}", (("Content-Type", "application/json"),)
    )
    m.add("json-api", "clean", "accessible", "no HTML and no title on either side", world, f"https://{host}/")
    _, host, world = m.begin()
    only(world).pages["*"] = Reply(204, b"", COMMON)
    m.add("empty-body", "clean", "accessible", "both sides get 204 without a body", world, f"https://{host}/")


def delivery(m: Maker) -> None:
    group = "clean-cdn"

    def spread(prefixes: tuple[str, str], each: int = 2) -> tuple[str, World]:
        rng, host, world = m.begin()
        ours = [m.address(rng, prefixes[0]) for _ in range(each)]
        theirs = [m.address(rng, prefixes[1]) for _ in range(each)]
        only(world).addrs = [*ours, *theirs]
        world.probe.dns[(None, host)] = ours
        world.control.dns[("helper", host)] = theirs
        return host, world

    for scheme in ("http", "https"):
        host, world = spread(("104.21.", "172.67."))
        m.add(
            f"rotating-{scheme}",
            group,
            "accessible",
            "other addresses of the same delivery network",
            world,
            f"{scheme}://{host}/",
        )
        host, world = spread(("95.100.", "13."))
        m.add(
            f"geo-dns-{scheme}",
            group,
            "accessible",
            "addresses in another network, all with a verified certificate",
            world,
            f"{scheme}://{host}/",
        )
        host, world = spread(("23.215.", "151.101."), 1)
        m.add(
            f"multi-cdn-{scheme}",
            group,
            "accessible",
            "two delivery networks in turn, verified certificate",
            world,
            f"{scheme}://{host}/",
        )
    host, world = spread(("151.101.", "199.232."))
    only(world).ports = (80,)
    m.add(
        "rotating-no-tls",
        group,
        "accessible",
        "same network, equal page; nothing listens on 443 for either side",
        world,
        f"http://{host}/",
    )
    host, world = spread(("159.89.", "51.75."), 1)
    only(world).ports = (80,)
    why = "another network, equal page, no TLS on either side: equal content is weaker proof, but nothing shows blocking"
    m.add("geo-dns-no-tls", group, UNSURE, why, world, f"http://{host}/")
    rng, host, world = m.begin()
    mine = [m.address(rng, "52.28.") for _ in range(6)]
    only(world).addrs = [*mine, *(m.address(rng, "52.29.") for _ in range(6))]
    world.probe.dns[(None, host)] = mine
    world.control.dns[("helper", host)] = only(world).addrs[5:9]
    m.add("many-answers", group, "accessible", "answers overlap in one address", world, f"https://{host}/")
    rng, host, world = m.begin()
    other = [m.address(rng, "2600:9000:")]
    only(world).addrs = [m.address(rng, "52.84."), *other]
    world.probe.dns[(None, host)] = only(world).addrs[:1]
    world.control.dns[("helper", host)] = other
    m.add(
        "control-saw-ipv6-only",
        group,
        "accessible",
        "the control lists only IPv6, the probe's IPv4 is proven by its certificate",
        world,
        f"https://{host}/",
    )
    rng, host, world = m.begin()
    cache_ = m.address(rng, "212.58.")
    only(world).addrs = [m.address(rng, "23.48."), cache_]
    world.isp = ISPS[0]
    world.probe.dns[(None, host)] = [cache_]
    world.control.dns[("helper", host)] = only(world).addrs[:1]
    m.add(
        "cache-inside-isp",
        group,
        "accessible|blocked",
        "a delivery node inside the access network, verified certificate: a hijack to a transparent proxy looks the same",
        world,
        f"https://{host}/",
    )


def large(m: Maker) -> None:
    for scheme, size in (("http", 700_000), ("https", 530_000)):
        rng, host, world = m.begin()
        only(world).pages["*"] = Reply(
            200, rng.randbytes(size), (("Content-Type", "application/octet-stream"),)
        )
        m.add(
            f"large-{scheme}",
            "clean-large",
            "accessible",
            "the probe keeps only the first 512 KiB",
            world,
            f"{scheme}://{host}/app.apk",
        )
    for scheme in ("http", "https"):
        rng, host, world = m.begin()
        only(world).pages["*"] = Reply(200, html(m.title(host), rng, 380), COMMON, seconds=7.5)
        m.add(
            f"slow-{scheme}",
            "clean-large",
            "accessible",
            "slow from start to end, but the whole page arrives",
            world,
            f"{scheme}://{host}/",
        )


def names(m: Maker) -> None:
    for name, typed, scheme in (
        ("lower", "крипто-рынок.рф", "http"),
        ("upper", "КРИПТО-рынок.рф", "https"),
        ("mixed", "www.MünzBörse.de", "https"),
        ("punycode", "xn--mnzbrse-d1a4c.de", "https"),
        ("ascii-upper", "WWW.CoinHarbour.COM", "https"),
    ):
        _, _host, world = m.begin()
        world.sites = {ascii_host(typed): only(world)}
        m.add(
            f"idn-{name}",
            "clean-name",
            "accessible",
            "the name is looked up in its lower-case A-label form",
            world,
            f"{scheme}://{typed}/",
        )
    rng, _, world = m.begin()
    v4 = m.address(rng, "88.198.")
    world.sites = {v4: Site([v4], {"*": page("Node status", rng)})}
    for name, url in (("http", f"http://{v4}/"), ("https", f"https://{v4}/"), ("port", f"http://{v4}:80/")):
        m.add(
            f"literal-{name}",
            "clean-name",
            "accessible",
            "an address in the URL: there is no DNS layer",
            world,
            url,
        )
    rng, _, world = m.begin()
    v6 = m.address(rng, "2a01:4f8:")
    world.sites = {v6: Site([v6], {"*": page("Node status", rng)})}
    m.add("literal-ipv6", "clean-name", "accessible", "an IPv6 address in the URL", world, f"http://[{v6}]/")


def broken_ipv6(m: Maker) -> None:
    for name, failure, scheme, first in (
        ("host-unreachable", "host_unreachable", "https", False),
        ("network-unreachable", "network_unreachable", "http", False),
        ("timeout", "generic_timeout_error", "https", False),
        ("listed-first", "network_unreachable", "https", True),
    ):
        rng, host, world = m.begin()
        six = [m.address(rng, "2a01:4f8:"), m.address(rng, "2a01:4f8:")]
        old = only(world).addrs
        only(world).addrs = [*six, *old] if first else [*old, *six]
        world.probe.no_ipv6 = failure
        m.add(
            f"ipv6-{name}",
            "clean-ipv6",
            "accessible",
            "IPv6 fails everywhere in the run: the probe's own fault; IPv4 works",
            world,
            f"{scheme}://{host}/",
        )
    rng, host, world = m.begin()
    only(world).addrs = [m.address(rng, "2a01:4f8:")]
    world.probe.no_ipv6 = "network_unreachable"
    m.add(
        "ipv6-only-site",
        "clean-ipv6",
        "inconclusive|down",
        "the site has only IPv6 and the probe has none: nothing was measured",
        world,
        f"https://{host}/",
    )
    for scheme in ("http", "https"):
        rng, host, world = m.begin()
        dead = m.address(rng, "88.198.")
        only(world).addrs.append(dead)
        for view in (world.probe, world.control):
            view.tcp[(dead, None)] = "generic_timeout_error"
        m.add(
            f"one-address-down-{scheme}",
            "clean-address",
            "accessible",
            "one of two addresses is dead for both sides, the other serves",
            world,
            f"{scheme}://{host}/",
        )


def dynamic(m: Maker) -> None:
    group = "clean-dynamic"

    def differ(
        name: str,
        why: str,
        scheme: str,
        probe: Callable[[random.Random, str], Reply],
        control: Callable[[random.Random, str], Reply],
        verdict: str = "accessible",
    ) -> None:
        rng, host, world = m.begin()
        a, b = probe(rng, host), control(rng, host)
        only(world).pages["*"] = lambda who, _jar: a if who == "probe" else b
        m.add(name, group, verdict, why, world, f"{scheme}://{host}/")

    for scheme in ("http", "https"):
        differ(
            f"length-{scheme}",
            "half the length, same title, status and headers",
            scheme,
            lambda r, h: page(m.title(h), r, 6),
            lambda r, h: page(m.title(h), r, 14),
        )
        differ(
            f"nonce-{scheme}",
            "the same page with another nonce and order",
            scheme,
            lambda r, h: page(m.title(h), r, 12),
            lambda r, h: page(m.title(h), r, 12),
        )
    differ(
        "language-https",
        "title and text in another language over a verified connection",
        "https",
        lambda r, _: page("Kryptobörse für alle", r, 7, "de"),
        lambda r, _: page("Exchange for everyone", r, 16),
    )
    differ(
        "language-http",
        "title in another language, status, headers and length agree",
        "http",
        lambda r, _: page("Pasar aset digital", r, 11, "id"),
        lambda r, _: page("Digital asset market", r, 12),
    )
    differ(
        "longer-https",
        "the probe gets far more than the control",
        "https",
        lambda r, h: page(m.title(h), r, 40),
        lambda r, h: page(m.title(h), r, 8),
    )
    differ(
        "title-counter",
        "the title holds a changing price",
        "http",
        lambda r, _: page("61,204.10 BTC/USDT | Trade", r, 12),
        lambda r, _: page("61,198.77 BTC/USDT | Trade", r, 12),
    )


def redirects(m: Maker) -> None:
    group = "clean-redirect"
    _, host, world = m.begin()
    world.probe.http[(None, f"http://{host}/")] = world.control.http[(None, f"http://{host}/")] = moved(
        f"https://{host}/", 301
    )
    m.add("to-https", group, "accessible", "http to https on the same host", world, f"http://{host}/")

    def chain(name: str, hops: list[str], why: str, scheme: str = "https", code: int = 302) -> None:
        rng, host, world = m.begin()
        previous = host
        for i, hop in enumerate(hops):
            world.sites[previous].pages = {"*": moved(f"{scheme}://{hop}/p{i}", code)}
            world.sites[hop] = Site([m.address(rng, "52.58.")], {"*": page(m.title(hop), rng)})
            previous = hop
        m.add(name, group, "accessible", why, world, f"{scheme}://{host}/")

    chain("two-hosts", ["lumen-login.com"], "another host answers in the end")
    chain("two-hosts-http", ["lumen-start.net"], "the same over plain http, with a 308", "http", 308)
    chain(
        "four-hosts",
        ["a.lumen-go.com", "b.lumen-go.com", "c.lumen-go.com"],
        "three redirects over three hosts",
        "https",
        307,
    )
    rng, host, world = m.begin()
    only(world).pages = {"/": moved("start?x=1"), "*": page(m.title(host), rng)}
    m.add("relative", group, "accessible", "the Location is relative", world, f"https://{host}/")
    rng, host, world = m.begin()
    good = page(m.title(host), rng)
    turn = moved("/", 302, ("Set-Cookie", "seen=1; Path=/; Secure"))
    only(world).pages["*"] = lambda who, jar: good if jar.get("seen") else turn
    m.add(
        "cookie", group, "accessible", "the same URL again until the cookie is set", world, f"https://{host}/"
    )
    rng, host, world = m.begin()
    only(world).pages = {
        "/": lambda who, _jar: moved("/de/" if who == "probe" else "/en/"),
        "/de/": page("Handelsplatz", rng, 7, "de"),
        "*": page("Trading venue", rng, 12),
    }
    m.add(
        "by-country",
        group,
        "accessible",
        "the site sends each visitor to a page in his language",
        world,
        f"https://{host}/",
    )
    rng, host, world = m.begin()
    consent, good = "consent.lumen-privacy.com", page(m.title(host), rng)
    only(world).pages = {
        "*": lambda who, _jar: moved(f"https://{consent}/?back=1") if who == "probe" else good
    }
    world.sites[consent] = Site([m.address(rng, "52.58.")], {"*": page("Your privacy choices", rng, 5)})
    m.add(
        "consent",
        group,
        UNSURE,
        "over a verified connection the site sends the probe to its consent page",
        world,
        f"https://{host}/",
    )
    for scheme in ("http", "https"):
        rng, host, world = m.begin()
        only(world).pages = {"/": moved("/r/0"), "*": page("never", rng)}
        only(world).pages |= {f"/r/{i}": moved(f"/r/{i + 1}") for i in range(16)}
        m.add(
            f"too-many-{scheme}",
            group,
            ALL,
            "more than ten redirects for everybody: no page, no blocking",
            world,
            f"{scheme}://{host}/",
        )
    for i, bad in enumerate(("https:///login", "http://[::1", "http://:80/")):
        rng, host, world = m.begin()
        only(world).pages = {"*": moved(bad)}
        m.add(
            f"broken-location-{i + 1}",
            group,
            ALL,
            f"the Location {bad} has no host: the site's own fault",
            world,
            f"{('http', 'https')[i % 2]}://{host}/",
        )
    _, host, world = m.begin()
    only(world).pages = {"*": Reply(302, b"<html><body>moved, but where?</body></html>", COMMON)}
    m.add("no-location", group, ALL, "a 302 without Location for everybody", world, f"https://{host}/")


CHALLENGE = (
    (("Server", "cloudflare"), ("CF-RAY", "8a1f0c5d4e2b9c11-FRA"), ("cf-mitigated", "challenge")),
    b'<!DOCTYPE html><html lang="en-US"><head><title>Just a moment...</title></head><body><noscript>Enable JavaScript and '
    b"cookies to continue</noscript><script>window._cf_chl_opt={cType:'managed'};</script></body></html>",
)
CAPTCHA = (
    (("Server", "cloudflare"), ("CF-RAY", "8a1f0c5d4e2b9c12-IST")),
    b"<!DOCTYPE html><html><head><title>Attention Required! | Cloudflare</title></head><body><h1>One more step</h1>"
    b'<h2>Please complete the security check to access</h2><form class="challenge-form" action="/cdn-cgi/l/chk_captcha">'
    b"</form></body></html>",
)


def challenges(m: Maker) -> None:
    group = "challenge"
    for name, scheme, code, (heads, body), both in (
        ("managed-https-probe", "https", 403, CHALLENGE, False),
        ("managed-https-both", "https", 403, CHALLENGE, True),
        ("managed-http-probe", "http", 403, CHALLENGE, False),
        ("captcha-http-probe", "http", 403, CAPTCHA, False),
        ("captcha-https-probe", "https", 503, CAPTCHA, False),
        ("captcha-http-both", "http", 503, CAPTCHA, True),
        (
            "limited-https-probe",
            "https",
            429,
            ((("Retry-After", "60"),), b"<html><title>Too many requests</title></html>"),
            False,
        ),
    ):
        rng, host, world = m.begin()
        only(world).addrs = [m.address(rng, "104.21.")]
        wall, good = Reply(code, body, heads), page(m.title(host), rng)
        only(world).pages["*"] = lambda who, _jar, wall=wall, good=good, both=both: (
            wall if both or who == "probe" else good
        )  # type: ignore[misc]
        m.add(
            name,
            group,
            UNSURE,
            "the delivery network asks for proof of a human: neither blocking nor proof of access",
            world,
            f"{scheme}://{host}/",
        )
    for scheme in ("http", "https"):
        rng, host, world = m.begin()
        only(world).addrs = [m.address(rng, "104.21.")]
        wall, good = Reply(403, CHALLENGE[1], CHALLENGE[0]), page(m.title(host), rng)
        only(world).pages["*"] = lambda who, _jar, wall=wall, good=good: wall if who == "control" else good  # type: ignore[misc]
        m.add(
            f"managed-{scheme}-control",
            group,
            UNSURE,
            "only the control is challenged: its page is no measure",
            world,
            f"{scheme}://{host}/",
        )


def restricted(m: Maker) -> None:
    group = "geo-restricted"
    why = "the service itself, over a verified connection, declines visitors of this country: no interference on the way"
    for name, code, title in (
        ("451", 451, "Unavailable For Legal Reasons"),
        ("403", 403, "Service not available in your country"),
        ("200", 200, "We are not available in your region yet"),
    ):
        rng, host, world = m.begin()
        note = Reply(code, html(title, rng, 1), COMMON)
        good = page(m.title(host), rng)
        only(world).pages["*"] = lambda who, _jar, note=note, good=good: note if who == "probe" else good  # type: ignore[misc]
        m.add(f"direct-{name}", group, UNSURE, why, world, f"https://{host}/")
    rng, host, world = m.begin()
    good = page(m.title(host), rng)
    only(world).pages = {
        "/": lambda who, _jar: moved("/restricted") if who == "probe" else good,
        "*": page("Country not supported", rng, 2, code=403),
    }
    m.add("redirected", group, UNSURE, why, world, f"https://{host}/")


def server_errors(m: Maker) -> None:
    for scheme, code in (("https", 500), ("http", 502), ("https", 503), ("http", 404), ("https", 521)):
        rng, host, world = m.begin()
        only(world).pages["*"] = page(f"{code} error", rng, 1, code=code)
        m.add(
            f"both-{code}-{scheme}",
            "server-error",
            ALL,
            "both sides get the same error from the site",
            world,
            f"{scheme}://{host}/",
        )
    rng, host, world = m.begin()
    bad, good = page("503 Service Unavailable", rng, 1, code=503), page(m.title(host), rng)
    only(world).pages["*"] = lambda who, _jar: bad if who == "probe" else good
    m.add(
        "probe-503-https",
        "server-error",
        ALL,
        "a passing error of the genuine server, over a verified connection",
        world,
        f"https://{host}/",
    )
    rng, host, world = m.begin()
    bad, good = page("503 Service Unavailable", rng, 1, code=503), page(m.title(host), rng)
    only(world).pages["*"] = lambda who, _jar: bad if who == "control" else good
    m.add(
        "control-503-http",
        "server-error",
        ALL,
        "the control met a passing error, the probe got the page",
        world,
        f"http://{host}/",
    )


# --- down --------------------------------------------------------------------------------------------------------


def down(m: Maker) -> None:
    for scheme in ("http", "https"):
        _, host, world = m.begin()
        world.sites = {}
        m.add(
            f"nxdomain-{scheme}",
            "down-dns",
            DOWN,
            "the name does not exist for anybody",
            world,
            f"{scheme}://{host}/",
        )
    for name, failure in (
        ("nodata", "dns_no_answer"), ("servfail", "dns_server_misbehaving"), ("refused", "dns_refused_error"),
        ("timeout", "generic_timeout_error"),
    ):  # fmt: skip
        _, host, world = m.begin()
        for view in (world.probe, world.control):
            view.dns[(None, host)] = failure
        if name == "refused":
            world.probe.dns[("system", host)] = "dns_server_misbehaving"  # all that a system resolver tells
        m.add(
            f"{name}-everywhere",
            "down-dns",
            DOWN,
            f"every resolver and the control fail ({failure})",
            world,
            f"https://{host}/",
        )
    for name, failure in (
        ("refused", "connection_refused"),
        ("timeout", "generic_timeout_error"),
        ("unreachable", "host_unreachable"),
        ("reset", "connection_reset"),
    ):
        for scheme in ("http", "https") if name != "reset" else ("https",):
            _, host, world = m.begin()
            for view in (world.probe, world.control):
                view.tcp[(None, None)] = failure
            m.add(
                f"tcp-{name}-{scheme}",
                "down-tcp",
                DOWN,
                "the control cannot connect to the same address either",
                world,
                f"{scheme}://{host}/",
            )
    for name, failure in (
        ("expired", "ssl_invalid_certificate"), ("wrong-host", "ssl_invalid_hostname"), ("unknown-authority", "ssl_unknown_authority"),
        ("reset", "connection_reset"), ("eof", "eof_error"), ("alert", "ssl_failed_handshake"),
    ):  # fmt: skip
        _, host, world = m.begin()
        only(world).tls = failure
        m.add(
            f"tls-{name}",
            "down-tls",
            DOWN,
            "the control's handshake fails in the same way",
            world,
            f"https://{host}/",
        )
    for name, reply in FAILS.items():
        for scheme in ("http", "https") if name != "eof" else ("http",):
            _, host, world = m.begin()
            only(world).pages["*"] = reply
            m.add(
                f"http-{name}-{scheme}",
                "down-http",
                DOWN,
                "the control gets no response either",
                world,
                f"{scheme}://{host}/",
            )
    rng, host, world = m.begin()
    only(world).pages["*"] = Reply(200, html(m.title(host), rng, 200), COMMON, "generic_timeout_error", 9000)
    m.add(
        "http-slow-for-all",
        "down-http",
        ALL,
        "the body times out for the control as well: a slow server, not throttling",
        world,
        f"https://{host}/",
    )
    for name, ip in (
        ("private", "10.4.0.8"),
        ("loopback", "127.0.0.1"),
        ("unspecified", "0.0.0.0"),
        ("lan", "192.168.1.10"),
        ("test-net", "192.0.2.77"),
    ):
        _, host, world = m.begin()
        world.sites = {}
        for view in (world.probe, world.control):
            view.dns[(None, host)] = [ip]
        m.add(
            f"bogon-for-all-{name}",
            "down-bogon",
            DOWN,
            "the control is told the same unusable address: the site's own fault",
            world,
            f"{('https', 'http')[len(name) % 2]}://{host}/",
        )


# --- interference ------------------------------------------------------------------------------------------------


def dns_errors(m: Maker) -> None:
    group = "dns"
    for name, failure, outcome in (
        ("nxdomain", "dns_nxdomain_error", "dns.nxdomain"), ("nodata", "dns_no_answer", "dns.nodata"),
        ("servfail", "dns_server_misbehaving", "dns.servfail"), ("temporary", "dns_temporary_failure", "dns."),
        ("non-recoverable", "dns_non_recoverable_failure", "dns."),
        ("timeout", "generic_timeout_error", "dns.timeout"), ("android", "android_dns_cache_no_data", "dns."),
    ):  # fmt: skip
        for scheme in ("https", "http") if name in ("nxdomain", "nodata") else ("https",):
            _, host, world = m.begin()
            world.probe.dns[("system", host)] = failure
            why = f"the system resolver fails ({failure}), every other resolver and the control answer"
            m.add(f"{name}-{scheme}", group, "blocked", why, world, f"{scheme}://{host}/", "dns", outcome)
    _, host, world = m.begin()
    world.probe.dns |= {("system", host): "dns_server_misbehaving", ("udp", host): "dns_refused_error"}
    m.add(
        "refused-on-path",
        group,
        "blocked",
        "system and UDP lookups are refused on the path, DoH and control answer",
        world,
        f"https://{host}/",
        "dns",
        "dns.",
    )
    _, host, world = m.begin()
    for engine in ("system", "udp"):
        world.probe.dns[(engine, host)] = "dns_nxdomain_error"
    m.add(
        "nxdomain-on-path",
        group,
        "blocked",
        "system and UDP answers forged on the path, DoH and control genuine",
        world,
        f"https://{host}/",
        "dns",
        "dns.nxdomain",
    )
    _, host, world = m.begin()
    for engine in ("system", "udp"):
        world.probe.dns[(engine, host)] = "dns_nxdomain_error"
    world.probe.dns[("doh", host)] = "connection_reset"
    m.add(
        "nxdomain-doh-cut",
        group,
        "blocked",
        "forged answers and the DoH resolver unreachable; the control answers",
        world,
        f"https://{host}/",
        "dns",
        "dns.nxdomain",
    )
    for name, ip, engines, scheme in (
        ("private", "10.10.34.36", ("system",), "https"), ("loopback", "127.0.0.1", ("system", "udp"), "https"),
        ("unspecified", "0.0.0.0", ("system",), "http"), ("test-net", "198.51.100.7", ("system", "udp"), "http"),
        ("shared-space", "100.64.3.3", ("system",), "https"), ("ipv6", "fd00::53", ("system",), "https"),
    ):  # fmt: skip
        _, host, world = m.begin()
        for engine in engines:
            world.probe.dns[(engine, host)] = [ip]
        why = f"{' and '.join(engines)} answer {ip}, an address no public site has; the control gets a public one"
        m.add(f"bogon-{name}", group, "blocked", why, world, f"{scheme}://{host}/", "dns", "dns.bogon")


def dns_answers(m: Maker) -> None:
    group = "dns-answer"

    def to_block_address(
        engines: tuple[str, ...] = ("system", "udp"),
    ) -> tuple[random.Random, str, World, str]:
        rng, host, world = m.begin()
        ip = BLOCK_ADDRESS[world.isp[1]]
        for engine in engines:
            world.probe.dns[(engine, host)] = [ip]
        return rng, host, world, ip

    for i in (0, 3, 6):
        rng, host, world, ip = to_block_address()
        for view in (world.probe, world.control):
            view.tcp[(ip, 80)] = None
            view.tcp[(ip, 443)] = "connection_refused"
            view.http[(ip, None)] = block_page(i)
        m.add(
            f"page-{BLOCK_PAGES[i][0]}",
            group,
            "blocked",
            "answered with an address of the access network that serves a block page",
            world,
            f"http://{host}/",
            "dns|http",
        )
    for name, failure in (("refuses", "connection_refused"), ("silent", "generic_timeout_error")):
        _, host, world, ip = to_block_address(("system",))
        for view in (world.probe, world.control):
            view.tcp[(ip, None)] = failure
        m.add(
            f"address-{name}",
            group,
            "blocked",
            "answered with an address of the access network where nothing serves the site",
            world,
            f"https://{host}/",
            "dns|tcp",
        )
    for name, failure in (
        ("unknown-authority", "ssl_unknown_authority"),
        ("wrong-host", "ssl_invalid_hostname"),
    ):
        for scheme in ("https", "http"):
            _, host, world, ip = to_block_address()
            for view in (world.probe, world.control):
                view.tcp[(ip, None)] = None
                view.tls[(ip, None)] = failure
                view.forged[(ip, None)] = (
                    "filter.example-access.net" if "wrong" in name else host,
                    "Web Filter CA",
                )
                view.http[(ip, None)] = block_page(7)
            m.add(
                f"bad-certificate-{name}-{scheme}",
                group,
                "blocked",
                "hijacked to a server that cannot prove to be the site",
                world,
                f"{scheme}://{host}/",
                "dns|tls" if scheme == "https" else "dns|http|tls",
            )
    for i, (prefix, failure) in enumerate(
        (
            ("31.13.", "generic_timeout_error"),
            ("157.240.", "ssl_invalid_hostname"),
            ("13.224.", "connection_reset"),
        )
    ):
        rng, host, world = m.begin()
        wrong = [m.address(rng, prefix)]
        for engine in ("system", "udp"):
            world.probe.dns[(engine, host)] = wrong
        for view in (world.probe, world.control):
            if failure == "generic_timeout_error":
                view.tcp[(wrong[0], None)] = failure
            else:
                view.tcp[(wrong[0], None)] = None
                view.tls[(wrong[0], None)] = failure
                view.forged[(wrong[0], None)] = ("*.unrelated.example", "Meridian Trust Services CA 4")
        m.add(
            f"unrelated-address-{i + 1}",
            group,
            "blocked",
            "forged answer: an address of an unrelated company that does not serve the name",
            world,
            f"https://{host}/",
            "dns|tcp|tls",
        )
    # a transparent proxy: DNS is hijacked, the content is genuine
    for scheme in ("http", "https"):
        _, host, world, ip = to_block_address()
        only(world).addrs.append(ip)
        for view in (world.probe, world.control):
            view.dns.setdefault((None, host), only(world).addrs[:1])
        m.add(
            f"proxy-{scheme}",
            group,
            "accessible|blocked",
            "hijacked to a proxy of the access network that relays, certificate verified: accessible, and a hijack",
            world,
            f"{scheme}://{host}/",
            "",
            "dns.",
        )
    _, host, world, ip = to_block_address()
    only(world).addrs.append(ip)
    for view in (world.probe, world.control):
        view.dns.setdefault((None, host), only(world).addrs[:1])
        view.tcp[(ip, 443)] = "connection_refused"
    m.add(
        "proxy-http-only",
        group,
        "accessible|blocked|inconclusive",
        "the same without TLS at the proxy: equal content is all there is",
        world,
        f"http://{host}/",
        "",
        "dns.",
    )
    _, host, world, ip = to_block_address()
    notice = "notice.northwind-access.net"
    world.sites[notice] = Site([BLOCK_ADDRESS[64496]], {"*": block_page(6)})
    for view in (world.probe, world.control):
        view.tcp[(ip, None)] = None
        view.tls[(ip, host)] = "ssl_invalid_hostname"
        view.http[(None, f"http://{host}/")] = moved(f"https://{notice}/")
    del world.control.http[(None, f"http://{host}/")]
    m.add(
        "redirected-notice",
        group,
        "blocked",
        "hijacked to a server that redirects to a notice",
        world,
        f"http://{host}/",
        "dns|http|tls",
    )
    # the domain is gone, the access network still answers
    for name, scheme in (("refuses", "https"), ("page", "http"), ("silent", "http")):
        _, host, world, ip = to_block_address(("system", "udp") if name != "silent" else ("system",))
        world.sites = {}
        for view in (world.probe, world.control):
            view.dns.setdefault((None, host), "dns_nxdomain_error")
            if name == "page":
                view.tcp[(ip, 80)] = None
                view.tcp[(ip, 443)] = "connection_refused"
                view.http[(ip, None)] = block_page(1)
            else:
                view.tcp[(ip, None)] = "connection_refused" if name == "refuses" else "generic_timeout_error"
        m.add(
            f"ghost-{name}",
            "ghost",
            "blocked",
            "the name exists nowhere else, this network still answers its block address",
            world,
            f"{scheme}://{host}/",
            "dns|http" if name == "page" else "dns",
            "dns." if name != "page" else "",
        )


TCP = {
    "refused": "connection_refused",
    "timeout": "generic_timeout_error",
    "unreachable": "host_unreachable",
    "reset": "connection_reset",
}


def tcp(m: Maker) -> None:
    for name, failure in TCP.items():
        for scheme in ("http", "https"):
            _, host, world = m.begin()
            world.probe.tcp[(None, None)] = failure
            outcome = f"tcp.{name}" if name != "reset" else "tcp."
            m.add(
                f"{name}-{scheme}",
                "tcp",
                "blocked",
                "the control connects to the same address and port",
                world,
                f"{scheme}://{host}/",
                "tcp",
                outcome,
            )
    rng, host, world = m.begin()
    only(world).addrs += [m.address(rng, "88.198.") for _ in range(2)]
    world.probe.tcp[(None, None)] = "generic_timeout_error"
    m.add(
        "all-of-three",
        "tcp",
        "blocked",
        "none of three addresses connects, all do for the control",
        world,
        f"https://{host}/",
        "tcp",
        "tcp.timeout",
    )
    rng, host, world = m.begin()
    only(world).addrs.append(m.address(rng, "2a01:4f8:"))
    world.probe.no_ipv6 = "network_unreachable"
    world.probe.tcp[(None, None)] = "connection_refused"
    m.add(
        "with-broken-ipv6",
        "tcp",
        "blocked",
        "IPv6 is the probe's own fault, IPv4 is refused only here",
        world,
        f"https://{host}/",
        "tcp",
        "tcp.refused",
    )
    _, host, world = m.begin()
    world.probe.tcp[(None, 80)] = "generic_timeout_error"
    m.add(
        "port-80-only",
        "tcp",
        "blocked",
        "plain http was asked for, port 80 times out only here; 443 is open",
        world,
        f"http://{host}/",
        "tcp",
        "tcp.timeout",
    )
    rng, _, world = m.begin()
    ip = m.address(rng, "51.75.")
    world.sites = {ip: Site([ip], {"*": page("Node", rng)})}
    world.probe.tcp[(ip, None)] = "generic_timeout_error"
    m.add(
        "literal",
        "tcp",
        "blocked",
        "an address in the URL, reachable only from elsewhere",
        world,
        f"https://{ip}/",
        "tcp",
        "tcp.timeout",
    )
    rng, host, world = m.begin()
    told, spare = only(world).addrs[0], m.address(rng, "88.198.")
    only(world).addrs.append(spare)
    world.probe.dns[("system", host)] = [told]
    world.probe.tcp[(told, None)] = "generic_timeout_error"
    m.add(
        "spare-address",
        "tcp",
        "blocked",
        "the address the system resolver gives times out only here; another, known from other resolvers, works",
        world,
        f"https://{host}/",
        "tcp",
        "tcp.timeout",
    )


TLS = {
    "reset": "connection_reset",
    "eof": "eof_error",
    "timeout": "generic_timeout_error",
    "alert": "ssl_failed_handshake",
}


def tls(m: Maker) -> None:
    for name, failure in TLS.items():
        _, host, world = m.begin()
        world.probe.tls[(None, host)] = failure
        m.add(
            name,
            "tls",
            "blocked",
            "the handshake fails for this name, the control's succeeds at the same address",
            world,
            f"https://{host}/",
            "tls",
            f"tls.{name}" if name != "alert" else "tls.",
        )
    for name in ("reset", "timeout"):
        rng, host, world = m.begin()
        only(world).addrs += [m.address(rng, "88.198."), m.address(rng, "88.198.")]
        world.probe.tls[(None, host)] = TLS[name]
        m.add(
            f"{name}-three-addresses",
            "tls",
            "blocked",
            "the handshake fails at every address",
            world,
            f"https://{host}/",
            "tls",
            f"tls.{name}",
        )
    for name, failure, common in (
        ("unknown-authority", "ssl_unknown_authority", ""), ("wrong-host", "ssl_invalid_hostname", "warning.example-access.net"),
        ("expired", "ssl_invalid_certificate", ""),
    ):  # fmt: skip
        _, host, world = m.begin()
        world.probe.tls[(None, host)] = failure
        world.probe.forged[(None, host)] = (common or host, "Northwind Inspection CA")
        m.add(
            f"forged-{name}",
            "tls",
            "blocked",
            "another certificate than the control sees, not verifiable, at the same address",
            world,
            f"https://{host}/",
            "tls",
            "tls.cert",
        )


def http(m: Maker) -> None:
    for name, reply in FAILS.items():
        for scheme in ("http", "https"):
            _, host, world = m.begin()
            world.probe.http[(None, None)] = reply
            stage = "http" if scheme == "http" else "http|tls"
            m.add(
                f"{name}-{scheme}",
                "http",
                "blocked",
                f"{name} after the connection{' and handshake' if scheme == 'https' else ''} stood; the control gets the page",
                world,
                f"{scheme}://{host}/",
                stage,
                f"http.{name}" if scheme == "http" else "",
            )
    for i, (language, *_) in enumerate(BLOCK_PAGES):
        _, host, world = m.begin()
        world.probe.http[(None, f"http://{host}/")] = block_page(i)
        m.add(
            f"page-{language}",
            "http-blockpage",
            "blocked",
            "a notice injected into plain http at the right address",
            world,
            f"http://{host}/",
            "http",
            "http.",
        )
    _rng, host, world = m.begin()
    notice = "notice.kestrel-access.net"
    world.sites[notice] = Site([BLOCK_ADDRESS[64498]], {"*": block_page(3)}, ports=(80,))
    world.probe.http[(None, f"http://{host}/")] = moved(f"http://{notice}/?u=1")
    m.add(
        "redirected-notice",
        "http-blockpage",
        "blocked",
        "an injected redirect to the access network's notice",
        world,
        f"http://{host}/",
        "http",
        "http.",
    )
    _, host, world = m.begin()
    world.probe.http[(None, f"http://{host}/")] = block_page(4, "http://41.78.23.45/n/77")
    m.add(
        "framed-notice",
        "http-blockpage",
        "blocked",
        "an injected page that only frames the notice",
        world,
        f"http://{host}/",
        "http",
        "http.",
    )
    for name, reply in (
        ("tiny", Reply(200, b"<html><head><title>Portal</title></head><body>-</body></html>", (("X-Gw", "7"),))),
        ("missing", Reply(404, b"<html><head><title>Object not located</title></head></html>", (("Via", "1.1 gw"),))),
        ("empty", Reply(200, b"", (("Connection", "close"),))),
        ("advert", Reply(200, b"<html><head><title>Top up your data plan now</title></head><body>" + b"<b>promo</b>" * 30 + b"</body></html>", (("X-Portal", "1"),))),
    ):  # fmt: skip
        _, host, world = m.begin()
        world.probe.http[(None, f"http://{host}/")] = reply
        m.add(
            f"diff-{name}",
            "http-diff",
            "blocked",
            "plain http, another status or length, another title, other headers",
            world,
            f"http://{host}/",
            "http",
            "http.",
        )
    rng, host, world = m.begin()
    notice = "notice.acacia-access.net"
    world.sites[notice] = Site([BLOCK_ADDRESS[64499]], {"*": block_page(0)})
    world.probe.http[(None, f"http://{host}/")] = moved(f"https://{notice}/blocked?id=9")
    why = "an injected redirect to a notice with a verified certificate of its own: that proves the notice, not the site"
    m.add(
        "redirected-https-notice", "http-blockpage", "blocked", why, world, f"http://{host}/", "http", "http."
    )
    for name, failure, scheme in (
        ("reset", "connection_reset", "http"),
        ("eof", "eof_error", "http"),
        ("reset", "connection_reset", "https"),
    ):
        rng, host, world = m.begin()
        body = html(m.title(host), rng, 80)
        only(world).pages["*"] = Reply(200, body, COMMON)
        world.probe.http[(None, None)] = Reply(200, body, COMMON, failure, 3100)
        m.add(
            f"{name}-in-body-{scheme}",
            "http",
            "blocked",
            "cut in the middle of the body, the control gets it whole",
            world,
            f"{scheme}://{host}/",
            "http" if scheme == "http" else "http|tls",
            "http." if scheme == "http" else "",
        )


def throttled(m: Maker) -> None:
    for scheme, size, received in (
        ("http", 60, 1400),
        ("https", 60, 900),
        ("https", 260, 16000),
        ("http", 200, 12000),
    ):
        rng, host, world = m.begin()
        body = html(m.title(host), rng, size)
        only(world).pages["*"] = Reply(200, body, COMMON)
        world.probe.http[(None, None)] = Reply(200, body, COMMON, "generic_timeout_error", received)
        m.add(
            f"{scheme}-{received}",
            "throttled",
            "blocked",
            "the head and a trickle arrive, the body times out; the control gets it whole",
            world,
            f"{scheme}://{host}/",
            "http",
            "http.throttled",
        )
    rng, host, world = m.begin()
    body = html("Landing", rng, 120)
    only(world).pages["*"] = moved("https://cdn.terra-landing.com/")
    world.sites["cdn.terra-landing.com"] = Site([m.address(rng, "52.59.")], {"*": Reply(200, body, COMMON)})
    world.probe.http[(None, "https://cdn.terra-landing.com/")] = Reply(
        200, body, COMMON, "generic_timeout_error", 2900
    )
    m.add(
        "second-hop",
        "throttled",
        "blocked",
        "the same at the host the site redirects to",
        world,
        f"https://{host}/",
        "http",
        "http.throttled",
    )


def hops(m: Maker) -> None:
    group, second = "redirect-hop", "portal.quayside-x.com"

    def two(scheme: str = "https", third: bool = False) -> tuple[str, World, str, str]:
        rng, host, world = m.begin()
        only(world).pages = {"*": moved(f"{scheme}://{second}/in")}
        ip = m.address(rng, "52.57.")
        world.sites[second] = Site([ip], {"*": page("Quayside X", rng)})
        last, where = second, ip
        if third:
            last, where = "login.quayside-id.net", m.address(rng, "13.32.")
            world.sites[second].pages = {"*": moved(f"{scheme}://{last}/")}
            world.sites[last] = Site([where], {"*": page("Quayside login", rng)})
        return host, world, last, where

    def put(
        name: str,
        why: str,
        host: str,
        world: World,
        stage: str,
        outcome: str,
        verdict: str = "blocked",
        scheme: str = "https",
        where: str = group,
    ) -> None:
        m.add(name, where, verdict, why, world, f"{scheme}://{host}/", stage, outcome)

    why = "the first host is fine, the host it redirects to fails only here; the control's request ends well"
    for name in ("refused", "timeout", "unreachable"):
        host, world, _, ip = two()
        world.probe.tcp[(ip, None)] = TCP[name]
        put(f"tcp-{name}", why, host, world, "tcp", f"tcp.{name}")
    host, world, last, ip = two("http")
    world.probe.tcp[(ip, 80)] = "connection_refused"
    put("tcp-refused-http", why, host, world, "tcp", "tcp.refused", scheme="http")
    for name in ("reset", "eof", "timeout"):
        host, world, last, _ = two()
        world.probe.tls[(None, last)] = TLS[name]
        put(f"tls-{name}", why, host, world, "tls", f"tls.{name}")
    host, world, last, _ = two()
    world.probe.tls[(None, last)] = "ssl_unknown_authority"
    world.probe.forged[(None, last)] = (last, "Northwind Inspection CA")
    put("tls-forged", why, host, world, "tls", "tls.cert")
    for name, failure, outcome in (
        ("nxdomain", "dns_nxdomain_error", "dns.nxdomain"),
        ("nodata", "dns_no_answer", "dns.nodata"),
        ("timeout", "generic_timeout_error", "dns.timeout"),
    ):
        for engines in (("system", "udp"), ("system",)) if name == "nxdomain" else (("system", "udp"),):
            host, world, last, _ = two()
            for engine in engines:
                world.probe.dns[(engine, last)] = failure
            put(f"dns-{name}-{len(engines)}", why, host, world, "dns", outcome)
    host, world, last, _ = two()
    for engine in ("system", "udp"):
        world.probe.dns[(engine, last)] = ["10.66.0.1"]
    put("dns-bogon", why, host, world, "dns", "dns.bogon")
    host, world, last, _ = two("http")
    ip = BLOCK_ADDRESS[world.isp[1]]
    for engine in ("system", "udp"):
        world.probe.dns[(engine, last)] = [ip]
    world.probe.tcp[(ip, 80)] = None
    world.probe.tcp[(ip, 443)] = "connection_refused"
    world.probe.http[(ip, None)] = block_page(0)
    put("dns-block-page", why, host, world, "dns|http", "", scheme="http")
    for name in ("reset", "eof", "timeout"):
        host, world, last, _ = two("http")
        world.probe.http[(None, f"http://{last}/in")] = FAILS[name]
        put(f"http-{name}", why, host, world, "http", f"http.{name}", scheme="http")
    host, world, last, _ = two("http")
    world.probe.http[(None, f"http://{last}/in")] = block_page(8)
    put("http-block-page", why, host, world, "http", "http.", scheme="http")
    host, world, last, ip = two(third=True)
    world.probe.tcp[(ip, None)] = "generic_timeout_error"
    put("third-tcp-timeout", why, host, world, "tcp", "tcp.timeout")
    host, world, last, ip = two(third=True)
    world.probe.tls[(None, last)] = "connection_reset"
    put("third-tls-reset", why, host, world, "tls", "tls.reset")
    _, host, world = m.begin()
    world.probe.http[(None, f"http://{host}/")] = world.control.http[(None, f"http://{host}/")] = moved(
        f"https://{host}/", 301
    )
    world.probe.tls[(None, host)] = "connection_reset"
    put(
        "same-host-tls-reset",
        "plain http answers with a redirect to https, where the handshake is cut only here",
        host,
        world,
        "tls",
        "tls.reset",
        scheme="http",
    )
    why = "the host redirected to is broken for the control as well"
    host, world, last, _ = two()
    del world.sites[last]
    put("nxdomain", why, host, world, "", "", DOWN, where="redirect-hop-down")
    for name, failure in (("refused", "connection_refused"), ("timeout", "generic_timeout_error")):
        host, world, _, ip = two()
        for view in (world.probe, world.control):
            view.tcp[(ip, None)] = failure
        put(name, why, host, world, "", "", DOWN, where="redirect-hop-down")
    host, world, last, _ = two()
    world.sites[last].tls = "ssl_invalid_hostname"
    put("wrong-certificate", why, host, world, "", "", DOWN, where="redirect-hop-down")
    host, world, last, _ = two("http")
    world.sites[last].pages["*"] = FAILS["eof"]
    put("http-eof", why, host, world, "", "", DOWN, scheme="http", where="redirect-hop-down")


def control_failures(m: Maker) -> None:
    group = "control-failure"

    def put(
        name: str,
        scheme: str,
        verdict: str,
        why: str,
        change: Callable[[World, str], None] | None = None,
        failure: str = "generic_timeout_error",
        stage: str = "",
    ) -> None:
        _, host, world = m.begin()
        world.control_failure = failure
        if change:
            change(world, host)
        m.add(name, group, verdict, why, world, f"{scheme}://{host}/", stage)

    def set_dns(failure: str | list[str], *engines: str) -> Callable[[World, str], None]:
        return lambda w, h: w.probe.dns.update({(e, h): failure for e in engines})

    for failure in (
        "generic_timeout_error",
        "connection_reset",
        "unknown_failure: httpapi: all endpoints failed",
    ):
        put(
            f"https-fine-{failure.split(':')[0]}",
            "https",
            "accessible",
            "no control, but a verified connection brought a page",
            failure=failure,
        )
    put(
        "http-fine",
        "http",
        UNSURE,
        "no control and only plain http: a page, but nothing to compare it with except TLS at the same address",
    )
    put(
        "nxdomain-everywhere",
        "https",
        DOWN,
        "no control; every resolver says NXDOMAIN",
        lambda w, h: w.sites.clear(),
    )
    put(
        "system-nxdomain",
        "https",
        "blocked|inconclusive",
        "no control, but other resolvers answer and that address proves itself",
        set_dns("dns_nxdomain_error", "system"),
        stage="dns",
    )
    put(
        "system-bogon",
        "https",
        "blocked|inconclusive",
        "no control; a bogon from the system resolver, a proven address from others",
        set_dns(["10.0.9.9"], "system"),
        stage="dns",
    )
    put(
        "tcp-timeout",
        "https",
        "inconclusive",
        "no control: the site may be down",
        lambda w, h: w.probe.tcp.update({(None, None): "generic_timeout_error"}),
    )
    put(
        "tls-reset",
        "https",
        "inconclusive",
        "no control: the server may be at fault",
        lambda w, h: w.probe.tls.update({(None, h): "connection_reset"}),
    )
    put(
        "http-reset",
        "http",
        "inconclusive",
        "no control: the server may be at fault",
        lambda w, h: w.probe.http.update({(None, f"http://{h}/"): FAILS["reset"]}),
    )
    put(
        "block-page",
        "http",
        "blocked|inconclusive",
        "no control, but the page is a notice",
        lambda w, h: w.probe.http.update({(None, f"http://{h}/"): block_page(0)}),
        stage="http",
    )

    def offline(w: World, _host: str) -> None:
        w.probe.dns |= {(None, h): "generic_timeout_error" for h in w.sites}

    put(
        "offline",
        "https",
        "inconclusive",
        "nothing answers, not even the helper: the probe may be offline",
        offline,
    )
    # the helper answers, but its own request failed
    for name, scheme, reply, verdict in (
        ("fine", "https", None, "accessible"),
        ("probe-timeout-too", "http", FAILS["timeout"], DOWN),
    ):
        _, host, world = m.begin()
        world.control.http[(None, None)] = FAILS["timeout"]
        if reply:
            world.probe.http[(None, None)] = reply
        m.add(
            f"partial-{name}",
            group,
            verdict,
            "the control's own request timed out, its DNS and TCP are fine",
            world,
            f"{scheme}://{host}/",
        )
    _, host, world = m.begin()
    world.control.dns[("helper", host)] = "generic_timeout_error"
    m.add(
        "partial-dns",
        group,
        "accessible",
        "the control's lookup failed, the probe's certificate is verified",
        world,
        f"https://{host}/",
    )


# --- hostile files -----------------------------------------------------------------------------------------------


def hostile(m: Maker) -> None:
    rng, host, world = m.begin()
    good: Json = measure(world, f"https://{host}/", rng)
    text = json.dumps(good)

    def fresh() -> Json:
        out: Json = json.loads(text)
        return out

    def changed(name: str, why: str, change: Callable[[Json], object], verdict: str = BROKEN) -> None:
        doc = fresh()
        change(doc)
        m.raw(name, verdict, why, json.dumps(doc).encode())

    def plain(name: str, why: str, content: bytes | Callable[[bytes], bytes], verdict: str = BROKEN) -> None:
        if isinstance(content, bytes):
            m.raw(name, verdict, why, content, content)
        else:
            m.raw(name, verdict, why, content(text.encode()), content(json.dumps(strip(good)).encode()))

    plain("truncated", "the JSON ends in the middle", lambda b: b[: len(b) // 2])
    plain("empty", "no byte at all", b"")
    plain("blanks", "only white space", b" \n\t\n")
    plain("deep-lists", "100,000 nested lists", b"[" * 100_000 + b"]" * 100_000)
    plain(
        "deep-dicts",
        "20,000 nested objects inside test_keys",
        b'{"test_name":"web_connectivity","test_keys":' + b'{"a":' * 20_000 + b"1" + b"}" * 20_001,
    )
    plain("not-json", "an HTML page saved under the wrong name", html("Gateway", rng, 2))
    plain("binary", "random bytes", rng.randbytes(4096))
    plain("array", "the top level is a list", b"[1, 2, 3]")
    plain("number", "the top level is a number", b"42")
    plain("null", "the top level is null", b"null")
    plain("string", "the top level is a string", b'"web_connectivity"')
    plain("huge-number", "an integer of 10,000 digits", b'{"input": ' + b"9" * 10_000 + b', "test_keys": {}}')
    plain(
        "lone-surrogate",
        "an escape that is no character as input",
        b'{"input": "http://\\ud800/", "test_keys": {"queries": null, "control": null}}',
    )
    changed("no-test-keys", "the measurement without test_keys", lambda d: d.pop("test_keys"))
    changed("test-keys-null", "test_keys is null", lambda d: d.update(test_keys=None))
    changed("test-keys-list", "test_keys is a list", lambda d: d.update(test_keys=[]))
    changed("test-keys-empty", "test_keys is empty", lambda d: d.update(test_keys={}))
    changed(
        "all-null",
        "every key of test_keys is null",
        lambda d: d.update(test_keys=dict.fromkeys(d["test_keys"])),
    )
    changed("input-missing", "no input: nothing says what was measured", lambda d: d.pop("input"))
    changed("input-null", "the input is null", lambda d: d.update(input=None))
    changed("input-number", "the input is a number", lambda d: d.update(input=7))
    changed("input-no-url", "the input is no URL", lambda d: d.update(input="::::not a url"))
    changed(
        "input-other-scheme", "the input is a script URL", lambda d: d.update(input="javascript:alert(1)")
    )
    changed(
        "input-bad-port", "the port of the URL is no port", lambda d: d.update(input=f"https://{host}:99999/")
    )
    changed(
        "input-bad-ipv6",
        "the URL has an unfinished IPv6 address",
        lambda d: d.update(input="https://[2606:4700::/"),
    )
    changed(
        "other-test",
        "the file is of another experiment",
        lambda d: d.update(test_name="ndt", test_keys={"summary": {"ping": 3}}),
    )
    lists = ("queries", "tcp_connect", "tls_handshakes", "requests", "network_events")
    changed(
        "dicts-for-lists",
        "objects where lists belong",
        lambda d: d["test_keys"].update({k: {"0": (d["test_keys"][k] or [None])[0]} for k in lists}),
    )
    changed(
        "strings-for-lists",
        "strings where lists belong",
        lambda d: d["test_keys"].update(dict.fromkeys(lists, "none")),
    )
    changed(
        "lists-of-junk",
        "numbers, nulls and strings inside the lists",
        lambda d: d["test_keys"].update({k: [None, 1, "x", [], {}] for k in lists}),
    )
    changed(
        "empty-objects",
        "lists of empty objects",
        lambda d: d["test_keys"].update({k: [{}, {}] for k in lists}),
    )
    changed(
        "lists-for-dicts",
        "the control is a list",
        lambda d: d["test_keys"].update(control=[d["test_keys"]["control"]], requests=[[]]),
    )
    changed(
        "control-junk",
        "the parts of the control have wrong types, nothing else was recorded",
        lambda d: d["test_keys"].update(
            {
                **dict.fromkeys(lists),
                "control": {"dns": [], "tcp_connect": [], "http_request": "x", "tls_handshake": 3},
            }
        ),
    )

    def items(d: Json, key: str) -> list[Json]:
        return list(d["test_keys"][key] or [])

    def junk_fields(d: Json) -> None:
        for key in lists:
            for item in items(d, key):
                for k in item:
                    item[k] = [] if k in ("failure", "ip", "hostname", "address") else {"x": 1}

    def junk_answers(d: Json) -> None:
        for q in items(d, "queries"):
            q["answers"] = [
                {"answer_type": "A", "ipv4": "999.1.1.1"},
                {"answer_type": "A"},
                None,
                "1.1.1.1",
                {"answer_type": 5, "ipv4": 5},
            ]
        for key in ("tcp_connect", "tls_handshakes", "requests"):
            d["test_keys"][key] = None

    changed("fields-of-wrong-type", "every field of every record has the wrong type", junk_fields)
    changed("answers-of-junk", "answers that are no addresses, no other observation", junk_answers)
    changed(
        "status-of-wrong-type",
        "TCP status is a string, nothing after it was recorded",
        lambda d: (
            [t.update(status="ok", ip=None, port="https") for t in items(d, "tcp_connect")],
            d["test_keys"].update(tls_handshakes=None, requests=None),
        ),
    )
    lenient = "accessible|" + BROKEN
    plain(
        "bad-utf8",
        "broken UTF-8 inside strings",
        lambda b: b.replace(b"Windows NT", b"\xc3\x28\xff\xfe"),
        lenient,
    )
    # Damage beside the point: an answer is possible, so a right one is accepted too; blocking must not be invented.
    changed(
        "times-nan",
        "NaN and infinity as times",
        lambda d: [e.update(t=float("nan"), t0=float("inf")) for e in items(d, "network_events")],
        lenient,
    )
    changed(
        "times-text",
        "times as text and negative",
        lambda d: [e.update(t="soon", t0=-1e308) for e in items(d, "network_events")],
        lenient,
    )
    changed(
        "huge-title",
        "a title of two million characters in the control",
        lambda d: d["test_keys"]["control"]["http_request"].update(title="A" * 2_000_000),
        lenient,
    )
    changed(
        "huge-body",
        "a body of 700,000 open tags",
        lambda d: items(d, "requests")[0]["response"].update(body="<a " * 700_000),
        lenient,
    )
    changed(
        "huge-header",
        "a header of a million characters",
        lambda d: items(d, "requests")[0]["response"]["headers_list"].append(["X-Long", "v" * 1_000_000]),
        lenient,
    )
    changed(
        "many-queries",
        "ten thousand lookups, mostly copies",
        lambda d: d["test_keys"].update(queries=items(d, "queries") * 2_000),
        lenient,
    )
    changed(
        "body-bad-base64",
        "the body says base64 and is not",
        lambda d: items(d, "requests")[0]["response"].update(body={"format": "base64", "data": "@@@@"}),
        lenient,
    )
    changed(
        "headers-odd",
        "headers as triples, single words and nulls",
        lambda d: items(d, "requests")[0]["response"].update(
            headers_list=[
                ["a"],
                ["b", "c", "d"],
                None,
                "x",
                [None, None],
                ["n", {"format": "base64", "data": "AQ=="}],
            ],
            headers=[],
        ),
        lenient,
    )
    changed(
        "no-control-key",
        "the control is missing altogether",
        lambda d: [d["test_keys"].pop(k) for k in ("control", "control_failure", "x_control_request")],
        lenient,
    )
    changed(
        "unknown-keys",
        "keys of a future version everywhere",
        lambda d: ([q.update(future={"deep": [1]}) for k in lists for q in items(d, k)], d.update(zzz=1)),
        lenient,
    )
    changed(
        "no-tags",
        "no tags and no transaction numbers",
        lambda d: [q.pop(n, None) for k in lists for q in items(d, k) for n in ("tags", "transaction_id")],
        lenient,
    )
    changed(
        "requests-empty-response",
        "the one request has a null response",
        lambda d: items(d, "requests")[0].update(response=None),
        lenient,
    )


def cases(seed: int = 1) -> Iterator[Case]:
    m = Maker(seed)
    for part in (clean, delivery, large, names, broken_ipv6, dynamic, redirects, challenges, restricted, server_errors, down,
                 dns_errors, dns_answers, tcp, tls, http, throttled, hops, control_failures, hostile):  # fmt: skip
        part(m)
    yield from m.cases
