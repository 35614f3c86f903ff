"""A member on the ladder as a story finds them: judged up to now, to be moved by what happens (domain.md §4)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.db import Batch
from portal.programme.past_deeds import Before, ReadAhead, deeds_before, friends_counted
from portal.receipts import queries as receipts
from portal.rulebook.document import Rulebook
from portal.rulebook.tiers import (
    Change,
    Deeds,
    Kept,
    Ladder,
    Path,
    Progress,
    Standing,
    Tier,
    Totals,
    fall,
    judgements,
    near_miss,
    progress_of,
    rise,
    step_back,
)
from portal.rulebook.validity import midnight
from portal.tiers import operations as tiers
from portal.tiers.stored import Stored

_DAY = timedelta(days=1)
EVER, _NEVER = datetime(1970, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Climb:
    """Where a member stands and what they did. `changes` are those since it was read, to be written by `write`."""

    ladder: Ladder
    zone: ZoneInfo
    label: str
    stored: Stored
    standing: Standing
    deeds: Deeds
    changes: tuple[Change, ...] = ()

    def tier_at(self, at: datetime) -> Tier:
        """Return the tier that a receipt of an instant finds; one told late finds that of its own time."""
        if self.stored.was is not None:
            return self.ladder.tier(self.stored.was)
        return self.standing.tier_at(at, self.ladder)

    def progress(self, at: datetime) -> Progress:
        return progress_of(self.ladder, self.standing, self.deeds.measure, at=at, zone=self.zone)

    def near_miss(self, at: datetime) -> Path | None:
        """Return the way up to the next tier where little of it is left."""
        return near_miss(self.ladder, self.standing, self.deeds.measure, at=at, zone=self.zone)

    def bought(self, money: int, *, at: datetime) -> "Climb":
        """Return the climb after one more purchase, which may let a member rise at once."""
        totals = self.deeds.totals
        deeds = replace(
            self.deeds, kept=(*self.deeds.kept, Kept(at, money)), totals=totals.plus(money) if totals else None
        )
        return replace(self, deeds=deeds).risen(at=at)

    def risen(self, *, at: datetime) -> "Climb":
        """Return the climb after the rise that its deeds allow at an instant, or at that of the latest purchase."""
        for moment in sorted({at, max((each.at for each in self.deeds.kept), default=at)}, reverse=True):
            change = rise(self.ladder, self.standing, self.deeds.measure, at=moment, zone=self.zone)
            if change is not None:
                since = self.standing.since
                return self.moved(replace(change, at=max(at, since) if since else at))
        return self

    def gave_back(self, kept: Iterable[Kept], *, at: datetime) -> "Climb":
        """Return the climb after a refund that leaves these of all purchases."""
        deeds = replace(self.deeds, kept=tuple(kept), totals=None)
        change = step_back(self.ladder, self.standing, deeds.measure, at=at, zone=self.zone)
        left = replace(self, deeds=deeds)
        return left if change is None else left.moved(change)

    def settled(self, *, until: datetime, before: Before) -> "Climb":
        """Return the climb after the ends of periods that nobody judged yet, each by what was done `before` it."""
        climb = self
        for period in judgements(self.ladder.keep, zone=self.zone, after=_judged(self.stored), until=until):
            deeds = before(period.judged_at(climb.zone))
            change = fall(climb.ladder, climb.standing, deeds.measure, period=period, zone=climb.zone)
            climb = climb if change is None else climb.moved(change)
        return climb

    def write(self, batch: Batch, member_id: str, *, now: datetime) -> None:
        """Put the changes into a batch."""
        tiers.move(
            batch,
            member_id,
            self.changes,
            standing=self.standing,
            number=self.stored.number,
            rulebook=self.label,
            now=now,
        )

    def moved(self, change: Change) -> "Climb":
        """Return the climb after a change, which `write` will write."""
        return replace(self, standing=self.standing.after(change, self.ladder), changes=(*self.changes, change))


def find_climb(
    session: Session,
    rulebook: Rulebook,
    member_id: str | None,
    *,
    stored: Stored,
    totals: Totals,
    kept: Iterable[receipts.KeptReceipt],
    since: datetime | None,
    at: datetime,
    rises: tuple[Change, ...] = (),
    ahead: ReadAhead | None = None,
) -> Climb | None:
    """Return a member's climb settled at an instant; None for guests and without a ladder.

    `kept` are the purchases `since` an instant (None: all). Should the ladder need older ones, they are read now, and
    so are friends, and refunds since a period that nobody was judged for, that were not read `ahead`.
    """
    ladder = rulebook.tiers
    if ladder is None or member_id is None:
        return None
    needed = needed_since(ladder, stored, zone=rulebook.zone, at=at)
    if since is not None and needed is not None and needed < since:
        kept = receipts.kept_receipts(session, member_id, since=needed)
    friends = ahead.friends if ahead else None
    if friends is None:
        friends = friends_counted(session, ladder, [member_id]).get(member_id, ())
    bought = tuple(kept)
    climb = Climb(
        ladder=ladder,
        zone=rulebook.zone,
        label=rulebook.label,
        stored=stored,
        standing=stored.standing(rises),
        deeds=Deeds(kept=tuple(Kept(each.at, each.money) for each in bought), totals=totals, referrals=friends),
    )
    before = deeds_before(session, ladder, member_id, deeds=climb.deeds, bought=bought, ahead=ahead)
    return climb.settled(until=at, before=before)


def _judged(stored: Stored) -> datetime:
    """Return up to where the ends of periods are judged for this member; nobody falls who never rose."""
    if stored.since is None:
        return _NEVER
    return max(stored.since, stored.judged_through or stored.since)


def needed_since(ladder: Ladder, stored: Stored, *, zone: ZoneInfo, at: datetime) -> datetime | None:
    """Return since when single purchases matter; None when they do not."""
    if not ladder.reach_days:
        return None
    due = [period.first for period in judgements(ladder.keep, zone=zone, after=_judged(stored), until=at)]
    if due and ladder.keeps_by_lifetime:
        return EVER
    return midnight(min([at.astimezone(zone).date() - ladder.reach_days * _DAY, *due]), zone)
