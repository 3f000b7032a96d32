"""What the roster reader promises of good files, bad files and hostile files."""

import io
import zipfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from services.profiles.roster.reading import Problem, ReadingOptions, Relationship, Staged, stage
from services.profiles.roster.reading.checks import upn_is_sound
from services.profiles.roster.reading.staging import Writer

SDS = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "sds-v2.1"
MANIFEST = "propertyName,value\noneroster.version,{version}\n{files}"
ORGS = "sourcedId,name,type,parentSourcedId\nt,The Trust,district,\nA,School A,school,t\nB,School B,school,t\n"
USERS = (
    "sourcedId,givenName,familyName,email,agentSourcedIds,password,metadata.upn,metadata.language,metadata.prefersVoice\n"
    'p1,Pia,One,,"g1,s1",,B801200005001,,\n'
    "p2,Pol,Two,,,,,,\n"
    "g1,Gil,One,gil@families.example,,hunter2,,pl,TRUE\n"
    "g2,Gus,One,gus@families.example,,,,,\n"
    "s1,Sue,Staff,sue@a.example,p2,,,,\n"
)
ROLES = (
    "userSourcedId,roleType,role,orgSourcedId\np1,primary,student,A\np2,primary,student,B\ng1,primary,parent,A\n"
    "g2,primary,guardian,A\ns1,primary,teacher,A\ns1,secondary,ext:safeguardingLead,A\n"
)
CLASSES = "sourcedId,title,schoolSourcedId\nc1,Maple,A\n"
ENROLMENTS = "classSourcedId,schoolSourcedId,userSourcedId,role\nc1,A,p1,Student\nc1,A,s1,teacher\n"
LINK_HEADER = (
    "userSourcedId,relationshipUserSourcedId,relationshipRole,metadata.parentalResponsibility,"
    "metadata.contactRestriction,metadata.livesWith,metadata.priority\n"
)
LINKS = LINK_HEADER + "p1,g1,parent,yes,none,yes,1\ng2,p1,Step-Parent,,restricted,no,1\n"
FILES = {
    "orgs": ORGS, "users": USERS, "roles": ROLES, "classes": CLASSES, "enrollments": ENROLMENTS, "relationships": LINKS,
}  # fmt: skip
PLAIN = (
    "school,pupil_id,pupil_given_name,pupil_family_name,year_group,class,adult_id,adult_given_name,adult_family_name,"
    "email,relationship,parental_responsibility,contact_restriction,priority\n"
    "School A,1,Pia,One,Year 2,Maple,7,Gil,One,gil@families.example,mother,yes,none,1\n"
    "School A,1,Pia,One,Year 2,Maple,8,Gus,One,not an address,father,,Court says so,1\n"
    "School B,2,Pol,Two,Year 8,,,,,,,,,\n"
)


def packed(files: Mapping[str, str | bytes], mode: str = "bulk", version: str = "1.2") -> io.BytesIO:
    lines = "".join(f"file.{name},{mode}\n" for name in files if name != "manifest")
    whole = {"manifest": MANIFEST.format(version=version, files=lines), **files}
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in whole.items():
            archive.writestr(name if "." in name else f"{name}.csv", text)
    held.seek(0)
    return held


def read(**changed: str | bytes) -> Staged:
    return stage(packed({**FILES, **changed}))


def reasons(staged: Staged) -> list[Problem]:
    return [problem for school in ("A", "B", None) for problem in staged.problems(school)]


def test_a_one_roster_zip_gives_each_school_its_own_people_in_order_of_their_ids() -> None:
    with read() as staged:
        assert staged.form == "oneroster-1.2"
        assert not staged.is_delta
        assert [school[:2] for school in staged.schools()] == [("A", "School A"), ("B", "School B")]
        assert [pupil[:2] for pupil in staged.pupils("A")] == [("p1", "Pia")]
        assert [guardian.external_id for guardian in staged.guardians("A")] == ["g1", "g2"]
        assert list(staged.guardians("B")) == []
        assert [(member.external_id, member.roles) for member in staged.staff("A")] == [("s1", ("dsl", "teacher"))]
        assert [entry[:3] for entry in staged.enrolments("A")] == [("c1", "p1", "pupil"), ("c1", "s1", "teacher")]


