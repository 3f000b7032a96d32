"""Stages the files of OneRoster 1.1 and 1.2 and of School Data Sync v2.1, which differ in columns, not in shape."""

from services.profiles.roster.reading.cells import Cells
from services.profiles.roster.reading.container import Member
from services.profiles.roster.reading.sheet import Column, Sheet
from services.profiles.roster.reading.staging import Stage
from services.profiles.roster.reading.words import ENROLMENT_ROLES, NO_ROLE, ROLES, fold

ORGS = (
    Column("sourcedId", needed=True),
    Column("status"),
    Column("name", needed=True),
    Column("type", needed=True),
    Column("identifier"),
    Column("parentSourcedId"),
)
# The password column is not among them: what stands there is never looked at.
USERS = (
    Column("sourcedId", needed=True),
    Column("status"),
    Column("givenName", needed=True),
    Column("familyName", needed=True),
    Column("email"),
    Column("sms"),
    Column("phone"),
    Column("agentSourcedIds"),
    Column("grades", ("grade",)),
    Column("role"),
    Column("orgSourcedIds"),
    Column("primaryOrgSourcedId"),
    Column("metadata.upn", ("upn",)),
    Column("metadata.language"),
    Column("metadata.prefersVoice"),
)
ROLE_ROWS = (
    Column("status"),
    Column("userSourcedId", needed=True),
    Column("orgSourcedId", needed=True),
    Column("role", needed=True),
    Column("grade"),
    Column("endDate", ("roleEndDate",)),
)
CLASSES = (
    Column("sourcedId", needed=True),
    Column("status"),
    Column("title", needed=True),
    Column("schoolSourcedId", ("orgSourcedId",), needed=True),
)
ENROLMENTS = (
    Column("status"),
    Column("classSourcedId", needed=True),
    Column("schoolSourcedId"),
    Column("userSourcedId", needed=True),
    Column("role", needed=True),
    Column("endDate"),
)
RELATIONSHIPS = (
    Column("status"),
    Column("userSourcedId", needed=True),
    Column("relationshipUserSourcedId", needed=True),
    Column("relationshipRole", needed=True),
    Column("metadata.parentalResponsibility", ("parentalResponsibility",)),
    Column("metadata.contactRestriction", ("contactRestriction",)),
    Column("metadata.livesWith", ("livesWith",)),
    Column("metadata.priority", ("priority",)),
)
NO_ID = "The row has no id, so it was left out."


def load_orgs(member: Member, stage: Stage) -> None:
    sheet = Sheet(member, ORGS, "orgs", stage)
    cells = Cells(stage, "orgs", sheet.name, "org")
    put = stage.writers["orgs"].put
    for cells.line, row in sheet:
        sid, status, name, kind, identifier, parent = row
        cells.subject = sid
        if sid:
            put((sid, name or sid, fold(kind), identifier, parent, cells.is_left(status), cells.line))
        elif any(row):
            cells.refuse("sourcedId", "", NO_ID)


def load_users(member: Member, stage: Stage) -> None:
    sheet = Sheet(member, USERS, "users", stage)
    cells = Cells(stage, "users", sheet.name, "person")
    put, put_agent = stage.writers["people"].put, stage.writers["agents"].put
    for line, row in sheet:
        sid, status, given, family, email, sms, phone, agents, grade, role, orgs, primary, upn, language, voice = row
        cells.line, cells.subject = line, sid
        left = cells.is_left(status) if status else 0
        if not sid or not (given or family or left):
            if any(row):
                _refuse_user(cells, sid)
            continue
        reach = cells.phone("sms", sms) or cells.phone("phone", phone) if sms or phone else None
        put(
            (
                sid,
                given,
                family,
                cells.email(email) if email else None,
                reach,
                cells.language(language) if language else None,
                cells.prefers_voice(voice) if voice else False,
                grade,
                cells.upn(upn) if upn else None,
                left,
                primary,
                line,
            )
        )
        if agents:
            for agent in dict.fromkeys(_listed(agents)):
                put_agent((sid, agent, line))
        if role:
            _put_role(stage, cells, role, (sid, orgs, left, ""))


