"""Card keys: one for each signed-in browser, and what became of the codes drawn with them (pwa.md §2)."""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import or_, text, update
from sqlalchemy.orm import Session

from portal.db import Afterwards, Batch, Write, epoch
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
    columns=(
        ("id", "text"),
        ("window", "bigint"),
        ("at", "bigint"),
        ("shown_to", "text"),
        ("shown_under", "text"),
        ("spent_for", "text"),
    ),
    statement=(
        "update card_device set last_window = r.window, last_shown_at = r.at, last_shown_to = r.shown_to,"
        " last_shown_under = case when card_device.last_window = r.window"
        " then coalesce(r.shown_under, card_device.last_shown_under) else r.shown_under end,"
        " spent_for = r.spent_for, bad_macs = 0 from {rows}"
        " where card_device.id = r.id and card_device.revoked_at is null"
        f" and card_device.bad_macs < {MAX_BAD_MACS}"
        " and (card_device.last_window is null or card_device.last_window < r.window"
        " or (card_device.last_window = r.window and card_device.last_shown_to = r.shown_to"
        " and (r.shown_under is null or (r.shown_under <> '' and card_device.last_shown_under = r.shown_under))"
        " and (card_device.spent_for is null or card_device.spent_for = r.spent_for)))"
    ),
    every_row=True,
)

SEE_CODE = replace(
    SHOW_CODE,
    name="see_code",
    every_row=False,
    locks=(
        "select 1 from card_device where id in (select r.id from {rows}) order by id for no key update of card_device"
    ),
)
"""The same for a scan that is noted after its answer: whoever used the code meanwhile, or saw it first, keeps it."""


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


def hand_out_key(session: Session, member_id: str, *, session_id: str, now: datetime) -> DeviceKey:
    """Give a phone the card key of its sign-in, once; asked again, make another and end the first.

    Whoever asks a second time never learns the key that is on the phone (docs/decisions/0018): they get a new one, and
    what the phone draws is forged until it asks too.
    """
    device = enrol_device(session, member_id, session_id=session_id, now=now)
    mine = update(CardDevice).where(CardDevice.session_id == session_id)
    first = mine.where(CardDevice.id == device.id, CardDevice.handed_at.is_(None)).returning(CardDevice.id)
    if session.execute(first.values(handed_at=now)).all():
        return device
    renewed = DeviceKey(id=new_id(now), key=secrets.token_bytes(32))
    unused = {"last_window": None, "last_shown_at": None, "last_shown_to": None, "last_shown_under": None}
    made = {"id": renewed.id, "key": renewed.key.hex(), "created_at": now, "handed_at": now}
    session.execute(mine.values(made | unused | {"spent_for": None, "bad_macs": 0}))
    return renewed


def revoke_devices(session: Session, session_ids: Sequence[str], *, now: datetime) -> None:
    """End the card keys of these sign-ins: codes drawn with them are forged from now on."""
    living = update(CardDevice).where(CardDevice.session_id.in_(session_ids), CardDevice.revoked_at.is_(None))
    session.execute(living.values(revoked_at=now))


def show_code(
    batch: Batch,
    verdict: Verdict,
    *,
    shown_to: str,
    shown_under: str | None = None,
    spent_for: str | None = None,
    now: datetime,
) -> None:
    """Note a fresh code with a batch: the till that saw it, the scan's name when it was one, the receipt it paid for.

    When somebody else's transaction used the code first, the batch is `Stale`: run again, it is judged as used.
    """
    batch.add(SHOW_CODE, _shown(verdict, shown_to=shown_to, shown_under=shown_under, spent_for=spent_for, now=now))


def note_seen(notes: Afterwards, verdict: Verdict, *, shown_to: str, shown_under: str, now: datetime) -> bool:
    """Note a fresh code after the answer; False when too many notes wait."""
    return notes.take(SEE_CODE, _shown(verdict, shown_to=shown_to, shown_under=shown_under, spent_for=None, now=now))


def _shown(
    verdict: Verdict, *, shown_to: str, shown_under: str | None, spent_for: str | None, now: datetime
) -> dict[str, Any]:
    return {
        "id": verdict.device_id,
        "window": verdict.window,
        "at": epoch(now),
        "shown_to": shown_to,
        "shown_under": shown_under,
        "spent_for": spent_for,
    }


def count_bad_mac(session: Session, member_id: str) -> None:
    """Count a forged code against every card key of a member; after ten of them the keys must be made anew."""
    living = update(CardDevice).where(CardDevice.member_id == member_id, CardDevice.revoked_at.is_(None))
    session.execute(living.values(bad_macs=CardDevice.bad_macs + 1))
