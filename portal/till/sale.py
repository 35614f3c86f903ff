"""A sale between its pages: the browser carries it in hidden fields, and nothing of it names a person.

Its id is made when the member is found. It is the key of the command, so that a double click and the Back button record
once; the receipt's time is the id's, and so is its number where the cashier types none.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo

from flask import request

from portal.errors import Refused
from portal.ids import is_id, made_at, new_id
from portal.members.lookup import Lookup, by_code, by_id
from portal.programme.told import ToldReceipt
from portal.receipts.operations import METHODS, Method
from portal.rulebook.document import Rulebook
from portal.rulebook.receipt import Line, Receipt
from portal.staff.roles import Device
from portal.till.device import current_device
from portal.web.instant import now

CHANNEL = "store"
LASTS = timedelta(hours=1)
MOST_COUPONS = 10
_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_NUMBER_SIGNS = 6
_TIME_SIGNS = 10


class SaleOver(Refused):
    code = "sale-over"
    status = 410
    text = "This sale was begun too long ago. Nothing was recorded; begin it anew."


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """Whose sale it is and under which id; `code` is the rotating code that was scanned, empty when none was.

    `method` says how the card got in: by the camera, a hand scanner, a photo, or typed. `hold` names the points that
    are set aside for this sale; they pay for it without the code. `coupons` are codes that go onto the receipt.
    """

    id: str
    member_id: str
    code: str = field(default="", repr=False)
    method: Method = "typed"
    hold: str = ""
    coupons: tuple[str, ...] = ()

    @property
    def may_spend(self) -> bool:
        return bool(self.code or self.hold)

    @property
    def at(self) -> datetime:
        return made_at(self.id)

    def member(self) -> Lookup:
        """Return whom to look for. Raises `WrongMemberCode` or `WrongMemberId`."""
        return by_code(self.code) if self.code and not self.hold else by_id(self.member_id)

    def by_id(self) -> Lookup:
        """Return whom to look for without asking the code again. Raises `WrongMemberId`."""
        return by_id(self.member_id)

    def told(self, lines: tuple[Line, ...], *, number: str, points: int, rulebook: Rulebook) -> ToldReceipt:
        """Return the receipt as stories take it."""
        device = current_device()
        receipt = Receipt(
            at=self.at.astimezone(rulebook.zone),
            lines=lines,
            number=number or receipt_number(self.id, device=device, zone=rulebook.zone),
            store=device.store,
            till=device.till,
            channel=CHANNEL,
            points_requested=points,
            coupons=self.coupons,
        )
        return ToldReceipt(receipt=receipt, member=self.member(), hold=self.hold or None)


def begin_sale(member_id: str, *, code: str, method: Method) -> Sale:
    return Sale(id=new_id(now()), member_id=member_id, code=code, method=method)


def posted_sale() -> Sale:
    """Read the sale of the hidden fields. Raises `SaleOver` for one that is old or whose id nobody made."""
    sale_id = request.form.get("sale", "")
    if not begun_lately(sale_id):
        raise SaleOver
    code = request.form.get("code", "")[:26]
    hold = request.form.get("hold", "")[:26]
    member = request.form.get("member", "")
    coupons = tuple(dict.fromkeys(code[:80] for code in request.form.getlist("coupon") if code.isprintable() and code))
    return Sale(
        id=sale_id,
        member_id=member,
        code=code,
        method=told_method("card_by"),
        hold=hold,
        coupons=coupons[:MOST_COUPONS],
    )


def told_method(name: str) -> Method:
    """Read how a card got in; what says nothing known was typed."""
    told = request.form.get(name, "")
    return next((method for method in METHODS if method == told), "typed")


def begun_lately(text: str) -> bool:
    """Tell whether a text is an id made within the last hour: ids sort by their time, their first ten signs."""
    time = text[:_TIME_SIGNS]
    return is_id(text) and new_id(now() - LASTS)[:_TIME_SIGNS] < time <= new_id(now())[:_TIME_SIGNS]


def receipt_number(sale_id: str, *, device: Device, zone: tzinfo) -> str:
    """Return a number that is unique in the store and can be read out: `T1-260304-4KB09F`.

    The last six signs are the millisecond of the till's day and one random digit in base 8.
    """
    at = made_at(sale_id)
    here = at.astimezone(zone)
    midnight = here.replace(hour=0, minute=0, second=0, microsecond=0)
    number = round((here - midnight) / timedelta(milliseconds=1)) << 3 | _SIGNS.index(sale_id[-1].upper()) & 7
    signs = "".join(_SIGNS[number >> 5 * place & 31] for place in reversed(range(_NUMBER_SIGNS)))
    return f"{device.till}-{here:%y%m%d}-{signs}"
