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
        "letter_id": _park(trust), **_ask_for_record(trust, who), "consent_id": _ask_consent(trust, who),
        **_restrict(trust, who),
    }


def _ask_consent(trust: Trust, who: dict[str, Any]) -> str:
    """A question about Sam's class, and what Amira has said."""
    asked = trust.call("profiles", "POST", f"/{OAKFIELD}/consents", who["office"], json={
        "title": WORDS, "words": WORDS, "class_ids": [who["maple"]], "needs": "one",
        "closes_on": a_day_in(9).isoformat()}).json["id"]
    trust.call("profiles", "POST", f"/{OAKFIELD}/consents/{asked}/pupils/{who['sam']}/answer", who["amira"],
               json={"answer": "yes", "note": WORDS})
    return str(asked)


def _ask_for_record(trust: Trust, who: dict[str, Any]) -> dict[str, str]:
    """Amira has asked for what is held about Sam, and a teacher has opened it."""
    pupil = f"/{OAKFIELD}/pupils/{who['sam']}"
    trust.call("profiles", "GET", pupil, who["bell"])
    lead = ("lead", "staff", ("dsl",))
    return {"read_id": trust.call("profiles", "GET", f"{pupil}/reads", lead).json["items"][0]["id"],
            "request_id": trust.call("profiles", "POST", f"{pupil}/access-requests", who["amira"]).json["id"]}


def _restrict(trust: Trust, who: dict[str, Any]) -> dict[str, str]:
    """What is entered about Amira takes nothing that she uses; and she is kept from meeting a neighbour."""
    lead, amira = ("lead", "staff", ("dsl",)), who["amira"][0]
    pair = f"/{OAKFIELD}/pupils/{who['sam']}/guardians/{amira}"
    entered = trust.call("profiles", "POST", f"{pair}/restrictions", lead, json={
        "kind": "address confidential", "document": WORDS}).json["id"]
    apart = trust.call("profiles", "POST", f"/{OAKFIELD}/keep-apart", lead, json={
        "guardian_ids": [amira, a_stranger(trust)[0]], "document": WORDS}).json["id"]
    held = trust.call("profiles", "POST", f"{pair}/held", lead, json={"rights": ["collect"], "basis": "gillick"})
    return {"restriction_id": entered, "keep_apart_id": apart, "held_id": held.json["id"], "keep_id": amira,
            "drop_id": a_stranger(trust)[0], "one_id": amira, "other_id": a_stranger(trust)[0]}


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
