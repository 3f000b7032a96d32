"""Stages the documented plain CSV: one row per pupil and adult (docs/roster-files.md lists its columns)."""

from services.profiles.roster.reading.cells import Cells
from services.profiles.roster.reading.container import Member
from services.profiles.roster.reading.sheet import Column, Sheet
from services.profiles.roster.reading.staging import Stage
from services.profiles.roster.reading.tables import speaks_of_restriction

COLUMNS = (
    Column("school", needed=True),
    Column("school_id"),
    Column("pupil_id", needed=True),
    Column("pupil_given_name", needed=True),
    Column("pupil_family_name", needed=True),
    Column("year_group"),
    Column("class"),
    Column("upn"),
    Column("adult_id", needed=True),
    Column("adult_given_name", needed=True),
    Column("adult_family_name", needed=True),
    Column("email"),
    Column("phone"),
    Column("language"),
    Column("prefers_voice"),
    Column("relationship", needed=True),
    Column("parental_responsibility"),
    Column("contact_restriction"),
    Column("lives_with"),
    Column("priority"),
)


def load_plain(member: Member, stage: Stage) -> bool:
    """True if the file says anything of restrictions."""
    sheet = Sheet(member, COLUMNS, "rows", stage)
    for kind in ("orgs", "users", "roles", "classes", "enrolments", "relationships"):
        stage.files[kind] = sheet.name
    cells = Cells(stage, "rows", sheet.name, "org")
    misnamed = [title for title in sheet.unknown if speaks_of_restriction(title)]
    for title in misnamed:
        cells.wrong(title, "", "This seems to speak of contact restrictions but is not read: all taken as unknown.")
    for line, row in sheet:
        if not any(row):
            continue
        school = row[1] or row[0]
        cells.line, cells.subject = line, school
        if not school or not row[2] or not (row[3] or row[4]):
            column = "pupil_id" if school and not row[2] else "pupil_family_name" if school else "school"
            cells.refuse(column, "", "Each row needs a school, a pupil_id and a pupil's name; it was left out.")
            continue
        _put_pupil(stage, cells, school, row)
        if any(row[8:12]):
            _put_adult(stage, cells, row, bool(misnamed))
    return sheet.has("contact_restriction") or bool(misnamed)


def _put_pupil(stage: Stage, cells: Cells, school: str, row: tuple[str, ...]) -> None:
    pupil, line, writers = row[2], cells.line, stage.writers
    writers["orgs"].put((school, row[0] or school, "school", "", "", 0, line))
    upn = cells.upn(row[7])
    writers["people"].put((pupil, row[3], row[4], None, None, None, False, row[5], upn, 0, school, line))
    writers["roles"].put((pupil, school, "pupil", 0, row[5], cells.file, line))
    if row[6]:
        class_id = f"{school}/{row[6]}"
        writers["classes"].put((class_id, school, row[6], 0, line))
        writers["enrolments_read"].put((class_id, school, pupil, "pupil", 0, line))


def _put_adult(stage: Stage, cells: Cells, row: tuple[str, ...], misnamed: bool) -> None:
    adult, line = row[8], cells.line
    if not adult or adult == row[2]:
        cells.refuse("adult_id", adult, "Each adult needs an adult_id of their own; the adult was left out.")
        return
    if not (row[9] or row[10]):
        cells.refuse("adult_family_name", "", "The adult has no name and was left out.")
        return
    email, phone = cells.email(row[11]), cells.phone("phone", row[12])
    language, voice = cells.language(row[13]), cells.prefers_voice(row[14])
    stage.writers["people"].put((adult, row[9], row[10], email, phone, language, voice, "", None, 0, "", line))
    kind = cells.relationship_kind(row[15])
    responsibility = cells.responsibility(row[16])
    restriction = 1 if misnamed else cells.restriction(row[17])
    lives, priority = cells.lives_with(row[18]), cells.priority(row[19])
    claim = (row[2], adult, kind, responsibility, restriction, lives, priority, 0, line)
    stage.writers["claims"].put(claim)
