"""What can be done: send good news, and keep the school's own list of strengths."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.auth import Principal
from chassis.clock import new_id
from chassis.envelope import Fact
from chassis.errors import Conflict, Invalid, NotFound
from chassis.unit_of_work import UnitOfWork
from services.profiles.classes.queries import list_team
from services.profiles.heard.actions import GOOD_NEWS, note_contact
from services.profiles.people.events import state_version
from services.profiles.people.queries import list_staff_ids
from services.profiles.praise.models import Praise, Strength
from services.profiles.praise.queries import is_named, list_strengths
from services.profiles.praise.rules import MOST_STRENGTHS, TRUST_STRENGTHS, Named, same_words
from services.profiles.relationships.queries import is_here
from services.profiles.signed import ALL, Passed, move_signed, pass_on, voice_of

PASSED_KIND = "praise"


@dataclass(frozen=True, slots=True)
class SendPraise:
    """Good news as its author wrote it; home and the child say who may read it."""

    pupil_id: str
    strength: str
    sentence: str
    audience: str | None


def send_praise(uow: UnitOfWork, caller: Principal, command: SendPraise) -> Praise:
    """Keep it, and announce it without its words: school's to every home, home's and the child's to their team."""
    if not is_here(uow, command.pupil_id):
        raise Conflict("This child has left the school, so good news can't be sent any more.")
    if command.strength not in {one.key for one in list_strengths(uow)}:
        raise Invalid(errors={"/strength": "Choose one of the school's strengths."})
    voice = voice_of(caller)
    praise = Praise(
        id=new_id(), pupil_id=command.pupil_id, voice=voice, author_id=caller.person_id,
        audience=_audience(voice, command.audience), written_at=uow.now, passed_at=None, strength=command.strength,
        sentence=command.sentence)
    uow.add(praise)
    if voice == "school":
        note_contact(uow, [praise.pupil_id], GOOD_NEWS, caller.person_id)
    uow.record(_told(uow, praise))
    uow.flush()
    return praise


def _audience(voice: str, wanted: str | None) -> str:
    if voice == "school":
        if wanted not in (None, ALL):
            raise Invalid(errors={"/audience": "School's good news is for everybody who helps the child."})
        return ALL
    if wanted is None:
        raise Invalid(errors={"/audience": "Choose who may read it."})
    return wanted


def _told(uow: UnitOfWork, praise: Praise) -> Fact:
    """Every home hears of school's; of home's and the child's the team hears, or the office where there is no team."""
    about = {"praise_id": praise.id, "pupil_id": praise.pupil_id, "voice": praise.voice, "strength": praise.strength}
    if praise.voice == "school":
        return Fact("tandem.profiles.praise.sent.v1", praise.pupil_id, 1, {**about, "staff_id": praise.author_id},
                    after=state_version(uow))
    team = [member.id for member in list_team(uow, praise.pupil_id)] or list_staff_ids(uow, "office")
    return Fact("tandem.profiles.praise.shared.v1", praise.pupil_id, 1, {**about, "staff_ids": sorted(team)},
                after=state_version(uow))


def divert_entry(uow: UnitOfWork, entry_id: str) -> Passed:
    """Pass on what home or the child has written: it leaves every screen but its author's."""
    row: Praise | None = uow.get(Praise, entry_id)
    if row is None or row.passed_at is not None or row.voice == "school":
        raise NotFound()
    label = next((one.label for one in list_strengths(uow, True) if one.key == row.strength), row.strength)
    return pass_on(uow, row, PASSED_KIND, f"{label}: {row.sentence}")


def move_author(uow: UnitOfWork, from_id: str, to_id: str) -> None:
    """Two entries were one adult: what the one has written is the other's own."""
    move_signed(uow, Praise, from_id, to_id)


def add_strength(uow: UnitOfWork, label: str) -> str:
    """One more on the school's list; its key is opaque, because it travels in facts."""
    found = list_strengths(uow, True)
    if sum(not one.is_retired for one in found) >= MOST_STRENGTHS:
        raise Conflict(f"There are {MOST_STRENGTHS} strengths on the list already. Take one off first.")
    key = new_id()
    uow.add(Strength(key=key, label=_new_words(found, label), added_at=uow.now, retired_at=None))
    uow.flush()
    return key


def _new_words(found: list[Named], label: str, but: str = "") -> str:
    words = " ".join(label.split())
    same = next((one for one in found if one.key != but and same_words(one.label, words)), None)
    if same is not None:
        raise Invalid(errors={"/label": "This was on the list before: put it back." if same.is_retired
                              else "This is on the list already."})
    return words


def word_strength(uow: UnitOfWork, key: str, label: str) -> None:
    """Another word for a strength that no good news has named yet: what was said of a child never changes."""
    found = list_strengths(uow, True)
    row = _own_row(uow, key, found)
    if is_named(uow, key):
        raise Conflict("Good news has named this strength, so its word stays. Take it off and add a new one.")
    row.label = _new_words(found, label, key)


def retire_strength(uow: UnitOfWork, key: str) -> None:
    """Take it off the list: nobody can choose it any more, and good news that names it keeps its word."""
    found = list_strengths(uow, True)
    row = _own_row(uow, key, found)
    if row.retired_at is None and sum(not one.is_retired for one in found) == 1:
        raise Conflict("This is the last strength on the list. Add another one first.")
    row.retired_at = row.retired_at or uow.now


def restore_strength(uow: UnitOfWork, key: str) -> None:
    """Put it back on the list."""
    found = list_strengths(uow, True)
    row = _own_row(uow, key, found)
    if row.retired_at is not None and sum(not one.is_retired for one in found) >= MOST_STRENGTHS:
        raise Conflict(f"There are {MOST_STRENGTHS} strengths on the list already. Take one off first.")
    row.retired_at = None


def _own_row(uow: UnitOfWork, key: str, found: list[Named]) -> Strength:
    """This school's row of a strength; one of the trust's gets its first."""
    if key not in {one.key for one in found}:
        raise NotFound()
    row: Strength | None = uow.get(Strength, key)
    if row is None:
        assert key in TRUST_STRENGTHS
        row = Strength(key=key, label=None, added_at=uow.now, retired_at=None)
        uow.add(row)
    return row
