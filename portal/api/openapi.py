"""The OpenAPI 3.1 description, made from the same models that check the calls."""

import re
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import JsonSchemaMode

from portal.api.registry import Operation

Document = dict[str, Any]

VERSION = "1.0"
_REF = "#/components/schemas/{model}"
_PART = re.compile(r"<(?:path:)?(\w+)>")
_PROBLEM: Document = {
    "type": "object",
    "description": "RFC 9457. `code` is stable; `errors` names what is wrong where. What was sent is never repeated.",
    "required": ["type", "title", "status", "code", "detail", "request_id"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "request_id": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["path", "message"],
                "properties": {"path": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
}
_KEY_HEADER: Document = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "Unique for each command; the same key and body again get the stored answer, once done.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": r"^[ -~]+$"},
}
_MAY_BE_NAMED = _KEY_HEADER | {"required": False, "description": "Names the call, so that it may be told again."}
_KEY_HEADERS: dict[str, list[Document]] = {
    "commands": [_KEY_HEADER],
    "settles": [_KEY_HEADER],
    "notes": [_MAY_BE_NAMED],
    "notes afterwards": [_MAY_BE_NAMED],
}


def describe(operations: Sequence[Operation], *, prefix: str) -> Document:
    """Return the description of all operations under a prefix."""
    schemas: Document = {"Problem": _PROBLEM}
    paths: Document = {}
    for operation in operations:
        path = prefix + _PART.sub(r"{\1}", operation.path)
        paths.setdefault(path, {})[operation.method.lower()] = _operation(operation, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Regulars",
            "version": VERSION,
            "description": "Receipts, points and members, for tills and shops.",
        },
        "servers": [{"url": "/"}],
        "security": [{"key": []}],
        "paths": paths,
        "components": {"schemas": schemas, "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}},
    }


def _operation(operation: Operation, schemas: Document) -> Document:
    described: Document = {
        "operationId": operation.name,
        "summary": operation.summary,
        "description": f"Scopes: {', '.join(operation.scopes)}.",
        "parameters": _parameters(operation),
        "responses": _responses(operation, schemas),
    }
    if operation.body:
        schema = _schema(operation.body, schemas, mode="validation")
        described["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    return described


def _parameters(operation: Operation) -> list[Document]:
    parts = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in _PART.findall(operation.path)
    ]
    return parts + _query(operation.parameters) + _KEY_HEADERS.get(operation.nature, [])


def _query(parameters: type[BaseModel] | None) -> list[Document]:
    if parameters is None:
        return []
    schema = parameters.model_json_schema()
    required = schema.get("required", ())
    return [
        {"name": name, "in": "query", "required": name in required, "schema": described}
        for name, described in schema["properties"].items()
    ]


def _responses(operation: Operation, schemas: Document) -> Document:
    responses = {
        str(status): {
            "description": HTTPStatus(status).phrase,
            "content": {"application/json": {"schema": _schema(answer, schemas, mode="serialization")}},
        }
        for status, answer in operation.answers.items()
    }
    problem = {"application/problem+json": {"schema": {"$ref": _REF.format(model="Problem")}}}
    for status in _problems(operation):
        responses[str(status)] = {"description": HTTPStatus(status).phrase, "content": problem}
    return responses


def _problems(operation: Operation) -> list[int]:
    found = {401, 403, 404, 405, 409, 410, 422, 429, 500, 503}
    return sorted(found | {400, 413, 415} if operation.body else found)


def _schema(kind: Any, schemas: Document, *, mode: JsonSchemaMode) -> Document:
    """Describe a type and file it, with the types it is made of, among the schemas."""
    schema = TypeAdapter(kind).json_schema(ref_template=_REF, mode=mode)
    schemas.update(schema.pop("$defs", {}))
    name = getattr(kind, "__name__", None)
    if name is None:
        return schema
    schemas[name] = schema
    return {"$ref": _REF.format(model=name)}