def _refuse_user(cells: Cells, sid: str) -> None:
    if sid:
        cells.refuse("givenName", "", "The person has no name, so the row was left out.")
    else:
        cells.refuse("sourcedId", "", NO_ID)


def _listed(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(",") if part.strip()]


def _put_role(stage: Stage, cells: Cells, word: str, place: tuple[str, str, int, str]) -> None:
    role = ROLES.get(fold(word))
    if role is None:
        cells.refuse("role", word, "This role is not known, so it gives nothing here.")
        return
    person, orgs, left, grade = place
    if role != NO_ROLE:
        for org in _listed(orgs) or [""]:
            stage.writers["roles"].put((person, org, role, left, grade, cells.file, cells.line))


def load_roles(member: Member, stage: Stage) -> None:
    sheet = Sheet(member, ROLE_ROWS, "roles", stage)
    cells = Cells(stage, "roles", sheet.name, "person")
    past_ends = stage.options.past_dates_end
    for line, row in sheet:
        status, person, org, role, grade, end = row
        cells.line, cells.subject = line, person
        if not person or not role:
            if any(row):
                cells.refuse("role" if person else "userSourcedId", "", "The row lacks its person or its role.")
            continue
        left = cells.is_left(status) if status else 0
        if end and cells.has_ended("endDate", end, past_ends):
            left = 1
        _put_role(stage, cells, role, (person, org, left, grade))


def load_classes(member: Member, stage: Stage) -> None:
    sheet = Sheet(member, CLASSES, "classes", stage)
    cells = Cells(stage, "classes", sheet.name, "org")
    put = stage.writers["classes"].put
    for line, row in sheet:
        sid, status, title, org = row
        cells.line, cells.subject = line, org
        if sid:
            put((sid, org, title or sid, cells.is_left(status), line))
        elif any(row):
            cells.refuse("sourcedId", "", NO_ID)


def load_enrolments(member: Member, stage: Stage) -> None:
    sheet = Sheet(member, ENROLMENTS, "enrolments", stage)
    cells = Cells(stage, "enrolments", sheet.name, "class")
    put = stage.writers["enrolments_read"].put
    past_ends = stage.options.past_dates_end
    for line, row in sheet:
        status, class_id, org, person, word, end = row
        cells.line, cells.subject = line, class_id
        if not class_id or not person:
            if any(row):
                column = "userSourcedId" if class_id else "classSourcedId"
                cells.refuse(column, "", "The row lacks its class or its person.")
            continue
        role = ENROLMENT_ROLES.get(fold(word))
        if role is None:
            cells.refuse("role", word, "Only pupils and teachers are kept in a class, so the row was left out.")
            continue
        left = cells.is_left(status) if status else 0
        if end and cells.has_ended("endDate", end, past_ends):
            left = 1
        put((class_id, org, person, role, left, line))


def load_relationships(member: Member, stage: Stage) -> bool:
    """True if the file says anything of restrictions."""
    sheet = Sheet(member, RELATIONSHIPS, "relationships", stage)
    cells = Cells(stage, "relationships", sheet.name, "person")
    put = stage.writers["claims"].put
    misnamed = [title for title in sheet.unknown if speaks_of_restriction(title)]
    for title in misnamed:
        reason = "This seems to speak of contact restrictions but is not the column that is read: all taken as unknown."
        cells.wrong(title, "", reason)
    for line, row in sheet:
        status, one, other, role, responsibility, restriction, lives, priority = row
        cells.line, cells.subject = line, one
        if not one or not other:
            if any(row):
                column = "relationshipUserSourcedId" if one else "userSourcedId"
                cells.refuse(column, "", "The row lacks one of its two people.")
            continue
        put(
            (
                one,
                other,
                cells.relationship_kind(role),
                cells.responsibility(responsibility),
                1 if misnamed else cells.restriction(restriction),
                cells.lives_with(lives),
                cells.priority(priority),
                cells.is_left(status),
                line,
            )
        )
    return sheet.has("metadata.contactRestriction") or bool(misnamed)


def speaks_of_restriction(title: str) -> bool:
    """A header that is not ours but may carry orders: better to ask than to read it as silence."""
    name = fold(title)
    return any(part in name for part in ("restrict", "nocontact", "contactban", "courtorder"))
