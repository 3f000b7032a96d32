"""What the routes of planning take and give."""

from __future__ import annotations

from datetime import datetime

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from services.scheduling.evenings.schemas import ID, EveningSchema, PersonSchema
from services.scheduling.solver.queries import DEFAULT_ORDER

LONGEST_S, MOST_ROUNDS = 30, 20_000_000
NEEDED = {"ill": "staff_id", "flooded": "room", "changed": "block_id", "lost": "slot_ids"}


class PlanCreateSchema(Schema):
    seed = fields.Integer(load_default=None, allow_none=True, strict=True, validate=validate.Range(0, 2**31 - 1))
    budget_s = fields.Integer(load_default=10, strict=True, validate=validate.Range(
        1, LONGEST_S, error="Between 1 and 30 seconds."))
    rounds = fields.Integer(load_default=None, allow_none=True, strict=True, validate=validate.Range(
        1, MOST_ROUNDS), metadata={"description": "Search so many rounds instead: the same again for the same seed"})
    aims = fields.List(fields.String(validate=validate.OneOf(DEFAULT_ORDER)), load_default=list,
                       validate=validate.Length(0, len(DEFAULT_ORDER)), metadata={
                           "description": "Most important first; the evening's own order if left out"})


class PlanSchema(Schema):
    id = fields.String(required=True)
    evening_id = fields.String(required=True)
    evening_version = fields.Integer(required=True)
    state = fields.String(required=True, validate=validate.OneOf(
        ["queued", "running", "ready", "published", "stopped", "failed"]))
    is_trial = fields.Boolean(required=True)
    seed = fields.Integer(required=True)
    budget_s = fields.Integer(required=True)
    rounds = fields.Integer(required=True)
    millis = fields.Integer(required=True)
    unmet = fields.Integer(required=True)
    idle = fields.Integer(required=True, metadata={
        "description": "Minutes that families wait, all together; no more than this while it is searched"})
    aims = fields.List(fields.String(), required=True)
    stop_asked = fields.Boolean(required=True)
    created_at = fields.AwareDateTime(required=True)
    finished_at = fields.AwareDateTime(required=True, allow_none=True)
    published_at = fields.AwareDateTime(required=True, allow_none=True)
    summary = fields.Dict(required=True, metadata={"description": "What each aim got, in figures"})


class PlanListSchema(Schema):
    items = fields.List(fields.Nested(PlanSchema), required=True)
    after = fields.String(required=True, allow_none=True)


class PlannedWishSchema(Schema):
    wish_id = fields.String(required=True)
    guardian_id = fields.String(required=True)
    adults = fields.List(fields.Nested(PersonSchema), required=True, metadata={
        "description": "Who would come, for the office"})
    pupil = fields.Nested(PersonSchema, required=True)
    staff = fields.Nested(PersonSchema, required=True)
    rank = fields.Integer(required=True)
    please_come = fields.Boolean(required=True)
    code = fields.String(required=True)
    facts = fields.Dict(required=True)
    talk_id = fields.String(required=True, allow_none=True)
    starts_at = fields.AwareDateTime(required=True, allow_none=True)
    ends_at = fields.AwareDateTime(required=True, allow_none=True)
    was_lost = fields.Boolean(required=True, metadata={"description": "It could not stand when it was published"})


class PlannedRowSchema(PersonSchema):
    talks = fields.List(fields.Nested(PlannedWishSchema), required=True)


class WholePlanSchema(PlanSchema):
    by_teacher = fields.List(fields.Nested(PlannedRowSchema), required=True)
    by_family = fields.List(fields.Nested(PlannedRowSchema), required=True)
    unmet_wishes = fields.List(fields.Nested(PlannedWishSchema), required=True)


class WhyWishSchema(Schema):
    pupil = fields.Nested(PersonSchema, required=True)
    staff = fields.Nested(PersonSchema, required=True)
    rank = fields.Integer(required=True)
    is_met = fields.Boolean(required=True)
    code = fields.String(required=True)
    facts = fields.Dict(required=True)
    starts_at = fields.AwareDateTime(required=True, allow_none=True)
    ends_at = fields.AwareDateTime(required=True, allow_none=True)


class WhySchema(Schema):
    evening = fields.Nested(EveningSchema, required=True)
    is_planned = fields.Boolean(required=True)
    wishes = fields.List(fields.Nested(WhyWishSchema), required=True)


class ReplanCreateSchema(Schema):
    kind = fields.String(required=True, validate=validate.OneOf(list(NEEDED)))
    staff_id = fields.String(validate=ID)
    room = fields.String(validate=validate.Length(1, 120))
    block_id = fields.String(validate=ID)
    slot_ids = fields.List(fields.String(validate=ID), load_default=list, validate=validate.Length(0, 2000))
    starts_at = fields.AwareDateTime(load_default=None, allow_none=True)
    ends_at = fields.AwareDateTime(load_default=None, allow_none=True)
    to_room = fields.String(load_default="", validate=validate.Length(0, 120), metadata={
        "description": "Of a room that cannot be used: where all go instead, at the times that they have"})
    to_step_free = fields.Boolean(load_default=False, truthy={True}, falsy={False})

    @validates_schema
    def say_what(self, data: dict[str, object], **_more: object) -> None:
        name = NEEDED.get(str(data.get("kind")), "kind")
        if not str(data.get(name) or "").strip():
            raise ValidationError("Say which one it is.", name)
        if data.get("to_room") and name != "room":
            raise ValidationError("Only where a room cannot be used there is another room to name.", "to_room")
        start, end = data.get("starts_at"), data.get("ends_at")
        if isinstance(start, datetime) and isinstance(end, datetime) and end <= start:
            raise ValidationError("The end must be later than the start.", "ends_at")


class ChangedTalkSchema(Schema):
    appointment_id = fields.String(required=True)
    pupil = fields.Nested(PersonSchema, required=True)
    staff = fields.Nested(PersonSchema, required=True)
    was_at = fields.AwareDateTime(required=True)
    starts_at = fields.AwareDateTime(required=True, allow_none=True)
    was_room = fields.String(required=True, metadata={"description": "Only of a talk that goes to another room; or ''"})
    room = fields.String(required=True)


class FreeRoomSchema(Schema):
    room = fields.String(required=True)
    site = fields.String(required=True)
    step_free = fields.Boolean(required=True)


class MeasureSchema(Schema):
    keep = fields.Integer(required=True)
    move = fields.Integer(required=True)
    fall_out = fields.Integer(required=True)
    lost_slots = fields.Integer(required=True)
    adults_told = fields.Integer(required=True)
    unaffected_changed = fields.Integer(required=True)
    new_slots = fields.Integer(required=True)
    relocated = fields.Integer(required=True, metadata={"description": "Talks in another room at the same time"})
    rushed = fields.Integer(required=True, metadata={
        "description": "Adults who would have too little time to walk to that room, or on from there"})


class ReplanSchema(Schema):
    id = fields.String(required=True)
    evening_id = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(["ready", "confirmed"]))
    cause = fields.Dict(required=True)
    measure = fields.Nested(MeasureSchema, required=True)
    talks = fields.List(fields.Nested(ChangedTalkSchema), required=True)
    rooms = fields.List(fields.Nested(FreeRoomSchema), required=True, metadata={
        "description": "Where all who are in a room that cannot be used could go instead: free then, at the same site"})
    created_at = fields.AwareDateTime(required=True)
    confirmed_at = fields.AwareDateTime(required=True, allow_none=True)
