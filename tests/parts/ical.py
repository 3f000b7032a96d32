"""A calendar as foreign readers see it: ical.js, which browsers' and mailers' calendars are built on, and vobject."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
import vobject

ROOT = Path(__file__).parents[2]
READ = """
import ICAL from "ical.js";
let text = "";
for await (const part of process.stdin) text += part;
const calendar = new ICAL.Component(ICAL.parse(text));
const events = calendar.getAllSubcomponents("vevent").map(one => new ICAL.Event(one));
console.log(JSON.stringify({
  method: calendar.getFirstPropertyValue("method"),
  events: events.map(one => ({
    uid: one.uid, sequence: one.sequence, status: one.component.getFirstPropertyValue("status"),
    starts_at: one.startDate.toJSDate().toISOString(), ends_at: one.endDate.toJSDate().toISOString(),
    location: one.location ?? "", url: one.component.getFirstPropertyValue("url") ?? "" }))}));
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a reader makes of one entry of a calendar."""

    uid: str
    sequence: int
    status: str
    starts_at: datetime
    ends_at: datetime
    location: str
    url: str


@dataclass(frozen=True, slots=True)
class Read:
    method: str
    entries: tuple[Entry, ...]


def read_by_ical_js(text: bytes) -> Read:
    """By node; the test is skipped, and says so, where that is not installed (never where nothing may be skipped)."""
    if not shutil.which("node") or not (ROOT / "node_modules/ical.js").exists():
        what = "there is no node, or no ical.js (python -m services.portal.assets.build --checkers)"
        if os.environ.get("CI"):
            pytest.fail(f"{what}, and nothing may be skipped")
        pytest.skip(f"NOT TESTED: {what}")
    done = subprocess.run(["node", "--input-type=module", "-e", READ], input=text, cwd=ROOT,
                          capture_output=True, check=True, timeout=60)
    found = json.loads(done.stdout)
    return Read(found["method"].upper(), tuple(Entry(**{**one, **{
        name: datetime.fromisoformat(one[name]) for name in ("starts_at", "ends_at")}}) for one in found["events"]))


def read_by_vobject(text: bytes) -> Read:
    calendar = vobject.readOne(text.decode())
    return Read(calendar.method.value, tuple(Entry(
        one.uid.value, int(one.sequence.value), one.status.value, one.dtstart.value, one.dtend.value,
        *(one.contents[name][0].value if name in one.contents else "" for name in ("location", "url")))
        for one in calendar.contents.get("vevent", ())))
