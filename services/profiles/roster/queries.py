"""What was imported before: what a file of changes alone builds on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chassis.unit_of_work import Database
from services.profiles.people.queries import list_people_by_alias, list_school_aliases
from services.profiles.roster.changes import SOURCE
from services.profiles.roster.reading import KnownPerson


def list_known_people(database: Database, schools: Sequence[str]) -> Iterator[KnownPerson]:
    """Everybody who is here now, by the names of files: one row for each role in each name of their school."""
    for school in schools:
        with database.unit_of_work(school, write=False) as uow:
            called = list_school_aliases(uow, SOURCE)
            people = list(list_people_by_alias(uow, SOURCE)) if called else []
        for external_id, role in people:
            for name in called:
                yield external_id, name, role


def list_named_schools(database: Database, schools: Sequence[str]) -> dict[str, str]:
    """Schools by every name that a file may have for them: their own, and what files have called them."""
    known = {school: school for school in schools}
    for school in schools:
        with database.unit_of_work(school, write=False) as uow:
            known.update(dict.fromkeys(list_school_aliases(uow, SOURCE), school))
    return known
