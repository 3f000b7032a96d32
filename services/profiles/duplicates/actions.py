"""Merging two entries of one adult. The one that stays never gets more than both had where both had the child."""

from __future__ import annotations

from typing import Any

from chassis.unit_of_work import UnitOfWork
from services.profiles.about_me import actions as about_me
from services.profiles.access.actions import move_requests
from services.profiles.agreements import actions as agreements
from services.profiles.consents.actions import move_answers
from services.profiles.duplicates.queries import allowed_now, get_two, list_pairs_of
from services.profiles.partnerships import actions as partnerships
from services.profiles.people.actions import move_aliases
from services.profiles.people.events import guardian_described, publish_state
from services.profiles.praise import actions as praise
from services.profiles.progress import actions as progress
from services.profiles.relationships.actions import FACTS, change_facts, note_change, settle
from services.profiles.relationships.models import Relationship
from services.profiles.restrictions.actions import carry_over, take_excess
from services.profiles.strategies import actions as strategies
from services.profiles.wellbeing import actions as wellbeing

SIGNED = (about_me, strategies, agreements, partnerships, praise, wellbeing, progress)  # who keep words of adults


def merge(uow: UnitOfWork, keep_id: str, drop_id: str, by: str) -> None:
    """Let `keep` be the one entry from now on. What restricted either restricts it; the other entry ends."""
    _keep, drop = get_two(uow, keep_id, drop_id)
    kept, dropped = list_pairs_of(uow, keep_id), list_pairs_of(uow, drop_id)
    allowed = allowed_now(uow, [*kept.values(), *dropped.values()])
    for pupil_id, row in dropped.items():
        mine = kept.get(pupil_id)
        if mine is None:
            kept[pupil_id] = _take_over(uow, row, keep_id, by)
        elif _is_unchecked(row) and not _is_unchecked(mine):
            change_facts(uow, mine, {"restriction": "unknown", "checked_by": None, "checked_seen": None}, by)
    carry_over(uow, keep_id, drop_id, by)
    uow.flush()
    for (pupil_id, _), now in allowed_now(uow, [kept[pupil_id] for pupil_id in dropped]).items():
        most = allowed.get((pupil_id, keep_id), now) & allowed[pupil_id, drop_id]
        if now - most:
            take_excess(uow, (pupil_id, keep_id), now - most, by)
    for row in dropped.values():
        change_facts(uow, row, {"status": "ended"}, by)
    for room in SIGNED:
        room.move_author(uow, drop_id, keep_id)
    move_answers(uow, drop_id, keep_id)
    move_requests(uow, drop_id, keep_id)
    drop.status = "ended"
    move_aliases(uow, "guardian", drop_id, keep_id)
    publish_state(uow, [guardian_described(drop)])
    for pupil_id in {*kept, *dropped}:
        note_change(uow, (pupil_id, keep_id), "merged", by)
    settle(uow, [*dropped.values(), *kept.values()], "merged", by)


def _is_unchecked(row: Any) -> bool:
    return row.restriction not in ("none", "restricted") and not row.checked_by


def _take_over(uow: UnitOfWork, row: Relationship, keep_id: str, by: str) -> Relationship:
    """The child whom only the entry that goes had, with all that is known of the two; an ended pair begins again."""
    values = {name: getattr(row, name) for name in FACTS}
    found: Relationship | None = uow.get(Relationship, row.pupil_id, keep_id)
    if found is not None:
        change_facts(uow, found, {name: values[name] for name in FACTS if name not in ("since", "changed_by")}, by)
        return found
    found = Relationship(pupil_id=row.pupil_id, guardian_id=keep_id, windows={}, allowed=[], file_says=row.file_says,
                         **{**values, "since": uow.now, "changed_by": by})
    uow.add(found)
    return found
