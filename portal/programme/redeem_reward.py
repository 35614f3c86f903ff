"""A member takes a reward from the shelf for points, gives it back, or is handed it out at a till (product.md)."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.db import Batch
from portal.errors import Refused
from portal.ids import is_id
from portal.ledger import operations as ledger
from portal.ledger.book import Book
from portal.ledger.entries import Origin
from portal.ledger.refunds import RefundTerms
from portal.members.lookup import by_id
from portal.members.queries.people import find_person
from portal.perks.operations import shelf
from portal.perks.queries import shelf as standing
from portal.perks.shelf import RewardUnknown, Taken
from portal.perks.shown_codes import new_shown_code
from portal.programme.command import Command
from portal.programme.member_book import load_locked
from portal.programme.present import read_present, tier_of
from portal.programme.receipt_notices import announce_released
from portal.programme.rulebooks import rulebook_in_force
from portal.programme.spending import check_spender
from portal.rulebook.document import Rulebook
from portal.rulebook.validity import Validity, lot_dates, midnight_after

_DAY, _MOMENT = timedelta(days=1), timedelta(microseconds=1)


class RewardUsed(Refused):
    code = "reward-used"
    status = 409
    text = "This reward was handed out already, or given back."


class RewardOver(Refused):
    code = "reward-over"
    status = 410
    text = "The code of this reward ran out on %(day)s. Its points go back to the member."


def take_reward(session: Session, member_id: str, reward_id: str, *, taken_id: str, now: datetime) -> Taken:
    """Pay for a reward with points and get its code; told again with the same id, it is the same reward.

    Raises `UnknownMember`, `MemberLeft`, `NoRulebook`, `SpendingPaused`, `NotEnoughPoints` and what `Reward.check`
    raises.
    """
    if not is_id(taken_id):
        raise RewardUnknown
    known = standing.find_taken(session, taken_id)
    if known is not None:
        return _own(known, member_id)
    scene, person, book = read_present(session, member_id, now=now, spends=True)
    reward = standing.find_reward(session, reward_id)
    if reward is None:
        raise RewardUnknown
    check_spender(person, None, proven=True, now=now)
    had = standing.had_by(session, member_id).get(reward_id, 0)
    reward.check(tier=tier_of(scene, at=now), had=had, at=now)
    rulebook = scene.rulebook
    day = now.astimezone(rulebook.zone).date() + reward.valid_days * _DAY
    taken = Taken(
        id=taken_id,
        reward=reward,
        member_id=member_id,
        code=new_shown_code(),
        points=reward.points,
        state="taken",
        taken_at=now,
        until=midnight_after(day, rulebook.zone),
        ended_at=None,
        ended_by=None,
    )
    origin = Origin("reward", rulebook=rulebook.seal)
    details = {"title": dict(reward.title), "reward": reward.id}
    book.redeem(reward.points, at=now, source=_source(taken), origin=origin, details=details)
    batch = Batch()
    shelf.take(batch, taken)
    _store(session, batch, book, now=now)
    return taken


def give_reward_back(session: Session, member_id: str, taken_id: str, *, now: datetime) -> Taken:
    """Put a reward back on the shelf and its points into the balance; told again, nothing more comes back.

    Points whose last day went by come back for the rulebook's grace. Raises `RewardUnknown` or `RewardUsed`.
    """
    taken = standing.find_taken(session, taken_id)
    if taken is None:
        raise RewardUnknown
    if _own(taken, member_id).state == "used":
        raise RewardUsed
    if taken.state == "taken":
        _return(session, taken, by=f"member:{member_id}", now=now)
    return standing.find_taken(session, taken_id) or taken


def find_shown_reward(session: Session, code: str) -> Taken | None:
    """Return the reward whose code was scanned at a till."""
    return standing.find_taken_by_code(session, code)


def hand_out_reward(session: Session, taken_id: str, *, command: Command) -> Taken:
    """Note at a till that a reward is handed out, once. Raises `RewardUnknown`, `RewardUsed` or `RewardOver`.

    Told again by the same till within its shift it stays as it is, so that a double click is no refusal.
    """
    taken = standing.find_taken(session, taken_id)
    if taken is None:
        raise RewardUnknown
    by = command.operator or command.client
    if taken.state == "used" and taken.ended_by == by:
        return taken
    if taken.state != "taken":
        raise RewardUsed
    if not taken.works(command.now):
        zone = rulebook_in_force(session, at=command.now).zone
        raise RewardOver(day=(taken.until - _MOMENT).astimezone(zone).date().isoformat())
    batch = Batch()
    shelf.use(batch, taken, by=by, now=command.now)
    batch.flush(session)
    return standing.find_taken(session, taken_id) or taken


def return_unused_rewards(session: Session, *, now: datetime, limit: int) -> int:
    """Give back rewards whose code ran out unused: nobody loses points by forgetting. Returns how many."""
    late = standing.taken_too_long(session, now=now, limit=limit)
    for taken in late:
        _return(session, taken, by="time", now=now)
    return len(late)


def _return(session: Session, taken: Taken, *, by: str, now: datetime) -> None:
    source = _source(taken)
    rulebook = rulebook_in_force(session, at=now)
    book = load_locked(session, taken.member_id, now=now, sources=(source,))
    book.refund(at=now, source=f"{source}/back", terms=_terms(rulebook, now=now), restore={source: taken.points})
    owner = find_person(session, by_id(taken.member_id))
    if owner is None or owner.card_number is None:  # forgotten since: nobody is there to have them
        book.forfeit(at=now, source=f"{source}/erased")
    batch = Batch()
    shelf.give_back(batch, taken, by=by, now=now)
    _store(session, batch, book, now=now)


def _terms(rulebook: Rulebook, *, now: datetime) -> RefundTerms:
    grace = Validity(type="days", n=rulebook.refunds.restore_grace_days)
    return RefundTerms(grace=lot_dates(now, zone=rulebook.zone, pending_days=0, valid=grace))


def _store(session: Session, batch: Batch, book: Book, *, now: datetime) -> None:
    ledger.store(batch, book)
    announce_released(batch, book, now=now)
    batch.flush(session)


def _own(taken: Taken, member_id: str) -> Taken:
    if taken.member_id != member_id:
        raise RewardUnknown
    return taken


def _source(taken: Taken) -> str:
    return f"reward/{taken.id}"
