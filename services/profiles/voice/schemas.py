"""What children write, as the HTTP edge takes and shows it."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.profiles.people.schemas import PersonSchema
from services.profiles.signed import SignatureSchema, audience_field, words_field
from services.profiles.voice.rules import ALL, SCHOOL, TOPICS

MOST_WORDS, MOST_TOPIC, MOST_WHY = 2000, 200, 1000


class ChildNoteCreateSchema(Schema):
    words = words_field(MOST_WORDS)
    audience = audience_field()


class ChildNoteChangeSchema(Schema):
    words = words_field(MOST_WORDS)


class NoteShareSchema(Schema):
    audience = audience_field(ALL, SCHOOL)


class ChildNoteSchema(Schema):
    """`state`, `version` and `read_by` are for the child alone."""

    id = fields.String()
    pupil_id = fields.String()
    pupil = fields.Nested(PersonSchema)
    words = fields.String()
    audience = fields.String()
    signature = fields.Nested(SignatureSchema)
    state = fields.String()
    version = fields.Integer()
    read_by = fields.List(fields.String())


class ToldOpeningSchema(Schema):
    opened_at = fields.AwareDateTime()


class ChildNoteListSchema(Schema):
    """`opened` is for the child alone: when a safeguarding lead has read what they kept for themselves."""

    items = fields.List(fields.Nested(ChildNoteSchema))
    opened = fields.List(fields.Nested(ToldOpeningSchema))
    after = fields.String(allow_none=True)


class TopicCreateSchema(Schema):
    kind = fields.String(required=True, validate=validate.OneOf(TOPICS))
    words = fields.String(load_default="", validate=validate.Length(
        max=MOST_TOPIC, error=f"Write at most {MOST_TOPIC} letters."))
    audience = audience_field()
    about_id = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=36))


class TopicSchema(Schema):
    id = fields.String()
    pupil_id = fields.String()
    kind = fields.String()
    words = fields.String()
    audience = fields.String()
    about_id = fields.String(allow_none=True)
    signature = fields.Nested(SignatureSchema)


class TopicListSchema(Schema):
    items = fields.List(fields.Nested(TopicSchema))
    after = fields.String(allow_none=True)


class SealedOpenSchema(Schema):
    why = words_field(MOST_WHY)
    child_told = fields.String(required=True, validate=validate.OneOf(["told", "not-safe-to-wait"]))


class SealedItemSchema(Schema):
    id = fields.String()
    kind = fields.String()
    words = fields.String()
    at = fields.AwareDateTime()


class SealedItemListSchema(Schema):
    opening_id = fields.String()
    items = fields.List(fields.Nested(SealedItemSchema))


class SealedOpeningSchema(ToldOpeningSchema):
    id = fields.String()
    staff_id = fields.String()
    why = fields.String()
    child_told = fields.String()
    told_at = fields.AwareDateTime(allow_none=True)


class SealedOpeningListSchema(Schema):
    items = fields.List(fields.Nested(SealedOpeningSchema))
    after = fields.String(allow_none=True)
