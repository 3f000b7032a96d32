"""What the routes of sharing take and give: one adult's own wish, and never a word about anyone else's."""

from __future__ import annotations

from marshmallow import Schema, fields


class SharingWishSchema(Schema):
    shows_times = fields.Boolean(required=True, truthy={True}, falsy={False})
    together = fields.Boolean(required=True, truthy={True}, falsy={False})
