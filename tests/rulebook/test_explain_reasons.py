"""Why something did not happen, in both languages."""

from typing import Any

import pytest

from portal.rulebook.conditions import CONDITIONS
from portal.rulebook.explain.reason_words import TOPICS
from portal.rulebook.explain.reasons import REASON_TEXTS, reason_text
from portal.rulebook.linter.findings import kind_name
from tests.rulebook.explaining import EN, RU, told

SEGMENT = {"reason": "segment", "facts": {"in": ["a"]}}
NOON = "2026-03-04T12:00:00+03:00"
EVENING = {"start": "18:00:00", "end": "20:00:00"}
BY_FACTS: list[tuple[str, dict[str, Any], str]] = [
    ("any", {"of": [SEGMENT]}, "Не выполнено ни одно из условий. Только для тех, кому магазин это назначил."),
    ("time_window", {"at": NOON, "from": "2026-03-05T09:00:00", "until": None}, "Начнётся 5 марта, 09:00."),
    ("time_window", {"at": NOON, "from": None, "until": "2026-03-04T09:00:00+00:00"}, "Закончилось 4 марта, 12:00."),
    (
        "time_window",
        {"at": NOON, "from": "2026-03-01T09:00:00", "until": "2026-03-04T12:00:00"},
        "Закончилось 4 марта, 12:00.",
    ),
    ("weekly", {"days": [5], **EVENING}, "Только по пятницам с 18:00 до 20:00."),
    ("weekly", {"days": [7, 6], "start": "00:00", "end": "00:00"}, "Только по субботам и воскресеньям."),
    ("weekly", {"days": [1, 2, 3, 4, 5, 6, 7], **EVENING}, "Только с 18:00 до 20:00."),
    ("tier", {"found": None, "in": ["gold"]}, "Только для уровня «gold»."),
    (
        "tier",
        {"found": "silver", "in": ["gold", "platinum"]},
        "Только для уровня «gold» или «platinum»; ваш уровень до этого чека – «silver».",
    ),
    (
        "receipt_total",
        {"value": 100, "basis": "net", "min": 200},
        "Нужно не меньше 2,00 ₽, в чеке 1,00 ₽ после скидок. Не хватило 1,00 ₽.",
    ),
    (
        "receipt_total",
        {"value": 100, "basis": "gross", "more_than": 100},
        "Нужно больше 1,00 ₽, в чеке 1,00 ₽. Не хватило 0,01 ₽.",
    ),
    ("receipt_total", {"value": 300, "basis": "gross", "max": 200}, "Нужно не больше 2,00 ₽, в чеке 3,00 ₽."),
    (
        "receipt_total",
        {"value": 300, "basis": "gross", "min": 300, "more_than": 100, "max": 200},
        "Нужно не больше 2,00 ₽, в чеке 3,00 ₽.",
    ),
    (
        "line_total",
        {"value": 0, "basis": "gross", "min": 200},
        "Нужно не меньше 2,00 ₽ на товары акции, в чеке на них 0,00 ₽. Не хватило 2,00 ₽.",
    ),
    (
        "line_qty",
        {"value": "0.35", "min": "1"},
        "Нужно не меньше 1 шт. товаров акции, в чеке 0,35 шт. Не хватило 0,65 шт.",
    ),
    ("previous_purchase", {"value": None, "within_days": None}, "Нужна предыдущая покупка."),
    (
        "previous_purchase",
        {"value": 300000, "on": "2026-02-20", "more_than": 300000, "within_days": 30},
        "Нужна предыдущая покупка больше 3 000,00 ₽, а была на 3 000,00 ₽.",
    ),
    (
        "previous_purchase",
        {"value": 299999, "on": "2026-02-20", "min": 300000},
        "Нужна предыдущая покупка не меньше 3 000,00 ₽, а была на 2 999,99 ₽.",
    ),
    (
        "previous_purchase",
        {"value": 300000, "on": "2025-02-20", "min": 300000, "within_days": 3},
        "Предыдущая покупка была 20 февраля 2025: с неё должно пройти не больше 3 дней.",
    ),
    ("purchase_number", {"value": None, "from": 1, "to": None}, "Только для участников программы."),
    (
        "purchase_number",
        {"value": 4, "from": None, "to": 3},
        "Это покупка № 4, а правило действует для покупок до № 3 включительно.",
    ),
    (
        "purchase_number",
        {"value": 4, "from": 1, "to": 3},
        "Это покупка № 4, а правило действует для покупок до № 3 включительно.",
    ),
    ("purchase_number", {"value": 1, "from": 2, "to": 3}, "Это покупка № 1, а правило действует для покупок № 2–3."),
    (
        "purchase_number",
        {"value": 1, "from": 2, "to": 2},
        "Это покупка № 1, а правило действует для покупок только № 2.",
    ),
    ("purchase_number", {"value": 1, "from": 5, "to": None}, "Это покупка № 1, а правило действует для покупок с № 5."),
    ("days_since_last", {"value": None, "min": 3}, "Это первая покупка."),
    (
        "days_since_last",
        {"value": 2, "min": 3},
        "С прошлой покупки прошло 2 дня, нужно не меньше 3 дней.",
    ),
    ("days_since_last", {"value": 9, "max": 1}, "С прошлой покупки прошло 9 дней, нужно не больше 1 дня."),
    ("referred", {"by": None}, "Только для тех, кого пригласил участник."),
    ("referred", {"by": ["link:x"]}, "Только для тех, кто пришёл по этой ссылке."),
    (
        "channel",
        {"found": "store", "in": ["web", "app", "kiosk"]},
        "Только для покупок на сайте, в приложении или «kiosk».",
    ),
    ("store", {"found": "S1", "in": ["S2"]}, "Только в магазине «S2»."),
    ("birthday", {"told": False, "before": 3, "after": 7}, "День рождения не указан в профиле."),
    (
        "birthday",
        {"told": True, "before": 3, "after": 7},
        "Один раз в год: за 3 дня до дня рождения и 7 дней после него.",
    ),
    ("privilege", {"id": "a", "ended": None}, "Эта привилегия не открыта."),
    (
        "privilege",
        {"id": "a", "ended": "2026-04-03T21:00:00+00:00"},
        "Привилегия действовала до 3 апреля включительно.",
    ),
    ("group:a", {}, "Сработало другое правило той же группы."),
    ("group:a", {"winner": "base", "winner_title": {"ru": "База", "en": "Base"}}, "Вместо него сработало «База»."),
    ("smaller_multiplier", {}, "Сработал больший множитель."),
    ("smaller_multiplier", {"factor_bp": 30000}, "Сработал больший множитель: ×3."),
    ("blocked", {}, "Товары этого правила исключены другим правилом."),
    ("blocked", {"by": "legal", "by_title": {"ru": "Закон", "en": "Law"}}, "Товары этого правила исключает «Закон»."),
]
BARE = [
    *("always", "all", "segment", "coupon", "profile", "no_member", "no_referrer", "no_agent"),
    *("no_accrual_when_redeeming", "cap:receipt", "cap:member_day", "cap:member_total", "cap:rule_total"),
]
KINDS = {kind_name(kind) for kind in CONDITIONS}


@pytest.mark.parametrize(("reason", "facts", "sentence"), BY_FACTS)
def test_a_reason_is_told_by_its_facts(reason: str, facts: dict[str, Any], sentence: str) -> None:
    assert told(reason_text(reason, facts, voice=RU)) == sentence


@pytest.mark.parametrize(
    ("reason", "facts"),
    [
        *((reason, facts) for reason, facts, _ in BY_FACTS),
        *((reason, {}) for reason in BARE),
        *(("not", {"of": kind}) for kind in sorted(KINDS)),
    ],
)
def test_every_reason_has_a_sentence_in_every_language(reason: str, facts: dict[str, Any]) -> None:
    sentences = [reason_text(reason, facts, voice=voice) for voice in (RU, EN)]
    assert all(sentence.endswith(".") and "{" not in sentence and ".." not in sentence for sentence in sentences)
    assert len(set(sentences)) == len(sentences)


def test_every_condition_has_its_reason_and_topic() -> None:
    assert set(TOPICS) == KINDS
    assert {*KINDS, "group", "smaller_multiplier", "blocked"} <= set(REASON_TEXTS)
    assert {reason.partition(":")[0] for reason, *_ in BY_FACTS} | {"not", *BARE} >= set(REASON_TEXTS)
