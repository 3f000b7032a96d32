"""The sample trust's parents' evenings, one in each state: collecting wishes, planned, tonight, and past.

A visitor can play each as parent, teacher, office and head. They are set up through the front doors; the past one
through the same door with the clock put back, because nobody can open an evening in the past.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from chassis.auth import Principal, TokenMaker
from chassis.errors import Refused
from services.scheduling import app as scheduling_app
from services.scheduling import wiring as scheduling
from tandem.client import PlatformClient
from tandem.data import DataFolder
from tandem.story import SCHOOL, Storyteller, find_people

LONDON = ZoneInfo("Europe/London")
PATIENCE_S, POLL_S = 60, 0.2
PLACE = "Main hall"
SATURDAY = 5
TALK_ABOUT = "How Monday mornings go, and what Sam likes to read."
PLEASE_COME = "I would love to show you Sam's bridges, and to plan Monday mornings with you."
NO_NEED = "All is well. You are welcome all the same."
NEEDS = ({"kind": "interpreter", "language": "Polish", "name": "Polish interpreter", "units": 1},
         {"kind": "bsl", "language": "", "name": "BSL interpreter", "units": 1},
         {"kind": "longer", "language": "", "name": "A talk of twice the length", "units": 4},
         {"kind": "creche", "language": "", "name": "Crèche in the library", "units": 6})
FAMILIES = 14  # of the class that say what they wish, beside the story's own

Call = Callable[[Principal, str, str, Mapping[str, Any] | None, int | str | None], Any]
"""(who, method, path, body, version it was read at) -> the JSON of scheduling's reply."""
Ask = Callable[[Principal, str, str, Mapping[str, Any] | None], Any]
"""(who, method, path, body) -> the JSON of profiles' reply."""


@dataclass(frozen=True, slots=True)
class Host:
    """Sets up evenings as the office of one school, at the time that its clock shows."""

    call: Call
    people: Mapping[str, tuple[str, str, tuple[str, ...]]]
    now: datetime

    def say(self, name: str, method: str, path: str, body: Mapping[str, Any] | None = None,
            version: int | str | None = None) -> Any:
        person_id, hat, roles = self.people[name]
        who = Principal(f"sample-{name}", SCHOOL, person_id, hat, frozenset(roles))
        return self.call(who, method, f"/schools/{SCHOOL}{path}", body, version)

    def open(self, title: str, class_id: str, starts_at: datetime, **more: Any) -> dict[str, Any]:
        """An evening of two hours for one class, from that time on the school's clock, never beyond that day."""
        local = starts_at.astimezone(LONDON)
        last = local.replace(hour=23, minute=55)
        end = min(local + timedelta(hours=2), last)
        return dict(self.say("office", "POST", "/evenings", {
            "title": title, "place": PLACE, "on": local.date().isoformat(), "from": f"{local:%H:%M}",
            "to": f"{end:%H:%M}", "slot_minutes": 10, "class_ids": [class_id],
            "respond_by": self.now.astimezone(LONDON).date().isoformat(), **more}))


@dataclass(slots=True)
class PutBack:
    """A clock that shows the moment it was set to."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment


@dataclass(frozen=True, slots=True)
class Past:
    """How the past is reached: the service's own database, and who makes its tokens."""

    database_url: str
    public_key: Mapping[str, Any]
    maker: Callable[[PutBack], TokenMaker]


def tell_evenings_to(data: DataFolder, url: str) -> None:
    """Set them up on the platform at this address."""
    def call(who: Principal, method: str, path: str, body: Mapping[str, Any] | None, version: int | str | None) -> Any:
        headers = {"If-Match": f'"{version}"'} if version is not None else {}
        return PlatformClient(data, url, who, headers).call(method, "scheduling", path, None, body)

    def ask(who: Principal, method: str, path: str, body: Mapping[str, Any] | None) -> Any:
        return PlatformClient(data, url, who).call(method, "profiles", path, None, body)

    tell_evenings(call, ask, Past(data.database_url("scheduling"), data.public_key(),
                                  lambda clock: TokenMaker(data.private_key(), clock)), datetime.now(UTC))


