"""Russian is set as Russian is: dashes and short words do not hang, figures keep their words, plurals are three."""

from fractions import Fraction

import pytest

from portal.rulebook.explain.reason_words import REASONS
from portal.rulebook.explain.words import WORDS
from portal.web.language import NBSP, catalogue, typeset
from portal.web.speaker import speaker


@pytest.mark.parametrize(
    ("written", "tied"),
    [
        ("Балл – это рубль", f"Балл{NBSP}– это рубль"),
        ("Деньги в кассе и на карте", f"Деньги в{NBSP}кассе и{NBSP}на карте"),
        ("С каждой покупки", f"С{NBSP}каждой покупки"),
        ("Вклад %(share)s к %(day)s", f"Вклад %(share)s к{NBSP}%(day)s"),
        ("С. Иванов", "С. Иванов"),
        ("Чья-то карта", "Чья-то карта"),
    ],
)
def test_short_words_and_dashes_do_not_hang(written: str, tied: str) -> None:
    assert typeset(written) == tied


def test_no_russian_sentence_begins_a_line_with_a_dash() -> None:
    sentences = [text for text in catalogue("ru")._catalog.values() if isinstance(text, str)]  # type: ignore[attr-defined]
    assert len(sentences) > 300
    sentences += [phrase.ru for phrase in (WORDS | REASONS).values()]
    assert [text for text in sentences if " – " in text and f"{NBSP}– " not in text] == []
    assert [text for text in sentences if "—" in text] == []


@pytest.mark.parametrize(
    ("points", "russian", "english"),
    [
        (0, "0 баллов", "0 points"),
        (1, "1 балл", "1 point"),
        (3, "3 балла", "3 points"),
        (11, "11 баллов", "11 points"),
        (12, "12 баллов", "12 points"),
        (21, "21 балл", "21 points"),
        (102, "102 балла", "102 points"),
        (1111, "1 111 баллов", "1,111 points"),
        (-2, "−2 балла", "−2 points"),
    ],
)
def test_points_are_counted_as_each_language_counts(points: int, russian: str, english: str) -> None:
    assert speaker("ru").points(points) == russian.replace(" ", NBSP)
    assert speaker("en").points(points) == english.replace(" ", NBSP)


@pytest.mark.parametrize(
    ("quantity", "written"),
    [("1", "Сыр"), ("2", "Сыр_×_2"), ("7/20", "Сыр_×_0,35"), ("1200", "Сыр_×_1_200")],
)
def test_how_many_of_it_is_a_figure_that_stays_with_its_name(quantity: str, written: str) -> None:
    assert speaker("ru").times("Сыр", Fraction(quantity)) == written.replace("_", NBSP)
