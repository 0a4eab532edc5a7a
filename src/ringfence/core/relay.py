"""Relay: the mail server that takes our mail, spoken to under hard rules (RFC 5321, RFC 3207).

What is said about a mail is one of four things, and *unknown* is one of them: once the text is on its way
and no answer comes, nobody here can tell whether the server has taken it.
"""

from __future__ import annotations

import ipaddress
import re
import smtplib
import ssl
import stat
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from types import TracebackType
from typing import Literal

import msgspec

from ringfence.core.errors import InputError, OutsideError
from ringfence.core.settings import Settings

TIMEOUT = 30.0  # seconds for one answer of the server
SUBMISSIONS = 465  # TLS from the first octet (RFC 8314)
_DOT = re.compile(rb"^\.", re.MULTILINE)
_SENDER = re.compile(r"[!-?A-~]+@[A-Za-z0-9.-]+")
_MAX_SAID = 500  # characters of an answer that are kept

Came = Literal["sent", "refused", "later", "unknown"]


class Answer(msgspec.Struct, frozen=True):
    """What became of one mail: *sent* (the server has taken it over), *refused* for good, *later*
    (certainly not taken, it may be tried again), or *unknown*. ``said`` is the server's own answer, or what
    happened instead. ``over``: the session is of no more use."""

    came: Came
    said: str
    over: bool = False


