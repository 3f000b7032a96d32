"""Duplicates as the HTTP edge shows them."""

from __future__ import annotations

from marshmallow import Schema, fields

from services.profiles.people.schemas import PersonSchema


class DuplicateSchema(Schema):
    one = fields.Nested(PersonSchema)
    other = fields.Nested(PersonSchema)
    shared = fields.List(fields.String())
    children_of_one = fields.List(fields.Nested(PersonSchema))
    children_of_other = fields.List(fields.Nested(PersonSchema))


class DuplicateListSchema(Schema):
    items = fields.List(fields.Nested(DuplicateSchema))


class MergedChildSchema(Schema):
    pupil = fields.Nested(PersonSchema)
    keep = fields.List(fields.String())
    drop = fields.List(fields.String())
    after = fields.List(fields.String())
    opens = fields.List(fields.String())
    closes = fields.List(fields.String())


class MergeSchema(Schema):
    keep = fields.Nested(PersonSchema)
    drop = fields.Nested(PersonSchema)
    items = fields.List(fields.Nested(MergedChildSchema))
