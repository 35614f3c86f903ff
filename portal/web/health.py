"""For whoever watches over the processes: is this one alive, and can it serve?"""

import logging
from collections.abc import Callable

from flask import Flask, Response, jsonify

from portal.web.guards import public
from portal.web.transactions import opens_its_own

LOG = logging.getLogger(__name__)


def register(app: Flask, *, is_ready: Callable[[], bool]) -> None:
    """Serve `/healthz` (the process answers) and `/readyz` (the database is there and at the newest migration)."""

    @app.get("/healthz")
    @public
    @opens_its_own
    def healthz() -> Response:
        return jsonify(status="alive")

    @app.get("/readyz")
    @public
    @opens_its_own
    def readyz() -> tuple[Response, int]:
        try:
            ready = is_ready()
        except Exception:  # whatever it is, the answer is that we are not ready
            LOG.exception("not ready")
            ready = False
        return (jsonify(status="ready"), 200) if ready else (jsonify(status="not ready"), 503)
