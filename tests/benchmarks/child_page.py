"""GET a child's page as a parent, in a school of 1,500 with three years of history, against a bare Flask page.

The platform is served as in `home`; both are asked by one session in the same run. What is verified first: the page
holds a strength, what is tried, a loop, good news and a note, and its HTML is at most 60 KB as gzip sends it.
"""

from __future__ import annotations

import gzip
import random
import sqlite3
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import requests

from chassis.clock import SystemClock, new_id
from chassis.unit_of_work import Database
from services.profiles.about_me.models import AboutEntry
from services.profiles.partnerships.models import Entry, Partnership, Step
from services.profiles.praise.models import Praise
from services.profiles.progress.models import ProgressNote
from services.profiles.strategies.models import Strategy, Tried
from services.profiles.wellbeing.models import Update
from tandem.client import PlatformClient
from tandem.data import DataFolder
from tandem.databases import migrate_folder
from tandem.sample import write_large
from tests.benchmarks.home import served, sign_in, wait_until
from tests.benchmarks.measure import Figure, compare, rate

USERS, COUNT, YEARS, LEAST = 3_334, 100, 3, 0.06  # 45 of 100 users are pupils
MOST_BYTES = 60 * 1024
Rows = list[dict[str, Any]]
WORDS = "Something that somebody wrote about this child, as long as such words are. " * 2


def import_large(data: DataFolder, base: str) -> None:
    client, file = PlatformClient(data, base), data.root / "large.zip"
    write_large(file, USERS, 1)
    with file.open("rb") as body:
        sent = client.call("POST", "profiles", "/schools/trust/rosters", {"create_schools": 1}, body)
    wait_until(lambda: client.call("GET", "profiles", f"/schools/trust/rosters/{sent['id']}")["state"] == "applied")


def families(data: DataFolder) -> tuple[str, list[tuple[str, str]], str]:
    """The school, each pupil with an adult, and a member of staff."""
    with sqlite3.connect(data.root / "profiles.db") as connection:
        [(school,)] = connection.execute("SELECT school_id FROM schools").fetchall()
        pairs = connection.execute("SELECT pupil_id, min(guardian_id) FROM relationships GROUP BY pupil_id").fetchall()
        [(teacher,)] = connection.execute("SELECT min(id) FROM staff").fetchall()
    return school, pairs, teacher


def fill(data: DataFolder, school: str, pairs: list[tuple[str, str]], teacher: str) -> int:
    """Three years of it for every child; how many rows."""
    database, count, rng = Database(data.database_url("profiles"), "profiles", SystemClock()), 0, random.Random(3)
    for begin in range(0, len(pairs), 50):
        rows: dict[Any, Rows] = {}
        for pupil_id, guardian_id in pairs[begin:begin + 50]:
            for model, row in history(rng, pupil_id, guardian_id, teacher):
                rows.setdefault(model, []).append(row)
        with database.unit_of_work(school) as uow:
            for model, some in rows.items():
                uow.insert(model, some)
                count += len(some)
    database.close()
    return count


