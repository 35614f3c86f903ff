"""Published rulebooks, read and compiled once for each process."""

from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from portal.errors import Refused
from portal.receipts import queries as receipts
from portal.rulebook.document import Rulebook, load_json

_KEPT = 64
_DAY = timedelta(days=1)
_NEVER = datetime(9000, 1, 1, tzinfo=UTC)
_by_digest: dict[str, Rulebook] = {}


class NoRulebook(Refused):
    code = "no-rulebook"
    status = 409
    text = "No rulebook was in force at that time."


def rulebook_in_force(session: Session, *, at: datetime) -> Rulebook:
    """Return the rulebook by which a receipt of an instant is judged. Raises `NoRulebook`."""
    return rulebook_by_digest(session, receipts.digest_in_force(session, at=at))


def tiers_since(at: datetime) -> datetime:
    """Return since when single purchases may matter for tiers by any rulebook this process has met: mostly never.

    A story reads those with everything else, before it knows which rulebook is in force.
    """
    ladders = [each.tiers for each in _by_digest.values() if each.tiers]
    days = max((ladder.reach_days for ladder in ladders), default=0)
    return at - (days + 2) * _DAY if days else _NEVER


def ladder_met() -> bool:
    """Tell whether any rulebook this process has met has tiers; where none has, nobody's climb is read."""
    return any(each.tiers for each in _by_digest.values())


def rulebook_by_digest(session: Session, digest: str | None) -> Rulebook:
    """Return a published rulebook by its hash: it is the same document for ever. Raises `NoRulebook` for None."""
    if digest is None:
        raise NoRulebook
    known = _by_digest.get(digest)
    if known is None:
        published = receipts.version_of(session, digest=digest)
        if published is None:
            raise NoRulebook
        known = load_json(published.document)
        while len(_by_digest) >= _KEPT:
            del _by_digest[next(iter(_by_digest))]
        _by_digest[digest] = known
    return known
