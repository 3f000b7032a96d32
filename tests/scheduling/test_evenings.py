"""Evenings are opened, booked and cancelled; one slot has one holder, and one adult is at one place at a time."""

from __future__ import annotations

import threading
from typing import Any

import pytest
import sqlalchemy as sa

from chassis.timers import sweep
from services.scheduling.appointments.actions import BookSlot, book_slot
from tests.scheduling.house import EVENING, House, each_house, house

__all__ = ["each_house", "house"]


def test_an_evening_has_a_slot_for_each_teacher_at_each_time(house: House) -> None:
    evening = house.open_evening()
    assert evening["class_ids"] == ["oak", "ash"]
    assert (evening["on"], evening["from"], evening["to"]) == ("2026-11-26", "16:00", "16:30")
    slots = house.slots(evening, "mum", "mina")
    assert set(slots) == {"ama", "noa"}
    assert [slot["starts_at"][11:16] for slot in slots["ama"]] == ["16:00", "16:10", "16:20"]
    assert {slot["state"] for slot in slots["ama"]} == {"free"}


def test_the_head_reads_every_evening_and_changes_none(house: House) -> None:
    evening = house.open_evening()
    head, teacher = house.staff("nel", "head"), house.staff("nel", "teacher")
    assert [item["id"] for item in house.call(head, "GET", "/evenings").json["items"]] == [evening["id"]]
    assert house.call(teacher, "GET", "/evenings").json["items"] == []
    assert house.call(head, "POST", f"/evenings/{evening['id']}/cancel").status_code == 404
    assert house.call(head, "POST", "/evenings", EVENING).status_code == 404


def test_an_opened_evening_is_announced_with_its_pupils(house: House) -> None:
    evening = house.open_evening(class_ids=["oak"])
    assert house.facts() == [("evening.opened", {
        "evening_id": evening["id"], "on": "2026-11-26", "respond_by": "2026-11-25", "way": "book",
        "pupil_ids": ["mina", "sam"]})]


def test_local_times_become_the_right_instants_in_winter_and_summer(house: House) -> None:
    winter = house.open_evening()
    summer = house.open_evening(on="2027-06-10", respond_by="2027-06-01")
    assert winter["starts_at"] == "2026-11-26T16:00:00+00:00"
    assert summer["starts_at"] == "2027-06-10T15:00:00+00:00"


@pytest.mark.parametrize(("changes", "field"), [
    ({"on": "2026-11-23", "respond_by": "2026-11-22"}, "/on"),
    ({"on": "2026-11-24", "from": "08:00", "to": "10:00", "respond_by": "2026-11-24"}, "/from"),
    ({"on": "9999-12-31"}, "/on"),
    ({"from": "22:00", "to": "02:00"}, "/to"),
    ({"from": "16:00", "to": "16:00"}, "/to"),
    ({"from": "00:00", "to": "24:30"}, "/to"),
    ({"slot_minutes": 0}, "/slot_minutes"),
    ({"slot_minutes": 61}, "/slot_minutes"),
    ({"slot_minutes": 45}, "/slot_minutes"),
    ({"slot_minutes": "ten"}, "/slot_minutes"),
    ({"respond_by": "2026-11-27"}, "/respond_by"),
    ({"respond_by": "2026-11-01"}, "/respond_by"),
    ({"class_ids": ["oak", "beech"]}, "/class_ids"),
    ({"class_ids": ["elm"]}, "/class_ids"),
    ({"class_ids": []}, "/class_ids"),
    ({"title": "   "}, "/title"),
    ({"on": "2027-03-28", "from": "01:30", "to": "04:00"}, "/from"),
])
def test_an_impossible_evening_is_refused_with_words_about_the_field(house: House, changes: Any, field: str) -> None:
    body = {"title": "Evening", "on": "2026-11-26", "from": "16:00", "to": "16:30", "slot_minutes": 10,
            "class_ids": ["oak"], "respond_by": "2026-11-25", "place": "Hall", **changes}
    reply = house.call(house.office, "POST", "/evenings", body)
    assert reply.status_code == 422
    assert field in [error["pointer"] for error in reply.json["errors"]]
    assert house.facts() == []


def test_a_class_without_a_teacher_is_named_to_the_office(house: House) -> None:
    reply = house.call(house.office, "POST", "/evenings", {
        "title": "E", "on": "2026-11-26", "from": "16:00", "to": "17:00", "slot_minutes": 10, "class_ids": ["elm"],
        "respond_by": "2026-11-25", "place": "Hall"})
    assert "no teacher yet: Elm" in reply.json["detail"]


