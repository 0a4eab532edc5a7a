"""Simulate: what a transaction would change is what it does change, once it is sent."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ringfence.core.canonical import canonical
from ringfence.core.errors import InputError
from ringfence.desks.tokens import effects
from ringfence.desks.tokens.bytecode import keccak
from ringfence.desks.tokens.functions import APPROVE, BALANCE_OF, TRANSFER, call, word
from ringfence.desks.tokens.node import Node
from ringfence.desks.tokens.observe import observe
from ringfence.desks.tokens.pinned import DisagreementError, Pinned
from ringfence.desks.tokens.simulate import simulate
from ringfence.desks.tokens.simulated import Simulation
from ringfence.desks.tokens.state import MissingError, State
from ringfence.desks.tokens.transaction import Transaction

from .anvil import ALICE, BOB, CHAIN, Anvil, Liar, contracts

CAROL = 0xCA401 << 100
MINT = bytes.fromhex("40c10f19")
COIN = f"{CHAIN}/slip44:60"


def simulated(anvil: Anvil | Liar, tx: Transaction, **more: object) -> tuple[Simulation, State]:
    node = Node(anvil.url, per_second=0)
    try:
        pinned = Pinned.at(node, CHAIN)
        state = State(pinned.block, pinned)
        return simulate(tx, state, **more), state  # type: ignore[arg-type]
    finally:
        node.close()


def told(made: Simulation) -> dict[tuple[int, str], int]:
    assert made.changes is not None
    return {(int(one.address, 16), one.asset): int(one.amount) for one in made.changes}


def erc20(token: int) -> str:
    return f"{CHAIN}/erc20:0x{token:040x}"


def test_a_transfer_changes_what_it_changes_when_it_is_sent(anvil: Anvil) -> None:
    coin = anvil.deploy(contracts()["Coin"])
    data = call(TRANSFER, BOB, 5000)
    made, _ = simulated(anvil, Transaction(ALICE, coin, 0, data, CHAIN))
    assert (made.reverted, made.why, made.by, made.code) == (False, None, "revm", True)
    before = {who: anvil.word(coin, call(BALANCE_OF, who)) for who in (ALICE, BOB)}
    receipt = anvil.send(ALICE, coin, data)
    after = {who: anvil.word(coin, call(BALANCE_OF, who)) for who in (ALICE, BOB)}
    assert told(made) == {(who, erc20(coin)): after[who] - before[who] for who in (ALICE, BOB)}
    assert made.gas == int(receipt["gasUsed"], 16)
    assert f"The sender loses 5000 units of {erc20(coin)}." in made.words
    assert "发送者失去" in made.words_zh


def test_native_coin_tokens_and_new_contracts_together(anvil: Anvil) -> None:
    coin = anvil.deploy(contracts()["Coin"])
    shop = anvil.deploy(contracts()["Shop"], word(coin))
    anvil.send(ALICE, coin, call(TRANSFER, shop, 10**20))
    data = call(bytes.fromhex("d96a094a"), 10**6)
    tx = Transaction(BOB, shop, 10**5, data, CHAIN)
    made, state = simulated(anvil, tx)
    assert made.reverted is False
    before = {who: anvil.balance(who) for who in (BOB, shop)}
    anvil.send(BOB, shop, data, 10**5, gasPrice="0x0")
    receipt = next(who for who, _ in told(made) if who not in (BOB, shop))
    want = {(who, COIN): anvil.balance(who) - before[who] for who in (BOB, shop)}
    assert anvil.balance(receipt) == 1
    assert told(made) == want | {
        (receipt, COIN): 1, (BOB, erc20(coin)): 10**6, (shop, erc20(coin)): -(10**6),
    }  # fmt: skip
    assert canonical(simulate(tx, state.frozen())) == canonical(made)


@pytest.mark.parametrize(
    ("amount", "unlimited"), [(7, False), (2**256 - 1, True), (2**96 - 1, True), (0, False)]
)
def test_an_approval_without_limit_is_named(anvil: Anvil, amount: int, unlimited: bool) -> None:
    coin = anvil.deploy(contracts()["Coin"])
    made, _ = simulated(anvil, Transaction(ALICE, coin, 0, call(APPROVE, BOB, amount), CHAIN))
    assert made.approvals is not None
    (one,) = made.approvals
    assert (one.asset, int(one.owner, 16), int(one.spender, 16)) == (erc20(coin), ALICE, BOB)
    assert (one.amount, one.unlimited) == (str(amount), unlimited)
    assert ("WITHOUT LIMIT" in made.words) == unlimited
    assert ("takes back" in made.words) == (amount == 0)


def test_things_and_leave_for_all_of_them(anvil: Anvil) -> None:
    things = anvil.deploy(contracts()["Things"])
    data = call(bytes.fromhex("23b872dd"), ALICE, BOB, 2)
    made, _ = simulated(anvil, Transaction(ALICE, things, 0, data, CHAIN))
    name = f"{CHAIN}/erc721:0x{things:040x}/2"
    assert told(made) == {(ALICE, name): -1, (BOB, name): 1}
    data = call(bytes.fromhex("a22cb465"), BOB, 1)
    made, _ = simulated(anvil, Transaction(ALICE, things, 0, data, CHAIN))
    assert made.approvals is not None
    assert [(one.amount, one.unlimited) for one in made.approvals] == [(None, True)]
    assert "everything" in made.words
    many = anvil.deploy(contracts()["Many"])
    selector = _selector("send(address,uint256[],uint256[])")
    data = selector + b"".join(map(word, (BOB, 96, 192, 2, 7, 8, 2, 30, 40)))
    made, _ = simulated(anvil, Transaction(ALICE, many, 0, data, CHAIN))
    name = f"{CHAIN}/erc1155:0x{many:040x}/"
    assert told(made) == {
        (ALICE, name + "7"): -30, (BOB, name + "7"): 30, (ALICE, name + "8"): -40, (BOB, name + "8"): 40,
    }  # fmt: skip


def _selector(signature: str) -> bytes:
    return keccak(signature.encode())[:4]


def test_events_that_lie_are_shown_and_not_believed(anvil: Anvil) -> None:
    coin = anvil.deploy(contracts()["Liar"])
    made, _ = simulated(anvil, Transaction(ALICE, coin, 0, call(TRANSFER, BOB, 5000), CHAIN))
    assert told(made) == {(ALICE, erc20(coin)): -5000, (BOB, erc20(coin)): 4500}
    assert made.changes is not None
    assert {one.declared for one in made.changes if int(one.address, 16) == BOB} == {"5000"}
    assert "5000 instead" in made.words


def test_a_token_that_says_nothing_is_seen_to_take(anvil: Anvil) -> None:
    coin = anvil.deploy(contracts()["Silent"])
    made, _ = simulated(anvil, Transaction(ALICE, coin, 0, call(TRANSFER, BOB, 5000), CHAIN))
    assert told(made)[ALICE, erc20(coin)] == -5000


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (call(TRANSFER, BOB, 2**255), "reverted: not enough"),
        (call(MINT, BOB, 1), "reverted with the custom error 0x245aecd3 (32 bytes more)"),
        (call(_selector("panic(uint256)"), 0), "reverted: a division by zero (panic 0x12)"),
        (call(_selector("loop()")), "stopped: out of gas"),
        (b"\1\2\3\4", "reverted without a reason"),
    ],
)
def test_why_it_fails_is_said(anvil: Anvil, data: bytes, why: str) -> None:
    coin = anvil.deploy(contracts()["Coin"])
    made, _ = simulated(anvil, Transaction(BOB, coin, 0, data, CHAIN))
    assert (made.reverted, made.why, made.changes, made.approvals) == (True, why, (), ())
    assert "would fail" in made.words


def test_money_that_is_not_there(anvil: Anvil) -> None:
    made, _ = simulated(anvil, Transaction(CAROL, BOB, 5, b"", CHAIN))
    assert (made.reverted, made.why) == (True, "the sender has 0 wei and sends 5")


def test_a_target_without_code_runs_nothing(anvil: Anvil) -> None:
    made, _ = simulated(anvil, Transaction(ALICE, CAROL, 5, call(TRANSFER, BOB, 1), CHAIN))
    assert (made.reverted, made.code) == (False, False)
    assert told(made) == {(ALICE, COIN): -5, (CAROL, COIN): 5}
    assert "no code at the target" in made.words


def test_a_new_contract(anvil: Anvil) -> None:
    tx = Transaction(ALICE, None, 0, contracts()["Coin"].creation, CHAIN)
    made, _ = simulated(anvil, tx)
    coin = anvil.deploy(contracts()["Coin"])
    assert told(made) == {(ALICE, erc20(coin)): 10**24}
    assert made.capabilities == ()  # the first issue is no minting: there was no supply before


def test_powers_and_subjects_are_named(anvil: Anvil) -> None:
    coin = anvil.deploy(contracts()["Coin"])
    tx = Transaction(ALICE, coin, 0, call(MINT, BOB, 1), CHAIN)
    named = {coin: "token:x", BOB: "firm:bob", CAROL: "firm:carol"}
    made, _ = simulated(anvil, tx, subjects=named, known={(coin, MINT): ["set_fee"]})
    assert made.capabilities == ("mint", "set_fee")
    assert {(one.subject, one.how) for one in made.subjects} == {("firm:bob", "party"), ("token:x", "called")}
    assert "firm:bob" in made.words and "firm:carol" not in made.words


def test_a_later_instruction_goes_to_the_node(anvil: Anvil) -> None:
    # sstore(0, clz(1))
    code = bytes.fromhex("60011e5f5500")
    where = anvil.put(code, 0xC1C1 << 100)
    made, state = simulated(anvil, Transaction(ALICE, where, 3, b"", CHAIN))
    assert made.by == "eth_simulateV1"
    assert made.why == f"run by the node, since 0x{where:040x} uses CLZ (EIP-7939)"
    receipt = anvil.send(ALICE, where, b"", 3)
    assert (receipt["status"] == "0x1") == (made.reverted is False)
    again = simulate(Transaction(ALICE, where, 3, b"", CHAIN), state.frozen())
    assert canonical(again) == canonical(made)


def test_the_hash_of_a_block_goes_to_the_node(anvil: Anvil) -> None:
    where = anvil.deploy(contracts()["Hash"])
    made, _ = simulated(anvil, Transaction(ALICE, where, 0, _selector("draw()"), CHAIN))
    assert (made.by, made.reverted) == ("eth_simulateV1", False)


def test_a_contract_that_acts_goes_to_the_node(anvil: Anvil) -> None:
    coin = anvil.deploy(contracts()["Coin"])
    shop = anvil.deploy(contracts()["Shop"], word(coin))
    anvil.send(ALICE, coin, call(TRANSFER, shop, 10**20))
    made, _ = simulated(anvil, Transaction(shop, coin, 0, call(TRANSFER, BOB, 9), CHAIN))
    assert made.by == "eth_simulateV1"
    assert told(made) == {(shop, erc20(coin)): -9, (BOB, erc20(coin)): 9}


def test_a_node_that_cannot_simulate_leaves_it_unknown(anvil: Anvil, liar: Liar) -> None:
    def refuse(asked: dict[str, object], said: dict[str, object]) -> None:
        if asked["method"] == "eth_simulateV1":
            said.pop("result", None)
            said["error"] = {"code": -32601, "message": "no such method"}

    liar.change = refuse
    where = anvil.put(bytes.fromhex("5f405000"), 0xB10C << 100)
    tx = Transaction(ALICE, where, 0, b"", CHAIN)
    made, state = simulated(liar, tx)
    assert (made.by, made.reverted, made.changes) == ("eth_call", False, None)
    assert "no more is known" in (made.why or "")
    assert canonical(simulate(tx, state.frozen())) == canonical(made)


def test_what_a_bundle_does_not_hold_is_an_error_and_not_zero(anvil: Anvil) -> None:
    coin = anvil.deploy(contracts()["Coin"])
    _, state = simulated(anvil, Transaction(ALICE, coin, 0, call(TRANSFER, BOB, 1), CHAIN))
    with pytest.raises(MissingError):
        simulate(Transaction(ALICE, coin, 0, call(TRANSFER, CAROL, 1), CHAIN), state.frozen())


def test_another_chain_is_refused(anvil: Anvil) -> None:
    with pytest.raises(InputError, match="eip155:1"):
        simulated(anvil, Transaction(ALICE, BOB, 0, b"", "eip155:1"))


@pytest.mark.parametrize(
    "bad",
    [
        [], "x", {}, {"from": "0x12"}, {"from": "0x" + "11" * 20, "to": "bob"},
        {"from": "0x" + "11" * 20, "value": -1}, {"from": "0x" + "11" * 20, "value": 2**256},
        {"from": "0x" + "11" * 20, "value": 1.5}, {"from": "0x" + "11" * 20, "data": "0x1"},
        {"from": "0x" + "11" * 20, "data": "0x", "input": "0x00"}, {"from": "0x" + "11" * 20, "frm": 1},
        {"from": "0x" + "11" * 20, "chain": "btc:1"}, {"from": "0x" + "11" * 20, "block": "soon"},
    ],
)  # fmt: skip
def test_a_transaction_that_is_none_is_refused(bad: object) -> None:
    with pytest.raises(InputError):
        Transaction.from_json(bad)


def test_a_transaction_is_read_as_wallets_write_it() -> None:
    made = Transaction.from_json(
        {
            "from": "0x" + "11" * 20,
            "to": "0x" + "22" * 20,
            "value": "0x10",
            "input": "0xabcd",
            "chainId": "0x38",
        }
    )
    assert (made.value, made.data, made.chain, made.block) == (16, b"\xab\xcd", "eip155:56", None)


def test_a_block_that_is_not_the_state_s_is_refused(anvil: Anvil) -> None:
    with pytest.raises(InputError, match="block 99"):
        simulated(anvil, Transaction(ALICE, BOB, 0, b"", CHAIN, 99))


def test_a_token_that_tells_no_balance_is_believed_and_that_is_said(anvil: Anvil) -> None:
    # LOG3(Transfer, 1, 2) of one word, whatever it is asked
    topic = effects.TRANSFER.hex()
    where = anvil.put(bytes.fromhex("601260005260026001" + f"7f{topic}" + "60206000a300"), 0xE7E << 100)
    made, _ = simulated(anvil, Transaction(ALICE, where, 0, b"", CHAIN))
    assert made.changes is not None
    assert {(one.amount, one.unchecked) for one in made.changes} == {("-18", True), ("18", True)}
    assert "own events" in made.words


def test_a_deposit_is_a_move_only_where_a_balance_says_so(anvil: Anvil) -> None:
    topic = effects.DEPOSIT.hex()
    where = anvil.put(bytes.fromhex("60126000526001" + f"7f{topic}" + "60206000a200"), 0xE7F << 100)
    made, _ = simulated(anvil, Transaction(ALICE, where, 0, b"", CHAIN))
    assert made.changes == ()


def test_two_nodes_may_simulate(anvil: Anvil, liar: Liar) -> None:
    where = anvil.put(bytes.fromhex("5f405000"), 0xB10C << 100)
    tx = Transaction(ALICE, where, 7, b"", CHAIN)

    def other_words(asked: dict[str, Any], said: dict[str, Any]) -> None:
        if asked["method"] == "eth_simulateV1":
            said["result"][0]["size"] = "0x7"

    liar.change = other_words
    observed = observe(
        "token:x", anvil.url, CHAIN, lambda state: simulate(tx, state), second=liar.url, per_second=0
    )
    assert observed.result.by == "eth_simulateV1"
    assert told(observed.result) == {(ALICE, COIN): -7, (where, COIN): 7}

    def lie(asked: dict[str, Any], said: dict[str, Any]) -> None:
        if asked["method"] == "eth_simulateV1":
            said["result"][0]["calls"][-1]["status"] = "0x0"

    liar.change = lie
    with pytest.raises(DisagreementError, match="eth_simulateV1"):
        observe("token:x", anvil.url, CHAIN, lambda state: simulate(tx, state), second=liar.url, per_second=0)


@pytest.mark.parametrize("where", [0x0B, 0x100])
def test_a_later_precompiled_contract_goes_to_the_node(anvil: Anvil, where: int) -> None:
    # STATICCALL(gas, where, 0, 0, 0, 0); sstore(0, the answer)
    code = bytes.fromhex("5f5f5f5f61") + where.to_bytes(2, "big") + bytes.fromhex("5afa5f5500")
    made, _ = simulated(anvil, Transaction(ALICE, anvil.put(code, 0xBABE << 100), 0, b"", CHAIN))
    assert made.by == "eth_simulateV1" and "newer than the engine" in (made.why or "")


def test_a_delegated_account_goes_to_the_node(anvil: Anvil) -> None:
    coin = anvil.deploy(contracts()["Coin"])
    where = anvil.put(b"\xef\x01\x00" + coin.to_bytes(20, "big"), 0xDE1E << 100)
    made, _ = simulated(anvil, Transaction(ALICE, where, 0, call(APPROVE, BOB, 5), CHAIN))
    assert made.by == "eth_simulateV1" and made.approvals is not None and len(made.approvals) == 1


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["Coin", "Liar", "Silent", "Shop", "Things", "plain"]),
        st.sampled_from([ALICE, BOB]),
        st.integers(0, 3),
        st.integers(0, 10**24),
        st.sampled_from([0, 1, 10**18]),
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_whatever_is_sent_does_what_was_said(
    anvil: Anvil, steps: list[tuple[str, int, int, int, int]]
) -> None:
    made = {name: anvil.deploy(contracts()[name]) for name in ("Coin", "Liar", "Silent", "Things")}
    made["Shop"] = anvil.deploy(contracts()["Shop"], word(made["Coin"]))
    made["plain"] = CAROL
    anvil.send(ALICE, made["Coin"], call(TRANSFER, made["Shop"], 10**22))
    people = [ALICE, BOB, *made.values()]
    for name, sender, which, amount, value in steps:
        data = [
            call(TRANSFER, BOB if sender == ALICE else ALICE, amount),
            call(bytes.fromhex("d96a094a"), amount),
            call(MINT, BOB, amount),
            b"",
        ][which]
        said, _ = simulated(anvil, Transaction(sender, made[name], value, data, CHAIN))
        tokens = [made["Coin"], made["Liar"], made["Silent"]]

        def balances(tokens: list[int] = tokens) -> dict[tuple[int, str], int]:
            native = {(who, COIN): anvil.balance(who) for who in people}
            return native | {
                (who, erc20(token)): anvil.word(token, call(BALANCE_OF, who))
                for token in tokens
                for who in people
            }

        before = balances()
        receipt = anvil.send(sender, made[name], data, value, gas="0xf42400", gasPrice="0x0")
        after = balances()
        assert said.reverted is (receipt["status"] == "0x0")
        real = {key: after[key] - before[key] for key in before if after[key] != before[key]}
        parties = {sender, made[name]}
        mine = {key: amount for key, amount in told(said).items() if key in before}
        # A token that says nothing shows only in the balances of the two parties.
        silent = erc20(made["Silent"])
        assert mine == {key: amount for key, amount in real.items() if key[1] != silent or key[0] in parties}


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("fe", "the invalid instruction, by which older compilers assert"),
        ("0c", "an instruction that does not exist"),
        ("600056", "a jump to nowhere"),
        ("50", "an empty stack"),
        ("5b600056", "out of gas"),
    ],
)
def test_how_code_stops_is_said(anvil: Anvil, code: str, why: str) -> None:
    where = anvil.put(bytes.fromhex(code), 0x57095 << 100)
    made, _ = simulated(anvil, Transaction(ALICE, where, 0, b"", CHAIN))
    assert (made.reverted, made.why) == (True, f"stopped: {why}")


@pytest.mark.parametrize("lacks", [("debug_traceCall",), ("debug_traceCall", "eth_createAccessList")])
def test_a_node_that_cannot_trace_gives_the_same_answers(
    anvil: Anvil, liar: Liar, lacks: tuple[str, ...]
) -> None:
    """Also where a frame is undone, which the engine forgets."""

    def refuse(asked: dict[str, Any], said: dict[str, Any]) -> None:
        if asked["method"] in lacks:
            said.pop("result", None)
            said["error"] = {"code": -32601, "message": "no such method"}

    liar.change = refuse
    coin = anvil.deploy(contracts()["Coin"])
    beacon = anvil.deploy(contracts()["Beacon"], word(coin))
    proxy = anvil.deploy(contracts()["BeaconProxy"], word(beacon))
    catcher = anvil.deploy(contracts()["Catcher"])
    anvil.send(ALICE, coin, call(APPROVE, catcher, 10))
    take = _selector("take(address,uint256)")
    sent = [
        (coin, call(TRANSFER, BOB, 5)),
        (coin, call(TRANSFER, BOB, 10**25)),
        (proxy, call(APPROVE, BOB, 5)),
        (proxy, call(TRANSFER, BOB, 5)),
        (catcher, call(take, coin, 10)),
        (catcher, call(take, coin, 11)),
    ]
    taken = 0
    for to, data in sent:
        tx = Transaction(ALICE, to, 0, data, CHAIN)
        known, _ = simulated(anvil, tx)
        made, state = simulated(liar, tx)
        assert made == known
        assert canonical(simulate(tx, state.frozen())) == canonical(made)
        taken += len(told(made)) if to == catcher else 0
    assert taken == 2  # the first of the two tries went through


def test_more_moves_than_are_looked_at_are_said_to_be(anvil: Anvil, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ringfence.desks.tokens.simulate.MAX_VIEWS", 1)
    coin = anvil.deploy(contracts()["Coin"])
    made, _ = simulated(anvil, Transaction(ALICE, coin, 0, call(TRANSFER, BOB, 5), CHAIN))
    assert "as events say" in (made.why or "") and made.changes is not None
    assert [one.unchecked for one in made.changes].count(True) == 1