@pytest.mark.parametrize("word", ["ext:senco", "SENCo", "ext:SENDCo", "Special Educational Needs Coordinator"])
def test_a_senco_is_a_role_of_staff_beside_the_others_and_special_services_are_not(word: str) -> None:
    with read(roles=ROLES + f"s1,secondary,{word},A\n") as staged:
        assert [member.roles for member in staged.staff("A")] == [("dsl", "senco", "teacher")]
    with read(roles=ROLES + "s1,secondary,specialServices,A\n") as staged:
        assert [member.roles for member in staged.staff("A")] == [("dsl", "teacher")]


@pytest.mark.parametrize("word", ["ext:reception", "ext:receptionist", "Receptionist"])
def test_reception_is_a_role_of_staff(word: str) -> None:
    with read(roles=ROLES + f"s1,secondary,{word},A\n") as staged:
        assert [member.roles for member in staged.staff("A")] == [("dsl", "reception", "teacher")]


def test_a_pair_is_read_either_way_and_a_teacher_among_the_agents_becomes_nobodys_guardian() -> None:
    with read() as staged:
        assert list(staged.relationships("A")) == [
            Relationship("p1", "g1", "parent", "yes", "none", "yes", 1, "current"),
            Relationship("p1", "g2", "step-parent", "unknown", "restricted", "no", 1, "current"),
        ]
        assert list(staged.relationships("B")) == []
        assert {problem.column for problem in reasons(staged)} == {"agentSourcedIds"}


def test_a_teacher_with_a_second_role_as_parent_is_one_person_with_two_hats() -> None:
    with read(roles=ROLES + "s1,secondary,parent,B\n") as staged:
        assert [pair[:3] for pair in staged.relationships("B")] == [("p2", "s1", "parent")]
        assert [adult.external_id for adult in staged.guardians("B")] == ["s1"]
        assert [member.external_id for member in staged.staff("A")] == ["s1"]


def test_a_file_without_a_restriction_column_says_nothing_of_restrictions() -> None:
    with read(relationships="userSourcedId,relationshipUserSourcedId,relationshipRole\np1,g1,parent\n") as staged:
        assert not staged.says_restrictions
        assert [pair.restriction for pair in staged.relationships("A")] == [None]


@pytest.mark.parametrize("word", ["", "unknown", "No", "yes", "see file", "nnone"])
def test_a_restriction_that_is_not_one_of_the_known_words_is_unknown(word: str) -> None:
    with read(relationships=LINK_HEADER + f"p1,g1,parent,yes,{word},yes,1\n") as staged:
        assert [pair.restriction for pair in staged.relationships("A")] == ["unknown"]


def test_a_misspelt_restriction_column_makes_every_restriction_unknown_and_is_told() -> None:
    header = LINK_HEADER.replace("contactRestriction", "contactRestrictionss")
    with read(relationships=header + "p1,g1,parent,yes,none,yes,1\n") as staged:
        assert staged.says_restrictions
        assert [pair.restriction for pair in staged.relationships("A")] == ["unknown"]
        assert any("contactRestrictionss" in problem.column for problem in reasons(staged))


def test_a_pair_known_only_from_agents_is_unknown_where_the_file_speaks_of_restrictions() -> None:
    with read(relationships=LINK_HEADER + "p1,g2,parent,yes,none,yes,1\n") as staged:
        assert {pair[1]: pair.restriction for pair in staged.relationships("A")} == {"g1": "unknown", "g2": "none"}


def test_rows_that_contradict_each_other_give_the_most_careful_answer() -> None:
    with read(relationships=LINKS + "g1,p1,parent,no,restricted,yes,1\n") as staged:
        pair = next(iter(staged.relationships("A")))
        assert (pair.restriction, pair.parental_responsibility) == ("restricted", "unknown")
        assert any("most careful" in problem.reason for problem in staged.problems("A"))


def test_priority_one_never_means_parental_responsibility() -> None:
    with read(relationships=LINK_HEADER + "p1,g1,parent,,none,yes,1\n") as staged:
        pair = next(iter(staged.relationships("A")))
        assert (pair.priority, pair.parental_responsibility) == (1, "unknown")


