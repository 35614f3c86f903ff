"""Texts that show what a discount took off."""

from typing import Any

import pytest

from portal.rulebook.document import load_json
from portal.rulebook.explain import explain_effect
from tests.rulebook.explaining import CHEESE, sale, texts, told


@pytest.mark.parametrize(
    ("rate_bp", "more", "settings", "expected"),
    [
        (1000, {"max_minor": 1500}, {}, "10 % от 400,00 ₽, не больше 15,00 ₽: −15,00 ₽."),
        (1000, {"max_minor": 4000}, {}, "10 % от 400,00 ₽ = −40,00 ₽."),
        (333, {}, {}, "3,33 % от 400,00 ₽ = −13,32 ₽."),
        (
            7000,
            {},
            {"discount_cap_bp": 5000},
            "70 % от 400,00 ₽: −200,00 ₽. Скидки вместе – не больше 50 % от цены.",
        ),
    ],
)
def test_a_discount_never_says_that_less_is_its_share(
    rate_bp: int, more: dict[str, Any], settings: dict[str, Any], expected: str
) -> None:
    off = {"id": "off", "effects": [{"type": "discount_percent", "rate_bp": rate_bp, **more}]}
    assert texts(sale(CHEESE, rules=[off], settings=settings), "discounts") == {"off": expected}


def test_what_a_limit_left_of_a_discount_is_no_less_than_nothing() -> None:
    capped = {"caps": [{"scope": "member_day", "max_minor": 1500}]}
    off = {"id": "off", "effects": [{"type": "discount_percent", "rate_bp": 1000}], **capped}
    assert texts(sale(CHEESE, rules=[off]), "discounts")["off"] == (
        "Скидка 10 %: −15,00 ₽. Вышло бы 40,00 ₽, но до дневного предела оставалось 15,00 ₽."
    )


def test_an_offer_names_the_most_it_takes_off() -> None:
    rulebook = load_json(
        {
            "currency": "RUB",
            "timezone": "Europe/Moscow",
            "rules": [{"id": "off", "effects": [{"type": "discount_percent", "rate_bp": 1000, "max_minor": 1500}]}],
        }
    )
    effect = rulebook.rules[0].effects[0]
    assert told(explain_effect(effect, rulebook=rulebook, language="en", year=2026)) == "10% off, at most RUB 15.00"
    assert told(explain_effect(effect, rulebook=rulebook, language="ru", year=2026)) == "Скидка 10 %, не больше 15,00 ₽"
