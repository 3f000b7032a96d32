"""What can be done about the agreement: write it, publish it, and answer it for oneself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from chassis.auth import Principal
from chassis.clock import new_id
from chassis.errors import Conflict, Invalid, NotFound, Stale
from chassis.unit_of_work import UnitOfWork
from services.profiles.agreements.events import agreement_agreed, agreement_published
from services.profiles.agreements.models import Agreement, AgreementAnswer
from services.profiles.agreements.queries import find_current, find_draft
from services.profiles.agreements.rules import AGREED, PROMISERS, is_empty
from services.profiles.people.models import Pupil
from services.profiles.signed import ALL, SCHOOL, voice_of


@dataclass(frozen=True, slots=True)
class GiveWord:
    """What somebody says to a version, about one child."""

    pupil_id: str
    number: int
    answer: str
    words: str
    audience: str | None


def write_draft(uow: UnitOfWork, text: Mapping[str, Any], based_on: int, by: str) -> None:
    """Keep what is being written; Stale when somebody else has written since. Nobody is asked about a draft."""
    draft = _draft(uow, based_on)
    if draft is None:
        number = 1 + (uow.session.scalar(sa.select(sa.func.max(Agreement.number))) or 0)
        draft = Agreement(id=new_id(), number=number, revision=0, published_at=None)
        uow.add(draft)
    draft.school, draft.home, draft.child = (list(text[name]) for name in PROMISERS)
    draft.revision += 1
    draft.written_by, draft.written_at = by, uow.now
    uow.flush()


def publish_draft(uow: UnitOfWork, based_on: int) -> None:
    """The draft is the agreement from now on, and every adult is asked anew; the one before stays as it was."""
    draft = _draft(uow, based_on)
    if draft is None:
        raise Conflict("There is no draft to publish. Write one first.")
    if is_empty({name: getattr(draft, name) for name in PROMISERS}):
        raise Invalid(errors={"/school": "Write at least one promise."})
    draft.published_at = uow.now
    pupil_ids = uow.all(sa.select(Pupil.id).where(Pupil.status == "current").order_by(Pupil.id))
    uow.record(agreement_published(uow, draft.id, pupil_ids))
    uow.flush()


def _draft(uow: UnitOfWork, based_on: int) -> Agreement | None:
    draft = find_draft(uow, lock=True)
    if based_on != (draft.revision if draft else 0):
        raise Stale()
    return draft


def answer_agreement(uow: UnitOfWork, caller: Principal, command: GiveWord) -> None:
    """Keep this person's word in place of the one before. It is told to nobody at home, and nothing depends on it."""
    current = find_current(uow)
    if current is None:
        raise NotFound()
    if command.number != current.number:
        raise Conflict("School has published a new agreement. Read it before you answer.")
    audience = _audience(caller, command.audience)
    given: AgreementAnswer | None = uow.session.scalars(sa.select(AgreementAnswer).where(
        AgreementAnswer.agreement_id == current.id, AgreementAnswer.pupil_id == command.pupil_id,
        AgreementAnswer.voice == voice_of(caller), AgreementAnswer.author_id == caller.person_id)).one_or_none()
    had_agreed = given is not None and given.answer == AGREED
    if given is None:
        given = AgreementAnswer(id=new_id(), pupil_id=command.pupil_id, voice=voice_of(caller),
                                author_id=caller.person_id, passed_at=None, agreement_id=current.id)
        uow.add(given)
    given.answer, given.words, given.audience, given.written_at = command.answer, command.words, audience, uow.now
    if command.answer == AGREED and not had_agreed:
        uow.record(agreement_agreed(uow, given))
    uow.flush()


def _audience(caller: Principal, wanted: str | None) -> str:
    """An adult's word is for school alone; a child says who may read theirs."""
    if caller.hat == "guardian":
        return SCHOOL
    if wanted is None or wanted not in (ALL, SCHOOL):
        raise Invalid(errors={"/audience": "Choose who may see this."})
    return wanted


def move_author(uow: UnitOfWork, from_id: str, to_id: str) -> None:
    """Two entries were one adult: the word of the one is the other's, unless they have said one themselves."""
    mine = AgreementAnswer.voice == "home"
    said = {(row.agreement_id, row.pupil_id)
            for row in uow.all(sa.select(AgreementAnswer).where(mine, AgreementAnswer.author_id == to_id))}
    for row in uow.all(sa.select(AgreementAnswer).where(mine, AgreementAnswer.author_id == from_id)):
        if (row.agreement_id, row.pupil_id) in said:
            uow.session.delete(row)
        else:
            row.author_id = to_id
