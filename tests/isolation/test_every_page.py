"""Generated from the portal's own route table: a page that is not for a visitor is the page of what is not there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.isolation.test_every_route import fill, nowhere
from tests.isolation.world import OAKFIELD, WORDS, a_stranger, another_child, live_a_day
from tests.journeys.browsing import Browser, Page
from tests.journeys.house import Trust, open_trust

MORE = {"school": OAKFIELD, "service": "profiles", "step": "what", "name": "x", "hat": "staff", "filename": "x",
        "deed": "answers", "provider": "microsoft"}
OF_A_CHILD = ("pupil_id", "guardian_id", "update_id", "note_id", "topic_id", "opening_id")
OPEN_TO_ALL = ("/sign-in", "/static", "/help", "/dev/mail", "/<any(help", "/calendar/<school>", "/hat/", "/unsubscribe")


@pytest.fixture(scope="module")
def lived(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Trust, Any]]:
    for trust in open_trust(request, "embedded", tmp_path_factory.mktemp("pages")):
        yield trust, live_a_day(trust)


def pages(trust: Trust) -> list[str]:
    """Every page that names a thing."""
    return sorted(rule.rule for rule in trust.pages.url_map.iter_rules()
                  if "GET" in (rule.methods or ()) and "<" in rule.rule and not rule.rule.startswith(OPEN_TO_ALL))


def path(rule: str, ids: dict[str, str]) -> str:
    return fill(re.sub(r"<any\([^)]*\):", "<", rule), {**MORE, **ids})


def plain(page: Page) -> tuple[int, str]:
    return page.status, re.sub(r'name="csrf_token" value="[^"]+"', "", page.html)


@pytest.mark.parametrize("who", ["stranger", "other teacher", "other school's office"])
def test_a_page_for_somebody_else_is_a_page_that_is_not_there(lived: tuple[Trust, Any], who: str) -> None:
    trust, ids = lived
    name = {"stranger": f"{OAKFIELD}:{a_stranger(trust)[0]}", "other teacher": another_teacher(trust, ids),
            "other school's office": "office@birchwood.example"}[who]
    visitor = trust.sign_in(name)
    for rule in pages(trust):
        there, absent = plain(visitor.open(path(rule, ids))), plain(visitor.open(path(rule, nowhere(ids))))
        assert there == absent, rule
        assert there[0] == 404, rule


def test_another_child_finds_the_page_of_what_is_not_there(lived: tuple[Trust, Any]) -> None:
    trust, ids = lived
    visitor = trust.sign_in_child(OAKFIELD, another_child(trust, ids))
    for rule in pages(trust):
        there, absent = plain(visitor.open(path(rule, ids))), plain(visitor.open(path(rule, nowhere(ids))))
        assert there == absent, rule
        assert there[0] == 404, rule


def test_a_childs_own_pages_hold_nothing_of_another_child(lived: tuple[Trust, Any]) -> None:
    trust, ids = lived
    visitor = trust.sign_in_child(OAKFIELD, another_child(trust, ids))
    for rule in sorted(rule.rule for rule in trust.pages.url_map.iter_rules() if f"{rule.rule}/".startswith("/me/")):
        if "<" not in rule:
            page = visitor.open(rule)
            assert [name for name in OF_A_CHILD if ids[name] in page.html] == [], rule


def another_teacher(trust: Trust, ids: dict[str, str]) -> str:
    """A teacher of the school who does not teach Sam."""
    office = ("office", "staff", ("office",))
    for found in trust.call("profiles", "GET", f"/{OAKFIELD}/classes", office).json["items"]:
        if found["id"] != ids["class_id"]:
            pupils = trust.call("profiles", "GET", f"/{OAKFIELD}/classes/{found['id']}", office).json["pupils"]
            team = trust.call("profiles", "GET", f"/{OAKFIELD}/pupils/{pupils[0]['id']}", office).json["staff"]
            if team[0]["id"] != ids["staff_id"]:
                return f"{OAKFIELD}:{team[0]['id']}"
    raise AssertionError("the sample has one teacher alone")


def test_nobody_who_is_not_signed_in_sees_any_page(lived: tuple[Trust, Any]) -> None:
    trust, ids = lived
    own = ["/", "/me", "/me/notes", "/me/topics", "/staff", "/trust", "/office/families", "/inbox", "/calendar",
           "/settings"]
    for rule in [*pages(trust), *own]:
        visitor = Browser(trust.pages)
        assert visitor.open(path(rule, ids)).path == "/sign-in", rule


def test_the_other_home_finds_nothing_of_what_this_home_has_told(lived: tuple[Trust, Any]) -> None:
    trust, ids = lived
    karim = trust.sign_in("karim.haddad@families.example")
    sam = ids["pupil_id"]
    there = karim.open(f"/children/{sam}/updates/{ids['update_id']}")
    assert plain(there) == plain(karim.open(f"/children/{sam}/updates/{nowhere(ids)['update_id']}"))
    child = karim.open(f"/children/{sam}").text
    assert "What you have told school Nothing yet." in child
    assert "Amira" not in child
    assert WORDS not in re.sub(r"“[^”]*”", "", child)  # good news has the same words, and is for both homes
    times = karim.open(f"/evenings/{ids['evening_id']}/{sam}").text
    assert "Your evening" not in times
