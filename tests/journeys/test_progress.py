"""How it goes, through the pages: a teacher writes, two homes answer apart, and the class has its half page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.browsing import Browser, Page
from tests.journeys.house import Trust, open_trust
from tests.journeys.test_one_familys_day import import_sample, notice, people
from tests.journeys.test_pages import AMIRA, BELL, KARIM, OFFICE

STRENGTH, ANSWER = "Sam asks the best questions. 🌱", "He is worried about swimming."
NOTE = {"strength": STRENGTH, "goes": "He reads on his own.", "next_step": "Longer words.",
        "at_home": "Read the signs in the street."}
HALF_PAGE = {"learning": "Seeds and roots.", "expects": "A kind voice.", "routines": "Library on Mondays.",
             "help_one": "Plant a bean.", "help_two": "Count petals.", "help_three": "Read.", "dates": ""}


@pytest.fixture(params=["embedded", "deployed"])
def trust(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Trust]:
    yield from open_trust(request, request.param, tmp_path)


def bare(page: Page) -> str:
    return re.sub(r'name="(csrf_token|key)" value="[^"]+"', "", page.html)


def test_a_note_goes_to_each_home_and_their_answers_never_cross(trust: Trust) -> None:
    import_sample(trust)
    who = people(trust)
    bell, amira, karim = trust.sign_in(BELL), trust.sign_in(AMIRA), trust.sign_in(KARIM)
    _the_teacher_writes(bell, who["maple"], who["sam"])
    path = f"/children/{who['sam']}/progress"
    for parent, adult in ((amira, "amira"), (karim, "karim")):
        assert notice(trust, who[adult], "progress-written")["needs"] is False
        assert "How school is going for Sam" in parent.open("/inbox").text
        assert STRENGTH in parent.open(path).text
    before = bare(karim.open(path))
    amira.open(path)
    assert "Sent to school" in amira.send(words=ANSWER).text
    assert notice(trust, who["bell"], "progress-replied")
    assert bare(karim.open(path)) == before
    assert ANSWER in amira.open(path).text
    assert ANSWER in bell.open(f"/staff/pupils/{who['sam']}/progress").text
    trust.until(lambda: [text for text in trust.letters(AMIRA) if "how school is going" in text])
    letters = "".join(trust.letters(AMIRA) + trust.letters(KARIM) + trust.letters(BELL))
    assert STRENGTH not in letters
    assert ANSWER not in letters


def _the_teacher_writes(bell: Browser, maple: str, sam: str) -> None:
    page = bell.open(f"/staff/classes/{maple}/progress")
    assert "Write the next one" in page.text
    bell.open(f"/staff/classes/{maple}/progress/{sam}")
    missing = bell.send(**{**NOTE, "goes": ""})
    assert (missing.status, STRENGTH in missing.html) == (422, True)
    following = bell.send(**NOTE)
    assert "Sent to each home" in following.text
    assert sam not in following.path
    assert "Written" in bell.open(f"/staff/classes/{maple}/progress").text


def test_a_class_has_its_half_page_and_the_school_its_own_dates(trust: Trust) -> None:
    import_sample(trust)
    who = people(trust)
    bell, amira, office = trust.sign_in(BELL), trust.sign_in(AMIRA), trust.sign_in(OFFICE)
    path = f"/staff/classes/{who['maple']}/expectations"
    bell.open(path)
    bell.send(**HALF_PAGE, go="keep")
    assert "There is nothing yet." in amira.open(f"/children/{who['sam']}/class").text
    bell.open(path)
    assert "Families can read it" in bell.send(**HALF_PAGE, go="publish").text
    assert "Plant a bean." in amira.open(f"/children/{who['sam']}/class").text
    notice(trust, who["amira"], "expectation-published")
    form = office.open("/office/school/year")
    assert "These are not your school's own dates yet" in form.text
    saved = office.send(closed="27 November 2026")
    assert "Saved" in saved.text
    assert "own dates yet" not in saved.text
