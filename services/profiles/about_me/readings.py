"""Who has read the page, who is asked to, and when it is looked through together."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from chassis.auth import Principal
from chassis.errors import Conflict
from chassis.timers import clear_timers, set_timer
from chassis.unit_of_work import UnitOfWork
from services.profiles.about_me.events import about_read, about_review_due, about_to_read
from services.profiles.about_me.models import AboutEntry, AboutPage, AboutReading
from services.profiles.about_me.rules import MOST_CHASES, before_lessons, review_day
from services.profiles.classes.queries import list_classes, list_pupils, list_team
from services.profiles.people.queries import get_zone
from services.profiles.relationships.queries import is_here
from services.profiles.school_year.queries import get_year, next_school_day, today_here
from services.profiles.signed import ONLY_ME

CHASE, PAGE_REVIEW = "about-me-chase", "about-me-review"


def touch_page(uow: UnitOfWork, pupil_id: str, caller: Principal) -> None:
    """The page is another from now on. Whoever of staff had read it and changes it has read what they wrote."""
    page = _page(uow, pupil_id)
    if page is None:
        page = AboutPage(pupil_id=pupil_id, version=0, changed_at=uow.now)
        uow.add(page)
        _plan_review(uow, pupil_id)
    before = page.version
    page.version, page.changed_at = before + 1, uow.now
    if caller.hat == "staff":
        row: AboutReading | None = uow.get(AboutReading, pupil_id, caller.person_id)
        if row is None and before == 0:
            row = AboutReading(pupil_id=pupil_id, staff_id=caller.person_id, version=0, chases=0)
            uow.add(row)
        if row is not None and row.version == before:
            row.version, row.read_at = page.version, uow.now


def _page(uow: UnitOfWork, pupil_id: str) -> AboutPage | None:
    return next(iter(uow.all(sa.select(AboutPage).where(AboutPage.pupil_id == pupil_id).with_for_update())), None)


def mark_read(uow: UnitOfWork, caller: Principal, pupil_id: str, version: int) -> None:
    """A member of staff has read this version of the page; what was changed since is still to read."""
    page = _page(uow, pupil_id)
    if page is None or version > page.version:
        raise Conflict("There is no such page to have read yet.")
    row: AboutReading | None = uow.get(AboutReading, pupil_id, caller.person_id)
    if row is None:
        row = AboutReading(pupil_id=pupil_id, staff_id=caller.person_id, version=0, chases=0)
        uow.add(row)
    if version > row.version:
        row.version, row.read_at = version, uow.now
        uow.record(about_read(uow, pupil_id, caller.person_id, version))
    uow.flush()


def list_to_read(uow: UnitOfWork, caller: Principal) -> list[dict[str, Any]]:
    """The children whom this member of staff teaches, and whose page of now they have not read: new ones first."""
    taught = {pupil.id: pupil for found in list_classes(uow, caller.person_id, frozenset())
              for pupil in list_pupils(uow, found.id)}
    rows = uow.rows(
        sa.select(AboutPage.pupil_id, AboutPage.changed_at, AboutPage.version, AboutReading.version.label("read"))
        .outerjoin(AboutReading, sa.and_(AboutReading.pupil_id == AboutPage.pupil_id,
                                         AboutReading.staff_id == caller.person_id))
        .where(AboutPage.pupil_id.in_(sorted(taught)), sa.exists().where(
            AboutEntry.school_id == uow.school, AboutEntry.pupil_id == AboutPage.pupil_id,
            AboutEntry.removed_at.is_(None), AboutEntry.passed_at.is_(None), AboutEntry.audience != ONLY_ME)))
    items = [{"pupil": taught[row.pupil_id], "changed_at": row.changed_at, "is_new": not row.read}
             for row in rows if (row.read or 0) < row.version]
    return sorted(items, key=lambda item: (not item["is_new"], item["pupil"].given_name, item["pupil"].id))


def note_new_team(uow: UnitOfWork, pupil_ids: Collection[str]) -> None:
    """The teams of these children may have grown: whoever is new to a page that is there is asked to read it."""
    uow.flush()
    for page in uow.all(sa.select(AboutPage).where(AboutPage.pupil_id.in_(sorted(set(pupil_ids))))
                        .order_by(AboutPage.pupil_id)):
        known = set(uow.all(sa.select(AboutReading.staff_id).where(AboutReading.pupil_id == page.pupil_id)))
        new = sorted(member.id for member in list_team(uow, page.pupil_id) if member.id not in known)
        if new:
            uow.add(*(AboutReading(pupil_id=page.pupil_id, staff_id=staff_id, version=0, chases=0)
                      for staff_id in new))
            uow.record(about_to_read(uow, page.pupil_id, new, page.version))
            _plan_chase(uow, page.pupil_id)
    uow.flush()


def _plan_chase(uow: UnitOfWork, pupil_id: str) -> None:
    """Before the first lesson of the next school day."""
    clear_timers(uow, CHASE, pupil_id)
    zone, day = get_zone(uow), next_school_day(uow, today_here(uow))
    if before_lessons(day, zone) <= uow.now:
        day = next_school_day(uow, day + timedelta(days=1))
    set_timer(uow, CHASE, pupil_id, before_lessons(day, zone))


def chase_unread(uow: UnitOfWork, pupil_id: str) -> None:
    """Remind those who are new and have not read the page; each is reminded at most twice."""
    page: AboutPage | None = uow.get(AboutPage, pupil_id)
    team = {member.id for member in list_team(uow, pupil_id)}
    rows = [row for row in uow.all(sa.select(AboutReading).where(
        AboutReading.pupil_id == pupil_id, AboutReading.version == 0, AboutReading.chases < MOST_CHASES)
        .order_by(AboutReading.staff_id)) if row.staff_id in team]
    if page is None or not rows or not is_here(uow, pupil_id):
        return
    for row in rows:
        row.chases += 1
    uow.record(about_to_read(uow, pupil_id, [row.staff_id for row in rows], page.version))
    uow.flush()
    if any(row.chases < MOST_CHASES for row in rows):
        _plan_chase(uow, pupil_id)


def _plan_review(uow: UnitOfWork, pupil_id: str) -> None:
    """In the last weeks of the next summer term, before lessons."""
    clear_timers(uow, PAGE_REVIEW, pupil_id)
    year = get_year(uow)
    day = year.next_school_day(review_day([term.ends_on for term in year.terms], today_here(uow)))
    set_timer(uow, PAGE_REVIEW, pupil_id, before_lessons(day, get_zone(uow)))


def ask_review(uow: UnitOfWork, pupil_id: str) -> None:
    """The year ends: the child's teachers are asked to look through the page together with child and home."""
    page, today = _page(uow, pupil_id), today_here(uow)
    if page is None or not is_here(uow, pupil_id):
        return
    if review_day([term.ends_on for term in get_year(uow).terms], today - timedelta(days=30)) > today:
        _plan_review(uow, pupil_id)  # the school has changed its year since
        return
    page.review_asked_at = uow.now
    uow.record(about_review_due(uow, pupil_id, sorted(member.id for member in list_team(uow, pupil_id))))
    uow.flush()
    _plan_review(uow, pupil_id)


def review_page(uow: UnitOfWork, caller: Principal, pupil_id: str) -> None:
    """It was looked through together: what still holds was kept, the rest changed or taken off."""
    page = _page(uow, pupil_id)
    if page is None:
        raise Conflict("There is nothing on the page to look through yet.")
    page.reviewed_at, page.reviewed_by = uow.now, caller.person_id
    uow.flush()


def clear_deadlines(uow: UnitOfWork, pupil_id: str) -> None:
    for kind in (CHASE, PAGE_REVIEW):
        clear_timers(uow, kind, pupil_id)
