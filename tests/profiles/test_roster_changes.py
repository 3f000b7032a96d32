"""Files that hold changes alone, files with bad rows, and what is told when a child has left."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from services.profiles.people.models import Guardian, Pupil
from tests.profiles.test_roster_import import Trust, trust
from tests.profiles.test_roster_reading import FILES, LINK_HEADER, LINKS, packed

__all__ = ["trust"]
NAMES = ("sourcedId,status,dateLastModified,givenName,familyName,email,agentSourcedIds\n")


def first(trust: Trust) -> Any:
    report = trust.send(packed(FILES).getvalue(), create_schools=1)
    assert report["state"] == "applied"
    return report


def delta(trust: Trust, **files: str) -> Any:
    """The report of school A, of a file of changes."""
    report = trust.send(packed(files, mode="delta").getvalue(), confirm=1)
    assert report["state"] == "applied", report
    return next(school for school in report["result"]["schools"] if school["school"] == "school-a")


def people(trust: Trust, model: Any) -> dict[str, Any]:
    with trust.service.database.unit_of_work("school-a", write=False) as uow:
        return {row.given_name: row for row in uow.all(sa.select(model))}


def test_a_file_of_changes_builds_on_what_was_imported_before(trust: Trust) -> None:
    first(trust)
    report = delta(
        trust,
        users=NAMES + "g1,active,2026-11-24,Gil,One,new@families.example,\np3,active,2026-11-24,Ada,New,,g1\n",
        roles="userSourcedId,roleType,role,orgSourcedId,status,dateLastModified\np3,primary,student,A,active,2026-11-24\n",
        enrollments="classSourcedId,schoolSourcedId,userSourcedId,role,status,dateLastModified\n"
                    "c1,A,p3,student,active,2026-11-24\n")
    assert report["problems"] == []
    assert (report["guardians"]["changed"], report["pupils"]["added"], report["pupils"]["ended"]) == (1, 1, 0)
    assert (report["enrolments"]["added"], report["relationships"]["added"]) == (1, 1)
    assert people(trust, Guardian)["Gil"].email == "new@families.example"
    assert people(trust, Pupil)["Pia"].status == "current"


def test_a_file_of_changes_that_names_nobody_known_says_so(trust: Trust) -> None:
    first(trust)
    report = delta(
        trust, relationships=LINK_HEADER.replace("\n", ",status\n") + "p1,nobody,parent,yes,none,yes,1,active\n")
    assert report["relationships"]["added"] == 0
    (problem,) = report["problems"]
    assert (problem["file"], problem["line"]) == ("relationships.csv", 2)
    assert "not in the file" in problem["reason"]


def test_a_pair_that_a_file_of_changes_deletes_has_no_right_left(trust: Trust) -> None:
    first(trust)
    report = delta(
        trust, relationships=LINK_HEADER.replace("\n", ",status\n") + "p1,g1,parent,yes,none,yes,1,tobedeleted\n")
    assert report["relationships"]["ended"] == 1
    assert not any(trust.facts("tandem.profiles.rights.computed.v1")[-1]["windows"].values())


def test_a_row_that_belongs_to_no_school_is_told_too_and_counted(trust: Trust) -> None:
    users = FILES["users"] + "g9,Lost,Soul,lost@families.example,,,,,\n,No,Id,,,,,,\n"
    report = trust.send(packed({**FILES, "users": users}).getvalue(), create_schools=1)
    schools = report["result"]["schools"]
    told = [(item["file"], item["line"], item["column"]) for school in schools for item in school["problems"]]
    assert ("users.csv", 7, "sourcedId") in told
    assert ("users.csv", 8, "sourcedId") in told
    assert len(set(told)) == len(told)


def test_a_pupil_whose_row_is_bad_counts_as_a_pupil_who_was_refused(trust: Trust) -> None:
    roles = FILES["roles"] + "p7,primary,student,A\n"
    report = trust.send(packed({**FILES, "roles": roles}).getvalue(), create_schools=1)
    assert sum(school["pupils"]["refused"] for school in report["result"]["schools"]) == 1


def test_a_child_who_has_left_or_died_takes_every_right_away_and_those_who_must_know_are_named(trust: Trust) -> None:
    first(trust)
    before = len(trust.facts("tandem.profiles.rights.computed.v1"))
    delta(trust, users=NAMES + "p1,deceased,2026-11-24,Pia,One,,g1\n",
          enrollments="classSourcedId,schoolSourcedId,userSourcedId,role,status,dateLastModified\n"
                      "c1,A,p1,student,tobedeleted,2026-11-24\n")
    assert people(trust, Pupil)["Pia"].status == "left"
    changed = trust.facts("tandem.profiles.rights.computed.v1")[before:]
    assert changed
    assert not any(windows for fact in changed for windows in fact["windows"].values())
    (left,) = trust.facts("tandem.profiles.pupil.left.v1")
    assert len(left["staff_ids"]) == 1  # s1, who taught the class and leads on safeguarding


def test_who_chose_what_a_silent_file_means_is_kept_with_the_report(trust: Trust) -> None:
    silent = {**FILES, "relationships": LINKS.replace("metadata.contactRestriction", "metadata.other")}
    asked = trust.send(packed(silent).getvalue(), create_schools=1)
    assert asked["result"]["restrictions_absent"] == {"taken_as": "unknown", "chosen_by": None}
    chosen = trust.send(packed(silent).getvalue(), restrictions_absent="none", chosen_by="Ada of IT", confirm=1)
    assert chosen["result"]["restrictions_absent"] == {"taken_as": "none", "chosen_by": "Ada of IT"}
    spoken = trust.send(packed(FILES).getvalue(), confirm=1)
    assert "restrictions_absent" not in spoken["result"]
