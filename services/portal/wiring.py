"""How the portal is put together; tests hand it fakes at the same places."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import flask

from chassis.auth import Principal, TokenReader
from chassis.clock import Clock
from chassis.errors import NotFound
from chassis.mail import MailSender
from chassis.unit_of_work import Database, UnitOfWork
from chassis.web import Service
from services.portal.accounts.access import settle_doubts
from services.portal.accounts.actions import join_late
from services.portal.clients.about_me import AboutMeClient
from services.portal.clients.access import AccessClient
from services.portal.clients.agreements import AgreementsClient
from services.portal.clients.check_ins import CheckInsClient
from services.portal.clients.consents import ConsentsClient
from services.portal.clients.expectations import ExpectationsClient
from services.portal.clients.heard import HeardClient
from services.portal.clients.itineraries import ItinerariesClient
from services.portal.clients.meetings import MeetingsClient
from services.portal.clients.night import NightClient
from services.portal.clients.notifications import NotificationsClient
from services.portal.clients.operations import OperationsClient
from services.portal.clients.partnerships import PartnershipsClient
from services.portal.clients.planning import PlanningClient
from services.portal.clients.praise import PraiseClient
from services.portal.clients.profiles import ProfilesClient
from services.portal.clients.progress import ProgressClient
from services.portal.clients.reviews import ReviewsClient
from services.portal.clients.rights import RightsClient
from services.portal.clients.safeguarding import SafeguardingClient
from services.portal.clients.scheduling import SchedulingClient
from services.portal.clients.school_year import SchoolYearClient
from services.portal.clients.setting_up import SettingUpClient
from services.portal.clients.strategies import StrategiesClient
from services.portal.clients.transport import Transport
from services.portal.clients.voice import VoiceClient
from services.portal.clients.waitlist import WaitlistClient
from services.portal.clients.wellbeing import WellbeingClient
from services.portal.clients.wishes import WishesClient
from services.portal.school_accounts.openid import Door
from services.portal.school_accounts.rules import Provider
from services.portal.sign_in.letters import SignInLetters
from services.portal.subscriptions import SUBSCRIPTIONS


@dataclass(frozen=True, slots=True)
class Place:
    """Where the portal stands: its address, the trust's name, its schools, and the folder of local mail if any.

    `takes_all_at_once`: whether one cell serves every school, so that a roster of the whole trust has one place to go.
    `providers`: whose accounts may be connected to one here, and open it then.
    """

    url: str
    trust: Callable[[], str]
    schools: Callable[[], Sequence[str]]
    mail: Path | None = None
    takes_all_at_once: Callable[[], bool] = lambda: True
    providers: Sequence[Provider] = ()


@dataclass(slots=True)
class Portal:
    """The portal, wired: its own service (accounts, relay, inbox) and the clients of the others."""

    service: Service
    secret: str
    place: Place
    transport: Transport
    profiles: ProfilesClient = field(init=False)
    access: AccessClient = field(init=False)
    about_me: AboutMeClient = field(init=False)
    scheduling: SchedulingClient = field(init=False)
    notifications: NotificationsClient = field(init=False)
    operations: OperationsClient = field(init=False)
    consents: ConsentsClient = field(init=False)
    rights: RightsClient = field(init=False)
    progress: ProgressClient = field(init=False)
    expectations: ExpectationsClient = field(init=False)
    school_year: SchoolYearClient = field(init=False)
    reviews: ReviewsClient = field(init=False)
    itineraries: ItinerariesClient = field(init=False)
    waitlist: WaitlistClient = field(init=False)
    check_ins: CheckInsClient = field(init=False)
    partnerships: PartnershipsClient = field(init=False)
    strategies: StrategiesClient = field(init=False)
    agreements: AgreementsClient = field(init=False)
    praise: PraiseClient = field(init=False)
    heard: HeardClient = field(init=False)
    voice: VoiceClient = field(init=False)
    wellbeing: WellbeingClient = field(init=False)
    safeguarding: SafeguardingClient = field(init=False)
    wishes: WishesClient = field(init=False)
    planning: PlanningClient = field(init=False)
    setting_up: SettingUpClient = field(init=False)
    night: NightClient = field(init=False)
    meetings: MeetingsClient = field(init=False)
    doors: dict[str, Door] = field(init=False)

    def __post_init__(self) -> None:
        self.doors = {provider.name: Door(provider, f"{self.place.url}/sign-in/school/{provider.name}/back",
                                          self.database.clock) for provider in self.place.providers}
        self.profiles = ProfilesClient(self.transport)
        self.access = AccessClient(self.transport)
        self.about_me = AboutMeClient(self.transport)
        self.scheduling = SchedulingClient(self.transport)
        self.notifications = NotificationsClient(self.transport)
        self.operations = OperationsClient(self.transport)
        self.consents = ConsentsClient(self.transport)
        self.rights = RightsClient(self.transport)
        self.progress = ProgressClient(self.transport)
        self.expectations = ExpectationsClient(self.transport)
        self.school_year = SchoolYearClient(self.transport)
        self.reviews = ReviewsClient(self.transport)
        self.itineraries = ItinerariesClient(self.transport)
        self.waitlist = WaitlistClient(self.transport)
        self.check_ins = CheckInsClient(self.transport)
        self.partnerships = PartnershipsClient(self.transport)
        self.strategies = StrategiesClient(self.transport)
        self.agreements = AgreementsClient(self.transport)
        self.wellbeing = WellbeingClient(self.transport)
        self.safeguarding = SafeguardingClient(self.transport)
        self.wishes = WishesClient(self.transport)
        self.planning = PlanningClient(self.transport)
        self.setting_up = SettingUpClient(self.transport)
        self.night = NightClient(self.transport)
        self.meetings = MeetingsClient(self.transport)
        self.praise = PraiseClient(self.transport)
        self.heard = HeardClient(self.transport)
        self.voice = VoiceClient(self.transport)

    @property
    def database(self) -> Database:
        return self.service.database


def portal() -> Portal:
    """The portal of the current app."""
    found: Portal = flask.current_app.extensions["portal"]
    return found


def ask(_uow: UnitOfWork, _caller: Principal, _right: str, _about: str) -> None:
    """The portal keeps no rights: nothing about a child is answered here."""
    raise NotFound()


def build(database_url: str, public_jwk: dict[str, Any], secret: str, clock: Clock, place: Place, sender: MailSender,
          transport: Transport) -> Portal:
    """The portal over its database, ready to be served (app.py) and worked (worker.py)."""
    database = Database(database_url, "portal", clock)
    letters = SignInLetters(database, sender, secret, place.url)
    service = Service("portal", database, TokenReader(public_jwk, clock), (), ask, place.schools, SUBSCRIPTIONS,
                      chores=[letters.pump, partial(settle_doubts, database), partial(join_late, database)])
    return Portal(service, secret, place, transport)
