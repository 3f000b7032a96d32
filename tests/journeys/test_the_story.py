"""One child's story in a real browser: from a worry to a celebration, as both homes, the teacher, Sam and the lead.

What the sample trust begins with (`tandem/story.py`) is told first; the rest is done on a 360 px phone without
JavaScript. Every page that was visited is then looked at by axe, at two widths, light and dark.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from chassis.auth import Principal
from tandem.story import FIRST, tell_story
from tests.journeys.house import Trust, open_trust
from tests.journeys.test_in_chromium import Visit, _look
from tests.journeys.test_one_familys_day import import_sample, people
from tests.journeys.test_pages import AMIRA, BELL, KARIM
from tests.parts.browser import serve
from tests.parts.postgres import free_port

pytestmark = pytest.mark.browser
LEAD, HEAD = "safeguarding@oakfield.example", "head@oakfield.example"
OF_A_CHILD = ("", "/about-me", "/about-me/history", "/strategies", "/agreement", "/together", "/good-news",
              "/good-news/keepsake", "/progress")


@pytest.fixture
def trust(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Trust]:
    port = free_port()
    for made in open_trust(request, "embedded", tmp_path, f"http://127.0.0.1:{port}"):
        with serve(made.pages, port):
            yield made


def tell(trust: Trust) -> None:
    """The story so far, through the front door of profiles."""

    def call(who: Principal, method: str, path: str, body: Mapping[str, Any] | None) -> Any:
        headers = trust.keys.header(who.person_id, who.hat, who.school, who.roles)
        reply = trust.clients["profiles"].open(path, method=method, headers={**headers, **FIRST}, json=body)
        assert reply.status_code < 300, (path, reply.text)
        return json.loads(reply.text)

    tell_story(call)


class Child(Visit):
    """Sam, who types the code on the card."""

    def __init__(self, browser: Browser, trust: Trust, code: str):
        self.context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740},
                                           base_url=trust.url)
        self.page = self.context.new_page()
        self.seen = {}
        self.go("/sign-in/child")
        self.page.get_by_label("Your school").select_option(label="Oakfield Infant School")
        self.page.get_by_label("The code on your card").fill(code)
        self.press("Come in")


def test_from_a_worry_to_a_celebration(trust: Trust, chromium: Browser) -> None:
    import_sample(trust)
    who = people(trust)
    tell(trust)
    amira, karim, bell, lead, head = (Visit(chromium, trust, one) for one in (AMIRA, KARIM, BELL, LEAD, HEAD))
    base, staff = f"/children/{who['sam']}", f"/staff/pupils/{who['sam']}"
    amira.until_shown(base, "build bridges", trust)
    sam = _sam_comes_in(chromium, trust, bell, who["maple"])
    loop = _sam_and_amira_keep_their_promises(sam, amira, base)
    _bell_closes_it(bell, f"{staff}{loop}")
    _karim_says_thank_you(karim, f"{base}{loop}")
    _sam_keeps_something_back(sam, bell, amira, base, staff)
    _a_note_goes_to_the_lead(trust, amira, bell, lead, base)
    for visit, begin, pages in ((amira, base, (*OF_A_CHILD, "/class", "/about-me/print")), (karim, base, OF_A_CHILD),
                                (bell, staff, OF_A_CHILD),
                                (sam, "/me", (*OF_A_CHILD, "/class", "/notes", "/notes/new", "/topics"))):
        for page in pages:
            visit.go(begin + page)
    maple = f"/staff/classes/{who['maple']}"
    for path in ("/staff", maple, f"{maple}/progress", f"{maple}/expectations", "/staff/unheard", "/staff/check-ins",
                 "/staff/contact-made", f"{staff}/together/new/going-well", f"{staff}/good-news"):
        bell.go(path)
    for path in ("/head", "/office/school", "/office/school/year", "/office/school/strengths",
                 "/office/school/agreement", "/office/school/promise", "/office/school/check-ins"):
        head.go(path)
    faults = [fault for visit in (amira, karim, bell, sam, lead, head) for fault in _look(chromium, visit)]
    assert not faults, "\n".join(sorted(set(faults)))


def _sam_comes_in(chromium: Browser, trust: Trust, bell: Visit, class_id: str) -> Child:
    """The teacher makes a card; Sam types what stands on it."""
    bell.until_shown(f"/staff/classes/{class_id}/codes", "Sam Haddad", trust)
    bell.page.get_by_role("button", name="New code for Sam Haddad").click()
    return Child(chromium, trust, bell.page.locator(".t-card strong").last.inner_text())


def _sam_and_amira_keep_their_promises(sam: Child, amira: Visit, base: str) -> str:
    """Each says how their own step went; the address of the loop, below a child's page."""
    sam.go("/me/together").locator("a[href*='/me/together/']").filter(has_text="building").first.click()
    sam.press("Done")
    loop = "/together/" + sam.page.url.rpartition("/")[2]
    amira.go(base + loop)
    amira.press("Done")
    return loop


