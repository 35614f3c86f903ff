"""What templates escape by: most of what a page says has nothing to escape, and needs no object to say so."""

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
    """Compiles templates that escape by our function, by the name that Jinja's has in them."""

    def visit_Template(self, node: nodes.Template, *args: Any, **kwargs: Any) -> None:  # noqa: N802 - Jinja's name
        super().visit_Template(node, *args, **kwargs)
        self.writeline(f"from {escape.__module__} import {escape.__name__}")
