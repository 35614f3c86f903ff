"""What is no way to point at a member is refused before the database is asked."""

import pytest

from portal.members.contacts import WrongContact
from portal.members.lookup import (
    WrongMemberCode,
    WrongMemberId,
    by_anything_typed,
    by_code,
    by_id,
)


@pytest.mark.parametrize("text", ["", "1", "'; drop table member --", "I" * 26, "0" * 25, "Ü" * 26])
def test_what_is_no_id_is_refused(text):
    with pytest.raises(WrongMemberId):
        by_id(text)


@pytest.mark.parametrize("text", ["", "1234567890", "1" * 26, "9" * 1000, "https://example.org/card"])
def test_what_is_no_code_is_refused(text):
    with pytest.raises(WrongMemberCode):
        by_code(text)


@pytest.mark.parametrize("text", ["", "nobody", "@", "12 34"])
def test_what_is_nothing_is_refused(text):
    with pytest.raises(WrongContact):
        by_anything_typed(text)


def test_a_lookup_in_a_log_says_nothing():
    assert "9123456789" not in repr(by_anything_typed("89123456789"))
