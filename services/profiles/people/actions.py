"""What can be done about the school as a whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from chassis.unit_of_work import Database, UnitOfWork
from services.profiles.people.events import heartbeat, publish_state, school_described
from services.profiles.people.models import Alias, School
from services.profiles.school_year.queries import usual_year

HEARTBEAT = timedelta(seconds=20)
ACCENTS = ("indigo", "violet", "green", "brick", "slate", "rose", "olive", "navy")


def open_school(uow: UnitOfWork, name: str, zone: str = "Europe/London") -> School:
    """Begin a school: its row, its first snapshot, and a heartbeat, so that readers know that they are up to date."""
    accent = ACCENTS[sum(uow.school.encode()) % len(ACCENTS)]
    year = usual_year(uow.now.astimezone(ZoneInfo(zone)).date())
    school = School(name=name, zone=zone, accent=accent, year=year, state_version=0, last_beat_at=uow.now)
    uow.add(school)
    publish_state(uow, [school_described(school), heartbeat()])
    return school


def move_aliases(uow: UnitOfWork, kind: str, from_id: str, to_id: str) -> None:
    """What other systems call the one they call the other from now on: two entries were one person."""
    uow.session.execute(sa.update(Alias).where(Alias.kind == kind, Alias.own_id == from_id).values(own_id=to_id),
                        execution_options={"synchronize_session": False})


class Heart:
    """Publishes a heartbeat for each school every `HEARTBEAT`; a reader who gets none holds what it would show."""

    def __init__(self, database: Database, schools: Callable[[], Sequence[str]]):
        self._database, self._schools = database, schools
        self._next: dict[str, datetime] = {}

    def beat(self) -> int:
        """Beat where it is time; a school's own row is looked at only then."""
        now, beaten = self._database.clock.now(), 0
        for school in self._schools():
            if self._next.get(school, now) <= now:
                beaten += self._beat_if_due(school)
        return beaten

    def _beat_if_due(self, school: str) -> int:
        with self._database.unit_of_work(school) as uow:
            row = uow.get(School)
            if row is None:
                return 0
            if row.last_beat_at is None or uow.now - row.last_beat_at >= HEARTBEAT:
                publish_state(uow, [heartbeat()])
                row.last_beat_at = uow.now
                beaten = 1
            else:
                beaten = 0
            self._next[school] = row.last_beat_at + HEARTBEAT
        return beaten
