"""Whatever a rulebook says and a receipt brings, it can be told and linted."""

import json
from dataclasses import fields
from typing import Any

from hypothesis import given, settings

from portal.rulebook.document import load_json
from portal.rulebook.evaluate import evaluate
from portal.rulebook.explain import LANGUAGES, Sale, Told, explain_effect, explain_receipt
from portal.rulebook.linter import ShopFacts, lint
from portal.rulebook.member_state import read_member_state
from portal.rulebook.outcome import outcome_json, read_outcome
from portal.rulebook.receipt import read_receipt
from tests.rulebook.random_documents import buyers, programmes, receipts


def told_of(sale: Sale, language: Any) -> list[str]:
    told = explain_receipt(sale, language=language)
    parts = [each for field in fields(told) for each in getattr(told, field.name)]
    return [each.text if isinstance(each, Told) else each for each in parts]


@settings(max_examples=200, deadline=None)
@given(programmes, buyers, receipts)
def test_every_outcome_is_told_in_whole_sentences(programme: Any, member: Any, receipt: Any) -> None:
    rulebook, bought = load_json(programme), read_receipt(receipt)
    outcome = evaluate(rulebook, read_member_state(member) if member else None, bought)
    for language in LANGUAGES:
        sentences = told_of(Sale(rulebook=rulebook, receipt=bought, outcome=outcome), language)
        assert all(text.endswith(".") and ".." not in text and "{" not in text for text in sentences)
        stored = read_outcome(json.loads(json.dumps(outcome_json(outcome))))
        assert told_of(Sale(rulebook=rulebook, receipt=bought, outcome=stored), language) == sentences


@settings(max_examples=100, deadline=None)
@given(programmes, buyers, receipts)
def test_every_rulebook_can_be_linted_and_listed(programme: Any, member: Any, receipt: Any) -> None:
    rulebook = load_json(programme)
    state = read_member_state(member) if member else None
    facts = ShopFacts(mean_receipt_minor=1000, margins_bp={"soap": 1}, receipts=[(read_receipt(receipt), state)])
    assert all(finding.path and finding.text.endswith(".") for finding in lint(rulebook, facts=facts))
    for rule in rulebook.rules:
        for effect in rule.effects:
            assert all(explain_effect(effect, rulebook=rulebook, language=each, year=2026) for each in LANGUAGES)
