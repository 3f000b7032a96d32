"""What can be asked of the school's calendar."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

from chassis.db import dump_json
from chassis.errors import NotFound
from chassis.unit_of_work import UnitOfWork
from services.profiles.people.models import School
from services.profiles.people.queries import get_zone
from services.profiles.school_year.rules import Year, default_year, is_usual, read_year, write_year


def show_year(uow: UnitOfWork) -> dict[str, Any]:
    """The calendar as the office sees and changes it; `is_usual` while it is England's and not the school's own."""
    school: School | None = uow.get(School)
    if school is None:
        raise NotFound()
    year = read_year(school.year)
    return {"terms": [{"starts_on": term.starts_on, "half_starts_on": term.half_starts_on,
                       "half_ends_on": term.half_ends_on, "ends_on": term.ends_on} for term in year.terms],
            "closed": sorted(year.closed), "is_usual": is_usual(year), "version": digest_of(school.year)}


def digest_of(written: dict[str, Any]) -> str:
    """A version of a calendar: the same for the same days."""
    return hashlib.sha256(dump_json(written).encode()).hexdigest()[:16]


def get_year(uow: UnitOfWork) -> Year:
    """Terms, half-terms and closed days of this school."""
    school: School | None = uow.get(School)
    if school is None:
        raise NotFound()
    return read_year(school.year)


def usual_year(today: date) -> dict[str, Any]:
    """What stands for a school's year until it says its own, as it is kept and sent."""
    return write_year(default_year(today))


def today_here(uow: UnitOfWork) -> date:
    """The day that it is at the school."""
    return uow.now.astimezone(get_zone(uow)).date()


def next_school_day(uow: UnitOfWork, day: date) -> date:
    """The day itself if school is open, else the first day after it that is."""
    return get_year(uow).next_school_day(day)


def half_term_now(uow: UnitOfWork) -> tuple[date, date]:
    """First and last day of the half-term that it is now (in holidays, the one that has just ended)."""
    return get_year(uow).half_term(today_here(uow))
