"""Class pages as the HTTP edge takes and shows them."""

from __future__ import annotations

from marshmallow import Schema, fields

from services.profiles.signed import words_field

LEARNING, EXPECTS, ROUTINES, HELP, DATES = 600, 400, 400, 150, 300


class ClassPageWordsSchema(Schema):
    """Half a page: the lengths see to it."""

    learning = words_field(LEARNING)
    expects = words_field(EXPECTS)
    routines = words_field(ROUTINES)
    help_one = words_field(HELP)
    help_two = words_field(HELP)
    help_three = words_field(HELP)
    dates = words_field(DATES, required=False)


class ClassPageSchema(Schema):
    id = fields.String()
    title = fields.String()
    begins_on = fields.Date()
    ends_on = fields.Date()
    due_on = fields.Date()
    may_write = fields.Boolean()
    version = fields.Integer(metadata={"description": "Its ETag; 0 while there is no page"})
    state = fields.String(metadata={"description": "none, draft, published, or changed since it was published"})
    page = fields.Nested(ClassPageWordsSchema, allow_none=True)
    written_by = fields.String(allow_none=True)
    written_at = fields.AwareDateTime(allow_none=True)


class PublishedClassPageSchema(Schema):
    id = fields.String()
    class_id = fields.String()
    class_title = fields.String()
    by = fields.String(allow_none=True)
    published_at = fields.AwareDateTime()
    begins_on = fields.Date()
    is_current = fields.Boolean()
    learning = fields.String()
    expects = fields.String()
    routines = fields.String()
    help_one = fields.String()
    help_two = fields.String()
    help_three = fields.String()
    dates = fields.String()


class PublishedClassPageListSchema(Schema):
    items = fields.List(fields.Nested(PublishedClassPageSchema))


class ClassPageDueSchema(Schema):
    class_id = fields.String()
    title = fields.String()
    due_on = fields.Date()


class ClassPageDueListSchema(Schema):
    items = fields.List(fields.Nested(ClassPageDueSchema))
