"""What goes in and out of the notices' routes."""

from __future__ import annotations

from marshmallow import Schema, fields, validate


class NoticeQuerySchema(Schema):
    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=200))
    after = fields.String(load_default=None, validate=validate.Length(max=36))


class NamedPupilSchema(Schema):
    id = fields.String(required=True)
    given_name = fields.String(required=True)


class NoticeSchema(Schema):
    id = fields.String(required=True)
    kind = fields.String(required=True)
    pupil = fields.Nested(NamedPupilSchema, allow_none=True)
    about_id = fields.String(required=True)
    data = fields.Dict(keys=fields.String(), required=True)
    created_at = fields.AwareDateTime(format="iso", required=True)
    read_at = fields.AwareDateTime(format="iso", allow_none=True)
    needs = fields.Boolean(required=True)


class NoticePageSchema(Schema):
    items = fields.List(fields.Nested(NoticeSchema), required=True)
    after = fields.String(allow_none=True)
