"""Texts that show the arithmetic, in both languages."""

from typing import Any

import pytest

from portal.rulebook.document import load_json
from portal.rulebook.evaluate import evaluate
from portal.rulebook.explain import Sale, explain_receipt
from portal.rulebook.member_state import read_member_state
from portal.rulebook.receipt import read_receipt
from tests.rulebook.explaining import BREAD, CHEESE, MILK, sale, texts, told


def test_the_example_of_the_design_is_told_as_it_was_thought() -> None:
    bought = sale(MILK, CHEESE, BREAD, member={"balance": {"points": 200}}, points_requested=200)
    assert texts(bought, "grants")["base5"] == (
        "5 % от 250,00 ₽ = 12,5 → 12 баллов (округляем вниз). Молоко в начислении не участвует: Жёлтый ценник −30 %. "
        "Доступны с 18 марта, действуют до 14 сентября включительно."
    )
    assert texts(bought, "grants", language="en")["base5"] == (
        "5% of RUB 250.00 = 12.5 → 12 points (rounded down). Молоко earns no points: Yellow price tag −30 %. "
        "Available from 18 March, valid until 14 September inclusive."
    )
    assert texts(bought, "discounts")["yellow"] == "30 % от 100,00 ₽ = −30,00 ₽ (Молоко)."


def test_a_multiplier_tells_what_it_adds() -> None:
    friday = sale({"n": 1, "gross": 150000}, at="2026-03-06T18:30:00+03:00")
    assert texts(friday, "grants")["fri_x2"].startswith("×2 к начисленному по правилу «Базовые 5 %»: ещё 75 баллов. ")
    triple = [{"type": "multiply", "factor_bp": 15000, "rules": ["base"]}]
    rules = [
        {"id": "base", "title": "Base", "effects": [{"type": "accrue_percent", "rate_bp": 500}]},
        {"id": "half", "effects": triple},
    ]
    bought = sale({"n": 1, "gross": 25000}, rules=rules)
    assert texts(bought, "grants", language="en")["half"] == (
        "×1.5 to what “Base” gave: plus 12.5 × 0.5 = 6.25 → 6 points (rounded down). Available at once, never expire."
    )


def test_a_cap_tells_what_it_cut() -> None:
    rule = {
        "id": "base",
        "effects": [{"type": "accrue_percent", "rate_bp": 500}],
        "caps": [{"scope": "member_day", "max_points": 100}],
    }
    bought = sale({"n": 1, "gross": 150000}, rules=[rule], member={"usage": {"base": {"member_day": 60}}})
    assert "Вышло бы 75 баллов, но до дневного предела оставалось 40 баллов." in texts(bought, "grants")["base"]
    english = texts(bought, "grants", language="en")["base"]
    assert "It would be 75 points, but the daily limit had 40 points left." in english


@pytest.mark.parametrize(
    ("effects", "expected"),
    [
        ([{"type": "accrue_per_unit", "points": 10, "per": 2}], "10 баллов за каждые 2 шт. = 30 баллов."),
        ([{"type": "accrue_fixed", "points": 10}], "10 баллов за покупку."),
        ([{"type": "accrue_fixed", "points": 2, "wallet": "toys"}], "2 шт. за покупку (счёт подарков «Игрушки»)."),
        (
            [{"type": "accrue_fixed", "points": 10}, {"type": "accrue_percent", "rate_bp": 300}],
            "Всё вместе: 17,5 → 17 баллов (округляем вниз).",
        ),
    ],
    ids=["per unit", "fixed", "a gift", "mixed"],
)
def test_points_that_are_no_percent_say_what_they_are_for(effects: list[dict[str, Any]], expected: str) -> None:
    wallets = {"wallets": [{"id": "toys", "kind": "gift", "title": "Игрушки"}]}
    bought = sale({"n": 1, "gross": 25000, "qty": 7}, rules=[{"id": "base", "effects": effects}], settings=wallets)
    assert texts(bought, "grants") == {"base": f"{expected} Доступны сразу, не сгорают."}


