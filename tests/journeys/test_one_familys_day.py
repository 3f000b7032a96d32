"""One family's day: a roster comes in, home tells school something, good news goes home, and a talk is booked.

The whole of it runs on SQLite with the embedded bus, and on PostgreSQL with a real Kafka.
"""

from __future__ import annotations

import datetime
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from services.portal.accounts.models import Membership
from services.portal.trust_work import trust_work
from tandem.sample import write_sample
from tests.journeys.house import TRUST_IT, Trust, open_trust

OAKFIELD = "oakfield-infant-school"


@pytest.fixture(params=["embedded", "deployed"])
def trust(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Trust]:
    yield from open_trust(request, request.param, tmp_path)


def import_sample(trust: Trust) -> None:
    file = trust.folder / f"{secrets.token_hex(4)}.zip"
    write_sample(file)
    sent = trust.call("profiles", "POST", "/trust/rosters?create_schools=1", TRUST_IT, data=file.read_bytes())
    done = trust.until(lambda: _ended(trust, sent.json["id"]))
    assert done["state"] == "applied"
    trust.until(lambda: _is_known(trust))


def _is_known(trust: Trust) -> bool:
    """Whether the portal has heard of both parents of the sample's own family at both of their children's schools.

    Whoever signs in before that finds the children of one school alone.
    """
    with trust_work(trust.portal.database, "who is known", write=False) as work:
        found = work.all(sa.select(Membership.person_id).where(
            Membership.hat == "guardian", Membership.email.in_([f"{one}.haddad@families.example" for one in (
                "amira", "karim")])))
    return len(found) == 4


def _ended(trust: Trust, import_id: str) -> Any:
    report = trust.call("profiles", "GET", f"/trust/rosters/{import_id}", TRUST_IT).json
    return report if report["state"] not in ("queued", "running") else None


def people(trust: Trust) -> dict[str, Any]:
    """Sam's family and school by name, from the school's own office."""
    office = ("office", "staff", ("office",))
    pairs = trust.call("profiles", "GET", f"/{OAKFIELD}/relationships?find=Haddad", office).json["items"]
    sam = next(pair for pair in pairs if pair["pupil"]["given_name"] == "Sam"
               and pair["guardian"]["given_name"] == "Amira" and pair["guardian"]["family_name"] == "Haddad")
    karim = next(pair["guardian"]["id"] for pair in pairs if pair["guardian"]["given_name"] == "Karim"
                 and pair["pupil"]["id"] == sam["pupil"]["id"])
    page = trust.call("profiles", "GET", f"/{OAKFIELD}/pupils/{sam['pupil']['id']}", office).json
    teacher = next(member for member in page["staff"] if member["family_name"] == "Bell")
    return {"sam": sam["pupil"]["id"], "maple": page["classes"][0]["id"], "office": office,
            "amira": (sam["guardian"]["id"], "guardian", ()), "karim": (karim, "guardian", ()),
            "bell": (teacher["id"], "staff", ("teacher",))}


def notice(trust: Trust, who: Any, kind: str) -> Any:
    def look() -> Any:
        reply = trust.call("notifications", "GET", f"/{OAKFIELD}/notices", who)
        return next((item for item in reply.json.get("items", ()) if item["kind"] == kind), None)
    return trust.until(look)


def test_one_familys_day(trust: Trust) -> None:
    import_sample(trust)
    who = people(trust)
    _something_changed_at_home(trust, who)
    _good_news_goes_home(trust, who)
    _a_talk_is_booked(trust, who)


def _something_changed_at_home(trust: Trust, who: dict[str, Any]) -> None:
    shared = trust.call("profiles", "POST", f"/{OAKFIELD}/pupils/{who['sam']}/updates", who["amira"], json={
        "kind": "sleep", "words": "Sam slept badly.", "audience": "class", "until": "week"}).json
    assert notice(trust, who["bell"], "update-shared")["about_id"] == shared["id"]
    letter = trust.until(lambda: trust.letters("grace.bell@oakfield.example"))  # none is sent once it was read
    assert "slept" not in letter[0]
    trust.call("profiles", "POST", f"/{OAKFIELD}/updates/{shared['id']}/acknowledge", who["bell"],
               json={"reply": "Thank you for telling us."})
    notice(trust, who["amira"], "update-acknowledged")


def _good_news_goes_home(trust: Trust, who: dict[str, Any]) -> None:
    trust.call("profiles", "POST", f"/{OAKFIELD}/pupils/{who['sam']}/praise", who["bell"],
               json={"strength": "kindness", "sentence": "Sam asked a new boy to play."})
    notice(trust, who["amira"], "praise")
    trust.until(lambda: [text for text in trust.letters("karim.haddad@families.example") if "Sam" in text])


def _a_talk_is_booked(trust: Trust, who: dict[str, Any]) -> None:
    on = (datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=9)).date().isoformat()
    opened = trust.until(lambda: _open_evening(trust, who, on))
    notice(trust, who["amira"], "evening-opened")
    path = f"/{OAKFIELD}/evenings/{opened['id']}/pupils/{who['sam']}"
    slots = trust.call("scheduling", "GET", f"{path}/slots", who["amira"]).json["staff"][0]["slots"]
    booked = trust.call("scheduling", "POST", f"{path}/appointments", who["amira"], json={"slot_id": slots[0]["id"]})
    assert booked.status_code == 201
    notice(trust, who["amira"], "appointment-booked")
    letters = trust.until(lambda: [text for text in trust.letters("amira.haddad@families.example")
                                   if "METHOD:REQUEST" in text or "method=" in text])
    assert letters
    taken = trust.call("scheduling", "POST", f"{path}/appointments", who["amira"], json={"slot_id": slots[0]["id"]})
    assert taken.status_code == 409


def _open_evening(trust: Trust, who: dict[str, Any], on: str) -> Any:
    reply = trust.call("scheduling", "POST", f"/{OAKFIELD}/evenings", who["office"], json={
        "title": "Parents' evening", "on": on, "from": "16:00", "to": "18:00", "slot_minutes": 10,
        "class_ids": [who["maple"]], "respond_by": on, "place": "Hall"})
    return reply.json if reply.status_code == 201 else None
