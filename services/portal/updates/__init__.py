"""Telling school what has changed at home: one question a page, checked before it goes out, read and answered."""
