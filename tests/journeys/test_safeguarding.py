"""Home names somebody, changes what it told, a teacher passes it on, and the lead hands it over: all through pages."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.browsing import Browser
from tests.journeys.house import Trust, open_trust
from tests.journeys.test_consents import bare
from tests.journeys.test_one_familys_day import import_sample
from tests.journeys.test_pages import AMIRA, BELL, KARIM, OFFICE

LEAD, HEAD = "safeguarding@oakfield.example", "head@oakfield.example"
WORDS, WHY = "Sam is alone at home in the evenings. <b>مرحبا</b> 💛", "He told me so himself."
SAFE = "If a child is in danger now, call 999."


@pytest.fixture(params=["embedded", "deployed"])
def trust(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Trust]:
    yield from open_trust(request, request.param, tmp_path)


def test_what_a_teacher_passes_on_is_the_leads_and_the_parents_page_stays(trust: Trust) -> None:
    import_sample(trust)
    amira, bell, lead = trust.sign_in(AMIRA), trust.sign_in(BELL), trust.sign_in(LEAD)
    trust.until(lambda: "Sam" in amira.open("/").text)
    own = _home_names_somebody(amira)
    _and_changes_it(amira, own)
    update = own.rsplit("/", 1)[1]
    bell.open(f"/staff/safeguarding/pass?kind=update&id={update}")
    assert SAFE in bell.page.text
    missing = bell.send()
    assert missing.status == 422
    assert "Say in your own words why" in missing.text
    assert "It is not on your pages any more." in bell.send(why=WHY).text
    assert bell.open(f"/staff/updates/{update}").status == 404
    assert "Grace Bell" in amira.open(own).text
    assert "passed" not in amira.page.text.casefold()
    assert "safeguarding lead" not in amira.page.text
    here = _the_lead_opens_it(lead)
    _and_hands_it_over(lead, here)
    for who in (OFFICE, HEAD, BELL, AMIRA, KARIM):
        visitor = trust.sign_in(who)
        absent = bare(visitor.open("/staff/safeguarding/nowhere"))
        for path in (here, f"{here}/hand-over", f"{here}/file"):
            assert bare(visitor.open(path)) == absent, (who, path)
        assert visitor.open("/staff/safeguarding").status == visitor.open("/nowhere").status, who
        assert "alone at home" not in visitor.page.text


def _home_names_somebody(amira: Browser) -> str:
    child = amira.open(amira.page.link("Sam"))
    step = amira.open(child.link("Share an update"))
    amira.send(kind=step.choice("kind", "Something else"))
    assert SAFE in amira.page.text
    amira.send(words="Sam is alone.")
    named = amira.page.choice("audience", "People I choose")
    assert "Choose at least one person" in amira.send(audience=named).text
    amira.send(audience=named, staff_ids=amira.page.choice("staff_ids", "Grace Bell"))
    check = amira.send(until=amira.page.choice("until", "Until half-term"))
    assert "People I choose: Grace Bell" in check.text
    assert SAFE in check.text
    sent = amira.send()
    assert "School has your update" in sent.text
    assert re.search(r"School will read this by \w+ \d+ \w+, 4:00pm", sent.text)
    assert SAFE in sent.text
    return sent.path


def _and_changes_it(amira: Browser, own: str) -> None:
    """From two pages: the slower one sees both versions, and loses nothing."""
    named = {"audience": "named", "until": "i-say"}
    form = amira.open(amira.page.link("Change it"))
    bell = form.choice("staff_ids", "Grace Bell")
    assert SAFE in form.text
    other = Browser(amira._client.application)
    other._client = amira._client  # another window of the same browser
    other.open(form.path)
    assert "School has it as you say it now" in other.send(words="Sam is alone a lot.", staff_ids=bell, **named).text
    slow = amira.send(words=WORDS, staff_ids=bell, **named)
    assert slow.status == 409
    assert "It was changed on another page a moment ago" in slow.text
    assert "Sam is alone a lot." in slow.text
    assert "&lt;b&gt;مرحبا&lt;/b&gt; 💛" in slow.html
    long = amira.send(words="x" * 2001, staff_ids=bell, **named)
    assert long.status == 422
    assert "x" * 2001 in long.html
    assert "School has it as you say it now" in amira.send(words=WORDS, staff_ids=bell, **named).text
    assert amira.page.path == own


def _the_lead_opens_it(lead: Browser) -> str:
    listed = lead.open("/staff/safeguarding")
    assert "Not opened yet" in listed.text
    found = lead.open(listed.link("Sam Haddad"))
    for words in ("Amira Haddad", "Grace Bell", WHY, "Something else"):
        assert words in found.text
    assert "&lt;b&gt;مرحبا&lt;/b&gt;" in found.html
    assert "Write a note" in lead.send().text
    assert "Your note is kept" in lead.send(words="Spoke with Sam.").text
    assert "Spoke with Sam." in lead.page.text
    return found.path


def _and_hands_it_over(lead: Browser, here: str) -> None:
    form = lead.open(lead.page.link("Hand it to the school"))
    file = lead.fetch(form.link("Take the file"))
    assert file.content_type == "application/zip"
    assert hashlib.sha256(file.data).hexdigest() in form.text
    missing = lead.send(reference="R-17")
    assert missing.status == 422
    assert 'value="R-17"' in missing.html
    done = lead.send(system="The school's system", reference="R-17")
    assert "The receipt is kept" in done.text
    assert "R-17" in done.text
    assert "Handed over" in lead.open("/staff/safeguarding").text


def test_the_school_sets_its_promise_and_sees_what_waits(trust: Trust) -> None:
    import_sample(trust)
    office, bell = trust.sign_in(OFFICE), trust.sign_in(BELL)
    page = office.open("/office/school/promise")
    saved = office.send(hours=page.choice("hours", "Within 2 school days"))
    assert "Saved" in saved.text
    assert 'value="48" checked' in saved.html
    assert "Nothing waits past its time." in office.open("/staff/updates/overdue").text
    assert bell.open("/office/school/promise").status == 404
    assert bell.open("/staff/updates/overdue").path == "/staff"  # where a teacher finds their own
