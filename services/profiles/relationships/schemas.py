"""Relationships and rights as the HTTP edge takes and shows them."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.profiles.people.schemas import PupilSchema
from services.profiles.relationships.rules import RIGHTS, TRUST_DEFAULT

RIGHT = fields.String(validate=validate.OneOf(RIGHTS))


class ChildSchema(PupilSchema):
    may = fields.Dict(keys=fields.String(), values=fields.Boolean())


class ChildListSchema(Schema):
    items = fields.List(fields.Nested(ChildSchema))
    after = fields.String(allow_none=True)


class RightSchema(Schema):
    allowed = fields.Boolean()
    reason = fields.String()


class RelationshipUpdateSchema(Schema):
    kind = fields.String(required=True, validate=validate.OneOf([*TRUST_DEFAULT, "other"]))
    parental_responsibility = fields.String(required=True, validate=validate.OneOf(["yes", "no", "unknown"]))
    responsibility_seen = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=200))
    lives_with = fields.String(required=True, validate=validate.OneOf(["yes", "no", "shared", "unknown"]))


class RelationshipFactsSchema(RelationshipUpdateSchema):
    pupil_id = fields.String()
    guardian_id = fields.String()
    status = fields.String()
    checked_by = fields.String(allow_none=True)
    since = fields.AwareDateTime()


class CheckSchema(Schema):
    seen = fields.String(required=True, validate=validate.Length(min=1, max=500))


class LookedAfterSchema(Schema):
    authority = fields.String(load_default=None, allow_none=True, validate=validate.Length(min=1, max=120))


class HomeSchema(Schema):
    guardian_ids = fields.List(fields.String())


class HomeListSchema(Schema):
    homes = fields.List(fields.Nested(HomeSchema))
