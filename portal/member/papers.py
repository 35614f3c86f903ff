"""Plain words about the programme and people's data: the rules as the rulebook has them, nothing in small print."""

from dataclasses import dataclass

from flask import Blueprint, Response

from portal.programme.rulebooks import NoRulebook, rulebook_in_force
from portal.rulebook.document import Rule, Rulebook
from portal.rulebook.explain import Language, explain_effect
from portal.rulebook.explain.voice import Voice, capital
from portal.rulebook.points import POINTS
from portal.rulebook.validity import Validity
from portal.web.guards import public
from portal.web.instant import now
from portal.web.language import current_language
from portal.web.render import page
from portal.web.speaker import speaking, stand_by
from portal.web.transactions import session

blueprint = Blueprint("papers", __name__)


@dataclass(frozen=True, slots=True)
class RuleTold:
    """A rule that members may know of: its name and what it does."""

    title: str
    does: tuple[str, ...]


@blueprint.get("/terms")
@public
def terms() -> Response:
    try:
        rulebook = rulebook_in_force(session(), at=now())
    except NoRulebook:
        return page("member/terms.html", rulebook=None, rules=(), lasts=None, wallet=None)
    stand_by(rulebook)
    wallet = rulebook.wallet(POINTS)
    rules = rules_told(rulebook, language=current_language())
    return page("member/terms.html", rulebook=rulebook, rules=rules, wallet=wallet, lasts=lasts(wallet.valid))


@blueprint.get("/privacy")
@public
def privacy() -> Response:
    return page("member/privacy.html")


def rules_told(rulebook: Rulebook, *, language: Language) -> tuple[RuleTold, ...]:
    """Tell the visible rules that are not over yet, in the order they work."""
    voice = Voice(language=language, currency=rulebook.currency, year=now().year, zone=rulebook.zone)
    standing = [rule for rule in rulebook.rules if rule.visible and (rule.until is None or now() < rule.until)]
    return tuple(
        RuleTold(voice.title(rule.title) or rule.id, _does(rule, rulebook=rulebook, language=language))
        for rule in sorted(standing, key=lambda rule: (rule.priority, rule.id))
    )


def lasts(valid: Validity | None) -> str | None:
    """Say how long points live after they became available; nothing when they live for ever."""
    say = speaking()
    if valid is None:
        return None
    if valid.type == "days":
        return say.counted_sentence("%(num)s day", "%(num)s days", valid.n, num=valid.n)
    return say.counted_sentence("%(num)s month", "%(num)s months", valid.n, num=valid.n)


def _does(rule: Rule, *, rulebook: Rulebook, language: Language) -> tuple[str, ...]:
    year = now().year
    return tuple(
        capital(explain_effect(effect, rulebook=rulebook, language=language, year=year)) for effect in rule.effects
    )
