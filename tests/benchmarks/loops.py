"""Opening a partnership, twenty a second: until its notices are written and times to meet are offered.

From the commit in profiles to the commit in notifications (a notice for each adult of two homes, and for school) and in
scheduling (times offered to each adult). What is verified: every loop has its notices and its times, and none twice.
The floor beside it: the same fact with one reader that writes one row, on the same parts at the same pace.
"""

from __future__ import annotations

import functools
import statistics
import threading
import time
from collections.abc import Callable, Collection, Sequence
from typing import Any

import sqlalchemy as sa

from chassis.clock import new_id
from chassis.envelope import Event
from chassis.inbox import Subscriptions
from chassis.unit_of_work import UnitOfWork
from tests.benchmarks.measure import Figure
from tests.benchmarks.school import PRAISE, School, open_apart, open_school, praise_fact, until
from tests.journeys.house import SERVICES
from tests.journeys.test_one_familys_day import OAKFIELD

A_SECOND, SECONDS, GOAL_MS = 20, 15, 150.0
OPENED = "tandem.profiles.partnership.opened.v1"
ASKED = "tandem.profiles.review.asked.v1"
READERS = ("scheduling", "notifications", "portal")
TWO_HOMES = (
    "SELECT r.pupil_id, min(r.guardian_id) AS guardian_id FROM relationships r WHERE r.school_id = :school "
    "AND r.kind = 'parent' AND r.restriction = 'none' AND r.lives_with = 'shared' AND r.status = 'current' "
    "GROUP BY r.pupil_id HAVING count(*) = 2 ORDER BY r.pupil_id")
NOTICES = ("SELECT about_id, count(*) AS many, count(DISTINCT recipient_id) AS readers FROM notices "
           "WHERE school_id = :school AND kind = 'partnership-opened' GROUP BY about_id")


UNSENT = "SELECT 1 FROM outbox WHERE school_id = :school AND published_at IS NULL LIMIT 1"
SAID = "SELECT state_version FROM schools WHERE school_id = :school"
APPLIED = "SELECT version FROM freshness WHERE school_id = :school AND source = 'profiles'"
OFFERED = "SELECT count(*) FROM reviews WHERE school_id = :school"
TOLD_OF = "SELECT count(DISTINCT about_id) FROM notices WHERE school_id = :school AND kind = 'review-offered'"
UNPOSTED = "SELECT 1 FROM deliveries WHERE school_id = :school AND state IN ('queued', 'claimed') LIMIT 1"


def is_at_rest(school: School) -> bool:
    """Whether every school's facts are out and applied, and every letter about them has gone."""
    return all(_is_at_rest(school, one) for one in school.trust.schools)


def _is_at_rest(school: School, one: str) -> bool:
    def ask(service: str, statement: str) -> Any:
        with school.database(service).unit_of_work(one, write=False) as uow:
            return uow.connection.scalar(sa.text(statement), {"school": one})

    said = ask("profiles", SAID)
    return (said is not None and all((ask(service, APPLIED) or 0) >= said for service in READERS)
            and not any(ask(service, UNSENT) for service in SERVICES)
            and ask("scheduling", OFFERED) == ask("notifications", TOLD_OF)
            and ask("notifications", UNPOSTED) is None)


class Arrivals:
    """When each thing was committed by a reader in this process, by the thing's id, in seconds since the epoch."""

    def __init__(self) -> None:
        self.at: dict[str, float] = {}

    def has(self, ids: Collection[str]) -> bool:
        return all(one in self.at for one in ids)

    def follow(self, school: School, service: str, kind: str, name: str) -> None:
        """Note the commits of a service's own handler of a type; `name` is the field that holds the id."""
        work = school.trust.workers[SERVICES.index(service)].work
        handle = work.subscriptions.handlers[kind]

        def noting(uow: UnitOfWork, events: Sequence[Event]) -> None:
            handle(uow, events)
            uow.after_commit.append(functools.partial(self._note, [event.data[name] for event in events]))

        work.subscriptions = Subscriptions(work.subscriptions.follows, {**work.subscriptions.handlers, kind: noting},
                                           work.subscriptions.on_parked)

    def _note(self, ids: list[str]) -> None:
        now = time.time()
        for one in ids:
            self.at.setdefault(one, now)


class Stamps:
    """The same of a reader in a process of its own, as PostgreSQL has stamped its commits."""

    def __init__(self, school: School, service: str, table: str, name: str):
        self.at: dict[str, float] = {}
        self._read = functools.partial(school.read, service, (
            f"SELECT {name} AS id, extract(epoch FROM max(pg_xact_commit_timestamp(xmin))) AS at FROM {table} "
            f"WHERE school_id = :school GROUP BY {name}"))

    def has(self, ids: Collection[str]) -> bool:
        self.at = {row.id: float(row.at) for row in self._read()}
        return all(one in self.at for one in ids)


Reader = Arrivals | Stamps


