from tests.rulebook.shop import GUEST, holds, miss


def test_the_receipts_():
    assert holds({"type": "channel", "in": ["S1", "web"]}, member=GUEST, channel="web")
    assert not holds({"type": "channel", "in": ["S1"]}, member=GUEST, channel="S2")


def test_a_miss_tells_both():
    assert miss({"type": "channel", "in": ["S1"]}, channel="S2") == {"reason": "channel", "found": "S2", "in": ["S1"]}
    assert miss({"type": "channel", "in": ["S1"]})["found"] == ""
