"""What can be done with wishes: save an adult's form, remind once, and forget what may not be known any more."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from chassis.clock import new_id
from chassis.errors import Conflict, Invalid, NotFound, Stale
from chassis.timers import clear_timers, set_timer
from chassis.unit_of_work import UnitOfWork
from services.scheduling.evenings import queries as evenings
from services.scheduling.paging import Page
from services.scheduling.people import queries as people
from services.scheduling.tables import table_of
from services.scheduling.wishes import marks, queries
from services.scheduling.wishes.events import wishes_answered, wishes_reminded
from services.scheduling.wishes.forms import list_silent
from services.scheduling.wishes.models import Wish, WishForm, WishReminder
from services.scheduling.wishes.rules import (
    Limits,
    find_choice_faults,
    find_elsewhere_faults,
    find_time_faults,
    find_wish_faults,
    is_reminding_day,
    next_reminding,
    still_fits,
)

MORNING, SCHOOL, LATER = "wishes-morning", "school", timedelta(minutes=1)
MOST_EVENINGS = 100


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose form of which evening is saved, by whom ('guardian' or 'office'), and on which version it is based."""

    evening_id: str
    guardian_id: str
    entered_by: str
    based_on: int | None


@dataclass(frozen=True, slots=True)
class Answers:
    """A whole form. `wishes` are (teacher, what to talk about) by child, the most wanted first."""

    comes: str
    limits: Limits
    how: str
    call_on: str
    needs: Sequence[str]
    wishes: Mapping[str, Sequence[tuple[str, str]]]
    elsewhere: Sequence[tuple[datetime, datetime, str]]


def save_wishes(uow: UnitOfWork, whose: Whose, answers: Answers) -> None:
    """Save the form anew as a whole; saving the same again changes nothing, whatever it is based on.

    The adult's rights are held meanwhile, so that two who save at once, and the loss of a right, see each other.
    """
    people.hold_adults(uow, [whose.guardian_id])
    sheet = queries.open_sheet(uow, whose.evening_id, whose.guardian_id)
    if set(answers.wishes) - set(sheet.desks):
        raise NotFound()
    if whose.based_on is None:
        raise Invalid(errors={"/If-Match": "Say which version you have seen."})
    _require_open(uow, sheet, whose.entered_by)
    row = uow.get(WishForm, whose.evening_id, whose.guardian_id)
    fresh, wishes = _columns(answers, sheet), {one: list(said) for one, said in answers.wishes.items() if said}
    if row is not None and wishes == queries.list_given(uow, whose.evening_id, whose.guardian_id) and all(
            getattr(row, name) == value for name, value in fresh.items()):
        return
    if whose.based_on != (row.version if row is not None else 0):
        raise Stale()
    faults = _find_faults(answers, sheet)
    if faults:
        raise Invalid(" ".join(dict.fromkeys(faults.values())), faults)
    if row is None:
        row = WishForm(evening_id=whose.evening_id, guardian_id=whose.guardian_id, version=0)
        uow.add(row)
        uow.record(wishes_answered(sheet.evening, whose.guardian_id, sorted(sheet.desks)))
    for name, value in fresh.items():
        setattr(row, name, value)
    row.entered_by, row.version, row.changed_at = whose.entered_by, row.version + 1, uow.now
    _write_wishes(uow, whose, wishes)


def _require_open(uow: UnitOfWork, sheet: queries.Sheet, entered_by: str) -> None:
    if sheet.evening["state"] != "open":
        raise Conflict("The times of this evening are made. Change them on its page, or ring the school office.")
    if uow.now >= sheet.until(entered_by):
        raise Conflict("The time for wishes is over. Ring the school office: they may still help.")


def _columns(answers: Answers, sheet: queries.Sheet) -> dict[str, Any]:
    """The answers as a form keeps them. The children of whom nothing is wished are answered for too."""
    return {
        "comes": answers.comes, "earliest": answers.limits.earliest, "latest": answers.limits.latest,
        "not_times": sorted([begins, ends] for begins, ends in answers.limits.not_times), "how": answers.how,
        "call_on": answers.call_on.strip(), "needs": sorted(set(answers.needs)), "pupil_ids": sorted(sheet.desks),
        "elsewhere": sorted([begins.astimezone(UTC).isoformat(), ends.astimezone(UTC).isoformat(), site]
                            for begins, ends, site in answers.elsewhere)}


def _find_faults(answers: Answers, sheet: queries.Sheet) -> dict[str, str]:
    """Of one who cannot come, only with whom they would like to talk matters."""
    offer = sheet.offer
    faults = find_wish_faults({one: [staff_id for staff_id, _ in said] for one, said in answers.wishes.items()},
                              offer.teachers)
    if answers.comes == "yes":
        faults |= find_time_faults(answers.limits, sheet.frame)
        faults |= find_choice_faults(answers.how, answers.call_on.strip(), answers.needs, offer)
        faults |= find_elsewhere_faults(answers.elsewhere, sheet.frame)
    return faults


