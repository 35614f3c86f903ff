"""The first page: what the programme gives, drawn from the rulebook in force, with a receipt that really adds up."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response

from portal.programme.rulebooks import NoRulebook, rulebook_in_force
from portal.rulebook.document import Rule, Rulebook
from portal.rulebook.evaluate import evaluate
from portal.rulebook.explain import Language, Sale, explain_effect, explain_receipt
from portal.rulebook.member_state import MemberState
from portal.rulebook.points import POINTS
from portal.rulebook.receipt import Line, Receipt
from portal.rulebook.validity import lot_dates
from portal.web.addresses import see_other
from portal.web.ahead import leads_on
from portal.web.guards import public
from portal.web.instant import now
from portal.web.language import current_language
from portal.web.render import page
from portal.web.sessions import member_or_none
from portal.web.speaker import speaking, stand_by
from portal.web.transactions import session

blueprint = Blueprint("landing", __name__)

EXAMPLE_POINTS = 2000  # the example basket is worth as much money as this many points
MOST_BENEFITS = 3
EARNING = ("accrue_percent", "accrue_fixed", "accrue_per_unit")


@dataclass(frozen=True, slots=True)
class Benefit:
    """A line of the landing page."""

    icon: str
    words: str


@dataclass(frozen=True, slots=True)
class ExampleGrant:
    title: str
    points: int
    text: str


@dataclass(frozen=True, slots=True)
class Example:
    """A basket of today and what it would bring somebody who joins now."""

    total: int
    grants: tuple[ExampleGrant, ...]
    points: int


@blueprint.get("/")
@public
def landing() -> Response:
    if member_or_none():
        return see_other("/home")
    try:
        rulebook = rulebook_in_force(session(), at=now())
    except NoRulebook:
        return leads_on(page("member/landing.html", benefits=(), example=None))
    stand_by(rulebook)
    language = current_language()
    benefits = tuple(benefits_of(rulebook, language=language, now=now()))[:MOST_BENEFITS]
    example = example_of(rulebook, language=language, now=now())
    return leads_on(page("member/landing.html", benefits=benefits, example=example))


def benefits_of(rulebook: Rulebook, *, language: Language, now: datetime) -> Iterator[Benefit]:
    """Yield what joining gives: earning, welcome points with their last day, what points pay for."""
    say = speaking()
    if earning := next(_earning(rulebook, now=now), None):
        what = explain_effect(earning.effects[0], rulebook=rulebook, language=language, year=now.year)
        yield Benefit("points", say.sentence("From every purchase: %(what)s.", what=what))
    if welcome := rulebook.welcome:
        dates = lot_dates(now, zone=rulebook.zone, pending_days=0, valid=welcome.valid)
        until = say.inclusive(dates.last_valid_day) if dates.last_valid_day else say.sentence("without an end")
        gift = say.points(welcome.points)
        yield Benefit("gift", say.sentence("%(points)s for joining today, %(until)s.", points=gift, until=until))
    share = rulebook.redemption.max_share_bp
    worth = say.round_money(rulebook.worth)
    if share == 10_000:
        yield Benefit(
            "spend", say.sentence("A point is worth %(money)s: pay a whole purchase with points.", money=worth)
        )
    elif share:
        words = say.sentence(
            "A point is worth %(money)s: pay up to %(share)s of a purchase with points.",
            money=worth,
            share=say.percent(share),
        )
        yield Benefit("spend", words)


def example_of(rulebook: Rulebook, *, language: Language, now: datetime) -> Example | None:
    """Work out a plain basket by the rules themselves; nothing when it would bring nothing."""
    total = EXAMPLE_POINTS * rulebook.worth
    receipt = Receipt(at=now.astimezone(rulebook.zone), lines=(Line(n=1, gross=total),))
    outcome = evaluate(rulebook, MemberState(id="you"), receipt)
    told = explain_receipt(Sale(rulebook=rulebook, receipt=receipt, outcome=outcome), language=language)
    grants = tuple(
        ExampleGrant(words.title, grant.points, words.text)
        for grant, words in zip(outcome.grants, told.grants, strict=True)
        if grant.to == "you" and grant.wallet == POINTS
    )
    brought = sum(grant.points for grant in grants)
    return Example(total=total, grants=grants, points=brought) if brought else None


def _earning(rulebook: Rulebook, *, now: datetime) -> Iterator[Rule]:
    """Yield the rules in force that give points for everything to everybody, the base rule first."""
    for rule in sorted(rulebook.rules_at(now), key=lambda rule: (rule.priority, rule.id)):
        if rule.visible and rule.when.type == "always" and rule.effects[0].type in EARNING:
            yield rule