def history(rng: random.Random, pupil_id: str, guardian_id: str, teacher: str) -> Iterator[tuple[Any, dict[str, Any]]]:
    """What three years leave behind about one child."""
    now = datetime.now(UTC)

    def signed(voice: str) -> dict[str, Any]:
        author = {"school": teacher, "home": guardian_id, "child": pupil_id}[voice]
        at = now - timedelta(days=rng.randrange(365 * YEARS))
        return {"id": new_id(), "pupil_id": pupil_id, "voice": voice, "author_id": author, "audience": "all",
                "written_at": at, "passed_at": None}

    for number in range(20 * YEARS):
        yield Praise, {**signed("school"), "strength": "kindness", "sentence": WORDS}
        if number % 3 == 0:
            yield ProgressNote, {**signed("school"), "class_id": "c", "strength": WORDS, "goes": WORDS,
                                 "next_step": WORDS, "at_home": WORDS}
    for section in ("strengths", "matters", "help", "home", "school") * 3:
        row = signed(rng.choice(("school", "home", "child")))
        yield AboutEntry, {**row, "section": section, "words": WORDS[:140], "version": 1, "widest": "all",
                           "begun_at": row["written_at"], "removed_at": None, "agreed_voice": None, "beside_id": None,
                           "beside_voice": None, "beside_author_id": None, "from_school": None, "origin_id": None}
    for _ in range(5 * YEARS):
        yield Update, {"id": new_id(), "pupil_id": pupil_id, "guardian_id": guardian_id, "kind": "sleep",
                       "words": WORDS, "audience": "class", "until": "week", "expires_at": None, "shared_at": now,
                       "ended_at": now, "version": 1, "words_version": 1, "changed_at": None, "promised_at": None,
                       "chased": 0, "passed_at": None}
    for _ in range(2 * YEARS):
        strategy = signed("school")
        yield Strategy, {**strategy, "kind": "morning", "what": WORDS, "why": "", "at_home": "", "at_school": "",
                         "by_child": "", "version": 1, "ended_at": None}
        for _note in range(15):
            yield Tried, {**signed("home"), "strategy_id": strategy["id"], "how": "helped", "line": ""}
        yield from loop(signed, teacher, now)


def loop(signed: Any, teacher: str, now: datetime) -> Iterator[tuple[Any, dict[str, Any]]]:
    opened, first = signed("home"), signed("home")
    yield Partnership, {**opened, "is_child_in": True, "opening_id": first["id"], "lead_id": teacher,
                        "review_on": now.date() + timedelta(days=20), "follows_id": None, "reminded_at": None,
                        "overdue_at": None, "closed_at": None, "outcome": None}
    for row in (first, *(signed("school") for _ in range(4))):
        yield Entry, {**row, "partnership_id": opened["id"], "kind": "answer", "words": WORDS, "more": {},
                      "about_id": None, "version": 1, "changed_at": None}
    for _ in range(3):
        yield Step, {**signed("school"), "partnership_id": opened["id"], "doer": "school", "guardian_id": None,
                     "view_id": None, "words": WORDS, "by_on": now.date(), "state": "open", "marked_at": None}


def address_of(data: DataFolder, pairs: list[tuple[str, str]]) -> tuple[str, str]:
    """A pupil, and the address of the adult who is asking, who has one of their own."""
    with sqlite3.connect(data.root / "profiles.db") as connection:
        mail = dict(connection.execute(
            "SELECT id, email FROM guardians WHERE email IS NOT NULL AND email IN "
            "(SELECT email FROM guardians GROUP BY email HAVING count(*) = 1)").fetchall())
    pupil_id, guardian_id = next(pair for pair in pairs if pair[1] in mail)
    return pupil_id, mail[guardian_id]


def verify(session: requests.Session, url: str) -> int:
    """The bytes of the page as gzip sends it, once it is seen that nothing is left out."""
    text = session.get(url).text
    for words in ('id="about-me"', 'id="good-news"', 'id="strategies"', "/together/", 'id="how-it-goes"', WORDS[:40]):
        assert words in text, words
    return len(gzip.compress(text.encode()))


def child_page() -> Figure:
    with tempfile.TemporaryDirectory() as folder:
        data = DataFolder(Path(folder))
        data.prepare("A trust")
        migrate_folder(data)
        with served(data) as base:
            import_large(data, base)
            school, pairs, teacher = families(data)
            rows = fill(data, school, pairs, teacher)
            pupil_id, address = address_of(data, pairs)
            with sign_in(data, base, address, f"/children/{pupil_id}") as session:
                size = verify(session, f"{base}/children/{pupil_id}")
                assert size <= MOST_BYTES

                def get(path: str) -> float:
                    def act() -> None:
                        for _ in range(COUNT):
                            assert session.get(base + path).status_code == 200
                    return rate(COUNT, act)

                words = f"a bare Flask page, same gunicorn; {len(pairs)} pupils, {rows:,} rows; {size / 1024:.1f} KB"
                page = f"/children/{pupil_id}"
                return compare("child_page", lambda: get(page), lambda: get("/bare"), words, LEAST, 5)
