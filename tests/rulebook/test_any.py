from tests.rulebook.shop import holds, miss

EITHER = {"type": "any", "of": [{"type": "store", "in": ["S1"]}, {"type": "channel", "in": ["web"]}]}


def test_one_part_is_enough():
    assert holds(EITHER, store="S1", channel="store")
    assert holds(EITHER, store="S2", channel="web")


def test_a_miss_tells_why_each_part_failed():
    assert not holds(EITHER, store="S2", channel="store")
    found = miss(EITHER, store="S2", channel="store")
    assert found["reason"] == "any"
    assert [part["reason"] for part in found["of"]] == ["store", "channel"]
