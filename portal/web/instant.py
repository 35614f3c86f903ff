"""The instant of this request: asked once, so that a page, its guard and its story see the same one."""

from datetime import datetime

from flask import Flask, current_app

from portal import clock
from portal.web.here import noted


def keep_time(app: Flask) -> None:
    """Let requests ask the clock; a test puts its own in `app.extensions["clock"]`."""
    app.extensions.setdefault("clock", clock.now)


def now() -> datetime:
    here = noted()
    moment: datetime | None = here.get("now")
    if moment is None:
        moment = here.now = current_app.extensions["clock"]()
    return moment
