"""What stories answer as JSON: for the API, and as it is kept."""

from functools import lru_cache
from typing import Any, TypeVar

from pydantic import TypeAdapter

T = TypeVar("T")


@lru_cache(maxsize=32)
def _adapter(kind: type[T]) -> TypeAdapter[T]:
    return TypeAdapter(kind)


def answer_json(answer: Any) -> dict[str, Any]:
    """Return an answer as plain JSON, as the API says it and the database keeps it."""
    return _adapter(type(answer)).dump_python(answer, mode="json")


def answer_text(answer: Any) -> bytes:
    """Return an answer as the text of its JSON."""
    return _adapter(type(answer)).serializer.to_json(answer)


def read_answer(kind: type[T], document: dict[str, Any]) -> T:
    """Read an answer back from the JSON kept of it."""
    return _adapter(kind).validate_python(document)
