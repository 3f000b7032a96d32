"""Updates from home as the HTTP edge takes and shows them."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.profiles.people.schemas import PersonSchema
from services.profiles.wellbeing.rules import FEWEST_HOURS, MOST_HOURS

KINDS = ("sleep", "illness", "bereavement", "separation", "new-baby", "move", "friendship", "something-good", "other")
MOST_NAMED = 40


class UpdateChangeSchema(Schema):
    words = fields.String(required=True, validate=validate.Length(
        min=1, max=2000, error="Write something, in at most 2,000 characters."))
    audience = fields.String(required=True, validate=validate.OneOf(["class", "year", "named", "safeguarding"]))
    until = fields.String(required=True, validate=validate.OneOf(["week", "half-term", "i-say"]))
    staff_ids = fields.List(fields.String(validate=validate.Length(max=36)), load_default=list,
                            validate=validate.Length(max=MOST_NAMED))


class UpdateCreateSchema(UpdateChangeSchema):
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))


class AcknowledgeSchema(Schema):
    reply = fields.String(load_default="", validate=validate.Length(max=500))


class AcknowledgementSchema(Schema):
    staff_id = fields.String()
    staff_name = fields.String()
    at = fields.AwareDateTime()
    reply = fields.String(allow_none=True)
    is_current = fields.Boolean(metadata={"description": "Whether the words as they stand were read"})


class UpdateSchema(Schema):
    id = fields.String()
    pupil_id = fields.String()
    pupil = fields.Nested(PersonSchema, allow_none=True)
    kind = fields.String()
    words = fields.String()
    audience = fields.String()
    named = fields.List(fields.Nested(PersonSchema))
    until = fields.String()
    expires_at = fields.AwareDateTime(allow_none=True)
    shared_at = fields.AwareDateTime()
    changed_at = fields.AwareDateTime(allow_none=True)
    promised_by = fields.AwareDateTime(allow_none=True)
    version = fields.Integer()
    state = fields.String()
    acknowledgements = fields.List(fields.Nested(AcknowledgementSchema))


class UpdateListSchema(Schema):
    items = fields.List(fields.Nested(UpdateSchema))
    after = fields.String(allow_none=True)


class OverdueSchema(Schema):
    pupil = fields.Nested(PersonSchema)
    promised_by = fields.AwareDateTime()


class OverdueListSchema(Schema):
    items = fields.List(fields.Nested(OverdueSchema))
    after = fields.String(allow_none=True)


class PromiseSchema(Schema):
    hours = fields.Integer(required=True, validate=validate.Range(FEWEST_HOURS, MOST_HOURS))
