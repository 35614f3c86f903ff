"""What becomes of what stories tell: inbox, phone, mailbox, by preference and budget; on both databases."""

import threading
from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import Engine, text

from portal.db import run, transaction
from portal.members import operations as members
from portal.notifications.preference import NoQuietHours, Preference, UnknownLetters, UnknownTopic, WrongLimit
from portal.notifications.queries import preference_of
from portal.notifications.quiet import QuietHours
from portal.programme.erase_member import erase_member
from portal.programme.notices import Notice
from portal.programme.notify_member import notify_member
from tests.notifications.post import SECRET, agree, choose, fates, inbox, join, letters, tell, work_off
from tests.programme.shop import BASE5, Shop, rulebook

NOON = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)  # 12:00 in Moscow
NIGHT = datetime(2026, 3, 4, 19, 30, tzinfo=UTC)  # 22:30 there
MORNING = datetime(2026, 3, 5, 6, 0, tzinfo=UTC)  # 9:00 there
DAY = timedelta(days=1)
NEWS = "marketing:email"


@pytest.fixture
def shop(engine: Engine) -> Shop:
    shop = Shop(engine)
    shop.publish(rulebook(BASE5))
    return shop


def test_a_service_message_is_kept_and_sent_at_once_even_at_night(engine: Engine, shop: Shop):
    ada = join(engine, now=NOON)
    tell(engine, ada, "new_device", now=NIGHT)
    work_off(engine, now=NIGHT)
    (message,) = inbox(engine, ada)
    assert (message.state, message.channels, message.unread) == ("sent", ("email",), True)
    assert letters(engine) == ["Новый вход в вашу карту"]


def test_what_nobody_waits_for_is_told_when_the_quiet_is_over(engine: Engine, shop: Shop):
    ada = join(engine, now=NOON)
    tell(engine, ada, "points_expiring", now=NIGHT)
    work_off(engine, now=NIGHT)
    assert fates(engine, ada) == [("points_expiring", "waiting", None)]
    assert inbox(engine, ada)[0].due_at == MORNING
    assert letters(engine) == []
    work_off(engine, now=MORNING)
    assert fates(engine, ada) == [("points_expiring", "sent", None)]
    assert letters(engine) == ["До 15 марта включительно: 120 баллов"]


def test_the_quiet_hours_are_those_of_the_members_own_clock(engine: Engine, shop: Shop):
    ada = join(engine, now=NOON)
    with transaction(engine, writes=True) as session:
        members.correct_profile(session, ada, members.Correction(time_zone="Asia/Kamchatka"))
    tell(engine, ada, "points_expiring", now=NOON)  # 21:00 there
    work_off(engine, now=NOON)
    assert inbox(engine, ada)[0].due_at == datetime(2026, 3, 4, 21, tzinfo=UTC)


def test_without_quiet_hours_nothing_waits(engine: Engine, shop: Shop):
    ada = join(engine, now=NOON)
    choose(engine, ada, quiet=None, now=NOON)
    tell(engine, ada, "points_expiring", now=NIGHT)
    work_off(engine, now=NIGHT)
    assert fates(engine, ada) == [("points_expiring", "sent", None)]


def test_a_purchase_is_no_reason_for_a_letter_unless_all_letters_are_wanted(engine: Engine, shop: Shop):
    ada = join(engine, now=NOON)
    tell(engine, ada, "purchase", now=NOON, cause="first")
    work_off(engine, now=NOON)
    assert fates(engine, ada) == [("purchase", "kept", None)]
    choose(engine, ada, letters="all", now=NOON)
    tell(engine, ada, "purchase", now=NOON, cause="second")
    work_off(engine, now=NOON)
    assert letters(engine) == ["+120 баллов"]


def test_a_silenced_topic_stays_in_the_inbox_and_counts_for_no_news(engine: Engine, shop: Shop):
    ada = join(engine, now=NOON)
    choose(engine, ada, silenced=frozenset({"points"}), now=NOON)
    tell(engine, ada, "points_expiring", now=NOON)
    work_off(engine, now=NOON)
    (message,) = inbox(engine, ada)
    assert (message.state, message.reason, message.unread) == ("held", "silenced", False)
    assert letters(engine) == []


