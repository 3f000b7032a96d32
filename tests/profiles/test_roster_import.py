"""A roster file changes a school to what it says: once, and within the caps."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chassis.migrate import migrate
from chassis.timers import sweep
from services.profiles.wiring import build
from tandem.sample import write_sample
from tests.fakes import FixedClock, Keys
from tests.profiles.house import VERSIONS, House


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("sample") / "sample.zip"
    write_sample(file)
    return file


class Trust(House):
    """An empty cell that takes any school."""

    def send(self, body: bytes, **options: Any) -> Any:
        reply = self.client.post("/schools/trust/rosters", query_string=options, data=body, headers=self.it())
        assert reply.status_code == 202, reply.json
        self.run()
        return self.show(reply.json["id"])

    def run(self) -> None:
        """What the worker does: its deadlines, then its labours."""
        sweep(self.service.database, self.service.timers)
        for labour in self.service.labours:
            labour()

    def show(self, import_id: str) -> Any:
        return self.client.get(f"/schools/trust/rosters/{import_id}", headers=self.it()).json

    def it(self) -> dict[str, str]:
        return self.keys.header("it", "operator", "")


@pytest.fixture
def trust(tmp_path: Path) -> Iterator[Trust]:
    clock, schools = FixedClock(), []  # type: ignore[var-annotated]
    keys, url = Keys(clock), f"sqlite:///{tmp_path / 'profiles.db'}"
    migrate(url, VERSIONS)
    made = Trust(build(url, keys.public, clock, lambda: sorted(schools), schools.append), clock, keys)
    yield made
    made.service.database.close()


def without(file: Path, name: str, keep: Any) -> bytes:
    """The zip with lines of one of its files dropped."""
    target = io.BytesIO()
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(target, "w") as copy:
        for entry in source.namelist():
            content = source.read(entry).decode()
            if entry == name:
                content = "".join(line for line in content.splitlines(keepends=True) if keep(line))
            copy.writestr(entry, content)
    return target.getvalue()


def test_the_sample_comes_in_once_and_a_second_time_changes_nothing(trust: Trust, sample: Path) -> None:
    first = trust.send(sample.read_bytes(), create_schools=1)
    assert first["state"] == "applied"
    schools = {school["school"]: school for school in first["result"]["schools"]}
    assert set(schools) == {"oakfield-infant-school", "st-brigids-primary-school", "birchwood-high-school"}
    assert sum(school["pupils"]["added"] for school in schools.values()) >= 850
    facts = len(trust.facts("tandem.profiles.rights.computed.v1"))
    again = trust.send(sample.read_bytes())
    for school in again["result"]["schools"]:
        for kind in ("pupils", "guardians", "staff", "classes", "enrolments", "relationships"):
            counts = school[kind]
            assert (counts["added"], counts["changed"], counts["ended"]) == (0, 0, 0), kind
    assert len(trust.facts("tandem.profiles.rights.computed.v1")) == facts


def test_unknown_schools_are_refused_by_name(trust: Trust, sample: Path) -> None:
    report = trust.send(sample.read_bytes())
    assert report["state"] == "refused"
    assert "Oakfield Infant School" in report["result"]["refused"]


def test_a_dry_run_says_what_would_happen_and_keeps_nothing(trust: Trust, sample: Path) -> None:
    report = trust.send(sample.read_bytes(), create_schools=1, dry_run=1)
    assert report["state"] == "checked"
    assert sum(school["pupils"]["added"] for school in report["result"]["schools"]) >= 850
    assert trust.facts("tandem.profiles.pupil.described.v1") == []
    trust.client.post(f"/schools/trust/rosters/{report['id']}/apply", headers=trust.it())
    trust.run()
    assert trust.show(report["id"])["state"] == "applied"
    assert len(trust.facts("tandem.profiles.pupil.described.v1")) >= 850


def test_a_file_that_nobody_decided_about_is_forgotten_after_an_hour(trust: Trust, sample: Path) -> None:
    report = trust.send(sample.read_bytes(), create_schools=1, dry_run=1)
    trust.clock.advance(hours=2)
    trust.run()
    late = trust.client.post(f"/schools/trust/rosters/{report['id']}/apply", headers=trust.it())
    assert late.status_code == 409
    assert "Send it again" in late.json["detail"]


def test_a_file_that_would_end_many_pupils_waits_until_confirmed(trust: Trust, sample: Path) -> None:
    trust.send(sample.read_bytes(), create_schools=1)
    fewer = without(sample, "users.csv", lambda line: not (line.startswith("p-") and line.split(",")[0].endswith("5")))
    report = trust.send(fewer)
    assert report["state"] == "waiting"
    assert trust.facts("tandem.profiles.pupil.left.v1") == []
    trust.client.post(f"/schools/trust/rosters/{report['id']}/apply", headers=trust.it())
    trust.run()
    assert trust.show(report["id"])["state"] == "applied"
    assert trust.facts("tandem.profiles.pupil.left.v1")


def test_what_is_no_roster_is_refused_in_words(trust: Trust) -> None:
    report = trust.send(b"PK\x03\x04 this is no zip")
    assert report["state"] == "refused"
    assert report["result"]["refused"]
