"""Claiming what is due: the last time that the right to receive is asked, and where the letter's parts are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chassis.unit_of_work import UnitOfWork
from services.notifications.contacts.queries import (
    Person,
    SchoolWords,
    allows,
    get_school,
    is_fresh,
    list_given_names,
    list_people,
    list_rights,
)
from services.notifications.deliveries.actions import claim, close, list_due
from services.notifications.deliveries.events import delivery_withdrawn
from services.notifications.deliveries.models import Delivery
from services.notifications.deliveries.rules import CLAIM, MAX_ATTEMPTS, NO_ADDRESS, purposes_of
from services.notifications.deliveries.words import Told, nameless
from services.notifications.notices.actions import withdraw_notices
from services.notifications.notices.queries import NoticeWords, list_words


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that is ours to send until `CLAIM` is over."""

    delivery_id: str
    attempts: int
    told: Told


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a batch's people, children, rights and notices."""

    notices: Mapping[str, NoticeWords]
    people: Mapping[str, Person]
    names: Mapping[str, str]
    rights: Mapping[tuple[str, str], dict[str, Any]]
    school: SchoolWords


def claim_due(uow: UnitOfWork, limit: int) -> list[Claimed]:
    """Claim what may be sent now, and close what may not. While our copy is too old nothing is claimed: all waits."""
    if not is_fresh(uow):
        return []
    due = list_due(uow, limit)
    if not due:
        return []
    known = _look_up(uow, due)
    lost = [row for row in due if not _may_be_told(uow, row, known)]
    for row in lost:
        close(row, "withdrawn", "right_ended")
        uow.record(delivery_withdrawn(row.id, row.notice_id, "right_ended"))
    withdraw_notices(uow, [row.notice_id for row in lost])
    claimed = []
    for row in due:
        if row.state == "withdrawn" or _is_hopeless(row, known.people.get(row.recipient_id)):
            continue
        claim(row, uow.now + CLAIM)
        claimed.append(Claimed(row.id, row.attempts, _told(row, known)))
    return claimed


def _look_up(uow: UnitOfWork, due: Sequence[Delivery]) -> Known:
    pupils = {row.pupil_id for row in due if row.pupil_id}
    return Known(list_words(uow, {row.notice_id for row in due}), list_people(uow, {row.recipient_id for row in due}),
                 list_given_names(uow, pupils), list_rights(uow, pupils), get_school(uow))


def _may_be_told(uow: UnitOfWork, row: Delivery, known: Known) -> bool:
    notice = known.notices.get(row.notice_id)
    if notice is None or notice.withdrawn_at is not None:
        return False
    if row.recipient_hat == "staff":
        return True
    return allows(known.rights.get((row.pupil_id or "", row.recipient_id)), purposes_of(row.purpose), uow.now)


def _is_hopeless(row: Delivery, person: Person | None) -> bool:
    """Whether there is nobody to send it to, or too many tries have ended without a word."""
    if person is None or not person.is_current or not person.email:
        close(row, "unreachable", NO_ADDRESS)
    elif row.attempts >= MAX_ATTEMPTS:
        close(row, "failed", "every try ended its sender")
    else:
        return False
    return True


def _told(row: Delivery, known: Known) -> Told:
    notice, person = known.notices[row.notice_id], known.people[row.recipient_id]
    child = known.names.get(row.pupil_id or "") or nameless(row.recipient_hat)
    return Told(notice.kind, notice.about_id, notice.data, row.pupil_id, child, row.recipient_hat, person.given_name,
                person.email or "", known.school.name, known.school.zone)
