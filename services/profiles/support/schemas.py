"""Support as the HTTP edge takes and shows it."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.profiles.people.schemas import PersonSchema, PupilSchema
from services.profiles.support.rules import AREAS, STATUSES


class SupportUpdateSchema(Schema):
    status = fields.String(required=True, validate=validate.OneOf(STATUSES))
    plan_reference = fields.String(load_default="", validate=validate.Length(
        max=100, error="Write at most 100 letters."))
    areas = fields.List(fields.String(validate=validate.OneOf(AREAS)), load_default=list)


class SupportSchema(Schema):
    pupil = fields.Nested(PersonSchema)
    status = fields.String()
    plan_reference = fields.String()
    areas = fields.List(fields.String())
    set_at = fields.AwareDateTime(allow_none=True)
    version = fields.Integer()


class SupportQuerySchema(Schema):
    find = fields.String(load_default="", validate=validate.Length(max=100), metadata={
        "description": "Words of a child's name: any child of the school. Without it, those who have support"})
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 200))
    after = fields.String(load_default=None, validate=validate.Length(max=36))


class SupportedSchema(Schema):
    pupil = fields.Nested(PupilSchema)
    status = fields.String()
    plan_reference = fields.String()


class SupportedListSchema(Schema):
    items = fields.List(fields.Nested(SupportedSchema))
    after = fields.String(allow_none=True)
