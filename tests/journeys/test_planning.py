"""The plan through the pages, without JavaScript: made, published, read by two homes, and mended for an ill teacher."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chassis.adapters.bus_embedded import EmbeddedBus
from chassis.clock import SystemClock
from tests.journeys.house import SERVICES, Trust
from tests.journeys.test_one_familys_day import OAKFIELD, import_sample, people
from tests.journeys.test_pages import AMIRA, KARIM, OFFICE
from tests.journeys.test_wishes import open_plan
from tests.parts.migrated import new_sqlite


class LaterClock(SystemClock):
    """The machine's clock, some days on."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def now(self) -> datetime:
        return super().now() + self.ahead


@pytest.fixture
def trust(tmp_path: Path) -> Iterator[Trust]:
    urls = {service: new_sqlite(service, tmp_path / f"{service}.db") for service in SERVICES}
    made = Trust(EmbeddedBus(tmp_path / "bus.db"), urls, tmp_path, clock=LaterClock())
    made.start()
    yield made
    made.stop()


def wish(trust: Trust, evening: str, who: Any, pupil_id: str, teacher_id: str) -> None:
    def save() -> bool:
        headers = {**trust.keys.header(who[0], who[1], OAKFIELD, who[2]), "If-Match": '"0"'}
        reply = trust.clients["scheduling"].open(
            f"/schools/{OAKFIELD}/evenings/{evening}/wishes", method="PUT", headers=headers, json={
                "comes": "yes", "children": [{"pupil_id": pupil_id, "wishes": [
                    {"staff_id": teacher_id, "talk_about": ""}]}]})
        return reply.status_code == 200

    trust.until(save)


def test_an_evening_is_planned_published_and_mended(trust: Trust) -> None:
    import_sample(trust)
    who = people(trust)
    evening = open_plan(trust, who)
    for adult in ("amira", "karim"):
        wish(trust, evening, who[adult], who["sam"], who["bell"][0])
    office = trust.sign_in(OFFICE)
    here = f"/office/evenings/{evening}/plan"
    assert "There is no plan yet" in office.open(here).text
    wrong = office.send(first="rank", second="rank", third="fair")
    assert (wrong.status, "Each of the three can stand once" in wrong.text) == (422, True)
    office.open(here)
    office.send(first="rank", second="please-come", third="fair", times="waits")
    trial = trust.until(lambda: page if "What it gives" in (page := office.open(here)).text else None)
    assert "this is a trial" in trial.text
    assert "Publish this plan" not in trial.text
    trust.clock.ahead = timedelta(days=8)  # type: ignore[attr-defined]
    trust.until(lambda: trust.call("scheduling", "GET", f"/{OAKFIELD}/home", who["amira"]).status_code == 200)
    office = trust.sign_in(OFFICE)
    office.open(here)
    office.send(first="rank", second="please-come", third="fair", times="waits")
    plan = trust.until(lambda: page if "Publish this plan" in (page := office.open(here)).text else None)
    assert "2 of 2 wishes have a time." in plan.text
    assert "No teacher asked for a family" in plan.text
    assert ("Grace Bell: 2 talks" in plan.text, "Sam Haddad: 2 of 2 wishes" in plan.text) == (True, True)
    assert all(f"Sam Haddad {adult} Haddad" in plan.text for adult in ("Amira", "Karim")), "who of two homes comes when"
    asked = office.open(f"{here}/publish").text
    assert ("2 families will be told." in asked, "Families were told another order" in asked) == (True, True)
    assert "The times are everybody's now" in office.send().text
    amira, karim = trust.sign_in(AMIRA), trust.sign_in(KARIM)
    mine = amira.open(f"/evenings/{evening}/why")
    assert "This was your first wish, and there was a time for it." in mine.text
    assert ("Grace Bell" in mine.text, "Karim" in mine.text) == (True, False)
    assert karim.open(f"/evenings/{evening}/why").status == 200
    letters = trust.until(lambda: [text for text in trust.letters(AMIRA) if "PUBLISH" in text])
    assert len(letters) == 1
    _a_teacher_falls_ill(trust, office, evening, who)
    assert "Something changed at school, and the time with Grace Bell is lost" in amira.open(
        f"/evenings/{evening}/why").text


def _a_teacher_falls_ill(trust: Trust, office: Any, evening: str, who: dict[str, Any]) -> None:
    asked = office.open(f"/office/evenings/{evening}/replan")
    assert asked.status == 200
    assert "Say what has happened" in office.send().text
    found = office.send(kind="ill", staff_id=who["bell"][0])
    assert "Talks with no other time that evening" in found.text
    assert "Not this evening" in found.text
    done = office.send()
    assert "The changes are made" in done.text
    trust.until(lambda: [text for text in trust.letters(AMIRA) if "please choose another time" in text])
