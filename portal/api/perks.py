"""What the shop gives by hand, and its reward shelf."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import Field, Strict, StringConstraints, model_validator

from portal.api.api import api
from portal.api.keys import Caller
from portal.api.reading import validated
from portal.api.repeats import once
from portal.api.values import Document, Instant, Label, Place
from portal.perks.operations.shelf import put_on_shelf
from portal.perks.queries.shelf import every_reward
from portal.perks.shelf import Reward
from portal.programme.command import Answered
from portal.programme.give_perks import GivenCoupon, GivenGift, give_coupon, give_gift
from portal.staff.audit_chain import Deed
from portal.staff.operations import audit
from portal.web.transactions import session

SCOPES = ("crm", "admin")
Uses = Annotated[int, Strict(), Field(ge=1, le=1_000_000)]
Days = Annotated[int, Strict(), Field(ge=0, le=3650)]
Words = Annotated[dict[Annotated[str, StringConstraints(pattern="^[a-z]{2}$")], Label], Field(min_length=1)]
Price = Annotated[int, Strict(), Field(ge=1, le=10**9)]
Stock = Annotated[int, Strict(), Field(ge=0, le=10**9)]


class GiftBody(Document):
    """Units for a wallet, through so many days after today; `title` tells what for."""

    wallet: Label
    units: Price
    valid_days: Days
    title: Words | None = None


class CouponBody(Document):
    """A coupon of a template, for so many receipts, through so many days after today (none: for ever)."""

    template: Label
    uses: Uses = 1
    valid_days: Days | None = None


class OpenCouponBody(CouponBody):
    """A coupon for whoever shows it; without a `code` it gets one that nobody can guess."""

    code: Annotated[str, Strict(), StringConstraints(pattern=r"^[A-Z0-9-]{4,40}$")] | None = None


class RewardName(Document):
    """The name that the shelf knows a reward by."""

    id: Place


class RewardBody(Document):
    """A reward: texts by language, its price in points, how many there are (none: any number) and for whom."""

    title: Words
    about: Words | None = None
    points: Price
    stock: Stock | None = None
    opens_at: Instant | None = None
    closes_at: Instant | None = None
    tiers: Annotated[tuple[Label, ...], Field(max_length=20)] = ()
    per_member: Uses | None = None
    valid_days: Annotated[int, Strict(), Field(ge=1, le=365)] = 14
    on_shelf: Annotated[bool, Strict()] = True

    @model_validator(mode="after")
    def _close_after_it_opens(self) -> Self:
        if self.opens_at and self.closes_at and self.opens_at >= self.closes_at:
            raise ValueError("`closes_at` lies after `opens_at`")
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardAnswer:
    """A reward as it stands in the catalogue; `left` is null where there is any number of it."""

    id: str
    title: Mapping[str, str]
    about: Mapping[str, str]
    points: int
    left: int | None
    opens_at: datetime | None
    closes_at: datetime | None
    tiers: tuple[str, ...]
    per_member: int | None
    valid_days: int
    on_shelf: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueAnswer:
    """Every reward, off the shelf too, by id."""

    rewards: tuple[RewardAnswer, ...]


@api.operation(
    "POST",
    "/members/<member_id>/gifts",
    summary="Give a gift",
    scopes=SCOPES,
    body=GiftBody,
    answers={201: GivenGift},
    nature="commands",
)
def give(caller: Caller, *, member_id: str, body: GiftBody) -> Answered[GivenGift]:
    """Put units into a gift wallet, or a few points into the balance, for a short time; the member is told."""

    def put() -> Answered[GivenGift]:
        given = give_gift(
            session(),
            member_id,
            wallet=body.wallet,
            units=body.units,
            valid_days=body.valid_days,
            title=body.title or "",
            command=caller.command(),
        )
        details = {"wallet": given.wallet, "units": given.units}
        _note(caller, "gift.given", kind="member", subject=member_id, details=details)
        return Answered(given, 201, replayed=False)

    return once(caller, put, GivenGift, name=f"gift {member_id}", body=body)


@api.operation(
    "POST",
    "/members/<member_id>/coupons",
    summary="Give a member a coupon",
    scopes=SCOPES,
    body=CouponBody,
    answers={201: GivenCoupon},
    nature="commands",
)
def coupon_for(caller: Caller, *, member_id: str, body: CouponBody) -> Answered[GivenCoupon]:
    """Issue a coupon that is this member's alone; the member is told and sees it among the offers."""
    return once(
        caller, lambda: _coupon(caller, body, member_id=member_id), GivenCoupon, name=f"coupon {member_id}", body=body
    )


