"""What a member's invitation has brought, step by step (domain.md §5.4): opened, joined, bought, and the points."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from portal.ledger.queries.brought import earned_by_cause
from portal.members.queries.referrals import clients_of, count_below, first_names
from portal.programme.rulebooks import NoRulebook, rulebook_in_force
from portal.receipts.queries.bought import bought_by
from portal.referrals.queries import brought_by, clicks_on, code_of, friends_of
from portal.rulebook.effects.base import AccrualEffect
from portal.rulebook.referral import REWARD_RULE


@dataclass(frozen=True, slots=True, kw_only=True)
class BroughtFriend:
    """Somebody who came: by first name, "" for one who was forgotten; `purchases` are those that stand."""

    first_name: str = field(repr=False)
    joined_at: datetime
    purchases: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """The funnel of an invitation. `code` is None for somebody who has not asked for one yet.

    `joined` and `bought` count friends, `bought_again` those with a second purchase; `below` are members the friends
    brought and members those brought, told where the rulebook rewards them; `clients` are those whose agent this is.
    Points are what was given and not taken back, pending ones included.
    """

    code: str | None
    chosen: bool
    opened: int
    joined: int
    bought: int
    bought_again: int
    below: tuple[int, ...]
    points_for_joining: int
    points_for_purchases: int
    friends: tuple[BroughtFriend, ...]
    clients: int

    @property
    def points(self) -> int:
        return self.points_for_joining + self.points_for_purchases


def invitation_of(session: Session, member_id: str, *, now: datetime) -> Invited:
    """Count what a member's code and link have brought until now."""
    code, chosen = code_of(session, member_id) or (None, False)
    friends = friends_of(session, member_id)
    purchases = {each.member_id: each.purchases for each in bought_by(session, brought_by(member_id))}
    names = first_names(session, [friend.member_id for friend in friends])
    points = earned_by_cause(session, member_id, "referral")
    for_joining = points.pop(REWARD_RULE, 0)
    return Invited(
        code=code,
        chosen=chosen,
        opened=clicks_on(session, member_id),
        joined=len(friends),
        bought=len(purchases),
        bought_again=sum(count > 1 for count in purchases.values()),
        below=count_below(session, member_id)[: _levels(session, now=now) - 1],
        points_for_joining=for_joining,
        points_for_purchases=sum(points.values()),
        friends=tuple(
            BroughtFriend(
                first_name=names.get(friend.member_id, ""),
                joined_at=friend.joined_at,
                purchases=purchases.get(friend.member_id, 0),
            )
            for friend in friends
        ),
        clients=len(clients_of(session, member_id)),
    )


def _levels(session: Session, *, now: datetime) -> int:
    """Return how many of those who brought each other the rules reward."""
    try:
        rulebook = rulebook_in_force(session, at=now)
    except NoRulebook:
        return 1
    effects = (effect for rule in rulebook.every_rule for effect in rule.effects)
    return max((effect.level for effect in effects if isinstance(effect, AccrualEffect)), default=1)
