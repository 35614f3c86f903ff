"""Figures and phrases as people read them, without a library: a text costs microseconds.

A no-break space keeps a figure and its unit together; a minus is a real one; points are never written as money.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import lru_cache
from zoneinfo import ZoneInfo

from portal.money import CURRENCIES
from portal.rulebook.explain.reason_words import REASONS
from portal.rulebook.explain.words import MONTHS, NOUNS, SYMBOLS, WEEKDAYS, WORDS, Language, Phrase
from portal.rulebook.moments import in_zone
from portal.rulebook.values import Title, title_in

NBSP = "\u00a0"
MINUS = "\u2212"
ABOUT = "≈\u00a0"
_MARKS: dict[Language, tuple[str, str]] = {"ru": (NBSP, ","), "en": (",", ".")}
_PLACES = 6
_MOMENT = timedelta(microseconds=1)
_PHRASES: dict[str, Phrase] = WORDS | REASONS
_SAID: dict[Language, dict[str, str]] = {
    "ru": {key: phrase.ru for key, phrase in _PHRASES.items()},
    "en": {key: phrase.en for key, phrase in _PHRASES.items()},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """Speaks one language, in the rulebook's currency and zone; days of `year` are told without their year."""

    language: Language
    currency: str
    year: int
    zone: ZoneInfo

    def say(self, key: str, **slots: object) -> str:
        """Return the phrase of this key with its slots filled; an abbreviation at its end takes no second dot."""
        phrase = _SAID[self.language][key]
        return phrase.format(**slots).replace("..", ".") if slots else phrase

    def title(self, title: Title) -> str:
        """Return a rulebook's title in this language, else in the first it was written in."""
        return title_in(title, self.language)

    def quoted(self, title: Title) -> str:
        return self.say("quoted", title=self.title(title))

    def number(self, value: int | Fraction) -> str:
        """Write `1 234`, `12,5` or `1,234`, `12.5`; what has no end after six decimals is cut and begins with `≈`."""
        if isinstance(value, int):
            return f"{MINUS}{self._grouped(-value)}" if value < 0 else self._grouped(value)
        whole, rest = divmod(abs(value.numerator), value.denominator)
        text = (MINUS if value.numerator < 0 else "") + self._grouped(whole)
        if not rest:
            return text
        decimals, cut = divmod(rest * 10**_PLACES, value.denominator)
        return f"{ABOUT if cut else ''}{text}{_MARKS[self.language][1]}{f'{decimals:0{_PLACES}}'.rstrip('0')}"

    def counted(self, noun: str, value: int | Fraction) -> str:
        """Write a number with its noun: `12 баллов`, `21 балл`, `12,5 балла`, `1 point`."""
        return f"{self.number(value)}{NBSP}{self._form(noun, value)}"

    def points(self, value: int | Fraction) -> str:
        return self.counted("points", value)

    def units(self, value: int | Fraction) -> str:
        """Write a quantity of goods: `3 шт.`, `3 pcs`."""
        return self.counted("pieces", value)

    def percent(self, basis_points: int) -> str:
        """Write `2,5 %` in Russian, `2.5%` in English."""
        return _percent(self, basis_points)

    def factor(self, basis_points: int) -> str:
        """Write `×2`, `×1,5`."""
        return "×" + self.number(Fraction(basis_points, 10_000))

    def money(self, minor: int) -> str:
        """Write minor units with all their decimals: `1 234,50 ₽`, `€1,234.50`, `RUB 1,234.50`."""
        exponent = CURRENCIES[self.currency].exponent
        whole, rest = divmod(abs(minor), 10**exponent)
        figure = self._grouped(whole) + (f"{_MARKS[self.language][1]}{rest:0{exponent}}" if exponent else "")
        sign, symbol = MINUS if minor < 0 else "", SYMBOLS[self.language].get(self.currency, self.currency)
        if self.language == "ru":
            return f"{sign}{figure}{NBSP}{symbol}"
        return f"{sign}{symbol}{NBSP if symbol[-1].isalpha() else ''}{figure}"

    def day(self, value: date) -> str:
        """Write `14 сентября`, `14 September`, with the year when it is another one; an instant is a day here."""
        if isinstance(value, datetime):
            value = in_zone(value, self.zone)
        ending = f"{NBSP}{value.year}" if value.year != self.year else ""
        return f"{value.day}{NBSP}{MONTHS[self.language][value.month - 1]}{ending}"

    def moment(self, at: datetime) -> str:
        """Write a day and time of the zone: `4 марта, 12:00`; a time without offset is of the zone already."""
        here = in_zone(at, self.zone)
        return f"{self.day(here)}, {here:%H:%M}"

    def last_day(self, until: datetime) -> str:
        """Write the last day before an instant: what ends at midnight lasts through the day before."""
        return self.day(in_zone(until, self.zone) - _MOMENT)

    def weekdays(self, numbers: Sequence[int]) -> str:
        """Write ISO weekdays in the plural: `по пятницам`, `on Fridays and Saturdays`."""
        return self.say("on_days", days=self.listed([WEEKDAYS[self.language][n - 1] for n in sorted(numbers)]))

    def listed(self, names: Sequence[str], *, joint: str = "and") -> str:
        """Join names as a sentence does: `a`, `a and b`, `a, b and c`."""
        if len(names) < 2:
            return "".join(names)
        return f"{', '.join(names[:-1])} {self.say(joint)} {names[-1]}"

    def less(self, scope: str, *, desired: str, given: str) -> str:
        """Say that a cap left less than a rule wanted to give."""
        return self.say(f"less_{scope}", desired=desired, given=given)

    def _form(self, noun: str, count: int | Fraction) -> str:
        forms = NOUNS[noun]
        if self.language == "en":
            return forms.en[0 if count == 1 else 1]
        return forms.ru[1] if count.denominator > 1 else forms.ru[_russian_form(int(abs(count)))]

    def _grouped(self, whole: int) -> str:
        return f"{whole:,}".replace(",", _MARKS[self.language][0])


@lru_cache(maxsize=256)
def _percent(voice: Voice, basis_points: int) -> str:
    """Write a rate once: a programme has few, and a fraction costs as much as a sentence."""
    return voice.number(Fraction(basis_points, 100)) + (f"{NBSP}%" if voice.language == "ru" else "%")


def _russian_form(count: int) -> int:
    """11–14 take the last form, else the last digit decides (domain.md §12)."""
    last = count % 10
    if not 1 <= last <= 4 or 11 <= count % 100 <= 14:
        return 2
    return 0 if last == 1 else 1


def capital(sentence: str) -> str:
    """Return the sentence beginning with a capital letter."""
    return sentence[:1].upper() + sentence[1:]
