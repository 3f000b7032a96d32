"""What can be asked: what an adult finds held about their child, and where a request stands.

Everything is read as the adult would read it: what another adult has told is in none of these replies, and neither is
a read of it, a read by a safeguarding lead, or any that a lead has marked.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from chassis.auth import Principal
from chassis.db import dump_json
from chassis.errors import NotFound
from chassis.unit_of_work import UnitOfWork
from services.profiles.about_me import queries as about_me
from services.profiles.access.models import AccessRedaction, AccessRequest, RecordRead
from services.profiles.access.rules import is_old_enough, shown_as
from services.profiles.agreements import queries as agreements
from services.profiles.classes.queries import list_classes_of, list_team
from services.profiles.consents.queries import list_mine
from services.profiles.partnerships import queries as partnerships
from services.profiles.people.models import Guardian, Pupil, School
from services.profiles.people.queries import get_zone, list_staff_names
from services.profiles.praise.queries import from_words, label_of, list_praise
from services.profiles.progress import queries as progress
from services.profiles.relationships.queries import ask, get_pair
from services.profiles.strategies import queries as strategies
from services.profiles.voice import queries as voice
from services.profiles.wellbeing.queries import list_updates

SIGNED = (about_me, strategies, agreements, partnerships, voice, progress)
MOST = 10_000  # of anything about one child: a bound, not a page
IN_REVIEW = "asked"


def show_held(uow: UnitOfWork, pupil_id: str, guardian_id: str) -> dict[str, Any]:
    """What is held about a child, as this adult may know it."""
    pupil: Pupil = uow.get(Pupil, pupil_id)
    adult = Principal("", uow.school, guardian_id, "guardian")
    updates = list_updates(uow, adult, pupil_id, MOST)
    return {
        "pupil": pupil, "classes": list_classes_of(uow, pupil_id), "staff": list_team(uow, pupil_id),
        "relationship": get_pair(uow, (pupil_id, guardian_id)), "updates": updates,
        "praise": list_praise(uow, adult, [pupil_id], MOST), "consents": _list_answers(uow, pupil, guardian_id),
        "opened": list_opened(uow, pupil_id, {update["id"] for update in updates}), "zone": get_zone(uow)}


def _list_answers(uow: UnitOfWork, pupil: Pupil, guardian_id: str) -> list[dict[str, Any]]:
    """What this adult has answered about the child; also what they might no longer answer."""
    asked = list_mine(uow, guardian_id, [(pupil, {"consent": True})])
    return [{"id": item["id"], "title": item["title"], "answer": one["answer"], "note": one["note"],
             "answered_at": one["answered_at"]}
            for item in asked for one in item["pupils"] if one["answer"] is not None]


def list_opened(uow: UnitOfWork, pupil_id: str, own_updates: set[str]) -> list[dict[str, Any]]:
    """Who opened what on which day, newest first. A day names one person and thing once, so that nothing is counted."""
    zone, names = get_zone(uow), list_staff_names(uow)
    rows = uow.all(sa.select(RecordRead).where(RecordRead.pupil_id == pupil_id, RecordRead.is_hidden.is_(False))
                   .order_by(RecordRead.read_at.desc()).limit(MOST))
    found: dict[tuple[date, str, str], dict[str, Any]] = {}
    for row in rows:
        what = shown_as(row.what, own_updates)
        if what is not None and row.staff_id in names:
            on = row.read_at.astimezone(zone).date()
            found.setdefault((on, row.staff_id, what), {
                "staff_id": row.staff_id, "staff_name": names[row.staff_id], "what": what, "on": on})
    return sorted(found.values(), key=lambda item: (-item["on"].toordinal(), item["staff_name"], item["what"]))


def list_reads(uow: UnitOfWork, pupil_id: str) -> list[dict[str, Any]]:
    """Every read there is, hidden ones too: for safeguarding leads."""
    names = list_staff_names(uow)
    rows = uow.all(sa.select(RecordRead).where(RecordRead.pupil_id == pupil_id)
                   .order_by(RecordRead.read_at.desc(), RecordRead.id.desc()).limit(200))
    return [{"id": row.id, "staff_id": row.staff_id, "staff_name": names.get(row.staff_id, ""), "role": row.role,
             "what": row.what.partition(":")[0], "read_at": row.read_at, "is_hidden": row.is_hidden} for row in rows]


@dataclass(frozen=True, slots=True)
class Item:
    """One thing in a pack: where it belongs, and what it says, label by label."""

    key: str
    section: str
    says: Mapping[str, str]


def list_items(uow: UnitOfWork, request: AccessRequest) -> list[Item]:
    """What a pack is made of, in order; once it was reviewed, nothing that came later."""
    held = show_held(uow, request.pupil_id, request.guardian_id)
    items = [*_of_the_child(held), *_of_the_home(held), *_of_the_school(held), *list_signed(uow, request)]
    return items if request.item_keys is None else [item for item in items if item.key in set(request.item_keys)]


def list_signed(uow: UnitOfWork, request: Any) -> list[Item]:
    """What the rooms that keep signed words hold for this adult, a room after the other."""
    return [Item(one["key"], one["section"], one["says"]) for room in SIGNED
            for one in room.list_held(uow, request.pupil_id, request.guardian_id)]


def _of_the_child(held: Mapping[str, Any]) -> list[Item]:
    pupil, pair = held["pupil"], held["relationship"]
    return [
        Item("about", "About the child", {"Name": f"{pupil.given_name} {pupil.family_name}",
                                          "Year": pupil.year_group, "At the school": pupil.status}),
        Item("relationship", "You and the child", {
            "You are to the child": pair.kind, "Parental responsibility": pair.parental_responsibility,
            "The child lives with you": pair.lives_with}),
        *(Item(f"class:{found.id}", "Classes", {"Class": found.title}) for found in held["classes"]),
        *(Item(f"team:{member.id}", "The team at school", {"Name": f"{member.given_name} {member.family_name}"})
          for member in held["staff"])]


def _of_the_home(held: Mapping[str, Any]) -> list[Item]:
    items, zone = [], held["zone"]
    for update in held["updates"]:
        items.append(Item(f"update:{update['id']}", "What you have told school", {
            "About": update["kind"], "Your words": update["words"], "Who may know": update["audience"],
            "Sent": _day(zone, update["shared_at"])}))
        items += [Item(f"reply:{update['id']}:{seen['staff_id']}", "Who has read what you told", {
            "Told": _day(zone, update["shared_at"]), "Read by": seen["staff_name"], "On": _day(zone, seen["at"]),
            "Reply": seen["reply"] or ""}) for seen in update["acknowledgements"]]
    return items + [Item(f"consent:{item['id']}", "What you have agreed to, or not", {
        "Question": item["title"], "Your answer": item["answer"], "Your note": item["note"],
        "On": _day(zone, item["answered_at"])}) for item in held["consents"]]


def _of_the_school(held: Mapping[str, Any]) -> list[Item]:
    return [*(Item(f"praise:{item['id']}", "Good news", {
        "Strength": label_of(item), "Words": item["sentence"], "From": from_words(item),
        "Sent": _day(held["zone"], item["sent_at"])}) for item in held["praise"]),
        *(Item(f"read:{item['on'].isoformat()}:{item['staff_id']}:{item['what']}", READS, {
            "Day": item["on"].isoformat(), "Who": item["staff_name"], "Opened": item["what"]})
          for item in held["opened"])]


READS = "Who opened it"


def _day(zone: ZoneInfo, at: datetime) -> str:
    return at.astimezone(zone).date().isoformat()


def fingerprint(items: Sequence[Item]) -> str:
    """Changes when there is something that a reviewer has not seen. Who opened it grows by the review itself."""
    seen = [[item.key, dict(item.says)] for item in items if item.section != READS]
    return hashlib.sha256(dump_json(seen).encode()).hexdigest()


def list_kept_out(uow: UnitOfWork, request_id: str) -> dict[str, AccessRedaction]:
    rows = uow.all(sa.select(AccessRedaction).where(AccessRedaction.request_id == request_id))
    return {row.item_key: row for row in rows}


def get_request(uow: UnitOfWork, request_id: str) -> AccessRequest:
    found: AccessRequest | None = uow.get(AccessRequest, request_id)
    if found is None:
        raise NotFound()
    return found


def get_own(uow: UnitOfWork, caller: Principal, request_id: str) -> AccessRequest:
    """A request of one's own, while one may still see the child."""
    found = get_request(uow, request_id)
    if found.guardian_id != caller.person_id:
        raise NotFound()
    ask(uow, caller, "see", found.pupil_id)
    return found


