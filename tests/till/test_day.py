"""What one person did today, and what is noted of searching, shifts and own cards."""

import pytest
from click.testing import CliRunner

from portal.cli import main
from portal.db import run
from portal.staff.queries import check_audit, read_audit
from tests.till.shop import MIRA_PIN, PHONE, Till


def audited(till: Till) -> list[str]:
    return [link.deed.action for link in run(till.engine, read_audit, writes=False)]


def test_the_day_sums_up_what_one_person_recorded(till_anywhere: Till):
    till = till_anywhere
    till.sell(till.code(), "1000", points="100")
    receipt = till.sell(till.card(), "500").answer.request.path.rpartition("/")[2]
    till.wait(seconds=5)
    quote = till.pages.post(f"/till/refund/{receipt}/quote", {"all": "y"})
    till.send(quote, f"/till/refund/{receipt}")
    page = till.pages.get("/till/shift")
    assert page.heading == "Your day"
    assert "Purchases 2 To pay RUB 1,400.00" in page.words
    assert "Points taken for payment 100" in page.words
    assert "Returns 1 Money given back RUB 500.00" in page.words
    links = [link.get("href") for link in page.find_all("a") if "/receipts/" in (link.get("href") or "")]
    assert "/refunds/" in links[0]
    assert [till.pages.get(link).status for link in links] == [200, 200, 200]
    assert "Points afterwards 245" in till.pages.get(links[2]).words, "as they were then, whenever it is opened"
    assert "Money given back RUB 500.00" in till.pages.get(f"/till/receipts/{receipt}").words


def test_a_lock_in_between_changes_nothing_and_another_person_sees_the_own_day(till: Till):
    till.sell(till.card())
    till.pages.post("/till/lock")
    till.sign_in()
    assert "Purchases 1" in till.pages.get("/till/shift").words
    till.pages.post("/till/end")
    till.sign_in(till.mira, MIRA_PIN)
    assert "Nothing yet today" in till.pages.get("/till/shift").words


def test_a_new_day_begins_at_the_shops_midnight(till: Till):
    till.sell(till.card())
    till.wait(hours=24)
    till.sign_in()
    assert "Nothing yet today" in till.pages.get("/till/shift").words


def test_each_search_by_phone_is_noted_without_the_phone(till: Till):
    till.scan(PHONE)
    till.scan("+7 999 111-22-33")
    till.scan(till.card())
    searches = [
        link.deed for link in run(till.engine, read_audit, writes=False) if link.deed.action == "member.searched"
    ]
    assert [(deed.actor_id, deed.subject_id) for deed in searches] == [(till.tim, till.ada), (till.tim, None)]
    assert "912" not in str(searches)
    assert run(till.engine, check_audit, writes=False) == []


def test_nobody_searches_by_phone_without_end(till: Till):
    for _ in range(30):
        assert till.scan("+7 999 111-22-33").status == 200
    page = till.scan(PHONE)
    assert page.status == 429
    assert "Ask for the card" in page.words
    assert till.scan(till.card()).heading == "Purchase"
    till.wait(minutes=9)
    for _ in range(6):
        till.pages.get("/till")
        till.wait(minutes=9)
    assert till.scan(PHONE).heading == "Purchase"


def test_the_beginning_and_the_end_of_a_shift_are_noted(till: Till):
    till.pages.post("/till/lock")
    till.sign_in(pin="0001")
    till.sign_in()
    assert audited(till) == ["till.enrolled", "shift.started", "shift.ended", "shift.started"]


def test_who_turns_out_to_be_a_member_sells_no_longer_to_the_own_card(till: Till, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PORTAL_DATABASE_URL", till.engine.url.render_as_string(hide_password=False))
    quote = till.quote(till.card())
    call = CliRunner().invoke(main, ["staff", "own-card", till.tim, till.ada], catch_exceptions=False)
    assert call.exit_code == 0
    till.sign_in()
    assert till.scan(till.card()).status == 403
    assert till.send(quote, "/till/receipts").status == 403
    assert till.count("receipt") == 0
    taken = CliRunner().invoke(main, ["staff", "own-card", till.mira, till.ada])
    assert "already has this name, or this card" in taken.output
    nobody = CliRunner().invoke(main, ["staff", "own-card", till.mira, "0" * 26])
    assert "There is no such member." in nobody.output
    CliRunner().invoke(main, ["staff", "own-card", till.tim], catch_exceptions=False)
    till.sign_in()
    assert till.scan(till.card()).status == 200
