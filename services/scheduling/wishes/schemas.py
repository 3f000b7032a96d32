"""What the routes of wishes take and give."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.scheduling.evenings.schemas import CLOCK, ID, ChildSchema, EveningSchema, PersonSchema
from services.scheduling.wishes.rules import HOWS, MARKS

COMES = validate.OneOf(["yes", "cannot"], error="Say whether you come: 'yes' or 'cannot'.")
HOW = validate.OneOf(HOWS, error="Choose 'in-person', 'phone' or 'video'.")
ANSWER = validate.OneOf(["yes", "cannot", "none"])
SITE = validate.Length(max=60, error="Write at most 60 letters.")
TALK = validate.Length(max=500, error="Write at most 500 letters.")
CALL_ON = validate.Regexp(r"^[0-9+() -]{0,40}\Z", error="Write a phone number with digits, such as 01632 960 001.")
MOST_TALKS, MOST_CHILDREN, MOST_TIMES, MOST_ELSEWHERE, MOST_NEEDS = 12, 20, 6, 20, 10

ClockSpanSchema = Schema.from_dict({
    "from": fields.String(required=True, validate=CLOCK, attribute="start"),
    "to": fields.String(required=True, validate=CLOCK, attribute="end"),
}, name="ClockSpanSchema")
"""From and to as the school's clock shows them. `from` is a word of Python: this one is made from a dictionary."""

ShownClockSpanSchema = Schema.from_dict({
    "from": fields.String(required=True), "to": fields.String(required=True)}, name="ShownClockSpanSchema")


class MarkChangeSchema(Schema):
    mark = fields.String(required=True, validate=validate.OneOf(
        [*MARKS, "none"], error="Choose 'please-come', 'no-need' or 'none'."))
    sentence = fields.String(load_default="", validate=validate.Length(max=300, error="Write at most 300 letters."))


class MarkItemSchema(Schema):
    pupil = fields.Nested(PersonSchema, required=True)
    mark = fields.String(required=True, validate=validate.OneOf([*MARKS, "none"]))
    sentence = fields.String(required=True)
    another_day = fields.List(fields.Nested(PersonSchema), required=True, metadata={
        "description": "Adults who cannot come and would like to talk another day"})


class MarkListSchema(Schema):
    evening = fields.Nested(EveningSchema, required=True)
    until = fields.AwareDateTime(required=True, metadata={"description": "From then on marks stay as they are"})
    is_open = fields.Boolean(required=True)
    items = fields.List(fields.Nested(MarkItemSchema), required=True)


class ElsewhereSchema(Schema):
    """Where this adult is otherwise: at another school of the trust."""

    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)
    site = fields.String(required=True, validate=SITE)


class WishedTalkSchema(Schema):
    staff_id = fields.String(required=True, validate=ID)
    talk_about = fields.String(load_default="", validate=TALK)


class WishedChildSchema(Schema):
    pupil_id = fields.String(required=True, validate=ID)
    wishes = fields.List(fields.Nested(WishedTalkSchema), load_default=list, validate=validate.Length(
        0, MOST_TALKS, error=f"Choose at most {MOST_TALKS} talks about one child."), metadata={
        "description": "The most wanted first"})


class WishFormSchema(Schema):
    """A whole form; whoever cannot come may still say with whom they would like to talk another day."""

    comes = fields.String(required=True, validate=COMES)
    earliest = fields.String(load_default=None, allow_none=True, validate=CLOCK)
    latest = fields.String(load_default=None, allow_none=True, validate=CLOCK)
    not_times = fields.List(fields.Nested(ClockSpanSchema), load_default=list, validate=validate.Length(
        0, MOST_TIMES, error=f"Give at most {MOST_TIMES} times."))
    how = fields.String(load_default="in-person", validate=HOW)
    call_on = fields.String(load_default="", validate=CALL_ON)
    needs = fields.List(fields.String(validate=validate.Length(1, 40)), load_default=list, validate=validate.Length(
        0, MOST_NEEDS, error=f"Choose at most {MOST_NEEDS}."))
    children = fields.List(fields.Nested(WishedChildSchema), required=True, validate=validate.Length(
        0, MOST_CHILDREN, error=f"Name at most {MOST_CHILDREN} children."))
    elsewhere = fields.List(fields.Nested(ElsewhereSchema), load_default=list, validate=validate.Length(
        0, MOST_ELSEWHERE, error=f"Give at most {MOST_ELSEWHERE} appointments elsewhere."))


class ShownMarkSchema(Schema):
    by = fields.Nested(PersonSchema, required=True)
    mark = fields.String(required=True, validate=validate.OneOf(MARKS))
    sentence = fields.String(required=True)


class OfferedTeacherSchema(PersonSchema):
    beside = fields.List(fields.Nested(PersonSchema), required=True, metadata={"description": "Who else sits there"})
    marks = fields.List(fields.Nested(ShownMarkSchema), required=True)


class AskedChildSchema(ChildSchema):
    together = fields.Boolean(required=True, metadata={
        "description": "Whether this adult asked to come together with the child's other adults"})
    is_answered = fields.Boolean(required=True)
    teachers = fields.List(fields.Nested(OfferedTeacherSchema), required=True)
    wishes = fields.List(fields.Nested(WishedTalkSchema), required=True)


class ShownWishFormSchema(Schema):
    """One adult's form: what there is to choose from, and the answers. `comes` is null until there are any."""

    evening = fields.Nested(EveningSchema, required=True)
    until = fields.AwareDateTime(required=True, metadata={"description": "From then on the form stays as it is"})
    is_open = fields.Boolean(required=True)
    needs_offered = fields.List(fields.String(), required=True)
    ways = fields.List(fields.String(validate=HOW), required=True)
    children = fields.List(fields.Nested(AskedChildSchema), required=True)
    version = fields.Integer(required=True, metadata={"description": "Its ETag; 0 while there is none"})
    comes = fields.String(required=True, allow_none=True, validate=COMES)
    earliest = fields.String(required=True, allow_none=True)
    latest = fields.String(required=True, allow_none=True)
    not_times = fields.List(fields.Nested(ShownClockSpanSchema), required=True)
    how = fields.String(required=True, validate=HOW)
    call_on = fields.String(required=True)
    needs = fields.List(fields.String(), required=True)
    elsewhere = fields.List(fields.Nested(ElsewhereSchema), required=True)
    entered_by = fields.String(required=True, allow_none=True)
    changed_at = fields.AwareDateTime(required=True, allow_none=True)


class AnsweredEveningSchema(Schema):
    """That an adult has answered for an evening, and for which children."""

    evening_id = fields.String(required=True)
    comes = fields.String(required=True, validate=COMES)
    pupil_ids = fields.List(fields.String(), required=True)


class FormQuerySchema(Schema):
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 100))
    after = fields.String(load_default=None, validate=ID)
    answer = fields.String(load_default=None, validate=ANSWER)


class FormItemSchema(Schema):
    guardian = fields.Nested(PersonSchema, required=True)
    children = fields.List(fields.Nested(PersonSchema), required=True)
    answer = fields.String(required=True, validate=ANSWER)
    wishes = fields.Integer(required=True)
    entered_by = fields.String(required=True, allow_none=True)
    changed_at = fields.AwareDateTime(required=True, allow_none=True)


class FormListSchema(Schema):
    evening = fields.Nested(EveningSchema, required=True)
    answered = fields.Integer(required=True)
    waiting = fields.Integer(required=True)
    items = fields.List(fields.Nested(FormItemSchema), required=True)
    after = fields.String(required=True, allow_none=True)
