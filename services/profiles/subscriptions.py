"""What this service hears of others: nothing yet."""

from chassis.inbox import Subscriptions

SUBSCRIPTIONS = Subscriptions((), {})
