"""A name for the place somebody signs in at, so that they know it again in their list."""

from __future__ import annotations

import flask

SYSTEMS = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
           ("Macintosh", "Mac"), ("CrOS", "Chromebook"), ("Linux", "Linux"))
BROWSERS = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("SamsungBrowser/", "Samsung Internet"), ("Chrome/", "Chrome"),
            ("Safari/", "Safari"))


def name_of_device() -> str:
    """Such as 'Chrome on Android'; the browser's own long description is not kept."""
    agent = flask.request.user_agent.string
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    browser = next((name for mark, name in BROWSERS if mark in agent), "A browser")
    return f"{browser} on {system}" if system else browser
