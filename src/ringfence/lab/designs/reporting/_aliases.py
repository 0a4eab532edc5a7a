"""Other names for the pages of a site: the same page stands under different names on different sites."""

from __future__ import annotations

import random
from collections.abc import Callable

_TABLE = """
blocks=blocks block chain list latest
calc=calc calculator tools profit
explorer=explorer chain data browse
richlist=richlist holders top rich
tokens=tokens token coins assets
workers=workers miners account dashboard
accounts=accounts addresses address holders
alerts=alerts alert notify watch
coin=coin currency coins price
exchanges=exchanges exchange platforms venues rankings
market=market markets quotes pair
table=table rates all list
widget=widget tools widgets embed
send=send withdraw transfer pay
shop=shop store buy products
start=start setup guide help
confirm=confirm verify secure wallet unlock
done=done ok thanks success
verify=verify check 2fa auth
f=f forum board c
t=t topic thread post
flash=flash live express news
articles=articles article posts blog
calendar=calendar events schedule
papers=papers paper publications pub
issues=issues archive back
pricing=pricing plans price fees
portfolio=portfolio wallet holdings my
products=products product platform
solutions=solutions cases industry
faucet=faucet testnet coins
tutorial=tutorial learn guide start
guilds=guilds clans teams
listing=listing item offer trade
item=item goods product p
checkout=checkout pay order
orders=orders order my
login=login signin login login
register=register signup join register
download=download downloads app download
track=track tracking query
help=help support faq help
week=week lecture unit
opinion=opinion blog column
subscribe=subscribe join newsletter
"""
_ALIASES = {key: names.split() for key, _, names in (line.partition("=") for line in _TABLE.split("\n"))}


def aliases(rng: random.Random, own: set[str]) -> dict[str, str]:
    """Names of this site for first segments of paths (own), without two pages of one name."""
    chosen: dict[str, str] = {}
    for segment in sorted(own & _ALIASES.keys()):
        taken = own - {segment} | set(chosen.values())
        chosen[segment] = rng.choice([name for name in _ALIASES[segment] if name not in taken] or [segment])
    return chosen


def renamed(address: Callable[[str], str], names: dict[str, str]) -> Callable[[str], str]:
    """An address function that puts this site's names for first segments."""

    def u(path: str) -> str:
        first, slash, rest = path.removeprefix("/").partition("/")
        return address("/" + names.get(first, first) + slash + rest)

    return u
