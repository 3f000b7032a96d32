"""What can be done about updates from home: share, change, take back; acknowledge, chase inside school, pass on."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from chassis.auth import Principal
from chassis.clock import new_id
from chassis.envelope import Fact
from chassis.errors import Conflict, Invalid, NotFound, Stale
from chassis.timers import clear_timers, set_timer
from chassis.unit_of_work import UnitOfWork
from services.profiles.classes.queries import list_team, staff_of_year
from services.profiles.people.models import Pupil
from services.profiles.people.queries import get_zone, list_staff_ids
from services.profiles.school_year.queries import get_year, today_here
from services.profiles.signed import Passed
from services.profiles.wellbeing.events import update_fact
from services.profiles.wellbeing.models import Promise, Reader, Update, UpdateVersion
from services.profiles.wellbeing.queries import find_update, has_read, list_readers, promise_hours
from services.profiles.wellbeing.rules import MOST_CHASES, join_replies, lasts_until, next_chase, promised_at

EXPIRES, PROMISED = "update-expires", "update-promised"
ENDED = "This update has ended. Share a new one."


@dataclass(frozen=True, slots=True)
class Said:
    """What an author says: the words, who may know, until when, and whom they name if they name people."""

    words: str
    audience: str
    until: str
    staff_ids: Sequence[str] = ()


def share_update(uow: UnitOfWork, place: tuple[str, str], kind: str, said: Said) -> Update:
    """Keep what an adult tells of a child (`place`: their ids), name who may know, and tell them without its words."""
    pupil_id, guardian_id = place
    staff_ids = _audience(uow, uow.get(Pupil, pupil_id), said)
    update = Update(
        id=new_id(), pupil_id=pupil_id, guardian_id=guardian_id, kind=kind, words=said.words, audience=said.audience,
        until=said.until, shared_at=uow.now, version=1, words_version=1, chased=0)
    uow.add(update, *(Reader(update_id=update.id, staff_id=staff_id) for staff_id in staff_ids))
    _set_end(uow, update)
    _set_promise(uow, update)
    uow.record(_shared(uow, update, staff_ids))
    uow.flush()
    return update


def _audience(uow: UnitOfWork, pupil: Pupil, said: Said) -> list[str]:
    """Staff ids who may know. An audience with nobody in it falls to the office, so that nothing vanishes."""
    if said.audience == "safeguarding":
        return sorted(list_staff_ids(uow, "dsl")) or list_staff_ids(uow, "head")
    found = {member.id for member in list_team(uow, pupil.id)}
    if said.audience == "named":
        if not said.staff_ids or not found.issuperset(said.staff_ids):
            raise Invalid(errors={"/staff_ids": "Choose at least one person of the child's team."})
        return sorted(set(said.staff_ids))
    if said.audience == "year":
        found |= set(staff_of_year(uow, pupil))
    return sorted(found) or list_staff_ids(uow, "office")


def _set_end(uow: UnitOfWork, update: Update) -> None:
    year, here = get_year(uow), uow.now.astimezone(get_zone(uow))
    clear_timers(uow, EXPIRES, update.id)
    update.expires_at = lasts_until(here, update.until, year.next_school_day, year.half_term)
    if update.expires_at:
        set_timer(uow, EXPIRES, update.id, update.expires_at)


def _set_promise(uow: UnitOfWork, update: Update) -> None:
    """By when somebody reads the words as they stand; school is reminded then, unless it is a lead's to remember."""
    here = uow.now.astimezone(get_zone(uow))
    update.promised_at, update.chased = promised_at(here, promise_hours(uow), get_year(uow).next_school_day), 0
    clear_timers(uow, PROMISED, update.id)
    if update.passed_at is None:
        set_timer(uow, PROMISED, update.id, update.promised_at)


def _shared(uow: UnitOfWork, update: Update, staff_ids: Sequence[str]) -> Fact:
    return update_fact(uow, update, "shared", kind=update.kind, staff_ids=list(staff_ids),
                       until=update.expires_at.date().isoformat() if update.expires_at else None)


