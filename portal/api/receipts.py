"""Receipts: judged, recorded, brought back, looked up."""

from typing import Annotated

from pydantic import Field

from portal.api.api import api
from portal.api.keys import Caller
from portal.api.told import ReceiptBody
from portal.api.values import Document, Instant
from portal.programme.answers import ReceiptAnswer
from portal.programme.command import Answered
from portal.programme.quote_receipt import quote_receipt
from portal.programme.record_receipt import record_receipt
from portal.rulebook.values import Quantity
from portal.web.transactions import session

TILLS = ("till", "shop", "admin")


class RefundBody(Document):
    """Goods brought back: how much of each line, by its n."""

    lines: Annotated[dict[int, Quantity], Field(min_length=1, max_length=1000)]
    at: Instant


@api.operation(
    "POST", "/receipts/quote", summary="Judge a receipt without recording it", scopes=TILLS, body=ReceiptBody,
    answers={200: ReceiptAnswer}, nature="reads",
)  # fmt: skip
def quote(caller: Caller, *, body: ReceiptBody) -> ReceiptAnswer:
    """Answer what recording this receipt would come to, and what could be spent on it."""
    caller.stay_in(body.store)
    return quote_receipt(session(), body.told(), command=caller.command())


@api.operation(
    "POST", "/receipts", summary="Record a receipt", scopes=TILLS, body=ReceiptBody, answers={201: ReceiptAnswer},
    nature="commands",
)  # fmt: skip
def commit(caller: Caller, *, body: ReceiptBody) -> Answered[ReceiptAnswer]:
    """Judge a receipt and post everything it brings."""
    caller.stay_in(body.store)
    return record_receipt(session(), body.told(), command=caller.command())
