"""A shop for the stories: the seeds' rules, the cast, and the shortest ways to buy and to look."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from portal.db import Batch, run, transaction
from portal.ledger import operations as ledger
from portal.ledger.entries import Origin
from portal.ledger.queries import load
from portal.members import operations as members
from portal.members.contacts import read_contact
from portal.members.lookup import Lookup, by_id
from portal.members.operations import Newcomer
from portal.programme.answers import ReceiptAnswer, RefundAnswer
from portal.programme.check_ledger import check_ledger
from portal.programme.command import Answered, Command
from portal.programme.publish_rulebook import publish_rulebook
from portal.programme.quote_receipt import quote_receipt
from portal.programme.record_receipt import record_receipt
from portal.programme.refund_receipt import refund_receipt
from portal.programme.told import ToldReceipt
from portal.rulebook.document import Rulebook, load_json
from portal.rulebook.receipt import read_receipt
from portal.rulebook.validity import LotDates
from portal.segments import operations as segments

SECRET = "a secret of the tests, longer than 32 characters"
OPENED = datetime(2026, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)

BASE5 = {"id": "base5", "title": "Базовые 5 %", "priority": 10, "effects": [{"type": "accrue_percent", "rate_bp": 500}]}
YELLOW = {
    "id": "yellow",
    "priority": 5,
    "effects": [
        {"type": "discount_percent", "rate_bp": 3000, "lines": {"tag": ["yellow"]}},
        {"type": "block", "what": ["accrual", "redemption", "discount"], "lines": {"tag": ["yellow"]}},
    ],
}


def rulebook(*rules: dict[str, Any], **settings: Any) -> Rulebook:
    """Return a rulebook in roubles and Moscow's time; naming a segment or wallet is enough to have it."""
    document = {"id": "shop", "currency": "RUB", "timezone": "Europe/Moscow", "rules": list(rules), **settings}
    return load_json(document)


def line(n: int = 1, gross: int = 100000, **about: Any) -> dict[str, Any]:
    return {"n": n, "gross": gross, "sku": f"SKU{n}", **about}


@dataclass
class Shop:
    """A shop with a published rulebook; `numbers` count its receipts and commands."""

    engine: Engine
    numbers: Any = field(default_factory=lambda: count(1))

    def publish(self, book: Rulebook, *, effective_from: datetime = OPENED, now: datetime = OPENED) -> None:
        with transaction(self.engine, writes=True) as session:
            publish_rulebook(session, book, effective_from=effective_from, now=now)

    def join(self, contact: str, *, referrer: str | None = None, agent: str | None = None) -> str:
        newcomer = Newcomer(
            contacts=(read_contact(contact),), name="Ada", language="en", verified=True, referrer_id=referrer
        )
        with transaction(self.engine, writes=True) as session:
            enrolled = members.find_or_enrol(session, newcomer, secret=SECRET, joined_at=OPENED, now=OPENED)
            if agent:
                members.set_agent(session, enrolled.member_id, agent)
        return enrolled.member_id

    def give(
        self, member_id: str, points: int, *, wallet: str = "points", days: int = 180, at: datetime = OPENED
    ) -> None:
        """Give points or gift units outside a receipt."""
        dates = LotDates(at, (at + days * DAY).date(), at + (days + 1) * DAY)
        with transaction(self.engine, writes=True) as session:
            book = load(session, member_id, now=at)
            source = f"gift/{next(self.numbers)}"
            book.grant(points, at=at, source=source, origin=Origin("promo"), dates=dates, wallet=wallet)
            batch = Batch()
            ledger.store(batch, book)
            batch.flush(session)

    def assign(self, member_id: str, segment: str, *, uses: int | None = None, until: datetime | None = None) -> None:
        with transaction(self.engine, writes=True) as session:
            segments.assign(session, member_id, segment=segment, now=OPENED, uses=uses, until=until)

    def told(
        self, member: str | Lookup | None, *lines: dict[str, Any], at: datetime = NOW, **about: Any
    ) -> ToldReceipt:
        hold = about.pop("hold", None)
        number = about.pop("number", None) or f"T1-{next(self.numbers):06d}"
        document = {"number": number, "store": "S1", "till": "T1", "channel": "store", "at": at.isoformat(), **about}
        receipt = read_receipt({**document, "lines": list(lines or (line(),))})
        return ToldReceipt(receipt=receipt, member=by_id(member) if isinstance(member, str) else member, hold=hold)

    def command(self, *, now: datetime = NOW, key: str | None = None, vouches: bool = True, **about: Any) -> Command:
        key = key or f"key-{next(self.numbers)}"
        return Command(client="key:till-1", key=key, now=now, language="en", vouches=vouches, **about)

    def quote(self, told: ToldReceipt, *, command: Command | None = None) -> ReceiptAnswer:
        def beside(work: Callable[[Session], None]) -> None:
            run(self.engine, work, writes=True)

        with transaction(self.engine, writes=False) as session:
            command = command or self.command(now=told.receipt.at)
            return quote_receipt(session, told, command=command, beside=beside)

    def record(self, told: ToldReceipt, *, command: Command | None = None) -> Answered[ReceiptAnswer]:
        command = command or self.command(now=told.receipt.at)
        return run(self.engine, lambda session: record_receipt(session, told, command=command), writes=True)

    def buy(
        self, member: str | Lookup | None, *lines: dict[str, Any], at: datetime = NOW, **about: Any
    ) -> ReceiptAnswer:
        """Record a receipt at its own time, by a client that may let the member spend."""
        return self.record(self.told(member, *lines, at=at, **about)).body

    def refund(
        self, receipt_id: str | None, lines: dict[int, Any], *, at: datetime = NOW, command: Command | None = None
    ) -> Answered[RefundAnswer]:
        command = command or self.command(now=at)
        assert receipt_id is not None
        return run(
            self.engine,
            lambda session: refund_receipt(session, receipt_id, lines=lines, at=at, command=command),
            writes=True,
        )

    def available(self, member_id: str, *, at: datetime = NOW, wallet: str = "points") -> int:
        with transaction(self.engine, writes=False) as session:
            return load(session, member_id, now=at).balance(at, wallet=wallet).available

    def broken(self) -> list[Any]:
        """Return what check-ledger complains of."""
        with transaction(self.engine, writes=False) as session:
            return list(check_ledger(session))
