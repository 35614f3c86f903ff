"""Rules that no receipt of the last 90 days would match."""

from collections.abc import Iterator

from portal.rulebook.conditions import CONDITIONS
from portal.rulebook.document import Rulebook
from portal.rulebook.evaluate import evaluate
from portal.rulebook.linter.facts import ShopFacts
from portal.rulebook.linter.findings import Finding, kind_name, warning

_NOT_MATCHED = {kind_name(kind) for kind in CONDITIONS}


def unused_rules(rulebook: Rulebook, facts: ShopFacts) -> Iterator[Finding]:
    """Judge every receipt of the facts until each rule has matched one."""
    unused, judged = {rule.id for rule in rulebook.rules}, 0
    for receipt, state in facts.receipts:
        outcome = evaluate(rulebook, state, receipt)
        unused &= {each.rule for each in outcome.skipped if each.reason.partition(":")[0] in _NOT_MATCHED}
        judged += 1
        if not unused:
            return
    for rule in sorted(unused) if judged else ():
        yield warning(f"rules.{rule}", "unmatched", f"None of the last {judged} receipts would match this rule.")


CHECKS = (unused_rules,)
