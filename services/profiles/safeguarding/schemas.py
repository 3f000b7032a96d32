"""Matters as the HTTP edge takes and shows them."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.profiles.people.schemas import PersonSchema
from services.profiles.safeguarding.rules import CHILD_TOLD
from services.profiles.signed import words_field


class PassOnSchema(Schema):
    kind = fields.String(required=True, validate=validate.Length(min=1, max=20))
    entry_id = fields.String(required=True, validate=validate.Length(min=1, max=36))
    why = words_field(2000)
    child_told = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(CHILD_TOLD))


class PassedOnSchema(Schema):
    is_passed = fields.Boolean()


class MatterAddedSchema(Schema):
    """Where something was added. Replies are kept for a while elsewhere, so there are no words in this one."""

    id = fields.String()


class MatterNoteSchema(Schema):
    words = words_field(5000)


class HandOverSchema(Schema):
    system = words_field(100)
    reference = words_field(200)
    words = words_field(2000, required=False)
    digest = fields.String(required=True, validate=validate.Length(equal=64))


class MatterItemSchema(Schema):
    id = fields.String()
    kind = fields.String()
    voice = fields.String()
    pupil = fields.Nested(PersonSchema, allow_none=True)
    passed_at = fields.AwareDateTime()
    passed_by = fields.String()
    state = fields.String()
    has_news = fields.Boolean()


class MatterListSchema(Schema):
    items = fields.List(fields.Nested(MatterItemSchema))
    after = fields.String(allow_none=True)


class MatterEntrySchema(Schema):
    id = fields.String()
    what = fields.String()
    by = fields.String()
    words = fields.String()
    about = fields.String(allow_none=True)
    why = fields.String(allow_none=True)
    child_told = fields.String(allow_none=True)
    system = fields.String(allow_none=True)
    reference = fields.String(allow_none=True)
    digest = fields.String(allow_none=True)
    at = fields.AwareDateTime()


class MatterReadSchema(Schema):
    by = fields.String()
    what = fields.String()
    at = fields.AwareDateTime()


class MatterSchema(Schema):
    id = fields.String()
    kind = fields.String()
    voice = fields.String()
    author = fields.String()
    pupil = fields.Nested(PersonSchema, allow_none=True)
    written_at = fields.AwareDateTime()
    passed_at = fields.AwareDateTime()
    passed_by = fields.String()
    state = fields.String()
    digest = fields.String()
    waits_by = fields.AwareDateTime(allow_none=True)
    waits = fields.Boolean(metadata={"description": "Whether its author waits to see that new words were read"})
    entries = fields.List(fields.Nested(MatterEntrySchema))
    reads = fields.List(fields.Nested(MatterReadSchema))