def test_security_comes_whatever_was_chosen(engine: Engine, shop: Shop):
    ada = join(engine, now=NOON)
    choose(engine, ada, letters="none", push=False, most_in_a_week=0, now=NOON)
    tell(engine, ada, "new_device", now=NIGHT)
    work_off(engine, now=NIGHT)
    assert len(letters(engine)) == 1


def test_nobody_is_written_to_at_an_address_that_was_not_confirmed(engine: Engine, shop: Shop):
    ada = join(engine, now=NOON)
    with transaction(engine, writes=True) as session:
        session.execute(text("update identity set email_verified_at = null"))
    tell(engine, ada, "new_device", now=NOON)
    work_off(engine, now=NOON)
    assert fates(engine, ada) == [("new_device", "kept", None)]


def test_news_need_consent_and_the_inbox_says_so(engine: Engine, shop: Shop):
    ada = join(engine, now=NOON)
    tell(engine, ada, "privilege_opened", now=NOON)
    work_off(engine, now=NOON)
    assert fates(engine, ada) == [("privilege_opened", "held", "no_consent")]


def test_news_keep_to_the_weekly_limit_and_the_gap(engine: Engine, shop: Shop):
    ada = join(engine, now=NOON, consents=(NEWS,))
    for hours in (0, 3, 27, 72, 168):
        at = NOON + timedelta(hours=hours)
        tell(engine, ada, "privilege_opened", now=at, cause=str(hours))
        work_off(engine, now=at)
    reasons = [reason for _, _, reason in fates(engine, ada)]
    assert reasons == [None, "min_gap", None, "weekly_cap", None]  # the first is out of the week when the last comes
    assert len(letters(engine)) == 3


def test_who_wants_none_a_week_gets_none(engine: Engine, shop: Shop):
    ada = join(engine, now=NOON, consents=(NEWS,))
    choose(engine, ada, most_in_a_week=0, now=NOON)
    tell(engine, ada, "privilege_opened", now=NOON)
    work_off(engine, now=NOON)
    assert fates(engine, ada) == [("privilege_opened", "held", "weekly_cap")]


def test_consent_is_asked_again_when_the_quiet_is_over(engine: Engine, shop: Shop):
    ada = join(engine, now=NOON, consents=(NEWS,))
    tell(engine, ada, "privilege_opened", now=NIGHT)
    work_off(engine, now=NIGHT)
    assert fates(engine, ada) == [("privilege_opened", "waiting", None)]
    agree(engine, ada, NEWS, now=NIGHT, granted=False)
    work_off(engine, now=MORNING)
    assert fates(engine, ada) == [("privilege_opened", "held", "no_consent")]
    assert letters(engine) == []


def test_an_offer_that_ends_in_the_night_is_not_sent_in_the_morning(engine: Engine, shop: Shop):
    ada = join(engine, now=NOON, consents=(NEWS,))
    tell(engine, ada, "privilege_opened", now=NIGHT, not_after=MORNING)
    work_off(engine, now=NIGHT)
    assert fates(engine, ada) == [("privilege_opened", "held", "too_late")]


def test_of_what_waited_for_the_same_morning_only_as_much_goes_out_as_may(engine: Engine, shop: Shop):
    ada = join(engine, now=NOON, consents=(NEWS,))
    for number in range(3):
        tell(engine, ada, "privilege_opened", now=NIGHT + timedelta(minutes=number), cause=str(number))
        work_off(engine, now=NIGHT + timedelta(minutes=number))
    work_off(engine, now=MORNING)
    assert fates(engine, ada) == [
        ("privilege_opened", "sent", None),
        ("privilege_opened", "held", "min_gap"),
        ("privilege_opened", "held", "min_gap"),
    ]


def test_a_cause_is_told_once(engine: Engine, shop: Shop):
    ada = join(engine, now=NOON)
    for _ in range(3):
        tell(engine, ada, "new_device", now=NOON)
    work_off(engine, now=NOON)
    assert len(inbox(engine, ada)) == 1
    assert len(letters(engine)) == 1


