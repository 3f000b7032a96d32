"""The same day through the portal's pages, as a browser without JavaScript sees them, on both pairs of parts."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.browsing import Browser
from tests.journeys.house import Trust, open_trust
from tests.journeys.test_one_familys_day import import_sample

AMIRA, KARIM = "amira.haddad@families.example", "karim.haddad@families.example"
BELL, OFFICE = "grace.bell@oakfield.example", "office@oakfield.example"


@pytest.fixture(params=["embedded", "deployed"])
def trust(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Trust]:
    yield from open_trust(request, request.param, tmp_path)


def test_one_familys_day_through_the_pages(trust: Trust) -> None:
    import_sample(trust)
    amira = trust.sign_in(AMIRA)
    trust.until(lambda: {"Sam", "Nadia"} <= set(re.findall(r"Sam|Nadia", amira.open("/").text)))
    _share_an_update(trust, amira)


def _share_an_update(trust: Trust, amira: Browser) -> None:
    child = amira.open(amira.page.link("Sam"))
    step = amira.open(child.link("Share an update"))
    amira.send(kind=step.choice("kind", "Not well"))
    amira.send(words="Sam was ill in the night.")
    amira.send(audience=amira.page.choice("audience", "class teacher"))
    check = amira.send(until=amira.page.choice("until", "This week"))
    assert "Sam was ill in the night." in check.text
    sent = amira.send()
    assert "School has your update" in sent.text
    assert "Nobody yet" in sent.text


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
