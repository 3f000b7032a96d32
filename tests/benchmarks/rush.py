"""The rush: bookings open, and 240 families want the same popular teachers, through the real app over PostgreSQL.

First they come within ten seconds, each when it comes to its mind: nobody may wait long for an answer. Then all of
them press at once, at the product and at two peers, both under SERIALIZABLE and tried until it goes through: the very
same app without its locks, and the same booking as plain SQL. How many families a second are served until each has a
time? After every round the database is asked whether anything was given twice.
"""

from __future__ import annotations

import http.client
import json
import random
import re
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import requests
import sqlalchemy as sa

from chassis.clock import SystemClock
from chassis.migrate import migrate
from services.scheduling.wiring import build
from tests.benchmarks.home import wait_until
from tests.benchmarks.measure import Figure, compare
from tests.fakes import Keys
from tests.parts.postgres import Postgres, free_port, run_postgres
from tests.scheduling.house import VERSIONS, House

FAMILIES, TEACHERS, SECONDS, AT_ONCE, ROUNDS = 240, 6, 10.0, 48, 3
LONE, TIMES_SLOWER, TIMES_FASTER, TRIES = 60, 20, 2.0, 60
CLOCK = re.compile(r"(\d+):(\d\d)pm")
CLASSES = [f"class-{number}" for number in range(TEACHERS)]
EVENING = {"title": "Rush", "from": "16:00", "to": "20:00", "slot_minutes": 5, "place": "Hall", "class_ids": CLASSES}


class Now(SystemClock):
    """The house's clock, which nobody holds still here."""


@dataclass(frozen=True, slots=True)
class Evening:
    """An evening that is open, and the slots of each teacher in order of time."""

    id: str
    slots: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Door:
    """Where families press."""

    port: int
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class Rush:
    """The served app, its peers, and the house that fills their database."""

    house: House
    owner: sa.Engine
    ours: Door
    serializable: Door

    @property
    def plain(self) -> Door:
        return Door(self.ours.port, "/peer")

    def furnish(self) -> None:
        """Each teacher has a class of 40 children, and each child one adult."""
        def person(key: str, classes: list[str], **more: Any) -> dict[str, Any]:
            return {"id": key, "given_name": key, "family_name": "Vale", "status": "current", "class_ids": classes,
                    "year_group": "5", **more}

        house = self.house
        house.tell(house.state("school.described", "school", {"name": "Oakfield", "zone": "Europe/London"}),
                   *(house.state("class.described", name, {"id": name, "title": name, "status": "current"})
                     for name in CLASSES),
                   *(house.state("staff.described", f"teacher-{number}", person(
                       f"teacher-{number}", [f"class-{number}"], roles=["teacher"])) for number in range(TEACHERS)))
        house.tell(*(house.state("pupil.described", f"child-{number}", person(
            f"child-{number}", [f"class-{number % TEACHERS}"])) for number in range(FAMILIES)),
            *(house.let(f"adult-{number}", f"child-{number}") for number in range(FAMILIES)))

    def beat(self, stopping: threading.Event) -> None:
        """What profiles says every now and then: rights are as they were."""
        while not stopping.wait(10):
            self.house.beat()

    def open(self, day: int) -> Evening:
        on = (datetime.now(UTC) + timedelta(days=day)).date()
        made = self.house.open_evening(**EVENING, on=on.isoformat(), respond_by=on.isoformat())
        with self.house.service.database.engine.connect() as connection:
            connection.execute(sa.text("SELECT set_config('tandem.school', 'oakfield', true)"))
            rows = connection.execute(sa.text(
                "SELECT staff_id, id FROM slots WHERE evening_id = :id ORDER BY staff_id, starts_at"), made).all()
        slots: dict[str, list[str]] = {}
        for staff_id, slot_id in rows:
            slots.setdefault(staff_id, []).append(slot_id)
        self._count()
        return Evening(made["id"], slots)

    def _count(self) -> None:
        """PostgreSQL counts what its tables hold within a minute by itself, which it has before families come."""
        with self.owner.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(sa.text("ANALYZE"))


@dataclass(slots=True)
class Family:
    """One adult at one browser: presses, and when somebody was faster chooses another time."""

    rush: Rush
    evening: Evening
    number: int
    door: Door

    def book(self) -> list[float]:
        """Until there is a time; how long each answer took. Most wish an early one; who was too late takes what is
        said to be free."""
        took, choice = [], random.Random(f"{self.evening.id}{self.number}")
        slots = self.evening.slots[f"teacher-{self.number % TEACHERS}"]
        place = int(len(slots) * choice.random() ** 2)
        connection = http.client.HTTPConnection("127.0.0.1", self.door.port, timeout=120)
        path = f"/schools/oakfield{self.door.prefix}/evenings/{self.evening.id}/pupils/child-{self.number}/appointments"
        for turn in range(TRIES):
            began = time.perf_counter()
            connection.request("POST", path, json.dumps({"slot_id": slots[place]}), {
                **self.rush.house.guardian(f"adult-{self.number}"), "Content-Type": "application/json",
                "Idempotency-Key": f"{self.evening.id}{self.number}-{turn}"})
            reply = connection.getresponse()
            words = reply.read().decode()
            took.append(time.perf_counter() - began)
            assert reply.status in (201, 409), f"no answer: {words}"
            if reply.status == 201:
                connection.close()
                return took
            place = choice.choice([_place_of(*shown) for shown in CLOCK.findall(words.partition("free:")[2])])
        raise AssertionError("there was a time for everybody")


