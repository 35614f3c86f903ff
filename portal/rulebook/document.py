"""The rulebook: one immutable document per version of the shop's programme (domain.md §3.1).

It is written in TOML, kept and hashed as canonical JSON, and refuses unknown names and wrong types. What is well formed
but unwise or dangling is for the linter to say.
"""

import hashlib
import json
import tomllib
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cached_property
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, model_validator

from portal.money import CURRENCIES, Rounding
from portal.rulebook.certificates import Certificates
from portal.rulebook.conditions import Condition
from portal.rulebook.conditions.always import Always
from portal.rulebook.conditions.time_window import is_within
from portal.rulebook.effects import Effect
from portal.rulebook.holiday import Holiday
from portal.rulebook.moments import in_zone
from portal.rulebook.points import POINTS, Adjustments, Holds, Redemption, Refunds, Wallet, Welcome
from portal.rulebook.referral import REWARD_RULE, Referral
from portal.rulebook.tiers.ladder import Ladder
from portal.rulebook.values import Days, Flag, Minor, Model, Moment, Name, Points, Rate, Title, Whole

CapScope = Literal["receipt", "member_day", "member_total", "rule_total"]


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as unknown:
        raise ValueError(f"there is no time zone {name!r}") from unknown
    return name


def _currency(code: str) -> str:
    if code not in CURRENCIES:
        raise ValueError(f"the portal keeps no books in {code!r}")
    return code


class Named(Model):
    """A privilege, a coupon template or a category of goods by its id, with what people call it."""

    id: Name
    title: Title = ""


class Group(Model):
    """Rules that exclude each other: `first` that matches, `best` for the member, or `all` after all."""

    id: Name
    mode: Literal["all", "best", "first"]


class Cap(Model):
    """A limit of what a rule gives in a scope: points granted, money taken off, or receipts it worked on."""

    scope: CapScope
    max_points: Points | None = None
    max_minor: Minor | None = None
    max_uses: Points | None = None

    @model_validator(mode="after")
    def _limit_one_thing(self) -> Self:
        if sum(most is not None for most in (self.max_points, self.max_minor, self.max_uses)) != 1:
            raise ValueError("a cap has one of `max_points`, `max_minor`, `max_uses`")
        return self


class Rule(Model):
    """When something holds, do something. Smaller priorities go first, ties by id; `from` and `until` are half-open."""

    id: Name
    title: Title = ""
    from_: Moment | None = Field(None, alias="from")
    until: Moment | None = None
    priority: Annotated[Whole, Field(ge=-(10**6), le=10**6)] = 100
    group: Name | None = None
    when: Condition = Always(type="always")
    effects: Annotated[tuple[Effect, ...], Field(min_length=1, max_length=50)]
    caps: tuple[Cap, ...] = ()
    consumes: Name | None = None
    visible: Flag = True


