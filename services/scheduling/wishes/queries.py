"""What can be asked about wishes: one adult's form, and, of this service alone, what plans and run sheets need."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from chassis.errors import NotFound
from chassis.unit_of_work import UnitOfWork
from services.scheduling.evenings import queries as evenings
from services.scheduling.people import queries as people
from services.scheduling.resources.queries import list_offered
from services.scheduling.sharing.queries import get_wish
from services.scheduling.wishes.models import TeacherMark, Wish, WishForm
from services.scheduling.wishes.rules import HOWS, Frame, Limits, Offer, Span, list_free, wishes_end

OFFICE = "office"


@dataclass(frozen=True, slots=True)
class Desk:
    """A block of an evening: `owner_id` is whom wishes name, `sitters` all who sit there."""

    owner_id: str
    sitters: frozenset[str]
    is_for_all: bool
    ways: tuple[str, ...]

    def sees(self, teachers: Collection[str]) -> bool:
        """Whether a child with these teachers may be talked about here."""
        return self.is_for_all or not self.sitters.isdisjoint(teachers)


@dataclass(frozen=True, slots=True)
class Sheet:
    """An evening as one adult's form finds it: for which children, what there is to choose, until when."""

    evening: dict[str, Any]
    desks: Mapping[str, Sequence[Desk]]
    needs: Sequence[str]
    may_attend: bool
    frame: Frame

    @property
    def offer(self) -> Offer:
        seen = {way for desks in self.desks.values() for desk in desks for way in desk.ways}
        ways = [way for way in HOWS if way in seen and (way != "in-person" or self.may_attend)]
        return Offer({pupil_id: list(dict.fromkeys(desk.owner_id for desk in desks))
                      for pupil_id, desks in self.desks.items()}, self.needs, ways or ["phone"])

    def until(self, entered_by: str) -> datetime:
        """The office enters what families say until the evening begins, while no plan is made."""
        if entered_by == OFFICE:
            return self.frame.starts_at
        return wishes_end(self.evening["respond_by"], self.frame.starts_at, self.frame.zone)


@dataclass(frozen=True, slots=True)
class PlanWish:
    """One wish as a plan takes it: `free` is when the adult can come, `elsewhere` where they are otherwise."""

    id: str
    guardian_id: str
    pupil_id: str
    staff_id: str
    rank: int
    please_come: bool
    how: str
    call_on: str
    needs: tuple[str, ...]
    free: tuple[Span, ...]
    elsewhere: tuple[tuple[datetime, datetime, str], ...]


@dataclass(frozen=True, slots=True)
class PlanWishes:
    """What is wished of an evening. `held`: adults left out, because we cannot say now whether they may come."""

    wishes: list[PlanWish]
    held: int


def read_desks(uow: UnitOfWork, evening_id: str) -> list[Desk]:
    """The blocks of an evening, in a fixed order."""
    sits, found = evenings.sittings(), dict[str, Any]()
    for row in uow.rows(sa.select(*sits.c).where(sits.c.school_id == uow.school, sits.c.evening_id == evening_id)
                        .order_by(sits.c.block_id, sits.c.staff_id)):
        found.setdefault(row.block_id, (row, set()))[1].add(row.staff_id)
    return [Desk(row.owner_id, frozenset({*sitters, row.owner_id}), row.open_to == "all", tuple(row.ways))
            for row, sitters in found.values()]


def open_sheet(uow: UnitOfWork, evening_id: str, guardian_id: str) -> Sheet:
    """NotFound unless this evening is planned from wishes, and this adult may book in it for a child."""
    bookable = people.list_bookable(uow, guardian_id)
    evening = evenings.get_evening(uow, evening_id, evenings.Reader(bookable=bookable))
    if evening["way"] != "plan":
        raise NotFound()
    pupil_ids = [child["id"] for child in evening["pupils"]]
    teachers, desks = people.list_teachers(uow, pupil_ids), read_desks(uow, evening_id)
    attends = people.PERMISSIONS.list_allowed(uow, guardian_id, "attend")
    return Sheet(evening, {pupil_id: [desk for desk in desks if desk.sees(teachers[pupil_id])]
                           for pupil_id in pupil_ids}, list_offered(uow, evening_id),
                 not set(attends).isdisjoint(pupil_ids), read_frame(uow, evening))


def read_frame(uow: UnitOfWork, evening: Mapping[str, Any]) -> Frame:
    return Frame(evening["on"], evening["starts_at"], evening["ends_at"], people.get_school(uow)[1])


