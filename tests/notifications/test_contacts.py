"""Our copy of what profiles says: the newest version wins, erasure erases, tables are as the history makes them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from chassis.migrate import migrate
from tests.notifications.house import ALWAYS, VERSIONS, House, build_house, house

__all__ = ["house"]
EVENTS = Path(__file__).parents[2] / "contracts" / "events"


def test_a_new_address_is_used_from_then_on_even_for_what_is_queued(house: House) -> None:
    house.hear(house.praise())
    house.hear(house.guardian("mother", "new@home.invalid"))
    house.pump()
    assert len(house.office.to("new@home.invalid")) == 1
    assert house.office.to("mother@home.invalid") == []


def test_an_older_snapshot_that_comes_late_changes_nothing(house: House) -> None:
    late = replace(house.guardian("mother", "old@home.invalid"), version=1)
    house.hear(late, replace(house.rights("sam", "uncle", receive=ALWAYS), version=2), house.pupil("kim"))
    house.hear(house.praise())
    house.pump()
    assert len(house.office.to("mother@home.invalid")) == 1
    assert house.notices("uncle") == []


def test_the_last_of_several_snapshots_in_one_batch_is_the_one_that_counts(house: House) -> None:
    house.hear(house.pupil("sam", "Samuel"), house.pupil("sam", "Sammy"), house.pupil("kim", "Kim"))
    house.hear(house.praise())
    assert house.notices("mother")[0]["pupil"]["given_name"] == "Sammy"


def test_an_erased_guardian_is_written_to_no_more(house: House) -> None:
    house.hear(house.praise())
    house.hear(house.state("guardian.described.v1", "mother", None))
    house.pump()
    assert house.office.to("mother@home.invalid") == []
    assert house.states() == ["sent", "unreachable"]


def test_an_erased_pair_may_hear_nothing(house: House) -> None:
    house.hear(house.praise())
    house.hear(house.state("rights.computed.v1", "sam:father", None))
    assert house.notices("father") == []
    house.pump()
    assert house.office.to("father@home.invalid") == []


def test_an_erased_child_is_named_no_more(house: House) -> None:
    house.hear(house.appointment("booked"))
    house.hear(house.state("pupil.described.v1", "sam", None))
    assert house.notices("mother") == []
    (notice,) = house.notices("shaw", "staff")
    assert notice["pupil"] is None


def test_one_school_knows_nothing_of_anothers_people(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/two.db"
    migrate(url, VERSIONS)
    two = build_house(url, ("oakfield", "elm"))
    two.settle()
    two.hear(replace(two.praise(), school="elm", after=0), two.state("heartbeat.sent.v1", "heartbeat", {}, "elm"))
    two.pump()
    assert two.office.letters == []
    assert two.notices("mother") == []
    two.service.database.close()


def test_the_operator_sees_how_old_our_copy_is(house: House) -> None:
    house.clock.advance(seconds=7)
    reply = house.client.get("/schools/oakfield/status", headers=house.keys.header("op", "operator", ""))
    assert reply.json["projection_age_s"] == 7.0


def test_every_sample_of_the_facts_that_are_heard_can_be_handled(house: House) -> None:
    for kind in house.service.subscriptions.handlers:
        _, service, fact = kind.split(".", 2)
        sample = EVENTS / service / f"{fact}.sample.json"
        if sample.exists():
            told = json.loads(sample.read_text())
            house.hear(replace(house.state("", told["key"], told["data"]), type=kind))


def test_a_first_copy_of_many_pairs_is_kept(house: House) -> None:
    pairs = [house.rights(f"pupil-{number}", "mother", receive=ALWAYS) for number in range(300)]
    house.hear(*pairs)
    house.hear(house.praise("praise-9", "pupil-299"))
    assert [notice["about_id"] for notice in house.notices("mother")] == ["praise-9"]
