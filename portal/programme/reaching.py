"""What is known of members about to be told something: read for many at once."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from portal.config import Language
from portal.db import Instant, json_rows
from portal.members.queries.reach import Reach, reach_column, read_reach
from portal.notifications import queries as notifications
from portal.notifications.budget import WEEK, Policy
from portal.notifications.kinds import Kind
from portal.notifications.queries import Known
from portal.programme.rulebooks import rulebook_by_digest
from portal.push import queries as push
from portal.receipts import queries as receipts
from portal.rulebook.document import Rulebook
from portal.rulebook.explain.voice import Voice

_UTC = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class Addressee:
    """A member as the post sees them. `rulebook` is None before the first one is in force.

    `browsers` are the ids of those that take notes.
    """

    member_id: str
    reach: Reach
    known: Known
    rulebook: Rulebook | None
    browsers: tuple[str, ...]

    @property
    def has_push(self) -> bool:
        return bool(self.browsers)

    @property
    def shop_zone(self) -> ZoneInfo:
        return self.rulebook.zone if self.rulebook else _UTC

    @property
    def language(self) -> Language:
        return "en" if self.reach.language == "en" else "ru"

    @property
    def policy(self) -> Policy:
        """What may be sent, on the clock of wherever they live."""
        zone = ZoneInfo(self.reach.time_zone) if self.reach.time_zone else self.shop_zone
        return self.known.preference.policy(zone=zone, consents=self.reach.consents)

    def reachable_by(self, kind: Kind) -> list[str]:
        """Return the channels that could carry a kind to this member, the free and quick one first (domain.md §8.7)."""
        preference = self.known.preference
        channels = ["push"] if self.has_push and preference.wants_push(kind) else []
        return [*channels, "email"] if self.reach.email and preference.wants_letter(kind) else channels

    def channels_of(self, kind: Kind) -> list[str]:
        """Return the channels that may carry it: marketing needs the member's consent for each."""
        reachable = self.reachable_by(kind)
        if not kind.topic.marketing:
            return reachable
        return [channel for channel in reachable if channel in self.reach.consents]

    def voice(self, *, now: datetime) -> Voice:
        """Speak to them of the shop's days and money."""
        currency = self.rulebook.currency if self.rulebook else "RUB"
        year = now.astimezone(self.shop_zone).year
        return Voice(language=self.language, currency=currency, year=year, zone=self.shop_zone)


def find_addressee(session: Session, member_id: str, *, now: datetime) -> Addressee | None:
    """Read whom to write to; None for who left or was erased."""
    return next(find_addressees(session, {member_id: ()}, now=now), None)


def find_addressees(
    session: Session, causes: Mapping[str, Collection[tuple[str, str]]], *, now: datetime
) -> Iterator[Addressee]:
    """Read whom to write to, and which of the kinds and causes about to be told each was told already.

    Who left or was erased is not among them.
    """
    asked = {"members": [[member_id] for member_id in causes], "since": now - WEEK, "at": now}
    rows = session.connection().execute(_statement(), asked).all()
    told = notifications.told_among(session, [(id_, *each) for id_, told in causes.items() for each in told])
    browsers = push.browsers_of(session, causes, now=now)
    for row in rows:
        reach = read_reach(row.reach)
        if reach is not None:
            yield Addressee(
                row.id,
                reach,
                notifications.read_known(row.known, told=told.get(row.id, frozenset())),
                None if row.version is None else rulebook_by_digest(session, row.version),
                browsers.get(row.id, ()),
            )


@lru_cache(maxsize=1)
def _statement() -> Select[*tuple[Any, ...]]:
    member = json_rows("members", "id").c.id
    known = notifications.known_column(member, since=bindparam("since", type_=Instant))
    return select(
        member.label("id"),
        reach_column(member).label("reach"),
        known.label("known"),
        receipts.version_column(bindparam("at", type_=Instant)).label("version"),
    )
