"""What somebody has signed: in whose voice, who may read it, and how its author is named to whom. For every room.

Three voices: the child, home (each adult for themselves) and school. An entry is for everybody who helps the child
('all'), for its author and school ('school'), or for its author alone until they say so ('only-me'). An entry that was
passed on to a safeguarding lead is nobody's but its author's, whose own screen does not change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from marshmallow import Schema, fields, validate
from sqlalchemy.orm import Mapped, declarative_mixin, mapped_column

from chassis.auth import Principal
from chassis.db import Tenant
from chassis.unit_of_work import HERE, UnitOfWork
from services.profiles.people.models import Guardian, Pupil, StaffMember

VOICES = {"pupil": "child", "guardian": "home", "staff": "school"}
ALL, SCHOOL, ONLY_ME = "all", "school", "only-me"
AUDIENCES = (ALL, SCHOOL, ONLY_ME)


@declarative_mixin
class Signed(Tenant):
    """The columns of everything that is signed."""

    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    pupil_id: Mapped[str] = mapped_column(sa.String(36))
    voice: Mapped[str] = mapped_column(sa.String(10))  # child | home | school
    author_id: Mapped[str] = mapped_column(sa.String(36))
    audience: Mapped[str] = mapped_column(sa.String(10))  # all | school | only-me
    written_at: Mapped[datetime]
    passed_at: Mapped[datetime | None]  # when it was passed on to a safeguarding lead


@dataclass(frozen=True, slots=True)
class Passed:
    """What a safeguarding lead is handed of an entry: its words as they stood, and whose they are.

    `about_id` is what others were told about because of it; the entry itself when it is empty. `is_whole` says that all
    of that is its author's alone now, and not this entry in it.
    """

    kind: str
    pupil_id: str
    voice: str
    author_id: str
    words: str
    written_at: datetime
    about_id: str = ""
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class Stands:
    """How an entry that was passed on stands now, for the room that keeps it: `is_taken_back` by its author."""

    words: str
    by_id: str
    is_taken_back: bool = False


def voice_of(caller: Principal) -> str:
    """In which voice this caller speaks."""
    return VOICES[caller.hat]


def readable(model: type[Any], caller: Principal) -> sa.ColumnElement[bool]:
    """The entries that this caller may read, of a child whom they may see (which is asked elsewhere)."""
    own = sa.and_(model.voice == voice_of(caller), model.author_id == caller.person_id)
    audiences = (ALL, SCHOOL) if caller.hat == "staff" else (ALL,)
    return sa.or_(own, sa.and_(model.audience.in_(audiences), model.passed_at.is_(None)))


def pass_on(uow: UnitOfWork, row: Any, kind: str, words: str) -> Passed:
    """Take an entry off everybody's screens but its author's, and hand over what it said."""
    row.passed_at = uow.now
    return Passed(kind, row.pupil_id, row.voice, row.author_id, words, row.written_at)


class SignatureSchema(Schema):
    """Whose words these are, as the caller may know it."""

    voice = fields.String()
    by = fields.String(allow_none=True)
    is_mine = fields.Boolean()
    at = fields.AwareDateTime(allow_none=True)


def sign(uow: UnitOfWork, caller: Principal, rows: Iterable[Any]) -> list[dict[str, Any]]:
    """The signature of each of these rows (`Signed`, or anything with its columns), in order, in one read.

    A member of staff is named to everybody, and so is the child. An adult at home is named to staff alone: to other
    adults and to the child the words are 'from home', so that nobody learns anything of another home.
    """
    rows = list(rows)
    names = list_names(uow, {row.author_id for row in rows})
    return [signature(caller, row, names) for row in rows]


def signature(caller: Principal, row: Any, names: Mapping[str, str]) -> dict[str, Any]:
    is_mine = row.author_id == caller.person_id and row.voice == voice_of(caller)
    is_named = row.voice != "home" or caller.hat == "staff"
    return {"voice": row.voice, "by": names.get(row.author_id) if is_named or is_mine else None, "is_mine": is_mine,
            "at": row.written_at}


NAMES = sa.union_all(*[
    sa.select(model.id, model.given_name, sa.literal("") if model is Pupil else model.family_name)
    .where(model.school_id == HERE, model.id.in_(sa.bindparam("ids", expanding=True)))
    for model in (StaffMember, Guardian, Pupil)])


def list_names(uow: UnitOfWork, ids: Iterable[str]) -> dict[str, str]:
    """The names of people by id: a child by the given name, adults in full."""
    wanted: Sequence[str] = sorted(set(ids))
    if not wanted:
        return {}
    return {id_: f"{given} {family}".strip() for id_, given, family in uow.rows(NAMES, ids=wanted)}


def words_field(limit: int, required: bool = True) -> fields.String:
    """Free text, kept as it was written: emoji, right-to-left text and what looks like HTML too."""
    least = 1 if required else 0
    return fields.String(required=required, validate=[
        validate.Length(min=least, max=limit, error=f"Write something, in at most {limit:,} letters."),
        validate.Regexp(r"(?s).*\S", error="Write something.") if required else validate.Length(max=limit)])


def audience_field(*audiences: str) -> fields.String:
    """Who may read it; there is no default: whoever writes says so."""
    return fields.String(required=True, validate=validate.OneOf(audiences or AUDIENCES))


def move_signed(uow: UnitOfWork, model: type[Any], from_id: str, to_id: str) -> None:
    """Two entries were one adult: what the one has signed is the other's own."""
    uow.session.execute(sa.update(model).where(model.voice == "home", model.author_id == from_id)
                        .values(author_id=to_id), execution_options={"synchronize_session": False})