def change_update(uow: UnitOfWork, caller: Principal, update_id: str, seen: int | None, said: Said) -> Update:
    """A new version by its author. Who may no longer know loses it at once, and new readers are told.

    `seen` is the version that was changed: Stale when there is a newer one.
    """
    update = find_update(uow, caller, update_id, "reply")
    if seen is None:
        raise Invalid("Say in If-Match which version you have changed.")
    if seen != update.version:
        raise Stale()
    if update.ended_at is not None:
        raise Conflict(ENDED)
    readers = list(list_readers(uow, update_id))
    wanted = _audience(uow, uow.get(Pupil, update.pupil_id), said)
    now_in = {reader.staff_id for reader in readers if reader.left_at is None}
    if (update.words, update.audience, update.until) == (said.words, said.audience, said.until) \
            and (said.audience != "named" or now_in == set(wanted)):
        return update
    was_read = any(has_read(update, reader) for reader in readers)
    _keep_version(uow, update, sorted(now_in))
    is_reworded, lasts = update.words != said.words, update.until
    update.version, update.changed_at = update.version + 1, uow.now
    update.words, update.audience, update.until = said.words, said.audience, said.until
    if is_reworded:
        update.words_version = update.version
    if lasts != said.until:
        _set_end(uow, update)
    if is_reworded and was_read:
        _set_promise(uow, update)
    _set_readers(uow, update, readers, wanted)
    if update.passed_at is None:
        _tell_change(uow, update, now_in, is_reworded)
    uow.flush()
    return update


def _keep_version(uow: UnitOfWork, update: Update, staff_ids: list[str]) -> None:
    uow.add(UpdateVersion(
        update_id=update.id, number=update.version, words=update.words, audience=update.audience, until=update.until,
        staff_ids=staff_ids, written_at=update.changed_at or update.shared_at))


def _set_readers(uow: UnitOfWork, update: Update, readers: Sequence[Reader], wanted: Collection[str]) -> None:
    known = {reader.staff_id: reader for reader in readers}
    for staff_id, reader in known.items():
        reader.left_at = None if staff_id in wanted else reader.left_at or uow.now
    uow.add(*(Reader(update_id=update.id, staff_id=staff_id) for staff_id in wanted if staff_id not in known))
    uow.flush()


def _tell_change(uow: UnitOfWork, update: Update, before: Collection[str], is_reworded: bool) -> None:
    """Notices of those who may no longer know are taken back with all; whoever still has to read is told anew."""
    readers = [reader for reader in list_readers(uow, update.id) if reader.left_at is None]
    unread = [reader.staff_id for reader in readers if not has_read(update, reader)]
    lost = set(before) - {reader.staff_id for reader in readers}
    if lost:
        uow.record(update_fact(uow, update, "ended"))
    told = unread if lost or is_reworded else [staff_id for staff_id in unread if staff_id not in before]
    if told:
        uow.record(_shared(uow, update, told))


def acknowledge_update(uow: UnitOfWork, update_id: str, staff_id: str, reply: str) -> Update:
    """Say that it was read, with a line of reply; a second time is refused by name, until its words change."""
    reader: Reader | None = uow.get(Reader, update_id, staff_id)
    update: Update | None = uow.get(Update, update_id)
    if reader is None or reader.left_at or update is None or update.ended_at or update.passed_at:
        raise NotFound()
    if has_read(update, reader):
        raise Conflict("You've already said that you have read this.")
    _note_reading(uow, update, reader, reply)
    uow.flush()
    if all(has_read(update, one) for one in list_readers(uow, update_id) if one.left_at is None):
        uow.record(update_fact(uow, update, "ended"))
    return update


def _note_reading(uow: UnitOfWork, update: Update, reader: Reader, reply: str) -> None:
    reader.reply = join_replies(reader.reply, reply)
    reader.acknowledged_at, reader.acknowledged_version = uow.now, update.version
    clear_timers(uow, PROMISED, update.id)
    uow.record(update_fact(uow, update, "acknowledged", staff_id=reader.staff_id))


def divert_entry(uow: UnitOfWork, update_id: str) -> Passed:
    """Take it off everybody's screens but its author's, for whom it goes on as it would have.

    What is announced is what the last reading of it announces: nothing of it waits for staff any more.
    """
    update: Update | None = uow.get(Update, update_id)
    if update is None or update.passed_at is not None or update.ended_at is not None:
        raise NotFound()
    update.passed_at = uow.now
    clear_timers(uow, PROMISED, update.id)
    readers = [reader for reader in list_readers(uow, update_id) if reader.left_at is None]
    if not all(has_read(update, reader) for reader in readers):
        uow.record(update_fact(uow, update, "ended"))
    return Passed("update", update.pupil_id, "home", update.guardian_id, update.words, update.shared_at)


