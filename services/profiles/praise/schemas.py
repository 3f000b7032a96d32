"""Good news as the HTTP edge takes and shows it."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.profiles.consents.schemas import ConsentSchema
from services.profiles.praise.rules import MOST_LETTERS
from services.profiles.relationships.schemas import ChildSchema
from services.profiles.signed import ALL, SCHOOL, SignatureSchema, words_field

MOST_IN_A_SENTENCE = 300


class PraiseCreateSchema(Schema):
    strength = fields.String(required=True, validate=validate.Length(max=40))
    sentence = words_field(MOST_IN_A_SENTENCE)
    audience = fields.String(load_default=None, allow_none=True, validate=validate.OneOf([ALL, SCHOOL]), metadata={
        "description": "home and the child say who may read it; school's is always for all"})


class PraiseQuerySchema(Schema):
    limit = fields.Integer(load_default=20, validate=validate.Range(1, 100))
    after = fields.String(load_default=None, validate=validate.Length(max=36))


class KeepsakeQuerySchema(Schema):
    year = fields.Integer(load_default=None, validate=validate.Range(2000, 2200), metadata={
        "description": "the year in which the school year began; without it, the one that it is"})


class PraiseSchema(Schema):
    id = fields.String()
    pupil_id = fields.String()
    pupil_given_name = fields.String()
    strength = fields.String()
    own_label = fields.String(allow_none=True, metadata={"description": "the school's own word for the strength"})
    sentence = fields.String()
    audience = fields.String()
    staff_name = fields.String(allow_none=True, metadata={"description": "none when it is home's or the child's"})
    signature = fields.Nested(SignatureSchema)
    sent_at = fields.AwareDateTime()


class PraiseListSchema(Schema):
    items = fields.List(fields.Nested(PraiseSchema))
    after = fields.String(allow_none=True)


class KeepsakeSchema(Schema):
    year = fields.Integer()
    items = fields.List(fields.Nested(PraiseSchema))


class FamilyHomeSchema(Schema):
    children = fields.List(fields.Nested(ChildSchema))
    praise = fields.List(fields.Nested(PraiseSchema))
    consents = fields.List(fields.Nested(ConsentSchema))


class StrengthWriteSchema(Schema):
    label = words_field(MOST_LETTERS)


class StrengthQuerySchema(Schema):
    all = fields.Boolean(load_default=False, metadata={"description": "for the office: with those taken off the list"})


class StrengthSchema(Schema):
    key = fields.String()
    label = fields.String()
    is_own = fields.Boolean()
    is_retired = fields.Boolean()


class StrengthListSchema(Schema):
    items = fields.List(fields.Nested(StrengthSchema))
