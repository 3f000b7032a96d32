"""Where a visitor stands towards a loop, and what other rooms may ask of this one."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.errors import NotFound
from services.portal.accounts.queries import Visitor
from services.portal.clients.partnerships import Loop
from services.portal.standing import Standing, base_of, stand
from services.portal.together.rules import wants_a_pause
from services.portal.visiting import at_school, seek
from services.portal.wiring import portal

__all__ = ["LoopPlace", "find_loop", "wants_a_pause"]


@dataclass(frozen=True, slots=True)
class LoopPlace:
    """A loop, and where its visitor stands. Staff who have joined it need not be let in to the rest of the child."""

    place: Standing
    loop: Loop
    back: str

    @property
    def here(self) -> str:
        return f"{self.place.base}/together/{self.loop['id']}"


def find_loop(visitor: Visitor, pupil_id: str | None, partnership_id: str) -> LoopPlace:
    """The loop as this visitor may see it; NotFound when they may not, or when it is about another child."""
    try:
        place = stand(visitor, pupil_id)
    except NotFound:
        if visitor.hat != "staff" or not pupil_id:
            raise
        return _joined(visitor, pupil_id, partnership_id)
    loop = portal().partnerships.show_loop(place.who, partnership_id)
    if loop["pupil_id"] != place.pupil_id:
        raise NotFound()
    return LoopPlace(place, loop, f"{place.base}/together")


def _joined(visitor: Visitor, pupil_id: str, partnership_id: str) -> LoopPlace:
    who, loop = seek(visitor, lambda who: portal().partnerships.show_loop(who, partnership_id))
    if loop["pupil_id"] != pupil_id:
        raise NotFound()
    at_school(visitor, who.school)
    return LoopPlace(Standing(who, pupil_id, loop["pupil"], base_of("staff", pupil_id)), loop, "/staff")
