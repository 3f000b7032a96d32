"""One-time sign-in links for people whom no letter reaches: made straight in the portal's database, by who runs it."""

from __future__ import annotations

import os
from datetime import timedelta

from chassis.clock import SystemClock
from chassis.unit_of_work import Database
from services.portal.accounts.actions import make_sign_in_link
from tandem.data import DataFolder


def make_link(data: DataFolder, who: str, life: timedelta) -> str:
    """The address of a link. A deployment says where with PORTAL_DATABASE_URL, PORTAL_SECRET and TANDEM_PORTAL_URL."""
    url = os.environ.get("PORTAL_DATABASE_URL") or data.database_url("portal")
    secret = os.environ.get("PORTAL_SECRET") or data.secret()
    portal = os.environ.get("TANDEM_PORTAL_URL") or f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
    database = Database(url, "portal", SystemClock())
    try:
        return portal.rstrip("/") + make_sign_in_link(database, secret, who, life)
    finally:
        database.close()
