"""Where to go next: always a path of ours."""

from flask import Response, current_app, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter, Rule


def see_other(path: str) -> Response:
    """Send the browser on by GET, so that going back or reloading posts nothing twice."""
    return Response(status=303, headers={"Location": path})


def own_path(address: str, *, otherwise: str = "/") -> str:
    """Return an address only if it is a path of ours: one slash, nothing that a browser reads as another host."""
    safe = address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if safe and address.isprintable() and "\\" not in address else otherwise


def page_of_the_form() -> str:
    """Return the page that this post was made on, "" where there is none: what is only posted to stands above it.

    Example: `/wishes` for `/wishes/take-back`, and `/wishes` for itself.
    """
    rule, path, adapter = request.url_rule, request.path, current_app.create_url_adapter(request)
    if rule is None or adapter is None:
        return ""
    found = _opened_by(adapter, path)
    if found is not None and found.rule == rule.rule:
        return path
    while (path := path.rpartition("/")[0]) and _opened_by(adapter, path) is None:
        pass
    return path


def _opened_by(adapter: MapAdapter, path: str) -> Rule | None:
    try:
        return adapter.match(path, "GET", return_rule=True)[0]
    except HTTPException:
        return None
