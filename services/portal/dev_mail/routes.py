"""Reading the local outbox folder."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any, cast

import flask

from chassis.errors import NotFound
from services.portal.accounts.queries import Visitor
from services.portal.visiting import for_whom
from services.portal.wiring import portal

room = flask.Blueprint("dev_mail", __name__, template_folder="templates", url_prefix="/dev/mail")
MOST = 200
NAME = re.compile(r"[A-Za-z0-9-]{1,80}")
LINK = re.compile(r"(https?://\S+)")


@dataclass(frozen=True, slots=True)
class Opened:
    """A letter of the folder."""

    name: str
    to: str
    subject: str
    at: datetime
    text: str
    calendar: str

    @property
    def parts(self) -> list[tuple[bool, str]]:
        """The text cut at its links: (is a link, words)."""
        return [(bool(LINK.fullmatch(piece)), piece) for piece in LINK.split(self.text) if piece]


def _folder() -> Path:
    folder = portal().place.mail
    if folder is None:
        raise NotFound()
    return folder


def _open(path: Path) -> Opened:
    message = cast(EmailMessage, email.message_from_bytes(path.read_bytes(), policy=email.policy.default))
    text, calendar = message.get_body(("plain",)), message.get_body(("calendar",))
    for part in message.walk():
        if part.get_content_type() == "text/calendar":
            calendar = cast(EmailMessage, part)
    return Opened(path.stem, str(message["To"]), str(message["Subject"]),
                  datetime.fromtimestamp(path.stat().st_mtime, UTC), text.get_content() if text else "",
                  calendar.get_content() if calendar else "")


@room.get("")
@for_whom("anyone")
def show_all(_visitor: Visitor | None) -> Any:
    """The newest letters first."""
    paths = sorted(_folder().glob("*.eml"), key=lambda path: path.stat().st_mtime, reverse=True)[:MOST]
    return flask.render_template("dev_mail.html", letters=[_open(path) for path in paths])


@room.get("/<name>")
@for_whom("anyone")
def show_one(_visitor: Visitor | None, name: str) -> Any:
    path = _folder() / f"{name}.eml"
    if not NAME.fullmatch(name) or not path.is_file():
        raise NotFound()
    return flask.render_template("dev_mail_letter.html", letter=_open(path), back="/dev/mail")
