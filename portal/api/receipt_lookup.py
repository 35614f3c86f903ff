"""Receipts that stand, looked up by till or shop."""

from portal.api.api import api
from portal.api.keys import Caller
from portal.api.values import Document, Label, Place
from portal.programme.look_up_receipt import ReceiptRecord, look_up_receipt, look_up_receipt_number
from portal.web.transactions import session

SCOPES = ("till", "shop", "crm", "admin")


class ReceiptNumber(Document):
    """Where a receipt was given out, and its number there."""

    store: Place
    number: Label


@api.operation(
    "GET",
    "/receipts/<receipt_id>",
    summary="Look up a receipt",
    scopes=SCOPES,
    answers={200: ReceiptRecord},
    nature="reads",
)
def receipt(caller: Caller, *, receipt_id: str) -> ReceiptRecord:
    """Return what was told and answered, and the refunds since."""
    found = look_up_receipt(session(), receipt_id)
    caller.stay_in(found.store)
    return found


@api.operation(
    "GET",
    "/receipts",
    summary="Look up a receipt by its number",
    scopes=SCOPES,
    parameters=ReceiptNumber,
    answers={200: ReceiptRecord},
    nature="reads",
)
def receipt_by_number(caller: Caller, *, parameters: ReceiptNumber) -> ReceiptRecord:
    """Return the receipt of a number of a store."""
    caller.stay_in(parameters.store)
    return look_up_receipt_number(session(), store=parameters.store, number=parameters.number)
