"""Day, night or as the system has it: a cookie of this browser, so that the server draws the right one at once."""

from flask import Response, request

from portal.web.here import cookie_said

COOKIE = "theme"
THEMES = ("auto", "light", "dark")
PAPER = {"light": "#fbf9f5", "dark": "#151311"}
"""The ground of a page, as `--paper` draws it, for what the browser paints around it."""
A_YEAR = 31_536_000


def current_theme() -> str:
    chosen = cookie_said(COOKIE)
    return chosen if chosen in THEMES else THEMES[0]


def remember(answer: Response, *, name: str, value: str) -> Response:
    """Keep a choice of looks or language in this browser for a year; it names nobody."""
    answer.set_cookie(name, value, max_age=A_YEAR, secure=request.is_secure, httponly=True, samesite="Lax")
    return answer
