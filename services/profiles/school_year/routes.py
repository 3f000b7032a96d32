"""HTTP edge of the school's calendar: everybody at school reads it, the office and the head set it."""

from __future__ import annotations

from typing import Any

import flask
from flask_smorest import Blueprint

from chassis.errors import Invalid
from chassis.unit_of_work import UnitOfWork
from chassis.web import allow
from services.profiles.school_year import actions, queries
from services.profiles.school_year.schemas import SchoolYearChangeSchema, SchoolYearSchema

room = Blueprint("school_year", __name__, url_prefix="/schools/<school>")


def _shown(uow: UnitOfWork) -> tuple[dict[str, Any], dict[str, str]]:
    found = queries.show_year(uow)
    return found, {"ETag": f'"{found["version"]}"'}


@room.route("/school-year")
@allow("staff")
@room.response(200, SchoolYearSchema)
def show_school_year(uow: UnitOfWork) -> Any:
    """Terms, half-terms and closed days, and whether they are still the usual ones."""
    return _shown(uow)


@room.route("/school-year", methods=["PUT"])
@allow("office", "head")
@room.arguments(SchoolYearChangeSchema)
@room.response(200, SchoolYearSchema)
def set_school_year(uow: UnitOfWork, body: dict[str, Any]) -> Any:
    """Set the school's own dates; If-Match names what was read, and 412 says that it was changed since."""
    given = flask.request.headers.get("If-Match", "").strip('"')
    if not given:
        raise Invalid(errors={"/If-Match": "Say which version this changes."})
    terms = [(term["starts_on"], term["half_starts_on"], term["half_ends_on"], term["ends_on"])
             for term in body["terms"]]
    actions.set_year(uow, given, terms, body["closed"])
    return _shown(uow)
