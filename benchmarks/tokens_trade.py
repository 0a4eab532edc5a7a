"""Trades of a token, simulated: ours beside py-evm, ethereumjs and anvil in the same run.

``python -m benchmarks.tokens_trade [--seconds N]``. One simulation is a purchase, an approval and a sale,
calldata encoded beforehand, undone afterwards; every engine must leave the seller with the same balance. The
peers are installed by their own package managers, at pinned versions, into a folder outside the tree.
"""

from __future__ import annotations

import argparse
import http.client
import json
import multiprocessing
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from desks.tokens.deploy import LIQUIDITY, SET_PAIR, deployed
from desks.tokens.solidity import tricks
from ringfence.desks.tokens.plans import PLAIN
from ringfence.desks.tokens.pool import calls, market
from ringfence.desks.tokens.synthesis import TOKEN, synthesise
from ringfence.desks.tokens.trade import of
from ringfence.desks.tokens.trial import Stand, attempt

if TYPE_CHECKING:
    from multiprocessing.queues import Queue

NPM = {
    "@ethereumjs/evm": "10.1.3", "@ethereumjs/statemanager": "10.1.3", "@ethereumjs/common": "10.1.3",
    "@ethereumjs/util": "10.1.3", "@foundry-rs/anvil": "1.7.1",
}  # fmt: skip
PYPI = "py-evm==0.12.1b1"
HERE = Path(__file__).parent / "tokens_peers"
CACHE = Path(tempfile.gettempdir()) / "ringfence-peers-1"


def stand() -> Stand:
    """A token that takes one part in a hundred, as its constructor and owner leave it."""
    return Stand(*deployed(tricks()["HonestFee"], LIQUIDITY, SET_PAIR))


def fixture() -> dict[str, Any]:
    """State and calls for every engine."""
    one = stand()
    made = attempt(one, PLAIN)
    world = one.world()
    codes, storage, balances = one.codes(), one.everything(), one.balances()
    storage = {**storage, (one.pair, 6): world.slot(one.pair, 6)}
    accounts: dict[str, Any] = {}
    for who in {*codes, *balances}:
        accounts[f"0x{who:040x}"] = {
            "code": "0x" + codes.get(who, b"").hex(),
            "balance": hex(balances.get(who, 0)),  # text: some readers of JSON know no large numbers
            "storage": {
                hex(slot): hex(value) for (at, slot), value in storage.items() if at == who and value
            },
        }
    return {
        "accounts": accounts,
        "calls": [{**step.to_dict(), "value": hex(step.value)} for step in made.steps],
        "number": one.environment.number,
        "time": one.environment.time,
        "coinbase": f"0x{one.environment.coinbase:040x}",
        "token": f"0x{TOKEN:040x}",
        "native": f"0x{market.NATIVE:040x}",
        "forever": calls.FOREVER,
    }


def ours(seconds: float, whole: bool) -> dict[str, Any]:
    """One worker: trades in a kept world; ``whole`` with every balance asked and the answer made up."""
    one = stand()
    steps = attempt(one, PLAIN).steps
    world = one.world()
    many, left = 0, 0
    began, cpu = time.perf_counter(), time.process_time()
    while time.perf_counter() - began < seconds:
        for _ in range(20):
            if whole:
                attempt(one, PLAIN, world)
                continue
            with world.trial():
                for step in steps:
                    done = world.call(step.sender, step.to, step.data, step.value)
                assert done.ok
                left = world.balance(steps[0].sender)
        many += 20
    return {
        "simulations": many, "cpu": time.process_time() - cpu, "wall": time.perf_counter() - began,
        "left": str(left), "rss": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }  # fmt: skip


def _worker(seconds: float, whole: bool, out: Queue[dict[str, Any]]) -> None:
    out.put(ours(seconds, whole))


def both(seconds: float, whole: bool) -> list[dict[str, Any]]:
    """Two workers at once, each a fresh process."""
    context = multiprocessing.get_context("spawn")
    out = context.Queue()
    made = [context.Process(target=_worker, args=(seconds, whole, out)) for _ in range(2)]
    for one in made:
        one.start()
    found = [out.get() for _ in made]
    for one in made:
        one.join()
    return found


