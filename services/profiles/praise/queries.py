"""What can be asked of good news: everything that a caller may read of it, with whose words they are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import Any

import sqlalchemy as sa

from chassis.auth import Principal
from chassis.unit_of_work import UnitOfWork
from services.profiles.parts import part
from services.profiles.people.models import Pupil
from services.profiles.people.queries import get_zone
from services.profiles.praise.models import Praise, Strength
from services.profiles.praise.rules import TRUST_STRENGTHS, Named, days_of, merge, year_of
from services.profiles.signed import ALL, readable, sign

MOST_KEPT = 400  # good news of one school year on one kept page
MOST_HELD = 10_000  # of anything about one child: a bound, not a page
FROM = {"child": "The child", "home": "Home", "school": "School"}


def list_strengths(uow: UnitOfWork, with_retired: bool = False) -> list[Named]:
    """The strengths that good news can name here, the trust's first; with those that were taken off, if wanted."""
    rows = uow.rows(sa.select(Strength.key, Strength.label, Strength.retired_at)
                    .order_by(Strength.added_at, Strength.key))
    found = merge((row.key, row.label, row.retired_at is not None) for row in rows)
    return [one for one in found if with_retired or not one.is_retired]


def is_named(uow: UnitOfWork, strength: str) -> bool:
    """Whether any good news names a strength."""
    return bool(uow.all(sa.select(Praise.id).where(Praise.strength == strength).limit(1)))


def list_praise(uow: UnitOfWork, caller: Principal, pupil_ids: Sequence[str], most: int = 20,
                before: str | None = None) -> list[dict[str, Any]]:
    """Good news about these children that the caller may read, newest first; `before` is the last that was shown."""
    wanted = _select(caller).where(Praise.pupil_id.in_(pupil_ids)).order_by(Praise.id.desc()).limit(most)
    return _describe(uow, caller, wanted if before is None else wanted.where(Praise.id < before))


def get_praise(uow: UnitOfWork, caller: Principal, praise_id: str) -> dict[str, Any]:
    return _describe(uow, caller, _select(caller).where(Praise.id == praise_id))[0]


def list_keepsake(uow: UnitOfWork, caller: Principal, pupil_id: str, year: int | None) -> dict[str, Any]:
    """A school year's good news to keep, oldest first: what was for everybody, so that a page can be shown around."""
    zone = get_zone(uow)
    year = year if year is not None else year_of(uow.now.astimezone(zone).date())
    begins, ends = (datetime.combine(day, time(), zone).astimezone(UTC) for day in days_of(year))
    wanted = _select(caller).where(
        Praise.pupil_id == pupil_id, Praise.audience == ALL, Praise.written_at >= begins, Praise.written_at < ends
    ).order_by(Praise.id).limit(MOST_KEPT)
    return {"year": year, "items": _describe(uow, caller, wanted)}


def _select(caller: Principal) -> sa.Select[Any]:
    own = sa.and_(Strength.school_id == Praise.school_id, Strength.key == Praise.strength)
    return (sa.select(Praise, Pupil.given_name, Strength.label).join(Pupil, Pupil.id == Praise.pupil_id)
            .outerjoin(Strength, own).where(readable(Praise, caller)))


def _describe(uow: UnitOfWork, caller: Principal, wanted: sa.Select[Any]) -> list[dict[str, Any]]:
    rows = uow.rows(wanted)
    signatures = sign(uow, caller, [praise for praise, _name, _label in rows])
    return [{
        "id": praise.id, "pupil_id": praise.pupil_id, "pupil_given_name": given_name, "strength": praise.strength,
        "own_label": label, "sentence": praise.sentence, "audience": praise.audience, "sent_at": praise.written_at,
        "staff_name": signed["by"] if praise.voice == "school" else None, "signature": signed,
    } for (praise, given_name, label), signed in zip(rows, signatures, strict=True)]


def label_of(item: dict[str, Any]) -> str:
    """The words of a strength: the school's own, else the trust's."""
    return str(item["own_label"] or TRUST_STRENGTHS.get(item["strength"], item["strength"]))


def select_part(uow: UnitOfWork, caller: Principal, pupil_id: str) -> list[sa.Select[Any]]:
    """The newest good news: kind is the strength, words the sentence, more the school's own word for the strength."""
    label = (sa.select(Strength.label).where(Strength.school_id == uow.school, Strength.key == Praise.strength)
             .correlate(Praise).scalar_subquery())
    mine = [Praise.school_id == uow.school, Praise.pupil_id == pupil_id, readable(Praise, caller)]
    return [part("praise", 5, [Praise.id.desc()], mine, id=Praise.id, written_at=Praise.written_at, voice=Praise.voice,
                 author_id=Praise.author_id, kind=Praise.strength, words=Praise.sentence, state=Praise.audience,
                 more=label)]


def list_held(uow: UnitOfWork, pupil_id: str, guardian_id: str) -> list[dict[str, Any]]:
    """The good news that belongs in a pack for this adult: all that they may read."""
    zone, adult = get_zone(uow), Principal("", uow.school, guardian_id, "guardian")
    return [{"key": f"praise:{item['id']}", "section": "Good news", "says": {
        "Strength": label_of(item), "Words": item["sentence"], "From": from_words(item),
        "Sent": item["sent_at"].astimezone(zone).date().isoformat()}}
        for item in list_praise(uow, adult, [pupil_id], MOST_HELD)]


def from_words(item: dict[str, Any]) -> str:
    """Whose words they are, as a pack says it."""
    signed = item["signature"]
    return str(signed["by"] or FROM[signed["voice"]])
