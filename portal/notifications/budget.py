"""May it be sent, and when: holdout, consent, quiet hours, caps, in this order (domain.md §9.2). Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from portal.notifications.quiet import QuietHours

Reason: TypeAlias = Literal["held_out", "no_consent", "too_late", "weekly_cap", "min_gap"]
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What one member may be sent of marketing, over all channels. A part that is None sets no limit.

    `consents` are the channels the member agreed to get marketing by.
    """

    zone: ZoneInfo
    consents: Collection[str] = ()
    quiet: QuietHours | None = None
    most_in_a_week: int | None = None
    gap: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A message somebody wants to send. Of two at the same instant the one with the smaller `priority` goes first."""

    id: str
    at: datetime
    channel: str
    marketing: bool
    priority: int = 100
    not_after: datetime | None = None
    held_out: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """Either sent at an instant of the member's zone, or not, with the reason."""

    wish: Wish
    at: datetime | None
    reason: Reason | None = None


def decide(wishes: Iterable[Wish], policy: Policy, *, sent: Iterable[datetime] = ()) -> dict[str, Decision]:
    """Decide about messages to one member, in the order of time; the time a message is moved to counts.

    `sent` are the instants of marketing that went out before. What a limit refuses is not sent later. Service messages
    pass everything but the holdout.
    """
    budget = _Budget(policy, sorted(sent))
    judged = [_before_caps(wish, policy) for wish in wishes]
    decisions = {each.wish.id: each for each in judged}
    waiting = [each for each in judged if each.wish.marketing and each.at is not None]
    for each in sorted(waiting, key=_turn):
        decisions[each.wish.id] = budget.spend(each)
    return decisions


def _before_caps(wish: Wish, policy: Policy) -> Decision:
    if wish.held_out:
        return Decision(wish, None, "held_out")
    if not wish.marketing:
        return Decision(wish, wish.at.astimezone(policy.zone))
    if wish.channel not in policy.consents:
        return Decision(wish, None, "no_consent")
    at = wish.at.astimezone(policy.zone)
    if policy.quiet is not None:
        at = policy.quiet.let_out(at, zone=policy.zone)
    if wish.not_after is not None and at.astimezone(UTC) >= wish.not_after:
        return Decision(wish, None, "too_late")
    return Decision(wish, at)


def _turn(decision: Decision) -> tuple[datetime, int, datetime]:
    at = decision.at or decision.wish.at
    return at.astimezone(UTC), decision.wish.priority, decision.wish.at.astimezone(UTC)


@dataclass(slots=True)
class _Budget:
    """What is left for one member as messages go out."""

    policy: Policy
    sent: list[datetime] = field(default_factory=list)

    def spend(self, asked: Decision) -> Decision:
        at = asked.at
        reason = self._refusal(at) if at else None
        if reason:
            return Decision(asked.wish, None, reason)
        if at:
            self.sent.append(at)
        return asked

    def _refusal(self, at: datetime) -> Reason | None:
        most, gap = self.policy.most_in_a_week, self.policy.gap
        past = [_between(each, at) for each in self.sent]
        if most is not None and sum(ago < WEEK for ago in past) >= most:
            return "weekly_cap"
        if gap is not None and any(ago < gap for ago in past):
            return "min_gap"
        return None


def _between(earlier: datetime, later: datetime) -> timedelta:
    """Return the time that passed: two times of one zone would be subtracted as its wall clock shows them."""
    return later.astimezone(UTC) - earlier.astimezone(UTC)
