"""Claiming what is due: the last time that the right to receive is asked, and where the letter's parts are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chassis.permissions import Answer
from chassis.unit_of_work import UnitOfWork
from services.notifications.contacts.queries import (
    STRANGERS,
    Person,
    SchoolWords,
    Standing,
    get_school,
    is_fresh,
    list_given_names,
    list_people,
    list_rights,
)
from services.notifications.deliveries.actions import claim, close, hold, list_due, list_joining
from services.notifications.deliveries.events import delivery_withdrawn
from services.notifications.deliveries.models import Delivery
from services.notifications.deliveries.rules import (
    CLAIM,
    HOLD,
    MAX_ATTEMPTS,
    NO_ADDRESS,
    UNWANTED,
    Part,
    gather,
    is_good_news,
    purposes_of,
)
from services.notifications.deliveries.words import Told, nameless
from services.notifications.notices.actions import withdraw_notices
from services.notifications.notices.queries import NoticeWords, list_words
from services.notifications.preferences.actions import ensure_tokens
from services.notifications.preferences.queries import AS_USUAL, Wish, list_wishes

JOINING = 200  # more of one day's letter than this goes into another letter
GUARDIAN = "guardian"


@dataclass(frozen=True, slots=True)
class Claimed:
    """One letter that is ours to send until `CLAIM` is over: what it tells, and the deliveries that it is.

    `parts` are the deliveries' ids with the number of this try.
    """

    reference: str
    parts: tuple[tuple[str, int], ...]
    told: tuple[Told, ...]
    unsubscribe: str | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What one look at what is due has brought; `looked_at` counts also what was closed or waits."""

    letters: Sequence[Claimed] = ()
    looked_at: int = 0


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a batch's people, children, rights and notices."""

    notices: Mapping[str, NoticeWords]
    people: Mapping[str, Person]
    names: Mapping[str, str]
    rights: Mapping[tuple[str, str], Standing]
    school: SchoolWords


def claim_due(uow: UnitOfWork, limit: int) -> Taken:
    """Claim what may be sent now, and close what may not. While our copy is too old nothing is claimed: all waits."""
    if not is_fresh(uow):
        return Taken()
    due = list(list_due(uow, limit))
    if not due:
        return Taken()
    wishes = list_wishes(uow, {row.recipient_id for row in due})
    due += list_joining(uow, due, [one for one, wish in wishes.items() if wish.digest_at or wish.week_at], JOINING)
    known = _look_up(uow, due)
    sendable = [row for row in _sift(uow, due, known) if not _is_hopeless(row, known, wishes)]
    return Taken(_gather(uow, sendable, known, wishes), len(due))


def _look_up(uow: UnitOfWork, due: Sequence[Delivery]) -> Known:
    pupils = {row.pupil_id for row in due if row.pupil_id}
    return Known(list_words(uow, {row.notice_id for row in due}), list_people(uow, {row.recipient_id for row in due}),
                 list_given_names(uow, pupils), list_rights(uow, pupils), get_school(uow))


def _sift(uow: UnitOfWork, due: Sequence[Delivery], known: Known) -> list[Delivery]:
    """Those that may be told now. What may not is withdrawn; what we cannot say of waits."""
    answers = {row.id: _answer(uow, row, known) for row in due}
    lost = [row for row in due if answers[row.id] is Answer.REFUSED]
    for row in lost:
        close(row, "withdrawn", "right_ended")
        uow.record(delivery_withdrawn(row.id, row.notice_id, "right_ended"))
    withdraw_notices(uow, [row.notice_id for row in lost], "right_ended")
    for row in due:
        if answers[row.id] is Answer.HELD:
            hold(row, uow.now + HOLD)
    return [row for row in due if answers[row.id] is Answer.ALLOWED]


def _answer(uow: UnitOfWork, row: Delivery, known: Known) -> Answer:
    notice = known.notices.get(row.notice_id)
    if notice is None or notice.withdrawn_at is not None:
        return Answer.REFUSED
    if row.recipient_hat != GUARDIAN:
        return Answer.ALLOWED
    standing = known.rights.get((row.pupil_id or "", row.recipient_id), STRANGERS)
    return standing.answer(purposes_of(row.purpose), uow.now)


def _is_hopeless(row: Delivery, known: Known, wishes: Mapping[str, Wish]) -> bool:
    """Whether its reader wants no letters, there is nobody to send it to, or too many tries ended without a word."""
    person = known.people.get(row.recipient_id)
    if wishes.get(row.recipient_id, AS_USUAL).wants_none:
        close(row, UNWANTED)
    elif person is None or not person.is_current or not person.email:
        close(row, "unreachable", NO_ADDRESS)
    elif row.attempts >= MAX_ATTEMPTS:
        close(row, "failed", "every try ended its sender")
    else:
        return False
    return True


def _gather(uow: UnitOfWork, rows: Sequence[Delivery], known: Known, wishes: Mapping[str, Wish]) -> list[Claimed]:
    """The letters that these deliveries make, claimed."""
    by_id = {row.id: row for row in rows}
    tokens = ensure_tokens(uow, {row.recipient_id for row in rows if row.recipient_hat == GUARDIAN})
    letters = gather([_part(row, wishes.get(row.recipient_id, AS_USUAL)) for row in rows])
    claimed = []
    for reference, ids in letters.items():
        mine = [by_id[delivery_id] for delivery_id in sorted(ids)]
        for row in mine:
            claim(row, reference, uow.now + CLAIM)
        token = tokens.get(mine[0].recipient_id)
        claimed.append(Claimed(reference, tuple((row.id, row.attempts) for row in mine),
                               tuple(_told(row, known) for row in mine), f"{uow.school}/{token}" if token else None))
    return claimed


def _part(row: Delivery, wish: Wish) -> Part:
    return Part(row.id, row.recipient_id, row.letter_key, row.letter_id, wish.digest_at is not None,
                wish.week_at is not None and is_good_news(row.letter_key))


def _told(row: Delivery, known: Known) -> Told:
    notice, person = known.notices[row.notice_id], known.people[row.recipient_id]
    child = known.names.get(row.pupil_id or "") or nameless(row.recipient_hat)
    return Told(notice.kind, notice.about_id, notice.data, row.pupil_id, child, row.recipient_hat, person.given_name,
                person.email or "", known.school.name, known.school.zone)
