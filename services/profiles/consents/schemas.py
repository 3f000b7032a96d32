"""Consents as the HTTP edge takes and shows them."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.profiles.consents.rules import ANSWERS, NEEDS
from services.profiles.people.schemas import PersonSchema


class ConsentCreateSchema(Schema):
    title = fields.String(required=True, validate=validate.Length(
        min=1, max=120, error="Write a name for it, in at most 120 characters."))
    words = fields.String(required=True, validate=validate.Length(
        min=1, max=4000, error="Write the question, in at most 4,000 characters."))
    class_ids = fields.List(fields.String(validate=validate.Length(max=36)), required=True, validate=validate.Length(
        min=1, max=200, error="Choose at least one class."))
    needs = fields.String(required=True, validate=validate.OneOf(NEEDS))
    closes_on = fields.Date(required=True)


class AnswerCreateSchema(Schema):
    answer = fields.String(required=True, validate=validate.OneOf(ANSWERS, error="Say yes or no."))
    note = fields.String(load_default="", validate=validate.Length(
        max=500, error="Write at most 500 characters."))


class GivenSchema(Schema):
    answer = fields.String(allow_none=True)
    note = fields.String()
    answered_at = fields.AwareDateTime(allow_none=True)


class AdultAnswerSchema(GivenSchema):
    guardian = fields.Nested(PersonSchema)
    counts = fields.Boolean(metadata={"description": "Whether this adult has the right to answer now"})
    earlier = fields.List(fields.Nested(GivenSchema), metadata={"description": "What they had said before, in order"})


class ConsentPupilSchema(GivenSchema):
    """For an adult: own answer. For staff: the state, and for those who answer for the whole school who said what."""

    pupil = fields.Nested(PersonSchema)
    state = fields.String()
    adults = fields.List(fields.Nested(AdultAnswerSchema))


class ConsentItemSchema(Schema):
    id = fields.String()
    title = fields.String()
    words = fields.String()
    closes_on = fields.Date()
    is_open = fields.Boolean()
    class_ids = fields.List(fields.String())
    needs = fields.String()
    asked_at = fields.AwareDateTime()
    ended_at = fields.AwareDateTime(allow_none=True)


class ConsentSchema(ConsentItemSchema):
    pupils = fields.List(fields.Nested(ConsentPupilSchema))


class ConsentListSchema(Schema):
    items = fields.List(fields.Nested(ConsentSchema))
    after = fields.String(allow_none=True)