def test_points_of_a_cent_say_what_a_point_is() -> None:
    rulebook = load_json(
        {
            "currency": "EUR",
            "timezone": "Europe/Berlin",
            "rules": [{"id": "base", "effects": [{"type": "accrue_percent", "rate_bp": 500}]}],
        }
    )
    bought = read_receipt({"at": "2026-03-04T12:00:00+01:00", "lines": [{"n": 1, "gross": 1999}]})
    outcome = evaluate(rulebook, read_member_state({"id": "ada"}), bought)
    text = texts(Sale(rulebook=rulebook, receipt=bought, outcome=outcome), "grants", language="en")["base"]
    assert text.startswith("5% of €19.99 = 99.95 → 99 points (1 point = €0.01, rounded down). ")


def test_a_near_miss_says_what_was_lacking() -> None:
    rules = [
        {
            "id": "gift",
            "title": {"ru": "300 баллов", "en": "300 points"},
            "when": {"type": "receipt_total", "min": 300000},
            "effects": [{"type": "accrue_fixed", "points": 300}],
        }
    ]
    bought = sale({"n": 1, "gross": 297000}, rules=rules)
    assert texts(bought, "skipped")["gift"] == "Нужно не меньше 3 000,00 ₽, в чеке 2 970,00 ₽. Не хватило 30,00 ₽."
    (nudge,) = explain_receipt(bought, language="ru").nudges
    assert told(nudge) == "Ещё 30,00 ₽ – и сработает «300 баллов»."
    assert explain_receipt(sale({"n": 1, "gross": 140000}, rules=rules), language="ru").nudges == ()


def test_many_left_out_lines_are_counted() -> None:
    milk = [{**MILK, "n": n, "title": f"Молоко {n}"} for n in range(1, 6)]
    text = texts(sale(*milk, CHEESE | {"n": 6}), "grants")["base5"]
    assert "Молоко 1, Молоко 2, Молоко 3 и ещё 2 в начислении не участвуют: Жёлтый ценник −30 %." in text


def test_a_rule_without_a_title_is_named_by_its_id() -> None:
    block = {"type": "block", "what": ["accrual"], "lines": {"tag": ["yellow"]}}
    base = {"id": "base", "effects": [{"type": "accrue_percent", "rate_bp": 500}]}
    bought = sale(MILK, CHEESE, rules=[base, {"id": "legal", "effects": [block]}])
    assert "Молоко в начислении не участвует: legal." in texts(bought, "grants")["base"]


def test_a_rule_that_did_not_match_leaves_nothing_out() -> None:
    block = {"type": "block", "what": ["accrual"], "lines": {"tag": ["yellow"]}}
    friday = {"id": "fri", "title": "Пятница", "when": {"type": "weekly", "days": [5]}, "effects": [block]}
    base = {"id": "base", "effects": [{"type": "accrue_percent", "rate_bp": 500}]}
    bought = sale(MILK, CHEESE, rules=[base, friday])
    assert texts(bought, "grants") == {"base": "5 % от 500,00 ₽ = 25 баллов. Доступны сразу, не сгорают."}


def test_a_point_for_somebody_else_says_for_whom() -> None:
    bought = sale({"n": 9, "gross": 200000}, MILK, member={"referrer": "ben", "referred_by": "link:ben"})
    text = texts(bought, "grants")["ref_owner1"]
    assert "За покупку приглашённого участника." in text
    assert "Молоко" not in text


def test_what_opens_for_later_names_its_last_day() -> None:
    bought = sale({"n": 1, "gross": 1500000, "title": "Аквариум", "category": "aquarium"})
    assert (
        texts(bought, "unlocked")["aqua_open"]
        == "Открыта привилегия «−20 % на растения»: до 3 апреля включительно, 1 раз."
    )
