"""A question to every home through the pages, without JavaScript: asked, answered apart, and talked about by school."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.browsing import Browser, Page
from tests.journeys.house import Trust, open_trust
from tests.journeys.test_one_familys_day import import_sample
from tests.journeys.test_pages import AMIRA, BELL, KARIM, OFFICE, a_day_in

QUESTION = "May your child come to the farm on the last Friday of term?"
NOTE = "Sam needs his inhaler."


@pytest.fixture(params=["embedded", "deployed"])
def trust(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Trust]:
    yield from open_trust(request, request.param, tmp_path)


def ask(office: Browser) -> Page:
    """The office's form, its check, and the question as it stands when families are asked."""
    office.open("/office/consents")
    office.open(office.page.link("Ask for permission"))
    day = a_day_in(9)
    missing = office.send(title="Trip to the farm", words=QUESTION)
    assert missing.status == 422
    assert "Choose at least one class" in missing.text
    assert QUESTION in missing.html
    check = office.send(title="Trip to the farm", words=QUESTION, needs="one",
                        classes=office.page.choice("classes", "Maple"),
                        **{"closes-day": day.day, "closes-month": day.month, "closes-year": day.year})
    assert "Check before families are asked" in check.text
    return office.send(go="ask")


def say(parent: Browser, path: str, word: str, note: str = "") -> Page:
    page = parent.open(path)
    sam = re.search(r'name="answer-([^"]+)"', page.html)
    assert sam
    return parent.send(**{f"answer-{sam.group(1)}": word, f"note-{sam.group(1)}": note})


def bare(page: Page) -> str:
    return re.sub(r'name="csrf_token" value="[^"]+"', "", page.html)


def test_two_homes_differ_and_school_alone_knows(trust: Trust) -> None:
    import_sample(trust)
    office, amira, karim = trust.sign_in(OFFICE), trust.sign_in(AMIRA), trust.sign_in(KARIM)
    here = ask(office)
    assert "Families are asked now" in here.text
    assert "Please talk to these homes" not in here.text
    home = amira.open("/").text
    assert "Sam · Trip to the farm" in home
    path = here.path.removeprefix("/office")
    _a_parent_answers_and_changes_their_mind(amira, path)
    before = bare(amira.open(path))
    assert "School has your answer" in say(karim, path, "no").text
    assert bare(amira.open(path)) == before
    assert "Amira" not in karim.page.html
    assert NOTE not in karim.page.html
    _the_office_sees_who_said_what(office, here.path)
    _it_closes(office, amira, here.path)


def _a_parent_answers_and_changes_their_mind(amira: Browser, path: str) -> None:
    amira.open(amira.page.link("Answer"))
    assert amira.page.path == path
    assert "You can change this until" in amira.page.text
    missing = amira.send()
    assert missing.status == 422
    assert "Say yes or no for Sam" in missing.text
    assert say(amira, path, "yes", "x" * 501).status == 422
    assert "School has your answer" in say(amira, path, "no").text
    again = say(amira, path, "yes", NOTE)
    assert NOTE in again.html
    assert "Trip to the farm" not in amira.open("/").text


def _the_office_sees_who_said_what(office: Browser, path: str) -> None:
    page = office.open(path)
    assert "Please talk to these homes" in page.text
    assert "neither is told what the other said" in page.text
    assert "They don't agree" in page.text
    for words in ("Amira Haddad: Yes", "Karim Haddad: No", NOTE, "Before: No"):
        assert words in page.text


def _it_closes(office: Browser, amira: Browser, path: str) -> None:
    mine = path.removeprefix("/office")
    amira.open(mine)
    office.open(office.page.link("Close it now"))
    assert "It has closed" in office.send().text
    late = amira.send()
    assert late.status == 409
    assert "This closed a moment ago" in late.text
    assert "You said for Sam Yes" in late.text
    assert "This has closed." in amira.open(mine).text


def test_the_pages_are_for_those_who_ask_and_those_who_are_asked(trust: Trust) -> None:
    import_sample(trust)
    here = ask(trust.sign_in(OFFICE)).path
    bell, amira = trust.sign_in(BELL), trust.sign_in(AMIRA)
    for path in (here, f"{here}/end", "/office/consents", "/office/consents/new"):
        assert bell.open(path).status == 404
        assert amira.open(path).status == 404
    stranger = trust.sign_in("office@birchwood.example")
    assert bare(stranger.open(here)) == bare(stranger.open("/office/consents/nowhere"))
    assert stranger.page.status == 404
