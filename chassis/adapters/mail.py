"""Two adapters of the mail port: SMTP for real, and a folder for one machine (readable at /dev/mail there)."""

from __future__ import annotations

import smtplib
from pathlib import Path

from chassis.errors import Unavailable
from chassis.mail import AddressRefused, Letter, compose


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
