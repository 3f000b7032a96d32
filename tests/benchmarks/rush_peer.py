"""The peer that many would build: the very same app and edge, where PostgreSQL's SERIALIZABLE decides, not our locks.

Every transaction is SERIALIZABLE, no statement locks rows, and a booking that PostgreSQL stops (40001, 40P01) is tried
again, with a wait that grows, until it is done or refused.
"""

from __future__ import annotations

import functools
import json
import random
import re
import sys
import time
from collections.abc import Callable
from typing import Any

import psycopg
import sqlalchemy as sa

from chassis.clock import SystemClock
from chassis.log import set_up_logging
from services.scheduling.app import create_app
from services.scheduling.wiring import build
from tests.benchmarks.rush_server import Server

BOOK, STOPPED, TRIES, FIRST_WAIT, LONGEST_WAIT = "appointments.book_slot", ("40001", "40P01"), 1000, 0.001, 0.05
LOCKS = re.compile(r"\s+FOR (?:NO KEY UPDATE|UPDATE|KEY SHARE|SHARE)(?: OF \w+)?\s*$")


class SerializableServer(Server):
    """The app as it is, over connections that are SERIALIZABLE."""

    def load(self) -> Any:
        wired = build(self._url, self._key, SystemClock(), lambda: ["oakfield"])
        sa.event.listen(wired.database.engine, "connect", _serialize)
        sa.event.listen(wired.database.engine, "before_cursor_execute", _unlock, retval=True)
        app = create_app(wired)
        app.view_functions[BOOK] = _insist(app.view_functions[BOOK])
        return app


def _serialize(connection: Any, _record: Any) -> None:
    connection.isolation_level = psycopg.IsolationLevel.SERIALIZABLE


def _unlock(*call: Any) -> tuple[str, Any]:
    _, _, statement, parameters, _, _ = call
    return _without_locks(statement), parameters


@functools.lru_cache(maxsize=500)
def _without_locks(statement: str) -> str:
    return LOCKS.sub("", statement)


def _insist(view: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(view)
    def insist(**arguments: Any) -> Any:
        for attempt in range(TRIES):
            try:
                return view(**arguments)
            except sa.exc.OperationalError as error:
                if getattr(error.orig, "sqlstate", None) not in STOPPED:
                    raise
            time.sleep(random.random() * min(FIRST_WAIT * 2 ** min(attempt, 10), LONGEST_WAIT))
        raise AssertionError("it was never let through")

    return insist


def main() -> None:
    set_up_logging("ERROR")
    url, key, port = sys.argv[1:]
    sys.argv = sys.argv[:1]
    SerializableServer(sa.make_url(url).render_as_string(hide_password=False), json.loads(key), int(port)).run()


if __name__ == "__main__":
    main()