def test_columns_are_found_by_name_in_any_order_case_and_spelling_of_true() -> None:
    users = "\ufeffFAMILYNAME, SourcedID ,givenname,Metadata.PrefersVoice\nOne,p1,Pia,\nOne,g1,Gil,True\n\n,,,\n"
    with read(users=users, roles="role,orgSourcedId,userSourcedId\nSTUDENT,A,p1\nParent,A,g1\n") as staged:
        assert [pupil[:3] for pupil in staged.pupils("A")] == [("p1", "Pia", "One")]
        assert [adult.prefers_voice for adult in staged.guardians("A")] == [True]


def test_one_roster_1_1_takes_roles_and_schools_from_the_users_file() -> None:
    users = (
        "sourcedId,orgSourcedIds,role,givenName,familyName,agentSourcedIds,grades\n"
        'p1,A,student,Pia,One,g1,02\ng1,"A,B",parent,Gil,One,,\ns1,"A,B",administrator,Sue,Staff,,\n'
    )
    with stage(packed({"orgs": ORGS, "users": users}, version="1.1")) as staged:
        assert staged.form == "oneroster-1.1"
        assert [pair[:3] for pair in staged.relationships("A")] == [("p1", "g1", "parent")]
        assert [pupil.year_group for pupil in staged.pupils("A")] == ["02"]
        assert [member.roles for member in staged.staff("B")] == [("office",)]


def test_a_delta_gives_only_its_own_rows_and_marks_deleted_people_as_left() -> None:
    users = "sourcedId,status,givenName,familyName\np9,ToBeDeleted,,\ng1,active,Gil,Renamed\n"
    known = [("p9", "A", "pupil"), ("p1", "A", "pupil"), ("g1", "A", "guardian")]
    files = packed({"users": users}, mode="delta")
    with stage(files, ReadingOptions(known_people=lambda: known)) as staged:
        assert staged.is_delta
        assert [(pupil.external_id, pupil.status) for pupil in staged.pupils("A")] == [("p9", "left")]
        assert [adult.family_name for adult in staged.guardians("A")] == ["Renamed"]
        assert staged.kinds_present == {"users"}
        assert reasons(staged) == []


def test_a_delta_of_one_relationship_needs_no_row_of_its_people() -> None:
    known = [("p1", "A", "pupil"), ("g1", "A", "guardian")]
    files = packed({"relationships": LINK_HEADER + "g1,p1,parent,yes,restricted,no,1\n"}, mode="delta")
    with stage(files, ReadingOptions(known_people=lambda: known)) as staged:
        assert [(pair[:2], pair.restriction) for pair in staged.relationships("A")] == [(("p1", "g1"), "restricted")]


@pytest.mark.skipif(not SDS.is_dir(), reason="the foreign sample is not on this machine")
def test_the_foreign_school_data_sync_sample_is_read_with_its_guardians() -> None:
    with stage(SDS) as staged:
        assert staged.form == "sds-2.1"
        assert [school.external_id for school in staged.schools()] == ["110003"]
        assert [pupil.external_id for pupil in staged.pupils("110003")] == ["114001", "114003", "114004"]
        assert {pupil.status for pupil in staged.pupils("110003")} == {"current"}
        pairs = [(pair[:3], pair[3], pair[4]) for pair in staged.relationships("110003")]
        assert pairs[0] == (("114001", "114002", "guardian"), "unknown", None)
        assert len(pairs) == 3
        assert all("P@ssword" not in problem.value for problem in staged.problems(None))
    with stage(SDS, ReadingOptions(past_dates_end=True, today=date(2026, 1, 1))) as staged:
        assert {pupil.status for pupil in staged.pupils("110003")} == {"left"}


def test_a_plain_csv_has_one_row_per_pupil_and_adult() -> None:
    with stage(io.BytesIO(PLAIN.encode())) as staged:
        assert (staged.form, staged.says_restrictions) == ("plain", True)
        assert [school.external_id for school in staged.schools()] == ["School A", "School B"]
        assert [pair[1:5] for pair in staged.relationships("School A")] == [
            ("7", "parent", "yes", "none"),
            ("8", "parent", "unknown", "unknown"),
        ]
        assert [entry[:3] for entry in staged.enrolments("School A")] == [("School A/Maple", "1", "pupil")]
        assert [pupil.external_id for pupil in staged.pupils("School B")] == ["2"]
        assert {problem.line for problem in staged.problems("School A")} == {3}


