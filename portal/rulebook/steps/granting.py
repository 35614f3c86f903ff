"""From exact points to grants: rounding once, caps, spreading over lines, dates (domain.md §1.3, decision R1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from portal.money import Rounding, rounded_ratio
from portal.rulebook.amounts import allocate
from portal.rulebook.compiled import CompiledRule, CompiledRulebook
from portal.rulebook.effects.base import Beneficiary, Earning
from portal.rulebook.lifetime import Lifetime
from portal.rulebook.outcome import Grant, How
from portal.rulebook.situation import Situation
from portal.rulebook.steps.capping import tightest
from portal.rulebook.steps.trace import Trace, title_of


@dataclass(slots=True)
class Draft:
    """What a rule gives one beneficiary into one wallet on the same terms, exactly over `scale`.

    `total` is the exact value over `scale`, `desired` the rounded one, `points` what caps leave of it; `settle` fills
    all three.
    """

    rule: CompiledRule
    to: str
    beneficiary: Beneficiary
    wallet: str
    lifetime: Lifetime
    scale: int
    earning: Earning
    how: How
    rate_bp: int | None = None
    factor_bp: int | None = None
    multiplies: tuple[str, ...] = ()
    total: int = 0
    desired: int = 0
    points: int = 0
    capped_by: str | None = None


def settle(
    rule: CompiledRule, drafts: Sequence[Draft], situation: Situation, *, rounding: Rounding, before: int = 0
) -> int:
    """Round a rule's drafts and cut them by its caps, in order; return the points they come to together.

    `before` is what the rule has granted on this receipt already.
    """
    cap = tightest(rule.points_caps, unit="points", rule=rule, situation=situation)
    given = 0
    for draft in drafts:
        draft.total = sum(draft.earning.lines.values()) + draft.earning.fixed
        draft.points = draft.desired = rounded_ratio(draft.total, draft.scale, rounding)
        if cap and before + given + draft.desired > cap[0]:
            draft.points, draft.capped_by = max(0, cap[0] - before - given), cap[1]
        given += draft.points
    return given


def grant(book: CompiledRulebook, drafts: Sequence[Draft], situation: Situation, trace: Trace) -> None:
    """Turn a rule's settled drafts into grants; a draft that a cap cut to nothing becomes a reason."""
    sources = {each.source for each in trace.grants}
    for draft in drafts:
        if draft.points:
            trace.grants.append(_grant(book, draft, situation, source=_source(draft, sources)))
            trace.worked.add(draft.rule.id)
        elif draft.desired:
            trace.skip(draft.rule, f"cap:{draft.capped_by}", {"unit": "points", "desired": draft.desired})


def _source(draft: Draft, taken: set[str]) -> str:
    """Return "base5" for the member's grant, "base5@referrer" for another's, with "#2" for a second on other terms."""
    name = draft.rule.id if draft.beneficiary == "member" else f"{draft.rule.id}@{draft.beneficiary}"
    source, number = name, 1
    while source in taken:
        number += 1
        source = f"{name}#{number}"
    taken.add(source)
    return source


def _grant(book: CompiledRulebook, draft: Draft, situation: Situation, *, source: str) -> Grant:
    earning, lines = draft.earning, situation.bill.lines
    parts = allocate(draft.points, [*earning.lines.values(), earning.fixed])
    dates = draft.lifetime.dates(situation.day)
    return Grant(
        source=source,
        rule=draft.rule.id,
        title=title_of(draft.rule),
        to=draft.to,
        beneficiary=draft.beneficiary,
        wallet=draft.wallet,
        points=draft.points,
        lines={lines[i].n: part for i, part in zip(earning.lines, parts, strict=False) if part},
        fixed=parts[-1],
        exact=Fraction(draft.total, draft.scale),
        rounding=book.rounding,
        desired=draft.desired,
        how=draft.how,
        capped_by=draft.capped_by,
        base={lines[i].n: amount for i, amount in earning.base.items()},
        rate_bp=draft.rate_bp,
        factor_bp=draft.factor_bp,
        multiplies=draft.multiplies,
        release_at=dates.release_at,
        last_valid_day=dates.last_valid_day,
        expires_at=dates.expires_at,
    )
