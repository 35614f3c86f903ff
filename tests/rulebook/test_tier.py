from tests.rulebook.shop import ADA, BEN, GUEST, holds, miss

GOLD = {"type": "tier", "in": ["gold", "platinum"]}


def test_only_members_of_the_tier_pass():
    assert holds(GOLD, member=ADA)
    assert not holds(GOLD, member=BEN)
    assert not holds(GOLD, member=GUEST)


def test_a_member_without_a_tier_is_told_what_was_needed():
    assert miss(GOLD, member={"id": "m"}) == {"reason": "tier", "found": None, "in": ["gold", "platinum"]}
