"""What the routes of resources take and give."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from services.scheduling.evenings.schemas import CLOCK, ID
from services.scheduling.resources.rules import KINDS

KIND = validate.OneOf(KINDS, error="Choose an interpreter, BSL, a step-free room, a longer talk or a crèche place.")
LANGUAGE = validate.Regexp(r"^([^\W\d_][\w -]{1,19})?\Z", error="Write the language in a word, such as Polish.")


def _offered(**more: Any) -> dict[str, Any]:
    """What is offered, in and out; `from` is a word of Python."""
    return {
        "kind": fields.String(required=True, validate=KIND),
        "language": fields.String(load_default="", validate=LANGUAGE),
        "name": fields.String(load_default="", validate=validate.Length(0, 120), metadata={
            "description": "For the office: who it is, or where"}),
        "units": fields.Integer(load_default=1, strict=True, metadata={"description": "How many at a time"}), **more}


ResourceWantedSchema = Schema.from_dict(_offered(**{
    "id": fields.String(validate=ID, metadata={"description": "Of a line that is there already"}),
    "from": fields.String(load_default=None, allow_none=True, validate=CLOCK),
    "to": fields.String(load_default=None, allow_none=True, validate=CLOCK)}), name="ResourceWantedSchema")
ResourceSchema = Schema.from_dict(_offered(**{
    "id": fields.String(required=True), "key": fields.String(required=True, metadata={
        "description": "By what name families ask for it, such as 'interpreter:Polish'"}),
    "from": fields.String(required=True), "to": fields.String(required=True),
    "starts_at": fields.AwareDateTime(required=True), "ends_at": fields.AwareDateTime(required=True),
    "used": fields.Integer(required=True, metadata={"description": "How many appointments have one"})}),
    name="ResourceSchema")


class ResourcesWantedSchema(Schema):
    items = fields.List(fields.Nested(ResourceWantedSchema), required=True, validate=validate.Length(
        0, 50, error="Write at most 50 lines."))


class ResourceListSchema(Schema):
    tag = fields.String(required=True, metadata={"description": "Of the whole list: what If-Match takes"})
    items = fields.List(fields.Nested(ResourceSchema), required=True)
