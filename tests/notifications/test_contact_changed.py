"""Another phone or e-mail leads to the card."""

import pytest

from portal.notifications.kinds import KINDS
from tests.notifications.voices import words


@pytest.mark.parametrize(
    ("language", "contact", "title"),
    [
        ("ru", "phone", "Изменён телефон"),
        ("ru", "email", "Изменён e-mail"),
        ("en", "phone", "Your phone was changed"),
        ("en", "email", "Your e-mail was changed"),
    ],
)
def test_it_says_which_contact_and_not_what_it_is(language: str, contact: str, title: str):
    assert words("contact_changed", language, contact=contact).title == title


def test_it_says_that_spending_pauses():
    assert "can be earned but not spent" in words("contact_changed", "en").body


def test_nobody_can_switch_it_off():
    assert KINDS["contact_changed"].topic.always
