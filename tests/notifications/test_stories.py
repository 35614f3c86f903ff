"""What the stories of the programme have for members to know, told by one job each; on both databases."""

import base64
import json
import secrets
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import Engine, text

from portal.db import Batch, run, transaction
from portal.ledger import operations as ledger
from portal.ledger.accruals import NoPoints
from portal.ledger.entries import Origin
from portal.ledger.queries import load
from portal.members import operations as members
from portal.members.contacts import read_contact
from portal.members.lookup import by_id
from portal.members.operations.profile import Correction
from portal.outbox.job import Chunk
from portal.programme.ask_approval import ask_approval
from portal.programme.close_day import close_day
from portal.programme.correct_member import MemberCorrection, correct_member
from portal.programme.enrol_member import Joining, enrol_member
from portal.programme.erase_member import erase_member
from portal.programme.hold_points import hold_points
from portal.programme.let_in import let_in
from portal.programme.notices import NOTIFY_ALIKE, Notice, announce_alike
from portal.programme.notify_alike import notify_alike
from portal.programme.remind_members import remind_members
from portal.push import operations as push
from portal.push.browser import Keys
from portal.rulebook.validity import LotDates, midnight_after
from tests.notifications.post import SECRET, fates, inbox, join, letters, tell, work_off
from tests.programme.shop import BASE5, DAY, NOW, OPENED, Shop, line, rulebook

MOSCOW = ZoneInfo("Europe/Moscow")
PENDING = {"id": "points", "pending_days": 14, "valid": {"type": "days", "n": 180}}
WELCOME = {"points": 300, "valid": {"type": "days", "n": 14}}
OPENS = {
    "id": "opens",
    "effects": [{"type": "unlock", "privilege": "comeback", "valid_days": 30, "uses": 1}],
}
CHROME = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/150.0.0.0 Mobile Safari/537.36"


@pytest.fixture
def shop(engine: Engine) -> Shop:
    shop = Shop(engine)
    shop.publish(rulebook(BASE5, wallets=[PENDING], welcome=WELCOME))
    return shop


def jobs(engine: Engine, kind: str = "notify") -> int:
    with transaction(engine, writes=False) as session:
        return session.scalar(text("select count(*) from job where kind = :kind"), {"kind": kind}) or 0


def subscribe(engine: Engine, member_id: str, *, now: datetime) -> str:
    """Let a phone of a member take notes, and return its sign-in."""
    public = ec.generate_private_key(ec.SECP256R1()).public_key()
    point = public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    keys = Keys(endpoint=f"https://fcm.googleapis.com/{secrets.token_hex(8)}", p256dh=_b64(point), auth=_b64(b"0" * 16))
    with transaction(engine, writes=True) as session:
        signed_in = members.open_session(session, member_id, user_agent=CHROME, now=now).id
        push.subscribe(session, member_id, keys, session_id=signed_in, now=now)
    return signed_in


def _b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def test_a_purchase_adds_one_job_and_one_message(shop: Shop):
    ada = join(shop.engine, now=NOW)
    shop.buy(ada, line(gross=240000))
    assert jobs(shop.engine) == 1
    work_off(shop.engine, now=NOW)
    (message,) = inbox(shop.engine, ada)
    assert (message.kind.name, dict(message.facts)) == (
        "purchase",
        {"points": 120, "from_day": "2026-03-18", "entry": 1},
    )


def tell_alike(shop: Shop, members: list[str]) -> None:
    """Have members told the same by one job."""
    facts = {"tier": "Like", "benefits": [], "up": False, "cause": "period"}
    batch = Batch()
    announce_alike(batch, members, Notice(kind="tier_changed", cause="end", facts=facts, at=NOW), now=NOW)
    run(shop.engine, batch.flush, writes=True)


