"""The shop answered what the member asked for."""

import pytest

from portal.notifications.kinds import KINDS
from tests.notifications.voices import words


@pytest.mark.parametrize(
    ("language", "reply", "title"),
    [
        ("ru", "here", "Уже в магазине: Масло"),
        ("en", "here", "In the shop now: Масло"),
        ("ru", "never", "Не появится: Масло"),
        ("en", "never", "We will not have it: Масло"),
    ],
)
def test_it_names_the_thing_as_it_was_asked_for(language: str, reply: str, title: str):
    told = words("wish_answered", language, words="Масло", reply=reply)
    assert told.title == title
    assert told.path == "/wishes"


def test_who_asked_is_told_without_having_agreed_to_news():
    assert not KINDS["wish_answered"].topic.marketing
