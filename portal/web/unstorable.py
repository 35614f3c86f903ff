"""What no text column holds is refused at the door: a NUL, which PostgreSQL cannot store."""

from flask import Flask, abort

from portal.web.here import asked
from portal.web.transactions import SAFE


def refuse_unstorable(app: Flask) -> None:
    app.before_request(_refuse_nul)


def _refuse_nul() -> None:
    """Answer 404 to an address and 400 to a query or form with a NUL; the API reads its bodies and queries itself."""
    request = asked()
    if "\0" in request.path:
        abort(404)
    if request.path.startswith("/api/"):
        return
    typed = request.form.listvalues() if request.method not in SAFE else ()
    if "%00" in request.environ.get("QUERY_STRING", "") or any("\0" in text for texts in typed for text in texts):
        abort(400)
