"""Market: where pool, routers, factory and wrapped coin stand, and the storage that ties them together.

The well-known addresses of the Uniswap V2 and PancakeSwap V2 deployments are facts that token code may carry
as constants; our own code stands there too, so that such tokens find a router.
"""

from __future__ import annotations

from typing import Final

from ringfence.desks.tokens.bytecode import keccak
from ringfence.desks.tokens.pool.code import runtime

NATIVE: Final = 0xC02AAA39B223FE8D0A0E5C4F27EAD9083C756CC2
FACTORY: Final = 0x5C69BEE701EF814A2B6A3EDD4B1652CB9CC5AA6F
UNISWAP_ROUTER: Final = 0x7A250D5630B4CF539739DF2C5DACB4C659F2488D
PANCAKE_ROUTER: Final = 0x10ED43C718714EB63D5AA57B78B54704E256024E
PANCAKE_FACTORY: Final = 0xCA143CE32FE78F1F7019D7D551A6402FC5350C73
PANCAKE_NATIVE: Final = 0xBB4CDB9CBD36B01BD1CBAEBF2DE08D9173BC095C
LIQUIDITY: Final = 10**21  # native coin in the pool: a thousand

Storage = dict[tuple[int, int], int]


def mapped(key: int, base: int) -> int:
    """The slot of ``mapping[key]`` at slot ``base``."""
    return int.from_bytes(keccak(key.to_bytes(32, "big") + base.to_bytes(32, "big")), "big")


def codes(pair: int, routers: tuple[int, ...]) -> dict[int, bytes]:
    """Runtime code by address."""
    return {
        NATIVE: runtime("Wrapped"),
        PANCAKE_NATIVE: runtime("Wrapped"),
        FACTORY: runtime("Factory"),
        PANCAKE_FACTORY: runtime("Factory"),
        pair: runtime("Pair"),
        **dict.fromkeys((UNISWAP_ROUTER, PANCAKE_ROUTER, *routers), runtime("Router")),
    }


def storage(token: int, pair: int, routers: tuple[int, ...], liquidity: int = LIQUIDITY) -> Storage:
    """Storage of all of them: the pair of token and wrapped coin, and ``liquidity`` native coin in it. The
    reserves are still to be written (`sync`), for only the token knows its own balances."""
    first, second = sorted((token, NATIVE))
    made: Storage = {
        (pair, 3): FACTORY,
        (pair, 4): first,
        (pair, 5): second,
        (pair, 0): 10**21,  # shares, all of them burnt
        (pair, mapped(0, 1)): 10**21,
        (NATIVE, 0): liquidity,
        (NATIVE, mapped(pair, 1)): liquidity,
    }
    for factory in (FACTORY, PANCAKE_FACTORY):
        made[factory, mapped(second, mapped(first, 0))] = pair
        made[factory, mapped(first, mapped(second, 0))] = pair
    for router in (UNISWAP_ROUTER, PANCAKE_ROUTER, *routers):
        made[router, 0] = FACTORY
        made[router, 1] = NATIVE
    return made


def reserves(word: int) -> tuple[int, int]:
    """Both reserves out of slot 6 of a pair."""
    return word & (1 << 112) - 1, word >> 112 & (1 << 112) - 1
