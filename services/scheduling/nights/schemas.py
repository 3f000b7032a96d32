"""What the routes of nights take and give."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.scheduling.evenings.schemas import ChildSchema, EveningSchema, PersonSchema

ID = validate.Length(1, 36, error="This is not an id of ours.")
TALK = validate.OneOf(["waiting", "on", "ended", "missed"])


class NightListSchema(Schema):
    items = fields.List(fields.Nested(EveningSchema), required=True)


class NightArrivalSchema(Schema):
    guardian_id = fields.String(required=True, validate=ID)
    is_here = fields.Boolean(load_default=True, truthy={True}, falsy={False})


class NightLateSchema(Schema):
    minutes = fields.Integer(required=True, strict=True)


class DoorQuerySchema(Schema):
    find = fields.String(load_default="", validate=validate.Length(0, 120))


class NightTalkSchema(Schema):
    """A talk as it was agreed, and when it is likely to begin as things stand."""

    id = fields.String(required=True)
    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)
    likely_at = fields.AwareDateTime(required=True)
    minutes_late = fields.Integer(required=True)
    state = fields.String(required=True, validate=TALK)
    is_ending = fields.Boolean(required=True, metadata={"description": "Two minutes are left of it, or fewer"})
    place = fields.String(required=True)
    room = fields.String(required=True)
    link = fields.String(required=True)


class NightAdultSchema(PersonSchema):
    how = fields.String(required=True)
    call_on = fields.String(required=True, metadata={"description": "For who sits there alone"})
    is_here = fields.Boolean(required=True)
    talk_about = fields.String(required=True)


class DeskTalkSchema(NightTalkSchema):
    pupil = fields.Nested(PersonSchema, required=True)
    adults = fields.List(fields.Nested(NightAdultSchema), required=True)
    needs = fields.List(fields.String(), required=True)
    is_next = fields.Boolean(required=True)


class NightDeskSchema(Schema):
    evening = fields.Nested(EveningSchema, required=True)
    minutes_late = fields.Integer(required=True)
    items = fields.List(fields.Nested(DeskTalkSchema), required=True)


class MyTalkSchema(NightTalkSchema):
    pupil = fields.Nested(ChildSchema, required=True)
    staff = fields.Nested(PersonSchema, required=True)
    how = fields.String(required=True)
    is_next = fields.Boolean(required=True)


class MyNightSchema(Schema):
    evening = fields.Nested(EveningSchema, required=True)
    is_here = fields.Boolean(required=True)
    items = fields.List(fields.Nested(MyTalkSchema), required=True)


class FirstTalkSchema(NightTalkSchema):
    staff = fields.Nested(PersonSchema, required=True)


class DoorAdultSchema(PersonSchema):
    is_here = fields.Boolean(required=True)
    first = fields.Nested(FirstTalkSchema, required=True, allow_none=True)


class HallDeskSchema(Schema):
    staff = fields.Nested(PersonSchema, required=True)
    minutes_late = fields.Integer(required=True)


class NightDoorSchema(Schema):
    evening = fields.Nested(EveningSchema, required=True)
    desks = fields.List(fields.Nested(HallDeskSchema), required=True)
    items = fields.List(fields.Nested(DoorAdultSchema), required=True)


class MissedTalkSchema(Schema):
    appointment_id = fields.String(required=True)
    starts_at = fields.AwareDateTime(required=True)
    staff = fields.Nested(PersonSchema, required=True)
    adult = fields.Nested(PersonSchema, required=True)
    pupil = fields.Nested(PersonSchema, required=True)


class MissedListSchema(Schema):
    items = fields.List(fields.Nested(MissedTalkSchema), required=True)


class NightYearSchema(Schema):
    year_group = fields.String(required=True)
    families = fields.Integer(required=True)
    booked = fields.Integer(required=True)
    met = fields.Integer(required=True)
    missed = fields.Integer(required=True)


class NightFiguresSchema(Schema):
    """Counts are of talks, waits and lateness are in minutes: None where too few families came to speak of nobody."""

    evening = fields.Nested(EveningSchema, required=True)
    offered = fields.Integer(required=True)
    wished = fields.Integer(required=True, allow_none=True)
    families = fields.Integer(required=True)
    booked = fields.Integer(required=True)
    met = fields.Integer(required=True)
    missed = fields.Integer(required=True)
    longest_wait = fields.Integer(required=True, allow_none=True)
    mean_wait = fields.Integer(required=True, allow_none=True)
    most_late = fields.Integer(required=True, allow_none=True)
    mean_late = fields.Integer(required=True, allow_none=True)
    years = fields.List(fields.Nested(NightYearSchema), required=True)
