"""From what was read to an outcome: the steps that a quote and a commit share."""

from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy.orm import Session

from portal.errors import Refused
from portal.ledger.accruals import NotEnoughPoints
from portal.members.operations.identify import MemberLeft, UnknownMember
from portal.members.rotating_code import Verdict
from portal.programme.command import Command
from portal.programme.judged_state import JudgedState
from portal.programme.scene import Scene
from portal.programme.snapshot import bearer_coupons, member_state
from portal.programme.spending import code_verdict, held_points
from portal.programme.told import ToldReceipt
from portal.rulebook.evaluate import evaluate
from portal.rulebook.outcome import Outcome
from portal.rulebook.receipt import Receipt

CLOCK_SKEW = timedelta(minutes=2)
QUEUED_FOR = timedelta(hours=48)
_DAY = timedelta(days=1)


class FutureReceipt(Refused):
    code = "receipt-in-the-future"
    text = "The receipt's time lies in the future. Check the till's clock."


class ReceiptTooOld(Refused):
    code = "receipt-too-old"
    text = "Receipts older than %(days)s days are taken from an operator only."


class QueuedTooLong(Refused):
    code = "queued-too-long"
    text = "This purchase waited for the network longer than %(hours)s hours. Record it by hand, or ask a manager."


class QuoteOutdated(Refused):
    code = "quote-outdated"
    status = 409
    text = "Something changed since the sum was worked out. Look at it once more, then confirm."


@dataclass(frozen=True, slots=True)
class Judged:
    """The outcome of a receipt, what it was judged by, and what its rotating code proved (None: none was shown)."""

    outcome: Outcome
    state: JudgedState
    verdict: Verdict | None


def check_time(told: ToldReceipt, scene: Scene, command: Command) -> None:
    """Refuse a receipt from the future or too far from the past (domain.md §1.7; pwa.md §3 for one of a till's queue).

    Raises `FutureReceipt`, `ReceiptTooOld` or `QueuedTooLong`.
    """
    at, days = told.receipt.at, scene.rulebook.max_backdate_days
    if at > command.now + CLOCK_SKEW:
        raise FutureReceipt
    if at < command.now - days * _DAY and not command.may_backdate:
        raise ReceiptTooOld(days=days)
    if command.evidence and command.evidence.queued and at < command.now - QUEUED_FOR:
        raise QueuedTooLong(hours=QUEUED_FOR // timedelta(hours=1))


def judge_receipt(session: Session, told: ToldReceipt, scene: Scene, command: Command) -> Judged:
    """Evaluate a told receipt against what was read.

    Raises `ForeignCurrency`, `UnknownMember`, `MemberLeft`, `CodeForged`, `UnknownHold` or `HoldEnded`.
    """
    if told.member is not None and scene.person is None:
        raise UnknownMember
    if scene.person is not None and not scene.person.active:
        raise MemberLeft
    verdict = code_verdict(session, told, scene.person, command)
    held = held_points(told, scene)
    state = JudgedState(member_state(scene, at=told.receipt.at, held=held), bearer_coupons(scene))
    outcome = evaluate(scene.rulebook, state.member, _asked(told.receipt, held=held), bearer=state.bearer)
    return Judged(outcome, state, verdict)


def check_points(told: ToldReceipt, judged: Judged) -> None:
    """Refuse a commit that asks for more points than there are (`NotEnoughPoints`).

    A number above what this receipt takes (`limits.max_points`) is cut instead: the quote said so before.
    """
    asked, available = told.receipt.points_requested, judged.outcome.limits.available
    if asked != "max" and asked > available:
        raise NotEnoughPoints(available=available, asked=asked)


def check_agreed(judged: Judged, command: Command) -> None:
    """Refuse a commit that would come to another sum than the member agreed to (domain.md §3.9).

    Raises `QuoteOutdated`.
    """
    if command.agreed_due is not None and judged.outcome.due != command.agreed_due:
        raise QuoteOutdated


def _asked(receipt: Receipt, *, held: int | None) -> Receipt:
    """Let a hold without a number of points pay as much as it can."""
    if held is None or receipt.points_requested:
        return receipt
    return replace(receipt, points_requested="max")
