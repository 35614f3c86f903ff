"""The cookies beside the session's: of this host alone, closed to scripts, and secure where the shop is on https."""

from datetime import timedelta
from typing import Literal

from flask import Response

from portal.web.here import asked
from portal.web.settings import settings

SameSite = Literal["Lax", "Strict"]


def host_only(name: str, *, https: bool) -> str:
    """Return the name under which a browser takes a cookie from this host and by https alone, where that is spoken."""
    return f"__Host-{name}" if https else name


def cookie_said(name: str) -> str:
    """Return what a cookie of the browser says, "" without it; werkzeug's `get` makes an error of one, and drops it."""
    cookies, kept = asked().cookies, host_only(name, https=settings().https)
    return cookies[kept] if kept in cookies else ""  # noqa: SIM401


def keep_cookie(
    answer: Response, name: str, value: str, *, lasts: timedelta | None, same_site: SameSite = "Lax"
) -> Response:
    """Have the browser keep a cookie; without a time until it is closed."""
    https = settings().https
    answer.set_cookie(
        host_only(name, https=https), value, max_age=lasts, secure=https, httponly=True, samesite=same_site
    )
    return answer


def forget_cookie(answer: Response, name: str, *, same_site: SameSite = "Lax") -> Response:
    """Have the browser forget a cookie."""
    https = settings().https
    answer.delete_cookie(host_only(name, https=https), secure=https, httponly=True, samesite=same_site)
    return answer
