"""Numbers: what compiled code calls things by: bits of a leg, watches, words of a plan.

Watches are numbered: those of books come first (by window pass_through, exchange_match towards and back, then
pool_hops and night), then those of keys as named here.
"""

from __future__ import annotations

from typing import Final

# Bits of a node
INTO: Final = 1
FRESH: Final = 2  # counted
FLAG: Final = 4  # at night, or a neutral word
TAG: Final = 8  # a receipt of what the one in the key had paid to somebody else
EXCHANGE: Final = 16  # the other one is an exchange
DEPTH: Final = 64  # and above

# Which legs of a chain belong to a window
ALL: Final = 0
DIRECT: Final = 1  # none that is tagged
OVER: Final = 2  # tagged, or out
TOWARDS: Final = 3  # in from others, out to an exchange
BACK: Final = 4  # in from an exchange, out to others

# Watches of keys
SAME_0, SAME_1, COIN, STRUCTURE, GATHER, DORMANT, AD, WORDS, NEUTRAL, TURN, THIRD = range(11)

# Words of a plan, as `plan.numbers`
(
    PASS_PARTS, PASS_LOW, PASS_HIGH, X_PARTS, X_LOW, X_HIGH, SAME_PAYERS, SAME_LENGTH, COIN_AMOUNTS,
    COIN_LENGTH, S_TIMES, S_LENGTH, HOP_AT, HOP_LOW, HOP_HIGH, GATHER_LENGTH, COLLECTORS, QUIET, BURST,
    RECEIPTS, NIGHT_AT, NIGHT_LEGS, NIGHT_SHARE, AD_LENGTH, AD_RECEIPTS, MEMO_LENGTH, MEMO_WORDS,
    MEMO_PAYERS, MEMO_SHARE, TURN_LENGTH, TURN_LOW, TURN_HIGH, PASSES, EXCHANGES, NUMBERS,
) = range(35)  # fmt: skip
# Thresholds by currency
L_PASS, L_EXCHANGE, L_TOLERANCE, L_HOP, L_NIGHT, L_TURN = range(6)
# Columns of a transaction
(
    T_ROW, T_O, T_PAYER, T_PAYEE, T_AMOUNT, T_CURRENCY, T_SCAN, T_NIGHT, T_MEMO, T_BAND, T_COIN, T_PAYER_X,
    T_PAYEE_X, T_AD,
) = range(14)  # fmt: skip
