"""A trust in which a day has passed: something of every kind is there, with the ids by which routes name it."""

from __future__ import annotations

from typing import Any

from chassis.db import dead_letters
from tests.faults.test_stopped import share, told
from tests.journeys.house import TRUST_IT, Trust
from tests.journeys.test_one_familys_day import OAKFIELD, _open_evening, import_sample, notice, people
from tests.journeys.test_pages import a_day_in

WORDS = "Sam slept badly and this is nobody else's business."


def live_a_day(trust: Trust) -> dict[str, str]:
    """Import, share, praise, open, book, subscribe; the ids by the names of the routes' arguments."""
    import_sample(trust)
    who = people(trust)
    update = share(trust, who, WORDS).json["id"]
    trust.until(lambda: told(trust, who))
    trust.call("profiles", "POST", f"/{OAKFIELD}/pupils/{who['sam']}/praise", who["bell"],
               json={"strength": "kindness", "sentence": WORDS})
    evening = trust.until(lambda: _open_evening(trust, who, a_day_in(9).isoformat()))["id"]
    path = f"/{OAKFIELD}/evenings/{evening}/pupils/{who['sam']}"
    trust.until(lambda: trust.call("scheduling", "GET", f"{path}/slots", who["amira"]).status_code == 200)
    slots = trust.call("scheduling", "GET", f"{path}/slots", who["amira"]).json["staff"][0]["slots"]
    booked = trust.call("scheduling", "POST", f"{path}/appointments", who["amira"], json={"slot_id": slots[0]["id"]})
    office = ("office", "staff", ("office",))
    roster = trust.call("profiles", "POST", f"/{OAKFIELD}/rosters?dry_run=1", office, data=b"no roster").json["id"]
    trust.until(lambda: trust.call("profiles", "GET", f"/{OAKFIELD}/rosters/{roster}", office).json["finished_at"])
    return {
        "pupil_id": who["sam"], "guardian_id": who["amira"][0], "staff_id": who["bell"][0], "class_id": who["maple"],
        "update_id": update, "evening_id": evening, "appointment_id": booked.json["id"], "slot_id": slots[1]["id"],
        "notice_id": notice(trust, who["amira"], "evening-opened")["id"], "import_id": roster,
        "token": trust.call("scheduling", "POST", f"/{OAKFIELD}/feeds", who["amira"]).json["token"],
        "letter_id": _park(trust),
    }


def _park(trust: Trust) -> str:
    """A dead letter in each service, under one id."""
    for worker in trust.workers:
        with worker.work.database.unit_of_work(OAKFIELD) as uow:
            uow.connection.execute(dead_letters.insert().values(
                school_id=OAKFIELD, id="a-dead-letter", direction="in", topic="t", partition=0, position=0, key="k",
                headers="[]", value=None, reason="a test", attempts=1, state="dead", created_at=uow.now))
    return "a-dead-letter"


def a_stranger(trust: Trust) -> Any:
    """A guardian of the same school who has nothing to do with Sam."""
    office = ("office", "staff", ("office",))
    pairs = trust.call("profiles", "GET", f"/{OAKFIELD}/relationships", office).json["items"]
    other = next(pair["guardian"]["id"] for pair in pairs if pair["guardian"]["family_name"] != "Haddad")
    return (other, "guardian", ())


__all__ = ["OAKFIELD", "TRUST_IT", "WORDS", "a_stranger", "live_a_day"]
