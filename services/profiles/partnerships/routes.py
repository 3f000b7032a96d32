"""HTTP edge of the partnership loop."""

from __future__ import annotations

import re
from typing import Any

import flask
from flask_smorest import Blueprint

from chassis.unit_of_work import UnitOfWork
from chassis.web import allow, principal
from services.profiles.access.actions import note_read, note_reads
from services.profiles.partnerships import actions, closing, company, queries, schemas, showing, views
from services.profiles.safeguarding.actions import follow_loop

room = Blueprint("partnerships", __name__, url_prefix="/schools/<school>")
EVERYBODY = ("guardian", "staff", "pupil")
PART = "together"
LOOP = "/partnerships/<partnership_id>"


def _shown(uow: UnitOfWork, partnership_id: str) -> dict[str, Any]:
    follow_loop(uow, principal(), partnership_id)
    return showing.get_loop(uow, principal(), partnership_id)


def _answer(body: dict[str, Any]) -> actions.Answer:
    return actions.Answer(body["going_well"], body.get("worries", ""), body.get("support", ""), body.get("meeting"))


@room.route("/pupils/<pupil_id>/partnerships", methods=["POST"])
@allow(*EVERYBODY, right="reply", creates=True)
@room.arguments(schemas.LoopCreateSchema)
@room.response(201, schemas.LoopSchema)
def open_partnership(uow: UnitOfWork, body: dict[str, Any], pupil_id: str) -> dict[str, Any]:
    """Start: what goes well first, who is in it, and when we look again."""
    opened = actions.open_loop(uow, principal(), actions.Opening(
        pupil_id, body["audience"], body["is_child_in"], body["review_on"], _answer(body)))
    return showing.show_new(uow, principal(), opened)


@room.route("/pupils/<pupil_id>/partnerships")
@allow(*EVERYBODY, right="see", notes=True)
@room.response(200, schemas.LoopListSchema)
def list_partnerships(uow: UnitOfWork, pupil_id: str) -> dict[str, Any]:
    """The loops about a child that I am in, open ones first, and the day on which a new one would look again."""
    note_read(uow, principal(), pupil_id, PART)
    return queries.list_loops(uow, principal(), pupil_id)


@room.route("/partnerships")
@allow("staff", notes=True)
@room.response(200, schemas.LoopDueSchema)
def list_due(uow: UnitOfWork) -> dict[str, Any]:
    """Open loops that I lead or have joined, the next review first."""
    due = queries.list_due(uow, principal())
    note_reads(uow, principal(), [(item["pupil_id"], PART) for item in due])
    return {"items": due, "after": None}


@room.route("/partnerships/overdue")
@allow("head")
@room.response(200, schemas.LoopLateListSchema)
def list_overdue(uow: UnitOfWork) -> dict[str, Any]:
    """Open loops whose review has gone by: school's to answer for, by the children's names."""
    return {"items": queries.list_overdue(uow), "after": None}


@room.route(LOOP)
@allow(*EVERYBODY, notes=True)
@room.response(200, schemas.LoopSchema)
def show_partnership(uow: UnitOfWork, partnership_id: str) -> dict[str, Any]:
    """One loop, for those who are in it."""
    found = showing.get_loop(uow, principal(), partnership_id)
    note_read(uow, principal(), found["pupil_id"], PART)
    return found


@room.route(f"{LOOP}/answers", methods=["POST"])
@allow(*EVERYBODY, creates=True)
@room.arguments(schemas.LoopAnswerCreateSchema)
@room.response(201, schemas.LoopSchema)
def answer_partnership(uow: UnitOfWork, body: dict[str, Any], partnership_id: str) -> Any:
    """My own answer to the two questions."""
    entry = actions.answer_loop(uow, principal(), partnership_id, _answer(body), body["audience"])
    return _shown(uow, partnership_id), 201, {"ETag": f'"{entry.version}"'}


@room.route(f"{LOOP}/answers/mine", methods=["PUT"])
@allow(*EVERYBODY)
@room.arguments(schemas.LoopAnswerChangeSchema)
@room.response(200, schemas.LoopSchema)
def change_partnership_answer(uow: UnitOfWork, body: dict[str, Any], partnership_id: str) -> Any:
    """My own answer anew; 412 when it was changed since the version of If-Match."""
    entry = actions.change_answer(uow, principal(), partnership_id, _answer(body), _version_asked())
    return _shown(uow, partnership_id), 200, {"ETag": f'"{entry.version}"'}


def _version_asked() -> int | None:
    found = re.fullmatch(r'"(\d{1,9})"', flask.request.headers.get("If-Match", ""))
    return int(found.group(1)) if found else None


@room.route(f"{LOOP}/child", methods=["POST"])
@allow("guardian", "staff")
@room.response(200, schemas.LoopSchema)
def include_child(uow: UnitOfWork, partnership_id: str) -> dict[str, Any]:
    """The child is part of this from now on."""
    company.include_child(uow, principal(), partnership_id)
    return _shown(uow, partnership_id)


