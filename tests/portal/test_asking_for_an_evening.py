"""A parent asks for a whole evening at once: what scheduling refuses is said at its field, with every answer kept."""

from __future__ import annotations

from typing import Any

import pytest

from chassis.errors import Conflict, Invalid, Unavailable
from tests.portal.house import AMIRA, House

SAM = {"id": "p-sam", "given_name": "Sam", "family_name": "Haddad"}
BELL = {"id": "bell-1", "given_name": "Grace", "family_name": "Bell"}
EVENING: dict[str, Any] = {
    "id": "e-1", "title": "Spring evening", "on": "2026-12-10", "from": "16:00", "to": "19:00", "slot_minutes": 10,
    "respond_by": "2026-12-04", "place": "The hall", "starts_at": "2026-12-10T16:00:00+00:00", "way": "book",
    "ends_at": "2026-12-10T19:00:00+00:00", "class_ids": [], "pupils": [SAM], "state": "open"}
ANSWERS = {"talk": "p-sam bell-1", "how": "phone", "call_on": "01632 960 001", "needs": "bsl"}


@pytest.mark.parametrize(("refused", "status", "field", "words"), [
    (Unavailable(), 503, "talk", "Your words are still here"),
    (Conflict("Nothing is free."), 409, "talk", "Nothing is free."),
    (Invalid(errors={"/needs/0": "There is none."}), 422, "needs", "There is none."),
    (Invalid(errors={"/not_times/0": "Not so.", "/not_times/1": "Nor so."}), 422, "not_from", "Not so."),
    (Invalid(errors={"/unheard-of": "Not like this."}), 422, "talk", "Not like this."),
    (Invalid("Not at all."), 422, "talk", "Not at all.")])
def test_what_is_refused_is_said_at_its_field(
        house: House, refused: Exception, status: int, field: str, words: str) -> None:
    house.hear(house.adult("amira-1"), house.rights("p-sam", "amira-1", "see", "book"))
    tell = house.answers.tell
    tell("scheduling", "GET", "/evenings/e-1", EVENING)
    tell("scheduling", "GET", "/evenings/e-1/itineraries", {"items": []})
    tell("scheduling", "GET", "/evenings/e-1/pupils/p-sam/slots", {
        "evening": EVENING, "needs": ["bsl"], "staff": [{**BELL, "ways": ["in-person", "phone"], "slots": []}]})
    tell("scheduling", "POST", "/evenings/e-1/itineraries", refused)
    visitor = house.sign_in(AMIRA)
    visitor.open("/evenings/e-1/ask")
    page = visitor.send("/evenings/e-1/ask", **ANSWERS)
    assert page.status == status
    assert f'href="#{field}"' in page.html
    assert words in page.text
    assert "Nor so." not in page.text
    assert 'value="01632 960 001"' in page.html
