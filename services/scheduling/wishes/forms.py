"""Who has answered and who has not: the office's list, and whom a reminder reaches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from chassis.errors import Invalid, NotFound
from chassis.unit_of_work import UnitOfWork
from services.scheduling.evenings import queries as evenings
from services.scheduling.people import queries as people
from services.scheduling.reception.queries import adult_names
from services.scheduling.wishes.models import Wish, WishForm

NONE = "none"


def list_forms(uow: UnitOfWork, evening_id: str, answer: str | None, limit: int, after: str | None) -> dict[str, Any]:
    """The adults who may answer, by name, those with this answer if one is given; `after` is the last one's id."""
    people.PERMISSIONS.require_fresh(uow)
    evening = evenings.get_evening(uow, evening_id, evenings.Reader())
    if evening["way"] != "plan":
        raise NotFound()
    askable = list_askable(uow, evening_id)
    forms = {row.guardian_id: row for row in uow.all(sa.select(WishForm).where(WishForm.evening_id == evening_id))}
    answers = {one: answer_of(forms.get(one), children) for one, children in askable.items()}
    names = _list_adults(uow)
    order = sorted(askable, key=lambda one: (*names.get(one, ("", ""))[::-1], one))
    wanted = [one for one in order if answer in (None, answers[one])]
    shown = wanted[_place_after(order, wanted, after):][:limit + 1]
    children = _list_pupils(uow, [pupil_id for one in shown for pupil_id in askable[one]])
    wishes = _count_wishes(uow, evening_id, shown)
    return {
        "evening": evening, "after": shown[limit - 1] if len(shown) > limit else None,
        "answered": sum(one != NONE for one in answers.values()),
        "waiting": sum(one == NONE for one in answers.values()),
        "items": [{"guardian": _person(one, names), "answer": answers[one], "wishes": wishes.get(one, 0),
                   "children": [children[pupil_id] for pupil_id in askable[one]],
                   "entered_by": forms[one].entered_by if one in forms else None,
                   "changed_at": forms[one].changed_at if one in forms else None} for one in shown[:limit]]}


def list_askable(uow: UnitOfWork, evening_id: str) -> dict[str, list[str]]:
    """Who may answer for which of the invited children, as we can say it now."""
    found: dict[str, list[str]] = {}
    for pupil_id, family in people.list_families(uow, evenings.list_invited(uow, evening_id)).items():
        for guardian_id, rights in family.items():
            if rights.may_book:
                found.setdefault(guardian_id, []).append(pupil_id)
    return found


def list_silent(uow: UnitOfWork, evening_id: str) -> dict[str, list[str]]:
    """The adults who have not answered, each once: by a child of theirs for whom they have not."""
    forms = {row.guardian_id: row for row in uow.all(sa.select(WishForm).where(WishForm.evening_id == evening_id))}
    found: dict[str, list[str]] = {}
    for guardian_id, children in sorted(list_askable(uow, evening_id).items()):
        if answer_of(forms.get(guardian_id), children) == NONE:
            answered = forms[guardian_id].pupil_ids if guardian_id in forms else ()
            found.setdefault(next(one for one in children if one not in answered), []).append(guardian_id)
    return found


def answer_of(form: WishForm | None, children: Sequence[str]) -> str:
    """'yes', 'cannot', or 'none' while a child is left out."""
    return form.comes if form is not None and set(children) <= set(form.pupil_ids) else NONE


def _place_after(order: Sequence[str], wanted: Sequence[str], after: str | None) -> int:
    if after is None:
        return 0
    if after not in order:
        raise Invalid(errors={"/after": "Use the value of 'after' from the page before, or begin again."})
    place = order.index(after)
    return next((number for number, one in enumerate(wanted) if order.index(one) > place), len(wanted))


def _list_adults(uow: UnitOfWork) -> dict[str, tuple[str, str]]:
    adult = adult_names()
    return {row.id: (row.given_name, row.family_name) for row in uow.rows(
        sa.select(adult).where(adult.c.school_id == uow.school))}


def _person(guardian_id: str, names: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    given, family = names.get(guardian_id, ("", ""))
    return {"id": guardian_id, "given_name": given, "family_name": family}


def _list_pupils(uow: UnitOfWork, pupil_ids: Sequence[str]) -> dict[str, dict[str, str]]:
    pupil = people.pupil_names()
    return {row.id: {"id": row.id, "given_name": row.given_name, "family_name": row.family_name} for row in uow.rows(
        sa.select(pupil).where(pupil.c.school_id == uow.school, pupil.c.id.in_(pupil_ids)))}


def _count_wishes(uow: UnitOfWork, evening_id: str, guardian_ids: Sequence[str]) -> dict[str, int]:
    return {row.guardian_id: row.wishes for row in uow.rows(
        sa.select(Wish.guardian_id, sa.func.count().label("wishes")).where(
            Wish.evening_id == evening_id, Wish.guardian_id.in_(guardian_ids)).group_by(Wish.guardian_id))}
