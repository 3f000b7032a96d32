"""What can be done about consents: ask, answer, end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from chassis.clock import new_id
from chassis.envelope import Fact
from chassis.errors import Conflict, Invalid, NotFound
from chassis.timers import clear_timers, set_timer
from chassis.unit_of_work import UnitOfWork
from services.profiles.classes.queries import WHOLE_SCHOOL, list_classes, list_pupils
from services.profiles.consents.models import Consent, ConsentAnswer, ConsentAnswerChange, ConsentPupil
from services.profiles.consents.rules import closing_instant, fault_of_day
from services.profiles.people.events import state_version
from services.profiles.people.models import School

CLOSES = "consent-closes"


@dataclass(frozen=True, slots=True)
class AskConsent:
    """One question as the office wrote it."""

    title: str
    words: str
    class_ids: Sequence[str]
    needs: str
    closes_on: date
    asked_by: str


@dataclass(frozen=True, slots=True)
class GiveAnswer:
    """One adult's word about one child."""

    consent_id: str
    pupil_id: str
    guardian_id: str
    answer: str
    note: str


def ask_consent(uow: UnitOfWork, command: AskConsent) -> Consent:
    """Keep the question, set its end, and have each home told by a fact that carries none of its words."""
    school: School = uow.get(School)
    fault = fault_of_day(command.closes_on, uow.now, school.zone)
    if fault:
        raise Invalid(errors={"/closes_on": fault})
    pupil_ids = _pupils_of(uow, command.class_ids)
    consent = Consent(
        id=new_id(), title=command.title, words=command.words, class_ids=sorted(set(command.class_ids)),
        needs=command.needs, closes_on=command.closes_on, closes_at=closing_instant(command.closes_on, school.zone),
        asked_by=command.asked_by, asked_at=uow.now, ended_at=None)
    uow.add(consent, *(ConsentPupil(consent_id=consent.id, pupil_id=pupil_id) for pupil_id in pupil_ids))
    set_timer(uow, CLOSES, consent.id, consent.closes_at)
    uow.record(Fact("tandem.profiles.consent.asked.v1", consent.id, 1, {
        "consent_id": consent.id, "pupil_ids": pupil_ids, "closes_on": consent.closes_on.isoformat()},
        after=state_version(uow)))
    uow.flush()
    return consent


def _pupils_of(uow: UnitOfWork, class_ids: Sequence[str]) -> list[str]:
    known = {found.id for found in list_classes(uow, "", frozenset(WHOLE_SCHOOL))}
    if not set(class_ids) <= known:
        raise Invalid(errors={"/class_ids": "Choose from the school's classes."})
    found = {pupil.id for class_id in set(class_ids) for pupil in list_pupils(uow, class_id)}
    if not found:
        raise Invalid(errors={"/class_ids": "There is no child in these classes."})
    return sorted(found)


def answer_consent(uow: UnitOfWork, command: GiveAnswer) -> None:
    """Keep this adult's word in place of the one before, and both in the history; the same word twice is one."""
    consent = _find_locked(uow, command.consent_id)
    if uow.get(ConsentPupil, command.consent_id, command.pupil_id) is None:
        raise NotFound()
    if not is_open(uow, consent):
        raise Conflict("This question has closed. Ring the school office if something has changed.")
    key = (command.consent_id, command.pupil_id, command.guardian_id)
    given: ConsentAnswer | None = uow.get(ConsentAnswer, *key)
    if given is not None and (given.answer, given.note) == (command.answer, command.note):
        return
    about = dict(zip(("consent_id", "pupil_id", "guardian_id"), key, strict=True))
    said = {"answer": command.answer, "note": command.note, "answered_at": uow.now}
    if given is None:
        uow.add(ConsentAnswer(**about, **said))
    else:
        given.answer, given.note, given.answered_at = command.answer, command.note, uow.now
    uow.add(ConsentAnswerChange(id=new_id(), **about, **said))
    uow.record(Fact("tandem.profiles.consent.answered.v1", consent.id, 1, about, after=state_version(uow)))
    uow.flush()


def is_open(uow: UnitOfWork, consent: Consent) -> bool:
    """Whether it can be answered; its closing day is asked here too, because a timer may be late."""
    return consent.ended_at is None and uow.now < consent.closes_at


def end_consent(uow: UnitOfWork, consent_id: str) -> Consent:
    """End it before its day; answers stay as they are."""
    consent = _find_locked(uow, consent_id)
    if consent.ended_at is not None:
        raise Conflict("This has ended already.")
    _end(uow, consent)
    clear_timers(uow, CLOSES, consent.id)
    uow.flush()
    return consent


def close_consent(uow: UnitOfWork, consent_id: str) -> None:
    """Its day is over; one that was ended before is left as it is."""
    consent: Consent | None = uow.get(Consent, consent_id)
    if consent is not None and consent.ended_at is None:
        _end(uow, consent)


def _end(uow: UnitOfWork, consent: Consent) -> None:
    consent.ended_at = uow.now
    uow.record(Fact("tandem.profiles.consent.ended.v1", consent.id, 1, {"consent_id": consent.id},
                    after=state_version(uow)))


def _find_locked(uow: UnitOfWork, consent_id: str) -> Consent:
    """The question, locked until this is committed, so that no answer slips in beside its end."""
    found: Consent | None = uow.session.scalars(
        sa.select(Consent).where(Consent.id == consent_id).with_for_update()).one_or_none()
    if found is None:
        raise NotFound()
    return found


def move_answers(uow: UnitOfWork, from_id: str, to_id: str) -> None:
    """Two entries were one adult: an answer of the one is the other's; where both have answered, a no stands."""
    for row in uow.all(sa.select(ConsentAnswer).where(ConsentAnswer.guardian_id == from_id)):
        mine: ConsentAnswer | None = uow.get(ConsentAnswer, row.consent_id, row.pupil_id, to_id)
        if mine is None:
            uow.add(ConsentAnswer(consent_id=row.consent_id, pupil_id=row.pupil_id, guardian_id=to_id,
                                  answer=row.answer, note=row.note, answered_at=row.answered_at))
        elif row.answer == "no":
            mine.answer, mine.note, mine.answered_at = row.answer, row.note, row.answered_at
        uow.session.delete(row)
