"""Writes of standings: a change and where it leads, in the batch of whatever caused it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.db import Batch, Write, epoch, insert_into, upsert
from portal.rulebook.tiers import Change, Manual, Standing
from portal.tiers.tables import TierChange, TierWalk

FORGOTTEN = "erased"  # what staff did keeps a reason (tables.py)
TELL = insert_into(TierChange.__table__)
STAND = Write(
    name="tier_standing",
    columns=(
        ("member_id", "text"),
        ("tier", "text"),
        ("since", "bigint"),
        ("number", "bigint"),
        ("manual_tier", "text"),
        ("manual_until", "bigint"),
    ),
    statement=(
        "insert into tier_standing (member_id, tier, since, number, manual_tier, manual_until) "
        "select r.member_id, r.tier, r.since, r.number, r.manual_tier, r.manual_until from {rows} where true "
        "on conflict (member_id) do update set tier = excluded.tier, since = excluded.since, "
        "number = excluded.number, manual_tier = excluded.manual_tier, manual_until = excluded.manual_until "
        "where tier_standing.number < excluded.number"
    ),
    every_row=True,
)


@dataclass(frozen=True, slots=True)
class ByHand:
    """A change that staff made, the last of several, who it was and why."""

    change: Change
    operator: str
    reason: str


def move(
    batch: Batch,
    member_id: str,
    changes: Sequence[Change],
    *,
    standing: Standing,
    number: int,
    rulebook: str,
    now: datetime,
    given: ByHand | None = None,
) -> None:
    """Write changes and where they lead; `number` is that of the last change read.

    Who comes too late finds the next number taken: the batch fails as any unique violation does, and is tried anew.
    """
    told = [*changes, *([given.change] if given else ())]
    if not told:
        return
    rows = [_row(member_id, n, change, rulebook, now) for n, change in enumerate(told, start=number + 1)]
    if given is not None:
        rows[-1] |= {"operator": given.operator, "reason": given.reason}
    batch.add(TELL, *rows)
    manual: Manual | None = standing.manual
    batch.add(
        STAND,
        {
            "member_id": member_id,
            "tier": standing.tier or told[0].from_,
            "since": _epoch(standing.since),
            "number": number + len(told),
            "manual_tier": manual.tier if manual else None,
            "manual_until": epoch(manual.until) if manual else None,
        },
    )


def _row(member_id: str, number: int, change: Change, rulebook: str, now: datetime) -> dict[str, Any]:
    return {
        "member_id": member_id,
        "number": number,
        "at": epoch(change.at),
        "posted_at": epoch(now),
        "from_tier": change.from_,
        "to_tier": change.to,
        "cause": change.cause,
        "held_since": _epoch(change.held_since),
        "rulebook": rulebook,
        "operator": None,
        "reason": "",
    }


def forget_reasons(session: Session, member_id: str) -> None:
    """Forget why staff gave a member tiers: their words may name somebody."""
    told = update(TierChange).where(TierChange.member_id == member_id, TierChange.reason != "")
    session.execute(told.values(reason=FORGOTTEN))


def walked(session: Session, kind: str, *, through: datetime) -> None:
    """Note how far everybody was judged or told."""
    upsert(session, TierWalk, {"kind": kind, "through": through}, key=("kind",), held=("through",))


def _epoch(at: datetime | None) -> int | None:
    return None if at is None else epoch(at)
