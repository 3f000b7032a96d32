"""What is passed on to a safeguarding lead: locked, added to alone, handed over with a receipt, and opaque outside."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from typing import Any

import pytest
import sqlalchemy as sa

from chassis.db import idempotency_keys
from chassis.timers import sweep
from chassis.unit_of_work import Database
from services.profiles.safeguarding.actions import KINDS
from tandem.databases import migrate_service
from tests.fakes import FixedClock
from tests.profiles.house import House
from tests.profiles.test_wellbeing import UPDATE, share

WHY = "Sam said that he sleeps alone in the house."
MATTERS = "/safeguarding/matters"


def pass_on(house: House, update: Any, who: str = "s-bell", **more: Any) -> Any:
    return house.call("POST", MATTERS, who, {"kind": "update", "entry_id": update["id"], "why": WHY, **more})


def passed(house: House, **changes: Any) -> tuple[Any, str]:
    """(the update, the id of its matter)."""
    shared = share(house, **changes).json
    assert pass_on(house, shared).status_code == 201
    return shared, house.call("GET", MATTERS, "s-dsl").json["items"][0]["id"]


def show(house: House, matter_id: str) -> Any:
    return house.call("GET", f"{MATTERS}/{matter_id}", "s-dsl").json


def test_a_lead_opens_what_was_passed_on_with_its_words_and_why(house: House) -> None:
    _update, matter_id = passed(house)
    (item,) = house.call("GET", MATTERS, "s-dsl").json["items"]
    assert (item["state"], item["has_news"], item["pupil"]["given_name"]) == ("open", True, "Sam")
    found = show(house, matter_id)
    (entry,) = found["entries"]
    assert (entry["words"], entry["why"], entry["about"]) == (UPDATE["words"], WHY, "sleep")
    assert (found["author"], found["passed_by"]) == ("Amira Haddad", "Bell Staff")
    house.clock.advance(minutes=1)
    assert house.call("GET", MATTERS, "s-dsl").json["items"][0]["has_news"] is False


@pytest.mark.parametrize("who", ["s-head", "s-office", "s-bell", "g-amira", "p-sam"])
def test_nobody_but_a_lead_finds_the_room(house: House, who: str) -> None:
    _update, matter_id = passed(house)
    for method, path, body in (("GET", MATTERS, None), ("GET", f"{MATTERS}/{matter_id}", None),
                               ("GET", f"{MATTERS}/{matter_id}/file", None),
                               ("POST", f"{MATTERS}/{matter_id}/notes", {"words": "x"}),
                               ("POST", f"{MATTERS}/{matter_id}/answer", {}),
                               ("POST", f"{MATTERS}/{matter_id}/hand-over", {"system": "x"})):
        reply = house.call(method, path, who, body)
        assert (reply.status_code, reply.data) == (404, house.call("GET", f"{MATTERS}/nowhere", who).data)


@pytest.mark.parametrize("who", ["s-other", "s-office", "s-dsl", "s-head"])
def test_only_who_may_read_it_now_passes_it_on(house: House, who: str) -> None:
    shared = share(house).json
    there, absent = pass_on(house, shared, who), pass_on(house, {"id": "nowhere"}, who)
    assert (there.status_code, there.data) == (404, absent.data)
    assert house.call("GET", "/updates", "s-bell").json["items"] != []


def test_it_leaves_every_other_screen_and_is_not_passed_on_twice(house: House) -> None:
    shared, _matter_id = passed(house)
    assert house.call("GET", "/updates", "s-bell").json["items"] == []
    assert house.call("GET", "/pupils/p-sam/updates", "s-bell").json["items"] == []
    for method, path, body in (("GET", "", None), ("POST", "/acknowledge", {"reply": "x"})):
        absent = house.call(method, f"/updates/nowhere{path}", "s-bell", body)
        assert house.call(method, f"/updates/{shared['id']}{path}", "s-bell", body).data == absent.data
    assert pass_on(house, shared).status_code == 404
    house.clock.advance(hours=40)
    sweep(house.service.database, house.service.timers)
    assert house.facts("tandem.profiles.update.overdue.v1") == []
    assert house.call("GET", "/updates/overdue", "s-head").json["items"] == []


def test_what_is_announced_is_opaque_and_never_beside_the_entry(house: House) -> None:
    _update, matter_id = passed(house)
    assert house.facts("tandem.profiles.matter.passed.v1") == []
    house.clock.advance(minutes=59)
    sweep(house.service.database, house.service.timers)
    assert house.facts("tandem.profiles.matter.passed.v1") == []
    house.clock.advance(minutes=1)
    sweep(house.service.database, house.service.timers)
    assert house.facts("tandem.profiles.matter.passed.v1") == [{"matter_id": matter_id}]


def test_its_author_changes_and_takes_it_back_and_the_matter_keeps_every_version(house: House) -> None:
    shared, matter_id = passed(house)
    body = {"words": "It was nothing.", "audience": "class", "until": "week"}
    assert house.call("PUT", f"/updates/{shared['id']}", "g-amira", body, **{"If-Match": '"1"'}).status_code == 200
    assert house.call("GET", "/updates", "s-bell").json["items"] == []
    assert house.call("POST", f"/updates/{shared['id']}/withdraw", "g-amira").json["state"] == "ended"
    entries = show(house, matter_id)["entries"]
    assert [(entry["what"], entry["words"]) for entry in entries] == [
        ("passed", UPDATE["words"]), ("changed", "It was nothing."), ("withdrawn", "")]


def test_a_lead_answers_changed_words_in_the_name_that_home_knows(house: House) -> None:
    shared, matter_id = passed(house)
    path = f"{MATTERS}/{matter_id}/answer"
    assert show(house, matter_id)["waits_by"] is None
    assert house.call("POST", path, "s-dsl", {}).status_code == 409
    house.call("PUT", f"/updates/{shared['id']}", "g-amira", {"words": "More.", "audience": "class", "until": "week"},
               **{"If-Match": '"1"'})
    assert show(house, matter_id)["waits_by"].startswith("2026-11-25T16:00")
    assert house.call("POST", path, "s-dsl", {}).status_code == 201
    own = house.call("GET", f"/updates/{shared['id']}", "g-amira").json
    assert (own["state"], [seen["staff_name"] for seen in own["acknowledgements"]]) == ("acknowledged", ["Bell Staff"])
    assert [entry["what"] for entry in show(house, matter_id)["entries"]] == ["passed", "changed", "answered"]


def test_notes_are_added_and_reads_are_seen_by_leads_alone(house: House) -> None:
    _update, matter_id = passed(house)
    reply = house.call("POST", f"{MATTERS}/{matter_id}/notes", "s-dsl", {"words": "Spoke to Sam. \U0001f49b مرحبا"},
                       **{"Idempotency-Key": "note"})
    assert reply.json == {"id": matter_id}
    assert show(house, matter_id)["entries"][-1]["words"] == "Spoke to Sam. \U0001f49b مرحبا"
    assert [read["what"] for read in show(house, matter_id)["reads"]] == ["matter", "matter"]
    for who in ("g-amira", "g-karim"):
        opened = house.call("GET", "/pupils/p-sam/held", who).json["opened"]
        assert [item for item in opened if "Dsl" in item["staff_name"]] == []


def test_no_reply_that_is_kept_for_a_while_has_its_words(house: House) -> None:
    shared = share(house).json
    house.call("POST", MATTERS, "s-bell", {"kind": "update", "entry_id": shared["id"], "why": WHY},
               **{"Idempotency-Key": "once"})
    with house.service.database.unit_of_work("oakfield") as uow:
        kept = uow.connection.execute(sa.select(idempotency_keys.c.reply)).scalars().all()
    assert [json.loads(reply) for reply in kept] == [{"is_passed": True}]


def test_it_is_handed_over_with_a_receipt_for_the_very_file(house: House) -> None:
    _update, matter_id = passed(house, words="<b>Sam</b> & I")
    found, file = show(house, matter_id), house.call("GET", f"{MATTERS}/{matter_id}/file", "s-dsl").data
    assert hashlib.sha256(file).hexdigest() == found["digest"]
    with zipfile.ZipFile(io.BytesIO(file)) as pack:
        data = json.loads(pack.read("matter.json"))
        assert (data["child"], data["entries"][0]["words"], data["entries"][0]["why"]) == (
            "Sam Haddad", "<b>Sam</b> & I", WHY)
        assert "&lt;b&gt;Sam&lt;/b&gt;" in pack.read("matter.html").decode()
        assert hashlib.sha256(pack.read("matter.json")).hexdigest() in pack.read("README.txt").decode()
    receipt = {"system": "A system", "reference": "R-17", "words": "Taken by the duty lead.", "digest": found["digest"]}
    path = f"{MATTERS}/{matter_id}/hand-over"
    house.call("POST", f"{MATTERS}/{matter_id}/notes", "s-dsl", {"words": "One more thing."})
    assert house.call("POST", path, "s-dsl", receipt).status_code == 409
    receipt["digest"] = show(house, matter_id)["digest"]
    assert house.call("POST", path, "s-dsl", receipt).status_code == 201
    entry = show(house, matter_id)["entries"][-1]
    assert (entry["what"], entry["system"], entry["reference"], entry["digest"], entry["by"]) == (
        "handed", "A system", "R-17", receipt["digest"], "Dsl Staff")
    assert show(house, matter_id)["state"] == "handed"
    assert house.facts("tandem.profiles.matter.handed.v1") == [{"matter_id": matter_id}]


@pytest.mark.parametrize(("field", "value"), [("why", ""), ("why", "x" * 2001), ("child_told", "maybe")])
def test_a_bad_field_is_named_and_nothing_is_passed_on(house: House, field: str, value: str) -> None:
    shared = share(house).json
    reply = pass_on(house, shared, **{field: value})
    assert (reply.status_code, reply.json["errors"][0]["pointer"]) == (422, f"/{field}")
    assert house.call("GET", MATTERS, "s-dsl").json["items"] == []


def test_a_kind_that_is_not_there_is_an_entry_that_is_not_there(house: House) -> None:
    assert pass_on(house, share(house).json, kind="gossip").status_code == 404


def test_the_update_of_a_lead_alone_goes_from_the_leads_ordinary_screen_too(house: House) -> None:
    shared = share(house, audience="safeguarding").json
    assert pass_on(house, shared, "s-dsl").status_code == 201
    assert house.call("GET", "/updates", "s-dsl").json["items"] == []


def note(house: House, audience: str) -> str:
    reply = house.call("POST", "/pupils/p-sam/notes", "p-sam", {"words": "I am scared at home.", "audience": audience})
    assert reply.status_code == 201
    return str(reply.json["id"])


def test_a_child_is_told_by_a_person_first_or_it_is_said_why_that_could_not_wait(house: House) -> None:
    body = {"kind": "note", "entry_id": note(house, "school"), "why": WHY}
    untold = house.call("POST", MATTERS, "s-bell", body)
    assert (untold.status_code, untold.json["errors"][0]["pointer"]) == (422, "/child_told")
    assert house.call("GET", MATTERS, "s-dsl").json["items"] == []
    assert house.call("POST", f"/notes/{body['entry_id']}/read", "s-bell").status_code == 200
    own = house.call("GET", "/pupils/p-sam/notes", "p-sam").data
    assert house.call("POST", MATTERS, "s-bell", {**body, "child_told": "told"}).status_code == 201
    assert house.call("GET", "/pupils/p-sam/notes", "p-sam").data == own
    assert "scared" not in house.call("GET", "/pupils/p-sam/notes", "s-bell").get_data(as_text=True)
    (item,) = house.call("GET", MATTERS, "s-dsl").json["items"]
    (entry,) = show(house, item["id"])["entries"]
    assert (item["voice"], entry["words"], entry["child_told"]) == ("child", "I am scared at home.", "told")


def test_what_a_child_keeps_for_now_cannot_be_passed_on_by_its_id(house: House) -> None:
    body = {"kind": "note", "entry_id": note(house, "only-me"), "why": WHY, "child_told": "told"}
    absent = house.call("POST", MATTERS, "s-bell", {**body, "entry_id": "nowhere"})
    for kind in KINDS:
        assert house.call("POST", MATTERS, "s-bell", {**body, "kind": kind}).data == absent.data


@pytest.mark.parametrize("who", ["s-other", "g-amira", "p-sam"])
def test_an_entry_of_another_room_is_not_there_for_who_may_not_see_the_child(house: House, who: str) -> None:
    body = {"kind": "note", "entry_id": note(house, "school"), "why": WHY, "child_told": "told"}
    assert house.call("POST", MATTERS, who, body).status_code == 404


ROWS = {
    "matters": "(school_id, id, kind, entry_id, pupil_id, voice, author_id, written_at, passed_by, passed_at) VALUES "
               "('oakfield', 'm', 'update', 'e', 'p', 'home', 'g', '2026-11-24', 's', '2026-11-24')",
    "matter_entries": "(school_id, id, matter_id, what, by_id, words, at) VALUES "
                      "('oakfield', 'e', 'm', 'note', 's', 'x', '2026-11-24')",
    "matter_reads": "(school_id, id, matter_id, staff_id, what, read_at) VALUES "
                    "('oakfield', 'r', 'm', 's', 'matter', '2026-11-24')"}


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_the_database_itself_refuses_to_change_or_delete_what_is_kept(
        request: pytest.FixtureRequest, kind: str, tmp_path: Any) -> None:
    urls = [f"sqlite:///{tmp_path / 'profiles.db'}"]
    if kind == "sqlite":
        migrate_service("profiles", urls[0])
    else:
        owner, url = request.getfixturevalue("postgres_server").new_database("profiles")
        migrate_service("profiles", owner, str(sa.make_url(url).username))
        urls = [url, owner]  # the owner of the tables is refused as well
    databases = [Database(url, "profiles", FixedClock()) for url in urls]
    for table, row in ROWS.items():
        with databases[0].unit_of_work("oakfield") as uow:
            uow.connection.exec_driver_sql(f"INSERT INTO {table} {row}")
        for database in databases:
            refuses(database, table)
    for database in databases:
        database.close()


def refuses(database: Database, table: str) -> None:
    for statement in (f"UPDATE {table} SET school_id = 'oakfield'", f"DELETE FROM {table}"):
        with pytest.raises(sa.exc.DBAPIError, match="only added to"), database.unit_of_work("oakfield") as uow:
            uow.connection.exec_driver_sql(statement)
    with database.unit_of_work("oakfield", write=False) as uow:
        assert uow.connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() == 1
