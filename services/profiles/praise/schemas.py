"""Good news as the HTTP edge takes and shows it."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.profiles.consents.schemas import ConsentSchema
from services.profiles.praise.models import STRENGTHS
from services.profiles.relationships.schemas import ChildSchema


class PraiseCreateSchema(Schema):
    strength = fields.String(required=True, validate=validate.OneOf(list(STRENGTHS)))
    sentence = fields.String(required=True, validate=validate.Length(
        min=1, max=300, error="Write one sentence, in at most 300 characters."))


class PraiseSchema(Schema):
    id = fields.String()
    pupil_id = fields.String()
    pupil_given_name = fields.String()
    strength = fields.String()
    sentence = fields.String()
    staff_name = fields.String()
    sent_at = fields.AwareDateTime()


class PraiseListSchema(Schema):
    items = fields.List(fields.Nested(PraiseSchema))
    after = fields.String(allow_none=True)


class FamilyHomeSchema(Schema):
    children = fields.List(fields.Nested(ChildSchema))
    praise = fields.List(fields.Nested(PraiseSchema))
    consents = fields.List(fields.Nested(ConsentSchema))


class StrengthSchema(Schema):
    key = fields.String()
    label = fields.String()


class StrengthListSchema(Schema):
    items = fields.List(fields.Nested(StrengthSchema))
