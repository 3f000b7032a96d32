"""A school with a few people, over a real database, to test profiles with."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask.testing import FlaskClient

from chassis.db import outbox
from chassis.web import Service
from services.profiles import migrations
from services.profiles.app import create_app
from services.profiles.classes.events import class_described
from services.profiles.classes.models import Enrolment, SchoolClass
from services.profiles.people.actions import open_school
from services.profiles.people.events import guardian_described, publish_state, pupil_described, staff_described
from services.profiles.people.models import Guardian, Pupil, StaffMember
from services.profiles.relationships.actions import recompute_rights
from services.profiles.relationships.models import Relationship
from services.profiles.restrictions.actions import flag_from_roster
from services.profiles.wiring import build
from tests.fakes import FixedClock, Keys
from tests.parts.migrated import new_sqlite

VERSIONS = Path(str(migrations.__file__)).parent / "versions"


@dataclass
class House:
    """The service, a client, and who lives here: Sam's two homes, a barred adult, and the staff."""

    service: Service
    clock: FixedClock
    keys: Keys
    client: FlaskClient = field(init=False)

    def __post_init__(self) -> None:
        self.client = create_app(self.service).test_client()

    def call(self, method: str, path: str, who: str, json: Any = None, school: str = "oakfield",
             **headers: str) -> Any:
        hat = {"g-": "guardian", "p-": "pupil"}.get(who[:2], "staff")
        roles = {"s-office": ["office"], "s-dsl": ["dsl"], "s-head": ["head"], "s-senco": ["senco"]}.get(
            who, ["teacher"] if hat == "staff" else [])
        return self.client.open(f"/schools/{school}{path}", method=method, json=json,
                                headers={**self.keys.header(who, hat, school, roles), **headers})

    def facts(self, kind: str) -> list[dict[str, Any]]:
        """The data of the facts of a type, in order."""
        with self.service.database.across_schools("test looks", write=False) as connection:
            rows = connection.execute(sa.select(outbox.c.headers, outbox.c.value).order_by(outbox.c.seq)).all()
        return [json.loads(row.value) for row in rows if ["ce_type", kind] in json.loads(row.headers)]


def a_pair(pupil_id: str, guardian_id: str, now: datetime, **but: Any) -> Relationship:
    """A parent with responsibility whom nothing restricts, but for what is named."""
    return Relationship(**{
        "pupil_id": pupil_id, "guardian_id": guardian_id, "kind": "parent", "parental_responsibility": "yes",
        "responsibility_seen": None, "restriction": "none", "checked_by": None, "checked_seen": None,
        "lives_with": "shared", "priority": None, "status": "current", "pupil_is_current": True, "since": now,
        "changed_by": "roster", "windows": {}, "allowed": [], "file_says": {}, **but})


def open_house(folder: Path) -> House:
    clock = FixedClock()
    keys = Keys(clock)
    url = new_sqlite("profiles", folder / "profiles.db")
    house = House(build(url, keys.public, clock, lambda: ["oakfield", "elm"]), clock, keys)
    with house.service.database.unit_of_work("oakfield") as uow:
        open_school(uow, "Oakfield Infant School")
        people: list[Any] = [
            Pupil(id="p-sam", given_name="Sam", family_name="Haddad", year_group="Year 2", upn=None, status="current"),
            Pupil(id="p-zoe", given_name="Zoe", family_name="Marsh", year_group="Year 2", upn=None, status="current"),
            *(Guardian(id=f"g-{name}", given_name=name.title(), family_name="Haddad", email=None, phone=None,
                       language=None, prefers_voice=False, status="current") for name in ("amira", "karim", "barred")),
            *(StaffMember(id=f"s-{name}", given_name=name.title(), family_name="Staff", email=None, roles=[role],
                          status="current") for name, role in (("bell", "teacher"), ("other", "teacher"),
                                                               ("office", "office"), ("dsl", "dsl"))),
        ]
        maple = SchoolClass(id="c-maple", title="Maple", status="current")
        uow.add(*people, maple, Enrolment(class_id="c-maple", person_id="p-sam", role="pupil"),
                Enrolment(class_id="c-maple", person_id="s-bell", role="teacher"))
        publish_state(uow, [class_described(maple), *(
            pupil_described(one, []) if isinstance(one, Pupil) else guardian_described(one)
            if isinstance(one, Guardian) else staff_described(one, []) for one in people)])
        pairs = [a_pair("p-sam", f"g-{name}", uow.now) for name in ("amira", "karim", "barred")]
        uow.add(*pairs)
        flag_from_roster(uow, [("p-sam", "g-barred")])
        uow.flush()
        recompute_rights(uow, pairs, "roster", "roster")
    return house
