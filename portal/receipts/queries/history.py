"""A member's purchases so far, as a receipt of one instant sees them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select

from portal.db import instant, json_array, json_object, json_tuple
from portal.receipts.tables import BirthdayUse, PurchaseHistory, Receipt, RuleUsage
from portal.rulebook.tiers import Totals

Document = dict[str, Any]
NOTHING_KEPT = Totals()


@dataclass(frozen=True, slots=True)
class Usage:
    """What a capped rule has given before: to the member on a day, to the member ever, to all members (`scope`).

    `turns` is what the next write must find unchanged.
    """

    rule: str
    scope: str
    points: int
    minor: int
    uses: int
    turns: int


@dataclass(frozen=True, slots=True)
class History:
    """A member's earlier purchases as a receipt of one instant sees them.

    `turns` is what the next write must find unchanged; `stored_…` is what the counter says now, also when the receipt
    comes late and sees less. `kept` is the money of all purchases that stand.
    """

    turns: int = 0
    stored_purchases: int = 0
    stored_last_at: datetime | None = None
    stored_last_net: int | None = None
    purchases: int = 0
    last_at: datetime | None = None
    last_net: int | None = None
    kept: Totals = NOTHING_KEPT
    usage: tuple[Usage, ...] = ()
    birthdays_used: tuple[int, ...] = ()


def history_column(
    member_id: ColumnElement[Any], *, at: ColumnElement[Any], days: Sequence[ColumnElement[Any]]
) -> ColumnElement[Any]:
    """Return a JSON expression with what the rules ask about a member's past, for `read_history`.

    The kept counter answers; only a receipt that comes after a later one (an offline till's) looks at the receipts.
    `days` are the local days that the receipt may belong to; a null member is a guest.
    """
    earlier = and_(Receipt.member_id == member_id, Receipt.fully_returned.is_(False), Receipt.at <= at)
    late = PurchaseHistory.last_at > at
    last = json_tuple(Receipt.at, Receipt.net)
    counted = select(func.count()).select_from(Receipt).where(earlier, late).correlate_except(Receipt)
    newest = select(last).where(earlier, late).order_by(Receipt.at.desc(), Receipt.id.desc()).limit(1)
    kept = json_tuple(
        PurchaseHistory.turns,
        PurchaseHistory.purchases,
        PurchaseHistory.last_at,
        PurchaseHistory.last_net,
        json_tuple(PurchaseHistory.kept_minor, PurchaseHistory.kept_purchases, PurchaseHistory.kept_most),
        counted.scalar_subquery(),
        newest.correlate_except(Receipt).scalar_subquery(),
    )
    usage = json_object(
        member_id=RuleUsage.member_id,
        day=RuleUsage.day,
        rule=RuleUsage.rule,
        points=RuleUsage.points,
        minor=RuleUsage.minor,
        uses=RuleUsage.uses,
        turns=RuleUsage.turns,
    )
    used = select(json_array(usage)).where(RuleUsage.member_id.in_((member_id, "")), RuleUsage.day.in_(("", *days)))
    years = select(json_array(BirthdayUse.year)).where(BirthdayUse.member_id == member_id)
    return json_tuple(
        select(kept).where(PurchaseHistory.member_id == member_id).scalar_subquery(),
        used.scalar_subquery(),
        years.scalar_subquery(),
    )


def read_history(row: Sequence[Any], *, at: datetime, day: str) -> History:
    """Read what `history_column` gave for a receipt of instant `at`, on a local day of its shop."""
    kept, used, years = row
    usage = tuple(_usage(each) for each in used or () if each["day"] in {"", day})
    birthdays = tuple(sorted(years or ()))
    if not kept:
        return History(usage=usage, birthdays_used=birthdays)
    turns, purchases, last, last_net, totals, earlier, newest = kept
    last_at = None if last is None else instant(last)
    late = last_at is not None and last_at > at
    seen_at, seen_net = newest or (None, None)
    return History(
        turns=turns,
        stored_purchases=purchases,
        stored_last_at=last_at,
        stored_last_net=last_net,
        purchases=earlier if late else purchases,
        last_at=(None if seen_at is None else instant(seen_at)) if late else last_at,
        last_net=seen_net if late else last_net,
        kept=Totals(*totals),
        usage=usage,
        birthdays_used=birthdays,
    )


def _usage(row: Document) -> Usage:
    scope = "member_day" if row["day"] else "member_total" if row["member_id"] else "rule_total"
    return Usage(
        rule=row["rule"],
        scope=scope,
        points=row["points"],
        minor=row["minor"],
        uses=row["uses"],
        turns=row["turns"],
    )
