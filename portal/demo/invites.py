"""How the demo's members came: some by Ada's link, some by the shop's own, most by themselves."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from portal.demo.cast import ADA, Character
from portal.programme.came_by import NOTHING, CameBy, Click
from portal.referrals.link import LinkTerms, Marks
from portal.referrals.operations import count_click, make_link, own_code
from portal.referrals.queries import find_invitation

LINKS = (
    LinkTerms(
        slug="vkontakte", title="Пенка", owner_kind="channel", marks=Marks(source="vk", medium="post"),
        cost_minor=12_000_00,
    ),
    LinkTerms(
        slug="yoga", title="Йога на Садовой", owner_kind="partner", marks=Marks(source="yoga", medium="poster"),
        welcome_points=400, cost_minor=3_000_00,
    ),
)  # fmt: skip
_WAYS = {2: "vkontakte", 3: "vkontakte", 4: "yoga"}
_FRIENDS = (12, 41)
"""The others whom Ada brought, by their numbers; who comes by the shop's links is by the remainder of eleven."""

_OPENED = {"ada": 2, "vkontakte": 9, "yoga": 3}
"""So often an invitation is opened for each who joins by it."""


def make_links(session: Session, *, now: datetime) -> None:
    for terms in LINKS:
        make_link(session, terms, now=now)


def came_by(session: Session, who: Character, *, members: Mapping[str, str], at: datetime) -> CameBy:
    """Return what somebody came by, after it was opened: Cleo by Ada, the others by their number."""
    way, ada = _way(who), members.get(ADA.contact)
    if way is None or (way == "ada" and ada is None):
        return NOTHING
    text = own_code(session, ada, now=at) if way == "ada" and ada else way
    invitation = find_invitation(session, text)
    for _ in range(_OPENED[way] if invitation else 0):
        count_click(session, invitation.place if invitation else "", day=str(at.date()))
    click = Click(text, at)
    return CameBy(first=click, last=click)


def has_agent(who: Character) -> bool:
    """Tell whether it is one of Ada's friends, whose make-up she does: she is their agent."""
    return _way(who) == "ada" and who.role == "other"


def _way(who: Character) -> str | None:
    if who.role == "cleo":
        return "ada"
    if who.role != "other":
        return None
    number = int(who.contact[-4:])
    return "ada" if number in _FRIENDS else _WAYS.get(number % 11)
