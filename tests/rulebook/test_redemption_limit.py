from tests.rulebook.shop import buy, line, rule, shop

WINE = {"category": ["wine"]}


def limit(share_bp: int, name: str = "limit", **more: object) -> dict:
    return rule({"type": "redemption_limit", "max_share_bp": share_bp, **more}, name=name)


def paid_by_points(rulebook: object, *lines: dict) -> list[int]:
    return [each.points for each in buy(rulebook, *lines, points_requested="max").lines]


def test_of_some_lines_at_most_their_share():
    assert paid_by_points(shop(limit(3000, lines=WINE)), line(45_000, category="wine"), line(20_000)) == [135, 200]


def test_of_the_receipt_the_lowest_share_that_works():
    assert paid_by_points(shop(limit(5000), limit(3000, "other")), line(10_000)) == [30]
    assert paid_by_points(shop(limit(5000), redemption={"max_share_bp": 2000}), line(10_000)) == [20]


def test_nothing_at_all():
    assert paid_by_points(shop(limit(0)), line(10_000)) == [0]
    assert paid_by_points(shop(limit(0, lines=WINE)), line(10_000, category="wine"), line(300)) == [0, 3]


def test_the_limits_are_told():
    outcome = buy(shop(limit(3000, lines=WINE)), line(45_000, category="wine"))
    assert (outcome.limits.available, outcome.limits.max_points) == (1000, 135)
