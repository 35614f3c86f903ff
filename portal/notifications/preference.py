"""What a member wants to hear about, where, how often and when not."""

from dataclasses import dataclass
from datetime import time, timedelta
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from portal.errors import Refused
from portal.notifications.budget import Policy
from portal.notifications.kinds import Kind
from portal.notifications.quiet import QuietHours
from portal.notifications.topics import CHOSEN

Letters: TypeAlias = Literal["all", "important", "none"]
LETTERS: tuple[Letters, ...] = ("all", "important", "none")
MOST_IN_A_WEEK = 7
GAP = timedelta(hours=24)
NIGHT = QuietHours(time(21), time(9))


class UnknownTopic(Refused):
    code = "unknown-topic"
    text = "There is no such topic to switch."


class UnknownLetters(Refused):
    code = "unknown-letters"
    text = "Choose which letters to get."


class WrongLimit(Refused):
    code = "wrong-limit"
    text = "Choose from 0 to %(most)s messages a week."


class NoQuietHours(Refused):
    code = "no-quiet-hours"
    text = "Quiet hours end at another time than they begin."


@dataclass(frozen=True, slots=True, kw_only=True)
class Preference:
    """The choices of a member; the defaults are those of who chose nothing (domain.md §9.2).

    `silenced` topics stay in the inbox alone. `letters` of e-mail: all, the important kinds, none; news always need
    consent besides.
    """

    silenced: frozenset[str] = frozenset()
    push: bool = True
    letters: Letters = "important"
    most_in_a_week: int = 2
    quiet: QuietHours | None = NIGHT

    def check(self) -> None:
        """Raise `UnknownTopic`, `UnknownLetters`, `WrongLimit` or `NoQuietHours` for what nobody can choose."""
        if not self.silenced <= {topic.name for topic in CHOSEN}:
            raise UnknownTopic
        if self.letters not in LETTERS:
            raise UnknownLetters
        if not 0 <= self.most_in_a_week <= MOST_IN_A_WEEK:
            raise WrongLimit(most=MOST_IN_A_WEEK)
        if self.quiet is not None and self.quiet.start == self.quiet.end:
            raise NoQuietHours

    def wants(self, kind: Kind) -> bool:
        """Tell whether a kind may leave the inbox at all."""
        return kind.topic.always or kind.topic.name not in self.silenced

    def wants_push(self, kind: Kind) -> bool:
        return kind.topic.always or self.push

    def wants_letter(self, kind: Kind) -> bool:
        return kind.topic.always or self.letters == "all" or (self.letters == "important" and kind.important)

    def policy(self, *, zone: ZoneInfo, consents: frozenset[str]) -> Policy:
        """Return the budget of marketing."""
        return Policy(zone=zone, consents=consents, quiet=self.quiet, most_in_a_week=self.most_in_a_week, gap=GAP)
