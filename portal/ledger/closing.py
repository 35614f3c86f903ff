"""Debts forgiven by hand and books closed for good (domain.md §2.1, §7.6)."""

from dataclasses import replace
from datetime import datetime

from portal.ledger.accruals import POINTS
from portal.ledger.entries import Entry, Origin
from portal.ledger.lots import spending_order
from portal.ledger.postings import Account, Postings
from portal.ledger.refunds import Refunds


class Closing(Refunds):
    """Commands that end what a member has or owes."""

    def write_off(self, *, at: datetime, source: str, origin: Origin, wallet: str = POINTS) -> Entry | None:
        """Forgive all debt of a wallet; None when there is none."""
        self.advance(at)
        debt = -self.account(wallet).debt
        if not debt:
            return None
        entry = self.post(
            "write_off",
            wallet=wallet,
            at=at,
            source=source,
            origin=origin,
            postings=Postings(debt=debt, writeoff=-debt),
        )
        for each in list(self.open_debts(wallet)):
            self.pages.debts[each.number] = replace(each, left=0)
        return entry

    def forfeit(self, *, at: datetime, source: str, cause: str = "erasure") -> None:
        """Let everything go: holds are voided, all points become breakage of `cause`, debts are written off."""
        self.advance(at)
        for hold in sorted(self.active_holds(), key=lambda each: each.number):
            self.give_back(hold, at=at, kind="void", source=f"{source}/void/{hold.number}")
        for wallet, account in sorted(self.pages.accounts.items()):
            self.write_off(at=at, source=f"{source}/write-off/{wallet}", origin=Origin(cause), wallet=wallet)
            self._let_go(wallet, account, at=at, source=f"{source}/forfeit/{wallet}", cause=cause)

    def _let_go(self, wallet: str, account: Account, *, at: datetime, source: str, cause: str) -> None:
        self.need_lots(wallet)
        lots = sorted(
            (lot for lot in self.pages.lots.values() if lot.wallet == wallet and lot.left), key=spending_order
        )
        if not lots:
            return
        for lot in lots:
            self.change_lot(lot.number, expired=lot.left)
        self.post(
            "forfeit", wallet=wallet, at=at, source=source, origin=Origin(cause),
            postings=Postings(
                available=-account.available, pending=-account.pending, breakage=account.available + account.pending
            ),
            lots=[(lot.number, -lot.left) for lot in lots],
        )  # fmt: skip
