"""Everything a refund needs to know besides books, read in one statement; and the plan made of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, Select, bindparam, literal, select
from sqlalchemy.orm import Session

from portal.db import Id, Instant
from portal.members import queries as members
from portal.members.person import Person, read_person
from portal.programme.command import Command
from portal.programme.judged_state import read_judged_state
from portal.programme.rulebooks import rulebook_by_digest
from portal.receipts import queries as receipts
from portal.rulebook.document import Rulebook
from portal.rulebook.outcome import read_outcome
from portal.rulebook.receipt import read_receipt
from portal.rulebook.refunds import RefundPlan, plan_refund
from portal.tiers import queries as tiers
from portal.tiers.stored import Stored


@dataclass(frozen=True, slots=True)
class RefundScene:
    """A receipt to be refunded (None: unknown), its buyer, the rulebook it was judged by and the one of today."""

    remembered: receipts.Remembered | None
    receipt: receipts.Refundable | None
    buyer: Person | None
    judged_by: Rulebook
    today: Rulebook
    kept: tuple[receipts.KeptReceipt, ...]
    standing: Stored

    def kept_after(self, money: int) -> tuple[receipts.KeptReceipt, ...]:
        """Return the buyer's standing purchases when so much more of the money for this one has gone back."""
        ours = self.receipt.id if self.receipt else None
        return tuple(replace(each, money=each.money - money) if each.id == ours else each for each in self.kept)


def read_refund_scene(session: Session, receipt_id: str, *, command: Command) -> RefundScene:
    """Read a receipt with its refunds. Raises `NoRulebook` where nothing was ever published."""
    asked = {"receipt_id": receipt_id, "client": command.client, "key": command.key, "at": command.now}
    row = session.execute(_statement(), asked).one()
    receipt, today = receipts.read_refundable(row.receipt), rulebook_by_digest(session, row.version)
    return RefundScene(
        remembered=receipts.read_remembered(row.remembered),
        receipt=receipt,
        buyer=read_person(row.buyer),
        judged_by=rulebook_by_digest(session, receipt.rulebook_digest) if receipt else today,
        today=today,
        kept=receipts.read_kept(row.kept),
        standing=tiers.read_standing(row.standing),
    )


def plan_of(receipt: receipts.Refundable, rulebook: Rulebook, *, returning: Mapping[int, Fraction]) -> RefundPlan:
    """Plan the refund from what the receipt was judged by; raises what `plan_refund` raises."""
    state = read_judged_state(receipt.state)
    return plan_refund(
        rulebook,
        state.member,
        read_receipt(receipt.document),
        read_outcome(receipt.outcome),
        returned=receipt.returned,
        returning=returning,
        taken=[source for result in receipt.results for source in result["fixed_taken"]],
        bearer=state.bearer,
    )


@lru_cache(maxsize=1)
def _statement() -> Select[*tuple[Any, ...]]:
    receipt_id = bindparam("receipt_id", type_=Id)
    buyer = receipts.buyer_of(receipt_id)
    return select(
        receipts.remembered_column(bindparam("client"), bindparam("key")).label("remembered"),
        receipts.refundable_column(receipt_id).label("receipt"),
        members.person_column(buyer).label("buyer"),
        receipts.version_column(bindparam("at", type_=Instant)).label("version"),
        receipts.kept_column(buyer, since=literal(0, BigInteger)).label("kept"),
        tiers.standing_column(buyer, at=bindparam("at", type_=Instant)).label("standing"),
    )
