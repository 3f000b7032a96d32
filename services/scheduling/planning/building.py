"""An evening's rows as a problem: who sits where and when, who can come, who wishes to see whom.

The solver gets opaque ids and whole minutes since the evening's start, and nothing else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chassis.unit_of_work import UnitOfWork
from services.scheduling.appointments.queries import read_diary
from services.scheduling.diaries.queries import list_busy
from services.scheduling.evenings import queries as evenings
from services.scheduling.people import queries as people
from services.scheduling.planning.rules import (
    APART,
    Span,
    cut_out,
    find_homes,
    list_enemies,
    meet,
    minutes_since,
)
from services.scheduling.resources.queries import key_of, list_resources, moves
from services.scheduling.sharing.queries import list_companions
from services.scheduling.solver import queries as solver
from services.scheduling.wishes.queries import PlanWish, list_answered, list_wishes_for_plan

Pairs = Sequence[tuple[str, str]]
Families = Mapping[str, people.Family]
Free = Mapping[str, tuple[Span, ...]]
LONGER, STEP_FREE = "longer", "step-free"


@dataclass(frozen=True, slots=True)
class Group:
    """Wishes that one talk answers, the one wanted most first, and who would come to it, its booker first."""

    wishes: tuple[PlanWish, ...]
    adults: tuple[str, ...]

    @property
    def id(self) -> str:
        return self.wishes[0].id


@dataclass(frozen=True, slots=True)
class Ground:
    """All that an evening's plan is made of: `groups` by the solver's wish, free `slots` by id.

    `held`: adults of whom we cannot say now whether they may come; nothing is planned for them.
    """

    evening: Any
    problem: solver.Problem
    groups: Mapping[str, Group]
    slots: Mapping[str, Any]
    held: int


@dataclass(frozen=True, slots=True)
class Seats:
    """Who sits where: desks with their free slots, those slots by id, and who sits in step-free rooms alone."""

    desks: tuple[solver.Desk, ...]
    slots: Mapping[str, Any]
    step_free: frozenset[str]

    def lacking(self, staff_id: str, needs: Collection[str]) -> tuple[str, ...]:
        """What of these needs must be brought: who sits in a step-free room has that already."""
        return tuple(sorted(set(needs) - ({STEP_FREE} if staff_id in self.step_free else set())))


def build_ground(uow: UnitOfWork, evening_id: str, aims: Sequence[str]) -> Ground:
    """Read all, and put it into the solver's words."""
    evening, wished = evenings.find_evening(uow, evening_id), list_wishes_for_plan(uow, evening_id)
    families = people.list_families(uow, {wish.pupil_id for wish in wished.wishes})
    apart = people.list_kept_apart(uow, {adult for family in families.values() for adult in family})
    free = _free_times(uow, evening, wished.wishes, (families, apart))
    groups = list(_group(uow, evening_id, wished.wishes, (families, apart, free)))
    seats = read_seats(uow, evening)
    parties = make_parties(evening, [(group.adults, _elsewhere(group)) for group in groups], free)
    problem = solver.Problem(
        seats.desks, parties, tuple(_wish(seats, group) for group in groups), read_resources(uow, evening),
        frozenset(apart), evening.walk_room_minutes, evening.walk_site_minutes, tuple(aims))
    return Ground(evening, problem, {group.id: group for group in groups}, seats.slots, wished.held)


def read_seats(uow: UnitOfWork, evening: Any, mine: Collection[str] = (), sat: Sequence[Any] | None = None) -> Seats:
    """The desks with what is free of them, and the slots of `mine`; slots that have begun are left out.

    `sat` are the evening's slots where they have been read already.
    """
    rows = [row for row in (evenings.list_sat_slots(uow, evening.id) if sat is None else sat)
            if row.starts_at > uow.now]
    sitters = evenings.list_sitters(uow, evening.id)
    busy = list_busy(uow, {row.staff_id for row in rows}.union(*sitters.values()), evening.starts_at)
    free = _list_single([row for row in rows if row.id in mine or not any(
        start < row.ends_at and row.starts_at < end
        for one in {*sitters.get(row.block_id, ()), row.staff_id} for start, end in busy.get(one, ()))], sitters)
    kinds, rooms, blocks = {row.block_id: row for row in rows}, dict[str, bool](), defaultdict[str, list[Any]](list)
    for row in free:
        blocks[row.block_id].append(row)
    for row in kinds.values():
        rooms[row.staff_id] = rooms.get(row.staff_id, True) and bool(row.is_step_free)
    return Seats(tuple(solver.Desk(key, tuple(_slot(evening, slot) for slot in blocks[key]), room_of(evening, row),
                                   row.site, row.staff_id) for key, row in sorted(kinds.items())),
                 {row.id: row for row in free}, frozenset(owner for owner, is_free in rooms.items() if is_free))


def _list_single(rows: Iterable[Any], sitters: Mapping[str, Collection[str]]) -> list[Any]:
    """These slots without those at which somebody sits in another block too: the block that begins first has them."""
    seen: dict[str, list[Any]] = defaultdict(list)
    kept = []
    for row in sorted(rows, key=lambda row: (row.starts_at, row.block_id)):
        sits = {*sitters.get(row.block_id, ()), row.staff_id}
        if any(one.block_id != row.block_id and one.ends_at > row.starts_at for key in sits for one in seen[key][-1:]):
            continue
        kept.append(row)
        for key in sits:
            seen[key].append(row)
    return kept


