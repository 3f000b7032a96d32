"""How every page of the portal is dressed: templates, words, dates and the headers that keep it safe."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

import flask
from babel import Locale
from babel.dates import format_date, format_time
from flask_babel import Babel, get_locale
from jinja2 import ChoiceLoader, FileSystemLoader, PackageLoader, PrefixLoader, pass_context
from jinja2.runtime import Context
from markupsafe import Markup
from secure import Secure
from secure.headers import (
    CacheControl,
    ContentSecurityPolicy,
    CrossOriginOpenerPolicy,
    CrossOriginResourcePolicy,
    PermissionsPolicy,
    ReferrerPolicy,
    XContentTypeOptions,
    XFrameOptions,
)

HERE = Path(__file__).parent
STATIC = HERE / "static"
LONDON = ZoneInfo("Europe/London")
LANGUAGES = ("en_GB",)
ACCENTS = ("indigo", "violet", "green", "brick", "slate", "rose", "olive", "navy")

PEOPLE = frozenset(("adult", "adults", "child", "name", "names", "one", "other", "teacher"))
"""What sentences call the people whose names stand in them."""

When = datetime | date | str | None


def dress(app: flask.Flask) -> None:
    """Give the app the portal's templates, filters, translations, static files and response headers.

    `app.config["PORTAL_LANGUAGES"]` lists the Babel locales there are words for; a page's language is `g.language`
    when the person has chosen one, else the best that the browser asks for.
    """
    app.config.setdefault("PORTAL_LANGUAGES", LANGUAGES)
    app.static_folder = str(STATIC)
    app.jinja_loader = ChoiceLoader([
        FileSystemLoader(HERE / "templates"),
        PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
    ])
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", str(HERE / "translations"))
    Babel(app, locale_selector=_language, timezone_selector=lambda: LONDON.key)
    app.jinja_env.globals.update({
        name: _isolating(cast(Callable[..., str], app.jinja_env.globals[name])) for name in ("gettext", "ngettext")})
    app.jinja_env.filters.update(
        day=day, short_day=short_day, day_and_year=day_and_year, clock=clock, wall_clock=wall_clock, moment=moment,
        machine_time=machine_time
    )
    app.jinja_env.globals.update(asset_url=Assets(STATIC).url, first_error=first_error, accent_class=accent_class)
    app.context_processor(_page_context)
    app.after_request(_add_headers)


# Words and languages


def _language() -> str:
    known: Sequence[str] = flask.current_app.config["PORTAL_LANGUAGES"]
    chosen = flask.g.get("language")
    if chosen in known:
        return str(chosen)
    tags = {name.replace("_", "-"): name for name in known}
    return tags[flask.request.accept_languages.best_match(list(tags)) or next(iter(tags))]


def _locale() -> Locale:
    return get_locale() or Locale.parse(LANGUAGES[0])


def _page_context() -> dict[str, Any]:
    locale = _locale()
    return {
        "lang": str(locale).replace("_", "-"),
        "dir": locale.text_direction,
        "band": {"name": "Tandem", "sub": "", "accent": "", "initials": ""},
        "menu": [],
    }


def _isolating(translate: Callable[..., str]) -> Callable[..., str]:
    """Words of a page in which each name of a person runs in its own direction, whatever the sentence's is.

    What goes into an attribute is stripped of these marks there.
    """
    @pass_context
    def say(context: Context, /, *words: Any, **facts: Any) -> str:
        if context.eval_ctx.autoescape:
            facts = {key: Markup("<bdi>{}</bdi>").format(value) if key in PEOPLE and isinstance(value, str) else value
                     for key, value in facts.items()}
        return translate(context, *words, **facts)

    return say


def first_error(errors: Mapping[str, Any] | None, name: str) -> str | None:
    """The words to show at a field; accepts one message or marshmallow's list of them."""
    found = (errors or {}).get(name)
    if isinstance(found, (list, tuple)):
        found = found[0] if found else None
    return None if found is None else str(found)


def accent_class(accent: str | None) -> str:
    """The class of a school's accent; an accent we do not have gets none, never a class of its own making."""
    return f"accent-{accent}" if accent in ACCENTS else ""


# Dates


def day(value: When) -> str:
    """Thursday 26 November"""
    return _dated(value, "EEEE d MMMM")


def short_day(value: When) -> str:
    """Thu 26 Nov"""
    return _dated(value, "EEE d MMM")


def day_and_year(value: When) -> str:
    """Thursday 26 November 2026"""
    return _dated(value, "EEEE d MMMM y")


