"""The same trade in py-evm: ``python pyevm.py FIXTURE.json SECONDS``, where py-evm is installed."""

from __future__ import annotations

import importlib.metadata
import json
import sys
import time

from eth.constants import BLANK_ROOT_HASH
from eth.db.atomic import AtomicDB
from eth.vm.execution_context import ExecutionContext
from eth.vm.forks.cancun import CancunVM
from eth.vm.message import Message
from eth_utils import to_canonical_address


def main() -> None:
    """Run for so many seconds; one JSON line."""
    with open(sys.argv[1]) as text:  # noqa: PTH123
        fixture = json.load(text)
    limit = float(sys.argv[2])
    state = CancunVM.get_state_class()(
        AtomicDB(),
        ExecutionContext(
            coinbase=to_canonical_address(fixture["coinbase"]), timestamp=fixture["time"],
            block_number=fixture["number"], difficulty=0, mix_hash=bytes(32), gas_limit=30_000_000,
            prev_hashes=[], chain_id=1, base_fee_per_gas=0, excess_blob_gas=0,
        ),
        BLANK_ROOT_HASH,
    )  # fmt: skip
    for who, account in fixture["accounts"].items():
        at = to_canonical_address(who)
        state.set_balance(at, int(account["balance"], 16))
        if account["code"] != "0x":
            state.set_code(at, bytes.fromhex(account["code"][2:]))
        for slot, value in account["storage"].items():
            state.set_storage(at, int(slot, 16), int(value, 16))
    state.lock_changes()
    calls = [
        (to_canonical_address(one["from"]), to_canonical_address(one["to"]), bytes.fromhex(one["data"][2:]),
         int(one["value"], 16), state.get_code(to_canonical_address(one["to"])))
        for one in fixture["calls"]
    ]  # fmt: skip
    many, left = 0, 0
    began, cpu = time.perf_counter(), time.process_time()
    while time.perf_counter() - began < limit:
        mark = state.snapshot()
        for sender, to, data, value, code in calls:
            message = Message(gas=12_000_000, to=to, sender=sender, value=value, data=data, code=code)
            context = state.get_transaction_context_class()(gas_price=0, origin=sender)
            done = state.computation_class.apply_message(state, message, context)
            if done.is_error:
                raise SystemExit(repr(done.error))
            state.clear_transient_storage()
        left = state.get_balance(calls[0][0])
        state.revert(mark)
        many += 1
    sys.stdout.write(
        json.dumps(
            {
                "engine": "py-evm", "version": importlib.metadata.version("py-evm"), "simulations": many,
                "cpu": time.process_time() - cpu, "wall": time.perf_counter() - began, "left": str(left),
            }
        )
        + "\n"
    )  # fmt: skip


if __name__ == "__main__":
    main()
