"""The rule itself: pure decisions on plain values, with a reason for each.

Both parents are equal unless a restriction says otherwise. A restriction that nobody has checked for means no right at
all until somebody has; unknown parental responsibility takes away consent alone; an unknown kind of relationship has
what an emergency contact has; a kind of restriction that this version does not know takes everything; an adult without
a relationship has nothing. Of several restrictions the stricter holds: a right is there only if nothing takes it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from uuid import UUID, uuid5

RIGHTS = ("see", "receive", "reply", "book", "attend", "consent", "collect")
EVERYTHING = frozenset(RIGHTS)
EMERGENCY = frozenset({"collect"})
TALKS = frozenset({"see", "receive", "reply", "book", "attend"})

TRUST_DEFAULT: Mapping[str, frozenset[str]] = {
    "parent": EVERYTHING,
    "guardian": EVERYTHING,
    "step-parent": EVERYTHING,
    "foster carer": EVERYTHING,
    "kinship carer": EVERYTHING,
    "social worker": TALKS,
    "other professional": frozenset({"see", "book", "attend"}),
    "grandparent": frozenset({"attend", "collect"}),
    "relative": frozenset({"collect"}),
    "emergency contact": EMERGENCY,
}

TAKEN: Mapping[str, frozenset[str]] = {
    "no contact": EVERYTHING,
    "interim": EVERYTHING,
    "supervised": frozenset({"attend", "collect"}),
    "information only": EVERYTHING - {"see", "receive"},
    "prohibited steps": frozenset({"consent", "collect"}),
    "no site": frozenset({"attend", "collect"}),
    "address confidential": frozenset(),
    "other": frozenset(),
    "roster flag": EVERYTHING,
    "merge": frozenset(),
}
"""What each kind of restriction takes at least. An entry may take more, never less."""

HOMES = UUID("6a4a0e4c-0a0e-4a53-9d0e-7b8f6f1f2c11")

REASONS = {
    "none": "This adult has no current relationship with the child.",
    "left": "The child has left the school.",
    "unchecked": "Nobody has checked yet whether there is a restriction.",
    "restricted": "A restriction is in force: %s.",
    "newer": "A restriction of a kind that this version does not know is in force.",
    "held": "The child holds this back, with the safeguarding lead's agreement.",
    "consent": "Parental responsibility has not been seen.",
    "kind": "An adult of this kind does not have this right in the school's policy.",
    "policy": "The school's policy gives this right to an adult of this kind.",
    "authority": "The local authority shares parental responsibility for this child.",
}


@dataclass(frozen=True, slots=True)
class Order:
    """A restriction as the rule sees it: its kind, what its entry takes, and when it is in force."""

    kind: str
    takes: frozenset[str] = frozenset()
    starts_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Hold:
    """Rights that the child holds back from this adult."""

    takes: frozenset[str]
    starts_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Default:
    """What the school's policy gives to an adult of this kind from an instant on, until the next default."""

    rights: frozenset[str]
    starts_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """What is known of one adult and one child. Without `defaults` the trust's policy holds."""

    kind: str = "parent"
    parental_responsibility: str = "unknown"
    is_checked: bool = False
    is_current: bool = True
    pupil_is_current: bool = True
    is_looked_after: bool = False
    orders: tuple[Order, ...] = ()
    holds: tuple[Hold, ...] = ()
    defaults: tuple[Default, ...] = ()


@dataclass(frozen=True, slots=True)
class Duty:
    """What is known of one member of staff and one child. `has_support`: for special needs, and the child is here."""

    answers_for_school: bool = False
    teaches: bool = False
    is_senco: bool = False
    has_support: bool = False


@dataclass(frozen=True, slots=True)
class Right:
    allowed: bool
    reason: str


def concerns(duty: Duty) -> bool:
    """Whether this member of staff has to do with this child, and so sees and answers what home and the child write.

    A SENCO has to do with the children who have support for special needs, and with nobody else for being one.
    """
    return duty.answers_for_school or duty.teaches or (duty.is_senco and duty.has_support)


def home_of(pupil_id: str, guardian_id: str, lives_with: str) -> str:
    """Which of the child's homes this adult is of, by a name that says nothing.

    Those with whom the child simply lives are one home; every other adult is a home of their own, because nobody has
    said that they live with anybody. Made of the ids alone, so it stays while that stays, and leads to no address.
    """
    return str(uuid5(HOMES, pupil_id if lives_with == "yes" else f"{pupil_id}:{guardian_id}"))


def taken_by(order: Order) -> frozenset[str]:
    """What a restriction takes away; one of a kind that is not known here takes everything."""
    least = TAKEN.get(order.kind)
    return EVERYTHING if least is None else least | order.takes


