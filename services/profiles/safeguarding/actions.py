"""What can be done: pass an entry on, follow what its author does to it, add notes, hand over. Rows are only added."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from chassis.auth import Principal
from chassis.clock import new_id
from chassis.errors import Conflict, Invalid, NotFound
from chassis.timers import set_timer
from chassis.unit_of_work import UnitOfWork
from services.profiles.about_me import actions as about_me
from services.profiles.about_me.queries import see_passed as see_about_me
from services.profiles.partnerships import actions as partnerships
from services.profiles.partnerships.queries import list_passed
from services.profiles.partnerships.queries import see_passed as see_loop
from services.profiles.praise import actions as praise
from services.profiles.progress import actions as progress
from services.profiles.relationships.queries import ask
from services.profiles.safeguarding.events import entry_withdrawn, matter_fact
from services.profiles.safeguarding.models import Matter, MatterEntry, MatterRead
from services.profiles.safeguarding.queries import digest_of, find_matter, get_matter, list_entries, may_read
from services.profiles.safeguarding.rules import OF_THE_ENTRY, announced_at, what_is_new
from services.profiles.signed import Passed, Stands
from services.profiles.strategies import actions as strategies
from services.profiles.voice import actions as voice
from services.profiles.voice.queries import see_passed as see_note
from services.profiles.wellbeing import actions as wellbeing
from services.profiles.wellbeing.queries import get_passed
from services.profiles.wellbeing.queries import see_passed as see_update

ANNOUNCE = "matter-announce"
Divert = Callable[[UnitOfWork, Principal, str], Passed]


@dataclass(frozen=True, slots=True)
class PassOn:
    """What is passed on, why in the passer's own words, and whether a person has told the child first."""

    kind: str
    entry_id: str
    why: str
    child_told: str | None = None


@dataclass(frozen=True, slots=True)
class HandOver:
    """To which system it went, under which reference, with what they said, and which file it was."""

    system: str
    reference: str
    words: str
    digest: str


def of_room(divert_entry: Callable[[UnitOfWork, str], Passed]) -> Divert:
    """A room's own `divert_entry`, for those who may see the child and read the entry; for others there is none."""

    def divert(uow: UnitOfWork, caller: Principal, entry_id: str) -> Passed:
        if not may_read(uow, caller, entry_id):
            raise NotFound()
        passed = divert_entry(uow, entry_id)
        ask(uow, caller, "see", passed.pupil_id)  # NotFound undoes all that was done here
        return passed

    return divert


KINDS: Mapping[str, Divert] = {
    "update": wellbeing.divert_read,
    "about-me": of_room(about_me.divert_entry),
    "loop": of_room(partnerships.divert_entry),
    "note": voice.divert_read,
    "praise": of_room(praise.divert_entry),
    "reply": of_room(progress.divert_entry),
    "tried": of_room(strategies.divert_entry),
}

TOLD_OF = frozenset({"about-me", "loop", "praise", "reply"})  # an update or a note has a fact of its own for that
SEEN: Mapping[str, Callable[[UnitOfWork, str], Stands]] = {
    "update": see_update, "about-me": see_about_me, "loop": see_loop, "note": see_note}
"""Of the kinds that their authors can change or take back: how an entry stands now."""
ANSWERS: Mapping[str, Callable[[UnitOfWork, str, str], None]] = {
    "update": wellbeing.answer_passed, "note": voice.answer_passed}


def pass_on(uow: UnitOfWork, caller: Principal, command: PassOn) -> Matter:
    """Take an entry off everybody's screens but its author's, and lock what it said away for the leads.

    A child is told by a person first, or it is said why that could not wait.
    """
    divert = KINDS.get(command.kind)
    if divert is None:
        raise NotFound()
    passed = divert(uow, caller, command.entry_id)
    if passed.voice == "child" and command.child_told is None:
        raise Invalid(errors={"/child_told": "Say whether the child was told first."})
    matter = Matter(
        id=new_id(), kind=command.kind, entry_id=command.entry_id, pupil_id=passed.pupil_id, voice=passed.voice,
        author_id=passed.author_id, written_at=passed.written_at, passed_by=caller.person_id, passed_at=uow.now)
    about = get_passed(uow, command.entry_id).kind if command.kind == "update" else None
    uow.add(matter)
    _add(uow, matter.id, "passed", caller.person_id, words=passed.words, about=about, why=command.why,
         child_told=command.child_told)
    set_timer(uow, ANNOUNCE, matter.id, announced_at(uow.now))
    if command.kind in TOLD_OF:
        uow.record(entry_withdrawn(uow, command.entry_id, passed))
    uow.flush()
    uow.session.expire_all()  # the entry is locked now: what its author had changed in the same moment is kept too
    if command.kind in SEEN:
        follow_change(uow, command.kind, command.entry_id)
    return matter


