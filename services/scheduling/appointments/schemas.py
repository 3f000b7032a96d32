"""What the routes of appointments take and give."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.scheduling.checkins.schemas import CheckinSchema
from services.scheduling.evenings.schemas import ChildSchema, EveningSchema, PersonSchema
from services.scheduling.paging import PageQuerySchema
from services.scheduling.reviews.schemas import ReviewItemSchema
from services.scheduling.wishes.schemas import AnsweredEveningSchema

ID = validate.Length(1, 36, error="This is not an id of ours.")
HOW = validate.OneOf(["in-person", "phone", "video"], error="Choose 'in-person', 'phone' or 'video'.")

NEED = validate.Regexp(r"^(bsl|step-free|longer|creche|interpreter:.{1,20})\Z", error="This is no need that we know.")
PHONE_NUMBER = validate.Regexp(r"^[0-9+() -]{0,40}\Z", error="Write a phone number with digits, such as 01632 960 001.")


class SlotSchema(Schema):
    id = fields.String(required=True)
    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)
    state = fields.String(required=True, validate=validate.OneOf(["free", "taken", "yours"]))
    room = fields.String(required=True)
    ways = fields.List(fields.String(validate=HOW), required=True)


class TeacherSlotsSchema(PersonSchema):
    slots = fields.List(fields.Nested(SlotSchema), required=True)
    ways = fields.List(fields.String(validate=HOW), required=True)
    rooms = fields.List(fields.String(), required=True)
    sitters = fields.List(fields.Nested(PersonSchema), required=True, metadata={
        "description": "All who sit there, where there are several"})


class SlotsQuerySchema(Schema):
    guardian_id = fields.String(load_default=None, validate=ID, metadata={"description": "The office: for whom"})


class EveningSlotsSchema(Schema):
    evening = fields.Nested(EveningSchema, required=True)
    staff = fields.List(fields.Nested(TeacherSlotsSchema), required=True)
    ways = fields.List(fields.String(validate=HOW), required=True,
                       metadata={"description": "How one may come, the usual way first"})
    needs = fields.List(fields.String(), required=True, metadata={"description": "What there is, by keys of resources"})


class AppointmentCreateSchema(Schema):
    slot_id = fields.String(required=True, validate=ID)
    how = fields.String(load_default=None, validate=HOW)
    call_on = fields.String(load_default="", validate=PHONE_NUMBER, metadata={
        "description": "The number to ring, shown to who sits there alone"})
    needs = fields.List(fields.String(validate=NEED), load_default=list, validate=validate.Length(0, 10), metadata={
        "description": "Keys of resources, such as 'bsl' or 'interpreter:Urdu'; who needs 'longer' has two slots"})
    guardian_id = fields.String(load_default=None, validate=ID, metadata={"description": "The office: for whom"})


class AppointmentMoveSchema(Schema):
    slot_id = fields.String(required=True, validate=ID)


class AppointmentCancelSchema(Schema):
    guardian_id = fields.String(load_default=None, validate=ID, metadata={
        "description": "The office: of whom alone; without it all who come"})


class MeetingSchema(Schema):
    """When, where, with whom and about which child: all that one home sees of another's, where both let it."""

    whose = fields.String(required=True, validate=validate.OneOf(["mine", "other-home"]))
    pupil = fields.Nested(ChildSchema, required=True)
    staff = fields.Nested(PersonSchema, required=True)
    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)
    place = fields.String(required=True)


class AppointmentSchema(MeetingSchema):
    id = fields.String(required=True)
    evening_id = fields.String(required=True)
    room = fields.String(required=True, metadata={"description": "'' where there is none but the evening's place"})
    how = fields.String(required=True, validate=HOW)
    state = fields.String(required=True, validate=validate.OneOf(["booked", "cancelled"]))
    sequence = fields.Integer(required=True)


class AheadSchema(MeetingSchema):
    """An appointment of one's own, or a meeting of the other home, which has no more than that."""

    id = fields.String()
    evening_id = fields.String()
    room = fields.String()
    how = fields.String(validate=HOW)
    state = fields.String(validate=validate.OneOf(["booked", "cancelled"]))
    sequence = fields.Integer()


class AppointmentListSchema(Schema):
    items = fields.List(fields.Nested(AheadSchema), required=True)
    after = fields.String(required=True, allow_none=True)


class FamilyHomeSchema(Schema):
    evenings = fields.List(fields.Nested(EveningSchema), required=True)
    appointments = fields.List(fields.Nested(AheadSchema), required=True)
    reviews = fields.List(fields.Nested(ReviewItemSchema), required=True)
    check_ins = fields.List(fields.Nested(CheckinSchema), required=True)
    wishes = fields.List(fields.Nested(AnsweredEveningSchema), required=True)


class StaffAppointmentSchema(AppointmentSchema):
    pupil = fields.Nested(PersonSchema, required=True)


class RunSheetItemSchema(StaffAppointmentSchema):
    needs = fields.List(fields.String(), required=True, metadata={
        "description": "What the family was given, by keys of resources"})


class RunSheetSchema(Schema):
    items = fields.List(fields.Nested(RunSheetItemSchema), required=True)
    after = fields.String(required=True, allow_none=True)


class ReleasedQuerySchema(PageQuerySchema):
    pupil_id = fields.String(load_default=None, validate=ID)
    guardian_id = fields.String(load_default=None, validate=ID)


class ReleasedSchema(StaffAppointmentSchema):
    guardian_id = fields.String(required=True)
    cause = fields.String(required=True, validate=validate.OneOf(["right_ended", "pupil_left", "office", "replanned"]))
    released_at = fields.AwareDateTime(required=True, attribute="changed_at")


class ReleasedListSchema(Schema):
    items = fields.List(fields.Nested(ReleasedSchema), required=True)
    after = fields.String(required=True, allow_none=True)
