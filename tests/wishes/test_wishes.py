"""What is asked for is counted together, answered together, and told to the members who asked."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.errors import Refused
from portal.ids import new_id
from portal.wishes import operations, queries
from portal.wishes.operations import Till

NOW = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
ADA, BEN, TIM = (letter * 26 for letter in "abt")
S1, S2 = (Till(store=store, staff_id=TIM, device_id="d" * 26) for store in ("S1", "S2"))


def note(session, words: str, *, till: Till = S1, member_id: str | None = None, at: datetime = NOW) -> str:
    wish_id = new_id(at)
    operations.note_request(session, wish_id, words, till=till, member_id=member_id, now=at)
    return wish_id


def wish(session, words: str, *, member_id: str = ADA, at: datetime = NOW) -> str:
    wish_id = new_id(at)
    operations.wish_for(session, wish_id, words, member_id=member_id, now=at)
    return wish_id


def listed(session, store: str = "S1"):
    return [(each.words, each.times, each.members) for each in queries.open_requests(session, store, limit=9)]


def test_the_same_thing_is_counted_together_and_what_is_asked_most_stands_first(session):
    note(session, "Beard balm", at=NOW + DAY)
    note(session, "Beard oil")
    note(session, "beard oil!", member_id=ADA)
    wish(session, "BEARD OIL", member_id=BEN)
    assert [(times, members) for _, times, members in listed(session)] == [(3, 2), (1, 0)]
    assert listed(session, "S2") == [("BEARD OIL", 1, 1)]


def test_noted_twice_under_one_id_it_is_noted_once(session):
    wish_id = note(session, "Beard oil")
    operations.note_request(session, wish_id, "Beard oil", till=S1, member_id=None, now=NOW)
    assert listed(session) == [("Beard oil", 1, 0)]
    assert queries.find_words(session, wish_id) == "Beard oil"
    assert queries.count_noted(session, TIM, since=NOW) == 1


def test_what_was_asked_lately_is_offered_to_one_store(session):
    note(session, "Long ago", at=NOW - 40 * DAY)
    note(session, "Soap", till=S2)
    for words in ("Comb", "Beard oil", "Beard oil"):
        note(session, words)
    wish(session, "Shampoo")
    assert queries.asked_lately(session, "S1", since=NOW - 30 * DAY, limit=9) == ["Beard oil", "Comb"]
    assert queries.asked_lately(session, "S1", since=NOW - 30 * DAY, limit=1) == ["Beard oil"]


def test_an_answer_closes_every_wish_for_the_thing_and_names_the_members(session):
    asked = note(session, "Beard oil")
    note(session, "beard oil", member_id=ADA)
    wish(session, "Beard oil", member_id=BEN)
    elsewhere = note(session, "Beard oil", till=S2)
    answered = operations.answer_wish(session, asked, reply="here", store="S1", by="staff:tim", now=NOW + DAY)
    assert sorted(each.member_id for each in answered) == [ADA, BEN]
    assert listed(session) == []
    assert [each.state for each in queries.wishes_of(session, BEN, limit=9)] == ["here"]
    for again in (asked, elsewhere, new_id(NOW)):
        with pytest.raises(Refused, match="no such wish"):
            operations.answer_wish(session, again, reply="never", store="S1", by="staff:tim", now=NOW)
    assert listed(session, "S2") == [("Beard oil", 1, 0)]


def test_a_member_wishes_once_takes_back_the_own_and_no_other(session):
    wish_id = wish(session, "Beard oil")
    wish(session, "beard oil")
    assert [each.id for each in queries.wishes_of(session, ADA, limit=9)] == [wish_id]
    with pytest.raises(Refused, match="no such wish"):
        operations.take_back(session, wish_id, member_id=BEN, now=NOW)
    operations.take_back(session, wish_id, member_id=ADA, now=NOW)
    assert queries.wishes_of(session, ADA, limit=9) == []
    assert listed(session) == []
    assert wish(session, "Beard oil", at=NOW + DAY) != wish_id


def test_wishes_have_a_limit(session):
    for number in range(operations.MOST_OPEN):
        wish(session, f"Thing {number}")
    with pytest.raises(Refused, match="open wishes"):
        wish(session, "One more")
    wish(session, "Another's", member_id=BEN)


def test_a_forgotten_member_wished_for_nothing(session):
    note(session, "Beard oil", member_id=ADA)
    wish(session, "Comb")
    note(session, "Soap", member_id=BEN)
    operations.forget(session, ADA)
    assert listed(session) == [("Soap", 1, 1)]
