"""The brands and categories that a rulebook's rules speak of: what a page offers to choose from."""

from collections.abc import Iterator

from portal.rulebook.document import Rulebook, document_json
from portal.rulebook.explain.words import Language
from portal.rulebook.values import title_in


def kinds_of(rulebook: Rulebook, *, language: Language) -> tuple[tuple[str, str], ...]:
    """Return the brands and categories of the rules, as `brand:Lux` and `category:hair/shampoo`, with their names.

    A category is called what `categories` says in this language, else by its id: `hair/dry_shampoo` is `Dry shampoo`.
    """
    titles = {f"category:{each.id}": title_in(each.title, language) for each in rulebook.categories}
    named = {kind: titles.get(kind) or _read(kind) for kind in _kinds(document_json(rulebook).get("rules"))}
    return tuple(sorted(named.items(), key=lambda item: (item[1].casefold(), item[0])))


def _read(kind: str) -> str:
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
