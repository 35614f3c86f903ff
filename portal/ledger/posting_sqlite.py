"""The fast way to post one accrual on SQLite: the member's row is read, then four prepared statements write.

SQLite has no writing CTEs and no sha256, but whoever writes is alone: what was read still stands when it is written.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Execute = Callable[[str, Sequence[Any]], Any]
"""Runs a statement with the values of its `?` and returns the cursor."""

_FOUND = """
select b.entries + 1, b.head from book b join account a on a.member_id = b.member_id and a.wallet = ?
where b.member_id = ? and (a.debt = 0 or ? = 0) and not exists (select 1 from entry where source = ?)
"""
_TURN = """
update book set entries = ?, head = ?, due_at = min(coalesce(due_at, ?), coalesce(?, due_at)) where member_id = ?
"""
_MOVE = "update account set available = available + ?, pending = pending + ? where member_id = ? and wallet = ?"
_TELL = """
insert into entry (
    member_id, number, source, at, posted_at, kind, wallet, cause, budget, receipt_id, rule, rulebook,
    available, pending, held, debt, issued, redeemed, breakage, writeoff, lots, details, hash
) values (?, ?, ?, ?, ?, 'accrual', ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?, 0, 0, 0, ?, ?, ?)
"""
_MAKE = """
insert into lot (
    member_id, number, grant_number, wallet, original, remaining, earned_at, release_at, expires_at, last_valid_day,
    released, cause, budget, rule, held, expired, reversed
) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0)
"""


def post(execute: Execute, told: Mapping[str, Any]) -> int | None:
    """Post in the transaction that is open and return the entry's number; None where the plain way has to."""
    value = told.__getitem__
    member, wallet, due_at = told["member_id"], told["wallet"], told["due_at"]
    found = execute(_FOUND, (wallet, member, told["available"], told["source"])).fetchone()
    if found is None:
        return None
    number, head = found
    hashed = f"{head}{told['before']}{number}{told['between']}{number}{told['after']}"
    head = hashlib.sha256(hashed.encode()).hexdigest()
    execute(_TURN, (number, head, due_at, due_at, member))
    execute(_MOVE, (told["available"], told["pending"], member, wallet))
    facts = map(value, ("source", "at", "posted_at", "wallet", "cause", "budget", "receipt", "rule", "rulebook"))
    sums = map(value, ("available", "pending", "issued"))
    execute(_TELL, (member, number, *facts, *sums, f"[[{number},{told['original']}]]", told["details"], head))
    dates = map(value, ("original", "original", "at", "release_at", "expires_at", "last_valid_day", "released"))
    execute(_MAKE, (member, number, number, wallet, *dates, told["cause"], told["budget"], told["rule"]))
    return int(number)