class Relay(msgspec.Struct, frozen=True):
    """``sender`` is the address that mail comes from and bounces go to. ``credentials`` is a file of two
    lines, user and password; ``ca`` a PEM file, where the server's certificate is from no public authority.
    """

    host: str
    port: int
    sender: str
    credentials: Path | None = None
    ca: Path | None = None

    @classmethod
    def from_settings(cls, settings: Settings) -> Relay | None:
        """The relay of the settings; None where none is set. Raises `InputError`."""
        if not settings.smtp:
            return None
        host, _, port = settings.smtp.rpartition(":")
        host = host.strip("[]")
        if not host or not port.isdecimal() or not 0 < int(port) < 65536:
            raise InputError(
                f"RINGFENCE_SMTP is no host:port: {settings.smtp!r}", hint="such as mail.example.org:587"
            )
        if not settings.smtp_from:
            raise InputError("mail needs a sender", hint="set RINGFENCE_SMTP_FROM, such as desk@example.org")
        if not _SENDER.fullmatch(settings.smtp_from):
            raise InputError(
                f"RINGFENCE_SMTP_FROM is no address: {settings.smtp_from!r}", hint="write it bare"
            )
        return cls(host, int(port), settings.smtp_from, settings.smtp_credentials, settings.smtp_ca)

    @property
    def loopback(self) -> bool:
        """Whether it is this very machine, to which nobody listens in between."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"

    def login(self) -> tuple[str, str] | None:
        """User and password. Raises `InputError` where the file cannot be read, or others may read it."""
        if self.credentials is None:
            return None
        try:
            mode = self.credentials.stat().st_mode
            user, password, *_ = self.credentials.read_text("utf-8").splitlines()
        except (OSError, ValueError) as error:
            raise InputError(
                f"no user and password in {self.credentials}", hint="two lines: the user, the password"
            ) from error
        if mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise InputError(
                f"others can read the password in {self.credentials}", hint=f"chmod 600 {self.credentials}"
            )
        return user, password


class Session:
    """``with Session(relay) as session``: connected, under TLS and logged in. Raises `OutsideError` where
    that fails: no mail was touched then."""

    def __init__(self, relay: Relay, timeout: float = TIMEOUT) -> None:
        self.relay = relay
        self.timeout = timeout
        self._smtp = smtplib.SMTP(timeout=timeout)  # not connected yet

    def __enter__(self) -> Session:
        relay = self.relay
        login = relay.login()
        try:
            self._smtp = self._open()
            self._smtp.ehlo_or_helo_if_needed()
            if relay.port != SUBMISSIONS:
                self._protect()
            if login is not None:
                self._smtp.login(*login)
            # A server that does not take mail from us at all says nothing of any recipient.
            code, said = self._smtp.mail(relay.sender)
            if code >= 400:
                raise OutsideError(
                    f"{relay} takes no mail from {relay.sender}: {_said(code, said)}",
                    hint="see RINGFENCE_SMTP_FROM and RINGFENCE_SMTP_CREDENTIALS",
                )
            self._smtp.rset()
        except smtplib.SMTPAuthenticationError as error:
            self._close()
            raise OutsideError(
                f"{relay} does not take our user and password: {_said(error.smtp_code, error.smtp_error)}",
                hint="see the file that RINGFENCE_SMTP_CREDENTIALS names",
            ) from None  # what was tried stands in the error before
        except (OSError, smtplib.SMTPException, ssl.SSLError) as error:
            self._close()
            raise OutsideError(
                f"no mail can be given to {relay}: {_plain(str(error)) or type(error).__name__}",
                hint="see RINGFENCE_SMTP in docs/guide/settings.md",
            ) from error
        except OutsideError:
            self._close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def send(self, message: EmailMessage, to: str) -> Answer:
        """Give one mail to the server, for one recipient."""
        smtp = self._smtp
        data = _DOT.sub(b"..", message.as_bytes(policy=SMTP).rstrip(b"\r\n") + b"\r\n")
        try:
            code, said = smtp.mail(self.relay.sender)
            if code >= 400:
                return Answer("later", _said(code, said), over=True)
            code, said = smtp.rcpt(to)
            if code < 400:
                code, said = smtp.docmd("DATA")
            if code >= 400:
                return self._refused(code, said)
        except (OSError, smtplib.SMTPException) as error:
            return Answer("later", _plain(str(error)) or type(error).__name__, over=True)
        try:
            smtp.send(data + b".\r\n")
            code, said = smtp.getreply()
        except (OSError, smtplib.SMTPException) as error:
            self._close()
            return Answer("unknown", _plain(str(error)) or type(error).__name__, over=True)
        if code >= 400:
            return self._refused(code, said)
        return Answer("sent", _said(code, said))

    def _refused(self, code: int, said: bytes) -> Answer:
        over = code == 421
        if not over:
            try:
                self._smtp.rset()
            except (OSError, smtplib.SMTPException):
                over = True
        return Answer("refused" if code >= 500 else "later", _said(code, said), over=over)

    def _open(self) -> smtplib.SMTP:
        host, port = self.relay.host, self.relay.port
        if port == SUBMISSIONS:
            return smtplib.SMTP_SSL(host, port, timeout=self.timeout, context=self._context())
        return smtplib.SMTP(host, port, timeout=self.timeout)

    def _protect(self) -> None:
        if self._smtp.has_extn("starttls"):
            self._smtp.starttls(context=self._context())
            self._smtp.ehlo()
        elif not self.relay.loopback:
            raise OutsideError(
                f"{self.relay} offers no TLS, and a notice is not for everybody on the way",
                hint="use a server with STARTTLS, or one on this machine",
            )

    def _context(self) -> ssl.SSLContext:
        try:
            context = ssl.create_default_context(cafile=str(self.relay.ca) if self.relay.ca else None)
        except OSError as error:
            raise OutsideError(
                f"no certificates in {self.relay.ca}", hint="RINGFENCE_SMTP_CA names a PEM file"
            ) from error
        if self.relay.loopback and self.relay.ca is None:
            # Nobody is in between, and a machine's own server mostly has a certificate of its own making.
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context

    def _close(self) -> None:
        try:
            self._smtp.quit()
        except (OSError, smtplib.SMTPException):
            self._smtp.close()


def _said(code: int, text: bytes | str) -> str:
    plain = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return _plain(f"{code} {plain}")


def _plain(text: str) -> str:
    """One line without signs that steer a screen; others wrote it."""
    line = " ".join(text.split())
    return "".join(sign for sign in line if sign.isprintable())[:_MAX_SAID]
