"""An app served on loopback, for browsers."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug.serving import make_server


@contextmanager
def served(app: WSGIApplication) -> Iterator[str]:
    """Serve an app for as long as the block runs, and give its address."""
    server = make_server("127.0.0.1", 0, _whole(app), threaded=True)
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    serving.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        serving.join()
        server.server_close()


def _whole(app: WSGIApplication) -> WSGIApplication:
    """Read every answer whole and close it: the server forgets to where a browser is killed in the middle of one."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        given: Any = app(environ, start_response)
        try:
            return list(given)
        finally:
            if hasattr(given, "close"):
                given.close()

    return answer
