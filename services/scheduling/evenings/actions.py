"""What can be done with evenings: open one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chassis.clock import new_id
from chassis.errors import Invalid
from chassis.unit_of_work import UnitOfWork
from services.scheduling.evenings.events import evening_opened
from services.scheduling.evenings.models import Evening, EveningClass, Slot
from services.scheduling.evenings.rules import EveningTimes, find_faults, slot_instants
from services.scheduling.people import queries as people


@dataclass(frozen=True, slots=True)
class OpenEvening:
    """What the office says about a new evening."""

    title: str
    place: str
    class_ids: Sequence[str]
    times: EveningTimes


def open_evening(uow: UnitOfWork, wanted: OpenEvening) -> Evening:
    """A new evening with a slot for each teacher of its classes at each time; Invalid says what stands in the way."""
    _, zone = people.get_school(uow)
    times, class_ids = wanted.times, list(dict.fromkeys(wanted.class_ids))
    faults = find_faults(times, zone, uow.now)
    teachers = people.list_members(uow, class_ids, "teacher")
    faults |= _find_class_faults(uow, class_ids, {class_id for class_id, _ in teachers})
    if faults:
        raise Invalid(" ".join(faults.values()), faults)
    evening = Evening(
        id=new_id(), title=wanted.title, held_on=times.on, from_time=f"{times.start:%H:%M}",
        to_time=f"{times.end:%H:%M}", slot_minutes=times.slot_minutes, respond_by_on=times.respond_by,
        place=wanted.place, starts_at=times.starts_at(zone), ends_at=times.ends_at(zone))
    uow.add(evening)
    uow.insert(EveningClass, [{"evening_id": evening.id, "class_id": class_id} for class_id in class_ids])
    uow.insert(Slot, [
        {"id": new_id(), "evening_id": evening.id, "staff_id": staff_id, "starts_at": start, "ends_at": end}
        for staff_id in sorted({staff_id for _, staff_id in teachers}) for start, end in slot_instants(times, zone)])
    pupils = sorted({pupil_id for _, pupil_id in people.list_members(uow, class_ids, "pupil")})
    uow.record(evening_opened(evening, pupils))
    return evening


def _find_class_faults(uow: UnitOfWork, class_ids: Sequence[str], taught: set[str]) -> dict[str, str]:
    if not class_ids:
        return {"/class_ids": "Choose at least one class (class_ids)."}
    if set(class_ids) - people.list_class_ids(uow, class_ids):
        return {"/class_ids": "One of the classes (class_ids) is not a class of this school today."}
    untaught = people.list_class_titles(uow, [class_id for class_id in class_ids if class_id not in taught])
    if untaught:
        return {"/class_ids": f"These classes (class_ids) have no teacher yet: {', '.join(untaught)}."}
    return {}
