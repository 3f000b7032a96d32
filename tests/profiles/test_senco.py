"""A SENCO: by a table, by search, and over HTTP. They see the children who have support, and nobody else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from services.profiles.classes.models import Enrolment
from services.profiles.people.models import Pupil, StaffMember
from services.profiles.relationships.rules import Duty, concerns
from tests.profiles.house import House, open_house

SENCO, SAM, OPENING = "s-senco", "/pupils/p-sam", {
    "going_well": "Reads", "worries": "", "support": "", "is_child_in": False, "review_on": "2026-12-15",
    "audience": "all"}
PLACES = ("", "/page", "/about-me", "/strategies", "/partnerships", "/homes", "/balance", "/praise", "/progress")


def employ(house: House, *roles: str) -> None:
    with house.service.database.unit_of_work("oakfield") as uow:
        uow.add(StaffMember(id=SENCO, given_name="Wren", family_name="Staff", email=None, roles=list(roles),
                            status="current"))


@pytest.fixture(autouse=True)
def employed(request: pytest.FixtureRequest) -> None:
    if "house" in request.fixturenames:
        employ(request.getfixturevalue("house"), "senco")


def support(house: House, status: str, version: int = 0, who: str = SENCO, pupil: str = "p-sam") -> Any:
    return house.call("PUT", f"/pupils/{pupil}/support", who, {"status": status, "plan_reference": "EHC 12"},
                      **{"If-Match": f'"{version}"'})


@pytest.mark.parametrize(("duty", "expected"), [
    (Duty(), False), (Duty(answers_for_school=True), True), (Duty(teaches=True), True), (Duty(is_senco=True), False),
    (Duty(is_senco=True, has_support=True), True), (Duty(has_support=True), False),
    (Duty(is_senco=True, teaches=True), True), (Duty(teaches=True, has_support=True), True),
], ids=["nobody", "for the whole school", "who teaches the child", "a SENCO, of a child without support",
        "a SENCO, of a child with it", "a colleague who is no SENCO, of a child with it",
        "a SENCO who teaches the child", "a teacher of a child with support"])
def test_who_of_staff_has_to_do_with_a_child_by_a_table(duty: Duty, expected: bool) -> None:
    assert concerns(duty) is expected


@given(st.booleans(), st.booleans(), st.booleans(), st.booleans())
def test_support_opens_a_child_to_a_senco_and_closes_a_child_to_nobody(
        whole: bool, teaches: bool, is_senco: bool, has: bool) -> None:
    before, after = Duty(whole, teaches, is_senco, False), Duty(whole, teaches, is_senco, has)
    assert concerns(after) >= concerns(before)
    if concerns(after) != concerns(before):
        assert is_senco
        assert has
    assert concerns(Duty(whole, teaches, False, has)) == concerns(Duty(whole, teaches))


def test_a_senco_finds_any_child_by_name_and_sees_those_who_have_support(house: House) -> None:
    missing = house.call("GET", "/pupils/p-nobody", SENCO)
    for place in PLACES:
        reply = house.call("GET", f"{SAM}{place}", SENCO)
        assert (reply.status_code, reply.data) == (404, missing.data), place
    assert house.call("GET", "/support", SENCO).json["items"] == []
    (found,) = house.call("GET", "/support?find=had sam", SENCO).json["items"]
    assert (found["pupil"]["id"], found["status"], "guardian" in str(found)) == ("p-sam", "none", False)
    assert house.call("GET", f"{SAM}/support", SENCO).json["pupil"]["given_name"] == "Sam"
    assert support(house, "sen-support").status_code == 200
    assert {place: house.call("GET", f"{SAM}{place}", SENCO).status_code for place in PLACES} == dict.fromkeys(
        PLACES, 200)
    assert [item["pupil"]["id"] for item in house.call("GET", "/support", SENCO).json["items"]] == ["p-sam"]
    assert house.call("GET", "/pupils/p-zoe", SENCO).status_code == 404
    assert house.call("GET", "/classes/c-maple", SENCO).status_code == 404
    assert house.call("GET", f"{SAM}/family", SENCO).status_code == 404
    support(house, "none", 1)
    for place in PLACES:
        assert house.call("GET", f"{SAM}{place}", SENCO).data == missing.data, place


def test_what_names_its_readers_stays_with_them(house: House) -> None:
    support(house, "ehc-plan")
    update = house.call("POST", f"{SAM}/updates", "g-amira", {
        "kind": "sleep", "words": "Slept badly", "audience": "class", "until": "week"}).json
    note = house.call("POST", f"{SAM}/notes", "p-sam", {"words": "For my teacher", "audience": "school"}).json
    private = house.call("POST", f"{SAM}/about-me/entries", "g-amira", {
        "section": "help", "words": "He hits me", "audience": "school"}).json
    assert house.call("GET", f"/updates/{update['id']}", SENCO).status_code == 404
    assert house.call("GET", f"/notes/{note['id']}", SENCO).status_code == 404
    assert house.call("GET", f"{SAM}/notes", "s-bell").json["items"]
    assert house.call("GET", f"{SAM}/notes", SENCO).json["items"] == []
    assert house.call("GET", f"/about-me/entries/{private['id']}", SENCO).status_code == 200
    passed = house.call("POST", "/safeguarding/matters", "s-bell", {
        "kind": "about-me", "entry_id": private["id"], "why": "Looks unsafe"})
    assert passed.status_code == 201, passed.json
    assert house.call("GET", f"/about-me/entries/{private['id']}", SENCO).status_code == 404
    assert house.call("GET", "/safeguarding/matters", SENCO).status_code == 404


def test_recording_is_the_sencos_and_the_leads_and_one_who_is_late_is_told(house: House) -> None:
    assert support(house, "ehc-plan", who="s-bell").status_code == 404
    assert house.call("GET", "/support", "s-bell").status_code == 404
    assert support(house, "ehc-plan").status_code == 200
    assert support(house, "none").status_code == 412
    assert house.call("GET", f"{SAM}/support", SENCO).json["version"] == 1
    assert house.call("GET", SAM, SENCO).status_code == 200, "what was refused has changed nothing"
    assert support(house, "none", 1, "s-office").status_code == 200
    assert house.call("GET", SAM, SENCO).status_code == 404
    assert support(house, "ehc-plan", pupil="p-nobody").status_code == 404
    changes = house.call("GET", f"{SAM}/guardians/g-amira/history", "s-office").json["items"]
    assert [(item["what"], item["by"]) for item in changes if item["what"] == "support"] == [
        ("support", "Office Staff"), ("support", "Wren Staff")]
    reads = house.call("GET", f"{SAM}/reads", "s-dsl").json["items"]
    assert {("senco", "support"), ("senco", "page")} <= {(item["role"], item["what"]) for item in reads}


def test_a_child_who_has_left_is_not_found(house: House) -> None:
    support(house, "ehc-plan")
    with house.service.database.unit_of_work("oakfield") as uow:
        uow.get(Pupil, "p-sam").status = "left"
    assert house.call("GET", "/support?find=Sam", SENCO).json["items"] == []
    assert house.call("GET", "/support", SENCO).json["items"] == []
    assert house.call("GET", SAM, SENCO).status_code == 404
    assert house.call("GET", f"{SAM}/support", SENCO).status_code == 404
    assert support(house, "none", 1).status_code == 404


def test_pages_of_names_follow_one_another_and_a_cursor_holds_no_name(house: House) -> None:
    page = house.call("GET", "/support?find=a&limit=1", SENCO).json
    assert [item["pupil"]["id"] for item in page["items"]] == ["p-sam"]
    after = page["after"]
    assert after == "p-sam"
    rest = house.call("GET", f"/support?find=a&limit=1&after={after}", SENCO).json
    assert ([item["pupil"]["id"] for item in rest["items"]], rest["after"]) == (["p-zoe"], None)
    assert house.call("GET", "/support?after=nobody", SENCO).status_code == 422


def test_what_a_senco_led_goes_on_with_the_childs_teacher_when_support_ends(house: House) -> None:
    support(house, "ehc-plan")
    led = house.call("POST", f"{SAM}/partnerships", SENCO, OPENING).json
    joined = house.call("POST", f"{SAM}/partnerships", "s-bell", OPENING).json
    asked = house.call("POST", f"/partnerships/{joined['id']}/joiners", "g-amira", {
        "role": "senco", "words": "Somebody who knows"}).json["joiners"][0]
    colleagues = house.call("GET", f"/partnerships/{joined['id']}/colleagues", "s-bell").json["items"]
    assert [one["id"] for one in colleagues if "senco" in one["roles"]] == [SENCO]
    house.call("POST", f"/partnerships/{joined['id']}/joiners/{asked['id']}", "s-bell", {"staff_id": SENCO})
    assert {item["id"] for item in house.call("GET", "/partnerships", SENCO).json["items"]} == {
        led["id"], joined["id"]}
    support(house, "none", 1)
    assert [item["id"] for item in house.call("GET", "/partnerships", SENCO).json["items"]] == [joined["id"]]
    assert house.call("GET", f"/partnerships/{led['id']}", SENCO).status_code == 404
    assert house.call("GET", f"/partnerships/{joined['id']}", SENCO).status_code == 200
    assert house.call("GET", f"/partnerships/{led['id']}", "s-bell").json["lead"] == "Bell Staff"


class Sees(RuleBasedStateMachine):
    """Support and classes change in any order, also twice over: the SENCO sees what the last word of each says."""

    house: House
    version = 0

    def __init__(self) -> None:
        super().__init__()
        type(self).version += support(self.house, "none", self.version).status_code == 200
        self.teach(False)
        self.status, self.teaches = "none", False

    @rule(status=st.sampled_from(["none", "sen-support", "ehc-plan"]), by=st.sampled_from([SENCO, "s-office"]),
          stale=st.booleans())
    def record(self, status: str, by: str, stale: bool) -> None:
        reply = support(self.house, status, self.version - stale, by)
        assert reply.status_code == (412 if stale else 200)
        if not stale:
            type(self).version += 1
            self.status = status

    @rule(does=st.booleans())
    def teach(self, does: bool) -> None:
        with self.house.service.database.unit_of_work("oakfield") as uow:
            row = uow.get(Enrolment, "c-maple", SENCO)
            if does and row is None:
                uow.add(Enrolment(class_id="c-maple", person_id=SENCO, role="teacher"))
            if not does and row is not None:
                uow.session.delete(row)
        self.teaches = does

    @invariant()
    def sees(self) -> None:
        expected = 200 if self.teaches or self.status != "none" else 404
        assert self.house.call("GET", SAM, SENCO).status_code == expected
        assert self.house.call("GET", SAM, "s-other").status_code == 404
        assert self.house.call("GET", "/pupils/p-zoe", SENCO).status_code == 404


def test_a_senco_sees_what_the_last_word_says_whatever_came_before(tmp_path: Path) -> None:
    house = open_house(tmp_path)
    employ(house, "senco", "teacher")
    machine = type("Machine", (Sees,), {"house": house})
    run_state_machine_as_test(machine, settings=settings(
        max_examples=15, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)))
    house.service.database.close()
