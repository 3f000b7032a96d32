"""Classes as the HTTP edge shows them."""

from __future__ import annotations

from marshmallow import Schema, fields

from services.profiles.people.schemas import PersonSchema, PupilSchema, StaffSchema


class ClassSchema(Schema):
    id = fields.String()
    title = fields.String()


class ClassListSchema(Schema):
    items = fields.List(fields.Nested(ClassSchema))
    after = fields.String(allow_none=True)


class ClassWithPupilsSchema(ClassSchema):
    pupils = fields.List(fields.Nested(PersonSchema))


class PupilPageSchema(PupilSchema):
    classes = fields.List(fields.Nested(ClassSchema))
    staff = fields.List(fields.Nested(StaffSchema))
