"""Everything that is written for people, in one language: sentences, figures, days. Templates get it as filters.

A speaker is made once for each language; what a shop's clock and currency decide is asked when it is written.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal
from fractions import Fraction
from functools import cache

from babel.support import NullTranslations
from markupsafe import Markup

from portal.config import Language
from portal.programme.rulebooks import rulebook_in_force
from portal.rulebook.document import Rulebook
from portal.rulebook.values import quantity_text
from portal.web import formats
from portal.web.here import noted
from portal.web.instant import now
from portal.web.language import catalogue, current_language
from portal.web.transactions import session


@dataclass(frozen=True, slots=True)
class Place:
    """Where the shop stands: its clock, its day at the moment and its money."""

    zone: tzinfo
    today: date
    currency: str


def stand_by(rulebook: Rulebook) -> Place:
    """Write the values of this request on the clock and in the money of this rulebook's shop."""
    noted().place = place = Place(rulebook.zone, now().astimezone(rulebook.zone).date(), rulebook.currency)
    return place


def _place() -> Place:
    """Return where the shop stands; a page that has its rulebook at hand said so, for another it is read."""
    place: Place | None = noted().get("place")
    return place or stand_by(rulebook_in_force(session(), at=now()))


@dataclass(frozen=True, slots=True)
class Speaker:
    """Writes in a language. A slot that is markup makes its sentence markup, the other slots are escaped then."""

    language: Language
    words: NullTranslations

    def sentence(self, message: str, **slots: object) -> str:
        return filled(self.words.ugettext(message), slots)

    def counted_sentence(self, one: str, many: str, count: int, **slots: object) -> str:
        """Translate with the plural form of the count."""
        return filled(self.words.ungettext(one, many, count), slots)

    def number(self, value: int) -> str:
        return formats.number(value, language=self.language)

    def signed(self, value: int) -> str:
        return formats.signed(value, language=self.language)

    def points(self, value: int) -> str:
        """`21 балл`, `1 point`: the figure and its word do not part."""
        return self.number(value) + formats.NBSP + self.points_word(value)

    def times(self, name: str, quantity: Fraction) -> str:
        """Write `Soap × 2`, `Сыр × 0,35`: the figure stays with the name's last word, and one is not told."""
        if quantity == 1:
            return name
        count = formats.number(Decimal(quantity_text(quantity)), language=self.language)
        return f"{name}{formats.NBSP}×{formats.NBSP}{count}"

    def points_word(self, value: int) -> str:
        return self.words.ungettext("point", "points", abs(value))

    def money(self, minor: int) -> str:
        return formats.money(minor, currency=_place().currency, language=self.language)

    def round_money(self, minor: int) -> str:
        return formats.round_money(minor, currency=_place().currency, language=self.language)

    def percent(self, basis_points: int) -> str:
        return formats.percent(basis_points, language=self.language)

    def day(self, value: date | datetime) -> str:
        """Write a day of the shop; an instant is the day it falls on there."""
        if isinstance(value, datetime):
            value = self.date_of(value)
        return formats.day(value, today=_place().today, language=self.language)

    def date_of(self, at: datetime) -> date:
        """Return the day of the shop that an instant falls on."""
        return at.astimezone(_place().zone).date()

    def day_of_year(self, value: date) -> str:
        """Write a day that comes every year, without one."""
        return formats.day(value, today=value, language=self.language)

    def moment(self, at: datetime) -> str:
        place = _place()
        return formats.moment(at, zone=place.zone, today=place.today, language=self.language)

    def time_of_day(self, at: datetime) -> str:
        """Write a time on the shop's clock, of an instant that is near: `14:35`."""
        return f"{at.astimezone(_place().zone):%H:%M}"

    def inclusive(self, value: date) -> str:
        """Say the last day on which something holds, so that nobody asks which day is meant."""
        return self.sentence("until %(day)s inclusive", day=self.day(value))

    def filters(self) -> dict[str, Callable[..., str]]:
        """Return what templates use by these names."""
        names = "number signed points points_word money round_money percent".split()
        names += "day day_of_year moment time_of_day inclusive".split()
        return {name: getattr(self, name) for name in names} | {
            "grouped": formats.grouped,
            "in_fives": formats.in_fives,
            "in_fours": formats.in_fours,
            "translated": self.words.ugettext,
        }


def filled(text: str, slots: dict[str, object]) -> str:
    """Fill `%(name)s` slots; a sentence of ours is safe, so one markup among them makes it markup."""
    if not slots:
        return text
    return Markup(text) % slots if any(isinstance(slot, Markup) for slot in slots.values()) else text % slots  # noqa: S704


@cache
def speaker(language: Language) -> Speaker:
    return Speaker(language, catalogue(language))


def speaking() -> Speaker:
    """Return the speaker of the page's language."""
    return speaker(current_language())
