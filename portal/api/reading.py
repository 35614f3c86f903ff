"""How a body and its parameters are read: every broken one is a clear problem, and nothing of it is repeated."""

import hmac
import json
import math
from collections.abc import Iterator, Mapping
from functools import lru_cache
from io import BytesIO
from typing import Any, TypeVar

from flask import Request
from pydantic import BaseModel, ValidationError
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import RequestEntityTooLarge

from portal.api.problems import FieldError, Problem, of_validation
from portal.web.bodies import MOST_BYTES
from portal.web.language import gettext

M = TypeVar("M", bound=BaseModel)
_JSON = "application/json"
_EXACT = 2**53  # below it every integer is a float


def read_json(request: Request) -> Any:
    """Read the body of a request as JSON. Raises `Problem` 400, 413 or 415."""
    if request.environ.get("CONTENT_TYPE") != _JSON and not _is_json(request.mimetype, request.mimetype_params):
        raise Problem(415, code="not-json-media-type")
    raw = _body(request)
    if len(raw) > MOST_BYTES or (len(raw) == MOST_BYTES and request.content_length is None):
        raise RequestEntityTooLarge  # a body without a length is cut off there in silence
    try:
        text = raw.decode("utf-8", "strict")
    except UnicodeDecodeError:
        raise Problem(400, code="not-utf-8", detail=gettext("The body is not UTF-8. Nothing was stored.")) from None
    try:
        told = _decoder().decode(text)
        if "\\u" in text:  # only an escape can hold them: raw, they are no UTF-8 or no JSON
            _refuse_unstorable(told)
    except (ValueError, RecursionError):
        raise Problem(400, code="not-json", detail=gettext("The body is not JSON. Nothing was stored.")) from None
    return told


def _body(request: Request) -> bytes:
    """Return the whole body, whenever it is asked for: a request that came too late is run again."""
    whole = request.environ["wsgi.input"]
    known = type(whole) is BytesIO and "CONTENT_LENGTH" in request.environ
    return whole.getvalue() if known else request.get_data()  # the first as `portal.web.bodies` leaves it


def _is_json(kind: str, more: Mapping[str, str]) -> bool:
    return kind == _JSON and more.get("charset", "utf-8").lower() == "utf-8"


def validated(model: type[M], told: object) -> M:
    """Check a body against its model. Raises `Problem` 422 with the path of everything wrong."""
    try:
        return model.model_validate(told)
    except ValidationError as error:
        raise of_validation(error, code="invalid-body") from None


def read_parameters(model: type[M], given: MultiDict[str, str]) -> M:
    """Check the query of this request; a parameter given twice is refused."""
    doubled = [FieldError(name[:100], "given more than once") for name, values in given.lists() if len(values) > 1]
    if doubled:
        raise Problem(422, code="invalid-parameters", errors=doubled[:20])
    try:
        return model.model_validate_strings(given.to_dict())
    except ValidationError as error:
        raise of_validation(error, code="invalid-parameters") from None


def digest_of(operation: str, told: object, *, secret: str) -> str:
    """Return what tells whether a repeated key came with the same request; the order of names does not matter.

    Keyed, because it is kept for ever and a phone number could be guessed back from a plain hash.
    """
    canonical = json.dumps([operation, told], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hmac.digest(secret.encode(), canonical.encode(), "sha256").hex()


@lru_cache(maxsize=1)
def _decoder() -> json.JSONDecoder:
    return json.JSONDecoder(parse_constant=_refuse_constant, parse_float=_read_number, object_pairs_hook=_unique_names)


def _refuse_constant(_name: str) -> None:
    raise ValueError("NaN and Infinity are not JSON")


def _read_number(number: str) -> float:
    """Read 78294497.0 as the integer it is in JSON Schema; refuse what is infinite as a float."""
    told = float(number)
    if math.isinf(told):
        raise ValueError("a number is too large")
    return int(told) if told.is_integer() and abs(told) < _EXACT else told


def _unique_names(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    told = dict(pairs)
    if len(told) != len(pairs):
        raise ValueError("a name stands twice in an object")
    return told


def _refuse_unstorable(told: object) -> None:
    """Refuse what JSON can escape but no text column holds: NUL and halves of surrogate pairs."""
    for text in _texts(told):
        if "\0" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
            detail = gettext("A text holds characters that are none. Nothing was stored.")
            raise Problem(400, code="not-text", detail=detail)


def _texts(told: object) -> Iterator[str]:
    if isinstance(told, str):
        yield told
    elif isinstance(told, dict):
        yield from told
        for value in told.values():
            yield from _texts(value)
    elif isinstance(told, list):
        for value in told:
            yield from _texts(value)
