"""Putting deliveries on their way, taking them back, and noting how they ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from chassis.clock import new_id
from chassis.unit_of_work import UnitOfWork
from services.notifications.contacts.queries import list_people
from services.notifications.deliveries.events import delivery_withdrawn
from services.notifications.deliveries.models import Delivery
from services.notifications.deliveries.rules import EMAIL, NO_ADDRESS, Outcome, purpose_text


def queue_deliveries(uow: UnitOfWork, notices: Sequence[dict[str, Any]],
                     purposes: Mapping[str, Sequence[str]]) -> None:
    """An e-mail for each of these new notices; who has no address is noted as unreachable, for the office to see.

    `purposes` says for each kind which rights let a guardian have it: one of them is asked for again when it is sent.
    """
    if not notices:
        return
    people = list_people(uow, {notice["recipient_id"] for notice in notices})
    rows = []
    for notice in notices:
        person = people.get(notice["recipient_id"])
        reachable = person is None or bool(person.email)  # somebody not described yet is looked up again at the claim
        rows.append({
            "id": new_id(), "notice_id": notice["id"], "recipient_id": notice["recipient_id"],
            "recipient_hat": notice["recipient_hat"], "pupil_id": notice["pupil_id"],
            "purpose": purpose_text(purposes[notice["kind"]]), "channel": EMAIL,
            "state": "queued" if reachable else "unreachable", "due_at": uow.now if reachable else None,
            "attempts": 0, "claimed_until": None, "sent_at": None, "reason": None if reachable else NO_ADDRESS})
    uow.insert(Delivery, rows)


def withdraw_deliveries(uow: UnitOfWork, notice_ids: Sequence[str], cause: str) -> None:
    """Take back what is still queued for these notices. One that is being sent is asked again if it is repeated."""
    taken = uow.session.execute(
        sa.update(Delivery).where(Delivery.notice_id.in_(notice_ids), Delivery.state == "queued")
        .values(state="withdrawn", due_at=None, reason=cause).returning(Delivery.id, Delivery.notice_id),
        execution_options={"synchronize_session": False}).all()
    uow.record(*(delivery_withdrawn(row.id, row.notice_id, cause) for row in taken))


def list_due(uow: UnitOfWork, limit: int) -> Sequence[Delivery]:
    """What may be taken now: never tried, due again, or left by a sender that ended. Rows of others are skipped."""
    return uow.all(sa.select(Delivery).where(Delivery.due_at <= uow.now)
                   .order_by(Delivery.due_at, Delivery.id).limit(limit).with_for_update(skip_locked=True))


def claim(row: Delivery, until: datetime) -> None:
    """Take a delivery for a while; when the while is over and nothing was recorded, it is due again."""
    row.state, row.attempts, row.due_at, row.claimed_until = "claimed", row.attempts + 1, until, until


def close(row: Delivery, state: str, reason: str | None = None) -> None:
    """Nothing more will be done with it."""
    row.state, row.reason, row.due_at, row.claimed_until = state, reason, None, None


def record_outcomes(uow: UnitOfWork, outcomes: Sequence[Outcome]) -> None:
    """Note how sending went. A row that was claimed anew in the meantime is its new claimant's to record."""
    rows = {row.id: row for row in uow.all(
        sa.select(Delivery).where(Delivery.id.in_([outcome.delivery_id for outcome in outcomes])))}
    for outcome in outcomes:
        row = rows.get(outcome.delivery_id)
        if row is None or row.state != "claimed" or row.attempts != outcome.attempts:
            continue
        if outcome.state == "sent":
            row.sent_at = uow.now
        if outcome.state != "queued":
            close(row, outcome.state, outcome.reason)
            continue
        row.state, row.claimed_until, row.reason = "queued", None, outcome.reason
        row.due_at = uow.now + outcome.wait
        row.attempts -= outcome.is_untried


def has_due(uow: UnitOfWork) -> bool:
    return bool(uow.all(sa.select(Delivery.id).where(Delivery.due_at <= uow.now).limit(1)))