def _add(uow: UnitOfWork, matter_id: str, what: str, by_id: str, words: str = "", **more: str | None) -> None:
    uow.add(MatterEntry(id=new_id(), matter_id=matter_id, what=what, by_id=by_id, words=words, at=uow.now, **more))


def announce_matter(uow: UnitOfWork, matter_id: str) -> None:
    """That something was passed on, some time in the hour before: nothing says what, or about whom."""
    uow.record(matter_fact(uow, matter_id, "passed", 1))


def follow_change(uow: UnitOfWork, kind: str, entry_id: str) -> None:
    """The author may have changed, taken back or shared anew what was passed on: that is added, and the rest stays."""
    uow.flush()
    matter = find_matter(uow, kind, entry_id)
    if matter is not None:
        _add_change(uow, matter, SEEN[kind](uow, entry_id))


def _add_change(uow: UnitOfWork, matter: Matter, stands: Stands) -> None:
    kept = [(entry.what, entry.words) for entry in list_entries(uow, matter.id) if entry.what in OF_THE_ENTRY]
    what = what_is_new(kept, stands.words, stands.is_taken_back)
    if what:
        _add(uow, matter.id, what, stands.by_id, words="" if stands.is_taken_back else stands.words)


def follow_loop(uow: UnitOfWork, caller: Principal, partnership_id: str) -> None:
    """What the author of words that were passed on goes on to say where nobody else reads it is added to the matter."""
    uow.flush()
    for entry_id, first_id, stands in list_passed(uow, caller, partnership_id):
        matter = find_matter(uow, "loop", first_id)
        if matter is None:
            continue
        if entry_id == first_id:
            _add_change(uow, matter, stands)
        elif all(entry.words != stands.words for entry in list_entries(uow, matter.id)):
            _add(uow, matter.id, "added", stands.by_id, words=stands.words)


def add_note(uow: UnitOfWork, caller: Principal, matter_id: str, words: str) -> None:
    get_matter(uow, matter_id)
    _add(uow, matter_id, "note", caller.person_id, words=words)


def answer_home(uow: UnitOfWork, caller: Principal, matter_id: str) -> None:
    """New words of an update or a note were read here: its author is told so in the name of whom they know."""
    matter = get_matter(uow, matter_id)
    answer = ANSWERS.get(matter.kind)
    if answer is None:
        raise Conflict("Only an update from home or a child's note is answered in this way.")
    answer(uow, matter.entry_id, matter.passed_by)
    _add(uow, matter_id, "answered", caller.person_id)


def hand_over(uow: UnitOfWork, caller: Principal, matter_id: str, command: HandOver) -> None:
    """Keep the receipt of the school's safeguarding system; the file must be the one that was taken there."""
    get_matter(uow, matter_id)
    if command.digest != digest_of(uow, matter_id):
        raise Conflict("Something was added after you took the file. Take it again and hand that over.")
    handed = [entry for entry in list_entries(uow, matter_id) if entry.what == "handed"]
    _add(uow, matter_id, "handed", caller.person_id, words=command.words, system=command.system,
         reference=command.reference, digest=command.digest)
    uow.record(matter_fact(uow, matter_id, "handed", 2 + len(handed)))


def note_open(uow: UnitOfWork, caller: Principal, what: str, matter_id: str = "") -> None:
    """A lead has opened the list, a matter or its file."""
    uow.add(MatterRead(id=new_id(), matter_id=matter_id, staff_id=caller.person_id, what=what, read_at=uow.now))
    uow.flush()
