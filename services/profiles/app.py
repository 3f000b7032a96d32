"""The WSGI app of profiles."""

from __future__ import annotations

from flask import Flask

from chassis.web import Service, make_app


def create_app(service: Service) -> Flask:
    """Who is who, who may do what, and what we understand together about a child."""
    return make_app(service, "Tandem profiles")
