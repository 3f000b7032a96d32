"""A child's page as the HTTP edge shows it."""

from __future__ import annotations

from marshmallow import Schema, fields

from services.profiles.people.schemas import PupilSchema
from services.profiles.signed import SignatureSchema


class PageItemSchema(Schema):
    """One thing of a part; which fields a part uses is said by the room that gives it."""

    id = fields.String()
    kind = fields.String(allow_none=True)
    words = fields.String(allow_none=True)
    state = fields.String(allow_none=True)
    due_on = fields.Date(allow_none=True)
    more = fields.String(allow_none=True)
    at = fields.AwareDateTime(allow_none=True)
    signature = fields.Nested(SignatureSchema, allow_none=True)


class ChildPageSchema(Schema):
    pupil = fields.Nested(PupilSchema)
    may = fields.Dict(keys=fields.String(), values=fields.Boolean())
    parts = fields.Dict(keys=fields.String(), values=fields.List(fields.Nested(PageItemSchema)))
