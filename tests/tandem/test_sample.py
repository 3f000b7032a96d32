"""What the made-up rosters promise to those who build on them."""

import zipfile
from datetime import date
from pathlib import Path

import pytest

from services.profiles.roster.reading import Relationship, Staged, stage
from tandem.sample import write_large, write_sample

TODAY = date(2026, 11, 24)
SCHOOLS = ("birchwood", "oakfield", "st-brigids")


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sample") / "roster.zip"
    write_sample(path, 7, TODAY)
    return path


def pairs(staged: Staged) -> list[Relationship]:
    return [pair for school in SCHOOLS for pair in staged.relationships(school)]


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(sample: Path, tmp_path: Path) -> None:
    write_sample(tmp_path / "again.zip", 7, TODAY)
    write_sample(tmp_path / "other.zip", 8, TODAY)
    assert (tmp_path / "again.zip").read_bytes() == sample.read_bytes()
    assert (tmp_path / "other.zip").read_bytes() != sample.read_bytes()


@pytest.mark.parametrize("seed", [1, 7, 23])
def test_three_schools_are_full_and_nothing_in_them_is_wrong(seed: int, tmp_path: Path) -> None:
    write_sample(tmp_path / "roster.zip", seed, TODAY)
    with stage(tmp_path / "roster.zip") as staged:
        assert [school.external_id for school in staged.schools()] == list(SCHOOLS)
        assert [len(list(staged.pupils(school))) for school in SCHOOLS] == [360, 180, 360]
        assert [staged.problems(school) for school in (*SCHOOLS, None)] == [[], [], [], []]


def test_every_school_has_a_head_an_office_a_safeguarding_lead_and_teachers(sample: Path) -> None:
    with stage(sample) as staged:
        for school in SCHOOLS:
            held = {role for member in staged.staff(school) for role in member.roles}
            assert held == {"aide", "dsl", "head", "office", "senco", "teacher"}
            assert [member.roles for member in staged.staff(school) if "senco" in member.roles] == [
                ("senco", "teacher")]


def test_the_haddads_are_two_homes_with_a_child_in_each_of_two_schools(sample: Path) -> None:
    with stage(sample) as staged:
        pupils = {pupil.external_id: pupil for school in SCHOOLS for pupil in staged.pupils(school)}
        adults = {adult.external_id: adult for school in SCHOOLS for adult in staged.guardians(school)}
        emails = {adult.email: adult.external_id for adult in adults.values()}
        amira, karim = emails["amira.haddad@families.example"], emails["karim.haddad@families.example"]
        children = {pair.pupil_external_id for pair in pairs(staged) if pair.guardian_external_id == amira}
        years = {(pupils[child].given_name, pupils[child].year_group) for child in children}
        assert years == {("Sam", "Year 2"), ("Nadia", "Year 8")}
        theirs = [pair for pair in pairs(staged) if pair.guardian_external_id in (amira, karim)]
        assert {(pair.parental_responsibility, pair.restriction) for pair in theirs} == {("yes", "none")}
        assert len(theirs) == 4


def test_grace_bell_teaches_maple_and_sam_is_in_it(sample: Path) -> None:
    with stage(sample) as staged:
        maple = next(group.external_id for group in staged.classes("oakfield") if group.title == "Maple")
        placed = {(entry.person_external_id, entry.role) for entry in staged.enrolments("oakfield")
                  if entry.class_external_id == maple}  # fmt: skip
        staff = {member.email: member for member in staged.staff("oakfield")}
        assert (staff["grace.bell@oakfield.example"].external_id, "teacher") in placed
        assert any("haddad" in person for person, _role in placed)
        joan = staff["office@oakfield.example"]
        assert (joan.given_name, joan.family_name, joan.roles) == ("Joan", "Price", ("office",))


def test_hard_cases_are_few_and_all_there(sample: Path) -> None:
    with stage(sample) as staged:
        found = pairs(staged)
        restricted = {pair.guardian_external_id for pair in found if pair.restriction == "restricted"}
        unknown = {pair.guardian_external_id for pair in found if pair.restriction == "unknown"}
        kinds = {pair.kind for pair in found}
        staff = {member.external_id for school in SCHOOLS for member in staged.staff(school)}
        adults = {adult.external_id for school in SCHOOLS for adult in staged.guardians(school)}
        assert 2 <= len(restricted) <= 3
        assert 2 <= len(unknown) <= 5
        assert kinds >= {"parent", "foster carer", "social worker", "grandparent", "step-parent", "emergency contact"}
        assert len(staff & adults) >= 5


def test_nobody_can_be_reached_at_any_address_or_number_of_the_sample(sample: Path) -> None:
    with stage(sample) as staged:
        for school in SCHOOLS:
            for adult in staged.guardians(school):
                assert not adult.email or adult.email.endswith(".example")
                assert (adult.phone or "").startswith("07700 900")
            emails = [member.email for member in staged.staff(school)]
            assert len(emails) == len(set(emails))


def test_a_large_roster_has_the_users_asked_for_and_no_problem(tmp_path: Path) -> None:
    write_large(tmp_path / "large.zip", 2000, 4, 7)
    with stage(tmp_path / "large.zip") as staged:
        schools = [school.external_id for school in staged.schools()]
        people = [
            len(list(part(school))) for part in (staged.pupils, staged.guardians, staged.staff) for school in schools
        ]
        assert sum(people[:4]) == 900
        assert sum(people[4:8]) == 1000
        assert sum(people[8:]) == 100
        assert [staged.problem_count(school) for school in (*schools, None)] == [0] * 5
    with zipfile.ZipFile(tmp_path / "large.zip") as archive:
        assert archive.testzip() is None
