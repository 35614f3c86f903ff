"""A member's purchases so far, as a receipt of one instant sees them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select

from portal.db import instant, json_array, json_object
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
    last = json_object(at=Receipt.at, net=Receipt.net)
    counted = select(func.count()).select_from(Receipt).where(earlier, late).correlate_except(Receipt)
    newest = select(last).where(earlier, late).order_by(Receipt.at.desc(), Receipt.id.desc()).limit(1)
    kept = json_object(
        turns=PurchaseHistory.turns,
        purchases=PurchaseHistory.purchases,
        last_at=PurchaseHistory.last_at,
        last_net=PurchaseHistory.last_net,
        spend=PurchaseHistory.kept_minor,
        kept=PurchaseHistory.kept_purchases,
        most=PurchaseHistory.kept_most,
        earlier=counted.scalar_subquery(),
        newest=newest.correlate_except(Receipt).scalar_subquery(),
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
    years = select(json_array(json_object(year=BirthdayUse.year))).where(BirthdayUse.member_id == member_id)
    return json_object(
        kept=select(kept).where(PurchaseHistory.member_id == member_id).scalar_subquery(),
        usage=used.scalar_subquery(),
        birthdays=years.scalar_subquery(),
    )


def read_history(row: Document, *, at: datetime, day: str) -> History:
    """Read what `history_column` gave for a receipt of instant `at`, on a local day of its shop."""
    usage = tuple(_usage(each) for each in row["usage"] or () if each["day"] in {"", day})
    birthdays = tuple(sorted(each["year"] for each in row["birthdays"] or ()))
    kept = row["kept"]
    if not kept:
        return History(usage=usage, birthdays_used=birthdays)
    last_at = None if kept["last_at"] is None else instant(kept["last_at"])
    late = last_at is not None and last_at > at
    newest = kept["newest"] or {}
    seen_at = instant(newest["at"]) if newest else None
    return History(
        turns=kept["turns"],
        stored_purchases=kept["purchases"],
        stored_last_at=last_at,
        stored_last_net=kept["last_net"],
        purchases=kept["earlier"] if late else kept["purchases"],
        last_at=seen_at if late else last_at,
        last_net=newest.get("net") if late else kept["last_net"],
        kept=Totals(kept["spend"], kept["kept"], kept["most"]),
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
