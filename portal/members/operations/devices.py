"""Card keys: one for each signed-in browser, and what became of the codes drawn with them (pwa.md §2)."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, text, update
from sqlalchemy.orm import Session

from portal.db import Batch, Write, epoch
from portal.ids import new_id
from portal.members.queries.sessions import find_card_device
from portal.members.rotating_code import MAX_BAD_MACS, DeviceKey, Verdict
from portal.members.tables import CardDevice

_ENROL = text(
    "insert into card_device (id, member_id, session_id, key, created_at, bad_macs)"
    " values (:id, :member_id, :session_id, :key, :now, 0) on conflict (session_id) do nothing"
)

SHOW_CODE = Write(
    name="show_code",
    columns=(("id", "text"), ("window", "bigint"), ("at", "bigint"), ("shown_to", "text"), ("spent_for", "text")),
    statement=(
        "update card_device set last_window = r.window, last_shown_at = r.at, last_shown_to = r.shown_to,"
        " spent_for = r.spent_for, bad_macs = 0 from {rows}"
        " where card_device.id = r.id and card_device.revoked_at is null"
        " and (card_device.last_window is null or card_device.last_window < r.window"
        " or (card_device.last_window = r.window and card_device.last_shown_to = r.shown_to"
        " and (card_device.spent_for is null or card_device.spent_for = r.spent_for)))"
    ),
    every_row=True,
)


def enrol_device(session: Session, member_id: str, *, session_id: str, now: datetime) -> DeviceKey:
    """Return the card key of a signed-in browser; a revoked or locked one is replaced by a new one."""
    spoilt = update(CardDevice).where(
        CardDevice.session_id == session_id,
        or_(CardDevice.revoked_at.is_not(None), CardDevice.bad_macs >= MAX_BAD_MACS),
    )
    session.execute(spoilt.values(session_id=None, revoked_at=now))
    row = {
        "id": new_id(now),
        "member_id": member_id,
        "session_id": session_id,
        "key": secrets.token_hex(32),
        "now": epoch(now),
    }
    session.execute(_ENROL, row)
    device = find_card_device(session, session_id)
    if device is None:
        raise RuntimeError("a card key was inserted and is not there")
    return device


def revoke_devices(session: Session, session_ids: Sequence[str], *, now: datetime) -> None:
    """End the card keys of these sign-ins: codes drawn with them are forged from now on."""
    living = update(CardDevice).where(CardDevice.session_id.in_(session_ids), CardDevice.revoked_at.is_(None))
    session.execute(living.values(revoked_at=now))


def show_code(batch: Batch, verdict: Verdict, *, shown_to: str, spent_for: str | None = None, now: datetime) -> None:
    """Note a fresh code with a batch: the till that saw it and the receipt it paid for.

    When somebody else's transaction used the code first, the batch is `Stale`: run again, it is judged as used.
    """
    row = {
        "id": verdict.device_id,
        "window": verdict.window,
        "at": epoch(now),
        "shown_to": shown_to,
        "spent_for": spent_for,
    }
    batch.add(SHOW_CODE, row)


def count_bad_mac(session: Session, member_id: str) -> None:
    """Count a forged code against every card key of a member; after ten of them the keys must be made anew."""
    living = update(CardDevice).where(CardDevice.member_id == member_id, CardDevice.revoked_at.is_(None))
    session.execute(living.values(bad_macs=CardDevice.bad_macs + 1))
