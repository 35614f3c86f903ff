"""Receipts to tell about, and what is told of them."""

from typing import Any
from zoneinfo import ZoneInfo

from portal.rulebook.document import load_json
from portal.rulebook.evaluate import evaluate
from portal.rulebook.examples import example
from portal.rulebook.explain import Sale, explain_receipt
from portal.rulebook.explain.voice import Voice
from portal.rulebook.member_state import read_member_state
from portal.rulebook.receipt import read_receipt

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
