"""What is announced of the page: ids, voices and dates, and never a word of it."""

from __future__ import annotations

from chassis.envelope import Fact
from chassis.unit_of_work import UnitOfWork
from services.profiles.people.events import state_version


def about_changed(uow: UnitOfWork, pupil_id: str, entry_id: str, voice: str, how: str) -> Fact:
    """An entry was added, changed, agreed or removed."""
    return _fact(uow, "changed", pupil_id, entry_id=entry_id, voice=voice, how=how)


def about_suggested(uow: UnitOfWork, pupil_id: str, entry_id: str, voice: str, whose: tuple[str, str]) -> Fact:
    """Other words were suggested for an entry: whoever holds its pen is told, if that is a grown-up."""
    told = {"home": "guardian_ids", "school": "staff_ids"}.get(whose[0])
    return _fact(uow, "changed", pupil_id, entry_id=entry_id, voice=voice, how="suggested",
                 **({told: [whose[1]]} if told else {}))


def about_to_read(uow: UnitOfWork, pupil_id: str, staff_ids: list[str], version: int) -> Fact:
    return _fact(uow, "toread", pupil_id, staff_ids=staff_ids, version=version)


def about_read(uow: UnitOfWork, pupil_id: str, staff_id: str, version: int) -> Fact:
    return _fact(uow, "read", pupil_id, staff_id=staff_id, version=version)


def about_review_due(uow: UnitOfWork, pupil_id: str, staff_ids: list[str]) -> Fact:
    return _fact(uow, "reviewdue", pupil_id, staff_ids=staff_ids)


def about_travelled(uow: UnitOfWork, pupil_id: str, to_school: str) -> Fact:
    return _fact(uow, "travelled", pupil_id, to_school=to_school)


def about_arrived(uow: UnitOfWork, pupil_id: str, from_school: str) -> Fact:
    return _fact(uow, "arrived", pupil_id, from_school=from_school)


def _fact(uow: UnitOfWork, happened: str, pupil_id: str, **more: object) -> Fact:
    return Fact(f"tandem.profiles.aboutme.{happened}.v1", pupil_id, 1, {"pupil_id": pupil_id, **more},
                after=state_version(uow))
