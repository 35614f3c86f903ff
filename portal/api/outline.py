"""The description of the API as a person reads it: operations, shapes, fields; for the page and for docs/api.md."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Schema = Mapping[str, Any]
_PREFIX = "#/components/schemas/"
_JSON = "application/json"
_WORDS = {"string": "text", "integer": "whole number", "boolean": "true or false"}
_FORMATS = {"date-time": "time", "date": "day"}


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter or a name in an object. `shapes` are the shapes its kind speaks of."""

    name: str
    kind: str
    required: bool
    shapes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shape:
    """An object that bodies or answers are made of."""

    name: str
    about: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One operation: its address, what it takes, and the shape of each good answer by status."""

    name: str
    summary: str
    about: str
    method: str
    path: str
    parameters: tuple[Field, ...]
    body: str | None
    answers: tuple[tuple[str, str], ...]
    problems: tuple[str, ...]


def sections(document: Schema) -> list[Section]:
    """Return the operations in the order they were declared."""
    return [
        _section(method.upper(), path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def shapes(document: Schema) -> list[Shape]:
    """Return every shape that has fields, by name."""
    schemas = document["components"]["schemas"]
    shaped = {name for name, schema in schemas.items() if "properties" in schema}
    return [_shape(name, schemas[name], shaped) for name in sorted(shaped)]


def _section(method: str, path: str, operation: Schema) -> Section:
    body = operation.get("requestBody", {}).get("content", {}).get(_JSON, {}).get("schema")
    told = {status: response["content"] for status, response in operation["responses"].items()}
    return Section(
        name=operation["operationId"],
        summary=operation["summary"],
        about=operation["description"],
        method=method,
        path=path,
        parameters=tuple(_parameter(parameter) for parameter in operation["parameters"]),
        body=_kind(body) if body else None,
        answers=tuple((status, _kind(media[_JSON]["schema"])) for status, media in told.items() if _JSON in media),
        problems=tuple(status for status, media in told.items() if _JSON not in media),
    )


def _parameter(parameter: Schema) -> Field:
    return Field(parameter["name"], f"{_kind(parameter['schema'])}, {parameter['in']}", parameter["required"])


def _shape(name: str, schema: Schema, shaped: set[str]) -> Shape:
    required = schema.get("required", ())
    fields = tuple(
        Field(field, _kind(told), field in required, tuple(sorted(_named(told) & shaped)))
        for field, told in schema["properties"].items()
    )
    return Shape(name, " ".join(schema.get("description", "").split()), fields)


def _named(schema: Any) -> set[str]:
    if isinstance(schema, Mapping):
        found = {schema["$ref"].removeprefix(_PREFIX)} if "$ref" in schema else set()
        return found.union(*(_named(part) for part in schema.values()))
    return set().union(*(_named(part) for part in schema)) if isinstance(schema, list) else set()


def _kind(schema: Schema) -> str:
    """Say in words what a value is: `list of Line`, `text or null`, `whole number from 1 to 200`."""
    if "$ref" in schema:
        return str(schema["$ref"]).removeprefix(_PREFIX)
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(_kind(part) for part in schema["anyOf"]))
    values = schema.get("enum", [schema["const"]] if "const" in schema else ())
    if values:
        return " or ".join(f'"{value}"' for value in values)
    return _plain(schema)


def _plain(schema: Schema) -> str:
    kind = schema.get("type", "anything")
    if kind == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    if kind == "object" and isinstance(schema.get("additionalProperties"), Mapping):
        return f"object of {_kind(schema['additionalProperties'])} by key"
    return _FORMATS.get(schema.get("format", ""), _WORDS.get(kind, kind)) + _range(schema)


def _range(schema: Schema) -> str:
    low, high = (schema.get(f"{end}imum", schema.get(f"{end}Length")) for end in ("min", "max"))
    if low is None and high is None:
        return ""
    unit = " signs" if "maxLength" in schema else ""
    if low is None:
        return f" up to {high}{unit}"
    return f" from {low}" + ("" if high is None else f" to {high}") + unit
