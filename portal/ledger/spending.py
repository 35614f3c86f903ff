"""Points spent at a till, at once or by a hold (domain.md §2.1, §2.5)."""

from dataclasses import replace
from datetime import datetime

from portal.errors import Refused
from portal.ledger.accruals import POINTS, Accruals, NotEnoughPoints
from portal.ledger.entries import Entry, Facts, Origin
from portal.ledger.holds import Hold, split
from portal.ledger.lots import Take, take
from portal.ledger.postings import Postings
from portal.ledger.sheet import Consumption, PostedDifferently, returned, taken, total


class UnknownHold(Refused):
    code = "unknown-hold"
    status = 404
    text = "There is no such hold."


class HoldEnded(Refused):
    code = "hold-ended"
    status = 409
    text = "This hold has ended already (%(state)s)."


class Spending(Accruals):
    """Redemptions and holds. Lots that expire soonest are spent first."""

    def redeem(
        self,
        points: int,
        *,
        at: datetime,
        source: str,
        origin: Origin,
        wallet: str = POINTS,
        details: Facts | None = None,
    ) -> Entry:
        """Spend points. Raises `NotEnoughPoints`; in debt nothing is available, so nothing can be spent."""
        self.claim(source, kind="redemption", points=-points)
        self.advance(at)
        self.need(points, wallet=wallet)
        takes = take(self.spendable(wallet, at), points)
        entry = self.post(
            "redemption", wallet=wallet, at=at, source=source, origin=origin,
            postings=Postings(available=-points, redeemed=points), lots=taken(takes), details=details,
        )  # fmt: skip
        self._consume(entry, takes)
        return entry

    def hold(
        self, points: int, *, hold: str, at: datetime, expires_at: datetime, source: str, wallet: str = POINTS
    ) -> Entry:
        """Set points aside under the id `hold`, new for each hold, until `expires_at`. Raises `NotEnoughPoints`."""
        self.claim(source, kind="hold", points=-points)
        if hold in self.pages.holds:
            raise PostedDifferently(source=hold)
        self.advance(at)
        self.need(points, wallet=wallet)
        takes = take(self.spendable(wallet, at), points)
        entry = self.post(
            "hold", wallet=wallet, at=at, source=source, origin=Origin("hold"),
            postings=Postings(available=-points, held=points), lots=taken(takes), details={"hold": hold},
        )  # fmt: skip
        self.set_aside(takes)
        self.pages.holds[hold] = Hold(
            id=hold, number=entry.number, wallet=wallet, points=points, takes=takes, at=at, expires_at=expires_at
        )
        return entry

    def capture(
        self, points: int, *, hold: str, at: datetime, source: str, origin: Origin, details: Facts | None = None
    ) -> Entry:
        """Spend up to all held points, in the hold's order, and give the rest back.

        Points of a lot that expired while held are good for the capture; given back, they run out at once. Raises
        `UnknownHold`, `HoldEnded`, `NotEnoughPoints`.
        """
        self.claim(source, kind="capture", points=-points)
        self.advance(at)
        held = self.find_hold(hold)
        if not 0 < points <= held.points:
            raise NotEnoughPoints(available=held.points, asked=points)
        spent, rest = split(held.takes, points)
        entry = self.post(
            "capture", wallet=held.wallet, at=at, source=source, origin=origin,
            postings=Postings(held=-held.points, redeemed=points, available=total(rest)),
            lots=returned(rest), details={**(details or {}), "hold": hold},
        )  # fmt: skip
        self.let_loose(held.takes)
        self.pages.holds[hold] = replace(held, state="captured", ended_at=at)
        self._consume(entry, spent)
        self.after_return(held.wallet, at=at)
        return entry

    def void(self, *, hold: str, at: datetime, source: str) -> Entry:
        """Give all held points back. Raises `UnknownHold`, `HoldEnded`."""
        known = self.pages.holds.get(hold)
        if known:
            self.claim(source, kind="void", points=known.points)
        self.advance(at)
        return self.give_back(self.find_hold(hold), at=at, kind="void", source=source)

    def find_hold(self, hold: str) -> Hold:
        """Return an active hold; raises `UnknownHold` or `HoldEnded`."""
        found = self.pages.holds.get(hold)
        if found is None:
            raise UnknownHold(hold=hold)
        if found.state != "active":
            raise HoldEnded(state=found.state)
        return found

    def _consume(self, entry: Entry, takes: tuple[Take, ...]) -> None:
        for position, each in enumerate(takes):
            self.pages.consumptions[entry.number, each.lot] = Consumption(
                number=entry.number, position=position, source=entry.source, lot=each.lot, points=each.points
            )
