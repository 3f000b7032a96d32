"""A SENCO through the pages: a child is found by name, seen while support is recorded, and then seen no more."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.house import Trust, open_trust
from tests.journeys.test_one_familys_day import OAKFIELD, import_sample, people

OFFICE = ("office", "staff", ("office",))


@pytest.fixture(params=["embedded", "deployed"])
def trust(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Trust]:
    yield from open_trust(request, request.param, tmp_path)


def senco_of(trust: Trust) -> str:
    """The teacher of Willow, whom the sample's roster calls SENCO too."""
    classes = trust.call("profiles", "GET", f"/{OAKFIELD}/classes", OFFICE).json["items"]
    willow = next(found["id"] for found in classes if found["title"] == "Willow")
    child = trust.call("profiles", "GET", f"/{OAKFIELD}/classes/{willow}", OFFICE).json["pupils"][0]["id"]
    return str(trust.call("profiles", "GET", f"/{OAKFIELD}/pupils/{child}", OFFICE).json["staff"][0]["id"])


def test_a_senco_sees_a_child_from_the_day_support_is_recorded_until_it_ends(trust: Trust) -> None:
    import_sample(trust)
    sam, staff_id = people(trust)["sam"], senco_of(trust)
    talks, teacher = f"/{OAKFIELD}/pupils/{sam}/check-ins", (staff_id, "staff", ("senco", "teacher"))
    wren = trust.sign_in(f"{OAKFIELD}:{staff_id}")
    assert wren.open(f"/staff/pupils/{sam}").status == 404
    wren.open(wren.open("/staff").link("Support for special needs"))
    assert "No support is recorded yet" in wren.page.text
    wren.open(wren.open("/staff/support?find=haddad").link("Sam Haddad"))
    assert "Saved" in wren.send(status="ehc-plan", plan_reference="EHC 12").text
    page = wren.open(wren.page.link("Sam Haddad"))
    assert (page.status, "Good news" in page.text) == (200, True)
    assert "EHC 12" in wren.open(f"/staff/pupils/{sam}/about-me").text
    assert wren.open(f"/staff/pupils/{sam}/together").status == 200
    trust.until(lambda: trust.call("scheduling", "GET", talks, teacher).status_code == 200)
    assert wren.open(f"/staff/pupils/{sam}/check-ins").status == 200
    wren.open(f"/staff/pupils/{sam}/about-me/support")
    assert "No support is recorded yet" in wren.send(status="none").text
    for place in ("", "/about-me", "/together"):
        assert wren.open(f"/staff/pupils/{sam}{place}").status == 404
    trust.until(lambda: trust.call("scheduling", "GET", talks, teacher).status_code == 404)
