"""A member's whole way on a ladder told again from what happened: for back-tests, calculators and proofs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from portal.rulebook.tiers.judging import fall, rise, step_back
from portal.rulebook.tiers.ladder import Ladder
from portal.rulebook.tiers.measuring import Deeds, Kept
from portal.rulebook.tiers.periods import judgements
from portal.rulebook.tiers.standing import Change, Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A purchase and its money, a refund `of` an earlier one and the money given back, a referral, a quest done."""

    id: str
    at: datetime
    type: Literal["purchase", "refund", "referral", "quest"]
    money: int = 0
    of: str | None = None


@dataclass(slots=True)
class _Member:
    ladder: Ladder
    zone: ZoneInfo
    standing: Standing
    judged_until: datetime
    bought: dict[str, Kept]
    referrals: tuple[datetime, ...] = ()
    quests: tuple[datetime, ...] = ()

    def deeds(self) -> Deeds:
        return Deeds(kept=tuple(self.bought.values()), referrals=self.referrals, quests=self.quests)


def replay(
    ladder: Ladder, events: Iterable[Event], *, zone: ZoneInfo, start: datetime, until: datetime | None = None
) -> tuple[Standing, list[Change]]:
    """Return where a member stands in the end and every change on the way, periods judged through `until`."""
    member = _Member(ladder, zone, Standing(), start, {})
    changes: list[Change] = []
    for event in sorted(events, key=lambda each: each.at):
        changes += _judge_until(member, event.at)
        _happen(member, event)
        changes += _move(member, event)
    changes += _judge_until(member, until or member.judged_until)
    return member.standing, changes


def _judge_until(member: _Member, until: datetime) -> list[Change]:
    changes: list[Change] = []
    for period in judgements(member.ladder.keep, zone=member.zone, after=member.judged_until, until=until):
        change = fall(member.ladder, member.standing, member.deeds().measure, period=period, zone=member.zone)
        if change is not None:
            member.standing = member.standing.after(change, member.ladder)
            changes.append(change)
    member.judged_until = max(member.judged_until, until)
    return changes


def _happen(member: _Member, event: Event) -> None:
    if event.type == "purchase":
        member.bought[event.id] = Kept(event.at, event.money)
    elif event.type == "refund":
        kept = member.bought[event.of or ""]
        member.bought[event.of or ""] = Kept(kept.at, max(0, kept.money - event.money))
    elif event.type == "referral":
        member.referrals = (*member.referrals, event.at)
    else:
        member.quests = (*member.quests, event.at)


def _move(member: _Member, event: Event) -> list[Change]:
    ladder, standing, measure, zone = member.ladder, member.standing, member.deeds().measure, member.zone
    move = step_back if event.type == "refund" else rise
    change = move(ladder, standing, measure, at=event.at, zone=zone)
    if change is None:
        return []
    member.standing = standing.after(change, ladder)
    return [change]
