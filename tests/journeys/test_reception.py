"""Reception's page: a tablet at the door that says yes or wait, once, and names nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, NoReturn

import pytest
import sqlalchemy as sa

from chassis.errors import Unavailable
from services.portal.accounts.models import Draft, Membership, SignedIn
from services.portal.clients.scheduling import SchedulingClient
from services.portal.trust_work import trust_work
from tests.journeys.browsing import HOST, Browser
from tests.journeys.house import Trust, open_trust
from tests.journeys.test_one_familys_day import import_sample

OFFICE, BELL = "office@oakfield.example", "grace.bell@oakfield.example"
NAMES = ("Sam", "Amira", "Haddad", "Mallory", "Quux")
COLLECT = {"door-child": "sam haddad", "door-adult": "AMIRA  Haddad", "for": "collect"}
WAIT = "Please wait, I'll fetch a colleague"


class Away:
    """Scheduling does not answer."""

    def send(self, call: Any) -> NoReturn:
        raise Unavailable(call.service)

    def fetch(self, call: Any) -> NoReturn:
        raise Unavailable(call.service)

    def gather(self, reads: Sequence[Any]) -> list[Any]:
        return [None for _ in reads]


@pytest.fixture(scope="module")
def trust(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trust]:
    for trust in open_trust(request, "embedded", tmp_path_factory.mktemp("reception")):
        import_sample(trust)
        yield trust


@pytest.fixture
def tablet(trust: Trust) -> Browser:
    """A tablet at which the office is signed in, once scheduling knows the family."""
    browser = trust.sign_in(OFFICE)
    trust.until(lambda: "Yes, may collect" in ask(browser, **COLLECT))
    return browser


def ask(browser: Browser, **answers: str) -> str:
    browser.open("/reception")
    return browser.send("/reception", **answers).html


def names_in(html: str) -> list[str]:
    return [name for name in NAMES if name.lower() in html.lower()]


def test_an_answer_is_large_and_dated_and_names_nobody(tablet: Browser) -> None:
    said = ask(tablet, **COLLECT)
    assert "<title>Yes, may collect" in said
    assert re.search(r"As of <time[^>]*>\d+:\d\d[ap]m</time>", said)
    assert names_in(said) == []
    assert "Yes, may attend" in ask(tablet, **{**COLLECT, "for": "attend"})


def test_every_wait_is_the_same_page(tablet: Browser) -> None:
    pages = {re.sub(r"<time.*?</time>", "", re.sub(r'value="[^"]*"', "", ask(tablet, **{**COLLECT, **change})))
             for change in ({"door-adult": "Mallory Quux"}, {"door-child": "Quux Haddad"},
                            {"door-child": "Quux", "door-adult": "Mallory"})}
    assert len(pages) == 1
    (page,) = pages
    assert WAIT in tablet.page.text
    assert names_in(page) == []


def test_nothing_stays_after_the_answer(tablet: Browser) -> None:
    ask(tablet, **COLLECT)
    again = tablet.open("/reception")
    assert "Yes, may" not in again.text
    assert names_in(again.html) == []
    assert again.html.count('autocomplete="off"') == 3
    ask(tablet, **COLLECT)
    assert tablet.page.link("Next person") == "/reception"


def test_the_answer_is_never_stored_and_the_session_holds_no_name(trust: Trust, tablet: Browser) -> None:
    form = tablet.open("/reception")
    token = re.search(r'name="csrf_token" value="([^"]+)"', form.html)
    assert token
    client = tablet._client  # its replies, not its pages: this is about headers and cookies
    sent = client.post("/reception", data={**COLLECT, "csrf_token": token[1]}, base_url=HOST)
    assert (sent.status_code, sent.location) == (303, "/reception")
    serializer = trust.pages.session_interface.get_signing_serializer(trust.pages)  # type: ignore[attr-defined]
    cookie = client.get_cookie("__Host-tandem_form", domain="tandem.invalid")
    assert cookie
    held = serializer.loads(cookie.value)
    assert sorted(held["door"]) == ["answer", "as_of", "for"]
    assert names_in(str(held)) == []
    shown = client.get("/reception", base_url=HOST)
    for reply in (sent, shown):
        assert "no-store" in reply.headers["Cache-Control"]


def test_what_is_missing_is_said_at_its_field(tablet: Browser) -> None:
    tablet.open("/reception")
    page = tablet.send("/reception", **{"door-child": " ", "door-adult": "x" * 402})
    assert page.status == 422
    for words in ("Write the child's name, first and last", "Write the adult's name, first and last", "Choose one"):
        assert words in page.text


def test_while_scheduling_is_away_a_colleague_is_fetched_in_person(trust: Trust, tablet: Browser) -> None:
    there = trust.portal.scheduling
    trust.portal.scheduling = SchedulingClient(Away())
    try:
        said = ask(tablet, **COLLECT)
    finally:
        trust.portal.scheduling = there
    assert tablet.page.status == 200
    assert WAIT in tablet.page.text
    assert "Fetch a colleague yourself" in tablet.page.text
    assert names_in(said) == []


def _give_role(trust: Trust, address: str, roles: list[str]) -> None:
    with trust_work(trust.portal.database, "a role") as work:
        work.run(sa.update(Membership).where(Membership.email == address).values(roles=roles))


def test_a_receptionist_has_the_page_and_no_other_page_of_the_office(trust: Trust) -> None:
    bell = trust.sign_in(BELL)
    assert bell.open("/reception").status == 404
    assert "/reception" not in bell.open("/staff").html
    _give_role(trust, BELL, ["reception"])
    assert bell.open("/staff").link("Reception") == "/reception"
    assert bell.open("/reception").status == 200
    assert bell.open("/office/families").status == 404
    trust.until(lambda: "Yes, may collect" in ask(bell, **COLLECT))
    _give_role(trust, BELL, ["teacher"])


def test_a_parent_has_no_such_page(trust: Trust) -> None:
    parent = trust.sign_in("amira.haddad@families.example")
    there, absent = parent.open("/reception"), parent.open("/receptionist")
    assert (there.status, there.text) == (absent.status, absent.text)
    assert there.status == 404


def test_names_said_after_a_session_ended_are_not_kept(trust: Trust, tablet: Browser) -> None:
    tablet.open("/reception")
    with trust_work(trust.portal.database, "a session that ended") as work:
        work.run(sa.update(SignedIn).values(expires_at=work.now))
    tablet.send("/reception", **COLLECT)
    assert tablet.page.path == "/sign-in"
    with trust_work(trust.portal.database, "drafts", write=False) as work:
        kept = [row.answers for row in work.all(sa.select(Draft).where(Draft.about == "/reception"))]
    assert kept == [{"for": "collect"}]
