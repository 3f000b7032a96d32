"""GET Home for a family with three children in two schools, against a bare Flask page on the same server.

The whole embedded platform is served by gunicorn as `tandem up` does it; the bare page is mounted beside it.
"""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import requests

from chassis.errors import Refused
from tandem.client import PlatformClient
from tandem.data import DataFolder
from tandem.databases import migrate_folder
from tandem.links import make_link
from tandem.sample import write_sample
from tests.benchmarks.measure import Figure, compare, rate
from tests.parts.postgres import free_port

COUNT = 150
PATIENCE_S = 60
FILE = "sample.zip"


@contextmanager
def served(data: DataFolder) -> Iterator[str]:
    """The platform over this folder, by gunicorn in a process of its own; its address."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "tests.benchmarks.home_server", str(port)],
                               env={**os.environ, "TANDEM_DATA": str(data.root)})
    try:
        wait_until(lambda: answers(f"http://127.0.0.1:{port}/bare"))
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(30)


def answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=2).ok
    except requests.ConnectionError:
        return False


def wait_until(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not done():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def a_family_of_three(data: DataFolder) -> str:
    """The address of a parent who has three children in two schools of the sample."""
    with sqlite3.connect(data.root / "profiles.db") as connection:
        rows = connection.execute(
            "SELECT g.email, count(*), count(DISTINCT r.school_id) FROM relationships r JOIN guardians g "
            "ON g.school_id = r.school_id AND g.id = r.guardian_id WHERE r.restriction = 'none' AND r.kind = 'parent' "
            "AND g.email IS NOT NULL GROUP BY g.email HAVING count(*) = 3 AND count(DISTINCT r.school_id) = 2 "
            "ORDER BY g.email").fetchall()
    return str(rows[0][0])


def import_sample(data: DataFolder, base: str) -> None:
    """The sample through the front door, until it is in."""
    client, file = PlatformClient(data, base), data.root / FILE
    write_sample(file)
    with file.open("rb") as body:
        sent = client.call("POST", "profiles", "/schools/trust/rosters", {"create_schools": 1}, body)
    wait_until(lambda: client.call("GET", "profiles", f"/schools/trust/rosters/{sent['id']}")["state"] == "applied")


def sign_in(data: DataFolder, base: str, address: str, page: str = "/") -> requests.Session:
    """A session of somebody with this address, once the portal has heard of them and they find this page."""
    session = requests.Session()
    session.trust_env = False
    os.environ["TANDEM_PORTAL_URL"] = base

    def enter() -> bool:
        try:
            link = make_link(data, address, timedelta(minutes=10))
        except Refused:
            return False
        token = re.search(r'name="csrf_token" value="([^"]+)"', session.get(link).text)
        assert token
        entered = session.post(link, data={"csrf_token": token.group(1)})
        return entered.text.count('class="t-person"') == 3 if page == "/" else session.get(base + page).ok

    wait_until(enter)
    return session


def home() -> Figure:
    with tempfile.TemporaryDirectory() as folder:
        data = DataFolder(Path(folder))
        data.prepare("Brook Learning Trust")
        migrate_folder(data)
        with served(data) as base:
            import_sample(data, base)
            with sign_in(data, base, a_family_of_three(data)) as session:

                def get(path: str) -> float:
                    def act() -> None:
                        for _ in range(COUNT):
                            assert session.get(base + path).status_code == 200
                    return rate(COUNT, act)

                return compare("home", lambda: get("/"), lambda: get("/bare"), "a bare Flask page, same gunicorn", 0.08,
                               5)
