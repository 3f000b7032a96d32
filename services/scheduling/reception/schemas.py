"""What the route of reception takes and gives."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

NAME = validate.And(validate.Length(1, 401, error="Write between 1 and 401 letters."),
                    validate.Regexp(r"(?s).*\S", error="Write a name here."))
PURPOSE = validate.OneOf(["collect", "attend"], error="Choose collect or attend.")

DoorQuestionSchema = Schema.from_dict({
    "child": fields.String(required=True, validate=NAME),
    "adult": fields.String(required=True, validate=NAME),
    "for": fields.String(required=True, validate=PURPOSE, attribute="purpose"),
}, name="DoorQuestionSchema")
"""`for` is a word of Python, so that these are made from dictionaries."""

DoorAnswerSchema = Schema.from_dict({
    "answer": fields.String(required=True, validate=validate.OneOf(["yes", "fetch"])),
    "for": fields.String(required=True, validate=PURPOSE, attribute="purpose"),
    "as_of": fields.AwareDateTime(required=True, allow_none=True),
}, name="DoorAnswerSchema")
"""No reason, no id, no name: one `fetch` is like every other."""