def default_rights(kind: str, overrides: Mapping[str, Collection[str]] | None = None) -> frozenset[str]:
    """What a policy gives an adult of this kind; of a kind that it does not know, what an emergency contact has."""
    found = (overrides or {}).get(kind)
    return TRUST_DEFAULT.get(kind, EMERGENCY) if found is None else frozenset(found) & EVERYTHING


def rights_at(pair: Pair, at: datetime) -> dict[str, Right]:
    """The seven rights of this adult for this child at an instant, each with its reason."""
    refusal = _refused_whole(pair)
    if refusal:
        return {right: Right(False, REASONS[refusal]) for right in RIGHTS}
    defaults = _default_at(pair, at)
    orders = [order for order in pair.orders if _holds_at(order.starts_at, order.ends_at, at)]
    held = {right for hold in pair.holds if _holds_at(hold.starts_at, hold.ends_at, at) for right in hold.takes}
    return {right: _decide(pair, right, defaults, orders, held) for right in RIGHTS}


def _refused_whole(pair: Pair) -> str | None:
    if not pair.is_current:
        return "none"
    if not pair.pupil_is_current:
        return "left"
    return None if pair.is_checked else "unchecked"


def _decide(pair: Pair, right: str, defaults: frozenset[str], orders: Sequence[Order], held: set[str]) -> Right:
    taker = next((order for order in orders if right in taken_by(order)), None)
    if taker is not None:
        known = taker.kind in TAKEN
        return Right(False, REASONS["restricted"] % taker.kind if known else REASONS["newer"])
    if right in held:
        return Right(False, REASONS["held"])
    shared = pair.is_looked_after and pair.kind == "social worker" and right == "consent"
    if right not in defaults and not shared:
        return Right(False, REASONS["kind"])
    if right == "consent" and pair.parental_responsibility != "yes":
        return Right(False, REASONS["consent"])
    return Right(True, REASONS["authority" if shared else "policy"])


def _default_at(pair: Pair, at: datetime) -> frozenset[str]:
    """The newest default that has begun; before any of them, and without them, the trust's."""
    begun = [found for found in pair.defaults if found.starts_at is None or found.starts_at <= at]
    return begun[-1].rights if begun else default_rights(pair.kind)


def _holds_at(starts_at: datetime | None, ends_at: datetime | None, at: datetime) -> bool:
    return (starts_at is None or starts_at <= at) and (ends_at is None or at < ends_at)


Windows = dict[str, list[list[str | None]]]
EDGE = timedelta(microseconds=1)


def windows_of(pair: Pair) -> Windows:
    """For each right, the windows of time in which it is allowed, as the state topic carries them.

    Made of `rights_at` between one turning point and the next, so that the two can never disagree.
    """
    return {right: [list(window) for window in found] for right, found in zip(RIGHTS, _windows(pair), strict=True)}


Window = tuple[str | None, str | None]


@lru_cache(maxsize=4096)
def _windows(pair: Pair) -> tuple[tuple[Window, ...], ...]:
    """A school's thousand pairs are a few dozen kinds of pair."""
    turns = turning_points(pair)
    begins: list[datetime | None] = [None, *turns]
    ends: list[datetime | None] = [*turns, None]
    moments = [begin or (turns[0] - EDGE if turns else datetime.max) for begin in begins]
    answers = [rights_at(pair, moment) for moment in moments]
    return tuple(_joined((begin, end) for begin, end, answer in zip(begins, ends, answers, strict=True)
                         if answer[right].allowed) for right in RIGHTS)


def _joined(stretches: Iterable[tuple[datetime | None, datetime | None]]) -> tuple[Window, ...]:
    """Stretches that touch become one window."""
    found: list[tuple[datetime | None, datetime | None]] = []
    for begin, end in stretches:
        if found and begin is not None and found[-1][1] == begin:
            found[-1] = (found[-1][0], end)
        else:
            found.append((begin, end))
    return tuple((_written(begin), _written(end)) for begin, end in found)


def _written(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat()


def turning_points(pair: Pair) -> list[datetime]:
    """When the answer may change by itself."""
    spans = [*((order.starts_at, order.ends_at) for order in pair.orders),
             *((hold.starts_at, hold.ends_at) for hold in pair.holds),
             *((found.starts_at, None) for found in pair.defaults)]
    return sorted({instant for span in spans for instant in span if instant is not None})


def contradict(orders: Sequence[Order]) -> bool:
    """Whether two restrictions take different things: the stricter holds, and somebody must look."""
    return len({taken_by(order) for order in orders if taken_by(order)}) > 1
