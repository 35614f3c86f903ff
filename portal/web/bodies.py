"""Bodies of requests: read before the request takes a turn of the gate, and never more than is allowed.

A sender who dribbles then holds a thread and not the turn that everybody waits for, and a few of them do not hold every
thread. A body of unknown length gets one, so that it is neither taken for an empty one nor read without end.
"""

import threading
from collections.abc import Iterable
from io import BytesIO
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

MOST_BYTES = 256 * 1024
MOST_SENDERS = 12  # of the threads of a process, half: a body is mostly there when its head is


class BodyFirst:
    """WSGI middleware: the application gets the whole body at once; a longer one is left to be refused with 413.

    Whoever comes while `MOST_SENDERS` bodies are on their way is turned away.
    """

    def __init__(self, app: WSGIApplication, *, turn_away: WSGIApplication) -> None:
        self._app = app
        self._turn_away = turn_away
        self._senders = threading.Semaphore(MOST_SENDERS)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        length = environ.get("CONTENT_LENGTH", "")
        chunked = environ.pop("HTTP_TRANSFER_ENCODING", "").lower() == "chunked"
        if chunked or (length.isdecimal() and 0 < int(length) <= MOST_BYTES):
            if not self._senders.acquire(blocking=False):
                return self._turn_away(environ, start_response)
            try:
                body = _read(environ, MOST_BYTES + 1 if chunked else int(length))
            finally:
                self._senders.release()
            environ["wsgi.input"] = BytesIO(body)
            if chunked:
                environ["CONTENT_LENGTH"] = str(len(body))
        return self._app(environ, start_response)


def _read(environ: WSGIEnvironment, most: int) -> bytes:
    body = bytearray()
    while len(body) < most and (part := environ["wsgi.input"].read(most - len(body))):
        body += part
    return bytes(body)
