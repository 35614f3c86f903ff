"""Calls in a template whose answer is known when it is read: its sentences without slots, its icons, its files.

There is an environment for each language, so they become plain text of the compiled template; asked again at every page
they were a quarter of its cost. So do the constants of `{{ " plus" if … }}`, which would be escaped each time.
"""

from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import nodes
from jinja2.visitor import NodeTransformer
from markupsafe import escape


class Folding(NodeTransformer):
    """Puts the answers of `settled` functions, called with constants alone, in the place of their calls."""

    def __init__(self, settled: Mapping[str, Callable[..., str]]) -> None:
        self._settled = settled

    def visit_Call(self, node: nodes.Call, *args: Any, **kwargs: Any) -> nodes.Node:  # noqa: N802 - Jinja's name
        self.generic_visit(node, *args, **kwargs)
        called = node.node
        if not isinstance(called, nodes.Name) or called.name not in self._settled or _says_more(node):
            return node
        answer = self._settled[called.name](*(each.value for each in node.args if isinstance(each, nodes.Const)))
        return nodes.Const(answer, lineno=node.lineno)

    def visit_Output(self, node: nodes.Output, *args: Any, **kwargs: Any) -> list[nodes.Node]:  # noqa: N802
        """Part an output at its conditions between constants."""
        self.generic_visit(node, *args, **kwargs)
        parts: list[nodes.Node] = []
        for each in node.nodes:
            if isinstance(each, nodes.CondExpr) and (branches := _constants(each)):
                parts.append(nodes.If(each.test, branches[0], [], branches[1], lineno=each.lineno))
            elif parts and isinstance(parts[-1], nodes.Output):
                parts[-1].nodes.append(each)
            else:
                parts.append(nodes.Output([each], lineno=node.lineno))
        return parts


def _constants(choice: nodes.CondExpr) -> tuple[list[nodes.Node], list[nodes.Node]] | None:
    """Return both branches of a condition as text, if they are; one that is missing says nothing."""
    texts = (choice.expr1, choice.expr2 or nodes.Const(""))
    if not all(isinstance(each, nodes.Const) and isinstance(each.value, str) for each in texts):
        return None
    chosen, other = ([nodes.Output([nodes.TemplateData(str(escape(each.value)))])] for each in texts)  # pyrefly: ignore
    return list(chosen), list(other)


def _says_more(node: nodes.Call) -> bool:
    """Tell whether a call has arguments that only the page knows."""
    known = all(isinstance(each, nodes.Const) for each in node.args)
    return bool(not known or node.kwargs or node.dyn_args or node.dyn_kwargs)