def peers() -> None:
    """Install what is compared with, once."""
    if (CACHE / "installed").exists():
        return
    CACHE.mkdir(parents=True, exist_ok=True)
    (CACHE / "package.json").write_text('{"private": true}')
    wanted = [f"{name}@{version}" for name, version in NPM.items()]
    subprocess.run(["npm", "install", "--no-audit", "--no-fund", *wanted], cwd=CACHE, check=True)
    subprocess.run([sys.executable, "-m", "venv", str(CACHE / "python")], check=True)
    subprocess.run([str(CACHE / "python/bin/pip"), "install", "--quiet", PYPI], check=True)
    (CACHE / "installed").touch()


def _ran(command: list[str]) -> dict[str, Any]:
    done = subprocess.run(command, cwd=CACHE, check=True, capture_output=True, text=True)
    made: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return made


class Anvil:
    """A node on a port of its own, with the same state."""

    def __init__(self, made: dict[str, Any]) -> None:
        binary = CACHE / "node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil"
        self.port = 18_545
        self.version = subprocess.run([str(binary), "--version"], check=True, capture_output=True, text=True)
        self.process = subprocess.Popen(
            [str(binary), "--silent", "--port", str(self.port), "--hardfork", "cancun", "--base-fee", "0",
             "--gas-price", "0", "--timestamp", str(made["time"] - 5), "--no-mining",
             "--gas-limit", "30000000"]
        )  # fmt: skip
        for _ in range(100):
            try:
                self.ask("eth_chainId")
                break
            except OSError:
                time.sleep(0.1)
        for who, account in made["accounts"].items():
            self.ask("anvil_setBalance", who, account["balance"])
            if account["code"] != "0x":
                self.ask("anvil_setCode", who, account["code"])
            for slot, value in account["storage"].items():
                self.ask("anvil_setStorageAt", who, *(f"0x{int(one, 16):064x}" for one in (slot, value)))
        self.ask("anvil_impersonateAccount", made["calls"][0]["from"])
        self.calls = [
            {"from": one["from"], "to": one["to"], "data": one["data"], "value": one["value"],
             "gas": hex(12_000_000), "gasPrice": "0x0"}
            for one in made["calls"]
        ]  # fmt: skip

    def ask(self, method: str, *given: object) -> Any:  # noqa: ANN401 (JSON)
        connection = getattr(self, "connection", None)
        if connection is None:
            connection = self.connection = http.client.HTTPConnection("127.0.0.1", self.port)
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": given})
        try:
            connection.request("POST", "/", body, {"content-type": "application/json"})
            answer = json.loads(connection.getresponse().read())
        except OSError:
            del self.connection
            raise
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        return answer["result"]

    def transactions(self, seconds: float) -> dict[str, Any]:
        """Three transactions, a block, undone."""
        many, left = 0, 0
        began = time.perf_counter()
        while time.perf_counter() - began < seconds:
            mark = self.ask("evm_snapshot")
            for call in self.calls:
                # Another gas limit, so that no transaction is one that was undone before.
                sent = self.ask("eth_sendTransaction", {**call, "gas": hex(12_000_000 + many)})
            self.ask("evm_mine")
            receipt = self.ask("eth_getTransactionReceipt", sent)
            if receipt is None or receipt["status"] != "0x1":
                raise RuntimeError("the sale failed on anvil")
            left = int(self.ask("eth_getBalance", self.calls[0]["from"], "latest"), 16)
            self.ask("evm_revert", mark)
            many += 1
        return {
            "engine": "anvil, transactions over HTTP", "version": self.version.stdout.split()[2],
            "simulations": many, "cpu": None, "wall": time.perf_counter() - began, "left": str(left),
        }  # fmt: skip

    def simulated(self, seconds: float) -> dict[str, Any]:
        """The three calls in one request (eth_simulateV1)."""
        many = 0
        began = time.perf_counter()
        while time.perf_counter() - began < seconds:
            made = self.ask("eth_simulateV1", {"blockStateCalls": [{"calls": self.calls}]}, "latest")
            if any(one["status"] != "0x1" for one in made[0]["calls"]):
                raise RuntimeError("the sale failed in anvil's simulation")
            many += 1
        return {
            "engine": "anvil, one request a trade", "version": self.version.stdout.split()[2],
            "simulations": many, "cpu": None, "wall": time.perf_counter() - began, "left": None,
        }  # fmt: skip

    def close(self) -> None:
        self.process.terminate()
        self.process.wait()


