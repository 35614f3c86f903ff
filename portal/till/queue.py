"""Purchases that waited on the till for the network: told in one call, each recorded or refused by itself.

They earn, they never spend, and a late code is judged by its own time (pwa.md §2, §3). The pages of the queue stand on
the device alone and name nobody.
"""

import logging
from dataclasses import dataclass
from typing import Any, Literal

from flask import Response, abort, request
from pydantic import ValidationError
from sqlalchemy.orm import Session

from portal.db import run
from portal.errors import Refused
from portal.members.queries import find_person
from portal.programme.command import Command, IdempotencyConflict
from portal.programme.record_receipt import record_receipt
from portal.programme.rulebooks import rulebook_in_force
from portal.receipts.operations import Evidence
from portal.staff.operations import OwnCardSeen, follow_queue, note_refused, seller_at
from portal.staff.roles import Shift
from portal.till.device import current_shift, staff
from portal.till.queued import QueuedBatch, QueuedItem, QueuedSale, read_queued
from portal.till.record import SaleRecorded
from portal.till.till_page import till_blueprint
from portal.web.guards import public
from portal.web.instant import now
from portal.web.language import current_language, said
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
    batch, shift = _told_batch(), current_shift()
    links = [item.link() for item in batch.items]
    run(
        engine(),
        lambda session: follow_queue(session, shift, chain=batch.chain, links=links, now=now()),
        writes=True,
    )
    results = [_result(item, shift) for item in batch.items]
    return {
        "now": int(now().timestamp() * 1000),
        "results": [{"number": each.number, "state": each.state, "text": each.text} for each in results],
    }


def _told_batch() -> QueuedBatch:
    try:
        return QueuedBatch.model_validate_json(request.get_data())
    except ValidationError:
        abort(400)


def _result(item: QueuedItem, shift: Shift) -> Result:
    try:
        sale = read_queued(item)
        run(engine(), lambda session: _record(session, sale, shift), writes=True)
    except Refused as refusal:
        _note(item, shift, refusal)
        shown = SaleRecorded() if isinstance(refusal, IdempotencyConflict) else refusal
        return Result(number=item.number, state="refused", text=said(shown))
    except Exception:  # noqa: BLE001 - a row that breaks must not hold up those behind it
        _log.exception("a queued purchase could not be recorded; the till keeps it")
        return Result(number=item.number, state="later")
    return Result(number=item.number, state="recorded")


def _record(session: Session, sale: QueuedSale, shift: Shift) -> None:
    device, at = shift.device, sale.at
    told = sale.receipt(rulebook_in_force(session, at=now()), device=device)
    seller = seller_at(session, shift, at=at)
    _refuse_own_card(session, sale, own={seller.own_member_id, shift.own_member_id} - {None})
    command = Command(
        client=f"till:{device.id}",
        key=sale.key,
        now=now(),
        language=current_language(),
        operator=f"staff:{seller.staff_id}",
        evidence=Evidence(staff_id=seller.staff_id, device_id=device.id, method=sale.method, card_at=at, queued=True),
    )
    record_receipt(session, told, command=command)


def _refuse_own_card(session: Session, sale: QueuedSale, *, own: set[str | None]) -> None:
    """Refuse a sale to the card of whoever sold it or tells of it. Raises `OwnCardSeen`."""
    if not own:
        return
    buyer = find_person(session, sale.buyer())
    if buyer and buyer.id in own:
        raise OwnCardSeen


def _note(item: QueuedItem, shift: Shift, refusal: Refused) -> None:
    run(
        engine(),
        lambda session: note_refused(session, shift, row=item.hash, code=refusal.code, now=now()),
        writes=True,
    )