def _bell_closes_it(bell: Visit, here: str) -> None:
    bell.go(here)
    bell.follow("Close it")
    bell.page.get_by_label("What helped?").fill("One plan for Monday mornings, the same wherever Sam wakes up.")
    bell.page.get_by_label("What did not help yet?").fill("Mondays after holidays.")
    bell.page.get_by_label("We celebrate").check()
    bell.press("Send")
    expect(bell.page.get_by_role("status")).to_contain_text("It is closed")


def _karim_says_thank_you(karim: Visit, here: str) -> None:
    karim.go(here)
    expect(karim.page.locator("body")).to_contain_text("Something to celebrate")
    expect(karim.page.locator("body")).not_to_contain_text("Amira")
    karim.follow("Say thank you")
    karim.page.get_by_role("textbox").fill("Thank you for the register job.")
    karim.press("Send")
    expect(karim.page.locator("body")).to_contain_text("Thank you for the register job.")


def _sam_keeps_something_back(sam: Child, bell: Visit, amira: Visit, base: str, staff: str) -> None:
    """A child's 'not yet' reaches nobody; the yes does."""
    words = "I want to sit by the window."
    sam.go("/me/notes/new")
    sam.page.get_by_role("textbox").fill(words)
    sam.page.get_by_label("Please don't share this yet").check()
    sam.page.get_by_role("main").get_by_role("button").first.click()
    for visit, path in ((bell, staff), (amira, base)):
        visit.go(path)
        expect(visit.page.locator("body")).not_to_contain_text(words)
    sam.go("/me/notes").get_by_role("link", name="Say yes: share it").first.click()
    sam.page.get_by_label("My teacher").check()
    sam.page.get_by_role("main").get_by_role("button").first.click()
    bell.go(staff)
    expect(bell.page.locator("body")).to_contain_text(words)
    amira.go(base)
    expect(amira.page.locator("body")).not_to_contain_text(words)


def _a_note_goes_to_the_lead(trust: Trust, amira: Visit, bell: Visit, lead: Visit, base: str) -> None:
    """What the teacher passes on is gone from the teacher's screen, and its author's says that it was read."""
    amira.go(f"{base}/updates/new")
    amira.page.get_by_label("Something else").check()
    amira.press("Go on")
    amira.page.get_by_role("textbox").fill("I saw something that frightened me.")
    amira.press("Go on")
    amira.page.get_by_label("The class teacher").check()
    amira.press("Go on")
    amira.page.get_by_label("This week").check()
    amira.press("Go on")
    amira.press("Send to school")
    bell.until_shown("/staff", "Something else", trust)
    bell.follow("Read it")
    bell.page.get_by_text("Are you worried that a child is not safe?").click()
    bell.follow("Pass this to the safeguarding lead")
    bell.page.get_by_role("textbox").first.fill("It sounded like more than a quarrel.")
    bell.press("Pass it on")
    bell.go("/staff")
    expect(bell.page.get_by_role("main")).not_to_contain_text("Something else")
    amira.go(base)
    told = amira.page.locator("section").filter(has=amira.page.locator("#told"))
    expect(told).to_contain_text("Something else Read")
    lead.go("/staff/safeguarding")
    lead.page.locator("a[href^='/staff/safeguarding/']").first.click()
    expect(lead.page.locator("body")).to_contain_text("I saw something that frightened me.")
