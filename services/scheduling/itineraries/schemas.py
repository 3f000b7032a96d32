"""What the routes of itineraries take and give."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.scheduling.appointments.schemas import HOW, ID, NEED, PHONE_NUMBER
from services.scheduling.evenings.schemas import CLOCK, ChildSchema, PersonSchema

STATES = validate.OneOf(["held", "kept", "let-go", "lapsed"])
CLOCKS = fields.List(fields.String(validate=CLOCK), validate=validate.Length(2, 2, error="Give a start and an end."))


class WantedChildSchema(Schema):
    pupil_id = fields.String(required=True, validate=ID)
    staff_ids = fields.List(fields.String(validate=ID), required=True, validate=validate.Length(
        1, 12, error="Choose between 1 and 12 teachers."), metadata={"description": "The most wanted first"})


class ItineraryAnswersSchema(Schema):
    """What an adult says of an evening: with whom, when and how."""

    children = fields.List(fields.Nested(WantedChildSchema), required=True, validate=validate.Length(
        1, 8, error="Choose between 1 and 8 children."))
    earliest = fields.String(load_default=None, allow_none=True, validate=CLOCK)
    latest = fields.String(load_default=None, allow_none=True, validate=CLOCK)
    not_times = fields.List(CLOCKS, load_default=list, validate=validate.Length(0, 6), metadata={
        "description": "[from, to] as the school's clock shows them, when they cannot come"})
    how = fields.String(load_default=None, allow_none=True, validate=HOW)
    call_on = fields.String(load_default="", validate=PHONE_NUMBER)
    needs = fields.List(fields.String(validate=NEED), load_default=list, validate=validate.Length(0, 10))


class ItineraryCreateSchema(ItineraryAnswersSchema):
    guardian_id = fields.String(load_default=None, validate=ID, metadata={"description": "The office: for whom"})


class ItineraryTalkSchema(Schema):
    appointment_id = fields.String(required=True)
    pupil = fields.Nested(ChildSchema, required=True)
    staff = fields.Nested(PersonSchema, required=True)
    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)
    room = fields.String(required=True)
    how = fields.String(required=True, validate=HOW)


class UnmetSchema(Schema):
    pupil = fields.Nested(ChildSchema, required=True)
    staff = fields.Nested(PersonSchema, required=True)
    is_full = fields.Boolean(required=True, metadata={
        "description": "Nothing is free with this teacher; otherwise something is that does not fit the rest"})


class ItinerarySchema(ItineraryAnswersSchema):
    id = fields.String(required=True)
    evening_id = fields.String(required=True)
    state = fields.String(required=True, validate=STATES)
    held_until = fields.AwareDateTime(required=True)
    seconds_left = fields.Integer(required=True)
    extensions_left = fields.Integer(required=True)
    talks = fields.List(fields.Nested(ItineraryTalkSchema), required=True, metadata={
        "description": "What is held, or was"})
    unmet = fields.List(fields.Nested(UnmetSchema), required=True)


class ItineraryListSchema(Schema):
    items = fields.List(fields.Nested(ItinerarySchema), required=True)


class ItineraryQuerySchema(Schema):
    guardian_id = fields.String(load_default=None, validate=ID, metadata={"description": "The office: whose"})
