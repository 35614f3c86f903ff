"""Which pages search engines may show: those that tell of the programme. The others are members' or the shop's own."""

from flask import Blueprint, Response

from portal.web.guards import public
from portal.web.transactions import opens_its_own

blueprint = Blueprint("robots", __name__)

OPEN = ("/$", "/join$", "/terms$", "/privacy$", "/install$", "/static/", "/style/", "/icons/", "/manifest.webmanifest")
TEXT = "\n".join(["User-agent: *", *(f"Allow: {path}" for path in OPEN), "Disallow: /", ""])


@blueprint.get("/robots.txt")
@public
@opens_its_own
def robots() -> Response:
    return Response(TEXT, content_type="text/plain; charset=utf-8", headers={"Cache-Control": "max-age=86400"})
