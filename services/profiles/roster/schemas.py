"""Imports as the HTTP edge takes and shows them."""

from __future__ import annotations

from marshmallow import Schema, fields, validate


class RosterOptionsSchema(Schema):
    school = fields.String(load_default=None)
    dry_run = fields.Boolean(load_default=False)
    confirm = fields.Boolean(load_default=False)
    create_schools = fields.Boolean(load_default=False)
    chosen_by = fields.String(load_default=None, validate=validate.Length(max=100))
    restrictions_absent = fields.String(load_default="unknown", validate=validate.OneOf(["unknown", "none"]))


class RosterImportItemSchema(Schema):
    id = fields.String()
    state = fields.String()
    rows_done = fields.Integer()
    created_at = fields.AwareDateTime()
    finished_at = fields.AwareDateTime(allow_none=True)


class RosterImportSchema(RosterImportItemSchema):
    result = fields.Raw(allow_none=True)


class RosterImportListSchema(Schema):
    items = fields.List(fields.Nested(RosterImportItemSchema))
    after = fields.String(allow_none=True)
