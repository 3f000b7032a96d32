"""Generated from the route tables: what is not for a caller gets the very reply of what is not there.

A route with an argument that the world has no id for fails here: a new route brings its thing into the world.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from chassis.clock import new_id
from tests.isolation.world import OAKFIELD, WORDS, a_stranger, another_child, live_a_day
from tests.journeys.house import Trust, open_trust

SERVICES = ("profiles", "scheduling", "notifications", "portal")
BODIES: dict[str, Any] = {
    "change_about_entry": {"words": "x", "audience": "all"}, "suggest_about_words": {"words": "x", "audience": "all"},
    "share_update": {"kind": "sleep", "words": "x", "audience": "class", "until": "week"},
    "answer_consent": {"answer": "yes"},
    "change_update": {"words": "x", "audience": "class", "until": "week"}, "set_promise": {"hours": 24},
    "add_matter_note": {"words": "x"},
    "hand_over": {"system": "x", "reference": "x", "digest": "0" * 64},
    "pass_on": {"kind": "update", "entry_id": "nowhere", "why": "x"},
    "acknowledge": {"reply": "x"}, "send_praise": {"strength": "kindness", "sentence": "x", "audience": "all"},
    "enter_restriction": {"kind": "no contact"}, "book_slot": {"slot_id": "x"},
    "join_list": {"staff_id": "x"}, "ask_itinerary": {"children": [{"pupil_id": "x", "staff_ids": ["y"]}]},
    "move_appointment": {"slot_id": "x"}, "set_sharing": {"shows_times": True, "together": True},
    "discard": {"reason": "a test"}, "ask_lifting": {"reason": "x"}, "ask_end_of_keep_apart": {"reason": "x"},
    "keep_apart": {"guardian_ids": ["x", "y"]}, "hold_back": {"rights": ["see"], "basis": "gillick"},
    "change_relationship": {"kind": "parent", "parental_responsibility": "yes", "lives_with": "yes"},
    "check_relationship": {"seen": "x"}, "preview_policy": {"kinds": {}},
    "change_policy": {"kinds": {}, "based_on": 0, "reason": "x"}, "change_preference": {"email": "at-once"},
    "write_note": {"words": "x", "audience": "all"}, "change_note": {"words": "x"}, "share_note": {"audience": "all"},
    "pick_topic": {"kind": "friends", "audience": "all"}, "open_sealed": {"why": "x", "child_told": "told"},
    "write_progress": {"class_id": "x", "strength": "x", "goes": "x", "next_step": "x", "at_home": "x"},
    "reply_to_progress": {"words": "x"},
    "write_class_page": {"learning": "x", "expects": "x", "routines": "x", "help_one": "x", "help_two": "x",
                         "help_three": "x"},
    "set_school_year": {"terms": [{"starts_on": "2026-09-02", "half_starts_on": "2026-10-19",
                                   "half_ends_on": "2026-10-30", "ends_on": "2026-12-17"}]},
    "add_strength": {"label": "x"}, "word_strength": {"label": "x"}, "set_weeks": {"weeks": 4},
    "open_partnership": {"going_well": "x", "audience": "all", "review_on": "2030-01-15"},
    "answer_partnership": {"going_well": "x", "audience": "all"}, "change_partnership_answer": {"going_well": "x"},
    "add_partnership_step": {"doer": "school", "words": "x", "by_on": "2030-01-15"}, "answer_view": {"words": "x"},
    "add_view": {"words": "x", "step": {"doer": "school", "words": "x", "by_on": "2030-01-15"}},
    "mark_partnership_step": {"state": "kept"}, "add_partnership_note": {"words": "x"},
    "ask_to_join": {"role": "senco", "words": "x"}, "give_thanks": {"words": "x"},
    "close_partnership": {"helped": "x", "not_yet": "x", "outcome": "celebration"},
    "propose_strategy": {"kind": "other", "what": "x", "audience": "all"},
    "change_strategy": {"kind": "other", "what": "x"}, "end_strategy": {"reason": "worked"},
    "note_tried": {"how": "helped", "audience": "all"}, "answer_agreement": {"number": 1, "answer": "agreed"},
    "write_agreement": {"school": ["x"], "home": [], "child": []},
    "book_review": {"starts_at": "2030-01-15T15:15:00+00:00"}, "say_unsuited": {"can": []},
    "set_review_times": {"times": ["2030-01-15T15:15:00+00:00"]}, "hold_checkin": {"note": ""},
    "decline_checkin": {"words": ""}, "ask_plan": {}, "find_replan": {"kind": "ill", "staff_id": "x"},
    "move_checkin": {"starts_at": "2030-01-15T15:15:00+00:00"}, "add_checkin": {"guardian_id": "x"},
    "set_family_hours": {"windows": []}, "set_hours": {"windows": []},
    "set_cadence": {"usual": 1, "closer": 2, "reviews": 3, "most_a_day": 2, "based_on": 0},
    "set_mark": {"mark": "please-come"}, "save_wishes": {"comes": "cannot", "children": []},
    "save_wishes_of": {"comes": "cannot", "children": []},
    "change_evening": {"title": "x", "place": "x", "respond_by": "2030-01-15", "aims": []},
    "copy_evening": {"on": "2030-01-15", "respond_by": "2030-01-14"}, "set_invited": {"years": ["x"]},
    "add_block": {"staff_ids": ["x"], "from": "16:00", "to": "17:00", "slot_minutes": 10},
    "change_block": {"staff_ids": ["x"], "from": "16:00", "to": "17:00", "slot_minutes": 10},
    "set_resources": {"items": []},
    "note_arrival": {"guardian_id": "x"}, "say_late": {"minutes": 5}, "ask_meeting": {"staff_id": "x"},
    "answer_at_door": {"child": "Sam Haddad", "adult": "Amira Haddad", "for": "collect"},
}


@pytest.fixture(scope="module")
def lived(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Trust, Any]]:
    for trust in open_trust(request, "embedded", tmp_path_factory.mktemp("lived")):
        yield trust, live_a_day(trust)


def routes(trust: Trust) -> list[tuple[str, str, str, str]]:
    """(service, method, rule, view) of every guarded route."""
    found = []
    for service in SERVICES:
        app = trust.clients[service].application
        for rule in app.url_map.iter_rules():
            view = app.view_functions[rule.endpoint]
            if rule.rule.startswith("/schools/<school>") and "anyone" not in view.guard.who:
                found += [(service, method, rule.rule, rule.endpoint.split(".")[-1])
                          for method in sorted((rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"})]
    return found


def fill(rule: str, ids: dict[str, str]) -> str:
    return re.sub(r"<(?:[a-z]+:)?(\w+)>", lambda found: ids[found.group(1)], rule)


def ask(trust: Trust, route: tuple[str, str, str, str], ids: dict[str, str], headers: dict[str, str]) -> Any:
    service, method, rule, view = route
    reply = trust.clients[service].open(fill(rule, {"school": OAKFIELD, **ids}), method=method, headers=headers,
                                        json=BODIES.get(view, {}) if method != "GET" else None)
    kept = {name: value for name, value in reply.headers if name != "X-Request-Id"}
    return reply.status_code, reply.get_data(), kept


def nowhere(ids: dict[str, str]) -> dict[str, str]:
    """Ids of things that are not there."""
    return {name: new_id() for name in ids}


def test_without_a_token_every_route_answers_alike(lived: tuple[Trust, Any]) -> None:
    trust, ids = lived
    for route in routes(trust):
        assert ask(trust, route, ids, {}) == ask(trust, route, nowhere(ids), {}), route
        assert ask(trust, route, ids, {})[0] == 401, route


@pytest.mark.parametrize("hat", ["guardian", "staff"])
def test_another_school_gets_the_reply_of_what_is_not_there(lived: tuple[Trust, Any], hat: str) -> None:
    trust, ids = lived
    roles = ("office", "head", "dsl", "teacher") if hat == "staff" else ()
    person = ids["guardian_id"] if hat == "guardian" else ids["staff_id"]
    headers = trust.keys.header(person, hat, "birchwood-high-school", roles)
    for route in routes(trust):
        there, absent = ask(trust, route, ids, headers), ask(trust, route, nowhere(ids), headers)
        assert there == absent, route
        assert there[0] == 404, route


def test_another_adult_of_the_school_gets_the_reply_of_what_is_not_there(lived: tuple[Trust, Any]) -> None:
    trust, ids = lived
    headers = trust.keys.header(*a_stranger(trust)[:2], OAKFIELD)
    for route in routes(trust):
        there, absent = ask(trust, route, ids, headers), ask(trust, route, nowhere(ids), headers)
        if "<" in route[2].removeprefix("/schools/<school>"):
            assert there == absent, route
            assert there[0] == 404, route
        elif route[3] != "make_link":  # a new secret each time, and one's own
            _hold_nothing_of(there, ids)


@pytest.mark.parametrize("role", ["teacher", "senco"])
def test_another_colleague_gets_the_reply_of_what_is_not_there(lived: tuple[Trust, Any], role: str) -> None:
    """A teacher of others; a SENCO, who may know of a child without support that there is none, and nothing else."""
    trust, ids = lived
    headers = trust.keys.header(new_id(), "staff", OAKFIELD, (role,))
    for route in routes(trust):
        if role == "senco" and route[3] == "show_support":
            assert ask(trust, route, ids, headers)[0] == 200
            continue
        there, absent = ask(trust, route, ids, headers), ask(trust, route, nowhere(ids), headers)
        if "<" in route[2].removeprefix("/schools/<school>"):
            assert there == absent, route
        else:
            _hold_nothing_of(there, ids)


def test_another_child_of_the_school_gets_the_reply_of_what_is_not_there(lived: tuple[Trust, Any]) -> None:
    trust, ids = lived
    headers = trust.keys.header(another_child(trust, ids), "pupil", OAKFIELD)
    for route in routes(trust):
        there, absent = ask(trust, route, ids, headers), ask(trust, route, nowhere(ids), headers)
        if "<" in route[2].removeprefix("/schools/<school>"):
            assert there == absent, route
            assert there[0] == 404, route
        else:
            _hold_nothing_of(there, ids)


def _hold_nothing_of(reply: Any, ids: dict[str, str]) -> None:
    text = reply[1].decode()
    assert WORDS not in text
    assert [name for name, one in ids.items() if one in text] == []
