"""Small shops for tables of cases: rules in, receipts in, outcomes out."""

from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from portal.rulebook.compiled import compile_rulebook
from portal.rulebook.conditions import Condition
from portal.rulebook.document import Rulebook, load_json
from portal.rulebook.evaluate import evaluate, situation_of
from portal.rulebook.member_state import MemberState, read_member_state
from portal.rulebook.outcome import Outcome
from portal.rulebook.receipt import read_receipt

NOON = "2026-03-04T12:00:00"
"""A Wednesday."""

ADA = {"id": "ada", "tier": "gold", "balance": {"points": 1000}, "birthday": "1990-03-05", "purchases": 12}
BEN = {"id": "ben", "tier": "new"}
CLEO = {"id": "cleo", "referrer": "ada", "agent": "tim", "purchases": 1}
GUEST = None

Member = dict[str, Any] | None


def line(gross: int, **more: Any) -> dict[str, Any]:
    """Return a line; `lines` numbers them."""
    return {"gross": gross, **more}


def rule(*effects: dict[str, Any], name: str = "r", **more: Any) -> dict[str, Any]:
    return {"id": name, "effects": list(effects), **more}


def shop(*rules: dict[str, Any], **settings: Any) -> Rulebook:
    return load_json({"currency": "RUB", "timezone": "Europe/Moscow", "rules": list(rules), **settings})


def buy(rulebook: Rulebook, *lines: dict[str, Any], member: Member = ADA, at: str = NOON, **more: Any) -> Outcome:
    """Judge a receipt of these lines, numbered from 1."""
    numbered = [{"n": n, **each} for n, each in enumerate(lines, 1)]
    return evaluate(rulebook, _state(member), read_receipt({"at": at, "lines": numbered, **more}))


def holds(condition: dict[str, Any], *lines: dict[str, Any], member: Member = ADA, at: str = NOON, **more: Any) -> bool:
    """Ask one condition about a receipt of these lines, 100.00 of anything unless told."""
    return miss(condition, *lines, member=member, at=at, **more) is None


def miss(
    condition: dict[str, Any], *lines: dict[str, Any], member: Member = ADA, at: str = NOON, **more: Any
) -> dict[str, Any] | None:
    """Return the facts of why a condition does not hold, with its reason, or None when it holds."""
    test = TypeAdapter[Condition](Condition).validate_python(condition).compiled()
    numbered = [{"n": n, **each} for n, each in enumerate(lines or (line(10_000),), 1)]
    receipt = read_receipt({"at": at, "lines": numbered, **more})
    situation = situation_of(compile_rulebook(shop()), _state(member), receipt, bearer=())
    if test.holds(situation):
        return None
    found = test.miss(situation)
    return {"reason": found.reason, **found.facts}


def discounts(outcome: Outcome) -> list[int]:
    return [each.discount for each in outcome.lines]


def skipped(outcome: Outcome) -> dict[str, str]:
    """Return the reason by rule; the last one where there are several."""
    return {each.rule: each.reason for each in outcome.skipped}


def granted(outcome: Outcome) -> dict[str, int]:
    """Return the points by grant."""
    return {grant.source: grant.points for grant in outcome.grants}


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _state(member: Member) -> MemberState | None:
    return None if member is None else read_member_state(member)
