"""Evenings that were set up before: who sat beside is known, and has the talks that were booked there too."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa

from chassis.migrate import migrate
from tests.scheduling.house import VERSIONS

ROWS = (
    "INSERT INTO evening_blocks (school_id, id, evening_id, staff_id, starts_at, ends_at, slot_minutes, gap_minutes, "
    "run, break_minutes, room, site, is_step_free, ways, link, open_to) VALUES ('oakfield', 'joint', 'e', 'noa', "
    "'2026-11-26 16:00', '2026-11-26 16:30', 10, 0, 0, 0, '', '', false, '[\"in-person\"]', '', 'taught')",
    *(f"INSERT INTO block_staff (school_id, block_id, staff_id, evening_id) VALUES ('oakfield', 'joint', '{one}', 'e')"
      for one in ("noa", "ama", "tom")),
    *(f"INSERT INTO slots (school_id, id, evening_id, block_id, staff_id, starts_at, ends_at) VALUES ('oakfield', "
      f"'s{number}', 'e', 'joint', 'noa', '2026-11-26 16:{number}0', '2026-11-26 16:{number + 1}0')"
      for number in (0, 1)),
    *(f"INSERT INTO bookings (school_id, slot_id, appointment_id, staff_id, starts_at, ends_at) VALUES ('oakfield', "
      f"'{slot}', '{holder}', '{staff}', '2026-11-26 {start}', '2026-11-26 {end}')"
      for slot, holder, staff, start, end in (
          ("s0", "a-0", "noa", "16:00", "16:10"), ("s1", "a-1", "noa", "16:10", "16:20"),
          ("x", "a-2", "tom", "16:15", "16:25"))),
)


def at_revision(folder: Path, last: str) -> Path:
    """The history up to there."""
    versions = folder / "history" / "versions"
    versions.mkdir(parents=True)
    for path in VERSIONS.glob("0*.py"):
        if path.name[:4] <= last:
            shutil.copyfile(path, versions / path.name)
    return versions


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def test_who_sat_beside_has_the_talks_that_were_booked(
        request: pytest.FixtureRequest, tmp_path: Path, kind: str) -> None:
    url = f"sqlite:///{tmp_path}/old.db" if kind == "sqlite" else request.getfixturevalue(
        "postgres_server").new_database("scheduling")[0]
    migrate(url, at_revision(tmp_path, "0008"))
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        for text in ROWS:
            connection.execute(sa.text(text))
    migrate(url, VERSIONS)
    with engine.connect() as connection:
        beside = connection.execute(sa.text("SELECT beside FROM evening_blocks")).scalar_one()
        held = {tuple(row) for row in connection.execute(sa.text(
            "SELECT slot_id, staff_id, appointment_id FROM bookings"))}
        key = sa.inspect(connection).get_pk_constraint("bookings")["constrained_columns"]
    engine.dispose()
    assert (json.loads(beside) if isinstance(beside, str) else beside) == ["ama", "tom"]
    assert held == {("s0", "noa", "a-0"), ("s0", "ama", "a-0"), ("s0", "tom", "a-0"), ("s1", "noa", "a-1"),
                    ("s1", "ama", "a-1"), ("x", "tom", "a-2")}, "who is elsewhere then stays where they are"
    assert sorted(key) == ["school_id", "slot_id", "staff_id"]
