"""Families as the office sees them."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.profiles.people.schemas import PersonSchema, PupilSchema
from services.profiles.relationships.schemas import HomeSchema, RightSchema
from services.profiles.restrictions.schemas import HeldRightsSchema, KeepApartSchema, RestrictionSchema


class RelationshipSchema(Schema):
    pupil = fields.Nested(PersonSchema)
    guardian = fields.Nested(PersonSchema)
    kind = fields.String()
    parental_responsibility = fields.String()
    responsibility_seen = fields.String(allow_none=True)
    lives_with = fields.String()
    restriction = fields.String()
    file_says = fields.String()
    checked_by = fields.String(allow_none=True)
    since = fields.AwareDateTime()
    changed_by = fields.String()
    rights = fields.Dict(keys=fields.String(), values=fields.Nested(RightSchema))


class RelationshipListSchema(Schema):
    items = fields.List(fields.Nested(RelationshipSchema))
    after = fields.String(allow_none=True)


class RelationshipQuerySchema(Schema):
    flag = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(["to-check"]))
    pupil_id = fields.String(load_default=None, validate=validate.Length(max=36))
    find = fields.String(load_default=None, validate=validate.Length(max=100))
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 200))
    after = fields.String(load_default=None, validate=validate.Length(max=80))


class AdultSchema(RelationshipSchema):
    restrictions = fields.List(fields.Nested(RestrictionSchema))
    held = fields.List(fields.Nested(HeldRightsSchema))


class FamilySchema(Schema):
    pupil = fields.Nested(PupilSchema)
    adults = fields.List(fields.Nested(AdultSchema))
    homes = fields.List(fields.Nested(HomeSchema))
    looked_after_by = fields.String(allow_none=True)
    keep_apart = fields.List(fields.Nested(KeepApartSchema))


class DueSchema(Schema):
    pupil = fields.Nested(PersonSchema)
    guardian = fields.Nested(PersonSchema)
    restriction = fields.Nested(RestrictionSchema)


class ChecksSchema(Schema):
    reviews = fields.List(fields.Nested(DueSchema))
    ending = fields.List(fields.Nested(DueSchema))
    evidence = fields.List(fields.Nested(DueSchema))
    flags = fields.List(fields.Nested(DueSchema))
    liftings = fields.List(fields.Nested(DueSchema))
    unchecked = fields.List(fields.Nested(RelationshipSchema))
