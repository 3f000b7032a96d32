"""People as the HTTP edge shows them."""

from __future__ import annotations

from marshmallow import Schema, fields


class PersonSchema(Schema):
    id = fields.String()
    given_name = fields.String()
    family_name = fields.String()


class PupilSchema(PersonSchema):
    year_group = fields.String()
    status = fields.String()


class StaffSchema(PersonSchema):
    roles = fields.List(fields.String())
