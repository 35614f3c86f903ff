"""What the linter says, and the places it says it of."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from pydantic import BaseModel

from portal.rulebook.conditions import BaseCondition
from portal.rulebook.conditions.all_of import All
from portal.rulebook.conditions.not_of import Not
from portal.rulebook.document import Rule, Rulebook
from portal.rulebook.effects import Effect
from portal.rulebook.linter.facts import ShopFacts

Severity: TypeAlias = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong (`error`: the version must not be published) or unwise (`warning`).

    `path` leads to it through the document, by ids where there are any: `rules.base5.effects[0].rate_bp`.
    """

    severity: Severity
    path: str
    code: str
    text: str


Check: TypeAlias = Callable[[Rulebook, ShopFacts], Iterator[Finding]]


def error(path: str, code: str, text: str) -> Finding:
    return Finding("error", path, code, text)


def warning(path: str, code: str, text: str) -> Finding:
    return Finding("warning", path, code, text)


def effects_of(rulebook: Rulebook) -> Iterator[tuple[Rule, str, Effect]]:
    """Give every effect with its rule and path."""
    for rule in rulebook.rules:
        for i, effect in enumerate(rule.effects):
            yield rule, f"rules.{rule.id}.effects[{i}]", effect


def conditions_of(rule: Rule) -> Iterator[tuple[str, BaseCondition]]:
    """Give every condition of a rule with its path, outermost first."""
    yield from _walk(rule.when, f"rules.{rule.id}.when")


def required_of(rule: Rule) -> list[BaseCondition]:
    """Return the conditions that must all hold for the rule to work: `when`, or the parts of its `all`s."""
    return list(_required(rule.when))


def kind_name(kind: type[BaseModel]) -> str:
    """Return the `type` by which documents name a kind of condition or effect."""
    name: str = get_args(kind.model_fields["type"].annotation)[0]
    return name


def _walk(condition: BaseCondition, path: str) -> Iterator[tuple[str, BaseCondition]]:
    yield path, condition
    parts = condition.parts()
    for i, part in enumerate(parts):
        yield from _walk(part, f"{path}.of" if isinstance(condition, Not) else f"{path}.of[{i}]")


def _required(condition: BaseCondition) -> Iterator[BaseCondition]:
    if not isinstance(condition, All):
        yield condition
        return
    for part in condition.parts():
        yield from _required(part)