def get_for_pack(uow: UnitOfWork, caller: Principal, request_id: str) -> AccessRequest:
    """The request whose pack this caller may have: staff to review it, its adult once it is ready."""
    if caller.hat != "guardian":
        return get_request(uow, request_id)
    found = get_own(uow, caller, request_id)
    if found.state != "ready":
        raise NotFound()
    return found


def show_cover(uow: UnitOfWork, request: AccessRequest) -> tuple[str, str, str, str | None]:
    """(school, child, day on which it was asked for, who reviewed it) of a pack."""
    school: School = uow.get(School)
    pupil: Pupil = uow.get(Pupil, request.pupil_id)
    reviewer = list_staff_names(uow).get(request.reviewed_by or "", "The school") if request.state == "ready" else None
    return school.name, f"{pupil.given_name} {pupil.family_name}", request.asked_on.isoformat(), reviewer


def list_own(uow: UnitOfWork, pupil_id: str, guardian_id: str) -> list[dict[str, Any]]:
    """An adult's own requests about a child, newest first."""
    today = today_of(uow)
    return [_clock(today, row) for row in uow.all(
        sa.select(AccessRequest).where(AccessRequest.pupil_id == pupil_id, AccessRequest.guardian_id == guardian_id)
        .order_by(AccessRequest.id.desc()).limit(20))]