def cold(many: int) -> list[float]:
    """CPU milliseconds of a token never seen: read, made to work, traded over the whole matrix."""
    runtime = tricks()["HonestFee"].runtime
    spent = []
    for number in range(many):
        code = runtime + number.to_bytes(4, "big")  # other code, so that nothing is remembered
        began = time.process_time()
        of(synthesise(code))
        spent.append(1000 * (time.process_time() - began))
    return spent


def table(seconds: float = 10.0) -> list[str]:
    """Lines of Markdown."""
    peers()
    made = fixture()
    path = CACHE / f"fixture-{os.getpid()}.json"
    path.write_text(json.dumps(made))
    lines = [
        f"Load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors; {seconds:.0f} s each.",
        "",
    ]
    rows: list[tuple[str, dict[str, Any]]] = []
    raw, whole = both(seconds, False), both(seconds, True)
    for name, found in (("ringfence, calldata encoded beforehand", raw), ("ringfence, whole trial", whole)):
        rows.append(
            (name, {"version": "pyrevm " + _version("pyrevm"), "left": found[0]["left"], "workers": found})
        )
    others = [
        _ran([str(CACHE / "python/bin/python"), str(HERE / "pyevm.py"), str(path), str(seconds)]),
        _ran(["node", str(HERE / "ethereumjs.mjs"), str(path), str(seconds)]),
    ]
    node = Anvil(made)
    try:
        others += [node.transactions(seconds), node.simulated(seconds)]
    finally:
        node.close()
        path.unlink()
    wanted = raw[0]["left"]
    fast = sum(one["simulations"] / one["cpu"] for one in raw) / len(raw)
    lines += [
        "| engine | version | trades /s wall | /CPU-s | ours is faster by | same result |",
        "|---|---|---|---|---|---|",
    ]
    for name, row in rows:
        workers = row["workers"]
        wall = sum(one["simulations"] / one["wall"] for one in workers)
        cpu = sum(one["simulations"] / one["cpu"] for one in workers) / len(workers)
        lines.append(f"| {name} (2 processes) | {row['version']} | {wall:,.0f} | {cpu:,.0f} | | |")
    for row in others:
        wall = row["simulations"] / row["wall"]
        cpu = row["simulations"] / row["cpu"] if row["cpu"] else None
        # Over HTTP the processor's time is the node's: there the wall clock is compared.
        ratio = fast / (cpu or wall)
        same = "-" if row["left"] is None else "yes" if row["left"] == wanted else "NO"
        shown = f"{cpu:,.1f}" if cpu else "-"
        lines.append(
            f"| {row['engine']} | {row['version']} | {wall:,.1f} | {shown} | {ratio:,.0f} | {same} |"
        )
    spent = sorted(cold(100))
    lines += [
        "",
        f"Peak memory of a worker {max(one['rss'] for one in raw + whole):.0f} MB; a new token from cold, "
        f"whole matrix: p50 {statistics.median(spent):.0f} ms, p95 {spent[95]:.0f} ms of one processor; "
        f"load at the end {os.getloadavg()[0]:.1f}.",
    ]
    return lines


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.tokens_trade", description=__doc__)
    options.add_argument("--seconds", type=float, default=10.0)
    sys.stdout.write("\n".join(table(options.parse_args().seconds)) + "\n")


def _version(package: str) -> str:
    from importlib.metadata import version

    return version(package)


if __name__ == "__main__":
    main()
