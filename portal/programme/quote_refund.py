"""A refund is looked at before it is made; nothing is stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy.orm import Session

from portal.programme.command import Command
from portal.programme.refund_receipt import UnknownReceipt
from portal.programme.refund_scene import plan_of, read_refund_scene
from portal.programme.statement import title_in


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBack:
    """Points that a rule gave and that go with the goods."""

    title: str
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundQuote:
    """What a refund would hand out in money, give back of the points spent, and take back of those earned."""

    money: int
    points: int
    taken_back: tuple[TakenBack, ...]


def quote_refund(session: Session, receipt_id: str, *, lines: Mapping[int, Fraction], command: Command) -> RefundQuote:
    """Answer what bringing these quantities back would come to now.

    Raises `UnknownReceipt`, and from the plan `UnknownLine`, `AlreadyRefunded` or `NothingReturned`.
    """
    scene = read_refund_scene(session, receipt_id, command=command)
    if scene.receipt is None:
        raise UnknownReceipt
    plan = plan_of(scene.receipt, scene.judged_by, returning=lines)
    titles = {rule.id: title_in(rule.title, command.language) or rule.id for rule in scene.judged_by.every_rule}
    taken = tuple(
        TakenBack(title=titles.get(rule, rule), points=points) for rule, points in plan.reversed.items() if points
    )
    return RefundQuote(money=plan.money, points=plan.points, taken_back=taken)
