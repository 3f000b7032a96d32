"""A restriction while the adult has the page open; what was taken back; letters that are chosen, and stopped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.browsing import HOST, Browser
from tests.journeys.house import Trust, open_trust
from tests.journeys.test_one_familys_day import OAKFIELD, import_sample, people
from tests.journeys.test_pages import AMIRA, BELL, KARIM, OFFICE

WORDS = "Sam asked a new boy to play."
FIRST, SECOND = ("office-a", "staff", ("office",)), ("office-b", "staff", ("head",))


@pytest.fixture(params=["embedded", "deployed"])
def trust(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Trust]:
    yield from open_trust(request, request.param, tmp_path)


def praise(trust: Trust, who: dict[str, Any]) -> None:
    sent = trust.call("profiles", "POST", f"/{OAKFIELD}/pupils/{who['sam']}/praise", who["bell"],
                      json={"strength": "kindness", "sentence": WORDS})
    assert sent.status_code == 201


def pairs_of(trust: Trust, school: str) -> Any:
    """Karim with each of his children in a school."""
    return trust.call("profiles", "GET", f"/{school}/relationships?find=Karim+Haddad", FIRST).json["items"]


def restrict(trust: Trust, sam: str) -> str:
    """No contact with any of his children in any school; the id of what was entered for Sam."""
    entered = {}
    for school, pair in [(name, pair) for name in trust.schools for pair in pairs_of(trust, name)]:
        reply = trust.call("profiles", "POST", f"/{school}/pupils/{pair['pupil']['id']}/guardians/"
                           f"{pair['guardian']['id']}/restrictions", FIRST, json={"kind": "no contact"})
        assert reply.status_code == 201
        entered[pair["pupil"]["id"]] = str(reply.json["id"])
    return entered[sam]


def test_a_restriction_takes_the_child_from_an_open_session_and_the_office_sends_again_after_it(trust: Trust) -> None:
    import_sample(trust)
    who, office, karim = people(trust), trust.sign_in(OFFICE), trust.sign_in(KARIM)
    child, guardian = f"/children/{who['sam']}", pairs_of(trust, OAKFIELD)[0]["guardian"]["id"]
    choose(karim, "Once a day, at 6pm")  # so that good news waits to be sent
    praise(trust, who)
    trust.until(lambda: "Good news about Sam" in karim.open("/inbox").text)
    assert karim.open(child).status == 200
    unused = trust.sign_in_link(KARIM)
    entered = restrict(trust, who["sam"])
    gone, never = karim.open(child), karim.open("/children/0192f0c1-7a00-7c3e-8a51-2f6d1c0b9e10")
    assert (gone.status, gone.text) == (404, never.text)
    trust.until(lambda: Browser(trust.pages).open(unused).status == 404)
    here = f"/office/families/{who['sam']}/{guardian}/withdrawn"
    trust.until(lambda: "Send again" in office.open(here).text)
    office.open(office.page.link("Send again"))
    assert office.send().status == 409
    lift(trust, entered)
    trust.until(lambda: karim.open(child).status == 200)
    assert "Good news about Sam" not in karim.open("/inbox").text, "nothing comes back by itself"
    trust.until(lambda: _sent_again(office, here))
    trust.until(lambda: "Good news about Sam" in karim.open("/inbox").text)


def _sent_again(office: Browser, here: str) -> bool:
    """Whether it went out: notifications must have heard of the lifting first."""
    office.open(here)
    office.open(office.page.link("Send again"))
    return "It is on its way again" in office.send().text


def lift(trust: Trust, restriction_id: str) -> None:
    path = f"/{OAKFIELD}/restrictions/{restriction_id}/lifting"
    asked = trust.call("profiles", "POST", path, FIRST, json={"reason": "The order has ended."})
    confirmed = trust.call("profiles", "POST", f"{path}/confirm", SECOND)
    assert (asked.status_code, confirmed.status_code) == (200, 200)


def choose(visitor: Browser, words: str) -> None:
    visitor.open("/settings")
    form = visitor.open(visitor.page.link("Change how we write to you"))
    assert "Saved" in visitor.send(email=form.choice("email", words)).text


def test_staff_see_at_a_glance_that_both_homes_are_told(trust: Trust) -> None:
    import_sample(trust)
    who, bell = people(trust), trust.sign_in(BELL)
    praise(trust, who)
    page = f"/staff/pupils/{who['sam']}"
    trust.until(lambda: "Two homes: both told" in bell.open(page).text)


def test_letters_stop_by_the_link_in_them_and_begin_again_in_settings(trust: Trust) -> None:
    import_sample(trust)
    who, amira = people(trust), trust.sign_in(AMIRA)
    praise(trust, who)
    letter = trust.until(lambda: [text for text in trust.letters(AMIRA) if "unsubscribe" in text])[0]
    found = re.search(r"^List-Unsubscribe: <https://tandem\.invalid(/unsubscribe/[\w/-]+)>$", letter, re.MULTILINE)
    assert found
    reply = trust.pages.test_client().post(found.group(1), base_url=HOST, data={"List-Unsubscribe": "One-Click"})
    assert reply.status_code == 200
    assert "E-mails come Not by e-mail" in amira.open("/settings").text
    choose(amira, "At once")
    assert "E-mails come At once" in amira.open("/settings").text
