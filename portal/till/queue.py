"""Purchases that waited on the till for the network: told in one call, each recorded or refused by itself.

They earn, they never spend, and a late code is judged by its own time (pwa.md §2, §3). The pages of the queue stand on
the device alone and name nobody.
"""

import logging
from dataclasses import dataclass
from typing import Any, Literal

from flask import Response, abort, request
from pydantic import ValidationError

from portal.catalogue.queries import goods_of
from portal.db import run
from portal.errors import Refused
from portal.programme.command import IdempotencyConflict
from portal.programme.record_queued import record_queued
from portal.programme.refused_rows import RefusedRow, keep_refusal, refused_before
from portal.rulebook.document import Rulebook
from portal.staff.operations import follow_queue
from portal.staff.roles import Shift
from portal.till.device import current_shift, staff, till_command
from portal.till.queued import QueuedBatch, QueuedItem, read_queued
from portal.till.quote import rulebook_at_till
from portal.till.record import SaleRecorded
from portal.till.till_page import till_blueprint
from portal.web.guards import public
from portal.web.instant import now
from portal.web.language import said
from portal.web.render import page
from portal.web.transactions import engine, only_reads, opens_its_own

blueprint = till_blueprint("queue")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of a row: `later` is no answer yet, and the till keeps it."""

    number: int
    state: Literal["recorded", "refused", "later"]
    text: str = ""


@blueprint.get("/till/queue")
@public
@opens_its_own
def shown() -> Response:
    """Show what waits on this device; the rows are opened there and stand in no page of ours."""
    return page("till/queue.html")


@blueprint.post("/till/queue")
@staff
@only_reads
def told() -> dict[str, Any]:
    """Record each row in its own transaction; one that is refused, or that breaks, stops no other."""
    batch, shift, rulebook = _told_batch(), current_shift(), rulebook_at_till()
    links = [item.link() for item in batch.items]
    run(
        engine(),
        lambda session: follow_queue(session, shift, chain=batch.chain, links=links, now=now()),
        writes=True,
    )
    results = [_result(item, shift, rulebook) for item in batch.items]
    return {
        "now": int(now().timestamp() * 1000),
        "results": [{"number": each.number, "state": each.state, "text": each.text} for each in results],
    }


def _told_batch() -> QueuedBatch:
    try:
        return QueuedBatch.model_validate_json(request.get_data())
    except ValidationError:
        abort(400)


def _result(item: QueuedItem, shift: Shift, rulebook: Rulebook) -> Result:
    try:
        if (reason := _refused_before(item)) is not None:
            return Result(number=item.number, state="refused", text=reason)
        _record(item, shift, rulebook)
    except Refused as refusal:
        shown = SaleRecorded() if isinstance(refusal, IdempotencyConflict) else refusal
        _note(item, shift, refusal, reason=said(shown))
        return Result(number=item.number, state="refused", text=said(shown))
    except Exception:  # noqa: BLE001 - a row that breaks must not hold up those behind it
        _log.exception("a queued purchase could not be recorded; the till keeps it")
        return Result(number=item.number, state="later")
    return Result(number=item.number, state="recorded")


def _record(item: QueuedItem, shift: Shift, rulebook: Rulebook) -> None:
    sale = read_queued(item)
    names = {line.sku for line in sale.lines if line.sku}
    known = run(engine(), lambda session: goods_of(session, names), writes=False) if names else {}
    told, command = sale.receipt(rulebook, known, device=shift.device), till_command(sale.key)
    run(
        engine(),
        lambda session: record_queued(session, told, shift=shift, method=sale.method, command=command),
        writes=True,
    )


def _refused_before(item: QueuedItem) -> str | None:
    command = till_command(item.key)
    return run(engine(), lambda session: refused_before(session, command=command), writes=False)


def _note(item: QueuedItem, shift: Shift, refusal: Refused, *, reason: str) -> None:
    row = RefusedRow(hash=item.hash, code=refusal.code, reason=reason, status=refusal.status)
    command = till_command(item.key)
    run(engine(), lambda session: keep_refusal(session, row, shift=shift, command=command), writes=True)
