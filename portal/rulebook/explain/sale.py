"""What a text is told from: a receipt, what it came to, and the rulebook it was judged by."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

from portal.rulebook.document import Named, Rule, Rulebook
from portal.rulebook.explain.voice import Voice, capital
from portal.rulebook.explain.words import Language
from portal.rulebook.moments import in_zone
from portal.rulebook.outcome import Outcome
from portal.rulebook.receipt import Line, Receipt
from portal.rulebook.values import Title

_MOST_NAMES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """A judged receipt. The three are stored together, so a text can be told again in any language at any time."""

    rulebook: Rulebook
    receipt: Receipt
    outcome: Outcome

    def voice(self, language: Language) -> Voice:
        """Return the voice in which days of the receipt's own year need no year."""
        zone = self.rulebook.zone
        return _voice(language, self.rulebook.currency, in_zone(self.receipt.at, zone).year, zone)

    def rule(self, rule_id: str) -> Rule | None:
        return self.rulebook.rules_by_id.get(rule_id)

    def title(self, rule_id: str) -> Title:
        """Return what members call a rule, its id when it has no title."""
        rule = self.rule(rule_id)
        return rule.title if rule and rule.title else rule_id

    def line_names(self, numbers: Sequence[int], *, voice: Voice) -> str:
        """Name the lines of these numbers as `named_lines` does."""
        lines = {line.n: line for line in self.receipt.lines}
        return named_lines([lines[n] for n in numbers], voice=voice)


@lru_cache(maxsize=64)
def _voice(language: Language, currency: str, year: int, zone: ZoneInfo) -> Voice:
    return Voice(language=language, currency=currency, year=year, zone=zone)


def named_lines(lines: Sequence[Line], *, voice: Voice) -> str:
    """Name lines as a sentence does, at most three of them: `Milk, bread, cheese and 4 more`."""
    names = [line.title or voice.say("line", n=line.n) for line in lines[:_MOST_NAMES]]
    left = len(lines) - len(names)
    return capital(voice.listed([*names, voice.say("others", count=left)] if left else names))


def named_title(named: Iterable[Named], name: str) -> Title:
    """Return what members call a privilege or a coupon, its id when it has no title."""
    return next((each.title for each in named if each.id == name and each.title), name)
