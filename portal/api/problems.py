"""Errors of the API as RFC 9457 problem documents. They never repeat what was sent: it may name a member."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import Response, url_for
from pydantic import ValidationError
from pydantic_core import ErrorDetails
from werkzeug.exceptions import HTTPException

from portal.errors import Refused
from portal.web.language import gettext, mark, said
from portal.web.logs import request_id

FORM = "application/problem+json"
OF_STATUS = {
    400: "bad-request",
    404: "not-found",
    405: "method-not-allowed",
    413: "request-entity-too-large",
    500: "internal-server-error",
    503: "service-unavailable",
}
OWN_CODES = {code: status for status, code in OF_STATUS.items()} | {
    "database-away": 503,
    "idempotency-key-needed": 422,
    "invalid-body": 422,
    "invalid-parameters": 422,
    "not-json": 400,
    "not-json-media-type": 415,
    "not-text": 400,
    "not-utf-8": 400,
    "overloaded": 503,
    "too-many-requests": 429,
    "unauthorized": 401,
}
"""What this door itself answers, beside the refusals of stories: as stable as their codes."""
MOST_ERRORS = 20
_LONGEST_PATH = 100

DETAILS = {
    400: mark("The request could not be read. Nothing was stored."),
    401: mark("Give a valid key as `Authorization: Bearer <key>`."),
    403: mark("This key may not do that."),
    404: mark("There is nothing at this address."),
    405: mark("This address does not take that method."),
    409: mark("This contradicts what was told before. Nothing was stored."),
    413: mark("The body is larger than 256 KiB. Nothing was stored."),
    415: mark("Send the body as application/json, in UTF-8."),
    422: mark("Some of what was sent cannot be accepted. Nothing was stored."),
    429: mark("Too many requests with this key. Nothing was stored; come again later."),
    500: mark("Something broke on our side. Nothing was stored; sending the same again is safe."),
    503: mark("The portal is too busy or its database is away. Sending the same again is safe."),
}


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one value; `path` leads to it from the top of the body (`lines.0.qty`) or names it."""

    path: str
    message: str


class Problem(Exception):  # noqa: N818 - an answer, raised to leave the view
    """An expected no of the door itself; `code` is as stable as the codes of refusals."""

    def __init__(
        self,
        status: int,
        *,
        code: str,
        detail: str = "",
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(code)
        self.status, self.code, self.detail, self.errors, self.headers = status, code, detail, errors, headers or {}

    def document(self) -> dict[str, Any]:
        """Return the problem as plain JSON."""
        document: dict[str, Any] = {
            "type": f"{url_for('api.docs')}#{self.code}",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "code": self.code,
            "detail": self.detail or gettext(DETAILS.get(self.status, DETAILS[400])),
            "request_id": request_id(),
        }
        if self.errors:
            document["errors"] = [{"path": error.path, "message": error.message} for error in self.errors]
        return document

    def response(self) -> Response:
        """Return the problem as the answer of this request."""
        body = json.dumps(self.document(), ensure_ascii=False)
        return Response(body, self.status, {"Content-Type": FORM, "Cache-Control": "no-store", **self.headers})


def of_refusal(refusal: Refused) -> Problem:
    """Turn an expected no of a story into a problem, in the language of the caller."""
    headers = {"Retry-After": str(refusal.seconds)} if refusal.seconds else {}
    return Problem(refusal.status, code=refusal.code, detail=said(refusal), headers=headers)


def of_http_error(error: HTTPException) -> Problem:
    """Turn an error of the framework (no such address, body too large …) into a problem."""
    status = HTTPStatus(error.code or 500)
    kept = {name: value for name, value in error.get_headers() if name in {"Allow", "Retry-After"}}
    code = OF_STATUS.get(status) or status.phrase.lower().replace(" ", "-")
    return Problem(status.value, code=code, headers=kept)


def of_validation(error: ValidationError, *, code: str) -> Problem:
    """Turn what a model found into a problem with the path of each error, but without the values."""
    found = _told_once(error.errors(include_url=False, include_context=False, include_input=False))
    errors = [FieldError(".".join(str(part) for part in one["loc"])[:_LONGEST_PATH], one["msg"]) for one in found]
    return Problem(422, code=code, errors=errors[:MOST_ERRORS])


def _told_once(found: Sequence[ErrorDetails]) -> list[ErrorDetails]:
    """Leave out that a list is too short where it is so only because its parts are wrong."""
    around = {one["loc"][:depth] for one in found for depth in range(len(one["loc"]))}
    return [one for one in found if one["type"] != "too_short" or one["loc"] not in around]


def of_database_away() -> Problem:
    """Ask the caller to come again when the database answers."""
    return Problem(503, code="database-away", headers={"Retry-After": "5"})
