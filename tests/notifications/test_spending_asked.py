"""A till asks on the phone."""

from portal.notifications.kinds import KINDS
from tests.notifications.voices import words


def test_it_says_how_much_where_and_that_nothing_is_taken_without_a_yes():
    told = words("spending_asked", "en", points=200, store="S1")
    assert told.title == "Spend 200 points?"
    assert "A till of S1 waits two minutes" in told.body
    assert "Nothing is taken without your yes." in told.body
    assert words("spending_asked", "ru", points=1).title == "Списать 1 балл?"


def test_a_tap_answers_at_once():
    assert KINDS["spending_asked"].direct
    assert words("spending_asked", "en", approval="A1").path == "/approve/A1"
    assert KINDS["spending_asked"].urgency == "high"


def test_nobody_can_switch_it_off():
    assert KINDS["spending_asked"].topic.always
