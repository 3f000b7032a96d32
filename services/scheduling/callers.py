"""Who calls, and for which adult: for every route by which adults and the office do the same."""

from __future__ import annotations

from chassis.errors import Invalid, NotFound
from chassis.web import principal


def calling_adult() -> str | None:
    """The calling adult; None for the office."""
    caller = principal()
    return caller.person_id if caller.hat == "guardian" else None


def adult_concerned(named: str | None) -> str:
    """The adult whom it is for: the caller, or whom the office names. Nobody names another adult."""
    me = calling_adult()
    if me is None and named is None:
        raise Invalid(errors={"/guardian_id": "Say for which adult (guardian_id) this is."})
    if me is not None and named not in (None, me):
        raise NotFound()
    return me or named or ""
