from tests.rulebook.shop import ADA, BEN, holds, miss

GOLD_ON_THE_WEB = {"type": "all", "of": [{"type": "tier", "in": ["gold"]}, {"type": "channel", "in": ["web"]}]}


def test_every_part_must_hold():
    assert holds(GOLD_ON_THE_WEB, member=ADA, channel="web")
    assert not holds(GOLD_ON_THE_WEB, member=ADA, channel="store")
    assert not holds(GOLD_ON_THE_WEB, member=BEN, channel="web")


def test_the_first_part_that_fails_is_the_reason():
    assert miss(GOLD_ON_THE_WEB, member=BEN, channel="store") == {"reason": "tier", "found": "new", "in": ["gold"]}
    assert miss(GOLD_ON_THE_WEB, member=ADA, channel="store") == {"reason": "channel", "found": "store", "in": ["web"]}


def test_the_reason_is_found_however_deep_it_lies():
    assert miss({"type": "all", "of": [{"type": "always"}, GOLD_ON_THE_WEB]}, member=BEN)["reason"] == "tier"
