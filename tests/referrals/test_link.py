"""What an invite link of the shop's own may be (domain.md §5.1)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from portal.errors import Refused
from portal.referrals.link import LinkTerms, OwnerKind, OwnerNeeded, WrongSlug, WrongWindow

NOW = datetime(2026, 3, 4, 9, tzinfo=UTC)
LATER = NOW + timedelta(seconds=1)


def refusal(**terms: Any) -> type[Refused] | None:
    try:
        LinkTerms(**{"slug": "fitmaster", "title": "Trainer", "owner_kind": "partner", **terms}).check()
    except Refused as refused:
        return type(refused)
    return None


@pytest.mark.parametrize("slug", ["abc", "a-b", "vk-2026", "a" * 40, "-".join("a" * 20) + "a"])
def test_a_name_has_3_to_40_letters_digits_and_single_hyphens(slug: str) -> None:
    assert refusal(slug=slug) is None


@pytest.mark.parametrize("slug", ["", "ab", "a" * 41, "-".join("a" * 21), "-ab", "ab-", "a--b", "Abc", "йога", "abc\n"])
def test_any_other_name_is_refused(slug: str) -> None:
    assert refusal(slug=slug) is WrongSlug


@pytest.mark.parametrize("kind", ["member", "agent"])
def test_a_link_of_a_person_says_whose_it_is(kind: OwnerKind) -> None:
    assert refusal(owner_kind=kind, owner_id="ada") is None
    assert refusal(owner_kind=kind) is OwnerNeeded


@pytest.mark.parametrize("kind", ["partner", "channel", "post"])
def test_any_other_link_names_nobody(kind: OwnerKind) -> None:
    assert refusal(owner_kind=kind) is None
    assert refusal(owner_kind=kind, owner_id="ada") is OwnerNeeded


@pytest.mark.parametrize(
    ("opens_at", "closes_at", "expected"),
    [(None, None, None), (NOW, None, None), (None, NOW, None), (NOW, LATER, None), (NOW, NOW, WrongWindow)],
)
def test_a_link_closes_after_it_opens(opens_at: datetime | None, closes_at: datetime | None, expected: Any) -> None:
    assert refusal(opens_at=opens_at, closes_at=closes_at) is expected
