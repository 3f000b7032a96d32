"""An evening in a real browser: one BSL interpreter for three families, and a family without e-mail by the office.

Without JavaScript, on one platform; axe looks at the office's pages for a family who rings and at no others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, expect

from chassis.adapters.bus_embedded import EmbeddedBus
from services.portal.accounts.models import Membership
from services.portal.trust_work import trust_work
from tests.journeys.house import SERVICES, Trust
from tests.journeys.test_in_chromium import Visit
from tests.journeys.test_one_familys_day import OAKFIELD, import_sample, people
from tests.journeys.test_pages import BELL, OFFICE
from tests.journeys.test_planning import LaterClock
from tests.journeys.test_wishes import open_plan
from tests.parts.browser import list_faults, serve
from tests.parts.migrated import new_sqlite
from tests.parts.postgres import free_port

pytestmark = pytest.mark.browser
BSL, THREE_TALKS = "An interpreter for British Sign Language", ("16:00", "16:30")
Adult = dict[str, str]


@pytest.fixture
def trust(tmp_path: Path) -> Iterator[Trust]:
    port = free_port()
    urls = {service: new_sqlite(service, tmp_path / f"{service}.db") for service in SERVICES}
    made = Trust(EmbeddedBus(tmp_path / "bus.db"), urls, tmp_path, f"http://127.0.0.1:{port}", clock=LaterClock())
    made.start()
    with serve(made.pages, port):
        yield made
    made.stop()


def test_one_interpreter_for_three_families_and_one_family_by_the_office(trust: Trust, chromium: Browser) -> None:
    import_sample(trust)
    who = people(trust)
    evening = open_plan(trust, who)
    desks = set_up(trust, evening, who)
    four, quiet, child = choose_families(trust, evening, who)
    for number, adult in enumerate(four):
        wish_online(Visit(chromium, trust, f"{OAKFIELD}:{adult['id']}"), evening, desks[number % 2])
    wish_by_office(Visit(chromium, trust, OFFICE), evening, quiet, desks[0])
    trust.clock.ahead = timedelta(days=8)  # type: ignore[attr-defined]
    trust.until(lambda: trust.call("scheduling", "GET", f"/{OAKFIELD}/home", who["amira"]).status_code == 200)
    office = Visit(chromium, trust, OFFICE)
    make_and_publish(trust, office, evening)
    the_interpreter_is_in_one_place_at_a_time(trust, chromium, (evening, desks), four)
    print_by_office(office, evening, (quiet, child))
    faults = look(chromium, office)
    assert not faults, "\n".join(sorted(set(faults)))


def set_up(trust: Trust, evening: str, who: dict[str, Any]) -> list[str]:
    """The head is in the hall too, for everybody; and an interpreter for as long as three talks take."""
    here = f"/{OAKFIELD}/evenings/{evening}"
    staff = trust.call("scheduling", "GET", f"{here}/blocks", who["office"]).json["staff"]
    head = next(one["id"] for one in staff if one["family_name"] == "Cole")
    made = trust.call("scheduling", "POST", f"{here}/blocks", who["office"], json={
        "staff_ids": [head], "from": "16:00", "to": "18:00", "slot_minutes": 10, "open_to": "all",
        "ways": ["in-person"]})
    assert made.status_code == 201, made.text
    tag = trust.call("scheduling", "GET", f"{here}/resources", who["office"]).json["tag"]
    headers = {**trust.keys.header("office", "staff", OAKFIELD, ("office",)), "If-Match": f'"{tag}"'}
    kept = trust.clients["scheduling"].put(f"/schools{here}/resources", headers=headers, json={"items": [
        {"kind": "bsl", "language": "", "name": "Ms Lane", "units": 1, "from": THREE_TALKS[0],
         "to": THREE_TALKS[1]}]})
    assert kept.status_code == 200, kept.text
    return [who["bell"][0], head]


def choose_families(trust: Trust, evening: str, who: dict[str, Any]) -> tuple[list[Adult], Adult, Adult]:
    """Four adults of different children, Amira among them; and one whom no e-mail reaches, with their child."""
    items = trust.call("scheduling", "GET", f"/{OAKFIELD}/evenings/{evening}/forms?limit=100", who["office"]).json[
        "items"]
    with trust_work(trust.portal.database, "who has no e-mail", write=False) as work:
        mails = {row.person_id: row.email for row in work.all(sa.select(Membership).where(
            Membership.hat == "guardian", Membership.school_id == OAKFIELD))}
    chosen, children = list[Adult](), set[str]()
    for item in sorted(items, key=lambda item: item["guardian"]["id"] != who["amira"][0]):
        mine = {child["id"] for child in item["children"]}
        if mails.get(item["guardian"]["id"]) and not mine & children:
            children |= mine
            chosen.append(item["guardian"])
    quiet = next(item for item in items if not mails.get(item["guardian"]["id"]))
    return chosen[:4], quiet["guardian"], quiet["children"][0]


def wish_online(parent: Visit, evening: str, teacher: str) -> None:
    """For a talk with an interpreter, at any time of the evening."""
    page = parent.go(f"/evenings/{evening}/wishes")
    page.get_by_label("Yes", exact=True).check()
    page.locator(f"select[name$='-{teacher}']").first.select_option("1")
    page.get_by_label(BSL).check()
    parent.press("Check it")
    parent.press("Send it to school")
    expect(page.get_by_role("status")).to_contain_text("School has your wishes")


def wish_by_office(office: Visit, evening: str, adult: Adult, teacher: str) -> None:
    """A family who rings: the office finds them and writes down what they say."""
    page = office.go(f"/office/evenings/{evening}/wishes/{adult['id']}")
    page.get_by_label("Yes", exact=True).check()
    page.locator(f"select[name$='-{teacher}']").first.select_option("1")
    page.get_by_label("Not before").select_option("17:00")
    office.press("Check it")
    office.press("Send it to school")


def make_and_publish(trust: Trust, office: Visit, evening: str) -> None:
    office.go(f"/office/evenings/{evening}/plan")
    office.press("Make the plan")
    office.until_shown(f"/office/evenings/{evening}/plan", "Publish this plan", trust)
    office.follow("Publish this plan")
    office.press("Publish it and tell families")
    expect(office.page.get_by_role("status")).to_contain_text("The times are everybody's now")


def the_interpreter_is_in_one_place_at_a_time(trust: Trust, chromium: Browser, at: tuple[str, list[str]],
                                              four: list[Adult]) -> None:
    """Three have a talk, one after the other, and their teachers see the need; the fourth is told why, plainly."""
    evening, desks = at
    spans = []
    for desk in desks:
        night = trust.call("scheduling", "GET", f"/{OAKFIELD}/evenings/{evening}/night/desks/{desk}",
                           (desk, "staff", ("teacher",))).json
        spans += [(item["starts_at"], item["ends_at"]) for item in night["items"] if "bsl" in item["needs"]]
    assert len(spans) == 3
    assert all(earlier[1] <= later[0] for earlier, later in pairwise(sorted(spans)))
    bell = Visit(chromium, trust, BELL)
    expect(bell.go(f"/staff/evenings/{evening}/night").locator("body")).to_contain_text("BSL interpreter")
    why = f"/evenings/{evening}/why"
    without = [adult for adult in four
               if "no time this evening" in trust.sign_in(f"{OAKFIELD}:{adult['id']}").open(why).text]
    assert len(without) == 1
    fourth = Visit(chromium, trust, f"{OAKFIELD}:{without[0]['id']}").go(why)
    expect(fourth.locator("main")).to_contain_text(re.compile(
        r"What you need was not free when \S+ \S+ was: BSL interpreter\."))


def print_by_office(office: Visit, evening: str, family: tuple[Adult, Adult]) -> None:
    """Found by name, looked at, one time changed, and on one sheet of paper."""
    name, child = (f"{one['given_name']} {one['family_name']}" for one in family)
    office.go(f"/office/evenings/{evening}")
    office.follow("A family who rings")
    office.page.get_by_label("The name of the child or the adult").fill(name)
    office.press("Find")
    office.follow(child)
    if office.page.get_by_role("link", name=name).count():
        office.follow(name)
    adults_page = office.page.url
    office.follow("Change the time")
    times = office.page.get_by_role("radio")
    chosen = times.last.evaluate("radio => radio.labels[0].innerText.trim()").split(" to ")[0]
    times.last.check()
    office.press("Change it to this time")
    expect(office.page.get_by_role("status")).to_contain_text("Booked")
    office.follow("Give it back")
    office.page.goto(adults_page)
    office.follow("Find times for the whole evening")
    office.page.locator("input[name='talk']").last.check()
    office.press("Find times")
    expect(office.page.get_by_role("timer")).to_contain_text("5 minutes left")
    office.press("Book these times")
    office.follow("Print their evening")
    expect(office.page.locator("main")).to_contain_text(chosen)
    expect(office.page.get_by_role("heading", level=1)).to_have_text(f"The evening of {name}")
    assert len(re.findall(rb"/Type\s*/Page\b", office.page.pdf(format="A4"))) == 1


def look(chromium: Browser, office: Visit) -> list[str]:
    """Each page for a family who rings, with JavaScript: by axe on a phone, in turn in the light and in the dark."""
    faults: list[str] = []
    context = chromium.new_context(storage_state=office.context.storage_state())
    page = context.new_page()
    for number, address in enumerate(one for one in office.seen if "/families" in one):
        page.emulate_media(color_scheme="dark" if number % 2 else "light")
        page.goto(address)
        for width in (1280, 320, 360):
            page.set_viewport_size({"width": width, "height": 800})
            if page.evaluate("document.documentElement.scrollWidth > innerWidth + 1"):
                faults.append(f"{width} {address}: wider than the screen")
        faults += [f"{address}: {fault}" for fault in list_faults(page)]
    context.close()
    return faults
