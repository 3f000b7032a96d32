"""A parent sees what is held and who opened it, asks for all of it, and takes it away once it was read through."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from tests.journeys.browsing import Browser
from tests.journeys.house import Trust, open_trust
from tests.journeys.test_one_familys_day import OAKFIELD, import_sample, people
from tests.journeys.test_pages import AMIRA, BELL, KARIM, OFFICE

SECRET = "Only Karim told this."


@pytest.fixture
def trust(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Trust]:
    yield from open_trust(request, "embedded", tmp_path)


def taken(browser: Browser, path: str) -> str:
    """All the words of a pack that this browser gets."""
    reply = browser.fetch(path)
    assert (reply.status_code, reply.content_type) == (200, "application/zip")
    assert reply.headers["Cache-Control"] == "no-store"
    with zipfile.ZipFile(io.BytesIO(reply.get_data())) as file:
        return "\n".join(file.read(name).decode() for name in file.namelist())


def told(trust: Trust, name: str, words: str) -> None:
    """A parent of Sam, by given name, has told school something."""
    who = people(trust)
    pairs = trust.call("profiles", "GET", f"/{OAKFIELD}/relationships?pupil_id={who['sam']}", who["office"]).json
    parent = next(pair["guardian"]["id"] for pair in pairs["items"] if pair["guardian"]["given_name"] == name)
    trust.call("profiles", "POST", f"/{OAKFIELD}/pupils/{who['sam']}/updates", (parent, "guardian", ()),
               json={"kind": "sleep", "words": words, "audience": "class", "until": "week"})


def test_from_the_question_to_the_file(trust: Trust) -> None:
    import_sample(trust)
    amira, office, bell = trust.sign_in(AMIRA), trust.sign_in(OFFICE), trust.sign_in(BELL)
    told(trust, "Amira", "Sam was up all night with Omar from next door.")
    told(trust, "Karim", SECRET)
    sam = people(trust)["sam"]
    bell.open(f"/staff/pupils/{sam}")
    page = amira.open(amira.open(f"/children/{sam}").link("What we hold about Sam"))
    assert "Grace Bell" in page.text
    assert "Good news," in page.text
    assert "Karim" not in page.text
    assert amira.open("/settings").link("What the school holds") == "/held"
    assert amira.open("/held").link("Sam") == f"/children/{sam}/held"
    amira.open(page.link("Ask for everything we hold"))
    assert "one month" in amira.page.text
    asked = amira.send()
    assert "We have your request" in asked.text
    assert "Being put together" in asked.text
    request = asked.link("I don't need it any more").split("/")[-2]
    assert amira.open(f"{asked.path}/{request}/pack").status == 404
    _the_office_reads_it(office, request)
    _it_goes_out(office, amira, f"/children/{sam}/held", request)
    assert "Ready" not in trust.sign_in(KARIM).open(f"/children/{sam}/held").text
    _a_lead_marks_what_is_never_shown(trust, sam, amira)


def _the_office_reads_it(office: Browser, request: str) -> None:
    listed = office.open("/office/requests")
    assert "days left" in listed.text
    found = office.open(listed.link("Sam Haddad"))
    assert found.path.endswith(request)
    assert SECRET not in found.text
    item = re.search(r'Omar from next door.*?href="([^"]+keep-out[^"]+)"', found.html, re.DOTALL)
    assert item
    office.open(unescape(item.group(1)))
    assert office.send(reason=" ").status == 422
    assert "It is kept out" in office.send(reason="It names a neighbour.").text
    office.open(f"/office/requests/{request}/extend")
    assert office.send(reason="").status == 422
    assert "two months" in office.send(**{"until-day": "1", "until-month": "1", "until-year": "2050"},
                                       reason="Much to read.").text
    office.open(f"/office/requests/{request}/child")
    assert office.send(words="").status == 422
    assert "Written down" in office.send(too_young="yes").text
    assert "NOT YET REVIEWED" in taken(office, f"/office/requests/{request}/pack")


def _it_goes_out(office: Browser, amira: Browser, held: str, request: str) -> None:
    office.open(f"/office/requests/{request}/release")
    assert office.send().status == 422
    assert "It is ready for them" in office.send(read="yes").text
    page = amira.open(held)
    assert "Ready" in page.text
    words = taken(amira, page.link("Take it away"))
    assert "[kept out: third party]" in words
    assert "Grace Bell" in words
    assert not any(word in words for word in ("Omar", "Karim", SECRET, "too young", "neighbour"))


def _a_lead_marks_what_is_never_shown(trust: Trust, sam: str, amira: Browser) -> None:
    lead = ("lead", "staff", ("dsl",))
    pupil = f"/{OAKFIELD}/pupils/{sam}"
    for read in trust.call("profiles", "GET", f"{pupil}/reads", lead).json["items"]:
        trust.call("profiles", "POST", f"{pupil}/reads/{read['id']}/hide", lead, json={})
    assert "Nobody is noted here yet." in amira.open(f"/children/{sam}/held").text


def test_a_request_is_refused_with_a_reason_or_taken_back(trust: Trust) -> None:
    import_sample(trust)
    amira, office = trust.sign_in(AMIRA), trust.sign_in(OFFICE)
    held = f"/children/{people(trust)['sam']}/held"
    amira.open(f"{held}/everything")
    amira.open(amira.send().link("I don't need it any more"))
    assert "You have taken your request back" in amira.send().text
    amira.open(f"{held}/everything")
    amira.send()
    office.open(office.open("/office/requests").link("Sam Haddad"))
    office.open(office.page.link("Refuse it"))
    assert office.send(reason="").status == 422
    assert "Refused" in office.send(reason="It was sent last week.").text
    assert "It was sent last week." in amira.open(held).text


def test_a_lead_has_a_page_of_reads_and_nobody_else_has(trust: Trust) -> None:
    import_sample(trust)
    sam = people(trust)["sam"]
    assert trust.sign_in(OFFICE).open(f"/office/reads/{sam}").status == 404
    assert trust.sign_in(AMIRA).open(f"/office/reads/{sam}").status == 404
    lead = trust.sign_in("safeguarding@oakfield.example")
    trust.sign_in(BELL).open(f"/staff/pupils/{sam}")
    assert "Grace Bell" in lead.open(f"/office/reads/{sam}").text
    hidden = lead.send(for_good="1")
    assert "It is never shown" in hidden.text
    assert "Never" in hidden.text
