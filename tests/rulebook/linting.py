"""Documents for the linter, and what it finds in them."""

from typing import Any

from portal.rulebook.document import load_json
from portal.rulebook.linter import ShopFacts, lint
from portal.rulebook.linter.findings import Severity

BASE = {"id": "base5", "effects": [{"type": "accrue_percent", "rate_bp": 500}]}
OFF = {"type": "discount_percent", "rate_bp": 500}


def rulebook(*rules: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"currency": "RUB", "timezone": "Europe/Moscow", "rules": list(rules), **fields}


def found(document: dict[str, Any], severity: Severity = "error", **facts: Any) -> set[tuple[str, str]]:
    findings = lint(load_json(document), facts=ShopFacts(**facts))
    return {(each.path, each.code) for each in findings if each.severity == severity}


def rule(when: dict[str, Any] | None = None, *effects: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"id": "r", "when": when or {"type": "always"}, "effects": list(effects) or [OFF], **fields}
