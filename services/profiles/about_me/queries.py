"""What can be asked of the page: as each caller may read it, its history, and what other rooms show of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from chassis.auth import Principal
from chassis.errors import NotFound
from chassis.unit_of_work import UnitOfWork
from services.profiles.about_me.models import (
    AboutEntry,
    AboutPage,
    AboutReading,
    AboutSuggestion,
    AboutVersion,
)
from services.profiles.about_me.rules import SECTIONS, may_remove, owns
from services.profiles.parts import once_found, part
from services.profiles.people.models import StaffMember
from services.profiles.relationships.queries import ask
from services.profiles.signed import ONLY_ME, Stands, list_names, readable, signature, voice_of
from services.profiles.support.queries import get_support

CHANGES_SHOWN = 200
Pen = tuple[str, str]


def pen_of(caller: Principal) -> Pen:
    return voice_of(caller), caller.person_id


def is_own(caller: Principal, row: Any) -> bool:
    """Whether the caller holds the pen of this row."""
    return owns((row.voice, row.author_id), pen_of(caller))


def may_read(caller: Principal) -> sa.ColumnElement[bool]:
    """The entries that a caller may read: also the other view of an entry of their own."""
    return sa.or_(readable(AboutEntry, caller), sa.and_(_is_beside(caller), AboutEntry.passed_at.is_(None),
                                                        AboutEntry.audience != ONLY_ME))


def _is_beside(caller: Principal) -> sa.ColumnElement[bool]:
    voice, person_id = pen_of(caller)
    return sa.and_(AboutEntry.beside_voice == voice, AboutEntry.beside_author_id == person_id)


def find_entry(uow: UnitOfWork, caller: Principal, entry_id: str, right: str = "see") -> AboutEntry:
    """An entry that this caller may read, locked while it is decided about. One that was removed is its pen's alone."""
    wanted = sa.select(AboutEntry).where(AboutEntry.id == entry_id, may_read(caller))
    rows = uow.all(wanted.with_for_update() if right == "reply" else wanted)
    if not rows or (rows[0].removed_at is not None and not is_own(caller, rows[0])):
        raise NotFound()
    found: AboutEntry = rows[0]
    ask(uow, caller, right, found.pupil_id)
    return found


def get_entry(uow: UnitOfWork, caller: Principal, entry_id: str) -> dict[str, Any]:
    """One entry as its page shows it."""
    found = find_entry(uow, caller, entry_id)
    return _describe(uow, caller, [found], list_suggestions(uow, caller, found.pupil_id))[0]


def list_entries(uow: UnitOfWork, caller: Principal, pupil_id: str) -> Sequence[AboutEntry]:
    """What stands on the page for this caller, in the order in which it was begun."""
    return uow.all(sa.select(AboutEntry).where(
        AboutEntry.pupil_id == pupil_id, AboutEntry.removed_at.is_(None), may_read(caller)).order_by(AboutEntry.id))


def see_passed(uow: UnitOfWork, entry_id: str) -> Stands:
    """How an entry, or words that were suggested, stand now that they were passed on."""
    entry: AboutEntry | None = uow.get(AboutEntry, entry_id)
    if entry is not None:
        return Stands(entry.words, entry.author_id, entry.removed_at is not None or entry.audience == ONLY_ME)
    suggestion: AboutSuggestion | None = uow.get(AboutSuggestion, entry_id)
    if suggestion is None:
        raise NotFound()
    return Stands(suggestion.words, suggestion.author_id, suggestion.state == "withdrawn")


def list_suggestions(uow: UnitOfWork, caller: Principal, pupil_id: str) -> dict[str, list[AboutSuggestion]]:
    """Open suggestions by entry: the caller's own, and those for words of the caller's."""
    rows = uow.rows(sa.select(AboutSuggestion, AboutEntry).join(AboutEntry, AboutEntry.id == AboutSuggestion.entry_id)
                    .where(AboutSuggestion.pupil_id == pupil_id, AboutSuggestion.state == "open")
                    .order_by(AboutSuggestion.id))
    found: dict[str, list[AboutSuggestion]] = {}
    for suggestion, entry in rows:
        if _concerns(caller, suggestion, entry):
            found.setdefault(entry.id, []).append(suggestion)
    return found


