"""What can be asked of consents.

A guardian gets own children (those for whom they may answer) and own answers alone, and nothing that
another adult could change: no state, no count, no word about how many must answer. Staff get the state of each child;
by name only who answers for the whole school.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from chassis.auth import Principal
from chassis.errors import NotFound
from chassis.unit_of_work import UnitOfWork
from services.profiles.classes.queries import WHOLE_SCHOOL, list_classes, list_pupils
from services.profiles.consents.actions import is_open
from services.profiles.consents.models import Consent, ConsentAnswer, ConsentAnswerChange, ConsentPupil
from services.profiles.consents.rules import state_of
from services.profiles.people.models import Guardian, Pupil
from services.profiles.relationships.queries import list_children, list_holders

MOST = 100
Children = Sequence[tuple[Pupil, Mapping[str, bool]]]


def list_consents(uow: UnitOfWork, caller: Principal) -> list[dict[str, Any]]:
    """The questions that concern this caller, newest first."""
    if caller.hat == "guardian":
        return list_mine(uow, caller.person_id, list_children(uow, caller.person_id, "consent"))
    wanted = sa.select(Consent).order_by(Consent.id.desc()).limit(MOST)
    if not caller.is_any(*WHOLE_SCHOOL):
        wanted = wanted.where(Consent.id.in_(
            sa.select(ConsentPupil.consent_id).where(ConsentPupil.school_id == uow.school,
                                                     ConsentPupil.pupil_id.in_(_taught(uow, caller)))))
    return [_for_staff(uow, consent) for consent in uow.all(wanted)]


def get_consent(uow: UnitOfWork, caller: Principal, consent_id: str) -> dict[str, Any]:
    """One question as this caller sees it; NotFound for everybody else."""
    consent: Consent | None = uow.get(Consent, consent_id)
    if consent is None:
        raise NotFound()
    if caller.hat != "guardian":
        return _in_full(uow, caller, consent)
    mine = list_mine(uow, caller.person_id, list_children(uow, caller.person_id, "consent"), consent_id)
    if not mine:
        raise NotFound()
    return mine[0]


def list_mine(uow: UnitOfWork, guardian_id: str, children: Children,
              consent_id: str | None = None) -> list[dict[str, Any]]:
    """Questions about those of these children for whom the adult may answer, with the adult's own answers."""
    pupils = {pupil.id: pupil for pupil, may in children if may["consent"]}
    wanted = (sa.select(Consent, ConsentPupil.pupil_id).join(ConsentPupil, ConsentPupil.consent_id == Consent.id)
              .where(ConsentPupil.pupil_id.in_(pupils)).order_by(Consent.id.desc()).limit(MOST))
    if consent_id is not None:
        wanted = wanted.where(Consent.id == consent_id)
    asked = uow.rows(wanted) if pupils else []
    given = {(item.consent_id, item.pupil_id): item for item in uow.all(sa.select(ConsentAnswer).where(
        ConsentAnswer.guardian_id == guardian_id,
        ConsentAnswer.consent_id.in_({consent.id for consent, _pupil_id in asked})))} if asked else {}
    found: dict[str, dict[str, Any]] = {}
    for consent, pupil_id in asked:
        item = found.setdefault(consent.id, {**_question(uow, consent), "pupils": []})
        item["pupils"].append({"pupil": pupils[pupil_id], **_own(given.get((consent.id, pupil_id)))})
    for item in found.values():
        item["pupils"].sort(key=lambda one: (one["pupil"].given_name, one["pupil"].id))
    return list(found.values())


def list_unanswered(uow: UnitOfWork, guardian_id: str, children: Children) -> list[dict[str, Any]]:
    """Open questions that this adult has not answered for each of the children."""
    return [item for item in list_mine(uow, guardian_id, children)
            if item["is_open"] and any(one["answer"] is None for one in item["pupils"])]


def _question(uow: UnitOfWork, consent: Consent) -> dict[str, Any]:
    return {"id": consent.id, "title": consent.title, "words": consent.words, "closes_on": consent.closes_on,
            "is_open": is_open(uow, consent)}


def _own(given: ConsentAnswer | ConsentAnswerChange | None) -> dict[str, Any]:
    if given is None:
        return {"answer": None, "note": "", "answered_at": None}
    return {"answer": given.answer, "note": given.note, "answered_at": given.answered_at}


def _for_staff(uow: UnitOfWork, consent: Consent) -> dict[str, Any]:
    return {**_question(uow, consent), "class_ids": consent.class_ids, "needs": consent.needs,
            "asked_at": consent.asked_at, "ended_at": consent.ended_at}


def _in_full(uow: UnitOfWork, caller: Principal, consent: Consent) -> dict[str, Any]:
    """For staff: each child's state; for those who answer for the whole school, who said what."""
    whole = caller.is_any(*WHOLE_SCHOOL)
    wanted = (sa.select(Pupil).join(ConsentPupil, ConsentPupil.pupil_id == Pupil.id)
              .where(ConsentPupil.consent_id == consent.id, Pupil.status == "current")
              .order_by(Pupil.family_name, Pupil.given_name, Pupil.id))
    pupils = uow.all(wanted if whole else wanted.where(Pupil.id.in_(_taught(uow, caller))))
    if not pupils and not whole:
        raise NotFound()
    holders = list_holders(uow, [pupil.id for pupil in pupils], "consent")
    given: dict[str, dict[str, ConsentAnswer]] = {}
    for item in uow.all(sa.select(ConsentAnswer).where(ConsentAnswer.consent_id == consent.id)):
        given.setdefault(item.pupil_id, {})[item.guardian_id] = item
    shown = [{"pupil": pupil, "state": state_of(
        consent.needs, holders.get(pupil.id, []),
        {adult: item.answer for adult, item in given.get(pupil.id, {}).items()})} for pupil in pupils]
    if whole:
        _add_adults(uow, consent, shown, (holders, given))
    return {**_for_staff(uow, consent), "pupils": shown}


def _add_adults(uow: UnitOfWork, consent: Consent, shown: list[dict[str, Any]],
                known: tuple[Mapping[str, Sequence[str]], Mapping[str, Mapping[str, ConsentAnswer]]]) -> None:
    """Each adult's answer by name, and all that they said before; whoever has lost the right counts no more."""
    holders, given = known
    wanted = {adult for by_pupil in (holders, given) for adults in by_pupil.values() for adult in adults}
    names = {found.id: found for found in uow.all(sa.select(Guardian).where(Guardian.id.in_(wanted)))}
    said: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for change in uow.all(sa.select(ConsentAnswerChange).where(ConsentAnswerChange.consent_id == consent.id)
                          .order_by(ConsentAnswerChange.id)):
        said.setdefault((change.pupil_id, change.guardian_id), []).append(_own(change))
    for item in shown:
        pupil_id = item["pupil"].id
        may, answers = holders.get(pupil_id, []), given.get(pupil_id, {})
        adults = sorted((adult for adult in {*may, *answers} if adult in names),
                        key=lambda adult: (names[adult].family_name, names[adult].given_name, adult))
        item["adults"] = [{"guardian": names[adult], "counts": adult in may, **_own(answers.get(adult)),
                           "earlier": said.get((pupil_id, adult), [])[:-1]} for adult in adults]


def _taught(uow: UnitOfWork, caller: Principal) -> set[str]:
    """The children in this member of staff's own classes."""
    return {pupil.id for found in list_classes(uow, caller.person_id, caller.roles)
            for pupil in list_pupils(uow, found.id)}
