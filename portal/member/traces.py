"""Two cookies for invitations: which were opened in this browser, for a while, and a random mark of the browser itself.

Of the mark only a keyed hash is kept, beside the members who signed in here; of an opened invitation nothing is, before
somebody joins by it.
"""

import re
from datetime import UTC, datetime, timedelta

from flask import Response

from portal.members.keyed import keyed_hash, new_token
from portal.programme.came_by import CameBy, Click
from portal.referrals.operations import note_device
from portal.web.cookies import cookie_said, forget_cookie, keep_cookie
from portal.web.instant import now
from portal.web.settings import address, settings
from portal.web.theme import A_YEAR
from portal.web.transactions import session

OPENED, BROWSER = "invite", "browser"
KEPT = timedelta(days=90)
"""As long as the longest attribution a shop is likely to want; the rulebook says what counts."""

_CLICK = re.compile(r"([0-9A-Za-z-]{3,41})\.(\d{10})")


def came_by(*, code: str) -> CameBy:
    """Return what this browser knows of how its visitor came here, with a code that was typed in."""
    clicks = _clicks()
    return CameBy(
        code=code,
        first=clicks[0] if clicks else None,
        last=clicks[-1] if clicks else None,
        device=cookie_said(BROWSER)[:100],
        address=address(),
    )


def opened_last() -> str:
    """Return the invitation that was opened last in this browser, "" for none."""
    clicks = _clicks()
    return clicks[-1].text if clicks else ""


def opened_today(text: str) -> bool:
    """Tell whether this browser opened it within a day: it is counted once."""
    return any(click.text == text and now() - click.at < timedelta(days=1) for click in _clicks())


def keep_opened(answer: Response, text: str) -> Response:
    """Remember an invitation as the last one opened, beside the very first."""
    clicks = [*_clicks()[:1], Click(text, now())]
    value = "_".join(f"{click.text}.{int(click.at.timestamp())}" for click in clicks)
    return keep_cookie(answer, OPENED, value, lasts=KEPT)


def forget_opened(answer: Response) -> Response:
    return forget_cookie(answer, OPENED)


def know_browser(answer: Response, member_id: str) -> Response:
    """Note that a member signed in by this browser, and give it its mark."""
    mark = cookie_said(BROWSER)[:100] or new_token()
    note_device(session(), member_id, keyed_hash(settings().secret_key, "device", mark), now=now())
    return keep_cookie(answer, BROWSER, mark, lasts=A_YEAR)


def _clicks() -> list[Click]:
    """Read the cookie; whatever somebody wrote into it is at most an invitation they could have opened."""
    found = (_CLICK.fullmatch(part) for part in cookie_said(OPENED).split("_")[:2])
    clicks = [Click(each[1], datetime.fromtimestamp(int(each[2]), UTC)) for each in found if each]
    return [click for click in clicks if click.at <= now()]
