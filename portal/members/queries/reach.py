"""How a member can be written to: the language, the clock, the confirmed address, the consents to advertising."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, case, func, select

from portal.db import json_array, json_object, json_tuple
from portal.members.tables import Consent, Identity, Member


@dataclass(frozen=True, slots=True)
class Reach:
    """`email` is a confirmed address, or None; `consents` are the channels that marketing may come by."""

    language: str
    time_zone: str | None
    email: str | None = field(repr=False)
    consents: frozenset[str]


def reach_column(member_id: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return a JSON expression for `read_reach`; null for who left, was erased or never was."""
    reach = json_object(
        language=Member.language,
        time_zone=Member.time_zone,
        email=case((Identity.email_verified_at.is_not(None), Identity.email)),
        consents=_consents(member_id),
    )
    joined = Member.__table__.join(Identity.__table__)
    return select(reach).select_from(joined).where(Member.id == member_id, Member.state == "active").scalar_subquery()


def read_reach(document: dict[str, Any] | None) -> Reach | None:
    if document is None:
        return None
    channels = frozenset(channel for (channel,) in document["consents"] or ())
    return Reach(document["language"], document["time_zone"], document["email"], channels)


def _consents(member_id: ColumnElement[Any]) -> ColumnElement[Any]:
    """Gather the channels whose last decision about marketing was to grant it."""
    last = (
        select(func.max(Consent.number))
        .where(Consent.member_id == member_id, Consent.purpose == "marketing")
        .group_by(Consent.channel)
        .correlate_except(Consent)
    )
    granted = select(json_array(json_tuple(Consent.channel)))
    return granted.where(Consent.number.in_(last), Consent.decision == "granted").scalar_subquery()
