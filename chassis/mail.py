"""The mail port: two adapters, SMTP for real and a folder for one machine (readable at /dev/mail there)."""

from __future__ import annotations

import smtplib
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate
from pathlib import Path
from typing import Protocol

from chassis.errors import Unavailable


@dataclass(frozen=True, slots=True)
class Letter:
    """One e-mail. `reference` is the delivery's id: the provider's idempotency reference and the Message-ID."""

    reference: str
    to: str
    subject: str
    text: str
    calendar: bytes | None = None
    calendar_method: str = "REQUEST"
    unsubscribe_url: str | None = None


class AddressRefused(Exception):
    """The address will never take mail: trying again is not worth while."""


class MailSender(Protocol):
    """Hands one letter over. Raises Unavailable when it may work later, AddressRefused when it never will."""

    def send(self, letter: Letter) -> None: ...


def compose(letter: Letter, sender: str) -> EmailMessage:
    """The message as it goes over the wire; a calendar part says its METHOD, as RFC 5545 clients expect."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, letter.to, letter.subject
    message["Date"], message["Message-ID"] = formatdate(), f"<{letter.reference}@tandem.invalid>"
    if letter.unsubscribe_url:
        message["List-Unsubscribe"] = f"<{letter.unsubscribe_url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(letter.text)
    if letter.calendar is not None:
        message.add_alternative(letter.calendar, "text", "calendar",
                                params={"method": letter.calendar_method, "charset": "utf-8"}, cte="8bit")
    return message


class SmtpSender:
    """Real SMTP; one connection per letter, ten seconds at most."""

    def __init__(self, host: str, port: int, sender: str, timeout_s: float = 10.0):
        self._where = (host, port)
        self._sender = sender
        self._timeout_s = timeout_s

    def send(self, letter: Letter) -> None:
        try:
            with smtplib.SMTP(*self._where, timeout=self._timeout_s) as connection:
                connection.send_message(compose(letter, self._sender))
        except smtplib.SMTPRecipientsRefused as error:
            code = next(iter(error.recipients.values()))[0]
            if code >= 500:
                raise AddressRefused(str(code)) from error
            raise Unavailable("the mail server asks to wait") from error
        except (OSError, smtplib.SMTPException) as error:
            raise Unavailable("the mail server is not answering") from error


class FolderSender:
    """Writes each letter once to a folder, named by its reference: sending it again changes nothing."""

    def __init__(self, folder: Path, sender: str):
        self.folder = folder
        self._sender = sender
        folder.mkdir(parents=True, exist_ok=True)

    def send(self, letter: Letter) -> None:
        path = self.folder / f"{letter.reference}.eml"
        if path.exists():
            return
        fresh = path.with_suffix(".new")
        fresh.write_bytes(compose(letter, self._sender).as_bytes())
        fresh.replace(path)