def tell_evenings(call: Call, ask: Ask, past: Past, now: datetime) -> None:
    """The same by any way to call scheduling, and profiles (which knows who is who)."""
    teller = Storyteller(ask, {"office": ("office", "staff", ("office",))})
    sam, class_id = find_people(teller)
    host = Host(call, teller.people, now)
    collect_wishes(host, sam, class_id)
    plan_one(past, host, class_id)
    open_tonight(host, class_id)
    hold_past(past, host, class_id)


def collect_wishes(host: Host, sam: str, class_id: str) -> None:
    """Three weeks ahead: the teacher asks Sam's adults to come, Karim has answered, Amira can still do so."""
    evening = host.open("Spring evening", class_id, at(host.now, 21, 16), way="plan",
                        respond_by=(host.now + timedelta(days=14)).date().isoformat())
    here = f"/evenings/{evening['id']}"
    _wait(lambda: _know_adults(host, here))
    _offer_needs(host, evening)
    marks = host.say("bell", "GET", f"{here}/marks")["items"]
    others = [item["pupil"]["id"] for item in marks if item["pupil"]["id"] != sam]
    host.say("bell", "PUT", f"{here}/marks/{sam}", {"mark": "please-come", "sentence": PLEASE_COME})
    for pupil_id in others[:3]:
        host.say("bell", "PUT", f"{here}/marks/{pupil_id}", {"mark": "no-need", "sentence": NO_NEED})
    _wish(host, "karim", evening, sam)


def _know_adults(host: Host, here: str) -> bool:
    """Whether scheduling has heard that both of Sam's adults may answer: rights come after people and classes."""
    asked = {item["guardian"]["id"] for item in host.say("office", "GET", f"{here}/forms?limit=100")["items"]}
    return {host.people[name][0] for name in ("amira", "karim")} <= asked


def _offer_needs(host: Host, evening: Mapping[str, Any]) -> None:
    times = {"from": evening["from"], "to": evening["to"]}
    here = f"/evenings/{evening['id']}/resources"
    tag = host.say("office", "GET", here)["tag"]
    host.say("office", "PUT", here, {"items": [{**need, **times} for need in NEEDS]}, tag)


def _wish(host: Host, name: str, evening: Mapping[str, Any], pupil_id: str) -> None:
    here = f"/evenings/{evening['id']}/wishes"
    form = host.say(name, "GET", here)
    child = next(child for child in form["children"] if child["id"] == pupil_id)
    host.say(name, "PUT", here, {
        "comes": "yes", "earliest": evening["from"], "latest": evening["to"],
        "children": [{"pupil_id": pupil_id, "wishes": [
            {"staff_id": teacher["id"], "talk_about": TALK_ABOUT} for teacher in child["teachers"]]}]}, form["version"])


def plan_one(past: Past, host: Host, class_id: str) -> None:
    """Some ten days ahead: what families wished until yesterday, all times made at once and published."""
    with put_back(past, host, host.now - timedelta(days=5)) as (then, _clock):
        evening = then.open("Reading and writing evening", class_id, at(host.now, 9, 16), way="plan",
                            respond_by=(host.now - timedelta(days=1)).date().isoformat())
        here = f"/evenings/{evening['id']}"
        _add_others(then, evening)
        known = [host.people["amira"][0], host.people["karim"][0]]
        asked = sorted(then.say("office", "GET", f"{here}/forms")["items"],
                       key=lambda item: item["guardian"]["id"] not in known)[:FAMILIES]
        for number, item in enumerate(asked):
            path = f"{here}/guardians/{item['guardian']['id']}/wishes"
            form = then.say("office", "GET", path)
            then.say("office", "PUT", path, {
                "comes": "cannot" if number == FAMILIES - 1 else "yes", "children": [
                    {"pupil_id": child["id"], "wishes": [{"staff_id": one["id"]} for one in child["teachers"]]}
                    for child in form["children"]]}, form["version"])
    plan = host.say("office", "POST", f"{here}/plans", {"budget_s": 1, "seed": 1})
    _wait(lambda: host.say("office", "GET", f"/plans/{plan['id']}")["state"] == "ready")
    host.say("office", "POST", f"/plans/{plan['id']}/publish", {}, host.say("office", "GET", here)["version"])


