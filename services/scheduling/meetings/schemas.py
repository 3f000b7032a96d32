"""What the routes of meetings take and give."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.scheduling.evenings.schemas import PersonSchema
from services.scheduling.reviews.schemas import HOW, CanSchema, ReviewItemSchema

MOST = 500
ID = validate.Length(1, 36, error="This is not an id of ours.")


class MeetingAskSchema(Schema):
    staff_id = fields.String(load_default=None, validate=ID, metadata={
        "description": "One of the child's teachers; a teacher asks for themself"})
    guardian_id = fields.String(load_default=None, validate=ID, metadata={"description": "For staff: with whom"})
    about = fields.String(load_default="", validate=validate.Length(max=MOST, error="Write at most 500 letters."))
    how = fields.String(load_default=None, allow_none=True, validate=HOW)
    can = fields.List(fields.Nested(CanSchema), load_default=list, validate=validate.Length(
        max=6, error="Give at most six times."))


class MeetingListSchema(Schema):
    items = fields.List(fields.Nested(ReviewItemSchema), required=True)
    teachers = fields.List(fields.Nested(PersonSchema), required=True, metadata={
        "description": "Whom the caller may ask for a talk, or who may have one"})
    adults = fields.List(fields.Nested(PersonSchema), required=True, metadata={
        "description": "For staff: with whom school may talk"})


class RestTalkSchema(Schema):
    id = fields.String(required=True, metadata={"description": "The id by which reviews know it"})
    guardian_id = fields.String(required=True)


class RestSchema(Schema):
    """A talk of an evening, and what was booked to go on with it. `adults` is for staff alone."""

    appointment_id = fields.String(required=True)
    evening_id = fields.String(required=True)
    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)
    outcome = fields.String(required=True, validate=validate.OneOf(["", "held", "missed"]))
    pupil = fields.Nested(PersonSchema, required=True)
    staff = fields.Nested(PersonSchema, required=True)
    adults = fields.List(fields.Nested(PersonSchema), required=True)
    may_go_on = fields.Boolean(required=True, metadata={"description": "Whether the rest may be booked now"})
    talks = fields.List(fields.Nested(RestTalkSchema), required=True)
