"""Letter: a notice as a mail. Pure: the same notice is the same mail, however often it is made."""

from __future__ import annotations

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from ringfence.cases.address import display_name
from ringfence.cases.notice import Notice
from ringfence.core.time import parse_stamp


def message_id(notice: str, sender: str) -> str:
    """The Message-ID of a notice's mail: its own id at the sender's domain, so that a mail that came twice
    is known as one, and a mail server's log can be asked for it."""
    return f"<{notice.replace(':', '.')}@{sender.rpartition('@')[2]}>"


def letter(notice: Notice, address: str, sender: str) -> EmailMessage:
    """The mail: the notice's text and nothing else. Its date is the notice's."""
    title = next(iter(notice.text.splitlines()), "").strip()
    made = EmailMessage(policy=SMTP)
    made["From"] = Address(addr_spec=sender)
    made["To"] = Address(display_name(notice.recipient), addr_spec=address)
    made["Subject"] = f"{title} ({notice.order})" if title else notice.order
    made["Date"] = format_datetime(parse_stamp(notice.at))
    made["Message-ID"] = message_id(notice.id, sender)
    made["Content-Language"] = notice.language
    made["Auto-Submitted"] = "auto-generated"  # RFC 3834: no absence notes in answer
    made.set_content(notice.text)
    return made
