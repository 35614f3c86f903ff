"""What stories know of a member: read in the one statement of a hot path, carried as values."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from portal.db import instant
from portal.members.names import first_name
from portal.members.rotating_code import DeviceKey
from portal.members.terms import REDEMPTION_PAUSE


@dataclass(frozen=True, slots=True)
class Occasion:
    """A day of the year that a member celebrates, and when it was told; rules ask how long before (domain.md §2.7)."""

    day: date
    given_at: datetime


@dataclass(frozen=True, slots=True)
class Person:
    """A member without points. An erased one has no card number and an empty name."""

    id: str
    card_number: str | None = field(repr=False)
    active: bool
    joined_at: datetime
    language: str
    time_zone: str | None
    referrer_id: str | None
    referred_by: str | None
    agent_id: str | None
    name: str = field(repr=False)
    contact_verified: bool
    birthday: Occasion | None = field(repr=False)
    holiday: Occasion | None = field(repr=False)
    contact_changed_at: datetime | None
    devices: tuple[DeviceKey, ...]

    @property
    def first_name(self) -> str:
        return first_name(self.name)

    @property
    def spends_from(self) -> datetime | None:
        """The end of the pause after a contact changed, or None when none was ever changed (security.md §4)."""
        return self.contact_changed_at and self.contact_changed_at + REDEMPTION_PAUSE


def read_person(row: Sequence[Any] | None) -> Person | None:
    """Return the person that `queries.person_column` tells by place; no row is no member."""
    if row is None:
        return None
    (
        id_, card_number, state, joined_at, language, time_zone, referrer_id, referred_by, agent_id, contact_changed_at,
        name, phone_verified_at, email_verified_at, birthday, birthday_given_at, holiday, holiday_given_at, devices,
    ) = row  # fmt: skip
    return Person(
        id=id_,
        card_number=card_number,
        active=state == "active",
        joined_at=instant(joined_at),
        language=language,
        time_zone=time_zone,
        referrer_id=referrer_id,
        referred_by=referred_by,
        agent_id=agent_id,
        name=name or "",
        contact_verified=bool(phone_verified_at or email_verified_at),
        birthday=read_occasion(birthday, birthday_given_at),
        holiday=read_occasion(holiday, holiday_given_at),
        contact_changed_at=_moment(contact_changed_at),
        devices=tuple(_device(device) for device in devices or ()),
    )


def _device(document: dict[str, Any]) -> DeviceKey:
    return DeviceKey(
        id=document["id"],
        key=bytes.fromhex(document["key"]),
        last_window=document["last_window"],
        last_shown_at=_moment(document["last_shown_at"]),
        last_shown_to=document["last_shown_to"],
        last_shown_under=document["last_shown_under"],
        spent_for=document["spent_for"],
        bad_macs=document["bad_macs"],
    )


def read_occasion(day: str | None, given_at: int | None) -> Occasion | None:
    """Return a day as the database's JSON has it; None where none was told."""
    if day is None or given_at is None:
        return None
    return Occasion(day=date.fromisoformat(day), given_at=instant(given_at))


def _moment(microseconds: int | None) -> datetime | None:
    return None if microseconds is None else instant(microseconds)
