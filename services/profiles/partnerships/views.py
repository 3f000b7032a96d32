"""Where home and school see it differently: two views side by side, and a step all the same; and notes of meetings."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from chassis.auth import Principal
from chassis.errors import Conflict, NotFound
from chassis.unit_of_work import UnitOfWork
from services.profiles.heard.actions import TALK, note_contact
from services.profiles.partnerships.actions import NewStep, add_step_to, find_for, new_entry, told_of
from services.profiles.partnerships.events import loop_fact
from services.profiles.partnerships.models import Entry
from services.profiles.signed import readable, voice_of


def add_view(uow: UnitOfWork, caller: Principal, partnership_id: str, words: str, wanted: NewStep) -> Entry:
    """We see it differently: one side's words, kept as they are, and a step that we agree on all the same."""
    loop = find_for(uow, caller, partnership_id, "view")
    view = new_entry(uow, caller, loop, "view", words)
    uow.add(view)
    add_step_to(uow, caller, loop, wanted, view.id)
    return view


def answer_view(uow: UnitOfWork, caller: Principal, place: tuple[str, str], words: str) -> Entry:
    """The other side's words beside them: neither overwrites the other."""
    loop = find_for(uow, caller, place[0], "view")
    sides = uow.all(sa.select(Entry).where(
        Entry.partnership_id == loop.id, Entry.kind == "view", readable(Entry, caller),
        sa.or_(Entry.id == place[1], Entry.about_id == place[1])))
    if not any(side.id == place[1] for side in sides):
        raise NotFound()
    if any(side.author_id == caller.person_id and side.voice == voice_of(caller) for side in sides):
        raise Conflict("You have said already how you see this.")
    view = new_entry(uow, caller, loop, "view", words)
    view.about_id = place[1]
    uow.add(view)
    uow.record(loop_fact(uow, loop, "answered", told_of(uow, caller, loop), voice=view.voice, entry_id=view.id))
    uow.flush()
    return view


def add_note(uow: UnitOfWork, caller: Principal, partnership_id: str, words: str,
             meeting: Mapping[str, str] | None) -> Entry:
    """What was said when we met, at a parents' evening or a check-in say."""
    loop = find_for(uow, caller, partnership_id, "note")
    note = new_entry(uow, caller, loop, "note", words)
    note.more = dict(meeting or {})
    uow.add(note)
    if caller.hat == "staff":
        note_contact(uow, [loop.pupil_id], TALK, caller.person_id)
    uow.record(loop_fact(uow, loop, "answered", told_of(uow, caller, loop), voice=note.voice, entry_id=note.id))
    uow.flush()
    return note