def clock(value: When) -> str:
    """5:10pm, by the clock on a London wall."""
    there = _in_london(value)
    if there is None:
        return ""
    if not isinstance(there, datetime):
        raise ValueError("A day has no time of day.")
    return wall_clock(there.timetz())


def wall_clock(value: time | str) -> str:
    """5:10pm, of a time that the school's own clock shows, such as 17:10."""
    shown = time.fromisoformat(value) if isinstance(value, str) else value
    if _locale().language != "en":
        return str(format_time(shown.replace(tzinfo=None), "short", locale=_locale()))
    return f"{shown.hour % 12 or 12}:{shown:%M}{'am' if shown.hour < 12 else 'pm'}"


def moment(value: When) -> str:
    """Thursday 26 November, 5:10pm"""
    if value is None or value == "":
        return ""
    comma = "،" if _locale().language in {"ar", "ur", "fa", "ps"} else ","
    return f"{day(value)}{comma} {clock(value)}"


def machine_time(value: When) -> str:
    """What belongs in the datetime attribute of a <time>."""
    there = _in_london(value)
    return "" if there is None else there.isoformat()


def _dated(value: When, pattern: str) -> str:
    there = _in_london(value)
    if there is None:
        return ""
    on = there.date() if isinstance(there, datetime) else there
    return str(format_date(on, pattern, locale=_locale()))


def _in_london(value: When) -> datetime | date | None:
    """An instant as London's clock shows it; a day without a time stays that day.

    A time without a zone is refused: shown as it stands it would be an hour out for half of the year.
    """
    if value is None or value == "":
        return None
    if isinstance(value, str):
        value = date.fromisoformat(value) if len(value) <= len("2026-11-26") else datetime.fromisoformat(value)
    if not isinstance(value, datetime):
        return value
    if value.tzinfo is None:
        raise ValueError("A time without a zone cannot be shown.")
    return value.astimezone(LONDON)


# Static files


@dataclass
class Assets:
    """Finds the address of a static file: the built ones under the name that changes with their content."""

    folder: Path
    _read_at: int = -1
    _names: dict[str, str] | None = None

    def url(self, name: str) -> str:
        """The address of `app.css`, `app.js`, `htmx.min.js`, `logo.svg`, ..."""
        built = self._manifest().get(name)
        return flask.url_for("static", filename=f"built/{built}" if built else name)

    def _manifest(self) -> dict[str, str]:
        """The manifest, read again when a build has replaced it."""
        path = self.folder / "built" / "manifest.json"
        try:
            written = path.stat().st_mtime_ns
        except FileNotFoundError:
            return {}
        if self._names is None or written != self._read_at:
            self._names = json.loads(path.read_text())
            self._read_at = written
        return self._names


# Headers

_PAGE_HEADERS = Secure(
    csp=ContentSecurityPolicy()
    .default_src("'none'")
    .style_src("'self'")
    .script_src("'self'")
    .img_src("'self'", "data:")
    .connect_src("'self'")
    .form_action("'self'")
    .frame_ancestors("'none'")
    .base_uri("'none'")
    .manifest_src("'self'")
    .worker_src("'self'"),
    coop=CrossOriginOpenerPolicy().same_origin(),
    corp=CrossOriginResourcePolicy().same_origin(),
    permissions=PermissionsPolicy().geolocation().camera().microphone(),
    referrer=ReferrerPolicy().same_origin(),
    xcto=XContentTypeOptions().nosniff(),
    xfo=XFrameOptions().deny(),
)
_NEVER_KEPT = CacheControl().no_store().header_value
_KEPT_FOR_GOOD = CacheControl().public().max_age(31_536_000).immutable().header_value
_KEPT_AN_HOUR = CacheControl().public().max_age(3_600).header_value


def _add_headers(response: flask.Response) -> flask.Response:
    """Pages are never kept by a browser or a proxy; static files are, for good when their name holds their digest.

    A page that sets Cache-Control itself (a service worker, an icon) keeps what it set.
    """
    for name, value in _PAGE_HEADERS.header_items():
        response.headers.setdefault(name, value)
    if flask.request.endpoint == "static" and response.status_code in {200, 206, 304}:
        response.headers["Cache-Control"] = _KEPT_FOR_GOOD if _has_digest(flask.request.path) else _KEPT_AN_HOUR
    else:
        response.headers.setdefault("Cache-Control", _NEVER_KEPT)
    return response


def _has_digest(path: str) -> bool:
    parts = path.rsplit("/", 1)[-1].split(".")
    return "/built/" in path and len(parts) > 2 and len(parts[-2]) == 12
