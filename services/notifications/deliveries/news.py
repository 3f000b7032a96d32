"""The words of the partnership's letters: the thing and never its content, one line, and the page that it is on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from gettext import translation

_ = translation("messages", fallback=True).gettext  # found once: asked by name it looks for files at each word


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a letter calls the thing (after the child's name), and its line; staff may be told in other words."""

    subject: Callable[[], str]
    line: Callable[[], str]
    path: str
    to_staff: Callable[[], str] | None = None


LOOP, BOOK = "{page}/together/{about}", "{page}/reviews/{about}"
ABOUT, STRATEGIES = "{page}/about-me", "{page}/strategies"
NEWS: dict[str, Spoken] = {
    "partnership-opened": Spoken(
        lambda: _("let's look at this together"),
        lambda: _("Somebody who helps your child has started something to look at together. Your view counts: you can "
                  "add it when you have five minutes."), LOOP,
        lambda: _("Somebody has started something to look at together. Please add what you see.")),
    "partnership-answered": Spoken(
        lambda: _("new words in what we look at together"),
        lambda: _("Somebody has written in what you are looking at together."), LOOP),
    "partnership-stepped": Spoken(
        lambda: _("next steps"), lambda: _("There are next steps in what you are looking at together."), LOOP),
    "partnership-joined": Spoken(
        lambda: _("somebody has joined"), lambda: _("Somebody has joined what you are looking at together."), LOOP),
    "partnership-reminded": Spoken(
        lambda: _("soon we look again together"),
        lambda: _("The day to look again together is near. Is there something that you would like to say first?"),
        LOOP),
    "partnership-overdue": Spoken(
        lambda: _("time to look again"),
        lambda: _("The day to look again has passed. It is for school to see to it: please choose a day with the "
                  "family, or close it together."), LOOP),
    "partnership-closed": Spoken(
        lambda: _("what we did together"),
        lambda: _("What you looked at together has come to its end. Read what helped."), LOOP),
    "partnership-thanked": Spoken(lambda: _("a thank you"), lambda: _("Somebody says thank you."), LOOP),
    "strategy-suggested": Spoken(
        lambda: _("something to do the same way"),
        lambda: _("Somebody suggests something that home and school could do the same way. Say what you think."),
        STRATEGIES),
    "strategy-agreed": Spoken(
        lambda: _("what home and school will do the same way"),
        lambda: _("There is something that home and school will do the same way."), STRATEGIES),
    "strategy-changed": Spoken(
        lambda: _("a change in what we do the same way"),
        lambda: _("Something that home and school do the same way has changed."), STRATEGIES),
    "strategy-ended": Spoken(
        lambda: _("something that we no longer do"),
        lambda: _("Something that home and school did the same way has ended."), STRATEGIES),
    "agreement-published": Spoken(
        lambda: _("what school and home promise each other"),
        lambda: _("School has written down what school, home and the child promise. Please read it and say what you "
                  "think. Nothing depends on your answer."), "{page}/agreement"),
    "aboutme-toread": Spoken(
        lambda: _("a page to read before your lesson"),
        lambda: _("There is a page about this child to read before your lesson. It takes two minutes."), ABOUT),
    "aboutme-reviewdue": Spoken(
        lambda: _("look at the page together"),
        lambda: _("It is time to go through this child's page with the child and the family."), ABOUT),
    "aboutme-changed": Spoken(
        lambda: _("something new on the page"), lambda: _("Something on the page has changed."), ABOUT),
    "update-overdue": Spoken(
        lambda: _("a note from home waits"),
        lambda: _("A note from home has not been read yet, and the time that school promised has passed."),
        "/staff/updates/overdue"),
    "note-shared": Spoken(
        lambda: _("the child has written to you"),
        lambda: _("A child has written something and chosen to show it to you."), "{page}"),
    "progress-written": Spoken(
        lambda: _("how school is going"),
        lambda: _("A teacher has written how it goes, what comes next, and how home can help. You can write back."),
        "{page}/progress"),
    "progress-replied": Spoken(
        lambda: _("an answer to your note"),
        lambda: _("Somebody has answered your note on how it goes."), "{page}/progress"),
    "expectation-published": Spoken(
        lambda: _("this half-term in class"),
        lambda: _("Half a page from the class: what we are learning, what we expect, and how you can help at home."),
        "{page}/class"),
    "praise-shared": Spoken(
        lambda: _("good news"), lambda: _("There is good news for you to read."), "{page}/good-news"),
    "review-offered": Spoken(
        lambda: _("choose a time to talk"),
        lambda: _("School would like to look again together with you. Please choose a time that suits you."), BOOK,
        lambda: _("Times to look again together have been offered to the family.")),
    "review-booked": Spoken(
        lambda: _("time to talk"),
        lambda: _("The time is kept for you. It is in the calendar file that comes with this e-mail."), BOOK),
    "review-cancelled": Spoken(
        lambda: _("the talk will not happen"),
        lambda: _("The talk that was planned will not happen at that time."), BOOK),
    "meeting-asked": Spoken(
        lambda: _("somebody would like to talk with you"),
        lambda: _("A talk with you has been asked for. Times from your good hours are offered; where there are none, "
                  "please offer some. You see there what they would like to talk about."), "{page}/talks"),
    "meeting-offered": Spoken(
        lambda: _("choose a time to talk"),
        lambda: _("School would like to talk with you. Please choose a time that suits you, or say when you can."),
        BOOK),
    "meeting-booked": Spoken(
        lambda: _("time to talk"),
        lambda: _("The time is kept for you. It is in the calendar file that comes with this e-mail."), BOOK),
    "meeting-cancelled": Spoken(
        lambda: _("the talk will not happen"),
        lambda: _("The talk that was planned will not happen at that time."), BOOK),
    "wishes-reminded": Spoken(
        lambda: _("parents' evening: tell us when you can come"),
        lambda: _("There are a few days left to say whom you would like to see, and when you can come. It takes three "
                  "minutes. If you would rather ring, the school office writes it down for you."),
        "/evenings/{about}/wishes"),
    "talk-missed": Spoken(
        lambda: _("we missed you"),
        lambda: _("We are sorry that we did not meet at the parents' evening. It happens. You can ask for a talk on "
                  "another day that suits you better."), "{page}/talks"),
    "evening-thanked": Spoken(
        lambda: _("thank you for coming"),
        lambda: _("Thank you for talking with us at the parents' evening. What was agreed is on your child's page."),
        "{page}/together"),
    "offer-made": Spoken(
        lambda: _("a time is free for you"),
        lambda: _("A time at the parents' evening is free, and it is kept for you for a while. Take it with one "
                  "tap, or leave it to the next."), "/offers/{about}"),
    "offer-ended": Spoken(
        lambda: _("that time went to somebody else"),
        lambda: _("We offered it to somebody else; you are still on the list."), "/offers/{about}"),
    "checkin-proposed": Spoken(
        lambda: _("a short talk"),
        lambda: _("School would like a short talk with you, just to stay in touch. Say if the time suits you."),
        "{page}/check-ins/{about}",
        lambda: _("A short talk with this family has been proposed in your name.")),
    "checkin-declined": Spoken(
        lambda: _("another time for a short talk"),
        lambda: _("The time for a short talk did not suit the family. You can offer another."), "/staff/check-ins"),
}


def page_of(kind: str, hat: str, pupil_id: str, about_id: str) -> str:
    """The portal's page about it."""
    page = f"/staff/pupils/{pupil_id}" if hat == "staff" else f"/children/{pupil_id}"
    return NEWS[kind].path.format(page=page, about=about_id)
