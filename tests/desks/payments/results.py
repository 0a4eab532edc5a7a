"""Results that the tests of the payments desk share."""

from __future__ import annotations

import msgspec

from ringfence.desks.payments.result import AccountResult

DEALER = AccountResult(
    account="account:" + "0123456789abcdef" * 2,
    score=930,
    recommend="refuse",
    typologies=("exchange_match", "pass_through", "same_amount_scan"),
    transactions=tuple(f"payment:{number:032x}" for number in range(1, 41)),
    ledger="sha256:" + "1" * 64,
    rules="sha256:" + "2" * 64,
    payers=40,
    parameters={"pass_through": {"window_hours": 4}},
)


def result(**changes: object) -> AccountResult:
    return msgspec.structs.replace(DEALER, **changes)