def test_a_booking_is_an_appointment_for_both_sides(house: House) -> None:
    evening = house.open_evening()
    slot = house.slots(evening, "mum", "mina")["ama"][1]
    reply = house.book(evening, "mum", "mina", slot)
    assert reply.status_code == 201
    assert reply.json["pupil"] == {"id": "mina", "given_name": "Mina"}
    assert reply.json["staff"] == {"id": "ama", "given_name": "Ama", "family_name": "Osei"}
    assert (reply.json["state"], reply.json["place"], reply.json["starts_at"]) == (
        "booked", "Main hall", slot["starts_at"])
    for who in (house.guardian("mum"), house.staff("ama", "teacher")):
        assert [item["id"] for item in house.call(who, "GET", "/appointments").json["items"]] == [reply.json["id"]]
    sheet = house.call(house.staff("ama", "teacher"), "GET", f"/evenings/{evening['id']}/staff/ama/appointments")
    assert sheet.json["items"][0]["pupil"]["family_name"] == "Vale"
    assert [name for name, _ in house.facts()] == ["evening.opened", "appointment.booked"]


def test_another_adult_sees_only_that_a_slot_is_taken(house: House) -> None:
    evening = house.open_evening()
    slot = house.slots(evening, "mum", "mina")["ama"][0]
    house.book(evening, "mum", "mina", slot)
    assert house.slots(evening, "mum", "mina")["ama"][0]["state"] == "yours"
    path = f"/evenings/{evening['id']}/pupils/mina/slots"
    reply = house.call(house.guardian("dad"), "GET", path)
    assert "mum" not in reply.text
    assert house.slots(evening, "dad", "mina")["ama"][0]["state"] == "taken"
    assert house.call(house.guardian("dad"), "GET", "/appointments").json["items"] == []


