"""Everything that needs more than one file at once, done in the staged tables by SQL so that memory stays flat.

In a delta a thing that is not in the file may well exist: `:strict` is 1 where absence can be judged.
"""

from dataclasses import dataclass

from services.profiles.roster.reading.staging import Stage
from services.profiles.roster.reading.words import STAFF_ROLES

STAFF = str(STAFF_ROLES)
GUARDIAN = "('guardian','parent','relative')"

ONE_OF_EACH = {"orgs": "id", "people": "id", "classes": "id"}
KIND_OF = {"orgs": "orgs", "people": "users", "classes": "classes"}
SUBJECT_OF = {"orgs": "'org', id", "people": "'person', id", "classes": "'org', org"}


@dataclass(frozen=True, slots=True)
class Settling:
    """What the loaders learned that the SQL needs."""

    is_delta: bool
    knows_people: bool
    repeats_are_normal: bool
    says_restrictions: bool


def settle(stage: Stage, how: Settling) -> None:
    run = stage.connection.execute
    for table in ONE_OF_EACH:
        _keep_first(stage, table, how.repeats_are_normal)
    strict = int(not how.is_delta or how.knows_people)
    values = {
        "strict": strict,
        "delta": int(how.is_delta),
        "knows": int(how.knows_people),
        "says": int(how.says_restrictions),
        **{f"f_{kind}": stage.files.get(kind, f"{kind}.csv") for kind in KINDS},
    }
    for statement in (*PLACES, *PAIRS, *ENROLMENTS, *FINDINGS, *ATTRIBUTION):
        run(statement, {name: value for name, value in values.items() if f":{name}" in statement})


KINDS = ("orgs", "users", "roles", "classes", "enrolments", "relationships")


def _keep_first(stage: Stage, table: str, repeats_are_normal: bool) -> None:
    """The first row of an id counts. A plain CSV repeats people by design, so there only a contradiction is told."""
    run = stage.connection.execute
    run(f"CREATE INDEX {table}_id ON {table}(id)")
    # Asked first, not left to a unique index: without a journal a statement that fails half way cannot be undone.
    if run(f"SELECT 1 FROM {table} GROUP BY id HAVING COUNT(*) > 1 LIMIT 1").fetchone() is None:
        return
    differs = "1"
    if repeats_are_normal:
        same = "t.given IS f.given AND t.family IS f.family" if table == "people" else "1"
        differs = f"NOT ({same})"
    kind = KIND_OF[table]
    run(
        f"INSERT INTO problems SELECT {SUBJECT_OF[table].replace(' ', ' t.')}, ?, 1, ?, t.line, 'sourcedId', "
        "substr(t.id,1,80), 'This id is used more than once; the first row counts and this one was left out.' "
        f"FROM {table} t JOIN (SELECT id, MIN(rowid) AS first FROM {table} GROUP BY id HAVING COUNT(*) > 1) d "
        f"ON d.id = t.id JOIN {table} f ON f.rowid = d.first WHERE t.rowid <> d.first AND {differs}",
        (kind, stage.files.get(kind, f"{kind}.csv")),
    )
    run(f"DELETE FROM {table} WHERE rowid NOT IN (SELECT MIN(rowid) FROM {table} GROUP BY id)")


