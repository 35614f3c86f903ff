"""May it be sent? Tables of cases, and what holds whatever is wished (domain.md §9.2)."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.notifications.budget import WEEK, Policy, Wish, decide
from portal.notifications.quiet import QuietHours

MOSCOW, BERLIN = ZoneInfo("Europe/Moscow"), ZoneInfo("Europe/Berlin")
ZONES = [ZoneInfo(name) for name in ("Europe/Moscow", "Europe/Berlin", "America/New_York", "Asia/Kamchatka")]
NIGHT = QuietHours(time(21), time(9))
DAY = timedelta(days=1)
TUESDAY = datetime(2026, 3, 3, 12, tzinfo=MOSCOW)
OPEN = Policy(zone=MOSCOW, consents=("push", "email"))


def wish(name: str = "a", at: datetime = TUESDAY, **about: object) -> Wish:
    return Wish(**{"id": name, "at": at, "channel": "push", "marketing": True, **about})


def decided(*wishes: Wish, policy: Policy = OPEN, sent: tuple[datetime, ...] = ()) -> dict[str, object]:
    return {name: each.at or each.reason for name, each in decide(wishes, policy, sent=sent).items()}


def policy(**about: object) -> Policy:
    return Policy(**{"zone": MOSCOW, "consents": ("push", "email"), **about})


def test_a_policy_without_limits_lets_everything_through():
    assert decided(wish("a"), wish("b"), wish("c")) == dict.fromkeys("abc", TUESDAY)


def test_the_holdout_comes_before_everything_else():
    held = wish("a", held_out=True, channel="sms", not_after=TUESDAY - DAY)
    service = wish("b", held_out=True, marketing=False)
    assert decided(held, service) == {"a": "held_out", "b": "held_out"}


def test_consent_is_asked_before_quiet_hours():
    late = TUESDAY.replace(hour=23)
    asked = wish(at=late, channel="sms", not_after=late + timedelta(hours=1))
    assert decided(asked, policy=policy(quiet=NIGHT)) == {"a": "no_consent"}


def test_service_passes_consent_quiet_hours_and_caps():
    strict = policy(consents=(), quiet=NIGHT, most_in_a_week=0, gap=DAY)
    late = TUESDAY.replace(hour=23)
    assert decided(wish(at=late, marketing=False), policy=strict, sent=(TUESDAY,)) == {"a": late}


def test_service_counts_in_no_cap():
    capped = policy(most_in_a_week=1, gap=DAY)
    assert decided(wish("a", marketing=False), wish("b"), policy=capped) == {"a": TUESDAY, "b": TUESDAY}


@pytest.mark.parametrize(
    ("wall", "moved"),
    [
        (time(20, 59, 59), None),
        (time(21), (4, time(9))),
        (time(23, 59), (4, time(9))),
        (time(0), (3, time(9))),
        (time(8, 59, 59), (3, time(9))),
        (time(9), None),
    ],
)
def test_quiet_hours_are_half_open_and_end_in_the_morning(wall: time, moved: tuple[int, time] | None):
    at = datetime.combine(TUESDAY.date(), wall, MOSCOW)
    expected = datetime.combine(TUESDAY.date().replace(day=moved[0]), moved[1], MOSCOW) if moved else at
    assert decided(wish(at=at), policy=policy(quiet=NIGHT)) == {"a": expected}


@pytest.mark.parametrize(("hour", "moved"), [(12, None), (13, 15), (14, 15), (15, None), (3, None)])
def test_quiet_hours_need_not_cross_midnight(hour: int, moved: int | None):
    at = TUESDAY.replace(hour=hour)
    nap = policy(quiet=QuietHours(time(13), time(15)))
    assert decided(wish(at=at), policy=nap) == {"a": TUESDAY.replace(hour=moved) if moved else at}


def test_quiet_hours_that_end_where_they_begin_are_none():
    assert decided(wish(), policy=policy(quiet=QuietHours(time(12), time(12)))) == {"a": TUESDAY}


def test_quiet_hours_are_those_of_the_members_own_clock():
    """22:30 in Moscow is the next morning in Kamchatka."""
    at = TUESDAY.replace(hour=22, minute=30)
    there = policy(zone=ZoneInfo("Asia/Kamchatka"), quiet=NIGHT)
    found = decide([wish(at=at)], there)["a"].at
    assert found is not None
    assert found.isoformat() == "2026-03-04T09:00:00+12:00"  # 07:30 there


@pytest.mark.parametrize(
    ("at", "until", "expected"),
    [
        ("2026-03-28T22:30:00+01:00", time(9), "2026-03-29T09:00:00+02:00"),
        ("2026-10-24T22:30:00+02:00", time(9), "2026-10-25T09:00:00+01:00"),
        ("2026-03-28T22:30:00+01:00", time(2, 30), "2026-03-29T03:30:00+02:00"),  # 02:30 is skipped
        ("2026-10-24T22:30:00+02:00", time(2, 30), "2026-10-25T02:30:00+02:00"),  # the first 02:30
        ("2026-10-25T02:10:00+01:00", time(2, 30), "2026-10-25T02:30:00+01:00"),  # the first one is past
    ],
)
def test_quiet_hours_end_by_the_wall_clock_when_clocks_change(at: str, until: time, expected: str):
    there = Policy(zone=BERLIN, consents=("push",), quiet=QuietHours(time(21), until))
    found = decide([wish(at=datetime.fromisoformat(at))], there)["a"].at
    assert found is not None
    assert found.isoformat() == expected


def test_what_is_moved_to_its_end_or_beyond_is_too_late():
    late, morning = TUESDAY.replace(hour=22), (TUESDAY + DAY).replace(hour=9)
    quiet = policy(quiet=NIGHT)
    assert decided(wish(at=late, not_after=morning), policy=quiet) == {"a": "too_late"}
    assert decided(wish(at=late, not_after=morning + timedelta(seconds=1)), policy=quiet) == {"a": morning}
    assert decided(wish(not_after=TUESDAY)) == {"a": "too_late"}


def test_exactly_seven_days_ago_is_out_of_the_week():
    capped = policy(most_in_a_week=2)
    sent = (TUESDAY - WEEK, TUESDAY - 3 * DAY)
    assert decided(wish(), policy=capped, sent=sent) == {"a": TUESDAY}
    assert decided(wish(at=TUESDAY - timedelta(seconds=1)), policy=capped, sent=sent) == {"a": "weekly_cap"}


def test_a_gap_of_exactly_a_day_is_enough():
    assert decided(wish(), policy=policy(gap=DAY), sent=(TUESDAY - DAY,)) == {"a": TUESDAY}
    assert decided(wish(), policy=policy(gap=DAY), sent=(TUESDAY - DAY + timedelta(seconds=1),)) == {"a": "min_gap"}


def test_a_gap_is_time_that_passed_also_when_clocks_change():
    sent = datetime(2026, 3, 28, 12, tzinfo=BERLIN)  # 23 hours before the next noon
    spring = Policy(zone=BERLIN, consents=("push",), gap=DAY)
    assert decided(wish(at=datetime(2026, 3, 29, 12, tzinfo=BERLIN)), policy=spring, sent=(sent,)) == {"a": "min_gap"}


def test_the_week_is_looked_at_before_the_gap():
    both = policy(most_in_a_week=1, gap=DAY)
    assert decided(wish(), policy=both, sent=(TUESDAY - timedelta(hours=1),)) == {"a": "weekly_cap"}


def test_nothing_is_sent_to_who_wants_nothing():
    assert decided(wish(), policy=policy(most_in_a_week=0)) == {"a": "weekly_cap"}


def test_of_two_at_the_same_moment_the_smaller_number_wins():
    late, early, morning = TUESDAY.replace(hour=22), (TUESDAY + DAY).replace(hour=9), (TUESDAY + DAY).replace(hour=9)
    quiet = policy(quiet=NIGHT, gap=DAY)
    wishes = (wish("moved", at=late, priority=100), wish("urgent", at=early, priority=1))
    assert decided(*wishes, policy=quiet) == {"moved": "min_gap", "urgent": morning}


def test_what_was_refused_counts_for_nothing():
    capped = policy(gap=DAY)
    wishes = (wish("a"), wish("b", at=TUESDAY + timedelta(hours=20)), wish("c", at=TUESDAY + DAY))
    assert decided(*wishes, policy=capped) == {"a": TUESDAY, "b": "min_gap", "c": TUESDAY + DAY}


MINUTES = st.integers(0, 16 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes))
SPRING, AUTUMN = (MINUTES.map(datetime(2026, *day, tzinfo=UTC).__add__) for day in ((3, 20), (10, 20)))
WALLS = st.times().map(lambda wall: wall.replace(microsecond=0))


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    return Policy(
        zone=draw(st.sampled_from(ZONES)),
        consents=draw(st.sets(st.sampled_from(["push", "email"]))),
        quiet=draw(st.none() | st.builds(QuietHours, WALLS, WALLS)),
        most_in_a_week=draw(st.none() | st.integers(0, 3)),
        gap=draw(st.none() | st.integers(0, 48).map(lambda hours: timedelta(hours=hours))),
    )


@st.composite
def many_wishes(draw: st.DrawFn) -> list[Wish]:
    moments = draw(st.sampled_from([SPRING, AUTUMN]))
    return [
        Wish(
            id=str(number),
            at=draw(moments),
            channel=draw(st.sampled_from(["push", "email", "sms"])),
            marketing=draw(st.booleans()),
            priority=draw(st.integers(1, 3)),
            not_after=draw(st.none() | moments),
            held_out=draw(st.booleans()),
        )
        for number in range(draw(st.integers(0, 9)))
    ]


@given(many_wishes(), policies())
def test_no_member_is_ever_sent_more_than_they_allow(wishes: list[Wish], limits: Policy):
    decisions = decide(wishes, limits)
    assert set(decisions) == {each.id for each in wishes}
    marketing = [(each, each.at) for each in decisions.values() if each.at and each.wish.marketing]
    for each, at in marketing:
        assert not each.wish.held_out
        assert each.wish.channel in limits.consents
        assert at.astimezone(UTC) >= each.wish.at
        assert each.wish.not_after is None or at.astimezone(UTC) < each.wish.not_after
        assert limits.quiet is None or not limits.quiet.contain(at.astimezone(limits.zone).time())
    instants = sorted(at.astimezone(UTC) for _, at in marketing)
    for number, at in enumerate(instants):
        if limits.most_in_a_week is not None:
            assert sum(at - WEEK < other <= at for other in instants[: number + 1]) <= limits.most_in_a_week
        if limits.gap is not None and number:
            assert at - instants[number - 1] >= limits.gap


@given(many_wishes(), policies(), st.randoms())
def test_the_order_of_asking_does_not_matter(wishes: list[Wish], limits: Policy, random: object):
    apart = [each for number, each in enumerate(wishes) if all(each.at != other.at for other in wishes[:number])]
    distinct = [Wish(**{**_fields(each), "priority": number}) for number, each in enumerate(apart)]
    shuffled = list(distinct)
    random.shuffle(shuffled)
    assert decide(shuffled, limits) == decide(distinct, limits)


@given(many_wishes(), policies())
def test_service_goes_at_once(wishes: list[Wish], limits: Policy):
    for each in decide(wishes, limits).values():
        if not each.wish.marketing and not each.wish.held_out:
            assert each.at is not None
            assert each.at.astimezone(UTC) == each.wish.at.astimezone(UTC)


def _fields(wish: Wish) -> dict[str, object]:
    return {name: getattr(wish, name) for name in Wish.__dataclass_fields__}
