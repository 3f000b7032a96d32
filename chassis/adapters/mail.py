"""Two adapters of the mail port: SMTP for real, and a folder for one machine (readable at /dev/mail there)."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from pathlib import Path

from chassis.errors import Unavailable
from chassis.mail import AddressRefused, Letter, compose


@dataclass(frozen=True, slots=True)
class Server:
    """Where mail is handed over. `tls`: 'none', 'starttls', or 'tls' from the start; `login`: a name and a password."""

    host: str
    port: int
    tls: str = "none"
    login: tuple[str, str] | None = None


class SmtpSender:
    """Real SMTP; one connection per letter, ten seconds at most."""

    def __init__(self, server: Server, sender: str, timeout_s: float = 10.0):
        self._server = server
        self._sender = sender
        self._timeout_s = timeout_s

    def _connect(self) -> smtplib.SMTP:
        where = (self._server.host, self._server.port)
        if self._server.tls == "tls":
            return smtplib.SMTP_SSL(*where, timeout=self._timeout_s, context=ssl.create_default_context())
        return smtplib.SMTP(*where, timeout=self._timeout_s)

    def send(self, letter: Letter) -> None:
        try:
            with self._connect() as connection:
                if self._server.tls == "starttls":
                    connection.starttls(context=ssl.create_default_context())
                if self._server.login:
                    connection.login(*self._server.login)
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
