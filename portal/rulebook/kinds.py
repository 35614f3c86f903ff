"""The brands and categories that a rulebook's rules speak of: what a page offers to choose from."""

from collections.abc import Iterator

from portal.rulebook.document import Rulebook, document_json


def kinds_of(rulebook: Rulebook) -> tuple[str, ...]:
    """Return the brands and categories of the rules in order, as `brand:Lux` and `category:hair/shampoo`."""
    return tuple(sorted(set(_kinds(document_json(rulebook)["rules"]))))


def kind_name(kind: str) -> str:
    """Return a kind as people read it: `category:hair/dry_shampoo` is `Dry shampoo`."""
    name = kind.partition(":")[2].rpartition("/")[2]
    return name[:1].upper() + name[1:].replace("_", " ")


def _kinds(part: object) -> Iterator[str]:
    if isinstance(part, list):
        for each in part:
            yield from _kinds(each)
    if isinstance(part, dict):
        for key, value in part.items():
            if key in {"brand", "category"} and isinstance(value, list):
                yield from (f"{key}:{name}" for name in value)
            else:
                yield from _kinds(value)
