"""What a refund does to points: give spent ones back, then take earned ones back (domain.md §2.6)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from portal.errors import Refused
from portal.ledger.debts import Debt
from portal.ledger.entries import Entry, Facts, Origin
from portal.ledger.lots import Lot, Take, take
from portal.ledger.postings import Postings
from portal.ledger.sheet import AlreadyPosted, Consumption, PostedDifferently, taken, total
from portal.ledger.spending import Spending
from portal.rulebook.validity import LotDates

Shortage = Literal["lot_only", "within_balance", "debt"]


class NotSpentSo(Refused):
    code = "nothing-to-restore"
    text = "Points of this redemption that can still be given back: %(points)s."


class NotEarnedSo(Refused):
    code = "nothing-to-reverse"
    text = "Points of this accrual that can still be taken back: %(points)s."


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundTerms:
    """The programme's terms on the day of the refund, as ready instants.

    `grace` dates the lots that bring back points which expired meanwhile; `write_off_at` is when a debt made now is
    forgiven, None for never.
    """

    grace: LotDates
    shortage: Shortage = "debt"
    write_off_at: datetime | None = None


class Refunds(Spending):
    """The two steps of a refund, in the order that makes no needless debt."""

    def refund(
        self, *, at: datetime, source: str, terms: RefundTerms, receipt: str | None = None,
        restore: Mapping[str, int] | None = None, reverse: Mapping[str, int] | None = None,
    ) -> list[Entry]:  # fmt: skip
        """Restore points by redemption (or capture) source, then reverse points by accrual source.

        Makes one entry for each redemption (one more for each grace lot) and each accrual, named below `source`;
        returns them without the settlements between. The book must have been read with these sources. Raises
        `NotSpentSo` or `NotEarnedSo` when more is asked than is left to undo.
        """
        self.advance(at)
        entries: list[Entry] = []
        for spent, points in (restore or {}).items():
            entries += self._restore(spent, points, at=at, source=source, terms=terms, receipt=receipt)
        for earned, points in (reverse or {}).items():
            entries.append(self._reverse(earned, points, at=at, source=source, terms=terms, receipt=receipt))
        self.advance(self.clock)
        return entries

    def _restore(
        self, spent: str, points: int, *, at: datetime, source: str, terms: RefundTerms, receipt: str | None
    ) -> list[Entry]:
        rows = sorted((row for row in self.pages.consumptions.values() if row.source == spent), key=_position)[::-1]
        left = sum(row.points - row.restored for row in rows)
        if not rows:
            raise NotSpentSo(points=0)
        number = rows[0].number
        name = f"{source}/{self.member}/restore/{number}"
        self._claim_restoration(name, rows, points)
        if not 0 < points <= left:
            raise NotSpentSo(points=left)
        back = _last_consumed_first(rows, points)
        alive = [each for each in back if not self.pages.lots[each.lot].out_of_date(max(at, self.clock))]
        entries = [self._give(alive, at=at, source=name, receipt=receipt, spent=number)] if alive else []
        entries += [
            self._grace(each, at=at, source=f"{name}/{each.lot}", terms=terms, receipt=receipt, spent=number)
            for each in back
            if each not in alive
        ]
        for each in back:
            row = self.pages.consumptions[number, each.lot]
            self.pages.consumptions[number, each.lot] = replace(row, restored=row.restored + each.points)
        for wallet in {entry.wallet for entry in entries}:
            self.settle(wallet, at=at)
        return entries

    def _claim_restoration(self, name: str, rows: list[Consumption], points: int) -> None:
        told = [entry for entry in map(self.posted, (name, *(f"{name}/{row.lot}" for row in rows))) if entry]
        if told:
            same = sum(entry.points for entry in told) == points
            raise (AlreadyPosted if same else PostedDifferently)(source=name)

    def _give(self, back: list[Take], *, at: datetime, source: str, receipt: str | None, spent: int) -> Entry:
        points = total(back)
        return self.post(
            "restoration", wallet=self.pages.lots[back[0].lot].wallet, at=at, source=source,
            origin=Origin("refund", receipt=receipt), postings=Postings(redeemed=-points, available=points),
            lots=tuple((each.lot, each.points) for each in back), details={"spent": spent},
        )  # fmt: skip

    def _grace(
        self, back: Take, *, at: datetime, source: str, terms: RefundTerms, receipt: str | None, spent: int
    ) -> Entry:
        gone = self.pages.lots[back.lot]
        lot = self.new_lot(
            back.points, at=at, origin=Origin(gone.cause, budget=gone.budget, rule=gone.rule), dates=terms.grace,
            wallet=gone.wallet, released=True, grant=gone.grant,
        )  # fmt: skip
        return self.post_lot(
            "restoration", lot, at=at, source=source, origin=Origin("refund", receipt=receipt),
            postings=Postings(redeemed=-back.points, available=back.points),
            details={"spent": spent, "grace_for": gone.number},
        )  # fmt: skip

    def _reverse(
        self, earned: str, points: int, *, at: datetime, source: str, terms: RefundTerms, receipt: str | None
    ) -> Entry:
        lot = self._granted(earned)
        self.claim(f"{source}/{self.member}/reverse/{lot.number}", kind="reversal", points=-points)
        if not 0 < points <= lot.original - lot.reversed:
            raise NotEarnedSo(points=lot.original - lot.reversed)
        parts = self._parts(lot, points, shortage=terms.shortage, at=at)
        for each in parts.ran_out:
            self.change_lot(each.lot, expired=-each.points)
        self.change_lot(lot.number, reversed_points=points)
        entry = self.post(
            "reversal", wallet=lot.wallet, at=at, source=f"{source}/{self.member}/reverse/{lot.number}",
            origin=Origin(lot.cause, budget=lot.budget, rule=lot.rule, receipt=receipt),
            postings=parts.postings(pending=not lot.released), lots=taken(parts.own + parts.others),
            details={"lot": lot.number, **parts.details()},
        )  # fmt: skip
        if parts.debt:
            self.pages.debts[entry.number] = Debt(
                number=entry.number, wallet=lot.wallet, points=parts.debt, left=parts.debt, since=at,
                write_off_at=terms.write_off_at,
            )  # fmt: skip
        return entry

    def _granted(self, earned: str) -> Lot:
        entry = self.posted(earned)
        if entry is None or entry.number not in self.pages.lots:
            raise NotEarnedSo(points=0)
        return self.pages.lots[entry.number]

    def _parts(self, lot: Lot, points: int, *, shortage: Shortage, at: datetime) -> "_Parts":
        """Divide what is taken back: the lot's own, its expired part, then as `shortage` says."""
        family = sorted((each for each in self.pages.lots.values() if each.grant == lot.number), key=_by_number)
        own = take(family, points)
        ran_out = take((replace(each, left=each.expired) for each in family), points - total(own))
        short = points - total(own) - total(ran_out)
        others = [each for each in self.spendable(lot.wallet, max(at, self.clock)) if each.grant != lot.number]
        more = () if shortage == "lot_only" else take(others, short)
        short -= total(more)
        debt = short if shortage == "debt" else 0
        return _Parts(own=own, ran_out=ran_out, others=more, debt=debt, forgiven=short - debt)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    """Where the points of a reversal come from."""

    own: tuple[Take, ...]
    ran_out: tuple[Take, ...]
    others: tuple[Take, ...]
    debt: int
    forgiven: int

    def postings(self, *, pending: bool) -> Postings:
        own, others, ran_out = total(self.own), total(self.others), total(self.ran_out)
        return Postings(
            pending=-own if pending else 0,
            available=-others if pending else -own - others,
            breakage=-ran_out,
            debt=-self.debt,
            issued=own + others + ran_out + self.debt,
        )

    def details(self) -> Facts:
        """Return what the postings do not say by themselves."""
        ran_out = [[each.lot, each.points] for each in self.ran_out]
        return {name: fact for name, fact in (("expired", ran_out), ("forgiven", self.forgiven)) if fact}


def _by_number(lot: Lot) -> int:
    return lot.number


def _position(row: Consumption) -> int:
    return row.position


def _last_consumed_first(rows: Iterable[Consumption], points: int) -> list[Take]:
    """Spread points to give back over consumption rows that stand in the order to give back."""
    back = []
    for row in rows:
        points -= (part := min(points, row.points - row.restored))
        if part:
            back.append(Take(row.lot, part))
    return back
