"""Graph features against definitions written out: every payment looks back at all others, nothing is kept."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ringfence.core.errors import InputError
from ringfence.desks.payments.graph.features import COLUMNS, CUTS, Graph

Payment = tuple[int, int, int, int]  # order key, payer, payee, amount


def order(ms: int, index: int = 0) -> int:
    return ms << 20 | index


def columns(payments: list[Payment]) -> tuple[np.ndarray, ...]:
    return tuple(np.array(payments, np.int64).reshape(-1, 4).T)


def push(graph: Graph, payments: list[Payment]) -> list[dict]:
    said = graph.push(*columns(payments))
    return [{name: values[at].tolist() for name, values in said.items()} for at in range(len(payments))]


def inside(payments: list[Payment], at: int, window_ms: int) -> list[Payment]:
    """What the window of payment `at` holds, itself last."""
    return [one for one in payments[: at + 1] if one[0] >= payments[at][0] - (window_ms << 20)]


def within(before: int, after: int, ratio: tuple[int, int]) -> bool:
    return before * ratio[0] <= after * 1000 <= before * ratio[1]


def expected_sides(window: list[Payment]) -> dict:
    said = {}
    for side, account in zip(("payer", "payee"), window[-1][1:3], strict=True):
        received = [one for one in window if one[2] == account]
        paid = [one for one in window if one[1] == account]
        said |= {
            f"{side}_fan_in": len({one[1] for one in received}),
            f"{side}_fan_out": len({one[2] for one in paid}),
            f"{side}_in_degree": len(received),
            f"{side}_out_degree": len(paid),
            f"{side}_in_sum": sum(one[3] for one in received),
            f"{side}_out_sum": sum(one[3] for one in paid),
        }
    return said


def expected_scatter(window: list[Payment]) -> dict:
    *_, (_, payer, payee, _) = window
    middles: dict[tuple[int, int], set[int]] = {}
    for one in window:
        for two in window:
            if one[2] == two[1] and one[0] < two[0] and one[1] != two[2]:
                middles.setdefault((one[1], two[2]), set()).add(one[2])
    sources = {one[1] for one in window if one[2] == payer} - {payee}
    counts = {source: len(middles[source, payee]) for source in sources}
    most = max(counts.values(), default=0)
    return {
        "between": len(middles.get((payer, payee), ())),
        "scatter_gather": most,
        "scatter_source": min(source for source in counts if counts[source] == most) if most > 1 else -1,
        "gather_scatter": min(
            len({one[1] for one in window if one[2] == payer}),
            len({one[2] for one in window if one[1] == payer}),
        ),
    }


def expected_cycles(window: list[Payment], ratio: tuple[int, int]) -> dict:
    last = window[-1]
    found: list[list[Payment]] = []

    def extend(chain: list[Payment]) -> None:
        """Backwards from this payment: who received what was paid, before."""
        if len(chain) > 1 and chain[0][1] == last[2]:
            found.append(chain)
            return
        if len(chain) < 4:
            for one in window:
                known = {step[2] for step in chain} | {last[1]}
                if one[2] == chain[0][1] and one[0] < chain[0][0] and one[1] not in known - {last[2]}:
                    extend([one, *chain])

    extend([last])
    said = {f"{kind}_{length}": 0 for kind in ("cycles", "kept") for length in (2, 3, 4)}
    shortest: dict[str, list[list[int]]] = {"shortest": [], "shortest_kept": []}
    for chain in found:
        members = [one[1] for one in chain]
        said[f"cycles_{len(chain)}"] += 1
        shortest["shortest"].append(members)
        if all(within(one[3], two[3], ratio) for one, two in pairwise(chain)):
            said[f"kept_{len(chain)}"] += 1
            shortest["shortest_kept"].append(members)
    for name, all_members in shortest.items():
        best = min(all_members, key=lambda members: (len(members), members), default=[])
        said[name] = best + [-1] * (4 - len(best))
    return said


def expected_hops(window: list[Payment], ratio: tuple[int, int]) -> dict:
    def depth(last: Payment, most: int) -> int:
        if most == 1:
            return 1
        before = [
            depth(one, most - 1)
            for one in window
            if one[2] == last[1] and one[0] < last[0] and within(one[3], last[3], ratio)
        ]
        return 1 + max(before, default=0)

    return {"hops": depth(window[-1], 4)}


def expected(
    payments: list[Payment], fan: int, path: int, kept: tuple[int, int], passed: tuple[int, int]
) -> list[dict]:
    said = []
    for at in range(len(payments)):
        near = inside(payments, at, path)
        said.append(
            expected_sides(inside(payments, at, fan))
            | expected_scatter(near)
            | expected_cycles(near, kept)
            | expected_hops(near, passed)
            | {"cut": 0}
        )
    return said


@st.composite
def streams(draw: st.DrawFn, accounts: int = 6, most: int = 45) -> list[Payment]:
    """Few accounts, many ties in time, bursts and pauses, repeated pairs, amounts that are alike."""
    count = draw(st.integers(2, accounts))
    start = draw(st.sampled_from([0, 1, 1_500_000_000_000]))
    steps = draw(
        st.lists(
            st.tuples(
                st.sampled_from([0, 0, 0, 0, 1, 1, 2, 5, 40]),
                st.integers(0, count - 1),
                st.integers(1, count - 1),
                st.sampled_from([80, 90, 95, 96, 100, 100, 125, 10**15]),
            ),
            max_size=most,
        )
    )
    payments, ms, index = [], start, -1
    for pause, payer, further, amount in steps:
        ms, index = (ms + pause, 0) if pause else (ms, index + 1)
        payments.append((order(ms, index), payer, (payer + further) % count, amount))
    return payments


windows = st.sampled_from([0, 1, 3, 10, 1000])
ratios = st.sampled_from([(800, 1000), (950, 1000), (0, 2000), (1000, 1000)])


def check(
    payments: list[Payment], fan: int, path: int, kept: tuple, passed: tuple, batches: list[int]
) -> None:
    graph = Graph(fan, path, kept=kept, passed=passed)
    said: list[dict] = []
    for begin, end in zip([0, *batches], [*batches, len(payments)], strict=True):
        said += push(graph, payments[begin:end])
        graph = Graph.restore(graph.save())
    for at, (one, other) in enumerate(zip(said, expected(payments, fan, path, kept, passed), strict=True)):
        assert one == other, at


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(streams(), windows, windows, ratios, ratios, st.data())
def test_every_feature_is_exact_over_any_batches_and_restores(payments, fan, path, kept, passed, data):
    batches = data.draw(st.lists(st.integers(0, len(payments)), max_size=3).map(sorted))
    check(payments, fan, path, kept, passed, batches)


def drawn(seed: int, rows: int, accounts: int, pause: float) -> list[Payment]:
    """A stream around a few hubs, larger than hypothesis draws."""
    random = np.random.default_rng(seed)
    ms = np.cumsum(random.poisson(pause, rows))
    payer = (accounts * random.random(rows) ** 3).astype(int)
    payee = (payer + 1 + ((accounts - 1) * random.random(rows) ** 3).astype(int)) % accounts
    amount = random.integers(90, 111, rows)
    return [
        (order(when, at), one, two, paid)
        for at, (when, one, two, paid) in enumerate(
            zip(ms.tolist(), payer.tolist(), payee.tolist(), amount.tolist(), strict=True)
        )
    ]


@pytest.mark.parametrize(("seed", "accounts"), [(1, 4), (2, 12), (3, 30), (4, 80)])
def test_hubs_are_exact(seed, accounts):
    check(drawn(seed, 320, accounts, 0.8), 90, 60, (800, 1000), (950, 1000), [100, 101])


def test_both_ends_of_a_window_are_inside():
    graph = Graph(1000, 1000)
    _, second = push(graph, [(order(0, 5), 0, 1, 10), (order(1000, 5), 2, 1, 10)])
    assert second["payee_fan_in"] == 2
    assert push(graph, [(order(1000, 6), 3, 1, 10)])[0]["payee_fan_in"] == 2  # the first has just left


def test_scatter_gather_names_its_source():
    legs = [(1, 7, one, 100) for one in range(5)] + [(2, one, 9, 99) for one in range(5)]
    said = push(Graph(), [(order(ms, at), *rest) for at, (ms, *rest) in enumerate(legs)])
    assert [one["scatter_gather"] for one in said[5:]] == [1, 2, 3, 4, 5]
    assert said[-1]["scatter_source"] == 7
    assert [one["hops"] for one in said] == [1] * 5 + [2] * 5


def test_state_is_bounded_by_the_window_and_slots_are_used_again():
    """Every account is new: after a hundred windows the state is as large as after five."""
    graph = Graph(1000, 100)
    sizes = []
    for part in range(50):
        at = np.arange(4000) + 4000 * part
        said = graph.push(order(1) * at, 2 * at, 2 * at + 1, np.ones(4000, np.int64))
        assert said["payee_fan_in"].max() == 1
        sizes.append(graph.state_bytes)
        assert graph.rows == 1001
    assert len(set(sizes)) == 1


def test_a_search_that_is_cut_says_so_and_counts_a_lower_bound():
    payments = drawn(5, 400, 12, 0.5)
    exact, cut = push(Graph(), payments), push(Graph(steps=4), payments)
    assert not any(one["cut"] for one in exact)
    cycles = {f"{kind}_{length}" for kind in ("cycles", "kept") for length in (2, 3, 4)}
    bounded = {"between", "scatter_gather", "hops"} | cycles
    seen = 0
    for one, other in zip(exact, cut, strict=True):
        seen |= other["cut"]
        for name in COLUMNS:
            bit = CUTS.get(name.replace("kept", "cycles"), 0)
            if bit & other["cut"]:
                assert name in bounded and other[name] <= one[name]
            elif name not in ("cut", "scatter_source"):
                assert other[name] == one[name], name
    assert seen == sum(CUTS.values()) - CUTS["sums"]


def test_cuts_survive_a_restore():
    payments = drawn(6, 300, 8, 1.0)
    whole = push(Graph(80, 60, steps=30), payments)
    graph = Graph(80, 60, steps=30)
    halves = push(graph, payments[:150]) + push(Graph.restore(graph.save()), payments[150:])
    assert whole == halves


def test_sums_beyond_64_bits_are_said():
    rows = 9300
    at = np.arange(rows)
    said = Graph().push(order(1) + at, at % 2, np.full(rows, 2), np.full(rows, 10**15))
    exact = said["cut"] & CUTS["sums"] == 0
    most = np.iinfo(np.int64).max
    assert int(exact.sum()) == most // 10**15
    assert said["payee_in_sum"][exact].tolist() == [10**15 * (one + 1) for one in range(int(exact.sum()))]
    assert set(said["payee_in_sum"][~exact].tolist()) == {most}


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ([(5, 0, 1, 1), (5, 1, 2, 1)], "order key"),
        ([(5, 0, 0, 1)], "pays itself"),
        ([(5, 0, 1, 0)], "amount"),
        ([(5, 0, 1, 10**15 + 1)], "amount"),
        ([(5, -1, 1, 1)], "payer"),
        ([(5, 0, 1 << 31, 1)], "payee"),
        ([(-1, 0, 1, 1)], "order key"),
    ],
)
def test_bad_payments_are_refused_and_leave_the_state_alone(bad, why):
    graph = Graph()
    push(graph, [(3, 0, 1, 7)])
    before = graph.save()
    with pytest.raises(InputError, match=why):
        push(graph, bad)
    assert graph.save() == before
    with pytest.raises(InputError, match="order key"):
        push(graph, [(3, 0, 1, 7)])


def test_bad_arguments_are_refused():
    for made in ({"fan_window_ms": -1}, {"kept": (1000, 900)}, {"passed": (0, 2001)}, {"steps": -1}):
        with pytest.raises(InputError):
            Graph(**made)
    with pytest.raises(InputError, match="length"):
        Graph().push([1], [0, 1], [1, 2], [1, 1])
    with pytest.raises(InputError, match="integers"):
        Graph().push([1.5], [0], [1], [1])
    assert len(Graph().push([], [], [], [])["hops"]) == 0


def test_bad_checkpoints_are_refused():
    graph = Graph()
    push(graph, [(3, 0, 1, 7)])
    saved = graph.save()
    for bad in (b"", b"no", saved[:-40], saved[:200]):
        with pytest.raises(InputError):
            Graph.restore(bad)
    changed = bytearray(saved)
    changed[saved.index(b"payments.npy") + 180] ^= 1
    with pytest.raises(InputError):
        Graph.restore(bytes(changed))


def test_the_command_line_does_not_load_the_compiler():
    code = "import sys, ringfence.interfaces.cli.main; sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
