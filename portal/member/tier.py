"""The ladder of tiers: where the member stands, what each tier takes and gives, how they came there."""

from flask import Blueprint, Response, abort

from portal.programme.member_tier import member_tier
from portal.web.guards import member
from portal.web.instant import now
from portal.web.language import current_language
from portal.web.render import page
from portal.web.sessions import current_member
from portal.web.speaker import stand_by
from portal.web.transactions import session

blueprint = Blueprint("tier", __name__)


@blueprint.get("/tier")
@member
def tier() -> Response:
    found = member_tier(session(), current_member().member_id, language=current_language(), now=now())
    if found is None:
        abort(404)
    stand_by(found.rulebook)
    return page("member/tier.html", found=found)
