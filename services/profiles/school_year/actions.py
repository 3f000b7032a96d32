"""What can be done with the school's calendar: set the school's own dates."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

import sqlalchemy as sa

from chassis.errors import Invalid, NotFound, Stale
from chassis.unit_of_work import UnitOfWork
from services.profiles.people.events import publish_state, school_described
from services.profiles.people.models import School
from services.profiles.school_year.queries import digest_of
from services.profiles.school_year.rules import Term, Year, faults_of, write_year


def set_year(uow: UnitOfWork, based_on: str, terms: Sequence[Sequence[date]], closed: Collection[date]) -> None:
    """Keep the school's own terms and closed days, and describe the school anew; Stale if somebody was faster."""
    school: School | None = uow.session.scalars(sa.select(School).with_for_update()).one_or_none()
    if school is None:
        raise NotFound()
    if digest_of(school.year) != based_on:
        raise Stale()
    wanted = [Term(*term) for term in terms]
    faults = faults_of(wanted)
    if faults:
        raise Invalid(errors={f"/terms/{place}": words for place, words in faults.items()})
    written = write_year(Year(tuple(wanted), frozenset(closed)))
    if written != school.year:
        school.year = written
        publish_state(uow, [school_described(school)])
