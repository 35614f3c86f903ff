"""The overload gate: a bounded number of requests in a process, the rest is told at once to come again.

Without it waiting requests pile up: at four times the capacity the slowest hundredth went from 40 ms to 4.8 s in a
trial, with it to 179 ms (security.md §1.8). Health is never turned away; reads and the till have places that nobody
else may take.
"""

import json
import threading
from collections.abc import Callable, Iterable
from queue import SimpleQueue
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from portal.web.headers import HEADERS

HEALTH = ("/healthz", "/readyz", "/metrics")
TILL = ("/till/", "/api/v1/receipts", "/api/v1/holds", "/api/v1/members/identify")
TEXT = "Too busy. Please try again in a moment."
PROBLEM = {"type": "about:blank", "title": "Service Unavailable", "status": 503, "code": "overloaded", "detail": TEXT}
AWAY = {"Retry-After": "1", "Cache-Control": "no-store"}
PLACES = 24
RESERVED = 12  # of the places: for reads and the till


class Gate:
    """WSGI middleware: `slots` requests are worked on, others wait in `places`; whoever finds none gets 503."""

    def __init__(
        self,
        app: WSGIApplication,
        *,
        slots: int,
        count_away: Callable[[], None],
        away_page: Callable[[WSGIEnvironment], bytes],
        places: int = PLACES,
        reserved: int = RESERVED,
    ) -> None:
        self._app = app
        self._count_away = count_away
        self._away_page = away_page
        self._slots: SimpleQueue[None] = SimpleQueue()  # of free slots: unlike a semaphore it waits outside Python
        for _ in range(slots):
            self._slots.put(None)
        self._count = threading.Lock()
        self._inside = 0
        self._places = places
        self._open_places = places - reserved

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path in HEALTH:
            return self._app(environ, start_response)
        if not self._enter(self._places if _reserved(environ["REQUEST_METHOD"], path) else self._open_places):
            self._count_away()
            return self._turn_away(environ, start_response)
        self._slots.get()
        try:
            return self._app(environ, start_response)
        finally:
            self._slots.put(None)
            with self._count:
                self._inside -= 1

    def _enter(self, places: int) -> bool:
        with self._count:
            if self._inside >= places:
                return False
            self._inside += 1
            return True

    def _turn_away(self, environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        """Say it as the caller reads it: a page to a browser, a problem document to the API, a line to anybody else."""
        path, headers = environ.get("PATH_INFO", ""), AWAY
        if path.startswith("/api/"):
            form, body = "application/problem+json", json.dumps(PROBLEM).encode()
        elif "text/html" in environ.get("HTTP_ACCEPT", ""):
            form, body, headers = "text/html; charset=utf-8", self._away_page(environ), {**AWAY, **HEADERS}
        else:
            form, body = "text/plain; charset=utf-8", TEXT.encode()
        start_response("503 Service Unavailable", [("Content-Type", form), *headers.items()])
        return [body]


def _reserved(method: str, path: str) -> bool:
    return method in {"GET", "HEAD"} or path.startswith(TILL)