def list_requests(uow: UnitOfWork) -> list[dict[str, Any]]:
    """For the office: those that wait first, by the day on which they are due; then the last that were answered."""
    waits = sa.case((AccessRequest.state == IN_REVIEW, 0), else_=1)
    due = sa.func.coalesce(AccessRequest.extended_to, AccessRequest.due_on)
    rows = uow.rows(
        sa.select(AccessRequest, Pupil, Guardian).join(Pupil, Pupil.id == AccessRequest.pupil_id)
        .join(Guardian, Guardian.id == AccessRequest.guardian_id)
        .order_by(waits, sa.case((waits == 0, due)), AccessRequest.id.desc()).limit(200))
    today = today_of(uow)
    return [_named(today, *row) for row in rows]


def show_request(uow: UnitOfWork, request_id: str) -> dict[str, Any]:
    """One request with everything that its pack would hold, and what is kept out of it."""
    request = get_request(uow, request_id)
    items, kept_out = list_items(uow, request), list_kept_out(uow, request_id)
    names = list_staff_names(uow)
    named = _named(today_of(uow), request, uow.get(Pupil, request.pupil_id), uow.get(Guardian, request.guardian_id))
    return {
        **named, "child_wishes": request.child_wishes, "child_asked_by": names.get(request.child_asked_by or ""),
        "reviewed_by": names.get(request.reviewed_by or ""), "fingerprint": fingerprint(items),
        "items": [{"key": item.key, "section": item.section, "says": dict(item.says),
                   "kept_out": _kept(kept_out.get(item.key), names)} for item in items]}


def _kept(row: AccessRedaction | None, names: Mapping[str, str]) -> dict[str, Any] | None:
    return None if row is None else {"reason": row.reason, "by": names.get(row.by, ""), "at": row.at}


def _named(today: date, request: AccessRequest, pupil: Pupil, guardian: Guardian) -> dict[str, Any]:
    return {**_clock(today, request), "pupil": pupil, "guardian": guardian,
            "asks_child": is_old_enough(pupil.year_group)}


def _clock(today: date, row: AccessRequest) -> dict[str, Any]:
    until = row.extended_to or row.due_on
    return {"id": row.id, "state": row.state, "asked_at": row.asked_at, "due_on": row.due_on,
            "extended_to": row.extended_to, "extension_reason": row.extension_reason, "reason": row.reason,
            "reviewed_at": row.reviewed_at, "comes_by": until,
            "days_left": (until - today).days}


def today_of(uow: UnitOfWork) -> date:
    """The day at the school."""
    return uow.now.astimezone(get_zone(uow)).date()
