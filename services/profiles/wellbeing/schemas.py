"""Updates from home as the HTTP edge takes and shows them."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.profiles.people.schemas import PersonSchema
from services.profiles.wellbeing.actions import LASTS

KINDS = ("sleep", "illness", "bereavement", "separation", "new-baby", "move", "friendship", "something-good", "other")


class UpdateCreateSchema(Schema):
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    words = fields.String(required=True, validate=validate.Length(
        min=1, max=2000, error="Write something, in at most 2,000 characters."))
    audience = fields.String(required=True, validate=validate.OneOf(["class", "year", "safeguarding"]))
    until = fields.String(required=True, validate=validate.OneOf(list(LASTS)))


class AcknowledgeSchema(Schema):
    reply = fields.String(load_default="", validate=validate.Length(max=500))


class AcknowledgementSchema(Schema):
    staff_id = fields.String()
    staff_name = fields.String()
    at = fields.AwareDateTime()
    reply = fields.String(allow_none=True)


class UpdateSchema(Schema):
    id = fields.String()
    pupil_id = fields.String()
    pupil = fields.Nested(PersonSchema, allow_none=True)
    kind = fields.String()
    words = fields.String()
    audience = fields.String()
    until = fields.String()
    expires_at = fields.AwareDateTime(allow_none=True)
    shared_at = fields.AwareDateTime()
    state = fields.String()
    acknowledgements = fields.List(fields.Nested(AcknowledgementSchema))


class UpdateListSchema(Schema):
    items = fields.List(fields.Nested(UpdateSchema))
    after = fields.String(allow_none=True)
