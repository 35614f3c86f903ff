"""What a judged receipt moves: points and units in books, privileges, coupons, places in segments."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.db import Batch
from portal.ledger.book import Book
from portal.ledger.entries import Origin
from portal.perks import operations as perks
from portal.programme.scene import Scene
from portal.rulebook.document import Rulebook
from portal.rulebook.outcome import Grant, Outcome
from portal.rulebook.validity import LotDates
from portal.segments import operations as segments

_CAUSES = {"member": "purchase", "referrer": "referral", "agent": "agent"}


@dataclass(frozen=True, slots=True)
class Posted:
    """What a receipt used up, for its row, and the codes of the coupons it issued."""

    used: dict[str, Any]
    codes: tuple[str, ...]


def parties(scene: Scene) -> tuple[Book, ...]:
    """Return the books a receipt may move, each once."""
    books = {book.member: book for book in (scene.book, scene.referrer, scene.agent, *scene.above) if book is not None}
    return tuple(books.values())


def points_source(receipt_id: str) -> str:
    """Return the name of a receipt's redemption in the ledger."""
    return f"receipt/{receipt_id}/points"


def gift_source(receipt_id: str, wallet: str) -> str:
    """Return the name of the units a receipt took from a gift wallet."""
    return f"receipt/{receipt_id}/gift/{wallet}"


def grant_source(receipt_id: str, grant: str) -> str:
    """Return the name of a grant in the ledger; `grant` is its source within the outcome."""
    return f"receipt/{receipt_id}/{grant}"


def move_points(
    scene: Scene, outcome: Outcome, *, receipt_id: str, hold: str | None, at: datetime, now: datetime
) -> None:
    """Spend, then grant, in the books of the scene. Points are spent `now`, grants count from the receipt's time."""
    book = scene.book
    if book is None:
        return
    spend(book, outcome.points_spent, receipt_id=receipt_id, hold=hold, rulebook=scene.rulebook, now=now)
    for wallet in dict.fromkeys(gift.wallet for gift in outcome.gifts):
        gifts = [gift for gift in outcome.gifts if gift.wallet == wallet]
        origin = _origin("gift", receipt_id, scene.rulebook, rule=gifts[0].rule)
        units = sum(gift.units for gift in gifts)
        book.redeem(units, at=now, source=gift_source(receipt_id, wallet), origin=origin, wallet=wallet)
    books = {each.member: each for each in parties(scene)}
    for grant in outcome.grants:
        if grant.points:
            _grant(books[grant.to], grant, receipt_id=receipt_id, rulebook=scene.rulebook, at=at)


def spend(book: Book, points: int, *, receipt_id: str, hold: str | None, rulebook: Rulebook, now: datetime) -> None:
    """Redeem points, or capture them from a hold; a hold of which nothing is taken is voided."""
    if hold is None and not points:
        return
    source, origin = points_source(receipt_id), _origin("purchase", receipt_id, rulebook)
    if hold is None:
        book.redeem(points, at=now, source=source, origin=origin)
    elif points:
        book.capture(points, hold=hold, at=now, source=source, origin=origin)
    else:
        book.void(hold=hold, at=now, source=f"{source}/void")


def _origin(cause: str, receipt_id: str, rulebook: Rulebook, *, rule: str | None = None) -> Origin:
    return Origin(cause, receipt=receipt_id, rule=rule, rulebook=rulebook.seal)


def _grant(book: Book, grant: Grant, *, receipt_id: str, rulebook: Rulebook, at: datetime) -> None:
    dates = LotDates(grant.release_at or at, grant.last_valid_day, grant.expires_at)
    book.grant(
        grant.points,
        at=at,
        source=grant_source(receipt_id, grant.source),
        origin=_origin(_CAUSES[grant.beneficiary], receipt_id, rulebook, rule=grant.rule),
        dates=dates,
        wallet=grant.wallet,
        details=grant_details(grant),
    )


def grant_details(grant: Grant) -> Mapping[str, Any]:
    """Return the arithmetic of a grant as plain JSON, for a beneficiary who may not see the receipt."""
    facts = {
        "title": grant.title,
        "how": grant.how,
        "exact": str(grant.exact),
        "rounding": grant.rounding,
        "base": {str(line): amount for line, amount in grant.base.items()},
        "lines": {str(line): points for line, points in grant.lines.items()},
        "rate_bp": grant.rate_bp,
        "factor_bp": grant.factor_bp,
        "desired": grant.desired if grant.capped_by else None,
        "capped_by": grant.capped_by,
    }
    return {name: fact for name, fact in facts.items() if fact or fact == 0}


def move_perks(batch: Batch, scene: Scene, outcome: Outcome, *, receipt_id: str, at: datetime) -> Posted:
    """Use up what the outcome relied on and open what it opens; return what a refund must know."""
    used: dict[str, tuple[str, ...]] = {}
    if outcome.coupons_used:
        shown = [each for each in scene.coupons if each.code in outcome.coupons_used]
        used["coupons"] = perks.use_coupons(batch, shown)
    codes = tuple(perks.new_coupon_code() for _ in outcome.coupons)
    if scene.member_id is not None:
        if outcome.consumed or outcome.segments_used:
            used |= _use_rights(batch, scene, outcome, member_id=scene.member_id)
        _open(batch, outcome, codes, member_id=scene.member_id, receipt_id=receipt_id, at=at)
    return Posted(used={name: list(ids) for name, ids in used.items() if ids}, codes=codes)


def _use_rights(batch: Batch, scene: Scene, outcome: Outcome, *, member_id: str) -> dict[str, tuple[str, ...]]:
    """Of a privilege held twice the one that ends first is used."""
    held = [next(each for each in scene.privileges if each.privilege == name) for name in outcome.consumed]
    places = tuple(scene.segments[name] for name in outcome.segments_used if name in scene.segments)
    fresh = [each for each in held if not each.written]
    for each in fresh:
        perks.write_privilege(batch, member_id, each, uses_left=0)
    counted = perks.use_privileges(batch, (each for each in held if each.written))
    return {
        "privileges": (*counted, *(each.id for each in fresh)),
        "segments": segments.use(batch, member_id, places),
    }


def _open(
    batch: Batch, outcome: Outcome, codes: tuple[str, ...], *, member_id: str, receipt_id: str, at: datetime
) -> None:
    for opened in outcome.unlocked:
        perks.open_privilege(
            batch,
            member_id,
            privilege=opened.privilege,
            at=at,
            until=opened.until,
            uses=opened.uses,
            receipt_id=receipt_id,
        )
    for coupon, code in zip(outcome.coupons, codes, strict=True):
        perks.issue_coupon(
            batch,
            template=coupon.template,
            code=code,
            at=at,
            until=coupon.until,
            member_id=member_id,
            receipt_id=receipt_id,
        )
