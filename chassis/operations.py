"""The operator's room of every service: backlog, lag, dead letters, freshness; retry and discard.

Mounted by every service. `status` is one small answer per school; a dead letter shows where it came from and why it
stopped, never what it holds.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from chassis.db import dead_letters, freshness, offsets, outbox
from chassis.envelope import decode
from chassis.errors import Conflict, Invalid, NotFound, Problem
from chassis.inbox import apply_events, note_parked, reason_of, stored_record
from chassis.unit_of_work import UnitOfWork
from chassis.web import allow, principal, service

room = Blueprint("operations", __name__, url_prefix="/schools/<school>", description="For trust IT")


class DiscardSchema(Schema):
    reason = fields.String(required=True, validate=validate.Length(min=3, max=400))


class StatusSchema(Schema):
    school = fields.String(required=True)
    service = fields.String(required=True)
    outbox_backlog = fields.Integer(required=True)
    outbox_age_s = fields.Float(required=True, allow_none=True)
    dead_letters = fields.Integer(required=True)
    lag = fields.Integer(required=True)
    projection_age_s = fields.Float(required=True, allow_none=True)


class DeadLetterSchema(Schema):
    id = fields.String(required=True)
    direction = fields.String(required=True)
    topic = fields.String(required=True)
    partition = fields.Integer(required=True)
    position = fields.Integer(required=True)
    key = fields.String(required=True, allow_none=True)
    reason = fields.String(required=True)
    attempts = fields.Integer(required=True)
    state = fields.String(required=True)
    created_at = fields.AwareDateTime(required=True)


class DeadLetterListSchema(Schema):
    items = fields.List(fields.Nested(DeadLetterSchema), required=True)
    after = fields.String(required=True, allow_none=True)


class RetriedSchema(Schema):
    retried = fields.Integer(required=True)


@room.route("/status")
@allow("operator")
@room.response(200, StatusSchema)
def status(uow: UnitOfWork) -> dict[str, Any]:
    """Backlog and age of the outbox, lag, dead letters and the projection's age, for this school."""
    read = uow.connection.execute
    pending = read(sa.select(sa.func.count(), sa.func.min(outbox.c.created_at)).where(
        outbox.c.school_id == uow.school, outbox.c.published_at.is_(None))).one()
    dead = uow.connection.scalar(sa.select(sa.func.count()).select_from(dead_letters).where(
        dead_letters.c.school_id == uow.school, dead_letters.c.resolved_at.is_(None)))
    lag = uow.connection.scalar(sa.select(sa.func.sum(offsets.c.end_offset - offsets.c.next_offset)).where(
        offsets.c.school_id == uow.school, offsets.c.end_offset > offsets.c.next_offset))
    as_of = uow.connection.scalar(sa.select(sa.func.min(freshness.c.as_of)).where(
        freshness.c.school_id == uow.school))
    return {
        "school": uow.school, "service": service().name, "outbox_backlog": pending[0],
        "outbox_age_s": _age(pending[1], uow.now), "dead_letters": dead, "lag": int(lag or 0),
        "projection_age_s": _age(as_of, uow.now)}


def _age(instant: datetime | None, now: datetime) -> float | None:
    return None if instant is None else round((now - instant).total_seconds(), 1)


@room.route("/dead-letters")
@allow("operator")
@room.response(200, DeadLetterListSchema)
def list_dead_letters(uow: UnitOfWork) -> dict[str, Any]:
    """Open dead letters of the school, oldest first."""
    rows = uow.connection.execute(
        sa.select(dead_letters).where(dead_letters.c.school_id == uow.school, dead_letters.c.resolved_at.is_(None))
        .order_by(dead_letters.c.id).limit(200)).all()
    return {"items": rows, "after": None}


@room.route("/dead-letters/<letter_id>")
@allow("operator")
@room.response(200, DeadLetterSchema)
def show_dead_letter(uow: UnitOfWork, letter_id: str) -> Any:
    """Where one came from and why it stopped, never what it holds."""
    return _open_letter(uow, letter_id)


