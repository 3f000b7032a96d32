"""From the table of routes: who has no right, and the other home, get the very reply of what is not there."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.isolation.test_every_route import BODIES
from tests.scheduling.house import House, ask_review, house

__all__ = ["house"]
HERS = ("<appointment_id>", "<review_id>", "<checkin_id>")  # not for another home, though the child is theirs too


def list_routes(house: House) -> list[tuple[str, str, str]]:
    """(method, rule, view) of every route that names something."""
    return [(method, rule.rule.removeprefix("/schools/<school>"), rule.endpoint.split(".")[-1])
            for rule in house.app.url_map.iter_rules() if rule.rule.startswith("/schools/<school>/")
            and "<" in rule.rule.removeprefix("/schools/<school>") and not rule.endpoint.startswith("operations.")
            for method in sorted((rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"})]


def ask(house: House, guardian: str, route: tuple[str, str, str], ids: dict[str, str]) -> Any:
    method, rule, view = route
    path = re.sub(r"<(?:[a-z]+:)?(\w+)>", lambda found: ids.get(found.group(1), "nothing"), rule)
    reply = house.call(house.guardian(guardian), method, path, BODIES.get(view) if method != "GET" else None)
    kept = {name: value for name, value in reply.headers if name != "X-Request-Id"}
    return reply.status_code, reply.data, kept


@pytest.fixture
def ids(house: House) -> dict[str, str]:
    """An evening in which mum has an appointment about Mina, a review that mum is asked to, and a talk with mum."""
    evening = house.open_evening()
    slot = house.slots(evening, "mum", "mina")["ama"][0]
    made = house.book(evening, "mum", "mina", slot).json
    ask_review(house, guardian_ids=["mum"])
    review = house.call(house.guardian("mum"), "GET", "/reviews").json["items"][0]
    talk = house.call(house.staff("ama", "teacher"), "POST", "/pupils/mina/check-ins", {"guardian_id": "mum"}).json
    return {"evening_id": evening["id"], "pupil_id": "mina", "appointment_id": made["id"], "staff_id": "ama",
            "review_id": review["id"], "checkin_id": talk["id"]}


@pytest.mark.parametrize("guardian", ["barred", "aunt"])
def test_who_has_no_right_gets_the_reply_of_what_is_not_there(
        house: House, ids: dict[str, str], guardian: str) -> None:
    for route in list_routes(house):
        there, absent = ask(house, guardian, route, ids), ask(house, guardian, route, {})
        assert there == absent, route
        assert there[0] == 404, route


def test_the_other_home_gets_the_reply_of_what_is_not_there(house: House, ids: dict[str, str]) -> None:
    routes = [route for route in list_routes(house) if any(name in route[1] for name in HERS)]
    assert len(routes) == 8 + 5 + 6
    for route in routes:
        there, absent = ask(house, "dad", route, ids), ask(house, "dad", route, {})
        assert there == absent, route
        assert there[0] == 404, route


def test_what_the_other_home_does_changes_no_byte_of_what_one_reads(house: House, ids: dict[str, str]) -> None:
    reads = ["/appointments", "/home", "/evenings", f"/evenings/{ids['evening_id']}", "/pupils/mina/sharing",
             "/reviews", "/pupils/mina/check-ins", "/pupils/mina/check-ins/hours"]
    before = [house.call(house.guardian("dad"), "GET", path).data for path in reads]
    house.call(house.guardian("mum"), "PUT", "/pupils/mina/sharing", {"shows_times": True, "together": True})
    house.call(house.guardian("mum"), "POST", f"/appointments/{ids['appointment_id']}/cancel")
    house.call(house.guardian("mum"), "POST", f"/reviews/{ids['review_id']}/cancel")
    house.tell(house.let("mum", "mina", []), house.keep_apart("mum", "dad"))
    assert [house.call(house.guardian("dad"), "GET", path).data for path in reads] == before
