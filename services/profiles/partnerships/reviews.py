"""Looking again: the review meeting by event, the kind reminder, and whose answer is due when nobody has looked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, time

import sqlalchemy as sa

from chassis.envelope import Event
from chassis.timers import clear_timers, set_timer, set_timers
from chassis.unit_of_work import UnitOfWork
from services.profiles.classes.queries import list_whole_school_staff
from services.profiles.heard.actions import TALK, note_contact
from services.profiles.partnerships.events import (
    News,
    Told,
    loop_fact,
    read_booked,
    read_cancelled,
    review_asked,
    review_dropped,
)
from services.profiles.partnerships.models import Meeting, Partnership
from services.profiles.partnerships.queries import (
    Ground,
    find_next_lead,
    list_adults_in,
    list_joined,
    list_staff_in,
    list_team_ids,
)
from services.profiles.partnerships.rules import REMINDED_BEFORE, is_newer, meeting_window, overdue_on
from services.profiles.people.queries import list_staff_ids

REMIND, OVERDUE, MET = "partnership-remind", "partnership-overdue", "partnership-met"
MORNING = time(9)


def plan_review(uow: UnitOfWork, loop: Partnership, told: Told, ground: Ground) -> None:
    """Set its reminder and its last day, and have a meeting offered to both sides around the review date."""
    ends = {REMIND: loop.review_on - REMINDED_BEFORE, OVERDUE: overdue_on(loop.review_on, ground.year)}
    due = {kind: datetime.combine(day, MORNING, ground.zone) for kind, day in ends.items()}
    set_timers(uow, loop.id, {kind: at for kind, at in due.items() if at > uow.now})
    window = meeting_window(loop.review_on, ground.today, ground.year)
    uow.record(review_asked(loop, told, window, ground.state_version))


def drop_review(uow: UnitOfWork, loop: Partnership) -> None:
    """It is closed: nothing is due any more, and times that are still offered are taken back."""
    for kind in (REMIND, OVERDUE):
        clear_timers(uow, kind, loop.id)
    uow.record(review_dropped(uow, loop))


def narrow_review(uow: UnitOfWork, loop: Partnership, ground: Ground) -> None:
    """The loop is its author's alone: what was offered to others is taken back, and its author's own stays.

    What is said of it is what was said before, so nothing of it changes: not for an adult at home, and not for a member
    of staff who leads what they opened; then nobody at home is asked any more.
    """
    if loop.closed_at is not None:
        return
    adults = list_adults_in(uow, loop)
    opened_on = loop.written_at.astimezone(ground.zone).date()
    window = meeting_window(loop.review_on, opened_on, ground.year)
    staff = [loop.lead_id] if loop.lead_id else []
    is_kept = adults or loop.lead_id in list_staff_in(uow, loop)
    uow.record(review_asked(loop, (adults, staff), window, ground.state_version) if is_kept
               else review_dropped(uow, loop))


def remind_of_loop(uow: UnitOfWork, partnership_id: str) -> None:
    """A kind word to everybody who is in, once; nothing of a loop that is closed."""
    loop: Partnership | None = uow.get(Partnership, partnership_id)
    if loop is None or loop.closed_at is not None or loop.reminded_at is not None:
        return
    loop.reminded_at = uow.now
    uow.record(loop_fact(uow, loop, "reminded", (list_adults_in(uow, loop), list_staff_in(uow, loop))))


def note_overdue(uow: UnitOfWork, partnership_id: str) -> None:
    """The review has gone by and nobody has closed it: whoever leads it and the head are told, once."""
    loop: Partnership | None = uow.get(Partnership, partnership_id)
    if loop is None or loop.closed_at is not None or loop.overdue_at is not None or loop.passed_at is not None:
        return
    loop.overdue_at = uow.now
    staff_ids = dict.fromkeys([*([loop.lead_id] if loop.lead_id else []), *list_staff_ids(uow, "head")])
    uow.record(loop_fact(uow, loop, "overdue", ((), list(staff_ids))))


def hand_over(uow: UnitOfWork, pupil_id: str) -> None:
    """The child's support has ended: what a SENCO led goes on with somebody who still has to do with the child.

    Whoever was asked to join stays in, as any colleague who does not teach the child.
    """
    team = list_team_ids(uow, pupil_id)
    stay = {*team, *list_whole_school_staff(uow)}
    for loop in uow.all(sa.select(Partnership).where(
            Partnership.pupil_id == pupil_id, Partnership.closed_at.is_(None), Partnership.lead_id.is_not(None),
            Partnership.lead_id.not_in(stay)).order_by(Partnership.id)):
        if loop.lead_id not in list_joined(uow, loop.id):
            loop.lead_id = find_next_lead(uow, team)
    uow.flush()


def keep_booked(uow: UnitOfWork, events: Sequence[Event]) -> None:
    keep_news(uow, [news for event in events for news in read_booked(event)])


def keep_cancelled(uow: UnitOfWork, events: Sequence[Event]) -> None:
    keep_news(uow, [news for event in events for news in read_cancelled(event)])


def keep_news(uow: UnitOfWork, several: Iterable[News]) -> None:
    """The newest word of each adult's meeting stands, in whichever order and however often they come: one read."""
    latest: dict[tuple[str, str], News] = {}
    for news in several:
        place = (news.review_id, news.guardian_id)
        if place not in latest or is_newer(news.rank, latest[place].rank):
            latest[place] = news
    rows = {(row.review_id, row.guardian_id): row for row in uow.all(
        sa.select(Meeting).where(Meeting.review_id.in_({review_id for review_id, _ in latest})))}
    for place, news in latest.items():
        row = rows.get(place)
        if row is None:
            row = Meeting(review_id=news.review_id, guardian_id=news.guardian_id)
            uow.add(row)
        elif not is_newer(news.rank, (row.version, row.news_at, row.news_id)):
            continue
        _take(row, news)
        key = ":".join(place)
        clear_timers(uow, MET, key)
        if row.ends_at is not None:
            set_timer(uow, MET, key, row.ends_at)
    uow.flush()


def note_met(uow: UnitOfWork, key: str) -> None:
    """The time of a meeting is over: home and school have talked, unless it was cancelled meanwhile."""
    row: Meeting | None = uow.get(Meeting, *key.split(":"))
    if row is None or row.ends_at is None or row.ends_at > uow.now:
        return
    loop: Partnership | None = uow.get(Partnership, row.partnership_id)
    if loop is not None:
        note_contact(uow, [loop.pupil_id], TALK, row.staff_id, row.ends_at)


def _take(row: Meeting, news: News) -> None:
    row.partnership_id, row.staff_id = news.partnership_id, news.staff_id
    row.starts_at, row.ends_at = news.times or (None, None)
    row.state = "booked" if news.times else "cancelled"
    row.version, row.news_at, row.news_id = news.rank


