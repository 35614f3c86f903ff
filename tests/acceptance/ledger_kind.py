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
        self.settings = _terms_of(given.get("programme")) | _terms_of(given)
        self.zone = ZoneInfo(self.settings.get("timezone", "Europe/Moscow"))
        members = (operation.get("member", "m") for operation in given["ops"])
        self.books = {member: Book(member) for member in members}
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
            _named(operation)(self, operation, operation.get("id") or f"op{number}", at)
        except AlreadyPosted:
            return "duplicate"
        except _INSUFFICIENT:
            return "insufficient"
        except Refused as refused:
            return refused.code
        self.told[key] = body
        return "ok"

    def book(self, operation: Operation, name: str = "") -> Book:
        return self.books[self.homes.get(name) or operation.get("member", "m")]

    def lodge(self, operation: Operation, source: str) -> Book:
        """Return the operation's book and remember that what has this name stands in it."""
        book = self.book(operation)
        self.homes[source] = book.member
        return book

    def grant(self, operation: Operation, name: str, at: datetime) -> None:
        source, dates = _given(name), self.dates(operation, at)
        origin = Origin(operation.get("cause", "purchase"), rule=operation.get("rule"))
        self.lodge(operation, source).grant(operation["points"], at=at, source=source, origin=origin, dates=dates)

    def redeem(self, operation: Operation, name: str, at: datetime) -> None:
        source = _spent(name)
        self.lodge(operation, source).redeem(operation["points"], at=at, source=source, origin=Origin("purchase"))

    def hold(self, operation: Operation, name: str, at: datetime) -> None:
        book, ends = self.lodge(operation, _spent(name)), at + _ttl(self.settings | operation)
        book.hold(operation["points"], hold=name, at=at, expires_at=ends, source=f"hold/{name}")

    def capture(self, operation: Operation, name: str, at: datetime) -> None:
        """Capture all that is held unless told how much."""
        hold = _hold_of(operation)
        book, source = self.book(operation, _spent(hold)), _spent(operation.get("id") or hold)
        self.homes[source] = book.member
        points = operation.get("points") or book.find_hold(hold).points
        book.capture(points, hold=hold, at=at, source=source, origin=Origin("purchase"))

    def void(self, operation: Operation, name: str, at: datetime) -> None:
        hold = _hold_of(operation)
        self.book(operation, _spent(hold)).void(hold=hold, at=at, source=f"void/{hold}")

    def refund(self, operation: Operation, name: str, at: datetime) -> None:
        """Restore everywhere before anything is reversed; each point comes back to, or leaves, the book it is in."""
        terms, part = self.terms(operation, at), {"at": at, "source": f"refund/{name}"}
        for spent, points in (operation.get("restore") or {}).items():
            if points:
                source = _spent(spent)
                self.book(operation, source).refund(**part, terms=terms, restore={source: points})
        for given, points in (operation.get("reverse") or {}).items():
            if points:
                source = _given(given)
                self.book(operation, source).refund(**part, terms=terms, reverse={source: points})

    def adjust(self, operation: Operation, name: str, at: datetime) -> None:
        grounds = Grounds(reason=operation.get("reason", "goodwill"), operator=operation.get("operator", "mira"))
        source, dates = _given(name), self.dates(operation, at)
        self.lodge(operation, source).adjust(operation["points"], at=at, source=source, grounds=grounds, dates=dates)

    def write_off(self, operation: Operation, name: str, at: datetime) -> None:
        self.book(operation).write_off(at=at, source=f"write-off/{name}", origin=Origin("goodwill"))

    def tick(self, operation: Operation, name: str, at: datetime) -> None:
        """Let time pass: `tell` has brought every book to the instant already."""

    def dates(self, operation: Operation, at: datetime) -> LotDates:
        pending_days = operation.get("pending_days") or 0
        return lot_dates(at, zone=self.zone, pending_days=pending_days, valid=read_validity(operation.get("valid")))

    def terms(self, operation: Operation, at: datetime) -> RefundTerms:
        asked = self.settings | _terms_of(operation)
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


def read_validity(valid: Operation | None) -> Validity | None:
    """Read how long points live; none, or the type "never", is for ever."""
    return None if valid is None or valid.get("type") == "never" else Validity.model_validate(valid)


def _terms_of(told: Operation | None) -> Operation:
    """Return the terms of a programme, a case or an operation, whether it tells them openly or in a part of its own."""
    told = told or {}
    parts = [told[name] for name in ("refunds", "holds", "settings", "policy") if isinstance(told.get(name), dict)]
    return {**told, **{name: value for part in parts for name, value in _terms_of(part).items()}}


def _given(name: str) -> str:
    return f"given/{name}"


def _spent(name: str) -> str:
    return f"spent/{name}"


def _hold_of(operation: Operation) -> str:
    return operation.get("hold") or operation["id"]


def _ttl(asked: Operation) -> timedelta:
    if seconds := asked.get("ttl_seconds"):
        return timedelta(seconds=seconds)
    return timedelta(minutes=asked.get("ttl_minutes") or asked.get("ttl") or 15)


def _named(operation: Operation) -> Callable[["_Story", Operation, str, datetime], None]:
    """Return what an operation does: to release, cancel or capture nothing of a hold is to void it."""
    name = operation["op"]
    if name == "capture" and operation.get("points") == 0:
        return _Story.void
    if name in ("release", "cancel"):
        return _Story.void if "hold" in operation else _Story.tick
    return _DO[_ALSO.get(name, name)]


_ALSO = {
    "accrue": "grant",
    "advance": "tick",
    "expire": "tick",
    "manual": "adjust",
    "spend": "redeem",
    "writeoff": "write_off",
}


_DO: dict[str, Callable[[_Story, Operation, str, datetime], None]] = {
    "grant": _Story.grant, "redeem": _Story.redeem, "hold": _Story.hold, "capture": _Story.capture, "void": _Story.void,
    "refund": _Story.refund, "adjust": _Story.adjust, "write_off": _Story.write_off, "tick": _Story.tick,
}  # fmt: skip
