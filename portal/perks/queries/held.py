"""Reads of what members hold."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, and_, literal_column, or_, select
from sqlalchemy.orm import Session

from portal.db import instant, json_array, json_object
from portal.perks.tables import Coupon, Privilege

_NONE = literal_column("0")
"""Written out: SQLite prepares a statement anew each time a parameter is compared to what a partial index says."""


@dataclass(frozen=True, slots=True)
class HeldPrivilege:
    """A privilege that still works before `until`; `uses_left` is None where only time limits it.

    One that works by the calendar may be not `written` yet: whoever uses it writes it.
    """

    id: str
    privilege: str
    opened_at: datetime
    until: datetime
    uses_left: int | None
    opened_by: str | None
    written: bool = True


@dataclass(frozen=True, slots=True)
class HeldCoupon:
    """A coupon that still works; `member_id` is None when it belongs to whoever shows it."""

    id: str
    code: str
    template: str
    member_id: str | None
    until: datetime | None
    uses_left: int


def _open_privileges(member_id: Any, at: Any) -> ColumnElement[bool]:
    open_ones = or_(Privilege.uses_left.is_(None), Privilege.uses_left > _NONE)
    return and_(Privilege.member_id == member_id, Privilege.until > at, open_ones)


def privileges_column(member_id: ColumnElement[Any], at: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return a scalar subquery with the privileges a receipt of instant `at` may use, for `read_privileges`."""
    row = json_object(
        id=Privilege.id,
        privilege=Privilege.privilege,
        opened_at=Privilege.opened_at,
        until=Privilege.until,
        uses_left=Privilege.uses_left,
        opened_by=Privilege.opened_by,
    )
    return select(json_array(row)).where(_open_privileges(member_id, at)).scalar_subquery()


def read_privileges(rows: Iterable[dict[str, Any]] | None, *, at: datetime) -> tuple[HeldPrivilege, ...]:
    """Read what `privileges_column` gave, the soonest ending first.

    A privilege opened after `at` is left out: a late receipt of an offline till cannot use what came after it.
    """
    held = (
        HeldPrivilege(
            id=row["id"],
            privilege=row["privilege"],
            opened_at=instant(row["opened_at"]),
            until=instant(row["until"]),
            uses_left=row["uses_left"],
            opened_by=row["opened_by"],
        )
        for row in rows or ()
    )
    return tuple(sorted((each for each in held if each.opened_at <= at), key=lambda each: (each.until, each.id)))


def coupons_column(codes: BindParameter[Any], at: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return a scalar subquery with the issued coupons among `codes`, for `read_coupons` and `issued_codes`."""
    row = _coupon_row(works=_works(at))
    return select(json_array(row)).where(Coupon.code.in_(codes)).scalar_subquery()


def own_coupons_column(member_id: ColumnElement[Any], at: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return a scalar subquery with the member's own coupons that work at `at`, for `read_coupons`."""
    row = _coupon_row(works=literal_column("1"))
    return select(json_array(row)).where(Coupon.member_id == member_id, _works(at)).scalar_subquery()


def _coupon_row(*, works: ColumnElement[Any]) -> ColumnElement[Any]:
    return json_object(
        id=Coupon.id,
        code=Coupon.code,
        template=Coupon.template,
        member_id=Coupon.member_id,
        until=Coupon.until,
        uses_left=Coupon.uses_left,
        works=works,
    )


def _works(at: Any) -> ColumnElement[bool]:
    return and_(or_(Coupon.until.is_(None), Coupon.until > at), Coupon.uses_left > _NONE)


def find_coupons(session: Session, codes: Iterable[str], *, at: datetime) -> tuple[HeldCoupon, ...]:
    """Return the issued coupons among these codes that work at this instant, whoever they belong to."""
    found = session.scalars(select(Coupon).where(Coupon.code.in_(list(codes)), _works(at)))
    return tuple(_held(row) for row in found)


def code_taken(session: Session, code: str) -> bool:
    """Tell whether a coupon of this code was ever issued."""
    return session.scalar(select(Coupon.id).where(Coupon.code == code)) is not None


def read_coupons(rows: Iterable[dict[str, Any]] | None, *, member_id: str | None) -> tuple[HeldCoupon, ...]:
    """Read the coupons that work; those of other members are left out."""
    held = (
        HeldCoupon(
            id=row["id"],
            code=row["code"],
            template=row["template"],
            member_id=row["member_id"],
            until=None if row["until"] is None else instant(row["until"]),
            uses_left=row["uses_left"],
        )
        for row in rows or ()
        if row["works"]
    )
    return tuple(each for each in held if each.member_id in {None, member_id})


def issued_codes(rows: Iterable[dict[str, Any]] | None) -> frozenset[str]:
    """Return the codes that were ever issued, of those `coupons_column` was asked for."""
    return frozenset(row["code"] for row in rows or ())


def privileges_of(session: Session, member_id: str, *, at: datetime) -> tuple[HeldPrivilege, ...]:
    """Return the privileges a member can use at this instant, the soonest ending first."""
    found = session.scalars(select(Privilege).where(_open_privileges(member_id, at)))
    held = (_opened(row) for row in found)
    return tuple(sorted(held, key=lambda each: (each.until, each.id)))


def opened_since(
    session: Session, member_ids: Iterable[str], *, privilege: str, since: datetime
) -> dict[str, HeldPrivilege]:
    """Return for each of the members the newest privilege of this name that was opened since, used up or over too."""
    meant = Privilege.member_id.in_(list(member_ids)), Privilege.privilege == privilege, Privilege.opened_at > since
    rows = session.scalars(select(Privilege).where(*meant).order_by(Privilege.opened_at))
    return {row.member_id: _opened(row) for row in rows}


def _opened(row: Privilege) -> HeldPrivilege:
    return HeldPrivilege(
        id=row.id,
        privilege=row.privilege,
        opened_at=row.opened_at,
        until=row.until,
        uses_left=row.uses_left,
        opened_by=row.opened_by,
    )


def coupons_of(session: Session, member_id: str, *, at: datetime) -> tuple[HeldCoupon, ...]:
    """Return the member's own coupons that work at this instant."""
    found = session.scalars(select(Coupon).where(Coupon.member_id == member_id, _works(at)))
    return tuple(_held(row) for row in found)


def _held(row: Coupon) -> HeldCoupon:
    return HeldCoupon(
        id=row.id,
        code=row.code,
        template=row.template,
        member_id=row.member_id,
        until=row.until,
        uses_left=row.uses_left,
    )
