"""Whether a result has everything that a case expects."""

from collections.abc import Iterator
from typing import Any

UNORDERED = {"consumed", "gifts", "grants", "skipped", "unlocked"}
"""Lists that are complete but say nothing by their order."""


def differences(expected: Any, found: Any, path: str = "") -> Iterator[str]:
    """Yield every place where the result is not what was expected.

    Objects may have more keys than expected; lists have exactly the members expected.
    """
    if isinstance(expected, dict) and isinstance(found, dict):
        for key, value in expected.items():
            here = f"{path}.{key}" if path else key
            if key not in found:
                yield f"{here} is missing"
            elif key in UNORDERED:
                yield from _differences_of_sets(value, found[key], here)
            else:
                yield from differences(value, found[key], here)
    elif isinstance(expected, list) and isinstance(found, list | tuple):
        if len(expected) != len(found):
            yield f"{path}: {len(expected)} expected, {len(found)} found: {found!r}"
        else:
            for i, (value, other) in enumerate(zip(expected, found, strict=True)):
                yield from differences(value, other, f"{path}[{i}]")
    elif expected != found or isinstance(expected, bool) is not isinstance(found, bool):
        yield f"{path}: {expected!r} expected, {found!r} found"


def _differences_of_sets(expected: list[Any], found: list[Any], path: str) -> Iterator[str]:
    left = list(found)
    for i, value in enumerate(expected):
        match = next((other for other in left if not any(differences(value, other))), None)
        if match is None:
            yield f"{path}[{i}]: {value!r} expected, none of {left!r}"
        else:
            left.remove(match)
    if len(expected) != len(found):
        yield f"{path}: {len(expected)} expected, {len(found)} found: {found!r}"
