"""From the commit of a restriction in profiles to the last withdrawal in both readers, in a school that is busy.

10,000 deliveries are queued for tomorrow, 200 bookings stand, and 100 deliveries a second go out meanwhile, some of
them always about the child of the moment. 100 pairs lose their rights, one after another. What is verified beside the
time: no letter was handed over whose claim began after the restriction had arrived (`claim_due` asks last).
"""

from __future__ import annotations

import functools
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from chassis.clock import new_id
from chassis.db import load_json
from chassis.permissions import open_at
from services.notifications.deliveries.models import Delivery
from services.notifications.notices import actions as notices
from services.notifications.notices.events import Telling
from tests.benchmarks.measure import Figure
from tests.benchmarks.school import OFFICE, TOMORROW, Pair, School, Stream, open_school, until
from tests.journeys.test_one_familys_day import OAKFIELD

RESTRICTED, EVENINGS, QUEUED, GOAL_MS = 100, 2, 10_000, 1000.0
FACTS_A_SECOND = 70  # of which each makes a letter for every adult who may have it: a hundred letters and more
PAIRS = ("SELECT p.about_id, p.holder_id, p.windows FROM permissions p JOIN contacts c ON c.school_id = p.school_id "
         "AND c.id = p.holder_id WHERE p.school_id = :school AND c.email IS NOT NULL ORDER BY p.about_id, p.holder_id")
LEFT = "SELECT 1 FROM deliveries WHERE school_id = :school AND recipient_id = :guardian AND pupil_id = :pupil " \
    "AND state = 'queued' AND due_at > :later LIMIT 1"
STANDING = "SELECT count(*) FROM deliveries WHERE school_id = :school AND state = 'queued'"
ALL_BOOKED = "SELECT count(*) FROM appointments WHERE school_id = :school AND state = 'booked'"
BOOKED = "SELECT 1 FROM appointment_guests WHERE school_id = :school AND guardian_id = :guardian " \
    "AND pupil_id = :pupil AND state = 'booked' LIMIT 1"


def restrict(school: School, pair: Pair) -> None:
    """The office enters that this adult has no rights about this child."""
    pupil_id, guardian_id = pair
    reply = school.trust.call(
        "profiles", "POST", f"/{OAKFIELD}/pupils/{pupil_id}/guardians/{guardian_id}/restrictions", OFFICE,
        key=new_id(), json={"kind": "no contact", "document": "An order of the court."})
    assert reply.status_code == 201, reply.text


def list_pairs(school: School) -> list[Pair]:
    """All who may see and book now."""
    found = []
    for row in school.read("notifications", PAIRS):
        windows = load_json(row.windows) if isinstance(row.windows, str) else row.windows
        if all(open_at(windows, right, datetime.now(UTC)) for right in ("see", "receive", "book", "attend")):
            found.append((row.about_id, row.holder_id))
    return found


def choose(pairs: list[Pair]) -> list[Pair]:
    """So many pairs of which no two share a child or an adult."""
    chosen: list[Pair] = []
    taken: set[str] = set()
    for pair in pairs:
        if not taken & set(pair):
            chosen.append(pair)
            taken |= set(pair)
    assert len(chosen) >= RESTRICTED, len(chosen)
    return chosen[:RESTRICTED]


def queue(school: School, pairs: list[Pair]) -> None:
    """10,000 notices with a delivery that is due tomorrow, shared out among all."""
    for begin in range(0, QUEUED, 1000):
        with school.database("notifications").unit_of_work(OAKFIELD) as uow:
            some = [pairs[number % len(pairs)] for number in range(begin, begin + 1000)]
            notices.tell(uow, [Telling(new_id(), guardian_id, "guardian", pupil_id, "praise", new_id())
                               for pupil_id, guardian_id in some])
            uow.session.execute(sa.update(Delivery).where(Delivery.due_at == uow.now, Delivery.state == "queued")
                                .values(due_at=uow.now + TOMORROW), execution_options={"synchronize_session": False})


def book(school: School, pairs: list[Pair]) -> None:
    """An appointment for each of these pairs on each of the evenings."""
    class_ids = [row.id for row in school.read("scheduling", "SELECT id FROM classes WHERE school_id = :school")]
    for number in range(EVENINGS):
        on = (datetime.now(UTC) + timedelta(days=9 + number)).date().isoformat()
        opened = school.trust.call("scheduling", "POST", f"/{OAKFIELD}/evenings", OFFICE, json={
            "title": "Parents' evening", "on": on, "from": "12:00", "to": "20:00", "slot_minutes": 5,
            "class_ids": class_ids, "respond_by": on, "place": "Hall"})
        assert opened.status_code == 201, opened.text
        for pupil_id, guardian_id in pairs:
            _book_one(school, f"/{OAKFIELD}/evenings/{opened.json['id']}/pupils/{pupil_id}", guardian_id)


