"""About me, whole: a page that moves to another school with its family, and its sheet of paper in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from services.portal.assets.build import build
from services.profiles.people.actions import open_school
from tests.journeys.browsing import Browser as Reader
from tests.journeys.house import Trust, open_trust
from tests.journeys.test_one_familys_day import OAKFIELD, import_sample, people
from tests.journeys.test_pages import AMIRA
from tests.parts.browser import WIDTHS, list_faults, serve
from tests.parts.postgres import free_port

SECTIONS = ("strengths", "matters", "help", "home", "school", "avoid", "signs")
LONGEST, ELM = 140, "elm-junior-school"
ROSTER = ("school,pupil_id,pupil_given_name,pupil_family_name,year_group,class,adult_id,adult_given_name,"
          "adult_family_name,email,relationship,parental_responsibility,contact_restriction,lives_with,priority\n"
          "{school},moved-1,Sam,Haddad,Year 3,Oak,amira-1,Amira,Haddad,{email},parent,yes,none,yes,1\n")


@pytest.fixture
def trust(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Trust]:
    port = free_port()
    for made in open_trust(request, "embedded", tmp_path, f"http://127.0.0.1:{port}"):
        with serve(made.pages, port):
            yield made


def write(trust: Trust, who: Any, pupil: str, words: str, *where: str) -> None:
    """Write an entry; `where` names its section and its audience."""
    section, audience = (*where, *("strengths", "all")[len(where):])
    reply = trust.call("profiles", "POST", f"/{OAKFIELD}/pupils/{pupil}/about-me/entries", who,
                       json={"section": section, "words": words, "audience": audience})
    assert reply.status_code == 201, reply.text


def enrol(trust: Trust) -> None:
    """Sam starts at another school of the trust, which Amira is told of by the same address."""
    office = ("office", "staff", ("office",))
    made = trust.call("profiles", "POST", f"/{ELM}/rosters", office, data=ROSTER.format(
        school="Elm Junior School", email=AMIRA).encode())
    path = f"/{ELM}/rosters/{made.json['id']}"
    done = trust.until(lambda: (found := trust.call("profiles", "GET", path, office).json)["finished_at"] and found)
    assert done["state"] == "applied", done


def begin_school(trust: Trust) -> None:
    trust.place(ELM)
    with trust.workers[0].work.database.unit_of_work(ELM) as uow:
        open_school(uow, "Elm Junior School")


def test_a_page_moves_to_another_school_with_the_familys_agreement(trust: Trust) -> None:
    import_sample(trust)
    who = people(trust)
    write(trust, who["bell"], who["sam"], "Draws what others can't say")
    write(trust, (who["sam"], "pupil", ()), who["sam"], "My cat Ziggy", "matters")
    write(trust, (who["sam"], "pupil", ()), who["sam"], "Not for grown-ups", "signs", "only-me")
    write(trust, who["karim"], who["sam"], "Karim's word to school", "home", "school")
    amira = trust.sign_in(AMIRA)
    amira.open(f"/children/{who['sam']}/about-me")
    begin_school(trust)
    trust.until(lambda: "Elm Junior School" in amira.open(f"/children/{who['sam']}/about-me/travel").text)
    assert "You have agreed" in amira.send(school=ELM).text
    enrol(trust)
    new = trust.until(lambda: new_child(trust, amira))
    page = amira.open(f"/children/{new}/about-me")
    assert "Bring Sam's page from Oakfield" in page.text
    unsaid = amira.send(f"/children/{new}/about-me/arrive").text
    assert "Say first whom it is about" in unsaid
    box = re.search(r'name="(child-[^"]+)"', amira.page.html)
    assert box
    there = amira.send(f"/children/{new}/about-me/arrive", **{box.group(1): new}).text
    assert "The page is here" in there
    assert ("Draws what others can't say" in there, "My cat Ziggy" in there) == (True, True)
    assert ("Not for grown-ups" in there, "Karim's word" in there) == (False, False)
    assert "Came from Oakfield" in there
    assert "Bring Sam's page" not in amira.open(f"/children/{new}/about-me").text
    assert "My cat Ziggy" in amira.open(f"/children/{who['sam']}/about-me").text, "the old school keeps its own"


def new_child(trust: Trust, amira: Reader) -> str | None:
    """Sam's id at the new school, once Amira sees him there."""
    for found in re.findall(r'href="/children/([0-9a-f-]{36})"', amira.open("/").html):
        if "Elm Junior School" in amira.open(f"/children/{found}").text:
            return str(found)
    return None


@pytest.mark.browser
@pytest.mark.parametrize("letter", ["a", "W", "😀", "word "])
def test_the_longest_page_is_one_sheet_of_a4(trust: Trust, chromium: Browser, letter: str) -> None:
    build(Path())
    import_sample(trust)
    who = people(trust)
    for section in SECTIONS:
        for pen in (who["bell"], who["amira"], who["karim"]):
            for number in range(8):
                write(trust, pen, who["sam"], (f"{number}" + letter * LONGEST)[:LONGEST], section)
    page = chromium.new_context(base_url=trust.url).new_page()
    page.goto(trust.sign_in_link(AMIRA))
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.goto(f"/children/{who['sam']}/about-me/print")
    sheet = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", sheet)) == 1
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 718, "height": 1046})  # 190 mm by 277 mm, within the margins
    assert page.evaluate("(one => one.scrollHeight - one.clientHeight)(document.querySelector('.t-sheet'))") <= 1
    assert page.locator(".t-sheet h2").count() == len(SECTIONS)


@pytest.mark.browser
def test_the_page_is_clean_to_axe_on_a_phone_and_on_a_desk(trust: Trust, chromium: Browser) -> None:
    build(Path())
    import_sample(trust)
    who = people(trust)
    write(trust, who["bell"], who["sam"], "Kind")
    write(trust, who["amira"], who["sam"], "Needs time", "help")
    page = chromium.new_context(base_url=trust.url).new_page()
    page.goto(trust.sign_in_link(AMIRA))
    page.get_by_role("button", name="Sign in", exact=True).click()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        for path in ("", "/new", "/history", "/print", "/travel"):
            page.goto(f"/children/{who['sam']}/about-me{path}")
            assert list_faults(page) == [], path