def test_the_same_told_twice_at_the_same_time_is_one_message(engine: Engine, shop: Shop):
    ada = join(engine, now=NOON, consents=(NEWS,))
    start, troubles = threading.Barrier(4), []

    def one(cause: str) -> None:
        notice = Notice(
            kind="privilege_opened", cause=cause, facts={"title": "−20 %", "last_day": "2026-04-03"}, at=NOON
        )
        start.wait()
        try:
            run(engine, lambda session: notify_member(session, ada, [notice], now=NOON), writes=True)
        except Exception as trouble:  # noqa: BLE001 - told to the test
            troubles.append(trouble)

    threads = [threading.Thread(target=one, args=(cause,)) for cause in ("one", "one", "two", "three")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert troubles == []
    assert sorted(state for _, state, _ in fates(engine, ada)) == ["held", "held", "sent"]  # a budget of one a day
    work_off(engine, now=NOON)
    assert len(letters(engine)) == 1


def test_what_was_told_long_ago_is_kept_without_a_noise(engine: Engine, shop: Shop):
    ada = join(engine, now=NOON)
    tell(engine, ada, "new_device", now=NOON)
    work_off(engine, now=NOON + 3 * DAY)  # the workers stood still
    assert fates(engine, ada) == [("new_device", "kept", None)]


def test_who_left_is_told_nothing(engine: Engine, shop: Shop):
    ada = join(engine, now=NOON)
    tell(engine, ada, "new_device", now=NOON)
    with transaction(engine, writes=True) as session:
        members.leave(session, ada, source="profile", now=NOON)
    work_off(engine, now=NOON)
    assert inbox(engine, ada) == []


def test_nothing_is_left_of_somebody_who_was_erased(engine: Engine, shop: Shop):
    ada, ben = join(engine, now=NOON), join(engine, now=NOON, contact="ben@example.com")
    for member_id in (ada, ben):
        choose(engine, member_id, most_in_a_week=1, now=NOON)
        tell(engine, member_id, "new_device", now=NOON)
    work_off(engine, now=NOON)
    with transaction(engine, writes=True) as session:
        assert erase_member(session, ada, secret=SECRET, now=NOON)
    with transaction(engine, writes=False) as session:
        for table in ("message", "preference"):
            assert list(session.execute(text(f"select member_id from {table}")).scalars()) == [ben]
        assert session.scalar(text("select count(*) from delivery")) == 1


@pytest.mark.parametrize(
    ("choice", "refusal"),
    [
        ({"silenced": frozenset({"security"})}, UnknownTopic),
        ({"silenced": frozenset({"weather"})}, UnknownTopic),
        ({"letters": "some"}, UnknownLetters),
        ({"most_in_a_week": 8}, WrongLimit),
        ({"most_in_a_week": -1}, WrongLimit),
        ({"quiet": QuietHours(time(9), time(9))}, NoQuietHours),
    ],
)
def test_what_cannot_be_chosen_is_refused(choice: dict[str, object], refusal: type[Exception]):
    with pytest.raises(refusal):
        Preference(**choice).check()


def test_choices_come_back_as_they_were_made(engine: Engine, shop: Shop):
    ada = join(engine, now=NOON)
    for choice in (
        Preference(silenced=frozenset({"offers"}), push=False, letters="none", most_in_a_week=7, quiet=None),
        Preference(quiet=QuietHours(time(23, 30), time(7, 15))),
    ):
        choose(engine, ada, now=NOON, **{name: getattr(choice, name) for name in Preference.__dataclass_fields__})
        with transaction(engine, writes=False) as session:
            assert preference_of(session, ada) == choice


def test_many_are_told_at_once_each_as_if_alone(engine: Engine, shop: Shop):
    """Enough rows for a heap of SQLite; some waited for the morning, one was told twice and one has left."""
    told = [join(engine, now=NOON, contact=f"member-{n}@example.com") for n in range(40)]
    tell(engine, told[0], "points_expiring", now=NIGHT)
    work_off(engine, now=NIGHT)
    for each in told:
        tell(engine, each, "new_device", now=MORNING)
    tell(engine, told[1], "new_device", now=MORNING)
    tell(engine, told[1], "purchase", now=MORNING)
    tell(engine, told[2], "purchase", now=MORNING, cause="another")
    with transaction(engine, writes=True) as session:
        assert erase_member(session, told[3], secret=SECRET, now=MORNING)
    work_off(engine, now=MORNING)
    assert fates(engine, told[0]) == [("points_expiring", "sent", None), ("new_device", "sent", None)]
    for each in told[1:3]:
        assert sorted(fates(engine, each)) == [("new_device", "sent", None), ("purchase", "kept", None)]
    assert fates(engine, told[3]) == []
    assert [fates(engine, each) for each in told[4:]] == [[("new_device", "sent", None)]] * 36
    assert len(letters(engine)) == 40
