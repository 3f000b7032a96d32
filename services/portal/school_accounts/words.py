"""What a page says when coming in by a school account did not work: calm, and with a way on."""

from __future__ import annotations

from flask_babel import gettext as _


def trouble_words(reason: str, label: str) -> tuple[str, str]:
    """(title, text). Who has left and who never connected the account read the same."""
    words = {
        "denied": (_("You stopped before the end"),
                   _("Nothing was changed. You can try again, or come in another way.")),
        "away": (_("%(label)s isn't answering just now", label=label),
                 _("Nothing is lost. Try again in a minute, or come in another way.")),
        "ended": (_("That took too long, or the page was opened twice"),
                  _("Nothing was changed. Please start again.")),
        "doubtful": (_("We couldn't be sure that it was you"),
                     _("What came back from %(label)s wasn't as it should be, so we didn't use it. Try again. If it "
                       "happens again, tell the school office.", label=label)),
        "clocks": (_("The clocks don't agree"),
                   _("The time at %(label)s and the time here are too far apart, so we couldn't be sure that it was "
                     "you. Please tell the school office.", label=label)),
        "elsewhere": (_("That isn't an account from your school"),
                      _("Try again, and choose the account that your school gave you.")),
        "taken": (_("That account is connected to somebody else here"),
                  _("It can open one person's pages only. If it is yours, please tell the school office.")),
        "unknown": (_("That account isn't connected here"),
                    _("Come in first with a link to your e-mail, or with the code from your teacher. Then choose "
                      "Connect my school account: you do that once. If it has opened your pages before, ask the "
                      "school office.")),
    }
    return words[reason]
