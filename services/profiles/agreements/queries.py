"""What can be asked of the agreement. An adult finds the text, their own word and what the child lets them read.

Staff find who has agreed, by name; nobody is counted, and nobody is listed for not having answered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from chassis.auth import Principal
from chassis.unit_of_work import UnitOfWork
from services.profiles.agreements.models import Agreement, AgreementAnswer
from services.profiles.agreements.rules import AGREED, PROMISERS, START
from services.profiles.classes.queries import get_class, list_pupils
from services.profiles.parts import part
from services.profiles.signed import list_names, readable, signature, voice_of

MOST_VERSIONS = 50


def find_current(uow: UnitOfWork) -> Agreement | None:
    """The version that holds now."""
    return uow.session.scalars(sa.select(Agreement).where(Agreement.published_at.is_not(None))
                               .order_by(Agreement.number.desc()).limit(1)).one_or_none()


def find_draft(uow: UnitOfWork, lock: bool = False) -> Agreement | None:
    """The version that is being written."""
    wanted = sa.select(Agreement).where(Agreement.published_at.is_(None))
    return uow.session.scalars(wanted.with_for_update() if lock else wanted).one_or_none()


def _published(uow: UnitOfWork) -> Sequence[Agreement]:
    return uow.all(sa.select(Agreement).where(Agreement.published_at.is_not(None))
                   .order_by(Agreement.number.desc()).limit(MOST_VERSIONS))


def _text(row: Agreement) -> dict[str, Any]:
    return {**{name: getattr(row, name) for name in PROMISERS}, "id": row.id, "number": row.number,
            "published_at": row.published_at, "mine": None, "answers": []}


def show_school_agreement(uow: UnitOfWork) -> dict[str, Any]:
    """For whoever writes it: what holds, what is being written, what held before, and the trust's words to start."""
    texts, draft = [_text(row) for row in _published(uow)], find_draft(uow)
    return {"current": texts[0] if texts else None, "earlier": texts[1:], "draft": draft, "start": START}


def show_agreement(uow: UnitOfWork, caller: Principal, pupil_id: str) -> dict[str, Any]:
    """The agreement about one child: each version as it was, with what was said to it as far as the caller may read."""
    versions = _published(uow)
    answers = uow.all(sa.select(AgreementAnswer).where(
        AgreementAnswer.pupil_id == pupil_id, readable(AgreementAnswer, caller)).order_by(AgreementAnswer.id))
    names = list_names(uow, {row.author_id for row in answers})
    texts = [_with_answers(caller, row, answers, names) for row in versions]
    return {"current": texts[0] if texts else None, "earlier": texts[1:]}


def _with_answers(caller: Principal, version: Agreement, answers: Sequence[AgreementAnswer],
                  names: Mapping[str, str]) -> dict[str, Any]:
    shown = []
    mine = None
    for row in answers:
        if row.agreement_id != version.id:
            continue
        is_mine = row.voice == voice_of(caller) and row.author_id == caller.person_id
        found = {"answer": row.answer, "words": row.words, "signature": signature(caller, row, names),
                 "audience": row.audience if is_mine else None}
        if is_mine:
            mine = found
        elif row.answer == AGREED or row.words:  # that somebody has not agreed is nobody's list
            shown.append(found)
    return {**_text(version), "mine": mine, "answers": shown}


def list_class_agreed(uow: UnitOfWork, caller: Principal, class_id: str) -> list[dict[str, Any]]:
    """Each child of a class with the adults who have agreed to what holds now, by name."""
    get_class(uow, class_id, caller.person_id, caller.roles)
    pupils, current = list_pupils(uow, class_id), find_current(uow)
    rows = uow.all(sa.select(AgreementAnswer).where(
        AgreementAnswer.agreement_id == current.id, AgreementAnswer.answer == AGREED, AgreementAnswer.voice == "home",
        AgreementAnswer.pupil_id.in_([pupil.id for pupil in pupils]), readable(AgreementAnswer, caller))
        .order_by(AgreementAnswer.id)) if current else []
    names = list_names(uow, {row.author_id for row in rows})
    return [{"pupil": pupil, "adults": [names.get(row.author_id, "") for row in rows if row.pupil_id == pupil.id]}
            for pupil in pupils]


def select_part(uow: UnitOfWork, caller: Principal, pupil_id: str) -> list[sa.Select[Any]]:
    """The agreement that holds now, with the caller's own answer as its state; nothing until school has one."""
    mine = (sa.select(AgreementAnswer.answer).where(
        AgreementAnswer.school_id == uow.school, AgreementAnswer.agreement_id == Agreement.id,
        AgreementAnswer.pupil_id == pupil_id, AgreementAnswer.voice == voice_of(caller),
        AgreementAnswer.author_id == caller.person_id).correlate(Agreement).scalar_subquery())
    where = [Agreement.school_id == uow.school, Agreement.published_at.is_not(None)]
    return [part("agreement", 1, [Agreement.number.desc()], where, id=Agreement.id,
                 written_at=Agreement.published_at, state=mine)]


def list_held(uow: UnitOfWork, pupil_id: str, guardian_id: str) -> list[dict[str, Any]]:
    """For a copy of the record: what this adult has answered, and what the child lets them read."""
    adult = Principal("", uow.school, guardian_id, "guardian")
    rows = uow.rows(sa.select(AgreementAnswer, Agreement.number).join(
        Agreement, Agreement.id == AgreementAnswer.agreement_id).where(
        AgreementAnswer.pupil_id == pupil_id, readable(AgreementAnswer, adult)).order_by(AgreementAnswer.id))
    return [{"key": f"agreement:{row.id}", "section": "agreement", "says": {
        "On": row.written_at.date().isoformat(), "From": row.voice, "Version": str(number), "Answer": row.answer,
        **({"Words": row.words} if row.words else {})}} for row, number in rows]
