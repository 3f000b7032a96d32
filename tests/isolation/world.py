"""A trust in which a day has passed: something of every kind is there, with the ids by which routes name it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

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
    itinerary = _hold(trust, who, evening)
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
        "progress_id": _write_progress(trust, who), **_restrict(trust, who), **_speak(trust, who),
        **_look_together(trust, who),
        "matter_id": _pass_on(trust, who),
        "strength_key": _take_off(trust, who),
        "strategy_id": _try_together(trust, who),
        **_write_about(trust, who),
        "itinerary_id": itinerary, **_wait(trust, who, evening, booked.json),
        **_meet(trust, who), "block_id": _block_of(trust, evening),
        **_plan(trust, who, evening, slots[0]["id"]),
    }


def _block_of(trust: Trust, evening: str) -> str:
    """The times of one of the evening's teachers."""
    blocks = trust.call("scheduling", "GET", f"/{OAKFIELD}/evenings/{evening}/blocks", ("office", "staff", ("office",)))
    return str(blocks.json["items"][0]["id"])


def _plan(trust: Trust, who: dict[str, Any], evening: str, slot: str) -> dict[str, str]:
    """An evening that is planned from Amira's wish, and what would change if the time that she has booked were lost."""
    here = f"/{OAKFIELD}/evenings"
    planned = trust.call("scheduling", "POST", here, who["office"], json={
        "title": "Wishes", "on": a_day_in(9).isoformat(), "from": "18:00", "to": "19:00", "slot_minutes": 10,
        "way": "plan", "class_ids": [who["maple"]], "respond_by": a_day_in(5).isoformat(), "place": "Hall"}).json["id"]
    headers = {**trust.keys.header(who["amira"][0], "guardian", OAKFIELD, ()), "If-Match": '"0"'}
    wish = {"comes": "yes", "children": [{"pupil_id": who["sam"], "wishes": [
        {"staff_id": who["bell"][0], "talk_about": WORDS}]}]}
    trust.until(lambda: trust.clients["scheduling"].open(
        f"/schools{here}/{planned}/wishes", method="PUT", headers=headers, json=wish).status_code == 200)
    plan = trust.call("scheduling", "POST", f"{here}/{planned}/plans", who["office"], json={"budget_s": 1})
    change = trust.until(lambda: trust.call("scheduling", "POST", f"{here}/{evening}/replans", who["office"], json={
        "kind": "lost", "slot_ids": [slot]}).json.get("id"))
    return {"plan_id": plan.json["id"], "replan_id": change}


def _hold(trust: Trust, who: dict[str, Any], evening: str) -> str:
    """Amira has held times at the evening, and let them go."""
    here = f"/{OAKFIELD}/evenings/{evening}"
    staff = trust.call("scheduling", "GET", f"{here}/pupils/{who['sam']}/slots", who["amira"]).json["staff"]
    held = trust.call("scheduling", "POST", f"{here}/itineraries", who["amira"], json={
        "children": [{"pupil_id": who["sam"], "staff_ids": [staff[0]["id"]]}]}).json["id"]
    trust.call("scheduling", "POST", f"/{OAKFIELD}/itineraries/{held}/let-go", who["amira"])
    return str(held)


def _wait(trust: Trust, who: dict[str, Any], evening: str, booked: dict[str, Any]) -> dict[str, str]:
    """Amira waits for a later time than hers, and is offered the last."""
    path = f"/{OAKFIELD}/evenings/{evening}/pupils/{who['sam']}"
    slots = trust.call("scheduling", "GET", f"{path}/slots", who["amira"]).json["staff"][0]["slots"]
    last = datetime.fromisoformat(slots[-1]["starts_at"]).astimezone(ZoneInfo("Europe/London"))
    trust.call("scheduling", "POST", f"{path}/waiting", who["amira"], json={
        "staff_id": booked["staff"]["id"], "instead_of": booked["id"], "earliest": f"{last:%H:%M}"})
    [one] = trust.until(lambda: [item for item in trust.call(
        "scheduling", "GET", f"/{OAKFIELD}/waiting", who["amira"]).json["items"] if item["offer"]])
    return {"waiting_id": one["id"], "offer_id": one["offer"]["id"]}


