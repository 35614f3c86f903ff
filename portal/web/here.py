"""This request and what is noted with it, past Flask's proxies: to look through one costs as much as a short function.

Who asks for one thing alone may as well ask `flask.request` and `flask.g`.
"""

from collections.abc import Callable
from typing import Any

from flask import Request, g, request

_request: Any = request
_g: Any = g

asked: Callable[[], Request] = _request._get_current_object  # noqa: SLF001 - werkzeug's own way past a proxy
"""Returns the request."""
noted: Callable[[], Any] = _g._get_current_object  # noqa: SLF001
"""Returns the names that live as long as the request, `flask.g` itself."""
