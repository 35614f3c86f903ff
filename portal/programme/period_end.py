"""The end of a period for the holders of one tier: measured by the database, judged by the ladder, written together.

Nobody's receipts are read: the statement that finds who may fall sums up what they did (P17).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.db import Batch
from portal.programme.notices import Notice, announce_alike
from portal.programme.tier_notices import tell_outside, tier_notice
from portal.programme.tier_screening import keeping, summed_to_keep
from portal.programme.tier_sums import Summed, counted, sum_among, sums_of
from portal.rulebook.document import Rulebook
from portal.rulebook.tiers import Ladder, Metric, Period, Span, Tier, fall
from portal.tiers import operations as tiers
from portal.tiers.queries import falling_with_sums, nth_holder


@dataclass(frozen=True, slots=True)
class _Measured:
    """What a member did, of all that was asked about."""

    summed: Sequence[Summed]
    sums: Sequence[Sequence[int]]

    def measure(self, metric: Metric, span: Span) -> int:
        return sum_among(metric, span, self.summed, self.sums)


def can_be_summed_up(ladder: Ladder, tier: Tier) -> bool:
    """Tell whether the database can count all that holders of a tier are judged by."""
    return all(each.to_keep is not None and counted(each.to_keep) for each in _asked(ladder, tier))


def judge_holders(
    session: Session,
    batch: Batch,
    rulebook: Rulebook,
    ladder: Ladder,
    tier: Tier,
    *,
    period: Period,
    after: str,
    limit: int,
    now: datetime,
) -> str | None:
    """Judge the next `limit` holders of a tier, and add who falls to a batch; return the last one (None: all were).

    The tier `can_be_summed_up`.
    """
    zone, condition = rulebook.zone, tier.to_keep
    if condition is None:
        return None
    through = nth_holder(session, limit, tier=tier.id, after=after)
    summed = summed_to_keep(*_asked(ladder, tier), period=period, zone=zone)
    keeps = keeping(tier, condition, summed, period=period, zone=zone)
    sums = sums_of(summed, after=after, through=through, as_of=period.judged_at(zone))
    told: dict[str, tuple[Notice, list[str]]] = {}
    for holder in falling_with_sums(session, sums, tier=tier.id, keeps=keeps, after=after, through=through):
        if holder.stored.since is None:
            continue  # nobody falls who never rose
        measured = _Measured(summed, holder.sums)
        standing = holder.stored.standing()
        change = fall(ladder, standing, measured.measure, period=period, zone=zone)
        if change is None:
            continue
        member_id, number, fallen = holder.member_id, holder.stored.number, standing.after(change, ladder)
        tiers.move(batch, member_id, [change], standing=fallen, number=number, rulebook=rulebook.label, now=now)
        tell_outside(batch, [change], member_id)
        _, fell = told[change.to] = told.get(change.to) or (tier_notice([change], ladder), [])
        fell.append(member_id)
    for notice, fell in told.values():
        announce_alike(batch, fell, notice, now=now)
    return through


def _asked(ladder: Ladder, tier: Tier) -> list[Tier]:
    """Return the tiers whose conditions say where a holder goes: the tier itself, then those below it."""
    rank = ladder.rank(tier.id)
    return [tier, *ladder.tiers[1:rank]]