# Which school each organisation stands for, and who is what in which school.
PLACES = (
    "CREATE TABLE school_of (org PRIMARY KEY, school) WITHOUT ROWID",
    "INSERT INTO school_of SELECT id, id FROM orgs WHERE type = 'school'",
    """INSERT OR IGNORE INTO school_of SELECT o.id, p.id FROM orgs o JOIN orgs p ON p.id = o.parent
       WHERE p.type = 'school'""",
    "CREATE INDEX known_person ON known(person)",
    # A delta need not repeat orgs.csv: an id that it names without a row there is a school imported earlier.
    """INSERT OR IGNORE INTO school_of SELECT org, org FROM (
         SELECT org FROM roles UNION SELECT primary_org FROM people UNION SELECT org FROM classes
         UNION SELECT org FROM enrolments_read UNION SELECT school FROM known)
       WHERE :delta AND org <> '' AND org NOT IN (SELECT id FROM orgs)
         AND (NOT :knows OR org IN (SELECT school FROM known))""",
    "CREATE INDEX roles_person ON roles(person)",
    "CREATE TABLE held (school, role, person, is_left, grade, PRIMARY KEY (school, role, person)) WITHOUT ROWID",
    """INSERT INTO held SELECT s.school, r.role, r.person, MIN(r.is_left), MAX(r.grade)
       FROM roles r LEFT JOIN people p ON p.id = r.person
       JOIN school_of s ON s.org = CASE WHEN r.org = '' THEN p.primary_org ELSE r.org END
       WHERE r.role NOT IN ('guardian','parent','relative') AND (p.id IS NOT NULL OR NOT :strict
         OR EXISTS (SELECT 1 FROM known k WHERE k.person = r.person))
       GROUP BY 1, 2, 3 ORDER BY 1, 2, 3""",
    """INSERT OR IGNORE INTO held SELECT school, role, person, 0, '' FROM known
       WHERE role NOT IN ('guardian','parent','relative')""",
    "CREATE INDEX held_person ON held(person)",
    "CREATE TABLE pupil_ids (id PRIMARY KEY) WITHOUT ROWID",
    """INSERT INTO pupil_ids SELECT person FROM roles WHERE role = 'pupil'
       UNION SELECT person FROM known WHERE role = 'pupil'""",
    "CREATE TABLE guardian_ids (id PRIMARY KEY, word) WITHOUT ROWID",
    f"""INSERT INTO guardian_ids SELECT person, MIN(role) FROM (
         SELECT person, role FROM roles WHERE role IN {GUARDIAN} UNION ALL
         SELECT person, role FROM known WHERE role IN {GUARDIAN}) GROUP BY person ORDER BY person""",
    "CREATE TABLE staff_ids (id PRIMARY KEY) WITHOUT ROWID",
    f"""INSERT INTO staff_ids SELECT person FROM roles WHERE role IN {STAFF}
       UNION SELECT person FROM known WHERE role IN {STAFF}""",
)

EXISTS = "({0} IN (SELECT id FROM people) OR NOT :strict OR {0} IN (SELECT person FROM known))"

