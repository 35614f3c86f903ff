"""Texts that show the arithmetic, in both languages."""

from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from portal.money import CURRENCIES
from portal.rulebook.conditions import CONDITIONS
from portal.rulebook.document import load_json
from portal.rulebook.effects import EFFECTS
from portal.rulebook.evaluate import evaluate
from portal.rulebook.examples import example
from portal.rulebook.explain import Sale, explain_effect, explain_receipt
from portal.rulebook.explain.effects import EFFECT_SLOTS
from portal.rulebook.explain.reason_words import REASONS, TOPICS
from portal.rulebook.explain.reasons import REASON_TEXTS, reason_text
from portal.rulebook.explain.voice import Voice
from portal.rulebook.explain.words import LANGUAGES, NOUNS, WORDS
from portal.rulebook.linter.findings import kind_name
from portal.rulebook.member_state import read_member_state
from portal.rulebook.receipt import read_receipt
from portal.web import formats

RU = Voice(language="ru", currency="RUB", year=2026, zone=ZoneInfo("Europe/Moscow"))
EN = Voice(language="en", currency="EUR", year=2026, zone=ZoneInfo("Europe/Moscow"))
MILK = {"n": 1, "sku": "MILK", "title": "Молоко", "gross": 10000, "tags": ["yellow"], "category": "food/dairy"}
CHEESE = {"n": 2, "sku": "CHEESE", "title": "Сыр", "gross": 40000, "category": "food/dairy"}
BREAD = {"n": 3, "sku": "BREAD", "title": "Хлеб", "gross": 5000, "category": "food/bread"}


def told(text: str) -> str:
    return text.replace("\u00a0", " ")


def sale(
    *lines: dict[str, Any],
    rules: list[dict[str, Any]] | None = None,
    member: dict[str, Any] | None = None,
    settings: dict[str, Any] | None = None,
    **receipt: Any,
) -> Sale:
    """Judge lines by the example shop, or by rules of one's own."""
    rulebook = example("shop")
    if rules is not None:
        rulebook = load_json({"currency": "RUB", "timezone": "Europe/Moscow", "rules": rules, **(settings or {})})
    bought = read_receipt({"at": "2026-03-04T12:00:00+03:00", "lines": list(lines), **receipt})
    state = read_member_state({"id": "ada", **(member or {})})
    return Sale(rulebook=rulebook, receipt=bought, outcome=evaluate(rulebook, state, bought))


