"""Putting deliveries on their way, taking them back, and noting how they ended."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from chassis.clock import new_id
from chassis.unit_of_work import UnitOfWork
from services.notifications.contacts.queries import list_people
from services.notifications.deliveries.events import delivery_withdrawn
from services.notifications.deliveries.models import Delivery
from services.notifications.deliveries.rules import (
    EMAIL,
    GOOD_NEWS,
    NO_ADDRESS,
    UNWANTED,
    Outcome,
    goes_at_once,
    letter_key,
    purpose_text,
)
from services.notifications.preferences.queries import AS_USUAL, Wish, list_wishes

# Made once: the post looks after every few facts.
_IS_DUE = Delivery.due_at <= sa.bindparam("now")
ANY_DUE = sa.select(Delivery.id).where(_IS_DUE).limit(1)
DUE = (sa.select(Delivery).where(_IS_DUE).order_by(Delivery.due_at, Delivery.id).limit(sa.bindparam("most"))
       .with_for_update(skip_locked=True))
JOINING = DUE.where(
    Delivery.recipient_id.in_(sa.bindparam("readers", expanding=True)),
    Delivery.id.not_in(sa.bindparam("known", expanding=True)),
    sa.or_(Delivery.letter_id.in_(sa.bindparam("again", expanding=True)), sa.and_(
        Delivery.letter_id.is_(None), Delivery.letter_key != Delivery.id, sa.or_(
            Delivery.letter_key.in_(sa.bindparam("keys", expanding=True)),
            Delivery.recipient_id.in_(sa.bindparam("patient", expanding=True))))))
THESE = sa.select(Delivery).where(Delivery.id.in_(sa.bindparam("ids", expanding=True)))


def queue_deliveries(uow: UnitOfWork, notices: Sequence[dict[str, Any]],
                     purposes: Mapping[str, Sequence[str]]) -> None:
    """An e-mail for each of these notices, as its reader wishes; an adult without an address is noted as unreachable.

    `purposes` says for each kind which rights let a guardian have it: one of them is asked for again when it is sent.
    """
    if not notices:
        return
    recipients = {notice["recipient_id"] for notice in notices}
    people, wishes = list_people(uow, recipients), list_wishes(uow, recipients)
    rows = []
    for notice in notices:
        person = people.get(notice["recipient_id"])
        reachable = person is None or bool(person.email)  # somebody not described yet is looked up again at the claim
        rows.append({**_row(notice, purposes), **_plan(
            uow.now, wishes.get(notice["recipient_id"], AS_USUAL), notice["kind"], reachable)})
    uow.insert(Delivery, rows)


def _row(notice: Mapping[str, Any], purposes: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    delivery_id = new_id()
    return {"id": delivery_id, "notice_id": notice["id"], "recipient_id": notice["recipient_id"],
            "recipient_hat": notice["recipient_hat"], "pupil_id": notice["pupil_id"],
            "purpose": purpose_text(purposes[notice["kind"]]), "channel": EMAIL, "attempts": 0, "claimed_until": None,
            "sent_at": None, "letter_key": letter_key(notice["kind"], notice["about_id"], delivery_id),
            "letter_id": None}


def _plan(now: datetime, wish: Wish, kind: str, reachable: bool) -> dict[str, Any]:
    """State, time and reason of a new delivery."""
    if wish.wants_none:
        return {"state": UNWANTED, "due_at": None, "reason": None}
    if not reachable:
        return {"state": "unreachable", "due_at": None, "reason": NO_ADDRESS}
    until = None if goes_at_once(kind) else wish.due_at(kind == GOOD_NEWS)
    return {"state": "queued", "due_at": until or now, "reason": None}


def plan_anew(uow: UnitOfWork, person_id: str, wish: Wish) -> None:
    """What is queued for an adult follows a new wish. What was tried already keeps its own patience."""
    queued = sa.update(Delivery).where(Delivery.recipient_id == person_id, Delivery.due_at.is_not(None),
                                       Delivery.state == "queued")
    if wish.wants_none:
        _change(uow, queued.values(state=UNWANTED, due_at=None))
        return
    untried = queued.where(Delivery.letter_key != Delivery.id, Delivery.attempts == 0)
    good = Delivery.letter_key.startswith(f"{GOOD_NEWS}:", autoescape=True)
    _change(uow, untried.where(good).values(due_at=wish.due_at(True) or uow.now))
    _change(uow, untried.where(~good).values(due_at=wish.due_at(False) or uow.now))


def _change(uow: UnitOfWork, change: sa.Update) -> None:
    uow.session.execute(change, execution_options={"synchronize_session": False})


def withdraw_deliveries(uow: UnitOfWork, notice_ids: Sequence[str], cause: str) -> None:
    """Take back what is still queued for these notices. One that is being sent is asked again if it is repeated."""
    taken = uow.session.execute(
        sa.update(Delivery).where(Delivery.notice_id.in_(notice_ids), Delivery.state == "queued")
        .values(state="withdrawn", due_at=None, reason=cause).returning(Delivery.id, Delivery.notice_id),
        execution_options={"synchronize_session": False}).all()
    uow.record(*(delivery_withdrawn(row.id, row.notice_id, cause) for row in taken))


def list_due(uow: UnitOfWork, limit: int) -> Sequence[Delivery]:
    """What may be taken now: never tried, due again, or left by a sender that ended. Rows of others are skipped."""
    return uow.all(DUE, now=uow.now, most=limit)


def list_joining(uow: UnitOfWork, due: Sequence[Delivery], patient: Collection[str], limit: int) -> Sequence[Delivery]:
    """What else is due and belongs into the letters of these: the same thing, the same try, the letter of the day
    or the week of those who are `patient`."""
    again = {row.letter_id for row in due if row.letter_id is not None}
    keys = {row.letter_key for row in due if row.letter_id is None and row.letter_key != row.id}
    if not again and not keys:
        return []
    return uow.all(JOINING, now=uow.now, most=limit, readers=list({row.recipient_id for row in due}),
                   known=[row.id for row in due], again=list(again), keys=list(keys), patient=list(patient))


def claim(row: Delivery, letter_id: str, until: datetime) -> None:
    """Take a delivery for a while; when the while is over and nothing was recorded, it is due again."""
    row.state, row.attempts, row.due_at, row.claimed_until = "claimed", row.attempts + 1, until, until
    row.letter_id = letter_id


def hold(row: Delivery, until: datetime) -> None:
    """Neither sent nor taken back: it is looked at again."""
    row.due_at = until


def close(row: Delivery, state: str, reason: str | None = None) -> None:
    """Nothing more will be done with it."""
    row.state, row.reason, row.due_at, row.claimed_until = state, reason, None, None


def record_outcomes(uow: UnitOfWork, outcomes: Sequence[Outcome]) -> None:
    """Note how sending went. A row that was claimed anew in the meantime is its new claimant's to record."""
    sent: dict[int, list[str]] = {}
    for outcome in outcomes:
        if outcome.state == "sent":
            sent.setdefault(outcome.attempts, []).append(outcome.delivery_id)
    for attempts, ids in sent.items():  # nearly all, and all alike
        _change(uow, sa.update(Delivery).where(
            Delivery.id.in_(ids), Delivery.state == "claimed", Delivery.attempts == attempts).values(
            state="sent", reason=None, due_at=None, claimed_until=None, sent_at=uow.now))
    rest = [outcome for outcome in outcomes if outcome.state != "sent"]
    rows = {row.id: row for row in uow.all(THESE, ids=[one.delivery_id for one in rest])} if rest else {}
    for outcome in rest:
        row = rows.get(outcome.delivery_id)
        if row is None or row.state != "claimed" or row.attempts != outcome.attempts:
            continue
        if outcome.state != "queued":
            close(row, outcome.state, outcome.reason)
            continue
        row.state, row.claimed_until, row.reason = "queued", None, outcome.reason
        row.due_at = uow.now + outcome.wait
        row.attempts -= outcome.is_untried


def has_due(uow: UnitOfWork) -> bool:
    return bool(uow.all(ANY_DUE, now=uow.now))