# A pair counts only where exactly one side is a pupil and the other is a guardian: by a role, or by the very row of
# relationships.csv for an adult who is nothing else or whom the row plainly calls family.
PAIRS = (
    """CREATE TABLE judged AS SELECT a, b, a IN (SELECT id FROM pupil_ids) AS a_pupil,
         b IN (SELECT id FROM pupil_ids) AS b_pupil,
         kind, pr, restriction, lives, priority, is_left, line, 1 AS stated FROM claims
       UNION ALL SELECT person, agent, person IN (SELECT id FROM pupil_ids), agent IN (SELECT id FROM pupil_ids),
         NULL, NULL, NULL, NULL, NULL, 0, line, 0 FROM agents""",
    """CREATE TABLE pairs AS SELECT CASE WHEN a_pupil THEN a ELSE b END AS pupil,
         CASE WHEN a_pupil THEN b ELSE a END AS guardian,
         kind, pr, restriction, lives, priority, is_left, line, stated, a, a_pupil <> b_pupil AS one_pupil,
         0 AS is_adult, 0 AS is_there FROM judged""",
    f"""UPDATE pairs SET is_adult = guardian IN (SELECT id FROM guardian_ids)
         OR (stated AND (kind <> 'other' OR guardian NOT IN (SELECT id FROM staff_ids))),
       is_there = {EXISTS.format("pupil")} AND {EXISTS.format("guardian")}""",
    "CREATE TABLE related (pupil, guardian, kind, pr, restriction, lives, priority, is_left, stated, differs,"
    " PRIMARY KEY (pupil, guardian)) WITHOUT ROWID",
    """INSERT INTO related SELECT pupil, guardian,
         COALESCE(MIN(kind), (SELECT word FROM guardian_ids g WHERE g.id = guardian), 'guardian'),
         CASE WHEN COUNT(DISTINCT pr) = 1 THEN MIN(pr) ELSE 'unknown' END,
         CASE WHEN :says THEN COALESCE(MAX(restriction), 1) END,
         CASE WHEN COUNT(DISTINCT lives) = 1 THEN MIN(lives) ELSE 'unknown' END,
         MIN(priority), CASE WHEN MAX(stated) THEN MIN(CASE WHEN stated THEN is_left END) ELSE 0 END, MAX(stated),
         COUNT(DISTINCT pr) > 1 OR COUNT(DISTINCT restriction) > 1 OR COUNT(DISTINCT lives) > 1
           OR COUNT(DISTINCT kind) > 1
       FROM pairs WHERE one_pupil AND is_adult AND is_there GROUP BY pupil, guardian ORDER BY pupil, guardian""",
    "CREATE TABLE guardian_at (school, person, PRIMARY KEY (school, person)) WITHOUT ROWID",
    """INSERT INTO guardian_at SELECT DISTINCT h.school, r.guardian FROM related r
       JOIN held h ON h.person = r.pupil AND h.role = 'pupil' ORDER BY 1, 2""",
    """INSERT OR IGNORE INTO guardian_at SELECT school, person FROM known
       WHERE role IN ('guardian','parent','relative')""",
    "CREATE INDEX guardian_at_person ON guardian_at(person)",
)

ENROLMENTS = (
    """CREATE TABLE placed AS SELECT e.class, e.person, e.role, e.is_left, e.line, e.org,
         COALESCE(sc.school, se.school) AS school, c.id IS NOT NULL AS has_class,
         EXISTS (SELECT 1 FROM held h WHERE h.person = e.person AND h.school = COALESCE(sc.school, se.school)
           AND (h.role = 'pupil') = (e.role = 'pupil')) AS fits
       FROM enrolments_read e LEFT JOIN classes c ON c.id = e.class
       LEFT JOIN school_of sc ON sc.org = c.org LEFT JOIN school_of se ON se.org = e.org""",
    "CREATE TABLE enrolled (school, class, person, role, is_left, PRIMARY KEY (school, class, person, role))"
    " WITHOUT ROWID",
    """INSERT INTO enrolled SELECT school, class, person, role, MIN(is_left) FROM placed
       WHERE school IS NOT NULL AND (has_class OR :delta) AND (fits OR NOT :strict)
       GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4""",
)

