from tests.rulebook.shop import GUEST, buy, line, moment, rule, shop, skipped


def opening(**more: object) -> dict:
    return rule({"type": "unlock", "privilege": "aqua20", "valid_days": 30, "uses": 1, **more})


def test_until_the_midnight_after_the_last_day():
    opened = buy(shop(opening()), line(1)).unlocked[0]
    assert (opened.privilege, opened.until, opened.uses) == ("aqua20", moment("2026-04-04T00:00:00+03:00"), 1)


def test_the_day_is_the_shops():
    assert buy(shop(opening()), line(1), at="2026-03-04T21:30:00+00:00").unlocked[0].until.day == 5


def test_a_matching_line_is_needed():
    aquarium = opening(lines={"category": ["aquarium"]})
    assert buy(shop(aquarium), line(1)).unlocked == ()
    assert len(buy(shop(aquarium), line(1, category="aquarium")).unlocked) == 1


def test_it_does_not_work_in_the_same_receipt():
    use = rule({"type": "discount_percent", "rate_bp": 2000}, name="use", when={"type": "privilege", "id": "aqua20"})
    outcome = buy(shop({**opening(), "priority": 1}, use), line(1000))
    assert (outcome.discount, skipped(outcome)) == (0, {"use": "privilege"})


def test_a_guest_opens_nothing():
    outcome = buy(shop(opening()), line(1), member=GUEST)
    assert (outcome.unlocked, skipped(outcome)) == ((), {"r": "no_member"})


def test_what_opens_something_uses_up_what_it_consumes():
    chain = rule(
        {"type": "unlock", "privilege": "second", "valid_days": 30},
        when={"type": "privilege", "id": "first"},
        consumes="first",
    )
    holder = {"id": "ada", "privileges": [{"id": "first", "until": "2026-04-04T00:00:00+03:00"}]}
    outcome = buy(shop(chain), line(1), member=holder)
    assert ([each.privilege for each in outcome.unlocked], outcome.consumed) == (["second"], ("first",))
