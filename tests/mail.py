"""A real mail server on loopback, small and scripted: what it answers, when it breaks off, what it got."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default


@dataclass
class MailServer:
    """``answers`` maps a verb (MAIL, RCPT, DATA, TEXT) to what is said instead of yes, in turn; ``drop``
    breaks off there. TEXT is the answer once the whole mail is here."""

    port: int = 0
    tls: ssl.SSLContext | None = None
    login: tuple[str, str] | None = None
    answers: dict[str, list[str]] = field(default_factory=dict)
    mails: list[bytes] = field(default_factory=list)
    to: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    sessions: int = 0
    encrypted: list[bool] = field(default_factory=list)

    @property
    def messages(self) -> list[EmailMessage]:
        return [message_from_bytes(mail, policy=default) for mail in self.mails]

    def next(self, verb: str) -> str | None:
        waiting = self.answers.get(verb, [])
        return waiting.pop(0) if waiting else None

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.sessions += 1
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            await self._talk(reader, writer)
        writer.close()
        with contextlib.suppress(ConnectionError, ssl.SSLError):
            await writer.wait_closed()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        secure, known = False, self.login is None

        def say(text: str) -> None:
            writer.write(text.encode() + b"\r\n")

        say("220 mail.test ready")
        while line := await reader.readline():
            words = line.decode("ascii").strip()
            self.said.append(words)
            verb = words.partition(" ")[0].upper()
            scripted = self.next(verb)
            if scripted == "drop":
                return
            if scripted is not None:
                say(scripted)
            elif verb == "EHLO":
                offers = ["mail.test", "8BITMIME"]
                offers += ["STARTTLS"] if self.tls and not secure else []
                offers += ["AUTH PLAIN"] if self.login else []
                for at, offer in enumerate(offers):
                    say(f"250{' ' if at == len(offers) - 1 else '-'}{offer}")
            elif verb == "STARTTLS":
                say("220 go on")
                await writer.drain()
                await writer.start_tls(self.tls)
                secure = True
            elif verb == "AUTH":
                wanted = base64.b64encode("\0{}\0{}".format(*self.login or ("", "")).encode()).decode()
                known = words.split()[-1] == wanted
                say("235 known" if known else "535 5.7.8 not known")
            elif verb == "MAIL" and not known:
                say("530 5.7.0 who are you")
            elif verb == "RCPT":
                self.to.append(words.partition("<")[2].rstrip(">"))
                say("250 ok")
            elif verb == "DATA":
                say("354 go on")
                await writer.drain()
                text = (await reader.readuntil(b"\r\n.\r\n"))[:-3].replace(b"\n..", b"\n.")
                scripted = self.next("TEXT")
                if scripted == "drop":
                    self.mails.append(text)
                    return
                if scripted is None:
                    self.mails.append(text)
                    self.encrypted.append(secure)
                say(scripted or "250 2.0.0 queued as 4711")
            elif verb == "QUIT":
                say("221 bye")
                return
            else:
                say("250 ok")
            await writer.drain()


@contextlib.contextmanager
def mail_server(
    tls: ssl.SSLContext | None = None, login: tuple[str, str] | None = None, **answers: list[str]
) -> Iterator[MailServer]:
    """A server on a port of its own, for the length of the block."""
    made = MailServer(tls=tls, login=login, answers=answers)
    ready, loop = threading.Event(), asyncio.new_event_loop()
    stop = asyncio.Event()

    async def serve() -> None:
        server = await asyncio.start_server(made.talk, "127.0.0.1", 0)
        made.port = server.sockets[0].getsockname()[1]
        ready.set()
        async with server:
            await stop.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),), daemon=True)
    thread.start()
    assert ready.wait(10)
    try:
        yield made
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()