def _write_wishes(uow: UnitOfWork, whose: Whose, wishes: Mapping[str, Sequence[tuple[str, str]]]) -> None:
    """The wishes that stay keep their ids, so that a plan that names them stays true."""
    table = table_of(Wish)
    mine = (table.c.school_id == uow.school, table.c.evening_id == whose.evening_id,
            table.c.guardian_id == whose.guardian_id)
    kept = {(row.pupil_id, row.staff_id): row.id for row in uow.connection.execute(
        sa.select(table.c.id, table.c.pupil_id, table.c.staff_id).where(*mine))}
    uow.connection.execute(sa.delete(table).where(*mine))
    uow.insert(Wish, [
        {"id": kept.get((pupil_id, staff_id)) or new_id(), "evening_id": whose.evening_id,
         "guardian_id": whose.guardian_id, "pupil_id": pupil_id, "staff_id": staff_id, "rank": rank,
         "talk_about": said, "changed_at": uow.now}
        for pupil_id, told in wishes.items() for rank, (staff_id, said) in enumerate(told, 1)])


def forget_wishes(uow: UnitOfWork, pairs: Collection[tuple[str, str]]) -> None:
    """Of (pupil, guardian) pairs who may book no longer no wish is kept: a right that comes back restores nothing."""
    if not pairs:
        return
    wanted, table = set(pairs), table_of(Wish)
    gone = [row.id for row in uow.rows(sa.select(Wish.id, Wish.pupil_id, Wish.guardian_id).where(
        Wish.pupil_id.in_({pupil_id for pupil_id, _ in wanted}))) if (row.pupil_id, row.guardian_id) in wanted]
    if gone:
        uow.connection.execute(sa.delete(table).where(table.c.school_id == uow.school, table.c.id.in_(gone)))
    for form in uow.all(sa.select(WishForm).where(WishForm.guardian_id.in_({adult for _, adult in wanted}))):
        left = [pupil_id for pupil_id in form.pupil_ids if (pupil_id, form.guardian_id) not in wanted]
        if not left:
            uow.session.delete(form)
        elif len(left) < len(form.pupil_ids):
            form.pupil_ids = left
    uow.flush()


def forget_evening(uow: UnitOfWork, evening_id: str) -> None:
    """Of an evening that is called off no wish or answer is kept: nobody reads them any more."""
    for model in (Wish, WishForm):
        table = table_of(model)
        uow.connection.execute(sa.delete(table).where(
            table.c.school_id == uow.school, table.c.evening_id == evening_id))


def look_again(uow: UnitOfWork, evening_id: str, is_other_day: bool) -> None:
    """The evening is at another time: whose answer makes no sense any more is asked anew, like who has not answered.

    Whom one wishes to see stays, and when one can come where something of the evening is left; on another day who
    could not come may be able to, and where one is elsewhere is not known.
    """
    frame = queries.read_frame(uow, evenings.get_evening(uow, evening_id, evenings.Reader()))
    gone, wishes = [], table_of(Wish)
    for form in uow.all(sa.select(WishForm).where(WishForm.evening_id == evening_id).with_for_update()):
        if still_fits(form.comes, queries.limits_of(form), frame, is_other_day):
            if is_other_day and form.elsewhere:
                form.elsewhere, form.version = [], form.version + 1
        else:
            gone.append(form.guardian_id)
            uow.session.delete(form)
    uow.flush()
    uow.connection.execute(sa.delete(wishes).where(
        wishes.c.school_id == uow.school, wishes.c.evening_id == evening_id, wishes.c.guardian_id.in_(gone)))
    reminded = uow.get(WishReminder, evening_id)
    if reminded is not None and (gone or is_other_day):
        uow.session.delete(reminded)
        uow.flush()


def release_pupils(uow: UnitOfWork, pupil_ids: Collection[str]) -> None:
    """Nothing is wished or marked about children who have left."""
    if pupil_ids:
        marks.forget_pupils(uow, pupil_ids)
        forget_wishes(uow, {(pupil_id, guardian_id) for pupil_id, family in people.list_families(
            uow, pupil_ids).items() for guardian_id in family})


def start_mornings(uow: UnitOfWork) -> None:
    """Look every morning from now on, by the school's clock, whom to remind."""
    clear_timers(uow, MORNING, SCHOOL)
    set_timer(uow, MORNING, SCHOOL, next_reminding(uow.now.astimezone(people.get_school(uow)[1])))


def on_morning(uow: UnitOfWork, _key: str) -> None:
    """Two days before the last day for wishes ask who has not answered, once. While rights may be old it waits."""
    if not people.PERMISSIONS.is_fresh(uow):
        set_timer(uow, MORNING, SCHOOL, uow.now + LATER)
        return
    set_timer(uow, MORNING, SCHOOL, next_reminding(uow.now.astimezone(people.get_school(uow)[1])))
    today = people.today_here(uow)
    for evening in evenings.list_evenings(uow, evenings.Reader(), Page(MOST_EVENINGS, (uow.now, ""))):
        if (evening["way"], evening["state"]) == ("plan", "open") and is_reminding_day(evening["respond_by"], today):
            _remind(uow, evening)


def _remind(uow: UnitOfWork, evening: Mapping[str, Any]) -> None:
    if uow.get(WishReminder, evening["id"]) is None:
        uow.add(WishReminder(evening_id=evening["id"], reminded_at=uow.now))
        uow.record(*(wishes_reminded(evening, pupil_id, guardian_ids)
                     for pupil_id, guardian_ids in list_silent(uow, evening["id"]).items()))
