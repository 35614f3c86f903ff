"""Whether a receipt may be paid by points, and from which."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.db import Batch
from portal.errors import Refused
from portal.ledger.spending import UnknownHold
from portal.members.lookup import Lookup
from portal.members.operations.devices import count_bad_mac, show_code
from portal.members.operations.identify import CodeForged
from portal.members.person import Person
from portal.members.rotating_code import Verdict, judge
from portal.programme.command import Command
from portal.programme.scene import Scene
from portal.programme.told import ToldReceipt


class RotatingCodeRequired(Refused):
    code = "rotating-code-required"
    text = "Points are spent only with the code that changes on the member's phone, or with the member's yes there."


class SpendingPaused(Refused):
    code = "spending-paused"
    text = "A phone number or e-mail address was changed. Points can be spent again from %(from_time)s."


class GuestsHaveNoPoints(Refused):
    code = "member-required"
    text = "Only a member can spend points."


def code_verdict(session: Session, told: ToldReceipt, person: Person | None, command: Command) -> Verdict | None:
    """Tell what the rotating code of a receipt proves; None when none was shown. Raises `CodeForged`."""
    if told.member is None or person is None:
        return None
    shown_at, spend_for = told.receipt.at, receipt_name(told)
    return verdict_of(session, told.member, person, shown_at=shown_at, spend_for=spend_for, command=command)


def verdict_of(
    session: Session, lookup: Lookup, person: Person, *, shown_at: datetime, spend_for: str | None, command: Command
) -> Verdict | None:
    """Tell what the rotating code of a lookup proves; None when it is none.

    A forged one is counted and raises `CodeForged`, which keeps the count; a quote, which only reads, counts at once.
    """
    if lookup.rotating is None:
        return None
    verdict = judge(
        lookup.rotating,
        devices=person.devices,
        now=command.now,
        shown_at=shown_at,
        shown_to=command.client,
        spend_for=spend_for,
    )
    if verdict.verified is None:
        count_bad_mac(session, person.id)
        raise CodeForged
    return verdict


def use_code(batch: Batch, told: ToldReceipt, verdict: Verdict | None, command: Command) -> None:
    """Note a fresh code: it was seen by this client, and when points were spent it is good for this receipt alone."""
    if verdict is None or verdict.proof != "fresh":
        return
    spent_for = receipt_name(told) if told.receipt.points_requested else None
    show_code(batch, verdict, shown_to=command.client, spent_for=spent_for, now=command.now)


def receipt_name(told: ToldReceipt) -> str:
    """Return what a fresh code is spent for: one receipt."""
    return f"{told.receipt.store}/{told.receipt.number}"


def check_spending(told: ToldReceipt, scene: Scene, verdict: Verdict | None, command: Command) -> None:
    """Refuse to spend without a fresh code, a hold, or a client that signed the member in itself.

    Raises `GuestsHaveNoPoints`, `RotatingCodeRequired` or `SpendingPaused`.
    """
    if not told.receipt.points_requested and told.hold is None:
        return
    if scene.person is None:
        raise GuestsHaveNoPoints
    check_spender(scene.person, verdict, proven=told.hold is not None or command.vouches, now=command.now)


def check_spender(person: Person, verdict: Verdict | None, *, proven: bool, now: datetime) -> None:
    """Refuse to spend or set aside points of somebody who did not prove to be here."""
    if not proven and (verdict is None or verdict.verified != "rotating"):
        raise RotatingCodeRequired
    if person.spends_from is not None and now < person.spends_from:
        raise SpendingPaused(from_time=person.spends_from.isoformat(timespec="minutes"))


def held_points(told: ToldReceipt, scene: Scene) -> int | None:
    """Return how many points the named hold has, None when none is named. Raises `UnknownHold` or `HoldEnded`."""
    if told.hold is None:
        return None
    if scene.book is None:
        raise UnknownHold(hold=told.hold)
    return scene.book.find_hold(told.hold).points
