"""A receipt being judged: who buys, when by the shop's clock on the wall, and what the lines have come to so far."""

from dataclasses import dataclass
from datetime import date, datetime

from portal.rulebook.member_state import HeldCoupon, MemberState
from portal.rulebook.receipt import Line, Receipt


@dataclass(slots=True)
class Bill:
    """The lines while they are being worked out, by position: `net` is after discounts, `points` are paid points.

    `paid` is what is left to pay by money, known after the payment step. `room` is how much discount a line may still
    take: never below zero, never above the rulebook's `discount_cap_bp`.
    """

    lines: tuple[Line, ...]
    gross: list[int]
    net: list[int]
    room: list[int]
    points: list[int]
    paid: list[int]

    def copied(self) -> "Bill":
        """Return a bill to try discounts on."""
        return Bill(self.lines, self.gross, self.net.copy(), self.room.copy(), self.points, self.paid)

    def take_off(self, position: int, amount: int) -> None:
        """Give a discount to a line; the caller keeps it within the line's room."""
        self.net[position] -= amount
        self.room[position] -= amount


def open_bill(lines: tuple[Line, ...], *, discount_cap_bp: int) -> Bill:
    """Return the bill of lines nothing has been taken off yet."""
    gross = [line.gross for line in lines]
    room = gross.copy() if discount_cap_bp == 10_000 else [price * discount_cap_bp // 10_000 for price in gross]
    return Bill(lines, gross, gross.copy(), room, [0] * len(gross), gross)


@dataclass(slots=True)
class Situation:
    """Everything a condition may ask about. `at` is aware and local, `day` its local date; a guest is no member.

    `bearer` are coupons that are valid for whoever shows them.
    """

    receipt: Receipt
    member: MemberState | None
    at: datetime
    day: date
    bill: Bill
    bearer: tuple[HeldCoupon, ...] = ()
