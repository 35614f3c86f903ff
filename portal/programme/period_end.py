"""The end of a period for the holders of one tier: measured by the database, judged by the ladder, written together.

Nobody's receipts are read: the statement that finds who may fall sums up what they did (P17).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.db import Batch
from portal.programme.notices import Notice, announce_alike
from portal.programme.tier_notices import tell_outside, tier_notice
from portal.programme.tier_screening import keeping, summed_to_keep
from portal.programme.tier_sums import Summed, counted, sum_among, sums_of
from portal.programme.tier_walk import Round
from portal.rulebook.tiers import Change, Ladder, Metric, Period, Span, Tier, fall
from portal.tiers import operations as tiers
from portal.tiers.queries import Holder, falling_with_sums, nth_holder


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


def judge_holders(session: Session, batch: Batch, judged: Round, *, period: Period) -> str | None:
    """Judge the holders of a round's tier, and add who falls to a batch; return the last one (None: all were).

    The tier `can_be_summed_up`.
    """
    tier, zone, after = judged.tier, judged.zone, judged.walk.after
    if tier.to_keep is None:
        return None
    through = nth_holder(session, judged.limit, tier=tier.id, after=after)
    summed = summed_to_keep(*_asked(judged.ladder, tier), period=period, zone=zone)
    keeps = keeping(tier, tier.to_keep, summed, period=period, zone=zone)
    sums = sums_of(summed, after=after, through=through, as_of=period.judged_at(zone))
    told: dict[str, tuple[Notice, list[str]]] = {}
    for holder in falling_with_sums(session, sums, tier=tier.id, keeps=keeps, after=after, through=through):
        change = _fallen(batch, judged, holder, _Measured(summed, holder.sums), period=period)
        if change is not None:
            _, fell = told[change.to] = told.get(change.to) or (tier_notice([change], judged.ladder), [])
            fell.append(holder.member_id)
    for notice, fell in told.values():
        announce_alike(batch, fell, notice, now=judged.now)
    return through


def _fallen(batch: Batch, judged: Round, holder: Holder, measured: _Measured, *, period: Period) -> Change | None:
    """Write how far a holder falls; None where they do not, as nobody does who never rose."""
    standing, ladder, member_id = holder.stored.standing(), judged.ladder, holder.member_id
    if standing.since is None:
        return None
    change = fall(ladder, standing, measured.measure, period=period, zone=judged.zone)
    if change is not None:
        fallen, number, label = standing.after(change, ladder), holder.stored.number, judged.rulebook.label
        tiers.move(batch, member_id, [change], standing=fallen, number=number, rulebook=label, now=judged.now)
        tell_outside(batch, [change], member_id)
    return change


def _asked(ladder: Ladder, tier: Tier) -> list[Tier]:
    """Return the tiers whose conditions say where a holder goes: the tier itself, then those below it."""
    rank = ladder.rank(tier.id)
    return [tier, *ladder.tiers[1:rank]]
