"""The office's pages, put together: each file beside this one holds one of them."""

from __future__ import annotations

import flask

from services.portal.office import evenings, families, rosters

room = flask.Blueprint("office", __name__, template_folder="templates")
families.add_pages(room)
rosters.add_pages(room)
evenings.add_pages(room)
