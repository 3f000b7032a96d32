"""What the routes of evenings take and give."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

CLOCK = validate.Regexp(r"^([01][0-9]|2[0-3]):[0-5][0-9]\Z",
                        error="Write the time as the clock shows it, such as 16:00.")
NAME = validate.And(validate.Length(1, 120, error="Write between 1 and 120 letters."),
                    validate.Regexp(r"(?s).*\S", error="Write something here."))
ID = validate.Length(1, 36, error="This is not an id of ours.")


class EveningCreateSchema(Schema):
    title = fields.String(required=True, validate=NAME)
    place = fields.String(required=True, validate=NAME)
    on = fields.Date(required=True)
    start = fields.String(required=True, data_key="from", validate=CLOCK)
    end = fields.String(required=True, data_key="to", validate=CLOCK)
    slot_minutes = fields.Integer(required=True, strict=True)
    class_ids = fields.List(fields.String(validate=ID), required=True, validate=validate.Length(
        1, 500, error="Choose between 1 and 500 classes."))
    respond_by = fields.Date(required=True)


class ChildSchema(Schema):
    id = fields.String(required=True)
    given_name = fields.String(required=True)


class PersonSchema(ChildSchema):
    family_name = fields.String(required=True)


EveningSchema = Schema.from_dict({
    "id": fields.String(required=True), "title": fields.String(required=True), "on": fields.Date(required=True),
    "from": fields.String(required=True), "to": fields.String(required=True),
    "slot_minutes": fields.Integer(required=True), "respond_by": fields.Date(required=True),
    "place": fields.String(required=True), "starts_at": fields.AwareDateTime(required=True),
    "ends_at": fields.AwareDateTime(required=True), "class_ids": fields.List(fields.String(), required=True),
    "pupils": fields.List(fields.Nested(ChildSchema), required=True),
}, name="EveningSchema")
"""An evening. `from` is a word of Python, so that this one is made from a dictionary. `pupils` are the caller's own."""


class EveningListSchema(Schema):
    items = fields.List(fields.Nested(EveningSchema), required=True)
    after = fields.String(required=True, allow_none=True)
