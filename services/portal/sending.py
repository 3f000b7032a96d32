"""What a form asks a service to do: what is refused is said at its field, with every word still there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from flask_babel import lazy_gettext as _l

from chassis.errors import Conflict, Invalid, Problem, Unavailable

Errors = dict[str, str]
NO_ANSWER = _l("We couldn't send this. Your words are still here. Try again in a minute.")
PAGE = "question"
"""The id of a form: where an error leads that is about no field."""
NOWHERE: Mapping[str, str] = MappingProxyType({})


def send(do: Callable[[], object], at: str = PAGE, fields: Mapping[str, str] = NOWHERE) -> tuple[Errors, int]:
    """Do it. What is refused comes back by field, with the page's status; ({}, 200) when it is done.

    `fields`, `at`: as in `place`.
    """
    try:
        do()
    except (Invalid, Conflict) as refused:
        return place(refused, at, fields), refused.status
    except Unavailable:
        return {at: str(NO_ANSWER)}, 503
    return {}, 200


def place(refused: Problem, at: str = PAGE, fields: Mapping[str, str] = NOWHERE) -> Errors:
    """A service's words at the form's fields; the first that is about none of these, or the whole, at `at`.

    `fields` maps what a service calls a field to what the form calls it.
    """
    found: Errors = {}
    for pointer, words in refused.errors.items():
        found.setdefault(fields.get(pointer.strip("/").split("/")[0], at), words)
    return found or {at: refused.detail or refused.title}


def alike(names: Iterable[str]) -> dict[str, str]:
    """Fields that the form calls what the service calls them."""
    return {name: name for name in names}
