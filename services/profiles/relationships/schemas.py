"""Relationships and rights as the HTTP edge takes and shows them."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.profiles.people.schemas import PersonSchema, PupilSchema


class ChildSchema(PupilSchema):
    may = fields.Dict(keys=fields.String(), values=fields.Boolean())


class ChildListSchema(Schema):
    items = fields.List(fields.Nested(ChildSchema))
    after = fields.String(allow_none=True)


class RightSchema(Schema):
    allowed = fields.Boolean()
    reason = fields.String()


class RelationshipSchema(Schema):
    pupil = fields.Nested(PersonSchema)
    guardian = fields.Nested(PersonSchema)
    kind = fields.String()
    parental_responsibility = fields.String()
    lives_with = fields.String()
    restriction = fields.String()
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


class RestrictionCreateSchema(Schema):
    restriction = fields.String(required=True, validate=validate.OneOf(["none", "restricted"]))
    evidence = fields.String(load_default="to be seen", validate=validate.Length(max=500))
    review_on = fields.Date(load_default=None, allow_none=True)


class RestrictionSchema(Schema):
    pupil_id = fields.String()
    guardian_id = fields.String()
    restriction = fields.String(attribute="office_restriction")
