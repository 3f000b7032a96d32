"""One strategy over the pages: a parent suggests, the teacher agrees, all say how it went, it is kept, and it ends.

The other home is told nothing of it until they are asked, and finds nothing that was told to school alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.browsing import Browser
from tests.journeys.house import Trust, open_trust
from tests.journeys.test_one_familys_day import OAKFIELD, import_sample, people

AMIRA, KARIM, BELL = ("amira.haddad@families.example", "karim.haddad@families.example", "grace.bell@oakfield.example")
HEAD = "office@oakfield.example"
WHAT = "Two minutes with a timer <b>first</b> 🙂"


@pytest.fixture
def trust(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Trust]:
    yield from open_trust(request, "embedded", tmp_path)


def test_a_strategy_is_suggested_agreed_tried_kept_and_ended(trust: Trust) -> None:
    import_sample(trust)
    sam = people(trust)["sam"]
    amira, bell, karim = (trust.sign_in(name) for name in (AMIRA, BELL, KARIM))
    child = trust.sign_in_child(OAKFIELD, sam)
    one = _suggested(amira, sam)
    _agreed_by_school(bell, sam, one)
    _tried_by_all(amira, bell, child, sam, one)
    _the_other_home_finds_what_is_for_all(karim, sam, one)
    amira.open(f"/children/{sam}/strategies/{one}")
    assert "Kept for now" in amira.send(f"/children/{sam}/strategies/{one}/keep").text
    _changed_and_agreed_anew(amira, bell, sam, one)
    bell.open(f"/staff/pupils/{sam}/strategies/{one}/end")
    assert "Ended: thank you for trying it" in bell.send(reason="worked", words="He does it alone now").text
    for who, base in ((amira, f"/children/{sam}"), (karim, f"/children/{sam}"), (child, "/me")):
        page = who.open(f"{base}/strategies/{one}").text
        assert "This has ended" in page
        assert "He does it alone now" in page
    late = amira.open(f"/children/{sam}/strategies/{one}/tried")
    assert "nothing more to note" in late.text


def _suggested(amira: Browser, sam: str) -> str:
    amira.open(f"/children/{sam}/strategies")
    amira.open(amira.page.link("Suggest something"))
    page = amira.send(kind=amira.page.choice("kind", "Homework routine"), what=WHAT, at_home="We sit with him",
                      by_child="I set the timer", audience=amira.page.choice("audience", "Everybody"))
    assert "Your suggestion is there" in page.text
    assert WHAT in page.text
    assert "It waits for the other side" in page.text
    return page.path.rpartition("/")[2]


def _agreed_by_school(bell: Browser, sam: str, one: str) -> None:
    page = bell.open(f"/staff/pupils/{sam}/strategies/{one}")
    assert "Amira Haddad" in page.text
    page = bell.send(f"/staff/pupils/{sam}/strategies/{one}/agree")
    assert "Thank you: you have agreed" in page.text
    assert "Home and school do this since" in page.text


def _tried_by_all(amira: Browser, bell: Browser, child: Browser, sam: str, one: str) -> None:
    amira.open(f"/children/{sam}/strategies/{one}/tried")
    assert "that is noted" in amira.send(how="not-yet", line="A hard week at ours", audience="school").text
    bell.open(f"/staff/pupils/{sam}/strategies/{one}")
    assert "that is noted" in bell.send(f"/staff/pupils/{sam}/strategies/{one}/tried", how="helped",
                                        line="Went well in maths").text
    child.open(f"/me/strategies/{one}/tried")
    page = child.send(how="helped", line="I like the timer", audience="only-me").text
    for words in ("Went well in maths", "for me alone, for now", "Only me, for now"):
        assert words in page
    assert "I like the timer" not in bell.open(f"/staff/pupils/{sam}/strategies/{one}").text


def _the_other_home_finds_what_is_for_all(karim: Browser, sam: str, one: str) -> None:
    page = karim.open(f"/children/{sam}/strategies/{one}")
    assert "Suggested. It waits for your answer." in page.text
    assert "Went well in maths" in page.text
    assert not any(words in page.text for words in ("Amira", "A hard week", "I like the timer"))
    assert "Not yet" not in page.text


def _changed_and_agreed_anew(amira: Browser, bell: Browser, sam: str, one: str) -> None:
    here = f"/children/{sam}/strategies/{one}"
    amira.open(f"{here}/change")
    bell.open(f"/staff/pupils/{sam}/strategies/{one}/change")
    assert "Your change is there" in amira.send(what="Five minutes now").text
    page = bell.send(what="Three minutes")
    assert page.status == 412
    for words in ("Five minutes now", "Three minutes", "Somebody changed this while you were writing"):
        assert words in page.text
    assert "Your change is there" in bell.send(what="Three minutes").text
    amira.open(here)
    assert "Thank you: you have agreed" in amira.send(f"{here}/agree").text


def test_the_agreement_is_written_published_and_agreed_to_by_each_alone(trust: Trust) -> None:
    import_sample(trust)
    who = people(trust)
    office, amira, karim = (trust.sign_in(name) for name in (HEAD, AMIRA, KARIM))
    child = trust.sign_in_child(OAKFIELD, who["sam"])
    here = f"/children/{who['sam']}/agreement"
    office.open("/office/school/agreement")
    assert "Kept as a draft" in office.send(school="We listen", home="We tell", child="I try", do="save").text
    assert "hasn't written one yet" in amira.open(here).text
    office.open("/office/school/agreement")
    assert "Published" in office.send(school="We listen", home="We tell", child="I try", do="publish").text
    before = karim.open(here).text
    amira.open(here)
    assert "you have agreed" in amira.send(answer="agreed", words="Gladly").text
    child.open("/me/agreement")
    assert "you have agreed" in child.send(answer="agreed", words="Me too", audience="school").text
    assert karim.open(here).text == before
    page = office.open(f"/office/school/agreement/classes/{who['maple']}").text
    assert "Sam Haddad Amira Haddad" in page
    assert "Karim" not in page
