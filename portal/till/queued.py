"""A purchase that waited on a till for the network, as the device tells it afterwards."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from portal.catalogue.goods import Goods
from portal.errors import Refused
from portal.ids import is_id, made_at
from portal.members.lookup import Lookup, by_code, by_id
from portal.money import rounded
from portal.programme.told import ToldReceipt
from portal.receipts.operations import Method
from portal.rulebook.document import Rulebook
from portal.rulebook.receipt import Line, Receipt
from portal.rulebook.values import MOST as LARGEST
from portal.staff.operations import QueueLink
from portal.staff.roles import Device
from portal.till.basket import LONGEST_TEXT, MOST_LINES, typed_quantity
from portal.till.lines import line_of
from portal.till.sale import CHANNEL, receipt_number
from portal.web.typed import read_money

MOST = 100
_HASH = r"^[0-9a-f]{64}$"


class QueuedUnreadable(Refused):
    code = "queued-unreadable"
    text = "This entry of the till's queue cannot be read. Record the purchase by hand."


class QueuedSum(Refused):
    code = "queued-sum"
    text = "The sum of this purchase cannot be read. Record the purchase by hand."


def _id(text: str) -> str:
    if not is_id(text):
        raise ValueError("not an id")
    return text


class _Told(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class QueuedItem(_Told):
    """A row of the device: `told` is the text of a `QueuedSale`, bound to the row `before` by its `hash`.

    `tries` counts how often a person sent it once more after it was refused.
    """

    number: Annotated[int, Field(ge=1, le=2**53)]
    told: Annotated[str, Field(max_length=10_000)]
    before: Annotated[str, Field(pattern=rf"{_HASH}|^$")]
    hash: Annotated[str, Field(pattern=_HASH)]
    tries: Annotated[int, Field(ge=0, le=10_000)] = 0

    @property
    def key(self) -> str:
        """Return under what a refusal of this try is remembered."""
        return f"queue/{self.hash}/{self.tries}"

    def link(self) -> QueueLink:
        return QueueLink(number=self.number, told=self.told, before=self.before, hash=self.hash)


class QueuedBatch(_Told):
    """Rows in their order; `chain` names the queue of this browser."""

    chain: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    items: Annotated[tuple[QueuedItem, ...], Field(min_length=1, max_length=MOST)]


class QueuedLine(_Told):
    """Goods of the catalogue (`sku`), or a `kind` of them as the till's page offers it, at a price of one."""

    price: Annotated[str, Field(max_length=20)]
    qty: Annotated[str, Field(max_length=20)] = "1"
    title: Annotated[str, Field(max_length=LONGEST_TEXT)] = ""
    kind: Annotated[str, Field(max_length=100)] = ""
    sku: Annotated[str, Field(max_length=LONGEST_TEXT)] = ""

    def line(self, n: int, *, known: Mapping[str, Goods], currency: str) -> Line:
        """Return the line of a receipt. Raises `QueuedSum`."""
        price, qty = read_money(self.price, currency=currency), typed_quantity(self.qty)
        if price is None or qty is None or not 0 < (gross := rounded(price * qty, "half_up")) <= LARGEST:
            raise QueuedSum
        return line_of(n, gross=gross, qty=qty, title=self.title, kind=self.kind, goods=known.get(self.sku))


class QueuedSale(_Told):
    """What was sold: to a scanned code or card (`shown`), or to the `member` a page had found before.

    `key` is an id of the moment of the sale. It is the key of the command, and its moment the receipt's. `amount` is
    what was bought, unless there are `lines`.
    """

    key: Annotated[str, AfterValidator(_id)]
    shown: Annotated[str, Field(max_length=40)] = ""
    member: Annotated[str, Field(max_length=26)] = ""
    amount: Annotated[str, Field(max_length=20)]
    lines: Annotated[tuple[QueuedLine, ...], Field(max_length=MOST_LINES, strict=False)] = ()
    number: Annotated[str, Field(max_length=LONGEST_TEXT)] = ""
    method: Method = "typed"

    @model_validator(mode="after")
    def _somebody(self) -> "QueuedSale":
        if bool(self.shown) == bool(self.member):
            raise ValueError("give a code or a member")
        return self

    @property
    def at(self) -> datetime:
        return made_at(self.key)

    def buyer(self) -> Lookup:
        """Return whom to look for. Raises `WrongMemberCode` or `WrongMemberId`."""
        return by_id(self.member) if self.member else by_code(self.shown)

    def bought(self, known: Mapping[str, Goods], *, currency: str) -> tuple[Line, ...]:
        """Return the lines, with what the catalogue knows of them. Raises `QueuedSum`."""
        told = self.lines or (QueuedLine(price=self.amount),)
        return tuple(each.line(n, known=known, currency=currency) for n, each in enumerate(told, 1))

    def receipt(self, rulebook: Rulebook, known: Mapping[str, Goods], *, device: Device) -> ToldReceipt:
        """Return the receipt as stories take it, without points. Raises `QueuedSum` and what `buyer` raises."""
        receipt = Receipt(
            at=self.at.astimezone(rulebook.zone),
            lines=self.bought(known, currency=rulebook.currency),
            number=self.number or receipt_number(self.key, device=device, zone=rulebook.zone),
            store=device.store,
            till=device.till,
            channel=CHANNEL,
        )
        return ToldReceipt(receipt=receipt, member=self.buyer())


def read_queued(item: QueuedItem) -> QueuedSale:
    """Read what a row tells. Raises `QueuedUnreadable`."""
    try:
        return QueuedSale.model_validate_json(item.told)
    except ValidationError:
        raise QueuedUnreadable from None
