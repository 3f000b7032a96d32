"""News of review meetings ends in the same state however late, often and in whichever order it comes."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations
from typing import Any

import sqlalchemy as sa

from chassis.timers import sweep
from services.profiles.heard.actions import TALK
from services.profiles.heard.models import Contact
from services.profiles.partnerships.reviews import MET
from tests.fakes import NOW, deliver, event
from tests.profiles.house import House
from tests.profiles.test_partnerships import opened, path_of

BOOKED, CANCELLED = "tandem.scheduling.review.booked.v1", "tandem.scheduling.review.cancelled.v1"


def news(loop: str, version: int, guardian: str, hour: int | None) -> Any:
    """Booked at an hour, or cancelled; what is said at one and the same instant goes by its version."""
    data: dict[str, Any] = {"review_id": f"r-{guardian}", "partnership_id": loop, "pupil_id": "p-sam",
                            "guardian_ids": [guardian], "staff_ids": ["s-bell"]}
    if hour is None:
        return event(CANCELLED, f"r-{guardian}", {**data, "cause": "changed"}, version=version)
    starts = NOW.replace(day=30, hour=hour)
    return event(BOOKED, f"r-{guardian}", {
        **data, "guardian_id": guardian, "staff_id": "s-bell", "how": "phone", "sequence": version,
        "starts_at": starts.isoformat(), "ends_at": (starts + timedelta(minutes=15)).isoformat()}, version=version)


def met(house: House, path: str) -> dict[str, list[str]]:
    return {who: [one["starts_at"][11:13] for one in house.call("GET", path, who).json["meetings"]]
            for who in ("g-amira", "g-karim", "s-bell")}


def test_late_repeated_and_reordered_news_ends_the_same(house: House) -> None:
    paths = [path_of(opened(house)) for _turn in range(24)]
    for path, order in zip(paths, permutations(range(4)), strict=True):
        loop = path.rpartition("/")[2]
        told = [news(loop, 1, "g-amira", 14), news(loop, 2, "g-amira", None), news(loop, 3, "g-amira", 16),
                news(loop, 1, "g-karim", 10)]
        for one in told:  # a review of its own for each loop
            one.data["review_id"] += loop[-8:]
        for place in order:
            deliver(house.service, told[place])
        deliver(house.service, *[told[place] for place in reversed(order)])
        assert met(house, path) == {"g-amira": ["16"], "g-karim": ["10"], "s-bell": ["10", "16"]}, order


def test_what_ended_for_the_adult_alone_is_as_it_was_for_school_until_school_ends_it(house: House) -> None:
    path = path_of(opened(house, "s-bell"))
    loop = path.rpartition("/")[2]
    left, ended = news(loop, 2, "g-amira", None), news(loop, 3, "g-amira", None)
    left.data.update(guardian_id="g-amira", staff_ids=[])
    ended.data.update(guardian_id="g-amira", guardian_ids=[])
    deliver(house.service, news(loop, 1, "g-amira", 14), left)
    assert met(house, path)["s-bell"] == ["14"]
    deliver(house.service, ended)
    assert met(house, path)["s-bell"] == []


def test_a_cancellation_that_overtakes_its_booking_stands(house: House) -> None:
    path = path_of(opened(house))
    loop = path.rpartition("/")[2]
    deliver(house.service, news(loop, 2, "g-amira", None))
    deliver(house.service, news(loop, 1, "g-amira", 14))
    assert met(house, path) == {"g-amira": [], "g-karim": [], "s-bell": []}


def test_each_adult_sees_their_own_meeting_and_the_loop_is_looked_at_once_they_have_met(house: House) -> None:
    path = path_of(opened(house, is_child_in=True))
    deliver(house.service, news(path.rpartition("/")[2], 1, "g-amira", 14))
    (mine,) = house.call("GET", path, "g-amira").json["meetings"]
    assert (mine["staff"], mine["with"]) == ("Bell Staff", None)
    assert house.call("GET", path, "s-bell").json["meetings"][0]["with"] == "Amira Haddad"
    assert house.call("GET", path, "p-sam").json["meetings"] == []
    house.clock.advance(days=7)
    assert house.call("GET", path, "g-amira").json["state"] == "reviewing"
    assert house.call("GET", path, "g-karim").json["state"] == "open"  # nothing tells of another home's meeting


def test_a_meeting_is_a_talk_once_its_time_is_over_and_a_cancelled_one_is_none(house: House) -> None:
    loop = path_of(opened(house)).rpartition("/")[2]
    deliver(house.service, news(loop, 1, "g-amira", 14), news(loop, 1, "g-karim", 15), news(loop, 2, "g-karim", None))
    assert talks(house) == 0
    house.clock.advance(days=7)
    sweep(house.service.database, {MET: house.service.timers[MET]})
    sweep(house.service.database, {MET: house.service.timers[MET]})
    assert talks(house) == 1


def talks(house: House) -> int:
    """How many talks are noted."""
    with house.service.database.unit_of_work("oakfield", write=False) as uow:
        return len(uow.all(sa.select(Contact.id).where(Contact.kind == TALK, Contact.staff_id == "s-bell")))
