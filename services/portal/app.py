"""The WSGI apps of the portal: its pages, and the operator's room that every service has."""

from __future__ import annotations

from datetime import timedelta

import flask
from flask_wtf import CSRFProtect

from chassis.web import answer_health, make_app
from services.portal import failing, rights_words, visiting, wordings
from services.portal.about.routes import room as about
from services.portal.about_me.routes import room as about_me
from services.portal.agreements.routes import room as agreements
from services.portal.calendar.routes import room as calendar
from services.portal.check_ins.routes import room as check_ins
from services.portal.children.routes import room as children
from services.portal.consents.routes import room as consents
from services.portal.dev_mail.routes import room as dev_mail
from services.portal.evenings.routes import room as evenings
from services.portal.expectations.routes import room as expectations
from services.portal.good_news.routes import room as good_news
from services.portal.head.routes import room as head
from services.portal.held.routes import room as held
from services.portal.home.routes import room as home
from services.portal.inbox.routes import room as inbox
from services.portal.looks import dress
from services.portal.me.routes import room as me
from services.portal.my_settings.routes import room as my_settings
from services.portal.night.routes import room as night
from services.portal.office.routes import room as office
from services.portal.on_behalf.routes import room as on_behalf
from services.portal.planning.routes import room as planning
from services.portal.praise.routes import room as praise
from services.portal.progress.routes import room as progress
from services.portal.pupil_codes.routes import room as pupil_codes
from services.portal.reception.routes import room as reception
from services.portal.reviews.routes import room as reviews
from services.portal.safeguarding.routes import room as safeguarding
from services.portal.school_accounts.routes import room as school_accounts
from services.portal.sign_in.routes import room as sign_in
from services.portal.staff.routes import room as staff
from services.portal.strategies.routes import room as strategies
from services.portal.talks.routes import room as talks
from services.portal.together.routes import room as together
from services.portal.trust.routes import room as trust
from services.portal.unheard.routes import room as unheard
from services.portal.unsubscribe.routes import room as unsubscribe
from services.portal.updates.routes import room as updates
from services.portal.voice.routes import room as voice
from services.portal.wiring import Portal
from services.portal.wishes.routes import room as wishes

ROOMS = (sign_in, school_accounts, home, progress, expectations, about_me, children, held, updates, consents,
         evenings, calendar, inbox, my_settings, staff, safeguarding, praise,
         reception, office, trust, dev_mail, about, good_news, unheard, unsubscribe, me, voice, pupil_codes,
         strategies, agreements, together, head, reviews,
         check_ins, wishes, night, talks, planning, on_behalf)
MOST_BYTES = 64 * 1024 * 1024  # a roster file; every other form is a few kilobytes


def create_app(portal: Portal) -> flask.Flask:
    """Every page."""
    app = flask.Flask("tandem.pages")
    secure = portal.place.url.startswith("https://")
    app.config.update(
        SECRET_KEY=portal.secret, MAX_CONTENT_LENGTH=MOST_BYTES, WTF_CSRF_TIME_LIMIT=None, WTF_CSRF_SSL_STRICT=False,
        SESSION_COOKIE_NAME="__Host-tandem_form" if secure else "tandem_form", SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True, SESSION_COOKIE_SAMESITE="Lax", PERMANENT_SESSION_LIFETIME=timedelta(hours=12))
    app.extensions["portal"] = portal
    dress(app)
    app.jinja_env.globals.update({name: getattr(wordings, name) for name in wordings.SCREEN_WORDS})
    app.jinja_env.globals.update({name: getattr(rights_words, name) for name in rights_words.RIGHTS_WORDS})
    app.jinja_env.filters["full_name"] = wordings.full_name
    app.jinja_env.globals["right_names"] = tuple(wordings.RIGHTS)
    CSRFProtect(app).exempt(unsubscribe)  # mail programs press its button, and hold no cookie
    for room in ROOMS:
        app.register_blueprint(room)
    failing.answer_in_words(app)
    visiting.receive_visitors(app)
    answer_health(app, portal.service)
    return app


def create_operations(portal: Portal) -> flask.Flask:
    """Health, metrics, status and dead letters of the portal itself."""
    return make_app(portal.service, "Tandem portal")
