"""Structured logs: one JSON object a line on standard error, with the request's id and without personal data.

A request is told by its route, never by its path, query, body or address: those may name a member.
"""

import logging
import logging.config
import re
import secrets
import time
import traceback
from functools import lru_cache
from typing import Any

from flask import Flask, Response, has_request_context
from pydantic_core import to_json

from portal.clock import monotonic, now
from portal.web.here import asked, noted

ACCESS = logging.getLogger("portal.access")
CONFIG: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "portal.web.logs.JsonLines"}},
    "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["lines"], "level": "INFO"},
    "loggers": {"alembic": {"level": "WARNING"}},
}
_BLANK = vars(logging.LogRecord(ACCESS.name, logging.INFO, __file__, 0, "request", None, None))
"""What every line of a request has in common: to make a record anew asks for threads, processes and files."""
_ID = re.compile(r"[0-9A-Za-z._-]{8,64}")
_USUAL = {*vars(logging.makeLogRecord({})), "message", "asctime", "taskName"}


class JsonLines(logging.Formatter):
    """A log record as one line of JSON; what the caller gives as `extra` stands beside the message."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": _written(int(record.created)),
            "level": record.levelname.lower(),
            "from": record.name,
            "message": record.getMessage(),
        }
        told: dict[str, Any] = vars(record)
        line |= told.get("request") or {name: value for name, value in told.items() if name not in _USUAL}
        if "request_id" not in line and has_request_context():
            line["request_id"] = request_id()
        if record.exc_info and record.exc_info[1]:
            line["trace"] = _trace(record.exc_info[1])
        return to_json(line, fallback=str).decode()


@lru_cache(maxsize=4)
def _written(second: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S%z", time.localtime(second))


def _trace(error: BaseException) -> str:
    """Return where an error and those behind it came from, without their words: these may quote what somebody typed."""
    parts: list[str] = []
    behind: BaseException | None = error
    while behind:
        parts.insert(0, f"{''.join(traceback.format_tb(behind.__traceback__))}{type(behind).__qualname__}")
        behind = behind.__cause__ or (None if behind.__suppress_context__ else behind.__context__)
    return "\n\n".join(parts)


def set_up() -> None:
    """Send everything that is logged in this process to standard error as JSON lines, which name no thread."""
    logging.config.dictConfig(CONFIG)
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False


def register(app: Flask, *, trusts_proxy: bool) -> None:
    """Give every request an id, answer with it as `X-Request-Id`, and log one line for each.

    An id made by a trusted proxy is kept, so that its log and ours can be laid side by side.
    """

    @app.before_request
    def _start() -> None:
        noted().started = monotonic()
        if trusts_proxy:
            request_id(trusts_proxy=True)

    @app.after_request
    def _tell(response: Response) -> Response:
        made, request, started = request_id(), asked(), noted().get("started")
        response.headers.add("X-Request-Id", made)
        if ACCESS.isEnabledFor(logging.INFO):
            told = logging.LogRecord.__new__(logging.LogRecord)
            told.__dict__ = _BLANK | {"created": now().timestamp()}
            told.__dict__["request"] = {
                "request_id": made,
                "method": request.method,
                "route": request.url_rule.rule if request.url_rule else None,
                "status": response.status_code,
                "ms": round((monotonic() - started) * 1000, 1) if started else None,
            }
            ACCESS.handle(told)  # `info` would look for its caller first
        return response


def request_id(*, trusts_proxy: bool = False) -> str:
    """Return the id of this request, the same at every call."""
    here = noted()
    made: str | None = here.get("request_id")
    if made is None:
        given = asked().headers.get("X-Request-Id", "") if trusts_proxy else ""
        here.request_id = made = given if _ID.fullmatch(given) else secrets.token_hex(8)
    return made