def _add_others(host: Host, evening: Mapping[str, Any]) -> None:
    """The head, and somebody else, are there for every family; each in a room, with a break after five talks."""
    here = f"/evenings/{evening['id']}/blocks"
    found = host.say("office", "GET", here)
    sitting = {one["id"] for block in found["items"] for one in block["staff"]}
    others = sorted((one for one in found["staff"] if one["id"] not in sitting),
                    key=lambda one: one["family_name"] != "Cole")[:2]
    for number, one in enumerate(others, 2):
        host.say("office", "POST", here, {
            "staff_ids": [one["id"]], "from": evening["from"], "to": evening["to"], "slot_minutes": 10, "run": 5,
            "break_minutes": 10, "room": f"Room {number}", "open_to": "all", "ways": ["in-person", "phone"]})


def open_tonight(host: Host, class_id: str) -> None:
    """Today, from ten minutes on: some have booked, and the night can be played. Late in the evening there is none."""
    local = host.now.astimezone(LONDON)
    start = local + timedelta(minutes=10 + -local.minute % 5)
    if (start + timedelta(minutes=30)).date() != local.date():
        return
    evening = host.open("Autumn evening", class_id, start.replace(second=0, microsecond=0))
    _book(host, evening)


def _book(host: Host, evening: Mapping[str, Any]) -> list[str]:
    """Amira and Karim, each for themselves, and some others by the office; the ids of the appointments."""
    booked: list[str] = []
    here = f"/evenings/{evening['id']}"
    for adult, pupil_id in _families(host):
        path = f"{here}/pupils/{pupil_id}"
        staff = host.say("office", "GET", f"{path}/slots?guardian_id={adult}")["staff"]
        free = [slot["id"] for slot in staff[0]["slots"] if slot["state"] == "free"] if staff else []
        if free:
            booked.append(host.say("office", "POST", f"{path}/appointments", {
                "slot_id": free[0], "guardian_id": adult})["id"])
    return booked


def _families(host: Host) -> list[tuple[str, str]]:
    sam = host.people["sam"][0]
    return [(host.people["amira"][0], sam), (host.people["karim"][0], sam)]


def hold_past(past: Past, host: Host, class_id: str) -> None:
    """Twelve days ago: who came, and who was missed; the letters of the morning after go out now."""
    start = at(host.now, -12, 16)
    with put_back(past, host, start - timedelta(days=7)) as (then, clock):
        evening = then.open("Settling-in evening", class_id, start)
        booked = _book(then, evening)
        clock.moment = start + timedelta(minutes=12)
        came, missed = booked[:2]
        then.say("bell", "POST", f"/appointments/{missed}/missed")
        then.say("bell", "POST", f"/appointments/{came}/begin")
        with suppress(Refused):  # by the worker's clock the evening is over, so it may have ended the talk itself
            then.say("bell", "POST", f"/appointments/{came}/end")


@contextmanager
def put_back(past: Past, host: Host, moment: datetime) -> Iterator[tuple[Host, PutBack]]:
    """The same office at an earlier moment, and the clock that it goes by."""
    clock = PutBack(moment)
    service = scheduling.build(past.database_url, dict(past.public_key), clock, lambda: [SCHOOL])
    try:
        yield Host(_direct(service, past.maker(clock)), host.people, moment), clock
    finally:
        service.database.close()


def _direct(service: Any, maker: TokenMaker) -> Call:
    """The service's own door, in this process."""
    client = scheduling_app.create_app(service).test_client()

    def call(who: Principal, method: str, path: str, body: Mapping[str, Any] | None, version: int | str | None) -> Any:
        headers = {"Authorization": f"Bearer {maker.make(who)}"}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        reply = client.open(path, method=method, json=body, headers=headers)
        if reply.status_code >= 400:
            raise Refused(f"The past evening was refused: {reply.get_data(as_text=True)}")
        return reply.json if reply.status_code != 204 else None

    return call


def at(day: datetime, days: int, hour: int) -> datetime:
    """That hour so many days later, by the school's clock, or on the Monday after: never at a weekend."""
    local = day.astimezone(LONDON) + timedelta(days=days)
    local += timedelta(days=max(0, 7 - local.weekday()) if local.weekday() >= SATURDAY else 0)
    return local.replace(hour=hour, minute=0, second=0, microsecond=0)


def _wait(is_there: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not is_there():
        if time.monotonic() > deadline:
            raise Refused("The sample's evenings were not ready within a minute.")
        time.sleep(POLL_S)
