"""What can be done about the school as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from chassis.unit_of_work import Database, UnitOfWork
from services.profiles.people.events import heartbeat, publish_state, school_described
from services.profiles.people.models import School

HEARTBEAT = timedelta(seconds=20)
ACCENTS = ("indigo", "violet", "green", "brick", "slate", "rose", "olive", "navy")


def open_school(uow: UnitOfWork, name: str, zone: str = "Europe/London") -> School:
    """Begin a school: its row, its first snapshot, and a heartbeat, so that readers know that they are up to date."""
    accent = ACCENTS[sum(uow.school.encode()) % len(ACCENTS)]
    school = School(name=name, zone=zone, accent=accent, state_version=0, last_beat_at=uow.now)
    uow.add(school)
    publish_state(uow, [school_described(school), heartbeat()])
    return school


def beat(database: Database, schools: Sequence[str]) -> int:
    """Publish a heartbeat for each school whose last is old; a reader whose copy gets none holds what it would show."""
    beaten = 0
    for school in schools:
        with database.unit_of_work(school, write=False) as uow:
            row = uow.get(School)
            due = row is not None and (row.last_beat_at is None or uow.now - row.last_beat_at >= HEARTBEAT)
        if due:
            with database.unit_of_work(school) as uow:
                publish_state(uow, [heartbeat()])
                uow.get(School).last_beat_at = uow.now
            beaten += 1
    return beaten
