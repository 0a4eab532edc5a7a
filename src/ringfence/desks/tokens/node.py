"""Node: a chain's node asked over JSON-RPC (HTTP or HTTPS), in batches, within bounds.

What a node answers is somebody else's word: size, time, form and ids are checked here, the meaning where it
is used (`pinned`, `state`). Addresses of nodes often hold a key, so that messages name the host only.
"""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, Final
from urllib.parse import urlsplit

from ringfence import __version__
from ringfence.core.errors import InputError, OutsideError

JSON = Any  # whatever a node writes
Ask = tuple[str, list[JSON]]  # a method and its parameters

MAX_BYTES: Final = 32 << 20  # of one answer
BATCH: Final = 100
_AGAIN: Final = frozenset({429, 500, 502, 503, 504})
_BUSY: Final = frozenset({-32005, -32016, -32029, 429})  # how providers say that it was too much
_METHOD: Final = -32601


class NodeError(OutsideError):
    """A node failed, or answered what cannot be used."""


class TooMuchError(NodeError):
    """A node answered more bytes than are taken."""


class Refused(NodeError):  # noqa: N818 (what the node did)
    """A node answered one request with an error: ``code``, and ``data`` (the answer of a revert, in
    hexadecimal) where it gave some."""

    def __init__(self, name: str, method: str, said: str, code: int, data: str = "") -> None:
        super().__init__(
            f"{name} refused {method}: {said}", hint="name a node that offers it, or a bundle made from one"
        )
        self.said = said
        self.code = code
        self.data = data

    @property
    def unknown(self) -> bool:
        """Whether the node does not offer the method at all."""
        words = self.said.lower()
        return self.code == _METHOD or any(
            one in words for one in ("not supported", "not available", "does not exist", "not whitelisted")
        )


class _Busy(Exception):  # noqa: N818
    def __init__(self, why: str, after: float | None = None) -> None:
        self.why = why
        self.after = after


