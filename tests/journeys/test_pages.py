"""The same day through the portal's pages, as a browser without JavaScript sees them, on both pairs of parts."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tandem.sample import write_sample
from tests.journeys.browsing import Browser
from tests.journeys.house import Trust, open_trust
from tests.journeys.test_one_familys_day import import_sample

AMIRA, KARIM = "amira.haddad@families.example", "karim.haddad@families.example"
BELL, OFFICE = "grace.bell@oakfield.example", "office@oakfield.example"


@pytest.fixture(params=["embedded", "deployed"])
def trust(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Trust]:
    yield from open_trust(request, request.param, tmp_path)


def test_one_familys_day_through_the_pages(trust: Trust) -> None:
    _the_roster_comes_in(trust)
    amira, bell, office = trust.sign_in(AMIRA), trust.sign_in(BELL), trust.sign_in(OFFICE)
    trust.until(lambda: {"Sam", "Nadia"} <= set(re.findall(r"Sam|Nadia", amira.open("/").text)))
    _share_an_update(trust, amira)
    _staff_read_it(trust, bell)
    _the_parent_sees_who_read_it(trust, amira)
    _good_news_goes_home(trust, bell, trust.sign_in(KARIM))
    _the_office_opens_an_evening(trust, office)
    _the_parent_books(trust, amira, bell)
    assert "None" in trust.sign_in("trust-it").open("/trust").text


def _the_roster_comes_in(trust: Trust) -> None:
    file = trust.folder / "sample.zip"
    write_sample(file)
    it = trust.sign_in("trust-it")
    it.open("/trust/rosters")
    checked = it.send(file=(file.open("rb"), "sample.zip"), create="yes")
    trust.until(lambda: "What this file would change" in it.open(checked.path).text)
    assert "Oakfield" in it.page.text or "oakfield" in it.page.text
    it.send()
    trust.until(lambda: "The import is done" in it.open(checked.path).text)


def _share_an_update(trust: Trust, amira: Browser) -> None:
    child = amira.open(amira.page.link("Sam"))
    step = amira.open(child.link("Share an update"))
    assert "Choose one" in amira.send().text
    amira.send(kind=step.choice("kind", "Not well"))
    amira.send(words="Sam was ill in the night.")
    amira.send(audience=amira.page.choice("audience", "class teacher"))
    check = amira.send(until=amira.page.choice("until", "This week"))
    assert "Sam was ill in the night." in check.text
    sent = amira.send()
    assert "School has your update" in sent.text
    assert "Nobody yet" in sent.text


def _staff_read_it(trust: Trust, bell: Browser) -> None:
    trust.until(lambda: "note from home about Sam" in bell.open("/inbox").text)
    bell.open("/staff")
    assert "Sam was ill" in bell.open(bell.page.link("Read it")).text
    assert "home knows that you have read it" in bell.send(reply="We will keep an eye on Sam.").text


def _the_parent_sees_who_read_it(trust: Trust, amira: Browser) -> None:
    trust.until(lambda: "School has read your update about Sam" in amira.open("/inbox").text)
    page = amira.send()
    assert "Grace Bell" in page.text
    assert "We will keep an eye on Sam." in page.text


def _good_news_goes_home(trust: Trust, bell: Browser, karim: Browser) -> None:
    bell.open("/staff")
    bell.open(bell.page.link("Maple"))
    sam = re.search(r'href="(/staff/pupils/[^"]+/good-news)"[^>]*>Good news<span[^>]*>[^<]*Sam', bell.page.unmarked)
    assert sam
    bell.open(sam[1])
    bell.send(sentence="Sam asked a new boy to play.")
    assert bell.page.status == 422
    assert "Sam asked a new boy to play." in bell.page.html
    sent = bell.send(strength="kindness", sentence="Sam asked a new boy to play.")
    assert "On its way" in sent.text
    trust.until(lambda: "Sam asked a new boy to play." in karim.open("/").text)
    assert "Sam was ill" not in karim.open(karim.page.link("Sam")).text


def _the_office_opens_an_evening(trust: Trust, office: Browser) -> None:
    day = a_day_in(9)
    office.open("/office/evenings/new")
    missing = office.send(title="Parents' evening")
    assert missing.status == 422
    answers = {"on-day": day.day, "on-month": day.month, "on-year": day.year, "by-day": day.day, "by-month": day.month,
               "by-year": day.year, "from": "16:00", "to": "17:00", "place": "The hall", "minutes": "10",
               "classes": office.page.choice("classes", "Maple")}
    assert "Check before families are told" in office.send(**answers).text
    assert "The evening is open" in office.send(go="open").text


def _the_parent_books(trust: Trust, amira: Browser, bell: Browser) -> None:
    trust.until(lambda: "Sam · Parents' evening" in amira.open("/").text)
    amira.open(amira.page.link("Choose times"))
    times = amira.open(amira.page.link("Choose a time"))
    booked = amira.send(slot=times.choice("slot", "4:10pm to"))
    assert "Booked: 4:10pm" in booked.text
    assert "Grace Bell" in amira.open("/calendar").text
    trust.until(lambda: [text for text in trust.letters(AMIRA) if "METHOD:REQUEST" in text or "method=" in text])
    trust.until(lambda: "Talk with Sam" in bell.open("/staff").text)
    amira.open("/calendar/link")
    link = re.search(r"https://tandem\.invalid(/calendar/oakfield[^<\"]+)", amira.send().html)
    assert link
    feed = amira.open(link[1])
    assert "BEGIN:VEVENT" in feed.html


def test_where_several_cells_serve_the_schools_trust_it_imports_for_one_at_a_time(trust: Trust) -> None:
    import_sample(trust)
    trust.portal.place = replace(trust.portal.place, takes_all_at_once=lambda: False)
    it = trust.sign_in("trust-it")
    trust.until(lambda: "Oakfield Infant School" in it.open("/trust/rosters").text)
    it.open(it.page.link("Oakfield Infant School"))
    file = trust.folder / "sample.zip"
    write_sample(file)
    checked = it.send(file=(file.open("rb"), "sample.zip"))
    assert checked.path.startswith("/trust/oakfield-infant-school/rosters/")
    trust.until(lambda: "What this file would change" in it.open(checked.path).text)
    assert "birchwood" not in it.page.text
    assert it.open("/trust/nowhere/rosters").status == 404


def test_a_link_and_a_code_come_by_mail_and_work_once(trust: Trust) -> None:
    import_sample(trust)
    trust.sign_in(AMIRA)  # once she is known here
    visitor = Browser(trust.pages)
    visitor.open("/")
    assert visitor.page.path == "/sign-in"
    visitor.send(email=AMIRA.upper())
    letter = trust.until(lambda: [text for text in trust.letters(AMIRA) if "code" in text])[-1]
    code = re.search(r": (\d{6})", letter)
    assert code
    visitor.send(code="000000" if code.group(1) != "000000" else "111111")
    assert visitor.page.status == 422
    visitor.send(code=code.group(1))
    assert "Sign out" in visitor.page.text
    link = re.search(r"https://tandem\.invalid(/sign-in/link/\S+)", letter.replace("=\n", ""))
    assert link
    assert "This link has ended" in Browser(trust.pages).open(link.group(1)).text


def test_the_office_hands_an_adult_a_link_of_their_own(trust: Trust) -> None:
    import_sample(trust)
    office = trust.sign_in(OFFICE)
    office.open("/office/families?find=Karim+Haddad")
    office.open(office.page.link("Karim Haddad"))
    office.open(office.page.link("Make a link to sign in for Karim"))
    shown = re.search(r"https://tandem\.invalid(/sign-in/link/[^<\s]+)", office.send().html)
    assert shown
    karim = Browser(trust.pages)
    karim.open(shown.group(1))
    assert "Hello Karim" in karim.send().text
    assert "This link has ended" in Browser(trust.pages).open(shown.group(1)).text


def test_nobody_learns_who_has_an_address_here(trust: Trust) -> None:
    import_sample(trust)
    trust.sign_in(AMIRA)
    pages = []
    for address in (AMIRA, "nobody@families.example"):
        visitor = Browser(trust.pages)
        visitor.open("/sign-in")
        pages.append(re.sub(r'value="[^"]+"', "", visitor.send(email=address).html.replace(address, "")))
    assert pages[0] == pages[1]
    trust.until(lambda: trust.letters(AMIRA))
    assert not trust.letters("nobody@families.example")


def a_day_in(days: int) -> datetime.date:
    return (datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=days)).date()
