"""The sample's evenings in a real browser: wishes of two homes, a plan and why, a re-plan, the night, and after it.

On a 360 px phone without JavaScript; every page that was visited is then looked at by axe, at two widths, light and
dark.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.house import Trust, open_trust
from tests.journeys.test_in_chromium import Visit, _look
from tests.journeys.test_one_familys_day import OAKFIELD, import_sample, people
from tests.journeys.test_pages import AMIRA, BELL, KARIM
from tests.parts.browser import serve
from tests.parts.postgres import free_port
from tests.tandem.test_sample_evenings import OFFICE, tell

pytestmark = pytest.mark.browser
OFFICE_DESK, HEAD = "office@oakfield.example", "head@oakfield.example"


@pytest.fixture
def trust(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Trust]:
    port = free_port()
    for made in open_trust(request, "embedded", tmp_path, f"http://127.0.0.1:{port}"):
        with serve(made.pages, port):
            yield made


def test_an_evening_in_each_state(trust: Trust, chromium: Browser) -> None:
    import_sample(trust)
    who = people(trust)
    tell(trust)
    evenings = {item["title"]: item["id"] for item in trust.call(
        "scheduling", "GET", f"/{OAKFIELD}/evenings", OFFICE).json["items"]}
    amira, karim, bell, office, head = (Visit(chromium, trust, one) for one in (AMIRA, KARIM, BELL, OFFICE_DESK, HEAD))
    _two_homes_wish_apart(amira, karim, evenings["Spring evening"], who)
    _bell_asks_whom_to_come(bell, evenings["Spring evening"])
    _the_office_writes_down_what_a_family_says(office, evenings["Spring evening"])
    _the_office_looks_whether_it_holds(trust, office, evenings["Spring evening"])
    _why(amira, bell, evenings["Reading and writing evening"])
    _a_teacher_is_ill(office, evenings["Reading and writing evening"])
    if "Autumn evening" in evenings:  # which is not there late in the evening
        _the_night_with_a_late_teacher(trust, (amira, bell, office), evenings["Autumn evening"])
    past = evenings["Settling-in evening"]
    office.go(f"/office/evenings/{past}/missed")
    head.go("/office/evenings")
    head.follow("Settling-in evening")
    expect(head.page).to_have_url(re.compile(f"/office/evenings/{past}/figures$"))
    head.follow("Who we missed")
    faults = [fault for visit in (amira, karim, bell, office, head) for fault in _look(chromium, visit)]
    assert not faults, "\n".join(sorted(set(faults)))


def _two_homes_wish_apart(amira: Visit, karim: Visit, evening: str, who: Any) -> None:
    """Amira says what she wishes; Karim's page, and his own wishes, say nothing of it."""
    amira.go(f"/evenings/{evening}/wishes")
    expect(amira.page.locator("body")).to_contain_text("would like to see you")
    expect(amira.page.locator("body")).not_to_contain_text("Karim")
    page = amira.page
    page.get_by_label("Yes", exact=True).check()
    page.locator(f"select[name='rank-{who['sam']}-{who['bell'][0]}']").select_option("1")
    page.locator(f"input[name='talk-{who['sam']}-{who['bell'][0]}']").fill("Reading at home")
    page.get_by_label("Polish", exact=False).first.check()
    amira.press("Check it")
    amira.press("Send it to school")
    expect(page.locator("body")).to_contain_text("Grace Bell")
    amira.go(f"/evenings/{evening}/how-it-works")
    karim.go(f"/evenings/{evening}/wishes")
    for words in ("Amira", "Reading at home", "Polish interpreter"):
        expect(karim.page.locator("body")).not_to_contain_text(words)


def _bell_asks_whom_to_come(bell: Visit, evening: str) -> None:
    bell.go(f"/staff/evenings/{evening}/marks")
    bell.page.locator("main a[href*='/marks/']").last.click()
    bell._note()
    bell.page.get_by_role("radio", name="Please come").check()
    bell.press("Keep it")
    expect(bell.page.get_by_role("status")).to_contain_text("Families will read it")


def _the_office_writes_down_what_a_family_says(office: Visit, evening: str) -> None:
    """A family without e-mail rings."""
    office.go("/office/evenings")
    office.go(f"/office/evenings/{evening}")
    office.go(f"/office/evenings/{evening}/wishes?answer=none")
    office.page.locator("main a[href*='/wishes/']").first.click()
    office._note()
    office.page.get_by_label("Yes", exact=True).check()
    office.page.locator("select[name^='rank-']").first.select_option("1")
    office.press("Check it")
    office.press("Send it to school")
    expect(office.page.locator("body")).to_contain_text("Yes")


def _the_office_looks_whether_it_holds(trust: Trust, office: Visit, evening: str) -> None:
    """A trial of the plan, while wishes still come in."""
    for page in ("arithmetic", "invited", "blocks", "needs", "aims"):
        office.go(f"/office/evenings/{evening}/{page}")
    office.go(f"/office/evenings/{evening}/plan")
    office.press("Make the plan")
    office.until_shown(f"/office/evenings/{evening}/plan", "wishes have a time", trust)
    expect(office.page.locator("body")).to_contain_text("this is a trial")


def _why(amira: Visit, bell: Visit, evening: str) -> None:
    """What became of each wish, in a sentence; and the teacher's list."""
    amira.go(f"/evenings/{evening}")
    amira.follow("Why these times")
    bell.go(f"/staff/evenings/{evening}")


def _a_teacher_is_ill(office: Visit, evening: str) -> None:
    """What would change is seen before it is confirmed, and then is as it was shown."""
    office.go(f"/office/evenings/{evening}/plan")
    office.go(f"/office/evenings/{evening}/replan")
    office.page.get_by_role("radio").first.check()
    office.page.get_by_label("Which teacher can't be there?").select_option(label="Grace Bell")
    office.press("Show what would change")
    expect(office.page.locator("body")).to_contain_text("Talks that change")
    office.press("Change it and tell them")
    expect(office.page.get_by_role("status")).to_contain_text("The changes are made")


def _the_night_with_a_late_teacher(trust: Trust, who: tuple[Visit, Visit, Visit], evening: str) -> None:
    """The teacher says how late she is; the family sees it, and the door notes that they have come."""
    amira, bell, office = who
    bell.go("/staff")
    bell.follow("Who is next")
    bell.page.get_by_label("I'm running late by").select_option("15")
    bell.press("Tell those who wait")
    expect(bell.page.locator("body")).to_contain_text("Running about 15 minutes late")
    amira.go("/")
    amira.follow("Where to go next")
    expect(amira.page).to_have_url(re.compile(f"/evenings/{evening}/night$"))
    amira.until_shown(f"/evenings/{evening}/night", "Running about 15 minutes late", trust)
    expect(amira.page.locator("body")).not_to_contain_text("Karim")
    office.go(f"/office/evenings/{evening}")
    office.follow("Tonight")
    office.page.get_by_role("button", name=re.compile("Has come.*Amira Haddad")).click()
    expect(office.page.locator("body")).to_contain_text("Here")
    bell.go(f"/staff/evenings/{evening}/night")
    expect(bell.page.locator("body")).to_contain_text("is here")
    bell.page.get_by_role("button", name=re.compile("We begin.*Sam Haddad")).click()
    expect(bell.page.locator("body")).to_contain_text("Now: Sam Haddad")
