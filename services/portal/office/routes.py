"""The office's pages, put together: each file beside this one holds one of them."""

from __future__ import annotations

import flask

from services.portal.office import (
    apart,
    checks,
    consents,
    duplicates,
    evening_people,
    evening_setting,
    evening_steps,
    evenings,
    families,
    family,
    policy,
    requests,
    restrictions,
    rosters,
    school,
    school_year,
    tester,
    withdrawn,
)

room = flask.Blueprint("office", __name__, template_folder="templates")
families.add_pages(room)
rosters.add_pages(room)
evenings.add_pages(room)
consents.add_pages(room)
withdrawn.add_pages(room)
requests.add_pages(room)
for page in (school, school_year, family, restrictions, apart, checks, tester, policy, duplicates, evening_people,
             evening_setting, evening_steps):
    page.add_pages(room)