def open_loop(school: School, pair: Any, day: str) -> str:
    """The child opens one that everybody who helps them is in: both homes and school are told."""
    reply = school.trust.call(
        "profiles", "POST", f"/{OAKFIELD}/pupils/{pair.pupil_id}/partnerships",
        (pair.pupil_id, "pupil", ()), key=new_id(), json={
            "going_well": "Reads every night.", "worries": "Mornings are hard.", "support": "One plan for both.",
            "audience": "all", "review_on": day})
    assert reply.status_code == 201, reply.text
    return str(reply.json["id"])


def proposed_day(school: School, pair: Any) -> str:
    """The day on which school is open that a new loop would look again."""
    reply = school.trust.call("profiles", "GET", f"/{OAKFIELD}/pupils/{pair.pupil_id}/partnerships",
                              (pair.guardian_id, "guardian", ()))
    return str(reply.json["proposed_review_on"])


def at_pace(act: Callable[[int], None]) -> None:
    """Twenty a second, whatever each takes."""
    began = time.monotonic()
    for number in range(A_SECOND * SECONDS):
        time.sleep(max(0.0, began + number / A_SECOND - time.monotonic()))
        act(number)


def measure(school: School, pairs: Sequence[Any], readers: Sequence[Reader], day: str) -> list[float]:
    """Milliseconds of each loop, from the moment its commit begins to the last reader's commit."""
    began: dict[str, float] = {}
    committed = Committed(school)

    def act(number: int) -> None:
        found = open_loop(school, pairs[number % len(pairs)], day)
        began[found] = committed.at

    with committed:
        at_pace(act)
    until(lambda: is_at_rest(school) and all(reader.has(began) for reader in readers))
    return sorted((max(reader.at[one] for reader in readers) - start) * 1000 for one, start in began.items())


class Committed:
    """When this thread last began to commit in profiles."""

    def __init__(self, school: School):
        self._engine, self._me, self.at = school.database("profiles").engine, threading.get_ident(), 0.0

    def _note(self, _connection: Any) -> None:
        if threading.get_ident() == self._me:
            self.at = time.time()

    def __enter__(self) -> Committed:
        sa.event.listen(self._engine, "commit", self._note)
        return self

    def __exit__(self, *_raised: object) -> None:
        sa.event.remove(self._engine, "commit", self._note)


def measure_floor(school: School, pairs: Sequence[Any], praise: Reader) -> float:
    """The p99 of one plain fact with its one reader, at the same pace, in milliseconds."""
    began: dict[str, float] = {}

    def act(number: int) -> None:
        fact = praise_fact(pairs[number % len(pairs)].pupil_id)
        with school.database("profiles").unit_of_work(OAKFIELD) as uow:
            uow.record(fact)
        began[fact.data["praise_id"]] = committed.at  # type: ignore[index]

    committed = Committed(school)
    with committed:
        at_pace(act)
    until(lambda: praise.has(began))
    taken = sorted((praise.at[one] - start) * 1000 for one, start in began.items())
    return taken[int(len(taken) * 0.99) - 1]


def _loop(name: str, school: School, readers: Sequence[Reader], praise: Reader) -> Figure:
    until(lambda: is_at_rest(school))  # the rest of the import
    pairs = school.read("profiles", TWO_HOMES)
    assert len(pairs) >= 10
    day = proposed_day(school, pairs[0])
    first = open_loop(school, pairs[0], day)
    until(lambda: is_at_rest(school) and all(reader.has([first]) for reader in readers))
    floor = measure_floor(school, pairs, praise)
    until(lambda: is_at_rest(school))  # the letters of the one are not charged to the other
    taken = measure(school, pairs, readers, day)
    notices = school.read("notifications", NOTICES)
    assert len(notices) == len(taken) + 1
    assert all(row.many == row.readers >= 3 for row in notices), "a notice for two homes and school, none twice"
    p99 = taken[int(len(taken) * 0.99) - 1]
    words = f"p50; the range is p1..p99; max {taken[-1]:.0f}; floor: one fact, one reader, p99 {floor:.0f} ms"
    return Figure(name, None, taken[0], p99, 1, words, f"p99 <= {GOAL_MS:.0f} ms", p99 <= GOAL_MS,
                  statistics.median(taken), "ms")


def loop_embedded() -> Figure:
    """SQLite and the embedded bus: all in one process, as `make up` has it."""
    told, offered, praise = Arrivals(), Arrivals(), Arrivals()

    def prepare(school: School) -> None:
        told.follow(school, "notifications", OPENED, "partnership_id")
        offered.follow(school, "scheduling", ASKED, "partnership_id")
        praise.follow(school, "notifications", PRAISE, "praise_id")
        school.post.database = None  # a provider that asks our database about each letter is not what is measured

    with open_school(False, prepare) as school:
        return _loop("loop_embedded", school, (told, offered), praise)


def loop_kafka() -> Figure:
    """PostgreSQL and Kafka: the web of profiles in this process, and each service's worker in its own."""
    with open_apart() as school:
        told = Stamps(school, "notifications", "notices", "about_id")
        offered = Stamps(school, "scheduling", "reviews", "partnership_id")
        return _loop("loop_kafka", school, (told, offered), told)
