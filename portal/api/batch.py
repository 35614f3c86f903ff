"""Receipts of a till that was offline: each recorded or refused by itself, each under its own key."""

from dataclasses import dataclass, replace
from typing import Annotated, Any

from pydantic import Field, Strict, StringConstraints, WithJsonSchema

from portal.api import problems
from portal.api.api import api
from portal.api.keys import Caller
from portal.api.problems import Problem
from portal.api.reading import validated
from portal.api.told import ReceiptBody
from portal.api.values import Document
from portal.db import run
from portal.errors import Refused
from portal.programme.answers import ReceiptAnswer
from portal.programme.command import Answered
from portal.programme.record_receipt import record_receipt
from portal.web.transactions import engine

MOST = 500
CommandKey = Annotated[str, Strict(), StringConstraints(pattern=r"^[ -~]{1,200}$")]
Told = Annotated[dict[str, Any], WithJsonSchema({"type": "object", "description": "a ReceiptBody"})]


class NoPointsOffline(Refused):
    code = "no-points-offline"
    text = "Points cannot be spent by a till that is offline."


class BatchItem(Document):
    """One receipt and the idempotency key it would be recorded with alone; points cannot be spent offline."""

    key: CommandKey
    receipt: Told


class BatchBody(Document):
    """Receipts in the order they happened, within the size of any body."""

    items: Annotated[tuple[BatchItem, ...], Field(min_length=1, max_length=MOST)]


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchResult:
    """What became of one item: the status and answer, or problem, it would have got alone."""

    key: str
    status: int
    replayed: bool = False
    receipt: ReceiptAnswer | None = None
    problem: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchAnswer:
    """One result for each item, in their order."""

    results: tuple[BatchResult, ...]


@api.operation(
    "POST",
    "/receipts/batch",
    summary="Record receipts of an offline till",
    scopes=("till", "shop", "admin"),
    body=BatchBody,
    answers={200: BatchAnswer},
    nature="runs alone",
)
def batch(caller: Caller, *, body: BatchBody) -> BatchAnswer:
    """Record up to 500 receipts, each in its own transaction; one that is refused stops no other."""
    return BatchAnswer(results=tuple(_result(caller, item) for item in body.items))


def _result(caller: Caller, item: BatchItem) -> BatchResult:
    try:
        answered = _record(replace(caller, command_key=item.key), validated(ReceiptBody, item.receipt))
    except Refused as refusal:
        problem = problems.of_refusal(refusal)
    except Problem as told:
        problem = told
    else:
        return BatchResult(key=item.key, status=answered.status, replayed=answered.replayed, receipt=answered.body)
    return BatchResult(key=item.key, status=problem.status, problem=problem.document())


def _record(caller: Caller, body: ReceiptBody) -> Answered[ReceiptAnswer]:
    caller.stay_in(body.store)
    if body.points_requested or body.hold:
        raise NoPointsOffline
    told, command = body.told(), caller.command()
    return run(engine(), lambda session: record_receipt(session, told, command=command), writes=True)
