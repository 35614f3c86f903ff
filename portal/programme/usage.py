"""How much of a capped rule a receipt used (domain.md §3.1, Cap)."""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache

from portal.receipts.operations import UsageChange
from portal.receipts.queries import Usage
from portal.rulebook.document import Rule, Rulebook
from portal.rulebook.outcome import Outcome


def usage_changes(
    rulebook: Rulebook, outcome: Outcome, *, member_id: str | None, day: date, seen: Iterable[Usage]
) -> tuple[UsageChange, ...]:
    """Return what a receipt adds to the use of the rules whose caps look beyond one receipt.

    A rule was used when it gave points, took money off or opened something. `seen` is the use that was read before.
    """
    capped = _capped(rulebook)
    if not capped:
        return ()
    turns = {(each.rule, each.scope): each.turns for each in seen}
    points, minor, did = _given(outcome)
    return tuple(
        UsageChange(
            member_id=owner,
            day=when,
            rule=rule.id,
            points=points.get(rule.id, 0),
            minor=minor.get(rule.id, 0),
            uses=1,
            seen=turns.get((rule.id, scope), 0),
        )
        for rule in capped
        if rule.id in did
        for scope, owner, when in _kept(rule, member_id, day)
    )


@lru_cache(maxsize=64)
def _capped(rulebook: Rulebook) -> tuple[Rule, ...]:
    """Return the rules whose caps look beyond one receipt."""
    return tuple(rule for rule in rulebook.rules if any(cap.scope != "receipt" for cap in rule.caps))


def _kept(rule: Rule, member_id: str | None, day: date) -> Iterator[tuple[str, str, str]]:
    """Give (scope, member, day) for each sum that the rule's caps look at."""
    places = {
        "member_day": (member_id, day.isoformat()),
        "member_total": (member_id, ""),
        "rule_total": ("", ""),
    }
    for scope in sorted({cap.scope for cap in rule.caps} & set(places)):
        owner, when = places[scope]
        if owner is not None:
            yield scope, owner, when


def _given(outcome: Outcome) -> tuple[dict[str, int], dict[str, int], set[str]]:
    points: dict[str, int] = {}
    minor: dict[str, int] = {}
    for grant in outcome.grants:
        points[grant.rule] = points.get(grant.rule, 0) + grant.points
    for discount in outcome.discounts:
        minor[discount.rule] = minor.get(discount.rule, 0) + discount.amount
    opened = {each.rule for each in (*outcome.unlocked, *outcome.coupons, *outcome.gifts)}
    return points, minor, {*points, *minor, *opened}
