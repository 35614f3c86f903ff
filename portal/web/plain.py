"""Flask's request and response without what this portal never asks of them: they cost more than the route's lookup."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Request, Response
from werkzeug.routing import Map, MapAdapter

_WITHOUT_BODY = frozenset({204, 304})


class Answer(Response):
    """A response; one that is whole in memory and leads nowhere else is given to the server as it is."""

    differences: tuple[str, ...] = ()
    """The headers of a request by which the answer differs, told in one `Vary` when all are known."""

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        body: Any = self.response
        headers = self.headers
        names = {name for name, _ in headers}
        if self.differences:
            self._tell_differences(before=[headers["Vary"]] if "Vary" in names else [])
        whole = type(body) is list and not self._on_close and 200 <= self.status_code not in _WITHOUT_BODY
        if not whole or environ["REQUEST_METHOD"] == "HEAD" or "Location" in names or "Content-Length" not in names:
            return super().__call__(environ, start_response)
        start_response(self.status, list(headers))
        return body

    def _tell_differences(self, *, before: list[str]) -> None:
        told = ", ".join([*before, *self.differences])
        if before:
            self.headers["Vary"] = told
        else:
            self.headers.add("Vary", told)
        self.differences = ()


def differs_by(answer: Response, header: str) -> None:
    """Say that the answer would be another one for another value of this header of the request."""
    if isinstance(answer, Answer):
        answer.differences += (header,)
    else:
        answer.vary.add(header)


def routes_for(request: Request, routes: Map) -> MapAdapter:
    """Bind routes to a request; we have neither subdomains, nor websockets, nor a server's name to compare."""
    environ = request.environ
    return MapAdapter(
        routes,
        server_name=_in_ascii(request.host, routes),
        script_name=request.root_path or "/",
        subdomain="",
        url_scheme=request.scheme,
        path_info=request.path,
        default_method=request.method,
        query_args=environ.get("QUERY_STRING", ""),
    )


@lru_cache(maxsize=64)
def _in_ascii(host: str, routes: Map) -> str:
    """Return a host as addresses have it; a shop has few. Raises `BadHost`."""
    return routes.bind(host, subdomain="").server_name