class Rulebook(Model):
    """A version of the programme. Two documents that say the same are equal and have one digest.

    `locales` are the languages its texts are written in; amounts are in minor units of `currency`, days begin in
    `timezone`.
    """

    id: Name = "programme"
    version: Annotated[Whole, Field(ge=0)] = 1
    title: Title = ""
    locales: tuple[Name, ...] = ()
    currency: Annotated[Name, AfterValidator(_currency)]
    timezone: Annotated[Name, AfterValidator(_zone)]
    point_value: Annotated[Minor, Field(ge=1)] | None = None
    rounding: Rounding = "down"
    discount_mode: Literal["cascade", "sum"] = "cascade"
    discount_cap_bp: Rate = 10_000
    multiplier_mode: Literal["best", "add"] = "best"
    max_backdate_days: Days = 7
    redemption: Redemption = Redemption()
    refunds: Refunds = Refunds()
    adjustments: Adjustments = Adjustments()
    holds: Holds = Holds()
    welcome: Welcome | None = None
    referral: Referral | None = None
    holiday: Holiday | None = None
    certificates: Certificates = Certificates()
    tiers: Ladder | None = None
    wallets: tuple[Wallet, ...] = ()
    privileges: tuple[Named, ...] = ()
    coupons: tuple[Named, ...] = ()
    categories: tuple[Named, ...] = ()
    groups: tuple[Group, ...] = ()
    rules: Annotated[tuple[Rule, ...], Field(max_length=1000)] = ()

    @model_validator(mode="after")
    def _name_each_thing_once(self) -> Self:
        for kind in ("wallets", "privileges", "coupons", "categories", "groups", "rules"):
            if twice := _repeated(each.id for each in getattr(self, kind)):
                raise ValueError(f"{kind}: {twice!r} stands twice")
        if self.referral and any(rule.id == REWARD_RULE for rule in self.rules):
            raise ValueError(f"rules: {REWARD_RULE!r} is the reward of `referral`; give the rule another id")
        return self

    @cached_property
    def every_rule(self) -> tuple[Rule, ...]:
        """The rules as they are written, and the one that `referral` stands for."""
        reward = self.referral and self.referral.reward_rule()
        return (*self.rules, Rule.model_validate(reward)) if reward else self.rules

    @cached_property
    def rules_by_id(self) -> Mapping[str, Rule]:
        """Every rule by its id."""
        return {rule.id: rule for rule in self.every_rule}

    @cached_property
    def _wallets_by_id(self) -> Mapping[str, Wallet]:
        return {wallet.id: wallet for wallet in self.wallets}

    @cached_property
    def zone(self) -> ZoneInfo:
        """The zone in which days begin and naive times are read."""
        return ZoneInfo(self.timezone)

    @cached_property
    def worth(self) -> int:
        """The value of one point when spent, in minor units: by default 100 for RUB, else 1 (decision R2)."""
        return self.point_value or (100 if self.currency == "RUB" else 1)

    @cached_property
    def canonical_json(self) -> str:
        """The document as JSON with sorted keys, without what is default anyway: the same rules, the same text."""
        return json.dumps(document_json(self), sort_keys=True, ensure_ascii=False, separators=(",", ":"))

    @cached_property
    def digest(self) -> str:
        """The sha256 of the canonical JSON, in hex."""
        return hashlib.sha256(self.canonical_json.encode()).hexdigest()

    @cached_property
    def label(self) -> str:
        """The version by name, as answers show it: "shop@17"."""
        return f"{self.id}@{self.version}"

    @cached_property
    def seal(self) -> str:
        """The version by name and hash, as entries keep it: "shop@17#9f86…"."""
        return f"{self.label}#{self.digest}"

    def rules_at(self, at: datetime) -> tuple[Rule, ...]:
        """Return the rules whose own window holds an instant, as they are written."""
        local = in_zone(at, self.zone)
        return tuple(rule for rule in self.rules if is_within(local, rule.from_, rule.until))

    def joining_points(self, *, by_friend: bool = False) -> int:
        """Return the points for joining; whoever a friend brought may get others."""
        promised = self.referral.referee_points if by_friend and self.referral else None
        if promised is not None:
            return promised
        return self.welcome.points if self.welcome else 0

    def wallet(self, wallet: str) -> Wallet:
        """Return a wallet; one not declared is the points wallet by its name, else a gift wallet, valid for ever."""
        kind = "points" if wallet == POINTS else "gift"
        return self._wallets_by_id.get(wallet) or Wallet(id=wallet, kind=kind)

    def __hash__(self) -> int:
        return hash(self.digest)


def _repeated(ids: Iterable[str]) -> str | None:
    seen: set[str] = set()
    return next((each for each in ids if each in seen or seen.add(each)), None)


def document_json(rulebook: Rulebook) -> dict[str, Any]:
    """Return the document as plain JSON that `load_json` reads back equal."""
    return rulebook.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def load_json(document: dict[str, Any]) -> Rulebook:
    """Read a rulebook from plain JSON; raises pydantic's ValidationError with the path of everything wrong."""
    return Rulebook.model_validate(document)


def load_toml(text: str) -> Rulebook:
    """Read a rulebook from TOML; raises ValidationError, or tomllib's TOMLDecodeError with the line."""
    return load_json(tomllib.loads(text))
