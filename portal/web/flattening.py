"""A page and the layouts it extends as one template.

Jinja runs every block as a generator of its own that asks for each of its values again; of a page that is sent whole,
that is a quarter of its cost. Parts that htmx asks for stay blocks of the page as it was written.
"""

from collections.abc import Iterator
from typing import Any

from jinja2 import Environment, Template, nodes
from jinja2.visitor import NodeTransformer

WHOLE = "whole"
"""The filter through which a whole page goes, so that it is gathered in one list."""
_BEFORE = (nodes.FromImport, nodes.Import, nodes.Assign, nodes.AssignBlock, nodes.Macro)
"""What a page may say outside of its blocks; it holds for all of them."""


def flat_template(environment: Environment, name: str) -> Template:
    """Return a page in one piece; one whose blocks refer to each other is returned as it was written.

    An error in it is told of the page, by the line of whichever template it stands in.
    """
    chain = list(_chain(environment, name))
    blocks = {block.name: block for tree in reversed(chain) for block in tree.find_all(nodes.Block)}
    if any(block.required for block in blocks.values()) or any(map(_refers_to_blocks, chain)):
        return environment.get_template(name)
    before = [each for tree in chain[:-1] for each in tree.body if isinstance(each, _BEFORE)]
    body = [_InPlace(blocks).visit(each) for each in chain[-1].body]
    gathered = nodes.FilterBlock(_level(body), nodes.Filter(None, WHOLE, [], [], None, None))
    merged = nodes.Template([*before, gathered], lineno=1).set_environment(environment)
    code = environment.compile(merged, name, name)  # pyrefly: ignore [no-matching-overload]
    return environment.template_class.from_code(environment, code, environment.make_globals(None))


def _chain(environment: Any, name: str) -> Iterator[nodes.Template]:
    """Parse a page and what it extends, the outermost last."""
    extended: str | None = name
    while extended is not None:
        source, filename, _ = environment.loader.get_source(environment, extended)
        tree = environment._parse(source, extended, filename)  # noqa: SLF001 - `parse` gives it no file to tell of
        found: Any = tree.find(nodes.Extends)
        extended = found.template.value if found else None  # our pages name it, none computes it
        yield tree


def _refers_to_blocks(tree: nodes.Template) -> bool:
    return any(each.name in {"super", "self"} for each in tree.find_all(nodes.Name))


class _InPlace(NodeTransformer):
    """Puts the innermost version of each block where the layout has it."""

    def __init__(self, blocks: dict[str, nodes.Block]) -> None:
        self._blocks = blocks

    def visit_Block(self, node: nodes.Block) -> nodes.Node:  # noqa: N802 - Jinja's name
        return nodes.Scope(_level([self.visit(each) for each in self._blocks[node.name].body]), lineno=node.lineno)


def _level(body: list[nodes.Node | list[nodes.Node]]) -> list[nodes.Node]:
    return [each for part in body for each in (part if isinstance(part, list) else [part])]