@room.route("/dead-letters/<letter_id>/retry", methods=["POST"])
@allow("operator")
@room.response(200, RetriedSchema)
def retry(uow: UnitOfWork, letter_id: str) -> dict[str, int]:
    """Try a dead letter again, then those of its key that waited behind it, in order."""
    letter = _open_letter(uow, letter_id, to_end=True)
    if letter.state != "dead":
        raise Conflict("This one waits behind an earlier event of its key. Retry that one.")
    return {"retried": _send_again(uow, letter) if letter.direction == "out" else _handle_again(uow, letter)}


@room.route("/dead-letters/<letter_id>/discard", methods=["POST"])
@allow("operator")
@room.arguments(DiscardSchema)
@room.response(200, RetriedSchema)
def discard(uow: UnitOfWork, body: dict[str, Any], letter_id: str) -> dict[str, int]:
    """Give a dead letter up, with a reason; those behind it of the same key go on."""
    letter = _open_letter(uow, letter_id, to_end=True)
    if letter.state != "dead":
        raise Conflict("This one waits behind an earlier event of its key. Discard that one.")
    _resolve(uow, letter.id, "discarded", body["reason"])
    if letter.direction == "out":
        uow.connection.execute(sa.update(outbox).where(outbox.c.seq == letter.position)
                               .values(published_at=uow.now, failed_at=None))
        return {"retried": 0}
    return {"retried": _handle_waiting(uow, letter)}


def _open_letter(uow: UnitOfWork, letter_id: str, to_end: bool = False) -> Any:
    """One that is open; if it is to end, nothing is parked behind it meanwhile."""
    asked = sa.select(dead_letters).where(dead_letters.c.school_id == uow.school, dead_letters.c.id == letter_id,
                                          dead_letters.c.resolved_at.is_(None))
    row = uow.connection.execute(asked.with_for_update() if to_end else asked).first()
    if row is None:
        raise NotFound()
    return row


def _send_again(uow: UnitOfWork, letter: Any) -> int:
    uow.connection.execute(sa.update(outbox).where(outbox.c.seq == letter.position).values(failed_at=None))
    _resolve(uow, letter.id, "retried", "")
    uow.after_commit.append(service().database.committed.set)
    return 1


def _handle_again(uow: UnitOfWork, letter: Any) -> int:
    """Apply a dead letter as if it came now; what still fails is refused in words and nothing of it stays.

    What may work in a moment (the state that it builds on is still on its way) is said as that.
    """
    try:
        _handle(uow, letter)
    except Exception as error:
        if isinstance(error, Problem) and error.worth_retrying:
            raise
        raise Invalid(f"It still cannot be handled: {reason_of(error)}") from error
    return 1 + _handle_waiting(uow, letter)


def _handle_waiting(uow: UnitOfWork, head: Any) -> int:
    """Those that waited behind it, in order; one that fails is the new head, and the rest wait behind that."""
    waiting = uow.connection.execute(
        sa.select(dead_letters).where(
            dead_letters.c.school_id == uow.school, dead_letters.c.topic == head.topic, dead_letters.c.key == head.key,
            dead_letters.c.resolved_at.is_(None), dead_letters.c.id != head.id)
        .order_by(dead_letters.c.partition, dead_letters.c.position)).all()
    for done, letter in enumerate(waiting):
        try:
            with uow.session.begin_nested():
                _handle(uow, letter)
        except Exception as error:
            uow.connection.execute(
                sa.update(dead_letters)
                .where(dead_letters.c.school_id == uow.school, dead_letters.c.id == letter.id)
                .values(state="dead", reason=reason_of(error)[:500], attempts=letter.attempts + 1))
            note_parked(uow, service().subscriptions, stored_record(letter))
            return done
    return len(waiting)


def _handle(uow: UnitOfWork, letter: Any) -> None:
    apply_events(uow, service().subscriptions, [decode(stored_record(letter))])
    uow.flush()
    _resolve(uow, letter.id, "retried", "")


def _resolve(uow: UnitOfWork, letter_id: str, state: str, resolution: str) -> None:
    uow.connection.execute(
        sa.update(dead_letters).where(dead_letters.c.school_id == uow.school, dead_letters.c.id == letter_id)
        .values(state=state, resolved_at=uow.now, resolution=f"{principal().account_id}: {resolution}"[:500]))
