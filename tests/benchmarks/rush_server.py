"""Scheduling as a deployment serves it, over PostgreSQL, and beside it the same booking as plain SQL, SERIALIZABLE.

The peer has the same edge (token, guard, reply), the same rows and the same checks; instead of locks each transaction
is tried until PostgreSQL lets it through.
"""

from __future__ import annotations

import json
import random
import sys
import time
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import flask
import psycopg
import sqlalchemy as sa
from flask_smorest import Blueprint
from gunicorn.app.base import BaseApplication
from psycopg.rows import namedtuple_row

from chassis.clock import SystemClock, new_id
from chassis.errors import Conflict, NotFound, Unavailable
from chassis.log import set_up_logging
from chassis.permissions import FRESH_FOR, open_at
from chassis.web import allow, principal, service
from services.scheduling.app import create_app
from services.scheduling.appointments.rules import clock_words
from services.scheduling.wiring import build

WORKERS, THREADS, TRIES = 2, 8, 200  # as deploy/gunicorn.conf.py has them
ZONE = ZoneInfo("Europe/London")
peer = Blueprint("peer", __name__, url_prefix="/schools/<school>/peer")
RIGHT = ("SELECT p.windows, p.is_held, f.as_of FROM permissions p JOIN freshness f ON f.school_id = p.school_id "
         "WHERE p.school_id = %(school)s AND p.about_id = %(pupil)s AND p.holder_id = %(me)s")
SLOT = ("SELECT s.id, s.staff_id, s.starts_at, s.ends_at, e.place, b.room, b.link FROM slots s "
        "JOIN evenings e ON e.school_id = s.school_id AND e.id = s.evening_id AND e.state IN ('open', 'planned') "
        "JOIN evening_blocks b ON b.school_id = s.school_id AND b.id = s.block_id "
        "WHERE s.school_id = %(school)s AND s.id = %(slot)s AND s.evening_id = %(evening)s AND EXISTS ("
        "SELECT 1 FROM block_staff t JOIN class_members m ON m.school_id = t.school_id AND m.person_id = t.staff_id "
        "AND m.role = 'teacher' JOIN class_members c ON c.school_id = m.school_id AND c.class_id = m.class_id "
        "AND c.person_id = %(pupil)s AND c.role = 'pupil' WHERE t.school_id = s.school_id AND t.block_id = s.block_id)")
BUSY = ("SELECT 1 FROM appointment_guests WHERE school_id = %(school)s AND guardian_id = %(me)s AND state = 'booked' "
        "AND starts_at < %(ends)s AND ends_at > %(starts)s UNION ALL "
        "SELECT 1 FROM engagements WHERE school_id = %(school)s AND guardian_id = %(me)s AND starts_at < %(ends)s "
        "AND ends_at > %(starts)s")
NEAR = ("SELECT 1 FROM keep_apart k JOIN appointment_guests g ON g.school_id = k.school_id AND g.guardian_id IN "
        "(k.first_id, k.second_id) AND g.guardian_id <> %(me)s WHERE k.school_id = %(school)s AND k.status = 'current' "
        "AND %(me)s IN (k.first_id, k.second_id) AND g.state = 'booked' "
        "AND g.starts_at <= %(ends)s + interval '15 minutes' AND g.ends_at >= %(starts)s - interval '15 minutes'")
TAKEN = ("SELECT 1 FROM bookings WHERE school_id = %(school)s AND staff_id = %(staff)s AND starts_at < %(ends)s "
         "AND ends_at > %(starts)s")
FREE = ("SELECT s.starts_at FROM slots s WHERE s.school_id = %(school)s AND s.evening_id = %(evening)s "
        "AND s.staff_id = %(staff)s AND NOT EXISTS (SELECT 1 FROM bookings b WHERE b.school_id = s.school_id "
        "AND b.staff_id = s.staff_id AND b.starts_at < s.ends_at AND b.ends_at > s.starts_at) "
        "ORDER BY s.starts_at LIMIT 6")