FINDINGS = (
    """INSERT INTO problems SELECT 'org', org, 'classes', 1, :f_classes, line, 'schoolSourcedId', substr(org,1,80),
         'The class names a school that is not in the file, so it was left out.' FROM classes
       WHERE org NOT IN (SELECT org FROM school_of)""",
    """INSERT INTO problems SELECT 'person', person, 'roles', 1, r.file, r.line, 'userSourcedId', substr(person,1,80),
         'The role names a person who is not in the file, so it was left out.' FROM roles r
       WHERE :strict AND person NOT IN (SELECT id FROM people) AND person NOT IN (SELECT person FROM known)""",
    """INSERT INTO problems SELECT 'person', person, 'roles', 0, r.file, r.line, 'userSourcedId', substr(person,1,80),
         'A role changed but the row of its person is not in the file: send the person too, or the change is not taken.'
       FROM roles r WHERE :delta AND person NOT IN (SELECT id FROM people)""",
    """INSERT INTO problems SELECT 'person', person, 'roles', 1, r.file, r.line, 'orgSourcedId', substr(r.org,1,80),
         'The role names an organisation that is not in the file, so it was left out.' FROM roles r
       WHERE r.org <> '' AND r.org NOT IN (SELECT id FROM orgs) AND r.org NOT IN (SELECT org FROM school_of)""",
    """INSERT INTO problems SELECT 'person', id, 'users', 1, :f_users, line, 'sourcedId', substr(id,1,80),
         'This person has no role in any school of the file and no related pupil there, so nobody was made of them.'
       FROM people WHERE id NOT IN (SELECT person FROM held) AND id NOT IN (SELECT person FROM guardian_at)""",
    """INSERT INTO problems SELECT 'person', CASE WHEN one_pupil THEN pupil ELSE a END, 'relationships', 1,
         :f_relationships, line, 'relationshipUserSourcedId', substr(guardian,1,80),
         CASE WHEN NOT one_pupil THEN 'Exactly one of the two must be a pupil; the row was left out.'
           WHEN NOT is_there THEN 'One of the two people is not in the file; the row was left out.'
           ELSE 'The adult is staff here and the row does not say what they are to the pupil; it was left out.' END
       FROM pairs WHERE stated AND NOT (one_pupil AND is_adult AND is_there)""",
    """INSERT INTO problems SELECT 'person', a, 'agents', 1, :f_users, line, 'agentSourcedIds',
         substr(CASE WHEN a = pupil THEN guardian ELSE pupil END,1,80),
         CASE WHEN NOT is_there THEN 'The agent is not in the file.'
           ELSE 'These two are not a pupil and a guardian, so no relationship was made of them.' END
       FROM pairs WHERE NOT stated AND NOT (one_pupil AND is_adult AND is_there)""",
    """INSERT INTO problems SELECT 'person', pupil, 'relationships', 0, :f_relationships,
         (SELECT MIN(line) FROM claims c WHERE (c.a = pupil AND c.b = guardian) OR (c.a = guardian AND c.b = pupil)),
         'relationshipUserSourcedId', substr(guardian,1,80),
         'Several rows say different things of these two people; the most careful of them was taken.'
       FROM related WHERE differs""",
    """INSERT INTO problems SELECT CASE WHEN school IS NULL THEN '' ELSE 'org' END, COALESCE(school, org), 'enrolments',
         1, :f_enrolments, line, CASE WHEN has_class AND school IS NOT NULL THEN 'userSourcedId' ELSE 'classSourcedId'
         END, substr(CASE WHEN has_class AND school IS NOT NULL THEN person ELSE class END,1,80),
         CASE WHEN NOT has_class AND NOT :delta THEN 'The class is not in the file; the row was left out.'
           WHEN school IS NULL THEN 'The class belongs to no school of the file; the row was left out.'
           WHEN :strict AND person NOT IN (SELECT id FROM people) AND person NOT IN (SELECT person FROM known)
             THEN 'The person is not in the file; the row was left out.'
           ELSE 'The person does not hold this role in the school of the class; the row was left out.' END
       FROM placed WHERE school IS NULL OR NOT (has_class OR :delta) OR NOT (fits OR NOT :strict)""",
)

ATTRIBUTION = (
    "CREATE TABLE problem_at (school, kind, refused, file, line, col, value, reason, subject)",
    """INSERT INTO problem_at SELECT s.school, p.kind, p.refused, p.file, p.line, p.col, p.value, p.reason,
         p.subject
       FROM problems p LEFT JOIN (
         SELECT 'person' AS subject_kind, person AS subject, school FROM held
         UNION SELECT 'person', person, school FROM guardian_at
         UNION SELECT 'org', org, school FROM school_of
         UNION SELECT 'class', c.id, s.school FROM classes c JOIN school_of s ON s.org = c.org
       ) s ON s.subject_kind = p.subject_kind AND s.subject = p.subject""",
    "CREATE INDEX problem_school ON problem_at(school, file, line)",
)
