"""The policy as the HTTP edge takes and shows it."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.profiles.people.schemas import PersonSchema
from services.profiles.relationships.rules import TRUST_DEFAULT
from services.profiles.relationships.schemas import RIGHT

KINDS = fields.Dict(keys=fields.String(validate=validate.OneOf(list(TRUST_DEFAULT))),
                    values=fields.List(RIGHT), required=True)


class PolicyPreviewSchema(Schema):
    kinds = KINDS


class PolicyCreateSchema(PolicyPreviewSchema):
    based_on = fields.Integer(required=True)
    starts_on = fields.Date(load_default=None, allow_none=True)
    reason = fields.String(required=True, validate=validate.Length(min=1, max=500))


class KindSchema(Schema):
    kind = fields.String()
    trust = fields.List(fields.String())
    rights = fields.List(fields.String())


class VersionSchema(Schema):
    number = fields.Integer()
    starts_at = fields.AwareDateTime()
    reason = fields.String()
    entered_by = fields.String()
    entered_at = fields.AwareDateTime()


class PolicySchema(Schema):
    version = fields.Integer()
    kinds = fields.List(fields.Nested(KindSchema))
    versions = fields.List(fields.Nested(VersionSchema))


class TurnSchema(Schema):
    pupil = fields.Nested(PersonSchema)
    guardian = fields.Nested(PersonSchema)
    kind = fields.String()
    gains = fields.List(fields.String())
    loses = fields.List(fields.String())


class PolicyEffectSchema(Schema):
    items = fields.List(fields.Nested(TurnSchema))
