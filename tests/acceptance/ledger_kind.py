"""The `ledger` kind of the acceptance cases: operations on the books of a few members, told one after another."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from portal.errors import Refused
from portal.ledger.accruals import Grounds, NotEnoughPoints
from portal.ledger.book import Book
from portal.ledger.entries import Origin
from portal.ledger.refunds import RefundTerms
from portal.ledger.sheet import AlreadyPosted
from portal.ledger.spending import HoldEnded, UnknownHold
from portal.rulebook.moments import in_zone
from portal.rulebook.validity import LotDates, Validity, lot_dates

Operation = dict[str, Any]
MEMBER = ("available", "pending", "held", "debt")
PROGRAMME = ("issued", "redeemed", "breakage", "writeoff")
_INSUFFICIENT = (NotEnoughPoints, UnknownHold, HoldEnded)


def ledger(given: dict[str, Any]) -> dict[str, Any]:
    """Run a case's `ops` and return results and balances by the names that cases expect."""
    story = _Story(given)
    results: dict[str, str] = {}
    after: dict[str, dict[str, int]] = {}
    for number, operation in enumerate(given["ops"]):
        results[str(number)] = story.tell(number, operation)
        after[str(number)] = story.balances()
    final = story.balances()
    liability = sum(points for name, points in final.items() if name.endswith((":available", ":pending", ":held")))
    return {
        "results": results, "after": after, "final": final, "expiring": story.expiring(), "liability": liability,
        "net_liability": liability + sum(points for name, points in final.items() if name.endswith(":debt")),
    }  # fmt: skip


class _Story:
    def __init__(self, given: dict[str, Any]) -> None:
        programme = given.get("programme") or {}
        self.settings = {**programme, **programme.get("refunds", {}), **given}
        self.zone = ZoneInfo(self.settings.get("timezone", "Europe/Moscow"))
        self.books: dict[str, Book] = {}
        self.told: dict[str, Operation] = {}
        self.homes: dict[str, str] = {}

    def tell(self, number: int, operation: Operation) -> str:
        key = str(operation.get("key") or f"{operation['op']}/{operation.get('id', number)}")
        body = {name: value for name, value in operation.items() if name not in ("at", "key")}
        if key in self.told:
            return "duplicate" if self.told[key] == body else "conflict"
        at = in_zone(datetime.fromisoformat(operation["at"]), self.zone)
        for book in self.books.values():
            book.advance(at)
        try:
            _DO[operation["op"]](self, operation, operation.get("id") or f"op{number}", at)
        except AlreadyPosted:
            return "duplicate"
        except _INSUFFICIENT:
            return "insufficient"
        except Refused as refused:
            return refused.code
        self.told[key] = body
        return "ok"

    def book(self, operation: Operation, name: str = "") -> Book:
        member = self.homes.get(name) or operation.get("member", "m")
        return self.books.setdefault(member, Book(member))

    def grant(self, operation: Operation, name: str, at: datetime) -> None:
        book = self.book(operation)
        self.homes[name] = book.member
        origin = Origin(operation.get("cause", "purchase"), rule=operation.get("rule"))
        book.grant(operation["points"], at=at, source=name, origin=origin, dates=self.dates(operation, at))

    def redeem(self, operation: Operation, name: str, at: datetime) -> None:
        self.homes[name] = self.book(operation).member
        self.book(operation).redeem(operation["points"], at=at, source=name, origin=Origin("purchase"))

    def hold(self, operation: Operation, name: str, at: datetime) -> None:
        book = self.book(operation)
        self.homes[name] = book.member
        book.hold(
            operation["points"],
            hold=name,
            at=at,
            expires_at=at + _ttl(operation | self.settings),
            source=f"hold/{name}",
        )

    def capture(self, operation: Operation, name: str, at: datetime) -> None:
        hold = operation["hold"]
        book = self.book(operation, hold)
        points = operation.get("points") or book.find_hold(hold).points
        book.capture(points, hold=hold, at=at, source=operation.get("id", hold), origin=Origin("purchase"))

    def void(self, operation: Operation, name: str, at: datetime) -> None:
        self.book(operation, operation["hold"]).void(hold=operation["hold"], at=at, source=f"void/{operation['hold']}")

    def refund(self, operation: Operation, name: str, at: datetime) -> None:
        """Restore everywhere before anything is reversed; each point comes back to, or leaves, the book it is in."""
        terms = self.terms(operation, at)
        for part in ("restore", "reverse"):
            for source, points in operation.get(part, {}).items():
                if points:
                    book = self.book(operation, source)
                    book.refund(at=at, source=name, terms=terms, **{part: {source: points}})

    def adjust(self, operation: Operation, name: str, at: datetime) -> None:
        grounds = Grounds(reason=operation.get("reason", "goodwill"), operator=operation.get("operator", "mira"))
        self.homes[name] = self.book(operation).member
        dates = self.dates(operation, at)
        self.book(operation).adjust(operation["points"], at=at, source=name, grounds=grounds, dates=dates)

    def write_off(self, operation: Operation, name: str, at: datetime) -> None:
        self.book(operation).write_off(at=at, source=name, origin=Origin("goodwill"))

    def tick(self, operation: Operation, name: str, at: datetime) -> None:
        """Let time pass: `tell` has brought every book to the instant already."""

    def dates(self, operation: Operation, at: datetime) -> LotDates:
        valid = operation.get("valid")
        return lot_dates(
            at,
            zone=self.zone,
            pending_days=operation.get("pending_days", 0),
            valid=Validity.model_validate(valid) if valid else None,
        )

    def terms(self, operation: Operation, at: datetime) -> RefundTerms:
        asked = self.settings | operation
        grace = Validity(type="days", n=asked.get("restore_grace_days", 14))
        return RefundTerms(
            grace=lot_dates(at, zone=self.zone, pending_days=0, valid=grace),
            shortage=asked.get("shortage") or asked.get("policy") or "debt",
            write_off_at=at + timedelta(days=asked.get("debt_days", 365)),
        )

    def balances(self) -> dict[str, int]:
        found = {
            f"{member}:{name}": getattr(book.account("points"), name)
            for member, book in self.books.items()
            for name in MEMBER
        }
        entries = [entry.postings for book in self.books.values() for entry in book.entries]
        return found | {name: sum(getattr(postings, name) for postings in entries) for name in PROGRAMME}

    def expiring(self) -> dict[str, int]:
        days: dict[str, int] = {}
        for lot in self._open_lots():
            if lot.last_valid_day:
                day = lot.last_valid_day.isoformat()
                days[day] = days.get(day, 0) + lot.left
        return days

    def _open_lots(self) -> Iterator[Any]:
        return (lot for book in self.books.values() for lot in book.pages.lots.values() if lot.left)


def _ttl(asked: Operation) -> timedelta:
    if seconds := asked.get("ttl_seconds"):
        return timedelta(seconds=seconds)
    return timedelta(minutes=asked.get("ttl_minutes") or asked.get("ttl") or 15)


_DO: dict[str, Callable[[_Story, Operation, str, datetime], None]] = {
    "grant": _Story.grant, "redeem": _Story.redeem, "hold": _Story.hold, "capture": _Story.capture, "void": _Story.void,
    "refund": _Story.refund, "adjust": _Story.adjust, "write_off": _Story.write_off, "expire": _Story.tick,
    "tick": _Story.tick,
}  # fmt: skip
