"""What is said of classes."""

from __future__ import annotations

from services.profiles.classes.models import SchoolClass
from services.profiles.people.events import Snapshot


def class_described(found: SchoolClass) -> Snapshot:
    return ("tandem.profiles.class.described.v1", found.id,
            {"id": found.id, "title": found.title, "status": found.status})
