"""Anvil: a real node on loopback, one for all tests; and a liar that stands in front of it.

Each test works on a snapshot that is undone. What cannot be installed or started fails the tests.
"""

from __future__ import annotations

import hashlib
import http.server
import json
import os
import platform
import socket
import subprocess
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from debian import require

from .solidity import Compiled, compile_json

VERSION = "1.7.1"
CHAIN = "eip155:31337"
CONTRACTS = Path(__file__).parent / "chain"
# The first two accounts of the node's own public mnemonic.
ALICE = 0xF39FD6E51AAD88F6F4CE6AB8827279CFFFB92266
BOB = 0x70997970C51812DC3A010C7D01B50E0D17DC79C8


@lru_cache(1)
def binary() -> Path:
    """The node's program, installed in a cache outside the tree."""
    name = hashlib.sha256(VERSION.encode()).hexdigest()[:16]
    folder = Path(os.environ.get("RINGFENCE_TEST_CACHE", tempfile.gettempdir())) / f"ringfence-anvil-{name}"
    machine = {"x86_64": "amd64", "aarch64": "arm64"}[platform.machine()]
    found = folder / "node_modules" / "@foundry-rs" / f"anvil-linux-{machine}" / "bin" / "anvil"
    if not found.exists():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text('{"private": true}')
        subprocess.run(
            [
                require("npm", "npm"), "install", "--no-audit", "--no-fund", "--ignore-scripts",
                f"@foundry-rs/anvil@{VERSION}",
            ],
            cwd=folder, check=True, capture_output=True, timeout=600,
        )  # fmt: skip
    return found


@lru_cache(1)
def contracts() -> dict[str, Compiled]:
    """Every contract of `chain`, by name."""
    request = {
        "language": "Solidity",
        "sources": {path.name: {"content": path.read_text()} for path in sorted(CONTRACTS.glob("*.sol"))},
        "settings": {
            "evmVersion": "cancun",
            "optimizer": {"enabled": True, "runs": 200},
            "outputSelection": {"*": {"*": ["evm.bytecode.object", "evm.deployedBytecode.object"]}},
        },
    }
    _, output = compile_json(request)
    return {
        name: Compiled(
            bytes.fromhex(made["evm"]["bytecode"]["object"]),
            bytes.fromhex(made["evm"]["deployedBytecode"]["object"]),
        )
        for made_of in output["contracts"].values()
        for name, made in made_of.items()
        if made["evm"]["bytecode"]["object"]
    }


class Anvil:
    """The node, asked without any of the code that is tested."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"

    def rpc(self, method: str, *params: Any) -> Any:
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()
        asked = urllib.request.Request(self.url, body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(asked, timeout=60) as answer:
            said = json.load(answer)
        if "error" in said:
            raise RuntimeError(said["error"])
        return said["result"]

    def send(self, sender: int, to: int | None, data: bytes = b"", value: int = 0, **more: Any) -> Any:
        """The receipt of a transaction that was mined."""
        tx = {"from": f"0x{sender:040x}", "data": "0x" + data.hex(), "value": hex(value), **more}
        if to is not None:
            tx["to"] = f"0x{to:040x}"
        name = self.rpc("eth_sendTransaction", tx)
        for _ in range(600):  # it may answer before it has mined
            if receipt := self.rpc("eth_getTransactionReceipt", name):
                return receipt
            time.sleep(0.02)
        raise AssertionError("not mined")

    def deploy(self, made: Compiled | bytes, words: bytes = b"") -> int:
        """A contract of Alice's."""
        code = made if isinstance(made, bytes) else made.creation
        receipt = self.send(ALICE, None, code + words)
        assert receipt["status"] == "0x1"
        return int(receipt["contractAddress"], 16)

    def put(self, runtime: bytes, at: int) -> int:
        """Code at an address, without a constructor."""
        self.rpc("anvil_setCode", f"0x{at:040x}", "0x" + runtime.hex())
        return at

    def balance(self, who: int) -> int:
        return int(self.rpc("eth_getBalance", f"0x{who:040x}", "latest"), 16)

    def word(self, to: int, data: bytes) -> int:
        return int(self.rpc("eth_call", {"to": f"0x{to:040x}", "data": "0x" + data.hex()}, "latest"), 16)


@contextmanager
def running(*options: str, port: int = 0) -> Iterator[Anvil]:
    """A node of its own, at a port that is free unless one is named."""
    if not port:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
    process = subprocess.Popen(
        [binary(), "--port", str(port), "--silent", "--gas-price", "0", "--base-fee", "0", *options],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    node = Anvil(port)
    try:
        for _ in range(600):
            assert process.poll() is None, "the node ended"
            try:
                node.rpc("eth_chainId")
                break
            except OSError:
                time.sleep(0.05)
        else:
            raise AssertionError("the node does not answer")
        yield node
    finally:
        process.terminate()
        process.wait(30)


Change = Callable[[dict[str, Any], dict[str, Any]], Any]


class Liar:
    """A server in front of a node. ``change`` gets each request and its answer and may change the answer, or
    return bytes that take the place of all answers. ``seen`` are the methods asked for, by HTTP request."""

    def __init__(self, node: Anvil) -> None:
        self.change: Change | None = None
        self.status = 200
        self.headers: dict[str, str] = {}
        self.seen: list[list[str]] = []
        liar = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                asked = json.loads(body)
                many = asked if isinstance(asked, list) else [asked]
                liar.seen.append([one["method"] for one in many])
                request = urllib.request.Request(node.url, body, {"Content-Type": "application/json"})
                with urllib.request.urlopen(request, timeout=60) as answer:
                    said = json.load(answer)
                status = liar.status
                made: Any = None
                by_id = {one["id"]: one for one in (said if isinstance(said, list) else [said])}
                for one in many:
                    if liar.change is not None:
                        given = liar.change(one, by_id[one["id"]])
                        made = made if given is None else given
                data = made if isinstance(made, bytes) else json.dumps(said).encode()
                self.send_response(status)
                for name, value in liar.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: object) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
