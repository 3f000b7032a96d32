"""What the portal asks of scheduling about reviews: times to look again together, and a teacher's good hours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NotRequired, TypedDict

from chassis.auth import Principal
from services.portal.clients.scheduling import Teacher
from services.portal.clients.transport import Call, Transport

Window = TypedDict("Window", {"weekday": int, "from": str, "to": str})
Can = TypedDict("Can", {"on": str, "from": str, "to": str})


class ReviewItem(TypedDict):
    """A review, or a talk outside evenings, which is of no loop. `guardian` is there for staff alone."""

    id: str
    kind: NotRequired[str]
    about: NotRequired[str]
    partnership_id: str | None
    state: str
    pupil: Teacher
    staff: Teacher
    guardian: NotRequired[Teacher]
    from_on: str
    by_on: str
    starts_at: str | None
    ends_at: str | None
    how: str | None
    link: str | None
    can: list[Can]
    sequence: int


class Review(ReviewItem):
    times: list[str]
    ways: list[str]
    is_open: bool


class Hours(TypedDict):
    windows: list[Window]
    link: str


class ReviewsClient:
    """Each call is made as `who`, in the school that `who` names."""

    def __init__(self, transport: Transport):
        self._transport = transport

    def _send(self, who: Principal, method: str, path: str, json: Any = None) -> Any:
        return self._transport.send(Call("scheduling", method, path, who, json=json))

    def list_reviews(self, who: Principal) -> list[ReviewItem]:
        """What waits for the caller or is ahead."""
        found: list[ReviewItem] = self._send(who, "GET", "/reviews")["items"]
        return found

    def show_review(self, who: Principal, review_id: str) -> Review:
        found: Review = self._send(who, "GET", f"/reviews/{review_id}")
        return found

    def book_review(self, who: Principal, review_id: str, wish: Mapping[str, str]) -> Review:
        """`wish` holds starts_at and how. Doing it twice does it once; Conflict says what is free."""
        found: Review = self._send(who, "POST", f"/reviews/{review_id}/book", dict(wish))
        return found

    def say_unsuited(self, who: Principal, review_id: str, can: Sequence[Mapping[str, str]]) -> None:
        self._send(who, "POST", f"/reviews/{review_id}/unsuited", {"can": [dict(one) for one in can]})

    def set_times(self, who: Principal, review_id: str, times: Sequence[str]) -> None:
        """As the teacher: other times."""
        self._send(who, "PUT", f"/reviews/{review_id}/times", {"times": list(times)})

    def cancel_review(self, who: Principal, review_id: str) -> None:
        self._send(who, "POST", f"/reviews/{review_id}/cancel")

    def show_hours(self, who: Principal) -> Hours:
        found: Hours = self._send(who, "GET", "/hours")
        return found

    def set_hours(self, who: Principal, hours: Hours) -> None:
        self._send(who, "PUT", "/hours", dict(hours))
