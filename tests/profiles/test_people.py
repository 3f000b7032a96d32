"""What a school says of itself and its people: snapshots in one order, and a heartbeat that proves it is alive."""

from __future__ import annotations

import json

import sqlalchemy as sa

from chassis.db import outbox
from services.profiles.people.actions import HEARTBEAT
from services.profiles.people.models import Alias, School, StaffMember
from services.profiles.people.queries import list_people_by_alias, list_school_aliases
from tests.profiles.house import House

BEAT = "tandem.profiles.heartbeat.sent.v1"


def beat(house: House) -> int:
    return sum(chore() for chore in house.service.chores)


def state_versions(house: House) -> list[int]:
    """The versions on the state stream, in the order of the outbox."""
    with house.service.database.across_schools("test looks", write=False) as connection:
        rows = connection.execute(sa.select(outbox.c.topic, outbox.c.headers).order_by(outbox.c.seq)).all()
    return [int(dict(json.loads(row.headers))["ce_aggregateversion"]) for row in rows if ".state." in row.topic]


def test_a_school_beats_when_it_is_time_and_not_before(house: House) -> None:
    before = len(house.facts(BEAT))
    house.clock.advance(seconds=HEARTBEAT.total_seconds() - 1)
    assert beat(house) == 0
    house.clock.advance(seconds=1)
    assert (beat(house), beat(house), len(house.facts(BEAT))) == (1, 0, before + 1)


def test_a_school_that_is_placed_and_has_no_people_yet_does_not_beat(house: House) -> None:
    house.clock.advance(seconds=HEARTBEAT.total_seconds())
    beat(house)
    with house.service.database.across_schools("test looks", write=False) as connection:
        assert set(connection.scalars(sa.select(outbox.c.school_id))) == {"oakfield"}  # elm is placed too


def test_the_state_of_a_school_has_one_order(house: House) -> None:
    house.call("POST", "/pupils/p-sam/guardians/g-karim/restrictions", "s-office", {"kind": "no contact"})
    house.clock.advance(seconds=HEARTBEAT.total_seconds())
    beat(house)
    versions = state_versions(house)
    assert versions == sorted(set(versions))


def test_a_school_whose_database_was_restored_goes_on_above_all_that_it_had_said(house: House) -> None:
    house.clock.advance(seconds=60)
    beat(house)
    said = state_versions(house)[-1]
    with house.service.database.unit_of_work("oakfield") as uow:
        uow.get(School).state_version = 3  # an older copy
    house.clock.advance(seconds=HEARTBEAT.total_seconds())
    beat(house)
    assert state_versions(house)[-1] > said


def test_other_systems_names_lead_to_people_who_are_here(house: House) -> None:
    with house.service.database.unit_of_work("oakfield") as uow:
        uow.add(*(Alias(source="roster", kind=kind, external_id=name, own_id=own_id) for kind, name, own_id in (
            ("pupil", "P1", "p-sam"), ("staff", "S1", "s-bell"), ("staff", "S2", "s-other"),
            ("school", "A", "oakfield"))))
        uow.get(StaffMember, "s-other").status = "ended"
    with house.service.database.unit_of_work("oakfield", write=False) as uow:
        assert list(list_people_by_alias(uow, "roster")) == [("P1", "pupil"), ("S1", "teacher")]
        assert list(list_people_by_alias(uow, "another system")) == []
        assert list(list_school_aliases(uow, "roster")) == ["A"]