def _book_one(school: School, path: str, guardian_id: str) -> None:
    who = (guardian_id, "guardian", ())
    offered = school.trust.call("scheduling", "GET", f"{path}/slots", who).json["staff"]
    for slot in (slot for member in offered for slot in member["slots"]):
        reply = school.trust.call("scheduling", "POST", f"{path}/appointments", who, json={"slot_id": slot["id"]})
        if reply.status_code == 201:
            return
    raise AssertionError("there was no slot")


@contextmanager
def last_commit(school: School) -> Iterator[Callable[[], float]]:
    """When this thread last began to commit in profiles."""
    me, at = threading.get_ident(), [0.0]
    engine = school.database("profiles").engine

    def note(_connection: Any) -> None:
        if threading.get_ident() == me:
            at[0] = time.perf_counter()

    sa.event.listen(engine, "commit", note)
    try:
        yield lambda: at[0]
    finally:
        sa.event.remove(engine, "commit", note)


def withdraw_all(school: School, pairs: list[Pair], stream: Stream) -> list[float]:
    """Restrict one after another; how many milliseconds each took until nothing was left."""
    taken = []
    with last_commit(school) as committed:
        for number, pair in enumerate(pairs):
            stream.current = pair[0]
            time.sleep(0.1 + number % 10 / 100)
            assert not is_withdrawn(school, pair)
            restrict(school, pair)
            began = committed()
            until(functools.partial(is_withdrawn, school, pair), pause_s=0.005)
            taken.append((time.perf_counter() - began) * 1000)
    return sorted(taken)


def is_withdrawn(school: School, pair: Pair) -> bool:
    """Whether neither reader has anything left for the pair."""
    values = {"pupil": pair[0], "guardian": pair[1]}
    later = sa.bindparam("later", datetime.now(UTC) + TOMORROW / 2, type_=Delivery.due_at.type)
    with school.database("notifications").unit_of_work(OAKFIELD, write=False) as uow:
        if uow.connection.execute(sa.text(LEFT).bindparams(later), {"school": OAKFIELD, **values}).first():
            return False
    return not school.read("scheduling", BOOKED, **values)


def count_late(school: School, pairs: list[Pair]) -> int:
    """Letters to restricted adults about their child whose claim began after the restriction had arrived."""
    arrived = {pair: school.arrived[":".join(pair)] for pair in pairs}
    return sum(1 for one in school.post.handed if one.pair in arrived and one.claimed_at > arrived[one.pair])


def _revocation(name: str, deployed: bool) -> Figure:
    with open_school(deployed) as school:
        until(lambda: len(list_pairs(school)) >= RESTRICTED and school.read(
            "scheduling", "SELECT 1 FROM classes WHERE school_id = :school"))
        time.sleep(2)  # the rest of the import
        pairs = list_pairs(school)
        chosen = choose(pairs)
        book(school, chosen)
        queue(school, pairs)
        until(lambda: not school.read("notifications", "SELECT 1 FROM deliveries WHERE school_id = :school "
                                      "AND state <> 'sent' AND due_at < :soon", soon=_soon(school)))
        [standing] = school.read("notifications", STANDING)
        [booked] = school.read("scheduling", ALL_BOOKED)
        assert (standing[0], booked[0]) == (QUEUED, RESTRICTED * EVENINGS)
        with Stream(school, [pupil_id for pupil_id, _ in pairs], FACTS_A_SECOND) as stream:
            time.sleep(2)
            before, began = school.post.letters, time.monotonic()
            taken = withdraw_all(school, chosen, stream)
            a_second = (school.post.letters - before) / (time.monotonic() - began)
            time.sleep(1)
        late = count_late(school, chosen)
    p99 = taken[int(len(taken) * 0.99) - 1]
    words = f"p50; the range is p1..p99; max {taken[-1]:.0f}; {late} handed over late; {a_second:.0f} letters a second"
    return Figure(name, None, taken[0], p99, 1, words, f"p99 <= {GOAL_MS:.0f} ms, 0 late",
                  p99 <= GOAL_MS and late == 0, statistics.median(taken), "ms")


def _soon(school: School) -> Any:
    soon = datetime.now(UTC) + timedelta(hours=1)
    return soon if school.database("notifications").is_postgresql else soon.replace(tzinfo=None)


def revocation_embedded() -> Figure:
    return _revocation("revocation_embedded", deployed=False)


def revocation_kafka() -> Figure:
    return _revocation("revocation_kafka", deployed=True)
