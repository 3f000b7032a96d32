"""What makes an evening possible, and when its slots are. Pure decisions on plain values."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SLOT_MINUTES = (5, 60)
GAP_MINUTES, BREAK_MINUTES, RUN = (0, 30), (0, 90), (0, 50)
WAYS = ("in-person", "phone")  # how one may come where a block says nothing else
VIDEO = "video"
AIMS = ("please-come", "rank", "fair", "waits", "trip")
"""What a plan seeks, most important first: whom teachers ask to come, the first wishes, as much for each family,
short waits, one trip for a family with children elsewhere."""
WALK_MINUTES = (0, 30)
WALKS = (2, 10)  # minutes from room to room, and from site to site, where the school says nothing else
FURTHEST = timedelta(days=731)
MOST_CHILDREN = 10_000  # as many as a plan can be made for in one go


@dataclass(frozen=True, slots=True)
class EveningTimes:
    """When an evening is, as the school's own clock and calendar say it."""

    on: date
    start: time
    end: time
    slot_minutes: int
    respond_by: date

    def starts_at(self, zone: ZoneInfo) -> datetime:
        return instant_of(self.on, self.start, zone)

    def ends_at(self, zone: ZoneInfo) -> datetime:
        return instant_of(self.on, self.end, zone)


def instant_of(on: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(on, at, zone).astimezone(UTC)


def find_faults(times: EveningTimes, zone: ZoneInfo, now: datetime) -> dict[str, str]:
    """What is wrong with these times: plain words by field; {} when nothing is."""
    today = now.astimezone(zone).date()
    faults = _find_number_faults({"slot_minutes": (times.slot_minutes, SLOT_MINUTES)})
    if times.on > today + FURTHEST:
        faults["/on"] = "The date (on) must be within the next two years."
        return faults
    if times.on < today:
        faults["/on"] = "The date (on) has gone by. Choose today or a later day."
    elif clock := _find_clock_faults(times.on, times.start, times.end, zone):
        faults |= clock
    elif times.starts_at(zone) <= now:
        faults["/from"] = "The start (from) has gone by. Choose a later time."
    elif not faults and not slot_instants(times, zone):
        faults["/slot_minutes"] = "Slot minutes is longer than the whole evening."
    return faults | find_respond_faults(times.respond_by, times.on, today)


def find_respond_faults(respond_by: date, on: date, today: date) -> dict[str, str]:
    if respond_by > on:
        return {"/respond_by": "The day to answer by (respond_by) must not be after the evening."}
    if respond_by < today:
        return {"/respond_by": "The day to answer by (respond_by) has gone by."}
    return {}


def find_walk_faults(room_minutes: int, site_minutes: int) -> dict[str, str]:
    """What is wrong with the minutes to walk from room to room, and from site to site."""
    faults = _find_number_faults({"walk_room_minutes": (room_minutes, WALK_MINUTES),
                                  "walk_site_minutes": (site_minutes, WALK_MINUTES)})
    if not faults and site_minutes < room_minutes:
        faults["/walk_site_minutes"] = ("The way between sites (walk_site_minutes) is at least as long as that between "
                                        "rooms.")
    return faults


def find_aim_faults(aims: Sequence[str]) -> dict[str, str]:
    return {} if len(set(aims)) == len(aims) else {"/aims": "Each aim (aims) has one place in the order."}


def _find_number_faults(given: Mapping[str, tuple[int, tuple[int, int]]]) -> dict[str, str]:
    return {f"/{name}": f"{name.replace('_', ' ').capitalize()} must be between {least} and {most}."
            for name, (number, (least, most)) in given.items() if not least <= number <= most}


def _find_clock_faults(on: date, start: time, end: time, zone: ZoneInfo) -> dict[str, str]:
    """What is wrong with two times of one day. The clock skips an hour in spring, and shows one twice in autumn."""
    if end <= start:
        return {"/to": "The end (to) must be later than the start (from), on the same day."}
    for at in (start, end):
        local = datetime.combine(on, at, zone)
        if local.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
            return {"/from": "The clocks go forward that night and skip this start (from) or end (to)."}
        if local.utcoffset() != local.replace(fold=1).utcoffset():
            return {"/from": "The clocks go back that night and show this start (from) or end (to) twice."}
    return {}


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How a teacher's evening goes: talks and the gap after each, and a break after a run of talks (0: none)."""

    slot_minutes: int
    gap_minutes: int = 0
    run: int = 0
    break_minutes: int = 0


@dataclass(frozen=True, slots=True)
class BlockTimes:
    """When a block is, as the school's clock shows it, and how it goes."""

    on: date
    start: time
    end: time
    rhythm: Rhythm

    def span(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        return instant_of(self.on, self.start, zone), instant_of(self.on, self.end, zone)


def find_block_faults(times: BlockTimes, evening: tuple[datetime, datetime], zone: ZoneInfo) -> dict[str, str]:
    """What is wrong with the times of a block in an evening that goes from one instant to another."""
    rhythm = times.rhythm
    faults = _find_number_faults({
        "slot_minutes": (rhythm.slot_minutes, SLOT_MINUTES), "gap_minutes": (rhythm.gap_minutes, GAP_MINUTES),
        "run": (rhythm.run, RUN), "break_minutes": (rhythm.break_minutes, BREAK_MINUTES)})
    if bool(rhythm.run) != bool(rhythm.break_minutes) and not faults:
        faults["/run" if rhythm.break_minutes else "/break_minutes"] = (
            "A break needs both: after how many talks (run), and how long it is (break_minutes).")
    clock = _find_clock_faults(times.on, times.start, times.end, zone)
    if clock:
        return faults | clock
    start, end = times.span(zone)
    if start < evening[0]:
        faults["/from"] = f"The evening begins at {evening[0].astimezone(zone):%H:%M}. Choose that or a later start."
    if end > evening[1]:
        faults["/to"] = f"The evening ends at {evening[1].astimezone(zone):%H:%M}. Choose that or an earlier end."
    if not faults and not block_instants(start, end, rhythm):
        faults["/slot_minutes"] = "Slot minutes is longer than this whole block."
    return faults


def find_way_faults(ways: Collection[str], link: str) -> dict[str, str]:
    if VIDEO in ways and not link:
        return {"/link": "Write the link (link) under which the video talks are."}
    return {}


@dataclass(frozen=True, slots=True)
class Sitting:
    """Who sits where, from one instant to another."""

    block_id: str
    staff_ids: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime
    site: str
    room: str

    @property
    def place(self) -> tuple[str, str]:
        return place_of(self.site, self.room)

    @property
    def is_joint(self) -> bool:
        """Whether several sit there: then one who is elsewhere would keep the others waiting."""
        return len(self.staff_ids) > 1

    def is_with(self, other: Sitting) -> bool:
        return (self.block_id != other.block_id and self.starts_at < other.ends_at
                and self.ends_at > other.starts_at)


def place_of(site: str, room: str) -> tuple[str, str]:
    """What is one room, however it is written."""
    return " ".join(site.split()).casefold(), " ".join(room.split()).casefold()


def find_staff_clash(wanted: Sitting, others: Sequence[Sitting], names: Mapping[str, str],
                     zone: ZoneInfo) -> dict[str, str]:
    """Whether somebody would sit in two blocks at a time."""
    for other in others:
        both = [one for one in wanted.staff_ids if one in other.staff_ids]
        if both and wanted.is_with(other):
            name = names.get(both[0], "This person")
            return {"/staff_ids": f"{name} is in another block then: {_span(other, zone)}."}
    return {}


def find_room_clash(wanted: Sitting, others: Sequence[Sitting], zone: ZoneInfo) -> dict[str, str]:
    """Whether a room would be used twice at a time."""
    for other in others:
        if wanted.room.strip() and wanted.place == other.place and wanted.is_with(other):
            return {"/room": f"{wanted.room} is in use then: {_span(other, zone)}. Where several sit in one hall, "
                             "write which table."}
    return {}


def _span(sitting: Sitting, zone: ZoneInfo) -> str:
    return f"{sitting.starts_at.astimezone(zone):%H:%M} to {sitting.ends_at.astimezone(zone):%H:%M}"


def slot_instants(times: EveningTimes, zone: ZoneInfo) -> list[tuple[datetime, datetime]]:
    """The slots one after another, as instants; what is left over at the end is nobody's."""
    return block_instants(times.starts_at(zone), times.ends_at(zone), Rhythm(times.slot_minutes))


def block_instants(start: datetime, end: datetime, rhythm: Rhythm) -> list[tuple[datetime, datetime]]:
    """The slots of a block, as instants: none begins in a gap or a break, or ends after the block."""
    length, gap = timedelta(minutes=rhythm.slot_minutes), timedelta(minutes=rhythm.gap_minutes)
    slots: list[tuple[datetime, datetime]] = []
    while length and start + length <= end:
        slots.append((start, start + length))
        rests = rhythm.run and len(slots) % rhythm.run == 0
        start += length + (timedelta(minutes=rhythm.break_minutes) if rests else gap)
    return slots


def break_minutes(slots: int, rhythm: Rhythm) -> int:
    """How long somebody with so many talks rests between them."""
    return max(slots - 1, 0) // rhythm.run * rhythm.break_minutes if rhythm.run else 0


@dataclass(frozen=True, slots=True)
class Load:
    """What one member of staff has, and is asked for. Wishes are None while nobody has said any."""

    name: str
    places: int
    children: int
    wishes: int | None


def write_walk_warning(name: str, one: Sitting, other: Sitting, walks: tuple[int, int]) -> str:
    """Where one who sits in two blocks has no time to walk between them, in a sentence; '' where they have.

    `one` ends before `other` begins; a block without a room is where the evening is.
    """
    needed = 0 if one.place == other.place else walks[one.place[0] != other.place[0]]
    free = int((other.starts_at - one.ends_at).total_seconds() // 60)
    if free >= needed:
        return ""
    return (f"{name} has {free} {'minute' if free == 1 else 'minutes'} to walk to {other.room or 'another room'}, and "
            f"needs {needed}.")


def write_warning(load: Load) -> str:
    """Where it does not hold, in a sentence; '' where it does."""
    times = f"{load.places} {'time' if load.places == 1 else 'times'}"
    if load.wishes is not None and load.wishes > load.places:
        return f"{load.name} has {times} and {load.wishes} {'wish' if load.wishes == 1 else 'wishes'}."
    if load.children > load.places and not load.wishes:
        return f"{load.name} has {times} and {load.children} {'child' if load.children == 1 else 'children'}."
    return ""


def morning_after(ended_at: datetime, zone: ZoneInfo) -> datetime:
    """Nine o'clock on the day after, by the school's own clock."""
    return datetime.combine(ended_at.astimezone(zone).date() + timedelta(days=1), time(9), zone).astimezone(UTC)
