"""What the routes of feeds give."""

from __future__ import annotations

from marshmallow import Schema, fields


class FeedSchema(Schema):
    token = fields.String(required=True)
