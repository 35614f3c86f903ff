"""The eight accounts an entry may move, and what a member holds on four of them (domain.md §2.1)."""

from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter

MEMBER = ("available", "pending", "held", "debt")
PROGRAMME = ("issued", "redeemed", "breakage", "writeoff")
ACCOUNTS = MEMBER + PROGRAMME

amounts = attrgetter(*ACCOUNTS)
"""The points of postings in the order of `ACCOUNTS`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Postings:
    """What one entry adds to each account; the sum is zero.

    Member accounts are positive when the programme owes the member.
    """

    available: int = 0
    pending: int = 0
    held: int = 0
    debt: int = 0
    issued: int = 0
    redeemed: int = 0
    breakage: int = 0
    writeoff: int = 0

    def __post_init__(self) -> None:
        if sum(amounts(self)):
            raise ValueError(f"postings do not balance: {self}")

    def moved(self) -> Iterator[tuple[str, int]]:
        """Give the accounts that move, with the points added to each."""
        return ((name, amount) for name, amount in zip(ACCOUNTS, amounts(self), strict=True) if amount)


@dataclass(frozen=True, slots=True)
class Account:
    """What a member has in one wallet."""

    wallet: str
    available: int = 0
    pending: int = 0
    held: int = 0
    debt: int = 0

    def after(self, postings: Postings) -> "Account":
        """Return the account with an entry's postings added. Going below nothing is a bug, not a refusal."""
        changed = Account(
            self.wallet,
            self.available + postings.available,
            self.pending + postings.pending,
            self.held + postings.held,
            self.debt + postings.debt,
        )
        if min(changed.available, changed.pending, changed.held, -changed.debt) < 0:
            raise ValueError(f"{postings} overdraws {self}")
        return changed
