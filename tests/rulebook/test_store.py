from tests.rulebook.shop import GUEST, holds, miss


def test_the_receipts_():
    assert holds({"type": "store", "in": ["S1", "web"]}, member=GUEST, store="web")
    assert not holds({"type": "store", "in": ["S1"]}, member=GUEST, store="S2")


def test_a_miss_tells_both():
    assert miss({"type": "store", "in": ["S1"]}, store="S2") == {"reason": "store", "found": "S2", "in": ["S1"]}
    assert miss({"type": "store", "in": ["S1"]})["found"] == ""
