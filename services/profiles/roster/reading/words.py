"""The words that files use, and what each means here. Case and punctuation are folded before they are looked up."""

import re
from functools import lru_cache

_NOT_WORD = re.compile(r"[^a-z0-9]+")


# The same few words come a hundred thousand times in one file.
@lru_cache(maxsize=1024)
def fold(word: str) -> str:
    return _NOT_WORD.sub("", word.casefold())


CURRENT, LEFT = 0, 1
# The standard has active and tobedeleted; a system that says plainly that somebody left or died must be understood.
STATUS = {"": CURRENT, "active": CURRENT, "tobedeleted": LEFT, "inactive": LEFT, "deleted": LEFT, "left": LEFT,
          "leaver": LEFT, "offroll": LEFT, "deceased": LEFT, "died": LEFT}

PUPIL = "pupil"
GUARDIAN_ROLES = ("guardian", "parent", "relative")
STAFF_ROLES = ("teacher", "aide", "office", "head", "dsl", "senco", "reception")
NO_ROLE = ""

ROLES = {
    "student": PUPIL,
    "pupil": PUPIL,
    "guardian": "guardian",
    "parent": "parent",
    "relative": "relative",
    "teacher": "teacher",
    "instructor": "teacher",
    "lecturer": "teacher",
    "professor": "teacher",
    "faculty": "teacher",
    "adjunct": "teacher",
    "substituteteacher": "teacher",
    "aide": "aide",
    "counselor": "aide",
    "counsellor": "aide",
    "proctor": "aide",
    "paraprofessional": "aide",
    "teacherassistant": "aide",
    "teachingassistant": "aide",
    "siteadministrator": "office",
    "administrator": "office",
    "schooladministrator": "office",
    "officestaff": "office",
    "principal": "head",
    "headteacher": "head",
    "extheadteacher": "head",
    "extsafeguardinglead": "dsl",
    "extdesignatedsafeguardinglead": "dsl",
    "extdsl": "dsl",
    "extdeputysafeguardinglead": "dsl",  # a deputy is trained to the same standard and does the same work
    "extdeputydesignatedsafeguardinglead": "dsl",
    "extdeputydsl": "dsl",
    # No standard has a word for the special educational needs coordinator: a file says it by an extension or plainly.
    "senco": "senco",
    "sendco": "senco",
    "extsenco": "senco",
    "extsendco": "senco",
    "specialeducationalneedscoordinator": "senco",
    "extspecialeducationalneedscoordinator": "senco",
    "receptionist": "reception",
    "extreception": "reception",
    "extreceptionist": "reception",
    # They run systems above the schools; none of that is a right over a school's children.
    "districtadministrator": NO_ROLE,
    "systemadministrator": NO_ROLE,
}

ENROLMENT_ROLES = {
    word: role if role == PUPIL else "teacher" for word, role in ROLES.items() if role in (PUPIL, "teacher")
}

KINDS = {
    "parent": "parent",
    "mother": "parent",
    "father": "parent",
    "adoptiveparent": "parent",
    "guardian": "guardian",
    "carer": "guardian",
    "legalguardian": "guardian",
    "relative": "relative",
    "aunt": "relative",
    "uncle": "relative",
    "sibling": "relative",
    "brother": "relative",
    "sister": "relative",
    "fostercarer": "foster carer",
    "fosterparent": "foster carer",
    "extfostercarer": "foster carer",
    "stepparent": "step-parent",
    "stepmother": "step-parent",
    "stepfather": "step-parent",
    "extstepparent": "step-parent",
    "grandparent": "grandparent",
    "grandmother": "grandparent",
    "grandfather": "grandparent",
    "extgrandparent": "grandparent",
    "socialworker": "social worker",
    "extsocialworker": "social worker",
    "emergencycontact": "emergency contact",
    "extemergencycontact": "emergency contact",
    "other": "other",
    "aide": "other",
    "doctor": "other",
    "counselor": "other",
    "child": "other",
}

YES_NO = {"yes": "yes", "y": "yes", "true": "yes", "no": "no", "n": "no", "false": "no", "unknown": "unknown"}
LIVES_WITH = {**YES_NO, "shared": "shared"}
# Only these very words: whatever else stands there must be looked at by a person before anyone gets a right.
RESTRICTIONS = {"none": 0, "unknown": 1, "restricted": 2}
RESTRICTION_NAMES = ("none", "unknown", "restricted")
