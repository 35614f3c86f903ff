"""Day, night or as the system has it: a cookie of this browser, so that the server draws the right one at once."""

from datetime import timedelta

from flask import Response

from portal.web.cookies import cookie_said, keep_cookie

COOKIE = "theme"
THEMES = ("auto", "light", "dark")
PAPER = {"light": "#fbf9f5", "dark": "#151311"}
"""The ground of a page, as `--paper` draws it, for what the browser paints around it."""
A_YEAR = timedelta(days=365)


def current_theme() -> str:
    chosen = cookie_said(COOKIE)
    return chosen if chosen in THEMES else THEMES[0]


def remember(answer: Response, *, name: str, value: str) -> Response:
    """Keep a choice of looks or language in this browser for a year; it names nobody."""
    return keep_cookie(answer, name, value, lasts=A_YEAR)
