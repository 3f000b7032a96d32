"""The school's calendar as the HTTP edge takes and shows it."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

FIRST, LAST = 2000, 2100


class TermSchema(Schema):
    starts_on = fields.Date(required=True)
    half_starts_on = fields.Date(required=True, metadata={"description": "The first day of the holiday in the middle"})
    half_ends_on = fields.Date(required=True)
    ends_on = fields.Date(required=True)


class SchoolYearChangeSchema(Schema):
    terms = fields.List(fields.Nested(TermSchema), required=True, validate=validate.Length(min=1, max=18))
    closed = fields.List(fields.Date(), load_default=list, validate=validate.Length(max=300), metadata={
        "description": "Days within terms on which the school is closed"})


class SchoolYearSchema(Schema):
    terms = fields.List(fields.Nested(TermSchema))
    closed = fields.List(fields.Date())
    is_usual = fields.Boolean(metadata={"description": "These are the usual dates of England; nobody has set any"})
    version = fields.String(metadata={"description": "Its ETag"})