def test_every_bad_row_is_told_by_file_line_column_and_reason() -> None:
    users = USERS + "p1,Again,Twice,,,,,,\n,No,Id,,,,,,\ng3,Bad,Mail,not-an-address,,,,,\nshort,row\n"
    with read(
        users=users,
        roles=ROLES + "g3,primary,parent,A\nnobody,primary,student,A\np2,primary,wizard,B\n",
        enrollments=ENROLMENTS + "c1,A,ghost,student\nc9,A,p1,student\n",
        relationships=LINKS + "p1,g3,parent,yes,none,yes,first\np1,nobody,parent,yes,none,yes,1\n",
    ) as staged:
        found = {(problem.file, problem.line, problem.column) for problem in reasons(staged)}
        assert found >= {
            ("users.csv", 7, "sourcedId"),
            ("users.csv", 8, "sourcedId"),
            ("users.csv", 9, "email"),
            ("users.csv", 10, ""),
            ("roles.csv", 9, "userSourcedId"),
            ("roles.csv", 10, "role"),
            ("enrollments.csv", 4, "userSourcedId"),
            ("enrollments.csv", 5, "classSourcedId"),
            ("relationships.csv", 4, "metadata.priority"),
            ("relationships.csv", 5, "relationshipUserSourcedId"),
        }
        assert all(problem.reason for problem in reasons(staged))
        assert staged.refused_counts("A")["enrolments"] == 2
        assert [pupil.given_name for pupil in staged.pupils("A")] == ["Pia"]


def test_a_wrong_upn_is_warned_about_kept_and_never_repeated() -> None:
    with read(users=USERS.replace("B801200005001", "Z801200005001")) as staged:
        assert [pupil.upn for pupil in staged.pupils("A")] == ["Z801200005001"]
        (warned,) = [problem for problem in staged.problems("A") if problem.column == "metadata.upn"]
        assert "801200005001" not in str(warned)


def test_a_upn_that_serves_as_an_id_is_not_repeated_either() -> None:
    with read(roles=ROLES + "B801200005001,primary,student,A\n") as staged:
        (dangling,) = [problem for problem in staged.problems(None) if problem.file == "roles.csv"]
        assert dangling.value == ""


def test_temporary_and_permanent_upns_of_any_authority_have_a_sound_check_letter() -> None:
    assert upn_is_sound("B801200005001")
    assert upn_is_sound("M80120000500A")
    assert not upn_is_sound("A801200005001")


def test_passwords_are_dropped_unread() -> None:
    with read(users=USERS + "bad,,,x,,hunter2,,,\n") as staged:
        everything = [*staged.guardians("A"), *staged.pupils("A"), *staged.staff("A"), *reasons(staged)]
        assert "hunter2" not in str(everything)


def test_problems_are_kept_to_a_thousand_per_school_and_counted_beyond() -> None:
    many = "".join(f"c1,A,ghost{number},student\n" for number in range(1200))
    with read(enrollments=ENROLMENTS + many) as staged:
        assert len(staged.problems("A")) == 1000
        assert staged.problem_count("A") >= 1200


def test_a_role_date_in_american_order_is_reported_and_not_guessed() -> None:
    roles = "userSourcedId,role,orgSourcedId,endDate\np1,student,A,07/04/2020\np2,student,B,2020-04-07\n"
    options = ReadingOptions(past_dates_end=True, today=date(2026, 1, 1))
    with stage(packed({**FILES, "roles": roles}), options) as staged:
        assert [pupil.status for pupil in staged.pupils("A")] == ["current"]
        assert [pupil.status for pupil in staged.pupils("B")] == ["left"]
        assert [problem.value for problem in staged.problems("A") if problem.column == "endDate"] == ["07/04/2020"]


def test_rows_are_staged_in_chunks_and_the_temporary_file_goes_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    longest: list[int] = []
    flush = Writer.flush

    def watched(writer: Writer) -> None:
        longest.append(len(writer._rows))
        flush(writer)

    monkeypatch.setattr(Writer, "flush", watched)
    more = "".join(f"x{number:04d},Pat,Lee,,,,,,\n" for number in range(1000))
    told: list[int] = []
    options = ReadingOptions(chunk_rows=50, temp_dir=tmp_path, progress=told.append)
    with stage(packed({**FILES, "users": USERS + more}), options):
        assert list(tmp_path.iterdir())
    assert max(longest) <= 50
    assert told == sorted(told)
    assert told[-1] >= 1005
    assert list(tmp_path.iterdir()) == []
