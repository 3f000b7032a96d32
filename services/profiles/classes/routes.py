"""HTTP edge of classes and of one pupil's page."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from chassis.unit_of_work import UnitOfWork
from chassis.web import allow, principal
from services.profiles.access.actions import note_read
from services.profiles.classes import queries
from services.profiles.classes.schemas import ClassListSchema, ClassWithPupilsSchema, PupilPageSchema
from services.profiles.people.models import Pupil

room = Blueprint("classes", __name__, url_prefix="/schools/<school>")


@room.route("/classes")
@allow("staff")
@room.response(200, ClassListSchema)
def list_classes(uow: UnitOfWork) -> dict[str, Any]:
    """My classes; all of them for the office, the head and safeguarding leads."""
    return {"items": queries.list_classes(uow, principal().person_id, principal().roles), "after": None}


@room.route("/classes/<class_id>")
@allow("staff")
@room.response(200, ClassWithPupilsSchema)
def show_class(uow: UnitOfWork, class_id: str) -> dict[str, Any]:
    """One class and its pupils."""
    found = queries.get_class(uow, class_id, principal().person_id, principal().roles)
    return {"id": found.id, "title": found.title, "pupils": queries.list_pupils(uow, class_id)}


@room.route("/pupils/<pupil_id>")
@allow("guardian", "staff", "pupil", right="see", notes=True)
@room.response(200, PupilPageSchema)
def show_pupil(uow: UnitOfWork, pupil_id: str) -> dict[str, Any]:
    """One child, with classes and the team at school."""
    pupil: Pupil = uow.get(Pupil, pupil_id)
    note_read(uow, principal(), pupil_id, "page")
    return {"id": pupil.id, "given_name": pupil.given_name, "family_name": pupil.family_name,
            "year_group": pupil.year_group, "status": pupil.status,
            "classes": queries.list_classes_of(uow, pupil_id), "staff": queries.list_team(uow, pupil_id)}
