"""Contact made as the HTTP edge takes and shows it, to staff alone."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.profiles.classes.schemas import ClassSchema
from services.profiles.heard.rules import LEAST_WEEKS, MOST_WEEKS
from services.profiles.people.schemas import PersonSchema


class UnheardQuerySchema(Schema):
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 100))
    after = fields.String(load_default=None, validate=validate.Length(max=36))
    class_id = fields.String(load_default=None, validate=validate.Length(max=36))


class UnheardSchema(Schema):
    pupil = fields.Nested(PersonSchema)
    since = fields.Date(allow_none=True, metadata={"description": "the last day on which home heard; none: never"})
    only_worries = fields.Boolean(metadata={"description": "this half-term it was worries, and nothing else"})


class UnheardListSchema(Schema):
    items = fields.List(fields.Nested(UnheardSchema))
    after = fields.String(allow_none=True)
    weeks = fields.Integer(metadata={"description": "of school, without a word, after which a family is unheard"})


class HeardSettingSchema(Schema):
    weeks = fields.Integer(required=True, validate=validate.Range(
        LEAST_WEEKS, MOST_WEEKS, error=f"Choose from {LEAST_WEEKS} to {MOST_WEEKS} weeks."))


class BalanceSchema(Schema):
    suggest_good_news = fields.Boolean()


class ContactMadeQuerySchema(Schema):
    half_on = fields.Date(load_default=None, metadata={"description": "the first day of a half-term"})


class HalfTermSchema(Schema):
    from_on = fields.Date()
    to_on = fields.Date()


class MadeSchema(Schema):
    good_news = fields.Integer()
    talks = fields.Integer()
    notes = fields.Integer()
    worries = fields.Integer()


class ContactMadeSchema(Schema):
    school_class = fields.Nested(ClassSchema)
    made = fields.Nested(MadeSchema, allow_none=True, metadata={
        "description": "none in a class of fewer than five: it would say something of one child"})


class ContactMadeListSchema(Schema):
    half = fields.Nested(HalfTermSchema)
    halves = fields.List(fields.Nested(HalfTermSchema))
    items = fields.List(fields.Nested(ContactMadeSchema))
