"""Reads a roster file of any known form into rows per school; knows nothing of the service's own database."""

from services.profiles.roster.reading.shapes import (
    Class,
    Enrolment,
    Guardian,
    KnownPerson,
    Problem,
    Pupil,
    ReadingOptions,
    Refused,
    Relationship,
    StaffMember,
    StagedSchool,
)
from services.profiles.roster.reading.staged import Staged, stage

__all__ = [
    "Class",
    "Enrolment",
    "Guardian",
    "KnownPerson",
    "Problem",
    "Pupil",
    "ReadingOptions",
    "Refused",
    "Relationship",
    "StaffMember",
    "Staged",
    "StagedSchool",
    "stage",
]
