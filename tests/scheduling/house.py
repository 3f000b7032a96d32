"""Oakfield as scheduling sees it: two classes, three teachers, three families; and what tests do there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import sqlalchemy as sa

from chassis.db import outbox
from chassis.envelope import Event
from chassis.web import Service
from services.scheduling import migrations
from services.scheduling.app import create_app
from services.scheduling.wiring import build
from tests.fakes import FixedClock, Keys, deliver, event
from tests.parts.migrated import new_postgres, new_sqlite

ROOT = Path(__file__).parents[2]
VERSIONS = Path(str(migrations.__file__)).parent / "versions"
ALWAYS = [[None, None]]
EVENING = {"title": "Autumn evening", "on": "2026-11-26", "from": "16:00", "to": "16:30", "slot_minutes": 10,
           "class_ids": ["oak", "ash"], "respond_by": "2026-11-25", "place": "Main hall"}


@dataclass
class House:
    """The service, and a way to call it as anybody."""

    service: Service
    clock: FixedClock
    keys: Keys
    version: int = 100

    def __post_init__(self) -> None:
        self.app = create_app(self.service)

    def call(self, who: dict[str, str] | None, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Call as somebody; a path is in Oakfield unless it names its school."""
        whole = path if path.startswith("/schools/") else f"/schools/oakfield{path}"
        return self.app.test_client().open(whole, method=method, json=body, headers={**(who or {}), **headers})

    def guardian(self, name: str, school: str = "oakfield") -> dict[str, str]:
        return self.keys.header(name, "guardian", school)

    def staff(self, name: str, *roles: str) -> dict[str, str]:
        return self.keys.header(name, "staff", "oakfield", roles)

    @property
    def office(self) -> dict[str, str]:
        return self.staff("pat", "office")

    def state(self, thing: str, key: str, data: Any, version: int | None = None) -> Event:
        """A snapshot on profiles' state stream; its version rises by itself unless it is given."""
        self.version += 1
        return event(f"tandem.profiles.{thing}.v1", key, data, version=version or self.version,
                     time=self.clock.now(), state_of="profiles")

    def tell(self, *events: Event) -> None:
        deliver(self.service, *events)

    def beat(self) -> None:
        self.tell(self.state("heartbeat.sent", "heartbeat", {}))

    def let(self, guardian: str, pupil: str, windows: Any = ALWAYS, version: int | None = None, **others: Any) -> Event:
        """Rights of a pair, the same for all purposes but for those that are named."""
        purposes = ("see", "receive", "reply", "book", "attend", "consent", "collect")
        return self.state("rights.computed", f"{pupil}:{guardian}", {
            "pupil_id": pupil, "guardian_id": guardian,
            "windows": {name: others.get(name, windows) for name in purposes}}, version)

    def keep_apart(self, one: str, other: str, status: str = "current") -> Event:
        first, second = sorted((one, other))
        return self.state("keepapart.declared", f"{first}:{second}", {
            "guardian_ids": [first, second], "status": status})

    def open_evening(self, **changes: Any) -> dict[str, Any]:
        reply = self.call(self.office, "POST", "/evenings", {**EVENING, **changes})
        assert reply.status_code == 201, reply.json
        return dict(reply.json)

    def slots(self, evening: dict[str, Any], guardian: str, pupil: str) -> dict[str, list[dict[str, Any]]]:
        """Slots by teacher, as that adult sees them."""
        reply = self.call(self.guardian(guardian), "GET", f"/evenings/{evening['id']}/pupils/{pupil}/slots")
        assert reply.status_code == 200, reply.json
        return {one["id"]: one["slots"] for one in reply.json["staff"]}

    def book(self, evening: dict[str, Any], guardian: str, pupil: str, slot: dict[str, Any], **more: Any) -> Any:
        return self.call(self.guardian(guardian), "POST", f"/evenings/{evening['id']}/pupils/{pupil}/appointments",
                         {"slot_id": slot["id"], **more})

    def states(self, evening: dict[str, Any], guardian: str, pupil: str, teacher: str = "ama") -> list[str]:
        """What each of a teacher's slots is to that adult."""
        return [slot["state"] for slot in self.slots(evening, guardian, pupil)[teacher]]

    def mine(self, guardian: str) -> list[dict[str, Any]]:
        """What is ahead for that adult."""
        return list(self.call(self.guardian(guardian), "GET", "/appointments").json["items"])

    def move(self, who: dict[str, str], appointment: dict[str, Any], slot: dict[str, Any]) -> Any:
        return self.call(who, "POST", f"/appointments/{appointment['id']}/move", {"slot_id": slot["id"]})

    def cancel(self, who: dict[str, str], appointment: dict[str, Any]) -> Any:
        return self.call(who, "POST", f"/appointments/{appointment['id']}/cancel")

    def facts(self) -> list[tuple[str, Any]]:
        """What was announced, in order: (thing.past, data), each as its contract says."""
        with self.service.database.across_schools("test", write=False) as connection:
            rows = connection.execute(sa.select(outbox.c.headers, outbox.c.value).order_by(outbox.c.seq)).all()
        found = []
        for row in rows:
            name = dict(json.loads(row.headers))["ce_type"].removeprefix("tandem.scheduling.").removesuffix(".v1")
            data = json.loads(row.value)
            schema = json.loads((ROOT / f"contracts/events/scheduling/{name}.v1.json").read_text())
            jsonschema.Draft202012Validator(schema).validate(data)
            found.append((name, data))
        return found


