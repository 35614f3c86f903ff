"""Reading a rulebook so that everything wrong with its form becomes a finding with its path."""

import re
import tomllib
from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from portal.rulebook.document import Rulebook, load_json
from portal.rulebook.linter.findings import Finding, error

_CODES = {
    "extra_forbidden": "unknown-field",
    "missing": "missing-field",
    "union_tag_invalid": "unknown-kind",
    "union_tag_not_found": "missing-kind",
    "less_than_equal": "too-large",
    "greater_than_equal": "too-small",
    "greater_than": "too-small",
    "too_short": "too-few",
    "value_error": "invalid",
}
_TEXTS = {
    "unknown-field": "This field is unknown.",
    "missing-field": "This field is missing.",
    "missing-kind": "The `type` is missing.",
    "rate-above-100": "A rate is at most 10000, which is 100 %.",
}


def read_toml(text: str) -> tuple[Rulebook | None, list[Finding]]:
    """Return the rulebook, or None and what is wrong with the text."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as trouble:
        return None, [_syntax(trouble)]
    return read_json(document)


def read_json(document: dict[str, Any]) -> tuple[Rulebook | None, list[Finding]]:
    """Return the rulebook of plain JSON, or None and what is wrong with it."""
    try:
        return load_json(document), []
    except ValidationError as trouble:
        return None, _first_of_each([_finding(problem, document) for problem in trouble.errors(include_url=False)])


def _first_of_each(found: list[Finding]) -> list[Finding]:
    """Drop what only repeats a finding: another member of a union, a list that is empty because its parts are wrong."""
    first: dict[tuple[str, str], Finding] = {}
    for each in found:
        inside = any(other.path.startswith((f"{each.path}[", f"{each.path}.")) for other in found)
        if not (each.code == "too-few" and inside):
            first.setdefault((each.path, each.code), each)
    return list(first.values())


def _syntax(trouble: tomllib.TOMLDecodeError) -> Finding:
    place = re.search(r"line (\d+), column (\d+)", str(trouble))
    path = f"line {place[1]}, column {place[2]}" if place else "end"
    return error(path, "toml-syntax", re.sub(r" \(at .*\)$", "", str(trouble)) + ".")


def _finding(problem: ErrorDetails, document: dict[str, Any]) -> Finding:
    path = _path(problem["loc"], document)
    code = _CODES.get(problem["type"], "wrong-type")
    if code == "too-large" and path.endswith("_bp"):
        code = "rate-above-100"
    text = _TEXTS.get(code) or problem["msg"].removeprefix("Value error, ")
    return error(path, code, text[:1].upper() + text[1:].rstrip(".") + ".")


def _path(steps: Iterable[int | str], document: Any) -> str:
    """Write a problem's steps, by ids where there are any and without those that only name a kind of union."""
    path, here = "", document
    steps = list(steps)
    for position, step in enumerate(steps):
        last = position == len(steps) - 1
        if isinstance(step, int) and isinstance(here, list) and step < len(here):
            here = here[step]
            named = isinstance(here, dict) and isinstance(here.get("id"), str) and "type" not in here
            path += f".{here['id']}" if named else f"[{step}]"
        elif isinstance(here, dict) and (step in here or (last and step != here.get("type"))):
            here = here.get(step)
            path += f".{step}"
    return path.lstrip(".") or "document"