def _concerns(caller: Principal, suggestion: AboutSuggestion, entry: AboutEntry) -> bool:
    return is_own(caller, suggestion) or (is_own(caller, entry) and suggestion.passed_at is None)


def find_suggestion(uow: UnitOfWork, caller: Principal, suggestion_id: str) -> tuple[AboutSuggestion, AboutEntry]:
    """A suggestion that the caller made or decides, and the entry that it is about, locked."""
    suggestion: AboutSuggestion | None = uow.get(AboutSuggestion, suggestion_id)
    if suggestion is None:
        raise NotFound()
    entry = uow.all(sa.select(AboutEntry).where(AboutEntry.id == suggestion.entry_id).with_for_update())[0]
    if not _concerns(caller, suggestion, entry):
        raise NotFound()
    ask(uow, caller, "reply", suggestion.pupil_id)
    uow.session.refresh(suggestion)
    return suggestion, entry


def show_page(uow: UnitOfWork, caller: Principal, pupil_id: str) -> dict[str, Any]:
    """The page: strengths first, each entry with its other views; who has read it."""
    entries = list_entries(uow, caller, pupil_id)
    shown = _describe(uow, caller, entries, list_suggestions(uow, caller, pupil_id))
    by_id = {item["id"]: item for item in shown}
    tops: list[dict[str, Any]] = []
    for entry, item in zip(entries, shown, strict=True):
        first = by_id.get(entry.beside_id or "")
        (tops if first is None or first["section"] != item["section"] else first["views"]).append(item)
    page: AboutPage | None = uow.get(AboutPage, pupil_id)
    return {"pupil_id": pupil_id, **_read(uow, caller, pupil_id, page),
            "sections": [{"section": name, "items": [item for item in tops if item["section"] == name]}
                         for name in SECTIONS]}


def _describe(uow: UnitOfWork, caller: Principal, entries: Sequence[AboutEntry],
              open_ones: Mapping[str, Sequence[AboutSuggestion]]) -> list[dict[str, Any]]:
    wanted = [suggestion for entry in entries for suggestion in open_ones.get(entry.id, ())]
    names = list_names(uow, {*(row.author_id for row in entries), *(row.author_id for row in wanted)})
    return [{"id": entry.id, "section": entry.section, "words": entry.words, "agreed_voice": entry.agreed_voice,
             "signature": signature(caller, entry, names), "from_school": entry.from_school, "views": [],
             **_moves(caller, entry, open_ones.get(entry.id, ())),
             "suggestions": [show_suggestion(caller, row, names) for row in open_ones.get(entry.id, ())]}
            for entry in entries]


def _moves(caller: Principal, entry: AboutEntry, open_ones: Sequence[AboutSuggestion]) -> dict[str, Any]:
    """What this caller may do with an entry, and what only its own pen and staff are told of it."""
    mine, stands = is_own(caller, entry), entry.removed_at is None
    removes = may_remove((entry.voice, entry.author_id), pen_of(caller))
    return {"audience": entry.audience if mine or caller.hat == "staff" else None,
            "version": entry.version if removes else None, "may_change": mine and stands,
            "may_remove": removes and stands,
            "may_suggest": not mine and bool(entry.author_id) and not any(is_own(caller, row) for row in open_ones)}


def show_suggestion(caller: Principal, row: AboutSuggestion, names: Mapping[str, str]) -> dict[str, Any]:
    return {"id": row.id, "entry_id": row.entry_id, "words": row.words, "state": row.state,
            "signature": signature(caller, row, names)}


def get_suggestion(uow: UnitOfWork, caller: Principal, suggestion: AboutSuggestion) -> dict[str, Any]:
    return show_suggestion(caller, suggestion, list_names(uow, {suggestion.author_id}))