def _meet(trust: Trust, who: dict[str, Any]) -> dict[str, str]:
    """The loop that Amira opened has times for a review, and Mrs Bell has rung her."""
    reviews = trust.until(lambda: trust.call("scheduling", "GET", f"/{OAKFIELD}/reviews", who["amira"]).json["items"])
    talk = trust.call("scheduling", "POST", f"/{OAKFIELD}/pupils/{who['sam']}/check-ins", who["bell"], json={
        "guardian_id": who["amira"][0], "note": WORDS})
    return {"review_id": reviews[0]["id"], "checkin_id": talk.json["id"]}


def _try_together(trust: Trust, who: dict[str, Any]) -> str:
    """Amira does something the same way as school, has said how it went, and agrees to what everybody promises."""
    pupil = f"/{OAKFIELD}/pupils/{who['sam']}"
    made = trust.call("profiles", "POST", f"{pupil}/strategies", who["amira"], json={
        "kind": "other", "what": WORDS, "audience": "school"}).json["id"]
    here = f"/{OAKFIELD}/strategies/{made}"
    _of_version(trust, f"{here}/agree", who["bell"], 1)
    trust.call("profiles", "POST", f"{here}/tried", who["amira"], json={
        "how": "helped", "line": WORDS, "audience": "school"})
    text = {"school": ["We listen."], "home": ["We tell."], "child": ["I try."]}
    _of_version(trust, f"/{OAKFIELD}/agreement", who["office"], 0, text)
    _of_version(trust, f"/{OAKFIELD}/agreement/publish", who["office"], 1)
    trust.call("profiles", "POST", f"{pupil}/agreement", who["amira"], json={
        "number": 1, "answer": "agreed", "words": WORDS})
    return str(made)


def _of_version(trust: Trust, path: str, who: Any, version: int, body: Any = None) -> None:
    """What is done to a thing as it stood at a version."""
    headers = {**trust.keys.header(who[0], who[1], OAKFIELD, who[2]), "If-Match": f'"{version}"'}
    reply = trust.clients["profiles"].open(f"/schools{path}", method="PUT" if body else "POST", json=body,
                                           headers=headers)
    assert reply.status_code == 200, reply.text


def _speak(trust: Trust, who: dict[str, Any]) -> dict[str, str]:
    """Sam has written, wants to talk about something, and a lead has opened what Sam kept."""
    sam, pupil = (who["sam"], "pupil", ()), f"/{OAKFIELD}/pupils/{who['sam']}"
    note = trust.call("profiles", "POST", f"{pupil}/notes", sam, json={"words": WORDS, "audience": "only-me"})
    topic = trust.call("profiles", "POST", f"{pupil}/topics", sam, json={
        "kind": "own", "words": WORDS, "audience": "only-me"})
    opened = trust.call("profiles", "POST", f"{pupil}/notes/sealed", ("lead", "staff", ("dsl",)), json={
        "why": WORDS, "child_told": "not-safe-to-wait"})
    return {"note_id": note.json["id"], "topic_id": topic.json["items"][0]["id"],
            "opening_id": opened.json["opening_id"]}


def _look_together(trust: Trust, who: dict[str, Any]) -> dict[str, str]:
    """Amira has opened a loop, sees something differently, and asks for somebody to join."""
    pupil = f"/{OAKFIELD}/pupils/{who['sam']}/partnerships"
    day = trust.call("profiles", "GET", pupil, who["amira"]).json["proposed_review_on"]
    loop = trust.call("profiles", "POST", pupil, who["amira"], json={
        "going_well": WORDS, "audience": "school", "review_on": day}).json["id"]
    step = {"doer": "school", "words": WORDS, "by_on": day}
    path = f"/{OAKFIELD}/partnerships/{loop}"
    trust.call("profiles", "POST", f"{path}/views", who["amira"], json={"words": WORDS, "step": step})
    made = trust.call("profiles", "POST", f"{path}/joiners", who["amira"], json={"role": "senco", "words": WORDS}).json
    return {"partnership_id": loop, "step_id": made["steps"][0]["id"], "view_id": made["views"][0]["id"],
            "joiner_id": made["joiners"][0]["id"]}