def show_form(uow: UnitOfWork, evening_id: str, guardian_id: str, reader: str) -> dict[str, Any]:
    """All that one adult's form shows: the children with their teachers and marks, what there is, and the answers."""
    uow.flush()
    sheet = open_sheet(uow, evening_id, guardian_id)
    row, offer, until = uow.get(WishForm, evening_id, guardian_id), sheet.offer, sheet.until(reader)
    return {
        "evening": sheet.evening, "until": until, "needs_offered": list(offer.needs), "ways": list(offer.ways),
        "is_open": sheet.evening["state"] == "open" and uow.now < until,
        "children": _list_children(uow, sheet, row, guardian_id), **form_item(row, offer.ways)}


def form_item(row: WishForm | None, ways: Collection[str]) -> dict[str, Any]:
    """The answers of a form; an empty one until there are any."""
    if row is None:
        return {"version": 0, "comes": None, "earliest": None, "latest": None, "not_times": [], "elsewhere": [],
                "how": next(iter(ways)), "call_on": "", "needs": [], "entered_by": None, "changed_at": None}
    return {
        "version": row.version, "comes": row.comes, "earliest": row.earliest, "latest": row.latest,
        "not_times": [{"from": begins, "to": ends} for begins, ends in row.not_times], "how": row.how,
        "elsewhere": [{"starts_at": datetime.fromisoformat(begins), "ends_at": datetime.fromisoformat(ends),
                       "site": site} for begins, ends, site in row.elsewhere],
        "call_on": row.call_on, "needs": row.needs, "entered_by": row.entered_by, "changed_at": row.changed_at}


def _list_children(uow: UnitOfWork, sheet: Sheet, row: WishForm | None, guardian_id: str) -> list[dict[str, Any]]:
    marks = list_marks(uow, sheet.evening["id"], sheet.desks)
    staff = list_names(uow, {one for desks in sheet.desks.values() for desk in desks for one in desk.sitters})
    wished = list_given(uow, sheet.evening["id"], guardian_id)
    children = []
    for child in sheet.evening["pupils"]:
        pupil_id, offered = child["id"], sheet.offer.teachers[child["id"]]
        teachers = [_teacher(staff, owner_id, sheet.desks[pupil_id], marks.get(pupil_id, {})) for owner_id in offered]
        children.append({
            **child, "together": get_wish(uow, pupil_id, guardian_id)["together"],
            "is_answered": row is not None and pupil_id in row.pupil_ids,
            "teachers": sorted(teachers, key=lambda one: (one["family_name"], one["given_name"], one["id"])),
            "wishes": [{"staff_id": staff_id, "talk_about": said} for staff_id, said in wished.get(pupil_id, ())
                       if staff_id in offered]})
    return children


def _teacher(staff: Mapping[str, dict[str, str]], owner_id: str, desks: Sequence[Desk],
             marks: Mapping[str, TeacherMark]) -> dict[str, Any]:
    """A teacher whom one may wish to see, who else sits there, and what they have marked for this child."""
    sitters = {one for desk in desks if desk.owner_id == owner_id for one in desk.sitters}
    order = [owner_id, *sorted(sitters - {owner_id})]
    return {**staff[owner_id], "beside": [staff[one] for one in order[1:]],
            "marks": [{"by": staff[one], "mark": marks[one].mark, "sentence": marks[one].sentence}
                      for one in order if one in marks]}


def list_names(uow: UnitOfWork, staff_ids: Collection[str]) -> dict[str, dict[str, str]]:
    """Staff by name; of one who has not been described the names are empty."""
    teacher = people.staff_names()
    nobody = {staff_id: {"id": staff_id, "given_name": "", "family_name": ""} for staff_id in staff_ids}
    return nobody | {row.id: {"id": row.id, "given_name": row.given_name, "family_name": row.family_name}
                     for row in uow.rows(sa.select(teacher).where(
                         teacher.c.school_id == uow.school, teacher.c.id.in_(staff_ids)))}


def list_marks(uow: UnitOfWork, evening_id: str, pupil_ids: Collection[str]) -> dict[str, dict[str, TeacherMark]]:
    """What was marked for these children, by child and member of staff."""
    found: dict[str, dict[str, TeacherMark]] = {}
    for mark in uow.all(sa.select(TeacherMark).where(
            TeacherMark.evening_id == evening_id, TeacherMark.pupil_id.in_(pupil_ids))):
        found.setdefault(mark.pupil_id, {})[mark.staff_id] = mark
    return found


def list_given(uow: UnitOfWork, evening_id: str, guardian_id: str) -> dict[str, list[tuple[str, str]]]:
    """(teacher, what to talk about) of one adult's wishes by child, the most wanted first."""
    found: dict[str, list[tuple[str, str]]] = {}
    for row in uow.rows(sa.select(Wish.pupil_id, Wish.staff_id, Wish.talk_about).where(
            Wish.evening_id == evening_id, Wish.guardian_id == guardian_id).order_by(Wish.pupil_id, Wish.rank)):
        found.setdefault(row.pupil_id, []).append((row.staff_id, row.talk_about))
    return found