WRITES = (
    "INSERT INTO bookings (school_id, slot_id, appointment_id, staff_id, starts_at, ends_at) "
    "VALUES (%(school)s, %(slot)s, %(id)s, %(staff)s, %(starts)s, %(ends)s)",
    "INSERT INTO appointments (school_id, id, evening_id, slot_id, pupil_id, staff_id, starts_at, ends_at, place, "
    "room, link, sequence, version, state, changed_at) VALUES (%(school)s, %(id)s, %(evening)s, %(slot)s, %(pupil)s, "
    "%(staff)s, %(starts)s, %(ends)s, %(place)s, %(room)s, %(link)s, 0, 1, 'booked', %(now)s)",
    "INSERT INTO appointment_guests (school_id, appointment_id, guardian_id, pupil_id, starts_at, ends_at, is_booker, "
    "how, sequence, state, booked_at, changed_at) VALUES (%(school)s, %(id)s, %(me)s, %(pupil)s, %(starts)s, %(ends)s, "
    "true, 'in-person', 0, 'booked', %(now)s, %(now)s)",
    "INSERT INTO outbox (school_id, id, topic, key, headers, value, created_at) VALUES (%(school)s, %(event)s, 'peer', "
    "%(id)s, '[]', %(fact)s, %(now)s)",
    "INSERT INTO idempotency_keys (school_id, caller, key, fingerprint, status, reply, created_at) VALUES (%(school)s, "
    "%(me)s, %(event)s, '', 201, %(reply)s, %(now)s)")


@peer.route("/evenings/<evening_id>/pupils/<pupil_id>/appointments", methods=["POST"])
@allow("guardian", opens=False)
def book(school: str, evening_id: str, pupil_id: str) -> Any:
    """The booking, tried until it is let through."""
    flask.request.get_data(cache=True)
    asked = {"school": school, "evening": evening_id, "pupil": pupil_id, "me": principal().person_id,
             "slot": flask.request.get_json()["slot_id"], "id": new_id(), "event": new_id()}
    for attempt in range(TRIES):
        with service().database.engine.connect() as pooled:
            connection: psycopg.Connection[Any] = pooled.connection.driver_connection  # type: ignore[assignment]
            try:
                connection.isolation_level = psycopg.IsolationLevel.SERIALIZABLE
                reply = _try(connection, asked)
                connection.commit()
                return flask.Response(reply, 201, content_type="application/json")
            except (psycopg.errors.SerializationFailure, psycopg.errors.DeadlockDetected):
                connection.rollback()
            except psycopg.errors.UniqueViolation:
                connection.rollback()
            except BaseException:
                connection.rollback()
                raise
            finally:
                connection.isolation_level = None
        time.sleep(random.random() * min(0.001 * 2 ** attempt, 0.05))  # to keep out of step
    raise Unavailable(retry_after_s=1)


def _try(connection: psycopg.Connection[Any], asked: dict[str, Any]) -> str:
    cursor: psycopg.Cursor[Any]
    with connection.cursor(row_factory=namedtuple_row) as cursor:
        now = datetime.now(UTC)
        cursor.execute("SELECT set_config('tandem.school', %(school)s, true)", asked)
        right: Any = cursor.execute(RIGHT, asked).fetchone()
        if right is None or right.is_held or now - right.as_of > FRESH_FOR or not open_at(right.windows, "book", now):
            raise NotFound()
        slot: Any = cursor.execute(SLOT, asked).fetchone()
        if slot is None:
            raise NotFound()
        given = {**asked, "staff": slot.staff_id, "starts": slot.starts_at, "ends": slot.ends_at, "place": slot.place,
                 "room": slot.room, "link": slot.link, "now": now}
        if any(cursor.execute(words, given).fetchone() for words in (BUSY, NEAR, TAKEN)):
            free: list[Any] = cursor.execute(FREE, given).fetchall()
            shown = [clock_words(row.starts_at, ZONE) for row in free]
            raise Conflict(f"Someone took it a moment ago. These are free: {', '.join(shown)}.")
        reply = json.dumps({"id": asked["id"], "slot_id": slot.id, "starts_at": slot.starts_at.isoformat()})
        for words in WRITES:
            cursor.execute(words, {**given, "fact": reply.encode(), "reply": reply})
        return reply


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn without its command line."""

    def __init__(self, url: str, key: dict[str, Any], port: int):
        self._url, self._key, self._port = url, key, port
        super().__init__()

    def load_config(self) -> None:
        for name, value in {"bind": f"127.0.0.1:{self._port}", "workers": WORKERS, "worker_class": "gthread",
                            "threads": THREADS, "loglevel": "warning", "control_socket_disable": True,
                            "keepalive": 30, "backlog": 1024}.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Any:
        wired = build(self._url, self._key, SystemClock(), lambda: ["oakfield"])
        wired.rooms = (*wired.rooms, peer)
        return create_app(wired)


def main() -> None:
    set_up_logging("ERROR")
    url, key, port = sys.argv[1:]
    sys.argv = sys.argv[:1]
    Server(sa.make_url(url).render_as_string(hide_password=False), json.loads(key), int(port)).run()


if __name__ == "__main__":
    main()
