"""Where to go next: always a path of ours."""

from flask import Response


def see_other(path: str) -> Response:
    """Send the browser on by GET, so that going back or reloading posts nothing twice."""
    return Response(status=303, headers={"Location": path})


def own_path(address: str, *, otherwise: str = "/") -> str:
    """Return an address only if it is a path of ours: one slash, nothing that a browser reads as another host."""
    safe = address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if safe and address.isprintable() and "\\" not in address else otherwise