def _read(uow: UnitOfWork, caller: Principal, pupil_id: str, page: AboutPage | None) -> dict[str, Any]:
    """Who has read the page. Its version is told to staff alone."""
    version = page.version if page else 0
    rows = uow.rows(sa.select(AboutReading, StaffMember).join(StaffMember, StaffMember.id == AboutReading.staff_id)
                    .where(AboutReading.pupil_id == pupil_id, AboutReading.version > 0)
                    .order_by(AboutReading.read_at.desc(), AboutReading.staff_id))
    read_by = [{"staff_name": f"{member.given_name} {member.family_name}", "read_at": row.read_at,
                **({"is_current": row.version == version} if caller.hat == "staff" else {})} for row, member in rows]
    if caller.hat != "staff":
        return {"read_by": read_by}
    return {"read_by": read_by, "version": version, "review": _review(page),
            "has_read": any(row.staff_id == caller.person_id and row.version == version for row, _member in rows)}


def _review(page: AboutPage | None) -> dict[str, Any]:
    if page is None:
        return {"is_due": False, "reviewed_at": None}
    asked, done = page.review_asked_at, page.reviewed_at
    return {"is_due": asked is not None and (done is None or done < asked), "reviewed_at": done}


def list_changes(uow: UnitOfWork, caller: Principal, pupil_id: str) -> list[dict[str, Any]]:
    """Every version of words that this caller may read, newest first. Words taken off are their own pen's to read."""
    mine = sa.and_(AboutVersion.passed_at.is_(None), AboutVersion.audience != ONLY_ME, _is_beside(caller))
    rows = uow.rows(
        sa.select(AboutVersion, AboutEntry).join(AboutEntry, AboutEntry.id == AboutVersion.entry_id)
        .where(AboutVersion.pupil_id == pupil_id, may_read(caller), sa.or_(readable(AboutVersion, caller), mine))
        .order_by(AboutVersion.id.desc()).limit(CHANGES_SHOWN))
    kept = [(row, entry) for row, entry in rows if entry.removed_at is None or is_own(caller, entry)]
    names = list_names(uow, {row.author_id for row, _entry in kept})
    return [{"entry_id": entry.id, "section": entry.section, "words": row.words, "how": row.how,
             "agreed_voice": row.agreed_voice, "signature": signature(caller, row, names)} for row, entry in kept]


def select_part(uow: UnitOfWork, caller: Principal, pupil_id: str) -> list[sa.Select[Any]]:
    """What stands of it on the child's page: two strengths, and two lines of how best to help."""
    where = [AboutEntry.school_id == uow.school, AboutEntry.pupil_id == pupil_id, AboutEntry.removed_at.is_(None),
             may_read(caller)]
    return [part(name, 2, [once_found(AboutEntry.id)], [*where, AboutEntry.section == section], id=AboutEntry.id,
                 written_at=AboutEntry.written_at, voice=AboutEntry.voice, author_id=AboutEntry.author_id,
                 kind=AboutEntry.section, words=AboutEntry.words)
            for name, section in (("about-me", "strengths"), ("about-me-help", "help"))]


def list_held(uow: UnitOfWork, pupil_id: str, guardian_id: str) -> list[dict[str, Any]]:
    """What an adult's access pack holds of this room: the page as they may read it, their own words of before."""
    adult = Principal("", uow.school, guardian_id, "guardian")
    found = [_held(f"about:{entry.id}", entry.section, entry) for entry in list_entries(uow, adult, pupil_id)]
    found += [_held(f"about-old:{row.id}", entry.section, row) for row, entry in uow.rows(
        sa.select(AboutVersion, AboutEntry).join(AboutEntry, AboutEntry.id == AboutVersion.entry_id)
        .where(AboutVersion.pupil_id == pupil_id, AboutVersion.voice == "home", AboutVersion.author_id == guardian_id)
        .order_by(AboutVersion.id))]
    support = get_support(uow, pupil_id)
    if support["version"]:
        found.append({"key": "support", "section": "Support at school", "says": {
            "Status": support["status"], "Plan": support["plan_reference"], "Needs": ", ".join(support["areas"])}})
    return found


def _held(key: str, section: str, row: Any) -> dict[str, Any]:
    return {"key": key, "section": "About me", "says": {
        "Part": section, "Words": row.words, "From": row.voice, "Written": row.written_at.date().isoformat()}}
