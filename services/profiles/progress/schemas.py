"""Progress notes as the HTTP edge takes and shows them."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.profiles.people.schemas import PersonSchema
from services.profiles.signed import SignatureSchema, words_field

STRENGTH, GOES, NEXT_STEP, AT_HOME, ANSWER = 300, 600, 400, 400, 1000


class ProgressCreateSchema(Schema):
    class_id = fields.String(required=True, validate=validate.Length(min=1, max=36))
    strength = words_field(STRENGTH)
    goes = words_field(GOES)
    next_step = words_field(NEXT_STEP)
    at_home = words_field(AT_HOME)


class ProgressReplyCreateSchema(Schema):
    words = words_field(ANSWER)


class ProgressReplySchema(Schema):
    id = fields.String()
    words = fields.String()
    signature = fields.Nested(SignatureSchema)


class ProgressSchema(Schema):
    id = fields.String()
    pupil_id = fields.String()
    class_id = fields.String()
    class_title = fields.String(allow_none=True)
    strength = fields.String()
    goes = fields.String()
    next_step = fields.String()
    at_home = fields.String()
    signature = fields.Nested(SignatureSchema)
    replies = fields.List(fields.Nested(ProgressReplySchema), metadata={
        "description": "For an adult at home and the child: their own answers; for staff: every answer"})


class ProgressListSchema(Schema):
    items = fields.List(fields.Nested(ProgressSchema))
    after = fields.String(allow_none=True)


class ClassMemberProgressSchema(Schema):
    pupil = fields.Nested(PersonSchema)
    written_at = fields.AwareDateTime(allow_none=True)


class ClassProgressSchema(Schema):
    id = fields.String()
    title = fields.String()
    begins_on = fields.Date()
    ends_on = fields.Date()
    due_on = fields.Date()
    items = fields.List(fields.Nested(ClassMemberProgressSchema))


class ProgressDueSchema(Schema):
    class_id = fields.String()
    title = fields.String()
    due_on = fields.Date()


class ProgressDueListSchema(Schema):
    items = fields.List(fields.Nested(ProgressDueSchema))
