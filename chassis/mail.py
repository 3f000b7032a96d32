"""The mail port; its adapters are in `chassis.adapters.mail`."""

from __future__ import annotations

from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import default
from email.utils import formatdate
from typing import Protocol

# A long address in a header stays whole: cut, it would be written in a way that mail programs don't read as a link.
WHOLE_LINES = default.clone(max_line_length=900)


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
    message = EmailMessage(WHOLE_LINES)
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