def test_of_two_who_want_one_slot_at_once_exactly_one_gets_it(each_house: House) -> None:
    house = each_house
    evening = house.open_evening()
    slot = house.slots(evening, "mum", "mina")["ama"][0]
    gate, replies = threading.Barrier(2), []

    def want(guardian: str, pupil: str) -> None:
        gate.wait()
        replies.append(house.book(evening, guardian, pupil, slot))

    threads = [threading.Thread(target=want, args=pair) for pair in (("mum", "mina"), ("gran", "sam"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(reply.status_code for reply in replies) == [201, 409]
    lost = next(reply for reply in replies if reply.status_code == 409)
    assert lost.json["detail"] == "Someone took 4:00pm a moment ago. These are free: 4:10pm, 4:20pm."


def test_one_adult_cannot_be_with_two_teachers_at_once(each_house: House) -> None:
    house = each_house
    evening = house.open_evening()
    house.book(evening, "mum", "mina", house.slots(evening, "mum", "mina")["ama"][0])
    reply = house.book(evening, "mum", "leo", house.slots(evening, "mum", "leo")["tom"][0])
    assert reply.status_code == 409
    assert reply.json["detail"] == ("You already have an appointment at 4:00pm. These are free: 4:10pm, 4:20pm.")
    by_office = house.call(house.office, "POST", f"/evenings/{evening['id']}/pupils/leo/appointments", {
        "slot_id": house.slots(evening, "mum", "leo")["tom"][0]["id"], "guardian_id": "mum"})
    assert by_office.json["detail"].startswith("They already have an appointment at 4:00pm.")


def test_one_adult_cannot_be_at_two_evenings_that_overlap(house: House) -> None:
    first, second = house.open_evening(), house.open_evening(**{"from": "16:05", "class_ids": ["ash"]})
    assert house.book(first, "mum", "mina", house.slots(first, "mum", "mina")["ama"][0]).status_code == 201
    assert house.book(second, "mum", "leo", house.slots(second, "mum", "leo")["tom"][0]).status_code == 409
    assert len(house.call(house.guardian("mum"), "GET", "/appointments").json["items"]) == 1


def test_one_adult_who_books_twice_at_once_is_at_one_place(each_house: House) -> None:
    house = each_house
    first, second = house.open_evening(), house.open_evening(**{"from": "16:05", "class_ids": ["ash"]})
    wishes = ((first, "mina", house.slots(first, "mum", "mina")["ama"][0]),
              (second, "leo", house.slots(second, "mum", "leo")["tom"][0]))
    gate, replies = threading.Barrier(2), []

    def want(evening: Any, pupil: str, slot: Any) -> None:
        gate.wait()
        replies.append(house.book(evening, "mum", pupil, slot).status_code)

    threads = [threading.Thread(target=want, args=wish) for wish in wishes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(replies) == [201, 409]


def test_only_the_childs_own_teachers_can_be_booked(house: House) -> None:
    evening = house.open_evening()
    foreign = house.slots(evening, "mum", "leo")["tom"][0]
    assert house.book(evening, "mum", "mina", foreign).status_code == 404


def test_a_time_that_has_gone_by_cannot_be_booked(house: House) -> None:
    evening = house.open_evening()
    slot = house.slots(evening, "mum", "mina")["ama"][0]
    house.clock.advance(days=2, hours=7, minutes=1)
    house.beat()
    reply = house.book(evening, "mum", "mina", slot)
    assert reply.status_code == 409
    assert reply.json["detail"].startswith("4:00pm has gone by. These are free: 4:10pm")


def test_the_same_booking_sent_twice_with_one_key_counts_once(house: House) -> None:
    evening = house.open_evening()
    slot = house.slots(evening, "mum", "mina")["ama"][0]
    path = f"/evenings/{evening['id']}/pupils/mina/appointments"
    replies = [house.call(house.guardian("mum"), "POST", path, {"slot_id": slot["id"]}, **{"Idempotency-Key": "k1"})
               for _ in range(2)]
    assert [reply.status_code for reply in replies] == [201, 201]
    assert replies[0].json == replies[1].json
    assert len(house.facts()) == 2


def test_a_cancelled_slot_is_free_again(house: House) -> None:
    evening = house.open_evening()
    slot = house.slots(evening, "mum", "mina")["ama"][0]
    made = house.book(evening, "mum", "mina", slot).json
    path = f"/appointments/{made['id']}/cancel"
    assert house.call(house.guardian("dad"), "POST", path).status_code == 404
    assert house.call(house.guardian("mum"), "POST", path).json["state"] == "cancelled"
    assert house.call(house.office, "POST", path).status_code == 200  # again: nothing more happens
    assert house.book(evening, "dad", "mina", slot).status_code == 201
    assert [(name, data.get("cause")) for name, data in house.facts()][1:] == [
        ("appointment.booked", None), ("appointment.cancelled", "guardian"), ("appointment.booked", None)]
    assert house.facts()[2][1]["sequence"] == 1


def test_a_restricted_adult_gets_the_bytes_of_a_missing_child(house: House) -> None:
    evening = house.open_evening()
    barred = house.guardian("barred")
    for method, rest, body in (("GET", "slots", None), ("POST", "appointments", {"slot_id": "x"})):
        replies = [house.call(barred, method, f"/evenings/{evening['id']}/pupils/{pupil}/{rest}", body)
                   for pupil in ("mina", "nobody")]
        assert replies[0].status_code == replies[1].status_code == 404
        assert replies[0].data == replies[1].data
        assert replies[0].headers["Content-Type"] == replies[1].headers["Content-Type"]
    assert house.call(barred, "GET", "/evenings").json == {"items": [], "after": None}
    assert house.call(barred, "GET", f"/evenings/{evening['id']}").status_code == 404


def test_evenings_are_listed_for_those_whom_they_concern(each_house: House) -> None:
    house = each_house
    evening = house.open_evening(class_ids=["ash"])
    seen = {name: [item["id"] for item in house.call(who, "GET", "/evenings").json["items"]] for name, who in {
        "mum": house.guardian("mum"), "dad": house.guardian("dad"), "tom": house.staff("tom", "teacher"),
        "ama": house.staff("ama", "teacher"), "office": house.office}.items()}
    assert seen == {"mum": [evening["id"]], "dad": [], "tom": [evening["id"]], "ama": [], "office": [evening["id"]]}
    mine = house.call(house.guardian("mum"), "GET", f"/evenings/{evening['id']}").json
    assert mine["pupils"] == [{"id": "leo", "given_name": "Leo"}]


def test_a_run_sheet_is_for_its_teacher_and_the_office(house: House) -> None:
    evening = house.open_evening()
    path = f"/evenings/{evening['id']}/staff/ama/appointments"
    assert house.call(house.staff("ama", "teacher"), "GET", path).status_code == 200
    assert house.call(house.office, "GET", path).status_code == 200
    assert house.call(house.staff("tom", "teacher"), "GET", path).status_code == 404
    assert house.call(house.guardian("mum"), "GET", path).status_code == 404


def test_losing_the_right_cancels_what_is_ahead_and_frees_the_slot(each_house: House) -> None:
    house = each_house
    evening = house.open_evening()
    slots = house.slots(evening, "mum", "mina")["ama"]
    house.book(evening, "mum", "mina", slots[0])
    house.book(evening, "dad", "mina", slots[1])
    house.tell(house.let("mum", "mina", []))
    assert house.facts()[-1][0] == "appointment.cancelled"
    assert house.facts()[-1][1]["cause"] == "right_ended"
    assert [slot["state"] for slot in house.slots(evening, "dad", "mina")["ama"]] == ["free", "yours", "free"]
    assert house.call(house.guardian("mum"), "GET", "/appointments").json["items"] == []


def test_a_booking_made_while_the_right_is_lost_does_not_survive(each_house: House) -> None:
    house = each_house
    evening = house.open_evening()
    slot = house.slots(evening, "mum", "mina")["ama"][0]
    loss = threading.Thread(target=house.tell, args=(house.let("mum", "mina", []),))
    with house.service.database.unit_of_work("oakfield") as uow:
        book_slot(uow, BookSlot(evening["id"], "mina", slot["id"], "mum"))
        uow.flush()
        loss.start()
        loss.join(0.3)  # it gets as far as it can: it must wait for this booking, and then see it
    loss.join()
    assert [name for name, _ in house.facts()][1:] == ["appointment.booked", "appointment.cancelled"]
    assert house.slots(evening, "dad", "mina")["ama"][0]["state"] == "free"


def test_a_restriction_that_begins_later_bites_on_time_by_itself(house: House) -> None:
    evening = house.open_evening()
    house.tell(house.let("mum", "mina", [[None, "2026-11-25T00:00:00+00:00"]]))
    assert house.book(evening, "mum", "mina", house.slots(evening, "mum", "mina")["ama"][0]).status_code == 201
    assert sweep(house.service.database, house.service.timers) == 0
    house.clock.advance(hours=15)
    assert sweep(house.service.database, house.service.timers) == 1
    assert house.facts()[-1][1]["cause"] == "right_ended"


def test_a_pupil_who_leaves_has_no_appointments(house: House) -> None:
    evening = house.open_evening()
    house.book(evening, "gran", "sam", house.slots(evening, "gran", "sam")["ama"][0])
    house.tell(house.state("pupil.described", "sam", {
        "id": "sam", "given_name": "Sam", "family_name": "Vale", "status": "left", "class_ids": ["oak"]}))
    assert house.facts()[-1][1]["cause"] == "pupil_left"


def test_while_rights_are_not_known_an_adult_is_asked_to_wait(house: House) -> None:
    evening = house.open_evening()
    slot = house.slots(evening, "mum", "mina")["ama"][0]
    house.clock.advance(seconds=61)
    for path in ("/appointments", "/evenings", f"/evenings/{evening['id']}/pupils/mina/slots"):
        reply = house.call(house.guardian("mum"), "GET", path)
        assert reply.status_code == 503
        assert reply.headers["Retry-After"]
    assert house.book(evening, "mum", "mina", slot).status_code == 503
    house.beat()
    assert house.book(evening, "mum", "mina", slot).status_code == 201


def test_another_school_sees_nothing_of_it(each_house: House) -> None:
    house = each_house
    evening = house.open_evening()
    stranger = house.keys.header("pat", "staff", "elmhurst", ["office"])
    assert house.call(stranger, "GET", "/schools/elmhurst/evenings").json["items"] == []
    assert house.call(stranger, "GET", f"/schools/elmhurst/evenings/{evening['id']}").status_code == 404
    assert house.call(stranger, "GET", f"/evenings/{evening['id']}").status_code == 404


def test_a_long_list_comes_in_pages(house: House) -> None:
    made = [house.open_evening(on=f"2026-12-0{day}")["id"] for day in (1, 2, 3)]
    first = house.call(house.office, "GET", "/evenings?limit=2").json
    rest = house.call(house.office, "GET", f"/evenings?limit=2&after={first['after']}").json
    assert [item["id"] for item in first["items"] + rest["items"]] == made
    assert rest["after"] is None
    assert house.call(house.office, "GET", "/evenings?after=nonsense").status_code == 422


def test_my_appointments_take_three_reads_however_many_there_are(house: House) -> None:
    evening = house.open_evening()
    for number, slot in enumerate(house.slots(evening, "mum", "mina")["ama"][:2]):
        assert house.book(evening, "mum", "mina", slot).status_code == 201, number
    statements: list[str] = []
    sa.event.listen(house.service.database.engine, "before_cursor_execute",
                    lambda *call: statements.append(call[2]))
    assert len(house.call(house.guardian("mum"), "GET", "/appointments").json["items"]) == 2
    assert len([text for text in statements if text.startswith("SELECT")]) == 3, "rights, mine, and what I would share"
