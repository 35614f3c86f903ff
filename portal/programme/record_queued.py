"""A sale that waited on a till for the network is recorded under whoever was on shift when it was made."""

from dataclasses import replace

from sqlalchemy.orm import Session

from portal.members.queries import find_person
from portal.programme.answers import ReceiptAnswer
from portal.programme.command import Answered, Command
from portal.programme.record_receipt import record_receipt
from portal.programme.told import ToldReceipt
from portal.receipts.operations import Evidence, Method
from portal.staff.operations import OwnCardSeen, seller_at
from portal.staff.roles import Shift


def record_queued(
    session: Session, told: ToldReceipt, *, shift: Shift, method: Method, command: Command
) -> Answered[ReceiptAnswer]:
    """Record a sale of the queue; `shift` tells of it now. Raises `OwnCardSeen` and what `record_receipt` raises."""
    at = told.receipt.at
    seller = seller_at(session, shift, at=at)
    _refuse_own_card(session, told, own=(seller.own_member_id, shift.own_member_id))
    evidence = Evidence(staff_id=seller.staff_id, device_id=shift.device.id, method=method, card_at=at, queued=True)
    return record_receipt(
        session, told, command=replace(command, operator=f"staff:{seller.staff_id}", evidence=evidence)
    )


def _refuse_own_card(session: Session, told: ToldReceipt, *, own: tuple[str | None, ...]) -> None:
    """Refuse a sale to the card of whoever sold it or tells of it."""
    if told.member is None or not any(own):
        return
    buyer = find_person(session, told.member)
    if buyer and buyer.id in own:
        raise OwnCardSeen
