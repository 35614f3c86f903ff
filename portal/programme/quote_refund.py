"""A refund is looked at before it is made; nothing is stored."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from sqlalchemy.orm import Session

from portal.db import Batch
from portal.ledger.book import Book
from portal.programme.command import Command
from portal.programme.refund_books import move_back, read_books
from portal.programme.refund_receipt import UnknownReceipt
from portal.programme.refund_scene import RefundScene, plan_of, read_refund_scene
from portal.programme.returning_certificates import return_certificates
from portal.receipts.queries import Refundable
from portal.rulebook.explain.words import Language
from portal.rulebook.refunds import RefundPlan
from portal.rulebook.values import title_in


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBack:
    """Points that a rule gave and that go with the goods."""

    title: str
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GiftBack:
    """Units of a gift wallet that come back with the goods."""

    title: str
    units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundQuote:
    """What a refund would give back in money and of the points spent, and take back of those the buyer earned.

    Of the money `certificates` go back to the certificates it was paid by, the rest is handed out. `from_others` are
    points taken from whoever earned by this purchase besides the buyer. `available` and `owed` are those of the buyer
    afterwards, none for a guest; points that were spent since are owed.
    """

    money: int
    certificates: int
    points: int
    gifts: tuple[GiftBack, ...]
    taken_back: tuple[TakenBack, ...]
    from_others: int
    available: int | None
    owed: int


def quote_refund(session: Session, receipt_id: str, *, lines: Mapping[int, Fraction], command: Command) -> RefundQuote:
    """Answer what bringing these quantities back would come to now.

    Raises `UnknownReceipt`, and from the plan `UnknownLine`, `AlreadyRefunded` or `NothingReturned`; and
    `CertificateSpent`.
    """
    scene = read_refund_scene(session, receipt_id, command=command)
    if scene.receipt is None:
        raise UnknownReceipt
    plan = plan_of(scene.receipt, scene.judged_by, returning=lines)
    buyer = scene.receipt.member_id
    book = _afterwards(session, scene, plan, receipt_id=receipt_id, buyer=buyer, now=command.now) if buyer else None
    balance = book.balance(command.now) if book else None
    return RefundQuote(
        money=plan.money,
        certificates=_to_certificates(session, scene, scene.receipt, plan, lines=lines, now=command.now),
        points=plan.points,
        gifts=tuple(_gifts(scene, plan, language=command.language)),
        taken_back=tuple(_taken_back(scene, plan, buyer=buyer, language=command.language)),
        from_others=sum(each.points for each in plan.reversals if each.to != buyer),
        available=balance.available if balance else None,
        owed=-balance.debt if balance else 0,
    )


def _afterwards(
    session: Session, scene: RefundScene, plan: RefundPlan, *, receipt_id: str, buyer: str, now: datetime
) -> Book:
    """Return the buyer's book as the refund would leave it; it is not stored."""
    books = read_books(session, plan, receipt_id=receipt_id, buyer=buyer, now=now)
    move_back(books, plan, receipt_id=receipt_id, refund_id="", buyer=buyer, rulebook=scene.today, at=now)
    return books[buyer]


def _to_certificates(
    session: Session,
    scene: RefundScene,
    receipt: Refundable,
    plan: RefundPlan,
    *,
    lines: Mapping[int, Fraction],
    now: datetime,
) -> int:
    """Return what would go to certificates, by a batch that is thrown away."""
    return return_certificates(
        session,
        Batch(),
        receipt,
        lines=lines,
        money=plan.money,
        refund_id="",
        operator="",
        rulebook=scene.today,
        now=now,
    )


def _taken_back(
    scene: RefundScene, plan: RefundPlan, *, buyer: str | None, language: Language
) -> Iterator[TakenBack]:  # fmt: skip
    titles = {rule.id: title_in(rule.title, language) or rule.id for rule in scene.judged_by.every_rule}
    ours: dict[str, int] = {}
    for each in plan.reversals:
        if each.to == buyer and each.points:
            ours[each.rule] = ours.get(each.rule, 0) + each.points
    return (TakenBack(title=titles.get(rule, rule), points=points) for rule, points in ours.items())


def _gifts(scene: RefundScene, plan: RefundPlan, *, language: Language) -> Iterator[GiftBack]:
    titles = {each.id: title_in(each.title, language) for each in scene.judged_by.wallets}
    return (GiftBack(title=titles.get(wallet) or wallet, units=units) for wallet, units in plan.gifts.items())
