"""What people choose from where they say what is bought: the brands and categories that rules speak of."""

import pytest

from portal.rulebook.document import load_json
from portal.rulebook.kinds import kinds_of
from tests.rulebook.linting import OFF, rule, rulebook

GOODS = {"brand": ["Lux"], "category": ["hair/dry_shampoo", "care/masks"]}
MASKS = {"id": "care/masks", "title": {"ru": "Маски для лица", "en": "Face masks"}}


@pytest.mark.parametrize(
    ("language", "names"),
    [("en", ["Dry shampoo", "Face masks", "Lux"]), ("ru", ["Dry shampoo", "Lux", "Маски для лица"])],
)
def test_goods_are_offered_by_their_names_in_order(language: str, names: list[str]) -> None:
    told = load_json(rulebook(rule(None, {**OFF, "lines": GOODS}), categories=[MASKS]))
    assert [name for _, name in kinds_of(told, language=language)] == names
    assert dict(kinds_of(told, language=language))["category:care/masks"] == MASKS["title"][language]


def test_a_category_is_named_once() -> None:
    with pytest.raises(ValueError, match="categories: 'care/masks' stands twice"):
        load_json(rulebook(categories=[MASKS, MASKS]))


def test_without_rules_there_is_nothing_to_choose() -> None:
    assert kinds_of(load_json(rulebook()), language="en") == ()
