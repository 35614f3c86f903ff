"""The compiled rulebook and the naive interpreter agree on whatever hypothesis thinks up."""

import json
from typing import Any

from hypothesis import given, settings

from portal.rulebook.document import load_json
from portal.rulebook.evaluate import evaluate
from portal.rulebook.member_state import member_state_json, read_member_state
from portal.rulebook.outcome import Outcome, outcome_json, read_outcome
from portal.rulebook.receipt import read_receipt, receipt_json
from tests.rulebook.naive import naive_evaluate
from tests.rulebook.random_documents import buyers, programmes, receipts

COMPARED = (
    "total", "discount", "points_spent", "due", "earned", "lines", "gifts", "unlocked", "coupons", "consumed", "limits",
)  # fmt: skip
OF_GRANTS = (
    "rule", "to", "wallet", "points", "lines", "fixed", "exact", "desired", "capped_by", "release_at", "last_valid_day",
    "expires_at",
)  # fmt: skip


def judged(programme: dict[str, Any], member: dict[str, Any] | None, receipt: dict[str, Any]) -> Outcome:
    return evaluate(load_json(programme), read_member_state(member) if member else None, read_receipt(receipt))


@settings(max_examples=400, deadline=None)
@given(programmes, buyers, receipts)
def test_closures_and_the_oracle_agree(programme: Any, member: Any, receipt: Any) -> None:
    found = outcome_json(judged(programme, member, receipt))
    expected = json.loads(json.dumps(naive_evaluate(programme, member, receipt)))
    assert {name: found[name] for name in COMPARED} == {name: expected[name] for name in COMPARED}
    assert [{name: each[name] for name in OF_GRANTS} for each in found["grants"]] == expected["grants"]
    assert [
        {name: each[name] for name in ("rule", "amount", "lines", "desired")} for each in found["discounts"]
    ] == expected["discounts"]
    reasons = {(each["rule"], each["reason"]) for each in found["skipped"] if each["reason"] != "blocked"}
    assert reasons == {(rule, reason) for rule, reason in expected["skipped"]}


@settings(max_examples=150, deadline=None)
@given(programmes, buyers, receipts)
def test_inputs_and_outcome_survive_storage_and_reproduce(programme: Any, member: Any, receipt: Any) -> None:
    outcome = judged(programme, member, receipt)
    stored = json.loads(json.dumps(outcome_json(outcome)))
    assert read_outcome(stored) == outcome
    told = json.loads(json.dumps(receipt_json(read_receipt(receipt))))
    state = json.loads(json.dumps(member_state_json(read_member_state(member)))) if member else None
    document = json.loads(load_json(programme).canonical_json)
    assert outcome_json(judged(document, state, told)) == stored


@settings(max_examples=150, deadline=None)
@given(programmes, buyers, receipts)
def test_every_line_and_grant_adds_up(programme: Any, member: Any, receipt: Any) -> None:
    rulebook, outcome = load_json(programme), judged(programme, member, receipt)
    for line in outcome.lines:
        assert line.gross == line.discount + line.points * rulebook.worth + line.paid
        assert min(line.discount, line.points, line.paid) >= 0
        assert line.discount * 10_000 <= line.gross * rulebook.discount_cap_bp
    assert outcome.total == outcome.discount + outcome.points_spent * rulebook.worth + outcome.due
    for grant in outcome.grants:
        assert grant.points == sum(grant.lines.values()) + grant.fixed <= grant.desired
    if member is None:
        assert not outcome.grants
        assert not outcome.points_spent
    given_away = sum(gift.discount for gift in outcome.gifts) + sum(each.amount for each in outcome.discounts)
    assert given_away == outcome.discount
