from tests.rulebook.shop import GUEST, buy, holds, line, rule, shop

SPLIT = {"type": "segment", "in": ["client10_agent5"]}
PETER = {"id": "peter", "segments": ["vip", "client10_agent5"]}


def test_one_of_the_segments_is_enough():
    assert holds(SPLIT, member=PETER)
    assert not holds(SPLIT, member={"id": "ivan", "segments": ["vip"]})
    assert not holds(SPLIT, member=GUEST)


def test_a_segment_that_a_rule_relied_on_is_reported_as_used():
    rulebook = shop(rule({"type": "discount_percent", "rate_bp": 1000}, when=SPLIT))
    assert buy(rulebook, line(10_000), member=PETER).segments_used == ("client10_agent5",)
    assert buy(rulebook, line(0), member=PETER).segments_used == ()
