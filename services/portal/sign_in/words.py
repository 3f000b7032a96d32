"""The words of the letter with a link: why it came, one button's worth of link, and the code."""

from __future__ import annotations

from gettext import gettext as _


def letter_title() -> str:
    return _("Your link to sign in to Tandem")


def letter_text(link: str, code: str) -> str:
    """Plain text; the same for every hat, so that a mailbox says nothing about its reader."""
    return "\n\n".join((
        _("You asked to sign in to Tandem. Open this link, then press Sign in:"),
        link,
        _("Or type this code on the page where you asked: {code}").format(code=code),
        _("Both work once, for 20 minutes. If it was not you who asked, do nothing: nobody has signed in."),
    )) + "\n"
