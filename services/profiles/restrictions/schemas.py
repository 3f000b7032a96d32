"""Restrictions as the HTTP edge takes and shows them."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.profiles.relationships.schemas import RIGHT
from services.profiles.restrictions.rules import KINDS

WORDS = validate.Length(max=500)


class EvidenceSchema(Schema):
    document = fields.String(load_default=None, allow_none=True, validate=WORDS)
    reference = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=100))
    seen_by = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=100))
    seen_on = fields.Date(load_default=None, allow_none=True)
    review_on = fields.Date(load_default=None, allow_none=True)


class RestrictionCreateSchema(EvidenceSchema):
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    takes = fields.List(RIGHT, load_default=list, validate=validate.Length(max=7))
    starts_on = fields.Date(load_default=None, allow_none=True)
    until_on = fields.Date(load_default=None, allow_none=True)


class RestrictionSchema(EvidenceSchema):
    id = fields.String()
    pupil_id = fields.String()
    guardian_id = fields.String()
    kind = fields.String()
    takes = fields.List(fields.String())
    source = fields.String()
    starts_on = fields.Date(allow_none=True)
    until_on = fields.Date(allow_none=True)
    entered_by = fields.String()
    entered_at = fields.AwareDateTime()
    lift_reason = fields.String(allow_none=True)
    lift_asked_by = fields.String(allow_none=True)
    lift_asked_at = fields.AwareDateTime(allow_none=True)
    lifted_by = fields.String(allow_none=True)
    lifted_at = fields.AwareDateTime(allow_none=True)


class LiftingSchema(Schema):
    reason = fields.String(required=True, validate=validate.Length(min=1, max=500))


class KeepApartCreateSchema(Schema):
    guardian_ids = fields.List(fields.String(validate=validate.Length(max=36)), required=True,
                               validate=validate.Length(equal=2))
    document = fields.String(load_default=None, allow_none=True, validate=WORDS)


class KeepApartSchema(Schema):
    id = fields.String()
    first_id = fields.String()
    second_id = fields.String()
    document = fields.String(allow_none=True)
    entered_by = fields.String()
    entered_at = fields.AwareDateTime()
    lift_reason = fields.String(allow_none=True)
    lift_asked_by = fields.String(allow_none=True)
    lifted_at = fields.AwareDateTime(allow_none=True)


class HeldRightsCreateSchema(Schema):
    rights = fields.List(RIGHT, required=True, validate=validate.Length(min=1, max=7))
    basis = fields.String(required=True, validate=validate.OneOf(["sixteen", "gillick"]))


class HeldRightsSchema(Schema):
    id = fields.String()
    pupil_id = fields.String()
    guardian_id = fields.String()
    rights = fields.List(fields.String())
    basis = fields.String()
    agreed_by = fields.String()
    agreed_at = fields.AwareDateTime()
