"""The routes of the API: each is declared once with its models, from which it is checked, guarded and described."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from flask import Blueprint, Request, Response
from pydantic import BaseModel
from werkzeug.exceptions import HTTPException

from portal.api import keys, reading
from portal.api.keys import Caller
from portal.api.problems import Problem
from portal.errors import Refused
from portal.programme.answer_json import answer_text
from portal.programme.command import Answered
from portal.staff.roles import KeyRevoked, Scope
from portal.web import transactions
from portal.web.here import asked

V = TypeVar("V", bound=Callable[..., Any])
Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
Nature = Literal["reads", "commands", "settles", "notes", "notes afterwards", "runs alone"]
"""`commands` write once for each idempotency key, what `settles` does it by one batch, its last act; `notes` write by
one batch at most what may be told again and what a power cut may undo, or only read and do it `afterwards`; what
`runs alone` opens its own transactions."""
_MANNERS: Mapping[Nature, Callable[..., Any]] = {
    "reads": transactions.only_reads,
    "commands": transactions.writes,
    "settles": transactions.settles,
    "notes": transactions.only_notes,
    "notes afterwards": transactions.only_reads,
    "runs alone": transactions.opens_its_own,
}
_HEADERS = [("Content-Type", "application/json"), ("Cache-Control", "no-store")]
_NAMED: frozenset[Nature] = frozenset({"commands", "settles"})
_MAY_BE_NAMED: frozenset[Nature] = frozenset({"notes", "notes afterwards"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method of one address: who may call it, what it takes and what it answers.

    `answers` are the types of the good answers by status. The view is given the `Caller`, and as keyword arguments the
    parts of the path and the `body` and `parameters` it declares. The story of one that `asks_for_key` tells by its
    own statement whether a key that is known from an earlier call still stands.
    """

    view: Callable[..., Any]
    method: Method
    path: str
    summary: str
    scopes: tuple[Scope, ...]
    answers: Mapping[int, Any]
    nature: Nature
    body: type[BaseModel] | None
    parameters: type[BaseModel] | None
    asks_for_key: bool

    @property
    def name(self) -> str:
        """Return the name of the operation, unique in the API."""
        return self.view.__name__


@dataclass(frozen=True, slots=True)
class Api:
    """The operations under one prefix."""

    blueprint: Blueprint
    operations: list[Operation] = field(default_factory=list)

    def operation(
        self,
        method: Method,
        path: str,
        *,
        summary: str,
        scopes: tuple[Scope, ...],
        answers: Mapping[int, Any],
        nature: Nature,
        body: type[BaseModel] | None = None,
        parameters: type[BaseModel] | None = None,
        asks_for_key: bool = False,
    ) -> Callable[[V], V]:
        """Declare the decorated function as an operation of the API."""

        def register(view: V) -> V:
            operation = Operation(
                view=view, method=method, path=path, summary=summary, scopes=scopes, answers=answers, nature=nature,
                body=body, parameters=parameters, asks_for_key=asks_for_key,
            )  # fmt: skip
            self.operations.append(operation)
            route = _MANNERS[nature](_route(operation))
            route.__dict__["guard"] = f"api key: {', '.join(scopes)}"
            self.blueprint.add_url_rule(path, operation.name, route, methods=[method], merge_slashes=False)
            return view

        return register


def _route(operation: Operation) -> Callable[..., Response]:
    def route(**parts: str) -> Response:
        request = asked()
        caller = keys.let_in(request, operation.scopes, known=operation.asks_for_key)
        try:
            return _respond(_told(operation, request, caller, parts))
        except KeyRevoked:
            raise keys.turned_away(request) from None
        except (Problem, Refused, HTTPException):
            keys.check_standing(request, caller)
            raise

    return route


def _told(operation: Operation, request: Request, caller: Caller, parts: Mapping[str, str]) -> Any:
    given: dict[str, Any] = dict(parts)
    if operation.parameters is not None:
        given["parameters"] = reading.read_parameters(operation.parameters, request.args)
    if operation.body is not None:
        given["body"] = reading.validated(operation.body, reading.read_json(request))
    named = operation.nature in _NAMED
    if named or (operation.nature in _MAY_BE_NAMED and keys.NAME in request.environ):
        caller = keys.with_command_key(request, caller)
    note = keys.note_reading if operation.nature == "reads" else keys.note_use
    note(request, caller)
    return operation.view(caller, **given)


def _respond(answered: Any) -> Response:
    """Make the response of an `Answered`, of the body of a plain 200, or of a problem that commits."""
    if isinstance(answered, Problem):
        return answered.response()
    if not isinstance(answered, Answered):
        answered = Answered(answered, status=200, replayed=False)
    response = Response(answer_text(answered.body), answered.status, _HEADERS)
    if answered.replayed:
        response.headers["Idempotent-Replayed"] = "true"
    return response