def has_answered(uow: UnitOfWork, evening_id: str, guardian_id: str) -> bool:
    """Whether this adult has said what they wish, or that they cannot come."""
    return uow.get(WishForm, evening_id, guardian_id) is not None


def list_answered(uow: UnitOfWork, guardian_id: str, bookable: Collection[str],
                  among: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """For which of these evenings this adult has answered, and for which of these children."""
    planned = [evening["id"] for evening in among if evening["way"] == "plan"]
    rows = uow.rows(sa.select(WishForm.evening_id, WishForm.comes, WishForm.pupil_ids).where(
        WishForm.guardian_id == guardian_id, WishForm.evening_id.in_(planned)).order_by(
        WishForm.evening_id)) if planned else ()
    return [{"evening_id": row.evening_id, "comes": row.comes,
             "pupil_ids": [one for one in row.pupil_ids if one in bookable]} for row in rows]


def count_by_staff(uow: UnitOfWork, evening_id: str) -> dict[str, int]:
    """How many talks are wished of each teacher by those who come."""
    rows = uow.rows(_wishes(evening_id).with_only_columns(Wish.staff_id, sa.func.count().label("wishes"))
                    .group_by(Wish.staff_id))
    return {row.staff_id: row.wishes for row in rows}


def list_talk_about(uow: UnitOfWork, evening_id: str, staff_id: str) -> dict[tuple[str, str], str]:
    """What each (child, adult) would like to talk about with this teacher, for a run sheet."""
    rows = uow.rows(sa.select(Wish.pupil_id, Wish.guardian_id, Wish.talk_about).where(
        Wish.evening_id == evening_id, Wish.staff_id == staff_id, Wish.talk_about != ""))
    return {(row.pupil_id, row.guardian_id): row.talk_about for row in rows}


def list_wishes_for_plan(uow: UnitOfWork, evening_id: str) -> PlanWishes:
    """The wishes that count now, in a fixed order: of who may book and whom the teacher sees about an invited child.

    Nobody's place in the order depends on when they answered. Unavailable while our copy of rights is too old to say.
    """
    people.PERMISSIONS.require_fresh(uow)
    evening = evenings.get_evening(uow, evening_id, evenings.Reader())
    frame, desks = read_frame(uow, evening), read_desks(uow, evening_id)
    rows = uow.rows(_wishes(evening_id).order_by(Wish.guardian_id, Wish.pupil_id, Wish.rank))
    pupil_ids = {row.Wish.pupil_id for row in rows} & set(evenings.list_invited(uow, evening_id))
    families, teachers = people.list_families(uow, pupil_ids), people.list_teachers(uow, pupil_ids)
    marks, held, found = list_marks(uow, evening_id, pupil_ids), set[str](), []
    for row in rows:
        wish, rights = row.Wish, families.get(row.Wish.pupil_id, {}).get(row.Wish.guardian_id)
        mine = [desk for desk in desks if desk.owner_id == wish.staff_id and desk.sees(teachers.get(wish.pupil_id, ()))]
        if rights is not None and rights.is_held:
            held.add(wish.guardian_id)
        elif rights is not None and rights.may_book and mine:
            asked = {one for one, mark in marks.get(wish.pupil_id, {}).items() if mark.mark == "please-come"}
            found.append(_plan_wish(row.WishForm, wish, frame, (
                any(asked & desk.sitters for desk in mine), rights.may_attend)))
    return PlanWishes(found, len(held))


def _wishes(evening_id: str) -> sa.Select[Any]:
    """Wishes of those who come, with their forms."""
    return sa.select(Wish, WishForm).join(WishForm, sa.and_(
        WishForm.school_id == Wish.school_id, WishForm.evening_id == Wish.evening_id,
        WishForm.guardian_id == Wish.guardian_id)).where(Wish.evening_id == evening_id, WishForm.comes == "yes")


def limits_of(form: WishForm) -> Limits:
    return Limits(form.earliest, form.latest, [(begins, ends) for begins, ends in form.not_times])


def _plan_wish(form: WishForm, wish: Wish, frame: Frame, asked: tuple[bool, bool]) -> PlanWish:
    """`asked`: whether a teacher asks them to come, and whether they may come to school."""
    please_come, may_attend = asked
    return PlanWish(
        wish.id, wish.guardian_id, wish.pupil_id, wish.staff_id, wish.rank, please_come,
        "phone" if form.how == "in-person" and not may_attend else form.how, form.call_on, tuple(form.needs),
        tuple(list_free(limits_of(form), frame)),
        tuple((datetime.fromisoformat(begins), datetime.fromisoformat(ends), site)
              for begins, ends, site in form.elsewhere))
