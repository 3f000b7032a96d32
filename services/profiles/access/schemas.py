"""What is held, requests and packs as the HTTP edge takes and shows them."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.profiles.classes.schemas import ClassSchema
from services.profiles.people.schemas import PersonSchema, PupilSchema
from services.profiles.praise.schemas import PraiseSchema
from services.profiles.wellbeing.schemas import UpdateSchema

WORDS = validate.And(validate.Length(min=1, max=1000, error="Write something, in at most 1,000 characters."),
                     validate.Regexp(r"(?s).*\S", error="Write something, in at most 1,000 characters."))


class OwnRelationshipSchema(Schema):
    kind = fields.String()
    parental_responsibility = fields.String()
    lives_with = fields.String()


class OwnAnswerSchema(Schema):
    id = fields.String()
    title = fields.String()
    answer = fields.String()
    note = fields.String()
    answered_at = fields.AwareDateTime()


class OpenedSchema(Schema):
    staff_name = fields.String()
    what = fields.String()
    on = fields.Date()


class HeldSchema(Schema):
    pupil = fields.Nested(PupilSchema)
    classes = fields.List(fields.Nested(ClassSchema))
    staff = fields.List(fields.Nested(PersonSchema))
    relationship = fields.Nested(OwnRelationshipSchema)
    updates = fields.List(fields.Nested(UpdateSchema))
    praise = fields.List(fields.Nested(PraiseSchema))
    consents = fields.List(fields.Nested(OwnAnswerSchema))
    opened = fields.List(fields.Nested(OpenedSchema))


class ReadSchema(Schema):
    id = fields.String()
    staff_id = fields.String()
    staff_name = fields.String()
    role = fields.String()
    what = fields.String()
    read_at = fields.AwareDateTime()
    is_hidden = fields.Boolean()


class ReadListSchema(Schema):
    items = fields.List(fields.Nested(ReadSchema))
    after = fields.String(allow_none=True)


class HideSchema(Schema):
    is_for_good = fields.Boolean(load_default=False)


class OwnRequestSchema(Schema):
    id = fields.String()
    state = fields.String()
    asked_at = fields.AwareDateTime()
    due_on = fields.Date()
    extended_to = fields.Date(allow_none=True)
    extension_reason = fields.String(allow_none=True)
    comes_by = fields.Date()
    days_left = fields.Integer()
    reviewed_at = fields.AwareDateTime(allow_none=True)
    reason = fields.String(allow_none=True)


class OwnRequestListSchema(Schema):
    items = fields.List(fields.Nested(OwnRequestSchema))
    after = fields.String(allow_none=True)


class RequestSchema(OwnRequestSchema):
    pupil = fields.Nested(PupilSchema)
    guardian = fields.Nested(PersonSchema)
    asks_child = fields.Boolean()


class RequestListSchema(Schema):
    items = fields.List(fields.Nested(RequestSchema))
    after = fields.String(allow_none=True)


class KeptOutSchema(Schema):
    reason = fields.String()
    by = fields.String()
    at = fields.AwareDateTime()


class ItemSchema(Schema):
    key = fields.String()
    section = fields.String()
    says = fields.Dict(keys=fields.String(), values=fields.String())
    kept_out = fields.Nested(KeptOutSchema, allow_none=True)


class RequestInFullSchema(RequestSchema):
    child_wishes = fields.String(allow_none=True)
    child_asked_by = fields.String(allow_none=True)
    reviewed_by = fields.String(allow_none=True)
    fingerprint = fields.String()
    items = fields.List(fields.Nested(ItemSchema))


class RedactionCreateSchema(Schema):
    item_key = fields.String(required=True, validate=validate.Length(min=1, max=120))
    reason = fields.String(required=True, validate=WORDS)


class WishesSchema(Schema):
    words = fields.String(load_default="", validate=validate.Length(max=1000))
    is_too_young = fields.Boolean(load_default=False)


class ExtensionSchema(Schema):
    until = fields.Date(required=True)
    reason = fields.String(required=True, validate=WORDS)


class ReleaseSchema(Schema):
    fingerprint = fields.String(required=True, validate=validate.Length(equal=64))


class ReasonSchema(Schema):
    reason = fields.String(required=True, validate=WORDS)
