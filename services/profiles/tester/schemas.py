"""The tester's questions and answers."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.profiles.people.schemas import PersonSchema, PupilSchema
from services.profiles.relationships.schemas import RightSchema

ID = validate.Length(max=36)


class TesterQuerySchema(Schema):
    pupil_id = fields.String(load_default=None, validate=ID)
    guardian_id = fields.String(load_default=None, validate=ID)
    at = fields.AwareDateTime(load_default=None)


class RightsAnswerSchema(Schema):
    pupil = fields.Nested(PupilSchema)
    guardian = fields.Nested(PersonSchema)
    kind = fields.String()
    rights = fields.Dict(keys=fields.String(), values=fields.Nested(RightSchema))


class RightsAnswerListSchema(Schema):
    at = fields.AwareDateTime()
    items = fields.List(fields.Nested(RightsAnswerSchema))


class RightsChangeSchema(Schema):
    what = fields.String()
    by = fields.String()
    at = fields.AwareDateTime()
    lost = fields.List(fields.String())
    gained = fields.List(fields.String())


class RightsChangeListSchema(Schema):
    items = fields.List(fields.Nested(RightsChangeSchema))


class LookSchema(Schema):
    what = fields.String()
    by = fields.String()
    at = fields.AwareDateTime()
    pupil_id = fields.String(allow_none=True)
    guardian_id = fields.String(allow_none=True)


class LookListSchema(Schema):
    items = fields.List(fields.Nested(LookSchema))
