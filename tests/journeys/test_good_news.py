"""Good news through the pages, from school, a home and the child, and who has not heard: each sees what is theirs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.browsing import Browser, Page
from tests.journeys.house import Trust, open_trust
from tests.journeys.test_one_familys_day import OAKFIELD, import_sample, people
from tests.journeys.test_pages import AMIRA, BELL, KARIM, OFFICE

HOME_WORDS = "Sam read to Nadia <b>all</b> evening 🌟 وقرأ لها قصة"
SCHOOL_ALONE = "Sam was brave at the dentist."
CHILD_WORDS = "I helped tidy up."
SENTENCE = "Sam tied his laces after many tries."


@pytest.fixture(params=["embedded", "deployed"])
def trust(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Trust]:
    yield from open_trust(request, request.param, tmp_path)


def bare(page: Page) -> str:
    return re.sub(r'name="(csrf_token|key)" value="[^"]+"', "", page.html)


def test_good_news_from_every_voice(trust: Trust) -> None:
    import_sample(trust)
    who = people(trust)
    office, bell, amira, karim = (trust.sign_in(name) for name in (OFFICE, BELL, AMIRA, KARIM))
    child, path = trust.sign_in_child(OAKFIELD, who["sam"]), f"/children/{who['sam']}/good-news"
    _the_office_adds_a_strength(office)
    _school_sends(bell, who["sam"], karim, path)
    _a_home_writes(amira, path)
    assert "From home" in karim.open(path).text
    assert HOME_WORDS.split(" <b>")[0] in karim.page.html
    assert "&lt;b&gt;all&lt;/b&gt;" in karim.page.html
    assert "Amira" not in karim.page.html
    before = {page: bare(karim.open(page)) for page in (path, f"{path}/keepsake")}
    assert "school has it" in _write(amira, path, "Only school", SCHOOL_ALONE).text
    assert {page: bare(karim.open(page)) for page in before} == before
    trust.until(lambda: bell.open("/inbox").text.count("Sam") > 1)
    _the_child_writes(child)
    _it_is_kept(karim, child, bell, who["sam"])
    _the_office_takes_it_off(office, karim, path)
    _staff_see_who_has_not_heard(bell, office, amira, child)


def _the_office_adds_a_strength(office: Browser) -> None:
    office.open("/office/school/strengths")
    again = office.send("/office/school/strengths", label="kindness")
    assert (again.status, "on the list already" in again.text) == (422, True)
    assert "The list has changed" in office.send("/office/school/strengths", label="Trying again").text
    key = re.search(r"/office/school/strengths/([0-9a-f-]{36})\"", office.page.html)
    assert key
    office.open(f"/office/school/strengths/{key[1]}")
    assert "Trying once more" in office.send(label="Trying once more").text


def _school_sends(bell: Browser, sam: str, karim: Browser, path: str) -> None:
    form = bell.open(f"/staff/pupils/{sam}/good-news")
    long = bell.send(strength=form.choice("strength", "Trying once more"), sentence="x" * 50_000)
    assert (long.status, "x" * 50_000 in long.html) == (422, True)
    assert "On its way" in bell.send(strength=form.choice("strength", "Trying once more"), sentence=SENTENCE).text
    assert "Trying once more" in karim.open(path).text
    assert "Grace Bell" in karim.page.text


def _write(who: Browser, path: str, audience: str, sentence: str) -> Page:
    page = who.open(path)
    return who.send(strength=page.choice("strength", "Courage"), sentence=sentence,
                    audience=page.choice("audience", audience))


def _a_home_writes(amira: Browser, path: str) -> None:
    amira.open(path)
    missing = amira.send(sentence=HOME_WORDS)
    assert missing.status == 422
    assert {"Choose what Sam showed", "Choose who may read it"} <= set(re.findall(r"Choose w[^<]+", missing.html))
    assert "وقرأ لها قصة</textarea>" in missing.html
    assert "school has it" in _write(amira, path, "Everybody who helps Sam", HOME_WORDS).text
    assert "You · " in amira.page.text


def _the_child_writes(child: Browser) -> None:
    page = child.open("/me/good-news")
    assert "My good news" in page.text
    assert SENTENCE in page.text
    assert SCHOOL_ALONE not in page.text
    assert "Amira" not in page.html
    assert "school has it" in _write(child, "/me/good-news", "Only my teachers", CHILD_WORDS).text
    assert CHILD_WORDS in child.page.text


def _it_is_kept(karim: Browser, child: Browser, bell: Browser, sam: str) -> None:
    for visitor, page in ((karim, f"/children/{sam}/good-news/keepsake"), (child, "/me/good-news/keepsake"),
                          (bell, f"/staff/pupils/{sam}/good-news/keepsake")):
        kept = visitor.open(page)
        assert "Sam : Trying once more, Courage" in kept.text
        assert SENTENCE in kept.text
        assert CHILD_WORDS not in kept.text
    assert "no good news from that school year" in karim.open(f"/children/{sam}/good-news/keepsake?year=2020").text
    assert karim.open(f"/children/{sam}/good-news/keepsake?year=soon").status == 200


def _the_office_takes_it_off(office: Browser, karim: Browser, path: str) -> None:
    office.open("/office/school/strengths")
    key = re.search(r"action=\"(/office/school/strengths/[0-9a-f-]{36}/retire)\"", office.page.html)
    assert key
    word = office.open(key[1].removesuffix("/retire"))
    assert word.status == 200
    kept = office.send(label="Effort")
    assert (kept.status, "its word stays" in kept.text, 'value="Effort"' in kept.html) == (422, True, True)
    office.open("/office/school/strengths")
    assert "Taken off" in office.send(key[1]).text
    assert "Trying once more" in karim.open(path).text


def _staff_see_who_has_not_heard(bell: Browser, office: Browser, *families: Browser) -> None:
    page = bell.open("/staff/unheard")
    assert "Nothing from us yet" in page.text
    assert not re.search(r">Sam Haddad<", page.html)
    assert "Maple" in bell.open("/staff/contact-made").text
    assert re.search(r"<th scope=\"col\"[^>]*>Good news</th>", bell.page.html)
    assert "Sam" not in bell.page.text
    office.open("/staff/unheard")
    assert "Choose how many weeks" in office.send("/staff/unheard/weeks", weeks="99").text
    assert "for 6 weeks of school" in office.send("/staff/unheard/weeks", weeks="6").text
    assert bell.open("/staff/unheard?class_id=nowhere").status == 404
    for family in families:
        assert {family.open(page).status for page in ("/staff/unheard", "/staff/contact-made")} == {404}
