"""The one-page profile as the HTTP edge takes and shows it."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.profiles.about_me.rules import LONGEST, MOST_OWN, SECTIONS
from services.profiles.people.schemas import PersonSchema
from services.profiles.signed import AUDIENCES, SignatureSchema, words_field

MOST_ARRIVALS = 20 * MOST_OWN * len(SECTIONS)


class AboutEntryCreateSchema(Schema):
    section = fields.String(required=True, validate=validate.OneOf(SECTIONS))
    words = words_field(LONGEST)
    audience = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(AUDIENCES))


class AboutEntryUpdateSchema(Schema):
    words = words_field(LONGEST)
    audience = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(AUDIENCES))


class AboutSuggestionSchema(Schema):
    id = fields.String()
    entry_id = fields.String()
    words = fields.String()
    state = fields.String()
    signature = fields.Nested(SignatureSchema)


class AboutViewSchema(Schema):
    id = fields.String()
    section = fields.String()
    words = fields.String()
    signature = fields.Nested(SignatureSchema)
    agreed_voice = fields.String(allow_none=True, metadata={"description": "With which voice the words were agreed"})
    from_school = fields.String(allow_none=True)
    audience = fields.String(allow_none=True, metadata={"description": "For its author and for staff"})
    version = fields.Integer(allow_none=True, metadata={"description": "For whoever may change it: its ETag"})
    may_change = fields.Boolean()
    may_remove = fields.Boolean()
    may_suggest = fields.Boolean()
    suggestions = fields.List(fields.Nested(AboutSuggestionSchema), metadata={
        "description": "Open ones: for whoever decides, and for whoever made them"})


class AboutEntrySchema(AboutViewSchema):
    views = fields.List(fields.Nested(AboutViewSchema), metadata={
        "description": "The other views, where this one and another differ"})


class AboutSectionSchema(Schema):
    section = fields.String()
    items = fields.List(fields.Nested(AboutEntrySchema))


class AboutReaderSchema(Schema):
    staff_name = fields.String()
    read_at = fields.AwareDateTime()
    is_current = fields.Boolean(metadata={"description": "For staff: whether it is the page of now"})


class AboutReviewSchema(Schema):
    is_due = fields.Boolean()
    reviewed_at = fields.AwareDateTime(allow_none=True)


class AboutPageSchema(Schema):
    """`version`, `has_read` and `review` are for staff: a number would tell one home of the other."""

    pupil_id = fields.String()
    sections = fields.List(fields.Nested(AboutSectionSchema))
    read_by = fields.List(fields.Nested(AboutReaderSchema))
    version = fields.Integer()
    has_read = fields.Boolean()
    review = fields.Nested(AboutReviewSchema)


class AboutChangeSchema(Schema):
    entry_id = fields.String()
    section = fields.String()
    words = fields.String()
    how = fields.String()
    agreed_voice = fields.String(allow_none=True)
    signature = fields.Nested(SignatureSchema)


class AboutHistorySchema(Schema):
    items = fields.List(fields.Nested(AboutChangeSchema))
    after = fields.String(allow_none=True)


class AboutSuggestionCreateSchema(AboutEntryUpdateSchema):
    pass


class AboutReadSchema(Schema):
    version = fields.Integer(required=True, validate=validate.Range(min=1))


class AboutToReadItemSchema(Schema):
    pupil = fields.Nested(PersonSchema)
    changed_at = fields.AwareDateTime()
    is_new = fields.Boolean()


class AboutToReadSchema(Schema):
    items = fields.List(fields.Nested(AboutToReadItemSchema))
    after = fields.String(allow_none=True)


class JourneyCreateSchema(Schema):
    to_school = fields.String(required=True, validate=validate.Length(min=1, max=63))


class JourneySchema(Schema):
    id = fields.String()
    to_school = fields.String()
    state = fields.String()
    agreed_at = fields.AwareDateTime()


class JourneyTicketSchema(JourneySchema):
    ticket = fields.String(metadata={"description": "Shown this once; only its hash is kept"})


class TravellingEntrySchema(Schema):
    origin_id = fields.String(required=True, validate=validate.Length(min=1, max=36))
    section = fields.String(required=True, validate=validate.OneOf(SECTIONS))
    words = words_field(LONGEST)
    voice = fields.String(required=True, validate=validate.OneOf(["child", "home", "school"]))
    is_mine = fields.Boolean(required=True, metadata={"description": "Whether whoever agreed to the journey wrote it"})
    audience = fields.String(required=True, validate=validate.OneOf(["all", "school"]))
    begun_at = fields.AwareDateTime(required=True)
    written_at = fields.AwareDateTime(required=True)
    agreed_voice = fields.String(required=True, allow_none=True, validate=validate.OneOf(["child", "home", "school"]))
    beside = fields.String(required=True, allow_none=True, validate=validate.Length(max=36))


class TravellingPageSchema(Schema):
    from_school = fields.String(required=True, validate=validate.Length(min=1, max=63))
    to_school = fields.String(required=True, validate=validate.Length(min=1, max=63))
    sealed_at = fields.AwareDateTime(required=True)
    seal = fields.String(required=True, validate=validate.Length(equal=64), metadata={
        "description": "That a school of the trust gave out all of this: HMAC-SHA256"})
    entries = fields.List(fields.Nested(TravellingEntrySchema), required=True, validate=validate.Length(
        max=MOST_ARRIVALS))


class ArrivalSchema(Schema):
    added = fields.Integer()
