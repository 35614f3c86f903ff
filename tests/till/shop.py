"""A till in a small shop: Tim on shift, Ada with points and a phone, and the shortest ways from page to page."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from xml.etree.ElementTree import Element

from sqlalchemy import Engine, text

from portal.db import run
from portal.ledger import checks
from portal.members import operations as members
from portal.members import queries
from portal.members.contacts import read_contact
from portal.members.lookup import by_id
from portal.members.rotating_code import draw_code, window_at
from portal.programme.enrol_member import Joining, enrol_member
from portal.staff import operations as staff
from portal.staff.operations import NewStaff
from tests.conftest import app_on
from tests.member.shop import NOW, open_shop
from tests.pages import Page, Pages

SECRET = "s" * 48
PHONE = "+7 912 345-67-89"
TIM_PIN, MIRA_PIN = "4711", "8205"


@dataclass
class Till:
    """A browser that was let in as till T1 of store S1; `now` is the clock of the shop."""

    engine: Engine
    now: datetime = NOW
    pages: Pages = field(init=False)
    tim: str = ""
    mira: str = ""
    ada: str = ""

    def __post_init__(self) -> None:
        app = app_on(self.engine, shop_name="Foam")
        app.extensions["clock"] = lambda: self.now
        self.pages = Pages(app).speaking("en")
        open_shop(self.engine)
        self.ada = self.join("Ada Wolf", PHONE)
        self.mira = self.write(
            lambda session: staff.add_staff(session, NewStaff("Mira", "manager", MIRA_PIN), now=self.now)
        )
        self.tim = self.write(
            lambda session: staff.add_staff(session, NewStaff("Tim", "cashier", TIM_PIN), now=self.now)
        )

    def write(self, work: Any) -> Any:
        return run(self.engine, work, writes=True)

    def join(self, name: str, contact: str) -> str:
        newcomer = members.Newcomer((read_contact(contact),), name, "en", verified=True)
        joining = Joining(granted=("programme",), language="en", source="till", proof=None, at=self.now)
        return self.write(
            lambda session: enrol_member(session, newcomer, joining, secret=SECRET, now=self.now)
        ).member_id

    def invite(self, *, till: str = "T1") -> str:
        return self.write(lambda session: staff.invite_device(session, store="S1", till=till, now=self.now)).code

    def enrol(self) -> Page:
        return self.pages.follow(self.pages.post("/till/enrol", {"code": self.invite()}))

    def sign_in(self, who: str = "", pin: str = TIM_PIN) -> Page:
        return self.pages.post("/till/sign-in", {"who": who or self.tim, "pin": pin})

    def open(self) -> "Till":
        self.enrol()
        assert self.sign_in().location == "/till"
        return self

    def card(self) -> str:
        return self.write(lambda session: queries.find_person(session, by_id(self.ada)).card_number)

    def code(self, *, at: datetime | None = None) -> str:
        """Draw the code that Ada's phone shows."""
        at = at or self.now

        def draw(session) -> str:
            signed_in = members.open_session(session, self.ada, user_agent="", now=at)
            device = queries.find_card_device(session, signed_in.id)
            number = queries.find_person(session, by_id(self.ada)).card_number
            return draw_code(number, key=device.key, window=window_at(at))

        return self.write(draw)

    def scan(self, shown: str) -> Page:
        return self.pages.post("/till/member", {"shown": shown})

    def quote(self, shown: str, amount: str = "1000", **more: str) -> Page:
        """Scan, type one amount and have it worked out."""
        return self.send(self.scan(shown), "/till/quote", **{"line1-price": amount, **more})

    def send(self, page: Page, action: str, **more: str) -> Page:
        """Post a form of a page with its hidden fields and what was typed."""
        assert page.status == 200, page.words
        return self.pages.post(action, {**fields(page, action), **more})

    def sell(self, shown: str, amount: str = "1000", **more: str) -> Page:
        """Sell at once; a moment passes, since the numbers of two receipts of one millisecond can be the same."""
        page = self.pages.follow(self.confirm(self.quote(shown, amount, **more)))
        self.wait(milliseconds=1)
        return page

    def confirm(self, page: Page) -> Page:
        """Record what a page came to; points are set aside first."""
        answer = self.send(page, "/till/receipts")
        return self.send(answer, "/till/receipts") if has_set_aside(answer) else answer

    def part(self, typed: dict[str, str]) -> Page:
        """Have a sale worked out while it is typed."""
        return self.pages.part("/till/quote", target="div#quote", data=typed)

    def wait(self, **duration: int) -> None:
        self.now += timedelta(**duration)

    def count(self, table: str) -> int:
        return run(self.engine, lambda session: session.scalar(text(f"select count(*) from {table}")), writes=False)

    def broken(self) -> list[Any]:
        return run(self.engine, lambda session: list(checks.check_ledger(session)), writes=False)


def fields(page: Page, action: str) -> dict[str, str]:
    """Return what the form that posts to an address would send as it stands, without its buttons."""
    form = next(form for form in page.find_all("form") if action in _addresses(form))
    return {
        str(field.get("name")): field.get("value") or ""
        for field in form.iter("input")
        if field.get("name") and field.get("type") != "radio"
    }


def has_set_aside(page: Page) -> bool:
    """Tell whether the points of a page's sale wait for its money."""
    return bool(page.find_all("input", name="hold"))


def _addresses(form: Element) -> set[str | None]:
    return {form.get("action"), *(button.get("formaction") for button in form.iter("button"))}


def asked(page: Page) -> list[str]:
    """Return what a page asked of the database, without the marks of its transaction."""
    return [statement for statement in page.statements if not statement.startswith("BEGIN")]
