"""What htmx asked for, as version 4 says it; htmx-flask 0.1.0 speaks version 1 and stands behind this module.

Kept from it: the request that knows `htmx`. Mended here: its extension replaces the app's request class, targets come
as `tag#id`, and an answer that differs by `HX-Request` must say so.
"""

from functools import cached_property

from flask import Flask, Response
from htmx_flask.requests import HtmxAwareRequest
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.http import parse_cookie

from portal.web.here import asked
from portal.web.plain import differs_by


class PortalRequest(HtmxAwareRequest):
    """A request that knows which part of a page is wanted."""

    @cached_property
    def part(self) -> str | None:
        """The id of the element to refresh, or nothing when a whole page is wanted."""
        if self.environ.get("HTTP_HX_REQUEST") != "true" or self.headers.get("HX-Request-Type") == "full":
            return None
        return self.headers.get("HX-Target", "").rpartition("#")[2] or None

    @cached_property
    def cookies(self) -> MultiDict[str, str]:  # pyrefly: ignore [bad-override]
        """The cookies, read from where the server put them: werkzeug looks through every header for more."""
        return parse_cookie(self.environ.get("HTTP_COOKIE", ""), cls=ImmutableMultiDict)


def wanted_part() -> str | None:
    """Return the id of the part that this request wants instead of its page."""
    request = asked()
    return request.part if isinstance(request, PortalRequest) else None


def speak_htmx(app: Flask) -> None:
    app.request_class = PortalRequest
    app.after_request(_vary)


def leave_the_page(*, to: str) -> Response:
    """Make htmx open another page instead of putting it into a part of this one. `to` is one of our own paths."""
    return Response(status=401, headers={"HX-Redirect": to})


def _vary(answer: Response) -> Response:
    if answer.headers.get("Content-Type", "").startswith("text/html"):
        differs_by(answer, "HX-Request")
    return answer
