"""What this service hears of others: review meetings about a loop, and that home and school have spoken."""

from __future__ import annotations

from chassis.inbox import Subscriptions
from services.profiles.heard.actions import note_held, note_talked
from services.profiles.partnerships.reviews import keep_booked, keep_cancelled

SUBSCRIPTIONS = Subscriptions((("scheduling", "events"),), {
    "tandem.scheduling.review.booked.v1": keep_booked,
    "tandem.scheduling.review.cancelled.v1": keep_cancelled,
    "tandem.scheduling.checkin.held.v1": note_held,
    "tandem.scheduling.talk.held.v1": note_talked,
    "tandem.scheduling.meeting.held.v1": note_talked,
})
