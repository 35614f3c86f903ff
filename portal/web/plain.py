"""Flask's request and response without what this portal never asks of them: they cost more than the route's lookup."""

from collections.abc import Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Request, Response
from werkzeug.routing import Map, MapAdapter

_WITHOUT_BODY = frozenset({204, 304})


class Answer(Response):
    """A response; one that is whole in memory and leads nowhere else is given to the server as it is."""

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        body: Any = self.response
        headers = self.headers
        whole = type(body) is list and not self._on_close and 200 <= self.status_code not in _WITHOUT_BODY
        if not whole or environ["REQUEST_METHOD"] == "HEAD" or "Location" in headers or "Content-Length" not in headers:
            return super().__call__(environ, start_response)
        start_response(self.status, list(headers))
        return body


def routes_for(request: Request, routes: Map) -> MapAdapter:
    """Bind routes to a request; we have neither subdomains, nor websockets, nor a server's name to compare."""
    environ = request.environ
    return routes.bind(
        request.host,
        script_name=request.root_path or "/",
        subdomain="",
        url_scheme=request.scheme,
        default_method=request.method,
        path_info=request.path,
        query_args=environ.get("QUERY_STRING", ""),
    )