@room.route(f"{LOOP}/steps", methods=["POST"])
@allow(*EVERYBODY, creates=True)
@room.arguments(schemas.LoopStepCreateSchema)
@room.response(201, schemas.LoopSchema)
def add_partnership_step(uow: UnitOfWork, body: dict[str, Any], partnership_id: str) -> dict[str, Any]:
    """Who does what, by when."""
    actions.add_step(uow, principal(), partnership_id, actions.NewStep(**body))
    return _shown(uow, partnership_id)


@room.route(f"{LOOP}/steps/<step_id>", methods=["POST"])
@allow(*EVERYBODY)
@room.arguments(schemas.LoopStepMarkSchema)
@room.response(200, schemas.LoopSchema)
def mark_partnership_step(uow: UnitOfWork, body: dict[str, Any], partnership_id: str, step_id: str) -> dict[str, Any]:
    """Kept, or not yet."""
    actions.mark_step(uow, principal(), (partnership_id, step_id), body["state"])
    return _shown(uow, partnership_id)


@room.route(f"{LOOP}/views", methods=["POST"])
@allow("guardian", "staff", creates=True)
@room.arguments(schemas.LoopViewCreateSchema)
@room.response(201, schemas.LoopSchema)
def add_view(uow: UnitOfWork, body: dict[str, Any], partnership_id: str) -> dict[str, Any]:
    """We see it differently: my side's words, and the step on which we agree all the same."""
    views.add_view(uow, principal(), partnership_id, body["words"], actions.NewStep(**body["step"]))
    return _shown(uow, partnership_id)


@room.route(f"{LOOP}/views/<view_id>", methods=["POST"])
@allow("guardian", "staff", creates=True)
@room.arguments(schemas.LoopViewAnswerSchema)
@room.response(201, schemas.LoopSchema)
def answer_view(uow: UnitOfWork, body: dict[str, Any], partnership_id: str, view_id: str) -> dict[str, Any]:
    """My side's words beside the other's."""
    views.answer_view(uow, principal(), (partnership_id, view_id), body["words"])
    return _shown(uow, partnership_id)


@room.route(f"{LOOP}/notes", methods=["POST"])
@allow("guardian", "staff", creates=True)
@room.arguments(schemas.LoopNoteCreateSchema)
@room.response(201, schemas.LoopSchema)
def add_partnership_note(uow: UnitOfWork, body: dict[str, Any], partnership_id: str) -> dict[str, Any]:
    """What was said when we met."""
    views.add_note(uow, principal(), partnership_id, body["words"], body["meeting"])
    return _shown(uow, partnership_id)


@room.route(f"{LOOP}/joiners", methods=["POST"])
@allow("guardian", "staff", creates=True)
@room.arguments(schemas.LoopJoinerCreateSchema)
@room.response(201, schemas.LoopSchema)
def ask_to_join(uow: UnitOfWork, body: dict[str, Any], partnership_id: str) -> dict[str, Any]:
    """Ask for a third person."""
    company.ask_to_join(uow, principal(), partnership_id, body["role"], body["words"])
    return _shown(uow, partnership_id)


@room.route(f"{LOOP}/joiners/<joiner_id>", methods=["POST"])
@allow("staff", creates=True)
@room.arguments(schemas.LoopJoinerSettleSchema)
@room.response(200, schemas.LoopSchema)
def settle_joiner(uow: UnitOfWork, body: dict[str, Any], partnership_id: str, joiner_id: str) -> dict[str, Any]:
    """School says which of its people joins, or that somebody from outside does."""
    company.settle_joiner(uow, principal(), (partnership_id, joiner_id), body["staff_id"])
    return _shown(uow, partnership_id)


@room.route(f"{LOOP}/colleagues")
@allow("staff")
@room.response(200, schemas.LoopColleaguesSchema)
def list_colleagues(uow: UnitOfWork, partnership_id: str) -> dict[str, Any]:
    """Whom school can ask to join."""
    queries.find_loop(uow, principal(), partnership_id)
    return {"items": queries.list_colleagues(uow), "after": None}


@room.route(f"{LOOP}/close", methods=["POST"])
@allow(*EVERYBODY, creates=True)
@room.arguments(schemas.LoopCloseSchema)
@room.response(200, schemas.LoopSchema)
def close_partnership(uow: UnitOfWork, body: dict[str, Any], partnership_id: str) -> dict[str, Any]:
    """Close it with what helped, what did not yet, and a celebration or a new step."""
    closing.close_loop(uow, principal(), partnership_id, closing.Closing(**body))
    return _shown(uow, partnership_id)


@room.route(f"{LOOP}/thanks", methods=["POST"])
@allow(*EVERYBODY, creates=True)
@room.arguments(schemas.LoopThanksSchema)
@room.response(201, schemas.LoopSchema)
def give_thanks(uow: UnitOfWork, body: dict[str, Any], partnership_id: str) -> dict[str, Any]:
    """One line of thanks, once it is closed."""
    closing.give_thanks(uow, principal(), partnership_id, body["words"])
    return _shown(uow, partnership_id)
