"""Whatever goes wrong under the API's prefix is answered as a problem document."""

from collections.abc import Callable

from flask import Blueprint, Flask, Response, request
from werkzeug.exceptions import HTTPException

from portal.api import problems
from portal.api.problems import Problem
from portal.db import DATABASE_AWAY
from portal.errors import Refused


def answer_errors(app: Flask, blueprint: Blueprint) -> None:
    """Answer for the API's routes, and for addresses under its prefix that are none."""
    blueprint.register_error_handler(Problem, Problem.response)
    blueprint.register_error_handler(Refused, lambda refusal: problems.of_refusal(refusal).response())
    blueprint.register_error_handler(HTTPException, lambda error: problems.of_http_error(error).response())
    for away in DATABASE_AWAY:
        blueprint.register_error_handler(away, lambda _: problems.of_database_away().response())
    app.register_error_handler(HTTPException, _outside(app, blueprint.url_prefix or "/"))


def _outside(app: Flask, prefix: str) -> Callable[[HTTPException], Response]:
    pages = app.error_handler_spec[None][None][HTTPException]

    def answer(error: HTTPException) -> Response:
        if request.path.startswith(f"{prefix}/"):
            return problems.of_http_error(error).response()
        return app.make_response(app.ensure_sync(pages)(error))

    return answer
