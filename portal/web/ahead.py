"""Pages that browsers may fetch ahead when a link to them is about to be followed.

Chromium keeps what it fetched ahead for minutes and shows it whatever `no-store` says, so only pages that name nobody,
mark nothing as seen and do not age stand here (Speculation Rules, by header: inline ones the policy forbids).
"""

import json

from flask import Blueprint, Response

from portal.web.guards import public
from portal.web.transactions import opens_its_own

blueprint = Blueprint("ahead", __name__)

ADDRESS = "/speculation-rules.json"
PAGES = ("/join", "/sign-in", "/terms", "/privacy", "/install")
RULES = {"prefetch": [{"where": {"href_matches": list(PAGES)}, "eagerness": "moderate"}]}


@blueprint.get(ADDRESS)
@public
@opens_its_own
def rules() -> Response:
    answer = Response(json.dumps(RULES), content_type="application/speculationrules+json")
    answer.headers["Cache-Control"] = "public, max-age=86400"
    return answer


def leads_on(answer: Response) -> Response:
    """Let the browser fetch ahead what this page links to."""
    answer.headers["Speculation-Rules"] = f'"{ADDRESS}"'
    return answer