class Node:
    """One node. ``seconds`` bounds a request from the first byte to the last, ``per_second`` the requests
    (0: no bound), ``retries`` how often a busy or broken answer is asked for again, with doubled waits.

    Raises `InputError` for an address that is none. Use as a context manager, or `close` it.
    """

    def __init__(
        self,
        url: str,
        *,
        seconds: float = 20.0,
        max_bytes: int = MAX_BYTES,
        per_second: float = 25.0,
        retries: int = 4,
        batch: int = BATCH,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise InputError("the address of the node cannot be read", hint=_URL) from error
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise InputError("the address of the node is no HTTP address", hint=_URL)
        self.name = parts.hostname + (f":{port}" if port else "")
        self._host, self._tls = parts.hostname, parts.scheme == "https"
        self._port = port or (443 if self._tls else 80)
        self._path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._authority = _basic(parts.username, parts.password)
        self._seconds, self._max, self._retries = seconds, max_bytes, retries
        self._gap = 1 / per_second if per_second else 0.0
        self._batch = max(1, batch)
        self._clock, self._sleep = clock, sleep
        self._next = clock()
        self._id = 0
        self._line: http.client.HTTPConnection | None = None
        self._lacks: set[str] = set()
        self.requests = 0  # HTTP requests made

    def __enter__(self) -> Node:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        if self._line is not None:
            self._line.close()
            self._line = None

    def ask(self, method: str, *params: JSON) -> JSON:
        """One answer. Raises `Refused` for the node's own error and `NodeError` for no usable answer."""
        (answer,) = self.ask_many([(method, list(params))])
        if isinstance(answer, Refused):
            raise answer
        return answer

    def ask_many(self, asked: Sequence[Ask]) -> list[Any]:
        """Answers in the order asked; where the node refused one of them, the `Refused` stands in its place.
        Raises `NodeError`."""
        made: list[Any] = []
        at = 0
        while at < len(asked):
            part = asked[at : at + self._batch]
            try:
                made += self._many(part)
            except _Unbatched:
                self._batch = 1
                continue
            at += len(part)
        return made

    def offers(self, method: str) -> bool:
        """False once the node has said that it does not know a method."""
        return method not in self._lacks

    def lacks(self, method: str) -> None:
        """Remember that a method is not offered."""
        self._lacks.add(method)

    def _many(self, asked: Sequence[Ask]) -> list[Any]:
        tries = 0
        wait = 0.25
        while True:
            try:
                return self._once(asked)
            except _Busy as busy:
                if tries >= self._retries:
                    raise NodeError(
                        f"the node {self.name} gives no answer: {busy.why} ({tries + 1} tries)",
                        hint="try again later, or name another node",
                    ) from busy
                tries += 1
                self._sleep(min(busy.after if busy.after is not None else wait, 30.0))
                wait *= 2

    def _once(self, asked: Sequence[Ask]) -> list[Any]:
        calls: list[dict[str, JSON]] = []
        for method, params in asked:
            self._id += 1
            calls.append({"jsonrpc": "2.0", "id": self._id, "method": method, "params": params})
        single = len(calls) == 1
        body = self._post(json.dumps(calls[0] if single else calls, separators=(",", ":")).encode())
        try:
            answer = json.loads(body, parse_float=_no_float, parse_int=_small)
        except (ValueError, RecursionError) as error:
            self.close()
            what = "a web page" if body.lstrip()[:1] == b"<" else "no JSON"
            raise NodeError(
                f"the node {self.name} answered {what}", hint="is this the address of a JSON-RPC endpoint?"
            ) from error
        if _deep(answer):
            raise NodeError(f"the node {self.name} answered lists in lists without end", hint=_URL)
        if not single and isinstance(answer, dict):
            failed = answer.get("error")
            if _code(failed) in _BUSY:
                raise _Busy(_said(failed))
            raise _Unbatched  # it takes no batches, or none of this size
        answers = [answer] if single else answer
        if not isinstance(answers, list) or not all(isinstance(one, dict) for one in answers):
            raise NodeError(f"the node {self.name} answered no JSON-RPC", hint=_URL)
        by_id = {one["id"]: one for one in answers if isinstance(one.get("id"), int)}
        if len(by_id) != len(answers) or by_id.keys() != {one["id"] for one in calls}:
            raise NodeError(
                f"the node {self.name} left out answers or gave others than were asked for",
                hint="name another node",
            )
        return [self._result(one["method"], by_id[one["id"]]) for one in calls]

    def _result(self, method: str, one: dict[str, Any]) -> JSON:
        failed = one.get("error")
        if failed is None:
            if "result" not in one:
                raise NodeError(f"the node {self.name} gave neither a result nor an error", hint=_URL)
            return one["result"]
        code = _code(failed)
        if code in _BUSY:
            raise _Busy(_said(failed))
        data = failed.get("data") if isinstance(failed, dict) else None
        if isinstance(data, dict):  # some nodes put the answer one level deeper
            data = data.get("data") or data.get("result")
        refused = Refused(
            f"the node {self.name}", method, _said(failed), code, data if isinstance(data, str) else ""
        )
        if refused.code == _METHOD:
            self.lacks(method)
        return refused

    def _post(self, body: bytes) -> bytes:
        now = self._clock()
        if now < self._next:
            self._sleep(self._next - now)
        self._next = max(now, self._next) + self._gap
        self.requests += 1
        fresh = self._line is None
        try:
            return self._exchange(body)
        except (OSError, http.client.HTTPException) as error:
            self.close()
            if not fresh and isinstance(error, http.client.RemoteDisconnected | BrokenPipeError):
                raise _Busy("a kept connection was closed", 0.0) from error
            if isinstance(error, ssl.SSLCertVerificationError):
                raise NodeError(
                    f"the certificate of the node {self.name} is not good: {error.verify_message}",
                    hint="check its address",
                ) from error
            raise _Busy(_reason(error)) from error

    def _exchange(self, body: bytes) -> bytes:
        line = self._line
        if line is None:
            line = self._line = (
                http.client.HTTPSConnection(
                    self._host, self._port, timeout=self._seconds, context=ssl.create_default_context()
                )
                if self._tls
                else http.client.HTTPConnection(self._host, self._port, timeout=self._seconds)
            )
        late = threading.Event()

        def cut() -> None:
            late.set()
            with suppress(OSError):  # however slowly it drips, it ends here
                if line.sock is not None:
                    line.sock.shutdown(socket.SHUT_RDWR)

        clock = threading.Timer(self._seconds, cut)
        clock.daemon = True
        clock.start()
        try:
            if line.sock is None:
                line.connect()
            line.request("POST", self._path, body, self._headers())
            response = line.getresponse()
            data = response.read(self._max + 1)
            if late.is_set():
                raise TimeoutError
        except (OSError, ValueError, http.client.HTTPException) as error:
            if late.is_set():
                raise TimeoutError from None
            if isinstance(error, ValueError) and not isinstance(error, OSError):
                raise http.client.HTTPException(str(error)) from None  # a chunk of no size
            raise
        finally:
            clock.cancel()
        if len(data) > self._max:
            self.close()
            raise TooMuchError(
                f"the node {self.name} answered more than {self._max} bytes", hint="ask for less at a time"
            )
        if response.status in _AGAIN:
            self.close()
            raise _Busy(f"status {response.status}", _after(response.getheader("Retry-After")))
        if response.status != 200 and not data.lstrip().startswith((b"{", b"[")):
            self.close()
            raise NodeError(
                f"the node {self.name} answered with status {response.status}",
                hint="check the address, and the key in it" if response.status in (401, 403) else _URL,
            )
        return data

    def _headers(self) -> dict[str, str]:
        made = {
            "Content-Type": "application/json",
            "Accept": "application/json",
            "User-Agent": f"ringfence/{__version__}",
        }
        return made | ({"Authorization": self._authority} if self._authority else {})


class _Unbatched(Exception):  # noqa: N818
    """The node takes no list of requests."""


_URL: Final = "write http://HOST:PORT or https://HOST/PATH of a JSON-RPC endpoint"


def _no_float(text: str) -> float:
    raise ValueError(f"{text} in an answer of integers")


def _small(text: str) -> int:
    if len(text) > 18:  # amounts are written in hexadecimal
        raise ValueError("a number that is too long")
    return int(text)


def _deep(answer: JSON, left: int = 40) -> bool:
    inner = answer.values() if isinstance(answer, dict) else answer if isinstance(answer, list) else ()
    return not left or any(_deep(one, left - 1) for one in inner if isinstance(one, dict | list))


def _basic(user: str | None, password: str | None) -> str:
    if not user:
        return ""
    import base64

    return "Basic " + base64.b64encode(f"{user}:{password or ''}".encode()).decode()


def _code(failed: JSON) -> int:
    code = failed.get("code") if isinstance(failed, dict) else None
    return code if isinstance(code, int) else 0


def _said(failed: JSON) -> str:
    text = failed.get("message") if isinstance(failed, dict) else failed
    return "".join(letter if letter.isprintable() else " " for letter in str(text))[:200]


def _after(text: str | None) -> float | None:
    return float(text) if text and text.isascii() and text.isdigit() else None


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "too slow"
    if isinstance(error, ConnectionRefusedError):
        return "nothing listens there"
    if isinstance(error, socket.gaierror):
        return "no such host"
    return str(error)[:120] or type(error).__name__


def quantity(value: JSON, bits: int = 256) -> int:
    """A number as JSON-RPC writes it (``0x…``). Raises `NodeError`."""
    if isinstance(value, str) and value[:2] == "0x" and 2 < len(value) <= 2 + 64:
        try:
            number = int(value[2:], 16)
        except ValueError:
            number = -1
        if 0 <= number < 1 << bits and value[2] not in "+-_":
            return number
    raise NodeError(f"the node answered {str(value)[:40]!r} for a number", hint="name another node")


def octets(value: JSON, size: int | None = None) -> bytes:
    """Bytes as JSON-RPC writes them. Raises `NodeError`, also where they are not ``size`` many."""
    if isinstance(value, str) and value[:2] == "0x" and not len(value) % 2:
        try:
            made = bytes.fromhex(value[2:])
        except ValueError:
            return octets(None)
        if size in (None, len(made)) and len(made) * 2 + 2 == len(value):
            return made
    raise NodeError(f"the node answered {str(value)[:40]!r} for bytes", hint="name another node")
