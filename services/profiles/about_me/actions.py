"""What can be done with the page: write, change and take off one's own words, suggest others, agree or keep both."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from chassis.auth import Principal
from chassis.clock import new_id
from chassis.errors import Conflict, Invalid, NotFound, Stale
from chassis.unit_of_work import UnitOfWork
from services.profiles.about_me.events import about_changed, about_suggested
from services.profiles.about_me.models import (
    AboutEntry,
    AboutJourney,
    AboutSuggestion,
    AboutVersion,
)
from services.profiles.about_me.queries import find_entry, find_suggestion, is_own, pen_of
from services.profiles.about_me.readings import clear_deadlines, touch_page
from services.profiles.about_me.readings import note_new_team as note_new_team
from services.profiles.about_me.rules import (
    DECIDED,
    MOST_OWN,
    audience_of,
    may_remove,
    narrower,
    read_version,
)
from services.profiles.signed import ONLY_ME, Passed, move_signed, pass_on

KIND = "about-me"


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody has written, and who may read it."""

    words: str
    audience: str | None


def add_entry(uow: UnitOfWork, caller: Principal, pupil_id: str, section: str, said: Words) -> AboutEntry:
    """A new entry in the caller's own voice."""
    voice, author_id = pen_of(caller)
    audience = _audience(voice, said.audience)
    own = sa.select(sa.func.count()).select_from(AboutEntry).where(
        AboutEntry.pupil_id == pupil_id, AboutEntry.section == section, AboutEntry.voice == voice,
        AboutEntry.author_id == author_id, AboutEntry.removed_at.is_(None))
    if (uow.session.scalar(own) or 0) >= MOST_OWN:
        raise Conflict("You have filled this part. Change or take off something of yours first.")
    entry = AboutEntry(
        id=new_id(), pupil_id=pupil_id, voice=voice, author_id=author_id, audience=audience, written_at=uow.now,
        section=section, words=said.words, version=1, widest="all", begun_at=uow.now)
    uow.add(entry)
    _keep(uow, caller, entry, "added")
    return entry


def _audience(voice: str, wanted: str | None, widest: str = "all") -> str:
    found = audience_of(voice, wanted, widest)
    if found is None:
        raise Invalid(errors={"/audience": "Say who may read it."})
    return found


def _keep(uow: UnitOfWork, caller: Principal, entry: AboutEntry, how: str, was: str = ONLY_ME) -> None:
    """Keep these words as a version, and announce them unless nobody but their pen may or could read them."""
    uow.add(AboutVersion(
        id=new_id(), pupil_id=entry.pupil_id, voice=entry.voice, author_id=entry.author_id, audience=entry.audience,
        written_at=uow.now, passed_at=entry.passed_at, entry_id=entry.id, number=entry.version, words=entry.words,
        how=how, agreed_voice=entry.agreed_voice if how == "agreed" else None))
    if entry.passed_at is None and not entry.audience == was == ONLY_ME:
        shown = "added" if was == ONLY_ME or how == "kept-both" else how
        touch_page(uow, entry.pupil_id, caller)
        uow.record(about_changed(uow, entry.pupil_id, entry.id, entry.voice,
                                 "removed" if entry.audience == ONLY_ME else shown))
    uow.flush()


def _check(entry: AboutEntry, match: str | None) -> None:
    """Stale unless the caller has seen the words that stand."""
    if match is None:
        raise Invalid(errors={"/If-Match": "Say which version you have seen."})
    if read_version(match) != entry.version:
        raise Stale()


def change_entry(uow: UnitOfWork, caller: Principal, entry_id: str, said: Words, match: str | None) -> None:
    """New words in the same voice; the old ones stay in the history."""
    entry = find_entry(uow, caller, entry_id, "reply")
    if not is_own(caller, entry):
        raise Conflict("These words are somebody else's. You can suggest other words.")
    if entry.removed_at is not None:
        raise Conflict("You have taken this off the page. Write it anew if you want it back.")
    _check(entry, match)
    was = entry.audience
    entry.words, entry.audience = said.words, _audience(entry.voice, said.audience, entry.widest)
    _sign(uow, caller, entry)
    entry.agreed_voice = None
    if entry.audience == ONLY_ME:
        _lapse(uow, [entry.id])
    _keep(uow, caller, entry, "changed", was)


