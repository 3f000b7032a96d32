"""What goes in and out of the notices' routes."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.notifications.notices.rules import NOT_REACHED, ON_ITS_WAY, TOLD

OPAQUE = validate.Regexp(r"^[A-Za-z0-9:._-]{1,36}$", error="This is no id.")


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


class WithdrawnQuerySchema(NoticeQuerySchema):
    pupil_id = fields.String(required=True, validate=OPAQUE)
    guardian_id = fields.String(required=True, validate=OPAQUE)


class WithdrawnSchema(Schema):
    id = fields.String(required=True)
    kind = fields.String(required=True)
    created_at = fields.AwareDateTime(format="iso", required=True)
    withdrawn_at = fields.AwareDateTime(format="iso", required=True)
    cause = fields.String(required=True, allow_none=True)


class WithdrawnPageSchema(Schema):
    items = fields.List(fields.Nested(WithdrawnSchema), required=True)
    after = fields.String(allow_none=True)


class ToldQuerySchema(Schema):
    about_id = fields.String(required=True, validate=OPAQUE)
    pupil_id = fields.String(required=True, validate=OPAQUE)


class ToldSchema(Schema):
    guardian_id = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf((TOLD, ON_ITS_WAY, NOT_REACHED)))


class ToldListSchema(Schema):
    items = fields.List(fields.Nested(ToldSchema), required=True)
