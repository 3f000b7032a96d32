"""The WSGI app of notifications."""

from __future__ import annotations

from flask import Flask

from chassis.web import Service, make_app


def create_app(service: Service) -> Flask:
    return make_app(service, "Tandem notifications")