def _sign(uow: UnitOfWork, caller: Principal, entry: AboutEntry) -> None:
    entry.author_id, entry.version, entry.written_at = caller.person_id, entry.version + 1, uow.now


def remove_entry(uow: UnitOfWork, caller: Principal, entry_id: str, match: str | None) -> None:
    """Take one's own words off the page; what was suggested for them ends."""
    entry = find_entry(uow, caller, entry_id, "reply")
    if not may_remove((entry.voice, entry.author_id), pen_of(caller)):
        raise Conflict("These words are somebody else's. Only they can take them off.")
    if entry.removed_at is not None:
        raise Conflict("You have taken this off the page already.")
    _check(entry, match)
    entry.removed_at, entry.version = uow.now, entry.version + 1
    _lapse(uow, [entry.id])
    _keep(uow, caller, entry, "removed", entry.audience)


def suggest_words(uow: UnitOfWork, caller: Principal, entry_id: str, said: Words) -> AboutSuggestion:
    """Other words for an entry of another voice; nothing changes until that voice says so."""
    entry = find_entry(uow, caller, entry_id, "reply")
    if is_own(caller, entry):
        raise Conflict("These are your own words: change them instead.")
    if not entry.author_id:
        raise Conflict("Nobody is here who could say yes to that: these words came from another school.")
    if entry.words.strip() == said.words.strip():
        raise Conflict("These are the words that stand there now.")
    mine = uow.all(sa.select(AboutSuggestion).where(AboutSuggestion.entry_id == entry_id,
                                                    AboutSuggestion.state == "open"))
    if any(is_own(caller, row) for row in mine):
        raise Conflict("You have suggested words for this, and they still wait for an answer.")
    voice, author_id = pen_of(caller)
    audience = entry.audience if voice == "school" else _audience(voice, said.audience)
    if audience == ONLY_ME:
        raise Invalid(errors={"/audience": "Words for somebody to answer can't be for you alone."})
    made = AboutSuggestion(id=new_id(), pupil_id=entry.pupil_id, voice=voice, author_id=author_id, audience=audience,
                           written_at=uow.now, entry_id=entry.id, words=said.words, state="open")
    uow.add(made)
    if entry.passed_at is None:
        uow.record(about_suggested(uow, entry.pupil_id, entry.id, voice, (entry.voice, entry.author_id)))
    uow.flush()
    return made


def agree(uow: UnitOfWork, caller: Principal, suggestion_id: str, match: str | None) -> AboutSuggestion:
    """The suggested words take over, as a new version in the voice of the entry."""
    suggestion, entry = _to_decide(uow, caller, suggestion_id)
    _check(entry, match)
    entry.words, entry.agreed_voice = suggestion.words, suggestion.voice
    _sign(uow, caller, entry)
    _decide(uow, suggestion, "agreed")
    _keep(uow, caller, entry, "agreed", entry.audience)
    return suggestion


def keep_both(uow: UnitOfWork, caller: Principal, suggestion_id: str) -> AboutSuggestion:
    """The suggested words become an entry of whoever suggested them, beside the first: two views."""
    suggestion, entry = _to_decide(uow, caller, suggestion_id)
    audience = narrower(suggestion.audience, entry.audience)
    view = AboutEntry(
        id=new_id(), pupil_id=entry.pupil_id, voice=suggestion.voice, author_id=suggestion.author_id,
        audience=audience, written_at=suggestion.written_at, section=entry.section, words=suggestion.words, version=1,
        widest=audience, begun_at=suggestion.written_at, beside_id=entry.id, beside_voice=entry.voice,
        beside_author_id=entry.author_id, passed_at=suggestion.passed_at)
    uow.add(view)
    _decide(uow, suggestion, "kept-both")
    _keep(uow, caller, view, "kept-both", view.audience)
    return suggestion


