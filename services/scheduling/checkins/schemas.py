"""What the routes of check-ins take and give."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.scheduling.evenings.schemas import ID, PersonSchema
from services.scheduling.reviews.schemas import ShownWindowSchema, WindowSchema

STATES = ["proposed", "offered", "declined", "held", "skipped", "ended"]
NOTE = validate.Length(max=280, error="Write at most 280 letters.")


class CheckinSchema(Schema):
    """A talk with one adult. `guardian` is there for staff alone."""

    id = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    how = fields.String(required=True, validate=validate.OneOf(["phone", "chat"]))
    starts_at = fields.AwareDateTime(required=True)
    held_on = fields.Date(required=True, allow_none=True)
    note = fields.String(required=True)
    said = fields.String(required=True, metadata={"description": "What the adult said of when they can talk"})
    pupil = fields.Nested(PersonSchema, required=True)
    staff = fields.Nested(PersonSchema, required=True)
    guardian = fields.Nested(PersonSchema)


class CheckinDueSchema(Schema):
    pupil = fields.Nested(PersonSchema, required=True)
    review_due = fields.Boolean(required=True, metadata={"description": "Closer support: a longer meeting is due"})
    last_spoken_on = fields.Date(required=True, allow_none=True)


class CheckinBoardSchema(Schema):
    due = fields.List(fields.Nested(CheckinDueSchema), required=True)
    proposed = fields.List(fields.Nested(CheckinSchema), required=True)
    done = fields.List(fields.Nested(CheckinSchema), required=True)


class CheckinListSchema(Schema):
    """`adults` with whom one may talk are there for staff alone."""

    items = fields.List(fields.Nested(CheckinSchema), required=True)
    adults = fields.List(fields.Nested(PersonSchema))


class CheckinHoldSchema(Schema):
    note = fields.String(load_default="", validate=NOTE)


class CheckinDeclineSchema(Schema):
    words = fields.String(load_default="", validate=NOTE)


class CheckinCreateSchema(CheckinHoldSchema):
    guardian_id = fields.String(required=True, validate=ID)


class CheckinMoveSchema(Schema):
    starts_at = fields.AwareDateTime(required=True)


class CadenceSchema(Schema):
    usual = fields.Integer(required=True, strict=True, validate=validate.Range(
        1, 6, error="Choose between 1 and 6."), metadata={"description": "Talks in a half-term"})
    closer = fields.Integer(required=True, strict=True, validate=validate.Range(
        1, 6, error="Choose between 1 and 6."), metadata={"description": "Talks in a half-term, closer support"})
    reviews = fields.Integer(required=True, strict=True, validate=validate.Range(
        1, 12, error="Choose between 1 and 12."), metadata={"description": "Reviews a year, closer support"})
    most_a_day = fields.Integer(required=True, strict=True, validate=validate.Range(
        1, 10, error="Choose between 1 and 10."), metadata={"description": "Most talks a teacher and day"})


class CadenceChangeSchema(CadenceSchema):
    based_on = fields.Integer(required=True, strict=True)


class ShownCadenceSchema(CadenceSchema):
    version = fields.Integer(required=True)


class FamilyHoursSchema(Schema):
    windows = fields.List(fields.Nested(WindowSchema), required=True, validate=validate.Length(
        max=20, error="Give at most twenty times."))


class ShownFamilyHoursSchema(Schema):
    windows = fields.List(fields.Nested(ShownWindowSchema), required=True)
