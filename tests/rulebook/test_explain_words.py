"""Words, numbers and days as the texts write them."""

from datetime import UTC, date, datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from portal.money import CURRENCIES
from portal.rulebook.effects import EFFECTS
from portal.rulebook.examples import example
from portal.rulebook.explain import explain_effect
from portal.rulebook.explain.effects import EFFECT_SLOTS
from portal.rulebook.explain.reason_words import REASONS
from portal.rulebook.explain.reasons import reason_text
from portal.rulebook.explain.voice import Voice
from portal.rulebook.explain.words import LANGUAGES, NOUNS, WORDS
from portal.rulebook.linter.findings import kind_name
from portal.web import formats
from tests.rulebook.explaining import EN, RU, sale, texts, told


def test_every_effect_has_its_words() -> None:
    kinds = {kind_name(kind) for kind in EFFECTS}
    assert set(EFFECT_SLOTS) == kinds
    assert kinds <= set(WORDS)
    rulebook = example("shop")
    for rule in rulebook.rules:
        for effect in rule.effects:
            said = [explain_effect(effect, rulebook=rulebook, language=each, year=2026) for each in LANGUAGES]
            assert len(set(said)) == len(LANGUAGES)
            assert "{" not in "".join(said)


def test_every_phrase_stands_in_both_languages_with_the_same_slots() -> None:
    def slots(text: str) -> set[str]:
        return {part.partition("}")[0] for part in text.split("{")[1:]}

    for key, phrase in {**WORDS, **REASONS}.items():
        assert slots(phrase.ru) == slots(phrase.en), key
        assert bool(phrase.ru) == bool(phrase.en), key
    assert all(len(noun.ru) == 3 and len(noun.en) == 2 for noun in NOUNS.values())


def test_points_are_never_called_roubles() -> None:
    words = [text for phrase in [*WORDS.values(), *REASONS.values()] for text in phrase]
    assert not [text for text in words if "рубл" in text.lower() or "₽" in text]


@pytest.mark.parametrize(
    ("count", "written"),
    [
        (0, "0 баллов"),
        (1, "1 балл"),
        (2, "2 балла"),
        (5, "5 баллов"),
        (11, "11 баллов"),
        (21, "21 балл"),
        (1012, "1 012 баллов"),
    ],
)
def test_russian_points_take_the_right_form(count: int, written: str) -> None:
    assert told(RU.points(count)) == written


def test_figures_are_written_as_on_the_pages() -> None:
    for language in LANGUAGES:
        for currency in CURRENCIES:
            voice = Voice(language=language, currency=currency, year=2026, zone=ZoneInfo("Europe/Moscow"))
            for minor in (0, 5, -5, 123450, -123456789):
                assert voice.money(minor) == formats.money(minor, currency=currency, language=language)
            for rate in (5, 250, 1000):
                assert voice.percent(rate) == formats.percent(rate, language=language)
            for value in (0, 12, 1234, 1234567, -1234):
                assert voice.number(value) == formats.number(value, language=language)


def test_fractions_end_or_say_that_they_do_not() -> None:
    assert RU.number(Fraction(25, 2)) == "12,5"
    assert EN.number(Fraction(1, 3)) == "≈\u00a00.333333"
    assert told(RU.points(Fraction(25, 2))) == "12,5 балла"


def test_a_figure_of_a_title_stays_with_its_unit() -> None:
    title = {"ru": "Базовые 5 % и 300 ₽", "en": "Base 5 %"}
    assert (RU.title(title), EN.title(title)) == ("Базовые 5\u00a0% и 300\u00a0₽", "Base 5\u00a0%")


def test_a_day_of_another_year_names_it() -> None:
    assert told(RU.day(date(2026, 9, 14))) == "14 сентября"
    assert told(EN.day(date(2027, 1, 2))) == "2 January 2027"


def test_instants_are_told_on_the_clock_of_the_shop() -> None:
    assert told(EN.moment(datetime(2026, 4, 3, 22, 30, tzinfo=UTC))) == "4 April, 01:30"
    assert told(EN.moment(datetime.fromisoformat("2026-04-03T22:30"))) == "3 April, 22:30"
    ended = reason_text("privilege", {"id": "a", "ended": "2026-04-03T21:00:00+00:00"}, voice=RU)
    assert told(ended) == "Привилегия действовала до 3 апреля включительно."
    eve = sale({"n": 1, "gross": 10000}, at="2025-12-31T22:00:00+00:00")
    assert "Доступны с 15 января," in texts(eve, "grants")["base5"]
