"""What becomes of messages to one member: wanted or silenced, fresh or stale, and then the budget (domain.md §9.2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.notifications.budget import Wish, decide
from portal.notifications.kinds import Facts, Kind
from portal.notifications.operations import Fate
from portal.programme.reaching import Addressee


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A message to be decided about, worth sending for a while from `at` on.

    `cause` is None for one that stands in the inbox and waited until then.
    """

    id: str
    kind: Kind
    facts: Facts
    at: datetime
    not_after: datetime | None
    cause: str | None


def decide_fates(addressee: Addressee, items: Sequence[Item], *, now: datetime) -> list[tuple[Item, Fate]]:
    """Decide about all of them together: what goes out first leaves less for the others."""
    policy = addressee.policy
    wishes = [_wish(addressee, item, now=now) for item in items if _may_leave(addressee, item, now=now)]
    decisions = decide(wishes, policy, sent=addressee.known.counted)
    fates: list[tuple[Item, Fate]] = []
    for item in items:
        decision = decisions.get(item.id)
        if decision is None:
            fates.append((item, _stays(addressee, item)))
        elif decision.at is None:
            fates.append((item, Fate(state="held", reason=decision.reason)))
        else:
            at = decision.at
            if item.kind.patient and policy.quiet is not None:
                at = policy.quiet.let_out(at, zone=policy.zone)
            fates.append((item, _goes(item, at=at, now=now)))
    return fates


def _may_leave(addressee: Addressee, item: Item, *, now: datetime) -> bool:
    """Tell whether a message goes beyond the inbox, budget allowing: wanted, fresh, and by some channel.

    Advertising that no channel could carry is asked about all the same, so that the inbox says what is missing.
    """
    if not addressee.known.preference.wants(item.kind):
        return False
    if item.at + item.kind.ttl <= now:
        return False
    return bool(addressee.reachable_by(item.kind)) or (item.kind.topic.marketing and not addressee.reach.consents)


def _stays(addressee: Addressee, item: Item) -> Fate:
    if not addressee.known.preference.wants(item.kind):
        return Fate(state="held", reason="silenced")
    return Fate(state="kept")


def _goes(item: Item, *, at: datetime, now: datetime) -> Fate:
    if at > now:
        return Fate(state="waiting", due_at=at)
    return Fate(state="sent", counts_at=now if item.kind.topic.marketing else None)


def _wish(addressee: Addressee, item: Item, *, now: datetime) -> Wish:
    channels = addressee.channels_of(item.kind) or addressee.reachable_by(item.kind)
    return Wish(
        id=item.id,
        at=now,
        channel=channels[0] if channels else "",
        marketing=item.kind.topic.marketing,
        priority=item.kind.priority,
        not_after=item.not_after,
    )
