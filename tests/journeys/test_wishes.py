"""Before an evening, through the pages and without JavaScript: a teacher asks, two homes answer, the office writes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.house import Trust, open_trust
from tests.journeys.test_one_familys_day import OAKFIELD, import_sample, people
from tests.journeys.test_pages import AMIRA, BELL, KARIM, OFFICE, a_day_in

SENTENCE = "I would love to show you Sam's stories."
TALK = "How Sam sleeps"


@pytest.fixture
def trust(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Trust]:
    yield from open_trust(request, "embedded", tmp_path)


def open_plan(trust: Trust, who: dict[str, Any]) -> str:
    """An evening for Sam's class for which wishes are collected."""
    def ask() -> Any:
        return trust.call("scheduling", "POST", f"/{OAKFIELD}/evenings", who["office"], json={
            "title": "Parents' evening", "on": a_day_in(12).isoformat(), "from": "16:00", "to": "18:00",
            "slot_minutes": 10, "class_ids": [who["maple"]], "respond_by": a_day_in(6).isoformat(), "place": "Hall",
            "way": "plan"})
    reply = trust.until(lambda: found if (found := ask()).status_code == 201 else None)
    evening = str(reply.json["id"])
    path = f"/{OAKFIELD}/evenings/{evening}/wishes"
    trust.until(lambda: all(trust.call("scheduling", "GET", path, who[adult]).status_code == 200
                            for adult in ("amira", "karim")))
    return evening


def kept(trust: Trust, evening: str, who: Any) -> Any:
    return trust.call("scheduling", "GET", f"/{OAKFIELD}/evenings/{evening}/wishes", who).json


def test_two_homes_say_what_they_wish(trust: Trust) -> None:
    import_sample(trust)
    who = people(trust)
    evening = open_plan(trust, who)
    key = f"{who['sam']}-{who['bell'][0]}"
    bell, amira, karim = trust.sign_in(BELL), trust.sign_in(AMIRA), trust.sign_in(KARIM)
    marks = bell.open(f"/staff/evenings/{evening}/marks")
    bell.open(marks.link("Sam Haddad"))
    assert bell.send(mark="maybe").status == 422
    assert SENTENCE in bell.send(mark="please-come", sentence=SENTENCE).text
    assert "Say when you can come, and whom you would like to see" in amira.open("/").text
    page = amira.open(f"/evenings/{evening}")
    assert page.path == f"/evenings/{evening}/wishes"
    assert f"Grace Bell would like to see you. “{SENTENCE}”" in page.text
    assert "Answering early brings nothing" in page.text
    wrong = amira.send(earliest="17:00", latest="16:30", **{f"talk-{key}": TALK})
    assert (wrong.status, TALK in wrong.html) == (422, True)
    assert "Say whether you can come" in wrong.text
    checked = amira.send(comes="yes", earliest="16:30", latest="", **{f"rank-{key}": "1", f"talk-{key}": TALK})
    assert "Check it before you send it" in checked.text
    assert "From 4:30pm on" in checked.text
    assert TALK in amira.send(go="back").html
    amira.send(comes="yes", earliest="16:30", **{f"rank-{key}": "1"})
    done = amira.send(go="send")
    assert "School has your wishes" in done.text
    assert "Grace Bell" in done.text
    assert "You told us your wishes. Your times come after" in amira.open("/").text
    mine = kept(trust, evening, who["amira"])
    child = next(one for one in mine["children"] if one["id"] == who["sam"])
    assert (mine["earliest"], child["wishes"]) == ("16:30", [{"staff_id": who["bell"][0], "talk_about": TALK}])
    assert kept(trust, evening, who["karim"])["comes"] is None
    theirs = karim.open(f"/evenings/{evening}/wishes")
    assert (TALK in theirs.html, "Amira" in theirs.html) == (False, False)
    karim.send(comes="cannot", **{f"rank-{key}": "1"})
    assert "Please offer us a talk on another day" in karim.send(go="send").text
    assert "Karim Haddad cannot come, and would like to talk another day" in bell.open(
        f"/staff/evenings/{evening}/marks").text
    assert "Every family gets something" in amira.open(f"/evenings/{evening}/how-it-works").text


def test_the_office_writes_for_who_rings_and_both_versions_are_shown(trust: Trust) -> None:
    import_sample(trust)
    who = people(trust)
    evening = open_plan(trust, who)
    key = f"{who['sam']}-{who['bell'][0]}"
    amira, office = trust.sign_in(AMIRA), trust.sign_in(OFFICE)
    amira.open(f"/evenings/{evening}/wishes")
    listed = office.open(f"/office/evenings/{evening}/wishes?answer=none")
    office.open(listed.link("Amira Haddad"))
    office.send(comes="yes", latest="17:00", **{f"rank-{key}": "1"})
    assert office.send(go="send").path == f"/office/evenings/{evening}/wishes/{who['amira'][0]}"
    assert "By the office" in office.open(f"/office/evenings/{evening}/wishes?answer=yes").text
    amira.send(comes="yes", earliest="16:45", **{f"rank-{key}": "1"})
    stale = amira.send(go="send")
    assert (stale.status, "This was changed after you opened it" in stale.text) == (412, True)
    assert "Until 5:00pm" in stale.text
    assert 'value="16:45" selected' in stale.html
    amira.send(comes="yes", earliest="16:45", **{f"rank-{key}": "1"})
    assert "School has your wishes" in amira.send(go="send").text
    mine = kept(trust, evening, who["amira"])
    assert (mine["earliest"], mine["latest"], mine["entered_by"], mine["version"]) == ("16:45", None, "guardian", 2)
    for visitor in (amira, trust.sign_in(BELL)):
        assert visitor.open(f"/office/evenings/{evening}/wishes").status == 404
        assert visitor.open(f"/office/evenings/{evening}/wishes/{who['amira'][0]}").status == 404
