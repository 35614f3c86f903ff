"""A shopper joins from the till's screen, and buys at once."""

from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from portal.cli import main
from portal.db import run
from portal.receipts.queries import list_evidence
from portal.referrals.operations import own_code
from portal.staff.operations import join_code
from portal.staff.queries import list_joins, read_audit
from portal.web.qr import card_svg
from tests.member.shop import shown_code
from tests.pages import Pages
from tests.till.shop import SECRET, Till


@pytest.fixture
def phone(till: Till) -> Pages:
    """Give the shopper's browser; codes are shown as in a demo."""
    extensions = till.pages.app.extensions
    extensions["settings"] = extensions["settings"].model_copy(update={"demo": True})
    return Pages(till.pages.app).speaking("en")


def shown_address(till: Till, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the address in the code on the till's screen."""
    drawn: list[str] = []

    def draw(address: str, **words: Any) -> Any:
        drawn.append(address)
        return card_svg(address, **words)

    monkeypatch.setattr("portal.till.join.card_svg", draw)
    till.pages.get("/till/join")
    return drawn[0].removeprefix("http://127.0.0.1:8000")


def join(phone: Pages, address: str, *, name: str = "Ben", contact: str = "ben@example.com") -> None:
    code = shown_code(phone.follow(phone.post(address, {"contact": contact})))
    phone.follow(phone.post("/code", {"code": code}))
    phone.post("/welcome", {"name": name, "programme": "y"})


def joins(till: Till) -> list[Any]:
    return run(
        till.engine,
        lambda session: session.execute(text("select staff_id, device_id from till_join")).all(),
        writes=False,
    )


def test_the_till_shows_the_way_to_join(till: Till):
    page = till.pages.get("/till/join")
    assert page.heading == "Join with your phone"
    assert page.find("svg", role="img").get("aria-label") == "Code that opens the way to join"
    assert "http://127.0.0.1:8000/join" in page.words


def test_who_joins_by_it_belongs_to_this_till_and_cashier(till: Till, phone: Pages, monkeypatch: pytest.MonkeyPatch):
    address = shown_address(till, monkeypatch)
    assert phone.get(address).heading == "Join"
    join(phone, address)
    ((staff_id, _),) = joins(till)
    assert staff_id == till.tim
    deeds = [link.deed for link in run(till.engine, read_audit, writes=False)]
    assert [deed.subject_id for deed in deeds if deed.action == "member.joined_at_till"] == [till.tim]


def test_the_shop_reads_who_joined_where_and_under_whom(till: Till, phone: Pages, monkeypatch: pytest.MonkeyPatch):
    join(phone, shown_address(till, monkeypatch))
    monkeypatch.setenv("PORTAL_DATABASE_URL", till.engine.url.render_as_string(hide_password=False))
    since = till.write(lambda session: list_joins(session, since=till.now))
    assert [(row.staff_id, row.device.store, row.device.till) for row in since] == [(till.tim, "S1", "T1")]
    told = CliRunner().invoke(main, ["till", "joined", "--days", "3000"], catch_exceptions=False).output
    assert "\tS1\tT1\tTim" in told


def test_who_joined_here_buys_at_once_without_a_card(till: Till, phone: Pages, monkeypatch: pytest.MonkeyPatch):
    join(phone, shown_address(till, monkeypatch))
    till.wait(minutes=9)
    page = till.pages.get("/till/join")
    assert "Ben has joined: begin the purchase" in page.words
    basket = till.send(page, "/till/joined")
    assert "Ben Earns only" in basket.words
    till.send(till.send(basket, "/till/quote", **{"line1-price": "1000"}), "/till/receipts")
    (row,) = run(
        till.engine,
        lambda s: list_evidence(s, since=till.now.replace(hour=0), until=till.now.replace(hour=23)),
        writes=False,
    )
    assert (row.method, row.staff_id) == ("joined", till.tim)
    assert "has joined" not in till.pages.get("/till/join").words
    assert till.send(page, "/till/joined").status == 404


def test_half_an_hour_later_the_card_is_asked_for(till: Till, phone: Pages, monkeypatch: pytest.MonkeyPatch):
    join(phone, shown_address(till, monkeypatch))
    page = till.pages.get("/till/join")
    till.wait(minutes=31)
    till.sign_in()
    assert till.send(page, "/till/joined").status == 404
    assert "has joined" not in till.pages.get("/till/join").words


def test_nobody_buys_so_who_did_not_join_here(till: Till):
    assert till.pages.post("/till/joined", {"member": till.ada}).status == 404


@pytest.mark.parametrize("pattern", ["", "x", "0%s", "%sx", "й"])
def test_a_code_that_is_none_joins_nobody_to_the_till(till: Till, phone: Pages, pattern: str):
    code = join_code("0" * 26, secret=SECRET, now=till.now)
    join(phone, f"/join?till={pattern.replace('%s', code)}")
    assert joins(till) == []
    assert phone.get("/home").status == 200


def test_an_old_code_joins_nobody_to_the_till(till: Till, phone: Pages, monkeypatch: pytest.MonkeyPatch):
    address = shown_address(till, monkeypatch)
    till.wait(minutes=61)
    join(phone, address)
    assert joins(till) == []


def test_the_till_speaks_russian(till: Till):
    till.pages.speaking("ru")
    assert till.pages.get("/till").heading == "Отсканируйте карту"
    assert "Может списать баллы" in till.scan(till.code()).words
    assert till.sell(till.card()).heading == "Проведено"


def test_a_friends_code_counts_at_the_till_too(till: Till, phone: Pages, monkeypatch: pytest.MonkeyPatch):
    address = shown_address(till, monkeypatch)
    ada = run(till.engine, lambda session: session.scalar(text("select id from member limit 1")), writes=False)
    code = run(till.engine, lambda session: own_code(session, str(ada), now=till.now), writes=True)
    typed = shown_code(phone.follow(phone.post(address, {"contact": "ben@example.com"})))
    phone.follow(phone.post("/code", {"code": typed}))
    phone.post("/welcome", {"name": "Ben", "programme": "y", "invite": code})
    told = text("select referrer_id, decision from joining")
    brought = run(till.engine, lambda session: session.execute(told).all(), writes=False)
    assert ([tuple(each) for each in brought], len(joins(till))) == ([(ada, "ok")], 1)