def room_of(evening: Any, row: Any) -> str:
    """The room of a block; those without a name are all where the evening is. Who only calls is in no room."""
    return str(row.room or evening.place) if "in-person" in row.ways else ""


def _slot(evening: Any, row: Any) -> solver.Slot:
    return solver.Slot(row.id, *_span(evening, row.starts_at, row.ends_at))


def _span(evening: Any, start: datetime, end: datetime) -> Span:
    return minutes_since(evening.starts_at, start), minutes_since(evening.starts_at, end)


def _free_times(uow: UnitOfWork, evening: Any, wishes: Iterable[PlanWish], known: tuple[Families, Pairs]) -> Free:
    """When each adult can come: as they say, not while they are elsewhere, nor near somebody they must not meet."""
    families, apart = known
    said = {wish.guardian_id: wish.free for wish in wishes}
    return find_free(uow, evening, {adult: said.get(adult) for family in families.values() for adult in family}, apart)


def find_free(uow: UnitOfWork, evening: Any, said: Mapping[str, Sequence[tuple[datetime, datetime]] | None],
              apart: Pairs, but: Collection[str] = ()) -> Free:
    """When each of these adults can come, of what they said (None: the whole evening), in minutes since its start.

    The meetings named in `but` hold nobody.
    """
    there: dict[str, list[Span]] = defaultdict(list)
    for one in read_diary(uow, said, apart).engagements:
        if (one.span.ends_at > evening.starts_at and one.span.starts_at < evening.ends_at
                and one.appointment_id not in but):
            there[one.guardian_id].append(_span(evening, one.span.starts_at, one.span.ends_at))
    whole = ((evening.starts_at, evening.ends_at),)
    return {adult: cut_out([_span(evening, *time) for time in (whole if times is None else times)], [
        *there[adult], *((start - APART, end + APART)
                         for enemy in sorted(list_enemies(adult, apart)) for start, end in there[enemy])])
            for adult, times in sorted(said.items())}


def _group(uow: UnitOfWork, evening_id: str, wishes: Iterable[PlanWish],
           known: tuple[Families, Pairs, Free]) -> Iterable[Group]:
    """One talk where a child's adults come together and there is a time at which all can; else each home its own."""
    families, apart, free = known
    by_talk: dict[tuple[str, str], list[PlanWish]] = defaultdict(list)
    for wish in wishes:
        by_talk[wish.pupil_id, wish.staff_id].append(wish)
    together = {pupil_id: [one for one in list_companions(uow, pupil_id, families[pupil_id], apart)
                           if not _stays_away(uow, evening_id, one)]
                for pupil_id in sorted({key[0] for key in by_talk}) if len(families[pupil_id]) > 1}
    for (pupil_id, _staff), found in sorted(by_talk.items()):
        ranked = sorted(found, key=lambda wish: (wish.rank, wish.id))
        along = together.get(pupil_id, [])
        if len(along) > 1 and meet([free[one] for one in along]):
            bookers = [wish.guardian_id for wish in ranked]
            yield Group(tuple(ranked), tuple(dict.fromkeys((*bookers, *along))))
        else:
            yield from (Group((wish,), (wish.guardian_id,)) for wish in ranked)


def _stays_away(uow: UnitOfWork, evening_id: str, guardian_id: str) -> bool:
    return any(one["comes"] == "cannot"
               for one in list_answered(uow, guardian_id, (), [{"id": evening_id, "way": "plan"}]))


def _elsewhere(group: Group) -> Iterable[tuple[datetime, datetime, str]]:
    return sorted({item for wish in group.wishes for item in wish.elsewhere})


def make_parties(evening: Any, comings: Iterable[tuple[Sequence[str], Iterable[tuple[datetime, datetime, str]]]],
                 free: Free) -> tuple[solver.Party, ...]:
    """Who come together, each set of adults once; those who share an adult are of one home."""
    found: dict[tuple[str, ...], set[tuple[datetime, datetime, str]]] = defaultdict(set)
    for adults, elsewhere in comings:
        found[tuple(sorted(adults))].update(elsewhere)
    homes = find_homes(found)
    return tuple(solver.Party(
        party_of(adults), adults, meet([free[adult] for adult in adults]),
        tuple(solver.Elsewhere(*_span(evening, start, end), site) for start, end, site in sorted(found[adults])),
        homes[adults[0]]) for adults in sorted(found))


def party_of(adults: Iterable[str]) -> str:
    return "+".join(sorted(adults))


def _wish(seats: Seats, group: Group) -> solver.Wish:
    first = group.wishes[0]
    needs = {need for wish in group.wishes for need in wish.needs}
    return solver.Wish(group.id, party_of(group.adults), first.pupil_id, first.staff_id, first.rank,
                       any(wish.please_come for wish in group.wishes), 2 if LONGER in needs else 1,
                       seats.lacking(first.staff_id, needs))


def read_resources(uow: UnitOfWork, evening: Any) -> tuple[solver.Resource, ...]:
    """What talks share; interpreters walk from room to room."""
    return tuple(solver.Resource(key_of(one), one.units, (_span(evening, one.starts_at, one.ends_at),),
                                 moves(key_of(one))) for one in list_resources(uow, evening.id))
