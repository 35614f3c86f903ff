"""Why something did not happen, in both languages."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from portal.rulebook.conditions import CONDITIONS
from portal.rulebook.explain.reason_words import TOPICS
from portal.rulebook.explain.reasons import REASON_TEXTS, reason_text
from portal.rulebook.explain.voice import Voice
from portal.rulebook.explain.words import LANGUAGES
from portal.rulebook.linter.findings import kind_name

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
