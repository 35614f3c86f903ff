"""Locks that a second try takes before it reads (see `portal.db.run`)."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from portal.db import locks_reads
from portal.ledger import operations as ledger
from portal.members import queries as members
from portal.members.lookup import Lookup, LookupKind
from portal.perks import operations as perks
from portal.receipts import operations as receipts


def lock_parties(session: Session, lookup: Lookup | None) -> None:
    """Lock the books of a buyer, their agent and those who brought each other; does nothing on the first try."""
    if lookup is None or not locks_reads(session):
        return
    row = session.execute(_parties(lookup.kind), {members.MEMBER_KEY: lookup.value}).one()
    ledger.lock_books(session, [member_id for member_id in row if member_id])


def lock_what_is_shared(session: Session, codes: Sequence[str]) -> None:
    """Lock what receipts of several members use up: coupons shown, and sums that caps of all members look at.

    Call it after `lock_parties`: the order is that of the batch. Does nothing on the first try.
    """
    if not locks_reads(session):
        return
    if codes:
        perks.lock_coupons(session, codes)
    receipts.lock_totals(session)


@lru_cache(maxsize=8)
def _parties(kind: LookupKind) -> Select[*tuple[Any, ...]]:
    buyer = members.found_by(kind)
    member_id = buyer.c.id
    parties = (members.active_referrer_of(member_id), members.active_agent_of(member_id))
    return select(member_id, *parties, *members.active_above(member_id))
