"""What a member holds besides points, in words: units of gift wallets, open rights, coupons."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from operator import itemgetter

from portal.ledger.accruals import POINTS
from portal.ledger.balance import Glance
from portal.perks.queries import HeldCoupon, HeldPrivilege
from portal.rulebook.document import Rule, Rulebook
from portal.rulebook.explain.effects import explain_effect
from portal.rulebook.explain.words import Language
from portal.rulebook.open_rules import gives_the_buyer, rules_behind
from portal.rulebook.values import title_in


@dataclass(frozen=True, slots=True, kw_only=True)
class GiftWaiting:
    """Units of a gift wallet that the till gives out; `last_valid_day` is that of the soonest ending ones."""

    wallet: str
    title: str
    units: int
    last_valid_day: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPrivilege:
    """A right for later receipts, through `last_valid_day`; `uses_left` is None where only time limits it."""

    privilege: str
    title: str
    last_valid_day: date
    uses_left: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCoupon:
    """A coupon of the member, for `uses_left` receipts through `last_valid_day` (None: for ever)."""

    template: str
    code: str
    title: str
    last_valid_day: date | None
    uses_left: int


def gifts_waiting(wallets: Mapping[str, Glance], rulebook: Rulebook, *, language: Language) -> tuple[GiftWaiting, ...]:
    """Return the gift wallets with something in them, by id."""
    waiting = []
    for wallet, glance in sorted(wallets.items(), key=itemgetter(0)):
        if wallet != POINTS and glance.available:
            title = title_in(rulebook.wallet(wallet).title, language) or wallet
            last = glance.runs_out.last_valid_day if glance.runs_out else None
            waiting.append(GiftWaiting(wallet=wallet, title=title, units=glance.available, last_valid_day=last))
    return tuple(waiting)


def open_privilege(held: HeldPrivilege, rulebook: Rulebook, *, language: Language) -> OpenPrivilege:
    """Return a privilege by the name that the rulebook of today gives it."""
    named = next((each for each in rulebook.privileges if each.id == held.privilege), None)
    title = title_in(named.title, language) if named else ""
    last = last_day(held.until, rulebook=rulebook)
    return OpenPrivilege(
        privilege=held.privilege, title=title or held.privilege, last_valid_day=last, uses_left=held.uses_left
    )


def own_coupon(held: HeldCoupon, rulebook: Rulebook, *, language: Language) -> OwnCoupon:
    """Return a coupon by the name that the rulebook of today gives its template."""
    named = next((each for each in rulebook.coupons if each.id == held.template), None)
    title = title_in(named.title, language) if named else ""
    return OwnCoupon(
        template=held.template,
        code=held.code,
        title=title or held.template,
        last_valid_day=None if held.until is None else last_day(held.until, rulebook=rulebook),
        uses_left=held.uses_left,
    )


def last_day(until: datetime, *, rulebook: Rulebook) -> date:
    """Return the last day before an instant: what ends at midnight lasts through the day before."""
    return (until - timedelta(microseconds=1)).astimezone(rulebook.zone).date()


def what_it_gives(
    rulebook: Rulebook, *, privilege: str = "", template: str = "", language: Language, year: int
) -> tuple[str, ...]:
    """Tell in a few words each what a privilege or a coupon gives."""
    behind = rules_behind(rulebook, privilege=privilege, template=template)
    return tuple(text for rule in behind for text in effects_in_words(rule, rulebook, language=language, year=year))


def effects_in_words(rule: Rule, rulebook: Rulebook, *, language: Language, year: int) -> list[str]:
    """Tell what a rule gives the buyer."""
    told = (effect for effect in rule.effects if gives_the_buyer(effect))
    return [explain_effect(effect, rulebook=rulebook, language=language, year=year) for effect in told]
