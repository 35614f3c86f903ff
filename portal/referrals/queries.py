"""Reads of codes, links, clicks and joinings."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from portal.referrals.codes import folded
from portal.referrals.gate import Decision
from portal.referrals.link import Link, LinkTerms, Marks, OwnerKind
from portal.referrals.tables import InviteClick, InviteCode, InviteLink, Joining, KnownDevice, ReferralReview
from portal.rulebook.document import Rulebook


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """What an address or a code leads to. `place` is what clicks are counted by, `name` what rules know it by."""

    place: str
    name: str
    referrer_id: str | None
    link: Link | None

    @property
    def address(self) -> str:
        """The last part of its address in the one spelling: the slug, or the code without gaps."""
        return self.name.partition(":")[2]

    def joining_points(self, rulebook: Rulebook) -> int:
        """Return the welcome points of whoever joins by it: the link's own, else the rulebook's."""
        if self.link is not None and self.link.terms.welcome_points is not None:
            return self.link.terms.welcome_points
        return rulebook.joining_points(by_friend=self.referrer_id is not None)


@dataclass(frozen=True, slots=True)
class Friend:
    """Somebody a member brought."""

    member_id: str
    joined_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A referral for a person to look at."""

    id: str
    member_id: str
    referrer_id: str | None
    signal: str
    state: str
    opened_at: datetime
    decided_at: datetime | None
    decided_by: str | None


def find_invitation(session: Session, text: str) -> Invitation | None:
    """Return what a slug or a code leads to; None for neither, and for what no keyboard writes."""
    if not text.isprintable():
        return None
    link = find_link(session, text.strip().lower())
    if link is not None:
        return Invitation(place=link.id, name=link.name, referrer_id=link.referrer_id, link=link)
    code = folded(text)
    owner = session.scalar(select(InviteCode.member_id).where(InviteCode.code == code)) if len(code) <= 8 else None
    return None if owner is None else Invitation(place=owner, name=f"code:{code}", referrer_id=owner, link=None)


def find_link(session: Session, slug: str) -> Link | None:
    row = session.scalar(select(InviteLink).where(InviteLink.slug == slug))
    return None if row is None else _link(row)


def list_links(session: Session) -> list[Link]:
    """Return every link, the newest first."""
    return [_link(row) for row in session.scalars(select(InviteLink).order_by(InviteLink.id.desc()))]


def code_of(session: Session, member_id: str) -> tuple[str, bool] | None:
    """Return a member's code as it is shown, and whether it was chosen; None for somebody who has none yet."""
    newest = select(InviteCode.shown, InviteCode.number).where(InviteCode.member_id == member_id)
    row = session.execute(newest.order_by(InviteCode.number.desc()).limit(1)).one_or_none()
    return None if row is None else (row.shown, row.number > 1)


def clicks_on(session: Session, place: str, *, since: str = "") -> int:
    """Return how often an invitation was opened, from a local day on."""
    told = select(func.sum(InviteClick.clicks)).where(InviteClick.place == place, InviteClick.day >= since)
    return int(session.scalar(told) or 0)


def clicks_by_link(session: Session) -> dict[str, int]:
    """Return how often each link was opened, of those that were."""
    links = select(InviteLink.id)
    told = select(InviteClick.place, func.sum(InviteClick.clicks)).where(InviteClick.place.in_(links))
    return {place: int(clicks) for place, clicks in session.execute(told.group_by(InviteClick.place))}


def friends_of(session: Session, member_id: str) -> list[Friend]:
    """Return whom a member brought and who counts, the newest first."""
    brought = select(Joining.member_id, Joining.joined_at).where(
        Joining.referrer_id == member_id, Joining.decision == "ok"
    )
    return [Friend(*row) for row in session.execute(brought.order_by(Joining.joined_at.desc()))]


def accepted_since(session: Session, member_id: str, *, since: datetime) -> int:
    """Count whom a member brought and who counts."""
    mine = (Joining.referrer_id == member_id, Joining.decision == "ok", Joining.joined_at >= since)
    return session.scalar(select(func.count()).select_from(Joining).where(*mine)) or 0


def joined_by_links() -> Select[str, datetime]:
    """Return a select of (member_id, joined_at) of those accepted by any link, for other parts to count by."""
    return select(Joining.member_id, Joining.joined_at).where(Joining.link_id.is_not(None), Joining.decision == "ok")


