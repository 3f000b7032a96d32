"""What the routes of evenings take and give."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.scheduling.evenings.rules import AIMS, WALKS, WAYS

CLOCK = validate.Regexp(r"^([01][0-9]|2[0-3]):[0-5][0-9]\Z",
                        error="Write the time as the clock shows it, such as 16:00.")
NAME = validate.And(validate.Length(1, 120, error="Write between 1 and 120 letters."),
                    validate.Regexp(r"(?s).*\S", error="Write something here."))
WAY = validate.OneOf(["book", "plan"], error="Choose 'book' or 'plan'.")
ID = validate.Length(1, 36, error="This is not an id of ours.")
CLASSES = validate.Length(0, 500, error="Choose at most 500 classes.")
YEAR = validate.Length(1, 20, error="This is not a year group of ours.")
YEARS = validate.Length(0, 20, error="Choose at most 20 years.")
CHILDREN = validate.Length(0, 500, error="Name at most 500 children; invite the others by class or year.")
AIM = validate.OneOf(AIMS, error="Choose one of the aims that there are.")
HOW = validate.OneOf(["in-person", "phone", "video"], error="Choose 'in-person', 'phone' or 'video'.")
LINK = validate.Regexp(r"^(https://[^\s/?#@]+\.[^\s@]*)?\Z", error="Write a link that begins with https://")
ROOM = validate.Length(0, 120, error="Write at most 120 letters.")
SITE = validate.Length(0, 60, error="Write at most 60 letters.")
STATE = validate.OneOf(["draft", "open", "planned", "cancelled"])


class EveningCreateSchema(Schema):
    title = fields.String(required=True, validate=NAME)
    place = fields.String(required=True, validate=NAME)
    on = fields.Date(required=True)
    start = fields.String(required=True, data_key="from", validate=CLOCK)
    end = fields.String(required=True, data_key="to", validate=CLOCK)
    slot_minutes = fields.Integer(required=True, strict=True)
    class_ids = fields.List(fields.String(validate=ID), load_default=list, validate=CLASSES)
    respond_by = fields.Date(required=True)
    way = fields.String(load_default="book", validate=WAY, metadata={
        "description": "book: families choose times; plan: they say what they wish, and all times are made at once"})
    years = fields.List(fields.String(validate=YEAR), load_default=list, validate=YEARS, metadata={
        "description": "Year groups that are invited beside the classes"})
    pupil_ids = fields.List(fields.String(validate=ID), load_default=list, validate=CHILDREN, metadata={
        "description": "Children who are invited beside classes and years"})
    aims = fields.List(fields.String(validate=AIM), load_default=list, validate=validate.Length(
        0, len(AIMS)), metadata={"description": "What a plan seeks, most important first; the rest follows as usual"})
    walk_room_minutes = fields.Integer(load_default=WALKS[0], strict=True, metadata={
        "description": "From room to room; the way that a family is given between two talks"})
    walk_site_minutes = fields.Integer(load_default=WALKS[1], strict=True, metadata={
        "description": "The same from one site of the school to another"})
    draft = fields.Boolean(load_default=False, truthy={True}, falsy={False})


class ChildSchema(Schema):
    id = fields.String(required=True)
    given_name = fields.String(required=True)


class PersonSchema(ChildSchema):
    family_name = fields.String(required=True)


EveningSchema = Schema.from_dict({
    "id": fields.String(required=True), "title": fields.String(required=True),
    "way": fields.String(required=True, validate=WAY), "state": fields.String(required=True, validate=STATE),
    "aims": fields.List(fields.String(), required=True), "version": fields.Integer(required=True),
    "walk_room_minutes": fields.Integer(required=True), "walk_site_minutes": fields.Integer(required=True),
    "on": fields.Date(required=True),
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


class EveningChangeSchema(Schema):
    """What is left out of minutes to walk, day and hours stays as it is."""

    title = fields.String(required=True, validate=NAME)
    place = fields.String(required=True, validate=NAME)
    respond_by = fields.Date(required=True)
    aims = fields.List(fields.String(validate=AIM), required=True, validate=validate.Length(0, len(AIMS)))
    walk_room_minutes = fields.Integer(strict=True)
    walk_site_minutes = fields.Integer(strict=True)
    on = fields.Date(metadata={"description": "Another day: of a draft, or while wishes are collected"})
    start = fields.String(data_key="from", validate=CLOCK)
    end = fields.String(data_key="to", validate=CLOCK)


class InvitedChangeSchema(Schema):
    class_ids = fields.List(fields.String(validate=ID), load_default=list, validate=CLASSES)
    years = fields.List(fields.String(validate=YEAR), load_default=list, validate=YEARS)
    pupil_ids = fields.List(fields.String(validate=ID), load_default=list, validate=CHILDREN)


class InvitedSchema(Schema):
    class_ids = fields.List(fields.String(), required=True)
    years = fields.List(fields.String(), required=True)
    pupils = fields.List(fields.Nested(PersonSchema), required=True, metadata={
        "description": "Who is invited beside classes and years"})
    children = fields.Integer(required=True, metadata={"description": "How many are invited in all"})


class YearSchema(Schema):
    year = fields.String(required=True)
    children = fields.Integer(required=True)


class YearListSchema(Schema):
    items = fields.List(fields.Nested(YearSchema), required=True)


class EveningCopyWantedSchema(Schema):
    on = fields.Date(required=True)
    respond_by = fields.Date(required=True)
    class_ids = fields.List(fields.String(validate=ID), load_default=list, validate=CLASSES, metadata={
        "description": "Whom the copy invites; where nothing is said, those of then who are here today"})
    years = fields.List(fields.String(validate=YEAR), load_default=list, validate=YEARS)


class EveningCopySchema(Schema):
    evening = fields.Nested(EveningSchema, required=True)
    left_out = fields.List(fields.Nested(PersonSchema), required=True, metadata={
        "description": "Who sat there before, and does not work here or teaches nobody who is invited"})
    added = fields.List(fields.Nested(PersonSchema), required=True, metadata={
        "description": "Who teaches somebody who is invited and did not sit there before"})


def _block_fields() -> dict[str, fields.Field]:
    """What a block is, in and out; by names of the wire, of which `from` is a word of Python."""
    return {
        "from": fields.String(required=True, validate=CLOCK), "to": fields.String(required=True, validate=CLOCK),
        "slot_minutes": fields.Integer(required=True, strict=True),
        "gap_minutes": fields.Integer(load_default=0, strict=True),
        "run": fields.Integer(load_default=0, strict=True, metadata={"description": "Talks until a break; 0: none"}),
        "break_minutes": fields.Integer(load_default=0, strict=True),
        "room": fields.String(load_default="", validate=ROOM), "site": fields.String(load_default="", validate=SITE),
        "step_free": fields.Boolean(load_default=False, truthy={True}, falsy={False}),
        "ways": fields.List(fields.String(validate=HOW), load_default=lambda: list(WAYS), validate=validate.Length(
            1, 3, error="Choose at least one way to talk.")),
        "link": fields.String(load_default="", validate=validate.And(validate.Length(0, 300), LINK)),
        "open_to": fields.String(load_default="taught", validate=validate.OneOf(
            ["taught", "all"], error="Choose 'taught' or 'all'."), metadata={
            "description": "taught: the children of those who sit there; all: everybody who is invited"}),
    }


BlockWantedSchema = Schema.from_dict({**_block_fields(), "staff_ids": fields.List(
    fields.String(validate=ID), required=True, validate=validate.Length(
        1, 6, error="Choose between 1 and 6 people."), metadata={
        "description": "Whose times they are comes first; who sits there with them follows"})},
    name="BlockWantedSchema")
BlockSchema = Schema.from_dict({**_block_fields(), **{
    "id": fields.String(required=True), "staff": fields.List(fields.Nested(PersonSchema), required=True),
    "starts_at": fields.AwareDateTime(required=True), "ends_at": fields.AwareDateTime(required=True),
    "places": fields.Integer(required=True), "held": fields.Integer(required=True, metadata={
        "description": "How many of the places a family has"}),
    "version": fields.Integer(required=True)}}, name="BlockSchema")


class BlockListSchema(Schema):
    items = fields.List(fields.Nested(BlockSchema), required=True)
    staff = fields.List(fields.Nested(PersonSchema), required=True, metadata={
        "description": "Everybody who works here today and could sit in a block"})


class LoadSchema(Schema):
    staff = fields.List(fields.Nested(PersonSchema), required=True)
    places = fields.Integer(required=True)
    children = fields.Integer(required=True)
    wishes = fields.Integer(required=True, allow_none=True)
    break_minutes = fields.Integer(required=True)


class ArithmeticSchema(Schema):
    items = fields.List(fields.Nested(LoadSchema), required=True)
    children = fields.Integer(required=True)
    places = fields.Integer(required=True)
    wishes = fields.Integer(required=True, allow_none=True)
    warnings = fields.List(fields.String(), required=True, metadata={
        "description": "Where it does not hold, in plain words"})