def _pass_on(trust: Trust, who: dict[str, Any]) -> str:
    """Mrs Bell has passed an update of Amira's on to the safeguarding lead."""
    update = trust.call("profiles", "POST", f"/{OAKFIELD}/pupils/{who['sam']}/updates", who["amira"], json={
        "kind": "other", "words": WORDS, "audience": "class", "until": "i-say"}).json["id"]
    trust.call("profiles", "POST", f"/{OAKFIELD}/safeguarding/matters", who["bell"], json={
        "kind": "update", "entry_id": update, "why": WORDS})
    lead = ("lead", "staff", ("dsl",))
    matters = trust.call("profiles", "GET", f"/{OAKFIELD}/safeguarding/matters", lead).json["items"]
    return str(matters[0]["id"])


def _write_about(trust: Trust, who: dict[str, Any]) -> dict[str, str]:
    """Amira has written on Sam's page for school alone, Mrs Bell says it differently, and the page may travel."""
    pupil = f"/{OAKFIELD}/pupils/{who['sam']}/about-me"
    entry = trust.call("profiles", "POST", f"{pupil}/entries", who["amira"], json={
        "section": "help", "words": WORDS, "audience": "school"}).json["id"]
    asked = trust.call("profiles", "POST", f"/{OAKFIELD}/about-me/entries/{entry}/suggestions", who["bell"], json={
        "words": f"{WORDS} Or not?"}).json["id"]
    made = trust.call("profiles", "POST", f"{pupil}/journeys", who["amira"], json={"to_school": "elsewhere"}).json
    return {"entry_id": entry, "suggestion_id": asked, "journey_id": made["id"], "ticket": made["ticket"]}


def _take_off(trust: Trust, who: dict[str, Any]) -> str:
    """A strength of the school's own that nobody can choose any more."""
    path = f"/{OAKFIELD}/strengths"
    found = trust.call("profiles", "POST", path, who["office"], json={"label": "Patience"}).json["items"]
    key = next(str(one["key"]) for one in found if one["label"] == "Patience")
    trust.call("profiles", "POST", f"{path}/{key}/retire", who["office"])
    return key


def another_child(trust: Trust, ids: dict[str, str]) -> str:
    """A child of the school who is in another class, and no relation."""
    office = ("office", "staff", ("office",))
    classes = trust.call("profiles", "GET", f"/{OAKFIELD}/classes", office).json["items"]
    other = next(found["id"] for found in classes if found["id"] != ids["class_id"])
    pupils = trust.call("profiles", "GET", f"/{OAKFIELD}/classes/{other}", office).json["pupils"]
    return next(str(pupil["id"]) for pupil in pupils if pupil["family_name"] != "Haddad")


def _ask_consent(trust: Trust, who: dict[str, Any]) -> str:
    """A question about Sam's class, and what Amira has said."""
    asked = trust.call("profiles", "POST", f"/{OAKFIELD}/consents", who["office"], json={
        "title": WORDS, "words": WORDS, "class_ids": [who["maple"]], "needs": "one",
        "closes_on": a_day_in(9).isoformat()}).json["id"]
    trust.call("profiles", "POST", f"/{OAKFIELD}/consents/{asked}/pupils/{who['sam']}/answer", who["amira"],
               json={"answer": "yes", "note": WORDS})
    return str(asked)


def _write_progress(trust: Trust, who: dict[str, Any]) -> str:
    """Mrs Bell says how it goes for Sam, and Amira answers."""
    note = trust.call("profiles", "POST", f"/{OAKFIELD}/pupils/{who['sam']}/progress", who["bell"], json={
        "class_id": who["maple"], **dict.fromkeys(("strength", "goes", "next_step", "at_home"), "Sam reads well."),
    }).json["id"]
    trust.call("profiles", "POST", f"/{OAKFIELD}/progress/{note}/replies", who["amira"], json={"words": WORDS})
    return str(note)


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


__all__ = ["OAKFIELD", "TRUST_IT", "WORDS", "a_stranger", "another_child", "live_a_day"]
