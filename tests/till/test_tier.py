"""The till sees the tier of who buys, and how little is missing to the next one."""

from portal.programme.publish_rulebook import publish_rulebook
from portal.programme.rulebooks import rulebook_in_force
from portal.rulebook.document import document_json, load_json
from tests.till.shop import Till

LADDER = {
    "tiers": [
        {"id": "bronze"},
        {"id": "gold", "title": "Gold", "enter": {"metric": "spend", "min": 100_000}},
        {"id": "platinum", "enter": {"metric": "spend", "min": 120_000}},
    ]
}


def give_a_ladder(till: Till) -> None:
    def publish(session) -> None:
        told = document_json(rulebook_in_force(session, at=till.now)) | {"version": 99, "tiers": LADDER}
        publish_rulebook(session, load_json(told), effective_from=till.now, now=till.now)

    till.write(publish)
    till.wait(minutes=1)


def test_the_tier_is_shown_beside_the_name(till: Till):
    give_a_ladder(till)
    assert "Bronze" in till.scan(till.card()).words
    till.sell(till.card(), "1000")
    till.wait(minutes=1)
    words = till.scan(till.card()).words
    assert "Gold" in words
    assert "RUB 200 more to Platinum" in words.replace("\u00a0", " ")
    assert till.broken() == []


def test_without_a_ladder_nothing_is_shown(till: Till):
    assert "more to" not in till.scan(till.card()).words
