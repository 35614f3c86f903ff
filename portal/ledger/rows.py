"""Values of the ledger as rows of its tables and back: instants as microseconds, takes as pairs."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from portal.db import epoch, instant
from portal.ledger.debts import Debt
from portal.ledger.entries import Entry, Origin
from portal.ledger.holds import Hold
from portal.ledger.lots import Lot, Sealed, Take
from portal.ledger.postings import ACCOUNTS, Account, Postings, amounts
from portal.ledger.sheet import Consumption

Row = Mapping[str, Any]


def account_of(row: Sequence[Any]) -> Account:
    """Read an account told by place."""
    return Account(*row)


def account_row(member: str, account: Account) -> Row:
    return {
        "member_id": member, "wallet": account.wallet, "available": account.available, "pending": account.pending,
        "held": account.held, "debt": account.debt,
    }  # fmt: skip


def lot_of(row: Sequence[Any]) -> Lot:
    """Read a lot told by place: a member has dozens of them open."""
    (
        number, grant, wallet, original, left, earned_at, release_at, expires_at, day, released, cause, budget, rule,
        held, expired, reversed_points,
    ) = row  # fmt: skip
    return Lot(
        number=number, grant=grant, wallet=wallet, original=original, left=left, earned_at=instant(earned_at),
        release_at=instant(release_at), expires_at=_instant(expires_at),
        last_valid_day=date.fromisoformat(day) if day else None, released=bool(released), cause=cause, budget=budget,
        rule=rule, held=held, expired=expired, reversed=reversed_points,
    )  # fmt: skip


def sealed_of(row: Sequence[Any]) -> Sealed:
    """Read what is left in lots alike, told by place."""
    expires_at, day, wallet, released, release_at, left = row
    return Sealed(
        wallet,
        left,
        released=bool(released),
        release_at=_instant(release_at),
        expires_at=_instant(expires_at),
        last_valid_day=date.fromisoformat(day) if day else None,
    )


def lot_row(member: str, lot: Lot) -> Row:
    return {
        "member_id": member, "number": lot.number, "grant_number": lot.grant, "wallet": lot.wallet,
        "original": lot.original, "remaining": lot.left, "earned_at": epoch(lot.earned_at),
        "release_at": epoch(lot.release_at), "expires_at": _epoch(lot.expires_at),
        "last_valid_day": lot.last_valid_day.isoformat() if lot.last_valid_day else None, "released": lot.released,
        "cause": lot.cause, "budget": lot.budget, "rule": lot.rule, "held": lot.held,
        "expired": lot.expired, "reversed": lot.reversed,
    }  # fmt: skip


def hold_of(row: Row) -> Hold:
    return Hold(
        id=row["id"], number=row["number"], wallet=row["wallet"], points=row["points"],
        takes=tuple(Take(lot, points) for lot, points in row["takes"]), at=instant(row["at"]),
        expires_at=instant(row["expires_at"]), state=row["state"], ended_at=_instant(row["ended_at"]),
    )  # fmt: skip


def hold_row(member: str, hold: Hold) -> Row:
    return {
        "id": hold.id, "member_id": member, "number": hold.number, "wallet": hold.wallet, "points": hold.points,
        "takes": [[each.lot, each.points] for each in hold.takes], "at": epoch(hold.at),
        "expires_at": epoch(hold.expires_at), "state": hold.state, "ended_at": _epoch(hold.ended_at),
    }  # fmt: skip


def debt_of(row: Row) -> Debt:
    return Debt(
        number=row["number"], wallet=row["wallet"], points=row["points"], left=row["remaining"],
        since=instant(row["since"]), write_off_at=_instant(row["write_off_at"]),
    )  # fmt: skip


def debt_row(member: str, debt: Debt) -> Row:
    return {
        "member_id": member, "number": debt.number, "wallet": debt.wallet, "points": debt.points,
        "remaining": debt.left, "since": epoch(debt.since), "write_off_at": _epoch(debt.write_off_at),
    }  # fmt: skip


def consumption_of(row: Row, *, source: str) -> Consumption:
    return Consumption(
        number=row["number"], position=row["position"], source=source, lot=row["lot"], points=row["points"],
        restored=row["restored"],
    )  # fmt: skip


def consumption_row(member: str, row: Consumption) -> Row:
    return {
        "member_id": member, "number": row.number, "lot": row.lot, "position": row.position, "points": row.points,
        "restored": row.restored,
    }  # fmt: skip


def entry_of(row: Row) -> Entry:
    return Entry(
        number=row["number"], at=instant(row["at"]), posted_at=instant(row["posted_at"]), kind=row["kind"],
        wallet=row["wallet"], source=row["source"],
        origin=Origin(
            row["cause"], budget=row["budget"], receipt=row["receipt_id"], rule=row["rule"], rulebook=row["rulebook"]
        ),
        postings=Postings(**{name: row[name] for name in ACCOUNTS}),
        lots=tuple((lot, delta) for lot, delta in row["lots"]), details=row["details"], hash=row["hash"],
    )  # fmt: skip


def entry_row(member: str, entry: Entry) -> Row:
    origin = entry.origin
    row = {
        "member_id": member, "number": entry.number, "source": entry.source, "at": epoch(entry.at),
        "posted_at": epoch(entry.posted_at), "kind": entry.kind, "wallet": entry.wallet, "cause": origin.cause,
        "budget": origin.budget, "receipt_id": origin.receipt, "rule": origin.rule, "rulebook": origin.rulebook,
        "lots": entry.lots, "details": entry.details, "hash": entry.hash,
    }  # fmt: skip
    return row | dict(zip(ACCOUNTS, amounts(entry.postings), strict=True))


def _instant(microseconds: int | None) -> datetime | None:
    return None if microseconds is None else instant(microseconds)


def _epoch(moment: datetime | None) -> int | None:
    return None if moment is None else epoch(moment)
