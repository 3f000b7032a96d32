"""A small service of no school's making, to test the chassis with: it keeps words, and announces them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate
from sqlalchemy.orm import Mapped, mapped_column

from chassis.auth import Principal, TokenReader
from chassis.bus import BusError, Outcome, Outgoing
from chassis.clock import new_id
from chassis.db import Rows, Tenant, metadata
from chassis.envelope import Event, Fact
from chassis.errors import NotFound
from chassis.inbox import Subscriptions
from chassis.migrate import create_technical
from chassis.permissions import PermissionColumns
from chassis.unit_of_work import Database, UnitOfWork
from chassis.web import Service, allow


class Base(Rows):
    __abstract__ = True
    metadata = metadata()


class Word(Tenant, Base):
    __tablename__ = "words"

    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    says: Mapped[str]


class Scrap(Tenant, Base):
    """A row with something of every kind, which may be missing."""

    __tablename__ = "scraps"

    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    count: Mapped[int | None]
    is_kept: Mapped[bool | None]
    on: Mapped[date | None]
    at: Mapped[datetime | None]
    raw: Mapped[bytes | None]
    more: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON)


class Permission(PermissionColumns, Base):
    """The copy of who may do what, of a service that is not here."""

    __tablename__ = "permissions"


class WordSchema(Schema):
    says = fields.String(required=True, validate=validate.Length(min=1, max=50))
    id = fields.String(dump_only=True)


room = Blueprint("words", __name__, url_prefix="/schools/<school>")


def keep_word(uow: UnitOfWork, says: str, key: str = "k") -> Word:
    word = Word(id=new_id(), says=says)
    uow.insert(Word, [{"id": word.id, "says": says}])
    uow.record(Fact("tandem.words.word.kept.v1", key, 1, {"id": word.id}))
    return word


@room.route("/words", methods=["POST"])
@allow("guardian", creates=True)
@room.arguments(WordSchema)
@room.response(201, WordSchema)
def keep(uow: UnitOfWork, body: dict[str, Any]) -> Word:
    return keep_word(uow, body["says"])


@room.route("/words/<word_id>")
@allow("guardian", right="see", about="word_id")
@room.response(200, WordSchema)
def show(uow: UnitOfWork, word_id: str) -> Word:
    found = uow.get(Word, word_id)
    if found is None:
        raise NotFound()
    return found  # type: ignore[no-any-return]


def ask(_uow: UnitOfWork, caller: Principal, _right: str, about: str) -> None:
    """In this little house, the adult 'barred' may see nothing."""
    if caller.person_id == "barred":
        raise NotFound()


def on_word_kept(uow: UnitOfWork, events: Sequence[Event]) -> None:
    for item in events:
        if item.data.get("poison"):
            raise ValueError("this one cannot be handled")
        uow.add(Word(id=item.data["id"], says="heard"))


SUBSCRIPTIONS = Subscriptions((("words", "events"),), {"tandem.words.word.kept.v1": on_word_kept})


def create(database: Database) -> None:
    """The tables, as a migration would make them."""
    with database.engine.begin() as connection:
        create_technical(connection)
        Base.metadata.create_all(connection)


def wire(database: Database, public: dict[str, Any], clock: Any) -> Service:
    return Service("words", database, TokenReader(public, clock), [room], ask, lambda: ["oakfield", "elm"],
                   SUBSCRIPTIONS)


def words(database: Database, school: str = "oakfield") -> list[str]:
    with database.unit_of_work(school, write=False) as uow:
        return sorted(uow.all(sa.select(Word.says)))


class FakeProducer:
    """Keeps what it was sent; refuses what it is told to refuse."""

    def __init__(self) -> None:
        self.sent: list[Outgoing] = []
        self.refuse: dict[str, BusError] = {}

    def send(self, batch: Sequence[Outgoing], timeout_s: float) -> list[Outcome]:
        outcomes: list[Outcome] = []
        for record in batch:
            outcome = self.refuse.get(record.key)
            if outcome is None:
                self.sent.append(record)
            outcomes.append(outcome)
        return outcomes

    def close(self) -> None:
        pass
