"""What safeguarding leads can ask. Whoever opens something here is noted (actions.note_open) by the route."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from chassis.auth import Principal
from chassis.errors import NotFound
from chassis.unit_of_work import UnitOfWork
from services.profiles.people.models import Pupil, School
from services.profiles.people.queries import get_zone, list_staff_names
from services.profiles.safeguarding.models import Matter, MatterEntry, MatterRead
from services.profiles.safeguarding.pack import write_pack
from services.profiles.safeguarding.rules import has_news, state_of
from services.profiles.signed import Signed, list_names, readable
from services.profiles.voice.queries import waits_for_reader
from services.profiles.wellbeing.queries import list_answers

MOST = 500


def list_matters(uow: UnitOfWork, caller: Principal) -> list[dict[str, Any]]:
    """Every matter, the newest first: about whom, since when, where it stands, and whether this lead has news of it."""
    matters: Sequence[Matter] = uow.all(sa.select(Matter).order_by(Matter.id.desc()).limit(MOST))
    entries: dict[str, list[tuple[str, datetime]]] = {}
    for row in uow.rows(sa.select(MatterEntry.matter_id, MatterEntry.what, MatterEntry.at)
                        .where(MatterEntry.matter_id.in_([matter.id for matter in matters]))
                        .order_by(MatterEntry.id)):
        entries.setdefault(row.matter_id, []).append((row.what, row.at))
    reads: dict[str, datetime] = dict(map(tuple, uow.rows(  # type: ignore[arg-type]
        sa.select(MatterRead.matter_id, sa.func.max(MatterRead.read_at))
        .where(MatterRead.staff_id == caller.person_id, MatterRead.what == "matter").group_by(MatterRead.matter_id))))
    pupils, names = _pupils(uow, matters), list_staff_names(uow)
    return [{"id": matter.id, "kind": matter.kind, "voice": matter.voice, "pupil": pupils.get(matter.pupil_id),
             "passed_at": matter.passed_at, "passed_by": names.get(matter.passed_by, ""),
             "state": state_of([what for what, _at in entries.get(matter.id, ())]),
             "has_news": has_news(entries.get(matter.id, ()), reads.get(matter.id))} for matter in matters]


def _pupils(uow: UnitOfWork, matters: Iterable[Matter]) -> dict[str, Pupil]:
    return {pupil.id: pupil for pupil in uow.all(
        sa.select(Pupil).where(Pupil.id.in_({matter.pupil_id for matter in matters})))}


def show_matter(uow: UnitOfWork, matter_id: str) -> dict[str, Any]:
    """All that is known of a matter, who opened it, the digest of its file, and whether home waits for an answer."""
    matter = get_matter(uow, matter_id)
    entries = list_entries(uow, matter_id)
    reads = uow.all(sa.select(MatterRead).where(MatterRead.matter_id == matter_id).order_by(MatterRead.id.desc())
                    .limit(MOST))
    names = list_names(uow, {matter.author_id, matter.passed_by, *(entry.by_id for entry in entries),
                             *(read.staff_id for read in reads)})
    state, promised_by = ("", None)
    if matter.kind == "update":
        state, promised_by = list_answers(uow, [matter.entry_id]).get(matter.entry_id, ("", None))
    return {
        "id": matter.id, "kind": matter.kind, "voice": matter.voice, "author": names.get(matter.author_id, ""),
        "pupil": _pupils(uow, [matter]).get(matter.pupil_id), "written_at": matter.written_at,
        "passed_at": matter.passed_at, "passed_by": names.get(matter.passed_by, ""),
        "state": state_of([entry.what for entry in entries]), "digest": digest_of(uow, matter_id),
        "waits_by": promised_by if state == "waiting" else None,
        "waits": state == "waiting" or (matter.kind == "note" and waits_for_reader(uow, matter.entry_id)),
        "entries": [_entry(entry, names.get(entry.by_id, "")) for entry in entries],
        "reads": [{"by": names.get(read.staff_id, ""), "what": read.what, "at": read.read_at} for read in reads]}


def _entry(entry: MatterEntry, by: str) -> dict[str, Any]:
    return {"id": entry.id, "what": entry.what, "by": by, "words": entry.words, "about": entry.about,
            "why": entry.why, "child_told": entry.child_told, "system": entry.system, "reference": entry.reference,
            "digest": entry.digest, "at": entry.at}


def write_file(uow: UnitOfWork, matter_id: str) -> bytes:
    """The matter as a file to hand over: the same bytes until something is added."""
    matter = get_matter(uow, matter_id)
    entries = list_entries(uow, matter_id)
    names = list_names(uow, {matter.author_id, matter.passed_by, *(entry.by_id for entry in entries)})
    school: School = uow.get(School)
    pupil = _pupils(uow, [matter]).get(matter.pupil_id)
    facts = {
        "school": school.name, "matter": matter.id, "child_id": matter.pupil_id,
        "child": f"{pupil.given_name} {pupil.family_name}" if pupil else "", "kind": matter.kind,
        "voice": matter.voice, "author": names.get(matter.author_id, ""), "passed_by": names.get(matter.passed_by, "")}
    zone = get_zone(uow)
    said = [{name: value.astimezone(zone).isoformat() if isinstance(value, datetime) else value
             for name, value in _entry(entry, names.get(entry.by_id, "")).items() if value not in (None, "")}
            for entry in entries]
    return write_pack(facts, said, entries[-1].at.astimezone(zone))


def digest_of(uow: UnitOfWork, matter_id: str) -> str:
    """The SHA-256 of the file as it would be taken now."""
    return hashlib.sha256(write_file(uow, matter_id)).hexdigest()


def get_matter(uow: UnitOfWork, matter_id: str) -> Matter:
    found: Matter | None = uow.get(Matter, matter_id)
    if found is None:
        raise NotFound()
    return found


def find_matter(uow: UnitOfWork, kind: str, entry_id: str) -> Matter | None:
    return next(iter(uow.all(sa.select(Matter).where(Matter.kind == kind, Matter.entry_id == entry_id))), None)


def list_entries(uow: UnitOfWork, matter_id: str) -> Sequence[MatterEntry]:
    """In the order in which they came."""
    return uow.all(sa.select(MatterEntry).where(MatterEntry.matter_id == matter_id).order_by(MatterEntry.id))


def may_read(uow: UnitOfWork, caller: Principal, entry_id: str) -> bool:
    """Whether this caller may read what is signed under this id, in whichever room: what is sealed stays sealed."""
    return any(uow.all(sa.select(model.id).where(model.id == entry_id, readable(model, caller)))
               for model in signed_tables())


def signed_tables() -> list[type[Any]]:
    """Every table of signed words in this service, by their common form: no room has to be named."""
    found, left = [], list(Signed.__subclasses__())
    while left:
        model = left.pop()
        left += model.__subclasses__()
        if hasattr(model, "__table__"):
            found.append(model)
    return found