def divert_read(uow: UnitOfWork, caller: Principal, update_id: str) -> Passed:
    """Pass it on by somebody who may read it: for its author that is a reading like any other."""
    update = find_update(uow, caller, update_id)
    reader: Reader = uow.get(Reader, update_id, caller.person_id)
    if not has_read(update, reader):
        _note_reading(uow, update, reader, "")
        uow.flush()
        if all(has_read(update, one) for one in list_readers(uow, update_id) if one.left_at is None):
            uow.record(update_fact(uow, update, "ended"))
    return divert_entry(uow, update_id)


def answer_passed(uow: UnitOfWork, update_id: str, staff_id: str) -> None:
    """A lead has read new words of what was passed on: its author is answered by whom they had chosen to tell.

    That is the one who passed it on, while its author lets them know; else the first who may.
    """
    update: Update | None = uow.get(Update, update_id)
    readers = [reader for reader in list_readers(uow, update_id) if reader.left_at is None]
    if update is None or update.passed_at is None or not readers:
        raise NotFound()
    if update.ended_at is not None or any(has_read(update, reader) for reader in list_readers(uow, update_id)):
        raise Conflict("Home has been told already that this was read.")
    reader = next((reader for reader in readers if reader.staff_id == staff_id), readers[0])
    _note_reading(uow, update, reader, "")
    uow.record(update_fact(uow, update, "ended"))


def chase_update(uow: UnitOfWork, update_id: str) -> None:
    """The promise has come and nobody has read it: its readers are reminded, and so are the office and the head."""
    update: Update | None = uow.get(Update, update_id)
    readers = [] if update is None else list_readers(uow, update_id)
    if update is None or update.ended_at or update.passed_at or not update.promised_at \
            or any(has_read(update, reader) for reader in readers):
        return
    staff_ids = {reader.staff_id for reader in readers if reader.left_at is None}
    if update.audience != "safeguarding":
        staff_ids |= set(list_staff_ids(uow, "office", "head"))
    update.chased += 1
    uow.record(update_fact(uow, update, "overdue", staff_ids=sorted(staff_ids)))
    if update.chased < MOST_CHASES:
        promised = update.promised_at.astimezone(get_zone(uow))
        set_timer(uow, PROMISED, update_id, next_chase(promised, today_here(uow), get_year(uow).next_school_day))


def withdraw_update(uow: UnitOfWork, caller: Principal, update_id: str) -> Update:
    """Its author takes it back: staff see it no more."""
    update = find_update(uow, caller, update_id)
    if update.ended_at is not None:
        raise NotFound()
    _end(uow, update)
    clear_timers(uow, EXPIRES, update.id)
    return update


def expire_update(uow: UnitOfWork, update_id: str) -> None:
    """Its time has come; one that ended before is left as it is."""
    update: Update | None = uow.get(Update, update_id)
    if update is not None and update.ended_at is None:
        _end(uow, update)


def end_updates_about(uow: UnitOfWork, pupil_ids: Sequence[str]) -> None:
    """The pupils have left: what was still open about them ends."""
    for update in uow.all(sa.select(Update).where(Update.pupil_id.in_(pupil_ids), Update.ended_at.is_(None))):
        _end(uow, update)
        clear_timers(uow, EXPIRES, update.id)


def _end(uow: UnitOfWork, update: Update) -> None:
    update.ended_at = uow.now
    clear_timers(uow, PROMISED, update.id)
    uow.record(update_fact(uow, update, "ended"))


def move_author(uow: UnitOfWork, from_id: str, to_id: str) -> None:
    """Two entries were one adult: what the one told is the other's own."""
    uow.session.execute(sa.update(Update).where(Update.guardian_id == from_id).values(guardian_id=to_id),
                        execution_options={"synchronize_session": False})


def set_promise(uow: UnitOfWork, hours: int, by: str) -> None:
    """From now on; what was promised before stays promised."""
    found: Promise | None = uow.get(Promise)
    if found is None:
        uow.add(Promise(hours=hours, changed_by=by, changed_at=uow.now))
    else:
        found.hours, found.changed_by, found.changed_at = hours, by, uow.now
