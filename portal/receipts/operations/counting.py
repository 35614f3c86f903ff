"""Counters that receipts move and refunds move back; who counts with an old number comes too late."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import Batch, Write, epoch, insert_into
from portal.receipts.tables import BirthdayUse, RuleUsage
from portal.rulebook.tiers import Totals

CELEBRATE = insert_into(BirthdayUse.__table__)
TURN = Write(
    name="receipt_history",
    columns=(
        ("member_id", "text"),
        ("turns", "bigint"),
        ("purchases", "bigint"),
        ("last_at", "bigint"),
        ("last_net", "bigint"),
        ("kept_minor", "bigint"),
        ("kept_purchases", "bigint"),
        ("kept_most", "bigint"),
    ),
    statement=(
        "insert into purchase_history "
        "(member_id, turns, purchases, last_at, last_net, kept_minor, kept_purchases, kept_most) "
        "select r.member_id, r.turns + 1, r.purchases, r.last_at, r.last_net, r.kept_minor, r.kept_purchases, "
        "r.kept_most from {rows} where true "
        "on conflict (member_id) do update set turns = excluded.turns, purchases = excluded.purchases, "
        "last_at = excluded.last_at, last_net = excluded.last_net, kept_minor = excluded.kept_minor, "
        "kept_purchases = excluded.kept_purchases, kept_most = excluded.kept_most "
        "where purchase_history.turns = excluded.turns - 1"
    ),
    every_row=True,
)
_USAGE = (("member_id", "text"), ("day", "text"), ("rule", "text"))
_AMOUNTS = (("points", "bigint"), ("minor", "bigint"), ("uses", "bigint"))
COUNT_USAGE = Write(
    name="receipt_usage",
    columns=(*_USAGE, *_AMOUNTS, ("seen", "bigint")),
    statement=(
        "insert into rule_usage (member_id, day, rule, points, minor, uses, turns) "
        "select r.member_id, r.day, r.rule, r.points, r.minor, r.uses, r.seen + 1 from {rows} where true "
        "on conflict (member_id, day, rule) do update set points = rule_usage.points + excluded.points, "
        "minor = rule_usage.minor + excluded.minor, uses = rule_usage.uses + excluded.uses, turns = excluded.turns "
        "where rule_usage.turns = excluded.turns - 1"
    ),
    every_row=True,
)
UNCOUNT_USAGE = Write(
    name="receipt_usage_back",
    columns=(*_USAGE, *_AMOUNTS),
    statement=(
        "update rule_usage set points = rule_usage.points - r.points, minor = rule_usage.minor - r.minor, "
        "uses = rule_usage.uses - r.uses, turns = rule_usage.turns + 1 from {rows} "
        "where rule_usage.member_id = r.member_id and rule_usage.day = r.day and rule_usage.rule = r.rule"
    ),
)
UNCELEBRATE = Write(
    name="receipt_birthday_back",
    columns=(("receipt_id", "text"),),
    statement="delete from birthday_use where receipt_id in (select r.receipt_id from {rows})",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageChange:
    """What one receipt adds to, or a refund takes from, the use of a capped rule.

    `member_id` is "" for the sum over all members, `day` "" for all time; `seen` is `Usage.turns` as it was read.
    """

    member_id: str
    day: str
    rule: str
    points: int
    minor: int
    uses: int
    seen: int = 0


def turn(
    batch: Batch, member_id: str, *, turns: int, purchases: int, last: tuple[datetime, int] | None, kept: Totals
) -> None:
    """Write a member's history after a receipt or refund; `turns` is what was read before, else `Stale`."""
    at, net = (None, None) if last is None else (epoch(last[0]), last[1])
    row = {"member_id": member_id, "turns": turns, "purchases": purchases, "last_at": at, "last_net": net}
    sums = {"kept_minor": kept.spend, "kept_purchases": kept.purchases, "kept_most": kept.max_receipt}
    batch.add(TURN, {**row, **sums})


def count_usage(batch: Batch, changes: Iterable[UsageChange]) -> None:
    """Add to the use of capped rules; raises `Stale` at flush when another receipt used one meanwhile."""
    batch.add(COUNT_USAGE, *({**_usage_row(change), "seen": change.seen} for change in changes))


def lock_totals(session: Session) -> None:
    """Let receipts that count toward sums over all members come one after another."""
    if session.get_bind().dialect.name == "postgresql":
        ordered = select(RuleUsage.rule).where(RuleUsage.member_id == "").order_by(RuleUsage.day, RuleUsage.rule)
        session.execute(ordered.with_for_update()).all()


def uncount_usage(batch: Batch, changes: Iterable[UsageChange]) -> None:
    """Take back what a refund returns of the use of capped rules."""
    batch.add(UNCOUNT_USAGE, *(_usage_row(change) for change in changes))


def _usage_row(change: UsageChange) -> dict[str, object]:
    return {
        "member_id": change.member_id,
        "day": change.day,
        "rule": change.rule,
        "points": change.points,
        "minor": change.minor,
        "uses": change.uses,
    }


def celebrate(batch: Batch, member_id: str, *, year: int, receipt_id: str) -> None:
    """Use the birthday of one year: once for each member."""
    batch.add(CELEBRATE, {"member_id": member_id, "year": year, "receipt_id": receipt_id})


def uncelebrate(batch: Batch, receipt_id: str) -> None:
    """Give the birthday back with a fully returned receipt."""
    batch.add(UNCELEBRATE, {"receipt_id": receipt_id})
