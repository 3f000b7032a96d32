"""When a teacher is free, as plain values."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from services.scheduling.appointments.rules import Span, find_runs, is_taken

FOUR = datetime(2026, 11, 12, 16, tzinfo=UTC)
steps = st.lists(st.tuples(st.integers(0, 4), st.integers(1, 4)), max_size=8)


def at(minute: int) -> datetime:
    return FOUR + timedelta(minutes=minute)


def one_after_the_other(found: list[tuple[int, int]]) -> list[tuple[datetime, datetime]]:
    """Times of which none overlaps another: each so long after the one before, and so long itself."""
    times, minute = [], 0
    for gap, length in found:
        times.append((at(minute + gap), at(minute + gap + length)))
        minute += gap + length
    return times


@given(found=steps, start=st.integers(-2, 40), length=st.integers(1, 9))
def test_a_time_is_taken_when_any_other_overlaps_it(found: list[tuple[int, int]], start: int, length: int) -> None:
    times, span = one_after_the_other(found), Span(at(start), at(start + length))
    assert is_taken(times, span) == any(span.overlaps(Span(*time)) for time in times)


def test_a_time_that_begins_when_another_ends_is_free() -> None:
    assert not is_taken([(at(0), at(5)), (at(10), at(15))], Span(at(5), at(10)))


def slots(*starts: int) -> list[SimpleNamespace]:
    return [SimpleNamespace(starts_at=at(start), ends_at=at(start + 5)) for start in starts]


def test_slots_in_a_row_have_no_more_than_the_gap_that_is_usual_between_them() -> None:
    in_a_row = find_runs(slots(0, 5, 10, 30, 35), 2)
    assert [(one.starts_at, other.starts_at) for one, other in in_a_row] == [
        (at(0), at(5)), (at(5), at(10)), (at(30), at(35))]
    assert find_runs(slots(0, 5, 20), 2) == [tuple(slots(0, 5))], "of gaps as frequent the shorter is usual"
    assert find_runs([], 2) == []