def test_many_who_fall_at_once_share_a_job_and_each_is_told_once(shop: Shop):
    members = [join(shop.engine, now=NOW, contact=f"member{n}@example.com") for n in range(3)]
    tell_alike(shop, members)
    assert jobs(shop.engine, NOTIFY_ALIKE) == 1
    with transaction(shop.engine, writes=False) as session:
        told = session.scalars(text("select arguments from job where kind = 'notify_alike'")).one()
    arguments = told if isinstance(told, dict) else json.loads(told)
    alone = Chunk(NOW, {**arguments, "members": members[:1]}, None)
    assert run(shop.engine, lambda session: notify_alike(session, alone), writes=True) is None
    assert [len(inbox(shop.engine, each)) for each in members] == [1, 0, 0]
    work_off(shop.engine, now=NOW)
    assert [len(inbox(shop.engine, each)) for each in members] == [1, 1, 1]


def test_a_job_for_many_goes_on_where_it_came_to(shop: Shop, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("portal.programme.notify_alike.TOLD_AT_ONCE", 2)
    members = [join(shop.engine, now=NOW, contact=f"member{n}@example.com") for n in range(5)]
    tell_alike(shop, members)
    work_off(shop.engine, now=NOW)
    assert [len(inbox(shop.engine, each)) for each in members] == [1] * 5


def test_a_job_for_many_that_failed_is_done_by_a_job_for_each(shop: Shop):
    members = [join(shop.engine, now=NOW, contact=f"member{n}@example.com") for n in range(3)]
    tell_alike(shop, members)
    with transaction(shop.engine, writes=True) as session:
        session.execute(text("update job set attempts = 1 where kind = 'notify_alike'"))
    work_off(shop.engine, now=NOW)
    assert jobs(shop.engine, "notify") == 3
    assert [len(inbox(shop.engine, each)) for each in members] == [1, 1, 1]


def test_a_purchase_that_brought_nothing_and_a_guests_tell_nobody(shop: Shop):
    ada = join(shop.engine, now=NOW)
    shop.buy(ada, line(gross=100))
    shop.buy(None, line())
    assert jobs(shop.engine) == 0


def test_the_same_receipt_told_twice_is_one_message(shop: Shop):
    ada = join(shop.engine, now=NOW)
    told = shop.told(ada, line())
    shop.record(told)
    shop.record(told)
    work_off(shop.engine, now=NOW)
    assert len(inbox(shop.engine, ada)) == 1


def test_points_paid_are_told_with_what_is_left(shop: Shop):
    ada = join(shop.engine, now=NOW)
    shop.give(ada, 500)
    shop.buy(ada, line(gross=30000), points_requested=200)
    work_off(shop.engine, now=NOW)
    (message,) = inbox(shop.engine, ada)
    assert (message.kind.name, message.facts["points"], message.facts["earned"], message.facts["left"]) == (
        "redemption",
        200,
        5,
        300,
    )


def test_what_a_receipt_opens_is_news_beside_its_points(engine: Engine):
    shop = Shop(engine)
    shop.publish(rulebook(BASE5, OPENS, privileges=[{"id": "comeback", "title": {"ru": "−5 %", "en": "5% off"}}]))
    ada = join(engine, now=NOW, consents=("marketing:email",))
    shop.buy(ada, line())
    assert jobs(engine) == 1
    work_off(engine, now=NOW)
    assert {kind for kind, _, _ in fates(engine, ada)} == {"purchase", "privilege_opened"}
    assert letters(engine) == ["Открыто: −5 %"]


def test_joining_is_greeted_with_the_points_and_their_last_day(shop: Shop):
    newcomer = members.Newcomer((read_contact("ben@example.com"),), "Ben", "ru", verified=True)
    joining = Joining(granted=["programme"], language="ru", source="join", proof=None, at=NOW)
    with transaction(shop.engine, writes=True) as session:
        ben = enrol_member(session, newcomer, joining, secret=SECRET, now=NOW).member_id
        enrol_member(session, newcomer, joining, secret=SECRET, now=NOW)  # is a member already
    work_off(shop.engine, now=NOW)
    (message,) = inbox(shop.engine, ben)
    assert (message.kind.name, dict(message.facts)) == ("welcome", {"points": 300, "last_day": "2026-03-18"})
    assert letters(shop.engine) == ["300 баллов за вступление"]


def test_points_released_at_midnight_are_told_after_the_quiet_hours(shop: Shop):
    ada = join(shop.engine, now=NOW)
    shop.buy(ada, line(gross=240000))
    work_off(shop.engine, now=NOW)
    midnight = datetime(2026, 3, 17, 21, 0, tzinfo=UTC)
    with transaction(shop.engine, writes=True) as session:
        close_day(session, now=midnight + timedelta(minutes=5))
    subscribe(shop.engine, ada, now=midnight)
    work_off(shop.engine, now=midnight + timedelta(minutes=5))
    assert fates(shop.engine, ada)[-1] == ("points_released", "waiting", None)
    work_off(shop.engine, now=midnight + timedelta(hours=9))
    assert fates(shop.engine, ada)[-1] == ("points_released", "sent", None)
    assert inbox(shop.engine, ada)[0].channels == ("push",)


@pytest.mark.parametrize("story", ["buy", "hold"])
def test_points_released_by_another_story_are_told_all_the_same(shop: Shop, story: str):
    """Whoever touches the book after midnight and before the day is closed releases what is due."""
    ada = join(shop.engine, now=NOW)
    shop.buy(ada, line(gross=240000))
    later = NOW + 14 * DAY
    if story == "buy":
        shop.buy(ada, line(gross=100), at=later)
    else:
        with transaction(shop.engine, writes=True) as session:
            hold_points(session, by_id(ada), points=10, ttl_seconds=None, command=shop.command(now=later))
    with transaction(shop.engine, writes=True) as session:
        assert close_day(session, now=later) == 0
    work_off(shop.engine, now=later)
    assert sorted(kind for kind, _, _ in fates(shop.engine, ada)) == ["points_released", "purchase"]


def give(engine: Engine, member_id: str, points: int, *, through: str) -> None:
    """Give points that can be spent through a day of March."""
    day = date.fromisoformat(through)
    dates = LotDates(OPENED, day, midnight_after(day, MOSCOW))
    batch = Batch()
    with transaction(engine, writes=True) as session:
        book = load(session, member_id, now=OPENED)
        book.grant(points, at=OPENED, source=f"gift/{secrets.token_hex(4)}", origin=Origin("promo"), dates=dates)
        ledger.store(batch, book)
        batch.flush(session)


def remind(engine: Engine, *, now: datetime, limit: int = 2) -> int:
    """Do what the timetable does, and return how many transactions it took."""
    progress, rounds = None, 1
    while True:
        with transaction(engine, writes=True) as session:
            progress = remind_members(session, progress=progress, now=now, limit=limit)
        if progress is None:
            return rounds
        rounds += 1


def test_points_that_end_in_ten_days_are_told_once_for_each_day(shop: Shop):
    people = [join(shop.engine, now=NOW, contact=f"member{number}@example.com") for number in range(5)]
    for member_id in people[:4]:
        for points, through in ((70, "2026-03-14"), (50, "2026-03-14"), (30, "2026-03-15")):
            give(shop.engine, member_id, points, through=through)
    at = NOW.replace(hour=6)  # nine o'clock in Moscow, 4 March
    assert remind(shop.engine, now=at - timedelta(minutes=1)) > 1  # yesterday's day: nobody's points end then
    assert jobs(shop.engine) == 0
    remind(shop.engine, now=at)
    remind(shop.engine, now=at + timedelta(hours=3))
    work_off(shop.engine, now=NOW)
    for member_id in people[:4]:
        assert [dict(each.facts) for each in inbox(shop.engine, member_id)] == [
            {"points": 120, "last_day": "2026-03-14"}
        ]
    assert inbox(shop.engine, people[4]) == []


def test_after_a_standstill_the_days_missed_are_told_each_by_its_message(shop: Shop):
    ada = join(shop.engine, now=NOW)
    for day in (12, 14, 16, 18):
        give(shop.engine, ada, day, through=f"2026-03-{day}")
    remind(shop.engine, now=NOW)
    remind(shop.engine, now=NOW + 3 * DAY)
    work_off(shop.engine, now=NOW + 3 * DAY)
    told = [each.facts["last_day"] for each in inbox(shop.engine, ada)]
    assert sorted(told) == ["2026-03-14", "2026-03-16"]
    remind(shop.engine, now=NOW + 20 * DAY)  # what ran out meanwhile is past telling
    work_off(shop.engine, now=NOW + 20 * DAY)
    assert len(inbox(shop.engine, ada)) == 2


def test_a_second_sign_in_is_told_and_the_first_is_not(shop: Shop):
    ada = join(shop.engine, now=NOW)
    for minutes in (0, 5):
        with transaction(shop.engine, writes=True) as session:
            let_in(session, ada, user_agent=CHROME, now=NOW + timedelta(minutes=minutes))
    work_off(shop.engine, now=NOW + timedelta(minutes=5))
    (message,) = inbox(shop.engine, ada)
    assert message.facts["browser"] == "Chrome · Android"
    assert letters(shop.engine) == ["Новый вход в вашу карту"]


def test_a_changed_contact_is_told_to_the_old_one_and_in_the_inbox(shop: Shop):
    ada = join(shop.engine, now=NOW)
    change = MemberCorrection(profile=Correction(), contacts=(read_contact("other@example.com"),))
    with transaction(shop.engine, writes=True) as session:
        correct_member(session, ada, change, secret=SECRET, command=shop.command())
    work_off(shop.engine, now=NOW)
    assert fates(shop.engine, ada) == [("contact_changed", "kept", None)]  # the new address is not confirmed
    assert len(letters(shop.engine)) == 1  # to the old one


def test_a_phone_comes_before_a_letter(shop: Shop):
    ada = join(shop.engine, now=NOW)
    subscribe(shop.engine, ada, now=NOW)
    tell(shop.engine, ada, "points_expiring", now=NOW)
    work_off(shop.engine, now=NOW)
    work_off(shop.engine, now=NOW + timedelta(minutes=20))
    assert inbox(shop.engine, ada)[0].channels == ("push",)
    assert jobs(shop.engine, "send_push") == 1
    assert letters(shop.engine) == []


def test_a_letter_follows_when_every_phone_is_gone(shop: Shop):
    ada = join(shop.engine, now=NOW)
    signed_in = subscribe(shop.engine, ada, now=NOW)
    tell(shop.engine, ada, "points_expiring", now=NOW)
    work_off(shop.engine, now=NOW)
    with transaction(shop.engine, writes=True) as session:
        push.unsubscribe(session, signed_in)  # as the sender does when a push service no longer knows it
    work_off(shop.engine, now=NOW + timedelta(minutes=20))
    assert inbox(shop.engine, ada)[0].channels == ("email",)
    assert letters(shop.engine) == ["До 15 марта включительно: 120 баллов"]


def test_the_log_of_all_this_names_nobody(shop: Shop, caplog: pytest.LogCaptureFixture):
    ada = join(shop.engine, now=NOW, contact="canary@example.com")
    with caplog.at_level("DEBUG", logger="portal"):
        tell(shop.engine, ada, "points_expiring", now=NOW)
        work_off(shop.engine, now=NOW)
    assert letters(shop.engine)
    assert "canary" not in caplog.text


def test_the_note_of_a_tills_question_opens_it_at_once(shop: Shop):
    ada = join(shop.engine, now=NOW)
    subscribe(shop.engine, ada, now=NOW)
    shop.give(ada, 200)
    asking = {"sale": "S1/N1", "store": "S1", "till": "T1", "points": 150, "due": None, "command": shop.command()}
    with transaction(shop.engine, writes=True) as session:
        with pytest.raises(NoPoints):
            ask_approval(session, by_id(ada), **{**asking, "points": 0})
        asked = ask_approval(session, by_id(ada), **asking)
    work_off(shop.engine, now=NOW)
    with transaction(shop.engine, writes=True) as session:
        told = session.execute(text("select arguments from job where kind = 'send_push'")).scalar()
    note = (json.loads(told) if isinstance(told, str) else told)["note"]
    assert (note["path"], note["ttl_seconds"], note["urgency"]) == (f"/approve/{asked.id}", 120, "high")
    assert letters(shop.engine) == []
    run(shop.engine, lambda session: erase_member(session, ada, secret=SECRET, now=NOW), writes=True)
    with transaction(shop.engine, writes=False) as session:
        assert session.scalar(text("select count(*) from spending_approval")) == 0
