"""How templates are compiled: what they escape by, and what they call.

Most of what a page says has nothing to escape, and needs no object to say so; none of the functions that templates call
asks for the context, which Jinja looks into at every call.
"""

import re
from typing import Any

import markupsafe
from jinja2 import nodes
from jinja2.compiler import CodeGenerator
from markupsafe import Markup

_SPECIAL = re.compile("[&<>'\"]").search


def escape(value: object) -> str:
    """Return text that is safe in a page; plain text is passed on as it is."""
    if type(value) is Markup or (type(value) is str and not _SPECIAL(value)):
        return value
    return markupsafe.escape(value)


class Escaping(CodeGenerator):
    """Compiles templates that escape by our function, by the name that Jinja's has in them, and call what they name."""

    def visit_Template(self, node: nodes.Template, *args: Any, **kwargs: Any) -> None:  # noqa: N802 - Jinja's name
        super().visit_Template(node, *args, **kwargs)
        self.writeline(f"from {escape.__module__} import {escape.__name__}")

    def visit_Call(self, node: nodes.Call, frame: Any, forward_caller: bool = False) -> None:  # noqa: N802, FBT001, FBT002
        """Write the call as it stands, but for those that hand on what they were given."""
        if forward_caller or node.dyn_args or node.dyn_kwargs:
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self.visit(node.node, frame)
        self.write("(")
        for given in (*node.args, *node.kwargs):
            self.visit(given, frame)
            self.write(", ")
        self.write(")")
