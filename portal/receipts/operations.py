"""Writes of receipts: what a story adds to its batch, so that everything about a receipt is written or nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from portal.db import Batch, Write, epoch, insert_into
from portal.ids import new_id
from portal.receipts.queries.adjustments import StandingAdjustment
from portal.receipts.queries.events import StandingEvent
from portal.receipts.tables import (
    Adjustment,
    BirthdayUse,
    Idempotency,
    MemberEvent,
    Receipt,
    Refund,
    RulebookVersion,
    RuleUsage,
)
from portal.rulebook.document import Rulebook
from portal.rulebook.outcome import Outcome, outcome_json
from portal.rulebook.receipt import Receipt as Told
from portal.rulebook.receipt import receipt_json

Document = dict[str, Any]

PUBLISH = insert_into(RulebookVersion.__table__)
RECORD = insert_into(Receipt.__table__)
RETURN = insert_into(Refund.__table__)
REMEMBER = insert_into(Idempotency.__table__)
CELEBRATE = insert_into(BirthdayUse.__table__)
TELL = insert_into(MemberEvent.__table__)
CLOSE = Write(
    name="receipt_close",
    columns=(("id", "text"),),
    statement=(
        "update receipt set fully_returned = true from {rows} where receipt.id = r.id and not receipt.fully_returned"
    ),
    every_row=True,
)
TURN = Write(
    name="receipt_history",
    columns=(
        ("member_id", "text"),
        ("turns", "bigint"),
        ("purchases", "bigint"),
        ("last_at", "bigint"),
        ("last_net", "bigint"),
    ),
    statement=(
        "insert into purchase_history (member_id, turns, purchases, last_at, last_net) "
        "select r.member_id, r.turns + 1, r.purchases, r.last_at, r.last_net from {rows} where true "
        "on conflict (member_id) do update set turns = excluded.turns, purchases = excluded.purchases, "
        "last_at = excluded.last_at, last_net = excluded.last_net where purchase_history.turns = excluded.turns - 1"
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


def publish(
    session: Session,
    *,
    name: str,
    version: int,
    digest: str,
    document: Document,
    effective_from: datetime,
    now: datetime,
) -> None:
    """Add a version of the rulebook, in force from an instant."""
    batch = Batch()
    row = {"id": new_id(now), "name": name, "version": version, "digest": digest, "document": document}
    batch.add(PUBLISH, {**row, "effective_from": epoch(effective_from), "published_at": epoch(now)})
    batch.flush(session)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReceipt:
    """A judged receipt to be recorded.

    `digest` is that of what was told, `state` what the rules saw, `used` what it used up, for a refund.
    """

    id: str
    told: Told
    member_id: str | None
    rulebook: Rulebook
    outcome: Outcome
    digest: str
    state: Document
    used: Document


def record(batch: Batch, receipt: NewReceipt, *, client: str, key: str, now: datetime) -> None:
    """Record a receipt; a second one of its store and number breaks the uniqueness rule and is run again."""
    told, outcome = receipt.told, receipt.outcome
    row = {
        "id": receipt.id,
        "store": told.store,
        "number": told.number,
        "till": told.till or None,
        "channel": told.channel,
        "at": epoch(told.at),
        "recorded_at": epoch(now),
        "client": client,
        "key": key,
        "member_id": receipt.member_id,
        "rulebook": receipt.rulebook.label,
        "rulebook_digest": receipt.rulebook.digest,
        "digest": receipt.digest,
        "document": receipt_json(told),
        "state": receipt.state,
        "outcome": outcome_json(outcome),
        "used": receipt.used,
        "gross": outcome.total,
        "net": outcome.total - outcome.discount,
        "due": outcome.due,
        "points_spent": outcome.points_spent,
        "earned": outcome.earned.get(receipt.member_id or "", 0),
        "fully_returned": False,
    }
    batch.add(RECORD, row)


def remember(
    batch: Batch, *, client: str, key: str, operation: str, digest: str, status: int, answer: Document, now: datetime
) -> None:
    """Keep the answer to a command; a second one under the same key breaks the primary key and is run again."""
    row = {"client": client, "key": key, "operation": operation, "digest": digest, "status": status}
    batch.add(REMEMBER, {**row, "answer": answer, "at": epoch(now)})


def turn(batch: Batch, member_id: str, *, turns: int, purchases: int, last: tuple[datetime, int] | None) -> None:
    """Write a member's history after a receipt or refund; `turns` is what was read before, else `Stale`."""
    at, net = (None, None) if last is None else (epoch(last[0]), last[1])
    row = {"member_id": member_id, "turns": turns, "purchases": purchases}
    batch.add(TURN, {**row, "last_at": at, "last_net": net})


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


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRefund:
    """The n-th refund of a receipt; `result` is what a later refund of it must know."""

    id: str
    receipt_id: str
    number: int
    at: datetime
    lines: Document
    result: Document
    money: int
    points: int


def refund(batch: Batch, refund: NewRefund, *, full: bool, now: datetime) -> None:
    """Record a refund; another one of the same number breaks the uniqueness rule and is run again.

    With `full` nothing of the receipt is left, and it stops being a purchase.
    """
    row = {"id": refund.id, "receipt_id": refund.receipt_id, "number": refund.number, "lines": refund.lines}
    sums = {"result": refund.result, "money": refund.money, "points": refund.points}
    batch.add(RETURN, {**row, **sums, "at": epoch(refund.at), "recorded_at": epoch(now)})
    if full:
        batch.add(CLOSE, {"id": refund.receipt_id})


def ask_adjustment(session: Session, adjustment: StandingAdjustment) -> None:
    """Keep a correction as asked for: `waiting` for a second person, or `posted`."""
    session.execute(insert(Adjustment).values({name: getattr(adjustment, name) for name in adjustment.__slots__}))


def decide_adjustment(session: Session, adjustment_id: str, *, state: str, by: str, now: datetime) -> None:
    """Post or reject a waiting correction; the database refuses who asked for it."""
    waiting = update(Adjustment).where(Adjustment.id == adjustment_id, Adjustment.state == "waiting")
    session.execute(waiting.values(state=state, decided_by=by, decided_at=now))


def queue_operator(session: Session, operator: str) -> None:
    """Let the corrections of one operator come one after another, so that a daily limit holds."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"adjustments of {operator}"))))


def keep_event(
    session: Session,
    *,
    client: str,
    event_id: str,
    event: StandingEvent,
    now: datetime,
) -> None:
    """Keep an event; a second one of its client and id breaks the primary key and is run again."""
    row = {"client": client, "id": event_id, "type": event.type, "member_id": event.member_id, "fields": event.fields}
    batch = Batch()
    batch.add(TELL, {**row, "at": epoch(event.at), "recorded_at": epoch(now)})
    batch.flush(session)
