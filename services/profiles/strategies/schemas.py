"""Strategies as the HTTP edge takes and shows them."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.profiles.people.schemas import PersonSchema
from services.profiles.signed import AUDIENCES, SignatureSchema, words_field
from services.profiles.strategies.rules import HOWS, KINDS, REASONS


class StrategyWordsSchema(Schema):
    """What a version says."""

    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    what = words_field(1000)
    why = words_field(1000, required=False)
    at_home = words_field(500, required=False)
    at_school = words_field(500, required=False)
    by_child = words_field(500, required=False)


class StrategyCreateSchema(StrategyWordsSchema):
    audience = fields.String(load_default=None, validate=validate.OneOf(AUDIENCES))


class StrategyEndSchema(Schema):
    reason = fields.String(required=True, validate=validate.OneOf(REASONS))
    words = words_field(300, required=False)


class TriedCreateSchema(Schema):
    how = fields.String(required=True, validate=validate.OneOf(HOWS))
    line = words_field(140, required=False)
    audience = fields.String(load_default=None, validate=validate.OneOf(AUDIENCES))


class TriedSchema(Schema):
    id = fields.String()
    how = fields.String()
    line = fields.String()
    audience = fields.String(allow_none=True)
    signature = fields.Nested(SignatureSchema)


class StrategyStepSchema(Schema):
    version = fields.Integer()
    kind = fields.String()
    said = fields.Nested(StrategyWordsSchema, allow_none=True)
    reason = fields.String(allow_none=True)
    words = fields.String()
    signature = fields.Nested(SignatureSchema)


class AgreedByHomeSchema(Schema):
    name = fields.String()
    state = fields.String()
    at = fields.AwareDateTime(allow_none=True)


class StrategySummarySchema(StrategyWordsSchema):
    id = fields.String()
    pupil_id = fields.String()
    pupil = fields.Nested(PersonSchema, allow_none=True)
    version = fields.Integer()
    audience = fields.String()
    state = fields.String()
    since = fields.AwareDateTime(allow_none=True)
    may_agree = fields.Boolean()
    signature = fields.Nested(SignatureSchema)
    last_tried = fields.Nested(TriedSchema, allow_none=True)


class StrategyListSchema(Schema):
    items = fields.List(fields.Nested(StrategySummarySchema))
    after = fields.String(allow_none=True)


class ChartCellSchema(Schema):
    from_on = fields.Date()
    hows = fields.List(fields.String())


class ChartRowSchema(Schema):
    voice = fields.String()
    weeks = fields.List(fields.Nested(ChartCellSchema))


class StrategySchema(StrategySummarySchema):
    homes = fields.List(fields.Nested(AgreedByHomeSchema))
    may_end = fields.Boolean()
    steps = fields.List(fields.Nested(StrategyStepSchema))
    notes = fields.List(fields.Nested(TriedSchema))
    chart = fields.List(fields.Nested(ChartRowSchema))
