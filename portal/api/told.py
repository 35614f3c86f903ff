"""What tills tell: whose receipt it is, and the receipt (api.md "Receipts")."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from portal.api.values import Document, Instant, Label, Place, Shown
from portal.members.lookup import Lookup, by_code, by_email, by_id, by_phone
from portal.programme.told import ToldReceipt
from portal.rulebook.receipt import MOST_LINES, Line, Receipt
from portal.rulebook.values import Points
from portal.web.settings import settings


def _by_phone(text: str) -> Lookup:
    return by_phone(text, region=settings().phone_region)


_LOOKUPS = {"id": by_id, "code": by_code, "phone": _by_phone, "email": by_email}


class MemberRef(Document):
    """Who it is: exactly one of an id, a code (card, number or reward), a phone or an e-mail address."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1, "maxProperties": 1})

    id: Shown | None = None
    code: Shown | None = None
    phone: Shown | None = None
    email: Shown | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if len(self.model_fields_set) != 1 or not self._told()[1]:
            raise ValueError("give exactly one of id, code, phone and email")
        return self

    def _told(self) -> tuple[str, str]:
        kind = next(iter(self.model_fields_set))
        return kind, getattr(self, kind)

    def lookup(self) -> Lookup:
        """Return what to look for. Raises the refusals of `portal.members.lookup`."""
        kind, text = self._told()
        return _LOOKUPS[kind](text)


def _numbered_once(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    if len({line.n for line in lines}) != len(lines):
        raise ValueError("two lines have the same n")
    return lines


class ReceiptBody(Document):
    """A sale as a till tells it; `member` is null for a guest."""

    number: Label
    store: Place
    at: Instant
    lines: Annotated[tuple[Line, ...], Field(min_length=1, max_length=MOST_LINES), AfterValidator(_numbered_once)]
    till: Place | None = None
    channel: Place = "store"
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] | None = None
    member: MemberRef | None = None
    points_requested: Points | Literal["max"] = 0
    hold: Shown | None = None
    coupons: Annotated[tuple[Label, ...], Field(max_length=50)] = ()

    def told(self) -> ToldReceipt:
        """Return the receipt as the stories take it. Raises the refusals of `portal.members.lookup`."""
        receipt = Receipt(
            at=self.at,
            lines=self.lines,
            number=self.number,
            store=self.store,
            till=self.till or "",
            channel=self.channel,
            currency=self.currency,
            points_requested=self.points_requested,
            coupons=self.coupons,
        )
        member = self.member.lookup() if self.member else None
        return ToldReceipt(receipt=receipt, member=member, hold=self.hold)
