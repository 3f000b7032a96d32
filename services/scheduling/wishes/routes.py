"""The HTTP edge of wishes."""

from __future__ import annotations

import re
from typing import Any

import flask
from flask_smorest import Blueprint

from chassis.errors import Invalid
from chassis.unit_of_work import UnitOfWork
from chassis.web import allow, principal
from services.scheduling.wishes import actions, forms, marks, queries
from services.scheduling.wishes.rules import Limits
from services.scheduling.wishes.schemas import (
    FormListSchema,
    FormQuerySchema,
    MarkChangeSchema,
    MarkListSchema,
    ShownWishFormSchema,
    WishFormSchema,
)

GUARDIAN, OFFICE = "guardian", "office"
room = Blueprint("wishes", __name__, url_prefix="/schools/<school>",
                 description="What teachers and families wish of an evening, before its times are made")


@room.route("/evenings/<evening_id>/marks")
@allow("staff")
@room.response(200, MarkListSchema)
def list_marks(uow: UnitOfWork, evening_id: str) -> dict[str, Any]:
    """The children about whom I see families that evening, with what I marked and who asks for another day."""
    return marks.list_mine(uow, evening_id, principal().person_id)


@room.route("/evenings/<evening_id>/marks/<pupil_id>", methods=["PUT"])
@allow("staff")
@room.arguments(MarkChangeSchema)
@room.response(200, MarkListSchema)
def set_mark(uow: UnitOfWork, body: dict[str, Any], evening_id: str, pupil_id: str) -> dict[str, Any]:
    """Please come, no need this time, or neither; 409 once wishes have ended."""
    me = principal().person_id
    marks.set_mark(uow, me, (evening_id, pupil_id), (body["mark"], body["sentence"]))
    return marks.list_mine(uow, evening_id, me)


@room.route("/evenings/<evening_id>/wishes")
@allow("guardian")
@room.response(200, ShownWishFormSchema)
def show_wishes(uow: UnitOfWork, evening_id: str) -> Any:
    """My own form: my children's teachers, what they marked, and what I said; its ETag is its version."""
    return _shown(uow, evening_id, principal().person_id, GUARDIAN)


@room.route("/evenings/<evening_id>/wishes", methods=["PUT"])
@allow("guardian")
@room.arguments(WishFormSchema)
@room.response(200, ShownWishFormSchema)
def save_wishes(uow: UnitOfWork, body: dict[str, Any], evening_id: str) -> Any:
    """Save my form anew as a whole (If-Match); 412 when it was changed since, 409 when the time for it is over."""
    return _save(uow, body, evening_id, (principal().person_id, GUARDIAN))


@room.route("/evenings/<evening_id>/forms")
@allow("office")
@room.arguments(FormQuerySchema, location="query")
@room.response(200, FormListSchema)
def list_forms(uow: UnitOfWork, query: dict[str, Any], evening_id: str) -> dict[str, Any]:
    """Who has answered and who has not, by name."""
    return forms.list_forms(uow, evening_id, query["answer"], query["limit"], query["after"])


@room.route("/evenings/<evening_id>/guardians/<guardian_id>/wishes")
@allow("office")
@room.response(200, ShownWishFormSchema)
def show_wishes_of(uow: UnitOfWork, evening_id: str, guardian_id: str) -> Any:
    """The form of an adult who rings or writes, as they would see it."""
    return _shown(uow, evening_id, guardian_id, OFFICE)


@room.route("/evenings/<evening_id>/guardians/<guardian_id>/wishes", methods=["PUT"])
@allow("office")
@room.arguments(WishFormSchema)
@room.response(200, ShownWishFormSchema)
def save_wishes_of(uow: UnitOfWork, body: dict[str, Any], evening_id: str, guardian_id: str) -> Any:
    """Save what that adult says (If-Match), also after the last day, until the times are made."""
    return _save(uow, body, evening_id, (guardian_id, OFFICE))


def _shown(uow: UnitOfWork, evening_id: str, guardian_id: str, reader: str) -> tuple[dict[str, Any], dict[str, str]]:
    found = queries.show_form(uow, evening_id, guardian_id, reader)
    return found, {"ETag": f'"{found["version"]}"'}


def _save(uow: UnitOfWork, body: dict[str, Any], evening_id: str, whose: tuple[str, str]) -> Any:
    """`whose` is a guardian and who enters it."""
    match = re.fullmatch(r'(?:W/)?"(\d{1,9})"', flask.request.headers.get("If-Match", "").strip())
    wanted = actions.Whose(evening_id, *whose, based_on=int(match.group(1)) if match else None)
    actions.save_wishes(uow, wanted, _read_answers(body))
    return _shown(uow, evening_id, *whose)


def _read_answers(body: dict[str, Any]) -> actions.Answers:
    children = {child["pupil_id"]: [(one["staff_id"], one["talk_about"].strip()) for one in child["wishes"]]
                for child in body["children"]}
    if len(children) < len(body["children"]):
        raise Invalid(errors={"/children": "A child is named twice here."})
    limits = Limits(body["earliest"], body["latest"], [(one["start"], one["end"]) for one in body["not_times"]])
    return actions.Answers(
        body["comes"], limits, body["how"], body["call_on"], body["needs"], children,
        [(one["starts_at"], one["ends_at"], one["site"]) for one in body["elsewhere"]])
