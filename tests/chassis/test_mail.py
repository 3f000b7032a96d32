"""The two adapters of the mail port, against a mail server that is not ours and a folder."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any, cast

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from chassis.adapters.mail import FolderSender, Server, SmtpSender
from chassis.errors import Unavailable
from chassis.mail import AddressRefused, Letter, compose
from tests.parts.postgres import free_port

SENDER = "Tandem <no-reply@tandem.invalid>"
LETTER = Letter("d-1", "amira@families.invalid", "Sam: parents' evening", "Hello Amira\n",
                calendar=b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", unsubscribe_url="https://tandem.invalid/u")


@dataclass
class Mailbox:
    """What a mail server does with what it is handed."""

    messages: list[EmailMessage] = field(default_factory=list)
    logins: list[tuple[bytes, bytes]] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        if self.answers:
            return self.answers.pop()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        found = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.messages.append(cast(EmailMessage, found))
        return "250 OK"

    def authenticate(self, _server: Any, _session: Any, _envelope: Any, _way: str, given: LoginPassword) -> AuthResult:
        self.logins.append((given.login, given.password))
        return AuthResult(success=given.password == b"right")


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def server(mailbox: Mailbox) -> Iterator[Server]:
    controller = Controller(mailbox, hostname="127.0.0.1", port=free_port(), authenticator=mailbox.authenticate,
                            auth_require_tls=False)
    controller.start()
    yield Server("127.0.0.1", controller.port)
    controller.stop()


def test_a_letter_arrives_with_its_calendar_and_its_way_out(server: Server, mailbox: Mailbox) -> None:
    SmtpSender(server, SENDER).send(LETTER)
    (message,) = mailbox.messages
    assert (message["To"], message["Subject"], message["Message-ID"]) == (
        "amira@families.invalid", "Sam: parents' evening", "<d-1@tandem.invalid>")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    kinds = {part.get_content_type(): part.get_param("method") for part in message.walk()}
    assert kinds["text/calendar"] == "REQUEST"
    assert message.get_body(("plain",)).get_content().strip() == "Hello Amira"  # type: ignore[union-attr]


@pytest.mark.parametrize(("answer", "raised"), [("550 no such person", AddressRefused), ("451 later", Unavailable)])
def test_an_address_that_never_takes_mail_is_told_from_a_server_that_asks_to_wait(
        server: Server, mailbox: Mailbox, answer: str, raised: type[Exception]) -> None:
    mailbox.answers = [answer]
    with pytest.raises(raised):
        SmtpSender(server, SENDER).send(LETTER)
    assert mailbox.messages == []


def test_a_server_that_is_away_may_come_back() -> None:
    with pytest.raises(Unavailable):
        SmtpSender(Server("127.0.0.1", free_port()), SENDER).send(LETTER)


def test_we_say_who_we_are_where_that_is_asked(server: Server, mailbox: Mailbox) -> None:
    SmtpSender(Server(server.host, server.port, login=("tandem", "right")), SENDER).send(LETTER)
    with pytest.raises(Unavailable):
        SmtpSender(Server(server.host, server.port, login=("tandem", "wrong")), SENDER).send(LETTER)
    assert (mailbox.logins[0], len(mailbox.messages)) == ((b"tandem", b"right"), 1)


@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_a_letter_that_must_be_kept_secret_is_not_sent_in_the_open(
        server: Server, mailbox: Mailbox, tls: str) -> None:
    with pytest.raises(Unavailable):
        SmtpSender(Server(server.host, server.port, tls), SENDER).send(LETTER)
    assert mailbox.messages == []


def test_the_folder_keeps_a_letter_once(tmp_path: Path) -> None:
    sender = FolderSender(tmp_path, SENDER)
    sender.send(LETTER)
    sender.send(LETTER)
    assert [path.name for path in tmp_path.iterdir()] == ["d-1.eml"]


def test_a_long_link_for_stopping_e_mails_stays_whole() -> None:
    url = f"https://tandem.invalid/unsubscribe/oakfield-infant-school/{'k' * 43}"
    written = compose(Letter("r", "a@b.invalid", "s", "t", unsubscribe_url=url), "c@d.invalid").as_bytes().decode()
    assert f"\nList-Unsubscribe: <{url}>\n" in written
