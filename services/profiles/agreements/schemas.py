"""The agreement as the HTTP edge takes and shows it."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.profiles.agreements.rules import ANSWERS, LONGEST_LINE, MOST_LINES
from services.profiles.people.schemas import PersonSchema
from services.profiles.signed import AUDIENCES, SignatureSchema, words_field


def _lines() -> fields.List:
    return fields.List(words_field(LONGEST_LINE), required=True, validate=validate.Length(
        max=MOST_LINES, error=f"Write at most {MOST_LINES} lines."))


class PromisesSchema(Schema):
    """What each promises, line by line."""

    school = _lines()
    home = _lines()
    child = _lines()


class AgreementAnswerCreateSchema(Schema):
    number = fields.Integer(required=True, strict=True)
    answer = fields.String(required=True, validate=validate.OneOf(ANSWERS))
    words = words_field(500, required=False)
    audience = fields.String(load_default=None, validate=validate.OneOf(AUDIENCES))


class AgreementAnswerSchema(Schema):
    answer = fields.String()
    words = fields.String()
    audience = fields.String(allow_none=True)
    signature = fields.Nested(SignatureSchema)


class AgreementSchema(PromisesSchema):
    id = fields.String()
    number = fields.Integer()
    published_at = fields.AwareDateTime(allow_none=True)
    mine = fields.Nested(AgreementAnswerSchema, allow_none=True)
    answers = fields.List(fields.Nested(AgreementAnswerSchema))


class PupilAgreementSchema(Schema):
    current = fields.Nested(AgreementSchema, allow_none=True)
    earlier = fields.List(fields.Nested(AgreementSchema))


class AgreementDraftSchema(PromisesSchema):
    number = fields.Integer()
    revision = fields.Integer()
    written_at = fields.AwareDateTime()


class SchoolAgreementSchema(Schema):
    current = fields.Nested(AgreementSchema, allow_none=True)
    draft = fields.Nested(AgreementDraftSchema, allow_none=True)
    earlier = fields.List(fields.Nested(AgreementSchema))
    start = fields.Nested(PromisesSchema)


class PupilAgreedSchema(Schema):
    pupil = fields.Nested(PersonSchema)
    adults = fields.List(fields.String())


class ClassAgreedSchema(Schema):
    items = fields.List(fields.Nested(PupilAgreedSchema))
    after = fields.String(allow_none=True)
