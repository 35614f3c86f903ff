"""The portal's own kinds of job, from the story that asks for them to their effect."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, insert, text
from sqlalchemy.orm import Session

from portal.db import Batch, transaction
from portal.jobs import TIMETABLE, kinds, kinds_of_worker
from portal.ledger import operations as ledger
from portal.ledger.book import Book
from portal.ledger.entries import Origin
from portal.members import operations as members
from portal.members.contacts import read_contact
from portal.members.occasions import holiday_of
from portal.members.operations.tombstones import bury
from portal.members.tables import SignInGate
from portal.outbox import operations, queries
from portal.outbox.message import Message
from portal.outbox.worker import Worker
from portal.perks.operations import note_guess
from portal.perks.queries.shelf import taken_by
from portal.push.operations import SEND
from portal.referrals.operations import note_device
from portal.rulebook.validity import LotDates
from portal.web.language import catalogue
from portal.web.letters import FOLDER, House, write_letter
from tests.conftest import SECRET, local_settings
from tests.notifications.post import inbox, join
from tests.programme.shop import BASE5, OPENED, Shop, line, rulebook
from tests.programme.test_redeem_reward import put, take
from tests.programme.tiers.ladders import MOSCOW, history, in_half_years

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
ADA = "01kjw0000000000000000000ad"
CODE = Message("email", "ada@example.org", "sign_in_code", "ru", {"code": "123456", "minutes": 10})


def worker(engine: Engine, *, now: datetime, **settings: Any) -> Worker:
    made = kinds(local_settings(engine, **settings))
    return Worker(engine=engine, owner="test", kinds=made, timetable=TIMETABLE, clock=lambda: now)


def states(engine: Engine, kind: str) -> list[str]:
    with transaction(engine, writes=False) as session:
        found = session.execute(text("select state from job where kind = :kind order by id"), {"kind": kind})
        return list(found.scalars())


def post(engine: Engine, message: Message) -> None:
    with transaction(engine, writes=True) as session:
        operations.post(session, message, now=NOON, pointless_at=NOON + timedelta(minutes=10))


def test_every_line_of_the_timetable_names_a_kind(sqlite: Engine):
    assert {timed.kind for timed in TIMETABLE} <= kinds(local_settings(sqlite)).keys()


def test_the_timetable_runs_clean_on_an_empty_database(engine: Engine):
    assert worker(engine, now=NOON).run_due() == len(TIMETABLE)
    assert {state for timed in TIMETABLE for state in states(engine, timed.kind)} == {"done"}


def test_the_timetable_runs_clean_in_a_shop_without_tiers_and_holidays(engine: Engine):
    shop = Shop(engine)
    shop.publish(rulebook(BASE5))
    shop.buy(shop.join("ada@example.org"))
    worker(engine, now=NOON).run_due()
    assert {state for timed in TIMETABLE for state in states(engine, timed.kind)} == {"done"}


def test_the_timetable_reminds_and_returns_what_was_forgotten(engine: Engine):
    shop = Shop(engine)
    shop.publish(
        rulebook(BASE5, tiers=in_half_years(), privileges=[{"id": "holiday10"}], holiday={"privilege": "holiday10"})
    )
    ada, ben = (join(engine, now=OPENED, contact=f"{name}@example.com") for name in ("ada", "ben"))
    shop.buy(ada, line(gross=1_000_000))
    shop.buy(ben, line(gross=900_000))
    shop.give(ada, 500, days=169)
    put(shop)
    take(shop, ada)
    with transaction(engine, writes=True) as session:
        members.set_holiday(session, ben, holiday_of(month=6, day=12), now=OPENED)
    for year, month, day in ((2026, 6, 10), (2026, 12, 11), (2027, 1, 16)):
        at_work = worker(engine, now=datetime(year, month, day, 9, 5, tzinfo=MOSCOW), demo=True)
        while at_work.run_due():
            pass
    told = {who: {each.kind.name for each in inbox(engine, who)} for who in (ada, ben)}
    assert told[ada] >= {"points_expiring", "tier_keep"}
    assert told[ben] >= {"own_holiday", "tier_near"}
    assert history(shop, ada)[-1][:2] == ("gold", "bronze")
    with transaction(engine, writes=False) as session:
        assert [each.state for each in taken_by(session, ada, limit=5)] == ["returned"]


def test_what_is_due_in_books_is_posted_by_the_close_of_the_day(engine: Engine):
    book = Book(ADA)
    dates = LotDates(available_at=NOON - timedelta(hours=2), expires_at=NOON - timedelta(hours=1), last_valid_day=None)
    book.grant(100, at=NOON - timedelta(days=1), source="test/1", origin=Origin("purchase"), dates=dates)
    batch = Batch()
    ledger.store(batch, book)
    with transaction(engine, writes=True) as session:
        batch.flush(session)
    worker(engine, now=NOON).run_due()
    with transaction(engine, writes=False) as session:
        kept = session.execute(text("select kind from entry order by number")).scalars().all()
        facts = [fact.type for fact in queries.facts_of(session, ADA, after=0, limit=9)]
    assert kept == ["accrual", "release", "expiry"]
    assert facts == ["points.released", "points.expired"]


TERMS = {
    "guessed_code": 1, "kept_message": 1, "sign_in_gate": 1, "login_session": 30, "known_device": 180,
    "contact_tombstone": 3 * 365,
}  # fmt: skip


def test_whatever_has_a_term_is_forgotten_after_it(engine: Engine):
    ada = join(engine, now=NOON)

    def leave(session: Session, days: int) -> None:
        at = {name: NOON - timedelta(days=term + days) for name, term in TERMS.items()}
        note_guess(session, "till:T1", code="x", now=at["guessed_code"])
        operations.keep_message(session, CODE, subject="", text="", now=at["kept_message"])
        session.execute(insert(SignInGate), [{"key": f"day:{days}", "touched_at": at["sign_in_gate"]}])
        opened = members.open_session(session, ada, user_agent="", now=at["login_session"])
        members.revoke_session(session, ada, opened.id, now=at["login_session"])
        note_device(session, ada, f"{days:064}", now=at["known_device"])
        given_up = read_contact(f"member{days}@example.com")
        bury(session, given_up, secret=SECRET, now=at["contact_tombstone"])

    with transaction(engine, writes=True) as session:
        leave(session, 1)
        leave(session, -1)
    worker(engine, now=NOON).run_due()
    with transaction(engine, writes=False) as session:
        left = {name: session.scalar(text(f"select count(*) from {name}")) for name in TERMS}
    assert left == dict.fromkeys(TERMS, 1) | {"sign_in_gate": 2}  # one of them by joining


def test_a_demo_without_a_mail_server_keeps_its_messages(engine: Engine):
    post(engine, CODE)
    worker(engine, now=NOON, demo=True).run_due()
    with transaction(engine, writes=False) as session:
        kept = session.execute(text("select text from kept_message where recipient = 'ada@example.org'")).scalar_one()
    assert "123456" in kept


def test_a_shop_without_a_mail_server_buries_its_messages(engine: Engine):
    post(engine, CODE)
    worker(engine, now=NOON).run_due()
    assert states(engine, "send_email") == ["dead"]


def test_a_shop_without_a_push_key_keeps_no_note_waiting(engine: Engine):
    settings, batch = local_settings(engine), Batch()
    operations.enqueue(batch, SEND, arguments={}, now=NOON)
    with transaction(engine, writes=True) as session:
        batch.flush(session)
    Worker(
        engine=engine, owner="test", kinds=kinds(settings), timetable=(), clock=lambda: NOON,
        mine=kinds_of_worker(settings),
    ).run_due()  # fmt: skip
    assert states(engine, SEND) == ["dead"]


def test_a_code_that_could_not_be_sent_in_time_is_dropped_with_its_words(engine: Engine):
    post(engine, CODE)
    worker(engine, now=NOON + timedelta(minutes=10), demo=True).run_due()
    assert states(engine, "send_email") == ["cancelled"]
    with transaction(engine, writes=False) as session:
        kept = session.execute(text("select cast(arguments as varchar) from job where kind = 'send_email'")).scalars()
        assert list(kept) == ["{}"]


NOTICE = {"title": "−", "body": "−", "why": "−", "action": "−", "path": "/card", "unsubscribes": ADA}
FACTS: dict[str, Mapping[str, Any]] = {
    "sign_in_code": {"code": "123456", "minutes": 10},
    "contact_changed": {},
    "notice": NOTICE,
}
WRITTEN = sorted((path.stem, {"txt": "email", "sms": "sms"}.get(path.suffix[1:], "")) for path in FOLDER.iterdir())


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize(("template", "channel"), [pair for pair in WRITTEN if pair[1]])
def test_every_message_is_written_in_every_language(template: str, channel: Any, language: str):
    message = Message(channel, "ada@example.org", template, language, dict(FACTS[template]))
    letter = write_letter(message, house=House("Цветок & Co", "https://shop.test", "s" * 48))
    assert "Цветок & Co" in letter.text
    assert "\n" not in letter.subject
    if channel == "email":
        assert letter.subject
        assert "Цветок &amp; Co" in (letter.html or "")
    if language == "ru":
        words = re.sub(r"https://\S+|Цветок & Co|123456", "", letter.text)
        assert not any(letter.isascii() and letter.isalpha() for letter in words), "not translated"


@pytest.mark.parametrize("language", ["ru", "en"])
def test_only_news_say_how_to_end_them(language: str):
    house = House("Foam", "https://shop.test", "s" * 48)
    news = write_letter(Message("email", "ada@example.org", "notice", language, NOTICE), house=house)
    assert news.unsubscribe is not None
    assert news.unsubscribe.startswith("https://shop.test/unsubscribe/")
    assert news.unsubscribe in news.text
    assert news.unsubscribe in (news.html or "")
    service = write_letter(
        Message("email", "ada@example.org", "notice", language, {**NOTICE, "unsubscribes": None}), house=house
    )
    assert service.unsubscribe is None
    assert "unsubscribe" not in service.text


def test_plural_forms_agree():
    told = [catalogue("ru").ungettext("It is valid for %(num)s minute.", "", n) for n in (1, 3, 10)]
    assert len(set(told)) == 3
