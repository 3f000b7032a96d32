"""Who is invited to an evening, a part of the actions: whole classes, whole years, and children one by one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from chassis.errors import Conflict, Invalid
from chassis.unit_of_work import UnitOfWork
from services.scheduling.evenings.blocks import add_usual_blocks, hold_evening, require_changeable, require_version
from services.scheduling.evenings.events import evening_changed, evening_opened
from services.scheduling.evenings.models import Evening, EveningClass, EveningPupil
from services.scheduling.evenings.queries import list_invited
from services.scheduling.evenings.rules import MOST_CHILDREN
from services.scheduling.people import queries as people
from services.scheduling.tables import table_of

TOO_MANY = (f"At most {MOST_CHILDREN:,} children can be invited to one evening, and these are {{many:,}}. Make two "
            "evenings of it.")


@dataclass(frozen=True, slots=True)
class Invited:
    """Whom the office invites: `years` and classes whole, and these children beside them."""

    class_ids: Sequence[str] = ()
    years: Sequence[str] = ()
    pupil_ids: Sequence[str] = ()


def find_invite_faults(uow: UnitOfWork, wanted: Invited) -> dict[str, str]:
    """What stands in the way of inviting them: plain words by field; {} when nothing does."""
    if not (wanted.class_ids or wanted.years or wanted.pupil_ids):
        return {"/class_ids": "Choose at least one class (class_ids) or year (years)."}
    faults = _find_class_faults(uow, wanted.class_ids)
    here = {year for year, _ in people.list_years(uow)}
    empty = [year for year in wanted.years if year not in here]
    if empty:
        faults["/years"] = f"Nobody is in this year (years) today: {', '.join(empty)}."
    if set(wanted.pupil_ids) - people.list_current(uow, wanted.pupil_ids):
        faults["/pupil_ids"] = "One of the children (pupil_ids) is not at this school today."
    return faults


def _find_class_faults(uow: UnitOfWork, class_ids: Sequence[str]) -> dict[str, str]:
    if set(class_ids) - people.list_class_ids(uow, class_ids):
        return {"/class_ids": "One of the classes (class_ids) is not a class of this school today."}
    taught = {class_id for class_id, _ in people.list_members(uow, class_ids, "teacher")}
    untaught = people.list_class_titles(uow, [class_id for class_id in class_ids if class_id not in taught])
    if untaught:
        return {"/class_ids": f"These classes (class_ids) have no teacher yet: {', '.join(untaught)}."}
    return {}


def write_invited(uow: UnitOfWork, evening: Evening, wanted: Invited) -> None:
    """Invite them and nobody else; Invalid where they are too many."""
    for model in (EveningClass, EveningPupil):
        table = table_of(model)
        uow.connection.execute(sa.delete(table).where(
            table.c.school_id == uow.school, table.c.evening_id == evening.id))
    evening.years = list(dict.fromkeys(wanted.years))
    uow.insert(EveningClass, [{"evening_id": evening.id, "class_id": class_id}
                              for class_id in dict.fromkeys(wanted.class_ids)])
    _write_pupils(uow, evening, {*people.list_year_pupils(uow, evening.years), *wanted.pupil_ids})
    many = len(list_invited(uow, evening.id))
    if many > MOST_CHILDREN:
        words = TOO_MANY.format(many=many)
        raise Invalid(words, {"/years" if wanted.years else "/class_ids": words})


def add_newcomers(uow: UnitOfWork, evening: Evening) -> None:
    """Who has come into one of the evening's years since it was drafted is invited too."""
    known = set(uow.all(sa.select(EveningPupil.pupil_id).where(EveningPupil.evening_id == evening.id)))
    _write_pupils(uow, evening, set(people.list_year_pupils(uow, evening.years)) - known)


def _write_pupils(uow: UnitOfWork, evening: Evening, pupil_ids: Iterable[str]) -> None:
    uow.insert(EveningPupil, [{"evening_id": evening.id, "pupil_id": pupil_id} for pupil_id in sorted(pupil_ids)])


def list_teachers_of(uow: UnitOfWork, wanted: Invited) -> list[str]:
    """Who sees families: the teachers of these classes, and all who teach one of the years or of the children."""
    pupils = [*people.list_year_pupils(uow, wanted.years), *wanted.pupil_ids]
    of_pupils = people.list_teachers(uow, pupils).values() if pupils else ()
    of_classes = people.list_members(uow, wanted.class_ids, "teacher")
    return sorted({*(staff_id for _, staff_id in of_classes), *(one for ones in of_pupils for one in ones)})


def set_invited(uow: UnitOfWork, evening_id: str, wanted: Invited, version: int) -> None:
    """Invite them and, in a draft, nobody else. Teachers who had no times get usual ones.

    Of an evening that is open nobody is sent away; who is invited now is told, and nobody else.
    """
    evening = hold_evening(uow, evening_id)
    require_version(evening, version)
    require_changeable(uow, evening)
    faults = find_invite_faults(uow, wanted)
    if faults:
        raise Invalid(" ".join(faults.values()), faults)
    before = set(list_invited(uow, evening_id))
    write_invited(uow, evening, wanted)
    after = set(list_invited(uow, evening_id))
    if evening.state != "draft" and before - after:
        raise Conflict("Families have been invited already, and some of them would not be any more. Add whom you like; "
                       "to take somebody away, cancel the evening.")
    add_usual_blocks(uow, evening, list_teachers_of(uow, wanted))
    evening.version += 1
    uow.flush()
    if evening.state != "draft" and after - before:
        uow.record(evening_opened(evening, sorted(after - before)))
    elif evening.state != "draft":
        uow.record(evening_changed(evening, ["invited"]))
