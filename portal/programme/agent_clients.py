"""An agent and those whose orders they bring: what each sale gives, and the split for the next one (domain.md §3.5)."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from portal.errors import Refused
from portal.ledger.queries.brought import earned_by_cause
from portal.members.queries.referrals import clients_of
from portal.programme.rulebooks import rulebook_in_force
from portal.rulebook.conditions.segment import Segment
from portal.rulebook.document import Rule, Rulebook
from portal.rulebook.effects.base import AccrualEffect
from portal.rulebook.values import Title
from portal.segments import operations as segments
from portal.segments.queries import assigned_to


class NotYourClient(Refused):
    code = "not-your-client"
    status = 404
    text = "This is no client of yours any more."


class UnknownSplit(Refused):
    code = "unknown-split"
    text = "The programme has no such split."


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """What an agent may give a client for the next sale: the segment that does it, and the rule by which it works."""

    segment: str
    title: Title


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A client by first name; `split` is the segment that waits for the next sale, None for the usual terms."""

    member_id: str
    first_name: str = field(repr=False)
    split: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clients:
    """Everything an agent sees. `points` are those earned so far by sales to clients, less what came back."""

    clients: tuple[Client, ...]
    splits: tuple[Split, ...]
    points: int


def clients_and_splits(session: Session, agent_id: str, *, now: datetime) -> Clients:
    """Return an agent's clients and what may be given to each. Raises `NoRulebook`."""
    splits = splits_of(rulebook_in_force(session, at=now))
    found = clients_of(session, agent_id)
    waiting = assigned_to(session, [member_id for member_id, _ in found], [each.segment for each in splits], at=now)
    return Clients(
        clients=tuple(
            Client(member_id=member_id, first_name=first_name, split=waiting.get(member_id))
            for member_id, first_name in found
        ),
        splits=splits,
        points=sum(earned_by_cause(session, agent_id, "agent").values()),
    )


def split_next_sale(session: Session, agent_id: str, client_id: str, *, segment: str | None, now: datetime) -> None:
    """Give a client a split for the next sale, once, or take one back (None). The cashier does nothing.

    Raises `NotYourClient`, `UnknownSplit` or `NoRulebook`.
    """
    known = [each.segment for each in splits_of(rulebook_in_force(session, at=now))]
    if client_id not in {member_id for member_id, _ in clients_of(session, agent_id)}:
        raise NotYourClient
    if segment is not None and segment not in known:
        raise UnknownSplit
    segments.withdraw(session, client_id, segments=[other for other in known if other != segment])
    if segment is not None:
        segments.assign(session, client_id, segment=segment, now=now, uses=1)


def splits_of(rulebook: Rulebook) -> tuple[Split, ...]:
    """Return the splits of a rulebook that some rule of an agent knows."""
    offered = rulebook.referral.agent_splits if rulebook.referral else ()
    by_segment = {name: rule for rule in rulebook.rules if _for_agents(rule) for name in _segments(rule)}
    return tuple(Split(segment=name, title=by_segment[name].title or name) for name in offered if name in by_segment)


def _for_agents(rule: Rule) -> bool:
    return any(isinstance(effect, AccrualEffect) and effect.to == "agent" for effect in rule.effects)


def _segments(rule: Rule) -> set[str]:
    return {name for each in rule.when.walk() if isinstance(each, Segment) for name in each.in_}
