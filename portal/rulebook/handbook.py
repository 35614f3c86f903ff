"""docs/rulebook.md, written from the kinds themselves, so that it cannot differ from what a document may say."""

import inspect
import re
from collections.abc import Iterable, Iterator
from typing import Any, get_args

from pydantic import BaseModel

from portal.rulebook.certificates import Certificates
from portal.rulebook.conditions import CONDITIONS
from portal.rulebook.document import (
    Adjustments,
    Cap,
    Group,
    Holds,
    Named,
    Redemption,
    Refunds,
    Rule,
    Rulebook,
    Wallet,
    Welcome,
)
from portal.rulebook.effects import EFFECTS
from portal.rulebook.effects.bundle import BundlePart
from portal.rulebook.holiday import Holiday
from portal.rulebook.line_filter import LineFilter
from portal.rulebook.referral import Referral
from portal.rulebook.tiers.ladder import AllOf, AnyOf, Benefit, ByPeriod, Calendar, Ladder, Rolling, Threshold
from portal.rulebook.tiers.ladder import Tier as TierStep
from portal.rulebook.validity import Validity
from portal.rulebook.values import MOST

INTRODUCTION = """# The rulebook

This page is written by `portal rulebook docs` from the code; a test keeps both equal.

A rulebook is one TOML document per version. Money stands in minor units (kopecks, cents), rates in basis points
(500 = 5 %). Times without an offset are those of `timezone`; windows begin at `from` and end just before `until`.
Titles are a text, or one per language: `{ru = "…", en = "…"}`. Try `portal rulebook check FILE`,
`portal rulebook evaluate FILE --receipt R.json --explain` and `portal rulebook worst-basket FILE`. Whole examples
stand in `portal/rulebook/examples/`.
"""

PARTS: tuple[type[BaseModel], ...] = (
    Rulebook, Rule, Cap, Group, Wallet, Validity, Redemption, Welcome, Holiday, Certificates, Referral, Refunds,
    Adjustments, Holds, Named, LineFilter, BundlePart, Ladder, TierStep, Benefit, Threshold, AnyOf, AllOf, Rolling,
    Calendar, ByPeriod,
)  # fmt: skip


def handbook() -> str:
    """Return the page as Markdown."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    yield INTRODUCTION
    yield "## The document\n"
    for part in PARTS:
        yield from _section(part, part.__name__)
    yield "## Conditions\n"
    for kind in CONDITIONS:
        yield from _section(kind, f"`{_type_of(kind)}`")
    yield "## Effects\n"
    for kind in EFFECTS:
        yield from _section(kind, f"`{_type_of(kind)}`")


def _type_of(kind: type[BaseModel]) -> str:
    return str(get_args(kind.model_fields["type"].annotation)[0])


def _section(model: type[BaseModel], heading: str) -> Iterator[str]:
    yield f"### {heading}\n"
    yield from _docstring(model)
    rows = list(_fields(model))
    if rows:
        yield "| field | value | default |\n|---|---|---|"
        yield from rows
        yield ""


def _docstring(model: type[BaseModel]) -> Iterator[str]:
    """Give the paragraphs, each on one line, so that code in them is never broken."""
    for paragraph in inspect.cleandoc(model.__doc__ or "").split("\n\n"):
        yield re.sub(r"\s+", " ", paragraph) + "\n"


def _fields(model: type[BaseModel]) -> Iterator[str]:
    schema = model.model_json_schema(by_alias=True, mode="validation")
    if "$ref" in schema:  # a model that holds itself
        schema = schema["$defs"][model.__name__]
    for name, field in schema["properties"].items():
        if name != "type" or "const" not in field:
            required = name in schema.get("required", ())
            yield f"| `{name}` | {_value(field)} | {'required' if required else _default(field)} |"


def _default(field: dict[str, Any]) -> str:
    default = field.get("default")
    if default is None:
        return "none"
    if isinstance(default, dict):
        return (
            "`{" + ", ".join(f"{name} = {_toml(value)}" for name, value in default.items() if value is not None) + "}`"
        )
    return f"`{_toml(default)}`"


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{', '.join(_toml(each) for each in value)}]"
    return f'"{value}"' if isinstance(value, str) else str(value)


def _value(field: dict[str, Any]) -> str:
    """Say what a field takes, from its JSON schema."""
    if "anyOf" in field:
        return " or ".join(dict.fromkeys(_value(each) for each in field["anyOf"] if each.get("type") != "null"))
    if "enum" in field:
        return _choices(field["enum"])
    if "const" in field:
        return _choices([field["const"]])
    if "$ref" in field:
        return _link(field["$ref"])
    if "oneOf" in field:
        return _kind(field)
    return _plain(field)


def _kind(field: dict[str, Any]) -> str:
    """Say of a choice by `type` whether it is a condition, an effect, or which types there are."""
    names = _names(field)
    for kinds, word in ((CONDITIONS, "a condition"), (EFFECTS, "an effect")):
        if names == {_type_of(kind) for kind in kinds}:
            return word
    return " or ".join(f'`{{type = "{name}"}}`' for name in sorted(names))


def _plain(field: dict[str, Any]) -> str:
    kind = field.get("type")
    if kind == "array":
        return f"list of {_value(field.get('items', {})).removeprefix('an ').removeprefix('a ')}"
    if kind in ("integer", "number"):
        return kind + _limits(field)
    if kind == "string":
        return {"date-time": "date and time", "time": "time of day", "date": "date"}.get(
            field.get("format", ""), "text"
        )
    return {"boolean": "true or false", "object": "one text per language"}.get(str(kind), "value")


def _limits(field: dict[str, Any]) -> str:
    least, most = field.get("minimum", field.get("exclusiveMinimum")), field.get("maximum")
    most = None if most == MOST else most
    more = " more than" if "exclusiveMinimum" in field else ""
    low = f"{more} {_number(least)}" if least is not None else ""
    return f",{low} to {_number(most)}" if low and most is not None else f",{low} or more" if low else ""


def _number(value: int) -> str:
    return f"{value:,}".replace(",", "\u00a0")


def _choices(values: Iterable[object]) -> str:
    return " or ".join(f"`{_toml(value)}`" for value in values)


def _names(field: dict[str, Any]) -> set[str]:
    return set(field.get("discriminator", {}).get("mapping", {}))


def _link(reference: str) -> str:
    name = reference.rsplit("/", 1)[-1]
    return f"[{name}](#{name.lower()})"
