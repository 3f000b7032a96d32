"""What the routes of the waiting list take and give."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.scheduling.appointments.schemas import HOW, ID, NEED, PHONE_NUMBER
from services.scheduling.evenings.schemas import CLOCK, ChildSchema, EveningSchema, PersonSchema


class WaitingCreateSchema(Schema):
    staff_id = fields.String(required=True, validate=ID)
    instead_of = fields.String(load_default=None, allow_none=True, validate=ID, metadata={
        "description": "An appointment with this teacher for which a better time is wished"})
    earliest = fields.String(load_default=None, allow_none=True, validate=CLOCK)
    latest = fields.String(load_default=None, allow_none=True, validate=CLOCK)
    how = fields.String(load_default=None, allow_none=True, validate=HOW)
    call_on = fields.String(load_default="", validate=PHONE_NUMBER)
    needs = fields.List(fields.String(validate=NEED), load_default=list, validate=validate.Length(0, 10))
    guardian_id = fields.String(load_default=None, validate=ID, metadata={"description": "The office: for whom"})


class OpenOfferSchema(Schema):
    id = fields.String(required=True)
    starts_at = fields.AwareDateTime(required=True)
    expires_at = fields.AwareDateTime(required=True)


class WaitingSchema(Schema):
    id = fields.String(required=True)
    evening_id = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(["waiting", "met", "left", "ended"]))
    pupil = fields.Nested(ChildSchema, required=True)
    staff = fields.Nested(PersonSchema, required=True)
    instead_of = fields.String(required=True, allow_none=True)
    earliest = fields.String(required=True, allow_none=True)
    latest = fields.String(required=True, allow_none=True)
    how = fields.String(required=True, allow_none=True)
    needs = fields.List(fields.String(), required=True)
    since = fields.AwareDateTime(required=True)
    offer = fields.Nested(OpenOfferSchema, required=True, allow_none=True)


class WaitingListSchema(Schema):
    items = fields.List(fields.Nested(WaitingSchema), required=True)


class WaitingAdultSchema(WaitingSchema):
    guardian = fields.Nested(PersonSchema, required=True)
    pupil = fields.Nested(PersonSchema, required=True)
    is_asked = fields.Boolean(required=True, metadata={"description": "Whether the teacher asks them to come"})


class EveningWaitingSchema(Schema):
    evening = fields.Nested(EveningSchema, required=True)
    items = fields.List(fields.Nested(WaitingAdultSchema), required=True, metadata={
        "description": "By teacher; of one teacher who is asked first comes first"})


class WaitingQuerySchema(Schema):
    guardian_id = fields.String(load_default=None, validate=ID, metadata={"description": "The office: whose"})


class OfferSchema(Schema):
    id = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(
        ["open", "accepted", "declined", "expired", "withdrawn"]))
    evening = fields.Nested(EveningSchema, required=True)
    pupil = fields.Nested(ChildSchema, required=True)
    staff = fields.Nested(PersonSchema, required=True)
    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)
    expires_at = fields.AwareDateTime(required=True)
    how = fields.String(required=True, allow_none=True)
    room = fields.String(required=True, metadata={"description": "'' where there is none but the evening's place"})
    waits = fields.Boolean(required=True, metadata={"description": "Whether this adult still waits for a time"})
    instead_of = fields.AwareDateTime(required=True, allow_none=True, metadata={
        "description": "The time that they have now, and would change for this one"})
    appointment_id = fields.String(required=True, allow_none=True)
