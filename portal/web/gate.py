"""The overload gate: a bounded number of requests in a process, the rest is told at once to come again.

Without it waiting requests pile up: at four times the capacity the slowest hundredth went from 40 ms to 4.8 s in a
trial, with it to 179 ms (security.md §1.8). Health is never turned away; reads and the till have places that nobody
else may take.

Of those inside one is worked on at a time, for two would only hand Python's lock to and fro; a slow one is not waited
for (docs/decisions/0003).
"""

import json
import logging
import secrets
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from portal.clock import monotonic
from portal.config import MOST_AT_ONCE
from portal.web.headers import HEADERS

HEALTH = ("/healthz", "/readyz", "/metrics")
TILL = ("/till/", "/api/v1/receipts", "/api/v1/holds", "/api/v1/members/identify")
CODE = "overloaded"
PROBLEM = {"type": f"/api/v1/docs#{CODE}", "title": "Service Unavailable", "status": 503, "code": CODE}
AWAY = {"Retry-After": "1", "Cache-Control": "no-store", **HEADERS}
PLACES = 24
RESERVED = 12  # of the places: for reads and the till
PATIENCE_SECONDS = 0.025  # a purchase on a busy machine takes less
_log = logging.getLogger("portal.gate")


@dataclass(frozen=True, slots=True)
class Away:
    """How somebody is told to come again: by a page in a browser, else by a sentence."""

    page: bytes
    words: str


class Gate:
    """WSGI middleware: one request is worked on, others wait in `places`; whoever finds none gets 503.

    When nobody could begin for `patience` seconds there is one turn more, up to `at_once`; whoever took that long takes
    one away again.
    """

    def __init__(
        self,
        app: WSGIApplication,
        *,
        count_away: Callable[[], None],
        away: Callable[[WSGIEnvironment], Away],
        places: int = PLACES,
        reserved: int = RESERVED,
        at_once: int = MOST_AT_ONCE,
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        self._app = app
        self._count_away = count_away
        self._away = away
        self._turns: SimpleQueue[None] = SimpleQueue()  # of the free turns: unlike a semaphore it waits outside Python
        self._turns.put(None)
        self._count = threading.Lock()
        self._inside = 0
        self._places = places
        self._open_places = places - reserved
        self._more = 0  # turns than one
        self._most_more = at_once - 1
        self._began = 0.0  # when the last one did
        self._patience = patience

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path in HEALTH:
            return self._app(environ, start_response)
        if not self._enter(self._places if _reserved(environ["REQUEST_METHOD"], path) else self._open_places):
            return self.turn_away(environ, start_response)
        began = self._begin()
        try:
            return self._app(environ, start_response)
        finally:
            self._leave(slow=monotonic() - began >= self._patience)

    def _begin(self) -> float:
        """Wait for a turn, or for a reason to have one more; return when it came."""
        while True:
            try:
                self._turns.get(timeout=self._patience)
            except Empty:
                if not self._one_more():
                    continue
            self._began = began = monotonic()
            return began

    def _one_more(self) -> bool:
        with self._count:
            now = monotonic()
            if now - self._began < self._patience or self._more == self._most_more:
                return False
            self._more += 1
            self._began = now
            return True

    def _leave(self, *, slow: bool) -> None:
        with self._count:
            self._inside -= 1
            if slow and self._more:
                self._more -= 1
                return
        self._turns.put(None)

    def _enter(self, places: int) -> bool:
        with self._count:
            if self._inside >= places:
                return False
            self._inside += 1
            return True

    def turn_away(self, environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        """Say it as the caller reads it: a page to a browser, a problem document to the API, a line to anybody else."""
        self._count_away()
        told, made = self._away(environ), secrets.token_hex(8)
        if environ.get("PATH_INFO", "").startswith("/api/"):
            problem = PROBLEM | {"detail": told.words, "request_id": made}
            form, body = "application/problem+json", json.dumps(problem, ensure_ascii=False).encode()
        elif "text/html" in environ.get("HTTP_ACCEPT", ""):
            form, body = "text/html; charset=utf-8", told.page
        else:
            form, body = "text/plain; charset=utf-8", told.words.encode()
        _log.warning("turned away", extra={"request_id": made})
        start_response("503 Service Unavailable", [("Content-Type", form), ("X-Request-Id", made), *AWAY.items()])
        return [body]


def _reserved(method: str, path: str) -> bool:
    return method in {"GET", "HEAD"} or path.startswith(TILL)
