"""Which providers of school accounts are trusted, and whom a checked answer of theirs is about."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

WHO = ("guardian", "staff", "pupil")
KINDS = ("openid", "entra", "google")
NAME = re.compile(r"[a-z][a-z0-9-]{0,19}")
TENANT = re.compile(r"/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/v2\.0$")
PRIVATE_ACCOUNTS = "9188040d-6c67-4c5b-b112-36a304b66dad"  # Entra's tenant of everybody's own Microsoft accounts
LOOPBACK = ("127.0.0.1", "localhost", "::1")
NEEDED = ("issuer", "client_id", "client_secret", "label")
ALLOWED = frozenset({*NEEDED, "who", "kind", "domains"})
MOST_SUBJECT, MOST_SHOWN = 255, 100


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider that trust IT has named, who may come in by it, and which of its accounts are the school's."""

    name: str
    label: str
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    who: frozenset[str]
    kind: str = "openid"
    domains: frozenset[str] = frozenset()

    @property
    def tenant(self) -> str:
        """The directory that an Entra issuer is about."""
        found = TENANT.search(self.issuer)
        return found.group(1) if found else ""

    @property
    def scope(self) -> tuple[str, str]:
        """As little as will do: Entra tells `oid` only with the profile."""
        return ("openid", "profile") if self.kind == "entra" else ("openid", "email")


def read_providers(told: Mapping[str, Any]) -> tuple[Provider, ...]:
    """The providers of the setting; ValueError says in words what is wrong, and never what is secret."""
    return tuple(_provider(name, said) for name, said in told.items())


def _provider(name: str, said: Any) -> Provider:
    if not NAME.fullmatch(name):
        raise ValueError("a provider's name is small letters, digits and dashes, at most 20")
    if not isinstance(said, Mapping) or set(said) - ALLOWED:
        raise ValueError(f"{name}: these can be said: {', '.join(sorted(ALLOWED))}")
    missing = [key for key in NEEDED if not isinstance(said.get(key), str) or not said[key].strip()]
    if missing:
        raise ValueError(f"{name}: {', '.join(missing)} must be said")
    who, domains = said.get("who"), said.get("domains", [])
    if not isinstance(who, list) or not who or set(who) - set(WHO):
        raise ValueError(f"{name}: who is a list of {', '.join(WHO)}")
    if not isinstance(domains, list) or not all(isinstance(domain, str) and domain for domain in domains):
        raise ValueError(f"{name}: domains is a list of words")
    found = Provider(name, said["label"].strip(), said["issuer"], said["client_id"], said["client_secret"],
                     frozenset(who), said.get("kind", "openid"), frozenset(domain.lower() for domain in domains))
    _check(found)
    return found


def _check(provider: Provider) -> None:
    if provider.kind not in KINDS:
        raise ValueError(f"{provider.name}: kind is one of {', '.join(KINDS)}")
    if not is_safe_address(provider.issuer, provider.issuer):
        raise ValueError(f"{provider.name}: the issuer is an https address")
    if not (provider.client_id + provider.client_secret).isascii():
        raise ValueError(f"{provider.name}: the client's id and secret are plain letters")
    if provider.kind == "entra" and provider.tenant in ("", PRIVATE_ACCOUNTS):
        raise ValueError(f"{provider.name}: the issuer names your own tenant by its id: "
                         "https://login.microsoftonline.com/<tenant id>/v2.0")
    if (provider.kind == "google") != bool(provider.domains):
        raise ValueError(f"{provider.name}: domains are said for google, and only there")


def is_safe_address(address: object, issuer: str) -> bool:
    """Whether secrets may go there: by https, or to this machine itself when the issuer is here too."""
    if not isinstance(address, str) or not address.isascii() or re.search(r"\s", address):
        return False
    try:
        parts, home = urlsplit(address), urlsplit(issuer)
    except ValueError:
        return False
    if parts.scheme == "https":
        return bool(parts.hostname) and not parts.fragment
    return parts.scheme == "http" and parts.hostname in LOOPBACK and home.hostname in LOOPBACK


def subject_of(provider: Provider, claims: Mapping[str, Any]) -> str | None:
    """The part of an answer that stays the same for one person for ever; None when the account is not the school's.

    Never an e-mail address: those change hands.
    """
    subject: Any = claims.get("sub")
    if provider.kind == "entra":
        if claims.get("tid") != provider.tenant:
            return None
        subject = claims.get("oid")
    elif provider.kind == "google" and str(claims.get("hd", "")).lower() not in provider.domains:
        return None
    return subject if isinstance(subject, str) and 0 < len(subject) <= MOST_SUBJECT else None


def shown_as(claims: Mapping[str, Any]) -> str:
    """How the provider names the account: shown once to whoever connects it, and kept nowhere."""
    found = claims.get("email") or claims.get("preferred_username") or ""
    return found if isinstance(found, str) and len(found) <= MOST_SHOWN else ""


def proof_of(secret: str, purpose: str, state: str) -> str:
    """What belongs to one journey to the provider and back. Made from its state and the secret, so that neither
    the address bar nor the cookie holds it."""
    return hmac.new(secret.encode(), f"school-account-{purpose}:{state}".encode(), hashlib.sha256).hexdigest()
