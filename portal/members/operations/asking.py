"""Asking for a code: within limits that hold over contacts, addresses, networks and the day (security.md §4).

Nothing here looks at who is a member: a known and an unknown contact get the same answer after the same work.
"""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from portal.errors import Refused
from portal.ids import new_id
from portal.members.code_hashes import Asking, code_counters, code_hash, marker_hash
from portal.members.contacts import Contact
from portal.members.operations.gate import queue_at
from portal.members.pace import DAY, next_allowed
from portal.members.tables import SignInCode
from portal.members.terms import CODE_TERMS, CodeTerms, Rate

DIGITS = 6
_DAY_GATE = "day"
_SCOPES = {"contact": SignInCode.contact_hash, "address": SignInCode.address_hash, "block": SignInCode.block_hash}


class TooManyCodes(Refused):
    code = "too-many-codes"
    status = 429
    text = "Too many codes were asked for. Ask again in %(minutes)s min."


class CodesPaused(Refused):
    code = "codes-paused"
    status = 429
    text = "No more codes can be sent today. Ask at the till."


class PhoneNotServed(Refused):
    code = "phone-not-served"
    text = "Codes are not sent to phones of this country. Use an e-mail address."


class PhonesPaused(Refused):
    code = "phones-paused"
    status = 429
    text = "Codes to phones like this one are paused. Use an e-mail address."


@dataclass(frozen=True, slots=True)
class AskedCode:
    """A code to be sent to the contact by a job of the same transaction; it is stored nowhere in clear.

    `budget_alarm` is true for the one code of a day that crosses the alarm: the story tells the operator.
    """

    id: str
    code: str = field(repr=False)
    expires_at: datetime
    budget_alarm: bool


def ask_code(
    session: Session, contact: Contact, *, asking: Asking, secret: str, now: datetime, terms: CodeTerms = CODE_TERMS
) -> AskedCode:
    """Make a code for a contact within the limits.

    Raises `PhoneNotServed`, `PhonesPaused`, `TooManyCodes` or `CodesPaused`; nothing is stored then.
    """
    if contact.kind == "phone" and terms.prefixes and not contact.value.startswith(terms.prefixes):
        raise PhoneNotServed
    hashes = code_counters(contact, asking=asking, secret=secret)
    queue_at(session, [*(f"{scope}:{key}" for scope, key in hashes.items()), _DAY_GATE], now=now)
    _check_pace(session, hashes, now=now, terms=terms)
    _check_prefix(session, contact, now=now, terms=terms)
    today = _check_budget(session, now=now, terms=terms)
    code_id, code = new_id(now), f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    row = {
        "id": code_id,
        **{f"{scope}_hash": key for scope, key in hashes.items()},
        "prefix": contact.prefix,
        "purpose": asking.purpose,
        "asked_by": marker_hash(asking, secret=secret),
        "code_hash": code_hash(contact, code, code_id=code_id, secret=secret),
        "created_at": now,
        "expires_at": now + terms.lifetime,
    }
    session.execute(insert(SignInCode).values(row))
    return AskedCode(
        id=code_id, code=code, expires_at=now + terms.lifetime, budget_alarm=today + 1 == terms.budget_alarm
    )


def _check_pace(session: Session, hashes: dict[str, str], *, now: datetime, terms: CodeTerms) -> None:
    rates: dict[str, Rate] = {"contact": terms.contact, "address": terms.address, "block": terms.block}
    opens = max(_opens(session, scope, key, rate=rates[scope], now=now) for scope, key in hashes.items())
    if opens > now:
        raise TooManyCodes(minutes=-(-(opens - now) // timedelta(minutes=1)), retry_after=_seconds(opens - now))


def _opens(session: Session, scope: str, key: str, *, rate: Rate, now: datetime) -> datetime:
    given = session.scalars(
        select(SignInCode.created_at)
        .where(_SCOPES[scope] == key, SignInCode.created_at > now - DAY)
        .order_by(SignInCode.created_at.desc())
        .limit(rate.in_a_day)
    ).all()
    return next_allowed(given, rate=rate, now=now)


def _check_prefix(session: Session, contact: Contact, *, now: datetime, terms: CodeTerms) -> None:
    """Stop sending where nobody types codes back: somebody earns by our messages there."""
    if contact.prefix is None:
        return
    sent, answered = session.execute(
        select(func.count(), func.count(SignInCode.used_at)).where(
            SignInCode.prefix == contact.prefix, SignInCode.created_at > now - DAY
        )
    ).one()
    if sent >= terms.silent_codes and not answered:
        raise PhonesPaused


def _check_budget(session: Session, *, now: datetime, terms: CodeTerms) -> int:
    today = session.scalar(select(func.count()).where(SignInCode.created_at > now - DAY)) or 0
    if today >= terms.daily_budget:
        raise CodesPaused
    return today


def _seconds(span: timedelta) -> int:
    return -(-span // timedelta(seconds=1))
