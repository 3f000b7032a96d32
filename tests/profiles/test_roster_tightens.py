"""A roster file tightens and never loosens, and shows what it would tighten before it does."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from services.profiles.people.models import Guardian
from services.profiles.relationships.models import Relationship
from tests.profiles.test_roster_changes import first
from tests.profiles.test_roster_import import Trust, trust
from tests.profiles.test_roster_reading import FILES, LINKS, packed

__all__ = ["trust"]
CALM, STRICT = "p1,g1,parent,yes,none", "p1,g1,parent,yes,restricted"


def send(trust: Trust, links: str, **options: Any) -> Any:
    """The report of school A of a whole file with these relationships."""
    report = trust.send(packed({**FILES, "relationships": links}).getvalue(), **options)
    return next(school for school in report["result"]["schools"] if school["school"] == "school-a")


def allowed(trust: Trust, name: str = "Gil") -> list[str]:
    with trust.service.database.unit_of_work("school-a", write=False) as uow:
        return list(uow.all(sa.select(Relationship).join(Guardian, Guardian.id == Relationship.guardian_id)
                            .where(Guardian.given_name == name))[0].allowed)


def restriction_of(trust: Trust, name: str = "Gil") -> dict[str, Any]:
    headers = trust.keys.header("s-office", "staff", "school-a", ["office"])
    found = trust.client.get("/schools/school-a/relationships", headers=headers).json["items"]
    pair = next(item for item in found if item["guardian"]["given_name"] == name)
    family = trust.client.get(f"/schools/school-a/pupils/{pair['pupil']['id']}/family", headers=headers).json
    (restriction,) = next(adult for adult in family["adults"]
                          if adult["guardian"]["given_name"] == name)["restrictions"]
    return dict(restriction)


def lift(trust: Trust, restriction_id: str) -> None:
    for who, path, body in (("s-office", "lifting", {"reason": "The file was wrong."}),
                            ("s-head", "lifting/confirm", None)):
        trust.client.post(f"/schools/school-a/restrictions/{restriction_id}/{path}", json=body,
                          headers=trust.keys.header(who, "staff", "school-a", ["office", "head"]))


def test_what_a_file_would_tighten_is_shown_by_name_before_it_is_done(trust: Trust) -> None:
    first(trust)
    before = allowed(trust)
    assert before
    report = send(trust, LINKS.replace(CALM, STRICT), dry_run=1)
    assert report["tightens"] == [{"pupil": "Pia One", "guardian": "Gil One"}]
    assert allowed(trust) == before, "a dry run does nothing"
    report = send(trust, LINKS.replace(CALM, STRICT), confirm=1)
    assert report["tightens"] == [{"pupil": "Pia One", "guardian": "Gil One"}]
    assert allowed(trust) == []
    assert "tightened" in [fact["kind"] for fact in trust.facts("tandem.profiles.alert.raised.v1")]


def test_a_file_that_says_none_again_loosens_nothing_and_says_so(trust: Trust) -> None:
    first(trust)
    send(trust, LINKS.replace(CALM, STRICT), confirm=1)
    report = send(trust, LINKS, confirm=1)
    assert (report["kept_strict"], report["tightens"], allowed(trust)) == (1, [], [])
    silent = LINKS.replace("metadata.contactRestriction", "metadata.other")
    send(trust, silent, confirm=1, restrictions_absent="none", chosen_by="Ada of IT")
    assert allowed(trust) == [], "a silent file leaves what is known"


def test_the_office_lifts_a_files_flag_by_two_and_the_same_flag_does_not_come_back(trust: Trust) -> None:
    first(trust)
    send(trust, LINKS.replace(CALM, STRICT), confirm=1)
    found = restriction_of(trust)
    assert (found["kind"], found["source"]) == ("roster flag", "roster")
    lift(trust, found["id"])
    assert allowed(trust) != []
    report = send(trust, LINKS.replace(CALM, STRICT), confirm=1)
    assert (report["tightens"], allowed(trust) != []) == ([], True)


def test_what_the_office_knows_better_stands_until_the_file_says_something_new(trust: Trust) -> None:
    first(trust)
    assert "consent" in allowed(trust)
    headers = trust.keys.header("s-office", "staff", "school-a", ["office"])
    pair = next(item for item in trust.client.get("/schools/school-a/relationships", headers=headers).json["items"]
                if item["guardian"]["given_name"] == "Gil")
    path = f"/schools/school-a/pupils/{pair['pupil']['id']}/guardians/{pair['guardian']['id']}"
    trust.client.put(path, headers=headers, json={
        "kind": "parent", "parental_responsibility": "no", "lives_with": "yes"})
    send(trust, LINKS, confirm=1)
    assert "consent" not in allowed(trust)
    send(trust, LINKS.replace(CALM, "p1,g1,parent,unknown,none"), confirm=1)
    send(trust, LINKS, confirm=1)
    assert "consent" in allowed(trust)


def test_of_two_rows_about_one_pair_the_stricter_counts(trust: Trust) -> None:
    first(trust)
    send(trust, LINKS + f"{STRICT},yes,1\n", confirm=1)
    assert allowed(trust) == []
    assert restriction_of(trust)["kind"] == "roster flag"
