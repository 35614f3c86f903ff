"""Receipts: judged, recorded, brought back."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from portal.api.api import api
from portal.api.keys import Caller
from portal.api.told import ReceiptBody
from portal.api.values import Document, Instant
from portal.programme.answers import ReceiptAnswer, RefundAnswer
from portal.programme.command import Answered
from portal.programme.quote_receipt import quote_receipt
from portal.programme.record_receipt import record_receipt
from portal.programme.refund_receipt import refund_receipt
from portal.rulebook.values import Quantity
from portal.web.transactions import session, write_beside

TILLS = ("till", "shop", "admin")


def _read_line_number(given: object) -> object:
    """Names of a JSON object are texts: read "3", refuse "03" and "+3"."""
    if isinstance(given, str) and given.isascii() and given.isdecimal() and str(int(given[:7])) == given:
        return int(given)
    raise ValueError("a line is named by its n")


LineNumber = Annotated[int, BeforeValidator(_read_line_number)]


class RefundBody(Document):
    """Goods brought back at the till's time `at`: how much of each line, by its n."""

    lines: Annotated[dict[LineNumber, Quantity], Field(min_length=1, max_length=1000)]
    at: Instant


@api.operation(
    "POST",
    "/receipts/quote",
    summary="Judge a receipt without recording it",
    scopes=TILLS,
    body=ReceiptBody,
    answers={200: ReceiptAnswer},
    nature="reads",
    asks_for_key=True,
)
def quote(caller: Caller, *, body: ReceiptBody) -> ReceiptAnswer:
    """Answer what recording this receipt would come to, and what could be spent on it."""
    caller.stay_in(body.store)
    return quote_receipt(session(), body.told(), command=caller.command(), beside=write_beside)


@api.operation(
    "POST",
    "/receipts",
    summary="Record a receipt",
    scopes=TILLS,
    body=ReceiptBody,
    answers={201: ReceiptAnswer},
    nature="settles",
    asks_for_key=True,
)
def commit(caller: Caller, *, body: ReceiptBody) -> Answered[ReceiptAnswer]:
    """Judge a receipt and post everything it brings."""
    caller.stay_in(body.store)
    return record_receipt(session(), body.told(), command=caller.command())


@api.operation(
    "POST",
    "/receipts/<receipt_id>/refunds",
    summary="Take goods of a receipt back",
    scopes=TILLS,
    body=RefundBody,
    answers={201: RefundAnswer},
    nature="commands",
)
def refund(caller: Caller, *, receipt_id: str, body: RefundBody) -> Answered[RefundAnswer]:
    """Give money and points back, take earned points back; any order and split comes to the same."""
    caller.stay_with(receipt_id)
    return refund_receipt(session(), receipt_id, lines=body.lines, at=body.at, command=caller.command())