def texts(bought: Sale, part: str, *, language: Any = "ru") -> dict[str, str]:
    return {each.rule: told(each.text) for each in getattr(explain_receipt(bought, language=language), part)}


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
    ("rate_bp", "more", "settings", "expected"),
    [
        (1000, {"max_minor": 1500}, {}, "10 % от 400,00 ₽, не больше 15,00 ₽: −15,00 ₽."),
        (1000, {"max_minor": 4000}, {}, "10 % от 400,00 ₽ = −40,00 ₽."),
        (333, {}, {}, "3,33 % от 400,00 ₽ = −13,32 ₽."),
        (
            7000,
            {},
            {"discount_cap_bp": 5000},
            "70 % от 400,00 ₽: −200,00 ₽. Скидки вместе — не больше 50 % от цены.",
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
    assert told(nudge) == "Ещё 30,00 ₽ — и сработает «300 баллов»."
    assert explain_receipt(sale({"n": 1, "gross": 140000}, rules=rules), language="ru").nudges == ()


def test_many_left_out_lines_are_counted() -> None:
    milk = [{**MILK, "n": n, "title": f"Молоко {n}"} for n in range(1, 6)]
    text = texts(sale(*milk, CHEESE | {"n": 6}), "grants")["base5"]
    assert "Молоко 1, Молоко 2, Молоко 3 и ещё 2 в начислении не участвуют: Жёлтый ценник −30 %." in text


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


FACTS: dict[str, list[dict[str, Any]]] = {
    "any": [{"of": [{"reason": "segment", "facts": {"in": ["a"]}}]}],
    "not": [{"of": kind_name(kind)} for kind in CONDITIONS],
    "time_window": [
        {"at": "2026-03-04T12:00:00+03:00", "from": "2026-03-05T09:00:00", "until": None},
        {"at": "2026-03-04T12:00:00+03:00", "from": None, "until": "2026-03-04T09:00:00+00:00"},
    ],
    "weekly": [
        {"at": "", "days": [5], "start": "18:00:00", "end": "20:00:00"},
        {"at": "", "days": [6, 7], "start": "00:00:00", "end": "00:00:00"},
        {"at": "", "days": [1, 2, 3, 4, 5, 6, 7], "start": "18:00", "end": "20:00"},
    ],
    "tier": [{"found": None, "in": ["gold"]}, {"found": "silver", "in": ["gold", "platinum"]}],
    "receipt_total": [
        {"value": 100, "basis": "net", "min": 200},
        {"value": 100, "basis": "gross", "more_than": 100},
        {"value": 300, "basis": "gross", "max": 200},
    ],
    "line_total": [{"value": 0, "basis": "gross", "min": 200}],
    "line_qty": [{"value": "0.35", "min": "1"}],
    "previous_purchase": [
        {"value": None, "within_days": None},
        {"value": 300000, "on": "2026-02-20", "more_than": 300000, "within_days": 30},
        {"value": 300001, "on": "2025-02-20", "more_than": 300000, "within_days": 30},
    ],
    "purchase_number": [
        {"value": None, "from": 1, "to": None},
        {"value": 4, "from": None, "to": 3},
        {"value": 1, "from": 2, "to": 3},
        {"value": 1, "from": 2, "to": 2},
        {"value": 1, "from": 5, "to": None},
    ],
    "days_since_last": [{"value": None, "min": 3}, {"value": 2, "min": 3}, {"value": 9, "max": 3}],
    "referred": [{"by": None}, {"by": ["link:x"]}],
    "channel": [{"found": "store", "in": ["web", "app", "kiosk"]}],
    "store": [{"found": "S1", "in": ["S2"]}],
    "birthday": [{"told": False, "before": 3, "after": 7}, {"told": True, "before": 3, "after": 7}],
    "privilege": [{"id": "a", "ended": None}, {"id": "a", "ended": "2026-04-04T00:00:00+03:00"}],
    "group": [{}, {"winner": "base", "winner_title": {"ru": "База", "en": "Base"}}],
    "smaller_multiplier": [{}, {"factor_bp": 30000}],
    "blocked": [{}, {"by": "legal", "by_title": "Legal"}],
}
REASON_NAMES = [
    *(kind_name(kind) for kind in CONDITIONS),
    *("group:a", "cap:receipt", "cap:member_day", "cap:member_total", "cap:rule_total"),
    *("no_member", "no_referrer", "no_agent", "smaller_multiplier", "blocked", "no_accrual_when_redeeming"),
]


@pytest.mark.parametrize("reason", REASON_NAMES)
def test_every_reason_has_a_sentence_in_every_language(reason: str) -> None:
    for facts in FACTS.get(reason.partition(":")[0], [{}]):
        sentences = [
            reason_text(
                reason, facts, voice=Voice(language=language, currency="RUB", year=2026, zone=ZoneInfo("Europe/Moscow"))
            )
            for language in LANGUAGES
        ]
        assert all(sentence.endswith(".") and "{" not in sentence and ".." not in sentence for sentence in sentences)
        assert len(set(sentences)) == len(LANGUAGES)


def test_every_condition_has_its_reason_and_topic() -> None:
    kinds = {kind_name(kind) for kind in CONDITIONS}
    assert set(TOPICS) == kinds
    assert kinds <= set(REASON_TEXTS)


def test_every_effect_has_its_words() -> None:
    kinds = {kind_name(kind) for kind in EFFECTS}
    assert set(EFFECT_SLOTS) == kinds
    assert kinds <= set(WORDS)
    rulebook = example("shop")
    for rule in rulebook.rules:
        for effect in rule.effects:
            russian = explain_effect(effect, rulebook=rulebook, language="ru", year=2026)
            assert russian != explain_effect(effect, rulebook=rulebook, language="en", year=2026)


def test_every_phrase_stands_in_both_languages_with_the_same_slots() -> None:
    def slots(text: str) -> set[str]:
        return {part.partition("}")[0] for part in text.split("{")[1:]}

    for key, phrase in {**WORDS, **REASONS}.items():
        assert slots(phrase.ru) == slots(phrase.en), key
        assert bool(phrase.ru) == bool(phrase.en), key
    assert all(len(noun.ru) == 3 and len(noun.en) == 2 for noun in NOUNS.values())


def test_points_are_never_called_roubles() -> None:
    words = [text for phrase in [*WORDS.values(), *REASONS.values()] for text in phrase]
    assert not [text for text in words if "рубл" in text.lower() or "₽" in text]


@pytest.mark.parametrize(
    ("count", "written"),
    [
        (0, "0 баллов"),
        (1, "1 балл"),
        (2, "2 балла"),
        (5, "5 баллов"),
        (11, "11 баллов"),
        (21, "21 балл"),
        (1012, "1 012 баллов"),
    ],
)
def test_russian_points_take_the_right_form(count: int, written: str) -> None:
    assert told(RU.points(count)) == written


def test_figures_are_written_as_on_the_pages() -> None:
    for language in LANGUAGES:
        for currency in CURRENCIES:
            voice = Voice(language=language, currency=currency, year=2026, zone=ZoneInfo("Europe/Moscow"))
            for minor in (0, 5, -5, 123450, -123456789):
                assert voice.money(minor) == formats.money(minor, currency=currency, language=language)
            for rate in (5, 250, 1000):
                assert voice.percent(rate) == formats.percent(rate, language=language)
            for value in (0, 12, 1234, 1234567):
                assert voice.number(value) == formats.number(value, language=language)


def test_fractions_end_or_say_that_they_do_not() -> None:
    assert RU.number(Fraction(25, 2)) == "12,5"
    assert EN.number(Fraction(1, 3)) == "≈\u00a00.333333"
    assert told(RU.points(Fraction(25, 2))) == "12,5 балла"


def test_a_day_of_another_year_names_it() -> None:
    assert told(RU.day(date(2026, 9, 14))) == "14 сентября"
    assert told(EN.day(date(2027, 1, 2))) == "2 January 2027"


def test_instants_are_told_on_the_clock_of_the_shop() -> None:
    assert told(EN.moment(datetime(2026, 4, 3, 22, 30, tzinfo=UTC))) == "4 April, 01:30"
    assert told(EN.moment(datetime.fromisoformat("2026-04-03T22:30"))) == "3 April, 22:30"
    ended = reason_text("privilege", {"id": "a", "ended": "2026-04-03T21:00:00+00:00"}, voice=RU)
    assert told(ended) == "Привилегия действовала до 3 апреля включительно."
    eve = sale({"n": 1, "gross": 10000}, at="2025-12-31T22:00:00+00:00")
    assert "Доступны с 15 января," in texts(eve, "grants")["base5"]
