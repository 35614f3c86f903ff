from tests.rulebook.shop import ADA, BEN, GUEST, holds, miss

NOT_GOLD = {"type": "not", "of": {"type": "tier", "in": ["gold"]}}


def test_the_opposite_holds():
    assert holds(NOT_GOLD, member=BEN)
    assert miss(NOT_GOLD, member=ADA) == {"reason": "not", "of": "tier"}


def test_a_guest_is_no_member_without_gold():
    assert not holds(NOT_GOLD, member=GUEST)
    assert not holds({"type": "not", "of": {"type": "all", "of": [{"type": "always"}, NOT_GOLD]}}, member=GUEST)


def test_what_needs_no_member_is_turned_round_for_guests_too():
    assert holds({"type": "not", "of": {"type": "channel", "in": ["web"]}}, member=GUEST, channel="store")
