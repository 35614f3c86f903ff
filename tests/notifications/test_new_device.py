"""Somebody signed in once more."""

import pytest

from portal.notifications.kinds import KINDS
from tests.notifications.voices import words


@pytest.mark.parametrize(
    ("language", "browser", "beginning"),
    [
        ("ru", "Chrome · Android", "Chrome · Android, 4 марта, 12:30."),
        ("ru", "", "Неизвестный браузер, 4 марта, 12:30."),
        ("en", "", "An unknown browser, 4 March, 12:30."),
    ],
)
def test_it_says_which_browser_and_when_on_the_shops_clock(language: str, browser: str, beginning: str):
    assert words("new_device", language, browser=browser).body.startswith(beginning)


def test_it_leads_to_where_the_sign_in_is_ended():
    assert words("new_device", "en").path == "/profile/devices"


def test_nobody_can_switch_it_off():
    assert KINDS["new_device"].topic.always
