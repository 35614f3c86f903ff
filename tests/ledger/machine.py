"""Random histories of one member's book, for stateful tests: the pure book here, the databases in their own test."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from portal.errors import Refused
from portal.ledger.accruals import Grounds
from portal.ledger.book import Book
from portal.ledger.entries import Origin
from portal.ledger.refunds import RefundTerms
from portal.rulebook.validity import LotDates
from tests.ledger.invariants import check_book

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
POINTS = st.integers(1, 120)
HOURS = st.integers(0, 30)
RELEASES = st.sampled_from([0, 0, 5, 24])
LIVES = st.sampled_from([1, 5, 24, 60, None])
WALLETS = st.sampled_from(["points", "points", "points", "whiskas"])

Command = Callable[[Book], object]


def dates(at: datetime, *, release: int, life: int | None) -> LotDates:
    """Return lot dates counted in hours, so that equal instants are common."""
    release_at = at + release * HOUR
    if life is None:
        return LotDates(release_at, None, None)
    expires_at = release_at + life * HOUR
    return LotDates(release_at, date.fromordinal(expires_at.toordinal()), expires_at)


class BookMachine(RuleBasedStateMachine):
    """Tell random commands; whatever is refused must leave the book right too."""

    def __init__(self) -> None:
        super().__init__()
        self.book = Book("ada")
        self.now = START
        self.step = 0
        self.granted: list[str] = []
        self.spent: list[str] = []
        self.holds: list[str] = []

    @initialize(points=POINTS)
    def welcome(self, points: int) -> None:
        self._grant(points, at=self.now, release=0, life=30, wallet="points")

    def tell(self, command: Command, *, needs: tuple[str, ...] = (), of_hold: str | None = None) -> bool:
        """Run a command on the book and tell whether it was accepted; `needs` and `of_hold` name what it speaks of."""
        try:
            command(self.book)
        except Refused:
            return False
        return True

    def name(self, word: str) -> str:
        self.step += 1
        return f"{self.book.member}/{word}/{self.step}"

    @rule(hours=HOURS)
    def time_passes(self, hours: int) -> None:
        self.now += hours * HOUR
        self.tell(lambda book: book.advance(self.now))

    @rule(points=POINTS, release=RELEASES, life=LIVES, wallet=WALLETS)
    def grant(self, points: int, release: int, life: int | None, wallet: str) -> None:
        self._grant(points, at=self.now, release=release, life=life, wallet=wallet)

    @rule(points=POINTS, late=st.integers(1, 40), release=st.sampled_from([0, 5]), life=st.sampled_from([5, 60]))
    def grant_of_an_offline_till(self, points: int, late: int, release: int, life: int) -> None:
        self._grant(points, at=self.now - late * HOUR, release=release, life=life, wallet="points")

    def _grant(self, points: int, *, at: datetime, release: int, life: int | None, wallet: str) -> None:
        source = self.name("grant")
        lot = dates(at, release=release, life=life)
        origin = Origin("purchase", rule="base5", rulebook="shop@1")

        def command(book: Book) -> None:
            book.advance(self.now)
            book.grant(points, at=at, source=source, origin=origin, dates=lot, wallet=wallet)

        if self.tell(command):
            self.granted.append(source)

    @rule(points=POINTS, wallet=WALLETS)
    def redeem(self, points: int, wallet: str) -> None:
        source = self.name("redeem")
        origin = Origin("purchase", receipt="r")
        if self.tell(lambda book: book.redeem(points, at=self.now, source=source, origin=origin, wallet=wallet)):
            self.spent.append(source)

    @rule(points=POINTS, ttl=st.integers(1, 20), wallet=WALLETS)
    def hold(self, points: int, ttl: int, wallet: str) -> None:
        source = self.name("hold")
        until = self.now + ttl * HOUR
        if self.tell(
            lambda book: book.hold(points, hold=source, at=self.now, expires_at=until, source=source, wallet=wallet)
        ):
            self.holds.append(source)

    @precondition(lambda self: self.holds)
    @rule(data=st.data(), points=POINTS)
    def capture(self, data: st.DataObject, points: int) -> None:
        hold = data.draw(st.sampled_from(self.holds))
        source = self.name("capture")
        origin = Origin("purchase", receipt="r")
        if self.tell(
            lambda book: book.capture(points, hold=hold, at=self.now, source=source, origin=origin), of_hold=hold
        ):
            self.spent.append(source)

    @precondition(lambda self: self.holds)
    @rule(data=st.data())
    def void(self, data: st.DataObject) -> None:
        hold = data.draw(st.sampled_from(self.holds))
        source = self.name("void")
        self.tell(lambda book: book.void(hold=hold, at=self.now, source=source), of_hold=hold)

    @precondition(lambda self: self.granted)
    @rule(
        data=st.data(),
        points=POINTS,
        more=POINTS,
        shortage=st.sampled_from(["debt", "debt", "within_balance", "lot_only"]),
    )
    def refund(self, data: st.DataObject, points: int, more: int, shortage: str) -> None:
        reverse = {data.draw(st.sampled_from(self.granted)): points}
        restore = {data.draw(st.sampled_from(self.spent)): more} if self.spent and data.draw(st.booleans()) else {}
        source = self.name("refund")
        terms = RefundTerms(
            grace=dates(self.now, release=0, life=14), shortage=shortage, write_off_at=self.now + 50 * HOUR
        )
        undone = {"restore": restore, "reverse": reverse}
        self.tell(
            lambda book: _as_far_as_possible(book, source=source, at=self.now, terms=terms, **undone),
            needs=(*restore, *reverse),
        )

    @rule(points=st.integers(-60, 60))
    def adjust(self, points: int) -> None:
        source = self.name("adjust")
        grounds = Grounds(reason="goodwill", operator="mira")
        lot = dates(self.now, release=0, life=40)
        self.tell(lambda book: book.adjust(points, at=self.now, source=source, grounds=grounds, dates=lot))

    @precondition(lambda self: self.step > 12)
    @rule()
    def forget(self) -> None:
        source = self.name("forget")
        self.tell(lambda book: book.forfeit(at=self.now, source=source))

    @precondition(lambda self: self.book.account("points").debt)
    @rule()
    def forgive(self) -> None:
        source = self.name("forgive")
        self.tell(lambda book: book.write_off(at=self.now, source=source, origin=Origin("goodwill")))

    @invariant()
    def everything_holds(self) -> None:
        check_book(self.book)

    @invariant()
    def looking_ahead_changes_nothing_and_equals_waiting(self) -> None:
        later = self.now + 30 * HOUR
        count, waited = self.book.count, self.book.copy()
        waited.advance(later)
        for wallet in self.book.pages.accounts:
            assert self.book.balance(later, wallet=wallet) == waited.balance(later, wallet=wallet)
        assert self.book.count == count


def _as_far_as_possible(book: Book, *, source: str, restore: dict[str, int], reverse: dict[str, int], **terms) -> None:
    """Refund as much as can be refunded, so that random numbers are seldom refused."""
    for spent, points in restore.items():
        rows = [row for row in book.pages.consumptions.values() if row.source == spent]
        left = sum(row.points - row.restored for row in rows)
        if left:
            book.refund(source=source, restore={spent: min(points, left)}, **terms)
    for earned, points in reverse.items():
        lot = book.pages.lots[book.posted(earned).number]
        if left := lot.original - lot.reversed:
            book.refund(source=source, reverse={earned: min(points, left)}, **terms)