def links_of_joined(session: Session) -> dict[str, str]:
    """Return the link by which each accepted member came, of those who came by one."""
    came = select(Joining.member_id, Joining.link_id).where(Joining.link_id.is_not(None), Joining.decision == "ok")
    return {member_id: link_id for member_id, link_id in session.execute(came) if link_id is not None}


def counted_for(session: Session, member_id: str) -> str | None:
    """Return for whom a member counts as a friend; None for nobody."""
    mine = (Joining.member_id == member_id, Joining.decision == "ok")
    return session.scalar(select(Joining.referrer_id).where(*mine))


def brought_by_each(member_ids: Collection[str]) -> Select[*tuple[str | None, str]]:
    """Return a select of (referrer, member_id) of those each of these members brought, for other parts to count by."""
    return select(Joining.referrer_id, Joining.member_id).where(
        Joining.referrer_id.in_(member_ids), Joining.decision == "ok"
    )


def brought_between(after: str, through: str | None) -> Select[*tuple[str | None, str]]:
    """Return a select of (referrer, member_id) like `brought_by_each`, of referrers from one id to another."""
    brought = select(Joining.referrer_id, Joining.member_id).where(
        Joining.referrer_id > after, Joining.decision == "ok"
    )
    return brought if through is None else brought.where(Joining.referrer_id <= through)


def brought_by(member_id: str) -> Select[str, datetime]:
    """Return a select of (member_id, joined_at) of those a member brought, for other parts to count by."""
    return select(Joining.member_id, Joining.joined_at).where(
        Joining.referrer_id == member_id, Joining.decision == "ok"
    )


def decisions_by_link(session: Session) -> dict[str, dict[Decision, int]]:
    """Count how the gate decided about those who came by each link."""
    counted = select(Joining.link_id, Joining.decision, func.count()).where(Joining.link_id.is_not(None))
    found: dict[str, dict[Decision, int]] = {}
    for link_id, decision, count in session.execute(counted.group_by(Joining.link_id, Joining.decision)):
        found.setdefault(link_id or "", {})[cast("Decision", decision)] = count
    return found


def device_known(session: Session, device_hash: str) -> bool:
    """Tell whether any member signed in on this device before."""
    seen = select(KnownDevice.device_hash).where(KnownDevice.device_hash == device_hash).limit(1)
    return session.scalar(seen) is not None


def neighbours_since(session: Session, block_hash: str, *, place: str, since: datetime) -> int:
    """Count those who joined from one network by one invitation."""
    near = select(func.count()).where(Joining.block_hash == block_hash, Joining.joined_at >= since)
    return session.scalar(near.where((Joining.referrer_id == place) | (Joining.link_id == place))) or 0


def recent_joinings(session: Session, *, since: datetime) -> list[tuple[str, str]]:
    """Return (member, referrer) of accepted ones who joined since an instant."""
    lately = select(Joining.member_id, Joining.referrer_id).where(
        Joining.decision == "ok", Joining.referrer_id.is_not(None), Joining.joined_at >= since
    )
    return [(member_id, referrer_id) for member_id, referrer_id in session.execute(lately) if referrer_id]


def reviews(session: Session, *, state: str = "open") -> list[Review]:
    """Return what a person should look at, or has looked at, the oldest first."""
    rows = session.scalars(
        select(ReferralReview).where(ReferralReview.state == state).order_by(ReferralReview.opened_at)
    )
    return [
        Review(
            id=row.id,
            member_id=row.member_id,
            referrer_id=row.referrer_id,
            signal=row.signal,
            state=row.state,
            opened_at=row.opened_at,
            decided_at=row.decided_at,
            decided_by=row.decided_by,
        )
        for row in rows
    ]


def _link(row: InviteLink) -> Link:
    terms = LinkTerms(
        slug=row.slug,
        title=row.title,
        owner_kind=cast("OwnerKind", row.owner_kind),
        owner_id=row.owner_id,
        marks=Marks(source=row.source, medium=row.medium, campaign=row.campaign),
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        join_limit=row.join_limit,
        welcome_points=row.welcome_points,
        segment=row.segment,
        privilege=row.privilege,
        privilege_days=row.privilege_days,
        cost_minor=row.cost_minor,
    )
    return Link(id=row.id, terms=terms, joins=row.joins, made_at=row.made_at)
