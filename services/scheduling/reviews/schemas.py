"""What the routes of reviews take and give."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.scheduling.evenings.schemas import CLOCK, PersonSchema

HOW = validate.OneOf(["in-person", "phone", "video"], error="Choose 'in-person', 'phone' or 'video'.")
LINK = validate.And(validate.Length(max=300, error="Write at most 300 letters."), validate.Regexp(
    r"(https://[^\s<>\"]+)?\Z", error="Write an address that begins with https://, or leave it empty."))

CanSchema = Schema.from_dict({
    "on": fields.Date(required=True), "from": fields.String(required=True, validate=CLOCK, attribute="start"),
    "to": fields.String(required=True, validate=CLOCK, attribute="end"),
}, name="CanSchema")
"""When an adult can come. `from` is a word of Python, so that this one is made from a dictionary."""

ShownCanSchema = Schema.from_dict({
    "on": fields.String(required=True), "from": fields.String(required=True), "to": fields.String(required=True),
}, name="ShownCanSchema")

WindowSchema = Schema.from_dict({
    "weekday": fields.Integer(required=True, strict=True, validate=validate.Range(0, 6)),
    "from": fields.String(required=True, validate=CLOCK, attribute="start"),
    "to": fields.String(required=True, validate=CLOCK, attribute="end"),
}, name="WindowSchema")
"""A time of the week: 0 is Monday; from and to as the school's clock shows them."""

ShownWindowSchema = Schema.from_dict({
    "weekday": fields.Integer(required=True), "from": fields.String(required=True), "to": fields.String(required=True),
}, name="ShownWindowSchema")


class ReviewItemSchema(Schema):
    """One adult's review, or talk outside evenings (of no loop). `guardian` is there for staff alone."""

    id = fields.String(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(["review", "talk"]))
    about = fields.String(required=True, metadata={"description": "Of a talk, in the words of who asked for it"})
    partnership_id = fields.String(required=True, allow_none=True)
    state = fields.String(required=True, validate=validate.OneOf(["offered", "unsuited", "booked", "cancelled"]))
    pupil = fields.Nested(PersonSchema, required=True)
    staff = fields.Nested(PersonSchema, required=True)
    guardian = fields.Nested(PersonSchema)
    from_on = fields.Date(required=True)
    by_on = fields.Date(required=True)
    starts_at = fields.AwareDateTime(required=True, allow_none=True)
    ends_at = fields.AwareDateTime(required=True, allow_none=True)
    how = fields.String(required=True, allow_none=True, validate=HOW)
    link = fields.String(required=True, allow_none=True)
    can = fields.List(fields.Nested(ShownCanSchema), required=True)
    sequence = fields.Integer(required=True)


class ReviewSchema(ReviewItemSchema):
    times = fields.List(fields.AwareDateTime(), required=True, metadata={"description": "What is free now"})
    ways = fields.List(fields.String(validate=HOW), required=True)
    is_open = fields.Boolean(required=True, metadata={"description": "Whether a time may be chosen now"})


class ReviewListSchema(Schema):
    items = fields.List(fields.Nested(ReviewItemSchema), required=True)


class ReviewBookSchema(Schema):
    starts_at = fields.AwareDateTime(required=True)
    how = fields.String(load_default=None, validate=HOW)


class ReviewUnsuitedSchema(Schema):
    can = fields.List(fields.Nested(CanSchema), required=True, validate=validate.Length(
        max=6, error="Give at most six times."))


class ReviewTimesSchema(Schema):
    times = fields.List(fields.AwareDateTime(), required=True, validate=validate.Length(
        1, 6, error="Offer between one and six times."))


class StaffHoursSchema(Schema):
    windows = fields.List(fields.Nested(WindowSchema), required=True, validate=validate.Length(
        max=20, error="Give at most twenty times."))
    link = fields.String(load_default="", validate=LINK)


class ShownStaffHoursSchema(Schema):
    windows = fields.List(fields.Nested(ShownWindowSchema), required=True)
    link = fields.String(required=True)
