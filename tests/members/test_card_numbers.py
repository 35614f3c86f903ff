"""Card numbers and their check digit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.members.card_numbers import (
    WrongCardNumber,
    check_digit,
    grouped,
    new_card_number,
    read_card_number,
    read_digits,
)
from portal.members.contacts import WrongPhone, read_phone

numbers = st.from_regex(r"\A[125][0-9]{8}\Z").map(lambda body: body + check_digit(body))


def test_the_check_digit_is_damms():
    assert check_digit("572") == "4"
    assert check_digit("5724") == "0"


@given(numbers, st.integers(0, 9), st.integers(1, 9))
def test_every_single_slip_is_found(number, place, off_by):
    digit = (int(number[place]) + off_by) % 10
    with pytest.raises(WrongCardNumber):
        read_card_number(number[:place] + str(digit) + number[place + 1 :])


@given(numbers, st.integers(0, 8))
def test_every_swap_of_neighbours_is_found(number, place):
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    if swapped != number:
        with pytest.raises(WrongCardNumber):
            read_card_number(swapped)


@pytest.mark.parametrize("typed", ["{}", " {} ", "{:.4}-", "\u2013{}"])
def test_a_number_is_read_with_spaces_dashes_and_any_scripts_digits(typed):
    number = "1000000004"[:9] + check_digit("100000000")
    assert read_card_number(typed.format(number) if "." not in typed else grouped(number)) == number
    assert read_card_number("".join(chr(0x0660 + int(digit)) for digit in number)) == number


@pytest.mark.parametrize("typed", ["", "1", "12345678901", "letters", "12345 67x", "²³" * 5])
def test_what_is_no_card_number_is_refused(typed):
    with pytest.raises(WrongCardNumber):
        read_card_number(typed)


def test_a_number_is_grouped_in_fours():
    assert grouped("1234567890") == "1234 5678 90"


def test_a_new_number_is_right_and_never_a_russian_phone():
    for _ in range(200):
        number = new_card_number()
        assert read_card_number(number) == number
        with pytest.raises(WrongPhone):
            read_phone(number)


def test_a_text_with_anything_but_digits_has_no_digits():
    assert read_digits("12-34 5") == "12345"
    assert not read_digits("12a")