YEAR = {"terms": [["2026-09-08", "2026-10-26", "2026-10-30", "2026-12-18"],
                  ["2027-01-04", "2027-02-15", "2027-02-19", "2027-03-26"]], "closed": ["2026-11-27"]}
ASK = {"partnership_id": "loop", "pupil_id": "mina", "guardian_ids": ["mum", "dad"], "staff_ids": ["ama", "noa"],
       "from_on": "2026-11-25", "by_on": "2026-12-02"}


def review_asked(version: int = 1, **changes: Any) -> Event:
    """Profiles wish for a review; Mina's, with Ms Osei, unless it is said otherwise."""
    data = {**ASK, **changes}
    return event("tandem.profiles.review.asked.v1", data["partnership_id"], data, version=version)


def review_dropped(version: int = 2) -> Event:
    return event("tandem.profiles.review.dropped.v1", "loop", {"partnership_id": "loop", "pupil_id": "mina"},
                 version=version)


def ask_review(house: House, version: int = 1, **changes: Any) -> None:
    """The school says its year, and a review is asked for."""
    house.tell(house.state("school.described", "school", {"name": "Oakfield", "zone": "Europe/London", "year": YEAR}))
    house.tell(review_asked(version, **changes))


def furnish(house: House) -> None:
    """Mina and Sam are in oak (Ms Osei), Leo in ash (Mr Bell); Ms Tal teaches both. Kit supports in oak."""
    def person(key: str, family: str, classes: list[str], **more: Any) -> dict[str, Any]:
        return {"id": key, "given_name": key.title(), "family_name": family, "status": "current",
                "class_ids": classes, "year_group": "5", "email": f"{key}@example.invalid", **more}

    house.tell(
        house.state("school.described", "school", {"name": "Oakfield", "zone": "Europe/London", "accent": "green"}),
        *(house.state("class.described", key, {"id": key, "title": key.title(), "status": "current"})
          for key in ("oak", "ash", "elm")),
        *(house.state("staff.described", key, person(key, family, classes, roles=roles)) for key, family, classes, roles
          in (("ama", "Osei", ["oak"], ["teacher"]), ("tom", "Bell", ["ash"], ["teacher"]),
              ("noa", "Tal", ["oak", "ash"], ["teacher", "head"]), ("kit", "Ray", ["oak"], ["aide"]))),
        *(house.state("pupil.described", key, person(key, "Vale", classes))
          for key, classes in (("mina", ["oak"]), ("sam", ["oak"]), ("leo", ["ash"]))),
        house.let("mum", "mina"), house.let("dad", "mina"), house.let("mum", "leo"), house.let("gran", "sam"),
        house.let("barred", "mina", []),
    )


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """Oakfield on SQLite."""
    yield from _house(new_sqlite("scheduling", tmp_path / "scheduling.db"))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def each_house(request: pytest.FixtureRequest) -> Iterator[House]:
    """Oakfield on each database in turn: for what the database decides."""
    if request.param == "sqlite":
        yield request.getfixturevalue("house")
        return
    yield from _house(new_postgres(request.getfixturevalue("postgres_server"), "scheduling")[1])


def _house(url: str) -> Iterator[House]:
    clock = FixedClock()
    keys = Keys(clock)
    service = build(url, keys.public, clock, lambda: ["oakfield", "elmhurst"])
    built = House(service, clock, keys)
    furnish(built)
    yield built
    service.database.close()
