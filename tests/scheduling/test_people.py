"""The projection of people ends in the same state, however its events arrive."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import sqlalchemy as sa

from chassis.db import freshness
from services.scheduling.people.models import ClassMember, Permission, Pupil, StaffMember
from tests.fakes import deliver
from tests.scheduling.house import ROOT, House, each_house, house

__all__ = ["each_house", "house"]
CONTRACTS = ROOT / "contracts/events"


def held(house: House) -> Any:
    """Everything that the projection holds, but for how fresh it is."""
    with house.service.database.unit_of_work("oakfield", write=False) as uow:
        return [sorted(map(repr, uow.rows(sa.select(*model.__table__.c).select_from(model))))
                for model in (Pupil, StaffMember, ClassMember, Permission)]


def pupil(name: str, version: int, house: House, **changes: Any) -> Any:
    return house.state("pupil.described", "mina", {
        "id": "mina", "given_name": name, "family_name": "Vale", "status": "current", "class_ids": ["ash"],
        **changes}, version)


def test_events_in_any_order_and_twice_end_in_the_same_state(each_house: House) -> None:
    house = each_house
    story = [pupil("Mina", 901, house), pupil("Mia", 902, house, class_ids=["oak", "ash"]),
             house.let("mum", "mina", [], 903), house.let("mum", "mina", [[None, None]], 904),
             pupil("Mia", 905, house, class_ids=["elm"])]
    house.tell(*story)
    wanted = held(house)
    house.tell(*story, *story)
    house.tell(*(house.state(item.type.removeprefix("tandem.profiles.").removesuffix(".v1"), item.key, item.data,
                             item.version) for item in reversed(story)))
    assert held(house) == wanted


def test_a_snapshot_that_arrives_after_a_newer_one_changes_nothing(house: House) -> None:
    house.tell(pupil("New", 950, house))
    house.tell(pupil("Old", 940, house, class_ids=["oak"]))
    with house.service.database.unit_of_work("oakfield", write=False) as uow:
        assert uow.get(Pupil, "mina").given_name == "New"
        assert uow.all(sa.select(ClassMember.class_id).where(ClassMember.person_id == "mina")) == ["ash"]


def test_an_erased_pupil_leaves_no_name_behind_and_does_not_come_back(house: House) -> None:
    evening = house.open_evening()
    house.book(evening, "mum", "mina", house.slots(evening, "mum", "mina")["ama"][0])
    late = pupil("Mina", 960, house)
    house.tell(house.state("pupil.described", "mina", None, 970), house.state("rights.computed", "mina:mum", None, 971))
    house.tell(late)
    assert "Mina" not in str(held(house))
    assert house.facts()[-1][1]["cause"] == "pupil_left"
    assert house.call(house.guardian("mum"), "GET", f"/evenings/{evening['id']}/pupils/mina/slots").status_code == 404


def test_a_thousand_snapshots_take_a_handful_of_statements(house: House) -> None:
    statements: list[str] = []
    sa.event.listen(house.service.database.engine, "before_cursor_execute",
                    lambda *call: statements.append(call[2]))
    pupils = [house.state("pupil.described", f"p{number}", {
        "id": f"p{number}", "given_name": "A", "family_name": "B", "status": "current", "class_ids": ["oak"]})
        for number in range(500)]
    rights = [house.let(f"g{number}", f"p{number}") for number in range(500)]
    house.tell(*pupils, *rights)
    assert len(statements) < 20
    house.tell(*(house.let(f"g{number}", f"p{number}", []) for number in range(500)))
    assert len(statements) < 30


def test_a_heartbeat_says_how_far_the_copy_is_true(house: House) -> None:
    house.clock.advance(seconds=30)
    house.beat()
    with house.service.database.across_schools("test", write=False) as connection:
        row = connection.execute(sa.select(freshness).where(freshness.c.school_id == "oakfield")).one()
    assert (row.source, row.version, row.as_of) == ("profiles", house.version, house.clock.now())


def test_no_contact_details_are_kept(house: House) -> None:
    assert "@" not in str(held(house))


SAMPLES = sorted(CONTRACTS.glob("*/*.sample.json"))


@pytest.mark.parametrize("path", [path for path in SAMPLES if path.parent.name == "scheduling"],
                         ids=lambda path: path.name)
def test_our_own_samples_are_as_their_contracts_say(path: Path) -> None:
    sample = json.loads(path.read_text())
    schema = json.loads(path.with_name(path.name.replace(".sample", "")).read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(sample["data"])
    assert sample["type"] == f"tandem.scheduling.{path.name.removesuffix('.sample.json')}"


def test_every_sample_of_profiles_state_can_be_read_here(house: House) -> None:
    for path in SAMPLES:
        sample = json.loads(path.read_text())
        if path.parent.name == "profiles" and sample["type"] in house.service.subscriptions.handlers:
            thing = sample["type"].removeprefix("tandem.profiles.").removesuffix(".v1")
            deliver(house.service, house.state(thing, sample["key"], sample["data"]))
    assert house.call(house.office, "GET", "/evenings").status_code == 200
