import time

import pytest

from portal.wishes.words import NoWords, folded, read_words


def test_words_are_kept_on_one_line():
    assert read_words("  Beard \n oil ") == "Beard oil"


@pytest.mark.parametrize("typed", ["", "  ", "...", "x" * 81, "oil\x00", "oil\u202e"])
def test_what_is_no_words_is_refused(typed: str):
    with pytest.raises(NoWords):
        read_words(typed)


def test_a_long_text_takes_no_time_to_refuse():
    began = time.process_time()
    with pytest.raises(NoWords):
        read_words("a" + "\u0300\u0327" * 60_000)
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("Beard oil", "beard  OIL!"), ("Ёлка, 5 л", "елка 5 л"), ("Crème «Nuit»", "crème nuit"), ("５ l", "5 L")],
)
def test_wishes_for_one_thing_are_folded_alike(one: str, other: str):
    assert folded(one) == folded(other)
    assert folded(one) != folded("Beard balm")
