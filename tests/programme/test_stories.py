"""Joining, holding, adjusting, closing the day, forgetting, telling events, importing, publishing."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from portal.db import run, transaction
from portal.errors import Refused
from portal.ids import new_id
from portal.ledger.queries import balance_at, totals
from portal.members.contacts import read_contact
from portal.members.lookup import by_code, by_id
from portal.members.operations import Newcomer
from portal.members.operations.sessions import open_session
from portal.programme.adjust_points import Correction, adjust_points
from portal.programme.close_day import close_day
from portal.programme.decide_adjustment import confirm_adjustment, reject_adjustment
from portal.programme.enrol_member import EnrolAnswer, Joining, enrol_member
from portal.programme.erase_member import erase_member
from portal.programme.explain_entry import explain_entry
from portal.programme.hold_points import capture_hold, hold_points, void_hold
from portal.programme.import_receipt import import_receipt
from portal.programme.member_home import Home, find_home, member_home
from portal.programme.statement import read_statement
from portal.programme.tell_event import ToldEvent, tell_event
from portal.receipts.queries.adjustments import waiting_adjustments
from tests.programme.shop import BASE5, DAY, NOW, OPENED, SECRET, Shop, line, rulebook
from tests.programme.test_record_receipt import Statements

WELCOME = {"points": 300, "valid": {"type": "days", "n": 14}, "title": {"ru": "Добро пожаловать", "en": "Welcome"}}
PENDING = {"id": "points", "pending_days": 14, "valid": {"type": "days", "n": 180}}


@pytest.fixture
def shop(engine: Engine) -> Shop:
    shop = Shop(engine)
    shop.publish(rulebook(BASE5, welcome=WELCOME))
    return shop


def refused(call) -> str:
    with pytest.raises(Refused) as refusal:
        call()
    assert str(refusal.value)
    return refusal.value.code


def doing(shop: Shop, work):
    return run(shop.engine, work, writes=True)


def reading(shop: Shop, work):
    with transaction(shop.engine, writes=False) as session:
        return work(session)


def home_of(session: Session, token: str, *, now: datetime) -> Home:
    _, found = find_home(session, token, now=now) or pytest.fail("nobody signed in with this token")
    return member_home(session, found, language="en", now=now)


def facts(shop: Shop) -> list[str]:
    with shop.engine.connect() as connection:
        return list(connection.execute(text("select type from event order by seq")).scalars())


# --- joining ----------------------------------------------------------------------------------------------------------


def enrol(shop: Shop, contact: str, *granted: str, at: datetime = NOW) -> EnrolAnswer:
    newcomer = Newcomer(contacts=(read_contact(contact),), name="Ben", language="en", verified=True)
    joining = Joining(granted=granted or ("programme",), language="en", source="api", proof=None, at=at)
    return doing(shop, lambda session: enrol_member(session, newcomer, joining, secret=SECRET, now=NOW))


def test_a_newcomer_is_welcomed_once_with_the_last_day(shop: Shop) -> None:
    first, again = enrol(shop, "ben@example.org"), enrol(shop, "ben@example.org")
    assert first.created
    assert first.welcome is not None
    assert (first.welcome.points, str(first.welcome.last_valid_day)) == (300, "2026-03-18")
    assert (again.member_id, again.created, again.welcome) == (first.member_id, False, None)
    assert shop.available(first.member_id) == 300
    assert shop.available(first.member_id, at=datetime(2026, 3, 18, 21, tzinfo=UTC)) == 0
    assert facts(shop) == ["member.joined"]


def test_nobody_joins_without_agreeing(shop: Shop) -> None:
    assert refused(lambda: enrol(shop, "ben@example.org", "marketing:email")) == "consent-needed"
    assert refused(lambda: enrol(shop, "ben@example.org", "programme", "spying")) == "unknown-consent"
    with shop.engine.connect() as connection:
        assert connection.execute(text("select count(*) from member")).scalar_one() == 0


def test_an_erased_person_is_not_welcomed_again(shop: Shop) -> None:
    ben = enrol(shop, "ben@example.org").member_id
    assert doing(shop, lambda session: erase_member(session, ben, secret=SECRET, now=NOW + DAY))
    back = enrol(shop, "ben@example.org", at=NOW + 2 * DAY)
    assert back.created
    assert back.member_id != ben
    assert back.welcome is None


# --- forgetting -------------------------------------------------------------------------------------------------------


def test_erasure_lets_the_points_go_and_changes_no_sum(shop: Shop) -> None:
    ben = enrol(shop, "ben@example.org").member_id
    bought = shop.buy(ben, points_requested=100)
    before = reading(shop, totals)
    assert doing(shop, lambda session: erase_member(session, ben, secret=SECRET, now=NOW + DAY))
    assert not doing(shop, lambda session: erase_member(session, ben, secret=SECRET, now=NOW + DAY))
    after = reading(shop, totals)
    assert (after.issued, after.redeemed) == (before.issued, before.redeemed)
    assert (after.liability, after.breakage) == (0, before.liability)
    assert shop.refund(bought.receipt_id, {1: Fraction(1)}, at=NOW + 2 * DAY).body.points == 100
    assert shop.available(ben, at=NOW + 2 * DAY) == 0
    assert shop.broken() == []
    with shop.engine.connect() as connection:
        states = connection.execute(text("select cast(state as text) || cast(document as text) from receipt")).scalars()
        assert not any("example.org" in state for state in states)


# --- holds ------------------------------------------------------------------------------------------------------------


def test_a_hold_pays_for_a_receipt_and_the_rest_goes_back(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    shop.give(ada, 200)
    hold = doing(
        shop,
        lambda session: hold_points(session, by_id(ada), points=150, ttl_seconds=None, command=shop.command()),
    )
    assert (hold.state, hold.balance.available, hold.balance.held) == ("active", 50, 150)
    assert hold.expires_at == NOW + timedelta(minutes=15)
    till = shop.command(vouches=False)
    bought = shop.record(shop.told(ada, line(1, 12000), hold=hold.id), command=till).body
    assert (bought.points_spent, bought.due) == (120, 0)
    assert shop.available(ada) == 80
    told = shop.told(ada, hold=hold.id)
    assert refused(lambda: shop.record(told)) in {"unknown-hold", "hold-ended"}
    shop.refund(bought.receipt_id, {1: Fraction(1)})
    assert shop.available(ada) == 200
    assert shop.broken() == []


def test_a_receipt_that_takes_nothing_of_its_hold_gives_it_back(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    shop.give(ada, 200)
    hold = doing(
        shop,
        lambda session: hold_points(session, by_id(ada), points=150, ttl_seconds=60, command=shop.command()),
    )
    assert shop.buy(ada, line(1, 50), hold=hold.id).points_spent == 0
    assert shop.available(ada) == 200


def test_holds_are_captured_voided_and_time_out(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    shop.give(ada, 100)

    def hold(points: int):
        return doing(
            shop,
            lambda session: hold_points(session, by_id(ada), points=points, ttl_seconds=60, command=shop.command()),
        )

    assert refused(lambda: hold(101)) == "not-enough-points"
    first, second = hold(40), hold(60)
    assert refused(lambda: hold(1)) == "not-enough-points"
    command = shop.command()
    taken = doing(shop, lambda session: capture_hold(session, first.id, points=30, command=command))
    assert (taken.state, taken.captured, taken.balance.available, taken.balance.held) == ("captured", 30, 10, 60)
    given = doing(shop, lambda session: void_hold(session, second.id, command=command))
    assert (given.state, given.balance.available) == ("voided", 70)
    assert refused(lambda: doing(shop, lambda session: void_hold(session, second.id, command=command))) == "hold-ended"
    missing = new_id(NOW)
    assert refused(lambda: doing(shop, lambda session: void_hold(session, missing, command=command))) == "unknown-hold"
    hold(70)
    assert shop.available(ada, at=NOW + timedelta(seconds=59)) == 0
    assert shop.available(ada, at=NOW + timedelta(seconds=60)) == 70
    assert shop.broken() == []


def test_a_printed_number_holds_nothing(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    shop.give(ada, 100)
    with shop.engine.connect() as connection:
        number = connection.execute(text("select card_number from member")).scalar_one()
    till = shop.command(vouches=False)

    def hold():
        return doing(
            shop, lambda session: hold_points(session, by_code(number), points=1, ttl_seconds=60, command=till)
        )

    assert refused(hold) == "rotating-code-required"


# --- adjustments ------------------------------------------------------------------------------------------------------


def adjust(shop: Shop, member_id: str, points: int, *, operator: str = "staff:mira", comment: str = "sorry"):
    command = shop.command(operator=operator)
    correction = Correction(id=new_id(NOW), member_id=member_id, points=points, reason="goodwill", comment=comment)
    return doing(shop, lambda session: adjust_points(session, correction, command=command))


def test_a_small_correction_is_posted_at_once(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    assert (adjust(shop, ada, 999).state, shop.available(ada)) == ("posted", 999)
    assert adjust(shop, ada, -99).state == "posted"
    assert shop.available(ada) == 900
    assert refused(lambda: adjust(shop, ada, -901)) == "not-enough-points"
    assert refused(lambda: adjust(shop, ada, 0)) == "no-points"
    assert refused(lambda: adjust(shop, ada, 1, comment=" ")) == "comment-needed"
    assert refused(lambda: adjust(shop, new_id(NOW), 1)) == "unknown-member"
    assert shop.broken() == []


def test_a_large_correction_waits_for_a_second_person(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    asked = adjust(shop, ada, 1000)
    assert (asked.state, shop.available(ada)) == ("waiting", 0)
    assert [each.id for each in reading(shop, waiting_adjustments)] == [asked.id]

    def confirm(operator: str, how=confirm_adjustment):
        command = shop.command(operator=operator)
        return doing(shop, lambda session: how(session, asked.id, command=command))

    assert refused(lambda: confirm("staff:mira")) == "second-person-needed"
    assert refused(lambda: confirm("staff:mira", reject_adjustment)) == "second-person-needed"
    done = confirm("staff:tim")
    assert (done.state, done.decided_by, shop.available(ada)) == ("posted", "staff:tim", 1000)
    assert refused(lambda: confirm("staff:tim")) == "already-decided"
    other = adjust(shop, ada, -1000)
    command = shop.command(operator="staff:tim")
    gone = doing(shop, lambda session: reject_adjustment(session, other.id, command=command))
    assert (gone.state, shop.available(ada)) == ("rejected", 1000)
    assert shop.broken() == []


def test_one_person_gives_so_much_a_day(shop: Shop) -> None:
    shop.publish(
        rulebook(BASE5, version=2, adjustments={"four_eyes_from": 1000, "daily_limit": 1500}),
        effective_from=NOW,
        now=NOW,
    )
    ada = shop.join("ada@example.org")
    adjust(shop, ada, 900)
    assert refused(lambda: adjust(shop, ada, 601)) == "daily-limit-reached"
    adjust(shop, ada, 600)
    assert adjust(shop, ada, 900, operator="staff:tim").state == "posted"
    with shop.engine.begin() as connection, pytest.raises(Exception, match="four_eyes"):
        connection.execute(text("update adjustment set decided_by = asked_by"))


# --- days -------------------------------------------------------------------------------------------------------------


def test_closing_the_day_posts_what_is_due_and_tells_it_once(shop: Shop) -> None:
    shop.publish(rulebook(BASE5, version=2, wallets=[PENDING]), effective_from=NOW, now=NOW)
    ada, ben = shop.join("ada@example.org"), shop.join("ben@example.org")
    shop.buy(ada)
    shop.buy(ben)
    shop.give(ben, 10, days=60)
    late = NOW + 300 * DAY

    def close() -> int:
        return doing(shop, lambda session: close_day(session, now=late, limit=1))

    assert [close(), close(), close()] == [3, 2, 0]  # Ben has waited longer
    told = facts(shop)[2:]
    assert sorted(told) == ["points.expired"] * 3 + ["points.released"] * 2
    assert reading(shop, totals).liability == 0
    assert shop.broken() == []


def test_balances_do_not_wait_for_the_day_to_be_closed(shop: Shop) -> None:
    shop.publish(rulebook(BASE5, version=2, wallets=[PENDING]), effective_from=NOW, now=NOW)
    ada = shop.join("ada@example.org")
    answer = shop.buy(ada)
    assert answer.balance is not None
    assert (answer.balance.available, answer.balance.pending) == (0, 50)
    assert shop.available(ada, at=datetime(2026, 3, 17, 20, 59, tzinfo=UTC)) == 0
    assert shop.available(ada, at=datetime(2026, 3, 17, 21, tzinfo=UTC)) == 50
    past = reading(shop, lambda session: balance_at(session, ada, NOW - DAY))
    assert (past.available, past.pending) == (0, 0)


# --- pages ------------------------------------------------------------------------------------------------------------


def test_home_is_one_statement(shop: Shop) -> None:
    shop.publish(
        rulebook(
            {**BASE5, "title": {"ru": "Базовые", "en": "Base"}},
            {"id": "open", "effects": [{"type": "unlock", "privilege": "aqua", "valid_days": 30, "uses": 1}]},
            version=2,
            wallets=[PENDING, {"id": "pouches", "kind": "gift", "title": {"ru": "Пакетики", "en": "Pouches"}}],
            privileges=[{"id": "aqua", "title": {"ru": "Растения", "en": "Plants"}}],
        ),
        effective_from=NOW,
        now=NOW,
    )
    ada = shop.join("ada@example.org")
    shop.give(ada, 5, wallet="pouches")
    shop.buy(ada)
    token = doing(shop, lambda session: open_session(session, ada, user_agent="", now=NOW)).token

    def home_at(now: datetime) -> Home:
        return reading(shop, lambda session: home_of(session, token, now=now))

    statements = Statements(shop.engine)
    home = home_at(NOW)
    assert len(statements.texts) == 1
    assert (home.first_name, home.balance.pending) == ("Ada", 50)
    assert [(each.title, each.units) for each in home.gifts] == [("Pouches", 5)]
    assert [(each.title, str(each.last_valid_day)) for each in home.privileges] == [("Plants", "2026-04-03")]
    assert [(each.title, each.points, each.kind) for each in home.lines[:1]] == [("Base", 50, "accrual")]
    later = NOW + 20 * DAY
    home = home_at(later)
    assert (home.balance.available, home.lines[0].kind) == (50, "release")
    assert reading(shop, lambda session: find_home(session, "nobody's token", now=NOW)) is None


def test_a_statement_is_read_page_by_page(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    for _ in range(5):
        shop.buy(ada)

    def page(before: int | None):
        return reading(
            shop, lambda session: read_statement(session, ada, before=before, limit=2, language="ru", now=NOW)
        )

    first = page(None)
    assert ([each.number for each in first.lines], first.next) == ([5, 4], 4)
    assert [each.number for each in page(4).lines] == [3, 2]
    assert (page(2).next, page(2).lines[0].title) == (None, "Базовые 5 %")


def test_an_entry_is_explained_to_its_buyer_and_less_of_it_to_the_referrer(shop: Shop) -> None:
    owner = {
        "id": "owner1", "when": {"type": "referred"},
        "effects": [{"type": "accrue_percent", "rate_bp": 100, "to": "referrer"}],
    }  # fmt: skip
    friday = {
        "id": "fri", "title": "Friday", "when": {"type": "weekly", "days": [5], "start": "18:00", "end": "20:00"},
        "effects": [{"type": "multiply", "factor_bp": 20000, "rules": ["base5"]}],
    }  # fmt: skip
    shop.publish(rulebook(BASE5, owner, friday, version=2), effective_from=NOW, now=NOW)
    ada = shop.join("ada@example.org")
    cleo = shop.join("cleo@example.org", referrer=ada)
    shop.buy(cleo, line(1, 200000, title="A secret present"))

    def explain(member: str, number: int = 1):
        return reading(shop, lambda session: explain_entry(session, member, number, language="en", now=NOW))

    own, brought = explain(cleo), explain(ada)
    assert own.receipt is not None
    assert [each.rule for each in own.receipt.told.grants] == ["base5", "owner1"]
    assert [each.rule for each in own.receipt.told.skipped] == ["fri"]
    assert "100" in own.text
    assert brought.receipt is None
    assert brought.line.points == 20
    assert "20" in brought.text
    assert "secret" not in brought.text
    assert refused(lambda: explain(ada, 2)) == "unknown-entry"


# --- told from outside ----------------------------------------------------------------------------------------------


def test_an_event_is_kept_once(shop: Shop) -> None:
    ada = shop.join("ada@example.org")

    def tell(text: str = "good", *, member: str = ada, at: datetime = NOW):
        event = ToldEvent(id="review-1", type="review", at=at, fields={"text": text})
        return doing(shop, lambda session: tell_event(session, event, by_id(member), client="key:shop", now=NOW))

    assert tell().member_id == ada
    assert tell() == tell()
    assert refused(lambda: tell("bad")) == "event-conflict"
    assert refused(lambda: tell(at=NOW + timedelta(minutes=3))) == "event-in-the-future"
    missing = new_id(NOW)
    assert refused(lambda: tell(member=missing)) == "unknown-member"


def test_a_year_is_imported_at_its_own_time_and_once(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    told = [shop.told(ada, at=OPENED + week * 7 * DAY) for week in range(10)]
    told.append(shop.told(ada, at=OPENED + 71 * DAY, points_requested=200))
    answers = [doing(shop, lambda session, each=each: import_receipt(session, each, language="ru")) for each in told]
    assert [each.body.earned[ada] for each in answers[:10]] == [50] * 10
    assert (answers[-1].body.points_spent, answers[-1].body.earned) == (200, {ada: 40})
    again = doing(shop, lambda session: import_receipt(session, told[3], language="ru"))
    assert again.replayed
    assert shop.broken() == []


# --- publishing -------------------------------------------------------------------------------------------------------


def test_a_version_is_published_once_and_never_for_the_past(shop: Shop) -> None:
    shop.publish(rulebook(BASE5, welcome=WELCOME))
    assert refused(lambda: shop.publish(rulebook(BASE5))) == "version-exists"
    assert refused(lambda: shop.publish(rulebook(BASE5, version=2), now=NOW)) == "published-in-the-past"
