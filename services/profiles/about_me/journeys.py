"""The page goes along to another school of the trust when an adult with *consent* agrees; each school keeps its own.

A ticket opens one copy once. Only its hash stays here: the portal holds the ticket for the family's account.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from chassis.auth import Principal
from chassis.clock import new_id
from chassis.errors import Conflict, Invalid, NotFound
from chassis.unit_of_work import UnitOfWork
from services.profiles.about_me.events import about_arrived, about_travelled
from services.profiles.about_me.models import AboutEntry, AboutJourney, AboutVersion
from services.profiles.about_me.queries import is_own
from services.profiles.about_me.readings import touch_page
from services.profiles.about_me.rules import SCHOOL_NAME, lasts, may_travel, seal_of
from services.profiles.relationships.queries import is_here, list_holders

OPEN, USED, WITHDRAWN = "open", "used", "withdrawn"


def hash_of(ticket: str) -> str:
    return hashlib.sha256(ticket.encode()).hexdigest()


def begin_journey(uow: UnitOfWork, caller: Principal, pupil_id: str, to_school: str) -> tuple[AboutJourney, str]:
    """Agree that the page goes along: the journey, and its ticket, which is not kept. One that was open ends."""
    if not SCHOOL_NAME.fullmatch(to_school) or to_school == uow.school:
        raise Invalid(errors={"/to_school": "Choose the school that the page goes to."})
    entries = _travelling(uow, caller, pupil_id)
    if not entries:
        raise Conflict("There is nothing on the page that could go along yet.")
    for row in uow.all(sa.select(AboutJourney).where(AboutJourney.pupil_id == pupil_id, AboutJourney.state == OPEN,
                                                     AboutJourney.guardian_id == caller.person_id)):
        row.state, row.ended_at = WITHDRAWN, uow.now
    ticket = secrets.token_urlsafe(32)
    journey = AboutJourney(id=new_id(), pupil_id=pupil_id, guardian_id=caller.person_id, to_school=to_school,
                           ticket_hash=hash_of(ticket), snapshot=entries, state=OPEN, agreed_at=uow.now)
    uow.add(journey)
    uow.record(about_travelled(uow, pupil_id, to_school))
    uow.flush()
    return journey, ticket


def _travelling(uow: UnitOfWork, caller: Principal, pupil_id: str) -> list[dict[str, Any]]:
    """What goes along. What another adult wrote for school alone stays: they agree to its journey themselves."""
    rows = uow.all(sa.select(AboutEntry).where(
        AboutEntry.pupil_id == pupil_id, AboutEntry.removed_at.is_(None), AboutEntry.passed_at.is_(None))
        .order_by(AboutEntry.id))
    return [{"origin_id": row.id, "section": row.section, "words": row.words, "voice": row.voice,
             "is_mine": is_own(caller, row), "audience": row.audience, "begun_at": row.begun_at.isoformat(),
             "written_at": row.written_at.isoformat(), "agreed_voice": row.agreed_voice, "beside": row.beside_id}
            for row in rows if may_travel(row.voice, row.audience, is_own(caller, row))]


def open_ticket(uow: UnitOfWork, ticket: str, secret: str) -> dict[str, Any]:
    """What a ticket brings: as it stood when it was agreed, without what was since taken off, passed on or closed.

    It is sealed for the one school that it goes to, and for a while.
    """
    journey = _by_ticket(uow, ticket)
    if journey.state != OPEN or _has_lost(uow, journey):
        raise NotFound()
    still = {row.id: row.audience for row in uow.all(sa.select(AboutEntry).where(
        AboutEntry.pupil_id == journey.pupil_id, AboutEntry.removed_at.is_(None), AboutEntry.passed_at.is_(None)))}
    page = {"from_school": uow.school, "to_school": journey.to_school, "sealed_at": uow.now, "entries": [
        {**entry, "begun_at": datetime.fromisoformat(entry["begun_at"]),
         "written_at": datetime.fromisoformat(entry["written_at"])} for entry in journey.snapshot
        if may_travel(entry["voice"], still.get(entry["origin_id"], ""), entry["is_mine"])]}
    return {**page, "seal": seal_of(secret, page)}


def _has_lost(uow: UnitOfWork, journey: AboutJourney) -> bool:
    """Whether whoever agreed may not agree any more, of a child who is still here."""
    holders = list_holders(uow, [journey.pupil_id], "consent").get(journey.pupil_id, [])
    return is_here(uow, journey.pupil_id) and journey.guardian_id not in holders


def use_ticket(uow: UnitOfWork, ticket: str) -> AboutJourney:
    """The page has arrived: the ticket opens nothing any more. Saying so twice is the same."""
    journey = _by_ticket(uow, ticket)
    if journey.state == WITHDRAWN:
        raise NotFound()
    journey.state, journey.ended_at = USED, journey.ended_at or uow.now
    uow.flush()
    return journey


def _by_ticket(uow: UnitOfWork, ticket: str) -> AboutJourney:
    rows = uow.all(sa.select(AboutJourney).where(AboutJourney.ticket_hash == hash_of(ticket)).with_for_update())
    if not rows:
        raise NotFound()
    found: AboutJourney = rows[0]
    return found


def withdraw_journey(uow: UnitOfWork, caller: Principal, journey_id: str) -> AboutJourney:
    """Take back what one has agreed to, before it is used.

    No right is asked: whoever agreed may always take it back, also when the child has left this school.
    """
    journey: AboutJourney | None = uow.get(AboutJourney, journey_id)
    if journey is None or journey.guardian_id != caller.person_id:
        raise NotFound()
    if journey.state != OPEN:
        raise Conflict("The page has arrived there already." if journey.state == USED
                       else "You have taken this back already.")
    journey.state, journey.ended_at = WITHDRAWN, uow.now
    uow.flush()
    return journey


def receive_page(uow: UnitOfWork, caller: Principal, pupil_id: str, page: Mapping[str, Any], secret: str) -> int:
    """Keep a copy of what came, each entry with its voice, dates and audience; what is here already is not doubled.

    Refused unless it is, to the letter, what a school of the trust gave out for this one a moment ago.
    The child's words are the child's here too, and those of whoever brings them are theirs. Nobody else's writer is
    known here: their words stand as they came.
    """
    _require_sealed(uow, page, secret)
    from_school, entries = page["from_school"], page["entries"]
    here = {row.origin_id: row for row in uow.all(sa.select(AboutEntry).where(
        AboutEntry.pupil_id == pupil_id, AboutEntry.from_school == from_school))}
    added = 0
    for entry in entries:
        known = here.get(entry["origin_id"])
        if known is not None:
            _claim(uow, caller, known, entry)
        elif may_travel(entry["voice"], entry["audience"], entry["is_mine"]):
            here[entry["origin_id"]] = _arrive(uow, (pupil_id, from_school), entry, _writer(caller, pupil_id, entry))
            added += 1
    uow.flush()
    _join_views(here, entries)
    if added:
        touch_page(uow, pupil_id, caller)
        uow.record(about_arrived(uow, pupil_id, from_school))
    uow.flush()
    return added


def _require_sealed(uow: UnitOfWork, page: Mapping[str, Any], secret: str) -> None:
    said = {name: value for name, value in page.items() if name != "seal"}
    is_ours = hmac.compare_digest(seal_of(secret, said), page["seal"]) and page["to_school"] == uow.school
    if not is_ours or not lasts(page["sealed_at"], uow.now):
        raise Invalid(errors={"/seal": "We can't tell that this page came as the other school gave it out."})


def _writer(caller: Principal, pupil_id: str, entry: Mapping[str, Any]) -> str:
    if entry["voice"] == "child":
        return pupil_id
    return caller.person_id if entry["voice"] == "home" and entry["is_mine"] else ""


def _claim(uow: UnitOfWork, caller: Principal, known: AboutEntry, entry: Mapping[str, Any]) -> None:
    """Words that came with another adult's journey, and whose own writer is here now."""
    if entry["is_mine"] and known.voice == entry["voice"] == "home" and not known.author_id:
        known.author_id = caller.person_id
        uow.session.execute(
            sa.update(AboutVersion).where(AboutVersion.entry_id == known.id).values(author_id=caller.person_id),
            execution_options={"synchronize_session": False})


def _arrive(uow: UnitOfWork, came: tuple[str, str], entry: Mapping[str, Any], author_id: str) -> AboutEntry:
    signed = {"pupil_id": came[0], "voice": entry["voice"], "author_id": author_id, "audience": entry["audience"],
              "written_at": entry["written_at"], "words": entry["words"], "agreed_voice": entry["agreed_voice"]}
    row = AboutEntry(
        id=new_id(), **signed, section=entry["section"], version=1, begun_at=entry["begun_at"],
        widest=entry["audience"] if entry["beside"] else "all", from_school=came[1], origin_id=entry["origin_id"])
    uow.add(row, AboutVersion(id=new_id(), **signed, entry_id=row.id, number=1, how="arrived"))
    return row


def _join_views(here: Mapping[str | None, AboutEntry], entries: Sequence[Mapping[str, Any]]) -> None:
    """Two views stay side by side."""
    for entry in entries:
        view, first = here.get(entry["origin_id"]), here.get(entry["beside"])
        if view is not None and first is not None and view.beside_id is None:
            view.beside_id, view.beside_voice, view.beside_author_id = first.id, first.voice, first.author_id
