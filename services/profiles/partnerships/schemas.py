"""Loops as the HTTP edge takes and shows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from services.profiles.partnerships.rules import CELEBRATION, DOERS, NEW_STEP, ROLES
from services.profiles.signed import ALL, SCHOOL, SignatureSchema, audience_field, words_field

LIMIT, LINE = 2000, 300
MEETINGS = ("evening", "check-in", "review")


class LoopMeetingSchema(Schema):
    kind = fields.String(required=True, validate=validate.OneOf(MEETINGS))
    id = fields.String(required=True, validate=validate.Length(1, 64))


class LoopAnswerCreateSchema(Schema):
    going_well = words_field(LIMIT)
    worries = words_field(LIMIT, required=False)
    support = words_field(LIMIT, required=False)
    audience = audience_field(ALL, SCHOOL)


class LoopAnswerChangeSchema(Schema):
    going_well = words_field(LIMIT)
    worries = words_field(LIMIT, required=False)
    support = words_field(LIMIT, required=False)


class LoopCreateSchema(LoopAnswerCreateSchema):
    is_child_in = fields.Boolean(load_default=False)
    review_on = fields.Date(required=True)
    meeting = fields.Nested(LoopMeetingSchema, load_default=None, allow_none=True)


class LoopStepCreateSchema(Schema):
    doer = fields.String(required=True, validate=validate.OneOf(DOERS))
    guardian_id = fields.String(load_default=None, allow_none=True)
    words = words_field(LINE)
    by_on = fields.Date(required=True)


class LoopStepMarkSchema(Schema):
    state = fields.String(required=True, validate=validate.OneOf(["kept", "not-yet"]))


class LoopViewCreateSchema(Schema):
    words = words_field(LIMIT)
    step = fields.Nested(LoopStepCreateSchema, required=True)


class LoopViewAnswerSchema(Schema):
    words = words_field(LIMIT)


class LoopNoteCreateSchema(Schema):
    words = words_field(LIMIT)
    meeting = fields.Nested(LoopMeetingSchema, load_default=None, allow_none=True)


class LoopJoinerCreateSchema(Schema):
    role = fields.String(required=True, validate=validate.OneOf(ROLES))
    words = words_field(LINE)


class LoopJoinerSettleSchema(Schema):
    staff_id = fields.String(load_default=None, allow_none=True)


class LoopNextSchema(Schema):
    kind = fields.String(required=True, validate=validate.OneOf(["loop", "strategy"]))
    words = words_field(LIMIT)
    review_on = fields.Date(load_default=None, allow_none=True)

    @validates_schema
    def _needs_a_day(self, data: Mapping[str, Any], **_more: Any) -> None:
        if data["kind"] == "loop" and data["review_on"] is None:
            raise ValidationError("Say when you look at the new step together.", "review_on")


class LoopCloseSchema(Schema):
    helped = words_field(LIMIT)
    not_yet = words_field(LIMIT)
    outcome = fields.String(required=True, validate=validate.OneOf([CELEBRATION, NEW_STEP]))
    next_step = fields.Nested(LoopNextSchema, load_default=None, allow_none=True)

    @validates_schema
    def _goes_on(self, data: Mapping[str, Any], **_more: Any) -> None:
        if (data["outcome"] == NEW_STEP) != (data["next_step"] is not None):
            raise ValidationError("Say what the new step is, or that you celebrate.", "next_step")


class LoopThanksSchema(Schema):
    words = words_field(LINE)


class LoopAnswerSchema(Schema):
    id = fields.String()
    going_well = fields.String()
    worries = fields.String()
    support = fields.String()
    version = fields.Integer()
    changed_at = fields.AwareDateTime(allow_none=True)
    is_opening = fields.Boolean()
    meeting = fields.Nested(LoopMeetingSchema, allow_none=True)
    signature = fields.Nested(SignatureSchema)


class LoopStepSchema(Schema):
    id = fields.String()
    doer = fields.String()
    who = fields.String(allow_none=True)
    is_mine = fields.Boolean()
    words = fields.String()
    by_on = fields.Date()
    state = fields.String()
    view_id = fields.String(allow_none=True)
    may_mark = fields.Boolean()
    signature = fields.Nested(SignatureSchema)


class LoopWordsSchema(Schema):
    id = fields.String()
    words = fields.String()
    signature = fields.Nested(SignatureSchema)


class LoopNoteSchema(LoopWordsSchema):
    meeting = fields.Nested(LoopMeetingSchema, allow_none=True)


class LoopViewSchema(Schema):
    id = fields.String()
    sides = fields.List(fields.Nested(LoopWordsSchema))
    may_add = fields.Boolean()


class LoopJoinerSchema(LoopWordsSchema):
    role = fields.String()
    name = fields.String(allow_none=True)
    has_joined = fields.Boolean()


class LoopReviewSchema(Schema):
    id = fields.String()
    starts_at = fields.AwareDateTime()
    ends_at = fields.AwareDateTime()
    staff = fields.String(allow_none=True)
    with_ = fields.String(allow_none=True, data_key="with", attribute="with")


class LoopClosingSchema(Schema):
    id = fields.String()
    helped = fields.String()
    not_yet = fields.String()
    next = fields.String()
    next_id = fields.String(allow_none=True)
    signature = fields.Nested(SignatureSchema)


class LoopPersonSchema(Schema):
    id = fields.String()
    name = fields.String()


class LoopBriefSchema(Schema):
    id = fields.String()
    pupil_id = fields.String()
    pupil = fields.String()
    going_well = fields.String()
    state = fields.String()
    review_on = fields.Date()
    outcome = fields.String(allow_none=True)
    is_late = fields.Boolean()
    signature = fields.Nested(SignatureSchema)


class LoopListSchema(Schema):
    items = fields.List(fields.Nested(LoopBriefSchema))
    after = fields.String(allow_none=True)
    proposed_review_on = fields.Date()


class LoopSchema(Schema):
    id = fields.String()
    pupil_id = fields.String()
    pupil = fields.String()
    audience = fields.String()
    is_child_in = fields.Boolean()
    state = fields.String()
    review_on = fields.Date()
    outcome = fields.String(allow_none=True)
    follows_id = fields.String(allow_none=True)
    lead = fields.String(allow_none=True)
    signature = fields.Nested(SignatureSchema)
    answers = fields.List(fields.Nested(LoopAnswerSchema))
    steps = fields.List(fields.Nested(LoopStepSchema))
    views = fields.List(fields.Nested(LoopViewSchema))
    notes = fields.List(fields.Nested(LoopNoteSchema))
    joiners = fields.List(fields.Nested(LoopJoinerSchema))
    meetings = fields.List(fields.Nested(LoopReviewSchema))
    closing = fields.Nested(LoopClosingSchema, allow_none=True)
    thanks = fields.List(fields.Nested(LoopWordsSchema))
    adults = fields.List(fields.Nested(LoopPersonSchema))
    may = fields.List(fields.String())


class LoopDueSchema(Schema):
    items = fields.List(fields.Nested(LoopBriefSchema))
    after = fields.String(allow_none=True)


class LoopLateSchema(Schema):
    id = fields.String()
    pupil_id = fields.String()
    pupil = fields.String()
    review_on = fields.Date()
    opened_at = fields.AwareDateTime()
    lead = fields.String(allow_none=True)


class LoopLateListSchema(Schema):
    items = fields.List(fields.Nested(LoopLateSchema))
    after = fields.String(allow_none=True)


class LoopColleagueSchema(LoopPersonSchema):
    roles = fields.List(fields.String())


class LoopColleaguesSchema(Schema):
    items = fields.List(fields.Nested(LoopColleagueSchema))
    after = fields.String(allow_none=True)
