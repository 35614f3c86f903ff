"""Writes of what members hold: opened and issued by receipts, used by later ones, undone by refunds."""

import secrets
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import Batch, Write, epoch, insert_into
from portal.ids import new_id
from portal.perks.queries import HeldCoupon, HeldPrivilege
from portal.perks.tables import Coupon, Privilege

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: nothing that is misread
_CODE_LENGTH = 16  # of 5 bits: 80 bits, more than anybody can guess (security.md §2)

OPEN = insert_into(Privilege.__table__)
ISSUE = insert_into(Coupon.__table__)


def _use(table: str) -> Write:
    return Write(
        name=f"{table}_use",
        columns=(("id", "text"), ("uses_left", "bigint")),
        statement=(
            f"update {table} set uses_left = r.uses_left - 1 from {{rows}} "
            f"where {table}.id = r.id and {table}.uses_left = r.uses_left"
        ),
        every_row=True,
    )


def _give_back(table: str) -> Write:
    return Write(
        name=f"{table}_give_back",
        columns=(("id", "text"),),
        statement=(
            f"update {table} set uses_left = {table}.uses_left + 1 from {{rows}} "
            f"where {table}.id = r.id and {table}.uses_left < {table}.uses"
        ),
    )


USE_PRIVILEGE, USE_COUPON = _use("privilege"), _use("coupon")
GIVE_BACK_PRIVILEGE, GIVE_BACK_COUPON = _give_back("privilege"), _give_back("coupon")
CLOSE = Write(
    name="privilege_close",
    columns=(("receipt_id", "text"), ("privilege", "text")),
    statement=(
        "update privilege set until = privilege.opened_at from {rows} "
        "where privilege.opened_by = r.receipt_id and privilege.privilege = r.privilege"
    ),
)
WITHDRAW = Write(
    name="coupon_withdraw",
    columns=(("receipt_id", "text"),),
    statement="update coupon set until = coupon.issued_at from {rows} where coupon.issued_by = r.receipt_id",
)


def open_privilege(
    batch: Batch,
    member_id: str,
    *,
    privilege: str,
    at: datetime,
    until: datetime,
    uses: int | None,
    receipt_id: str | None,
) -> None:
    """Open a privilege from instant `at` until another, for `uses` receipts (None: any number)."""
    row = {"id": new_id(at), "member_id": member_id, "privilege": privilege, "opened_by": receipt_id}
    batch.add(OPEN, {**row, "opened_at": epoch(at), "until": epoch(until), "uses": uses, "uses_left": uses})


def write_privilege(batch: Batch, member_id: str, held: HeldPrivilege, *, uses_left: int) -> None:
    """Write a privilege of one use that was not `written` yet, with the use that is left of it."""
    row = {"id": held.id, "member_id": member_id, "privilege": held.privilege, "opened_by": None}
    dates = {"opened_at": epoch(held.opened_at), "until": epoch(held.until)}
    batch.add(OPEN, {**row, **dates, "uses": 1, "uses_left": uses_left})


def new_coupon_code() -> str:
    """Return a code of 80 random bits that a cashier can read aloud."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LENGTH))


def issue_coupon(
    batch: Batch,
    *,
    template: str,
    code: str,
    at: datetime,
    until: datetime | None,
    member_id: str | None = None,
    uses: int = 1,
    receipt_id: str | None = None,
) -> None:
    """Issue a coupon to a member, or to whoever shows the code when `member_id` is None."""
    row = {"id": new_id(at), "code": code, "template": template, "member_id": member_id, "issued_by": receipt_id}
    ends = None if until is None else epoch(until)
    batch.add(ISSUE, {**row, "issued_at": epoch(at), "until": ends, "uses": uses, "uses_left": uses})


def lock_coupons(session: Session, codes: Iterable[str]) -> None:
    """Let receipts that show the same coupons come one after another."""
    if session.get_bind().dialect.name == "postgresql":
        ordered = select(Coupon.id).where(Coupon.code.in_(list(codes))).order_by(Coupon.id)
        session.execute(ordered.with_for_update()).all()


def use_privileges(batch: Batch, privileges: Iterable[HeldPrivilege]) -> tuple[str, ...]:
    """Count one use of each; return the ids of those whose uses are counted, to be given back by a refund."""
    counted = [each for each in privileges if each.uses_left is not None]
    batch.add(USE_PRIVILEGE, *({"id": each.id, "uses_left": each.uses_left} for each in counted))
    return tuple(each.id for each in counted)


def use_coupons(batch: Batch, coupons: Iterable[HeldCoupon]) -> tuple[str, ...]:
    """Count one use of each; return their ids."""
    used = tuple(coupons)
    batch.add(USE_COUPON, *({"id": each.id, "uses_left": each.uses_left} for each in used))
    return tuple(each.id for each in used)


def close(batch: Batch, receipt_id: str, *, privileges: Iterable[str]) -> None:
    """Take back privileges that a receipt opened for goods no longer kept: from now on they never worked.

    What was bought with them stays; returned, it does not open them again.
    """
    batch.add(CLOSE, *({"receipt_id": receipt_id, "privilege": each} for each in privileges))


def undo(batch: Batch, receipt_id: str, *, privileges: Iterable[str], coupons: Iterable[str]) -> None:
    """Give back the uses a fully returned receipt took (by id), and withdraw the coupons it issued.

    What is given back keeps its last instant: a privilege whose time is over stays over.
    """
    batch.add(GIVE_BACK_PRIVILEGE, *({"id": each} for each in privileges))
    batch.add(GIVE_BACK_COUPON, *({"id": each} for each in coupons))
    batch.add(WITHDRAW, {"receipt_id": receipt_id})


def give_coupon(session: Session, *, template: str, code: str, at: datetime, until: datetime | None) -> None:
    """Issue one of the shop's own codes, outside a receipt."""
    batch = Batch()
    issue_coupon(batch, template=template, code=code, at=at, until=until)
    batch.flush(session)
