"""Whatever goes wrong under the API's prefix is answered as a problem document."""

from flask import Blueprint, Flask, Response, request
from werkzeug.exceptions import HTTPException

from portal.api import problems
from portal.api.problems import Problem
from portal.db import DATABASE_AWAY
from portal.errors import Refused
from portal.web.errors import answer_first


def answer_in(blueprint: Blueprint) -> None:
    """Answer for the API's routes."""
    blueprint.register_error_handler(Problem, Problem.response)
    blueprint.register_error_handler(Refused, lambda refusal: problems.of_refusal(refusal).response())
    blueprint.register_error_handler(HTTPException, lambda error: problems.of_http_error(error).response())
    for away in DATABASE_AWAY:
        blueprint.register_error_handler(away, lambda _: problems.of_database_away().response())


def answer_under(prefix: str, app: Flask) -> None:
    """Answer for addresses under the prefix that are no routes."""

    def answer(error: HTTPException) -> Response | None:
        return problems.of_http_error(error).response() if request.path.startswith(f"{prefix}/") else None

    answer_first(app, answer)
