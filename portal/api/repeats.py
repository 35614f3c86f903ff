"""Commands whose story keeps no answer by itself: done once, and answered the same when told again."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import current_app
from pydantic import BaseModel

from portal.api.keys import Caller
from portal.api.reading import digest_of
from portal.db import Batch, Stale
from portal.errors import Refused
from portal.programme.answer_json import answer_json, read_answer
from portal.programme.command import Answered, IdempotencyConflict
from portal.receipts import operations
from portal.receipts.queries.told import Remembered, find_remembered
from portal.web.transactions import session

T = TypeVar("T")


def once(
    caller: Caller, command: Callable[[], Answered[T]], kind: type[T], *, name: str, body: BaseModel | None
) -> Answered[T]:
    """Run a command and remember its answer in the same transaction, or answer again what was remembered.

    `name` says what is commanded, with the ids of the path in it. Of two that come at once the second breaks the
    primary key, or finds done what it commands: it is run again and finds the answer of the first. The answer is kept
    for ever: it names no person.
    Raises `IdempotencyConflict` when the key came with another command before.
    """
    told = body.model_dump(mode="json") if body else None
    digest = digest_of(name, told, secret=current_app.config["SECRET_KEY"])
    known = _known(caller)
    if known is None:
        answered = _first(caller, command)
        _remember(caller, answered, name=name, digest=digest)
        return answered
    if known.digest != digest:
        raise IdempotencyConflict
    return Answered(read_answer(kind, known.answer), known.status, replayed=True)


def told_once(
    caller: Caller, story: Callable[[], T], kind: type[T], *, name: str, body: BaseModel | None, status: int = 200
) -> Answered[T]:
    """Run a story whose result is the answer, once. Raises what `once` raises."""
    return once(caller, lambda: Answered(story(), status, replayed=False), kind, name=name, body=body)


def _known(caller: Caller) -> Remembered | None:
    return find_remembered(session(), client=caller.client, key=caller.command_key)


def _first(caller: Caller, command: Callable[[], Answered[T]]) -> Answered[T]:
    """Run the command; a refusal because its twin was done meanwhile is no refusal, but a reason to look again."""
    try:
        return command()
    except Refused:
        if _known(caller) is None:
            raise
        raise Stale from None


def _remember(caller: Caller, answered: Answered[Any], *, name: str, digest: str) -> None:
    batch = Batch()
    operations.remember(
        batch,
        client=caller.client,
        key=caller.command_key,
        operation=name.partition(" ")[0],
        digest=digest,
        status=answered.status,
        answer=answer_json(answered.body),
        now=caller.now,
    )
    batch.flush(session())