@api.operation(
    "POST",
    "/coupons",
    summary="Issue a coupon for whoever shows it",
    scopes=SCOPES,
    body=OpenCouponBody,
    answers={201: GivenCoupon},
    nature="commands",
)
def coupon(caller: Caller, *, body: OpenCouponBody) -> Answered[GivenCoupon]:
    """Issue a coupon of a code of your own or a random one, for one receipt or many."""
    return once(caller, lambda: _coupon(caller, body, code=body.code), GivenCoupon, name="coupon", body=body)


@api.operation(
    "GET", "/rewards", summary="List the rewards", scopes=SCOPES, answers={200: CatalogueAnswer}, nature="reads"
)
def rewards(_caller: Caller) -> CatalogueAnswer:
    """Return the whole catalogue of rewards with what is left of each."""
    return CatalogueAnswer(rewards=tuple(_reward(each) for each in every_reward(session())))


@api.operation(
    "PUT",
    "/rewards/<reward_id>",
    summary="Put a reward on the shelf",
    scopes=SCOPES,
    body=RewardBody,
    answers={200: CatalogueAnswer},
    nature="commands",
)
def reward(caller: Caller, *, reward_id: str, body: RewardBody) -> Answered[CatalogueAnswer]:
    """Put a reward on the shelf, change it, or take it off; what members took already stays theirs."""
    validated(RewardName, {"id": reward_id})

    def put() -> Answered[CatalogueAnswer]:
        told = body.model_dump(exclude={"stock"}) | {"about": body.about or {}}
        put_on_shelf(session(), Reward(id=reward_id, left=None, **told), stock=body.stock)
        _note(caller, "reward.put", kind="reward", subject=reward_id, details={"points": body.points})
        return Answered(rewards(caller), 200, replayed=False)

    return once(caller, put, CatalogueAnswer, name=f"reward {reward_id}", body=body)


def _coupon(
    caller: Caller, body: CouponBody, *, member_id: str | None = None, code: str | None = None
) -> Answered[GivenCoupon]:
    given = give_coupon(
        session(),
        template=body.template,
        member_id=member_id,
        code=code,
        uses=body.uses,
        valid_days=body.valid_days,
        command=caller.command(),
    )
    kind, subject = ("coupon", None) if member_id is None else ("member", member_id)
    _note(caller, "coupon.given", kind=kind, subject=subject, details={"template": body.template, "uses": body.uses})
    return Answered(given, 201, replayed=False)


def _note(caller: Caller, action: str, *, kind: str, subject: str | None, details: Mapping[str, Any]) -> None:
    deed = Deed(
        actor_kind="api_key",
        actor_id=caller.api_key.id,
        action=action,
        subject_kind=kind,
        subject_id=subject,
        details=details,
    )
    audit(session(), deed, now=caller.now)


def _reward(reward: Reward) -> RewardAnswer:
    return RewardAnswer(
        id=reward.id,
        title=reward.title,
        about=reward.about,
        points=reward.points,
        left=reward.left,
        opens_at=reward.opens_at,
        closes_at=reward.closes_at,
        tiers=reward.tiers,
        per_member=reward.per_member,
        valid_days=reward.valid_days,
        on_shelf=reward.on_shelf,
    )
