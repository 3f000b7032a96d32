"""What goes in and out of the preferences' routes."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.notifications.preferences.rules import CHOICES, GOOD_NEWS_CHOICES, LANGUAGE, LONGEST_LANGUAGE


class PreferenceSchema(Schema):
    email = fields.String(required=True, validate=validate.OneOf(CHOICES), metadata={
        "description": "When letters come: each at once, one at the end of the day, or none"})
    language = fields.String(load_default=None, allow_none=True, validate=[
        validate.Length(max=LONGEST_LANGUAGE), validate.Regexp(LANGUAGE)])
    good_news = fields.String(load_default=None, validate=validate.OneOf(GOOD_NEWS_CHOICES), metadata={
        "description": "When good news comes by letter: as it comes, or the week's on Friday; left out: as it was"})
