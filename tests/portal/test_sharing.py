"""How a parent would like appointments to be, and appointments that are by phone or of somebody else."""

from __future__ import annotations

from typing import Any

import pytest

from chassis.errors import NotFound
from tests.portal.house import AMIRA, House, page_of_sam, sam
from tests.portal.test_withdrawn import BELL, EVENING, SLOTS

KARIMS = {"whose": "other-home", "pupil": {"id": "p-sam", "given_name": "Sam"}, "staff": BELL, "place": "Room 9",
          "starts_at": "2026-12-03T16:40:00+00:00", "ends_at": "2026-12-03T16:50:00+00:00"}
MINE: dict[str, Any] = {
    **KARIMS, "id": "a-1", "evening_id": "e-1", "whose": "mine", "how": "phone", "place": "Room 7", "state": "booked",
    "starts_at": "2026-12-03T16:10:00+00:00", "ends_at": "2026-12-03T16:20:00+00:00"}


@pytest.fixture
def home(house: House) -> House:
    """Amira, who books for Sam, and what she sees of him."""
    house.hear(house.adult("amira-1"), house.rights("p-sam", "amira-1", "see", "book"))
    evening = {**EVENING, "pupils": [{"id": "p-sam", "given_name": "Sam"}]}
    tell = house.answers.tell
    tell("profiles", "GET", "/children", {"items": [sam()]})
    tell("profiles", "GET", "/pupils/p-sam/page", page_of_sam())
    tell("profiles", "GET", "/home", {"children": [sam()], "praise": []})
    tell("scheduling", "GET", "/pupils/p-sam/sharing", {"shows_times": True, "together": False})
    tell("scheduling", "PUT", "/pupils/p-sam/sharing", {"shows_times": False, "together": True})
    tell("scheduling", "GET", "/evenings", {"items": [evening]})
    tell("scheduling", "GET", "/appointments", {"items": [MINE, KARIMS]})
    tell("scheduling", "GET", "/home", {"evenings": [evening], "appointments": [MINE, KARIMS]})
    tell("scheduling", "GET", "/evenings/e-1/pupils/p-sam/slots", {**SLOTS, "evening": evening})
    return house


def test_a_parent_says_how_appointments_should_be_and_sees_only_their_own_wish(home: House) -> None:
    amira = home.sign_in(AMIRA)
    amira.open("/children/p-sam")
    form = amira.open(amira.page.link("How we do appointments"))
    assert "If everybody who books for Sam says yes" in form.text
    assert 'value="times" checked' in form.html
    assert 'value="together" checked' not in form.html
    assert "Saved" in amira.send(wish=["together"]).text
    assert [call.json for call in home.answers.sent("PUT", "/pupils/p-sam/sharing")] == [
        {"shows_times": False, "together": True}]


def test_the_page_has_no_word_on_whether_there_is_another_home(home: House) -> None:
    words = home.sign_in(AMIRA).open("/children/p-sam/sharing").text.casefold()
    assert [word for word in ("other home", "two homes", "other parent", "both", "karim") if word in words] == []


def test_who_may_not_book_has_no_such_page(home: House) -> None:
    home.answers.tell("profiles", "GET", "/children", {"items": [sam(book=False)]})
    home.answers.tell("profiles", "GET", "/pupils/p-sam/page", page_of_sam(book=False))
    home.answers.tell("scheduling", "GET", "/pupils/p-sam/sharing", NotFound())
    amira = home.sign_in(AMIRA)
    assert "How we do appointments" not in amira.open("/children/p-sam").text
    assert amira.open("/children/p-sam/sharing").status == 404


@pytest.mark.parametrize("path", ["/", "/children/p-sam", "/calendar", "/evenings/e-1/p-sam"])
def test_an_appointment_by_phone_has_no_room_and_another_one_has_no_way_to_change_it(home: House, path: str) -> None:
    page = home.sign_in(AMIRA).open(path)
    assert page.status == 200
    assert "By phone" in page.text
    assert "Room 7" not in page.text
    assert "Another appointment for Sam" in page.text
    assert "4:40pm" in page.text
    assert "Room 9" in page.text
    assert page.html.count('href="/evenings/e-1/p-sam"') == (0 if path.startswith("/evenings") else 1)
    assert page.text.count("Give it back") == (1 if path.startswith("/evenings") else 0)


@pytest.mark.parametrize("path", ["/", "/children/p-sam", "/calendar"])
def test_a_room_stands_beside_its_place_and_alone_where_the_page_names_the_place(home: House, path: str) -> None:
    mine = {**MINE, "how": "in-person", "room": "Room 7", "place": "The hall"}
    home.answers.tell("scheduling", "GET", "/appointments", {"items": [mine]})
    home.answers.tell("scheduling", "GET", "/home", {"evenings": [], "appointments": [mine]})
    amira = home.sign_in(AMIRA)
    assert "Room 7, The hall" in amira.open(path).text
    itinerary = amira.open("/evenings/e-1/p-sam").text
    assert ("Room 7" in itinerary, "Room 7, The hall" in itinerary) == (True, False)
    video = {**mine, "how": "video"}
    home.answers.tell("scheduling", "GET", "/appointments", {"items": [video]})
    home.answers.tell("scheduling", "GET", "/home", {"evenings": [], "appointments": [video]})
    assert ("By video" in amira.open(path).text, "Room 7" in amira.page.text) == (True, False)


def test_another_appointment_does_not_count_as_an_answer_to_the_invitation(home: House) -> None:
    evening = {**EVENING, "pupils": [{"id": "p-sam", "given_name": "Sam"}]}
    home.answers.tell("scheduling", "GET", "/home", {"evenings": [evening], "appointments": [KARIMS]})
    assert "Say when you can come" in home.sign_in(AMIRA).open("/").text