def _place_of(hour: str, minute: str) -> int:
    """Which slot begins at this time of the afternoon."""
    return ((int(hour) - 4) * 60 + int(minute)) // 5


def press(families: Sequence[Family], within: float = 0.0) -> tuple[float, list[float]]:
    """All of them, spread over so many seconds; how many families a second, and how long each answer took."""
    took: list[float] = []
    lock, began = threading.Lock(), time.perf_counter()

    def come(place: int, family: Family) -> None:
        due = began + within * place / len(families)
        time.sleep(max(0.0, due - time.perf_counter()))
        found = family.book()
        with lock:
            took.extend(found)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        for done in [pool.submit(come, place, family) for place, family in enumerate(families)]:
            done.result()
    return len(families) / (time.perf_counter() - began), took


def verify(rush: Rush, evening: Evening) -> None:
    """Every family has one time, and no slot, teacher or adult has two at once."""
    with rush.house.service.database.engine.connect() as connection:
        connection.execute(sa.text("SELECT set_config('tandem.school', 'oakfield', true)"))
        booked = connection.execute(sa.text(
            "SELECT a.staff_id, a.starts_at, g.guardian_id, b.appointment_id FROM appointments a "
            "JOIN appointment_guests g ON g.school_id = a.school_id AND g.appointment_id = a.id "
            "LEFT JOIN bookings b ON b.school_id = a.school_id AND b.slot_id = a.slot_id "
            "AND b.appointment_id = a.id WHERE a.evening_id = :id AND a.state = 'booked'"), {"id": evening.id}).all()
    assert len({(row.staff_id, row.starts_at) for row in booked}) == len(booked) == FAMILIES, "a time was given twice"
    assert len({row.guardian_id for row in booked}) == FAMILIES
    assert all(row.appointment_id for row in booked)


def answers(port: int) -> bool:
    try:
        return requests.get(f"http://127.0.0.1:{port}/livez", timeout=5).ok
    except requests.RequestException:
        return False


@contextmanager
def serving(server: Postgres) -> Iterator[Rush]:
    owner, url = server.new_database("rush")
    migrate(owner, VERSIONS, sa.make_url(url).username)
    clock = Now()
    keys, ours, theirs = Keys(clock), Door(free_port()), Door(free_port())
    house = House(build(url, keys.public, clock, lambda: ["oakfield"]), clock, keys)  # type: ignore[arg-type]
    rush = Rush(house, sa.create_engine(owner), ours, theirs)
    rush.furnish()
    house.beat()
    processes = [subprocess.Popen([sys.executable, "-m", f"tests.benchmarks.{name}", url, json.dumps(keys.public),
                                   str(door.port)]) for name, door in (("rush_server", ours), ("rush_peer", theirs))]
    stopping = threading.Event()
    beating = threading.Thread(target=rush.beat, args=(stopping,))
    beating.start()
    try:
        wait_until(lambda: answers(ours.port) and answers(theirs.port))
        yield rush
    finally:
        stopping.set()
        beating.join()
        for process in processes:
            process.terminate()
            process.wait(30)
        house.service.database.close()
        rush.owner.dispose()


def rush() -> Figure:
    running = run_postgres()
    try:
        with serving(next(running)) as found:
            return _measure(found)
    finally:
        running.close()  # type: ignore[attr-defined]


def _measure(found: Rush) -> Figure:
    days = iter(range(2, 200))

    def pressed(door: Door, within: float = 0.0) -> tuple[float, list[float]]:
        evening = found.open(next(days))
        speed, took = press([Family(found, evening, number, door) for number in range(FAMILIES)], within)
        verify(found, evening)
        return speed, took

    def at_once(door: Door) -> float:
        return pressed(door)[0]

    lone = _lone(found, found.open(next(days)), found.ours)
    _lone(found, found.open(next(days)), found.serializable)  # warm, like ours
    middle, slow = _waits(pressed(found.ours, SECONDS)[1])
    their_middle, their_slow = _waits(pressed(found.serializable, SECONDS)[1])
    plain = compare("rush", lambda: at_once(found.ours), lambda: at_once(found.plain), "", 0.0, ROUNDS)
    words = (f"the same app, SERIALIZABLE and retry, no locks; {plain.ratio:.2f} [{plain.low:.2f}..{plain.high:.2f}] "
             f"against the same as plain SQL; {FAMILIES} in {SECONDS:.0f} s: p50 {middle:.0f} ms, p99 {slow:.0f} ms = "
             f"{slow / lone:.1f}x a lone {lone:.0f} ms (goal <= {TIMES_SLOWER}), theirs p50 {their_middle:.0f} ms, "
             f"p99 {their_slow:.0f} ms; 0 given twice")
    figure = compare("rush", lambda: at_once(found.ours), lambda: at_once(found.serializable), words, TIMES_FASTER,
                     ROUNDS)
    return replace(figure, held=figure.held and slow <= TIMES_SLOWER * lone)


def _lone(found: Rush, evening: Evening, door: Door) -> float:
    """How many milliseconds a booking takes when nobody else comes."""
    took = [one for number in range(LONE) for one in Family(found, evening, number, door).book()]
    return statistics.median(took[LONE // 3:]) * 1000


def _waits(took: Sequence[float]) -> tuple[float, float]:
    """The middle and the slowest hundredth, in milliseconds."""
    return statistics.median(took) * 1000, statistics.quantiles(took, n=100)[98] * 1000