def decline(uow: UnitOfWork, caller: Principal, suggestion_id: str) -> AboutSuggestion:
    """Keep the words as they are."""
    suggestion, _entry = _to_decide(uow, caller, suggestion_id)
    _decide(uow, suggestion, "declined")
    uow.flush()
    return suggestion


def withdraw_suggestion(uow: UnitOfWork, caller: Principal, suggestion_id: str) -> AboutSuggestion:
    """Whoever suggested words takes them back before they are decided about."""
    suggestion, _entry = find_suggestion(uow, caller, suggestion_id)
    if not is_own(caller, suggestion):
        raise Conflict("Somebody else suggested this. You can agree, keep both or keep yours.")
    _is_open(suggestion)
    _decide(uow, suggestion, "withdrawn")
    uow.flush()
    return suggestion


def _to_decide(uow: UnitOfWork, caller: Principal, suggestion_id: str) -> tuple[AboutSuggestion, AboutEntry]:
    suggestion, entry = find_suggestion(uow, caller, suggestion_id)
    if not is_own(caller, entry):
        raise Conflict("You suggested this. Whoever wrote the first words decides about it.")
    _is_open(suggestion)
    return suggestion, entry


def _is_open(suggestion: AboutSuggestion) -> None:
    if suggestion.state != "open":
        raise Conflict(f"This suggestion was already {DECIDED[suggestion.state]}.")


def _decide(uow: UnitOfWork, suggestion: AboutSuggestion, state: str) -> None:
    suggestion.state, suggestion.decided_at = state, uow.now


def _lapse(uow: UnitOfWork, entry_ids: Collection[str]) -> None:
    uow.session.execute(
        sa.update(AboutSuggestion).where(AboutSuggestion.entry_id.in_(entry_ids), AboutSuggestion.state == "open")
        .values(state="lapsed", decided_at=uow.now), execution_options={"synchronize_session": False})


def divert_entry(uow: UnitOfWork, entry_id: str) -> Passed:
    """Pass an entry, or words that were suggested, to a safeguarding lead: their own pen's screen stays as it was."""
    row = uow.get(AboutEntry, entry_id) or uow.get(AboutSuggestion, entry_id)
    if row is None or row.passed_at is not None:
        raise NotFound()
    uow.session.execute(
        sa.update(AboutVersion).where(AboutVersion.entry_id == entry_id).values(passed_at=uow.now),
        execution_options={"synchronize_session": False})
    passed = pass_on(uow, row, KIND, row.words)
    uow.flush()
    return passed


def move_author(uow: UnitOfWork, from_id: str, to_id: str) -> None:
    """Two entries were one adult: what the one has written, suggested and agreed to is the other's own."""
    for model in (AboutEntry, AboutVersion, AboutSuggestion):
        move_signed(uow, model, from_id, to_id)
    for row, column in ((AboutEntry, AboutEntry.beside_author_id), (AboutJourney, AboutJourney.guardian_id)):
        uow.session.execute(sa.update(row).where(column == from_id).values({column.key: to_id}),
                            execution_options={"synchronize_session": False})


def end_about(uow: UnitOfWork, pupil_ids: Collection[str]) -> None:
    """The children have left: nothing waits for an answer any more. The page stays as it was, to travel."""
    wanted = sorted(set(pupil_ids))
    uow.session.execute(
        sa.update(AboutSuggestion).where(AboutSuggestion.pupil_id.in_(wanted), AboutSuggestion.state == "open")
        .values(state="lapsed", decided_at=uow.now), execution_options={"synchronize_session": False})
    for pupil_id in wanted:
        clear_deadlines(uow, pupil_id)
